"""The closed lists that describe notices, agreements and evidence."""

from __future__ import annotations

from records.vocabulary import Vocabulary


class Instrument(Vocabulary):
    """The form a request takes."""

    RED_NOTICE = (
        "red_notice",
        "An Interpol notice asking states to find and hold someone pending extradition.",
        "red notice",
    )
    BLUE_NOTICE = (
        "blue_notice",
        "An Interpol notice asking who or where someone is, or what they have done.",
        "blue notice",
    )
    GREEN_NOTICE = (
        "green_notice",
        "An Interpol notice warning of someone considered a possible threat to public safety.",
        "green notice",
    )
    YELLOW_NOTICE = (
        "yellow_notice",
        "An Interpol notice about a missing person, or someone who cannot say who they are.",
        "yellow notice",
    )
    BLACK_NOTICE = (
        "black_notice",
        "An Interpol notice asking for information about an unidentified body.",
        "black notice",
    )
    ORANGE_NOTICE = (
        "orange_notice",
        "An Interpol notice warning of an imminent danger from an event, person or object.",
        "orange notice",
    )
    PURPLE_NOTICE = (
        "purple_notice",
        "An Interpol notice about methods, objects or hiding places used in crime.",
        "purple notice",
    )
    SILVER_NOTICE = (
        "silver_notice",
        "An Interpol notice asking for information on assets linked to crime.",
        "silver notice",
    )
    UN_SPECIAL_NOTICE = (
        "un_special_notice",
        "A notice of Interpol and the United Nations about someone under sanctions.",
        "UN special notice",
    )
    WANTED_PERSON_DIFFUSION = (
        "wanted_person_diffusion",
        "A request for arrest sent by one state to others through Interpol's channel.",
        "wanted person diffusion",
    )
    OTHER_DIFFUSION = (
        "other_diffusion",
        "Another request or warning sent by one state to others through Interpol's channel.",
        "other diffusion",
    )
    STOLEN_DOCUMENT_ENTRY = (
        "stolen_document_entry",
        "A travel document entered as lost, stolen or invalid in Interpol's database.",
        "stolen document entry",
    )
    NATIONAL_ALERT = (
        "national_alert",
        "A wanted or border alert of one state or a group of states, outside Interpol.",
        "national alert",
    )
    BILATERAL_REQUEST = (
        "bilateral_request",
        "A request for arrest or surrender from one state to another, outside Interpol.",
        "bilateral request",
    )


class NoticeState(Vocabulary):
    """A step in the life of a notice."""

    REQUESTED = "requested", "A state is said to have asked for it.", "requested"
    UNDER_REVIEW = (
        "under_review",
        "It is being checked against the rules of the system that carries it.",
        "under review",
    )
    REFUSED = "refused", "The request was turned down before it took effect.", "refused"
    PUBLISHED = "published", "It took effect and was open to the states it was meant for.", "published"
    BLOCKED = (
        "blocked",
        "It is kept on file, but states can no longer see or use it for the time being.",
        "blocked",
    )
    CANCELLED = "cancelled", "The body that issued it ended it.", "cancelled"
    WITHDRAWN = "withdrawn", "The state that had asked for it took it back.", "withdrawn"
    DELETED = "deleted", "The data were removed from the system that carried them.", "deleted"
    CORRECTED = "corrected", "Its content was changed.", "corrected"
    EXPIRED = "expired", "It ran out.", "expired"
    RENEWED = "renewed", "It was kept for a further term.", "renewed"
    REISSUED = "reissued", "It was put in force again after it had ended.", "reissued"
    UNVERIFIED = "unverified", "Someone says that it exists, and nothing else shows it.", "unverified"

    @classmethod
    def ending(cls) -> list[NoticeState]:
        """The states after which a notice is no longer alive, until it is renewed or issued again."""
        return [cls.REFUSED, cls.BLOCKED, cls.CANCELLED, cls.WITHDRAWN, cls.DELETED, cls.EXPIRED]

    @classmethod
    def alive(cls) -> list[NoticeState]:
        """The states in which a notice is in circulation."""
        return [cls.PUBLISHED, cls.CORRECTED, cls.RENEWED, cls.REISSUED]


class Accusation(Vocabulary):
    """What sort of offence somebody is accused of, whatever the charge is called."""

    TERRORISM = "terrorism", "Violence for a cause, or belonging to a group that is said to use it.", "terrorism"
    EXTREMISM = "extremism", "Views, writings or gatherings that the state calls extremist.", "extremism"
    SEPARATISM = "separatism", "Wanting a part of the state to be another, or saying so.", "separatism"
    FRAUD = "fraud", "Gain by deceit: fraud, embezzlement, a swindle.", "fraud"
    CORRUPTION = "corruption", "Bribes, or an office used for gain.", "corruption"
    DEFAMATION = "defamation", "Words that are said to insult or slander somebody, or the state.", "defamation"
    OTHER_CRIME = "other_crime", "Another offence.", "other crime"
    NONE_KNOWN = "none_known", "The sources say that no accusation is known.", "none known"


class AgreementKind(Vocabulary):
    """What an agreement between states is about."""

    EXTRADITION = (
        "extradition",
        "States agree when to surrender people for trial or to serve a sentence.",
        "extradition",
    )
    JUDICIAL_COOPERATION = (
        "judicial_cooperation",
        "States agree to help each other with investigations, evidence and trials.",
        "judicial cooperation",
    )
    SECURITY_COOPERATION = (
        "security_cooperation",
        "States agree to work together through police, border or security services.",
        "security cooperation",
    )
    READMISSION = (
        "readmission",
        "States agree to take back people who have no right to stay in the other.",
        "readmission",
    )
    OTHER = "other", "Another agreement between states that bears on the cases.", "other"


class RatificationState(Vocabulary):
    """Whether a country has ratified."""

    RATIFIED = "ratified", "The country had ratified it on the date given.", "ratified"
    NOT_RATIFIED = "not_ratified", "The country had not ratified it on the date given.", "not ratified"
    UNKNOWN = "unknown", "The sources do not say whether the country has ratified it.", "unknown"


class Stance(Vocabulary):
    """How a statement stands to the value that the record holds."""

    SUPPORTS = "supports", "The passage says what the record says.", "supports"
    CONTRADICTS = (
        "contradicts",
        "The passage says something that cannot stand beside what the record says.",
        "contradicts",
    )
    SUPERSEDED = (
        "superseded",
        "The passage was right when written and has been overtaken by later news.",
        "superseded",
    )
    MISPRINT = (
        "misprint",
        "The passage has a slip of the pen or the press; it is kept as printed and not followed.",
        "misprint",
    )
