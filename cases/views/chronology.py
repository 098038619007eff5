"""Cases step by step: the sentence, the dated stages on a common axis, and the evidence for each."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects

from cases.codebook.situation import current, outcome, situation
from cases.models import Country, Stage
from cases.situation.engine import Situation, certainly_by
from cases.situation.odd_order import OddOrder, odd_steps
from cases.situation.sentence import opening
from cases.timeline import Mark, Timeline
from cases.views.evidence import Evidence, Proof
from cases.vocabulary import InvolvementRole, Scope, StageKind
from cases.vocabulary import Step as Reached
from records.current_day import current_day
from records.fields.edtf import UncertainDate


@dataclass(frozen=True)
class StageView:
    """One stage as a row of the timeline."""

    stage: Stage
    kind: StageKind
    where: str
    mark: Mark | None
    proof: Proof
    badge: str


@dataclass(frozen=True)
class OddOrderView:
    """Two steps in an order that makes little sense, each with its evidence."""

    oddity: OddOrder
    earlier: Proof
    later: Proof


@dataclass(frozen=True)
class CaseView:
    """One person's part in one incident: the sentence that opens it, and its steps on the incident's axis.

    `outcome` is how it ended, where it had by then; `lasting` says for how long, where the case is open; `reached` how
    far the pursuit has come.
    """

    involvement: Any
    sentence: str
    timeline: Timeline
    steps: list[StageView]
    proof: Proof
    outcome: Any
    lasting: str
    reached: str
    oddities: list[OddOrderView]


def country_names() -> dict[str, str]:
    """Return the name of each country by its code; countries are no secret."""
    return dict(Country.objects.values_list("code", "name"))


def where(place: str, code: str | None, countries: dict[str, str]) -> str:
    """Return a place and its country in a line."""
    country = countries.get(code, code) if code else ""
    return ", ".join(part for part in (place, country) if part)


def chronology(involvements: Iterable[Any], evidence: Evidence, countries: dict[str, str]) -> list[CaseView]:
    """Return the cases of some involvements, which come with their situation and visible stages: what is open first."""
    cases = cases_of(involvements)
    dates: dict[int, list[UncertainDate | None]] = defaultdict(list)
    for row in cases:
        dates[row.incident_id] += [stage.occurred for stage in row.visible_stages]
    axes = {incident: Timeline(when) for incident, when in dates.items()}
    return [case(row, axes[row.incident_id], evidence, countries) for row in cases]


def cases_of(involvements: Iterable[Any]) -> list[Any]:
    """Return the parts in incidents that are cases: what is open first."""
    return sorted(filter(is_case, involvements), key=latest_news_first)


def is_case(involvement: Any) -> bool:
    """Whether a part in an incident is a case: without a step it is none, unless the person is its subject."""
    return bool(involvement.visible_stages) or involvement.role == InvolvementRole.SUBJECT


def stages_with_terms(involvements: list[Any]) -> list[Stage]:
    """Return the visible stages of some involvements, with the terms that stages and outcomes have: two queries."""
    stages = [stage for row in involvements for stage in row.visible_stages]
    prefetch_related_objects(involvements, "outcome")
    prefetch_related_objects(stages, "detention_kind")
    return stages


def latest_news_first(involvement: Any) -> tuple[bool, float, int]:
    """Return the key that puts open cases before closed ones, later news first, and what crossed a border first."""
    incident = involvement.incident
    as_of = incident.status_as_of
    news = -as_of.latest.toordinal() if as_of and as_of.latest else math.inf
    return not involvement.is_open, news, list(Scope).index(incident.scope)


def case(involvement: Any, axis: Timeline, evidence: Evidence, countries: dict[str, str]) -> CaseView:
    stages, now = involvement.visible_stages, current(involvement)
    # What the sentence says rests on the stages; only without any does it rest on the incident.
    cited = evidence.of_all([involvement, *stages]) or evidence.of(involvement.incident)
    steps = [
        StageView(
            stage=stage,
            kind=StageKind(stage.kind),
            where=where(stage.place, stage.country_id, countries),
            mark=axis.mark(stage.occurred),
            proof=evidence.of(stage),
            badge=badge(stage, stage == now, situation(involvement)),
        )
        for stage in stages
    ]
    odd = [OddOrderView(one, evidence.of(one.earlier), evidence.of(one.later)) for one in odd_steps(stages)]
    sentence, proof = opening(involvement, countries, cited.citations), evidence.of(involvement)
    ended = involvement.outcome if outcome(involvement) else None
    return CaseView(involvement, sentence, axis, steps, proof, ended, lasting(involvement), reached(involvement), odd)


def lasting(involvement: Any) -> str:
    """Return for how long an open case has been in its phase and at its stage; nothing for a closed one."""
    where, today = situation(involvement), current_day()
    if where.current is None or where.is_open is False:
        return ""
    phase, stage = where.days_in_phase(today), where.days(today)
    at_stage = f", {stage} at this stage" if stage != phase else ""
    until = "" if involvement.as_of else " to today, with no later stage recorded"
    return f"{phase} in the phase of {where.current.phase.label}{at_stage}{until}."


def reached(involvement: Any) -> str:
    """Return the highest of the three steps that was reached, certainly and perhaps."""
    where = situation(involvement)
    if where.perhaps_reached == Reached.NONE:
        return ""
    perhaps = f", perhaps {where.perhaps_reached.label}" if where.perhaps_reached != where.reached else ""
    return f"Highest step reached: {where.reached.label}{perhaps}."


def badge(stage: Stage, is_current: bool, where: Situation) -> str:
    """Return what a stage is for the whole case, if anything."""
    if not certainly_by(stage.occurred, where.day):
        return "perhaps by then"
    if stage.kind in StageKind.terminal():
        return "closes the case"
    if stage in where.rivals:
        return "may have come last"
    if not is_current:
        return ""
    return "last known" if where.is_open is False else "where it stands"
