"""Mail readers the digest of what they watch. Off unless WAYMARK_MAIL_DIGESTS=true: mail is read on the way."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.watching.digest import Digest, DigestEntry, digest
from cases.watching.safe_names import safe_names, safe_reason, without_broken_glass
from records.audit.acts import note
from records.models import Visit
from records.vocabulary import AuditKind

OFF = "Mailing digests is off: no mail was sent. Set WAYMARK_MAIL_DIGESTS=true and EMAIL_URL to switch it on."
#: Under this name it is kept until when somebody was mailed, so that nothing is mailed twice.
MAILED = "mailed digest"
LONGEST = 100
FOOT = "What changed stands on your page /watching/digest/. Mails name only people who are open beyond the team."


class Command(BaseCommand):
    help = (
        "Mail everybody who follows something, and has an address, what changed in it that they have not marked as "
        "read. Run it once a day."
    )

    def handle(self, **options: Any) -> None:
        if not settings.MAIL_DIGESTS:
            self.stdout.write(OFF)
            return
        users = get_user_model().objects.filter(is_active=True, watches__isnull=False).exclude(email="")
        sent, quiet, failed = 0, 0, []
        for number, user in enumerate(users.distinct().order_by("pk"), start=1):
            try:
                was_sent = mail(without_broken_glass(user), timezone.now())
            except (OSError, SMTPException) as error:
                failed.append(user.get_username())
                self.stderr.write(f"{user.get_username()}: {type(error).__name__}: {error}")
            else:
                sent, quiet = sent + was_sent, quiet + (not was_sent)
            if sys.stdout.isatty():
                self.stderr.write(f"{number} asked after", ending="\r")
        self.stdout.write(f"Digests sent: {sent}. Nothing new for: {quiet}. Failed: {len(failed)}.")
        if failed:
            raise CommandError(f"No digest reached: {', '.join(failed)}. They get everything with the next one.")


def mail(user: Any, now: datetime) -> bool:
    """Mail somebody what is new to them. Returns whether there was anything. Raises OSError, SMTPException."""
    mailed = Visit.objects.visible_to(user).filter(page=MAILED).first()
    found = digest(user, now, restricted=False)
    entries = [entry for entry in found.entries if mailed is None or entry.news.at >= mailed.at]
    if not entries:
        return False
    EmailMessage(
        subject="Waymark: changes in what you follow",
        body=text(Digest(entries, [], True), user),
        from_email=settings.SERVER_EMAIL,
        to=[user.email],
    ).send()
    before = mailed.at if mailed else None
    Visit.objects.update_or_create(user=user, page=MAILED, defaults={"at": now, "before": before})
    note(AuditKind.EXPORT, who=user, channel="mail", resource="digest", rows=len(entries))
    return True


def text(found: Digest, user: Any) -> str:
    """Return the mail: a line for each record, without values, and why it is told."""
    followed = {one.record for entry in found.entries for one in entry.because if one.record}
    names = safe_names({*followed, *(entry.record for entry in found.entries)}, user)
    lines = [line(entry, names) for entry in found.entries[:LONGEST]]
    more = len(found.entries) - len(lines)
    return "\n".join([*lines, *([f"and {more} more."] if more else []), "", FOOT, ""])


def line(entry: DigestEntry, names: dict[str, str]) -> str:
    day = entry.news.at.astimezone(UTC)
    became = "new" if entry.news.is_new else "changed"
    why = "; ".join(dict.fromkeys(safe_reason(one, names) for one in entry.because))
    ref, name = entry.record.ref, names[entry.record.ref]
    return f"{day:%Y-%m-%d}  {entry.noun} {ref if name == ref else f'{name} ({ref})'}: {became}. {why}"
