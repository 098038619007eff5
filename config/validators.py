"""The middleware that gives answers a validator, and answers 304 where the asker has them already."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import parse_etags

from config.headers import is_private

#: What the same address may be answered differently by.
VARY = ("Accept-Encoding", "Authorization", "Cookie")


class ValidatorMiddleware:
    """Give each answer to GET and HEAD that may be kept an ETag: a hash of what this reader gets to read.

    It is weak, as the same text is sent compressed and not. A number of changes would save making the answer anew, and
    would tell strangers when somebody wrote what they do not see. The API gives one to everybody, as programs keep what
    they were given by themselves; a page for one person has none. Files and streams have one where a view gives it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        response = self.get_response(request)
        if request.method not in ("GET", "HEAD") or response.status_code != 200:
            return response
        if may_have_one(request, response):
            response.headers["ETag"] = f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        if "ETag" not in response.headers:
            return response
        patch_vary_headers(response, VARY)
        if f"W/{response.headers['ETag']}" in parse_etags(request.headers.get("If-None-Match", "")):
            response.headers["ETag"] = f"W/{response.headers['ETag']}"  # as it was called when it was sent compressed
        return get_conditional_response(request, etag=response.headers["ETag"], response=response)


def may_have_one(request: HttpRequest, response: Any) -> bool:
    """Whether an answer that has no ETag may be given one."""
    return (
        "ETag" not in response.headers
        and not response.streaming
        and response.headers.get("Cache-Control") != "no-store"
        and (request.path.startswith("/api/") or not is_private(request, response))
    )
