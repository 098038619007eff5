"""Three-valued rules about a record and a day (yes, no, cannot be told), used by the signals of the danger of return.

Every answer is one of three: True and False are certain, None says that it cannot be told. A vague date stays vague,
and nothing follows from what is not recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any

from cases.situation.dates import certainly_by, possibly_by
from cases.situation.standing import situation
from cases.vocabulary import Phase, RatificationState, StageKind, Stance
from records.fields.edtf import UncertainDate

Verdict = bool | None


class SignalState(StrEnum):
    """What the records say of a signal on the day that was asked about."""

    RECORDED = "recorded"
    NOT_RECORDED = "not recorded"
    ABSENT = "recorded as absent"
    NOT_KNOWN = "not known on that day"


def state_of(verdicts: Iterable[Verdict]) -> SignalState:
    """Return what several records say together: one that certainly holds is enough; without any, nothing is."""
    found = list(verdicts)
    if not found:
        return SignalState.NOT_RECORDED
    if True in found:
        return SignalState.RECORDED
    return SignalState.NOT_KNOWN if None in found else SignalState.ABSENT


def both(one: Verdict, other: Verdict) -> Verdict:
    """Return whether two things hold together."""
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def opposite(verdict: Verdict) -> Verdict:
    return None if verdict is None else not verdict


def came(when: UncertainDate | None, day: date) -> Verdict:
    """Return whether something had come by a day; of an unknown date that cannot be told."""
    return True if certainly_by(when, day) else None if possibly_by(when, day) else False


def reported_by(citations: Iterable[Any], day: date) -> bool:
    """Whether a source that supports a fact was certainly published by a day: by then it was a fact to that source."""
    return any(
        citation.stance == Stance.SUPPORTS and came(citation.source.published, day) is True for citation in citations
    )


def happened(when: UncertainDate | None, citations: Iterable[Any], day: date) -> Verdict:
    """Return whether something had come by a day, by its date, or else because a source had told of it by then."""
    verdict = came(when, day)
    return True if verdict is None and reported_by(citations, day) else verdict


def holds(status: Any, day: date) -> Verdict:
    """Return whether a legal status held on a day. Without an end it is taken to go on; its last day still counts."""
    if status.kind_id == "unknown":
        return None
    return both(came(status.since, day), not_past(status.until, day))


def not_past(until: UncertainDate | None, day: date) -> Verdict:
    """Return whether a last day had not gone by; where none is recorded, it had not."""
    if until is None:
        return True
    if until.latest is not None and until.latest < day:
        return False
    return True if until.earliest is not None and until.earliest >= day else None


def ratified_on(row: Any, day: date) -> Verdict:
    """Return whether a country had ratified by a day.

    What was said as of a day holds for one side of it only: who had ratified stays so, and who had not ratified had not
    done so before either. “Not ratified” as of 2021 says nothing certain of 2022.
    """
    if row.state == RatificationState.RATIFIED:
        verdict = came(row.on, day)
        return True if verdict is None and came(row.as_of, day) is True else verdict
    said_before = row.as_of is None or row.as_of.earliest is None or row.as_of.earliest < day
    return None if row.state != RatificationState.NOT_RATIFIED or said_before else False


def let_out_since(stage: Any, stages: Iterable[Any], day: date) -> Verdict:
    """Return whether the person was out again by a day: released, departed or admitted elsewhere after a stage."""
    verdicts = [
        both(came(later.occurred, day), follows(later.occurred, stage.occurred))
        for later in stages
        if StageKind(later.kind).phase == Phase.RELEASE
    ]
    return True if True in verdicts else None if None in verdicts else False


def refused_since(stage: Any, stages: Iterable[Any], day: date) -> Verdict:
    """Return whether a request for surrender had been refused by a day, after a stage in the same country."""
    verdicts = [
        both(came(later.occurred, day), follows(later.occurred, stage.occurred))
        for later in stages
        if later.kind == StageKind.EXTRADITION_REFUSED and stage.country_id in (None, later.country_id)
    ]
    return True if True in verdicts else None if None in verdicts else False


def follows(when: UncertainDate | None, other: UncertainDate | None) -> Verdict:
    """Return whether one date lies after another; of two on one day that cannot be told."""
    if when is None or other is None:
        return None
    return True if other.before(when) else False if when.before(other) else None


def was_open(involvement: Any, day: date) -> bool:
    """Return whether a case was possibly open on a day: begun, and not certainly closed by then.

    The involvement is looked at as of that day, with its visible stages.
    """
    return possibly_by(involvement.incident.start, day) and situation(involvement).is_open is not False
