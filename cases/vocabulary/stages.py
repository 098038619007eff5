"""The kinds of stages, each with its phase and its track."""

from __future__ import annotations

from cases.vocabulary.tracks import Track
from records.vocabulary import Vocabulary


class Phase(Vocabulary):
    """The part of a case that a stage belongs to."""

    PURSUIT = "pursuit", "The person is sought by a state: declared wanted, or charged.", "pursuit"
    PRESSURE = (
        "pressure",
        "The person is watched, threatened, attacked or cut off from papers or property, but not held.",
        "pressure",
    )
    DETENTION = "detention", "The person is deprived of liberty, but not to serve a sentence.", "detention"
    REVIEW = (
        "review",
        "A court or an authority is examining a charge, a surrender, a removal or a stay.",
        "review",
    )
    JUDGMENT = "judgment", "A court has decided: a sentence, present or absent, a fine, an acquittal.", "judgment"
    RELEASE = "release", "The person is out of detention, has left or has been admitted elsewhere.", "release"
    REMOVAL = "removal", "The person was sent or carried to another state.", "removal"
    IMPRISONMENT = "imprisonment", "The person is serving a sentence.", "imprisonment"
    HARM = "harm", "The person has disappeared or has died.", "harm"

    @property
    def kinds(self) -> list[StageKind]:
        """The kinds of stage in this phase."""
        return [*_LISTED[self]]


class StageKind(Vocabulary):
    """What happened at a stage."""

    MONITORED = "monitored", "Watched or followed, or reported on to a state.", "monitored"
    THREATENED = "threatened", "Warned of harm, to the person or to others close to them.", "threatened"
    QUESTIONED = (
        "questioned",
        "Asked to answer questions by police or another authority without being held.",
        "questioned",
    )
    RAID = "raid", "A home, an office or another place was searched or broken into by an authority.", "raid"
    PROPERTY_SEIZED = "property_seized", "Property, money or devices were taken or frozen.", "property seized"
    TRAVEL_DOCUMENT_SEIZED = (
        "travel_document_seized",
        "A passport or another travel document was taken or cancelled.",
        "travel document seized",
    )
    PASSPORT_REFUSED = (
        "passport_refused",
        "A passport or a consular paper was not issued or not renewed.",
        "passport refused",
    )
    CITIZENSHIP_STRIPPED = "citizenship_stripped", "Citizenship was taken away.", "citizenship stripped"
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
    CONTACT_LOST = (
        "contact_lost",
        "Relatives or friends can no longer reach the person; the reason is not known.",
        "contact lost",
    )
    ASSAULT = "assault", "Attacked or physically ill-treated, according to the source.", "assault"
    FLIGHT = "flight", "Fled or left a country to avoid being caught or sent back.", "flight"
    WANTED = (
        "wanted",
        "Declared wanted, or named in a warrant; what became of a notice is recorded with the notice.",
        "wanted",
    )
    CHARGE = "charge", "Accused of an offence by a prosecutor or a court.", "charge"
    CHARGE_DROPPED = "charge_dropped", "A charge or a warrant was withdrawn or set aside.", "charge dropped"
    REVIEW = "review", "An authority or a court looked at the case again, for example on appeal.", "review"
    HEARING = "hearing", "Brought before a court, or heard by one.", "hearing"
    EXTRADITION_REQUESTED = (
        "extradition_requested",
        "A state has asked another to hand the person over.",
        "extradition requested",
    )
    EXTRADITION_PENDING = (
        "extradition_pending",
        "A request for surrender is being examined and is not yet decided or carried out.",
        "extradition pending",
    )
    EXTRADITION_GRANTED = (
        "extradition_granted",
        "A court or an authority has allowed the surrender; it is pending until it is carried out.",
        "extradition granted",
    )
    EXTRADITION_REFUSED = (
        "extradition_refused",
        "A court or an authority has refused the surrender.",
        "extradition refused",
    )
    INTERIM_MEASURE = (
        "interim_measure",
        "An international court or body has asked a state to hold off.",
        "interim measure",
    )
    REMOVAL_ORDERED = (
        "removal_ordered",
        "A deportation or another removal was ordered; it is pending until it is carried out.",
        "removal ordered",
    )
    REMOVAL_STAYED = "removal_stayed", "A removal that was ordered has been put off.", "removal stayed"
    APPEAL = "appeal", "A decision was challenged; what it was about is open again.", "appeal"
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
    ASYLUM_CLAIMED = "asylum_claimed", "Protection was asked for.", "asylum claimed"
    ASYLUM_GRANTED = "asylum_granted", "Protection was granted.", "asylum granted"
    ASYLUM_REFUSED = "asylum_refused", "Protection was refused.", "asylum refused"
    SENTENCE = "sentence", "Sentenced by a court, present or absent.", "sentence"
    SENTENCE_REDUCED = "sentence_reduced", "A sentence was shortened or made lighter.", "sentence reduced"
    ACQUITTAL = "acquittal", "Found not guilty.", "acquittal"
    FINE = "fine", "Fined by a court or an authority.", "fine"
    DETENTION = "detention", "Arrested or held.", "detention"
    INTERROGATION = "interrogation", "Questioned while being held.", "interrogation"
    DEPORTATION_CENTRE = (
        "deportation_centre",
        "Held in a centre for people to be removed.",
        "deportation centre",
    )
    TRANSFER = "transfer", "Moved from one place of detention to another.", "transfer"
    SOLITARY_CONFINEMENT = "solitary_confinement", "Held apart from other detainees.", "solitary confinement"
    RELEASE_REVOKED = (
        "release_revoked",
        "Recalled from a release on conditions, and held again.",
        "release revoked",
    )
    IMPRISONMENT = "imprisonment", "Serving a sentence.", "imprisonment"
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
    ESCAPE = "escape", "Got away from detention; the case stays open.", "escape"
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
    COERCED_RETURN = (
        "coerced_return",
        "Went back under threats, to the person or to others close to them.",
        "coerced return",
    )
    PUSHBACK = "pushback", "Turned back at a border, or put over it, with no procedure.", "pushback"
    REMOVAL_FAILED = (
        "removal_failed",
        "A removal was begun and did not succeed: the person is where they were before.",
        "removal failed",
    )
    DISAPPEARANCE = (
        "disappearance",
        "Taken or lost from sight, with no acknowledged trace; not known to be alive or dead.",
        "disappearance",
    )
    DEATH = "death", "Reported to have died; the cause says how, and the note who is blamed.", "death"

    @property
    def phase(self) -> Phase:
        return _PHASES[self]

    @property
    def track(self) -> Track:
        return _TRACKS[self.phase]

    @classmethod
    def leading(cls) -> list[StageKind]:
        """The kinds that lead from one country to another."""
        return [*Phase.REMOVAL.kinds, cls.DEPARTURE, cls.FLIGHT, cls.ADMITTED_THIRD_COUNTRY]

    @classmethod
    def removals(cls) -> list[StageKind]:
        """The kinds by which somebody was taken or driven out of a country."""
        return [kind for kind in Phase.REMOVAL.kinds if kind != cls.REMOVAL_FAILED]

    @classmethod
    def terminal(cls) -> list[StageKind]:
        """The kinds that can close a case; a departure does so unless it leads to the origin."""
        return [
            cls.RELEASE,
            cls.DEPARTURE,
            cls.ADMITTED_THIRD_COUNTRY,
            cls.DEPORTATION,
            cls.EXTRADITION,
            cls.RENDITION,
            cls.DEATH,
        ]


_KINDS = {
    Phase.PRESSURE: (
        StageKind.MONITORED,
        StageKind.THREATENED,
        StageKind.QUESTIONED,
        StageKind.RAID,
        StageKind.PROPERTY_SEIZED,
        StageKind.TRAVEL_DOCUMENT_SEIZED,
        StageKind.PASSPORT_REFUSED,
        StageKind.CITIZENSHIP_STRIPPED,
        StageKind.PERMIT_CANCELLED,
        StageKind.VISA_CANCELLED,
        StageKind.CONTACT_LOST,
        StageKind.ASSAULT,
        StageKind.FLIGHT,
    ),
    Phase.PURSUIT: (StageKind.WANTED, StageKind.CHARGE, StageKind.CHARGE_DROPPED),
    Phase.REVIEW: (
        StageKind.REVIEW,
        StageKind.HEARING,
        StageKind.EXTRADITION_REQUESTED,
        StageKind.EXTRADITION_PENDING,
        StageKind.EXTRADITION_GRANTED,
        StageKind.EXTRADITION_REFUSED,
        StageKind.INTERIM_MEASURE,
        StageKind.REMOVAL_ORDERED,
        StageKind.REMOVAL_STAYED,
        StageKind.APPEAL,
        StageKind.DECISION_PENDING,
        StageKind.REPORTING_OBLIGATION,
        StageKind.SURRENDER_RISK,
        StageKind.ASYLUM_CLAIMED,
        StageKind.ASYLUM_GRANTED,
        StageKind.ASYLUM_REFUSED,
    ),
    Phase.JUDGMENT: (StageKind.SENTENCE, StageKind.SENTENCE_REDUCED, StageKind.ACQUITTAL, StageKind.FINE),
    Phase.DETENTION: (
        StageKind.DETENTION,
        StageKind.INTERROGATION,
        StageKind.DEPORTATION_CENTRE,
        StageKind.TRANSFER,
        StageKind.SOLITARY_CONFINEMENT,
        StageKind.RELEASE_REVOKED,
    ),
    Phase.IMPRISONMENT: (StageKind.IMPRISONMENT,),
    Phase.RELEASE: (
        StageKind.CONDITIONAL_RELEASE,
        StageKind.RELEASE,
        StageKind.DEPARTURE,
        StageKind.ADMITTED_THIRD_COUNTRY,
        StageKind.ESCAPE,
    ),
    Phase.REMOVAL: (
        StageKind.DEPORTATION,
        StageKind.EXTRADITION,
        StageKind.RENDITION,
        StageKind.COERCED_RETURN,
        StageKind.PUSHBACK,
        StageKind.REMOVAL_FAILED,
    ),
    Phase.HARM: (StageKind.DISAPPEARANCE, StageKind.DEATH),
}
_PHASES = {kind: phase for phase, kinds in _KINDS.items() for kind in kinds}
_LISTED = {phase: [kind for kind in StageKind if _PHASES[kind] is phase] for phase in Phase}
_TRACKS = {
    Phase.PRESSURE: Track.PRESSURE,
    Phase.PURSUIT: Track.PROCEDURE,
    Phase.REVIEW: Track.PROCEDURE,
    Phase.JUDGMENT: Track.PROCEDURE,
} | dict.fromkeys((Phase.DETENTION, Phase.IMPRISONMENT, Phase.RELEASE, Phase.REMOVAL, Phase.HARM), Track.LIBERTY)
