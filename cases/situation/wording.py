"""How each kind of stage reads in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from cases.vocabulary import StageKind


@dataclass(frozen=True)
class Wording:
    """How a stage reads: the words, whether it goes on ("since") or happened once ("on"), and how a country follows."""

    words: str
    lasts: bool = False
    place: str = " in {}"


WORDINGS = {
    StageKind.MONITORED: Wording("Watched", lasts=True),
    StageKind.THREATENED: Wording("Threatened"),
    StageKind.QUESTIONED: Wording("Questioned"),
    StageKind.WANTED: Wording("Wanted", lasts=True, place=" by {}"),
    StageKind.TRAVEL_DOCUMENT_SEIZED: Wording("Travel document seized"),
    StageKind.PASSPORT_REFUSED: Wording("Passport refused", place=" by {}"),
    StageKind.CITIZENSHIP_STRIPPED: Wording("Citizenship stripped", place=" by {}"),
    StageKind.PERMIT_CANCELLED: Wording("Permit cancelled"),
    StageKind.VISA_CANCELLED: Wording("Visa cancelled"),
    StageKind.RAID: Wording("Premises raided"),
    StageKind.PROPERTY_SEIZED: Wording("Property seized"),
    StageKind.CONTACT_LOST: Wording("Out of contact", lasts=True),
    StageKind.FLIGHT: Wording("Fled", place=" from {}"),
    StageKind.DETENTION: Wording("Detained", lasts=True),
    StageKind.INTERROGATION: Wording("Interrogated in detention"),
    StageKind.DEPORTATION_CENTRE: Wording("Held in a deportation centre", lasts=True),
    StageKind.TRANSFER: Wording("Moved to another place of detention"),
    StageKind.SOLITARY_CONFINEMENT: Wording("Held in solitary confinement", lasts=True),
    StageKind.RELEASE_REVOKED: Wording("Recalled from release", lasts=True),
    StageKind.REVIEW: Wording("Under review", lasts=True),
    StageKind.CHARGE: Wording("Charged"),
    StageKind.CHARGE_DROPPED: Wording("Charge dropped"),
    StageKind.HEARING: Wording("Heard by a court"),
    StageKind.EXTRADITION_REQUESTED: Wording("Extradition requested"),
    StageKind.EXTRADITION_PENDING: Wording("Extradition pending", lasts=True),
    StageKind.EXTRADITION_GRANTED: Wording("Extradition granted"),
    StageKind.EXTRADITION_REFUSED: Wording("Extradition refused"),
    StageKind.INTERIM_MEASURE: Wording("Interim measure ordered"),
    StageKind.REMOVAL_ORDERED: Wording("Removal ordered"),
    StageKind.REMOVAL_STAYED: Wording("Removal stayed"),
    StageKind.APPEAL: Wording("Under appeal", lasts=True),
    StageKind.DECISION_PENDING: Wording("Decision pending", lasts=True),
    StageKind.REPORTING_OBLIGATION: Wording("Under an obligation to report", lasts=True),
    StageKind.SURRENDER_RISK: Wording("At risk of surrender", lasts=True),
    StageKind.ASYLUM_CLAIMED: Wording("Asylum claimed"),
    StageKind.ASYLUM_GRANTED: Wording("Asylum granted"),
    StageKind.ASYLUM_REFUSED: Wording("Asylum refused"),
    StageKind.CONDITIONAL_RELEASE: Wording("Conditionally released", lasts=True),
    StageKind.RELEASE: Wording("Released"),
    StageKind.DEPARTURE: Wording("Left the country"),
    StageKind.ADMITTED_THIRD_COUNTRY: Wording("Admitted to a third country", place=" ({})"),
    StageKind.ESCAPE: Wording("Escaped"),
    StageKind.DEPORTATION: Wording("Deported", place=" from {}"),
    StageKind.EXTRADITION: Wording("Extradited", place=" from {}"),
    StageKind.RENDITION: Wording("Handed over without a procedure", place=" from {}"),
    StageKind.COERCED_RETURN: Wording("Returned under threats", place=" from {}"),
    StageKind.PUSHBACK: Wording("Pushed back", place=" from {}"),
    StageKind.REMOVAL_FAILED: Wording("A removal failed"),
    StageKind.SENTENCE: Wording("Sentenced"),
    StageKind.SENTENCE_REDUCED: Wording("Sentence reduced"),
    StageKind.ACQUITTAL: Wording("Acquitted"),
    StageKind.FINE: Wording("Fined"),
    StageKind.IMPRISONMENT: Wording("Imprisoned", lasts=True),
    StageKind.ASSAULT: Wording("Assaulted"),
    StageKind.DISAPPEARANCE: Wording("Disappeared"),
    StageKind.DEATH: Wording("Reported to have died"),
}
