"""The closed lists of where a person is on each track, how far a pursuit has come, and what is told of a stage."""

from __future__ import annotations

from records.vocabulary import Vocabulary


class Track(Vocabulary):
    """The three tracks on which a case moves. A step changes its own track only."""

    LIBERTY = "liberty", "Whether the person is free, held, let out on conditions, removed, missing or dead.", "liberty"
    PROCEDURE = (
        "procedure",
        "What authorities and courts have begun and not yet decided: a warrant, a charge, a surrender, a claim.",
        "procedure",
    )
    PRESSURE = (
        "pressure",
        "What is done to the person short of taking their liberty: watched, threatened, attacked, cut off from papers.",
        "pressure",
    )


class Liberty(Vocabulary):
    """Where a person is on the track of liberty."""

    AT_LIBERTY = "at_liberty", "Not held, and bound by no conditions of a release.", "at liberty"
    HELD = "held", "Deprived of liberty, with or without a sentence.", "held"
    ON_CONDITIONS = "on_conditions", "Let out on conditions.", "out on conditions"
    REMOVED = "removed", "Sent or carried to another country; what became of them there is not told.", "removed"
    DISAPPEARED = "disappeared", "Taken or lost from sight, not known to be alive or dead.", "disappeared"
    DEAD = "dead", "Reported to have died.", "dead"
    UNKNOWN = "unknown", "The sources do not tell, or not in which order it happened.", "not known"


class Matter(Vocabulary):
    """What a procedure is about. One of each kind is followed in each country."""

    CRIMINAL = "criminal", "A warrant, a charge, a trial.", "criminal"
    SURRENDER = "surrender", "Whether the person is handed over to another state.", "surrender"
    REMOVAL = "removal", "Whether the person is sent out of the country under its immigration rules.", "removal"
    PROTECTION = "protection", "Whether the person is let stay as a refugee or for a like reason.", "protection"
    SUPERVISION = "supervision", "Conditions under which the person lives while not held.", "supervision"


class Fate(Vocabulary):
    """What is known of somebody after a removal to the origin."""

    HELD = "held", "Held there, no sentence being told.", "held"
    SENTENCED = "sentenced", "Held there, and sentenced.", "sentenced"
    FREE = "free", "Free there.", "free"
    DEAD = "dead", "Died there.", "dead"
    UNKNOWN = "unknown", "Nothing has been heard that says.", "not known"


class DeathCause(Vocabulary):
    """How somebody died, as far as the sources say."""

    IN_CUSTODY = "in_custody", "Died while held; no source says by whose hand.", "in custody"
    KILLED = "killed", "Killed, according to the source.", "killed"
    NATURAL = "natural", "Died of illness, age or an accident with no hand of a state in it.", "natural"
    UNKNOWN = "unknown", "The sources do not say.", "not known"


class Lawfulness(Vocabulary):
    """Whether a removal kept to the law, as somebody says who can judge it."""

    LAWFUL = "lawful", "It kept to the law of the state that removed and to its duties towards others.", "lawful"
    UNLAWFUL = "unlawful", "It broke that law or those duties.", "unlawful"
    CONTESTED = "contested", "Some say that it did, others that it did not.", "contested"
    UNKNOWN = "unknown", "Nobody says.", "not known"


class HostPart(Vocabulary):
    """What part the state in which something happened had in it."""

    COOPERATED = "cooperated", "It helped, or did it itself.", "cooperated"
    TOLERATED = "tolerated", "It knew, and let it happen.", "tolerated"
    RESISTED = "resisted", "It acted against it.", "resisted"
    UNAWARE = "unaware", "It did not know.", "unaware"
    UNKNOWN = "unknown", "The sources do not say.", "not known"


class Step(Vocabulary):
    """How far a pursuit has come, in the three steps that CAPE counts, and beside them what it does not count.

    They follow from kind, place and destination: what happened outside the origin, or a removal that led there. The
    first four rise; the others stand apart and are never compared with them.
    """

    NONE = "none", "No stage is recorded that says.", "none recorded"
    ON_NOTICE = (
        "on_notice",
        "Sought, watched, threatened or under a procedure, not known to be held abroad.",
        "on notice",
    )
    DETAINED = "detained", "Held outside the origin, or was.", "detained abroad"
    RETURNED_OR_ATTACKED = (
        "returned_or_attacked",
        "Brought to the origin, or attacked, killed or made to disappear outside it.",
        "returned or attacked",
    )
    DETAINED_AT_ORIGIN = (
        "detained_at_origin",
        "Held inside the origin, or was; apart from the three.",
        "detained at the origin",
    )
    REMOVED_ELSEWHERE = (
        "removed_elsewhere",
        "Removed to a country that is not the origin, or is not told; apart from the three.",
        "removed elsewhere",
    )
    UNPLACED = (
        "unplaced",
        "Held, attacked or made to disappear where it cannot be told whether that was outside the origin; apart.",
        "held or attacked, not told whether abroad",
    )
    KILLED = "killed", "Killed, wherever it was; apart from the three.", "killed"

    @classmethod
    def rising(cls) -> list[Step]:
        """The steps that can be compared, the lowest first."""
        return [cls.NONE, cls.ON_NOTICE, cls.DETAINED, cls.RETURNED_OR_ATTACKED]
