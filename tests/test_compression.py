"""Answers are sent compressed, but never a secret beside words that somebody else chose."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from http.client import HTTPConnection, HTTPMessage
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import StreamingHttpResponse
from django.test import Client, RequestFactory
from playwright.sync_api import Page, expect

from cases.models import Person
from config.compression import CompressionMiddleware
from records.models import ApiToken
from tests.captures import COPY, make_capture
from tests.factories import make_person
from tests.installation import Installation, installation, served
from tests.reviewing import client_of, member
from tests.world import make_case

__all__ = ["installation"]
GZIP = {"Accept-Encoding": "gzip, deflate"}
HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def cases(transactional_db: None) -> None:
    for number in range(3):
        make_case(number)


@pytest.fixture
def port(cases: None, installation: Installation) -> Iterator[int]:
    with served(installation) as number:
        yield number


def ask(port: int, address: str, method: str = "GET", **headers: str) -> tuple[int, HTTPMessage, bytes]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request(method, address, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response.status, response.headers, response.read()


def is_compressed(client: Client, address: str, **headers: str) -> bool:
    response: Any = client.get(address, headers=GZIP | headers)
    assert response.status_code == 200, (address, response.status_code)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    assert (response.headers.get("Content-Encoding") == "gzip") is body.startswith(b"\x1f\x8b")
    return body.startswith(b"\x1f\x8b")


class TestOverHttp:
    def test_the_same_is_sent_compressed_to_whoever_takes_it(self, port: int) -> None:
        for address in ("/api/v1/incidents/", "/people/export.csv"):
            _, plainly, body = ask(port, address)
            status, headers, compressed = ask(port, address, Accept_Encoding="gzip")
            assert (status, headers["Content-Encoding"], plainly["Content-Encoding"]) == (200, "gzip", None)
            assert gzip.decompress(compressed) == body
            assert len(compressed) < len(body) / 2
            assert "Accept-Encoding" in headers["Vary"] and "Accept-Encoding" in plainly["Vary"]

    def test_head_tells_what_get_would_and_sends_nothing(self, port: int) -> None:
        for encoding in ("identity", "gzip"):
            _, got, body = ask(port, "/api/v1/incidents/", Accept_Encoding=encoding)
            status, headers, nothing = ask(port, "/api/v1/incidents/", "HEAD", Accept_Encoding=encoding)
            assert (status, nothing) == (200, b"")
            for name in ("Content-Type", "Content-Encoding", "ETag", "Vary", "Cache-Control"):
                assert headers[name] == got[name], name
            assert abs(int(headers["Content-Length"]) - len(body)) <= 100  # what Django adds at random

    def test_what_was_sent_compressed_or_not_is_not_sent_again(self, port: int) -> None:
        for encoding in ("identity", "gzip"):
            _, got, _ = ask(port, "/api/v1/incidents/", Accept_Encoding=encoding)
            status, headers, body = ask(port, "/api/v1/incidents/", Accept_Encoding=encoding, If_None_Match=got["ETag"])
            assert (status, body) == (304, b"")
            assert (headers["ETag"], headers["Vary"]) == (got["ETag"], got["Vary"])
            assert headers["Cache-Control"] == "no-cache"


def test_a_stream_is_compressed_as_it_is_made() -> None:
    made: list[int] = []

    def lines() -> Iterator[bytes]:
        for number in range(200_000):
            made.append(number)
            yield f"{number},{number * 7919 % 100_003}\n".encode()

    middleware: Any = CompressionMiddleware(lambda _: StreamingHttpResponse(lines(), content_type="text/csv"))
    response = middleware(RequestFactory().get("/people/export.csv", headers=GZIP))
    chunks = iter(response)
    first = [next(chunks) for _ in range(3)]
    assert len(made) < 100_000
    assert gzip.decompress(b"".join([*first, *chunks])).count(b"\n") == 200_000


def test_two_answers_to_one_question_are_of_different_lengths(client: Client, db: None) -> None:
    lengths = {len(client.get("/codebook/", headers=GZIP).content) for _ in range(20)}
    assert len(lengths) > 5


class TestWhatIsOnesOwn:
    @pytest.fixture
    def analyst(self, cases: None) -> Client:
        return client_of(member())

    def test_a_page_that_was_asked_no_question_is_compressed(self, analyst: Client) -> None:
        person = make_person("Aybek", level="team")
        for address in ("/people/", f"/people/{person.ref}/", "/", "/admin/", "/people/export.csv"):
            assert is_compressed(analyst, address), address

    def test_a_question_is_answered_compressed_only_where_this_site_asked_it(self, analyst: Client) -> None:
        for address in ("/people/?q=tursun", "/search/?q=tursun", "/people/export.csv?q=tursun", "/api/v1/people/?q=a"):
            assert is_compressed(analyst, address, **HERE), address
            for other in ("cross-site", "same-site", "none"):
                assert not is_compressed(analyst, address, **{"Sec-Fetch-Site": other}), (address, other)
            assert not is_compressed(analyst, address), address
            assert is_compressed(Client(), address), address  # a stranger has no secret

    def test_what_is_sent_in_a_form_and_what_is_shown_once_is_not(self, analyst: Client) -> None:
        assert not is_compressed(analyst, "/account/", **HERE)
        said = analyst.post("/admin/cases/person/add/", {"label": ""}, headers=GZIP | HERE)
        assert said.status_code == 200 and not said.headers.get("Content-Encoding")

    def test_whoever_brings_a_token_gets_any_answer_compressed(self, cases: None) -> None:
        token = {"Authorization": f"Token {token_of(member())}"}
        assert is_compressed(Client(), "/api/v1/people/?q=tursun", **token)

    def test_a_captured_file_is_sent_byte_by_byte_as_it_is(self, client: Client, db: None) -> None:
        capture = make_capture()
        response: Any = client.get(capture.get_absolute_url(), headers=GZIP)
        assert response.getvalue() == COPY
        assert "Content-Encoding" not in response.headers


def token_of(user: User) -> str:
    return ApiToken.objects.create(user, expiry=timedelta(days=1), name="script", scopes=["read"])[1]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_browser_does_not_fetch_twice_what_has_not_changed(open_page: Callable[..., Page]) -> None:
    person = make_case(1).person
    page = open_page(java_script_enabled=False)
    seen = statuses(page)
    first = page.goto(f"/people/{person.ref}/")
    assert first is not None and first.all_headers()["content-encoding"] == "gzip"
    assert seen == [200]
    page.reload()
    assert seen == [200, 304]
    Person.objects.filter(pk=person.pk).update(label="Somebody else")
    page.reload()
    assert seen == [200, 304, 200]
    expect(page.get_by_role("heading", name="Somebody else").first).to_be_visible()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_browser_tells_who_asked(open_page: Callable[..., Page], live_server: Any) -> None:
    make_case(1)
    page = open_page(java_script_enabled=False)
    key = client_of(member()).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
    typed = page.goto("/search/?q=tursun")
    assert typed is not None and "content-encoding" not in typed.all_headers()
    page.get_by_role("searchbox").fill("gulnar")
    with page.expect_navigation() as asked:
        page.get_by_role("button", name="Search").click()
    assert asked.value.all_headers()["content-encoding"] == "gzip"
    expect(page.get_by_text("Gulnar Tursun 1").first).to_be_visible()


def statuses(page: Page) -> list[int]:
    """Return the statuses with which pages are answered, as they come, those that a browser's cache hides too."""
    seen: list[int] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    of_pages: set[str] = set()

    def asked(event: dict[str, Any]) -> None:
        if event["type"] == "Document":
            of_pages.add(event["requestId"])

    def answered(event: dict[str, Any]) -> None:
        if event["requestId"] in of_pages:
            seen.append(event["statusCode"])

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.responseReceivedExtraInfo", answered)
    return seen
