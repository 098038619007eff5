"""The sentence that says where a case stands, since when, as of when, and on how many independent sources.

    Conditionally released since 25 January 2019; decision pending as of 5 February 2019; 1 independent source.

What is not known is said to be unknown, and a vague date stays vague.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst

from cases.codebook.situation import current, pending, situation
from cases.models import Citation, Person, Stage
from cases.vocabulary import IncidentStatus, InvolvementRole, PersonKind, Phase, StageKind
from records.fields.edtf import Precision, UncertainDate

Names = Mapping[str, str]


@dataclass(frozen=True)
class Wording:
    """How a stage reads: the words, whether it goes on ("since") or happened once ("on"), and how a country follows."""

    words: str
    lasts: bool = False
    place: str = " in {}"


_HAPPENED = {
    StageKind.MONITORED: Wording("Watched", lasts=True),
    StageKind.THREATENED: Wording("Threatened"),
    StageKind.QUESTIONED: Wording("Questioned"),
    StageKind.WANTED: Wording("Wanted", lasts=True),
    StageKind.TRAVEL_DOCUMENT_SEIZED: Wording("Travel document seized"),
    StageKind.PERMIT_CANCELLED: Wording("Permit cancelled"),
    StageKind.VISA_CANCELLED: Wording("Visa cancelled"),
    StageKind.RAID: Wording("Raided"),
    StageKind.PROPERTY_SEIZED: Wording("Property seized"),
    StageKind.CONTACT_LOST: Wording("Out of contact", lasts=True),
    StageKind.FLIGHT: Wording("Fled", place=" ({})"),
    StageKind.DETENTION: Wording("Detained", lasts=True),
    StageKind.INTERROGATION: Wording("Interrogated in detention"),
    StageKind.DEPORTATION_CENTRE: Wording("Held in a deportation centre", lasts=True),
    StageKind.TRANSFER: Wording("Moved to another place of detention"),
    StageKind.SOLITARY_CONFINEMENT: Wording("Held in solitary confinement", lasts=True),
    StageKind.REVIEW: Wording("Under review", lasts=True),
    StageKind.CHARGE: Wording("Charged"),
    StageKind.HEARING: Wording("Heard by a court"),
    StageKind.EXTRADITION_PENDING: Wording("Extradition pending", lasts=True),
    StageKind.DECISION_PENDING: Wording("Decision pending", lasts=True),
    StageKind.REPORTING_OBLIGATION: Wording("Under an obligation to report", lasts=True),
    StageKind.SURRENDER_RISK: Wording("At risk of surrender", lasts=True),
    StageKind.CONDITIONAL_RELEASE: Wording("Conditionally released", lasts=True, place=""),
    StageKind.RELEASE: Wording("Released"),
    StageKind.DEPARTURE: Wording("Left the country", place=" ({})"),
    StageKind.ADMITTED_THIRD_COUNTRY: Wording("Admitted to a third country", place=" ({})"),
    StageKind.DEPORTATION: Wording("Deported", place=" from {}"),
    StageKind.EXTRADITION: Wording("Extradited", place=" from {}"),
    StageKind.RENDITION: Wording("Handed over without a procedure", place=" from {}"),
    StageKind.SENTENCE: Wording("Sentenced"),
    StageKind.SENTENCE_REDUCED: Wording("Sentence reduced"),
    StageKind.IMPRISONMENT: Wording("Imprisoned", lasts=True),
    StageKind.ASSAULT: Wording("Assaulted"),
    StageKind.DISAPPEARANCE: Wording("Disappeared"),
    StageKind.DEATH: Wording("Reported to have died"),
}
_THE = {"Bahamas", "Comoros", "Gambia", "Maldives", "Netherlands", "Philippines", "Seychelles"}


def opening(involvement: Any, countries: Names, citations: Iterable[Citation]) -> str:
    """Return the sentence that opens a case, ending with how many independent sources it rests on."""
    groups = len({citation.source.independent_group for citation in citations})
    sources = f"{groups} independent source{'' if groups == 1 else 's'}" if groups else "no source is cited"
    return f"{where_it_stands(involvement, countries)}; {sources}."


def where_it_stands(involvement: Any, countries: Names) -> str:
    """Return where the case stands, since when and as of when: the sentence without its sources and its full stop."""
    incident, now, beside = involvement.incident, current(involvement), pending(involvement)
    if now is None:
        return nothing_recorded(involvement)
    is_final, is_over = now.kind in StageKind.terminal(), incident.status == IncidentStatus.ENDED
    said = [f"{place_words(now, incident.origin_id, countries)} {time_words(now, goes_on=not is_over)}"]
    as_of = incident.status_as_of
    if unsure := unsure_order(involvement):
        said.append(unsure)
    if involvement.as_of is not None:
        return "; ".join([*said, *([f"{review_words(beside)} {time_words(beside)}"] if beside else [])])
    if beside is not None:
        dates_the_state = beside.occurred is not None and as_of in (None, beside.occurred)
        when = f"as of {plain(beside.occurred)}" if dates_the_state else time_words(beside)
        said.append(f"{review_words(beside)} {when}")
        if dates_the_state:
            return "; ".join(said)
    if is_over and not is_final:
        said.append(f"over by {plain(as_of)}" if as_of else "since ended")
    elif not is_final:
        said.append(f"as of {plain(as_of)}" if as_of else "as of when is not known")
    return "; ".join(said)


def review_words(stage: Stage) -> str:
    return _HAPPENED[StageKind(stage.kind)].words.lower()


def unsure_order(involvement: Any) -> str:
    """Return which other steps may have come last, because their dates are vague; nothing where the order is known."""
    rivals = situation(involvement).rivals
    if not rivals:
        return ""
    kinds = list(dict.fromkeys(StageKind(stage.kind).label for stage in rivals))
    several = " or ".join(filter(None, [", ".join(kinds[:-1]), kinds[-1]]))
    return f"whether {several} came later is not known, by the dates"


def nothing_recorded(involvement: Any) -> str:
    """Return what can be said of a part in an incident of which no stage had certainly come."""
    incident = involvement.incident
    if involvement.visible_stages and involvement.as_of is not None:
        first = StageKind(involvement.visible_stages[0].kind).label
        return f"Nothing had certainly happened; {first} perhaps had, by its date"
    if involvement.as_of is not None and involvement.role == InvolvementRole.SUBJECT:
        return "No stage is recorded by then"
    if involvement.role != InvolvementRole.SUBJECT:
        return f"Part in the incident: {involvement.get_role_display()}"
    if incident.status == IncidentStatus.UNKNOWN:
        return "Where the case stands is not known"
    as_of = f" as of {plain(incident.status_as_of)}" if incident.status_as_of else ""
    return f"No stage is recorded; the incident {'had ended' if incident.status == 'ended' else 'was ongoing'}{as_of}"


def place_words(stage: Stage, origin: str, countries: Names) -> str:
    """Return what happened and in which country: "Detained in Morocco", "Deported from Egypt", "Deported to China"."""
    wording = _HAPPENED[StageKind(stage.kind)]
    if not stage.country_id:
        return wording.words
    is_return = StageKind(stage.kind).phase == Phase.REMOVAL and stage.country_id == origin
    place = " to {}" if is_return else wording.place
    return wording.words + place.format(in_a_sentence(countries.get(stage.country_id, stage.country_id)))


def in_a_sentence(country: str) -> str:
    """Return a country's name with the article that English puts before some of them."""
    takes_article = country.startswith("United ") or country.endswith((" Islands", " Republic")) or country in _THE
    return f"the {country}" if takes_article else country


def time_words(stage: Stage, *, goes_on: bool = True) -> str:
    """Return when: "since July 2021", "on 25 January 2019", "some time between 2006 and 2012"."""
    lasts, date = goes_on and _HAPPENED[StageKind(stage.kind)].lasts, stage.occurred
    if date is None:
        return "since an unknown date" if lasts else "on an unknown date"
    if date.precision == Precision.OPEN:
        return open_words(date, lasts)
    if date.precision == Precision.RANGE:
        return f"{'since ' if lasts else ''}some time {date.label}"
    return f"since {date.label}" if lasts else date.phrase


def open_words(date: UncertainDate, lasts: bool) -> str:
    """Return the words for a date open to one side. Both labels begin with a word: "since 2018", "by 2018"."""
    day = date.label.partition(" ")[2]
    if date.earliest is None:
        return f"since {day} or earlier" if lasts else f"by {day}"
    return f"since {day}" if lasts else f"on or after {day}"


def plain(date: UncertainDate | None) -> str:
    """Return a date to follow "as of", "since" or "until"."""
    if date is None:
        return "an unknown date"
    if date.precision == Precision.OPEN:
        day = date.label.partition(" ")[2]
        return f"{day} or {'earlier' if date.earliest is None else 'later'}"
    return f"some time {date.label}" if date.precision == Precision.RANGE else date.label


def who(person: Person) -> str:
    """Return who somebody is, for a page without a case: "Official: deputy director of an office"."""
    known_as = person.role_or_standing.label
    if person.kind == PersonKind.GROUP:
        known_as = f"Group, {known_as}"
    occupation = f": {person.occupation}" if person.occupation else ""
    return f"{capfirst(known_as)}{occupation}. No incident is recorded."
