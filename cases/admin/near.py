"""The records that a passage may be about: those that it names, those that its source is cited for, and recent work."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import F

from cases.models import CITABLE, Citation, Incident, Notice, Person, PersonName
from records.fields.names import fold
from records.models import AuditEntry, Change, Record
from records.vocabulary import AuditKind
from sources.models import SourceDocument
from sources.passages import Passage

#: The kinds that are offered; whatever else can be cited is named by its reference.
ROOTS: tuple[type[Record], ...] = (Person, Incident, Notice)
#: How many are offered, and of how many citations and acts they are taken.
OFFERED, LOOKED_AT, ACTS = 12, 200, 20
#: Of a passage so many words are compared with names, and a name has at most so many words.
WORDS, LONGEST_NAME = 400, 5
NAMED, CITED, EDITED = "named in the passage", "cited from this source", "you worked on it"
#: A record by its model and its key.
Key = tuple[type[Record], int]


@dataclass(frozen=True)
class NearRecord:
    """A record that is offered, what it is called, and why it is offered."""

    ref: str
    words: str
    why: str


def near_records(request: Any, source: SourceDocument, passage: Passage) -> list[NearRecord]:
    """Return the records that a passage may be about, as far as its reader sees them; those that it names first."""
    found: dict[Key, str] = {}
    for keys, why in (
        (named_in(passage.text, request.user), NAMED),
        (cited_near(source, passage.number, request.user), CITED),
        (worked_on(request.user), EDITED),
    ):
        for key in keys:
            found.setdefault(key, why)
    called = _called(request, found)
    near = [NearRecord(*called[key], why) for key, why in found.items() if key in called]
    return near[:OFFERED]


def named_in(text: str, user: Any) -> list[Key]:
    """Return the people one of whose names stands in a text, in whatever script: letter for letter once folded."""
    words = fold(text[: WORDS * 20]).split()[:WORDS]
    runs = {" ".join(words[at : at + length]) for at in range(len(words)) for length in range(1, LONGEST_NAME + 1)}
    runs = {run for run in runs if len(run) > 2}
    names = PersonName.objects.visible_to(user).filter(folded__in=runs)
    return [(Person, key) for key in dict.fromkeys(names.order_by("pk").values_list("person", flat=True)[:LOOKED_AT])]


def cited_near(source: SourceDocument, number: int, user: Any) -> list[Key]:
    """Return the records that a source is cited for, those that are cited nearest to a paragraph first."""
    paths: list[tuple[type[Record], str]] = []
    for name, model in CITABLE.items():
        whole = model if model in ROOTS else model._meta.get_field(model.owner).related_model if model.owner else None
        if whole in ROOTS:
            paths.append((whole, f"{name}_id" if whole is model else f"{name}__{model.owner}_id"))
    rows = Citation.objects.visible_to(user).filter(source=source).order_by("-pk")
    places = rows.values_list("paragraph", *(F(path) for _, path in paths))[:LOOKED_AT]
    nearest = sorted(places, key=lambda row: abs((row[0] or 0) - number))
    found = ((model, key) for row in nearest for (model, _), key in zip(paths, row[1:], strict=True) if key)
    return [*dict.fromkeys(found)]


def worked_on(user: Any) -> list[Key]:
    """Return the records that somebody wrote last, or parts of them."""
    entries = AuditEntry.objects.filter(actor=user.get_username(), kind=AuditKind.WRITE).order_by("-number")
    acts = [*entries.values_list("act", flat=True)[:ACTS]]
    rows = Change.objects.filter(act__in=acts).order_by("-pk").values_list("table", "row", "part_of")[:LOOKED_AT]
    tables = {model._meta.db_table: model for model in ROOTS}
    keys: dict[Key, None] = {}
    for table, row, part_of in rows:
        above, _, key = part_of.partition(":")
        for name, own in ((table, row), (above, key)):
            if name in tables and own.isdecimal():
                keys[tables[name], int(own)] = None
    return [*keys]


def _called(request: Any, keys: Any) -> dict[Key, tuple[str, str]]:
    """Return reference and words of the records that the reader sees, by key: one query for each kind."""
    of_model: dict[type[Record], list[int]] = defaultdict(list)
    for model, key in keys:
        of_model[model].append(key)
    found: dict[Key, tuple[str, str]] = {}
    for model in ROOTS:
        page: Any = admin.site.get_model_admin(model)
        for row in page.get_queryset(request).filter(pk__in=of_model[model][:LOOKED_AT]):
            found[model, row.pk] = row.ref, page.describe(row)
    return found
