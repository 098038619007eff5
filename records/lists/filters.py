"""The base FilterSet and the filters that several records share."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, Self

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import QuerySet

from records.fields.names import fold
from records.fields.uncertain_date import Certainty, since, until
from records.lists.choices import OffersChoices
from records.lists.not_and_all import AllFilter, AnotherWay, NotFilter
from records.lists.reasons import asked_and_left_out, later_than_as_of
from records.lists.together import asked_together
from records.models import ALPHABET, Term, clearance
from records.vocabulary import Vocabulary

MAX_SEARCH_LENGTH, MAX_SEARCH_WORDS = 200, 8
#: Of the name of a parameter that does not exist, a message repeats no more than this.
LONGEST_NAME = 60
#: To so many wrong names the message says which there are; the list is long, and the same for all of them.
TOLD_WHAT_IS_KNOWN = 5


def few_words(text: str) -> None:
    """Refuse a search of more than MAX_SEARCH_WORDS words, counted as they are looked for: one sign can be several."""
    if len(fold(text).split()) > MAX_SEARCH_WORDS:
        raise ValidationError(f"Search for at most {MAX_SEARCH_WORDS} words.")


KNOWN_ON = "What this database knew at the end of that day (UTC), corrected or not since. For the team."


class TimeAsked(NamedTuple):
    """A day at which the world is looked at, and one whose knowledge is asked for; None is now."""

    as_of: date | None = None
    known_on: date | None = None

    def __bool__(self) -> bool:
        return any(self)


def wrong_parameters(given: Any, known: Collection[str]) -> dict[str, list[str]]:
    """Return what is wrong with the names of the parameters in a QueryDict: unknown ones, and ones given twice."""
    problems: dict[str, list[str]] = {}
    for name, values in given.lists():
        if name not in known:
            hint = f" Known: {', '.join(known)}." if known else " There are none."
            if len(problems) >= TOLD_WHAT_IS_KNOWN:
                hint = ""
            problems[name[:LONGEST_NAME]] = [f"There is no parameter “{name[:LONGEST_NAME]}” here.{hint}"]
        elif len(values) > 1:
            problems[name] = [f"Give “{name}” once."]
    return problems


def may_ask_history(user: Any) -> bool:
    """Whether a reader is told what was written in the past, whatever the record."""
    cleared = clearance(user)
    return cleared.team or cleared.everything


class SearchFilter(django_filters.CharFilter):
    """Words to look for in names or titles, in any spelling."""

    def __init__(self, help_text: str, **options: Any) -> None:
        limits = {"max_length": MAX_SEARCH_LENGTH, "validators": [few_words]}
        super().__init__(**options, **limits, label="Search", help_text=help_text)


class ReferenceFilter(django_filters.CharFilter):
    """The public reference of a record, such as PER-8QX3M2VD. A reference that nobody may see finds nothing."""

    def __init__(self, prefix: str, **options: Any) -> None:
        self.prefix = prefix
        shape = RegexValidator(rf"\A{prefix}-[{ALPHABET}]{{8}}\Z", f"Write a reference such as {prefix}-8QX3M2VD.")
        super().__init__(**options, max_length=12, validators=[shape])


class CodeListFilter(OffersChoices, django_filters.MultipleChoiceFilter):
    """One or more codes of a list; a row matches that has any of them.

    `NAME_not` asks for the rows that have none, and where a row can have `several`, `NAME_all` for those that have all.
    """

    def __init__(self, *, several: bool = False, **options: Any) -> None:
        self.several = several
        super().__init__(**options, distinct=False)

    def filter(self, rows: QuerySet, value: list[str]) -> QuerySet:
        """Look rows with several up by key: joined to their values, a row would be found several times."""
        if not value or not self.several or self.conjoined:
            return super().filter(rows, value)
        having = self.model._default_manager.filter(**{f"{self.field_name}__in": value})
        return rows.filter(pk__in=having.values("pk"))

    def ways(self, name: str) -> dict[str, django_filters.Filter]:
        """Return the filter called `name` and those that ask for its codes in other ways, by name."""
        more = {f"{name}_all": AllFilter(name, self)} if self.several else {}
        return {name: self, f"{name}_not": NotFilter(name, self), **more}


class CodesFilter(CodeListFilter):
    """One or more codes of a closed list (`vocabulary`)."""

    def __init__(self, vocabulary: type[Vocabulary], **options: Any) -> None:
        self.vocabulary = vocabulary
        super().__init__(**options, choices=lambda: vocabulary.choices)

    def options(self, user: Any) -> list[tuple[str, str, str]]:
        return [(code.value, code.label, code.meaning) for code in self.vocabulary]


class TermsFilter(CodeListFilter):
    """One or more codes of an open list, which is a table."""

    pattern = "^[-a-zA-Z0-9_]+$"

    def __init__(self, terms: type[Term], **options: Any) -> None:
        self.terms = terms
        super().__init__(**options, choices=lambda: [(term.code, term.label) for term in terms.objects.all()])

    def options(self, user: Any) -> list[tuple[str, str, str]]:
        return self.options_of({"": self}, user)[""]

    @classmethod
    def options_of(cls, filters: dict[str, Self], user: Any) -> dict[str, list[tuple[str, str, str]]]:
        """Return the terms that each filter offers, all asked for in one statement."""
        columns = ("position", "code", "label", "meaning")
        terms = [each.terms.objects.visible_to(user).order_by() for each in filters.values()]
        offered = zip(filters, asked_together(rows.values_list(*columns) for rows in terms), strict=True)
        return {name: [(code, label, meaning) for _, code, label, meaning in sorted(rows)] for name, rows in offered}


class YesNoFilter(django_filters.ChoiceFilter):
    """A question that is answered by true or false."""

    def __init__(self, label: str, help_text: str, **options: Any) -> None:
        choices = (("true", "yes"), ("false", "no"))
        super().__init__(**options, choices=choices, label=label, empty_label="either", help_text=help_text)


class KnownOrNotFilter(YesNoFilter):
    """A question that is answered by true, by false, or by that it is not known."""

    def __init__(self, label: str, help_text: str, **options: Any) -> None:
        super().__init__(label, help_text, **options)
        self.extra["choices"] = (*self.extra["choices"], ("unknown", "not known"))


class StrictFilterSet(django_filters.FilterSet):
    """A FilterSet that names each refused parameter in `problems`, and then finds nothing rather than too much.

    `also` names the parameters that the surface itself reads, such as `ordering`.
    """

    base_filters: dict[str, django_filters.Filter]

    def __init__(self, data: Any, queryset: QuerySet, *, request: Any, also: tuple[str, ...] = ()) -> None:
        # Every question has a copy of each filter. Other ways to ask for codes are most of them, and rarely asked.
        asked = {n: each for n, each in self.base_filters.items() if n in data or not isinstance(each, AnotherWay)}
        self.base_filters = asked
        super().__init__(data, queryset, request=request)
        self.also = also

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        """Return the filters that are declared, and the other ways to ask for their codes."""
        filters = super().get_filters()
        ways = [each.ways(name) if isinstance(each, CodeListFilter) else {name: each} for name, each in filters.items()]
        return {name: each for some in ways for name, each in some.items()}

    @property
    def user(self) -> Any:
        return self.request.user

    @cached_property
    def problems(self) -> dict[str, list[str]]:
        """What is wrong, by parameter: unknown ones, ones given twice, values that make no sense, alone or together."""
        known = sorted({*type(self).base_filters, *self.also})
        wrong = wrong_parameters(self.data, known)
        found = {name: [str(message) for message in messages] for name, messages in self.errors.items()}
        for name in self.data:
            if name not in known or (name in wrong and self._is_single(name)):
                found[name[:LONGEST_NAME]] = wrong[name[:LONGEST_NAME]]
            elif any("\ufffd" in value or "\0" in value for value in self.data.getlist(name)):
                found[name] = [f"“{name}” is not text in UTF-8."]
            elif isinstance(self.filters.get(name), KnownOnFilter) and not may_ask_history(self.user):
                found[name] = ["What was known on a day is told to the team: sign in as one of them."]
            elif not all(value.strip() for value in self.data.getlist(name)):
                found[name] = [f"Give “{name}” a value, or leave it out."]
        return found or self._wrong_order()

    def _wrong_order(self) -> dict[str, list[str]]:
        """Say of both that the first day asked about lies after the last, where it does."""
        first, last = (self.form.cleaned_data.get(name) for name in ("since", "until"))
        if not first or not last or first <= last:
            return {}
        message = f"“since” ({first}) lies after “until” ({last}): there is no day from the one to the other."
        return {"since": [message], "until": [message]}

    def _is_single(self, name: str) -> bool:
        return not isinstance(self.filters.get(name), django_filters.MultipleChoiceFilter)

    @property
    def qs(self) -> QuerySet:
        return self.queryset.none() if self.problems else super().qs

    def reasons(self) -> list[str]:
        """Return why nothing can be found, in sentences; asked where nothing was, of a question without problems."""
        return [*asked_and_left_out(self), *later_than_as_of(self)]

    def found_without(self, *names: str) -> QuerySet:
        """Return what is found where some of the filters are left out."""
        rows = self.queryset
        for name, value in self.form.cleaned_data.items():
            if name not in names:
                rows = self.filters[name].filter(rows, value)
        return rows

    @property
    def moment(self) -> TimeAsked:
        """The day that is asked about, where one is."""
        given = {name: self.form.cleaned_data.get(name) for name in TimeAsked._fields if name in self.filters}
        return TimeAsked(**given)

    @property
    def day(self) -> date | None:
        """The day as of which the world is asked about; None is now."""
        return self.moment.as_of

    @property
    def certainty(self) -> str:
        return self.form.cleaned_data.get("certainty") or Certainty.POSSIBLE


class IsoDayField(forms.DateField):
    """A day written as YYYY-MM-DD, and in no other way."""

    def to_python(self, value: Any) -> Any:
        if value and not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", str(value)):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class DayFilter(django_filters.DateFilter):
    """A day to ask about."""

    field_class = IsoDayField


class SinceFilter(DayFilter):
    """The first day of the time asked about. `certainty` says how a vague date counts."""

    def filter(self, rows: QuerySet, value: Any) -> QuerySet:
        return rows.filter(since(self.field_name, value, self.parent.certainty)) if value else rows


class UntilFilter(DayFilter):
    """The last day of the time asked about. `certainty` says how a vague date counts."""

    def filter(self, rows: QuerySet, value: Any) -> QuerySet:
        return rows.filter(until(self.field_name, value, self.parent.certainty)) if value else rows


class TimeAskedFilter(DayFilter):
    """A day at which to look; it filters nothing itself."""

    def filter(self, rows: QuerySet, value: Any) -> QuerySet:
        return rows


class KnownOnFilter(TimeAskedFilter):
    """A day whose knowledge is asked for: of the trail of changes, which is told to the team."""


class CertaintyFilter(django_filters.ChoiceFilter):
    """How the date filters take a vague date; it filters nothing itself."""

    def __init__(self) -> None:
        meaning = "How a vague date counts: possible (the default) where it may fall so, certain where it must."
        super().__init__(choices=Certainty.choices, label="Vague dates", empty_label=None, help_text=meaning)

    def filter(self, rows: QuerySet, value: Any) -> QuerySet:
        return rows


def iso_day(label: str, field_name: str, kind: type[DayFilter], help_text: str, **options: Any) -> Any:
    """Return a date filter that reads YYYY-MM-DD and nothing else."""
    widget = forms.DateInput(attrs={"placeholder": "YYYY-MM-DD", "inputmode": "numeric", "size": 10})
    message = {"invalid": "Write a day as YYYY-MM-DD."}
    return kind(
        field_name=field_name,
        label=label,
        widget=widget,
        input_formats=["%Y-%m-%d"],
        error_messages=message,
        help_text=help_text,
        **options,
    )


def as_of_filter() -> Any:
    """Return the filter that looks at the world as of a day."""
    meaning = "The state of the world on that day: what had begun by then, and where cases stood. Without it, now."
    return iso_day("As of", "pk", TimeAskedFilter, meaning)


def known_on_filter() -> Any:
    """Return the filter that asks what this database knew on a day."""
    return iso_day("Known on", "pk", KnownOnFilter, KNOWN_ON)
