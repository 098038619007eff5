"""Nothing that somebody typed is lost, in a real browser: the session ends before Save is pressed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from cases.models import Person
from tests.factories import make_incident, make_involvement, make_person, make_stage
from tests.signin import PASSWORD, code_now, give_factor, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opener = Callable[..., Page]
LABEL = "Nur «the weaver»"


@pytest.fixture
def analyst() -> User:
    call_command("make_roles", verbosity=0)
    user = User.objects.create_user("analyst", password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name="analyst"))
    give_factor(user)
    return user


def signed_in(page: Page, user: User, live_server: Any) -> None:
    cookie = sign_in(Client(), user).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])


def sign_in_in_another_tab(context: BrowserContext, opener: Page) -> None:
    with context.expect_page() as opened:
        opener.get_by_role("link", name="Sign in").last.click()
    tab = opened.value
    tab.get_by_label("Username").fill("analyst")
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_label("Password").press("Enter")
    tab.locator("[name=code]").fill(code_now())
    tab.locator("[name=code]").press("Enter")
    expect(tab.get_by_role("heading", name="Your account")).to_be_visible()
    tab.close()


def fill_in(page: Page) -> None:
    page.goto("/admin/cases/person/add/")
    page.locator("#id_label").fill(LABEL)
    page.locator("#id_standing").select_option("target")
    page.locator("#id_occupation").fill("weaver")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_session_that_ends_takes_nothing_with_it(
    open_page: Opener, live_server: Any, analyst: User, script: bool
) -> None:
    page = open_page(java_script_enabled=script)
    signed_in(page, analyst, live_server)
    fill_in(page)
    Session.objects.all().delete()
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_role("heading", name="Nothing is lost")).to_be_visible()
    sign_in_in_another_tab(page.context, page)
    page.get_by_role("button", name="Show what I typed").click()
    # Signing in changed the token of the page: it is asked once more.
    expect(page.get_by_text("You signed in, or out, in another tab")).to_be_visible()
    page.get_by_role("button", name="Show what I typed").click()
    expect(page.get_by_text("It is not saved yet: press Save.")).to_be_visible()
    expect(page.locator("#id_label")).to_have_value(LABEL)
    expect(page.locator("#id_occupation")).to_have_value("weaver")
    assert Person.objects.count() == 0
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".messagelist .success").first).to_be_visible()
    assert Person.objects.get().label == LABEL


def test_a_sign_in_in_another_tab_takes_nothing_with_it(open_page: Opener, live_server: Any, analyst: User) -> None:
    page = open_page()
    signed_in(page, analyst, live_server)
    fill_in(page)
    page.context.clear_cookies(name="csrftoken")  # as a sign-in leaves it: another secret than the form knows
    tab = page.context.new_page()
    tab.goto("/admin/cases/person/add/")
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.get_by_role("button", name="Show what I typed").click()
    expect(page.locator("#id_label")).to_have_value(LABEL)
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".messagelist .success").first).to_be_visible()
    assert Person.objects.get().label == LABEL


def test_save_that_is_pressed_twice_makes_one_person(open_page: Opener, live_server: Any, analyst: User) -> None:
    page = open_page()
    signed_in(page, analyst, live_server)
    fill_in(page)
    # The first answer never came: in this database in memory two requests at once would share a connection.
    page.evaluate("""async () => {
        const sent = new FormData(document.getElementById("person_form"));
        sent.set("_save", "Save");
        await fetch(location.href, {method: "POST", body: sent});
    }""")
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.wait_for_url("**/admin/cases/person/")
    page.wait_for_load_state("networkidle")
    assert Person.objects.count() == 1


def test_sixty_hearings_are_saved_as_they_were_opened(open_page: Opener, live_server: Any, analyst: User) -> None:
    part = make_involvement(make_incident("A long trial", review="draft", level="team"), make_person("Nur Weaver"))
    for number in range(60):
        make_stage(part, "hearing", f"{1960 + number}", level="team")
    page = open_page()
    signed_in(page, analyst, live_server)
    page.goto(f"/admin/cases/incident/{part.incident.ref}/change/")
    page.locator("#id_place").fill("Tashkent")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".messagelist .success").first).to_be_visible()
    part.incident.refresh_from_db()
    assert part.incident.place == "Tashkent" and part.stages.count() == 60


def test_who_changed_a_person_meanwhile_is_told_beside_what_was_typed(
    open_page: Opener, live_server: Any, analyst: User
) -> None:
    person = make_person("Nur Weaver", review="draft", level="team")
    page = open_page()
    signed_in(page, analyst, live_server)
    page.goto(f"/admin/cases/person/{person.ref}/change/")
    page.locator("#id_occupation").fill("weaver")
    person.occupation = "poet"
    person.save()
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator("#id_occupation")).to_have_value("weaver")
    expect(page.locator("#content")).to_contain_text("poet")
    person.refresh_from_db()
    assert person.occupation == "poet"


def test_a_text_that_is_too_long_stays_in_its_box_with_the_limit_named(
    open_page: Opener, live_server: Any, analyst: User
) -> None:
    page = open_page()
    signed_in(page, analyst, live_server)
    fill_in(page)
    page.locator("#id_occupation").fill("w" * 201)
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".field-occupation .errorlist")).to_contain_text("200")
    expect(page.locator("#id_occupation")).to_have_value("w" * 201)
    assert Person.objects.count() == 0
