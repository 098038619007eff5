"""A source that may be entered already, by its address or its text, is shown while it can be mended."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from records.models import Team
from sources.models import SourceDocument
from sources.similar_sources import similar_sources
from sources.text_key import text_key
from sources.web_address import address_key
from tests.admin_forms import filled
from tests.factories import make_source
from tests.partners import partner, partner_client, post, refused, seed_terms, submitted
from tests.test_similar_people import analyst, asked_box, asked_of_the_database, told

__all__ = ["analyst", "partner", "partner_client"]

ADD = "/admin/sources/sourcedocument/add/"
ADDRESS = "https://lantern.example/2021/07/uyghur-held"
#: Addresses of the same document, by hand: what is left out leads to no other document.
SAME = [
    "http://lantern.example/2021/07/uyghur-held",
    "https://www.lantern.example/2021/07/uyghur-held/",
    "HTTPS://WWW.Lantern.Example:443/2021/07/uyghur-held",
    "https://m.lantern.example/2021/07/uyghur-held?utm_source=mail&utm_medium=x&fbclid=Y#comments",
    "https://lantern.example/2021/07/uyghur-held/amp/",
    "https://web.archive.org/web/20210728101500/https://www.lantern.example/2021/07/uyghur-held",
    "https://web.archive.org/web/20210728101500if_/http:/lantern.example/2021/07/uyghur-held/",
    "https://archive.ph/20210728101500/https://lantern.example/2021/07/uyghur-held",
    "https://archive.today/o/aB1cD/https://lantern.example/2021/07/uyghur-held",
    "https://lantern.example/2021/07/uyghur%2Dheld",
]
#: Addresses of other documents.
OTHERS = [
    "https://lantern.example/2021/07/uyghur-held-2",
    "https://lantern.example/2021/07/Uyghur-held",
    "https://lantern.example/2021/07/uyghur-held?page=2",
    "https://lantern.example/",
    "https://news.lantern.example/2021/07/uyghur-held",
    "https://lantern.example:8080/2021/07/uyghur-held",
    "https://lantern.example/2021/07/uyghur-held#!/part/2",
    "https://web.archive.org/web/2021/https://other.example/2021/07/uyghur-held",
]


@pytest.mark.parametrize("address", SAME)
def test_forms_of_one_address_are_one(address: str) -> None:
    assert address_key(address) == address_key(ADDRESS) == "lantern.example/2021/07/uyghur-held"


@pytest.mark.parametrize("address", OTHERS)
def test_other_addresses_stay_others(address: str) -> None:
    assert address_key(address) != address_key(ADDRESS)


def test_what_stands_after_the_question_mark_counts_in_any_order() -> None:
    assert address_key("http://a.example/?b=2&a=1") == address_key("http://a.example/?a=1&b=2") == "a.example?a=1&b=2"


def test_a_name_of_a_host_is_one_in_its_letters_and_in_ascii() -> None:
    assert address_key("http://xn--80ak6aa92e.example/x") == address_key("http://аррӏе.example/x")


@given(st.text(max_size=80), st.sampled_from(["", "http://", "https://[", "http://a.example:x/", "//"]))
def test_no_address_is_too_odd_to_be_compared(text: str, start: str) -> None:
    assert isinstance(address_key(start + text), str)


def test_a_text_is_the_same_whatever_its_spaces_signs_and_capitals() -> None:
    assert text_key("Held in “Casablanca”.\n\n He  waits.") == text_key("held in casablanca he waits")
    assert text_key("बस") != text_key("बस्") and text_key("held 19 July") != text_key("held 20 July")
    assert text_key(" \n.") == text_key("") == ""


def entered(client: Client, **more: Any) -> Any:
    """Send the form of a new source."""
    kind = make_source(title="Another", url="https://another.example/").kind_id
    data = filled(client, ADD) | {"title": "A report", "kind": kind, "level": "team", "review": "draft"}
    return client.post(ADD, data | more)


@pytest.mark.django_db
@pytest.mark.parametrize("address", [ADDRESS, SAME[3], SAME[5]])
def test_a_form_shows_the_source_with_the_same_address(analyst: Client, address: str) -> None:
    other = make_source(title="Held at the airport", url=ADDRESS)
    asked = entered(analyst, url=address)
    assert told(asked) == [(other.ref, [("address", ADDRESS)])]
    assert "Held at the airport" in asked.content.decode()
    assert not SourceDocument.objects.filter(title="A report").exists()
    assert entered(analyst, url=address, different_from=asked_box(asked)).status_code == 302


@pytest.mark.django_db
def test_another_address_is_not_asked_about(analyst: Client) -> None:
    make_source(url=ADDRESS)
    assert entered(analyst, url=OTHERS[0]).status_code == 302
    assert entered(analyst, url="").status_code == 302


@pytest.mark.django_db
def test_the_address_is_asked_about_when_it_changes(analyst: Client) -> None:
    other, source = make_source(url=ADDRESS), make_source(url=ADDRESS, review="draft", level="team")
    page = f"/admin/sources/sourcedocument/{source.ref}/change/"
    assert analyst.post(page, filled(analyst, page) | {"note": "checked"}).status_code == 302
    changed = analyst.post(page, filled(analyst, page) | {"url": SAME[1]})
    assert [ref for ref, _ in told(changed)] == [other.ref]


@pytest.mark.django_db
def test_the_api_answers_409_with_the_source_that_has_the_address(partner_client: Client) -> None:
    seed_terms()
    other = make_source(title="Held", url=ADDRESS)
    body = {"title": "A report", "kind": "news_report", "url": SAME[3]}
    said = refused(partner_client, "sources/", body, 409)
    assert said["similar"] == [{"ref": other.ref, "name": "Held", "alike": [{"likeness": "address", "value": ADDRESS}]}]
    assert submitted(partner_client, "sources/", body | {"different_from": [other.ref]})["url"] == SAME[3]


@pytest.mark.django_db
def test_the_api_asks_of_a_source_that_comes_with_a_citation(partner_client: Client) -> None:
    seed_terms()
    other = make_source(url=ADDRESS)
    person = submitted(partner_client, "people/", {"label": "D. Y.", "standing": "target"})["ref"]
    source: dict[str, Any] = {"title": "A report", "kind": "news_report", "url": SAME[3]}
    body = {"source": source, "record": person, "field": "label"}
    assert "source/different_from" in refused(partner_client, "citations/", body, 409)
    source["different_from"] = [other.ref]
    assert post(partner_client, "citations/", body).status_code == 201


@pytest.mark.django_db
def test_a_hidden_source_leaves_no_trace(analyst: Client, partner_client: Client) -> None:
    make_source(url=ADDRESS, level="restricted")
    assert entered(analyst, url=ADDRESS).status_code == 302
    SourceDocument.objects.exclude(level="restricted").delete()
    submitted(partner_client, "sources/", {"title": "A report", "kind": "news_report", "url": ADDRESS})


@pytest.mark.django_db
def test_as_much_is_asked_of_the_database_with_a_hidden_source_as_without(analyst: Client) -> None:
    user, source = User.objects.get(username="analyst"), make_source()
    look_up = lambda: similar_sources(source, user, address=ADDRESS, text="the same")  # noqa: E731
    without = asked_of_the_database(look_up)
    make_source(url=ADDRESS, text="the same", level="restricted")
    assert asked_of_the_database(look_up) == without and len(without) == 2


@pytest.mark.django_db
def test_a_form_shows_the_source_with_the_same_text(analyst: Client) -> None:
    text = "Held in Casablanca.\n\nHe waits."
    assert entered(analyst, text=text.replace("\n", "\r\n")).status_code == 302
    source = SourceDocument.objects.get(title="A report")
    assert source.text == text, "with the ends of lines by which passages are counted"
    asked = entered(analyst, text="“HELD in Casablanca” He waits")
    assert told(asked) == [(source.ref, [("text", "")])]
    assert "“HELD in Casablanca” He waits" in asked.content.decode(), "what was pasted is kept"
    assert entered(analyst, text=text, different_from=asked_box(asked)).status_code == 302
    page = analyst.get(f"/admin/sources/sourcedocument/{source.ref}/change/").content.decode()
    assert "Casablanca" not in page, "and it is never shown again"


@pytest.mark.django_db
def test_the_text_of_another_team_is_told_to_nobody(analyst: Client) -> None:
    user, source, teams = (
        User.objects.get(username="analyst"),
        make_source(),
        [Team.objects.create(name=x) for x in "AB"],
    )
    teams[0].members.add(user)
    own = make_source(text="Held in Casablanca.", team=teams[0])
    make_source(text="Held in Casablanca.", team=teams[1])
    [found] = similar_sources(source, User.objects.get(pk=user.pk), text="held in casablanca")
    assert found.record == own
