"""The public columns of source documents, and which of them a reader sees."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.db.models import Case, OuterRef, Prefetch, QuerySet, Subquery, TextField, Value, When
from django.urls import reverse

from records.fields.sort_keys import by_date, by_title
from records.lists.codebook import ONE_PERSON, Column, Resource
from records.lists.json_sql import Joined, UtcSecond
from records.lists.paging import Ordering
from sources.filters import SourceFilter
from sources.models import Capture, SourceDocument, SourceKind, first_of_group
from sources.vocabulary import Derivation, Reliability


def taken_at(capture: Capture) -> str:
    return f"{capture.taken_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def copy_url(capture: Capture) -> str:
    return capture.get_absolute_url() if capture.copy_sha256 else ""


def address_of_copy() -> Case:
    """Return the same address as an expression: that of any capture, with the references of this one."""
    before, between, after = reverse("capture", args=("REF", "REF")).split("REF")
    address = Joined(Value(before), "source__ref", Value(between), "ref", Value(after))
    return Case(When(copy_sha256="", then=Value("")), default=address, output_field=TextField())


def ancestors(user: Any) -> QuerySet:
    return SourceDocument.objects.visible_to(user).filter(pk=OuterRef("derived_from")).order_by()


SOURCE_COLUMNS = (
    Column("ref", "The source's public reference.", "reference", filled=True),
    Column("title", "The headline or title, as printed.", filled=True),
    Column("outlet", "Who published it, as printed."),
    Column("author", "Who wrote it, as printed."),
    Column("url", "Where it was found on the web."),
    Column("kind", "What sort of document it is.", "code", "kind_id", vocabulary=SourceKind, filled=True),
    Column("language", "Its language tag (BCP 47)."),
    Column("published", "When this copy was published.", "date"),
    Column("file", "The file that the text came in."),
    Column("ordinal", "Which document of that file, counted from 1.", "integer", filled=True),
    Column("post", "Which dated post it stood under, where the file is a page of posts.", "integer"),
    Column("start", "First character of its slice of the file, in code points from 0.", "integer"),
    Column("end", "The character after the last one of the slice.", "integer"),
    Column("sha256", "SHA-256 of the slice in UTF-8, in hexadecimal."),
    Column("reliability", "How far the source is trusted, A to F (Admiralty code).", "code", vocabulary=Reliability),
    Column("reliability_reason", "Why it is trusted so far."),
    Column(
        "derived_from",
        "The source that this one descends from.",
        "reference",
        "ancestor_ref",
        of=("derived_from.ref",),
        built=lambda user: Subquery(ancestors(user).values("ref")),
    ),
    Column("derivation", "How it descends.", "code", vocabulary=Derivation, filled=True),
    Column(
        "group",
        "The independent group: equal for sources that descend from one origin.",
        "reference",
        filled=True,
        of=("origin.ref",),
        built=first_of_group,
    ),
    Column("note", "What a reader must know about this copy."),
    Column(
        "captures",
        "The files in which it was captured: each sealed with its hash, and the copy that is handed out.",
        "object",
        "visible_captures",
        many=True,
        rows=lambda user: Capture.objects.visible_to(user).filter(source=OuterRef("pk")).order_by("pk"),
        parts=(
            Column("ref", "The capture's public reference.", "reference", filled=True),
            Column("sha256", "SHA-256 of the sealed file, which stays with the team, in hexadecimal.", filled=True),
            Column("media_type", "What sort of file was sealed, told from its contents.", filled=True),
            Column(
                "copy_url",
                "The address on this site at which the copy is fetched, with the same token; null where there is none.",
                source=copy_url,
                of=("ref", "copy_sha256"),
                built=lambda user: address_of_copy(),
            ),
            Column("copy_sha256", "SHA-256 of the copy without metadata, which is the file that is handed out."),
            Column("copy_media_type", "What sort of file the copy is; of a web page, it is its text."),
            Column(
                "taken_at",
                "When it was captured, in UTC (ISO 8601), and not when a photograph in it was taken.",
                source=taken_at,
                filled=True,
                of=("taken_at",),
                built=lambda user: UtcSecond("taken_at"),
            ),
        ),
    ),
    ONE_PERSON,
)


def source_rows(user: Any) -> QuerySet:
    """Return the sources that `user` may see, with their group and the reference of a visible ancestor."""
    rows = SourceDocument.objects.visible_to(user).with_group(user).defer("text", "folded")
    captures = Prefetch("captures", Capture.objects.visible_to(user), to_attr="visible_captures")
    return rows.annotate(ancestor_ref=Subquery(ancestors(user).values("ref"))).prefetch_related(captures)


SOURCES = Resource(
    name="sources",
    singular="source",
    model=SourceDocument,
    meaning="The documents that every fact rests on.",
    columns=SOURCE_COLUMNS,
    filterset=SourceFilter,
    rows=source_rows,
    orderings=(
        Ordering("published", by_date("published"), descending=True),
        Ordering("title", by_title("title")),
        Ordering("outlet", by_title("outlet")),
    ),
)
