"""The head of every page says who one is and lets one leave; what was wanted before signing in is not lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Page, expect

from records.models import Watch
from tests.factories import make_person
from tests.signin import PASSWORD, code_now, give_factor, sign_in
from tests.test_second_factor import set_up

pytestmark = pytest.mark.django_db
WANTED = "/admin/cases/person/?review__exact=draft"


@pytest.fixture
def analyst() -> User:
    call_command("make_roles", verbosity=0)
    user = User.objects.create_user("amina", password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name="analyst"))
    return User.objects.get(pk=user.pk)


def head_of(client: Client, address: str) -> str:
    found = re.search("<header.*?</header>", client.get(address).content.decode(), re.DOTALL)
    assert found is not None, address
    return found[0]


class TestWhoIAm:
    @pytest.mark.parametrize("address", ["/", "/people/", "/codebook/", "/account/", "/watching/", "/admin/"])
    def test_each_page_names_its_reader_and_has_the_way_out(self, client: Client, analyst: User, address: str) -> None:
        head = head_of(sign_in(client, analyst), address)
        assert "amina" in head and "Sign out" in head

    def test_strangers_are_shown_the_way_in(self, client: Client) -> None:
        head = head_of(client, "/people/")
        assert "Sign in" in head and "Sign out" not in head


class TestWhatWasWanted:
    def test_it_is_opened_after_password_and_code(self, client: Client, analyst: User) -> None:
        give_factor(analyst)
        door = client.get(WANTED, follow=True).redirect_chain[-1][0]
        asked = client.post(door, {"login": "amina", "password": PASSWORD, "next": WANTED})
        assert asked["Location"] == "/account/second-factor/authenticate/"
        assert client.post(asked["Location"], {"code": code_now()})["Location"] == WANTED

    def test_it_is_offered_once_a_second_factor_is_set_up(self, client: Client, analyst: User) -> None:
        client.post("/account/login/", {"login": "amina", "password": PASSWORD, "next": WANTED})
        assert client.get(WANTED)["Location"] == "/account/second-factor/"
        set_up(client)
        page = client.get("/account/second-factor/recovery/").content.decode()
        assert f'href="{WANTED}">I have them' in page
        assert f'href="{WANTED}">Go on' in client.get("/account/second-factor/").content.decode()
        assert client.get(WANTED).status_code == 200
        assert "Go on where" not in client.get("/account/second-factor/").content.decode()


class TestFollowing:
    def test_a_record_is_followed_where_the_button_was_pressed(self, client: Client, analyst: User) -> None:
        person = make_person("Idris Hasan")
        sign_in(client, analyst)
        assert pressed(client, f"/people/{person.ref}/") == f"/people/{person.ref}/#follow"
        assert "You follow this" in client.get(f"/people/{person.ref}/").content.decode()

    def test_a_filter_is_followed_with_its_filters_and_its_order_kept(self, client: Client, analyst: User) -> None:
        make_person("Idris Hasan")
        address = "/people/?standing=target&ordering=-label"
        sign_in(client, analyst)
        assert pressed(client, address) == f"{address}#follow"
        assert "You follow this filter" in client.get(address).content.decode()
        assert "You follow this filter" in client.get("/people/?standing=target").content.decode()
        assert "You follow this filter" not in client.get("/people/?standing=other").content.decode()

    @pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
    def test_nobody_is_led_to_another_site(self, client: Client, analyst: User, elsewhere: str) -> None:
        sent = {"resource": "people", "ref": make_person().ref, "next": elsewhere}
        assert sign_in(client, analyst).post("/watching/", sent)["Location"] == "/watching/"
        assert Watch.objects.count() == 1


def pressed(client: Client, address: str) -> str:
    """Press Follow on a page; return where that leads."""
    form = re.search('<form class="follow".*?</form>', client.get(address).content.decode(), re.DOTALL)
    assert form is not None
    sent = dict(re.findall('name="(resource|ref|query|next)" value="([^"]*)"', form[0]))
    return client.post("/watching/", {name: value.replace("&amp;", "&") for name, value in sent.items()})["Location"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1100, 1280])
def test_the_head_is_one_line(open_page: Callable[..., Page], live_server: Any, analyst: User, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 800})
    cookie = sign_in(Client(), analyst).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    for address in ("/people/", "/admin/"):
        page.goto(address)
        items = page.locator(".masthead > *, .masthead nav > ul > li, .masthead .who > *, #branding, #user-tools > *")
        boxes = [box for box in (item.bounding_box() for item in items.all()) if box and box["width"] > 1]
        assert max(box["y"] for box in boxes) < min(box["y"] + box["height"] for box in boxes), address
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.goto("/people/")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Codebook", exact=True).click()
    page.wait_for_url("**/codebook/")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_whoever_opens_a_form_can_type_at_once(open_page: Callable[..., Page], live_server: Any, analyst: User) -> None:
    page, bare = open_page(), open_page(java_script_enabled=False)
    cookie = sign_in(Client(), analyst).cookies["sessionid"].value
    for each in (page, bare):
        each.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    for kind, name in {"incident": "title", "person": "label"}.items():
        page.goto(f"/admin/cases/{kind}/add/")
        expect(page.locator(f"[name={name}]")).to_be_focused()
        bare.goto(f"/admin/cases/{kind}/add/")
        expect(bare.locator(f"[name={name}]")).to_have_attribute("autofocus", "")
    page.goto("/admin/cases/legalstatus/add/")
    expect(page.locator(".field-person .select2-selection")).to_be_focused()
