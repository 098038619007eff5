"""The admin's history page, and its list of latest work: old and new side by side, to those who may see both."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Country, Tactic
from tests.admin_forms import filled, rows
from tests.factories import (
    make_citation,
    make_country,
    make_detail,
    make_incident,
    make_involvement,
    make_legal_status,
    make_name,
    make_person,
    make_source,
    make_stage,
    make_tactic,
)
from tests.pasts import by, editor_named, signed_in

pytestmark = pytest.mark.django_db
DRAFT = {"review": "draft"}


@pytest.fixture
def editor():
    return signed_in(editor_named("editor", "read_team"))


@pytest.fixture
def outsider():
    """Staff with every permission on the models, and no right to read what is not public."""
    return signed_in(editor_named("outsider"))


def change(client: Any, record: Any, **fields: Any) -> None:
    """Change what a form shows; names with a hyphen are written with a double underscore."""
    address = page_of(record)
    data = filled(client, address) | {key.replace("__", "-"): value for key, value in fields.items()}
    response = client.post(address, data)
    assert response.status_code == 302, response.context["adminform"].form.errors


def page_of(record: Any, page: str = "change") -> str:
    return f"/admin/{record._meta.app_label}/{record._meta.model_name}/{getattr(record, 'ref', record.pk)}/{page}/"


def history(client: Any, record: Any) -> list[str]:
    """Return what the page tells of the latest act, a line for each field."""
    response = client.get(page_of(record, "history"))
    assert response.status_code == 200
    acts = response.context["acts"].object_list
    return [
        f"{change.operation.label} {change.kind} {change.title}: {each.label} “{each.old.words}” → “{each.new.words}”"
        for change in (acts[0].changes if acts else ())
        for each in change.differences
    ]


def test_old_and_new_values_are_told(editor):
    incident = make_incident(**DRAFT)
    stage = make_stage(make_involvement(incident, make_person("Idris Hasan")), occurred="2021-07")
    change(editor, incident, title="Held in Casablanca", place="the airport", stages__0__occurred="2021-07-19")
    assert history(editor, incident) == [
        "changed incident Held in Casablanca: title “Held in Istanbul” → “Held in Casablanca”",
        "changed incident Held in Casablanca: place “” → “the airport”",
        "changed stage detention, subject, Idris Hasan: occurred “July 2021” → “19 July 2021”",
    ]
    change(editor, stage, kind="release")
    assert history(editor, stage) == ["changed stage release, subject, Idris Hasan: kind “detention” → “release”"]
    page = editor.get(page_of(stage, "history")).content.decode()
    assert "<del>detention</del>" in page and "<ins>release</ins>" in page and "editor · admin" in page


def test_rows_that_were_added_and_removed_are_told(editor):
    person, source = make_person("Idris Hasan", **DRAFT), make_source(title="A report")
    make_legal_status(person)
    change(editor, person, names__1__text="Yidiresi", legal_statuses__0__DELETE="on")
    told = "\n".join(history(editor, person))
    assert "added person name Yidiresi: text “” → “Yidiresi”" in told
    assert "removed legal status citizen, China: country “China” → “”" in told
    incident = make_incident(**DRAFT)
    new = {"person": person.pk, "kind": "detention", "occurred": "2021", "position": 0, "level": "public"}
    new |= {"evidence_source": source.pk, "evidence_field": "kind"}
    data = filled(editor, page_of(incident)) | rows("stages", new)
    assert editor.post(page_of(incident), data).status_code == 302
    told = "\n".join(history(editor, incident))
    assert "added stage detention, subject, Idris Hasan" in told
    assert "added citation A report, kind" in told
    assert "added involvement subject, Idris Hasan" in told


def test_django_keeps_no_log_of_its_own(editor):
    person = make_person("CANARY", **DRAFT)
    change(editor, person, occupation="CANARY")
    detail = make_detail(person)
    assert editor.post(page_of(detail, "delete"), {"post": "yes"}).status_code == 302
    assert not LogEntry.objects.exists()


def test_values_of_a_part_are_hidden_from_those_who_may_not_see_it(editor):
    person = make_person(**DRAFT)
    make_detail(person, kind="address", value="old CANARY", level="team")
    secret = make_name(person, "second CANARY", level="team")
    change(editor, person, occupation="farmer", details__0__value="new CANARY")
    assert any("“old CANARY” → “new CANARY”" in line for line in history(editor, person))
    for row in (secret, *person.details.all()):
        row.level = "restricted"
        row.save()
    assert "CANARY" not in editor.get(page_of(person, "history")).content.decode()


@pytest.mark.attack("E6")
def test_a_record_that_is_hidden_later_takes_its_past_with_it(editor):
    person = make_person(**DRAFT)
    detail = make_detail(person, kind="address", value="CANARY street", level="public")
    change(editor, person, details__0__value="CANARY road")
    assert any("CANARY" in line for line in history(editor, person))
    detail.refresh_from_db()
    detail.level = "restricted"
    detail.save()
    page = editor.get(page_of(person, "history"))
    assert "CANARY" not in page.content.decode()
    assert all(change.key.model is not type(detail) for act in page.context["acts"] for change in act.changes)
    person.refresh_from_db()
    person.level = "restricted"
    person.save()
    assert editor.get(page_of(person, "history")).status_code == 404


@pytest.mark.attack("E6")
def test_who_is_not_on_the_team_finds_no_history(outsider, editor):
    person = make_person()
    missing = page_of(person, "history").replace(person.ref, "PER-00000000")
    assert outsider.get(page_of(person)).status_code == 200
    assert outsider.get(page_of(person, "history")).status_code == outsider.get(missing).status_code == 404
    assert "historylink" not in outsider.get(page_of(person)).content.decode()
    assert "historylink" in editor.get(page_of(person)).content.decode()


@pytest.mark.attack("E6")
def test_latest_work_does_not_name_what_is_hidden_now(editor):
    person, other = make_person(**DRAFT), make_person("Other", **DRAFT)
    change(editor, person, occupation="farmer")
    change(editor, other, occupation="farmer")
    assert person.ref in editor.get("/admin/").content.decode()
    person.refresh_from_db()
    person.level = "restricted"
    person.save()
    page = editor.get("/admin/").content.decode()
    assert person.ref not in page and other.ref in page


@pytest.mark.attack("E6")
def test_a_hidden_origin_is_kept_and_not_told(editor):
    source = make_source(**DRAFT)
    hidden = make_source(title="CANARY", level="restricted")
    source.derived_from = hidden
    source.save()
    change(editor, source, note="checked", derived_from="")  # the box shows nothing
    source.refresh_from_db()
    assert source.derived_from == hidden
    assert [line.partition(": ")[2] for line in history(editor, source)] == ["note “” → “checked”"]


@pytest.mark.attack("E6")
def test_a_citation_from_a_hidden_source_is_not_told(editor):
    person, source = make_person(**DRAFT), make_source(title="CANARY")
    make_citation(source, "label", person=person, stated_value="CANARY")
    change(editor, person, citations__0__stated_value="CANARY 2")
    assert any("CANARY 2" in line for line in history(editor, person))
    source.level = "restricted"
    source.save()
    assert "CANARY" not in editor.get(page_of(person, "history")).content.decode()


def test_terms_accounts_and_roles_have_a_history_too():
    root = User.objects.create_superuser("root")
    client, term, group = signed_in(root), make_tactic(), Group.objects.create(name="Helpers")
    country = make_country("TR")
    with by(root):
        Country.objects.filter(pk=country.pk).update(aliases=["Kanada", "加拿大"])
        Tactic.objects.filter(pk=term.pk).update(label="held")
        root.first_name = "Ruth"
        root.save()
        root.groups.add(group)
    assert [line.partition(": ")[2] for line in history(client, country)] == ["aliases “Turkey” → “Kanada, 加拿大”"]
    assert history(client, term) == ["changed tactic : label “detention” → “held”"]
    assert [line.partition(": ")[2] for line in history(client, root)] == [
        "first name “” → “Ruth”",
        "groups “” → “Helpers”",
    ]
    assert "password" not in client.get(page_of(root, "history")).content.decode().replace("password_change", "")


def test_a_history_page_asks_as_many_questions_however_long_it_is(editor):
    counts = []
    for length in (2, 8):
        incident = make_incident(**DRAFT)
        for number in range(length):
            stage = make_stage(make_involvement(incident, make_person(f"Person {number}")))
            make_citation(make_source(), "occurred", stage=stage)
        with CaptureQueriesContext(connection) as captured:
            editor.get(page_of(incident, "history"))
        counts.append(len(captured))
    assert counts[0] == counts[1] < 45
