"""Nothing that somebody typed is lost: a session that ends, a sign-in in another tab, a form that is sent twice."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from cases.models import Person, PersonName
from tests.admin_forms import filled, rows
from tests.databasefile import database_file
from tests.factories import make_incident, make_involvement, make_person, make_stage
from tests.partners import at_once
from tests.signin import may, sign_in

__all__ = ["database_file"]
pytestmark = pytest.mark.django_db
ADD = "/admin/cases/person/add/"
TYPED = {"label": "Nūr «first» & <co>", "standing": "target", "occupation": "weaver\nand 'poet'"}


@pytest.fixture
def editor() -> User:
    rights = ("read_team", "add_person", "view_person", "change_person", "add_personname", "view_personname")
    return may(User.objects.create_user("editor", is_staff=True), *rights)


@pytest.fixture
def browser(editor: User) -> Client:
    """A browser that sends what pages tell it to send, and whose forms are checked against forgery."""
    return sign_in(Client(enforce_csrf_checks=True), editor)


@pytest.fixture
def staff() -> Client:
    return sign_in(Client(), may(User.objects.create_superuser("editor"), "read_team", "read_partner"))


def token_of(response: Any) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', response.content.decode())
    assert found
    return found[1]


def form(browser: Client, address: str = ADD, **typed: Any) -> dict[str, Any]:
    """Return what a form sends whose first name, and other boxes, were filled in."""
    names = rows("names", {"text": "Nūr", "kind": "primary", "level": "team"})
    plain = filled(browser, address) | TYPED | names | typed
    return plain | {"csrfmiddlewaretoken": token_of(browser.get(address))}


def hidden(response: Any) -> dict[str, str]:
    """Return what the button of a page sends that gives back what was typed."""
    page = response.content.decode()
    kept = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {unescape(name): unescape(value) for name, value in kept} | {
        "again": "1",
        "csrfmiddlewaretoken": token_of(response),
    }


def test_a_form_that_is_sent_twice_makes_one_person(browser: Client) -> None:
    sent = form(browser)
    first, second = (browser.post(ADD, sent) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert second.headers["Location"] == first.headers["Location"]
    assert Person.objects.filter(label=TYPED["label"]).count() == PersonName.objects.filter(text="Nūr").count() == 1
    told = browser.get(second.headers["Location"]).content.decode()
    assert "This form was sent twice. It is saved once, and nothing was added to it." in told


@pytest.mark.django_db(transaction=True)
def test_a_form_that_is_sent_five_times_at_once_makes_one_person(database_file: Path | None, browser: Client) -> None:
    sent = form(browser)

    def send() -> Any:
        copy = Client(enforce_csrf_checks=True)
        copy.cookies = browser.cookies
        return copy.post(ADD, sent)

    answers = at_once(database_file, *[send] * 5)
    assert [answer.status_code for answer in answers] == [302] * 5
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert Person.objects.count() == PersonName.objects.filter(text="Nūr").count() == 1


def test_a_change_that_is_sent_twice_is_carried_out_once(browser: Client) -> None:
    person = make_person("Somebody", review="draft", level="team")
    page = f"/admin/cases/person/{person.ref}/change/"
    sent = form(browser, page, **{"label": "Somebody", "names-0-kind": "also_known_as"})
    assert [browser.post(page, sent).status_code for _ in range(2)] == [302, 302]
    assert person.names.filter(text="Nūr").count() == 1


def test_a_form_that_somebody_goes_back_to_makes_the_next_person(browser: Client) -> None:
    """The browser's own way back shows the filled form, token and all; what is changed there is another person."""
    sent = form(browser)
    browser.post(ADD, sent)
    browser.post(ADD, sent | {"label": "Another", "names-0-text": "Erkin"})
    assert Person.objects.filter(label__in=[TYPED["label"], "Another"]).count() == 2


def test_a_form_that_was_refused_is_sent_again_as_often_as_one_likes(browser: Client) -> None:
    wrong = form(browser, standing="")
    assert [browser.post(ADD, wrong).status_code for _ in range(2)] == [200, 200]
    assert browser.post(ADD, wrong | {"standing": "target"}).status_code == 302
    assert Person.objects.count() == 1


@pytest.mark.parametrize("is_closed", [False, True], ids=["session over", "browser closed"])
def test_what_was_typed_comes_back_after_the_session_ended(browser: Client, editor: User, is_closed: bool) -> None:
    sent = form(browser)
    if is_closed:
        browser.cookies.clear()
    Session.objects.all().delete()
    kept = browser.post(ADD, sent | {"_save": "Save"})
    assert (kept.status_code, kept.headers["Cache-Control"]) == (403, "no-store")
    assert "You are not signed in any more" in kept.content.decode()
    sign_in(browser, editor)
    again = browser.post(ADD, hidden(kept))
    assert (again.status_code, Person.objects.count()) == (200, 0)
    assert "This is what you typed. It is not saved yet: press Save." in again.content.decode()
    shown = again.context["adminform"].form
    assert {name: shown[name].value() for name in TYPED} == TYPED
    assert again.context["inline_admin_formsets"][0].formset.forms[0]["text"].value() == "Nūr"
    assert browser.post(ADD, sent | {"csrfmiddlewaretoken": token_of(again)}).status_code == 302
    assert Person.objects.get().names.get().text == "Nūr"


def test_what_was_typed_comes_back_after_a_sign_in_in_another_tab(browser: Client, editor: User) -> None:
    """Signing in changes what proves that a form comes from us: the one that is open does not know it."""
    sent = form(browser)
    browser.cookies.clear()
    sign_in(browser, editor)
    browser.get(ADD)
    kept = browser.post(ADD, sent)
    assert kept.status_code == 403
    assert "so it could not be told that you sent it" in kept.content.decode()
    again = browser.post(ADD, hidden(kept))
    assert (again.status_code, Person.objects.count()) == (200, 0)
    assert again.context["adminform"].form["label"].value() == TYPED["label"]


def test_a_comment_comes_back_as_text_and_never_as_a_button(browser: Client) -> None:
    person = make_person("Somebody")
    page = f"/admin/cases/person/{person.ref}/change/"
    kept = browser.post(page, {"text": "Who saw <him> last?", "comment": "1"})
    told = kept.content.decode()
    assert kept.status_code == 403
    assert "Who saw &lt;him&gt; last?</pre>" in told
    assert "Show what I typed" not in told


def test_what_is_too_long_is_refused_whole_with_its_limit(staff: Client) -> None:
    """A box that takes no more than its limit cuts what is pasted into it, and says nothing."""
    person = make_person("Somebody", review="draft")
    page = f"/admin/cases/person/{person.ref}/change/"
    assert b"maxlength" not in staff.get(page).content
    most = Person._meta.get_field("label").max_length or 0
    long = staff.post(page, filled(staff, page) | {"label": "x" * (most + 1), "why": "As he says."}).content.decode()
    assert f"Ensure this value has at most {most} characters (it has {most + 1})." in long
    assert "x" * (most + 1) in long
    assert 'name="why" value="As he says."' in long
    sent = {
        "A reason has at most 500 characters; this one has 501.": filled(staff, page) | {"why": "w" * 501},
        "A comment has at most 4000 characters; this one has 4001.": {"comment": "1", "text": "c" * 4001},
    }
    for words, typed in sent.items():
        refused = staff.post(page, typed)
        assert refused.status_code == 400
        assert words in refused.content.decode()
        assert max(typed.values(), key=lambda value: len(str(value))) in refused.content.decode()
    again = staff.post(page, hidden(staff.post(page, filled(staff, page) | {"why": "w" * 501})))
    assert (again.status_code, f'name="why" value="{"w" * 501}"' in again.content.decode()) == (200, True)
    person.refresh_from_db()
    assert (person.label, person.version) == ("Somebody", 1)


@pytest.mark.parametrize("address", ["/account/login/", "/admin/login/", "/admin/auth/user/1/password/", "/admin/"])
def test_a_password_never_comes_back(browser: Client, address: str) -> None:
    secret = "not-to-be-seen"
    told = browser.post(address, {"login": "editor", "password": secret, "password1": secret, "text": "beside it"})
    assert told.status_code == 403
    assert b"not-to-be-seen" not in told.content and b"beside it" not in told.content


@pytest.mark.parametrize("hearings", [60, 200])
def test_a_case_of_many_hearings_is_saved_as_it_was_opened(staff: Client, hearings: int) -> None:
    tried = make_involvement(make_incident(review="draft"), make_person("Tried for years"))
    for number in range(hearings):
        make_stage(tried, "hearing", str(2001 + number % 20))
    address = f"/admin/cases/incident/{tried.incident.ref}/change/"
    sent = filled(staff, address)
    saved = staff.post(address, sent | {"summary": "Tried again and again."})
    assert saved.status_code == 302
    tried.incident.refresh_from_db()
    assert (tried.incident.summary, tried.stages.count()) == ("Tried again and again.", hearings)


def test_more_than_sixty_stages_are_changed_on_pages_of_their_own(staff: Client) -> None:
    tried = make_involvement(make_incident(review="draft"), make_person("Tried for years"))
    for _ in range(60):
        make_stage(tried, "hearing", "2011")
    address = f"/admin/cases/incident/{tried.incident.ref}/change/"
    opened = filled(staff, address)
    assert "stages-59-kind" in opened
    make_stage(tried, "sentence", "2012")
    tables = staff.get(address).context["tables"]
    assert ("stages-TOTAL_FORMS" in filled(staff, address), [table.title for table in tables]) == (False, ["Stages"])
    assert len(tables[0].rows) == 61
    assert staff.get(tables[0].rows[0][0].address).status_code == 200
    another = staff.get(tables[0].links[0].address)
    assert another.context["adminform"].form.initial["involvement"] == tried.pk
    # Who opened the form before that saves what it held.
    assert staff.post(address, opened | {"stages-0-place": "Urumqi"}).status_code == 302
    assert tried.stages.filter(place="Urumqi").count() == 1
