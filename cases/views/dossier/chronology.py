"""The chronology of a dossier: all stages of all of a person's cases in one order."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.utils.text import capfirst

from cases.models import IncidentCountry, Stage
from cases.situation.dates import bounds
from cases.situation.order import merged
from cases.situation.phrases import in_a_sentence
from cases.situation.places import codes, locations, of_part
from cases.situation.sentence import opening, status_words
from cases.views.chronology import particulars, where
from cases.views.dossier.content import DossierCase, DossierFact, DossierStep
from cases.views.dossier.statements import Statements
from cases.views.evidence import Evidence
from cases.vocabulary import (
    Accusation,
    ActorConfidence,
    ActorPart,
    Attribution,
    CountryPart,
    DemandChannel,
    DemandKind,
    InvolvementRole,
    OfficialAnswer,
    StageKind,
)
from records.models import Record


def is_alleged(incident: Any) -> bool:
    """Whether who did it stays an allegation: unless sources state it and every actor's part is confirmed, it does."""
    behind, actors = of_part(incident, CountryPart.ORIGIN), incident.visible_actors
    is_stated = bool(behind) and all(row.attribution == Attribution.STATED for row in behind)
    is_confirmed = bool(actors) and all(actor.confidence == ActorConfidence.CONFIRMED for actor in actors)
    return not (is_stated and is_confirmed)


def actor_words(actor: str, incident: Any) -> str:
    if not actor:
        return ""
    return f"by {actor} (alleged)" if is_alleged(incident) else f"by {actor}"


def case(involvement: Any, statements: Statements, evidence: Evidence, countries: dict[str, str]) -> DossierCase:
    """Return one case: its sentence, and what is known of the incident around it."""
    incident = involvement.incident
    cited = evidence.of_all([involvement, *involvement.visible_stages]) or evidence.of(incident)
    return DossierCase(
        title=incident.title,
        ref=incident.ref,
        sentence=opening(involvement, countries, cited.citations),
        facts=tuple(fact for fact in incident_facts(involvement, statements, countries) if fact.text),
        summary=incident.summary,
    )


def incident_facts(involvement: Any, statements: Statements, countries: dict[str, str]) -> list[DossierFact]:
    incident, role = involvement.incident, InvolvementRole(involvement.role)
    agreement = incident.visible_agreement

    def fact(label: str, text: str, *fields: str, rows: Iterable[Record] = ()) -> DossierFact:
        """Return a fact, with the statements about some fields of the incident, and about some of its parts."""
        own = statements.of(incident, incident.title, *fields) if fields else ()
        told = (number for row in rows for number in statements.of(row, incident.title))
        return DossierFact(label, text, tuple(sorted({*own, *told})))

    part = f"{capfirst(role.label)}: {role.meaning}"
    outcome = str(involvement.outcome) if involvement.outcome_id else ""
    accused = Accusation(involvement.accusation).label if involvement.accusation else ""
    return [
        DossierFact("Part in it", part, statements.of(involvement, f"Part in {incident.title}")),
        fact("State behind it", state_words(incident, countries), rows=of_part(incident, CountryPart.ORIGIN)),
        fact("Where", place_words(incident, countries), "place", rows=of_part(incident, CountryPart.LOCATION)),
        *(
            fact(label, named(codes(incident, part), countries), rows=of_part(incident, part))
            for label, part in (("Taken through", CountryPart.TRANSIT), ("Bound for", CountryPart.DESTINATION))
        ),
        fact("Began", incident.start.label if incident.start else "", "start"),
        fact("Ended", incident.end.label if incident.end else "", "end"),
        DossierFact(
            "Status", status_words(involvement), statements.of(involvement, "Status", "status", "status_as_of")
        ),
        DossierFact("Accused of", accused, statements.of(involvement, "Accused of", "accusation")),
        *(fact("Tactic", tactic_words(used), rows=[used]) for used in incident.visible_tactics),
        *(fact("Had a part in it", part_words(actor, incident), rows=[actor]) for actor in incident.visible_actors),
        *(fact("Asked", demand_words(demand), rows=[demand]) for demand in demands_of(involvement)),
        fact("Ground given", incident.legal_basis, "legal_basis"),
        fact("Agreement relied on", agreement.title if agreement else "", "agreement"),
        DossierFact("Outcome", outcome),
    ]


def state_words(incident: Any, countries: dict[str, str]) -> str:
    """Return the states behind an incident, and how far it is tied to each: alleged unless a source states it."""
    if not of_part(incident, CountryPart.ORIGIN):
        return "Not known."
    return " ".join(tied(row, countries) for row in of_part(incident, CountryPart.ORIGIN))


def tied(origin: IncidentCountry, countries: dict[str, str]) -> str:
    attribution = Attribution(origin.attribution)
    state = countries.get(origin.country_id, origin.country_id)
    alleged = "" if attribution == Attribution.STATED else ", as alleged"
    return f"{state}{alleged}. Attribution {attribution.label}: {attribution.meaning}"


def named(codes: Iterable[str], countries: dict[str, str]) -> str:
    return ", ".join(countries.get(code, code) for code in codes)


def place_words(incident: Any, countries: dict[str, str]) -> str:
    return ", ".join(filter(None, (incident.place, named(locations(incident), countries))))


def tactic_words(used: Any) -> str:
    return f"{used.tactic.label} ({used.occurred.label})" if used.occurred else used.tactic.label


def part_words(actor: Any, incident: Any) -> str:
    """Return who had a part in an incident, and what is said of that: "a ministry (alleged); ordered it; denies it"."""
    who = f"{actor.words} ({actor.organisation_label})" if actor.organisation_ref else actor.words
    alleged = " (alleged)" if is_alleged(incident) else ""
    part = ActorPart(actor.part).label if actor.part else ""
    confidence = ActorConfidence(actor.confidence).label if actor.confidence else ""
    answer = OfficialAnswer(actor.answer).label if actor.answer else ""
    return "; ".join(str(each) for each in (f"{who}{alleged}", part, confidence, answer) if each)


def demands_of(involvement: Any) -> list[Any]:
    """The demands that were made of the person."""
    return [each for each in involvement.incident.visible_demands if each.involvement_id == involvement.pk]


def demand_words(demand: Any) -> str:
    """Return what was asked: "to return, by a call, carried by X (alleged); threat: ...; 3 May 2019"."""
    by = f", by {DemandChannel(demand.channel).label}" if demand.channel else ""
    carried = f", carried by {demand.carried_by} (alleged)" if demand.carried_by else ""
    asked = f"{DemandKind(demand.kind).label}{by}{carried}"
    threat = f"threat: {demand.threat}" if demand.threat else ""
    return "; ".join(filter(None, (asked, threat, demand.occurred.label if demand.occurred else "")))


def chronology(
    involvements: list[Any], statements: Statements, countries: dict[str, str], *, notes: bool
) -> tuple[tuple[DossierStep, ...], tuple[DossierStep, ...]]:
    """Return the steps with a date in one order, and those without one after them, numbered through."""
    involvement_of = {stage.pk: row for row in involvements for stage in row.visible_stages}
    stages = merged(row.visible_stages for row in involvements)
    dated = [stage for stage in stages if stage.occurred is not None]
    undated = [stage for stage in stages if stage.occurred is None]
    steps = [
        step(number, stage, involvement_of[stage.pk], statements, countries, earlier=dated[: number - 1], notes=notes)
        for number, stage in enumerate([*dated, *undated], start=1)
    ]
    return tuple(steps[: len(dated)]), tuple(steps[len(dated) :])


def step(
    number: int,
    stage: Stage,
    involvement: Any,
    statements: Statements,
    countries: dict[str, str],
    *,
    earlier: list[Stage],
    notes: bool,
) -> DossierStep:
    kind = StageKind(stage.kind)
    held_in = f" ({stage.detention_kind.label.lower()})" if stage.detention_kind else ""
    return DossierStep(
        number=number,
        ref=stage.ref,
        when=stage.occurred.label if stage.occurred else "date not known",
        what=f"{capfirst(kind.label)}{held_in}",
        where=where_words(stage, countries),
        actor=actor_words(stage.actor, involvement.incident),
        particulars=particulars(stage),
        case=involvement.incident.title,
        note=stage.note if notes else "",
        order=order_words(stage, earlier) if stage.occurred else "Where it stands in the order is not known.",
        cited=statements.of(stage, f"Step {number}, {kind.label}"),
    )


def where_words(stage: Stage, countries: dict[str, str]) -> str:
    """Return the place and country of a step; of one that leads away, from where and to where."""
    place = where(stage.place, stage.country_id, countries)
    if stage.kind not in StageKind.leading():
        return place
    ends = (("from", stage.country_id), ("to", stage.destination_id))
    way = " ".join(f"{word} {in_a_sentence(countries.get(code, code))}" for word, code in ends if code)
    return ", ".join(filter(None, [way, stage.place]))


def order_words(stage: Stage, earlier: list[Stage]) -> str:
    """Say which of the steps above it may have come after it: "May have come before step 3."."""
    open_to = [number for number, other in enumerate(earlier, start=1) if not certainly_after(stage, other)]
    if not open_to:
        return ""
    return f"May have come before step{'' if len(open_to) == 1 else 's'} {spans(open_to)}."


def certainly_after(stage: Stage, other: Stage) -> bool:
    """Whether a step came after another by the dates, or within one case by the telling where they leave it open."""
    (first, last), (other_first, other_last) = bounds(stage.occurred), bounds(other.occurred)
    if first > other_last or last < other_first:
        return first > other_last
    return stage.involvement_id == other.involvement_id and 0 < other.position < stage.position


def spans(numbers: list[int]) -> str:
    """Return numbers in order as words, neighbours together: "1, 3 to 5 and 7"."""
    parts = []
    for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        several = [number for _, number in run]
        parts += [f"{several[0]} to {several[-1]}"] if len(several) > 2 else [str(each) for each in several]
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
