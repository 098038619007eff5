"""The day of a paper from Kathmandu, Addis Ababa, Bangkok, Tehran or Riyadh, as an analyst enters it in a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Page, expect

from cases.models import Incident, PersonDetail, Stage
from tests.factories import make_incident, make_involvement, make_part, make_person, make_stage
from tests.signin import sign_in
from tests.test_dates_in_doubt import DRAFT, country_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opener = Callable[..., Page]
with_and_without_script = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])


@pytest.fixture
def opened(open_page: Opener, live_server: Any) -> Opener:
    """Open a page for an analyst who has signed in."""

    def open_signed_in(**circumstances: Any) -> Page:
        call_command("make_roles", verbosity=0)
        user = User.objects.create_user("analyst", is_staff=True)
        user.groups.add(Group.objects.get(name="analyst"))
        cookie = sign_in(Client(), user).cookies["sessionid"].value
        page = open_page(**circumstances)
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        return page

    return open_signed_in


def held_in(country: str) -> Incident:
    """Make a case that took place in a country, with a stage whose day nobody has entered yet."""
    incident = make_incident(title="Held", location="", **DRAFT)
    make_part(incident, "location", country_of(country), level="team")
    make_stage(make_involvement(incident, make_person(), level="team"), occurred="", level="team")
    return incident


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).first.click()


@with_and_without_script
@pytest.mark.parametrize(
    ("country", "calendar", "written", "working", "edtf"),
    [
        ("NP", "BS", "२०७८-०६-१५", "15 Ashwin 2078 (Bikram Sambat) is Friday 1 October 2021", "2021-10-01"),
        ("ET", "EC", "2013-04-05", "5 Tahsas 2013 (Ethiopian) is Monday 14 December 2020", "2020-12-14"),
        ("TH", "BE", "๒๕๖๑-๐๕-๐๑", "1 May 2561 (Buddhist era) is Tuesday 1 May 2018", "2018-05-01"),
        ("IR", "SH", "۱۳۹۷/۰۲/۱۱", "11 Ordibehesht 1397 (Solar Hijri) is Tuesday 1 May 2018", "2018-05-01"),
        ("SA", "UQ", "1442-09-30", "an official Saudi paper says so", "2021-05-12"),
    ],
    ids=["Nepal", "Ethiopia", "Thailand", "Iran", "Saudi Arabia"],
)
def test_the_day_of_a_paper_is_stored_once_its_working_was_seen(
    opened: Opener, script: bool, country: str, calendar: str, written: str, working: str, edtf: str
) -> None:
    incident = held_in(country)
    page = opened(java_script_enabled=script)
    page.goto(f"/admin/cases/incident/{incident.ref}/change/")
    box, beside = page.locator("#id_stages-0-occurred"), page.locator("#id_stages-0-occurred-calendar")
    expect(beside).to_have_value(calendar)
    box.fill(written)
    save(page)
    expect(page.get_by_role("heading", name="Which day is meant?")).to_be_visible()
    expect(box).to_have_value(written)
    expect(beside).to_have_value(calendar)
    page.get_by_label(working).check()
    save(page)
    expect(page.locator(".messagelist .success").first).to_be_visible()
    assert str(Stage.objects.get().occurred) == edtf
    page.goto(f"/admin/cases/incident/{incident.ref}/change/")
    expect(box).to_have_value(edtf)
    expect(beside).to_have_value("")


@with_and_without_script
def test_a_birth_on_1_january_becomes_the_year_by_the_other_button(opened: Opener, script: bool) -> None:
    person = make_person("Idris", **DRAFT)
    PersonDetail.objects.create(person=person, kind="born", level="team")
    page = opened(java_script_enabled=script)
    page.goto(f"/admin/cases/person/{person.ref}/change/")
    page.locator("#id_details-0-date").fill("1990-01-01")
    save(page)
    expect(page.get_by_text("Is it the day, or only the year?")).to_be_visible()
    page.get_by_label("1990, only the year").check()
    save(page)
    expect(page.locator(".messagelist .success").first).to_be_visible()
    assert str(PersonDetail.objects.get().date) == "1990"


def test_a_row_that_script_adds_has_a_list_of_its_own(opened: Opener) -> None:
    incident = held_in("NP")
    page = opened()
    page.goto(f"/admin/cases/incident/{incident.ref}/change/")
    page.locator("#stages-group .add-row a").click()
    expect(page.locator("#id_stages-2-occurred-calendar")).to_have_attribute("name", "stages-2-occurred-calendar")
    expect(page.locator("#id_stages-2-occurred-calendar")).to_have_value("BS")
