"""Those who ask over HTTP in `make load`: each on a connection of its own, one question after the other."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Thread
from typing import Any
from urllib.parse import urlencode

from lxml import html

TIMEOUT = 60
FIRST_DAYS = ("2015-01-01", "2018-06-01", "2021-03-15")


@dataclass
class Asked:
    """What one question took: its kind, its milliseconds, and the status; 0 where no answer came."""

    kind: str
    ms: float
    status: int
    address: str


@dataclass(eq=False)
class Caller(Thread):
    """Somebody who asks until the time is over: an analyst reads pages, a program lists, an editor saves."""

    role: str
    port: int
    until: float
    cookie: str
    refs: dict[str, list[str]]
    seed: int
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.chance = random.Random(self.seed)  # noqa: S311  # the same questions in every run
        self.line = HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)

    def run(self) -> None:
        turns = {"analyst": self.pages, "program": self.lists, "editor": self.saves}[self.role]
        for _ in turns():
            if time.monotonic() > self.until:
                return

    def ask(self, kind: str, address: str, body: str | None = None) -> bytes:
        """Ask once, and keep what it took. An answer that says no, or none at all, is counted as such."""
        headers = {"Accept-Encoding": "gzip", "Cookie": self.cookie, "Sec-Fetch-Site": "same-origin"}
        headers |= {"Accept-Encoding": "identity"} if kind == "form" else {}
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"http://127.0.0.1:{self.port}/",
            }
        began = time.perf_counter()
        try:
            self.line.request("GET" if body is None else "POST", address, body, headers)
            answer = self.line.getresponse()
            told, status = answer.read(), answer.status
            self.keep(answer.headers.get_all("Set-Cookie") or [])
        except (OSError, HTTPException):
            self.line.close()
            told, status = b"", 0
        self.asked.append(Asked(kind, (time.perf_counter() - began) * 1000, status, address))
        return told

    def keep(self, cookies: list[str]) -> None:
        """Send from now on what the server asked to be sent back: the token against forged forms."""
        for each in cookies:
            name, _, value = each.partition(";")[0].partition("=")
            others = [other for other in self.cookie.split("; ") if other and not other.startswith(f"{name}=")]
            self.cookie = "; ".join([*others, f"{name}={value}"])

    def one_of(self, name: str) -> str:
        return self.chance.choice(self.refs[name])

    def pages(self) -> Iterator[None]:
        """An analyst: lists with filters, pages of people and cases, the first page, what is open and silent."""
        while True:
            phase, country = (
                self.chance.choice(("detention", "review", "release")),
                self.chance.choice(("TR", "TH", "KZ")),
            )
            for kind, address in (
                ("page", "/"),
                ("list", f"/incidents/?phase={phase}"),
                ("page", f"/incidents/{self.one_of('incidents')}/"),
                ("list", f"/people/?host={country}"),
                ("page", f"/people/{self.one_of('people')}/"),
                ("list", "/incidents/?ordering=-title"),
                ("page", "/board/"),
                ("page", f"/people/{self.one_of('people')}/"),
                ("page", "/silence/"),
                ("list", "/search/?q=" + self.chance.choice(("held", "Ali", "Chen", "report"))),
            ):
                self.ask(kind, address)
                yield

    def lists(self) -> Iterator[None]:
        """A partner's program: pages of lists as of some days, and what changed."""
        while True:
            day = self.chance.choice(FIRST_DAYS)
            for address in (
                "/api/v1/incidents/",
                f"/api/v1/incidents/?open_on={day}",
                "/api/v1/people/?ordering=-label",
                f"/api/v1/stages/?since={day}",
                "/api/v1/incidents/?phase=detention&page_size=200",
                "/api/v1/sources/",
                f"/api/v1/incidents/{self.one_of('incidents')}/",
                "/api/v1/people/count/",
            ):
                self.ask("API", address)
                yield

    def saves(self) -> Iterator[None]:
        """An editor: opens the form of a case, changes its summary, and saves it."""
        while True:
            address = f"/admin/cases/incident/{self.one_of('incidents')}/change/"
            told = self.ask("form", address)
            yield
            page: Any = html.document_fromstring(told) if told else None
            for form in page.xpath("//form[@id='incident_form']") if told else []:
                if "summary" in form.fields:
                    form.fields["summary"] = f"Held. Written at {time.time():.0f}."
                self.ask("save", address, urlencode([*form.form_values(), ("_continue", "1")]))
            yield
