"""Sends requests as one role, in one world after the other, and says which answers gave something away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from tests.leaks.answers import Answer, answer_to, given_away, log_read
from tests.leaks.request import Request
from tests.leaks.world import World
from tests.signin import grow_old, sign_in

SAFE = {"GET", "HEAD", "OPTIONS"}
#: A list is followed so many pages on.
FOLLOWED = 2


class Plain(Client):
    """A client that hands requests to the site and keeps nothing of how pages were made, which is much faster."""

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))  # type: ignore[attr-defined]  # the stubs leave it out


class Asker:
    """One role with its client. Whatever a request writes is rolled back before the next."""

    def __init__(self, world: World, role: str) -> None:
        self.world, self.role = world, role
        self.known = {each.ref for each in world.rows}
        self.client = Plain(raise_request_exception=False)
        if role in world.users:
            sign_in(self.client, world.users[role])
        self.session = self.client.cookies.get("sessionid")

    def ask(self, request: Request) -> Answer:
        """Send one request, and follow the pages of a list where it says so."""
        told = self._send(request)
        for _ in range(FOLLOWED if request.follow else 0):
            following = next_of(told)
            if not following:
                break
            more = self._send(request._replace(address=following))
            told = more._replace(body=told.body + "\n" + more.body, beside=told.beside + more.beside)
        return told

    def _send(self, request: Request) -> Answer:
        wrote = request.method not in SAFE
        mail.outbox = []
        with log_read() as logged, transaction.atomic():
            response = self.client.generic(
                request.method, request.address, request.payload, request.content_type or "text/plain"
            )
            told = answer_to(response, logged, self.known, wrote=wrote)
            transaction.set_rollback(True)
        if "sessionid" not in self.client.cookies and self.session is not None:
            self.client.cookies["sessionid"] = self.session.value
        self.client.cookies.pop("messages", None)
        return told

    def ask_page(self, address: str) -> str:
        """Return the page at an address, nothing where there is none."""
        told = self.ask(Request("GET", address))
        return told.body if told.status == 200 else ""

    def answers(self, requests: Iterable[Request]) -> list[Answer]:
        cache.clear()  # what limits the number of sign-ins must not tell one world from the next
        if self.session is not None:
            grow_old(self.client, 0)  # nor must the time that asking takes, after which some pages ask who it is
        return [self.ask(request) for request in requests]


def next_of(told: Answer) -> str:
    """Return the address of the next page that an answer of the API names."""
    _, _, rest = told.body.rpartition('{"next":"')
    return rest.partition('"')[0].replace("http://testserver", "") if rest and rest.startswith("http") else ""


@dataclass
class Leak:
    """An answer that tells of what its reader may not see, and how that came out."""

    request: Request
    found_by: str
    what: str

    def __str__(self) -> str:
        return f"{self.found_by}: {self.request.method} {self.request.address} {self.request.payload[:80]}: {self.what}"


def search(asker: Asker, requests: list[Request], told: list[Answer]) -> list[Leak]:
    """Return the answers that bear the mark or the reference of a row that the role may not see, or that broke."""
    hidden = asker.world.hidden_from(asker.role)
    marks, refs = {each.mark for each in hidden}, {each.ref for each in hidden if each.ref}
    leaks = []
    for request, answer in zip(requests, told, strict=True):
        if answer.status >= 500:
            leaks.append(Leak(request, "status", str(answer.status)))
        if found := given_away(answer, request.asked, marks, refs):
            leaks.append(Leak(request, "planted words", ", ".join(found[:5])))
    return leaks


def compare(name: str, requests: list[Request], before: list[Answer], after: list[Answer]) -> list[Leak]:
    """Return the requests whose answers differ between two worlds that are the same to the role."""
    return [
        Leak(request, name, difference(one, other))
        for request, one, other in zip(requests, before, after, strict=True)
        if one != other
    ]


def difference(one: Answer, other: Answer) -> str:
    """Show where two answers part."""
    if one.status != other.status:
        return f"{one.status} became {other.status}"
    if one.body == other.body and one.headers != other.headers:
        return f"headers {sorted(set(one.headers) ^ set(other.headers))}"
    texts = (one.body, other.body) if one.body != other.body else (one.beside, other.beside)
    at = next((i for i, (a, b) in enumerate(zip(*texts, strict=False)) if a != b), min(map(len, texts)))
    return " became ".join(repr(text[max(at - 30, 0) : at + 500]) for text in texts)
