"""Submitting, approving, sending back and taking back proposals."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from records.accounts.independence import (
    one_person_with,
    one_person_with_any,
    possible_holders,
    two_administrators,
)
from records.audit.acts import act, note
from records.models import Proposal, Record, ReviewedRecord
from records.review.authors import Authors, authors, authors_of
from records.review.carry_out import carry_out, make_draft, publish
from records.review.difference import difference, digest_of_difference
from records.review.errors import AlreadyDecided, ChangedMeanwhile, ReviewRefused
from records.review.visibility import made_readable, proposals_for
from records.vocabulary import AuditKind, ProposalKind, ProposalState, Review

__all__ = [
    "AlreadyDecided",
    "ChangedMeanwhile",
    "ReviewRefused",
    "approve",
    "close_submission",
    "refusals",
    "send_back",
    "submit",
    "take_back",
    "why_not",
]

CHANNEL = "review"


def submit(record: ReviewedRecord, user: Any, why: str = "") -> Proposal:
    """Ask a second person to publish a record. It is in review until somebody answers."""
    with act(user, CHANNEL, why):
        if record.review not in (Review.DRAFT, Review.IN_REVIEW, Review.WITHHELD, Review.WITHDRAWN):
            raise ReviewRefused(f"{record.ref} is {record.get_review_display()} already.")
        if _waiting(record).exists():
            raise ReviewRefused(f"{record.ref} is in review already.")
        if lacking := record.lacking(user):
            raise ReviewRefused(*(f"{record.ref}: {words}" for words in lacking))
        if record.review != Review.IN_REVIEW:
            record.review = Review.IN_REVIEW
            record.save()
        proposal = Proposal.objects.create(
            kind=ProposalKind.PUBLISH, about=record.ref, why=why[:500], row_changes="[]", proposed_by=user
        )
        note(AuditKind.REVIEW, [proposal.ref, record.ref], did="submitted", proposal=proposal.ref)
    return proposal


def _waiting(record: ReviewedRecord) -> Any:
    return Proposal.objects.filter(about=record.ref, kind=ProposalKind.PUBLISH, state=ProposalState.OPEN)


def close_submission(record: ReviewedRecord, user: Any) -> None:
    """Take back what asks to publish a record that somebody has taken out of review by hand."""
    with act(user, CHANNEL):
        for proposal in _waiting(record):
            _decide(proposal, user, ProposalState.TAKEN_BACK, "")
            _note_decision(proposal)


def why_not(proposal: Proposal, user: Any) -> str:
    """Say why `user` may not decide on a proposal that they see; "" where they may."""
    return refusals([proposal], user)[proposal]


def refusals(proposals: Sequence[Proposal], user: Any) -> dict[Proposal, str]:
    """Return the same of several proposals. A few queries, however many they are."""
    said = {proposal: _refusal_at_sight(proposal, user) for proposal in proposals}
    left = [proposal for proposal, words in said.items() if not words]
    written = authors_of(left) if left else {}
    for proposal in left:
        if user.get_username() in {name for name, _ in written[proposal].writers}:
            said[proposal] = (
                "You wrote some of this yourself since it was last approved: somebody else has to look at it."
            )
    left = [proposal for proposal, words in said.items() if not words]
    if not left or not two_administrators():
        return said  # nobody can be independent then, and what is approved bears that it was one person
    return said | _not_independent({proposal: written[proposal] for proposal in left}, user)


def _refusal_at_sight(proposal: Proposal, user: Any) -> str:
    """Say what of a proposal itself and of somebody's rights keeps them from deciding."""
    if proposal.state != ProposalState.OPEN:
        return f"{proposal.ref} was {proposal.get_state_display()}."
    if not user.has_perm("records.review_records"):
        return "To decide takes the right to review."
    if proposal.proposed_by_id == user.pk:
        return "Nobody decides on their own proposal."
    return ""


def _not_independent(written: dict[Proposal, Authors], user: Any) -> dict[Proposal, str]:
    """Return, of some proposals with their authors, why `user` is not independent of those, where they are not."""
    said = {}
    everybody = {proposal: {_proposer(proposal), *found.all} for proposal, found in written.items()}
    others = one_person_with_any(user, everybody)
    for proposal, found in written.items():
        if user.get_username() in {name for name, _ in found.approvers}:
            said[proposal] = (
                "You approved an earlier state of this while you may have been the same person as whoever wrote it: "
                "somebody else has to look at it."
            )
        elif other := others[proposal]:
            said[proposal] = (
                f"You and {other} may be one person: one of the accounts was made or reset by the other, or both by a "
                f"third. {_what_helps(user, other)}"
            )
    return said


def _proposer(proposal: Proposal) -> tuple[str, datetime]:
    return proposal.proposed_by.get_username(), proposal.proposed_at


def _what_helps(user: Any, other: str) -> str:
    """Say what lets a proposal be approved that somebody may not, since they may be the other one who wrote it."""
    if possible_holders(user):
        return (
            "An administrator who is independent of both can confirm who holds your account. To confirm who holds "
            f"{other} frees only what is written afterwards."
        )
    return f"It was written while {other} may have been in your hands: somebody else has to look at it."


def approve(proposal: Proposal, user: Any, answer: str = "", shown: str | None = None) -> None:
    """Carry out a proposal as it stands, for a second person. `shown` is the digest of the difference they read.

    With one administrator nobody can be independent of everybody else: then what is published bears that it was one
    person (`one_person`).
    """
    with act(user, CHANNEL, answer) as doing:
        with transaction.atomic():
            _refuse_unless_seen(proposal, user)
            if reason := why_not(proposal, user):
                raise ReviewRefused(reason)
            _hold(made_readable(proposal))
            if shown is not None and shown != digest_of_difference(difference(proposal, user)):
                raise ChangedMeanwhile("What you read has changed since. Look at it again before you approve.")
            proposal.one_person = may_be_one_person(proposal, user)
            _decide(proposal, user, ProposalState.APPROVED, answer)
            if proposal.kind == ProposalKind.PUBLISH:
                publish(proposal, user)
            else:
                carry_out(proposal, user)
        _note_decision(proposal)
        doing.may_open = True  # two people stand behind it


def may_be_one_person(proposal: Proposal, user: Any) -> bool:
    """Whether nobody has confirmed that who approves a proposal and who wrote it are two people."""
    return bool(one_person_with(user, {_proposer(proposal), *authors(proposal).all}))


def _hold(rows: list[Record]) -> None:
    """Let nobody add a part to any of these rows until they are open: whoever does has it approved by itself.

    On PostgreSQL others write meanwhile, and a part that was committed after the difference was read would open unseen.
    """
    for model in {type(row) for row in rows}:
        keys = sorted(row.pk for row in rows if type(row) is model)
        list(model._base_manager.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


def send_back(proposal: Proposal, user: Any, answer: str) -> None:
    """Decline a proposal, and say why. What asked to be published is a draft again."""
    with act(user, CHANNEL, answer), transaction.atomic():
        _refuse_unless_seen(proposal, user)
        if not answer.strip():
            raise ReviewRefused("Say why you send it back.")
        if proposal.state == ProposalState.OPEN and not user.has_perm("records.review_records"):
            raise ReviewRefused("To decide takes the right to review.")
        if proposal.proposed_by_id == user.pk:
            raise ReviewRefused("Nobody decides on their own proposal. Take it back instead.")
        _decide(proposal, user, ProposalState.SENT_BACK, answer)
        _draft_again(proposal)
        _note_decision(proposal)


def take_back(proposal: Proposal, user: Any) -> None:
    """Withdraw one's own proposal. What asked to be published is a draft again."""
    with act(user, CHANNEL), transaction.atomic():
        _refuse_unless_seen(proposal, user)
        if proposal.proposed_by_id != user.pk:
            raise ReviewRefused("Only whoever proposed it can take it back.")
        _decide(proposal, user, ProposalState.TAKEN_BACK, "")
        _draft_again(proposal)
        _note_decision(proposal)


def _refuse_unless_seen(proposal: Proposal, user: Any) -> None:
    if not proposals_for(user, pk=proposal.pk).exists():
        raise ReviewRefused("There is no such proposal.")


def _decide(proposal: Proposal, user: Any, state: ProposalState, answer: str) -> None:
    """Close an open proposal: of two who decide at once, one statement lets one win. Raises AlreadyDecided."""
    values = {"state": state, "decided_by": user, "decided_at": timezone.now(), "answer": answer.strip()[:500]}
    values["one_person"] = proposal.one_person
    if proposal.kind == ProposalKind.PUBLISH:  # which rows were looked at stays known
        rows = made_readable(proposal)
        seen = [{"model": row._meta.label_lower, "ref": row.ref, "operation": "update"} for row in rows]
        values["row_changes"] = json.dumps([row_change | {"before": {}, "after": {}} for row_change in seen])
    if not Proposal.objects.filter(pk=proposal.pk, state=ProposalState.OPEN).update(**values):
        proposal.refresh_from_db()
        raise AlreadyDecided(f"{proposal.ref} was {proposal.get_state_display()} meanwhile.")
    for name, value in values.items():
        setattr(proposal, name, value)


def _note_decision(proposal: Proposal) -> None:
    """Write down in the audit trail how a proposal ended."""
    note(AuditKind.REVIEW, [proposal.ref, proposal.about], did=str(proposal.state), proposal=proposal.ref)


def _draft_again(proposal: Proposal) -> None:
    if proposal.kind == ProposalKind.PUBLISH:
        make_draft(proposal.about)
