"""Questions about a sign-in: how long ago, with a second factor, able to write."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from records.audit.acts import note
from records.models import ApiToken, Feed

#: For how many seconds a sign-in counts as recent.
RECENT = 15 * 60
SIGNED_IN_AT = "signed_in_at"
CHANNEL = "sign-in"
#: What the name of a permission begins with that lets its holder change something.
CHANGING = ("add_", "change_", "delete_", "submit_", "review_", "break_glass")


def signed_in_at(request: HttpRequest) -> float:
    """When the session began, in seconds; 0 where nobody knows."""
    return request.session.get(SIGNED_IN_AT, 0)


def recently_signed_in(request: HttpRequest) -> bool:
    """Whether the person signed in, or proved again who they are, within the last 15 minutes."""
    if not request.user.is_authenticated:
        return False
    again = [record["at"] for record in get_authentication_records(request, request.user)]
    return time.time() - max([signed_in_at(request), *again]) < RECENT


def sign_in_again(request: HttpRequest, then: str = "") -> HttpResponseRedirect:
    """Send somebody to prove who they are, and afterwards to `then`, an address of this site, or back."""
    back = then or request.get_full_path()
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("home")
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")


def needs_second_factor(user: Any) -> bool:
    """Whether an account can change anything, or may read what is the team's."""
    return can_write(user) or user.has_perm("records.read_team")


def can_write(user: Any) -> bool:
    """Whether an account may change anything, by being staff or by any permission that it was granted."""
    if user.is_staff or user.is_superuser:
        return True
    return any(name.partition(".")[2].startswith(CHANGING) for name in user.get_all_permissions())


def end_sessions(user: Any, but: str | None = None) -> int:
    """End the sessions of an account everywhere, but for the one of the key `but`. Return how many."""
    ended = list(UserSession.objects.filter(user=user.pk).exclude(session_key=but or ""))
    for session in ended:
        session.end()
    return len(ended)


def take_ways_in(user: Any) -> None:
    """Revoke what opens something in the name of an account without signing in: its tokens and private addresses."""
    for token in ApiToken.objects.filter(user=user.pk):
        token.delete()
        note("token", who=CHANNEL, done="revoked", name=token.name, account=user.get_username())
    for feed in Feed.objects.filter(user=user.pk):
        feed.delete()
        note("token", who=CHANNEL, done="revoked", name=feed.name, account=user.get_username())


def reset_second_factor(user: Any) -> None:
    """Take away every second factor of somebody who lost theirs, and all that opens without one."""
    take_ways_in(user)
    Authenticator.objects.filter(user=user.pk).delete()
    end_sessions(user)
