"""Where each case stands, as the engine said when something was written: worked out once, and read many times."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Func

from cases.models.citation import Citation
from cases.models.incident import Incident, Involvement
from cases.models.incident_parts import IncidentCountry, TacticUsed
from cases.models.last_sign import is_spoken_of, moved_parts
from cases.models.on_days import OnDays
from cases.models.person import Person
from cases.models.stage import Stage
from cases.models.unstored import Unstored
from cases.vocabulary import Counted, InvolvementRole, Phase, StageKind


class StillOpen(Func):
    """Whether a case is not certainly closed: what is closed sorts before all others."""

    template = "COALESCE(%(expressions)s, TRUE)"
    output_field = models.BooleanField()


#: The order of the board: what is open before what is closed, then what has certainly been in its phase longest.
LONGEST_FIRST = (StillOpen(F("is_open")).desc(), F("phase_since").asc(), F("id").asc())


class StoredSituation(OnDays):
    """What the engine says of one involvement on some days, by what the readers of one lane see.

    The answer is `cases.situation.answer.Answer`; `rebuild_situations` works all of them out anew.
    """

    incident = models.ForeignKey(Incident, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    involvement = models.ForeignKey(
        Involvement, on_delete=models.DO_NOTHING, db_constraint=False, related_name="stored_situations"
    )
    person = models.ForeignKey(
        Person, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    role = models.CharField(max_length=15, choices=InvolvementRole)
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

    class Meta:
        indexes = [
            models.Index("tense", "phase", *LONGEST_FIRST, name="situation_by_phase"),
            models.Index(fields=["person", "tense"], name="situation_of_person"),
            models.Index(fields=["tense", "stage"], name="situation_by_stage"),
            models.Index(fields=["tense", "is_open", "is_followed"], name="situation_open"),
        ]

    def __str__(self) -> str:
        return f"{self.involvement_id}, from {self.first_day} to {self.last_day}"


#: The rows that bear on situations, and the path from each to its incident.
BEARING: tuple[tuple[Any, str], ...] = (
    (Involvement, "incident"),
    (Stage, "incident"),
    (IncidentCountry, "incident"),
    (TacticUsed, "incident"),
    (Citation, "stage__incident"),
)


class UnstoredIncident(Unstored):
    """An incident of which `StoredSituation` does not hold; `cases.situation.settling` strikes it off."""

    key: ClassVar = "incident_id"
    of: ClassVar = Incident
    bearing: ClassVar = BEARING
    marked_by: ClassVar = moved_parts() | {
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
