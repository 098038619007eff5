"""Sources that may be the same as one that is being entered: by their address on the web, and by their text."""

from __future__ import annotations

from typing import Any

from records.models import Alike, SimilarRecord
from records.vocabulary import Likeness
from sources.models.source import SourceDocument
from sources.text_key import text_key
from sources.web_address import address_key

#: How many sources are told of.
MOST = 30


def similar_sources(source: SourceDocument, user: Any, *, address: str = "", text: str = "") -> list[SimilarRecord]:
    """Return the sources that `user` may see with this address or this text, but for `source` itself.

    Texts are private to the team of their source: nobody else is told that one is the same.
    """
    others = SourceDocument.objects.visible_to(user).exclude(pk=source.pk).defer("text", "text_key").order_by("-pk")
    found: dict[SourceDocument, list[Alike]] = {}
    if address and (key := address_key(address)):
        for other in others.filter(address_key=key, address_key__gt="")[:MOST]:
            found.setdefault(other, []).append(Alike(Likeness.ADDRESS, other.url))
    if key := text_key(text):
        for other in others.of_own_teams(user).filter(text_key=key, text_key__gt="")[:MOST]:
            found.setdefault(other, []).append(Alike(Likeness.TEXT, ""))
    return [SimilarRecord(other, tuple(alike)) for other, alike in found.items()]
