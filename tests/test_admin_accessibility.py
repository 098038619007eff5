"""axe finds nothing on any page of the admin, nor on those of one's account, for whoever works there by their role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Page

from cases.models import Citation, Duty, Incident, Person, Tactic, Warrant
from records.models import Record, Term
from records.review import submit
from sources.models import Capture
from tests.factories import make_person, make_source
from tests.reviewing import changed, propose
from tests.signin import PASSWORD, give_factor, sign_in
from tests.test_admin_visibility import address, world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opener = Callable[..., Page]

#: Pages that are of no model.
OTHERS = (
    *("/admin/", "/admin/cases/", "/account/", "/account/password/", "/account/second-factor/", "/account/sessions/"),
    *("/account/tokens/", "/account/feeds/", "/account/second-factor/codes/remove/", "/watching/", "/watching/digest/"),
    *("/account/second-factor/passkeys/", "/account/second-factor/passkeys/add/"),
    *("/account/reauthenticate/", "/account/second-factor/reauthenticate/", "/account/logout/"),
)


@pytest.fixture
def records() -> dict[type[Any], Any]:
    call_command("make_roles", verbosity=0)
    return world("team", "Some")


@pytest.fixture
def opened(open_page: Opener, live_server: Any) -> Callable[[str], Page]:
    """Open a page for somebody of a role who has signed in."""

    def open_for(*roles: str) -> Page:
        user = User.objects.create_user("-".join(roles), password=PASSWORD, is_staff=True)
        user.groups.set(Group.objects.filter(name__in=roles))
        cookie = sign_in(Client(), user).cookies["sessionid"].value
        page = open_page(bypass_csp=True)  # axe writes styles of its own
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        return page

    return open_for


def found_on(page: Page, addresses: Any) -> list[str]:
    """Return what axe finds on each of some pages: the rule, how often, and the first element."""
    axe, found = Axe(), []
    for one in addresses:
        answer = page.goto(one)
        if answer is not None and answer.status == 403 and one.endswith("/delete/"):
            continue  # something rests on the row
        assert answer is not None and answer.status == 200, (one, answer and answer.status)
        for each in axe.run(page).response["violations"]:
            first = each["nodes"][0]
            found.append(f"{one}: {each['id']} ({len(each['nodes'])}), such as {first['html'][:200]}")
    return found


def pages_of(models: Any, records: dict[type[Any], Any]) -> Iterator[str]:
    """Yield the list, the empty form, and of a row that is there the form, the history and the page that removes it."""
    for model in models:
        yield address(model)
        yield address(model, "add/")
        yield address(model, f"{records[model].ref}/change/")
        yield address(model, f"{records[model].ref}/history/")
        if not model.reviewed:
            yield address(model, f"{records[model].ref}/delete/")


#: Of every kind of page one or two: the forms with the most boxes, a table, a file, a part that can be removed.
SOME = {
    Incident: ("change/",),
    Person: ("", "add/", "history/"),
    Capture: ("add/",),
    Citation: ("add/",),
    Warrant: ("delete/",),
    Duty: ("change/",),
}


def test_an_analysts_records(opened: Any, records: dict[type[Any], Any]) -> None:
    some = [
        address(model, f"{records[model].ref}/{page}" if page not in ("", "add/") else page)
        for model, pages in SOME.items()
        for page in pages
    ]
    assert found_on(opened("analyst"), some) == []


def test_a_source_is_read_and_cited_and_a_case_is_entered_from_it(opened: Any, records: dict[type[Any], Any]) -> None:
    source = make_source(title="Held", text="Somebody was held.\n\nA court heard her.", review="draft")
    at = f"/admin/sources/sourcedocument/{source.ref}"
    cite = f"passages/cite/?paragraph=1&record={records[Person].ref}"
    addresses = [f"{at}/{page}" for page in ("passages/", "passages/cite/?paragraph=1", cite, "case/")]
    assert found_on(opened("analyst"), ["/admin/sources/sourcedocument/add/", *addresses]) == []


@pytest.mark.program()  # over 20 seconds
def test_every_page_of_an_analysts_records(opened: Any, records: dict[type[Any], Any]) -> None:
    models = [model for model in admin.site._registry if issubclass(model, Record)]
    assert found_on(opened("analyst"), pages_of(models, records)) == []


def test_what_a_reviewer_reads_and_answers(opened: Any, records: dict[type[Any], Any]) -> None:
    page = opened("reviewer")
    editor = User.objects.create_user("editor", is_staff=True)
    editor.groups.add(Group.objects.get(name="analyst"))
    give_factor(editor)
    draft = submit(make_person("Kerem Mamut", review="draft"), editor)
    change = propose(editor, changed(make_person("Idris Hasan", level="public")))
    proposals = [f"/admin/records/proposal/{each.ref}/change/" for each in (draft, change)]
    assert found_on(page, ["/admin/records/proposal/", *proposals, "/admin/"]) == []


def may_do(user: Any, way: str, model: Any) -> bool:
    return user.has_perm(f"{model._meta.app_label}.{way}_{model._meta.model_name}")


def test_an_administrators_lists_and_accounts(opened: Any, records: dict[type[Any], Any]) -> None:
    page, user = opened("administrator"), User.objects.get(username="administrator")
    rights = {
        model: {
            way for way in ("view", "add") if user.has_perm(f"{model._meta.app_label}.{way}_{model._meta.model_name}")
        }
        for model in admin.site._registry
        if not issubclass(model, Record) and (not issubclass(model, Term) or model is Tactic)  # one list of terms
    }
    addresses = [address(model) for model, ways in rights.items() if "view" in ways]
    addresses += [address(model, "add/") for model, ways in rights.items() if "add" in ways]
    accounts = [address(User, f"{user.pk}/change/"), address(User, f"{user.pk}/password/"), address(Group, "1/change/")]
    assert len(addresses) > 10
    assert found_on(page, [*addresses, *accounts, *OTHERS]) == []
