"""Authentication by API token, for the API and for exports.

    Authorization: Token 8f14e45f...

A token that is unknown, expired, malformed or somebody's who was deactivated gets the same answer: 401.
"""

from __future__ import annotations

from hmac import compare_digest
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.settings import CONSTANTS
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission

from records.access.second_factor import has_second_factor
from records.accounts.sign_in import recently_signed_in, sign_in_again
from records.models import ApiToken, TokenScope, reads_more_than_strangers

REFUSED = "This token is not valid."
#: The word before the token; the other is what many programs send by themselves, and must not be read as nobody.
WORD, OTHER_WORD = b"token", b"bearer"
NO_SCOPE = "This token does not have the scope “{}”."


class ApiTokenAuthentication(TokenAuthentication):
    """Knows a user by a token in the Authorization header, and nowhere else."""

    def authenticate(self, request: Any) -> tuple[Any, ApiToken] | None:
        word, *rest = get_authorization_header(request).split() or [b""]
        if word.lower() not in (WORD, OTHER_WORD):
            return None
        if word.lower() != WORD or len(rest) != 1:
            raise AuthenticationFailed(REFUSED)
        return self.authenticate_credentials(rest[0])

    def authenticate_credentials(self, token: bytes) -> tuple[Any, ApiToken]:
        """Return the user of a token and the token, or raise the one refusal that there is."""
        text = token.decode("ascii", "replace")
        digest = hash_token(text)
        beginning = text[: CONSTANTS.TOKEN_KEY_LENGTH].replace("\0", "")
        for known in ApiToken.objects.valid_now().filter(token_key=beginning).select_related("user"):
            if compare_digest(digest, known.digest):
                return known.user, known
        raise AuthenticationFailed(REFUSED)


class TokenHasScope(BasePermission):
    """Holds a token to its scopes: read to read, submit to write. Who asks without a token is not its concern."""

    def has_permission(self, request: Any, view: Any) -> bool:
        scope = TokenScope.READ if request.method in SAFE_METHODS else TokenScope.SUBMIT
        self.message = NO_SCOPE.format(scope)
        return token_allows(request.auth, scope)


def token_allows(token: Any, scope: TokenScope) -> bool:
    """Whether a token, where there is one, allows `scope`. Nobody submits without a second factor."""
    if not isinstance(token, ApiToken):
        return True
    return token.allows(scope) and (scope != TokenScope.SUBMIT or has_second_factor(token.user))


def refuse_export(request: HttpRequest) -> HttpResponseBase | None:
    """Return the answer to somebody who may not take a file away as they ask now, or None to let them.

    With a token, the request becomes its user's. People who are signed in prove again who they are when that was long
    ago, where they read anything that strangers do not; strangers take what is public.
    """
    if (refusal := refuse_token(request, TokenScope.EXPORT)) is not None:
        return refusal
    if not request.user.is_authenticated or bears_token(request) or recently_signed_in(request):
        return None
    return sign_in_again(request) if reads_more_than_strangers(request.user) else None


def refuse_token(request: HttpRequest, scope: TokenScope) -> HttpResponseBase | None:
    """Return the answer to a token that is not valid or not for `scope`, or None. The request becomes its user's."""
    by_token = ApiTokenAuthentication()
    try:
        found = by_token.authenticate(request)
    except AuthenticationFailed as error:
        answer = refusal_response(401, str(error.detail))
        answer.headers["WWW-Authenticate"] = by_token.authenticate_header(request)
        return answer
    if found is None:
        return None
    request.user, token = found
    request.auth = token  # type: ignore[attr-defined]  # as the views of the API have it
    return None if token_allows(token, scope) else refusal_response(403, NO_SCOPE.format(scope))


def bears_token(request: HttpRequest) -> bool:
    """Whether a request is of a program: it came with a token that was found to be valid."""
    return isinstance(getattr(request, "auth", None), ApiToken)


def refusal_response(status: int, detail: str) -> JsonResponse:
    """Return a refusal in the bytes in which the API would write it."""
    return JsonResponse({"detail": detail}, status=status, json_dumps_params={"separators": (",", ":")})
