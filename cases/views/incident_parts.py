"""The parts of an incident as pages show them: its countries, its tactics, who did it, and what was demanded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from cases.situation.places import hosts, of_part
from cases.views.evidence import Evidence, Fact, Proof
from cases.views.links import Item, country_item, open_term, page_of, term
from cases.vocabulary import (
    ActorConfidence,
    ActorPart,
    Attribution,
    CountryPart,
    DemandChannel,
    DemandKind,
    OfficialAnswer,
)


@dataclass(frozen=True)
class ActorView:
    """Somebody who had a part in it, as alleged, and what that is."""

    actor: Any
    organisation: Item | None
    particulars: list[Item]
    proof: Proof


@dataclass(frozen=True)
class DemandView:
    """What was asked of somebody, by which way, and the evidence."""

    demand: Any
    kind: DemandKind
    channel: DemandChannel | None
    proof: Proof


def country_items(codes: list[str], countries: dict[str, str]) -> list[Item]:
    return [item for code in codes if (item := country_item(code, countries))]


def country_facts(incident: Any, evidence: Evidence, countries: dict[str, str]) -> list[Fact]:
    """Return what is known of the countries of an incident, by their parts in it: each with its own evidence."""
    behind = of_part(incident, CountryPart.ORIGIN)
    return [
        *(fact for row in behind for fact in state_facts(row, evidence, countries, len(behind))),
        *([] if behind else [Fact("State behind it")]),
        Fact("Host", country_items(hosts(incident), countries)),
        evidence.fact("Place", incident, "place"),
        *facts_of_part("Where", CountryPart.LOCATION, incident, evidence, countries),
        *facts_of_part("Taken through", CountryPart.TRANSIT, incident, evidence, countries),
        *facts_of_part("Bound for", CountryPart.DESTINATION, incident, evidence, countries),
    ]


def state_facts(row: Any, evidence: Evidence, countries: dict[str, str], states: int) -> list[Fact]:
    """Return a state behind an incident, and how far the incident is tied to it."""
    return [
        Fact("State behind it", country_items([row.country_id], countries), evidence.of(row, "country")),
        Fact("Tied to it", [tied(row, countries, states)], evidence.of(row, "attribution")),
    ]


def facts_of_part(
    label: str, part: CountryPart, incident: Any, evidence: Evidence, countries: dict[str, str]
) -> list[Fact]:
    """Return the countries that have a part in an incident, each as a fact; one without a value where there is none."""
    rows = of_part(incident, part)
    return [Fact(label, country_items([row.country_id], countries), evidence.of(row)) for row in rows] or [Fact(label)]


def tied(row: Any, countries: dict[str, str], states: int) -> Item:
    """Return how far an incident is tied to a state; of several states with the name of the one."""
    said: Any = term(Attribution(row.attribution))
    return said if states == 1 else replace(said, text=f"{countries.get(row.country_id, row.country_id)}: {said.text}")


def tactic_facts(incident: Any, evidence: Evidence) -> list[Fact]:
    """Return the tactics that were used, each as a fact, with its date where it has one."""
    found = []
    for used in incident.visible_tactics:
        item: Any = open_term(used.tactic)
        dated = replace(item, text=f"{item.text} ({used.occurred.label})") if used.occurred else item
        found.append(Fact("Tactic", [dated], evidence.of(used)))
    return found or [Fact("Tactic")]


def agreement_fact(incident: Any, evidence: Evidence) -> Fact:
    """Return the agreement that was relied on, where the reader may see it."""
    agreement = incident.visible_agreement
    if agreement is None:
        return Fact("Agreement relied on")
    item = Item(agreement.title, page_of("agreement", agreement.ref))
    return Fact("Agreement relied on", [item], evidence.of(incident, "agreement"))


def actor_views(incident: Any, evidence: Evidence) -> list[ActorView]:
    return [
        ActorView(
            actor,
            organisation_item(actor),
            actor_particulars(actor),
            evidence.of(actor),
        )
        for actor in incident.visible_actors
    ]


def organisation_item(actor: Any) -> Item | None:
    """Return the organisation that an actor is, where the reader may see its record."""
    ref = actor.organisation_ref
    return Item(actor.organisation_label, page_of("person", ref)) if ref else None


def actor_particulars(actor: Any) -> list[Item]:
    """Return what is said of an actor in codes: kind, part, how sure that is, and the official answer."""
    found = [
        open_term(actor.kind),
        term(ActorPart(actor.part)) if actor.part else None,
        term(ActorConfidence(actor.confidence)) if actor.confidence else None,
        term(OfficialAnswer(actor.answer)) if actor.answer else None,
    ]
    return [item for item in found if item is not None]


def demand_views(demands: Iterable[Any], evidence: Evidence) -> list[DemandView]:
    return [
        DemandView(
            demand,
            DemandKind(demand.kind),
            DemandChannel(demand.channel) if demand.channel else None,
            evidence.of(demand),
        )
        for demand in demands
    ]
