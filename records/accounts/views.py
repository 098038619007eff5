"""The pages of one's own account: sessions, API tokens and private feeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import FormView, TemplateView

from records.access.second_factor import has_second_factor
from records.accounts.forms import FeedForm, TokenForm
from records.accounts.holders import why_revoked
from records.accounts.sign_in import end_sessions, recently_signed_in, sign_in_again
from records.audit.acts import note
from records.models import ApiToken, Feed


class AccountHome(LoginRequiredMixin, TemplateView):
    """Everything about one's own account, in one list."""

    template_name = "account/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        return super().get_context_data(**kwargs) | {
            "second_factor": has_second_factor(user),
            "roles": user.groups.order_by("name"),
            "teams": user.teams.order_by("name"),
        }


class SessionsPage(LoginRequiredMixin, TemplateView):
    """Where somebody is signed in."""

    template_name = "account/sessions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        live = UserSession.objects.purge_and_list(self.request.user)
        return super().get_context_data(**kwargs) | {"sessions": sorted(live, key=lambda one: one.created_at)}


class EndSessions(LoginRequiredMixin, View):
    """Ends one of one's own sessions, named as `session`, or all but the present one."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        key = request.POST.get("session", "")
        if key:
            own = UserSession.objects.filter(user=request.user.pk)
            get_object_or_404(own, pk=key if key.isdecimal() and len(key) < 16 else None).end()
            messages.success(request, "That session has ended.")
        else:
            count = end_sessions(request.user, but=request.session.session_key)
            messages.success(request, f"Other sessions ended: {count}.")
        return redirect("usersessions_list")


class SecretsPage(LoginRequiredMixin, FormView):
    """What opens something in one's own name: a list, a form for a new one, and a button that revokes."""

    #: What follows when one is revoked.
    effect: str
    own: Callable[[], Iterable[Any]]
    note: Callable[[Any, str], None]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "revoke" in request.POST:
            return self.revoke(request)
        if not recently_signed_in(request):
            return sign_in_again(request, then=request.path)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"why_revoked": why_revoked(self.request.user)}

    def revoke(self, request: HttpRequest) -> HttpResponse:
        own = {str(key.pk): key for key in self.own()}
        key = own.get(request.POST["revoke"])
        if key is None:
            raise Http404
        key.delete()
        self.note(key, "revoked")
        messages.success(request, f"“{key.name}” is revoked: {self.effect}.")
        return redirect(request.path)


class ApiTokensPage(SecretsPage):
    """One's own API tokens."""

    template_name = "account/tokens.html"
    form_class = TokenForm
    effect = "nothing opens with it any more"

    def own(self) -> QuerySet[ApiToken]:
        return ApiToken.objects.visible_to(self.request.user).filter(user=self.request.user.pk)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_valid(self, form: TokenForm) -> HttpResponse:
        """Show the token on this one page, which no browser and no cache keeps."""
        token, words = form.make()
        self.note(token, "made")
        return self.render_to_response(self.get_context_data(form=self.fresh_form(), made=token, words=words))

    def note(self, token: ApiToken, done: str) -> None:
        note("token", who=self.request.user, done=done, name=token.name, scopes=token.scopes, ends=str(token.expiry))

    def fresh_form(self) -> TokenForm:
        return TokenForm(user=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"tokens": self.own(), "now": timezone.now()}


class FeedsPage(SecretsPage):
    """One's own private addresses."""

    template_name = "account/feeds.html"
    form_class = FeedForm
    effect = "nothing answers at its address any more"
    most = 20

    def own(self) -> QuerySet[Feed]:
        return Feed.objects.visible_to(self.request.user)

    def form_valid(self, form: FeedForm) -> HttpResponse:
        """Show the address on this one page, which no browser and no cache keeps."""
        if self.own().count() >= self.most:
            form.add_error(None, f"You have {self.most} addresses: revoke one first.")
            return self.form_invalid(form)
        feed, secret = form.make(self.request.user)
        self.note(feed, "made")
        address = self.request.build_absolute_uri(reverse(f"{feed.kind}-feed", args=[secret]))
        return self.render_to_response(self.get_context_data(form=FeedForm(), made=feed, address=address))

    def note(self, feed: Feed, done: str) -> None:
        note("token", who=self.request.user, done=done, name=feed.name, feed=feed.kind)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"feeds": self.own()}
