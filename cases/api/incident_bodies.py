"""What partners may submit about incidents and their parts, and how the rows are made."""

from __future__ import annotations

from cases.api.slots import column, part
from cases.codebook import INCIDENTS
from cases.models import Actor, Agreement, Country, Demand, Incident, IncidentCountry, Involvement, Person, TacticUsed
from cases.vocabulary import CountryPart, InvolvementRole
from records.api.drafts import DraftWriter
from records.api.request_body import (
    ASKED_LEVEL,
    RowInput,
    WritableColumn,
    WritableResource,
    find_visible,
    writable,
    writable_columns,
)
from records.api.strict_json import Malformed

NOT_AMONG_PEOPLE = "Name this person among “people” too, with a role."
#: The columns of an incident that list countries by code, and the part that these have in it.
COUNTRY_PARTS = {
    "locations": CountryPart.LOCATION,
    "transits": CountryPart.TRANSIT,
    "destinations": CountryPart.DESTINATION,
}


def make_incident(writer: DraftWriter, given: RowInput) -> Incident:
    incident = writer.new(Incident, given)
    for origin in given.more.get("origins", []):
        writer.new(IncidentCountry, origin, incident=incident, part=CountryPart.ORIGIN)
    for name, country_part in COUNTRY_PARTS.items():
        for country in given.more.get(name, []):
            place = part(given, name)
            writer.new(IncidentCountry, place, incident=incident, country_id=country, part=country_part)
    for used in given.more.get("tactics", []):
        writer.new(TacticUsed, used, incident=incident)
    for actor in given.more.get("actors", []):
        writer.new(Actor, actor, incident=incident)
    parts = [writer.new(Involvement, involved, incident=incident) for involved in given.more.get("people", [])]
    for demand in given.more.get("demands", []):
        writer.new(Demand, demand, incident=incident, involvement=part_of_person(parts, demand))
    return incident


def part_of_person(parts: list[Involvement], demand: RowInput) -> Involvement:
    """Return the part of the person of whom something was demanded, among those that were given with it."""
    person = demand.more["person"]
    subjects_first = sorted(parts, key=lambda row: row.role != InvolvementRole.SUBJECT)
    found = next((row for row in subjects_first if row.person_id == person.pk), None)
    if found is None:
        raise Malformed({demand.places["person"]: [NOT_AMONG_PEOPLE]})
    return found


ACTOR_COLUMNS, DEMAND_COLUMNS = (INCIDENTS.column(name).parts for name in ("actors", "demands"))
ACTOR_SLOTS = (
    *writable_columns(ACTOR_COLUMNS, Actor, "words"),
    WritableColumn(
        next(part for part in ACTOR_COLUMNS if part.name == "organisation"),
        Actor._meta.get_field("organisation"),
        find=find_visible(Person),
    ),
    *writable_columns(ACTOR_COLUMNS, Actor, "kind", "part", "confidence", "answer"),
)
DEMAND_SLOTS = (
    WritableColumn(
        next(part for part in DEMAND_COLUMNS if part.name == "person"), needed=True, find=find_visible(Person)
    ),
    *writable_columns(DEMAND_COLUMNS, Demand, "kind", "channel", "carried_by", "threat", "occurred", "note"),
)

ORIGIN, ATTRIBUTION = INCIDENTS.column("origins").parts
STATUS = next(part for part in INCIDENTS.column("people").parts if part.name == "status")

INCIDENT_BODY = WritableResource(
    INCIDENTS,
    (
        *writable_columns(INCIDENTS.columns, Incident, "title", "scope"),
        column(
            INCIDENTS,
            "tactics",
            parts=(*writable_columns(INCIDENTS.column("tactics").parts, TacticUsed), ASKED_LEVEL),
        ),
        column(
            INCIDENTS,
            "origins",
            parts=(
                writable(ORIGIN, IncidentCountry),
                writable(ATTRIBUTION, IncidentCountry, needed=False),  # unknown where nothing is said
                ASKED_LEVEL,
            ),
        ),
        *(column(INCIDENTS, name, find=find_visible(Country)) for name in COUNTRY_PARTS),
        *writable_columns(INCIDENTS.columns, Incident, "place", "start", "end", "legal_basis"),
        WritableColumn(
            INCIDENTS.column("agreement"),
            Incident._meta.get_field("agreement"),
            once=True,
            find=find_visible(Agreement),
        ),
        *writable_columns(INCIDENTS.columns, Incident, "summary"),
        column(INCIDENTS, "actors", parts=(*ACTOR_SLOTS, ASKED_LEVEL)),
        column(INCIDENTS, "demands", parts=(*DEMAND_SLOTS, ASKED_LEVEL)),
        column(
            INCIDENTS,
            "people",
            parts=(
                *writable_columns(INCIDENTS.column("people").parts, Involvement, "person", "role", "outcome"),
                WritableColumn(STATUS, parts=writable_columns(STATUS.parts, Involvement, "value", "as_of", "reason")),
                *writable_columns(INCIDENTS.column("people").parts, Involvement, "accusation"),
                ASKED_LEVEL,
            ),
        ),
        ASKED_LEVEL,
    ),
    make_incident,
    {
        "title": "Held at Casablanca airport on a request from China",
        "scope": "cross_border",
        "tactics": [{"tactic": "detention", "occurred": "2021-07-19"}],
        "origins": [{"country": "CN", "attribution": "stated"}],
        "locations": ["MA"],
        "start": "2021-07-19",
        "people": [{"person": "PER-8QX3M2VD", "role": "subject", "status": {"value": "ongoing", "as_of": "2021-08"}}],
    },
)
