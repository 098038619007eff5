"""What partners may write of the cases: the slots of each resource, and how its rows are made of what was given."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, QuerySet, When

from cases.codebook import CITATIONS, EVIDENCE, INCIDENTS, NOTICES, PEOPLE, STAGES
from cases.models import (
    CITABLE,
    Citation,
    Country,
    Incident,
    Involvement,
    LegalStatus,
    Notice,
    NoticeEvent,
    Person,
    PersonDetail,
    PersonName,
    Stage,
)
from cases.vocabulary import DetailKind, InvolvementRole, Stance
from sources.desk import AlreadyThere, Desk
from sources.models import Record, SourceDocument
from sources.strict_json import Malformed
from sources.submitting import Entry, Given, Slot, slot, slots, visible

NO_PART = "This person has no part in this incident, or none that you may see."
NUMBER_IS_TAKEN = "There is a notice of this kind, number and country already: {}."


def about(user: Any, ref: str) -> Record | None:
    """Find what a citation is about: a record of any kind that can be cited, by its reference."""
    model = next((model for model in CITABLE.values() if ref.startswith(f"{model.prefix()}-")), None)
    return visible(model)(user, ref) if model else None


def make_person(desk: Desk, given: Given) -> Person:
    person = desk.new(Person, given)
    for name in given.more.get("names", []):
        desk.new(PersonName, name, person=person)
    for country in given.more.get("citizenships", []):
        desk.new(LegalStatus, part(given, "citizenships"), person=person, country_id=country, kind_id="citizen")
    if given.more.get("born"):
        desk.new(PersonDetail, part(given, "born"), person=person, kind=DetailKind.BORN, date=given.more["born"])
    return person


def part(given: Given, name: str) -> Given:
    """Return what stands for a part of which one value was given: its problems are told of that value."""
    return Given(given.places[name])


def make_incident(desk: Desk, given: Given) -> Incident:
    incident = desk.new(Incident, given)
    for involved in given.more.get("people", []):
        desk.new(Involvement, involved, incident=incident)
    return incident


def make_stage(desk: Desk, given: Given) -> Stage:
    """Add a stage to a person's part in an incident, after those that the user may see."""
    incident = given.more["incident"]
    involvement = involvements(desk.user, incident, given.more["person"]).first()
    if involvement is None:
        raise Malformed({given.places["person"]: [NO_PART]})
    last = Stage.objects.visible_to(desk.user).filter(involvement=involvement).order_by("position").last()
    position = last.position + 1 if last else 0
    return desk.new(Stage, given, involvement=involvement, incident=incident, position=position)


def involvements(user: Any, incident: Incident, person: Person) -> QuerySet:
    """Return a person's parts in an incident, the one to whom it happened first."""
    rows = Involvement.objects.visible_to(user).filter(incident=incident, person=person)
    return rows.order_by(Case(When(role=InvolvementRole.SUBJECT, then=0), default=1), "pk")


def make_notice(desk: Desk, given: Given) -> Notice:
    check_notice(desk, None, given)
    notice = desk.new(Notice, given)
    for position, event in enumerate(given.more.get("events", [])):
        desk.new(NoticeEvent, event, notice=notice, position=position)
    return notice


def check_notice(desk: Desk, notice: Notice | None, given: Given) -> None:
    """Refuse the number of another notice that the user may see. Of one that is hidden nobody is told."""
    known = {name: getattr(notice, name, None) for name in ("number", "instrument", "requested_by_id")}
    same = known | {name: value for name, value in given.columns.items() if name in known}
    if not same["number"] or "number" not in given.columns:
        return
    others = Notice.objects.visible_to(desk.user).exclude(pk=notice.pk if notice else None)
    if (other := others.filter(**same).first()) is not None:
        raise AlreadyThere({given.places["number"]: [NUMBER_IS_TAKEN.format(other.ref)]})


def make_source(desk: Desk, given: Given) -> SourceDocument:
    return desk.new(SourceDocument, given)


def make_citation(desk: Desk, given: Given) -> Citation:
    """Add what a source says about a record; the source may be new."""
    source, record = given.more["source"], given.more["record"]
    if isinstance(source, Given):
        source = desk.new(SourceDocument, source)
    supports = given.columns.get("stance", Stance.SUPPORTS) == Stance.SUPPORTS
    given.columns.setdefault("preferred", supports)
    link = next(name for name, model in CITABLE.items() if isinstance(record, model))
    return desk.new(Citation, given, source=source, **{link: record})


def column(resource: Any, name: str, **options: Any) -> Slot:
    """Return the slot of a column that is given once and is no column of the record's own row."""
    found = resource.column(name)
    return Slot(found, needed=found.filled, once=True, **options)


SOURCE_SLOTS = (
    *slots(EVIDENCE.columns, SourceDocument, "title", "outlet", "author", "url", "kind", "language", "published"),
    *slots(EVIDENCE.columns, SourceDocument, "reliability", "reliability_reason"),
    Slot(
        EVIDENCE.column("derived_from"),
        SourceDocument._meta.get_field("derived_from"),
        once=True,
        find=visible(SourceDocument),
    ),
    *slots(EVIDENCE.columns, SourceDocument, "derivation", "note"),
)

ENTRIES = (
    Entry(
        PEOPLE,
        (
            *slots(PEOPLE.columns, Person, "label", "kind"),
            Slot(
                PEOPLE.column("headcount"),
                parts=slots(PEOPLE.column("headcount").parts, Person, "min", "max"),
            ),
            *slots(PEOPLE.columns, Person, "standing", "role"),
            column(
                PEOPLE,
                "names",
                parts=slots(PEOPLE.column("names").parts, PersonName, "text", "kind", "script", "language"),
            ),
            column(PEOPLE, "citizenships", find=visible(Country)),
            *slots(PEOPLE.columns, Person, "residence", "sex", "ethnicity", "occupation", "categories"),
            column(PEOPLE, "born"),
        ),
        make_person,
        {
            "label": "Dilmurat Y.",
            "standing": "target",
            "names": [{"text": "Dilmurat Yasin", "kind": "primary"}, {"text": "Dilmurat Yassin", "kind": "misprint"}],
            "citizenships": ["CN"],
            "residence": "TR",
            "sex": "male",
            "born": "1987~",
        },
    ),
    Entry(
        INCIDENTS,
        (
            *slots(INCIDENTS.columns, Incident, "title", "scope", "tactics", "origin", "attribution", "location"),
            *slots(INCIDENTS.columns, Incident, "place", "start", "end"),
            Slot(
                INCIDENTS.column("status"),
                parts=slots(INCIDENTS.column("status").parts, Incident, "value", "as_of"),
            ),
            *slots(INCIDENTS.columns, Incident, "legal_basis", "actor", "actor_kind", "actor_confidence", "summary"),
            column(
                INCIDENTS,
                "people",
                parts=slots(INCIDENTS.column("people").parts, Involvement, "person", "role", "outcome"),
            ),
        ),
        make_incident,
        {
            "title": "Held at Casablanca airport on a request from China",
            "scope": "cross_border",
            "origin": "CN",
            "attribution": "stated",
            "location": "MA",
            "start": "2021-07-19",
            "status": {"value": "ongoing", "as_of": "2021-08"},
            "people": [{"person": "PER-8QX3M2VD", "role": "subject"}],
        },
    ),
    Entry(
        STAGES,
        (
            column(STAGES, "incident", find=visible(Incident)),
            column(STAGES, "person", find=visible(Person)),
            *slots(STAGES.columns, Stage, "kind", "occurred", "country", "place", "actor", "detention_kind", "note"),
        ),
        make_stage,
        {
            "incident": "INC-4M7QZ0XK",
            "person": "PER-8QX3M2VD",
            "kind": "detention",
            "occurred": {"edtf": "2021-07-19~"},
            "country": "MA",
            "place": "the airport of Casablanca",
        },
    ),
    Entry(
        NOTICES,
        (
            slot(NOTICES.column("person"), Notice, once=True),
            *slots(NOTICES.columns, Notice, "instrument", "requested_by", "number"),
            column(
                NOTICES,
                "events",
                parts=slots(NOTICES.column("events").parts, NoticeEvent, "state", "occurred", "asserted_by"),
            ),
            *slots(NOTICES.columns, Notice, "note"),
        ),
        make_notice,
        {
            "person": "PER-8QX3M2VD",
            "instrument": "red_notice",
            "requested_by": "CN",
            "number": "A-1234/5-2020",
            "events": [{"state": "published", "occurred": "2020", "asserted_by": "his lawyer"}],
        },
        check_notice,
    ),
    Entry(
        EVIDENCE,
        SOURCE_SLOTS,
        make_source,
        {
            "title": "Uyghur traveller held at airport",
            "outlet": "The Daily Lantern",
            "kind": "news_report",
            "language": "en",
            "published": "2021-07-27",
        },
    ),
    Entry(
        CITATIONS,
        (
            column(CITATIONS, "source", find=visible(SourceDocument), parts=SOURCE_SLOTS),
            column(CITATIONS, "record", find=about),
            *slots(CITATIONS.columns, Citation, "field", "stated_value", "stance", "preferred", "reason"),
            *slots(CITATIONS.columns, Citation, "credibility", "paragraph", "start", "end"),
        ),
        make_citation,
        {
            "source": {
                "title": "Uyghur traveller held at airport",
                "outlet": "The Daily Lantern",
                "kind": "news_report",
            },
            "record": "PER-8QX3M2VD",
            "field": "residence",
            "stated_value": "lives in Istanbul",
            "paragraph": 3,
        },
    ),
)
