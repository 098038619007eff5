"""Validators: what a stranger has already is not sent again, and no validator tells of what its reader does not see."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_detail, make_person, make_source, make_stage
from tests.reviewing import client_of, member
from tests.world import make_case

pytestmark = pytest.mark.django_db
LISTS = ("/", "/people/", "/people/?q=tursun", "/incidents/", "/board/", "/silence/", "/codebook/", "/api/v1/people/")


@pytest.fixture
def case() -> SimpleNamespace:
    return make_case(4)


def pages_of(case: SimpleNamespace) -> list[str]:
    parts = (("people", case.person), ("incidents", case.incident), ("sources", case.source))
    return [*LISTS, *(f"/{name}/{record.ref}/" for name, record in parts), f"/people/{case.person.ref}/dossier/"]


def validator(client: Client, address: str, **headers: str) -> str:
    return client.get(address, headers=headers).headers.get("ETag", "")


def test_what_a_stranger_has_already_is_not_sent_again(client: Client, case: SimpleNamespace) -> None:
    for address in pages_of(case):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b""), address
        for name in ("ETag", "Vary", "Cache-Control"):
            assert again.headers[name] == first.headers[name], (address, name)
        assert {"Accept-Encoding", "Authorization", "Cookie"} <= {*first.headers["Vary"].split(", ")}, address
        assert client.head(address).headers["ETag"] == first.headers["ETag"]
        other = client.get(address, headers={"If-None-Match": 'W/"0"'})
        assert (other.status_code, other.content) == (200, first.content)


def test_what_was_withdrawn_or_changed_is_never_called_unchanged(client: Client, case: SimpleNamespace) -> None:
    address = f"/people/{case.person.ref}/"
    had = {"If-None-Match": validator(client, address)}
    make_stage(case.involvement, "escape", "2020")
    assert client.get(address, headers=had).status_code == 200
    had = {"If-None-Match": validator(client, address)}
    case.person.level = "team"
    case.person.save()
    assert client.get(address, headers=had).status_code == 404


def test_a_validator_tells_nothing_of_what_is_hidden(client: Client, case: SimpleNamespace) -> None:
    before = {address: validator(client, address) for address in pages_of(case)}
    make_person("Hidden", level="team")
    make_detail(case.person, level="team")
    make_source(title="Hidden", level="restricted")
    make_stage(case.involvement, "hearing", "2021", level="partner")
    type(case.person)._default_manager.filter(pk=case.person.pk).update(version=9)
    assert {address: validator(client, address) for address in before} == before


def test_a_page_for_one_person_has_none_and_is_kept_nowhere(case: SimpleNamespace) -> None:
    reader = client_of(member())
    for address in pages_of(case):
        if not address.startswith("/api/"):
            headers = reader.get(address).headers
            assert ("ETag" not in headers, headers["Cache-Control"]) == (True, "no-store"), address


def test_a_page_with_a_token_against_forgery_has_none(client: Client) -> None:
    headers = client.get("/account/login/").headers
    assert ("ETag" not in headers, headers["Cache-Control"]) == (True, "no-store")


def test_a_copy_of_one_reader_is_not_true_for_another(client: Client, case: SimpleNamespace) -> None:
    make_person("Hidden", level="team")
    had: dict[str, Any] = {"If-None-Match": validator(client, "/api/v1/people/")}
    assert client_of(member()).get("/api/v1/people/", headers=had).status_code == 200


def test_a_record_that_was_sent_compressed_can_be_asked_for_again_and_changed(case: SimpleNamespace) -> None:
    team, person = client_of(member()), make_person(level="team", review="draft")
    address = f"/api/v1/people/{person.ref}/"
    plain, compressed = validator(team, address), validator(team, address, **{"Accept-Encoding": "gzip"})
    assert compressed == f"W/{plain}"
    again = team.get(address, headers={"Accept-Encoding": "gzip", "If-None-Match": compressed})
    assert (again.status_code, again.headers["ETag"]) == (304, compressed)
    body: Any = {"occupation": "baker"}
    said = team.patch(address, body, content_type="application/json", headers={"If-Match": compressed})
    assert said.status_code == 200
    late = team.patch(address, body, content_type="application/json", headers={"If-Match": compressed})
    assert late.status_code == 412
