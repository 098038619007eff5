"""Twin worlds: an answer to a reader is the same, whatever happens to what the reader may not see."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

from config.surfaces import surfaces
from records.statistics import refresh
from sources.models import Capture
from tests.leaks.answers import UNKNOWN
from tests.leaks.asking import Asker, Leak, compare, search
from tests.leaks.grammar import by_surface, requests_of
from tests.leaks.request import Grammar, Request
from tests.leaks.roles import ROLES
from tests.leaks.world import World, make_world, settle
from tests.leaks.worlds import CHANGES, revalue

pytestmark = pytest.mark.django_db


def every() -> int:
    """One request of how many is sent, each five times: a sample, and all with `make leaks` (LEAKS_EVERY=1)."""
    return int(os.environ.get("LEAKS_EVERY", "19" if connection.vendor == "sqlite" else "61"))


def first() -> int:
    """Return the place of the first request that is sent: each day another, so that in so many days all are sent."""
    return int(os.environ.get("LEAKS_FROM", datetime.now(UTC).date().toordinal())) % every()


#: Where all is asked, the roles with the most to ask are asked in two parts, side by side; a sample needs one world.
PARTS = [
    (role, part, parts)
    for role in ROLES
    for parts in [2 if every() == 1 and ROLES[role].is_staff else 1]
    for part in range(parts)
]


#: How long a sample of one role's requests may take, by far.
MOST_SECONDS_OF_A_ROLE = 180


def is_chosen(address: str) -> bool:
    """Whether an address is one of those that LEAKS_ONLY names by parts of theirs."""
    words = os.environ.get("LEAKS_ONLY", "").split()
    return not words or any(word in address for word in words)


def sampled(requests: list[Request], part: int = 0, parts: int = 1) -> list[Request]:
    if "LEAKS_ONLY" in os.environ:
        return [each for each in requests if is_chosen(each.address)]
    return requests[part::parts][first() :: every()]


def is_same(change: str, request: Request) -> bool:
    """Whether an answer has to be the same after a change. Some changes write to visible rows too (a document whose
    ancestor is gone; a private column), and the audit trail is there to tell who wrote to what is visible.
    """
    writes = change in ("hidden rows deleted", "hidden parts changed")
    return not (writes and request.address.startswith("/admin/records/auditentry/"))


def told(leaks: list[Leak]) -> str:
    return "\n".join([f"{len(leaks)} answers tell of what is hidden:", *(str(leak) for leak in leaks[:20])])


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    """One world for all tests of this module, each of which rolls back what it changed there; taken back after them."""
    store = override_settings(CAPTURES_DIR=tmp_path_factory.mktemp("captures"))
    with django_db_blocker.unblock(), store, transaction.atomic():
        made = make_world()
        refresh()  # what PostgreSQL planned while tables were empty reads them whole for every row that comes
        connection.check_constraints()  # or PostgreSQL checks them again at the end of every test
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def on_one_day() -> None:
    """Wait for a day to end that is about to: answers name it, and those of two days differ in every world."""
    ends = datetime.combine(datetime.now(UTC).date() + timedelta(1), datetime.min.time(), UTC)
    left = (ends - datetime.now(UTC)).total_seconds()
    if left < MOST_SECONDS_OF_A_ROLE:
        time.sleep(left + 1)


@pytest.mark.usefixtures("on_one_day")
@pytest.mark.parametrize(("role", "part", "parts"), PARTS, ids=lambda value: str(value))
def test_no_answer_tells_of_what_is_hidden(
    world: World, role: str, part: int, parts: int, record_property: Callable[[str, Any], None]
) -> None:
    started = time.perf_counter()
    asker = Asker(world, role)
    only = "LEAKS_ONLY" in os.environ
    grammar = Grammar(world, role, lambda address: asker.ask_page(address) if is_chosen(address) else "", alone=only)
    requests = sampled(requests_of(grammar), part, parts)
    before = asker.answers(requests)
    leaks, differences, sent = search(asker, requests, before), 0, len(requests)
    for name, change in CHANGES.items():
        with transaction.atomic():
            change(world, role)
            settle()
            asked = [(request, told) for request, told in zip(requests, before, strict=True) if is_same(name, request)]
            kept = [request for request, _ in asked]
            found = compare(name, kept, [told for _, told in asked], asker.answers(kept))
            transaction.set_rollback(True)
        leaks, differences, sent = leaks + found, differences + len(found), sent + len(kept)
    figures: dict[str, Any] = {"requests": len(requests), "sent": sent, "differences": differences, "leaks": len(leaks)}
    figures |= {"seconds": round(time.perf_counter() - started, 1)}
    sample = {"role": role, "routes": len(surfaces()), "every": every(), "first": first()}
    record_property("leaks", json.dumps({"figures": figures, "sample": sample}))
    assert not leaks, told(leaks)


def test_nothing_differs_where_nothing_was_changed(world: World) -> None:
    """The control: whatever differs here is noise, and would hide or feign a leak."""
    for role in ("analyst", "clerk"):
        asker = Asker(world, role)
        requests = sampled(requests_of(Grammar(world, role, asker.ask_page)))[::12]
        leaks = compare("no change", requests, asker.answers(requests), asker.answers(requests))
        assert not leaks, told(leaks)


def test_what_may_be_seen_is_found(world: World) -> None:
    """The same search and the same comparison, where there is something to find."""
    asker = Asker(world, "analyst")
    requests = [Request("GET", f"/api/v1/{name}/?page_size=200") for name in ("people", "incidents", "citations")]
    before = asker.answers(requests)
    asker.role = "stranger"
    assert {leak.request for leak in search(asker, requests, before)} == set(requests)
    revalue(world, "stranger")
    assert len(compare("values", requests, before, asker.answers(requests))) == len(requests)


def test_the_captured_files_of_the_world_can_be_had(world: World) -> None:
    """Of files that are not there, nobody would be told anything."""
    public = next(each.row for each in world.shown_to("stranger", Capture))
    for role, status in (("stranger", 404), ("analyst", 200)):
        asker = Asker(world, role)
        asked = [Request("GET", address) for address in (public.get_absolute_url(), public.get_sealed_url())]
        assert [told.status for told in asker.answers(asked)] == [200, status]


@pytest.mark.parametrize("role", ["stranger", "analyst", "clerk"])
@pytest.mark.attack("B1")
def test_hidden_and_missing_are_answered_in_the_same_bytes(world: World, role: str) -> None:
    asker = Asker(world, role)
    grammar = Grammar(world, role, asker.ask_page)
    for surface in surfaces().values():
        model, kind = surface.of, surface.kind
        if kind not in KEYED or not hasattr(model, "prefix") and not hasattr(getattr(model, "model", None), "prefix"):
            continue
        model = getattr(model, "model", model)
        parameter = KEYED[kind]
        for method in ("GET", "POST") if kind.startswith("admin") else ("GET",):
            answers = {
                key: asker.ask(
                    Request(method, f"/{surface.pattern}".replace(parameter, key).replace("<slug:act>", "x"))
                )
                for key in (*grammar.hidden(model, 2), grammar.missing(model))
            }
            plain = {
                str(answer._replace(beside="")).replace(key, "").replace(UNKNOWN, "") for key, answer in answers.items()
            }
            assert len(plain) == 1, (method, surface.pattern, plain)


#: The kinds of surface that take a key, and the parameter that is the key.
KEYED = {
    "api record": "<slug:ref>",
    "record": "<slug:ref>",
    "history": "<slug:ref>",
    "admin row": "<path:object_id>",
    "admin change": "<path:object_id>",
    "admin delete": "<path:object_id>",
    "admin history": "<path:object_id>",
    "admin restore": "<path:object_id>",
}


def test_every_role_asks_about_every_surface_and_all_of_them_ask_five_thousand_questions(world: World) -> None:
    """Each route of the register: config.checks holds that the register knows every route."""
    number = 0
    for role in ROLES:
        asked = by_surface(Grammar(world, role, lambda address: ""))
        assert [pattern for pattern, requests in asked.items() if not requests] == []
        number += len({request for requests in asked.values() for request in requests})
    assert number >= 5000
