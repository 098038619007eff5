"""The class of one signal, with the records that it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cases.return_risk.rules import SignalState
from cases.situation.places import hosts
from cases.views.evidence import Proof
from records.fields.edtf import UncertainDate

#: Kinds of detention (seeds/data/terms.yaml) in which nobody outside is told where the person is.
HELD_IN_SECRET = ("secret",)


@dataclass(frozen=True)
class Input:
    """One record that a signal rests on: which fields of it, what they say, the dates in them, and who says so."""

    ref: str
    fields: tuple[str, ...]
    says: str
    dates: tuple[UncertainDate, ...]
    link: str
    proof: Proof


@dataclass(frozen=True)
class Signal:
    """One signal: what the records say of it on a day, and the inputs. `more` counts inputs that are not listed.

    `involvement` is the case it belongs to, or None where it is about the person.
    """

    name: str
    title: str
    state: SignalState
    says: str
    involvement: Any = None
    inputs: list[Input] = field(default_factory=list)
    more: int = 0

    @property
    def proof(self) -> Proof:
        return Proof([citation for each in self.inputs for citation in each.proof.citations])


def dates(*given: UncertainDate | None) -> tuple[UncertainDate, ...]:
    return tuple(each for each in given if each is not None)


def signal_words(what: str, state: SignalState, case: Any) -> str:
    """Return a signal in words; without a host country the question cannot be asked, which is said."""
    return f"{what}: {state}" if hosts(case.incident) else f"{what}: {state}; no host country is recorded"


def stage_words(stage: Any) -> str:
    words = stage.in_words if stage.occurred else f"{stage.in_words}, date unknown"
    return f"{words} (in secret)" if stage.detention_kind_id in HELD_IN_SECRET else words
