"""Review: what would open something to more readers waits for a second person, whatever surface it came by.

    with act(user, "api", why):              the middleware has done this for every unsafe request
        with proposing() as sent:            everything inside is written, or becomes one proposal
            row.save(); row.tactics.set(...); other.delete()
        if sent.proposal: ...                nothing was written; it waits as sent.proposal.ref

    proposal = submit(record, user, why)     a draft asks to be published; its parts go with it
    approve(proposal, user, answer, shown)   carried out exactly as proposed, or refused with what stands in the way
    send_back(proposal, user, answer)        by a second person, with a reason
    take_back(proposal, user)                by whoever proposed it

All four join the present act, or make one of their own. They raise ReviewRefused (a ValueError; `problems` is a list of
sentences), of which AlreadyDecided and ChangedMeanwhile say that somebody else was faster. Nothing is written then.

`proposals_for(user)` and `comments_for(user)` are what a user may know of, and the start of every read of them;
`difference(proposal, user)` is what a proposal would change, field by field, with the evidence;
`as_if_approved(proposal, user)` lets what is done inside read it as carried out, and keeps nothing of it.
"""

from records.review.afterwards import FUTURE_READERS, as_if_approved, future_reader
from records.review.decisions import (
    AlreadyDecided,
    ChangedMeanwhile,
    ReviewRefused,
    approve,
    close_submission,
    refusals,
    send_back,
    submit,
    take_back,
    why_not,
)
from records.review.difference import RowDifference, difference, digest_of_difference
from records.review.following import let_parts_follow
from records.review.naming import names_of
from records.review.own_work import entered_by, sent_back_to
from records.review.proposing import ProposedWrites, proposing
from records.review.row_values import find
from records.review.staying_shut import decided_first, staying_shut
from records.review.transitions import next_steps
from records.review.visibility import comments_for, proposals_for

__all__ = [
    "FUTURE_READERS",
    "AlreadyDecided",
    "ChangedMeanwhile",
    "ReviewRefused",
    "RowDifference",
    "ProposedWrites",
    "approve",
    "as_if_approved",
    "close_submission",
    "comments_for",
    "decided_first",
    "difference",
    "digest_of_difference",
    "entered_by",
    "find",
    "future_reader",
    "let_parts_follow",
    "names_of",
    "next_steps",
    "proposals_for",
    "proposing",
    "refusals",
    "send_back",
    "sent_back_to",
    "staying_shut",
    "submit",
    "take_back",
    "why_not",
]
