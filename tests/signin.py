"""Signing people in for tests, as if they had come through the door with everything they need."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.models import Permission, User
from django.test import Client

from records.accounts.sign_in import SIGNED_IN_AT

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "a long pass phrase"


def sign_in(client: Client, user: Any, *, factor: bool = True, minutes_ago: float = 0) -> Client:
    """Sign `user` in with a second factor set up, unless told otherwise, so many minutes ago."""
    if factor:
        give_factor(user)
    client.force_login(user)
    if minutes_ago:
        grow_old(client, minutes_ago)
    return client


def give_factor(user: Any) -> None:
    """Set up one-time codes made from SECRET for a user who has none."""
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, SECRET)


def grow_old(client: Client, minutes: float) -> None:
    """Let a session have begun so many minutes ago, with nothing proved since."""
    session = client.session
    session[SIGNED_IN_AT] = time.time() - minutes * 60
    for record in session.get("account_authentication_methods", []):
        record["at"] = session[SIGNED_IN_AT]
    session.save()


def code_now(secret: str = SECRET, later: int = 0) -> str:
    """Return the one-time code of this half minute, or of a later one."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def make_account(name: str, **fields: Any) -> User:
    """Make an account with a second factor, which reading what is not for everybody takes."""
    user = User.objects.create_user(name, **fields)
    give_factor(user)
    return user


def may(user: Any, *names: str) -> Any:
    """Give a user permissions by code name, and return the user without what was looked up before.

    Whoever reads what is the team's, or breaks the glass, has a second factor.
    """
    if {"read_team", "break_glass"} & {*names}:
        give_factor(user)
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))
    return type(user).objects.get(pk=user.pk)
