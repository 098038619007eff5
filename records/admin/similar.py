"""A mixin for the admin of records: what may be entered already is saved once its editor says that it is another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from records.models import SimilarRecord

#: The box in which the references come back of those that were shown and are others.
DIFFERENT_FROM = "different_from"
REFERENCES = re.compile(r"\b[A-Z]{3}-[0-9A-Z]{8}\b")
#: So much of what comes back is looked at: many times what a page shows.
LONGEST_ANSWER = 4_000


class MayBeEnteredError(ValueError):
    """What a form wrote may be entered already; `similar` are the records that are told of."""

    def __init__(self, similar: list[SimilarRecord]) -> None:
        super().__init__("This may be entered already.")
        self.similar = similar


class AsksOfSimilar(admin.ModelAdmin):
    """A form that asks whether what it would add is not one of those that are there, as far as its editor sees them."""

    def similar(self, request: Any, form: Any, formsets: Any) -> list[SimilarRecord]:
        """Return the records that may be the same as what a form and its tables have just written."""
        return []

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """Write the parts too, so that all of it can be compared; where that finds something, nothing of it stays."""
        super().save_related(request, form, formsets, change)
        others = different_from(request)
        similar = self.similar(request, form, formsets)
        if any(each.record.ref not in others for each in similar):
            raise MayBeEnteredError(similar)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except MayBeEnteredError as found:  # all is undone; read again, the form asks
            request.similar = found.similar  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.has_to_ask = bool(similar_to(request))
        return form

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        similar = similar_to(request)
        context["similar"] = [(each, self.address_of_similar(each)) for each in similar]
        context["shown"] = in_one_answer([*different_from(request), *(each.record.ref for each in similar)])
        context["answered"] = not similar and bool(context["shown"])
        return super().render_change_form(request, context, *args, **kwargs)

    def address_of_similar(self, similar: SimilarRecord) -> str:
        raise NotImplementedError


def similar_to(request: Any) -> list[SimilarRecord]:
    return getattr(request, "similar", [])


def different_from(request: Any) -> list[str]:
    """Return the references of those that the editor was shown, and says are others."""
    answer = request.POST.get(DIFFERENT_FROM, "")[:LONGEST_ANSWER] if request.method == "POST" else ""
    return REFERENCES.findall(answer)


def in_one_answer(refs: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(refs))
