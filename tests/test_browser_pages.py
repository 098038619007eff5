"""The pages in a real browser: without script, on a telephone, in the dark, by keyboard and on paper."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from sources.copies.making import taken_in
from sources.models import Capture
from tests.factories import make_citation, make_incident, make_involvement, make_person, make_source, make_stage
from tests.telling_files import photo_jpeg
from tests.world import make_case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opener = Callable[..., Page]
TELEPHONE = {"width": 360, "height": 740}


@pytest.fixture
def kerem() -> SimpleNamespace:
    """A person with a case, and another one without."""
    person = make_person("Kerem Mamut")
    incident = make_incident("Held in Istanbul")
    stage = make_stage(make_involvement(incident, person), "detention", "2018-10")
    source = make_source(title="The report of a long title that must wrap on a narrow screen", outlet="Agency")
    make_citation(source, "occurred", stage=stage, stated_value="last October")
    make_person("Lokman", standing="other", role="lawyer")
    return SimpleNamespace(person=person, incident=incident, stage=stage, source=source)


def shows(page: Page, *names: str) -> None:
    """Wait until the list holds these rows and no others."""
    expect(page.locator(".rows tbody th a")).to_have_text(list(names))


def test_a_list_is_filtered_by_clicking_and_a_chip_takes_the_filter_off(
    open_page: Opener, kerem: SimpleNamespace
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/people/")
    shows(page, "Kerem Mamut", "Lokman")
    page.get_by_text("Standing", exact=True).first.click()
    page.get_by_label("Target", exact=True).check()
    page.get_by_role("button", name="Apply filters").click()
    shows(page, "Kerem Mamut")
    assert page.url.endswith("/people/?standing=target")
    page.locator(".chip").click()
    shows(page, "Kerem Mamut", "Lokman")
    assert page.url.endswith("/people/")


def test_a_second_country_is_added_to_the_first(open_page: Opener, kerem: SimpleNamespace) -> None:
    page = open_page(java_script_enabled=False)
    make_incident("Held in Casablanca", location="MA")
    page.goto("/incidents/?host=MA")
    page.get_by_label("Another country").first.select_option("TR")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator(".rows tbody tr")).to_have_count(2)
    assert page.url.endswith("?host=MA&host=TR")


def test_a_click_on_a_head_sorts(open_page: Opener, kerem: SimpleNamespace) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/people/")
    page.get_by_role("link", name="Name").click()
    shows(page, "Kerem Mamut", "Lokman")
    page.get_by_role("link", name="Name").click()
    shows(page, "Lokman", "Kerem Mamut")
    expect(page.get_by_role("columnheader", name="Name")).to_have_attribute("aria-sort", "descending")


def test_pages_are_turned_by_clicking(open_page: Opener) -> None:
    for number in range(51):
        make_person(f"Person {number:02}")
    page = open_page(java_script_enabled=False)
    page.goto("/people/")
    page.get_by_role("link", name="Next page").click()
    shows(page, "Person 50")
    page.get_by_role("link", name="Previous page").click()
    shows(page, *(f"Person {number:02}" for number in range(50)))


def test_the_evidence_opens_by_click_and_by_keyboard(open_page: Opener, kerem: SimpleNamespace) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"/people/{kerem.person.ref}/")
    statement = page.get_by_text("last October")
    expect(statement).to_be_hidden()
    page.locator(".timeline .proof > summary").click()
    expect(statement).to_be_visible()
    page.keyboard.press("Enter")
    expect(statement).to_be_hidden()


def test_the_keyboard_comes_to_the_content_first(open_page: Opener, kerem: SimpleNamespace) -> None:
    page = open_page()
    page.goto("/people/")
    page.keyboard.press("Tab")
    skip = page.get_by_text("Skip to the content")
    expect(skip).to_be_focused()
    assert skip.evaluate("link => link.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def addresses(kerem: SimpleNamespace) -> list[str]:
    case = make_case(1)
    return [
        "/",
        "/people/",
        "/people/?q=nobody&standing=linked",
        "/people/?nonsense=1",
        "/incidents/",
        "/sources/",
        "/countries/",
        "/codebook/",
        "/search/?q=kerem",
        f"/people/{kerem.person.ref}/",
        f"/people/{case.person.ref}/",
        f"/incidents/{case.incident.ref}/",
        f"/notices/{case.notice.ref}/",
        f"/sources/{case.source.ref}/",
        f"/agreements/{case.agreement.ref}/",
        "/countries/CN/",
        "/nothing/",
    ]


def test_no_page_scrolls_sideways_on_a_telephone(open_page: Opener, kerem: SimpleNamespace) -> None:
    page = open_page(viewport=TELEPHONE)
    for address in addresses(kerem):
        page.goto(address)
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"], address


def test_the_filters_stand_open_on_a_wide_screen_and_fold_on_a_telephone(
    open_page: Opener, kerem: SimpleNamespace
) -> None:
    button = "Apply filters"
    wide = open_page(java_script_enabled=False)
    wide.goto("/people/")
    expect(wide.get_by_role("button", name=button)).to_be_visible()
    narrow = open_page(java_script_enabled=False, viewport=TELEPHONE)
    narrow.goto("/people/")
    expect(narrow.get_by_role("button", name=button)).to_be_hidden()
    narrow.locator(".sidebar > summary").click()
    expect(narrow.get_by_role("button", name=button)).to_be_visible()


#: The ratio of lightness between each text and what lies behind it (WCAG 2), for texts that fall short of it.
TOO_FAINT = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = css => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = css; canvas.fillRect(0, 0, 1, 1);
                        return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = el => { for (; el; el = el.parentElement) {
    const colour = rgba(getComputedStyle(el).backgroundColor); if (colour[3] === 255) return colour; }
    return [255, 255, 255]; };
  const faint = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const el = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !el.checkVisibility() || el.closest('[aria-hidden], .unseen')) continue;
    const [a, b] = [light(rgba(getComputedStyle(el).color)), light(behind(el))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) faint.add(`${el.tagName}.${el.className}: ${walk.currentNode.data.trim()}`);
  }
  return [...faint];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out_from_its_ground(open_page: Opener, kerem: SimpleNamespace, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    for address in addresses(kerem):
        page.goto(address)
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        assert page.evaluate(TOO_FAINT) == [], address


def test_the_dark_scheme_is_dark(open_page: Opener) -> None:
    page = open_page(color_scheme="dark")
    page.goto("/")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(int(number) for number in re.findall(r"\d+", ground)) < 60


def test_paper_shows_the_evidence_and_no_filters(open_page: Opener, kerem: SimpleNamespace) -> None:
    page = open_page()
    page.goto(f"/people/{kerem.person.ref}/")
    page.emulate_media(media="print")
    expect(page.get_by_text("last October")).to_be_visible()
    expect(page.get_by_role("search")).to_be_hidden()
    page.goto("/people/")
    expect(page.locator(".sidebar")).to_be_hidden()


def test_every_page_has_landmarks_one_heading_and_names_for_its_controls(
    open_page: Opener, kerem: SimpleNamespace
) -> None:
    page = open_page()
    for address in addresses(kerem):
        page.goto(address)
        for landmark in ("banner", "main", "contentinfo"):
            expect(page.get_by_role(landmark)).to_have_count(1)
        expect(page.locator("h1")).to_have_count(1)
        nameless = page.evaluate(
            "[...document.querySelectorAll('input:not([type=hidden]), select')].filter(e => !e.labels.length).length"
        )
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        twice = [name for name, times in Counter(ids).items() if times > 1]
        assert nameless == 0 and twice == [], (address, nameless, twice)


def test_a_reader_looks_at_the_copies_of_a_photograph_and_of_a_page(open_page: Opener, kerem: SimpleNamespace) -> None:
    """A picture is shown upright, a page as its text, in which nothing runs."""
    for content, kind in ((photo_jpeg(), "image/jpeg"), (b"<title>Held</title><script>alert(1)</script>", "text/html")):
        capture = Capture(source=kerem.source, media_type=kind, level="public")
        with taken_in([content], kind) as files:
            files.name_in(capture)
        capture.save()
    page = open_page()
    page.goto(f"/sources/{kerem.source.ref}/")
    page.get_by_role("link", name="Copy without metadata").first.click()
    expect(page.locator("img")).to_have_count(1)
    assert page.evaluate("[document.images[0].naturalWidth, document.images[0].naturalHeight]") == [64, 96]
    page.go_back()
    page.get_by_role("link", name="Copy without metadata").last.click()
    expect(page.locator("body")).to_have_text("Held")
    page.go_back()
    expect(page.get_by_text("Sealed file, kept by the team")).to_have_count(2)


#: Where a name ends and where the day after it begins, in a line of the search page; and how links are kept apart.
PLACES = """() => {
  const line = [...document.querySelectorAll(".outlet")].find((each) => each.textContent.includes("July 2021"));
  const words = line.lastChild, range = document.createRange(), at = words.data.indexOf("8");
  range.setStart(words, at); range.setEnd(words, at + 1);
  const link = line.parentElement.querySelector("a");
  return [line.querySelector("bdi").getBoundingClientRect().right, range.getBoundingClientRect().left,
    getComputedStyle(link).unicodeBidi];
}"""


def test_a_date_after_a_name_in_arabic_letters_is_not_turned_round(open_page: Opener) -> None:
    make_source(title="Held", outlet="الجزيرة", published="2021-07-08")
    page = open_page()
    page.goto("/search/?q=Held")
    name_ends, day_begins, link = page.evaluate(PLACES)
    assert name_ends < day_begins, "8 July 2021 stands after the name, and not July 2021 after 8"
    assert link == "plaintext"
