"""Each role, given as the README says, does its work in a real browser: from the first administrator on.

Nothing is made behind the pages: accounts, roles and second factors come about as on a new installation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import StringIO
from typing import Any
from urllib.request import Request, urlopen

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from tests.signin import PASSWORD, code_now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opener = Callable[..., Page]
TITLE = "Held at the airport of Casablanca"
#: The roles of the README, and whether they work in the admin.
ROLES = {"reader": False, "partner": False, "analyst": True, "reviewer": True, "administrator": True}


def test_every_role_does_its_work_from_the_first_administrator_on(open_page: Opener, live_server: Any) -> None:
    first = signed_in(open_page(), *installed())
    for role, is_staff in ROLES.items():
        make_account(first, role, role, is_staff)
    of = {role: signed_in(open_page(), role, PASSWORD) for role in ROLES}
    submits_and_reads_back(of["partner"], live_server.url)
    enters_an_incident(of["analyst"])
    approves(of["reviewer"])
    reads_what_a_stranger_does_not(of["reader"], open_page())
    makes_and_resets_an_account(of["administrator"], of["analyst"])


def installed() -> tuple[str, str]:
    """Do what `make run` does with the database; return the name and the password that it prints."""
    said = StringIO()
    for command in ("load_seeds", "make_roles", "first_admin"):
        call_command(command, stdout=said)
    found = re.search(r"user name +(\S+)\n +password +(\S+)", said.getvalue())
    assert found
    return found[1], found[2]


def signed_in(page: Page, name: str, password: str) -> Page:
    """Sign in for the first time, and set up one-time codes, which is demanded of every role."""
    enter(page, name, password)
    set_up_codes(page)
    return page


def enter(page: Page, name: str, password: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto("/account/")


def set_up_codes(page: Page) -> None:
    page.get_by_role("link", name="Set up one-time codes").click()
    page.get_by_label("Authenticator code").fill(code_now(page.locator(".secret").inner_text()))
    page.get_by_role("button", name="Set up").click()
    expect(page.locator(".codes li")).to_have_count(10)


def make_account(page: Page, name: str, role: str, is_staff: bool) -> None:
    """Make an account under Access and give it its role, as the README says."""
    page.goto("/admin/")
    page.locator("tr.model-user").get_by_role("link", name="Add").click()
    page.get_by_label("Username").fill(name)
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("[name=password2]").fill(PASSWORD)
    save(page)
    page.get_by_label("Staff status").set_checked(is_staff)
    page.locator("#id_groups").get_by_label(role, exact=True).check()
    save(page)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator(".messagelist .success").first).to_be_visible()


def choose(page: Page, name: str, text: str) -> None:
    """Find something in a picker by typing, and take the first that it offers."""
    page.locator(f"[name={name}] ~ .select2 .select2-selection").click()
    page.locator(".select2-search__field").fill(text)
    page.locator(".select2-results__option--highlighted", has_text=text).click()


def submits_and_reads_back(page: Page, server: str) -> None:
    """A partner makes a token, and with it submits somebody by the API and reads them back."""
    page.goto("/account/tokens/")
    page.get_by_label("Name:").fill("our own database")
    page.get_by_label("submit: enter records for review").check()
    page.get_by_role("button", name="Make it").click()
    headers = {"Authorization": f"Token {page.locator('.secret').inner_text()}", "Content-Type": "application/json"}
    body = json.dumps({"label": "Dilmurat Y.", "standing": "target", "residence": "TR"}).encode()
    with urlopen(Request(f"{server}/api/v1/people/", body, headers)) as response:
        sent = json.load(response)
    with urlopen(Request(f"{server}/api/v1/people/{sent['ref']}/", headers=headers)) as response:
        assert json.load(response) == sent


def enters_an_incident(page: Page) -> None:
    """An analyst enters a person and an incident, countries and source by the pickers, and sends it to review."""
    page.goto("/admin/cases/person/add/")
    page.get_by_label("Label").fill("Mahire T.")
    page.locator("[name=standing]").select_option("target")
    save(page)
    page.goto("/admin/cases/incident/add/")
    page.get_by_label("Title").fill(TITLE)
    page.locator("[name=scope]").select_option("cross_border")
    page.locator("[name=start]").fill("2021-07")
    for row, (country, part) in enumerate((("China", "origin"), ("Morocco", "location"))):
        choose(page, f"country_parts-{row}-country", country)
        page.locator(f"[name=country_parts-{row}-part]").select_option(part)
    choose(page, "stages-0-person", "Mahire T.")
    page.locator("[name=stages-0-kind]").select_option("detention")
    page.locator("[name=stages-0-occurred]").fill("2021-07-19")
    choose(page, "stages-0-country", "Morocco")
    choose(page, "stages-0-evidence_source", "Uygur man")
    page.locator("[name=review][value=in_review]").check()
    save(page)
    expect(page.locator(".messagelist")).to_contain_text("waits for a second person")


def approves(page: Page) -> None:
    """A reviewer finds the incident among the proposals and approves it."""
    page.goto("/admin/")
    page.get_by_role("link", name="Proposals").first.click()
    page.locator("#result_list tr", has_text=TITLE).get_by_role("link").first.click()
    page.get_by_role("button", name="Approve and carry out").click()
    expect(page.locator(".messagelist")).to_contain_text("is approved and carried out")


def reads_what_a_stranger_does_not(page: Page, stranger: Page) -> None:
    """A reader finds the incident, which is for the team; somebody who has not signed in does not."""
    page.goto("/incidents/")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)
    expect(page.locator("main")).to_contain_text("Mahire T.")
    answer = stranger.goto(page.url)
    assert answer is not None
    assert answer.status == 404


def makes_and_resets_an_account(page: Page, lost: Page) -> None:
    """An administrator makes an account, and resets the second factor of somebody who then sets up a new one."""
    make_account(page, "newcomer", "reader", is_staff=False)
    page.goto("/admin/auth/user/")
    page.get_by_label("Select this object for an action - analyst").check()
    page.locator("[name=action]").select_option("reset_their_second_factor")
    page.locator("[name=index]").click()
    expect(page.locator(".messagelist")).to_contain_text("sets up a new second factor")
    enter(lost, "analyst", PASSWORD)
    set_up_codes(lost)
