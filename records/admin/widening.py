"""Mixin for the admin of accounts, roles and teams: what widens somebody waits for a second administrator.

What a form takes away is done at once. What it gives is left out of what is saved, and kept to be approved; where there
is no second administrator it is saved, and kept as done by one alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from records.accounts.changes import Right, ask, record
from records.accounts.independence import keep_two_administrators
from records.models import AccountChange, Team
from records.vocabulary import AccountChangeKind

#: What a field of a form gives, by the model that the form is about.
FLAGS = ("is_active", "is_staff", "is_superuser")
LISTS: dict[Any, dict[str, str]] = {
    User: {"groups": "role", "user_permissions": "permission"},
    Group: {"permissions": "role permission"},
    Team: {"members": "team"},
}


def page_of(change: AccountChange) -> str:
    """Return the address of the page on which a change of an account is read and answered."""
    return reverse("admin:records_accountchange_change", args=(change.ref,))


def tell_of(request: HttpRequest, change: AccountChange, more: str = "") -> None:
    """Say that something waits for a second administrator, and where."""
    whose = f" for {change.account}" if change.account else ""
    what = change.words.replace("\n", "; ") or change.get_kind_display()
    messages.warning(
        request,
        format_html(
            'Waits for a second administrator as <a href="{}">{}</a>{}: {}. {}',
            page_of(change),
            change.ref,
            whose,
            what,
            more,
        ),
    )


class Widens(admin.ModelAdmin):
    """The admin of what gives rights."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return a row, locked and read again where it is about to be saved.

        A form saves every column: what another administrator takes away meanwhile would come back.
        """
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST":
            return found
        return self.get_queryset(request).select_for_update(no_key=True).filter(pk=found.pk).first()

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """Save a row with the switches that a form turns on left off, where a second administrator has to agree."""
        # Before anything is written: it may be the other administrator who is switched off.
        form.waits = keep_two_administrators()
        form.flags = [name for name in FLAGS if change and name in form.changed_data and getattr(obj, name)]
        for name in form.flags if form.waits else ():
            setattr(obj, name, False)
        form.mail = obj.email if change and "email" in form.changed_data and obj != request.user else ""
        if form.mail and form.waits:
            obj.email = form.initial["email"]
        super().save_model(request, obj, form, change)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Names are given once: who wrote what, and what was asked for, is told by them."""
        given = {User: ("username",), Group: ("name",), Team: ("name",)}[self.model]
        return (*super().get_readonly_fields(request, obj), *(given if obj is not None else ()))

    def delete_model(self, request: Any, obj: Any) -> None:
        keep_two_administrators()  # a role may go that makes somebody an administrator
        super().delete_model(request, obj)

    def delete_queryset(self, request: Any, queryset: Any) -> None:
        keep_two_administrators()
        super().delete_queryset(request, queryset)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """Save the lists of a form without what they give, and let that wait; or keep that one person gave it."""
        given = [*self._flags(form), *self._taken_out(form, form.waits)]
        super().save_related(request, form, formsets, change)
        of_account: dict[Any, list[Right]] = defaultdict(list)
        for account, right in given:
            of_account[account].append(right)
        for account, rights in of_account.items():
            if form.waits:
                tell_of(request, ask(request.user, account, AccountChangeKind.RIGHTS, rights))
            else:
                self._record(request, account, rights)

    def _flags(self, form: Any) -> Iterator[tuple[Any, Right]]:
        yield from ((form.instance, ["flag", name]) for name in form.flags)
        if form.mail:
            yield form.instance, ["mail", form.mail]

    def _taken_out(self, form: Any, waits: bool) -> Iterator[tuple[Any, Right]]:
        """Yield whom a form gives what, by its lists; take that out of what it saves where it waits."""
        for name, kind in LISTS[self.model].items():
            chosen = form.cleaned_data.get(name)
            if chosen is None:
                continue
            there = set(getattr(form.instance, name).values_list("pk", flat=True))
            new = [row for row in chosen if row.pk not in there]
            if waits and new:
                form.cleaned_data[name] = [row for row in chosen if row.pk in there]
            yield from ((self._whose(form.instance, row), self._right(kind, form.instance, row)) for row in new)

    def _whose(self, row: Any, given: Any) -> Any:
        return {User: row, Group: None, Team: given}[self.model]

    def _right(self, kind: str, row: Any, given: Any) -> Right:
        return {User: [kind, given.pk], Group: [kind, row.pk, given.pk], Team: [kind, row.pk]}[self.model]

    def _record(self, request: HttpRequest, account: Any, rights: list[Right]) -> None:
        """Keep what one administrator gave: to everybody who has the role, where it was given to a role."""
        widened: Iterable[Any] = [account]
        if account is None:
            widened = [*User.objects.filter(groups=rights[0][1])] or [None]
        for each in widened:
            record(request.user, each, AccountChangeKind.RIGHTS, rights)
