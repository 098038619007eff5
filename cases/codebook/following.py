"""The public columns of requests to Interpol's review commission, and of duties."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import DateField, Prefetch, QuerySet, Value

from cases.codebook.incidents import CITED_SOURCES, cited_by, sources_of
from cases.filters import CcfRequestFilter, DutyFilter
from cases.models import CcfEvent, CcfRequest, Duty, requests_by, with_ccf_state
from cases.models.notice import possibly_by
from cases.vocabulary import CcfKind, CcfOutcome, CcfState, DutyKind, Rhythm
from sources.codebook import Column, Resource
from sources.dates import in_order
from sources.paging import Ordering, by_date, by_text


def ccf_request_rows(user: Any, day: date | None = None) -> QuerySet:
    """Return the requests that `user` may see, with their state, events and citations, as of a day or now."""
    return requests_with_events(user, day, cited_by(user))


def requests_with_events(user: Any, day: date | None = None, *along: Prefetch) -> QuerySet:
    """Return the requests that `user` may see, with their state and events; both come with what is fetched `along`."""
    events = possibly_by(CcfEvent.objects.visible_to(user), day).order_by(*in_order("occurred"), "position", "ref")
    requests = with_ccf_state(requests_by(CcfRequest.objects.visible_to(user), user, day), user, day)
    requests = requests.select_related("notice__person").annotate(as_of=Value(day, output_field=DateField()))
    return requests.prefetch_related(
        *along, Prefetch("events", events.prefetch_related(*along), to_attr="visible_events")
    )


def outcome(request: Any) -> str:
    """What the commission decided: as of an earlier day it is known only where it had decided by then."""
    return request.outcome if request.as_of is None or request.state in CcfState.ending() else ""


def sources_of_request(request: Any) -> list[str]:
    parts = [request, *request.visible_events]
    return [source.ref for source in sources_of([citation for part in parts for citation in part.visible_citations])]


CCF_REQUESTS = Resource(
    name="ccf-requests",
    heading="Requests to Interpol's commission",
    singular="ccf-request",
    model=CcfRequest,
    meaning="Requests to Interpol's review commission (CCF) about a notice, step by step.",
    filterset=CcfRequestFilter,
    rows=ccf_request_rows,
    orderings=(
        Ordering("label", by_text("notice__person__folded")),
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
        Column(
            "state",
            "Its present state: that of its last event.",
            "code",
            vocabulary=CcfState,
            of=("events.state", "events.occurred", "events.position"),
        ),
        Column("outcome", "What the commission decided.", "code", outcome, vocabulary=CcfOutcome, of=("outcome",)),
        Column(
            "events",
            "Its life, step by step.",
            "object",
            "visible_events",
            many=True,
            parts=(
                Column("state", "What became of it.", "code", vocabulary=CcfState, filled=True),
                Column("occurred", "When.", "date"),
                Column("until", "Of an extension: until when.", "date"),
                Column("asserted_by", "Who says so."),
            ),
        ),
        Column("note", "What else a reader must know."),
        Column(
            "sources",
            "The sources cited for it.",
            "reference",
            sources_of_request,
            many=True,
            of=("citations.source.ref", "events.citations.source.ref"),
        ),
    ),
)


def duty_rows(user: Any) -> QuerySet:
    """Return the duties that `user` may see, with their citations."""
    return duties_of_cases(user).prefetch_related(cited_by(user))


def duties_of_cases(user: Any) -> QuerySet:
    """Return the duties that `user` may see, with whose case each is of."""
    return Duty.objects.visible_to(user).select_related("incident", "involvement__person")


DUTIES = Resource(
    name="duties",
    singular="duty",
    model=Duty,
    meaning="What a case waits for: reports, permits that run out, hearings, decisions that are expected.",
    filterset=DutyFilter,
    rows=duty_rows,
    orderings=(Ordering("due", by_date("due")), Ordering("kind", by_text("kind"))),
    columns=(
        Column("ref", "The duty's public reference.", "reference", filled=True),
        Column("incident", "The incident it belongs to.", "reference", "incident.ref", filled=True),
        Column("person", "Whose case it is.", "reference", "involvement.person.ref", filled=True),
        Column("kind", "What has to be done or is expected.", "code", vocabulary=DutyKind, filled=True),
        Column("due", "When it falls due, or came round for the first time.", "date"),
        Column("rhythm", "How often it comes round; empty where it comes once.", "code", vocabulary=Rhythm),
        Column("ended", "When it was met or fell away; empty while it stands.", "date"),
        Column("authority", "To whom it is owed, or who decides."),
        Column("note", "What else a reader must know."),
        CITED_SOURCES,
    ),
)
