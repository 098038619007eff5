"""Where in its source a citation stands: paragraph, range and hash, which follow from one another by the text."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from records.current_act import current_act
from sources.passages import Passage, passage_between, passage_of, passage_quoting

#: The columns that say where a statement stands.
PLACE = ("source_id", "paragraph", "start", "end", "sha256")
NOT_READ = "The text of this source is not here, or not yours to read. Give the number of the paragraph instead."


def place_of(citation: Any) -> tuple[Any, ...]:
    """Return the place of a citation as it stands; nothing is looked up for what was not read."""
    return tuple(citation.__dict__.get(name) for name in PLACE)


def settle_place(citation: Any) -> None:
    """Make paragraph, range and hash of a citation one, by the text of its source. Raises ValidationError.

    What is left empty is filled in from `quotation`, the range or the paragraph, in this order; what contradicts the
    text is refused. Only what whoever writes reads of the text is told to them: nothing is held against the text of
    another team, from which it could be guessed letter by letter. What stands as it was read is left alone.
    """
    if citation.source_id is None or (place_of(citation) == citation.place_read and not citation.quotation):
        return
    _forget_what_followed(citation)
    text = _text_for_whoever_writes(citation.source)
    if citation.quotation and not text:
        raise ValidationError({"quotation": NOT_READ})
    if not text or not (citation.quotation or citation.paragraph or citation.start is not None or citation.end):
        return
    passage = _found(citation, text)
    if citation.sha256 and citation.sha256 != passage.sha256:
        raise ValidationError({"sha256": f"The words from {passage.start} to {passage.end} have another SHA-256."})
    citation.paragraph, citation.start, citation.end = passage.number, passage.start, passage.end
    citation.sha256, citation.quotation = passage.sha256, ""


def _forget_what_followed(citation: Any) -> None:
    """Let range and hash go that belong to the place where a citation stood before."""
    if citation.place_read is None:
        return
    source, paragraph, start, end, sha256 = citation.place_read
    moved = (citation.source_id, citation.paragraph) != (source, paragraph) or bool(citation.quotation)
    if (citation.start, citation.end) != (start, end):
        moved = False
        citation.sha256 = "" if citation.sha256 == sha256 else citation.sha256
    if moved:
        citation.start = citation.end = None
        citation.sha256 = ""


def _text_for_whoever_writes(source: Any) -> str:
    doing = current_act()
    if doing is not None and doing.user is not None and not source.text_is_read_by(doing.user):
        return ""
    return str(source.text)


def _found(citation: Any, text: str) -> Passage:
    field = "quotation" if citation.quotation else "end" if citation.end else "paragraph"
    try:
        if citation.quotation:
            return passage_quoting(text, citation.quotation, citation.paragraph)
        if citation.start is None and citation.end is None:
            passage = passage_of(text, citation.paragraph)
            if passage is None:
                raise ValueError(f"The text of this source has no paragraph {citation.paragraph}.")
            return passage
        passage = passage_between(text, citation.start or 0, citation.end or 0)
    except ValueError as wrong:
        raise ValidationError({field: str(wrong)}) from wrong
    if citation.paragraph not in (None, passage.number):
        raise ValidationError(
            {"paragraph": f"The passage begins in paragraph {passage.number}, and not in {citation.paragraph}."}
        )
    return passage
