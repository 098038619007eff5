"""Who holds an account: what opens it, its own password, and the second person who confirms that it is theirs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db.models import Max
from django.utils import timezone

from records.access.second_factor import has_second_factor
from records.accounts.changes import ChangeRefused
from records.accounts.independence import LOOKS_AFTER_ACCOUNTS, are_independent
from records.accounts.sign_in import end_sessions, take_ways_in
from records.audit.acts import act, note
from records.models import AccountChange, ApiToken, Feed
from records.vocabulary import AccountChangeKind, AccountChangeState, AuditKind

#: After what somebody else knows the password of an account.
PASSWORDS = (AccountChangeKind.MADE, AccountChangeKind.PASSWORD)
RESETS = {
    AccountChangeKind.PASSWORD: "your password was set by an administrator",
    AccountChangeKind.FACTOR: "your second factor was reset",
}
TAKEN_AWAY = "confirming takes it away"


def why_not_confirmed(account: Any, user: Any) -> str:
    """Say why `user` may not confirm who holds an account; "" where they may."""
    if not AccountChange.objects.unconfirmed().filter(account=account).exists():
        return "There is nothing to confirm: the account is independent."
    if not user.has_perm(LOOKS_AFTER_ACCOUNTS):
        return "To confirm takes the right to change accounts."
    if user == account:
        return "Nobody confirms their own account."
    if not are_independent(user, account):
        return f"You and whoever holds {account} may be one person: you made or reset it. Somebody else confirms."
    return why_not_taken_over(account)


def why_not_taken_over(account: Any) -> str:
    """Say what the holder of an account has to do before anybody confirms that it is theirs; "" where all is done."""
    passwords = AccountChange.objects.unconfirmed().filter(account=account, kind__in=PASSWORDS)
    if passwords.filter(taken_over_at__isnull=True).exists():
        return "Its holder has not set a password of their own yet: let them sign in and change it first."
    if not has_second_factor(account):
        return "Its holder has no second factor yet: let them sign in and set one up first."
    return ""


def take_over(account: Any) -> None:
    """Let a holder who has set a password of their own start anew: whoever knew the one before may have left a way in.

    Tokens, private addresses and second factors are taken away, and other sessions have ended with the password. So it
    is at each own password until somebody has confirmed the holder: the first may have been set by whoever made it.
    """
    changes = AccountChange.objects.unconfirmed().filter(account=account, kind__in=PASSWORDS)
    if changes.update(taken_over_at=timezone.now()):
        take_ways_in(account)
        Authenticator.objects.filter(user=account.pk).delete()


def ways_in(account: Any) -> Iterator[str]:
    """Say what opens an account, and since when: whoever confirms its holder asks them about each."""
    changes = AccountChange.objects.unconfirmed().filter(account=account, kind__in=PASSWORDS)
    own = changes.aggregate(at=Max("taken_over_at"))["at"]
    if own is not None:
        yield f"Password: last set by somebody who was signed in as {account}, {own:%Y-%m-%d %H:%M} UTC"
    for factor in Authenticator.objects.filter(user=account.pk).order_by("created_at"):
        used = f"last used {factor.last_used_at:%Y-%m-%d %H:%M} UTC" if factor.last_used_at else "never used"
        kind = factor.get_type_display()
        yield f"Second factor: {kind}, set up {factor.created_at:%Y-%m-%d %H:%M} UTC, {used}"
    for token in ApiToken.objects.filter(user=account.pk):
        made = f"made {token.created:%Y-%m-%d %H:%M} UTC"
        yield f"API token: {token.name} ({', '.join(token.scopes)}), {made}; {TAKEN_AWAY}"
    for feed in Feed.objects.filter(user=account.pk):
        yield f"Private address: {feed.name}, made {feed.created_at:%Y-%m-%d %H:%M} UTC; {TAKEN_AWAY}"
    if account.email:
        yield f"Mail: goes to {account.email}; {TAKEN_AWAY}"


def why_revoked(account: Any) -> str:
    """Say when tokens and private addresses of an account were last taken away, and why; "" where they never were."""
    moments = [
        (at, words)
        for change in AccountChange.objects.filter(account=account, state=AccountChangeState.DONE)
        for at, words in (
            (change.decided_at or change.asked_at, RESETS.get(AccountChangeKind(change.kind), "")),
            (change.taken_over_at, "you set a password before your account was confirmed"),
            (change.confirmed_at, "it was confirmed that the account is yours"),
        )
        if at is not None and words
    ]
    if not moments:
        return ""
    at, words = max(moments)
    return f"Tokens and private addresses made before {at:%Y-%m-%d %H:%M} UTC are revoked: {words}."


def confirm_holder(account: Any, by: Any | None, why: str = "") -> int:
    """Keep that somebody independent knows who holds an account; None is whoever has the server.

    Whoever made or reset it may have left a way in even behind the holder's own password: tokens, private addresses,
    the mail address and sessions are taken away. Returns how many changes that confirms. Raises ChangeRefused.
    """
    with act(by if by is not None else "confirm_account", "admin" if by is not None else "command", why):
        held = User.objects.select_for_update(no_key=True).get(pk=account.pk)
        if reason := why_not_confirmed(held, by) if by is not None else why_not_taken_over(held):
            raise ChangeRefused(reason)
        found = AccountChange.objects.unconfirmed().filter(account=held)
        number = found.update(confirmed_by=by, confirmed_at=timezone.now())
        take_ways_in(held)
        end_sessions(held)
        held.email = ""
        held.save(update_fields=["email"])
        note(AuditKind.ACCOUNT, account=held.get_username(), done="holder confirmed")
    return number
