"""Cases step by step: the sentence, the dated stages on a common axis, and the evidence for each."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cases.codebook.situation import is_open, outcome
from cases.models import Country, Stage
from cases.situation.engine import Situation
from cases.situation.odd_order import OddOrder, odd_steps
from cases.situation.sentence import opening, status_words
from cases.situation.standing import situation
from cases.timeline import Mark, Timeline
from cases.views.evidence import Evidence, Proof
from cases.vocabulary import Accusation, InvolvementRole, Scope, StageKind
from cases.vocabulary import Step as Reached
from records.fields.edtf import UncertainDate


@dataclass(frozen=True)
class StageView:
    """One stage as a row of the timeline."""

    stage: Stage
    kind: StageKind
    where: str
    particulars: str
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

    `outcome` is how it ended, where it had by then; `status` what is said of it as a whole; `accusation` what the
    pursuing state accuses the person of; `lasting` says for how long, where the case is open; `reached` how far the
    pursuit has come, and `fate` what became of the person since a removal to the origin.
    """

    involvement: Any
    is_open: bool | None
    sentence: str
    timeline: Timeline
    steps: list[StageView]
    proof: Proof
    outcome: Any
    status: str
    accusation: Accusation | None
    lasting: str
    reached: str
    fate: str
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


def stages_of(involvements: list[Any]) -> list[Stage]:
    """Return the visible stages of some involvements."""
    return [stage for row in involvements for stage in row.visible_stages]


def latest_news_first(involvement: Any) -> tuple[bool, float, int]:
    """Return the key that puts open cases before closed ones, later news first, and what crossed a border first."""
    incident, as_of = involvement.incident, involvement.status_as_of
    news = -as_of.latest.toordinal() if as_of and as_of.latest else math.inf
    return is_open(involvement) is False, news, list(Scope).index(incident.scope)


def case(involvement: Any, axis: Timeline, evidence: Evidence, countries: dict[str, str]) -> CaseView:
    stages, found = involvement.visible_stages, situation(involvement)
    # What the sentence says rests on the stages; only without any does it rest on the incident.
    cited = evidence.of_all([involvement, *stages]) or evidence.of(involvement.incident)
    steps = [
        StageView(
            stage=stage,
            kind=StageKind(stage.kind),
            where=way(stage, countries),
            particulars=particulars(stage),
            mark=axis.mark(stage.occurred),
            proof=evidence.of(stage),
            badge=badge(stage, found),
        )
        for stage in stages
    ]
    return CaseView(
        involvement=involvement,
        is_open=is_open(involvement),
        sentence=opening(involvement, countries, cited.citations),
        timeline=axis,
        steps=steps,
        proof=evidence.of(involvement),
        outcome=involvement.outcome if outcome(involvement) else None,
        status=status_words(involvement),
        accusation=Accusation(involvement.accusation) if involvement.accusation else None,
        lasting=lasting(involvement),
        reached=reached(found),
        fate=fate(found),
        oddities=[OddOrderView(one, evidence.of(one.earlier), evidence.of(one.later)) for one in odd_steps(stages)],
    )


def way(stage: Stage, countries: dict[str, str]) -> str:
    """Return where a stage took place; of one that leads away, from where and to where."""
    place = where(stage.place, stage.country_id, countries)
    if not stage.destination_id:
        return place
    leads_to = countries.get(stage.destination_id, stage.destination_id)
    return f"{place} to {leads_to}" if place else f"to {leads_to}"


def particulars(stage: Stage) -> str:
    """Return what else is told of a stage: to how many it happened, how somebody died, what the law says of it."""
    said = [
        f"{stage.headcount:,} of them" if stage.headcount else "",
        f"cause: {stage.get_cause_display()}" if stage.cause else "",
        {True: "passed in absence", False: "passed in presence", None: ""}[stage.in_absentia],
        f"lawfulness: {stage.get_lawfulness_display()}" if stage.lawfulness else "",
        f"part of the state there: {stage.get_host_part_display()}" if stage.host_part else "",
    ]
    return "; ".join(filter(None, said))


def lasting(involvement: Any) -> str:
    """Return for how long an open case has been in its phase; nothing for a closed one."""
    found = situation(involvement)
    days = found.days_in_phase()
    if found.phase is None or found.is_open is False or days is None:
        return ""
    until = "" if involvement.as_of else " to today, with no later stage recorded"
    return f"{days} in the phase of {found.phase.label}{until}."


def reached(found: Situation) -> str:
    """Return the highest of the three steps that was reached, certainly and perhaps, and what stands apart."""
    if found.perhaps_reached == Reached.NONE and not found.reached_apart:
        return ""
    perhaps = f", perhaps {found.perhaps_reached.label}" if found.perhaps_reached != found.reached else ""
    apart = "".join(f"; {apart_words(step, found)}" for step in found.reached_apart)
    return f"Highest step reached: {found.reached.label}{perhaps}{apart}."


def apart_words(step: Reached, found: Situation) -> str:
    """Return a step that stands apart; a removal of which nobody tells where it led is not said to lead elsewhere."""
    led = any(each.destination for each in found.happened if each.kind in StageKind.removals())
    return step.label if led or step != Reached.REMOVED_ELSEWHERE else "removed, where to is not told"


def fate(found: Situation) -> str:
    """Return what became of a person since a removal to the origin, and whether they are still followed."""
    if found.fate is None:
        return ""
    followed = "still followed" if found.is_followed else "followed no longer"
    return f"Since the removal to the origin: {found.fate.label}; {followed}."


def badge(stage: Stage, found: Situation) -> str:
    """Return what a stage is for the whole case, if anything."""
    if stage.ref not in {step.ref for step in found.happened}:
        return "perhaps by then" if stage.ref in {step.ref for step in found.steps} else "ahead"
    if stage.ref in {step.ref for step in found.perhaps}:
        return "may have come last"
    now, deciding = found.told.liberty, found.deciding
    ends = [step.ref for step in found.happened if step.kind in StageKind.terminal()]
    if now is not None and now.terminal and found.is_open is False and stage.ref == ends[-1]:
        return "closes the case"
    if deciding is not None and stage.ref == deciding.step.ref:
        return "last known" if found.is_open is False else "where it stands"
    if any(each.pending and each.step.ref == stage.ref for each in found.procedures):
        return "pending"
    return ""
