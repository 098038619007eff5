"""How procedures read in a sentence: which are told, and what of each."""

from __future__ import annotations

from collections.abc import Iterable

from cases.situation.engine import Situation
from cases.situation.phrases import Names, lowered, place_words, when
from cases.situation.procedures import ENDING, Procedure
from cases.situation.state import OnLiberty
from cases.situation.step import CaseStep
from cases.situation.wording import WORDINGS
from cases.vocabulary import Liberty, StageKind


def in_procedure(found: Situation, countries: Names) -> list[str]:
    """Return what is pending, and what was decided of late."""
    return [procedure_words(each, found, countries) for each in procedures_told(found)]


def procedures_told(found: Situation) -> list[Procedure]:
    """Return the procedures that the sentence tells.

    They are those that are pending, and those decided for the person since the last step on liberty, which may close
    the case. Of who was neither held nor pressed it tells the last, whatever became of it.
    """
    now = found.told.liberty
    chosen = [each for each in found.procedures if each.pending or (each.kind in ENDING and is_after(each, now, found))]
    if chosen or now is not None or found.told.pressure is not None or found.procedure is None:
        return chosen
    return [found.procedure]


def is_after(procedure: Procedure, now: OnLiberty | None, found: Situation) -> bool:
    """Whether the last step of a procedure certainly came after the last one on liberty, or there is no such one."""
    return now is None or (now.step != procedure.step and found.order.came_before(now.step, procedure.step))


def procedure_words(procedure: Procedure, found: Situation, countries: Names) -> str:
    """Return one procedure: what was decided in it and still counts, and its last step."""
    said, decision = kind_words(procedure, procedure.began, procedure.kind, found, countries), procedure.decision
    if decision is not None:
        decided = kind_words(procedure, decision.step, decision.kind, found, countries)
        # Who is wanted was sentenced since, or before; all other decisions come before what is pending now.
        in_turn = (said, decided) if procedure.step == decision.step else (decided, said)
        said = ", ".join(in_turn)
    return said if found.is_pending(procedure) is not None else f"{said}, perhaps no longer pending"


def kind_words(procedure: Procedure, step: CaseStep, kind: StageKind, found: Situation, countries: Names) -> str:
    """Return one step of a procedure, and for how many days what was granted or ordered has not been carried out."""
    # The state that holds the person needs no second mention, nor what was mentioned with the decision.
    is_first = procedure.decision is None or (step == procedure.began) == (procedure.step == procedure.decision.step)
    is_elsewhere = kind == StageKind.WANTED or found.value == Liberty.REMOVED or step.country not in ("", found.country)
    words = place_words(step, countries, procedure.country) if is_elsewhere and is_first else WORDINGS[kind].words
    if kind == StageKind.SENTENCE and step.in_absentia:
        words = words.replace("Sentenced", "Sentenced in absence")
    said = f"{lowered(words)} {when(step)}"
    if procedure.pending and kind in (StageKind.EXTRADITION_GRANTED, StageKind.REMOVAL_ORDERED):
        days = found.days_of(procedure, kind)
        said += f" and not carried out{f' for {days}' if days else ''}"
    return said


def steps_of(procedures: Iterable[Procedure]) -> list[CaseStep]:
    """Return the steps that the words for some procedures tell."""
    return [
        step
        for each in procedures
        for step in (each.began, each.decision.step if each.decision else None)
        if step is not None
    ]
