"""What partners may submit about cases: the writable columns of each resource, and how its rows are made."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, QuerySet, When

from cases.api.incident_bodies import INCIDENT_BODY, STAGE_SLOTS
from cases.api.person_bodies import PERSON_BODY
from cases.api.slots import column
from cases.api.source_bodies import CITATION_BODY, CITED, NEW_SOURCES, SOURCE_BODY, NewSources
from cases.codebook import NOTICES, STAGES
from cases.models import Incident, Involvement, Notice, NoticeEvent, Person, Stage, Warrant
from cases.vocabulary import InvolvementRole
from records.api.drafts import AlreadyStored, DraftWriter
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
from records.api.strict_json import Malformed

NO_PART = "This person has no part in this incident, or none that you may see."
NUMBER_IS_TAKEN = "There is a notice of this kind, number and country already: {}."


def make_stage(writer: DraftWriter, given: RowInput) -> Stage:
    """Add a stage to a person's part in an incident, after those that the user may see."""
    incident = given.more["incident"]
    involvement = involvements(writer.user, incident, given.more["person"]).first()
    if involvement is None:
        raise Malformed({given.places["person"]: [NO_PART]})
    last = Stage.objects.visible_to(writer.user).filter(involvement=involvement).order_by("position").last()
    position = last.position + 1 if last else 1
    sources = NewSources(writer, given)
    with writer.together(incident):
        stage = writer.new(Stage, given, involvement=involvement, incident=incident, position=position)
        sources.cite(stage, given)
    sources.refuse_uncited()
    return stage


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


WRITABLE_RESOURCES = (
    PERSON_BODY,
    INCIDENT_BODY,
    WritableResource(
        STAGES,
        (
            column(STAGES, "incident", find=find_visible(Incident)),
            column(STAGES, "person", find=find_visible(Person)),
            *STAGE_SLOTS,
            NEW_SOURCES,
            CITED,
            CONFIRMED_DATES,
        ),
        make_stage,
        {
            "incident": "INC-4M7QZ0XK",
            "person": "PER-8QX3M2VD",
            "kind": "detention",
            "occurred": {"edtf": "2021-07-19~"},
            "country": "MA",
            "place": "the airport of Casablanca",
            "sources": [{"title": "Uyghur traveller held at airport", "kind": "news_report"}],
            "citations": [{"source": "sources/0", "field": "occurred", "paragraph": 3}],
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
            CONFIRMED_DATES,
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
    SOURCE_BODY,
    CITATION_BODY,
)
