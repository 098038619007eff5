"""Why nothing can be found where filters look at two days, or at a day before something was said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Min, Q, QuerySet

from cases.filters.questions import QUESTIONS
from cases.vocabulary import CaseStatus
from records.current_day import current_day, is_past
from records.fields.uncertain_date import until
from records.lists.reasons import listed

#: What is asked of the day looked at: today without `as_of`. A step that was reached stays reached.
OF_THE_DAY = {*QUESTIONS, "status"} - {"step"}
BY_STATUS = ("status", "status_not", "status_all")


def of_two_days(filterset: Any, *days: str) -> Iterator[str]:
    """Say that some filters ask of the day looked at, and others (`days`) of a day of their own."""
    given = filterset.form.cleaned_data
    of_the_day = [
        name
        for name in filterset.filters
        if given[name] and name.removesuffix("_not").removesuffix("_all") in OF_THE_DAY
    ]
    for name in days:
        own = given[name]
        if of_the_day and own and own != (filterset.day or current_day()):
            verb = "are" if len(of_the_day) > 1 else "is"
            yield (
                f"{listed(of_the_day)} {verb} asked of {filterset.day or 'today'}, {name} of {own}. "
                f"Give as_of={own} to ask all of it of that day."
            )


def said_by(day: Any) -> Q:
    """Return the condition that a status was possibly said by a day; what is said of no day was not."""
    return until("status_as_of", day)


def status_said_later(filterset: Any, subjects: QuerySet) -> Iterator[str]:
    """Say from which day on a status is told by the involvements among `subjects` that match all other filters."""
    given, day = filterset.form.cleaned_data, filterset.day
    if not is_past(day) or not any(given.get(name) for name in BY_STATUS):
        return
    wanted = {*given["status"], *given.get("status_all", ())} or set(CaseStatus)
    matching = subjects.filter(incident__in=filterset.found_without(*BY_STATUS).order_by().values("pk"))
    later = matching.filter(~said_by(day), status__in=wanted - {*given.get("status_not", ()), CaseStatus.UNKNOWN})
    if later.exists():
        first = later.aggregate(first=Min("status_as_of_earliest"))["first"]
        told = f"for {first} at the earliest: ask as_of a day from then on" if first else "for no day: leave as_of out"
        yield f"status is asked of {day}. Of what else matches here, the status asked for is told {told}."
