"""Mixins for admin pages that ask for a recent sign-in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from records.accounts.sign_in import recently_signed_in, sign_in_again
from records.admin.history import WithHistory


def level_needs() -> SafeString:
    """Say, beside a level or readers that were changed, what to do: the form stays as it is filled in."""
    again = f"{reverse('account_reauthenticate')}?next={reverse('account')}"
    return format_html(
        'Your sign-in is older than 15 minutes, and this decides who can read the record. <a href="{}" target="_blank">'
        "Confirm who you are</a> in another tab, then save here again. Nothing was saved yet.",
        again,
    )


class LevelNeedsRecentSignIn:
    """Mixed into the form of a record, or of a part on its owner's page: no other level or readers after 15 minutes.

    The admin sets `may_change_level` for each request; a form that nobody told refuses.
    """

    may_change_level = False
    add_error: Callable[..., None]
    changed_data: list[str]
    instance: Any

    def refuse_old_sign_in(self) -> None:
        if self.instance._state.adding or self.may_change_level:
            return
        for name in {"level", "readers"} & {*self.changed_data}:
            self.add_error(name, level_needs())


def recent_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a view of the admin take a POST only from somebody who signed in recently."""

    @wraps(view)
    def asked(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not recently_signed_in(request):
            messages.warning(request, "Nothing was saved: confirm who you are first, then do it again.")
            return sign_in_again(request)
        return view(self, request, *args, **kwargs)

    return asked


class RecentSignIn(WithHistory):
    """The admin of what gives rights: nothing is added, changed, removed or done to many after 15 minutes."""

    @recent_only
    def changeform_view(self, *args: Any, **kwargs: Any) -> Any:
        return super().changeform_view(*args, **kwargs)

    @recent_only
    def changelist_view(self, *args: Any, **kwargs: Any) -> Any:
        return super().changelist_view(*args, **kwargs)

    @recent_only
    def delete_view(self, *args: Any, **kwargs: Any) -> Any:
        return super().delete_view(*args, **kwargs)
