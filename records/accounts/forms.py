"""The forms for a new API token and for a new private feed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db import transaction

from records.access.second_factor import has_second_factor
from records.models import ApiToken, Feed, TokenScope
from records.models.token import LONGEST

MEANINGS = {
    TokenScope.READ: "read: ask the API",
    TokenScope.EXPORT: "export: take lists as files",
    TokenScope.SUBMIT: "submit: enter records for review",
}


class TokenForm(forms.ModelForm):
    """What a new token is called, what it may do, and until when."""

    scopes = forms.MultipleChoiceField(
        label="It may", choices=list(MEANINGS.items()), widget=forms.CheckboxSelectMultiple, initial=[TokenScope.READ]
    )
    days = forms.IntegerField(
        label="Days until it ends",
        min_value=1,
        max_value=LONGEST.days,
        initial=90,
        help_text=f"At most {LONGEST.days}.",
    )

    class Meta:
        model = ApiToken
        fields = ["name"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.user = user

    def clean_scopes(self) -> list[str]:
        scopes = self.cleaned_data["scopes"]
        if TokenScope.SUBMIT in scopes and not has_second_factor(self.instance.user):
            raise forms.ValidationError("A token that submits needs a second factor on your account: set one up first.")
        return scopes

    def _get_validation_exclusions(self) -> set[str]:
        """Check the user too, for whom a name is unique; the form does not ask for it."""
        return super()._get_validation_exclusions() - {"user"}  # type: ignore[misc]  # the stubs leave it out

    def make(self) -> tuple[ApiToken, str]:
        """Make the token. Return it, and the words that open with it, which nobody can look up later."""
        given = self.cleaned_data
        with transaction.atomic():
            return ApiToken.objects.create(
                self.instance.user,
                expiry=timedelta(days=given["days"]),
                name=given["name"],
                scopes=given["scopes"],
            )


class FeedForm(forms.ModelForm):
    """What a new private address gives, and which program will read it."""

    class Meta:
        model = Feed
        fields = ["kind", "name"]
        labels = {"kind": "It gives"}

    def make(self, user: Any) -> tuple[Feed, str]:
        """Make the feed. Return it, and the secret of its address, which nobody can look up later."""
        return Feed.issue(user, self.cleaned_data["kind"], self.cleaned_data["name"])
