"""Widening and resetting accounts: by two administrators where there are two, and loudly by one where there is one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.utils import timezone

from records.accounts.independence import LOOKS_AFTER_ACCOUNTS, are_independent, keep_two_administrators
from records.accounts.sign_in import end_sessions, reset_second_factor, take_ways_in
from records.audit.acts import act, note
from records.models import AccountChange, Team
from records.vocabulary import AccountChangeKind, AccountChangeState, AuditKind

#: A right that is given: ["flag", name], ["role", key], ["permission", key], ["team", key], to an account, or
#: ["role permission", role, permission]. ["called", name] is another first and last name.
Right = list[Any]
#: How long an approved new password may be set.
GOOD_FOR = timedelta(days=1)
#: What can still be refused or taken back. Only what waits can be approved.
PENDING = (AccountChangeState.WAITING, AccountChangeState.APPROVED)
MODELS: dict[str, Any] = {"role": Group, "permission": Permission, "team": Team}


class ChangeRefused(ValueError):
    """A change of an account that cannot be done, and why, in a sentence. Nothing was written."""


def ask(by: Any, account: Any, kind: AccountChangeKind, rights: Iterable[Right] = ()) -> AccountChange:
    """Let a change wait for a second administrator. The same one asked for twice is one."""
    given = list(rights)
    asked = {"account": account, "kind": kind, "rights": json.dumps(given), "asked_by": by}
    if (known := AccountChange.objects.waiting().filter(**asked).first()) is not None:
        return known
    change = AccountChange.objects.create(**asked, words=in_words(given), state=AccountChangeState.WAITING)
    _note(change, "asked")
    return change


def record(
    by: Any, account: Any, kind: AccountChangeKind, rights: Iterable[Right] = (), words: str = ""
) -> AccountChange:
    """Keep that one administrator has done something alone."""
    given = list(rights)
    change = AccountChange.objects.create(
        account=account,
        kind=kind,
        rights=json.dumps(given),
        words=words or in_words(given),
        asked_by=by,
        state=AccountChangeState.DONE,
    )
    _note(change, "done by one administrator")
    return change


def in_words(rights: list[Right]) -> str:
    """Say what is given, a line each."""
    return "\n".join(_words(*right) for right in rights)


def _words(kind: str, *keys: Any) -> str:
    if kind == "called":
        return f"called “{keys[0]}” from now on"
    if kind == "mail":
        return f"mail to {keys[0]}"
    if kind == "flag":
        field: Any = User._meta.get_field(keys[0])
        return str(field.verbose_name)
    if kind == "role permission":
        role, permission = Group.objects.get(pk=keys[0]), Permission.objects.get(pk=keys[1])
        return f"whoever has the role {role}: {permission.name}"
    return f"{kind} {MODELS[kind].objects.get(pk=keys[0])}"


def why_not(change: AccountChange, user: Any) -> str:
    """Say why `user` may not answer a change that waits; "" where they may."""
    if change.state != AccountChangeState.WAITING:
        return f"{change.ref} is {change.get_state_display()}."
    if not user.has_perm(LOOKS_AFTER_ACCOUNTS):
        return "To answer takes the right to change accounts."
    if user == change.asked_by:
        return "Nobody approves what they asked for."
    if not change.asked_by.is_active or not change.asked_by.has_perm(LOOKS_AFTER_ACCOUNTS):
        return f"{change.asked_by}, who asked for it, may not change accounts any more. Refuse it."
    if user == change.account:
        return "Nobody approves what is given to themselves."
    if change.account and not are_independent(user, change.account, change.asked_at):
        return f"You and whoever holds {change.account} may be one person. Ask for it yourself; somebody else approves."
    if not are_independent(user, change.asked_by, change.asked_at):
        return (
            f"You and {change.asked_by} may be one person: one of the accounts was made or reset by the other, or both "
            "by a third, and nobody independent has confirmed since who holds it."
        )
    return ""


def approve(change: AccountChange, by: Any) -> None:
    """Carry out what waited; a new password may be set by whoever asked, within a day. Raises ChangeRefused."""
    with act(by, "admin"), transaction.atomic():
        _refuse_unless(why_not(change, by))
        is_password = change.kind == AccountChangeKind.PASSWORD
        _decide(change, by, AccountChangeState.APPROVED if is_password else AccountChangeState.DONE)
        if change.kind == AccountChangeKind.FACTOR:
            reset_second_factor(change.account)
        for kind, *keys in json.loads(change.rights):
            _give(change.account, kind, *keys)
        _note(change, "approved")


def _give(account: Any, kind: str, *keys: Any) -> None:
    if kind in ("flag", "mail"):
        name, value = ("email", keys[0]) if kind == "mail" else (keys[0], True)
        setattr(account, name, value)
        account.save(update_fields=[name])
        return
    model = Group if kind == "role permission" else MODELS[kind]
    given = model.objects.filter(pk=keys[0]).first()
    if given is None:
        raise ChangeRefused(f"The {kind} is not there any more.")
    if kind == "role permission":
        given.permissions.add(keys[1])
    else:
        {"role": account.groups, "permission": account.user_permissions, "team": account.teams}[kind].add(given)


def refuse(change: AccountChange, by: Any) -> None:
    """Answer that it shall not be: any administrator may, of a password that was approved too. Raises ChangeRefused."""
    with act(by, "admin"):
        _refuse_unless(why_not_refused(change, by))
        _decide(change, by, AccountChangeState.REFUSED)
        _note(change, "refused")


def why_not_refused(change: AccountChange, user: Any) -> str:
    """Say why `user` may not refuse a change; "" where they may."""
    if change.state not in PENDING:
        return f"{change.ref} is {change.get_state_display()}."
    if not user.has_perm(LOOKS_AFTER_ACCOUNTS):
        return "To answer takes the right to change accounts."
    return "Take it back instead." if user == change.asked_by else ""


def take_back(change: AccountChange, by: Any) -> None:
    """Let whoever asked for something take that back. Raises ChangeRefused."""
    with act(by, "admin"):
        _refuse_unless("" if by == change.asked_by else "Only whoever asked for it takes it back.")
        _decide(change, by, AccountChangeState.TAKEN_BACK)
        _note(change, "taken back")


def _refuse_unless(reason: str) -> None:
    if reason:
        raise ChangeRefused(reason)


def _decide(change: AccountChange, by: Any, state: AccountChangeState) -> None:
    """Answer a change that waits: of two who answer at once, one statement lets one win. Raises ChangeRefused."""
    values = {"state": state, "decided_by": by, "decided_at": timezone.now()}
    if not AccountChange.objects.filter(pk=change.pk, state__in=PENDING).update(**values):
        change.refresh_from_db()
        raise ChangeRefused(f"{change.ref} is {change.get_state_display()} already.")
    for name, value in values.items():
        setattr(change, name, value)


def approved_password(account: Any, by: Any) -> AccountChange | None:
    """Return the approval by which somebody may set the password of an account now, locked, if there is one."""
    own = AccountChange.objects.select_for_update(no_key=True).filter(account=account, asked_by=by)
    approved = own.filter(kind=AccountChangeKind.PASSWORD)
    return approved.filter(state=AccountChangeState.APPROVED, decided_at__gt=timezone.now() - GOOD_FOR).first()


def password_was_set(account: Any, by: Any) -> None:
    """Keep that somebody has set the password of an account, alone or as approved; nothing else opens it then."""
    take_ways_in(account)
    end_sessions(account)
    if (approved := approved_password(account, by)) is None:
        record(by, account, AccountChangeKind.PASSWORD)
        return
    approved.state = AccountChangeState.DONE
    approved.save(update_fields=["state"])
    _note(approved, "done")


def may_set_password(account: Any, by: Any) -> bool:
    """Whether somebody may set the password of another account now, or has to ask first."""
    return not keep_two_administrators() or approved_password(account, by) is not None


def _note(change: AccountChange, done: str) -> None:
    about = change.account.get_username() if change.account else ""
    note(AuditKind.ACCOUNT, change=change.ref, account=about, what=str(change.kind), done=done, rights=change.words)
