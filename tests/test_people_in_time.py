"""When people were born by their age on a day, where they lived, to whom they belonged, and from when to when."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from cases.models.birth import born_by_age, narrowed
from records.fields.edtf import UncertainDate
from tests.admin_forms import rows
from tests.factories import make_country, make_detail, make_legal_status, make_person, make_relationship
from tests.signin import may, sign_in

#: Age, the day of it, and between which days the person was born: worked out by hand.
AGES = [
    (34, "2021-07-19", "1986-07-20/1987-07-19"),
    (0, "2021-07-19", "2020-07-20/2021-07-19"),
    (34, "2021-07", "1986-07-02/1987-07-31"),
    (34, "2021", "1986-01-02/1987-12-31"),
    (20, "2020-02-29", "1999-03-01/2000-02-29"),
    (21, "2020-02-29", "1998-03-01/1999-02-28"),
    (20, "2021-02-28", "2000-02-29/2001-02-28"),
    (20, "2021-03-01", "2000-03-02/2001-03-01"),
    (40, "2019-01-25/..", None),
]


@pytest.mark.parametrize(("age", "day", "born"), AGES)
def test_an_age_on_a_day_tells_between_which_days_somebody_was_born(age: int, day: str, born: str | None) -> None:
    told = born_by_age(age, UncertainDate.parse(day))
    assert (str(told) if told else None) == born


@pytest.mark.parametrize(
    ("births", "born"),
    [
        (["1986-07-20/1987-07-19", "1987-01-01/1987-12-31"], "1987-01-01/1987-07-19"),
        (["1986-01-01/1986-12-31", "1986-12-31/1987-12-30"], "1986-12-31"),
        (["1986-01-01/1986-12-31", "1990-01-01/1990-12-31"], "1986-01-01/1990-12-31"),
        ([], None),
    ],
)
def test_ages_that_agree_narrow_it_and_ages_that_do_not_leave_all_days(births: list[str], born: str | None) -> None:
    told = narrowed(map(UncertainDate.parse, births))
    assert (str(told) if told else None) == born


@pytest.mark.django_db
def test_the_birth_by_an_age_is_told_on_page_dossier_and_api(client: Client) -> None:
    person = make_person("Aybek Tursun")
    make_detail(person, kind="age", value="34", date="2021-07-19")
    make_detail(person, kind="age", value="35", date="2021-12-31", level="team")
    told = client.get(f"/api/v1/people/{person.ref}/").json()["born"]
    assert told["edtf"] == "1986-07-20/1987-07-19"
    for address in (f"/people/{person.ref}/", f"/people/{person.ref}/dossier/"):
        page = client.get(address).content.decode()
        assert "between 20 July 1986 and 19 July 1987" in page and "34 years old on 19 July 2021" in page
        assert "35 years" not in page
    make_detail(person, kind="born", date="1987-05")
    assert client.get(f"/api/v1/people/{person.ref}/").json()["born"]["edtf"] == "1987-05"


@pytest.fixture
def staff(client: Client, db: None) -> Client:
    sign_in(client, may(get_user_model().objects.create_superuser("editor"), "read_team", "read_partner"))
    return client


@pytest.mark.parametrize(
    ("value", "day", "field"), [("thirty", "2021", "value"), ("34", "", "date"), ("131", "2021", "value")]
)
def test_an_age_is_a_number_of_years_on_a_day(staff: Client, value: str, day: str, field: str) -> None:
    given: dict[str, Any] = {"person": make_person(review="draft").pk, "kind": "age", "level": "public"}
    answer = staff.post("/admin/cases/persondetail/add/", given | rows("citations") | {"value": value, "date": day})
    assert list(answer.context["adminform"].form.errors) == [field]


@pytest.mark.django_db
def test_a_relationship_has_its_dates_and_is_read_from_both_ends_as_of_a_day(client: Client) -> None:
    person, newsroom = make_person("Aybek Tursun"), make_person("The Lantern", kind="organisation", standing="other")
    make_relationship(person, newsroom, "member_of", since="2015-03", until="2018")
    partner = make_person("Gulnar")
    make_relationship(person, partner, "business_partner")

    def told(of: Any, day: str = "") -> list[tuple[str, str, Any, Any]]:
        relations = client.get(f"/api/v1/people/{of.ref}/{day}").json()["relations"]
        ends = [(each["start"] or {}, each["end"] or {}) for each in relations]
        dates = [(start.get("edtf"), end.get("edtf")) for start, end in ends]
        return [(each["kind"], each["label"], *days) for each, days in zip(relations, dates, strict=True)]

    business = ("business_partner", "Gulnar", None, None)
    assert told(person) == [("member_of", "The Lantern", "2015-03", "2018"), business]
    assert told(newsroom) == [("member", "Aybek Tursun", "2015-03", "2018")]
    assert told(partner) == [("business_partner", "Aybek Tursun", None, None)]
    assert told(person, "?as_of=2015-02-01") == [business]
    assert told(person, "?as_of=2016-01-01") == [("member_of", "The Lantern", "2015-03", None), business]
    page = client.get(f"/people/{person.ref}/").content.decode()
    assert "Member of" in page and "since March 2015, until 2018" in page
    page = client.get(f"/people/{newsroom.ref}/").content.decode()
    assert "Member</span>" in page and "sex" not in page
    assert client.get("/api/v1/people/count/?kind=organisation").json() == {"count": 1}


@pytest.mark.django_db
def test_where_somebody_lived_is_told_with_its_days(client: Client) -> None:
    person = make_person("Aybek Tursun", residence=make_country("TR"))
    make_legal_status(person, "MA", "lives_there", since="2004", until="2012")
    make_legal_status(person, "TR", "lives_there", since="2012")
    told = client.get(f"/api/v1/people/{person.ref}/?as_of=2010-06-01").json()["legal_statuses"]
    assert [(each["country"], each["status"], each["start"]["edtf"], each["end"]) for each in told] == [
        ("MA", "lives_there", "2004", None)
    ]
    told = client.get(f"/api/v1/people/{person.ref}/").json()["legal_statuses"]
    assert [(each["country"], (each["end"] or {}).get("edtf")) for each in told] == [("MA", "2012"), ("TR", None)]
