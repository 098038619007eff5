"""Breaking and closing the glass."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from django.core.mail import mail_admins
from django.db import transaction
from django.utils import timezone

from records.audit.acts import note
from records.models import BreakGlass, clearance
from records.vocabulary import AuditKind

log = logging.getLogger("django.security")


def glass_broken_by(user: Any) -> BreakGlass | None:
    """Return the glass that somebody has broken and that is open now."""
    if not user.is_authenticated or not clearance(user).everything:
        return None
    return BreakGlass.objects.open_now().filter(user=user.pk).order_by("-opened_at").first()


def glass_broken_now(user: Any) -> list[BreakGlass]:
    """Return all that is open now, for those who hear of it: the team."""
    if not user.is_authenticated:
        return []
    return list(BreakGlass.objects.visible_to(user).open_now().select_related("user"))


def break_glass(glass: BreakGlass) -> None:
    """Open it, and let everybody know."""
    glass.save()
    until = f"{glass.until:%Y-%m-%d %H:%M} UTC"
    note(AuditKind.BREAK_GLASS, who=glass.user, channel="admin", done="broken", reason=glass.reason, until=until)
    transaction.on_commit(lambda: mail_administrators(glass.user.get_username(), until))


def mail_administrators(name: str, until: str) -> None:
    """Tell the administrators by mail, where there are any. The reason stays inside: mail is read by others."""
    try:
        mail_admins("Glass broken", f"{name} reads everything until {until}. Why, the audit trail and the site say.")
    except (OSError, SMTPException):
        log.exception("Glass was broken, and the mail that tells of it could not be sent.")


def close_glass(glasses: Any, by: Any) -> int:
    """Close what is still open, before its time. Return how much that was."""
    now = timezone.now()
    names = list(glasses.open_now().values_list("user__username", flat=True))
    closed = glasses.open_now().update(closed_at=now)
    for name in names:
        note(AuditKind.BREAK_GLASS, who=by, channel="admin", done="closed", of=name)
    return closed
