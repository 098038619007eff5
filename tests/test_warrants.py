"""The warrants behind a notice, and the notice that it came after: from a seed file to pages, API and exports."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from cases.models import Notice
from tests.admin_forms import filled, rows
from tests.factories import make_notice, make_person, make_warrant
from tests.seedfiles import edit, load, refused, seeds
from tests.signin import may, sign_in

__all__ = ["seeds"]

pytestmark = pytest.mark.django_db
EVENT = "    events:\n      - {ref: NEV-00000001"
WARRANTS = """\
    body: the bureau in Beijing
    warrants:
      - ref: WAR-00000001
        issuer: CN
        charge: membership of a terrorist group
        accusation: terrorism
        date: 2016-03
      - ref: WAR-00000002
        issuer: MA
        body: court of appeal in Rabat
        charge: fraud with a passport
        accusation: fraud
"""


@pytest.fixture
def two_issuers(seeds: Path) -> SimpleNamespace:
    """A notice with two issuers and two charges, and the one that came after it, from a seed file."""
    later = "  - {ref: NOT-00000002, person: PER-00000001, instrument: red_notice, replaces: NOT-00000001}\n"
    edit(seeds, "d_incidents.yaml", EVENT, WARRANTS + EVENT)
    edit(seeds, "d_incidents.yaml", "agreements:\n", later + "agreements:\n")
    load(seeds)
    return SimpleNamespace(first="NOT-00000001", second="NOT-00000002")


def test_a_notice_with_two_issuers_and_two_charges_is_told_whole(client: Client, two_issuers: SimpleNamespace) -> None:
    told = client.get(f"/api/v1/notices/{two_issuers.first}/").json()
    assert [(each["issuer"], each["body"], each["charge"], each["accusation"]) for each in told["warrants"]] == [
        ("MA", "court of appeal in Rabat", "fraud with a passport", "fraud"),
        ("CN", None, "membership of a terrorist group", "terrorism"),
    ]
    assert told["warrants"][1]["date"]["edtf"] == "2016-03" and told["body"] == "the bureau in Beijing"
    [row] = csv.DictReader(io.StringIO(client.get("/notices/export.csv?issuer=MA").getvalue().decode("utf-8-sig")))
    assert "MA | court of appeal in Rabat | fraud with a passport | fraud" in row["warrants"]
    page = client.get(f"/notices/{two_issuers.first}/").content.decode()
    assert "court of appeal in Rabat" in page and "membership of a terrorist group" in page and "March 2016" in page
    assert "fraud with a passport" in client.get("/people/PER-00000001/").content.decode()


def test_the_notice_that_it_came_after_is_told_from_both_ends(client: Client, two_issuers: SimpleNamespace) -> None:
    assert client.get(f"/api/v1/notices/{two_issuers.second}/").json()["replaces"] == two_issuers.first
    for shown, other in ((two_issuers.first, two_issuers.second), (two_issuers.second, two_issuers.first)):
        assert f"/notices/{other}/" in client.get(f"/notices/{shown}/").content.decode()
    Notice.objects.filter(ref=two_issuers.first).update(level="team")
    assert client.get(f"/api/v1/notices/{two_issuers.second}/").json()["replaces"] is None
    assert two_issuers.first not in client.get(f"/notices/{two_issuers.second}/").content.decode()


def test_a_seed_file_in_which_notices_come_after_each_other_in_a_circle_is_refused(seeds: Path) -> None:
    line = "  - {{ref: NOT-0000000{}, person: PER-00000001, instrument: red_notice, replaces: NOT-0000000{}}}\n"
    edit(seeds, "d_incidents.yaml", "agreements:\n", line.format(2, 3) + line.format(3, 2) + "agreements:\n")
    assert "replaces: descends from itself" in refused(seeds)


def test_the_form_takes_neither_a_circle_nor_the_notice_of_somebody_else(client: Client) -> None:
    sign_in(client, may(get_user_model().objects.create_superuser("editor"), "read_team", "read_partner"))
    first = make_notice(make_person())
    second, other = make_notice(first.person, replaces=first), make_notice(make_person("Somebody else"))
    address = f"/admin/cases/notice/{first.ref}/change/"
    for wrong, why in ((second, "come after itself"), (first, "come after itself"), (other, "against somebody else")):
        response = client.post(address, filled(client, address) | {"replaces": wrong.pk})
        assert list(response.context["adminform"].form.errors) == ["replaces"]
        assert why in response.content.decode()
    first.replaces = other
    with pytest.raises(ValueError, match="against somebody else"):
        first.save()


def test_a_warrant_says_who_issued_it_or_for_what(client: Client) -> None:
    sign_in(client, may(get_user_model().objects.create_superuser("editor"), "read_team", "read_partner"))
    notice = make_notice(make_person(), review="draft")
    given: dict[str, Any] = {"notice": notice.pk, "level": "public", "date": "2018"} | rows("citations")
    refused_form = client.post("/admin/cases/warrant/add/", given)
    assert "Say who issued it" in refused_form.content.decode()
    assert client.post("/admin/cases/warrant/add/", given | {"body": "a court in Omsk"}).status_code == 302
    assert notice.warrants.get().body == "a court in Omsk"


def test_a_warrant_of_a_later_day_or_of_a_closed_level_is_not_found(client: Client) -> None:
    notice = make_notice(make_person("Aybek"))
    make_warrant(notice, "TR", "insult", accusation="defamation", date="2020")
    make_warrant(notice, "MA", "treason", level="team", accusation="separatism")

    def count(**asked: str) -> int:
        return client.get("/api/v1/notices/count/", asked).json()["count"]

    assert [count(issuer="TR"), count(issuer="TR", as_of="2019-06-01"), count(issuer="MA")] == [1, 0, 0]
    assert [count(q="insult"), count(q="treason"), count(accusation="separatism")] == [1, 0, 0]
    [told] = json.loads(client.get("/api/v1/notices/?as_of=2019-06-01").content)["results"]
    assert told["warrants"] == []
