"""The sentence that says where a case stands, since when, as of when, and on how many independent sources.

    Held in Türkiye since 31 October 2018, in a deportation centre since November 2018; decision pending since
    5 January 2019; as of 5 February 2019; 1 independent source.

Liberty comes first, then what is pending, then pressure. What is not known is said to be unknown, and a vague date
stays vague.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.text import capfirst

from cases.models import Citation, Person
from cases.situation.cited import independent, least_independent
from cases.situation.engine import Situation
from cases.situation.groups import Part
from cases.situation.phrases import Names, in_a_sentence, in_words, lowered, place_words, plain, when
from cases.situation.procedure_words import in_procedure, procedures_told, steps_of
from cases.situation.procedures import Procedure
from cases.situation.standing import situation
from cases.situation.state import OnLiberty
from cases.situation.step import CaseStep
from cases.situation.wording import WORDINGS
from cases.vocabulary import CaseStatus, Fate, InvolvementRole, Liberty, PersonKind

#: The fields of a stage that its words tell.
TOLD_OF_A_STEP = {"kind", "occurred", "country", "destination"}


def opening(involvement: Any, countries: Names, citations: Iterable[Citation]) -> str:
    """Return the sentence that opens a case, ending with how many independent sources it rests on."""
    return f"{where_it_stands(involvement, countries)}; {on_whose_word(involvement, citations)}."


def on_whose_word(involvement: Any, citations: Iterable[Citation]) -> str:
    """Return on how many independent sources the sentence rests: on as many as the least supported fact that it tells.

    A sentence that tells no step rests on what is said of the incident and of the person's part in it.
    """
    told = {step.stage.pk for step in told_steps(situation(involvement))}
    of_steps = [each for each in citations if each.stage_id in told and each.field in TOLD_OF_A_STEP]
    of_the_rest = [each for each in citations if each.stage_id is None and not told]
    number = least_independent(of_steps) if of_steps else independent(of_the_rest)
    if number:
        return f"{number} independent source{'' if number == 1 else 's'}"
    return "no source supports it" if of_steps or of_the_rest else "no source is cited"


def told_steps(found: Situation) -> list[CaseStep]:
    """Return the steps that the sentence tells: on liberty, of all parts of a group, in procedure, and of pressure."""
    if not found.happened:
        return list(found.steps[:1])
    on_liberty_now = [each.situation.told.liberty for each in found.parts] or [found.told.liberty]
    steps = [step for now in on_liberty_now if now for step in (now.began, now.step)]
    procedures = procedures_told(found)
    steps += steps_of(procedures)
    steps += [found.told.judged] if found.told.judged is not None else []
    if steps:
        return steps
    return [
        each.began if isinstance(each, Procedure) else each.step
        for each in (found.procedure, found.told.pressure)
        if each
    ]


def where_it_stands(involvement: Any, countries: Names) -> str:
    """Return where the case stands, since when and as of when: the sentence without its sources and its full stop."""
    found = situation(involvement)
    if not found.happened:
        return nothing_recorded(involvement)
    said = [*on_liberty(found, countries), *in_procedure(found, countries), *under_pressure(found, countries)]
    ends = closing(involvement, found)
    if ends and said and ends[0].startswith("as of ") and said[-1].endswith(ends[0].replace("as of", "since", 1)):
        # One day for the last step and for the whole: it is said once.
        said[-1] = said[-1].removesuffix(ends[0].replace("as of", "since", 1)) + ends.pop()
    return capfirst("; ".join([*said, *([] if found.parts else unsure(found)), *ends]))


def on_liberty(found: Situation, countries: Names) -> list[str]:
    """Return where the person is: held, released, removed... Nothing where no step on liberty was taken."""
    now = found.told.liberty
    if found.parts:
        return [parts_words(found, countries)]
    if now is None:
        return []
    if found.value == Liberty.UNKNOWN and not found.was_ended:
        kinds = in_words([kind.label for kind in dict.fromkeys(step.kind for step in (now.step, *found.perhaps))])
        return [f"where the person is is not known: which of {kinds} came last is not told"]
    if found.told.at_home is not None:
        return since_the_removal(found, found.told.at_home, now, countries)
    if now.began is now.step or now.began.kind == now.step.kind:
        lasts = False if found.was_ended else None
        return [f"{place_words(now.began, countries)} {when(now.began, lasts=lasts)}"]
    where = f" in {in_a_sentence(countries.get(now.country, now.country))}" if now.country else ""
    later = WORDINGS[now.kind].words.removeprefix("Held ").lower()
    return [f"held{where} {when(now.began, lasts=True)}, {later} {when(now.step)}"]


def since_the_removal(found: Situation, removal: CaseStep, now: OnLiberty, countries: Names) -> list[str]:
    """Return the removal to the origin, and what is told since: where the person is, or how they were judged."""
    said, later = [f"{place_words(removal, countries)} {when(removal)}"], found.told.judged
    if removal is not now.step:
        said.append(f"{lowered(place_words(now.step, countries))} {when(now.began)}")
    elif later is not None and later not in steps_of(procedures_told(found)):
        said.append(f"{lowered(place_words(later, countries))} {when(later)}")
    return said


def parts_words(found: Situation, countries: Names) -> str:
    """Return where the parts of a group are: "At most 68: detained in Thailand since 1 March 2014; 20: released..."."""
    return "; ".join(f"{how_many(part)}: {part_words(part, countries)}" for part in found.parts)


def how_many(part: Part) -> str:
    if part.headcount is None:
        return "the others"
    return f"at most {part.headcount:,}" if part.is_rest else f"{part.headcount:,}"


def part_words(part: Part, countries: Names) -> str:
    """Return where a part of a group is: "deported to China on 8 July 2015, imprisoned in China since..."."""
    found = part.situation
    if not part.is_told:
        return "nothing is told of them"
    if not found.happened:
        return f"nothing had certainly happened, {found.steps[0].kind.label} perhaps had"
    said = [*on_liberty(found, countries), *unsure(found)] or [Liberty.AT_LIBERTY.label]
    return ", ".join(lowered(each) for each in said)


def under_pressure(found: Situation, countries: Names) -> list[str]:
    """Return the last act of pressure, where it is not older than where the person is."""
    now, liberty = found.told.pressure, found.told.liberty
    if now is None or (liberty is not None and (found.value != Liberty.AT_LIBERTY or found.deciding is liberty)):
        return []
    if liberty is not None and liberty.step == now.step:
        return []
    return [f"{lowered(place_words(now.step, countries))} {when(now.step)}"]


def unsure(found: Situation) -> list[str]:
    """Return which other steps on liberty may have come last, because dates are vague; nothing where that is known."""
    if found.value == Liberty.UNKNOWN:
        return []
    later = [step for step in found.perhaps if step not in found.happened]
    said = [f"perhaps {in_words([step.kind.label for step in later])} by then"] if later else []
    if rivals := [step for step in found.perhaps if step in found.happened]:
        kinds = in_words(list(dict.fromkeys(step.kind.label for step in rivals)))
        said.append(f"whether {kinds} came later is not known, by the dates")
    return said


def closing(involvement: Any, found: Situation) -> list[str]:
    """Return as of when this holds, or that the case is over."""
    as_of = involvement.status_as_of
    if found.told.at_home and found.value == Liberty.REMOVED and not found.parts:
        if found.fate == Fate.SENTENCED:
            return []
        return ["whether they are free is not told" if found.told.judged else "what became of them there is not told"]
    if found.is_lost and not found.parts:
        return ["where to is not told"]
    if found.was_ended:
        return [f"over by {plain(as_of)}" if as_of else "since ended"] if not ends_by_itself(found) else []
    if found.is_open is False or involvement.as_of is not None:
        return []
    return [f"as of {plain(as_of)}" if as_of else "as of when is not known"]


def ends_by_itself(found: Situation) -> bool:
    """Whether the steps tell how the case ended, so that nobody has to say that it did."""
    return found.told.liberty is not None and found.told.liberty.terminal


def status_words(involvement: Any) -> str:
    """Return what is said of a case as a whole: "ended as of 2018: the family asked us to"; "" where nothing is."""
    status, as_of = CaseStatus(involvement.status), involvement.status_as_of
    if status == CaseStatus.UNKNOWN:
        return involvement.status_reason
    words = f"{status.label} as of {plain(as_of)}" if as_of else str(status.label)
    return f"{words}: {involvement.status_reason}" if involvement.status_reason else words


def nothing_recorded(involvement: Any) -> str:
    """Return what can be said of a part in an incident of which no stage had certainly come."""
    found = situation(involvement)
    if found.steps and involvement.as_of is not None:
        return f"Nothing had certainly happened; {found.steps[0].kind.label} perhaps had, by its date"
    if involvement.as_of is not None and involvement.role == InvolvementRole.SUBJECT:
        return "No stage is recorded by then"
    if involvement.role != InvolvementRole.SUBJECT:
        return f"Part in the incident: {involvement.get_role_display()}"
    if involvement.status == CaseStatus.UNKNOWN:
        return "Where the case stands is not known"
    as_of = f" as of {plain(involvement.status_as_of)}" if involvement.status_as_of else ""
    return f"No stage is recorded; the case {'had ended' if involvement.status == 'ended' else 'was going on'}{as_of}"


def who(person: Person) -> str:
    """Return who somebody is, for a page without a case: "Official: deputy director of an office"."""
    known_as = person.role_or_standing.label
    if person.kind == PersonKind.GROUP:
        known_as = f"Group, {known_as}"
    occupation = f": {person.occupation}" if person.occupation else ""
    return f"{capfirst(known_as)}{occupation}. No incident is recorded."
