"""The admin of proposals: the queue, and the page on which a second person decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Q, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from records.admin.dates import RecordList
from records.admin.proposing import comment, comments_on, page_of
from records.admin.read_as import read_as
from records.admin.records import ListAdmin
from records.models import Proposal, clearance
from records.review import (
    FUTURE_READERS,
    ReviewRefused,
    approve,
    decided_first,
    difference,
    digest_of_difference,
    find,
    names_of,
    proposals_for,
    refusals,
    send_back,
    sent_back_to,
    staying_shut,
    take_back,
    why_not,
)
from records.typed import give_back, too_long
from records.vocabulary import ProposalKind, ProposalState

LONGEST_ANSWER = 500
OPEN_FIRST = Case(When(state=ProposalState.OPEN, then=Value(0)), default=Value(1))


class Queue(admin.SimpleListFilter):
    """Whose turn it is."""

    title = "queue"
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("waiting", "waiting for me"),
            ("sent_back", "sent back to me"),
            ("mine", "made by me"),
            ("decided", "decided"),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "waiting":
            open_ones = list(queryset.filter(state=ProposalState.OPEN))
            return queryset.filter(pk__in=[row.pk for row, why in refusals(open_ones, request.user).items() if not why])
        if self.value() == "sent_back":
            return sent_back_to(queryset, request.user)
        if self.value() == "mine":
            return queryset.filter(proposed_by=request.user)
        if self.value() == "decided":
            return queryset.exclude(state=ProposalState.OPEN)
        return queryset


class ProposalList(RecordList):
    """The list of proposals, each with what it is about in words, looked up for all of a page at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        names = names_of(self.result_list)
        for proposal in self.result_list:
            proposal.in_words = names[proposal.ref]


@admin.register(Proposal)
class ProposalAdmin(ListAdmin):
    """What waits for a second person, and what became of it. Only the buttons on its page change a proposal."""

    section = "Review"
    list_display = ("ref", "record", "kind", "why", "proposed_by", "proposed_at", "state", "decided_by")
    list_filter = (Queue, "state", "kind")
    related = ("proposed_by", "decided_by")
    ordering: ClassVar[Any] = (OPEN_FIRST, "-proposed_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request) & proposals_for(request.user)

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.filter(Q(about__iexact=text) | Q(why__icontains=text))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ProposalList

    @admin.display(description="about")
    def record(self, proposal: Proposal) -> str:
        return proposal.in_words  # type: ignore[attr-defined]  # given by the list

    # The team reads all of it; nobody enters, edits or removes one by hand.

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        cleared = clearance(request.user)
        return cleared.team or cleared.everything

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        raise Http404

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        return proposals_for(request.user, ref=object_id).select_related(*self.related).first()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().changelist_view(request, {"title": "What waits for a second person"} | (extra_context or {}))

    def get_urls(self) -> list[Any]:
        name = "records_proposal_read_as"
        look = path("<slug:ref>/as/<slug:reader>/", self.admin_site.admin_view(self.read_as_view), name=name)
        return [look, *super().get_urls()]

    # One proposal

    def read_as_view(self, request: HttpRequest, ref: str, reader: str) -> HttpResponse:
        """Show the page of the record as this kind of reader gets it once the proposal is approved."""
        proposal = self.get_object(request, ref) if self.has_view_permission(request) else None
        if proposal is None or proposal.state != ProposalState.OPEN or request.method not in ("GET", "HEAD"):
            raise Http404
        return read_as(request, proposal, reader)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        if object_id is None or not self.has_view_permission(request):
            raise PermissionDenied
        proposal = self.get_object(request, unquote(object_id))
        if proposal is None:
            raise Http404
        if request.method != "POST":
            return TemplateResponse(request, "admin/proposal.html", self._context(request, proposal))
        if "comment" in request.POST:
            return comment(request, proposal.ref)
        if len(answer := request.POST.get("answer", "").replace("\0", "").strip()) > LONGEST_ANSWER:
            return give_back(request, too_long("answer", answer, LONGEST_ANSWER), status=400)
        self._answer(request, proposal)
        is_seen = proposals_for(request.user, pk=proposal.pk).exists()
        return HttpResponseRedirect(page_of(proposal) if is_seen else reverse("admin:records_proposal_changelist"))

    def _context(self, request: HttpRequest, proposal: Proposal) -> dict[str, Any]:
        rows = difference(proposal, request.user)
        record = find(proposal.about)
        is_open = proposal.state == ProposalState.OPEN
        return self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": f"Proposal {proposal.ref}",
            "meaning": ProposalKind(proposal.kind).meaning,
            "proposal": proposal,
            "record": record,
            "record_page": self.address(record) if record is not None else "",
            "rows": rows,
            "digest": digest_of_difference(rows),
            "without_source": record.owning().told_without_source(request.user) if record is not None else [],
            "missing": record.owning().missing(request.user) if record is not None else [],
            "first": [(each, page_of(each), find(each.about)) for each in decided_first(proposal, request.user)],
            "shut": staying_shut(proposal, request.user),
            "comments": comments_on(proposal.about, request.user),
            "why_not": why_not(proposal, request.user),
            "is_open": is_open,
            "readers": FUTURE_READERS if is_open and record is not None else {},
            "is_mine": is_open and proposal.proposed_by == request.user,
        }

    def _answer(self, request: HttpRequest, proposal: Proposal) -> None:
        """Do what the pressed button says, or tell why not."""
        answer = request.POST.get("answer", "").replace("\0", "").strip()
        buttons: dict[str, tuple[Callable[[], Any], str]] = {
            "approve": (
                lambda: approve(proposal, request.user, answer, request.POST.get("shown", "")),
                "is approved and carried out",
            ),
            "send_back": (lambda: send_back(proposal, request.user, answer), "is sent back"),
            "take_back": (lambda: take_back(proposal, request.user), "is taken back"),
        }
        pressed = next((name for name in buttons if name in request.POST), "")
        if not pressed:
            messages.error(request, "Press one of the buttons.")
            return
        do, words = buttons[pressed]
        try:
            do()
        except ReviewRefused as refusal:
            for problem in refusal.problems:
                messages.error(request, problem)
        else:
            messages.success(request, f"{proposal.ref} {words}.")
