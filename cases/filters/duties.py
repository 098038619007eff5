"""The filters of duties."""

from __future__ import annotations

from typing import ClassVar

from cases.models import Duty
from cases.vocabulary import DutyKind
from records.lists.filters import (
    CertaintyFilter,
    CodesFilter,
    ReferenceFilter,
    SinceFilter,
    StrictFilterSet,
    UntilFilter,
    iso_day,
)


class DutyFilter(StrictFilterSet):
    kind = CodesFilter(DutyKind, help_text="What has to be done or is expected.")
    person = ReferenceFilter("PER", field_name="involvement__person__ref", help_text="Whose case it is.")
    incident = ReferenceFilter("INC", field_name="incident__ref", help_text="The incident it belongs to.")
    since = iso_day("Due since", "due", SinceFilter, "Falls due, or first came round, on that day or later.")
    until = iso_day("Due until", "due", UntilFilter, "Falls due, or first came round, on that day or earlier.")
    certainty = CertaintyFilter()

    class Meta:
        model = Duty
        fields: ClassVar[list[str]] = []
