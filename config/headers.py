"""The middleware that sets response headers: content policy and caching."""

from django.conf import settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: Where nothing is ever public, signed in or not.
PRIVATE = ("/admin/", "/account/")


class PolicyMiddleware:
    """Set a Content-Security-Policy without inline script or style, and keep private answers out of caches.

    Django 6 brings its own middleware for the policy; 5.2, the long-term release in use, does not.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)  # a captured file has a stricter one
        response.headers.setdefault("X-Frame-Options", "DENY")  # static files are answered before Django's own does it
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if is_private(request, response):
            response.headers["Cache-Control"] = "no-store"
        # What is public today may be withdrawn tomorrow: a cache asks each time whether its copy is still true.
        response.headers.setdefault("Cache-Control", "no-cache")
        return response


def is_private(request, response) -> bool:
    """Tell whether an answer may be meant for one person: who is asking is not looked up again for it."""
    return (
        request.path.startswith(PRIVATE)
        or request.method not in ("GET", "HEAD", "OPTIONS")
        or "Authorization" in request.headers
        or settings.SESSION_COOKIE_NAME in request.COOKIES
        or bool(response.cookies)
    )
