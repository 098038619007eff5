"""The addresses below /account/: allauth's own views, by the names under which it looks for them, and our own.

Listed one by one, so that signing up, e-mail addresses and resets by mail have no address at all.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as door
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, include, path

from config.account.views import EndedSessions, Feeds, Home, Sessions, Tokens
from sources.signin import sign_in_again


def theirs(address: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
    """Return the address of one of allauth's views, with what it raises turned into an answer.

    Its middleware would do that too, but later, when the act that the request is has failed. And it would keep what
    was sent in the session, to send it again: that may be a password.
    """

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except ImmediateHttpResponse as answer:
            return answer.response
        except ReauthenticationRequired:
            return sign_in_again(request)

    return path(address, answering, name=name)


second_factors = [
    theirs("", factors.index, name="mfa_index"),
    theirs("authenticate/", factors.authenticate, name="mfa_authenticate"),
    theirs("reauthenticate/", factors.reauthenticate, name="mfa_reauthenticate"),
    theirs("codes/add/", totp.activate_totp, name="mfa_activate_totp"),
    theirs("codes/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    theirs("recovery/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    theirs("recovery/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    theirs("passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    theirs("passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    theirs("passkeys/login/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    theirs("passkeys/reauthenticate/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    theirs("passkeys/<int:pk>/rename/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    theirs("passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
]
urlpatterns = [
    path("", Home.as_view(), name="account"),
    theirs("login/", door.login, name="account_login"),
    theirs("logout/", door.logout, name="account_logout"),
    theirs("inactive/", door.account_inactive, name="account_inactive"),
    theirs("password/", door.password_change, name="account_change_password"),
    theirs("reauthenticate/", door.reauthenticate, name="account_reauthenticate"),
    path("sessions/", Sessions.as_view(), name="usersessions_list"),
    path("sessions/end/", EndedSessions.as_view(), name="usersessions_end"),
    path("tokens/", Tokens.as_view(), name="tokens"),
    path("feeds/", Feeds.as_view(), name="feeds"),
    path("second-factor/", include(second_factors)),
]
