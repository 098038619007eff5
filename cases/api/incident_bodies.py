"""What partners may submit about incidents and their parts, and how the rows are made."""

from __future__ import annotations

from typing import Any

from cases.api.person_bodies import PERSON_SLOTS, make_person
from cases.api.slots import column, part
from cases.api.source_bodies import CITED, NEW_SOURCES, NewSources
from cases.codebook import INCIDENTS, STAGES
from cases.models import (
    Actor,
    Agreement,
    Country,
    Demand,
    Incident,
    IncidentCountry,
    Involvement,
    Person,
    Stage,
    TacticUsed,
)
from cases.vocabulary import CountryPart, InvolvementRole
from records.api.drafts import DraftWriter
from records.api.request_body import (
    ASKED_LEVEL,
    CONFIRMED_DATES,
    RowInput,
    WritableColumn,
    WritableResource,
    find_visible,
    writable,
    writable_columns,
)
from records.api.strict_json import Malformed, place
from records.lists.codebook import Column
from records.models import Record

UNTOLD = "Say which source tells of this stage: without one it is not published."
NOT_AMONG_PEOPLE = "Name this person among “people” too, with a role."
#: The columns of an incident that list countries by code, and the part that these have in it.
COUNTRY_PARTS = {
    "locations": CountryPart.LOCATION,
    "transits": CountryPart.TRANSIT,
    "destinations": CountryPart.DESTINATION,
}


class WholeCase:
    """Makes an incident with all that was given with it: its parts, people, stages and sources."""

    def __init__(self, writer: DraftWriter, given: RowInput) -> None:
        self.writer, self.given = writer, given
        self.sources = NewSources(writer, given)
        self.incident = writer.new(Incident, given)
        self.sources.cite(self.incident, given)

    def add(self, model: type[Record], given: RowInput, **own: Any) -> Any:
        """Make a part of the incident, with what sources say about it."""
        row = self.writer.new(model, given, incident=self.incident, **own)
        self.sources.cite(row, given)
        return row

    def add_countries(self) -> None:
        for origin in self.given.more.get("origins", []):
            self.add(IncidentCountry, origin, part=CountryPart.ORIGIN)
        for name, country_part in COUNTRY_PARTS.items():
            for country in self.given.more.get(name, []):
                self.add(IncidentCountry, part(self.given, name), country_id=country, part=country_part)

    def add_person(self, given: RowInput) -> Involvement:
        """Add somebody's part in it, the person too where they are new, and what happened to them."""
        person = given.more["person"]
        if isinstance(person, RowInput):
            new, person = person, make_person(self.writer, person)
            self.sources.cite(person, new)
        involvement = self.add(Involvement, given, person=person)
        for position, stage in enumerate(given.more.get("stages", []), start=1):
            self.add(Stage, stage, involvement=involvement, position=position)
        for demand in given.more.get("demands", []):
            self.add(Demand, demand, involvement=involvement)
        return involvement


def make_incident(writer: DraftWriter, given: RowInput) -> Incident:
    if writer.goes_to_review:
        refuse_bare_stages(given)
    case = WholeCase(writer, given)
    case.add_countries()
    for used in given.more.get("tactics", []):
        case.add(TacticUsed, used)
    for actor in given.more.get("actors", []):
        case.add(Actor, actor)
    parts = [case.add_person(involved) for involved in given.more.get("people", [])]
    for demand in given.more.get("demands", []):
        case.add(Demand, demand, involvement=part_of_person(parts, demand))
    case.sources.refuse_uncited()
    return case.incident


def refuse_bare_stages(given: RowInput) -> None:
    """Refuse stages of which no source tells: the incident could not be published. Raises Malformed."""
    stages = (stage for person in given.more.get("people", []) for stage in person.more.get("stages", []))
    bare = [stage for stage in stages if not stage.more.get(CITED.name)]
    if bare:
        raise Malformed({place(stage.at, CITED.name): [UNTOLD] for stage in bare})


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
DEMANDED_OF = WritableColumn(
    next(part for part in DEMAND_COLUMNS if part.name == "person"), needed=True, find=find_visible(Person)
)
DEMAND_SLOTS = (
    *writable_columns(DEMAND_COLUMNS, Demand, "kind", "channel", "carried_by", "threat", "occurred", "note"),
    CITED,
    ASKED_LEVEL,
)
STAGE_SLOTS = (
    *writable_columns(STAGES.columns, Stage, "kind", "occurred", "country", "destination", "place"),
    *writable_columns(STAGES.columns, Stage, "headcount", "actor", "detention_kind", "lawfulness"),
    *writable_columns(STAGES.columns, Stage, "host_part", "in_absentia", "cause", "note"),
)
PEOPLE_COLUMNS = INCIDENTS.column("people").parts
#: What was done to one person, and demanded of them, stands with them: somebody new has no reference yet.
STAGES_OF_PERSON = WritableColumn(
    Column("stages", "What happened to the person, step by step.", "object", many=True),
    once=True,
    parts=(*STAGE_SLOTS, CITED, ASKED_LEVEL),
)
DEMANDS_OF_PERSON = WritableColumn(
    Column("demands", "What was demanded of the person.", "object", many=True), once=True, parts=DEMAND_SLOTS
)

ORIGIN, ATTRIBUTION = INCIDENTS.column("origins").parts
STATUS = next(part for part in PEOPLE_COLUMNS if part.name == "status")

INCIDENT_BODY = WritableResource(
    INCIDENTS,
    (
        *writable_columns(INCIDENTS.columns, Incident, "title", "scope"),
        column(
            INCIDENTS,
            "tactics",
            parts=(*writable_columns(INCIDENTS.column("tactics").parts, TacticUsed), CITED, ASKED_LEVEL),
        ),
        column(
            INCIDENTS,
            "origins",
            parts=(
                writable(ORIGIN, IncidentCountry),
                writable(ATTRIBUTION, IncidentCountry, needed=False),  # unknown where nothing is said
                CITED,
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
        column(INCIDENTS, "actors", parts=(*ACTOR_SLOTS, CITED, ASKED_LEVEL)),
        column(INCIDENTS, "demands", parts=(DEMANDED_OF, *DEMAND_SLOTS)),
        column(
            INCIDENTS,
            "people",
            parts=(
                WritableColumn(
                    next(part for part in PEOPLE_COLUMNS if part.name == "person"),
                    needed=True,
                    find=find_visible(Person),
                    parts=(*PERSON_SLOTS, CITED),
                ),
                *writable_columns(PEOPLE_COLUMNS, Involvement, "role", "outcome"),
                WritableColumn(STATUS, parts=writable_columns(STATUS.parts, Involvement, "value", "as_of", "reason")),
                *writable_columns(PEOPLE_COLUMNS, Involvement, "accusation"),
                STAGES_OF_PERSON,
                DEMANDS_OF_PERSON,
                CITED,
                ASKED_LEVEL,
            ),
        ),
        NEW_SOURCES,
        CITED,
        CONFIRMED_DATES,
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
        "sources": [
            {"title": "Uyghur traveller held at airport", "outlet": "The Daily Lantern", "kind": "news_report"}
        ],
        "people": [
            {
                "person": {"label": "Dilmurat Y.", "standing": "target", "names": [{"text": "Dilmurat Yasin"}]},
                "role": "subject",
                "status": {"value": "ongoing", "as_of": "2021-08"},
                "stages": [
                    {
                        "kind": "detention",
                        "occurred": "2021-07-19",
                        "country": "MA",
                        "citations": [{"source": "sources/0", "field": "occurred", "paragraph": 3}],
                    }
                ],
            }
        ],
    },
)
