"""The addresses below /account/.

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

from records.accounts.sign_in import sign_in_again
from records.accounts.views import AccountHome, ApiTokensPage, EndSessions, FeedsPage, SessionsPage


def allauth_path(address: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
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
    allauth_path("", factors.index, name="mfa_index"),
    allauth_path("authenticate/", factors.authenticate, name="mfa_authenticate"),
    allauth_path("reauthenticate/", factors.reauthenticate, name="mfa_reauthenticate"),
    allauth_path("codes/add/", totp.activate_totp, name="mfa_activate_totp"),
    allauth_path("codes/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    allauth_path("recovery/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    allauth_path("recovery/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    allauth_path("passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    allauth_path("passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    allauth_path("passkeys/login/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    allauth_path("passkeys/reauthenticate/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    allauth_path("passkeys/<int:pk>/rename/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    allauth_path("passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
]
urlpatterns = [
    path("", AccountHome.as_view(), name="account"),
    allauth_path("login/", door.login, name="account_login"),
    allauth_path("logout/", door.logout, name="account_logout"),
    allauth_path("inactive/", door.account_inactive, name="account_inactive"),
    allauth_path("password/", door.password_change, name="account_change_password"),
    allauth_path("reauthenticate/", door.reauthenticate, name="account_reauthenticate"),
    path("sessions/", SessionsPage.as_view(), name="usersessions_list"),
    path("sessions/end/", EndSessions.as_view(), name="usersessions_end"),
    path("tokens/", ApiTokensPage.as_view(), name="tokens"),
    path("feeds/", FeedsPage.as_view(), name="feeds"),
    path("second-factor/", include(second_factors)),
]
