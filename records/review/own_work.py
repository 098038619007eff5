"""What of review is a person's own turn: drafts that they entered, what came back to them, and what waits for them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from records.models import AuditEntry, Change, Proposal
from records.vocabulary import AuditKind, Operation, ProposalState

#: What was sent back is somebody's turn for so long. A draft stays among their drafts for longer.
SENT_BACK_FOR = timedelta(days=90)


def entered_by(rows: QuerySet, user: Any) -> QuerySet:
    """Narrow rows of one model to those that `user` entered, as the audit trail tells."""
    acts = AuditEntry.objects.filter(actor=user.get_username(), kind=AuditKind.WRITE, act=OuterRef("act"))
    of_row = Change.objects.filter(
        table=rows.model._meta.db_table, row=Cast(OuterRef("pk"), CharField()), operation=Operation.INSERT
    )
    return rows.filter(Exists(of_row.filter(Exists(acts))))


def sent_back_to(proposals: QuerySet, user: Any) -> QuerySet:
    """Narrow proposals to those that came back to `user` of late, where nobody proposed anything about it since."""
    later = Proposal.objects.filter(about=OuterRef("about"), proposed_at__gt=OuterRef("decided_at"))
    lately = timezone.now() - SENT_BACK_FOR
    came_back = proposals.filter(proposed_by=user, state=ProposalState.SENT_BACK, decided_at__gt=lately)
    return came_back.exclude(Exists(later))
