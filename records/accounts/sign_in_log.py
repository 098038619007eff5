"""Audit entries for signing in, failing to, signing out, and changing a second factor.

There are several doors (password and code, passkey, the admin's way out), and all of them belong to libraries. Their
signals are the one place that each of them passes, so this is the one file that listens.
"""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa import signals as factors
from django.contrib.auth import get_user_model, signals
from django.http import HttpRequest

from records.accounts.sign_in import CHANNEL, SIGNED_IN_AT, end_sessions
from records.audit.acts import note


def signed_in(request: HttpRequest, user: Any, **about: Any) -> None:
    request.session[SIGNED_IN_AT] = time.time()
    note("sign_in", who=user, channel=CHANNEL, account=user.get_username())


def sign_in_failed(credentials: dict[str, Any], **about: Any) -> None:
    """Name the account that was tried, but nothing that is none: people type passwords into the wrong box."""
    tried = get_user_model().objects.filter(username=str(credentials.get("username", ""))[:150]).first()
    note("sign_in_failed", who="stranger", channel=CHANNEL, account=tried.get_username() if tried else "unknown")


def code_failed(user: Any, **about: Any) -> None:
    note("sign_in_failed", who="stranger", channel=CHANNEL, account=user.get_username(), step="second factor")


def signed_out(user: Any, **about: Any) -> None:
    if user is not None:
        note("sign_out", who=user, channel=CHANNEL, account=user.get_username())


def factor_added(request: HttpRequest, user: Any, authenticator: Any, **about: Any) -> None:
    """A session that began before the first second factor has not shown one: it ends."""
    end_sessions(user, but=request.session.session_key)
    note("factor", who=user, channel=CHANNEL, account=user.get_username(), factor=authenticator.type, done="added")


def factor_removed(user: Any, authenticator: Any, **about: Any) -> None:
    note("factor", who=user, channel=CHANNEL, account=user.get_username(), factor=authenticator.type, done="removed")


def factor_renewed(user: Any, authenticator: Any, **about: Any) -> None:
    note("factor", who=user, channel=CHANNEL, account=user.get_username(), factor=authenticator.type, done="renewed")


def connect_signals() -> None:
    signals.user_logged_in.connect(signed_in)
    signals.user_login_failed.connect(sign_in_failed)
    signals.user_logged_out.connect(signed_out)
    factors.authentication_failed.connect(code_failed)
    factors.authenticator_added.connect(factor_added)
    factors.authenticator_removed.connect(factor_removed)
    factors.authenticator_reset.connect(factor_renewed)
