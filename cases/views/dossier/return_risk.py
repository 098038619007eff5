"""The signals of the danger of return in a dossier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.text import capfirst

from cases.models import CITABLE
from cases.views.dossier.content import DossierFact, DossierSignal
from cases.views.dossier.statements import Statements, words
from records.models import Record

_BY_PREFIX = {model.prefix(): model for model in CITABLE.values()}


def in_words(signals: Iterable[Any], statements: Statements) -> tuple[DossierSignal, ...]:
    """Return the signals as the dossier tells them, each input with the statements that prove it."""
    return tuple(
        DossierSignal(
            case=each.involvement.incident.title if each.involvement else "",
            says=capfirst(each.says),
            inputs=tuple(
                DossierFact(
                    f"{given.ref}: {', '.join(words(name) for name in given.fields)}",
                    capfirst(given.says),
                    statements.numbers(given.proof.citations, f"{given.ref}, {given.says}"),
                )
                for given in each.inputs
            ),
            more=each.more,
        )
        for each in signals
    )


def records_of(signals: Iterable[Any], reader: Any) -> list[Record]:
    """Return the records on which signals rest: at most one query for each kind of record."""
    refs = defaultdict(set)
    for given in (given for each in signals for given in each.inputs):
        refs[given.ref.partition("-")[0]].add(given.ref)
    found: list[Record] = []
    for prefix, several in sorted(refs.items()):
        found += _BY_PREFIX[prefix].objects.visible_to(reader).filter(ref__in=several)
    return found
