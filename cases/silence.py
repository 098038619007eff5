"""Open cases, and people who are still followed, without news for longer than their phase allows.

The last sign of a case is the latest publication among the sources cited for it. Silence is a question for whoever
follows the case, and no news: nothing is inferred from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from cases.last_heard import bounds_of_last_signs, certainly_silent, perhaps_silent
from cases.models import Involvement, SilenceThreshold
from cases.signs import LastSign, last_sign, signs
from cases.situation.dates import number_of_days
from cases.situation.keys import these
from cases.situation.standing import Standing, situation, standing
from cases.vocabulary import Phase, Scope
from records.current_day import current_day
from records.history.time_travel import is_recalled
from records.lists.counting import MOST_COUNTED

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


def cases_followed(user: Any, day: date | None = None) -> list[FollowedCase]:
    """Return the cases that `user` may see and that are not certainly closed, and those of people who are followed.

    Followed is also who is held or unheard of after a removal to the origin.
    """
    found = followed(user, day)
    return [*_as_cases(found.stored), *map(_followed, found.others)]


def followed(user: Any, day: date | None = None, among: QuerySet | None = None) -> Standing:
    """Return the same cases as they are stored or worked out; `among` are involvements, if not all."""
    found = standing(FOLLOWED, user, day)
    if among is None:
        return found
    keys = among.order_by().values("pk")
    wanted = set(keys.filter(pk__in=these(row.pk for row in found.others)).values_list("pk", flat=True))
    return Standing(found.stored.filter(involvement__in=keys), [row for row in found.others if row.pk in wanted])


def by_scope(found: Standing, *, domestic: bool) -> Standing:
    """Return the domestic ones of some cases, or the others."""
    others = [row for row in found.others if (row.incident.scope == Scope.DOMESTIC) == domestic]
    narrow = found.stored.filter if domestic else found.stored.exclude
    return Standing(narrow(incident__scope=Scope.DOMESTIC), others)


def _as_cases(stored: QuerySet) -> list[FollowedCase]:
    return [FollowedCase(*row) for row in stored.values_list(*FOLLOWED_COLUMNS)]


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
    user: Any,
    today: date,
    cases: Iterable[FollowedCase] | None = None,
    *,
    day: date | None = None,
    among: Standing | None = None,
    most: int | None = None,
    own: Mapping[str, int] | None = None,
) -> list[Silence]:
    """Return the cases followed that are silent beyond their threshold: the surest first, and of these the longest.

    `today` is the day of asking; `day`, if given, an earlier one that is asked about. `cases` are some of
    `cases_followed`; without them it is about `among`, some of `followed`, or about all but the domestic ones. Takes a
    constant number of queries. Of today, no more than MOST_COUNTED are looked at; with `most`, no more than so many
    that are certainly silent, if there are as many. Signs that are stored come without their sources (`with_sources`).
    `own` are the thresholds that the organisation has set, where they are at hand.
    """
    asked, limits = day or today, {**DEFAULT_DAYS, **(days_set(user) if own is None else own)}
    if cases is not None:
        return _in_order(_heard_of(user, list(cases), asked, today), asked, limits)
    found = among or by_scope(followed(user, day), domestic=False)
    stored, others = found.stored, [_followed(row) for row in found.others]
    if asked != today or today != current_day() or is_recalled():
        return _in_order(_heard_of(user, [*_as_cases(stored), *others], asked, today), asked, limits)
    heard = _last_heard(user, stored, today, limits, most)
    return _in_order([*heard, *_heard_of(user, others, today, today)], today, limits)


Heard = list[tuple[FollowedCase, LastSign | None]]
#: The bounds of the last sign where there is none.
NEVER = (None, date.max)


def _last_heard(user: Any, stored: QuerySet, today: date, limits: Mapping[str, int], most: int | None) -> Heard:
    """Return when cases were last heard of by the last signs that are stored, as far as they may be silent.

    Where a source speaks that is yet to come out, the last sign changes by the day, and is worked out.
    """
    by_phase = {**limits, "": limits[WITHOUT_A_STAGE]}
    keys = certainly_silent(user, stored, today, by_phase, most) if most else []
    if most is None or len(keys) < most:
        keys = perhaps_silent(user, stored, today, by_phase, MOST_COUNTED + 1)
    bounds = bounds_of_last_signs(user, keys, today)
    cases = _as_cases(stored.filter(involvement__in=these(keys)))
    told = [case for case in cases if (bounds.get(case.pk, NEVER)[0] or today) <= today]
    changing = [case for case in cases if (bounds.get(case.pk, NEVER)[0] or today) > today]
    heard = [(case, LastSign(*bounds[case.pk], frozenset()) if case.pk in bounds else None) for case in told]
    return [*heard, *_heard_of(user, changing, today, today)]


def _heard_of(user: Any, cases: list[FollowedCase], asked: date, today: date) -> Heard:
    if not cases:
        return []
    speaking = signs(user, cases)
    return [(case, last_sign(speaking(case), asked, today)) for case in cases]


def _in_order(heard: Heard, asked: date, limits: Mapping[str, int]) -> list[Silence]:
    found = [silence(case, sign, asked, limits) for case, sign in heard]
    return sorted((each for each in found if each), key=longest_first)


def with_sources(silent: list[Silence], user: Any, asked: date, today: date) -> list[Silence]:
    """Return silent cases, their last signs with the sources that set the bounds."""
    heard = _heard_of(user, [each.case for each in silent], asked, today)
    return [replace(each, sign=sign) for each, (_, sign) in zip(silent, heard, strict=True)]


def days_set(user: Any) -> dict[str, int]:
    """Return the thresholds that the organisation has set, by phase."""
    return {row.phase: row.days for row in SilenceThreshold.objects.visible_to(user)}


def longest_first(silent: Silence) -> tuple[int, int, int, str]:
    """Return the key that puts the surest and longest silence first; one that nothing bounds counts as the longest."""
    longest = silent.at_most if silent.at_most is not None else date.max.toordinal()
    return list(Sureness).index(silent.sureness), -silent.at_least, -longest, silent.case.ref
