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


class IncidentStatus(Vocabulary):
    """Whether an incident goes on, as of a day."""

    ONGOING = "ongoing", "Had not ended on the date given.", "ongoing"
    ENDED = "ended", "Had ended by the date given.", "ended"
    UNKNOWN = "unknown", "The sources do not say whether it has ended.", "unknown"


class InvolvementRole(Vocabulary):
    """A person's part in an incident."""

    SUBJECT = "subject", "The person the incident happened to.", "subject"
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


class Phase(Vocabulary):
    """The part of a case that a stage belongs to."""

    PURSUIT = (
        "pursuit",
        "The person is sought, watched, threatened or cut off from papers, but not held.",
        "pursuit",
    )
    DETENTION = "detention", "The person is deprived of liberty, but not to serve a sentence.", "detention"
    REVIEW = (
        "review",
        "A court or an authority is examining a charge, a surrender, a removal or a stay.",
        "review",
    )
    RELEASE = "release", "The person is out of detention, has left or has been admitted elsewhere.", "release"
    REMOVAL = "removal", "The person was sent or carried to another state.", "removal"
    IMPRISONMENT = "imprisonment", "The person has been sentenced or is serving a sentence.", "imprisonment"
    HARM = "harm", "The person was hurt, has disappeared or has died.", "harm"

    @property
    def kinds(self) -> list[StageKind]:
        """The kinds of stage in this phase."""
        return [kind for kind, phase in _PHASES.items() if phase is self]


class Step(Vocabulary):
    """How far a pursuit has come, in the three steps that CAPE and the Oxus Society count."""

    NONE = "none", "No stage is recorded that says.", "none recorded"
    ON_NOTICE = "on_notice", "Sought, watched, threatened or under a procedure, not known to be held.", "on notice"
    DETAINED = "detained", "Held, or was held.", "detained"
    RETURNED_OR_ATTACKED = (
        "returned_or_attacked",
        "Sent or carried to another state, attacked, disappeared or dead.",
        "returned or attacked",
    )


class StageKind(Vocabulary):
    """What happened at a stage."""

    MONITORED = "monitored", "Watched or followed, or reported on to a state.", "monitored"
    THREATENED = "threatened", "Warned of harm, to the person or to others close to them.", "threatened"
    QUESTIONED = (
        "questioned",
        "Asked to answer questions by police or another authority without being held.",
        "questioned",
    )
    WANTED = (
        "wanted",
        "Declared wanted, or named in a warrant; what became of a notice is recorded with the notice.",
        "wanted",
    )
    TRAVEL_DOCUMENT_SEIZED = (
        "travel_document_seized",
        "A passport or another travel document was taken, cancelled or refused.",
        "travel document seized",
    )
    PERMIT_CANCELLED = (
        "permit_cancelled",
        "A permission to stay was cancelled or not renewed.",
        "permit cancelled",
    )
    VISA_CANCELLED = (
        "visa_cancelled",
        "A visa or a permission to enter was cancelled or refused.",
        "visa cancelled",
    )
    RAID = "raid", "A home, an office or another place was searched or broken into by an authority.", "raid"
    PROPERTY_SEIZED = "property_seized", "Property, money or devices were taken or frozen.", "property seized"
    CONTACT_LOST = (
        "contact_lost",
        "Relatives or friends can no longer reach the person; the reason is not known.",
        "contact lost",
    )
    FLIGHT = "flight", "Fled or left a country to avoid being caught or sent back.", "flight"
    DETENTION = "detention", "Arrested or held.", "detention"
    INTERROGATION = "interrogation", "Questioned while being held.", "interrogation"
    DEPORTATION_CENTRE = (
        "deportation_centre",
        "Held in a centre for people to be removed.",
        "deportation centre",
    )
    TRANSFER = "transfer", "Moved from one place of detention to another.", "transfer"
    SOLITARY_CONFINEMENT = "solitary_confinement", "Held apart from other detainees.", "solitary confinement"
    REVIEW = "review", "An authority or a court looked at the case again, for example on appeal.", "review"
    CHARGE = "charge", "Accused of an offence by a prosecutor or a court.", "charge"
    HEARING = "hearing", "Brought before a court, or heard by one.", "hearing"
    EXTRADITION_PENDING = (
        "extradition_pending",
        "A request for surrender has been made and is not yet decided or carried out.",
        "extradition pending",
    )
    DECISION_PENDING = (
        "decision_pending",
        "Waiting for a decision on protection, a permit, a removal or a charge.",
        "decision pending",
    )
    REPORTING_OBLIGATION = (
        "reporting_obligation",
        "Must report to an authority or may not leave an area, while not held.",
        "reporting obligation",
    )
    SURRENDER_RISK = (
        "surrender_risk",
        "A surrender or a removal is feared, allowed or announced, and has not taken place.",
        "surrender risk",
    )
    CONDITIONAL_RELEASE = (
        "conditional_release",
        "Let out on conditions while the case goes on; the case stays open.",
        "conditional release",
    )
    RELEASE = "release", "Let out without conditions.", "release"
    DEPARTURE = "departure", "Left the country of their own accord, with its knowledge.", "departure"
    ADMITTED_THIRD_COUNTRY = (
        "admitted_third_country",
        "Let in to stay by a country that is neither the origin nor the host.",
        "admitted to a third country",
    )
    DEPORTATION = (
        "deportation",
        "Removed from a country under its immigration or public order rules.",
        "deportation",
    )
    EXTRADITION = "extradition", "Handed over after an extradition procedure.", "extradition"
    RENDITION = (
        "rendition",
        "Handed over or carried away with no procedure or in disregard of one.",
        "rendition",
    )
    SENTENCE = "sentence", "Sentenced by a court, present or absent.", "sentence"
    SENTENCE_REDUCED = "sentence_reduced", "A sentence was shortened or made lighter.", "sentence reduced"
    IMPRISONMENT = "imprisonment", "Serving a sentence.", "imprisonment"
    ASSAULT = "assault", "Attacked or physically ill-treated, according to the source.", "assault"
    DISAPPEARANCE = (
        "disappearance",
        "Taken or lost from sight, with no acknowledged trace; not known to be alive or dead.",
        "disappearance",
    )
    DEATH = "death", "Reported to have died; the cause and who is blamed are told in the note.", "death"

    @property
    def phase(self) -> Phase:
        return _PHASES[self]

    @property
    def step(self) -> Step:
        """The step of the three that this kind shows. To be released is to have been held; a sentence may be absent."""
        if self.phase in (Phase.REMOVAL, Phase.HARM):
            return Step.RETURNED_OR_ATTACKED
        held = {StageKind.CONDITIONAL_RELEASE, StageKind.RELEASE, StageKind.IMPRISONMENT}
        return Step.DETAINED if self.phase == Phase.DETENTION or self in held else Step.ON_NOTICE

    @classmethod
    def incidental(cls) -> list[StageKind]:
        """The kinds that neither begin nor end a situation: what happens within custody, or to papers and property."""
        return [
            cls.INTERROGATION,
            cls.TRANSFER,
            cls.SOLITARY_CONFINEMENT,
            cls.TRAVEL_DOCUMENT_SEIZED,
            cls.PERMIT_CANCELLED,
            cls.VISA_CANCELLED,
            cls.RAID,
            cls.PROPERTY_SEIZED,
        ]

    @classmethod
    def terminal(cls) -> list[StageKind]:
        """The kinds that close a case. Conditional release does not."""
        return [
            cls.RELEASE,
            cls.ADMITTED_THIRD_COUNTRY,
            cls.DEPORTATION,
            cls.EXTRADITION,
            cls.RENDITION,
            cls.DEATH,
        ]


_PHASES = {
    StageKind.MONITORED: Phase.PURSUIT,
    StageKind.THREATENED: Phase.PURSUIT,
    StageKind.QUESTIONED: Phase.PURSUIT,
    StageKind.WANTED: Phase.PURSUIT,
    StageKind.TRAVEL_DOCUMENT_SEIZED: Phase.PURSUIT,
    StageKind.PERMIT_CANCELLED: Phase.PURSUIT,
    StageKind.VISA_CANCELLED: Phase.PURSUIT,
    StageKind.RAID: Phase.PURSUIT,
    StageKind.PROPERTY_SEIZED: Phase.PURSUIT,
    StageKind.CONTACT_LOST: Phase.PURSUIT,
    StageKind.FLIGHT: Phase.PURSUIT,
    StageKind.DETENTION: Phase.DETENTION,
    StageKind.INTERROGATION: Phase.DETENTION,
    StageKind.DEPORTATION_CENTRE: Phase.DETENTION,
    StageKind.TRANSFER: Phase.DETENTION,
    StageKind.SOLITARY_CONFINEMENT: Phase.DETENTION,
    StageKind.REVIEW: Phase.REVIEW,
    StageKind.CHARGE: Phase.REVIEW,
    StageKind.HEARING: Phase.REVIEW,
    StageKind.EXTRADITION_PENDING: Phase.REVIEW,
    StageKind.DECISION_PENDING: Phase.REVIEW,
    StageKind.REPORTING_OBLIGATION: Phase.REVIEW,
    StageKind.SURRENDER_RISK: Phase.REVIEW,
    StageKind.CONDITIONAL_RELEASE: Phase.RELEASE,
    StageKind.RELEASE: Phase.RELEASE,
    StageKind.DEPARTURE: Phase.RELEASE,
    StageKind.ADMITTED_THIRD_COUNTRY: Phase.RELEASE,
    StageKind.DEPORTATION: Phase.REMOVAL,
    StageKind.EXTRADITION: Phase.REMOVAL,
    StageKind.RENDITION: Phase.REMOVAL,
    StageKind.SENTENCE: Phase.IMPRISONMENT,
    StageKind.SENTENCE_REDUCED: Phase.IMPRISONMENT,
    StageKind.IMPRISONMENT: Phase.IMPRISONMENT,
    StageKind.ASSAULT: Phase.HARM,
    StageKind.DISAPPEARANCE: Phase.HARM,
    StageKind.DEATH: Phase.HARM,
}
