"""The admin of changes of accounts: what waits for a second administrator, and everything that was given or reset."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from records.accounts.changes import PENDING, ChangeRefused, approve, refuse, take_back, why_not, why_not_refused
from records.accounts.independence import LOOKS_AFTER_ACCOUNTS, possible_holders
from records.accounts.rights import has_now, would_give
from records.admin.recent_sign_in import RecentSignIn, recent_only
from records.admin.widening import page_of
from records.models import AccountChange
from records.vocabulary import AccountChangeState

WAITING_FIRST = Case(When(state=AccountChangeState.WAITING, then=Value(0)), default=Value(1))
ANSWERS = {
    "approve": (approve, "is approved"),
    "refuse": (refuse, "is refused"),
    "take_back": (take_back, "is taken back"),
}


def facts_of(change: AccountChange) -> dict[str, Any]:
    """Return what stands beside a change wherever it is approved."""
    account = change.account
    return {
        "has_now": [*has_now(account)] if account else [],
        "would_give": [*would_give(change)],
        "holders": possible_holders(account) if account else "",
    }


@admin.register(AccountChange)
class AccountChangeAdmin(RecentSignIn):
    """What administrators did to accounts. Only the buttons on its page change one."""

    section = "Access"
    list_display = ("ref", "account", "kind", "words", "asked_by", "asked_at", "state", "decided_by", "confirmed_by")
    list_filter = ("state", "kind")
    ordering: ClassVar[Any] = (WAITING_FIRST, "-asked_at", "-pk")
    actions = ("approve_several",)
    related = ("account", "asked_by", "decided_by", "confirmed_by")

    def get_queryset(self, request: HttpRequest) -> Any:
        return AccountChange.objects.visible_to(request.user).select_related(*self.related).order_by(*self.ordering)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("auth.change_user") or request.user.has_perm("records.read_team")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_answer_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(LOOKS_AFTER_ACCOUNTS)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        raise Http404

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        by = {"pk": object_id} if object_id.isdecimal() and len(object_id) < 16 else {"ref": object_id}
        return self.get_queryset(request).filter(**by).first()

    @recent_only
    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        if object_id is None or not self.has_view_permission(request):
            raise PermissionDenied
        change = self.get_object(request, unquote(object_id))
        if change is None:
            raise Http404
        if request.method != "POST":
            return TemplateResponse(request, "admin/account_change.html", self._context(request, change))
        return self.answered(request, change)

    def answered(self, request: HttpRequest, change: AccountChange) -> HttpResponse:
        """Do what the pressed button says, or tell why not."""
        pressed = next((name for name in ANSWERS if name in request.POST), "")
        if not pressed:
            messages.error(request, "Press one of the buttons.")
            return HttpResponseRedirect(page_of(change))
        do, words = ANSWERS[pressed]
        try:
            do(change, request.user)
        except ChangeRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{change.ref} {words}.")
        return HttpResponseRedirect(page_of(change))

    @admin.action(description="Approve several, after reading each in full", permissions=["answer"])
    def approve_several(self, request: HttpRequest, changes: Any) -> HttpResponse | None:
        """Show each of the chosen changes as its own page does; approve them once that page's button was pressed."""
        reasons = {change: why_not(change, request.user) for change in changes}
        for change, reason in reasons.items():
            if reason:
                messages.warning(request, f"{change.ref}: {reason}")
        chosen = [change for change, reason in reasons.items() if not reason]
        if chosen and "confirmed" not in request.POST:
            context = self.admin_site.each_context(request) | {
                "opts": self.opts,
                "title": "Approve changes of accounts",
                "changes": [(change, facts_of(change)) for change in chosen],
            }
            return TemplateResponse(request, "admin/approve_account_changes.html", context)
        for change in chosen:
            approve(change, request.user)
            messages.success(request, f"{change.ref} is approved.")
        return None

    def _context(self, request: HttpRequest, change: AccountChange) -> dict[str, Any]:
        is_pending = change.state in PENDING
        return self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": f"Change {change.ref} of {change.account or 'a role'}",
            "change": change,
            "facts": facts_of(change),
            "why_not": why_not(change, request.user),
            "why_not_refused": why_not_refused(change, request.user),
            "is_pending": is_pending,
            "is_mine": is_pending and change.asked_by == request.user,
        }
