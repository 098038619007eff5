"""Admin forms in a real browser: by keyboard alone, with a window for what is new, and without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from cases.models import Agreement, CcfRequest, Citation, Incident, IncidentCountry, Notice, Person, Stage
from sources.models import SourceDocument
from tests.signin import sign_in
from tests.test_admin_visibility import world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opener = Callable[..., Page]


@pytest.fixture
def records() -> dict[type[Any], Any]:
    return world("team", "Some")


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


def form_of(record: Any) -> str:
    return f"/admin/{record._meta.app_label}/{record._meta.model_name}/{record.ref}/change/"


def saved(page: Page) -> None:
    assert page.locator(".errorlist").all_inner_texts() == []
    expect(page.locator(".messagelist .success, .messagelist .warning").first).to_be_visible()


def pick(page: Page, picker: Locator, words: str) -> None:
    """Find something by typing, with nothing but the keyboard."""
    picker.locator(".select2-selection").focus()
    page.keyboard.press("Enter")
    page.keyboard.type(words)
    expect(page.locator(".select2-results__option--highlighted").first).to_be_visible()
    page.keyboard.press("Enter")


#: What somebody types into a picker to find something in the world of these tests, by what it leads to.
TYPED = {"country": "Norway", "destination": "Norway", "issuer": "Norway"}
#: Boxes for terms of which that world has none.
NO_TERMS = ("actors-1-kind", "-outcome", "-detention_kind")


@pytest.mark.parametrize("model", [Incident, Person, Notice, Agreement, CcfRequest], ids=lambda model: model.__name__)
def test_a_row_is_added_to_every_table_and_chosen_in_every_box_by_keyboard(
    opened: Opener, records: dict[type[Any], Any], model: Any
) -> None:
    page = opened()
    page.goto(form_of(records[model]))
    tables = page.locator(".js-inline-admin-formset")
    for number in range(tables.count()):
        table = tables.nth(number)
        total = table.locator("[name$=TOTAL_FORMS]")
        before = int(total.input_value())
        table.locator(".addlink").focus()
        page.keyboard.press("Enter")
        expect(total).to_have_value(str(before + 1))
        prefix = str(table.get_attribute("id")).removesuffix("-group")
        row = table.locator(f"#{prefix}-{before}")
        choose_everywhere(page, row)


def choose_everywhere(page: Page, row: Locator) -> None:
    for details in row.locator("summary").all():
        details.focus()
        page.keyboard.press("Enter")
    for each in row.locator("select").all():
        name = str(each.get_attribute("name"))
        if "admin-autocomplete" in str(each.get_attribute("class")):
            pick(page, each.locator("xpath=.."), TYPED.get(name.rsplit("-", 1)[-1], "some"))
        else:
            each.focus()
            page.keyboard.press("End")
        assert each.input_value() or name.endswith(NO_TERMS), name
    expect(row.locator("input[list], input[data-of]")).to_have_count(0)


def test_an_incident_is_corrected_by_keyboard(opened: Opener, records: dict[type[Any], Any]) -> None:
    incident, page = records[Incident], opened()
    page.goto(form_of(incident))
    page.locator("#country_parts-group .addlink").focus()
    page.keyboard.press("Enter")
    new = page.locator("tr.dynamic-country_parts").last
    pick(page, new.locator(".field-country"), "China")
    new.locator("select[name$=-part]").focus()
    page.keyboard.type("dest")
    page.locator("[name=stages-0-kind]").focus()
    page.keyboard.type("extradition gr")
    pick(page, page.locator("#stages-0 .field-evidence_source"), "Some")
    page.locator("[name=_save]").last.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    saved(page)
    assert IncidentCountry.objects.filter(incident=incident, country="CN", part="destination").exists()
    stage = Stage.objects.get(incident=incident)
    assert stage.kind == "extradition_granted"
    assert Citation.objects.filter(stage=stage, field="occurred", source=records[SourceDocument]).exists()


def test_somebody_new_is_entered_in_a_window_and_chosen_at_once(opened: Opener, records: dict[type[Any], Any]) -> None:
    page = opened()
    page.goto(form_of(records[Incident]))
    with page.expect_popup() as window:
        page.locator("#stages-1 .field-person .add-related").click()
    popup = window.value
    popup.get_by_label("Label").fill("Mahire T.")
    popup.locator("[name=standing]").select_option("target")
    with popup.expect_event("close"):
        popup.locator("[name=_save]").last.click()
    mahire = Person.objects.get(label="Mahire T.")
    expect(page.locator("[name=stages-1-person]")).to_have_value(str(mahire.pk))
    expect(page.locator("#stages-1 .field-person .select2-selection")).to_contain_text("Mahire T.")


def test_without_script_an_incident_is_corrected_and_a_stage_entered(
    opened: Opener, records: dict[type[Any], Any]
) -> None:
    incident, page = records[Incident], opened(java_script_enabled=False)
    person = Person.objects.get(label="Some relative")
    page.goto(form_of(incident))
    expect(page.locator("noscript p")).to_contain_text("Without script")
    suggested = page.locator(f"#{page.locator('[name=stages-1-kind]').get_attribute('list')} option")
    assert "deportation" in suggested.evaluate_all("options => options.map(option => option.value)")
    page.locator("[name=country_parts-0-country]").fill("Norway")
    for name, typed in {"person": person.ref, "kind": "deportation", "occurred": "2020", "country": "no"}.items():
        page.locator(f"[name=stages-1-{name}]").fill(typed)
    page.locator("[name=stages-1-evidence_source]").fill(records[SourceDocument].ref)
    page.locator("[name=_save]").last.click()
    saved(page)
    stage = Stage.objects.get(kind="deportation")
    assert (stage.involvement.person, stage.country_id, stage.citations.count()) == (person, "NO", 1)
