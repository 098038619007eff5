"""Countries that are no more, as the seeds bring them: with their years, and with codes that mean one country only."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from cases.models import Country
from tests.factories import make_legal_status, make_person
from tests.partners import PERSON, partner, partner_client, refused, submitted
from tests.seedfiles import load
from tests.signin import may, sign_in

__all__ = ["partner", "partner_client"]

pytestmark = pytest.mark.django_db
GONE = {"SUHH", "YUCS", "CSHH", "DDDE", "CSXX", "YDYE", "XSSD"}
#: Of each day: countries that are offered, and countries that are not.
DAYS = {
    "1985-06-01": (GONE - {"CSXX"}, {"RU", "UZ", "RS", "CZ", "YE", "SD", "CSXX"}),
    "1992-06-01": ({"RU", "UZ", "YUCS", "CSHH", "HR"}, {"SUHH", "DDDE", "CZ", "RS", "ME"}),
    "2004-06-01": ({"CSXX", "CZ", "SK", "XSSD"}, {"YUCS", "RS", "ME", "CSHH", "SS", "SD"}),
    "2026-11-30": ({"RU", "RS", "ME", "SD", "SS", "EE", "DE"}, GONE),
}


@pytest.fixture
def countries(db: None) -> None:
    load(settings.BASE_DIR / "seeds" / "data" / "countries.yaml")


def test_a_day_has_the_countries_of_its_year_and_a_name_means_one(client: Client, countries: None) -> None:
    for day, (there, not_there) in DAYS.items():
        found: set[str] = set()
        address = f"/api/v1/countries/?on={day}&fields=code&page_size=200"
        while address:
            told = client.get(address).json()
            found, address = found | {each["code"] for each in told["results"]}, told["next"]
        assert there <= found and not (not_there & found), day
    names = [name.casefold() for country in Country.objects.all() for name in (country.name, *country.aliases)]
    assert sorted(names) == sorted(set(names))


def test_somebody_of_the_soviet_union_is_entered_found_and_exported(client: Client, countries: None) -> None:
    person = make_person("Aybek Tursun", residence=Country.objects.get(pk="YUCS"))
    make_legal_status(person).delete()  # the kind stays
    for code in ("SUHH", "CSHH"):
        person.legal_statuses.create(country_id=code, kind_id="citizen", level="public")
    for asked in ("citizenship=SUHH", "citizenship=CSHH", "residence=YUCS"):
        [told] = client.get(f"/api/v1/people/?{asked}").json()["results"]
        assert (told["citizenships"], told["residence"]) == (["CSHH", "SUHH"], "YUCS")
    assert "Soviet Union" in client.get(f"/people/{person.ref}/").content.decode()
    assert "CSHH; SUHH" in client.get("/people/export.csv").getvalue().decode()
    page = client.get("/countries/SUHH/").content.decode()
    assert "1922 to 1991" in page and "Aybek Tursun" in page
    assert client.get("/api/v1/countries/SUHH/").json()["years"] == {"from": 1922, "to": 1991}
    assert picked("ussr") == ["Soviet Union (1922 to 1991)"]
    assert picked("czech") == ["Czechia (since 1993)", "Czechoslovakia (1918 to 1992)"]
    assert picked("sudan") == ["South Sudan (since 2011)", "Sudan (since 2011)", "Sudan before 2011 (1956 to 2011)"]


def picked(term: str) -> list[Any]:
    """Return what the picker of a residence offers to somebody who types a word."""
    client = Client()
    editor = User.objects.filter(username="editor").first() or User.objects.create_superuser("editor")
    sign_in(client, may(editor, "read_team", "read_partner"))
    asked = {"app_label": "cases", "model_name": "person", "field_name": "residence", "term": term}
    return [each["text"] for each in client.get("/admin/autocomplete/", asked).json()["results"]]


def test_partners_name_it_by_four_letters_and_not_by_two_that_two_states_had(partner_client: Client) -> None:
    place = {"region": "Eastern Europe", "latitude": 60, "longitude": 90}
    Country.objects.create(code="SUHH", alpha3="SUN", name="Soviet Union", **place)
    assert submitted(partner_client, "people/", PERSON | {"residence": "SUHH"})["residence"] == "SUHH"
    assert "ISO 3166-3" in str(refused(partner_client, "people/", PERSON | {"residence": "CS"}))
    assert partner_client.get("/api/v1/people/?residence=CS").status_code == 400
