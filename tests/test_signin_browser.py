"""Signing in by hand, in a real browser: with one-time codes and no script, and with a passkey."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from tests.signin import PASSWORD, code_now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opener = Callable[..., Page]


@pytest.fixture
def clerk(db: None) -> User:
    return User.objects.create_user("clerk", password=PASSWORD, is_staff=True)


def enter(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill("clerk")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_one_time_codes_are_set_up_and_used_without_script(open_page: Opener, clerk: User) -> None:
    page = open_page(java_script_enabled=False, viewport={"width": 360, "height": 740})
    enter(page)
    expect(page.get_by_role("status")).to_contain_text("needs a second factor")
    page.get_by_role("link", name="Set up one-time codes").click()
    expect(page.get_by_alt_text("The key below as a picture")).to_be_visible()
    assert page.locator("img.qr").evaluate("picture => picture.naturalWidth") > 0
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Authenticator code").fill(code_now(secret))
    page.get_by_role("button", name="Set up").click()
    expect(page.locator(".codes li")).to_have_count(10)
    code = page.locator(".codes li").first.inner_text()
    page.goto("/account/")
    page.get_by_role("button", name="Sign out").click()
    enter(page)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_title("Your work | Waymark")


def virtual_key(page: Page) -> Any:
    """Plug in a key that says yes to everything."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools


def test_a_passkey_is_added_and_opens_the_door_alone(browser_page: Page, clerk: User) -> None:
    page = browser_page
    virtual_key(page)
    enter(page)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".codes li")).to_have_count(10)
    assert Authenticator.objects.filter(user=clerk, type=Authenticator.Type.WEBAUTHN).count() == 1
    page.goto("/account/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/admin/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_title("Your work | Waymark")


def test_a_passkey_is_the_second_factor_after_the_password(browser_page: Page, clerk: User) -> None:
    page = browser_page
    virtual_key(page)
    enter(page)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto("/account/")
    page.get_by_role("button", name="Sign out").click()
    enter(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_title("Your work | Waymark")
