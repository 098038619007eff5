"""What is told of each case today, value by value: the API's columns of where it stands, worked out when something is
written and read by the database when it builds the JSON."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.query_utils import FilteredRelation

from cases.models.incident import Incident, Involvement
from cases.models.stage import Stage
from records.current_day import current_day
from records.models import clearance, lanes_read_by


def _of_reader(user: Any, path: str = "") -> Q:
    """Return the condition that a row tells `user` of today: one row for each case, of the narrowest of their lanes."""
    lanes, today = lanes_read_by(user), current_day()
    told = Q(**{f"{path}first_today__lte": today, f"{path}last_today__gte": today})
    if clearance(user).everything:
        return told & Q(**{f"{path}until_lane__isnull": True})
    unbounded = Q(**{f"{path}until_lane__isnull": True}) | ~Q(**{f"{path}until_lane__in": lanes})
    return told & Q(**{f"{path}lane__in": lanes}) & unbounded


class ToldQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return what `user` is told of each case today."""
        return self.filter(_of_reader(user))


class InLanes(models.Model):
    """A row for those who read `lane` and not `until_lane`, from which on more is seen, between two days."""

    is_derived: ClassVar = True

    lane = models.PositiveIntegerField()
    until_lane = models.PositiveIntegerField(null=True)
    first_today = models.DateField()
    last_today = models.DateField()

    objects: ClassVar = ToldQuerySet.as_manager()

    class Meta:
        abstract = True


def _stage() -> Any:
    return models.ForeignKey(
        Stage, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )


class ToldCase(InLanes):
    """What the engine says today of one involvement to the readers of a lane (`cases.situation.told`).

    Of a number of days it has the day from which it is counted: the last of all where there is none yet. Codes are ""
    where nothing is known; lists are JSON. Nothing is entered here.
    """

    incident = models.ForeignKey(Incident, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    involvement = models.ForeignKey(
        Involvement, on_delete=models.DO_NOTHING, db_constraint=False, related_name="told_cases"
    )

    #: The stages in their order: the reference of each with the key by which those of an incident are sorted.
    order = models.TextField()
    has_happened = models.BooleanField()
    phase = models.CharField(max_length=15)
    stage = models.CharField(max_length=25)
    began = _stage()
    reached = models.CharField(max_length=25)
    reached_apart = models.TextField()
    is_open = models.BooleanField(null=True)
    is_followed = models.BooleanField(null=True)
    fate = models.CharField(max_length=15)

    liberty_value = models.CharField(max_length=15)
    liberty_kind = models.CharField(max_length=25)
    liberty_country = models.CharField(max_length=4)
    liberty_began = _stage()
    liberty_step = _stage()
    liberty_by = models.DateField(null=True)
    liberty_least_since = models.DateField(null=True)
    liberty_most_since = models.DateField(null=True)
    liberty_unsure = models.TextField()
    liberty_parts = models.TextField()

    pressure_kind = models.CharField(max_length=25)
    pressure_country = models.CharField(max_length=4)
    pressure_step = _stage()
    pressure_by = models.DateField(null=True)

    counted = models.CharField(max_length=10)
    counted_reason = models.CharField(max_length=300)
    counted_tactic = models.CharField(max_length=40)
    counted_stage = models.CharField(max_length=12)

    def __str__(self) -> str:
        return f"{self.involvement_id}, from {self.first_today} to {self.last_today}"

    @classmethod
    def told_to(cls, user: Any, path: str = "") -> FilteredRelation:
        """Return the link from an involvement, to which `path` leads, to what `user` is told of it today."""
        return FilteredRelation(f"{path}told_cases", condition=_of_reader(user, f"{path}told_cases__"))


class ToldProcedure(InLanes):
    """One procedure of a told case, for the same readers on the same days; `is_shown` the one that stands for all."""

    case = models.ForeignKey(ToldCase, on_delete=models.DO_NOTHING, db_constraint=False, related_name="procedures")
    position = models.PositiveSmallIntegerField()
    is_shown = models.BooleanField()
    matter = models.CharField(max_length=15)
    country = models.CharField(max_length=4)
    kind = models.CharField(max_length=25)
    began = _stage()
    step = _stage()
    by = models.DateField(null=True)
    least_since = models.DateField(null=True)
    most_since = models.DateField(null=True)
    pending = models.BooleanField(null=True)
    decision = models.CharField(max_length=25)
    decided = _stage()

    def __str__(self) -> str:
        return f"{self.case_id}, {self.position}"
