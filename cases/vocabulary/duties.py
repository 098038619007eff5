"""The closed lists that describe duties."""

from __future__ import annotations

from records.vocabulary import Vocabulary


class DutyKind(Vocabulary):
    """What has to be done, or is expected, by a day."""

    REPORTING = "reporting", "The person must report to an authority, once or again and again.", "reporting"
    PERMIT_EXPIRY = "permit_expiry", "A permission to stay runs out.", "permit expiry"
    DOCUMENT_EXPIRY = "document_expiry", "A passport or another paper runs out.", "document expiry"
    HEARING = "hearing", "A hearing is set.", "hearing"
    DECISION_EXPECTED = "decision_expected", "A decision has been announced or is expected.", "decision expected"
    APPEAL_DEADLINE = "appeal_deadline", "The last day for an appeal or an objection.", "deadline to appeal"
    OTHER = "other", "Something else with a day.", "other"


class Rhythm(Vocabulary):
    """How often a duty comes round."""

    DAILY = "daily", "Every day.", "daily"
    WEEKLY = "weekly", "Every seven days.", "weekly"
    FORTNIGHTLY = "fortnightly", "Every fourteen days.", "every two weeks"
    MONTHLY = "monthly", "On the same day of every month, or on its last where it has no such day.", "monthly"
