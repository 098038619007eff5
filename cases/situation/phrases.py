"""The phrases that a sentence is made of: what happened and where, and when."""

from __future__ import annotations

from collections.abc import Mapping

from cases.situation.step import CaseStep
from cases.situation.wording import WORDINGS
from cases.vocabulary import DeathCause, StageKind
from records.fields.edtf import Precision, UncertainDate

Names = Mapping[str, str]

DEATHS: Mapping[str, str] = {
    DeathCause.KILLED: "Killed",
    DeathCause.IN_CUSTODY: "Died in custody",
    DeathCause.NATURAL: "Died of natural causes",
}
_THE = {"Bahamas", "Comoros", "Gambia", "Maldives", "Netherlands", "Philippines", "Seychelles"}


def place_words(step: CaseStep, countries: Names, by: str = "") -> str:
    """Return what happened and where: "Detained in Morocco", "Deported from Egypt to China", "Wanted by China".

    `by` is the country that somebody is wanted by, where the step does not say.
    """
    wording, words = WORDINGS[step.kind], WORDINGS[step.kind].words
    if step.kind == StageKind.DEATH:
        words = DEATHS.get(step.cause, words)
    if step.kind == StageKind.DEPARTURE:
        return departure_words(step, countries)
    if step.kind == StageKind.ADMITTED_THIRD_COUNTRY:
        country = step.destination or step.country
        return words + (wording.place.format(in_a_sentence(countries.get(country, country))) if country else "")
    if country := step.country or (by if step.kind == StageKind.WANTED else ""):
        words += wording.place.format(in_a_sentence(countries.get(country, country)))
    if step.destination:
        words += f" to {in_a_sentence(countries.get(step.destination, step.destination))}"
    return words


def departure_words(step: CaseStep, countries: Names) -> str:
    """Return which country somebody left, and for which: "Left Türkiye for the Netherlands"."""
    left, leads_to = (in_a_sentence(countries.get(code, code)) for code in (step.country, step.destination))
    return f"Left {left or 'the country'}{f' for {leads_to}' if leads_to else ''}"


def when(step: CaseStep, *, lasts: bool | None = None) -> str:
    """Return when a step was taken: "since July 2021", "on 25 January 2019", "by 5 February 2019"."""
    goes_on = WORDINGS[step.kind].lasts if lasts is None else lasts
    if step.occurred is None and step.by is not None:
        day = UncertainDate.on(step.by).label
        return f"since {day} or earlier" if goes_on else f"by {day}"
    return time_words(step.occurred, goes_on=goes_on)


def in_a_sentence(country: str) -> str:
    """Return a country's name with the article that English puts before some of them."""
    takes_article = country.startswith("United ") or country.endswith((" Islands", " Republic")) or country in _THE
    return f"the {country}" if takes_article else country


def time_words(date: UncertainDate | None, *, goes_on: bool) -> str:
    """Return when: "since July 2021", "on 25 January 2019", "some time between 2006 and 2012"."""
    if date is None:
        return "since an unknown date" if goes_on else "on an unknown date"
    if date.precision == Precision.OPEN:
        return open_words(date, goes_on)
    if date.precision == Precision.RANGE:
        return f"{'since ' if goes_on else ''}some time {date.label}"
    return f"since {date.label}" if goes_on else date.phrase


def open_words(date: UncertainDate, lasts: bool) -> str:
    """Return the words for a date open to one side. Both labels begin with a word: "since 2018", "by 2018"."""
    day = date.label.partition(" ")[2]
    if date.earliest is None:
        return f"since {day} or earlier" if lasts else f"by {day}"
    return f"since {day}" if lasts else f"from {day} on"


def plain(date: UncertainDate | None) -> str:
    """Return a date to follow "as of", "since" or "until"."""
    if date is None:
        return "an unknown date"
    if date.precision == Precision.OPEN:
        day = date.label.partition(" ")[2]
        return f"{day} or {'earlier' if date.earliest is None else 'later'}"
    return f"some time {date.label}" if date.precision == Precision.RANGE else date.label


def lowered(words: str) -> str:
    return f"{words[0].lower()}{words[1:]}"


def in_words(several: list[str]) -> str:
    """Return words as a list of alternatives: "a, b or c"."""
    return " or ".join(filter(None, [", ".join(several[:-1]), several[-1]]))
