"""What stood in columns of incidents becomes parts of them: countries, tactics and actors, with their citations.

A part gets a reference that follows from its incident and its value, so that seed files can name it too.
"""

import hashlib

from django.db import migrations

from records.audit.triggers import follow
from records.models import ALPHABET

#: Of a citation of these columns: the column of the part that it is about now.
ORIGIN = {"origin": "country", "attribution": "attribution"}
LOCATION = {"location": "country"}
ACTOR = {"actor": "words", "actor_kind": "kind", "actor_confidence": "confidence"}


def reference(prefix, *of):
    """Return the reference of a part: `prefix` and eight characters that follow from what it is."""
    number = int.from_bytes(hashlib.sha256(" ".join(of).encode()).digest()[:5], "big")
    return f"{prefix}-" + "".join(ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))


def follow_what_changes(apps, schema_editor):
    """Let the trail of changes follow what comes; that of the new tables begins afterwards."""
    follow(schema_editor.connection, "cases.Citation")


def move(apps, schema_editor):
    for incident in apps.get_model("cases", "Incident").objects.select_related("actor_kind").order_by("pk"):
        move_countries(apps, incident)
        move_tactics(apps, incident)
        move_actor(apps, incident)


def move_countries(apps, incident):
    rows = apps.get_model("cases", "IncidentCountry").objects
    for part, country, fields, more in (
        ("origin", incident.origin_id, ORIGIN, {"attribution": incident.attribution or "unknown"}),
        ("location", incident.location_id, LOCATION, {}),
    ):
        row = None
        if country:
            ref = reference("ICO", incident.ref, part, country)
            row = rows.create(
                ref=ref, incident=incident, part=part, country_id=country, level=incident.level, **more
            )
        cite(apps, incident, fields, "incident_country", row)


def move_tactics(apps, incident):
    rows, Citation = apps.get_model("cases", "TacticUsed").objects, apps.get_model("cases", "Citation")
    used = [
        rows.create(
            ref=reference("TAC", incident.ref, tactic.pk), incident=incident, tactic=tactic, level=incident.level
        )
        for tactic in incident.tactics.order_by("position", "pk")
    ]
    # One statement could speak of several tactics; now each of them has a statement of its own.
    for citation in Citation.objects.filter(incident=incident, field="tactics") if used else ():
        for row in used[1:]:
            citation.pk, citation.ref, citation._state.adding = None, Citation._meta.get_field("ref").get_default(), True
            citation.incident, citation.tactic_used, citation.field = None, row, "tactic"
            citation.save()
    cite(apps, incident, {"tactics": "tactic"}, "tactic_used", used[0] if used else None)


def move_actor(apps, incident):
    kind = incident.actor_kind if incident.actor_kind_id != "unknown" else None
    row, words = None, incident.actor or (kind.label if kind else "")
    told = apps.get_model("cases", "Citation").objects.filter(incident=incident, field__in=ACTOR).exists()
    if not words and (told or incident.actor_confidence):
        words = "not named"  # something is said of whoever it was
    if words:  # that nobody knows who did it is said by there being no actor
        row = apps.get_model("cases", "Actor").objects.create(
            ref=reference("ATR", incident.ref),
            incident=incident,
            words=words,
            kind=incident.actor_kind,
            confidence=incident.actor_confidence,
            level=incident.level,
        )
    cite(apps, incident, ACTOR, "actor", row)


def cite(apps, incident, fields, link, row):
    """Let the citations of some columns be about the part; without one they stay with the incident, not preferred.

    Their reason says of which column they spoke: it was empty, whatever they stated.
    """
    for before, now in fields.items():
        citations = apps.get_model("cases", "Citation").objects.filter(incident=incident, field=before)
        if row is None:
            for citation in citations:
                reason = f"Spoke of the {before.replace('_', ' ')}, which was left empty. {citation.reason}".strip()
                citations.filter(pk=citation.pk).update(field="summary", preferred=False, reason=reason[:500])
        else:
            citations.update(incident=None, **{link: row}, field=now)


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_incident_parts")]

    operations = [
        migrations.RunPython(follow_what_changes),
        migrations.RunPython(move),
    ]
