"""The JSON that the database builds is, byte for byte, what is read from the records in Python."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.codebook import RESOURCES
from cases.models import Country
from cases.situation.settling import settle_all
from records.lists.built import statement
from records.lists.json_sql import as_json
from records.models import AuditEntry, Team
from records.vocabulary import AuditKind
from tests.bulk import make_bulk
from tests.factories import make_capture, make_event, make_notice, make_notice_event, make_person, make_source
from tests.reviewing import client_of
from tests.signin import may
from tests.test_built_lives import is_in_one_order
from tests.world import make_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]
BUILT = [resource for resource in RESOURCES if resource.is_built]
READERS: dict[str, Any] = {"stranger": AnonymousUser(), "partner": None, "north and south": None, "named": None}
CLIENTS = {"stranger": Client()}
#: What to ask for where the database does not build all there is.
ASKED: dict[str, str] = {}
#: What JSON escapes, line ends of every kind, and letters of other scripts.
ODD = 'a "quoted" \\ word,\ttab, \r lone, \ufdd0 \ufdd00 \ufdd01, \r\n pair, \x7f, \x1f, \u2028, ئايبەك 😀 </p>'


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Many cases of every level and of three teams, some with a row of every kind, and one reader of each kind."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_bulk(60)
        for number in range(4):
            make_case(number)
        odd = make_source(title=ODD, note=ODD, author="\r")
        make_capture(odd, copy_sha256="0" * 64)
        make_capture(odd)
        Country.objects.filter(code="TR").update(aliases=["Türkiye", 'the "Republic"'])
        notice = make_notice(make_person())
        for occurred in ("2020", "2021"):
            make_notice_event(notice, occurred=occurred)
        ASKED["notices"] = f"person={notice.person.ref}"
        make_accounts()
        make_event(title="Vigil", level="restricted").readers.add(READERS["named"])
        assert sum(settle_all())
        yield
        transaction.set_rollback(True)


def make_accounts() -> None:
    rights = {"partner": "read_partner", "north and south": "read_team", "named": "read_team"}
    for name, right in rights.items():
        READERS[name] = may(User.objects.create_user(name), right)
        CLIENTS[name] = client_of(READERS[name])
    for team in Team.objects.filter(name__in=["North", "South"]):
        team.members.add(READERS["north and south"])


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("resource", BUILT, ids=lambda resource: resource.name)
def test_a_list_is_byte_for_byte_what_is_read_in_python(resource: Any, name: str) -> None:
    rows = {getattr(row, resource.key): row for row in resource.rows(READERS[name])}
    body = CLIENTS[name].get(f"/api/v1/{resource.name}/?page_size=200").content.decode()
    found = json.loads(body)["results"]
    assert found
    told = [as_json(resource.read(rows[each[resource.key]])) for each in found]
    if resource.name == "countries":  # whose numbers PostgreSQL writes without a point where they are whole
        assert found == list(map(json.loads, told))
    else:
        assert body.partition('"results":')[2] == f"[{','.join(told)}]}}"


@pytest.mark.parametrize("resource", BUILT, ids=lambda resource: resource.name)
def test_the_database_builds_the_rows_of_a_stranger(resource: Any) -> None:
    keys = list(resource.rows_for_keys(READERS["stranger"]).values_list(resource.key, flat=True)[:200])
    built = statement(resource, READERS["stranger"]).rows(keys)
    assert built.keys() == set(keys)
    rows = resource.rows(READERS["stranger"]) if hasattr(resource.model, "life") else ()
    assert {key for key, each in built.items() if each is None} == {row.ref for row in rows if not is_in_one_order(row)}


def test_a_row_that_the_reader_may_not_see_is_left_out() -> None:
    event = make_event(level="team")
    for resource in BUILT:
        if resource.name == "events":
            assert statement(resource, READERS["stranger"]).rows([event.ref]) == {}


def test_fields_are_given_in_the_order_of_the_codebook() -> None:
    body = CLIENTS["stranger"].get("/api/v1/stages/?fields=sources,ref,occurred&page_size=1").json()
    assert list(body["results"][0]) == ["ref", "occurred", "sources"]


def test_a_record_is_the_row_of_its_list() -> None:
    first = CLIENTS["partner"].get("/api/v1/sources/?page_size=1").content.decode()
    ref = json.loads(first)["results"][0]["ref"]
    record = CLIENTS["partner"].get(f"/api/v1/sources/{ref}/").content.decode()
    assert first.endswith(f'"results":[{record}]}}')


def test_what_is_restricted_is_written_down_when_whom_it_names_reads_it() -> None:
    body = CLIENTS["named"].get("/api/v1/events/").json()
    ref = next(each["ref"] for each in body["results"] if each["title"] == "Vigil")
    entry = AuditEntry.objects.filter(kind=AuditKind.RESTRICTED_READ).latest("pk")
    assert entry.subjects == ref


def test_a_list_takes_two_statements_whatever_it_holds() -> None:
    for resource in BUILT:
        with CaptureQueriesContext(connection) as asked:
            CLIENTS["stranger"].get(f"/api/v1/{resource.name}/?{ASKED.get(resource.name, '')}")
        assert len(asked) == 2, resource.name
