"""The admin of accounts, roles (groups with permissions), teams and API tokens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group, User
from django.db.models import ManyToManyField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from records.accounts.changes import (
    ask,
    may_set_password,
    password_was_set,
    record,
)
from records.accounts.holders import confirm_holder, ways_in, why_not_confirmed
from records.accounts.independence import keep_two_administrators, possible_holders
from records.accounts.names import check_account_name, check_role_name, check_team_name
from records.accounts.sign_in import end_sessions, reset_second_factor
from records.admin.recent_sign_in import RecentSignIn, recent_only
from records.admin.widening import Widens, page_of, tell_of
from records.audit.acts import note
from records.models import ApiToken, Team
from records.vocabulary import AccountChangeKind, AuditKind

#: Several of a list are chosen by ticking them, with script or without.
BOXES_TO_TICK: Any = {ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
#: What decides what an account may do.
RIGHTS = ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")

admin.site.unregister(User)
admin.site.unregister(Group)


class NewAccount(AdminUserCreationForm):
    """The form of a new account: its name is kept for good, and no other reads like it."""

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        check_account_name(name)
        return name


@admin.register(User)
class AccountAdmin(Widens, RecentSignIn, UserAdmin):
    """Accounts. They are deactivated rather than deleted, since what they did stays on record.

    Nobody but a superuser changes their own rights, or touches the account of a superuser. What widens or resets an
    account waits for a second administrator, where there are two.
    """

    section = "Access"
    add_form = NewAccount
    list_display = ("username", "first_name", "last_name", "roles", "second_factor", "is_active", "is_superuser")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups")
    readonly_fields = ("last_login", "date_joined", "hands")
    filter_horizontal = ()  # two lists beside each other, which need script
    formfield_overrides = BOXES_TO_TICK
    actions = ("end_their_sessions", "reset_their_second_factor", "confirm_their_holders")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("Rights", {"fields": (*RIGHTS, "waiting", "hands")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups", "authenticator_set")

    @admin.display(description="Roles")
    def roles(self, user: User) -> str:
        return ", ".join(sorted(group.name for group in user.groups.all()))

    @admin.display(description="Second factor", boolean=True)
    def second_factor(self, user: Any) -> bool:
        return any(factor.type != factor.Type.RECOVERY_CODES for factor in user.authenticator_set.all())

    @admin.display(description="Independence")
    def hands(self, user: User) -> str:
        return possible_holders(user) or "Independent of every other account."

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        fixed = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fixed
        return (*fixed, *(RIGHTS if obj == request.user else ("is_superuser", "user_permissions")))

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not above

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            record(request.user, obj, AccountChangeKind.MADE)

    @recent_only
    def user_change_password(self, request: Any, id: str, form_url: str = "") -> HttpResponse:
        """Set the password of an account, or ask for that first. Nobody is asked about their own."""
        account: Any = self.get_object(request, unquote(id))  # as Django does, or it finds one where we found none
        is_set = request.method == "POST" and account is not None and self.has_change_permission(request, account)
        if account == request.user or not is_set:
            return super().user_change_password(request, id, form_url)
        if not may_set_password(account, request.user):
            waiting = ask(request.user, account, AccountChangeKind.PASSWORD)
            tell_of(
                request, waiting, "What you typed was not kept. Once it is approved, set the password within a day."
            )
            return HttpResponseRedirect(page_of(waiting))
        before = account.password
        answer = super().user_change_password(request, id, form_url)
        account.refresh_from_db()
        if account.password != before:
            password_was_set(account, request.user)
        return answer

    @admin.action(description="End their sessions", permissions=["change"])
    def end_their_sessions(self, request: HttpRequest, users: Any) -> None:
        for user in self.in_reach(request, users):
            count = end_sessions(user, but=request.session.session_key)
            note(AuditKind.SIGN_OUT, who=request.user, channel="admin", account=user.get_username(), sessions=count)
            self.message_user(request, f"{user}: sessions ended: {count}.")

    @admin.action(description="Reset their second factor and end their sessions", permissions=["change"])
    def reset_their_second_factor(self, request: HttpRequest, users: Any) -> None:
        for user in self.in_reach(request, users):
            if user == request.user:
                self.message_user(request, "Change your own second factor on your account's page.", messages.WARNING)
                continue
            if keep_two_administrators():
                tell_of(request, ask(request.user, user, AccountChangeKind.FACTOR))
                continue
            reset_second_factor(user)
            record(request.user, user, AccountChangeKind.FACTOR)
            note(AuditKind.FACTOR, who=request.user, channel="admin", account=user.get_username(), done="reset")
            said = "sets up a new second factor at the next sign-in; tokens, private addresses and sessions have ended."
            self.message_user(request, f"{user} {said}")

    @admin.action(
        description="Confirm their holders: you know who they are, and have asked them", permissions=["change"]
    )
    def confirm_their_holders(self, request: HttpRequest, users: Any) -> HttpResponse | None:
        """Show what opens each of the accounts; confirm their holders once that page's button was pressed."""
        reasons = {user: why_not_confirmed(user, request.user) for user in users}
        for user, reason in reasons.items():
            if reason:
                self.message_user(request, f"{user}: {reason}", messages.WARNING)
        chosen = [user for user, reason in reasons.items() if not reason]
        if chosen and "confirmed" not in request.POST:
            shown = [(user, [*ways_in(user)]) for user in chosen]
            context = self.admin_site.each_context(request) | {
                "opts": self.opts,
                "title": "Confirm who holds these accounts",
                "accounts": shown,
            }
            return TemplateResponse(request, "admin/confirm_holders.html", context)
        for user in chosen:
            confirm_holder(user, request.user)
            self.message_user(request, f"{user} is independent of every other account from now on.")
        return None

    def in_reach(self, request: HttpRequest, users: Any) -> list[Any]:
        """Return those of the chosen accounts that the person may change, and say which they may not."""
        for user in users:
            if not self.has_change_permission(request, user):
                self.message_user(request, f"{user}: only a superuser changes a superuser.", messages.WARNING)
        return [user for user in users if self.has_change_permission(request, user)]


class RoleForm(forms.ModelForm):
    """A role. Nobody but a superuser adds to it what they may not do themselves: they could join it."""

    granting: Any = None

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        check_role_name(name)
        return name

    def clean_permissions(self) -> Any:
        wanted = self.cleaned_data["permissions"]
        had = set(self.instance.permissions.values_list("pk", flat=True)) if self.instance.pk else set()
        added = [right for right in wanted.select_related("content_type") if right.pk not in had]
        named = {right: f"{right.content_type.app_label}.{right.codename}" for right in added}
        beyond = [right.name for right, name in named.items() if not self.granting.has_perm(name)]
        if beyond:
            raise forms.ValidationError(f"You cannot give a role what you may not do yourself: {', '.join(beyond)}.")
        return wanted


@admin.register(Group)
class RoleAdmin(Widens, RecentSignIn, GroupAdmin):
    """Roles: names for the permissions that people are given together."""

    section = "Access"
    form = RoleForm
    filter_horizontal = ()
    formfield_overrides = BOXES_TO_TICK

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.granting = request.user
        return form


class TeamForm(forms.ModelForm):
    """A team, whose name no other reads like."""

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        check_team_name(name)
        return name


@admin.register(Team)
class TeamAdmin(Widens, RecentSignIn):
    """Who works together. Leaving a team closes its records from the next request on."""

    section = "Access"
    form = TeamForm
    list_display = ("name", "people")
    formfield_overrides = BOXES_TO_TICK

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        return ("name", "members") if obj is None else ("name", "members", "waiting")

    def get_queryset(self, request: HttpRequest) -> Any:
        teams: Any = super().get_queryset(request)
        return teams.visible_to(request.user).prefetch_related("members")

    @admin.display(description="Members")
    def people(self, team: Team) -> str:
        return ", ".join(sorted(user.get_username() for user in team.members.all()))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ApiToken)
class ApiTokenAdmin(RecentSignIn):
    """The tokens that there are, without what opens with them. Deleting one revokes it."""

    section = "Access"
    list_display = ("name", "user", "scopes", "created", "expiry")
    list_filter = (("user", admin.RelatedOnlyFieldListFilter),)
    fields = readonly_fields = ("name", "user", "scopes", "created", "expiry")

    def get_queryset(self, request: HttpRequest) -> Any:
        tokens: Any = super().get_queryset(request)
        return tokens.visible_to(request.user).select_related("user")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
