"""What a reader may not see does not exist: on no route, in no count, order, header, cursor or error."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from cases.codebook import RESOURCES
from sources.models import Record
from tests.factories import make_citation, make_incident, make_person, make_source
from tests.hidden import TELLTALES, forget, make_world
from tests.routes import ENTRIES, routes

pytestmark = pytest.mark.django_db


def anonymous() -> Client:
    return Client()


def signed_in() -> Client:
    """Somebody with an account and no permission at all."""
    client = Client()
    client.force_login(User.objects.create_user("reader"))
    return client


def data_entry() -> Client:
    """Staff who may add, change and delete records of every kind, but may not read what is the team's."""
    user = User.objects.create_user("clerk", is_staff=True)
    user.user_permissions.set(Permission.objects.exclude(codename__in=["read_team", "read_partner"]))
    client = Client()
    client.force_login(user)
    return client


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def all_that_is_told(response: Any) -> str:
    """Everything that an answer says, in lower case: status line, headers, body, and what its cursors hold."""
    text = body_of(response).decode("utf-8")
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    cursors = [opened(cursor) for cursor in re.findall(r"cursor=([\w-]+)", text + headers)]
    return "\n".join([str(response.status_code), headers, text, *cursors]).lower()


def opened(cursor: str) -> str:
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("utf-8", "replace")


def answers(client: Client, world: Any, under: str, most: int | None) -> Iterator[tuple[str, Any]]:
    """Ask for the addresses of every route, at `most` so many of each, and follow the pages of lists to their end."""
    for route, addresses in ENTRIES.items():
        for address in addresses(world)[:most] if route.startswith(under) else []:
            response = client.get(address)
            yield address, response
            while response.headers["Content-Type"] == "application/json" and response.status_code == 200:
                following = response.json().get("next") if "page_size" in address else None
                if not following:
                    break
                response = client.get(following)
                yield following, response


def without_what_was_asked(text: str, address: str) -> str:
    """Leave out the question where an answer repeats it: that tells nothing new."""
    path, _, query = address.partition("?")
    asked = [value for _, value in parse_qsl(query)] + [part for part in path.split("/") if part.count("-") == 1]
    for value in asked:
        for spelling in {value.lower(), quote(value).lower(), quote_plus(value).lower()}:
            text = text.replace(spelling, "")
    return text


def test_every_route_has_an_entry() -> None:
    assert {route for route in routes() if route not in ENTRIES} == set(), "say in tests/routes.py how to try these"
    assert ENTRIES.keys() - set(routes()) == set(), "these routes are gone"


@pytest.mark.parametrize(
    ("reader", "under", "most"),
    [(anonymous, "", None), (signed_in, "", 4), (data_entry, "admin/", None)],
    ids=["stranger", "signed in", "clerk"],
)
def test_no_route_tells_anything_of_a_hidden_row(reader: Any, under: str, most: int | None) -> None:
    world = make_world()
    client = reader()
    tried = 0
    for address, response in answers(client, world, under, most):
        assert response.status_code < 500, address
        told = without_what_was_asked(all_that_is_told(response), address)
        found = [tell for tell in (*TELLTALES, *(ref.lower() for ref in world.refs)) if tell in told]
        assert not found, f"{address} tells {found}: …{told[max(told.find(found[0]) - 200, 0) :][:400]}…"
        tried += 1
    assert tried > 100


def masked(response: Any) -> tuple[int, dict[str, str], str]:
    """What an answer says, less what differs from one request to the next: the token of its forms, and the time."""
    body = re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", body_of(response).decode("utf-8"))
    varying = {"Set-Cookie", "Expires", *(["ETag"] if "csrfmiddlewaretoken" in body else [])}
    return response.status_code, {k: v for k, v in response.headers.items() if k not in varying}, body


@pytest.mark.parametrize(("reader", "under"), [(anonymous, ""), (data_entry, "admin/")], ids=["stranger", "clerk"])
def test_every_answer_is_the_same_where_the_hidden_rows_never_were(reader: Any, under: str) -> None:
    world = make_world()
    client = reader()
    addresses = [address for route, entry in ENTRIES.items() if route.startswith(under) for address in entry(world)]
    with_them = [masked(client.get(address)) for address in addresses]
    forget(world)
    for address, before in zip(addresses, with_them, strict=True):
        assert masked(client.get(address)) == before, address


def test_the_search_for_traces_finds_what_is_there() -> None:
    """The same search, by a reader of the team, finds the word on the list of every kind of record."""
    world = make_world()
    user = User.objects.create_user("member")
    user.user_permissions.set(Permission.objects.filter(codename__in=["read_team", "read_partner"]))
    client = Client()
    client.force_login(user)
    for resource in RESOURCES:
        if not issubclass(resource.model, Record):
            continue
        told = all_that_is_told(client.get(f"/api/v1/{resource.name}/?page_size=200"))
        own = [row.ref for row in world.hidden if isinstance(row, resource.model) and row.level != "restricted"]
        assert TELLTALES[0] in told, resource.name
        assert own and any(ref.lower() in told for ref in own), resource.name


def test_hidden_and_missing_are_answered_in_the_same_bytes(client: Client) -> None:
    world = make_world()
    for resource in RESOURCES:
        if not issubclass(resource.model, Record):
            continue
        for path in (f"/api/v1/{resource.name}/", f"/{resource.name}/"):
            prefix = resource.model.prefix()
            missing = masked(client.get(f"{path}{prefix}-00000000/"))
            assert missing[0] == 404
            for row in world.hidden:
                if isinstance(row, resource.model):
                    found = masked(client.get(f"{path}{row.ref}/"))
                    assert found[:2] == missing[:2]
                    assert found[2].replace(row.ref, "") == missing[2].replace(f"{prefix}-00000000", "")


def test_a_named_reader_opens_a_restricted_record_and_nobody_else_does(client: Client) -> None:
    person = make_person("Aybek Tursun", level="restricted")
    trusted, member = User.objects.create_user("trusted"), User.objects.create_user("member")
    member.user_permissions.set(Permission.objects.filter(codename="read_team"))
    person.readers.add(trusted)
    address = f"/api/v1/people/{person.ref}/"
    assert client.get(address).status_code == 404
    client.force_login(member)
    assert client.get(address).status_code == 404
    client.force_login(trusted)
    assert client.get(address).json()["label"] == "Aybek Tursun"
    assert client.get("/api/v1/people/count/").json() == {"count": 1}


def test_a_partner_reads_what_is_for_partners_and_not_what_is_the_teams(client: Client) -> None:
    for level in ("public", "partner", "team", "restricted"):
        make_person(level, level=level)
    user = User.objects.create_user("partner")
    user.user_permissions.set(Permission.objects.filter(codename="read_partner"))
    assert [each["label"] for each in client.get("/api/v1/people/").json()["results"]] == ["public"]
    client.force_login(user)
    assert [each["label"] for each in client.get("/api/v1/people/").json()["results"]] == ["partner", "public"]


def test_a_citation_of_a_hidden_source_is_not_counted_as_a_source(client: Client) -> None:
    incident = make_incident()
    make_citation(make_source(), "start", incident=incident)
    make_citation(make_source(level="team"), "start", incident=incident)
    make_citation(make_source(), "start", incident=incident, level="team")
    record = client.get(f"/api/v1/incidents/{incident.ref}/").json()
    assert (len(record["sources"]), record["independent_sources"]) == (1, 1)
