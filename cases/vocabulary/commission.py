"""The closed lists that describe requests to Interpol's review commission."""

from __future__ import annotations

from records.vocabulary import Vocabulary


class CcfKind(Vocabulary):
    """What a request asks of the Commission for the Control of Interpol's Files (CCF)."""

    ACCESS = "access", "Asks whether data on the person are kept, and what they say.", "access"
    CORRECTION = "correction", "Asks that data be corrected.", "correction"
    DELETION = "deletion", "Asks that data be deleted.", "deletion"
    PREVENTIVE = "preventive", "Warns before any notice is known, and asks that none be published.", "preventive"
    PROVISIONAL_MEASURE = (
        "provisional_measure",
        "Asks that data be blocked while another request is decided.",
        "provisional measure",
    )
    REVISION = "revision", "Asks that a decision be looked at again because of a new fact.", "revision"


class CcfState(Vocabulary):
    """A step in the life of a request to the commission."""

    DRAFTING = "drafting", "Being written; not sent.", "drafting"
    FILED = "filed", "Sent to the commission.", "filed"
    RETURNED_INCOMPLETE = (
        "returned_incomplete",
        "Sent back: something was missing before it could be looked at.",
        "returned as incomplete",
    )
    ADMISSIBLE = "admissible", "Found admissible; the commission's time runs from here.", "admissible"
    INADMISSIBLE = "inadmissible", "Turned down without a look at its merits.", "inadmissible"
    MERITS = "merits", "The commission is looking at what it says.", "on its merits"
    EXTENDED = "extended", "The commission gave itself more time, with notice.", "extended"
    DECIDED = "decided", "The commission has decided.", "decided"
    IMPLEMENTED = "implemented", "What was decided has been carried out.", "implemented"
    CLOSED_DATA_WITHDRAWN = (
        "closed_data_withdrawn",
        "Closed: the state took its data back before a decision.",
        "closed, data withdrawn",
    )

    @classmethod
    def ending(cls) -> list[CcfState]:
        """The states in which the commission's clock no longer runs."""
        return [cls.INADMISSIBLE, cls.DECIDED, cls.IMPLEMENTED, cls.CLOSED_DATA_WITHDRAWN]


class CcfOutcome(Vocabulary):
    """What the commission decided."""

    NO_DATA = "no_data", "No data on the person are kept.", "no data"
    DATA_DISCLOSED = "data_disclosed", "Data are kept, and were told.", "data disclosed"
    DATA_NOT_DISCLOSED = "data_not_disclosed", "Whether or which data are kept was not told.", "data not disclosed"
    COMPLIANT = "compliant", "The data may stay as they are.", "compliant"
    COMPLIANT_WITH_ADDENDUM = (
        "compliant_with_addendum",
        "The data may stay, with a remark added.",
        "compliant with an addendum",
    )
    NON_COMPLIANT_DELETED = (
        "non_compliant_deleted",
        "The data break the rules and are deleted.",
        "non-compliant, deleted",
    )
    PARTLY_DELETED = "partly_deleted", "Some of the data are deleted.", "partly deleted"
    REVISION_GRANTED = "revision_granted", "The earlier decision is changed.", "revision granted"
    REVISION_REFUSED = "revision_refused", "The earlier decision stands.", "revision refused"


class ClockStart(Vocabulary):
    """What a clock of the commission runs from."""

    FILED = "filed", "The day on which the request was filed.", "filed"
    ADMISSIBLE = "admissible", "The day on which the request was found admissible.", "admissible"
    NEW_FACT = "new_fact", "The day on which the new fact was discovered.", "new fact"


class ClockUnit(Vocabulary):
    """In what the length of a clock is counted."""

    MONTHS = "months", "Calendar months: to the same day of a later month, or to its last day.", "months"
    WEEKS = "weeks", "Weeks of seven days.", "weeks"
    DAYS = "days", "Days, those of weekends and holidays included.", "days"
