"""The admin of broken glass: a form with a reason, and the list of everybody who broke it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path, reverse

from records.accounts.broken_glass import break_glass, close_glass, glass_broken_by
from records.admin.recent_sign_in import RecentSignIn
from records.models import BreakGlass

RIGHT = "records.break_glass"


class BreakGlassForm(forms.ModelForm):
    """Why somebody has to read what they may not. The whole team sees it at once, and it stays."""

    breaker: Any = None

    class Meta:
        model = BreakGlass
        fields = ("reason",)
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}  # noqa: RUF012
        help_texts = {  # noqa: RUF012
            "reason": "For 15 minutes you read everything. The team is told at once who you are and what stands here, "
            "and every record that you open is written down. Name nobody who is protected."
        }

    def clean(self) -> Any:
        if (open_now := glass_broken_by(self.breaker)) is not None:
            raise forms.ValidationError(
                f"You have broken the glass already: it is open until {open_now.until:%H:%M} UTC."
            )
        return super().clean()


@admin.register(BreakGlass)
class BreakGlassAdmin(RecentSignIn):
    """What was broken, by whom and why. Rows are added by breaking the glass and never changed."""

    section = "Access"
    form = BreakGlassForm
    list_display = ("user", "opened_at", "until", "closed_at", "reason")
    list_display_links = None
    list_per_page = 50
    actions = ("close_now",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return BreakGlass.objects.visible_to(request.user).select_related("user")

    def get_urls(self) -> list[Any]:
        close_own = self.admin_site.admin_view(self.close_own)
        return [path("close/", close_own, name="records_breakglass_close"), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(RIGHT)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(RIGHT) or request.user.has_perm("records.read_team")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.breaker = request.user
        return form

    def save_model(self, request: HttpRequest, obj: BreakGlass, form: Any, change: bool) -> None:
        obj.user = request.user  # type: ignore[assignment]  # the view lets nobody else in
        break_glass(obj)

    def response_add(self, request: HttpRequest, obj: BreakGlass, post_url_continue: Any = None) -> HttpResponse:
        self.message_user(request, f"You read everything until {obj.until:%H:%M} UTC.", messages.WARNING)
        return redirect("admin:index")

    def close_own(self, request: HttpRequest) -> HttpResponse:
        """Close one's own before its time: always allowed, however old the sign-in is."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if close_glass(BreakGlass.objects.filter(user=request.user.pk), request.user):
            self.message_user(request, "Closed. You read what you read every day.")
        return redirect(reverse("admin:index"))

    @admin.action(description="Close now", permissions=["add"])
    def close_now(self, request: HttpRequest, glasses: Any) -> None:
        closed = close_glass(BreakGlass.objects.filter(pk__in=[glass.pk for glass in glasses]), request.user)
        self.message_user(request, f"Closed: {closed}.")
