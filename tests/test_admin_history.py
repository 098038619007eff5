"""The history of a record says what changed, from what to what, to those who may see what it is about."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from tests.admin_forms import filled, rows
from tests.factories import (
    make_citation,
    make_detail,
    make_incident,
    make_involvement,
    make_legal_status,
    make_name,
    make_person,
    make_source,
    make_stage,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.force_login(get_user_model().objects.create_superuser("editor"))
    return client


@pytest.fixture
def outsider():
    """Staff with every permission on the models, and no right to read what is not public."""
    user = get_user_model().objects.create_user("outsider", is_staff=True)
    user.user_permissions.set(Permission.objects.exclude(codename__in=["read_team", "read_partner"]))
    client = Client()
    client.force_login(user)
    return client


def change(client, record, **fields):
    """Change what a form shows; names with a hyphen are written with a double underscore."""
    address = page_of(record)
    data = filled(client, address) | {key.replace("__", "-"): value for key, value in fields.items()}
    response = client.post(address, data)
    assert response.status_code == 302, response.context["adminform"].form.errors


def page_of(record, page: str = "change") -> str:
    return f"/admin/{record._meta.app_label}/{record._meta.model_name}/{record.ref}/{page}/"


def history(client, record) -> str:
    response = client.get(page_of(record, "history"))
    assert response.status_code == 200
    return "\n".join(entry.get_change_message() for entry in response.context["action_list"])


def test_old_and_new_values_are_told(editor):
    incident = make_incident()
    stage = make_stage(make_involvement(incident, make_person("Idris Hasan")), occurred="2021-07")
    change(editor, incident, title="Held in Casablanca", status="ended", stages__0__occurred="2021-07-19")
    assert history(editor, incident) == (
        "Changed title “Held in Istanbul” → “Held in Casablanca”; "
        "status “ongoing” → “ended”. "
        "Changed stage “detention” of Idris Hasan: occurred “July 2021” → “19 July 2021”."
    )
    change(editor, stage, kind="release")
    assert history(editor, stage) == "Changed kind “detention” → “release”."


def test_rows_that_were_added_and_removed_are_told(editor):
    person, source = make_person("Idris Hasan"), make_source(title="A report")
    make_legal_status(person)
    change(editor, person, names__1__text="Yidiresi", legal_statuses__0__DELETE="on")
    told = history(editor, person)
    assert "Added person name “Yidiresi” of Idris Hasan." in told
    assert "Removed legal status “citizen, China” of Idris Hasan." in told
    incident = make_incident()
    new = {"person": person.pk, "kind": "detention", "occurred": "2021", "position": 0, "level": "public"}
    new |= {"evidence_source": source.pk, "evidence_field": "kind"}
    data = filled(editor, page_of(incident)) | rows("stages", new)
    assert editor.post(page_of(incident), data).status_code == 302
    told = history(editor, incident)
    assert "Added stage “detention” of Idris Hasan." in told
    assert "Added citation of A report for kind to stage “detention” of Idris Hasan." in told
    assert "Added involvement “subject”, Idris Hasan" in told


def test_a_log_entry_names_its_record_by_reference_only(editor):
    person = make_person("CANARY")
    change(editor, person, occupation="CANARY")
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.object_repr) == (person.ref, person.ref)
    assert "CANARY" not in str(entry) and "Occupation" in str(entry)


def test_values_of_a_part_are_hidden_from_those_who_may_not_see_it(editor, outsider):
    person = make_person()
    make_detail(person, kind="address", value="old CANARY", level="team")
    make_name(person, "second CANARY", level="team")
    change(editor, person, occupation="farmer", details__0__value="new CANARY", names__1__text="third CANARY")
    assert "“old CANARY” → “new CANARY”" in history(editor, person)
    assert history(outsider, person) == "Changed occupation nothing → “farmer”."


def test_a_record_that_is_hidden_later_takes_its_past_with_it(editor, outsider):
    person = make_person()
    detail = make_detail(person, kind="address", value="CANARY street", level="public")
    change(editor, person, details__0__value="CANARY road")
    assert "CANARY" in history(outsider, person)
    detail.level = "team"
    detail.save()
    assert outsider.get(page_of(person, "history")).context["action_list"].paginator.count == 0
    assert "CANARY" in history(editor, person)
    person.level = "team"
    person.save()
    assert outsider.get(page_of(person, "history")).status_code == 404


def test_what_was_removed_stays_as_hidden_as_it_was(editor, outsider):
    person = make_person()
    make_detail(person, kind="address", value="CANARY", level="team")
    make_detail(person, kind="address", value="a street", level="public")
    change(editor, person, details__0__DELETE="on", details__1__DELETE="on")
    assert history(editor, person).count("Removed") == 2
    assert history(outsider, person).count("Removed") == 1


def test_recent_actions_do_not_name_what_is_hidden_now(editor):
    person, other = make_person(), make_person("Other")
    user = get_user_model().objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.exclude(codename__in=["read_team", "read_partner"]))
    editor.force_login(user)
    change(editor, person, occupation="farmer")
    change(editor, other, occupation="farmer")
    assert person.ref in editor.get("/admin/").content.decode()
    person.level = "restricted"
    person.save()
    page = editor.get("/admin/").content.decode()
    assert person.ref not in page and other.ref in page


def test_a_hidden_origin_is_kept_and_not_told(outsider):
    source = make_source()
    hidden = make_source(title="CANARY", level="team")
    source.derived_from = hidden
    source.save()
    change(outsider, source, note="checked", derived_from="")  # the box shows nothing
    source.refresh_from_db()
    assert source.derived_from == hidden
    assert history(outsider, source) == "Changed note nothing → “checked”."


def test_a_citation_from_a_hidden_source_is_not_told(editor, outsider):
    person, hidden = make_person(), make_source(title="CANARY", level="team")
    make_citation(hidden, "label", person=person, stated_value="CANARY")
    change(editor, person, citations__0__stated_value="CANARY 2")
    assert "CANARY 2" in history(editor, person)
    assert outsider.get(page_of(person, "history")).context["action_list"].paginator.count == 0
