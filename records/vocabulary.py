"""The closed lists of the records app, each code with its meaning.

Source of the terms: the Admiralty code for reliability; the rest is Waymark's own.
"""

from __future__ import annotations

from typing import Self

from django.db import models


class Vocabulary(models.TextChoices):
    """A closed list. A member is written `NAME = code, meaning, label`; code is stored, meaning is shown beside it."""

    meaning: str

    def __new__(cls, code: str, meaning: str = "") -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member


class Level(Vocabulary):
    """Who may read a record at all."""

    PUBLIC = "public", "Everybody, without signing in.", "public"
    PARTNER = "partner", "Partner organisations and the team.", "partner"
    TEAM = "team", "The team only.", "team"
    RESTRICTED = "restricted", "The readers named on the record, and nobody else.", "restricted"

    @property
    def rank(self) -> int:
        """How far up the ladder it stands: 0 for public, 3 for restricted."""
        return list(type(self)).index(self)


class PartLevel(Vocabulary):
    """Who may read a part of a record, of those who may read the record: a part is never more visible than that.

    So a part that asks nothing of its own follows its record, and is stored as a record for everybody is.
    """

    RECORD = Level.PUBLIC.value, "Whoever may read the record.", "as the record"
    PARTNER = Level.PARTNER.value, "Partner organisations and the team, where they may read the record.", "partner"
    TEAM = Level.TEAM.value, "The team only.", "team"
    RESTRICTED = Level.RESTRICTED.value, "The readers named on the record, and nobody else.", "restricted"


class AskedLevel(Vocabulary):
    """How closed a submission from outside asks to be. More open than partner it cannot ask to be; a reviewer can."""

    PARTNER = "partner", "Partner organisations and the team, once it is approved.", "partner"
    TEAM = "team", "The team only: whoever submits it cannot read it back.", "team"


class Review(Vocabulary):
    """How far a record has come on its way to being published."""

    DRAFT = "draft", "Being written.", "draft"
    IN_REVIEW = "in_review", "Waiting for a second person.", "in review"
    PUBLISHED = "published", "Approved; readable by those its level admits.", "published"
    WITHHELD = "withheld", "Approved but held back for now.", "withheld"
    WITHDRAWN = "withdrawn", "Taken back; kept so that nothing is lost.", "withdrawn"


class DateDoubt(Vocabulary):
    """Why a date that was given may not be the one that was meant."""

    AFTER_TODAY = "after_today", "It lies after today, and is said to have happened.", "after today"
    FAR_AHEAD = "far_ahead", "It lies more than thirty years ahead.", "far ahead"
    FIRST_OF_JANUARY = (
        "first_of_january",
        "Many papers write 1 January where only the year is known. Is it the day, or only the year?",
        "a birth on 1 January",
    )
    YEARS_BEFORE_SOURCE = (
        "years_before_source",
        "It lies seven or eight years before its source, as days of the Ethiopian calendar seem to.",
        "seven or eight years before its source",
    )


class Likeness(Vocabulary):
    """In what two records are alike that may be one, or in what they differ although they seem to be."""

    SAME_NAME = "same_name", "A name is the same to the eye.", "the same name"
    SAME_LETTERS = (
        "same_letters",
        "A name reads the same in Latin letters, its words perhaps in another order.",
        "the same name in Latin letters",
    )
    SAME_SOUND = "same_sound", "A name sounds the same, its words perhaps in another order.", "a name that sounds alike"
    CLOSE_NAME = (
        "close_name",
        "One source names both, by names of nearly the same letters.",
        "a name spelt nearly alike",
    )
    BIRTH = "birth", "The times of birth can be one.", "born when this one may have been"
    OTHER_BIRTH = "other_birth", "The times of birth cannot be one.", "born at another time"
    COUNTRY = "country", "Both live in one country, or stand to it in law.", "the same country"
    SOURCE = "source", "One source names both.", "named by the same source"
    ADDRESS = "address", "The address on the web is the same, forms of writing it aside.", "the same address"
    TEXT = "text", "The text is the same, spaces and signs aside.", "the same text"


class Operation(Vocabulary):
    """What a write did to a row."""

    INSERT = "insert", "The row was added.", "added"
    UPDATE = "update", "The row was changed.", "changed"
    DELETE = "delete", "The row was removed.", "removed"


class AuditKind(Vocabulary):
    """What an entry of the audit trail is about."""

    WRITE = "write", "Rows were written.", "write"
    OUTSIDE = "outside", "Rows were written from outside the application.", "write from outside"
    EXPORT = "export", "Rows were exported.", "export"
    SIGN_IN = "sign_in", "Somebody signed in.", "sign-in"
    SIGN_IN_FAILED = "sign_in_failed", "Somebody failed to sign in.", "failed sign-in"
    SIGN_OUT = "sign_out", "Somebody signed out.", "sign-out"
    FACTOR = "factor", "A second factor was added, used up or removed.", "second factor"
    TOKEN = "token", "An API token was made or revoked.", "API token"  # noqa: S105  # a kind, not a password
    ROLE = "role", "Rights were given or taken.", "rights"
    RESTRICTED_READ = "restricted_read", "Restricted records were read.", "restricted read"
    BREAK_GLASS = "break_glass", "Somebody broke the glass.", "broken glass"
    REVIEW = "review", "A proposal was made or decided.", "review"
    EXPUNGE = "expunge", "A person's data was removed everywhere.", "expunged"
    BEGUN = "begun", "The history of tables began.", "history begun"
    CLOCK = "clock", "A later time that the trail had seen was declared wrong.", "clock"
    ACCOUNT = "account", "Somebody asked to widen or reset an account, answered that, or confirmed it.", "account"


class AccountChangeKind(Vocabulary):
    """What an administrator does to an account that the team hears of."""

    MADE = "made", "The account was made, with a password that somebody else knew first.", "made"
    PASSWORD = "password", "Its password was set by somebody else.", "new password"  # noqa: S105  # a kind
    FACTOR = "factor", "Its second factor was taken away, for a new one to be set up.", "second factor reset"
    RIGHTS = "rights", "It was given a role, a team or a right.", "rights"
    AT_ONCE = "at_once", "Something was taken away, or it is called otherwise: that waits for nobody.", "done at once"


class AccountChangeState(Vocabulary):
    """What became of a change of an account."""

    WAITING = "waiting", "Waiting for a second administrator.", "waiting"
    APPROVED = "approved", "Approved by a second administrator, and still to be done.", "approved, to be done"
    DONE = "done", "Done.", "done"
    REFUSED = "refused", "Refused by a second administrator.", "refused"
    TAKEN_BACK = "taken_back", "Taken back by whoever asked for it.", "taken back"


class ProposalKind(Vocabulary):
    """What a proposal asks a second person to approve."""

    PUBLISH = "publish", "To publish a record as it stands.", "publish"
    CHANGE = "change", "To change what is published, or to lower a level.", "change"


class ProposalState(Vocabulary):
    """What became of a proposal."""

    OPEN = "open", "Waiting for a second person.", "open"
    APPROVED = "approved", "Approved and carried out.", "approved"
    SENT_BACK = "sent_back", "Sent back with a comment.", "sent back"
    TAKEN_BACK = "taken_back", "Taken back by whoever made it.", "taken back"
