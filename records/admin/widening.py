"""Mixin for the admin of accounts, roles and teams: what widens somebody waits for a second administrator.

What a form takes away is done at once. What it gives is left out of what is saved, and kept to be approved; where there
is no second administrator it is saved, and kept as done by one alone.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from records.accounts.changes import Right, ask, record
from records.accounts.independence import keep_two_administrators
from records.admin.taken_away import taken_away
from records.models import AccountChange, Team
from records.vocabulary import AccountChangeKind

#: What a field of a form gives, by the model that the form is about.
FLAGS = ("is_active", "is_staff", "is_superuser")
LISTS: dict[Any, dict[str, str]] = {
    User: {"groups": "role", "user_permissions": "permission"},
    Group: {"permissions": "role permission"},
    Team: {"members": "team"},
}
#: What an account is called beside its user name.
NAMES = ("first_name", "last_name")
#: The fields of a form of which everything that they give waits.
GIVING = {*FLAGS, "email", *(name for lists in LISTS.values() for name in lists)}


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


def concerns(change: AccountChange, row: Any) -> bool:
    """Whether a change gives something to an account, role or team, or lets somebody into it."""
    if isinstance(row, User):
        return bool(change.account_id == row.pk)
    kinds = {Group: ("role", "role permission"), Team: ("team",)}[type(row)]
    return any(kind in kinds and keys[0] == row.pk for kind, *keys in json.loads(change.rights))


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

    @admin.display(description="Waits for a second administrator")
    def waiting(self, row: Any) -> SafeString | str:
        """Lead to each change that waits and gives something to this account, role or team."""
        waiting = [change for change in AccountChange.objects.waiting() if concerns(change, row)]
        parts = ((page_of(change), change.ref, change.words or change.get_kind_display()) for change in waiting)
        return format_html_join(mark_safe("<br>"), '<a href="{}">{}</a>: {}', parts) or "nothing"

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """Save a row with the switches that a form turns on left off, where a second administrator has to agree."""
        # Before anything is written: it may be the other administrator who is switched off.
        form.waits = keep_two_administrators()
        form.flags = [name for name in FLAGS if change and name in form.changed_data and getattr(obj, name)]
        for name in form.flags if form.waits else ():
            setattr(obj, name, False)
        form.off = [name for name in FLAGS if change and name in form.changed_data and name not in form.flags]
        form.mail = obj.email if change and "email" in form.changed_data and obj != request.user else ""
        if form.mail and form.waits:
            obj.email = form.initial["email"]
        super().save_model(request, obj, form, change)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Names are given once: who wrote what, and what was asked for, is told by them."""
        given = {User: ("username",), Group: ("name",), Team: ("name",)}[self.model]
        return (*super().get_readonly_fields(request, obj), *((*given, "waiting") if obj is not None else ()))

    def delete_model(self, request: Any, obj: Any) -> None:
        keep_two_administrators()  # a role may go that makes somebody an administrator
        record(request.user, None, AccountChangeKind.AT_ONCE, words=f"role {obj} removed")
        super().delete_model(request, obj)

    def delete_queryset(self, request: Any, queryset: Any) -> None:
        for row in queryset:
            self.delete_model(request, row)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """Save the lists of a form without what they give, and let that wait; or keep that one person gave it."""
        taken = [*taken_away(form)] if change else []
        given = [*self._flags(form), *self._taken_out(form, form.waits)]
        request.only_waits = form.waits and bool(given) and not taken and {*form.changed_data} <= GIVING
        super().save_related(request, form, formsets, change)
        self._tell_what_was_taken(request, taken)
        if change and {*NAMES} & {*form.changed_data}:
            record(request.user, form.instance, AccountChangeKind.AT_ONCE, [["called", form.instance.get_full_name()]])
        of_account: dict[Any, list[Right]] = defaultdict(list)
        for account, right in given:
            of_account[account].append(right)
        for account, rights in of_account.items():
            if form.waits:
                tell_of(request, ask(request.user, account, AccountChangeKind.RIGHTS, rights))
            else:
                self._record(request, account, rights)

    def _tell_what_was_taken(self, request: HttpRequest, taken: list[tuple[Any, str]]) -> None:
        of_account: dict[Any, list[str]] = defaultdict(list)
        for account, words in taken:
            of_account[account].append(words)
        for account, lines in of_account.items():
            change = record(request.user, account, AccountChangeKind.AT_ONCE, words="\n".join(lines))
            whose = f"{account}: " if account else ""
            messages.info(request, f"Done at once, and told to the team. {whose}{change.words.replace(chr(10), '; ')}.")

    def message_user(self, request: HttpRequest, message: Any, level: Any = messages.INFO, *more: Any) -> None:
        """Say nothing of success where all that was changed waits."""
        if not (level == messages.SUCCESS and getattr(request, "only_waits", False)):
            super().message_user(request, message, level, *more)

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
