"""Breaking the glass: who may, what it opens and for how long, and who hears of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db.models import F
from django.test import Client
from django.utils import timezone

from cases.models import Person
from records.access.broken_glass import OPEN_FOR
from records.models import AuditEntry, BreakGlass
from records.vocabulary import AuditKind
from tests.factories import make_person
from tests.signin import grow_old, may, sign_in

ADD = "/admin/records/breakglass/add/"
CLOSE = "/admin/records/breakglass/close/"
REASON = "The lawyer on call needs the hearing's date within the hour."
SECRET = "Qzxhiddenname"

pytestmark = pytest.mark.django_db


@pytest.fixture
def superuser() -> User:
    return User.objects.create_superuser("root")


@pytest.fixture
def root(superuser: User) -> Client:
    """A superuser who was granted nothing to read."""
    return sign_in(Client(), superuser)


@pytest.fixture
def hidden() -> Person:
    return make_person(SECRET, level="restricted")


def break_glass(client: Client, reason: str = REASON) -> Any:
    return client.post(ADD, {"reason": reason})


def entries(**told: Any) -> list[AuditEntry]:
    found = AuditEntry.objects.filter(kind=AuditKind.BREAK_GLASS).order_by("number")
    return [entry for entry in found if told.items() <= json.loads(entry.details).items()]


def test_a_superuser_reads_public_records_only(root: Client, hidden: Person) -> None:
    levels = {level: make_person(f"Of {level}", level=level) for level in ("public", "partner", "team", "restricted")}
    levels["draft"] = make_person("Of draft", review="draft")
    page = root.get("/people/").content.decode()
    assert [name for name in levels if f"Of {name}" in page] == ["public"]
    assert root.get(f"/people/{hidden.ref}/").status_code == 404
    assert root.get(f"/admin/cases/person/{hidden.ref}/change/").status_code == 404
    assert SECRET not in root.get("/admin/cases/person/").content.decode()


def test_breaking_the_glass_opens_everything_to_one_person(root: Client, hidden: Person) -> None:
    assert break_glass(root).status_code == 302
    assert SECRET in root.get(f"/people/{hidden.ref}/").content.decode()
    assert SECRET in root.get("/people/").content.decode()
    assert root.get(f"/admin/cases/person/{hidden.ref}/change/").status_code == 200
    other = sign_in(Client(), User.objects.create_superuser("other"))
    assert other.get(f"/people/{hidden.ref}/").status_code == 404


def test_it_is_over_after_fifteen_minutes_whatever_runs(root: Client, hidden: Person) -> None:
    break_glass(root)
    later = OPEN_FOR - timedelta(seconds=30)
    BreakGlass.objects.update(opened_at=F("opened_at") - later)
    assert root.get(f"/people/{hidden.ref}/").status_code == 200
    BreakGlass.objects.update(opened_at=F("opened_at") - timedelta(seconds=30))
    assert root.get(f"/people/{hidden.ref}/").status_code == 404
    assert "You have broken the glass" not in root.get("/people/").content.decode()


def test_it_can_be_closed_before_its_time(root: Client, hidden: Person) -> None:
    break_glass(root)
    grow_old(root, 60)
    assert root.get(CLOSE).status_code == 405
    assert root.post(CLOSE).status_code == 302
    assert root.get(f"/people/{hidden.ref}/").status_code == 404
    assert [entry.actor for entry in entries(done="closed", of="root")] == ["root"]


@pytest.mark.parametrize("reason", ["", "urgent", "x" * 19, " " * 30])
def test_it_takes_a_reason(root: Client, reason: str) -> None:
    response = break_glass(root, reason)
    assert response.context["adminform"].form.errors["reason"]
    assert not BreakGlass.objects.exists()


def test_it_takes_the_right_to_and_a_recent_sign_in(root: Client) -> None:
    staff = User.objects.create_user("clerk", is_staff=True)
    clerk = sign_in(Client(), may(staff, "view_person", "read_team"))
    assert break_glass(clerk).status_code == 403
    grow_old(root, 20)
    assert "reauthenticate" in break_glass(root)["Location"]
    assert not BreakGlass.objects.exists()


def test_nobody_breaks_it_for_somebody_else_or_for_longer(root: Client, superuser: User) -> None:
    other = User.objects.create_user("other")
    root.post(ADD, {"reason": REASON, "user": other.pk, "opened_at_0": "2099-01-01", "opened_at_1": "00:00"})
    glass = BreakGlass.objects.get()
    assert glass.user == superuser
    assert glass.until < timezone.now() + OPEN_FOR
    assert "broken the glass already" in str(break_glass(root).context["adminform"].form.errors)


def test_what_was_broken_is_never_changed_or_removed(root: Client) -> None:
    break_glass(root)
    glass = BreakGlass.objects.get()
    for what in ("change", "delete"):
        response = root.post(f"/admin/records/breakglass/{glass.pk}/{what}/", {"reason": "x" * 30, "post": "yes"})
        assert response.status_code == 403
    glass.refresh_from_db()
    assert glass.reason == REASON


def test_breaking_closing_and_everything_read_under_it_are_in_the_audit_trail(root: Client, hidden: Person) -> None:
    break_glass(root)
    assert [entry.actor for entry in entries(done="broken", reason=REASON)] == ["root"]
    root.get(f"/people/{hidden.ref}/")
    root.get(f"/api/v1/people/{hidden.ref}/")
    root.get("/people/export.csv").getvalue()
    read = entries(done="read")
    assert {entry.channel for entry in read} == {"page", "api"}
    assert all(hidden.ref in entry.subjects for entry in read)
    assert len(read) == 3
    root.post(CLOSE)
    root.get("/people/")
    assert len(entries(done="read")) == 3


def test_it_is_loud(root: Client, settings: Any, django_capture_on_commit_callbacks: Any) -> None:
    settings.ADMINS = [("on call", "oncall@example.org")]
    colleague = sign_in(Client(), may(User.objects.create_user("colleague", is_staff=True), "read_team", "view_person"))
    with django_capture_on_commit_callbacks(execute=True):
        break_glass(root)
    for page in ("/", "/people/", "/admin/", "/admin/cases/person/", "/codebook/"):
        text = root.get(page).content.decode()
        assert "You have broken the glass" in text, page
        assert CLOSE in text
    for page in ("/", "/admin/"):
        text = colleague.get(page).content.decode()
        assert "root has broken the glass" in text.replace("<strong>", "").replace("</strong>", "")
        assert REASON.replace("'", "&#x27;") in text
    for page in ("/", "/people/"):
        assert "broken the glass" not in Client().get(page).content.decode()
    (sent,) = mail.outbox
    assert "root" in sent.body
    assert REASON not in sent.body


def test_the_team_hears_of_it_for_seven_days_even_when_it_was_closed_at_once(root: Client) -> None:
    reader = sign_in(Client(), may(User.objects.create_user("reader"), "read_team"))
    break_glass(root)
    root.post(CLOSE)
    home = reader.get("/").content.decode()
    assert "root broke the glass" in home and REASON.replace("'", "&#x27;") in home
    BreakGlass.objects.update(opened_at=F("opened_at") - timedelta(days=8))
    assert "broke the glass" not in reader.get("/").content.decode()


def test_no_mail_is_sent_where_nobody_is_named(root: Client, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        break_glass(root)
    assert mail.outbox == []


def test_a_reader_without_the_right_sees_nothing_of_it(root: Client) -> None:
    break_glass(root)
    reader = sign_in(Client(), may(User.objects.create_user("editor", is_staff=True), "view_person"))
    assert reader.get("/admin/records/breakglass/").status_code == 403
    assert "broken the glass" not in reader.get("/").content.decode()
