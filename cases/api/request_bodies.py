"""What partners may submit about cases: the writable columns of each resource, and how its rows are made."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, QuerySet, When

from cases.api.incident_bodies import INCIDENT_BODY
from cases.api.slots import column, part
from cases.codebook import CITATIONS, EVIDENCE, NOTICES, PEOPLE, STAGES
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
    Warrant,
)
from cases.similar_people import similar_people
from cases.vocabulary import DetailKind, InvolvementRole, Stance
from records.api.drafts import AlreadyStored, DraftWriter
from records.api.request_body import (
    ASKED_LEVEL,
    RowInput,
    WritableColumn,
    WritableResource,
    different_from,
    find_visible,
    writable,
    writable_columns,
)
from records.api.strict_json import Malformed
from records.fields.scripts import usual_script
from records.models import Record
from sources.models import SourceDocument
from sources.similar_sources import similar_sources

NO_PART = "This person has no part in this incident, or none that you may see."
NUMBER_IS_TAKEN = "There is a notice of this kind, number and country already: {}."


def about(user: Any, ref: str) -> Record | None:
    """Find what a citation is about: a record of any kind that can be cited, by its reference."""
    model = next((model for model in CITABLE.values() if ref.startswith(f"{model.prefix()}-")), None)
    return find_visible(model)(user, ref) if model else None


def make_person(writer: DraftWriter, given: RowInput) -> Person:
    person = writer.new(Person, given)
    for name in given.more.get("names", []):
        name.columns.setdefault("script", usual_script(name.columns["text"]))
        writer.new(PersonName, name, person=person)
    for country in given.more.get("citizenships", []):
        writer.new(LegalStatus, part(given, "citizenships"), person=person, country_id=country, kind_id="citizen")
    if given.more.get("born"):
        writer.new(PersonDetail, part(given, "born"), person=person, kind=DetailKind.BORN, date=given.more["born"])
    names = [person.label, *(name.columns["text"] for name in given.more.get("names", []))]
    writer.ask_of_similar(similar_people(person, names, writer.user), given)
    return person


def check_person(writer: DraftWriter, person: Person, given: RowInput) -> None:
    """Ask of people who go by a new label too."""
    label = given.columns.get("label", person.label)
    writer.ask_of_similar(similar_people(person, [label] if label != person.label else [], writer.user), given)


def make_stage(writer: DraftWriter, given: RowInput) -> Stage:
    """Add a stage to a person's part in an incident, after those that the user may see."""
    incident = given.more["incident"]
    involvement = involvements(writer.user, incident, given.more["person"]).first()
    if involvement is None:
        raise Malformed({given.places["person"]: [NO_PART]})
    last = Stage.objects.visible_to(writer.user).filter(involvement=involvement).order_by("position").last()
    position = last.position + 1 if last else 1
    return writer.new(Stage, given, involvement=involvement, incident=incident, position=position)


def involvements(user: Any, incident: Incident, person: Person) -> QuerySet:
    """Return a person's parts in an incident, the one to whom it happened first."""
    rows = Involvement.objects.visible_to(user).filter(incident=incident, person=person)
    return rows.order_by(Case(When(role=InvolvementRole.SUBJECT, then=0), default=1), "pk")


def make_notice(writer: DraftWriter, given: RowInput) -> Notice:
    check_notice(writer, None, given)
    notice = writer.new(Notice, given)
    for position, event in enumerate(given.more.get("events", []), start=1):
        writer.new(NoticeEvent, event, notice=notice, position=position)
    for warrant in given.more.get("warrants", []):
        writer.new(Warrant, warrant, notice=notice)
    return notice


def check_notice(writer: DraftWriter, notice: Notice | None, given: RowInput) -> None:
    """Refuse the number of another notice that the user may see. Of one that is hidden nobody is told."""
    known = {name: getattr(notice, name, None) for name in ("number", "instrument", "requested_by_id")}
    same = known | {name: value for name, value in given.columns.items() if name in known}
    if not same["number"] or "number" not in given.columns:
        return
    others = Notice.objects.visible_to(writer.user).exclude(pk=notice.pk if notice else None)
    if (other := others.filter(**same).first()) is not None:
        raise AlreadyStored({given.places["number"]: [NUMBER_IS_TAKEN.format(other.ref)]})


def make_source(writer: DraftWriter, given: RowInput) -> SourceDocument:
    source = writer.new(SourceDocument, given)
    writer.ask_of_similar(similar_sources(source, writer.user, address=source.url), given)
    return source


def check_source(writer: DraftWriter, source: SourceDocument, given: RowInput) -> None:
    """Ask of sources with a new address too."""
    address = given.columns.get("url", source.url)
    changed = address if address != source.url else ""
    writer.ask_of_similar(similar_sources(source, writer.user, address=changed), given)


def make_citation(writer: DraftWriter, given: RowInput) -> Citation:
    """Add what a source says about a record; the source may be new."""
    source, record = given.more["source"], given.more["record"]
    if isinstance(source, RowInput):
        source = make_source(writer, source)
    supports = given.columns.get("stance", Stance.SUPPORTS) == Stance.SUPPORTS
    given.columns.setdefault("preferred", supports)
    link = next(name for name, model in CITABLE.items() if isinstance(record, model))
    return writer.new(Citation, given, source=source, **{link: record})


SOURCE_SLOTS = (
    *writable_columns(
        EVIDENCE.columns, SourceDocument, "title", "outlet", "author", "url", "kind", "language", "published"
    ),
    *writable_columns(EVIDENCE.columns, SourceDocument, "reliability", "reliability_reason"),
    WritableColumn(
        EVIDENCE.column("derived_from"),
        SourceDocument._meta.get_field("derived_from"),
        once=True,
        find=find_visible(SourceDocument),
    ),
    *writable_columns(EVIDENCE.columns, SourceDocument, "derivation", "note"),
    different_from(SourceDocument),
    ASKED_LEVEL,
)

WRITABLE_RESOURCES = (
    WritableResource(
        PEOPLE,
        (
            *writable_columns(PEOPLE.columns, Person, "label", "kind"),
            WritableColumn(
                PEOPLE.column("headcount"),
                parts=writable_columns(PEOPLE.column("headcount").parts, Person),
            ),
            *writable_columns(PEOPLE.columns, Person, "standing", "role"),
            column(
                PEOPLE,
                "names",
                parts=(*writable_columns(PEOPLE.column("names").parts, PersonName), ASKED_LEVEL),
            ),
            column(PEOPLE, "citizenships", find=find_visible(Country)),
            *writable_columns(PEOPLE.columns, Person, "residence", "sex", "ethnicity", "occupation", "categories"),
            column(PEOPLE, "born"),
            different_from(Person),
            ASKED_LEVEL,
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
        check_person,
    ),
    INCIDENT_BODY,
    WritableResource(
        STAGES,
        (
            column(STAGES, "incident", find=find_visible(Incident)),
            column(STAGES, "person", find=find_visible(Person)),
            *writable_columns(STAGES.columns, Stage, "kind", "occurred", "country", "destination", "place"),
            *writable_columns(STAGES.columns, Stage, "headcount", "actor", "detention_kind", "lawfulness"),
            *writable_columns(STAGES.columns, Stage, "host_part", "in_absentia", "cause", "note"),
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
    WritableResource(
        NOTICES,
        (
            writable(NOTICES.column("person"), Notice, once=True),
            *writable_columns(NOTICES.columns, Notice, "instrument", "requested_by", "body", "number"),
            WritableColumn(NOTICES.column("replaces"), Notice._meta.get_field("replaces"), find=find_visible(Notice)),
            column(
                NOTICES, "warrants", parts=(*writable_columns(NOTICES.column("warrants").parts, Warrant), ASKED_LEVEL)
            ),
            column(
                NOTICES,
                "events",
                parts=(
                    *writable_columns(NOTICES.column("events").parts, NoticeEvent, "state", "occurred", "asserted_by"),
                    ASKED_LEVEL,
                ),
            ),
            *writable_columns(NOTICES.columns, Notice, "note"),
            ASKED_LEVEL,
        ),
        make_notice,
        {
            "person": "PER-8QX3M2VD",
            "instrument": "red_notice",
            "requested_by": "CN",
            "number": "A-1234/5-2020",
            "warrants": [{"issuer": "CN", "charge": "membership of a terrorist group", "accusation": "terrorism"}],
            "events": [{"state": "published", "occurred": "2020", "asserted_by": "his lawyer"}],
        },
        check_notice,
    ),
    WritableResource(
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
        check_source,
    ),
    WritableResource(
        CITATIONS,
        (
            column(CITATIONS, "source", find=find_visible(SourceDocument), parts=SOURCE_SLOTS),
            column(CITATIONS, "record", find=about),
            *writable_columns(CITATIONS.columns, Citation, "field", "stated_value", "said_by", "stance", "preferred"),
            *writable_columns(CITATIONS.columns, Citation, "reason", "credibility", "paragraph", "start", "end"),
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
