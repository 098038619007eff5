"""How many queries an answer may take, for a stranger and for an analyst of two teams, on either database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.codebook import RESOURCES
from cases.situation.settling import settle_all
from cases.views import PAGES
from records.models import Record, ReviewedRecord, Team, circles_of
from tests.factories import make_stage
from tests.reviewing import client_of, member
from tests.world import make_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]
PAGED = [list_page.resource for list_page, _, _ in PAGES]

#: The most queries of a stranger, and of an analyst, at each address; a dash in place of a stranger's where they get
#: nothing. An analyst's begin with four: the clock, the session, the account, and what it may read. An export, and a
#: dossier, of an analyst is written into the audit trail, which takes up to twenty.
BOUNDS = """
/                               31  38
/board/                          8  16
/codebook/                       7  11
/deadlines/                      8  12
/silence/                       15  19
/search/?q=tursun               20  24
/watching/                       -   5
/watching/digest/                -   5
/people/REF/dossier/            39  64
/people/REF/dossier.docx        39  60
/api/v1/people/                  2   6
/api/v1/people/count/            1   5
/api/v1/people/REF/              1   5
/api/v1/incidents/               2   6
/api/v1/incidents/count/         1   5
/api/v1/incidents/REF/           1   5
/api/v1/stages/                  2   6
/api/v1/stages/count/            1   5
/api/v1/stages/REF/              1   5
/api/v1/duties/                  2   6
/api/v1/duties/count/            1   5
/api/v1/duties/REF/              1   5
/api/v1/notices/                 2   6
/api/v1/notices/count/           1   5
/api/v1/notices/REF/             1   5
/api/v1/ccf-requests/            2   6
/api/v1/ccf-requests/count/      1   5
/api/v1/ccf-requests/REF/        1   5
/api/v1/sources/                 2   6
/api/v1/sources/count/           1   5
/api/v1/sources/REF/             1   5
/api/v1/citations/               2   6
/api/v1/citations/count/         1   5
/api/v1/citations/REF/           1   5
/api/v1/countries/               2   6
/api/v1/countries/count/         3   7
/api/v1/countries/REF/           1   5
/api/v1/agreements/              2   6
/api/v1/agreements/count/        1   5
/api/v1/agreements/REF/          1   5
/api/v1/events/                  2   6
/api/v1/events/count/            1   5
/api/v1/events/REF/              1   5
/people/                        10  14
/people/export.csv               3  22
/people/REF/                    32  37
/people/REF/history/             -  27
/incidents/                     12  16
/incidents/export.csv            3  22
/incidents/REF/                 18  23
/incidents/REF/history/          -  37
/duties/                         3   7
/duties/export.csv               3  22
/duties/REF/                     2   6
/duties/REF/history/             -  23
/notices/                        7  11
/notices/export.csv              3  22
/notices/REF/                    9  14
/notices/REF/history/            -  25
/ccf-requests/                   5   9
/ccf-requests/export.csv         3  22
/ccf-requests/REF/               4   8
/ccf-requests/REF/history/       -  25
/sources/                        6  10
/sources/export.csv              3  22
/sources/REF/                    7  12
/sources/REF/history/            -  10
/countries/                      8  12
/countries/export.csv            3  22
/countries/REF/                 20  24
/agreements/                     6  10
/agreements/export.csv           3  22
/agreements/REF/                 5   9
/agreements/REF/history/         -  20
/events/                         4   8
/events/export.csv               3  22
/events/REF/                     3   7
/events/REF/history/             -  17
"""


def bounds() -> list[tuple[str, str, int]]:
    """Return each bound: address, reader and number."""
    rows = [line.split() for line in BOUNDS.strip().splitlines()]
    of_strangers = [(address, "stranger", int(most)) for address, most, _ in rows if most != "-"]
    return [*of_strangers, *((address, "analyst", int(most)) for address, _, most in rows)]


#: One record of each resource, by the resource's name.
KEYS: dict[str, str] = {}
CLIENTS = {"stranger": Client(), "analyst": Client()}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Cases for everybody, and cases of each of two teams; made once, and taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        analyst = member("analyst")
        first, _ = make_case(2), make_case(9)
        make_stage(first.involvement, "contact_lost", "")  # what is undated is dated by its sources
        for name, number in (("One", 3), ("Two", 5)):
            team = Team.objects.create(name=name)
            team.members.add(analyst)
            give_to(team, make_case(number))
        CLIENTS["analyst"] = client_of(analyst)
        assert sum(settle_all())
        circles_of(analyst)  # asked once in a process, as long as there are no others
        KEYS.update({resource.name: key_of(first, resource) for resource in RESOURCES})
        yield
        transaction.set_rollback(True)


def give_to(team: Team, case: Any) -> None:
    """Make the records of a case a team's own."""
    for record in vars(case).values():
        if isinstance(record, ReviewedRecord):
            type(record)._default_manager.filter(pk=record.pk).update(team=team, level="team")


def key_of(case: Any, resource: Any) -> str:
    if resource.name == "countries":
        return case.person.residence_id
    row = case.citations[0] if resource.name == "citations" else getattr(case, resource.singular.replace("-", "_"))
    return row.ref


def addresses() -> list[str]:
    """Return every address that is bounded; REF stands for the key of a record."""
    made = [
        "/",
        "/board/",
        "/codebook/",
        "/deadlines/",
        "/silence/",
        "/search/?q=tursun",
        "/watching/",
        "/watching/digest/",
    ]
    made += ["/people/REF/dossier/", "/people/REF/dossier.docx"]
    for resource in RESOURCES:
        made += [f"/api/v1/{resource.name}/", f"/api/v1/{resource.name}/count/", f"/api/v1/{resource.name}/REF/"]
    for resource in PAGED:
        made += [f"/{resource.name}/", f"/{resource.name}/export.csv", f"/{resource.name}/REF/"]
        made += [f"/{resource.name}/REF/history/"] if issubclass(resource.model, Record) else []
    return made


def queries(client: Client, address: str) -> int:
    """Count the queries of a request; the rows of a download are counted as they are sent."""
    name = re.sub("^/api/v1", "", address).split("/")[1]
    with CaptureQueriesContext(connection) as asked:
        response: Any = client.get(address.replace("REF", KEYS.get(name, "")))
        assert response.status_code == 200, (address, response.status_code)
        body = b"".join(response) if response.streaming else response.content
    assert body
    return len(asked)


def test_every_page_list_record_and_export_has_a_bound() -> None:
    assert sorted(address for address, reader, _ in bounds() if reader == "analyst") == sorted(addresses())


@pytest.mark.parametrize(("address", "reader", "bound"), bounds())
def test_an_answer_stays_within_its_queries(address: str, reader: str, bound: int) -> None:
    assert queries(CLIENTS[reader], address) <= bound
