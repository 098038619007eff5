"""Attacks on what is read: questions that are too big or are no text, and formulas in exports."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from cases.codebook import RESOURCES
from records.lists.codebook import Resource
from records.lists.csv_export import guarded
from sources.models import SourceDocument
from tests.factories import make_person, make_source

every_resource = pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def refused(client: Client, resource: Resource, query: str) -> list[str]:
    """Ask list, count, export and page; return the surfaces that did not refuse before they asked the database."""
    failed = []
    for path in (f"/api/v1/{resource.name}/", f"/api/v1/{resource.name}/count/", f"/{resource.name}/export.csv"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(f"{path}?{query}")
        about_rows = [each["sql"] for each in queries if resource.model._meta.db_table in each["sql"]]
        if response.status_code == 404 and path.endswith("export.csv"):
            continue  # stages and citations have no page
        if response.status_code not in (400, 414) or about_rows or len(body_of(response)) > 400_000:
            failed.append(f"{path}: {response.status_code}, {len(about_rows)} queries")
    return failed


@pytest.mark.attack("B5")
@every_resource
@pytest.mark.parametrize("query", ["page_size=0", "page_size=-1", f"page_size={10**25}", "page_size=201", "page=1"])
@pytest.mark.django_db
def test_a_page_of_no_size_or_any_size_is_refused(client: Client, resource: Resource, query: str) -> None:
    response = client.get(f"/api/v1/{resource.name}/?{query}")
    assert response.status_code == 400
    assert list(response.json()) == [query.partition("=")[0]]


@pytest.mark.attack("B5")
@pytest.mark.django_db
def test_a_page_holds_two_hundred_records_at_most(client: Client) -> None:
    kind = make_source().kind
    SourceDocument.objects.bulk_create(
        SourceDocument(title=f"{n}", kind=kind, level="public", review="published") for n in range(210)
    )
    assert len(client.get("/api/v1/sources/?page_size=200").json()["results"]) == 200


NO_TEXT = ["%00", "x%00y", "%ff%fe", "%ed%a0%80", "%c3", "%f5%80%80%80", "a%ef%bf%bdb"]


@pytest.mark.attack("B6")
@pytest.mark.attack("C5")
@every_resource
@pytest.mark.parametrize("raw", NO_TEXT)
@pytest.mark.django_db
def test_bytes_that_are_no_text_are_refused(client: Client, resource: Resource, raw: str) -> None:
    for name in {"q", *list(resource.filterset.base_filters)[:3]} & {*resource.filterset.base_filters}:
        assert refused(client, resource, f"{name}={raw}") == [], name
    for name in ("ordering", "cursor", "fields"):
        assert client.get(f"/api/v1/{resource.name}/?{name}={raw}").status_code == 400, name
    assert client.get(f"/api/v1/{resource.name}/{raw}/").status_code == 404


@pytest.mark.attack("B6")
@pytest.mark.parametrize("raw", NO_TEXT)
@pytest.mark.django_db
def test_a_search_for_what_is_no_text_finds_nothing_and_says_why(client: Client, raw: str) -> None:
    make_person("x")
    for path in ("/search/", "/people/", "/sources/"):
        response = client.get(f"{path}?q={raw}")
        assert response.status_code in (200, 400)
        assert b"PER-" not in response.content
        assert b"not text in UTF-8" in response.content


OVERSIZE = {
    "10,000 words": "q=" + "+".join(["tursun"] * 10_000),
    "nine short words": "q=a+b+c+d+e+f+g+h+i",
    "a sign that folds to many words": "q=" + "%EF%B7%BA" * 50,
    "1 MB of one word": "q=" + "x" * 2**20,
    "1,500 parameters": "&".join(f"kind=x{number}" for number in range(1500)),
    "900 unknown parameters": "&".join(f"x{number}=1" for number in range(900)),
    "a parameter with a name of 1 MB": "y" * 2**20 + "=1",
    "a cursor of 1 MB": "cursor=" + "A" * 2**20,
    "an order of 1 MB": "ordering=" + "title," * 150_000,
}


@pytest.mark.attack("B7")
@every_resource
@pytest.mark.parametrize("query", OVERSIZE.values(), ids=OVERSIZE)
@pytest.mark.django_db
def test_an_oversize_question_is_refused_before_the_database_is_asked(
    client: Client, resource: Resource, query: str
) -> None:
    assert refused(client, resource, query) == []


@pytest.mark.attack("C4")
@pytest.mark.parametrize("value", ["9" * 5000, "NaN", "Infinity", "1e400", "-" + "9" * 5000, "[" * 100_000])
@pytest.mark.django_db
def test_numbers_that_are_none_are_refused_in_a_question(client: Client, value: str) -> None:
    for query in ({"page_size": value}, {"since": value}, {"cursor": value}, {"open_on": value}):
        response = client.get("/api/v1/incidents/", query)
        assert (response.status_code, list(response.json())) == (400, list(query))


#: With what a spreadsheet lets a formula begin.
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def unguarded(cell: str) -> str:
    """Take the guard off again, as docs/security.md tells readers of an export."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(STARTS) else cell


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "'=1",
    "''=1",
    "-33.5",
]


@pytest.mark.attack("F1")
@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.django_db
def test_an_export_runs_no_formula_and_loses_nothing(client: Client, text: str) -> None:
    make_source(title=text, author="'Abd al-Karim", outlet=f"a {text}")
    [row] = csv.DictReader(io.StringIO(body_of(client.get("/sources/export.csv")).decode(), newline=""))
    assert not row["title"].startswith(STARTS)
    text = text.replace("\r", "\n")  # the one sign that no cell holds by itself
    assert unguarded(row["title"]) == text
    assert (row["author"], row["outlet"]) == ("'Abd al-Karim", f"a {text}")


@pytest.mark.attack("F1")
@given(st.text(st.sampled_from("'=+-@\t\r\n＝＋ ab1"), max_size=6) | st.text(max_size=6))
def test_every_guarded_text_comes_back_as_it_was(text: str) -> None:
    assert not guarded(text).startswith(STARTS)
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["one\rtwo", "\r", "one\r", "\r\r\n", "one\r\ntwo\rthree\n\rfour", "=1\r=2"])
@pytest.mark.django_db
def test_no_cell_holds_a_lone_carriage_return_and_every_surface_says_the_same(client: Client, text: str) -> None:
    """Many readers take it for the end of a row; the lines of a text come back as lines."""
    source = make_source(title=f"title {text}.", note=f"note {text}.")
    lines = re.sub("\r(?!\n)", "\n", text)
    table = body_of(client.get("/sources/export.csv")).decode()
    assert not re.search("\r(?!\n)", table)
    [row] = csv.DictReader(io.StringIO(table, newline=""))
    data = client.get(f"/api/v1/sources/{source.ref}/").json()
    assert row["title"] == data["title"] == f"title {lines}."
    assert row["note"] == data["note"] == f"note {lines}."
    source.refresh_from_db()
    assert source.title == f"title {text}.", "what is stored is not altered"


@pytest.mark.attack("F1")
@pytest.mark.parametrize("number", [-33.5, -1, 0, 7])
def test_a_number_stays_a_number(number: float) -> None:
    assert guarded(number) == number


@pytest.mark.attack("F2")
@pytest.mark.parametrize("name", ["text", "folded", "readers", "review", "level", "id", "origin__text", "password"])
@every_resource
@pytest.mark.django_db
def test_a_column_that_is_not_public_cannot_be_named(client: Client, resource: Resource, name: str) -> None:
    if name in [column.name for column in resource.columns]:
        pytest.skip("this resource publishes it")
    for path in (f"/api/v1/{resource.name}/?fields={name}", f"/{resource.name}/export.csv?fields={name}"):
        assert client.get(path).status_code in (400, 404), path
    key = resource.columns[0].name
    assert client.get(f"/api/v1/{resource.name}/?fields={key},{name}").status_code == 400
