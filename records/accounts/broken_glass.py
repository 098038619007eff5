"""Breaking and closing the glass."""

from __future__ import annotations

import logging
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

from django.core.mail import mail_admins
from django.db import transaction
from django.utils import timezone

from records.audit.acts import note
from records.models import BreakGlass, clearance
from records.vocabulary import AuditKind

#: For how long the team is told.
TOLD_FOR = timedelta(days=7)
log = logging.getLogger("django.security")


def glass_broken_by(user: Any) -> BreakGlass | None:
    """Return the glass that somebody has broken and that is open now."""
    if not user.is_authenticated or not clearance(user).everything:
        return None
    return BreakGlass.objects.open_now().filter(user=user.pk).order_by("-opened_at").first()


def glass_broken_lately(user: Any) -> list[BreakGlass]:
    """Return all that was broken of late, open or not, for those who hear of it: the team.

    It is told after it was closed too, or who closes it within a second is heard by nobody.
    """
    if not user.is_authenticated:
        return []
    late = BreakGlass.objects.visible_to(user).filter(opened_at__gt=timezone.now() - TOLD_FOR)
    return list(late.select_related("user"))


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
