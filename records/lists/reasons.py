"""Why nothing can be found: filters that exclude each other, in sentences that a response header can carry.

They are said of an empty answer alone, and rest on the question and on what its reader may see: what is hidden changes
no word of them. They are in ASCII, as a header has to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from records.fields.uncertain_date import Certainty
from records.lists.not_and_all import NotFilter

#: The response header in which API and exports say why nothing was found.
NOTE = "Waymark-Note"


def listed(words: Iterable[str]) -> str:
    """Join words as a sentence does: one, two and three."""
    *some, last = words
    return f"{', '.join(some)} and {last}" if some else last


def asked_and_left_out(filterset: Any) -> Iterator[str]:
    """Say which codes a question asks for and leaves out at the same time."""
    given = filterset.form.cleaned_data
    for name, question in filterset.filters.items():
        if isinstance(question, NotFilter) and given[name]:
            base, out = name.removesuffix("_not"), set(given[name])
            asked, together = set(given[base]), set(given.get(f"{base}_all") or ())
            either = asked if question.of.conjoined or asked <= out else set()
            for which, codes in ((base, either & out), (f"{base}_all", together & out)):
                if codes:
                    yield f"{which} asks for {listed(sorted(codes))}, which {name} leaves out. Take one of them away."


def later_than_as_of(filterset: Any) -> Iterator[str]:
    """Say that what is looked at as of a day is asked to have come later."""
    first, day = filterset.form.cleaned_data.get("since"), filterset.day
    if first and day and first > day:
        only = "nothing can" if filterset.certainty == Certainty.CERTAIN else "only what has a vague date could"
        yield (
            f"since ({first}) lies after as_of ({day}): of what had come by that day {only} have come so late. "
            "Ask as_of a later day, or leave one of them out."
        )
