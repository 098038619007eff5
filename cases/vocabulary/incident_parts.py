"""The closed lists that describe the parts of an incident: its countries, who did it, and what was demanded."""

from __future__ import annotations

from records.vocabulary import Vocabulary


class CountryPart(Vocabulary):
    """A country's part in an incident. A host is no part of its own: it is a location that is not the state behind."""

    ORIGIN = "origin", "A state behind it, as far as sources tie it to that state.", "state behind it"
    LOCATION = "location", "A country where it happened, be it the state behind it or another one.", "location"
    TRANSIT = "transit", "A country through which somebody was taken, or had to pass.", "transit"
    DESTINATION = "destination", "A country to which somebody was taken, or was to be taken.", "destination"


class ActorPart(Vocabulary):
    """What an actor did in an incident, as alleged (after HURIDOCS, list 18)."""

    ORDERED = "ordered", "Gave the order.", "ordered it"
    PLANNED = "planned", "Planned it.", "planned it"
    CARRIED_OUT = "carried_out", "Did it.", "carried it out"
    ENABLED = "enabled", "Made it possible: gave money, information, papers or room.", "made it possible"
    HANDED_OVER = "handed_over", "Gave the person into the hands of others.", "handed the person over"
    PRESENT = "present", "Was there and took part in no other known way.", "was present"
    FAILED_TO_PROTECT = "failed_to_protect", "Had the duty to protect the person, and did not.", "failed to protect"
    SUSPECTED = "suspected", "Is named, without a word on what the part was.", "is suspected"


class OfficialAnswer(Vocabulary):
    """What an actor, or the state it belongs to, answers to the allegation (after HURIDOCS, list 28)."""

    SILENT = "silent", "Says nothing, or declines to comment.", "says nothing"
    ACKNOWLEDGES = "acknowledges", "Says that it happened.", "acknowledges it"
    NOT_RESPONSIBLE = (
        "acknowledges_but_not_responsible",
        "Says that it happened, and that others are responsible.",
        "acknowledges it, but not as its own",
    )
    EXPLAINS_OTHERWISE = "explains_otherwise", "Gives another account of what happened.", "explains it otherwise"
    DENIES = "denies", "Says that it did not happen.", "denies it"
    ACCEPTS = "accepts", "Says that it happened, and takes responsibility.", "accepts responsibility"


class DemandKind(Vocabulary):
    """What was asked of somebody."""

    RETURN = "return", "To come back to the country of origin.", "to return"
    SILENCE = "silence", "To say or publish nothing.", "to be silent"
    STOP_WORK = "stop_work", "To give up a post, a campaign or a profession.", "to stop their work"
    INFORM = "inform", "To tell about others.", "to inform"
    WORK_FOR_THE_STATE = "work_for_the_state", "To work for the state in another way.", "to work for the state"
    MONEY = "money", "To pay.", "to pay"
    WITHDRAW_STATEMENT = "withdraw_statement", "To take back what was said.", "to take back a statement"
    OTHER = "other", "Something else, told in the note.", "something else"


class DemandChannel(Vocabulary):
    """By which way a demand reached the person."""

    VISIT = "visit", "Somebody came.", "a visit"
    CALL = "call", "By telephone.", "a call"
    MESSAGE = "message", "In writing, by letter or electronically.", "a message"
    RELATIVE = "relative", "Through a member of the family.", "a relative"
    MISSION = "mission", "At or from an embassy or a consulate.", "a mission"
    SUMMONS = "summons", "By an order to appear.", "a summons"
    OTHER = "other", "In another way, told in the note.", "another way"
