"""The forms that prove who somebody is: name and password, codes, and all of them together."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from allauth.account.internal.stagekit import unstash_login
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.core import context
from allauth.mfa.base import forms as factors
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django import forms
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest, HttpResponse

from records.access.second_factor import has_second_factor
from records.accounts.tries import count_code

TOO_MANY = "too_many_login_attempts"
#: In a sign-in under way: what tells whether the password is still the one that was given.
PASSWORD = "password"  # noqa: S105  # the name of an entry


class LimitedCode(factors.BaseAuthenticateForm):
    """A code of a second factor. With no tries left, only recovery codes are looked at: they cannot be guessed."""

    def clean_code(self) -> str:
        tries = count_code(context.request, self.user)
        if tries is None:
            return self.recovery_code()
        code = super().clean_code()
        tries.rollback()
        return code

    def recovery_code(self) -> str:
        code: str = self.cleaned_data["code"]
        for kept in Authenticator.objects.filter(user=self.user, type=Authenticator.Type.RECOVERY_CODES):
            if kept.wrap().validate_code(code):
                self.authenticator = kept
                return code
        raise get_adapter().validation_error(TOO_MANY)


class CodeForm(LimitedCode, factors.AuthenticateForm):
    """A code that signs somebody in."""


class SecondStepForm(CodeForm):
    """The same, on the page after the password: with the one that was right there, as long as it is."""

    def clean_code(self) -> str:
        login = unstash_login(context.request, peek=True)
        if login is None or login.state.get(PASSWORD) != self.user.get_session_auth_hash():
            raise forms.ValidationError("The password was changed meanwhile. Start again with the new one.")
        return super().clean_code()


class CodeAgainForm(LimitedCode, factors.ReauthenticateForm):
    """A code that proves again who is signed in."""


class SignInForm(LoginForm):
    """Name and password; or these and a code, which are judged together, however many tries there were before.

    Whoever sends the three learns only whether all are right. So the password cannot be guessed, and those who know all
    three are never refused for what others tried.
    """

    code = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
    second: CodeForm | None = None

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if self.errors or not given["code"]:
            return super().clean()
        self.user, self.second = self.proved_together(given)
        self._login = Login(user=self.user)
        LoginStageController(self.request, self._login).set_handled(AuthenticateStage.key)
        return given

    def proved_together(self, given: dict[str, Any]) -> tuple[Any, CodeForm]:
        """Return whose name, password and code these are. The backend is asked silently: a flood is no audit trail."""
        user = ModelBackend().authenticate(self.request, username=given["login"], password=given["password"])
        second = CodeForm(user=user, data={"code": given["code"]})
        if user is None or not has_second_factor(user) or not second.is_valid():
            raise get_adapter().validation_error(TOO_MANY)
        return user, second

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        self._login.state[PASSWORD] = self.user.get_session_auth_hash()
        if self.second is not None:
            self.second.save()
        answer: HttpResponse = super().login(request, redirect_url)
        return answer
