"""The middleware that ends old sign-ins and demands a second factor of whoever writes or reads with the team."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from records.access.clearance import clearance
from records.accounts.sign_in import needs_second_factor, signed_in_at

#: What somebody without the second factor they need may still open: ways to set one up, and the way out.
OPEN = (
    "account_logout",
    "account_reauthenticate",
    "account_change_password",
    "mfa_index",
    "usersessions_list",
)
#: Where in a session stands the page that somebody wanted who was sent to set up a second factor first.
WANTED = "wanted_page"
NEEDED = (
    "Your account may change records or read what is the team's, so it needs a second factor before you go on. "
    "Choose one here."
)


class SecondFactorMiddleware:
    """End sign-ins that are too old, and send those who write or read with the team to set up a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        if time.time() - signed_in_at(request) > settings.SESSION_COOKIE_AGE:
            logout(request)
            return self.get_response(request)
        # Whoever can be named a reader has a second factor: what each request asks anyway answers for most of them.
        if clearance(request.user).reader or is_exempt(request.path) or not needs_second_factor(request.user):
            if request.session.get(WANTED) == request.get_full_path():
                del request.session[WANTED]
            return self.get_response(request)
        return self.refuse(request)

    def refuse(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):
            return JsonResponse(
                {"detail": "This account needs a second factor: set one up under /account/."}, status=403
            )
        if request.method == "GET":
            request.session[WANTED] = request.get_full_path()
        messages.warning(request, NEEDED)
        return HttpResponseRedirect(reverse("mfa_index"))


def is_exempt(path: str) -> bool:
    """Whether an address is one of those that stay open. The pages of second factors lie below one address."""
    second_factors = reverse("mfa_index")
    return path.startswith(second_factors) or path in {reverse(name) for name in OPEN}
