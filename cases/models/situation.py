"""Where each case stands, as the engine said when something was written: worked out once, and read many times."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.db import connection, models
from django.db.models import F, Func

from cases.models.citation import Citation
from cases.models.incident import Incident, Involvement
from cases.models.incident_parts import IncidentCountry, TacticUsed
from cases.models.last_sign import is_spoken_of, moved_parts
from cases.models.person import Person
from cases.models.stage import Stage
from cases.vocabulary import Counted, InvolvementRole, Phase, StageKind
from records.current_day import current_day
from records.models import circles_of, clearance, lanes_read_by


class UnstoredReason(models.TextChoices):
    """Why where a case stands is worked out when it is read: of some readers, or since something was written."""

    WRITTEN = "written", "since something was written"
    NAMED = "named", "of readers who are named"
    TEAMS = "teams", "of several teams"


class Tense(models.TextChoices):
    """Whether an answer is about the day on which it is asked for, or about one before."""

    PRESENT = "present", "of the day itself"
    PAST = "past", "of a day before"


class StoredSituationQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return what is said of each case by the rows that `user` may see: one answer for each case and day."""
        if clearance(user).everything:
            return self.filter(until_lane__isnull=True)
        lanes = lanes_read_by(user)
        return self.filter(lane__in=lanes).exclude(until_lane__isnull=False, until_lane__in=lanes)

    def on(self, day: date | None) -> Self:
        """Return what is said of a day before today, or of the present."""
        today = current_day()
        asked = today if day is None else day
        return self.filter(
            tense=Tense.PRESENT if asked == today else Tense.PAST,
            first_day__lte=asked,
            last_day__gte=asked,
            first_today__lte=today,
            last_today__gte=today,
        )


class StillOpen(Func):
    """Whether a case is not certainly closed: what is closed sorts before all others."""

    template = "COALESCE(%(expressions)s, TRUE)"
    output_field = models.BooleanField()


#: The order of the board: what is open before what is closed, then what has certainly been in its phase longest.
LONGEST_FIRST = (StillOpen(F("is_open")).desc(), F("phase_since").asc(), F("id").asc())


class StoredSituation(models.Model):
    """What the engine says of one involvement on some days, by what the readers of one lane see.

    It holds for those who read `lane` and do not read `until_lane`, from which on more is seen. The days are those of
    `cases.situation.intervals`, the last ones counted in, and the answer is `cases.situation.answer.Answer`. Nothing is
    entered here: all of it follows from other rows, and `rebuild_situations` works it out anew.
    """

    #: It follows from rows that the audit trail follows.
    is_derived: ClassVar = True

    incident = models.ForeignKey(Incident, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    involvement = models.ForeignKey(
        Involvement, on_delete=models.DO_NOTHING, db_constraint=False, related_name="stored_situations"
    )
    person = models.ForeignKey(
        Person, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    role = models.CharField(max_length=15, choices=InvolvementRole)
    lane = models.PositiveIntegerField()
    until_lane = models.PositiveIntegerField(null=True)
    tense = models.CharField(max_length=7, choices=Tense)
    first_day = models.DateField()
    last_day = models.DateField()
    first_today = models.DateField()
    last_today = models.DateField()

    phase = models.CharField(max_length=15, choices=Phase, blank=True)
    stage = models.CharField(max_length=25, choices=StageKind, blank=True)
    liberty = models.CharField(max_length=100)
    pending = models.TextField()
    pressure = models.CharField(max_length=25, choices=StageKind, blank=True)
    steps = models.CharField(max_length=150)
    is_open = models.BooleanField(null=True)
    is_followed = models.BooleanField(null=True)
    is_held = models.BooleanField()
    may_be_held = models.BooleanField()
    may_have_begun = models.BooleanField()
    is_told = models.BooleanField()
    phase_since = models.DateField()
    counted = models.CharField(max_length=10, choices=Counted, blank=True)

    objects: ClassVar = StoredSituationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("tense", "phase", *LONGEST_FIRST, name="situation_by_phase"),
            models.Index(fields=["person", "tense"], name="situation_of_person"),
            models.Index(fields=["tense", "stage"], name="situation_by_stage"),
            models.Index(fields=["tense", "is_open", "is_followed"], name="situation_open"),
        ]

    def __str__(self) -> str:
        return f"{self.involvement_id}, from {self.first_day} to {self.last_day}"


class UnstoredIncidentQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return those that `user` may have to have worked out: what is for names or teams is not for strangers."""
        cleared = clearance(user)
        if cleared.everything:
            return self.all()
        reasons = [UnstoredReason.WRITTEN, *([UnstoredReason.TEAMS] if cleared.team else [])]
        return self.filter(reason__in=[*reasons, *([UnstoredReason.NAMED] if circles_of(user) else [])])

    def keys_for(self, user: Any) -> list[int]:
        """Return the keys of those that have to be worked out for `user`: of the named ones those that name them."""
        circles = circles_of(user)
        if not circles:
            return list(self.values_list("incident_id", flat=True))
        named = self.filter(reason=UnstoredReason.NAMED).values("incident_id")
        seen = [
            model.objects.visible_to(user)
            .filter(lane__in=circles, **{f"{path}__in": named})
            .order_by()
            .values_list(path)
            for model, path in BEARING
        ]
        others = self.exclude(reason=UnstoredReason.NAMED).values_list("incident_id")
        return [key for (key,) in others.union(*seen)]


#: The rows that bear on situations, and the path from each to its incident.
BEARING: tuple[tuple[Any, str], ...] = (
    (Involvement, "incident"),
    (Stage, "incident"),
    (IncidentCountry, "incident"),
    (TacticUsed, "incident"),
    (Citation, "stage__incident"),
)


class UnstoredIncident(models.Model):
    """An incident of which `StoredSituation` does not hold: it is worked out when it is read.

    Database triggers enter it when something that bears on it is written; `cases.situation.settling` strikes it off at
    the end of the `act`. Where somebody went round the acts that is "", or names a transaction of PostgreSQL. It stays
    for some readers where no lane has those who see the same of it.
    """

    is_derived: ClassVar = True
    #: Which rows bear on the situations of which incidents, as SQL; and which columns, where not all of them do.
    marked_by: ClassVar[dict[str, tuple[str, tuple[str, ...]]]] = moved_parts() | {
        "cases.Incident": ("SELECT {row}.id AS incident_id", ()),
        "cases.Involvement": ("SELECT {row}.incident_id AS incident_id", ()),
        "cases.Stage": ("SELECT {row}.incident_id AS incident_id", ()),
        "cases.IncidentCountry": ("SELECT {row}.incident_id AS incident_id", ()),
        "cases.TacticUsed": ("SELECT {row}.incident_id AS incident_id", ()),
        "cases.Citation": (
            f"SELECT i.incident_id AS incident_id FROM cases_involvement i WHERE {is_spoken_of('{row}')}",  # noqa: S608
            (),
        ),
        "cases.Person": (
            "SELECT incident_id FROM cases_involvement WHERE person_id = {row}.id",
            ("headcount_min", "headcount_max"),
        ),
        "sources.SourceDocument": (
            "SELECT i.incident_id AS incident_id FROM cases_citation c "  # noqa: S608 - ours
            f"JOIN cases_involvement i ON {is_spoken_of('c')} WHERE c.source_id = {{row}}.id",
            ("published", "published_earliest", "published_latest"),
        ),
        "cases.Tactic": (
            "SELECT incident_id FROM cases_tacticused WHERE tactic_id = {row}.code",
            ("freedom_house", "freedom_house_if"),
        ),
    }

    incident_id = models.BigIntegerField(db_index=True)
    reason = models.CharField(max_length=10, choices=UnstoredReason, default=UnstoredReason.WRITTEN)
    act = models.CharField(max_length=32, blank=True)

    objects: ClassVar = UnstoredIncidentQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.incident_id}"

    @classmethod
    def mark_all(cls) -> None:
        """Let every incident be worked out anew."""
        marks, incidents = map(connection.ops.quote_name, (cls._meta.db_table, Incident._meta.db_table))
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {marks} (incident_id, reason, act) SELECT id, 'written', '' FROM {incidents}")  # noqa: S608
