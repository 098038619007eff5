"""Fixtures that open the running site in a real Chromium.

`browser_page` is one page as most readers have it; `open_page(...)` opens pages for other circumstances:

    @pytest.mark.browser
    def test_the_list_works_on_a_telephone_without_script(open_page):
        page = open_page(java_script_enabled=False, viewport={"width": 360, "height": 740})
        page.goto("/people/")

Addresses are relative to the server of the test. A page that asks another host for anything, breaks the
content security policy or meets a script error fails its test.
"""

import os
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from make.chromium import NOT_FOUND, find

FLAGS = [
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run. Without one this is an error, not a skip."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; Django would take the tests' own queries for async.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        path = find(playwright.chromium.executable_path)
        if path is None:
            raise FileNotFoundError(NOT_FOUND)
        flags = FLAGS + ["--no-sandbox"] * (os.geteuid() == 0)  # Chromium's sandbox refuses root
        chromium = playwright.chromium.launch(executable_path=path, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """Open pages under given circumstances, named as playwright's `new_context` names them."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []
    home = urlsplit(live_server.url).netloc

    def open_one(**circumstances) -> Page:
        context = browser.new_context(base_url=live_server.url, **circumstances)
        contexts.append(context)
        page = context.new_page()
        page.on("request", note_other_hosts)
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        page.on("console", note_refusals)
        return page

    def note_other_hosts(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and parts.netloc != home:
            faults.append(f"asked for {request.url}")

    def note_refusals(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            faults.append(message.text)

    yield open_one
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def browser_page(open_page: Callable[..., Page]) -> Page:
    """One page, on a wide screen, with script."""
    return open_page()
