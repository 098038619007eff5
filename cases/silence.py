"""Open cases, and people who are still followed, without news for longer than their phase allows.

The last sign of a case is the latest publication among the sources cited for it. Silence is a question for whoever
follows the case, and no news: nothing is inferred from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from cases.models import Citation, Involvement, SilenceThreshold
from cases.situation.dates import number_of_days
from cases.situation.keys import these
from cases.situation.standing import situation, standing
from cases.vocabulary import Phase, Scope
from records.fields.edtf import UncertainDate

#: After how many days a case is asked after where the organisation has set nothing. These numbers are ours, not a
#: standard: a month where somebody may be hurt, hidden or carried off from one day to the next, two where a court or an
#: authority sets the pace, three where nobody is held, and half a year where a sentence or a release lasts.
DEFAULT_DAYS: Mapping[str, int] = {
    Phase.PURSUIT: 90,
    Phase.PRESSURE: 90,
    Phase.DETENTION: 30,
    Phase.REVIEW: 60,
    Phase.JUDGMENT: 180,
    Phase.RELEASE: 180,
    Phase.REMOVAL: 30,
    Phase.IMPRISONMENT: 180,
    Phase.HARM: 30,
}
#: A case without a stage is asked after like one in which nobody is known to be held.
WITHOUT_A_STAGE = Phase.PRESSURE
#: What the person is, as last reported, in the words that open a line: "held, unheard of for 123 days".
WORDS: Mapping[str, str] = {
    Phase.PURSUIT: "sought",
    Phase.PRESSURE: "under pressure",
    Phase.DETENTION: "held",
    Phase.REVIEW: "under review",
    Phase.JUDGMENT: "judged",
    Phase.RELEASE: "let out or departed",
    Phase.REMOVAL: "removed",
    Phase.IMPRISONMENT: "held",
    Phase.HARM: "missing or reported dead",
    "": "no stage recorded",
}
#: What a citation may be about to speak of a case, the path from there to the involvement, the incident or the person,
#: and the column of an involvement that this is.
WAYS = (
    ("involvement", "pk", "pk"),
    ("stage", "involvement", "pk"),
    ("duty", "involvement", "pk"),
    ("incident", "pk", "incident"),
    ("incident_country", "incident", "incident"),
    ("actor", "incident", "incident"),
    ("tactic_used", "incident", "incident"),
    ("demand", "involvement", "pk"),
    ("person", "pk", "person"),
    ("person_name", "person", "person"),
    ("person_detail", "person", "person"),
    ("legal_status", "person", "person"),
    ("notice", "person", "person"),
    ("notice_event", "notice__person", "person"),
    ("warrant", "notice__person", "person"),
    ("ccf_request", "notice__person", "person"),
    ("ccf_event", "request__notice__person", "person"),
)

KEYS = {"pk": "pk", "incident": "incident_id", "person": "person_id"}


class FollowedCase(NamedTuple):
    """A case that is not certainly closed, or whose person is followed: keys, reference, and where it stands.

    `is_told` says whether any stage is told; `status_as_of` is the last day for which a status can hold.
    """

    pk: int
    ref: str
    incident_id: int
    person_id: int
    label: str
    scope: str
    phase: str
    is_open: bool | None
    is_told: bool
    status_as_of: date | None


class Sureness(StrEnum):
    """How sure it is that a case has been silent for longer than its threshold, the surest first."""

    CERTAIN = "certainly silent"
    POSSIBLE = "perhaps silent"
    NEVER_DATED = "never dated"


class Sign(NamedTuple):
    """A source that speaks of a case, by its key, and when it was published."""

    source: int
    published: UncertainDate | None


@dataclass(frozen=True)
class LastSign:
    """When a case was last heard of: no earlier than `earliest`, no later than `latest`, and by which sources.

    `earliest` is None where no source has a first possible day. `sources` are the keys of those that set the bounds.
    """

    earliest: date | None
    latest: date
    sources: frozenset[int]


@dataclass(frozen=True)
class Silence:
    """A case that is not closed, or whose person is followed, beyond its threshold.

    It has its phase ("" without a stage), and the last sign (None: never dated).

    The threshold and both lengths are in days; `at_most` is None where nothing bounds it.
    """

    case: FollowedCase
    phase: str
    threshold: int
    sign: LastSign | None
    at_least: int
    at_most: int | None
    sureness: Sureness

    @property
    def words(self) -> str:
        """The case in a line: "held, unheard of for 123 days"."""
        stands = WORDS[self.phase]
        if self.sign is None:
            return f"{stands}, never dated"
        if self.at_most is None:
            return f"{stands}, unheard of for {number_of_days(self.at_least)} or more"
        shortest = "" if self.at_least == self.at_most else f"{self.at_least:,} to "
        return f"{stands}, unheard of for {shortest}{number_of_days(self.at_most)}"


def last_sign(signs: Iterable[Sign], day: date, today: date) -> LastSign | None:
    """Return the last sign by `day` among sources that are at hand `today`; None where none of them is dated.

    A source that is at hand was published no later than today. One that certainly came out after `day` is no sign by
    then. One that perhaps did, or that has no date, may make the last sign later but not surely so.
    """
    bounds = [(sign, *bounds_of(sign.published, today)) for sign in signs]
    by_then = [(sign, first, min(last, day), last <= day) for sign, first, last in bounds if not first or first <= day]
    if not any(sign.published for sign, *_ in by_then):
        return None
    latest = max(last for _, _, last, _ in by_then)
    earliest = max((first for _, first, _, is_sure in by_then if first and is_sure), default=None)
    deciding = {
        sign.source
        for sign, first, last, is_sure in by_then
        if last == latest or (is_sure and first is not None and first == earliest)
    }
    return LastSign(earliest, latest, frozenset(deciding))


def bounds_of(published: UncertainDate | None, today: date) -> tuple[date | None, date]:
    """Return the first (None: unknown) and the last possible day of the publication of a source that is at hand."""
    if published is None:
        return None, today
    last = min(published.latest or today, today)
    return published.earliest, max(last, published.earliest or last)


def silence(case: FollowedCase, sign: LastSign | None, day: date, limits: Mapping[str, int]) -> Silence | None:
    """Return how long a case has been silent on `day`, or None where that is not even perhaps beyond its threshold."""
    phase = case.phase
    limit = limits[phase or WITHOUT_A_STAGE]
    if sign is None:
        return Silence(case, phase, limit, None, 0, None, Sureness.NEVER_DATED)
    at_least = (day - sign.latest).days
    at_most = (day - sign.earliest).days if sign.earliest else None
    if at_most is not None and at_most <= limit:
        return None
    sureness = Sureness.CERTAIN if at_least > limit else Sureness.POSSIBLE
    return Silence(case, phase, limit, sign, at_least, at_most, sureness)


def cases_followed(user: Any, day: date | None = None, among: QuerySet | None = None) -> list[FollowedCase]:
    """Return the cases that `user` may see and that are not certainly closed, and those of people who are followed.

    Followed is also who is held or unheard of after a removal to the origin. `among` are involvements, if not all.
    """
    found = standing(FOLLOWED, user, day)
    stored, others = found.stored, found.others
    if among is not None:
        keys = among.order_by().values("pk")
        wanted = set(keys.filter(pk__in=these(row.pk for row in others)).values_list("pk", flat=True))
        stored, others = stored.filter(involvement__in=keys), [row for row in others if row.pk in wanted]
    cases = [FollowedCase(*row) for row in stored.values_list(*FOLLOWED_COLUMNS)]
    return cases + [_followed(row) for row in others]


#: What is followed, or of which that cannot be told.
FOLLOWED = Q(is_followed=True) | Q(is_followed__isnull=True)
FOLLOWED_COLUMNS = (
    *("involvement", "involvement__ref", "incident", "person", "person__label"),
    *("incident__scope", "phase", "is_open", "is_told", "involvement__status_as_of_latest"),
)


def _followed(row: Any) -> FollowedCase:
    found, person, incident = situation(row), row.person, row.incident
    stands = found.phase or "", found.is_open, bool(found.steps), row.status_as_of and row.status_as_of.latest
    return FollowedCase(row.pk, row.ref, incident.pk, person.pk, person.label, incident.scope, *stands)


def followed_cases(user: Any, day: date | None = None) -> QuerySet:
    """Return these as rows that can be filtered."""
    found = standing(FOLLOWED, user, day).through("pk", "involvement")
    return Involvement.objects.visible_to(user).filter(found)


def silent_cases(
    user: Any, today: date, cases: Iterable[FollowedCase] | None = None, *, day: date | None = None
) -> list[Silence]:
    """Return the cases followed that are silent beyond their threshold: the surest first, and of these the longest.

    `today` is the day of asking; `day`, if given, an earlier one that is asked about. `cases` are some of
    `cases_followed`; without them it is about all but the domestic ones. Takes a constant number of queries.
    """
    asked = day or today
    if cases is None:
        cases = [case for case in cases_followed(user, day) if case.scope != Scope.DOMESTIC]
    limits, rows = thresholds(user), list(cases)
    speaking = signs(user, rows)
    found = [silence(row, last_sign(speaking(row), asked, today), asked, limits) for row in rows]
    return sorted((each for each in found if each), key=longest_first)


def thresholds(user: Any) -> dict[str, int]:
    """Return after how many days a case of each phase is asked after: as the organisation has set it, or by default."""
    return {**DEFAULT_DAYS, **days_set(user)}


def days_set(user: Any) -> dict[str, int]:
    """Return the thresholds that the organisation has set, by phase."""
    return {row.phase: row.days for row in SilenceThreshold.objects.visible_to(user)}


def longest_first(silent: Silence) -> tuple[int, int, int, str]:
    """Return the key that puts the surest and longest silence first; one that nothing bounds counts as the longest."""
    longest = silent.at_most if silent.at_most is not None else date.max.toordinal()
    return list(Sureness).index(silent.sureness), -silent.at_least, -longest, silent.case.ref


def signs(user: Any, cases: list[FollowedCase]) -> Callable[[Any], set[Sign]]:
    """Return the function that gives the sources which speak of a case, of its incident or of its person.

    Who sees a citation sees what it is about. The cases are named by key: asked again as a question within each
    question, they took PostgreSQL minutes.
    """
    found: dict[tuple[str, int], set[Sign]] = defaultdict(set)
    for name, path, column in WAYS:
        whose = name if path == "pk" else f"{name}__{path}"
        keys = these({getattr(row, KEYS[column]) for row in cases})
        citations = Citation.objects.visible_to(user).filter(**{f"{whose}__in": keys}).order_by()
        for key, source, published in citations.values_list(whose, "source", "source__published").distinct():
            found[column, key].add(Sign(source, published))

    def speaking(row: Any) -> set[Sign]:
        keys = ("pk", row.pk), ("incident", row.incident_id), ("person", row.person_id)
        return set().union(*(found.get(key, set()) for key in keys))

    return speaking
