"""A passage is cited in a real browser, with script and without, by an analyst who is nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Page, expect

from cases.models import Citation
from tests.factories import make_incident, make_involvement, make_person, make_source, make_stage
from tests.signin import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opener = Callable[..., Page]
#: The second passage has a letter beyond the first plane, which script counts as two and the database as one.
TEXT = "Held in Casablanca\n\n𝔸 note: Idris Hasan was held on 19 July.\n" + "And so on.\n" * 80


@pytest.fixture
def opened(open_page: Opener, live_server: Any) -> Opener:
    def open_signed_in(**circumstances: Any) -> Page:
        call_command("make_roles", verbosity=0)
        user = User.objects.create_user("analyst", is_staff=True)
        user.groups.add(Group.objects.get(name="analyst"))
        cookie = sign_in(Client(), user).cookies["sessionid"].value
        page = open_page(**circumstances)
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        return page

    return open_signed_in


@pytest.fixture
def case() -> dict[str, Any]:
    person, incident = make_person("Idris Hasan", review="draft"), make_incident(review="draft")
    stage = make_stage(make_involvement(incident, person), occurred="2021-07-19", level="team")
    return {"person": person, "incident": incident, "stage": stage, "source": make_source(text=TEXT, review="draft")}


def read(page: Page, source: Any) -> None:
    page.goto(f"/admin/sources/sourcedocument/{source.ref}/change/")
    page.get_by_role("link", name="Read and cite").click()


def save(page: Page, fact: str) -> None:
    page.get_by_label("It says so about").select_option(fact)
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator(".messagelist .success")).to_contain_text("is cited.")


@pytest.mark.parametrize("width", [1280, 390])
def test_without_script_a_number_is_typed_and_the_evidence_stands_on_the_page_of_the_incident(
    opened: Opener, case: dict[str, Any], width: int
) -> None:
    page = opened(java_script_enabled=False, viewport={"width": width, "height": 800})
    read(page, case["source"])
    page.get_by_label("Cite passage number").fill("2")
    page.get_by_role("button", name="Cite").click()
    page.get_by_label("Another record").fill(case["incident"].ref)
    page.get_by_role("button", name="Choose").click()
    page.get_by_label("Stated value").fill("19 July")
    save(page, f"{case['stage'].ref}.occurred")
    expect(page.locator("#p2")).to_contain_text("19 July")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") if width == 1280 else True
    assert Citation.objects.get().stage == case["stage"]
    page.goto(f"/incidents/{case['incident'].ref}/")
    assert "19 July" in page.content()


def test_with_script_words_are_selected_and_stand_as_evidence_of_the_person(
    opened: Opener, case: dict[str, Any]
) -> None:
    page = opened()
    read(page, case["source"])
    page.evaluate(
        """() => {
            const words = document.querySelector("#p2 .words").firstChild, at = words.data.indexOf("Idris");
            document.getSelection().setBaseAndExtent(words, at, words, at + "Idris Hasan ".length);
        }"""
    )
    page.get_by_role("link", name="Cite “Idris Hasan”").click()
    expect(page.locator("blockquote")).to_have_text("Idris Hasan")
    expect(page.get_by_label("Stated value")).to_have_value("Idris Hasan")
    save(page, f"{case['person'].names.get().ref}.text")
    expect(page).to_have_url(
        f"/admin/sources/sourcedocument/{case['source'].ref}/passages/?record={case['person'].ref}#p2"
    )
    citation = Citation.objects.get()
    assert TEXT[citation.start : citation.end] == "Idris Hasan" and citation.paragraph == 2
    page.goto(f"/people/{case['person'].ref}/")
    assert f"/sources/{case['source'].ref}/#{citation.ref}" in page.content()
