"""How a record will read once a proposal is carried out: it is carried out, read, and undone again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction

from records.audit.acts import act
from records.current_act import BEFORE_SEALING
from records.models import Clearance, Proposal, ReviewedRecord, clearance
from records.review.carry_out import carry_out, publish
from records.review.decisions import may_be_one_person
from records.vocabulary import ProposalKind

CHANNEL = "review"
#: Who can be looked over the shoulder of, in words.
FUTURE_READERS = {"stranger": "a stranger", "partner": "a partner", "team": "the team"}
#: The key of an account that nobody has: nothing is theirs, no watch and no submission.
NOBODY = -1


class _Seen(Exception):  # noqa: N818  # no error: it ends a look, and undoes what the look rests on
    pass


@contextmanager
def as_if_approved(proposal: Proposal, user: Any) -> Iterator[None]:
    """Let what is done inside read an open proposal as carried out; nothing of it is kept, not in the trail either.

    Raises ReviewRefused where it cannot be carried out as things stand. SQLite lets nobody else write meanwhile.
    """
    try:
        with act(user, CHANNEL, may_open=True) as doing, transaction.atomic():
            proposal.one_person = may_be_one_person(proposal, user)
            if proposal.kind == ProposalKind.PUBLISH:
                publish(proposal, user)
            else:
                carry_out(proposal, user)
            for work_out in BEFORE_SEALING:
                work_out(doing.key)
            yield
            raise _Seen
    except _Seen:
        pass


def future_reader(kind: str, record: ReviewedRecord, user: Any) -> Any:
    """Return somebody who reads what a stranger, any partner or any of the record's team reads, and no more.

    They never read more than `user`, to whom it is shown: of teams, only what the two have in common.
    """
    if kind == "stranger":
        return AnonymousUser()
    teams = clearance(user).teams & {record.team_id} if kind == "team" else frozenset()
    reader: Any = User(pk=NOBODY, username=FUTURE_READERS[kind], is_active=True)
    reader._clearance = Clearance(partner=True, team=kind == "team", teams=frozenset(teams))
    return reader
