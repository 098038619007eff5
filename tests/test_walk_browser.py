"""From an article to a published case, in a real browser, by people whose accounts were made as the README says.

An analyst pastes an article and enters what it tells; a reviewer reads it as others will, sends it back and approves;
a stranger finds it. What the analyst has to fill in, choose and press is counted. SCREENSHOTS=folder keeps pictures.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.signin import PASSWORD
from tests.test_roles_browser import installed, make_account, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opener = Callable[..., Page]
MOST_INTERACTIONS, MOST_LOADS = 25, 3
TITLE, ARTICLE_TITLE = "Taken off a plane at Casablanca", "Traveller taken off a plane"
NAME, NAME_IN_UYGHUR = "Nur Weaver", "نۇر توقۇمىچى"
ARTICLE = "\n\n".join(
    [
        f"{NAME} ({NAME_IN_UYGHUR}) was taken off a plane at Casablanca on 19 July 2021.",
        "She was held in the prison of Tiflet from 20 July 2021.",
        "A court heard her on 15 December 2021. Her lawyer said that China had asked for her.",
    ]
)
#: What happened, when, and in which paragraph it stands.
STEPS = [
    ("questioned", "questioned", "2021-07-19", 1),
    ("detention", "detention", "2021-07-20", 2),
    ("hearing", "hearing", "2021-12-15", 3),
]


class Hands:
    """Somebody's hands on a page: each box that is filled in or chosen, and each button that is pressed, counts."""

    def __init__(self, page: Page, who: str) -> None:
        self.page, self.who, self.interactions, self.loads, self.pictures = page, who, 0, 0, 0
        page.on("framenavigated", lambda frame: self._navigated(frame))

    def _navigated(self, frame: Any) -> None:
        self.loads += frame == self.page.main_frame and frame.url.startswith("http")

    def open(self, address: str) -> None:
        self.page.goto(address)

    def fill(self, box: str, text: str) -> None:
        self.page.locator(f"[name='{box}']").fill(text)
        self.interactions += 1

    def choose(self, box: str, value: str, words: str) -> None:
        """Choose from a list, whether script has made one of the box or not."""
        found = self.page.locator(f"[name='{box}']")
        if found.first.get_attribute("type") == "radio":
            found.and_(self.page.locator(f"[value='{value}']")).check()
        elif self.page.locator(f"[name='{box}'] ~ .select2").count():
            self.page.locator(f"[name='{box}'] ~ .select2 .select2-selection").click()
            self.page.locator(".select2-search__field").fill(words)
            self.page.locator(".select2-results__option--highlighted", has_text=words).click()
        elif found.evaluate("each => each.tagName") == "SELECT":
            found.select_option(value)
        else:
            found.fill(words if box in ("origin", "host") else value)
        self.interactions += 1

    def press(self, button: Locator) -> None:
        button.click()
        self.interactions += 1

    def picture(self, name: str) -> None:
        """Keep a picture of the page, where somebody asked for them."""
        if folder := os.environ.get("SCREENSHOTS"):
            self.pictures += 1
            path = Path(folder) / f"{self.who}-{self.pictures:02}-{name}.png"
            self.page.screenshot(path=path, full_page=True)


def enters_an_article(analyst: Hands) -> None:
    """Paste an article, and enter the case that it tells, sent to review."""
    analyst.open("/admin/sources/sourcedocument/add/")
    analyst.fill("title", ARTICLE_TITLE)
    analyst.fill("outlet", "The Daily Lantern")
    analyst.fill("published", "2021-12-16")
    analyst.fill("text", ARTICLE)
    analyst.choose("level", "public", "public")
    analyst.picture("source")
    analyst.press(analyst.page.get_by_role("button", name="Save and enter a case from it"))
    analyst.fill("names", f"{NAME}\n{NAME_IN_UYGHUR}")
    analyst.fill("title", TITLE)
    analyst.choose("origin", "CN", "China")
    analyst.choose("host", "MA", "Morocco")
    for number, (kind, words, occurred, paragraph) in enumerate(STEPS):
        analyst.choose(f"stages-{number}-kind", kind, words)
        analyst.fill(f"stages-{number}-occurred", occurred)
        analyst.fill(f"stages-{number}-paragraph", str(paragraph))
    analyst.picture("case")
    analyst.press(analyst.page.get_by_role("button", name="Save and send to review"))
    expect(analyst.page.locator(".messagelist .success")).to_contain_text("sent to review")
    analyst.picture("sent")


def proposal_of(page: Page, words: str) -> None:
    """Open what waits about a record, from the queue."""
    page.goto("/admin/records/proposal/")
    page.locator("#result_list tbody tr", has_text=words).first.get_by_role("link").first.click()


def test_an_article_becomes_a_case_that_strangers_find(open_page: Opener, live_server: Any) -> None:
    first = signed_in(open_page(), *installed())
    for role in ("analyst", "reviewer"):
        make_account(first, role, role, is_staff=True)
    analyst = Hands(signed_in(open_page(), "analyst", PASSWORD), "analyst")
    reviewer = Hands(signed_in(open_page(), "reviewer", PASSWORD), "reviewer")
    analyst.loads = 0
    enters_an_article(analyst)
    print(f"{analyst.interactions} interactions, {analyst.loads} page loads")
    assert analyst.interactions <= MOST_INTERACTIONS and analyst.loads <= MOST_LOADS
    looks_and_sends_back(reviewer)
    mends_and_sends_again(analyst)
    approves_all(reviewer)
    a_stranger_finds_it(open_page(), live_server.url)


def looks_and_sends_back(reviewer: Hands) -> None:
    """Read what waits: what stays shut and why, and what is missing; send it back with a reason."""
    page = reviewer.page
    proposal_of(page, TITLE)
    for words in ("What stays shut", "which is in review", "What is missing", "No tactic is told."):
        expect(page.locator("#content-main")).to_contain_text(words)
    reviewer.picture("case")
    page.get_by_label("Answer (needed to send it back)").fill("Which tactic was it? Say so.")
    page.get_by_role("button", name="Send back").click()
    expect(page.locator(".messagelist .success")).to_contain_text("is sent back")


def mends_and_sends_again(analyst: Hands) -> None:
    """Find what came back on the first page of the admin, read why, mend it, and send it again."""
    page = analyst.page
    page.goto("/admin/")
    expect(page.locator("#content")).to_contain_text("Which tactic was it?")
    analyst.picture("came-back")
    page.locator("#content").get_by_role("link", name=re.compile(TITLE)).first.click()
    page.wait_for_load_state()
    if "/proposal/" in page.url:
        page.locator("#content").get_by_role("link", name=re.compile(TITLE)).first.click()
    page.locator("[name='tactics_used-0-tactic']").select_option("detention")
    page.locator("[name=review][value=in_review]").check()
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator(".messagelist .success").first).to_be_visible()


def approves_all(reviewer: Hands) -> None:
    """Approve the source and the person; read the case as others will, with the evidence for each fact; approve it."""
    page = reviewer.page
    for words in (ARTICLE_TITLE, NAME):
        approves(reviewer, words)
    proposal_of(page, TITLE)
    for words in ("20 July 2021", ARTICLE_TITLE, "paragraph 2", "detention", "She was held in the prison of Tiflet"):
        expect(page.locator("#content-main")).to_contain_text(words)
    expect(page.locator("#content-main")).not_to_contain_text("What stays shut")
    reviewer.picture("case-with-evidence")
    for who in ("a stranger", "a partner", "the team"):
        page.get_by_role("link", name=who, exact=True).click()
        expect(page.locator(".read-as")).to_contain_text(f"As {who} will read it")
        for words in (TITLE, "20 July 2021", "The Daily Lantern"):
            expect(page.locator("article.record")).to_contain_text(words)
        reviewer.picture(f"as-{who.split()[1]}")
        page.get_by_role("link", name="Back to the proposal").click()
    approves(reviewer, TITLE)


def approves(reviewer: Hands, words: str) -> None:
    proposal_of(reviewer.page, words)
    reviewer.page.get_by_role("button", name="Approve and carry out").click()
    expect(reviewer.page.locator(".messagelist .success")).to_contain_text("is approved and carried out")
    reviewer.picture("approved")


def a_stranger_finds_it(page: Page, server: str) -> None:
    """Find the case by search, read it on its page, by the API and as CSV."""
    page.goto(f"/search/?q={NAME_IN_UYGHUR}")
    page.locator("#content").get_by_role("link", name=NAME).first.click()
    expect(page.locator("article.record")).to_contain_text(NAME_IN_UYGHUR)
    page.get_by_role("link", name=TITLE).first.click()
    for words in ("20 July 2021", "15 December 2021", "The Daily Lantern", "Morocco", "China"):
        expect(page.locator("article.record")).to_contain_text(words)
    assert "prison of Tiflet" not in page.content()  # the text of the article is the team's
    with urlopen(f"{server}/api/v1/incidents/?q=Casablanca") as answer:
        [found] = [each for each in json.load(answer)["results"] if each["title"] == TITLE]
    assert [stage["kind"] for stage in found["stages"]] == ["questioned", "detention", "hearing"]
    assert found["people"][0]["label"] == NAME and found["sources"]
    with urlopen(f"{server}/incidents/export.csv") as answer:
        assert TITLE in answer.read().decode()


def test_without_script_it_takes_as_many(open_page: Opener, live_server: Any) -> None:
    first = signed_in(open_page(), *installed())
    make_account(first, "analyst", "analyst", is_staff=True)
    analyst = Hands(signed_in(open_page(java_script_enabled=False), "analyst", PASSWORD), "analyst-no-script")
    analyst.loads = 0
    enters_an_article(analyst)
    print(f"without script: {analyst.interactions} interactions, {analyst.loads} page loads")
    assert analyst.interactions <= MOST_INTERACTIONS and analyst.loads <= MOST_LOADS
