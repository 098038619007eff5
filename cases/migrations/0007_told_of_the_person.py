"""What stood with incidents moves to the people in them, and removals tell apart what they left and where they led."""

from django.db import migrations
from django.db.models import F, Max, Min, OuterRef, Subquery

from records.audit.triggers import follow

REMOVALS = ("deportation", "extradition", "rendition")
PARTS = ("", "_earliest", "_latest", "_precision")


def follow_what_changes(apps, schema_editor):
    """Let the trail of changes follow what comes."""
    names = ("Involvement", "Stage", "Citation", "NoticeEvent", "CcfEvent")
    follow(schema_editor.connection, *(f"cases.{name}" for name in names))


def move_status(apps, schema_editor):
    """Give each subject the status of the incident, and the first of them what sources say of it."""
    Incident, Involvement, Citation = (apps.get_model("cases", name) for name in ("Incident", "Involvement", "Citation"))
    subjects = Involvement.objects.filter(role="subject")
    incident = Incident.objects.filter(pk=OuterRef("incident"))
    names = ("status", *(f"status_as_of{part}" for part in PARTS))
    subjects.update(**{name: Subquery(incident.values(name)[:1]) for name in names})
    cited = Citation.objects.filter(incident__isnull=False, field__in=("status", "status_as_of"))
    first = dict(subjects.order_by().values_list("incident").annotate(first=Min("pk")))
    for citation in cited.filter(incident__in=first):
        Citation.objects.filter(pk=citation.pk).update(incident=None, involvement=first[citation.incident_id])
    # Without a subject there is no case of which it could be said; that the incident was told of stays cited.
    cited.exclude(incident__in=first).update(field="title")


def tell_removals_apart(apps, schema_editor):
    """A removal whose country was the origin led there; it left the country where the incident took place."""
    Stage, Incident, Citation = (apps.get_model("cases", name) for name in ("Stage", "Incident", "Citation"))
    homeward = Stage.objects.filter(kind__in=REMOVALS, country=F("incident__origin"))
    keys = list(homeward.values_list("pk", flat=True))
    Citation.objects.filter(stage__in=keys, field="country").update(field="destination")
    host = Incident.objects.filter(pk=OuterRef("incident")).values("host")[:1]
    Stage.objects.filter(pk__in=keys).update(destination=F("country"))
    Stage.objects.filter(pk__in=keys).update(country=Subquery(host))


def count_tellings_from_one(apps, schema_editor):
    """Where steps of one telling began at 0, they begin at 1: 0 now says that a step has no place in the telling."""
    for model, parent in (("Stage", "involvement"), ("NoticeEvent", "notice"), ("CcfEvent", "request")):
        rows = apps.get_model("cases", model).objects
        told = rows.order_by().values(parent).annotate(first=Min("position"), last=Max("position"))
        from_zero = told.filter(first=0, last__gt=0).values_list(parent, flat=True)
        rows.filter(**{f"{parent}__in": list(from_zero)}).update(position=F("position") + 1)


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_three_tracks")]

    operations = [
        migrations.RunPython(follow_what_changes),
        migrations.RunPython(move_status),
        migrations.RunPython(tell_removals_apart),
        migrations.RunPython(count_tellings_from_one),
    ]
