"""The open list of what sort of document a source is."""

from __future__ import annotations

from records.models.term import Term


class SourceKind(Term):
    """What sort of document a source is: a court document, a wire copy, a blog repost..."""
