"""API tokens: made once, limited to scopes and a time, worthless to whoever reads the database or the log."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from knox.crypto import hash_token
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from records.models import ApiToken
from tests.factories import make_person
from tests.signin import PASSWORD, give_factor, may, sign_in

pytestmark = pytest.mark.django_db
PAGE, LIST, EXPORT = "/account/tokens/", "/api/v1/people/", "/people/export.csv"
FILE = "/sources/SRC-00000000/captures/CAP-00000000/"


@pytest.fixture
def reader() -> User:
    """Somebody who may read what is for partners."""
    return may(User.objects.create_user("reader", password=PASSWORD), "read_partner")


def make_token(user: User, *scopes: str, days: float = 1, name: str = "test") -> str:
    """Make a token for a user; return what opens with it."""
    _, words = ApiToken.objects.create(user, expiry=timedelta(days=days), name=name, scopes=list(scopes or ["read"]))
    return words


def ask(words: str, address: str = LIST, client: Client | None = None) -> Any:
    return (client or Client()).get(address, headers={"Authorization": f"Token {words}"})


def body(answer: Any) -> str:
    return b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()


def make_on_page(client: Client, **given: Any) -> Any:
    return client.post(PAGE, {"name": "nightly", "scopes": ["read", "export"], "days": "30", **given})


class TestPage:
    """Where people make and revoke their own."""

    def test_a_token_is_shown_once_and_kept_as_a_hash(self, client: Client, reader: User) -> None:
        sign_in(client, reader)
        page = make_on_page(client)
        assert page.headers["Cache-Control"] == "no-store"
        words = re.search(r'class="secret">(\w{64})<', page.content.decode())
        assert words
        [token] = ApiToken.objects.all()
        assert token.digest == hash_token(words[1]) and words[1] not in str(token.__dict__)
        assert (token.name, token.scopes, token.user) == ("nightly", ["read", "export"], reader)
        assert timedelta(days=29) < token.expiry - timezone.now() < timedelta(days=30)
        assert words[1] not in client.get(PAGE).content.decode()
        assert ask(words[1]).status_code == 200

    @pytest.mark.parametrize(
        "given", [{"days": "366"}, {"days": "0"}, {"days": ""}, {"scopes": []}, {"scopes": ["admin"]}, {"name": ""}]
    )
    def test_what_makes_no_sense_is_refused(self, client: Client, reader: User, given: dict[str, Any]) -> None:
        sign_in(client, reader)
        assert "errorlist" in make_on_page(client, **given).content.decode()
        assert not ApiToken.objects.exists()

    def test_a_name_is_given_once(self, client: Client, reader: User) -> None:
        sign_in(client, reader)
        make_token(User.objects.create_user("other"), name="nightly")
        make_on_page(client)
        assert "a token of this name already" in make_on_page(client).content.decode()
        assert ApiToken.objects.filter(user=reader).count() == 1

    def test_revoking_works_at_once_and_on_ones_own_only(self, client: Client, reader: User) -> None:
        words = make_token(reader)
        [token] = ApiToken.objects.all()
        sign_in(client, may(User.objects.create_user("other"), "read_team"))
        assert client.post(PAGE, {"revoke": token.pk}).status_code == 404
        assert token.name not in client.get(PAGE).content.decode().split("<h2>A new")[0].split("</h1>")[1]
        assert ask(words).status_code == 200
        sign_in(client, reader)
        assert client.post(PAGE, {"revoke": token.pk}).status_code == 302
        assert ask(words).status_code == 401

    def test_an_administrator_sees_and_revokes_but_never_reads_one(self, admin_client: Client, reader: User) -> None:
        words = make_token(reader, name="of the reader")
        [token] = ApiToken.objects.all()
        for path in ("", f"{token.pk}/change/"):
            page = admin_client.get(f"/admin/records/apitoken/{path}").content.decode()
            assert "of the reader" in page and words not in page
        admin_client.post(f"/admin/records/apitoken/{token.pk}/delete/", {"post": "yes"})
        assert ask(words).status_code == 401

    def test_a_token_that_submits_needs_a_second_factor(self, client: Client, reader: User) -> None:
        sign_in(client, reader, factor=False)
        assert "needs a second factor" in make_on_page(client, scopes=["submit"]).content.decode()
        give_factor(reader)
        assert "is ready" in make_on_page(client, scopes=["submit"]).content.decode()


def test_a_token_reads_what_its_user_may_read(reader: User) -> None:
    make_person("for partners", level="partner")
    make_person("for the team", level="team")
    assert [each["label"] for each in ask(make_token(reader)).json()["results"]] == ["for partners"]
    assert Client().get(LIST).json()["results"] == []


def test_a_right_that_is_taken_away_is_gone_at_the_next_request(reader: User) -> None:
    make_person("for partners", level="partner")
    words = make_token(reader)
    reader.user_permissions.clear()
    assert ask(words).json()["results"] == []


class TestRefused:
    """Every token that does not open gets the same answer, byte for byte."""

    @pytest.fixture
    def refusals(self, reader: User) -> dict[str, Any]:
        good = make_token(reader, "read", "export", "submit")
        expired = make_token(reader, "read", "export", "submit", days=-1, name="expired")
        closed = User.objects.create_user("closed", is_active=False)
        inactive = make_token(closed, "read", "export", "submit")
        return {
            "expired": f"Token {expired}",
            "deactivated": f"Token {inactive}",
            "foreign": f"Token {'0' * 64}",
            "beginning only": f"Token {good[:15]}",
            "another end": f"Token {good[:-1]}{'0' if good[-1] != '0' else '1'}",
            "longer": f"Token {good}0",
            "empty": "Token",
            "two": f"Token {good} {good}",
            "letters": "Token \xff\xfe",
            "zero": "Token \0",
            "bearer": f"Bearer {good}",
        }

    @pytest.mark.attack("D2")
    @pytest.mark.attack("D4")
    @pytest.mark.parametrize(
        "address", [LIST, "/api/v1/people/count/", "/api/v1/people/PER-00000000/", "/api/v1/", EXPORT, FILE]
    )
    def test_with_401_and_one_body(self, refusals: dict[str, str], address: str) -> None:
        answers = {name: Client().get(address, headers={"Authorization": header}) for name, header in refusals.items()}
        assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(refusals, 401)
        assert {body(answer) for answer in answers.values()} == {'{"detail":"This token is not valid."}'}
        assert {answer.headers["WWW-Authenticate"] for answer in answers.values()} == {"Token"}
        assert {answer.headers["Cache-Control"] for answer in answers.values()} == {"no-store"}

    @pytest.mark.attack("D4")
    def test_and_nothing_of_it_is_in_the_log(self, refusals: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        for header in refusals.values():
            Client().get(LIST, headers={"Authorization": header})
            Client().get(f"{LIST}?token={header.rpartition(' ')[2]}")
        for header in refusals.values():
            words = header.rpartition(" ")[2]
            assert len(words) < 15 or words not in caplog.text


@pytest.mark.attack("D4")
@pytest.mark.parametrize("name", ["token", "Authorization", "api_key", "access_token", "auth"])
def test_a_token_in_the_address_is_an_unknown_parameter(reader: User, name: str) -> None:
    make_person("for partners", level="partner")
    words = make_token(reader, "read", "export")
    for address in (LIST, "/api/v1/people/count/", EXPORT):
        answer = Client().get(address, {name: words})
        assert answer.status_code == 400
        assert list(answer.json()) == [name] and words not in body(answer)


class TestScopes:
    """A token is good for what it was made for."""

    def test_a_file_needs_the_scope_for_exports(self, reader: User) -> None:
        make_person("for partners", level="partner")
        assert ask(make_token(reader, "read", name="1"), EXPORT).status_code == 403
        assert ask(make_token(reader, "submit", name="2"), EXPORT).status_code == 403
        answer = ask(make_token(reader, "export", name="3"), EXPORT)
        assert answer.status_code == 200 and "for partners" in body(answer)
        assert answer.headers["Cache-Control"] == "no-store"

    def test_reading_needs_the_scope_for_it(self, reader: User) -> None:
        assert ask(make_token(reader, "export", "submit")).status_code == 403

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_writing_needs_the_scope_and_a_second_factor(self, reader: User, method: str) -> None:
        asked = {name: make_token(reader, name, name=name) for name in ("read", "export", "submit")}

        def status(words: str) -> int:
            request = getattr(APIRequestFactory(), method)("/", headers={"Authorization": f"Token {words}"})
            return Written.as_view()(request).status_code

        assert [status(words) for words in asked.values()] == [403, 403, 403]
        give_factor(reader)
        assert [status(words) for words in asked.values()] == [403, 403, 200]
        Authenticator.objects.all().delete()
        assert status(asked["submit"]) == 403

    def test_a_token_opens_no_page_and_no_admin(self, admin_user: User) -> None:
        words = make_token(admin_user, "read", "export", "submit")
        assert ask(words, "/admin/").status_code == 302
        assert ask(words, PAGE).status_code == 302
        make_person("for the team", level="team")
        assert "for the team" not in body(ask(words, "/people/"))


class Written(APIView):
    """Stands for any view that writes, with what all views of the API have by default."""

    def post(self, request: Any) -> Response:
        return Response({})

    put = patch = delete = post


def test_the_token_and_not_the_cookie_decides_who_is_asking(client: Client, reader: User) -> None:
    make_person("for the team", level="team")
    sign_in(client, may(User.objects.create_user("member"), "read_team"))
    assert len(client.get(LIST).json()["results"]) == 1
    assert ask(make_token(reader), client=client).json()["results"] == []
    assert ask("0" * 64, client=client).status_code == 401


def test_another_scheme_is_no_token(reader: User) -> None:
    """A web server in front may ask for a password of its own, and pass that on."""
    assert Client().get(LIST, headers={"Authorization": "Basic cmVhZGVyOng="}).status_code == 200


def test_the_documentation_tells_how_to_send_one(client: Client) -> None:
    described = client.get("/api/v1/schema/").json()
    assert described["components"]["securitySchemes"]["token"]["name"] == "Authorization"


def test_the_models_rule_is_that_everybody_knows_their_own(reader: User, admin_user: User) -> None:
    make_token(reader)
    make_token(admin_user)
    assert ApiToken.objects.visible_to(reader).count() == 1
    assert ApiToken.objects.visible_to(admin_user).count() == 2
