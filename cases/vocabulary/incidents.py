"""The closed lists that describe incidents and their stages."""

from __future__ import annotations

from records.vocabulary import Vocabulary


class Scope(Vocabulary):
    """Whether an act reached across a border."""

    CROSS_BORDER = (
        "cross_border",
        "An act outside the origin state, or a pursuit of someone in exile.",
        "cross-border",
    )
    PROXY = (
        "proxy",
        "An act inside the origin state against relatives, associates or property of someone abroad.",
        "proxy",
    )
    BORDERLINE = (
        "borderline",
        "Someone with a life or a citizenship abroad is held inside the origin state.",
        "borderline",
    )
    DOMESTIC = (
        "domestic",
        "Nothing crosses a border; kept for context and never counted as transnational.",
        "domestic",
    )


class Attribution(Vocabulary):
    """How the act is tied to the state behind it."""

    STATED = "stated", "A source says that the origin state was behind it.", "stated"
    SUSPECTED = (
        "suspected",
        "A source suspects the origin state or gives grounds to, without saying that it was.",
        "suspected",
    )
    DENIED = "denied", "The origin state denies it, and no source kept here states otherwise.", "denied"
    UNKNOWN = "unknown", "The sources do not say who was behind it.", "unknown"


class ActorConfidence(Vocabulary):
    """How sure it is that the actor did it. Always alleged."""

    CONFIRMED = (
        "confirmed",
        "A court, an official finding or the actor's own admission says that it was this actor.",
        "confirmed",
    )
    PROBABLE = (
        "probable",
        "Several sources, or one with direct knowledge, say that it was this actor.",
        "probable",
    )
    POSSIBLE = "possible", "A source names this actor as one explanation.", "possible"
    DENIED = "denied", "The actor named denies it.", "denied"


class CaseStatus(Vocabulary):
    """Whether a person's case goes on, as of a day."""

    ONGOING = "ongoing", "Had not ended on the date given.", "ongoing"
    ENDED = "ended", "Had ended by the date given.", "ended"
    UNKNOWN = "unknown", "The sources do not say whether it has ended.", "unknown"


class InvolvementRole(Vocabulary):
    """A person's part in an incident."""

    SUBJECT = "subject", "The person the incident happened to.", "subject"
    AIMED_AT = (
        "aimed_at",
        "The person for whom others were hit: the act against a relative or an associate was to reach them.",
        "aimed at",
    )
    PERPETRATOR = "perpetrator", "A person alleged to have taken part in carrying it out.", "perpetrator"
    RELATIVE = "relative", "Family of the subject who appears in the account.", "relative"
    LAWYER = "lawyer", "Acted for the subject.", "lawyer"
    WITNESS = "witness", "Saw or heard what happened, or testified about it.", "witness"
    ADVOCATE = "advocate", "Spoke or worked for the subject.", "advocate"
    COMMENTATOR = "commentator", "Commented on it without a part in it.", "commentator"


class TacticFamily(Vocabulary):
    """The families of tactics (Freedom House; Dukalskis; CAPE)."""

    DIRECT = "direct", "Carried out abroad by the state's own hand or by those it hires.", "direct"
    VIA_HOST = (
        "via_host",
        "Carried out by another state, at the origin state's wish or with its help.",
        "via the host state",
    )
    MOBILITY = "mobility", "Aimed at papers and the right to travel.", "mobility"
    FROM_AFAR = (
        "from_afar",
        "Carried out from inside the origin state against somebody beyond its border.",
        "from afar",
    )
