"""The middleware that refuses addresses with more parameters than anybody needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, JsonResponse

#: Django's own limit, which holds for forms as well and has to be higher for them (DATA_UPLOAD_MAX_NUMBER_FIELDS).
MOST_PARAMETERS = 1000


class ParameterMiddleware:
    """Answer 400 to a question of more than a thousand parameters: each would become a condition of one statement."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        if request.META.get("QUERY_STRING", "").count("&") < MOST_PARAMETERS:
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return JsonResponse({"query": [f"Give at most {MOST_PARAMETERS} parameters."]}, status=400)
        raise TooManyFieldsSent(f"An address has at most {MOST_PARAMETERS} parameters.")
