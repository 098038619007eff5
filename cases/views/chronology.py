"""Cases step by step: the sentence, the dated stages on a common axis, and the evidence for each."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cases.codebook.standing import current
from cases.models import Country, Stage
from cases.sentence import opening
from cases.timeline import Mark, Timeline
from cases.views.evidence import Evidence, Proof
from cases.vocabulary import InvolvementRole, Scope, StageKind
from sources.edtf import UncertainDate


@dataclass(frozen=True)
class Step:
    """One stage as a row of the timeline."""

    stage: Stage
    kind: StageKind
    where: str
    mark: Mark | None
    proof: Proof
    badge: str


@dataclass(frozen=True)
class Case:
    """One person's part in one incident: the sentence that opens it, and its steps on the incident's axis."""

    involvement: Any
    sentence: str
    timeline: Timeline
    steps: list[Step]
    proof: Proof


def country_names() -> dict[str, str]:
    """Return the name of each country by its code; countries are no secret."""
    return dict(Country.objects.values_list("alpha2", "name"))


def where(place: str, code: str | None, countries: dict[str, str]) -> str:
    """Return a place and its country in a line."""
    country = countries.get(code, code) if code else ""
    return ", ".join(part for part in (place, country) if part)


def chronology(involvements: Iterable[Any], evidence: Evidence, countries: dict[str, str]) -> list[Case]:
    """Return the cases of some involvements, which come with their standing and visible stages: what is open first.

    A part in an incident to which nothing happened is no case, unless the person is its subject.
    """
    cases = [row for row in involvements if row.visible_stages or row.role == InvolvementRole.SUBJECT]
    dates: dict[int, list[UncertainDate | None]] = defaultdict(list)
    for row in cases:
        dates[row.incident_id] += [stage.occurred for stage in row.visible_stages]
    axes = {incident: Timeline(when) for incident, when in dates.items()}
    return [case(row, axes[row.incident_id], evidence, countries) for row in sorted(cases, key=latest_news_first)]


def latest_news_first(involvement: Any) -> tuple[bool, float, int]:
    """Return the key that puts open cases before closed ones, later news first, and what crossed a border first."""
    incident = involvement.incident
    as_of = incident.status_as_of
    news = -as_of.latest.toordinal() if as_of and as_of.latest else math.inf
    return not involvement.is_open, news, list(Scope).index(incident.scope)


def case(involvement: Any, axis: Timeline, evidence: Evidence, countries: dict[str, str]) -> Case:
    stages, now = involvement.visible_stages, current(involvement)
    # What the sentence says rests on the stages; only without any does it rest on the incident.
    told = evidence.of_all([involvement, *stages]) or evidence.of(involvement.incident)
    steps = [
        Step(
            stage=stage,
            kind=StageKind(stage.kind),
            where=where(stage.place, stage.country_id, countries),
            mark=axis.mark(stage.occurred),
            proof=evidence.of(stage),
            badge=badge(stage, stage == now, involvement.is_open),
        )
        for stage in stages
    ]
    return Case(involvement, opening(involvement, countries, told.citations), axis, steps, evidence.of(involvement))


def badge(stage: Stage, is_current: bool, is_open: bool) -> str:
    """Return what a stage is for the whole case, if anything."""
    if stage.kind in StageKind.terminal():
        return "closes the case"
    if not is_current:
        return ""
    return "where it stands" if is_open else "last known"
