"""The signals of the danger of return in a dossier."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.text import capfirst

from cases.return_risk.records import RecordsAtRisk
from cases.views.dossier.content import DossierFact, DossierSignal
from cases.views.dossier.statements import Statements, words
from records.models import Record


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


def records_of(signals: Iterable[Any], at_risk: RecordsAtRisk) -> list[Record]:
    """Return the records on which signals rest, among those that were fetched for them."""
    refs = {given.ref for each in signals for given in each.inputs}
    return [record for record in at_risk.records if record.ref in refs]
