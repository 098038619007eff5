"""Lists open on what matters, and forms of lists are written as people write."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client

from cases.models import Country, SilenceThreshold
from records.audit.acts import act
from tests.admin_forms import filled
from tests.factories import make_country, make_person
from tests.signin import make_account, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in() -> Any:
    call_command("make_roles", verbosity=0)

    def as_role(role: str) -> Client:
        user = make_account(role, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        return sign_in(Client(), User.objects.get(pk=user.pk))

    return as_role


def make_everybody() -> None:
    for label, fields in {
        "Adrian": {"standing": "other", "role": "commentator"},
        "Bahar": {"standing": "linked"},
        "Celil": {"standing": "target_by_proxy"},
        "Dolkun": {"standing": "target"},
        "Aziz": {"standing": "target"},
    }.items():
        make_person(label, **fields)


class TestPeople:
    def test_the_page_and_its_export_have_targets_first_and_each_standing_by_name(self, client: Client) -> None:
        make_everybody()
        rows = [row.person.label for row in client.get("/people/").context["rows"]]
        assert rows == ["Aziz", "Dolkun", "Celil", "Bahar", "Adrian"]
        table = b"".join(client.get("/people/export.csv").streaming_content).decode()  # type: ignore[attr-defined]
        assert [line.split(",")[1] for line in table.splitlines()[1:]] == rows

    def test_the_other_way_round_they_come_last_and_by_name_is_one_click_away(self, client: Client) -> None:
        make_everybody()
        page = client.get("/people/")
        assert [(head.text, head.sort) for head in page.context["heads"] if head.sort] == [("Standing", "ascending")]
        turned = client.get("/people/?ordering=-targets").context["rows"]
        assert [row.person.label for row in turned] == ["Adrian", "Bahar", "Celil", "Dolkun", "Aziz"]

    def test_the_api_keeps_its_order_by_name(self, client: Client) -> None:
        make_everybody()
        found = client.get("/api/v1/people/").json()["results"]
        assert [person["label"] for person in found] == ["Adrian", "Aziz", "Bahar", "Celil", "Dolkun"]


class TestWhatChanged:
    def test_what_was_loaded_in_bulk_is_no_news_and_what_came_after_is(self, client: Client) -> None:
        with act("load_seeds", "command", may_open=True):
            make_person("Loaded")
        assert "Nothing since records were loaded on" in client.get("/").content.decode()
        make_person("Entered since")
        assert [each.record.text for each in client.get("/").context["changes"]] == ["Entered since"]


class TestForms:
    def test_other_names_of_a_country_are_written_one_on_each_line(self, signed_in: Any) -> None:
        make_country("TR")
        client, page = signed_in("administrator"), "/admin/cases/country/TR/change/"
        assert "One on each line." in client.get(page).content.decode()
        sent = filled(client, page) | {"aliases": "Turkey\r\n\r\n  Türkei \r\n"}
        assert client.post(page, sent).status_code == 302
        assert Country.objects.get(code="TR").aliases == ["Turkey", "Türkei"]
        assert ">\nTurkey\nTürkei</textarea>" in client.get(page).content.decode()

    def test_thresholds_show_the_defaults_and_lead_to_another_number(self, signed_in: Any) -> None:
        client, page = signed_in("administrator"), "/admin/cases/silencethreshold/"
        usual = {phase.value: days for phase, days in client.get(page).context["usual"]}
        assert (len(usual), usual["detention"], usual["release"]) == (9, 30, 180)
        form = client.get(f"{page}add/?phase=detention").content.decode()
        assert "Detention (default: 30 days)" in form and 'value="30"' in form
        sent = filled(client, f"{page}add/?phase=detention") | {"phase": "detention", "days": "14"}
        assert client.post(f"{page}add/", sent).status_code == 302
        assert SilenceThreshold.objects.get().days == 14
        assert "detention" not in {phase.value for phase, _ in client.get(page).context["usual"]}

    def test_only_whoever_works_here_can_be_named_a_reader_and_whoever_is_named_stays(self, signed_in: Any) -> None:
        client = signed_in("analyst")
        named, gone = make_account("named"), make_account("gone", is_staff=True, is_active=False)
        outsider = make_account("outsider")
        person = make_person(level="team")
        person.readers.add(named)
        form = client.get(f"/admin/cases/person/{person.ref}/change/").context["adminform"].form
        assert {each.username for each in form.fields["readers"].queryset} == {"analyst", "named"}
        assert not {gone, outsider} & set(form.fields["readers"].queryset)
