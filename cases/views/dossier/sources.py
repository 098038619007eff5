"""The sources of a dossier, in independent groups, with their hashes."""

from __future__ import annotations

from typing import Any

from cases.views.dossier.content import DossierFact, DossierSourceGroup, File, Source
from sources.codebook import SOURCES, taken_at
from sources.vocabulary import Derivation


def cited_sources(reader: Any, numbers: dict[int, int]) -> list[Any]:
    """Return the sources of these keys as their columns need them, by number."""
    rows = SOURCES.rows(reader).filter(pk__in=numbers).select_related("kind")
    return sorted(rows, key=lambda source: numbers[source.pk])


def in_groups(sources: list[Any], numbers: dict[int, int], *, notes: bool) -> tuple[DossierSourceGroup, ...]:
    """Return the sources in groups of one origin, each group where its first source stands."""
    number_of = {source.ref: numbers[source.pk] for source in sources}
    groups: dict[int, list[Source]] = {}
    for source in sources:
        groups.setdefault(source.independent_group, []).append(described(source, number_of, notes=notes))
    return tuple(DossierSourceGroup(tuple(group)) for group in groups.values())


def described(source: Any, number_of: dict[str, int], *, notes: bool) -> Source:
    slice_of = f"{source.file}, document {source.ordinal}" if source.file else ""
    facts = [
        DossierFact("Outlet", source.outlet),
        DossierFact("Author", source.author),
        DossierFact("Published", source.published.label if source.published else "date not known"),
        DossierFact("Language", source.language or "not recorded"),
        DossierFact("Kind", source.kind.label),
        DossierFact("Address", source.url),
        DossierFact("File", slice_of),
        DossierFact("SHA-256 of its text", source.sha256 or "not recorded"),
    ]
    return Source(
        number=number_of[source.ref],
        ref=source.ref,
        title=source.title,
        facts=tuple(fact for fact in facts if fact.text),
        descent=descent(source, number_of),
        note=source.note if notes else "",
        captures=tuple(
            File(each.ref, taken_at(each), each.get_media_type_display(), each.sha256, each.copy_sha256)
            for each in source.visible_captures
        ),
        lang=source.language,
    )


def descent(source: Any, number_of: dict[str, int]) -> str:
    """Return from which document a source descends, and how: "wire copy of source 1"."""
    derivation = Derivation(source.derivation)
    if not source.ancestor_ref:
        return str(derivation.label)
    number = number_of.get(source.ancestor_ref)
    ancestor = f"source {number}" if number else f"{source.ancestor_ref}, which is not cited here"
    return f"{derivation.label} of {ancestor}"
