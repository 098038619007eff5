"""Pages: every record stands on exactly one of them, whichever way one turns, whatever happens in between."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.codebook import AGREEMENTS, PEOPLE, RESOURCES
from cases.models import Person
from records.lists.codebook import Resource
from records.lists.paging import in_order, page
from records.models import Team
from sources.codebook import SOURCES
from sources.models import SourceDocument
from tests.factories import make_agreement, make_person, make_source
from tests.signin import make_account, may, sign_in
from tests.world import make_case

pytestmark = pytest.mark.django_db
every_resource = pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
fuzz = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def key_of(resource: Resource) -> str:
    return resource.columns[0].name


def walk(client: Client, address: str | None, way: str = "next") -> list[list[str]]:
    """Return the references on each page, from an address on."""
    pages = []
    while address:
        page = client.get(address).json()
        pages.append([next(iter(record.values())) for record in page["results"]])
        address = page[way]
    return pages


def joined(pages: list[list[str]]) -> list[str]:
    return [ref for page in pages for ref in page]


def start(resource: Resource, ordering: str, size: int) -> str:
    return f"/api/v1/{resource.name}/?fields={key_of(resource)}&ordering={ordering}&page_size={size}"


def last_page(client: Client, address: str) -> str:
    while following := client.get(address).json()["next"]:
        address = following
    return address


@every_resource
def test_no_record_is_lost_or_doubled_where_many_are_level(client: Client, resource: Resource) -> None:
    for number in range(3):
        make_case(number)
    count = client.get(f"/api/v1/{resource.name}/count/").json()["count"]
    size = max(count // 3, 1)
    for ordering in (sign + ordering.name for ordering in resource.orderings for sign in ("", "-")):
        whole = joined(walk(client, start(resource, ordering, 200)))
        assert len(set(whole)) == len(whole) == count, ordering
        assert joined(walk(client, start(resource, ordering, size))) == whole, ordering
        backwards = walk(client, last_page(client, start(resource, ordering, size)), "previous")
        assert joined(backwards[::-1]) == whole, ordering


@every_resource
def test_turned_round_an_order_is_the_same_backwards(client: Client, resource: Resource) -> None:
    for number in range(3):
        make_case(number)
    for ordering in (ordering.name for ordering in resource.orderings):
        there = joined(walk(client, start(resource, ordering, 200)))
        assert there == joined(walk(client, start(resource, f"-{ordering}", 200)))[::-1], ordering


def test_rows_of_several_lanes_stand_in_one_order(client: Client) -> None:
    """Of the team, of one team, public, named: each lane is looked through by itself."""
    team, analyst = Team.objects.create(name="Istanbul"), may(make_account("analyst"), "read_team")
    team.members.add(analyst)
    sign_in(client, analyst)
    for number in range(12):
        level = ("public", "partner", "team", "restricted")[number % 4]
        person = make_person(f"Person {number:02}", level=level, team=team if number % 3 else None)
        person.readers.add(analyst)
    make_person("Somebody else's", level="restricted")
    expected = list(Person.objects.filter(label__startswith="Person").order_by("label").values_list("ref", flat=True))
    for ordering, there in (("label", expected), ("-label", expected[::-1])):
        pages = walk(client, start(PEOPLE, ordering, 5))
        assert joined(pages) == there and [len(page) for page in pages] == [5, 5, 2]
        assert joined(walk(client, last_page(client, start(PEOPLE, ordering, 5)), "previous")[::-1]) == there


@pytest.mark.parametrize(
    "question",
    [
        *("people/?host=CN", "people/?q=a", "people/?origin_not=CN", "incidents/?q=held", "incidents/?host_not=TR"),
        *(
            "notices/?q=a",
            "ccf-requests/?q=a",
            "people/?held_on=2031-01-01",
            "people/?as_of=2031-01-01&phase=detention",
        ),
    ],
)
def test_whoever_reads_several_lanes_gets_an_answer_to_filters_too(client: Client, question: str) -> None:
    """Some are deep for SQLite's parser, and of some Django knows that they find nothing."""
    make_case(4)
    sign_in(client, may(make_account("analyst"), "read_team"))
    assert client.get(f"/api/v1/{question}").status_code == client.get(f"/{question}").status_code == 200


def test_people_stand_in_the_order_of_their_folded_names(client: Client) -> None:
    for name in ("Žan", "Émile", "zoe", "Adam", "eve", "王伟"):
        make_person(name)
    records = client.get("/api/v1/people/?fields=label").json()["results"]
    assert [record["label"] for record in records] == ["Adam", "Émile", "eve", "王伟", "Žan", "zoe"]


def test_vague_dates_stand_at_their_first_day_and_unknown_ones_before_all(client: Client) -> None:
    dates = ["2019-05", "2018-12-31", "", "2018", "../2017-06-30", "2019-05-01", "2018-12-31/.."]
    for date in dates:
        make_source(published=date)
    query = {"ordering": "published", "fields": "published"}
    records = client.get("/api/v1/sources/", query).json()["results"]
    firsts = [each["published"] and (each["published"]["earliest"] or each["published"]["latest"]) for each in records]
    assert firsts == [None, "2017-06-30", "2018-01-01", "2018-12-31", "2018-12-31", "2019-05-01", "2019-05-01"]


def test_a_record_that_comes_in_between_moves_no_other(client: Client) -> None:
    people = [make_person(name).ref for name in ("Bashir", "Dilnur", "Farhad", "Hasan")]
    first = client.get("/api/v1/people/?page_size=2&fields=ref").json()
    before, after = make_person("Adil").ref, make_person("Erkin").ref
    second = client.get(first["next"]).json()
    assert [record["ref"] for record in first["results"]] == people[:2]
    assert [record["ref"] for record in second["results"]] == [after, people[2]]
    assert joined(walk(client, second["previous"], "previous")[::-1]) == [before, *people[:2]]


def test_a_page_goes_on_after_its_last_record_is_gone(client: Client) -> None:
    people = [make_person(name) for name in ("Bashir", "Dilnur", "Farhad")]
    first = client.get("/api/v1/people/?page_size=2&fields=ref").json()
    people[1].names.all().delete()
    people[1].delete()
    assert joined(walk(client, first["next"])) == [people[2].ref]


def test_titles_with_marks_that_cannot_be_seen_can_be_paged(client: Client) -> None:
    """Joiners are part of words in Persian, and a no-break space is easily pasted."""
    titles = ["می‌روند", "no\u00a0break", "line\nbreak", "tab\there", "“quoted”", "😀", "\u200fright", "a\\b", 'a"b', ""]
    for title in titles:
        make_agreement(title=title)
    assert len(joined(walk(client, start(AGREEMENTS, "title", 1)))) == len(titles)


@fuzz
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6), max_size=9))
def test_any_titles_can_be_paged_by_twos(db: None, titles: list[str]) -> None:
    SourceDocument.objects.all().delete()
    kind = make_source().kind
    SourceDocument.objects.bulk_create(SourceDocument(title=title, kind=kind) for title in titles)
    rows, ordering = SourceDocument.objects.all(), SOURCES.ordering("title")
    whole = [row.pk for row in in_order(rows, ordering)]
    pages = [page(rows, ordering, None, 2)]
    while pages[-1].next:
        pages.append(page(rows, ordering, pages[-1].next, 2))
    assert [row.pk for each in pages for row in each.rows] == whole
    back = [pages[-1]]
    while back[-1].previous:
        back.append(page(rows, ordering, back[-1].previous, 2))
    assert [row.pk for each in back[::-1] for row in each.rows] == whole


def cursor(*parts: Any) -> str:
    packed = json.dumps(parts).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


TAMPERED = {
    "not base64": "%%%",
    "not ASCII": "é",
    "not JSON": base64.urlsafe_b64encode(b"{").decode(),
    "not UTF-8": base64.urlsafe_b64encode(b'["\xff\xfe"]').decode(),
    "not a list": base64.urlsafe_b64encode(b"{}").decode(),
    "a number": base64.urlsafe_b64encode(b"1" * 5000).decode(),
    "a deep nest": base64.urlsafe_b64encode(b"[" * 100_000).decode()[:20_000],
    "too short": cursor("-published", "next", "2018-01-01"),
    "too long": cursor("-published", "next", "2018-01-01", "SRC-8QX3M2VD", "x"),
    "of another order": cursor("title", "next", "x", "SRC-8QX3M2VD"),
    "of the same order turned round": cursor("published", "next", "2018-01-01", "SRC-8QX3M2VD"),
    "in no direction": cursor("-published", "up", "2018-01-01", "SRC-8QX3M2VD"),
    "with no date": cursor("-published", "next", "yesterday", "SRC-8QX3M2VD"),
    "with an impossible date": cursor("-published", "next", "2018-02-30", "SRC-8QX3M2VD"),
    "with a number for a date": cursor("-published", "next", 5, "SRC-8QX3M2VD"),
    "with null for a date": cursor("-published", "next", None, "SRC-8QX3M2VD"),
    "with a mapping for a date": cursor("-published", "next", {"gt": 1}, "SRC-8QX3M2VD"),
    "with NUL": cursor("-published", "next", "2018-01-01", "SRC\0"),
    "with half a character": cursor("-published", "next", "2018-01-01", "\ud800"),
}


@pytest.mark.parametrize("made", TAMPERED.values(), ids=TAMPERED)
def test_a_cursor_that_was_not_given_out_is_refused(client: Client, made: str) -> None:
    make_source()
    response = client.get("/api/v1/sources/", {"cursor": made})
    assert response.status_code == 400
    assert list(response.json()) == ["cursor"]


def test_a_cursor_of_one_list_is_refused_by_another(client: Client) -> None:
    for _ in range(2):
        make_person()
    following = client.get("/api/v1/people/?page_size=1").json()["next"]
    assert client.get("/api/v1/incidents/?" + following.partition("?")[2]).status_code == 400


@fuzz
@given(st.data())
def test_a_cursor_with_changed_letters_breaks_nothing_and_shows_nothing_new(
    client: Client, data: st.DataObject
) -> None:
    SourceDocument.objects.all().delete()
    refs = {make_source(published=date).ref for date in ("2018", "", "2019-02")}
    hidden = make_source(level="team").ref
    following = client.get("/api/v1/sources/?page_size=1&fields=ref").json()["next"]
    letters = list(following.rpartition("cursor=")[2])
    place = data.draw(st.integers(0, len(letters) - 1))
    letters[place] = data.draw(st.sampled_from("ABCxyz059-_=%~ é"))
    response = client.get("/api/v1/sources/", {"cursor": "".join(letters), "fields": "ref"})
    assert response.status_code in (200, 400)
    if response.status_code == 200:
        assert {record["ref"] for record in response.json()["results"]} <= refs - {hidden}
