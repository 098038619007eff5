"""What the papers tell that rows of a case are dated by: whose calendar they carry, and when they came out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any, ClassVar

from records.fields.calendars import BY_COUNTRY, calendar_of_language
from records.fields.date_questions import DateQuestion, latest_today, years_before
from records.fields.edtf import UncertainDate
from records.fields.uncertain_date import date_fields

SEVEN_YEARS = timedelta(days=7 * 365)
#: When a source was published, and the tag of its language.
Paper = tuple[UncertainDate | None, str]


class DatedByPapers:
    """A row with dates of papers. `papers_of` names its link to the country whose papers date it, where it has one."""

    papers_of: ClassVar[str] = ""

    @property
    def country_of_papers(self) -> str:
        return (getattr(self, f"{self.papers_of}_id") if self.papers_of else "") or ""

    @property
    def calendar(self) -> str:
        return BY_COUNTRY.get(self.country_of_papers, "")

    def calendar_for(self, user: Any) -> str:
        """Return that of its own country, or where none is known that of the record that it is a part of."""
        owner: str = self.owner  # type: ignore[attr-defined]  # Record's
        is_own = self.country_of_papers or not owner
        return self.calendar if is_own else getattr(self, owner).calendar_for(user)

    def date_questions(self, changed: Collection[str], user: Any) -> list[DateQuestion]:
        """Ask, beside what is asked of every date, whether one is of an Ethiopian paper that is cited for the row."""
        found: list[DateQuestion] = super().date_questions(changed, user)  # type: ignore[misc]  # Record's
        model: Any = type(self)
        for name in (field.name for field in date_fields(model) if field.name in changed):
            if may_be_ethiopian(self, name):
                cited = self.citations.visible_to(user)  # type: ignore[attr-defined]
                papers = cited.order_by().values_list("source__published", "source__language").distinct()
                found += of_an_ethiopian_paper(self, name, papers, user)
        return found


def may_be_ethiopian(row: Any, name: str) -> bool:
    """Whether a date lies so far back that a source can be seven years younger: if not, nothing has to be looked up."""
    value: UncertainDate | None = getattr(row, name)
    return bool(value and value.earliest and latest_today() - value.earliest > SEVEN_YEARS)


def of_an_ethiopian_paper(row: Any, name: str, papers: Iterable[Paper], user: Any) -> list[DateQuestion]:
    """Ask, once, where a source of Ethiopia or Eritrea tells of a date that is seven or eight years older than it."""
    for published, language in papers:
        question = years_before(row, name, getattr(row, name), published)
        if question and "EC" in (row.calendar, calendar_of_language(language), row.calendar_for(user)):
            return [question]
    return []
