"""The adapters of django-allauth: who can sign in, how tries are limited, how secrets are encrypted."""

from __future__ import annotations

import base64
from http import HTTPStatus
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from records.accounts.holders import take_over
from records.accounts.sign_in import CHANNEL, recently_signed_in
from records.accounts.tries import count_password
from records.audit.acts import act, note
from records.vocabulary import AuditKind

#: How long to wait after too many tries, in seconds: as long as tries are remembered.
WAIT = 300
TOO_MANY_TRIES = {"too_many_login_attempts", "rate_limited"}


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """Say that there were too many tries: the same for everybody, known here or not."""
    answer = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    answer.headers["Retry-After"] = str(WAIT)
    return answer


class AccountAdapter(DefaultAccountAdapter):
    """The way in with a user name: accounts are made by administrators, and bad tries are counted."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def validation_error(self, code: str, *args: Any) -> Any:
        """Answer too many tries with a status of its own rather than with a form that looks as before."""
        if code in TOO_MANY_TRIES:
            raise ImmediateHttpResponse(too_many_tries(self.request))
        return super().validation_error(code, *args)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask nobody twice within a quarter of an hour, the first sign-in counted too."""
        return not recently_signed_in(self.request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a password before it is looked at; one that is right is taken back by `authenticate`."""
        self._login_failed_rl_usage = count_password(request, credentials["username"])
        if self._login_failed_rl_usage is None:
            raise self.validation_error("too_many_login_attempts")

    def set_password(self, user: Any, password: str) -> None:
        """Set the password of its holder's own, and nothing else; whoever knew the one before has no way in any more.

        The account was read before this took the time that a password takes: it may have been switched off or reset
        since, and then nothing is written.
        """
        before = user.password
        user.set_password(password)
        with act(user, CHANNEL):
            as_it_was = User.objects.filter(pk=user.pk, is_active=True, password=before)
            if not as_it_was.update(password=user.password):
                messages.error(self.request, "Your account was changed meanwhile: the password was not.")
                raise ImmediateHttpResponse(redirect("account_login"))
            take_over(user)
            note(AuditKind.ACCOUNT, account=user.get_username(), done="password changed by its holder")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors go by the user name, and their secrets lie encrypted in the database."""

    def _get_user_identifier(self, user: Any) -> str:
        return user.get_username()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": "Waymark"}

    def encrypt(self, text: str) -> str:
        return secrets_cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return secrets_cipher().decrypt(encrypted_text.encode()).decode()


def secrets_cipher() -> MultiFernet:
    """Return what seals secrets: with the signing key of today, and opens what earlier ones sealed."""
    return MultiFernet([Fernet(derived_key(str(key))) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def derived_key(key: str) -> bytes:
    """Return a key for this one purpose, from which nobody gets back to the signing key."""
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"waymark: secrets of second factors")
    return base64.urlsafe_b64encode(made.derive(key.encode()))
