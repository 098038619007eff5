"""/healthz: whether this installation can serve."""

from __future__ import annotations

import logging

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from records.audit.triggers import missing

log = logging.getLogger(__name__)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say "ok" (200) or "unavailable" (503), and why only in the log: strangers ask too."""
    try:
        reason = trouble()
    except DatabaseError as error:
        reason = f"the database does not answer: {error}"
    if reason:
        log.error("Not healthy: %s", reason)
    response = JsonResponse({"status": "unavailable" if reason else "ok"}, status=503 if reason else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


def trouble() -> str:
    """Return what keeps the database from serving, or nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return f"{len(plan)} migrations are not applied"
    if names := missing(connection):
        return f"changes are not written down: trigger {names[0]} is missing or altered. Run: manage.py migrate"
    return ""
