"""The public columns of notices, and of requests about them to Interpol's review commission."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import DateField, F, OuterRef, Prefetch, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from cases.codebook.cited_sources import cited_sources
from cases.codebook.lives import events_told, last_state, unsure_order
from cases.filters import CcfRequestFilter, NoticeFilter
from cases.models import CcfEvent, CcfRequest, Notice, NoticeEvent, Warrant
from cases.situation.cited import sources_of, with_citations
from cases.vocabulary import Accusation, CcfKind, CcfOutcome, CcfState, Instrument, NoticeState
from records.current_day import is_past
from records.fields.sort_keys import by_text, by_title
from records.lists.codebook import ONE_PERSON, Column, Resource
from records.lists.paging import Ordering
from records.models import Record
from records.vocabulary import Vocabulary


def sources_of_events(record: Any) -> list[str]:
    """Return the sources cited for a notice or a request, and for its events."""
    parts = [record, *record.visible_events]
    return [source.ref for source in sources_of([citation for part in parts for citation in part.visible_citations])]


def sources_of_notice(notice: Any) -> list[str]:
    """Return the sources cited for a notice, for its events, and for the warrants behind it."""
    cited = [citation.source.ref for warrant in notice.visible_warrants for citation in warrant.visible_citations]
    return sorted({*sources_of_events(notice), *cited})


def present_state(events: Any, states: type[Vocabulary]) -> Column:
    """Return the column of the state that the last of the events left."""
    return Column(
        "state",
        "Its present state: that of its last event. Empty where neither dates nor telling say which that was.",
        "code",
        lambda record: record.state or None,
        vocabulary=states,
        of=("events.state", "events.occurred", "events.position"),
        built=lambda user: last_state(events, user),
    )


def events_column(events: Any, states: type[Vocabulary], *more: Column) -> Column:
    """Return the column of the events, each of which has `more` after its date."""
    return Column(
        "events",
        "Its life, step by step.",
        "object",
        "visible_events",
        many=True,
        parts=(
            Column("state", "What became of it.", "code", vocabulary=states, filled=True),
            Column("occurred", "When.", "date"),
            *more,
            Column("asserted_by", "Who says so."),
        ),
        rows=lambda user: events_told(events, user),
    )


SOURCES_OF_REQUEST = cited_sources(
    "ccf_request",
    "ccf_event__request",
    source=sources_of_events,
    of=("citations.source.ref", "events.citations.source.ref"),
)


WARRANTS = Column(
    "warrants",
    "The warrants that it rests on, and the charge of each.",
    "object",
    "visible_warrants",
    many=True,
    rows=lambda user: Warrant.objects.visible_to(user).filter(notice=OuterRef("pk")).in_order(),
    parts=(
        Column("issuer", "The country that issued it.", "country", "issuer_id"),
        Column("body", "What issued it, where that is no country, or more closely."),
        Column("charge", "The charge as stated, in few words."),
        Column("accusation", "What sort of offence the charge is about.", "code", vocabulary=Accusation),
        Column("date", "When it was issued.", "date"),
    ),
)


def notice_rows(user: Any, day: date | None = None) -> QuerySet:
    """Return the notices that `user` may see, with their state, warrants, events and citations, as of a day or now."""
    events = NoticeEvent.objects.visible_to(user)
    notices = Notice.objects.visible_to(user).begun_by(user, day).select_related("person")
    notices = notices.annotate(as_of=Value(day, output_field=DateField()))
    warrants = Warrant.objects.visible_to(user).possibly_by(day).in_order()
    notices = notices.annotate(replaced_ref=replaced_by(user)).prefetch_related(
        Prefetch("events", events, to_attr="told_events"),
        Prefetch("warrants", warrants, to_attr="visible_warrants"),
    )
    return with_citations(notices, user, cited_parts)


def notices_of_page(user: Any, day: date | None = None) -> QuerySet:
    """Return the same notices without the citations that date nothing: a page fetches its evidence by itself."""
    return with_citations(notice_rows(user, day), user, undated_events)


def undated_events(records: list[Any]) -> list[Record]:
    """The events of notices or requests that nothing but sources dates."""
    return [event for record in records for event in record.told_events if event.occurred is None]


def cited_parts(records: list[Any]) -> Iterator[Record]:
    """Yield notices or requests, and what hangs on them: all of which the citations are read."""
    for record in records:
        yield from (record, *record.told_events, *getattr(record, "visible_warrants", ()))


def replaced_by(user: Any) -> Subquery:
    """Return the reference of the notice that a notice replaces, where `user` may see it."""
    return Subquery(Notice.objects.visible_to(user).filter(pk=OuterRef("replaces")).order_by().values("ref"))


NOTICES = Resource(
    name="notices",
    singular="notice",
    model=Notice,
    meaning="Requests, through Interpol or beside it, to find or arrest somebody. “Wanted” alone is not a notice.",
    filterset=NoticeFilter,
    rows=notice_rows,
    unbuilt=lambda user: unsure_order(NoticeEvent, user),
    orderings=(
        Ordering("label", by_title("person__folded")),
        Ordering("instrument", by_text("instrument")),
        Ordering("requested_by", Coalesce(by_text("requested_by_id"), by_text("instrument"))),
    ),
    columns=(
        Column("ref", "The notice's public reference.", "reference", filled=True),
        Column("person", "Against whom it is.", "reference", "person.ref", filled=True),
        Column("label", "That person's display name.", "text", "person.label", filled=True),
        Column("instrument", "The form of the request.", "code", vocabulary=Instrument, filled=True),
        Column("requested_by", "The country that asked for it.", "country", "requested_by_id"),
        Column("body", "What asked for it, where that is no country, or more closely."),
        Column("number", "Its number, where known."),
        Column(
            "replaces",
            "The notice after which this one came.",
            "reference",
            "replaced_ref",
            of=("replaces.ref",),
            built=replaced_by,
        ),
        WARRANTS,
        present_state(NoticeEvent, NoticeState),
        events_column(NoticeEvent, NoticeState),
        Column("note", "What else a reader must know."),
        cited_sources(
            "notice",
            "notice_event__notice",
            "warrant__notice",
            source=sources_of_notice,
            of=("citations.source.ref", "events.citations.source.ref", "warrants.citations.source.ref"),
        ),
        ONE_PERSON,
    ),
)


def ccf_request_rows(user: Any, day: date | None = None) -> QuerySet:
    """Return the requests that `user` may see, with their state, events and citations, as of a day or now."""
    return with_citations(requests_with_events(user, day), user, cited_parts)


def requests_of_page(user: Any, day: date | None = None) -> QuerySet:
    """Return the same requests without the citations that date nothing: a page fetches its evidence by itself."""
    return with_citations(requests_with_events(user, day), user, undated_events)


def requests_with_events(user: Any, day: date | None = None) -> QuerySet:
    """Return the requests that `user` may see, with their state and events."""
    events = CcfEvent.objects.visible_to(user)
    requests = CcfRequest.objects.visible_to(user).begun_by(user, day)
    requests = requests.select_related("notice__person").annotate(as_of=Value(day, output_field=DateField()))
    return requests.prefetch_related(Prefetch("events", events, to_attr="told_events"))


def outcome(request: Any) -> str:
    """What the commission decided: as of an earlier day it is known only where it had decided by then."""
    return request.outcome if not is_past(request.as_of) or request.state in CcfState.ending() else ""


CCF_REQUESTS = Resource(
    name="ccf-requests",
    heading="Requests to Interpol's commission",
    singular="ccf-request",
    model=CcfRequest,
    meaning="Requests to Interpol's review commission (CCF) about a notice, step by step.",
    filterset=CcfRequestFilter,
    rows=ccf_request_rows,
    unbuilt=lambda user: unsure_order(CcfEvent, user),
    orderings=(
        Ordering("label", by_title("notice__person__folded")),
        Ordering("kind", by_text("kind")),
        Ordering("ref", by_text("ref")),
    ),
    columns=(
        Column("ref", "The request's public reference.", "reference", filled=True),
        Column("notice", "The notice that it is about.", "reference", "notice.ref", filled=True),
        Column("person", "The person whom the notice is against.", "reference", "notice.person.ref", filled=True),
        Column("label", "That person's display name.", "text", "notice.person.label", filled=True),
        Column("kind", "What it asks for.", "code", vocabulary=CcfKind, filled=True),
        Column("number", "The commission's number of the file, where known."),
        Column("new_fact", "Of a revision: when the new fact was discovered.", "date"),
        present_state(CcfEvent, CcfState),
        Column(
            "outcome",
            "What the commission decided.",
            "code",
            outcome,
            vocabulary=CcfOutcome,
            of=("outcome",),
            built=lambda user: F("outcome"),
        ),
        events_column(CcfEvent, CcfState, Column("until", "Of an extension: until when.", "date")),
        Column("note", "What else a reader must know."),
        SOURCES_OF_REQUEST,
        ONE_PERSON,
    ),
)
