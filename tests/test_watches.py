"""Following people, incidents, notices and filters: what one sees, names and ends, and what leaves no trace."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.watching import watches
from records.models import Watch
from tests.factories import make_country, make_incident, make_involvement, make_notice, make_person, make_stage
from tests.signin import may, sign_in

pytestmark = pytest.mark.django_db
PAGE = "/watching/"
MISSING = "PER-00000000"


@pytest.fixture
def reader() -> User:
    """Somebody with an account and no right at all."""
    return User.objects.create_user("reader")


@pytest.fixture
def theirs(reader: User) -> Client:
    return sign_in(Client(), reader, factor=False)


def follow(client: Client, resource: str = "people", **given: str) -> Any:
    return client.post(PAGE, {"resource": resource, **given})


def text_of(client: Client, address: str = PAGE) -> str:
    return html.unescape(client.get(address).content.decode())


def masked(answer: Any, ref: str) -> bytes:
    return answer.content.replace(ref.encode(), b"")


def test_a_reader_without_a_second_factor_follows_names_and_ends(theirs: Client, reader: User) -> None:
    person = make_person("Kerem Mamut")
    assert follow(theirs, ref=person.ref).headers["Location"] == PAGE
    follow(theirs, ref=person.ref)
    [watch] = Watch.objects.all()
    assert (watch.user, watch.ref, watch.seen_at) == (reader, person.ref, None)
    page = text_of(theirs)
    assert f'href="/people/{person.ref}/" dir="auto">Kerem Mamut</a>' in page
    theirs.post(PAGE, {"rename": watch.pk, "name": "the one in Morocco"})
    assert "the one in Morocco</a>" in text_of(theirs)
    theirs.post(PAGE, {"end": watch.pk})
    assert not Watch.objects.exists() and "Kerem Mamut" not in text_of(theirs)


@pytest.mark.parametrize("make", [make_person, make_incident, lambda: make_notice(make_person())])
def test_a_button_on_the_page_of_a_record_follows_it(theirs: Client, make: Any) -> None:
    record = make()
    resource = {"PER": "people", "INC": "incidents", "NOT": "notices"}[record.ref[:3]]
    address = f"/{resource}/{record.ref}/"
    if resource != "people":  # that page is not this test's to ask yet
        assert f'name="ref" value="{record.ref}"' in text_of(theirs, address)
        assert 'class="follow"' not in text_of(Client(), address)
    follow(theirs, resource, ref=record.ref)
    if resource != "people":
        assert "You follow this" in text_of(theirs, address)


def test_a_filtered_list_offers_to_be_followed_and_is_named_after_its_filter(theirs: Client) -> None:
    make_incident(location="MA")
    page = text_of(theirs, "/incidents/?host=MA&ordering=title")
    assert 'name="query" value="?host=MA&ordering=title"' in page
    assert "Follow this filter" not in text_of(theirs, "/incidents/")
    follow(theirs, "incidents", query="?host=MA&ordering=title&cursor=abc")
    [watch] = Watch.objects.all()
    assert (watch.query, watch.name) == ("host=MA", "Host: Morocco")
    assert 'href="/incidents/?host=MA"' in text_of(theirs)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("host=QQ", "host"),
        ("hosts=MA", "hosts"),
        ("level=team", "level"),
        ("open_on=soon", "open_on"),
        ("open_on=2026-01-01&open_on=2026-01-02", "open_on"),
        ("q=%00", "q"),
        ("host=", "host"),
        ("host=MA&as_of=2020-01-01", "as_of"),
        ("host=MA&known_on=2026-01-01", "known_on"),
        ("", "query"),
        ("ordering=title", "query"),
        ("q=" + "x" * 2000, "query"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_by_name_and_not_kept(theirs: Client, query: str, name: str) -> None:
    make_country("MA")
    answer = follow(theirs, "incidents", query=query)
    assert answer.status_code == 400
    assert f"<code>{name}</code>" in answer.content.decode()
    assert not Watch.objects.exists()


def test_a_filter_that_matches_too_much_is_refused(theirs: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watches, "MOST_MATCHES", 1)
    make_incident(location="MA"), make_incident(location="MA", level="team")
    assert follow(theirs, "incidents", query="host=MA").status_code == 302
    make_incident(location="MA")
    assert follow(theirs, "incidents", query="host=MA&scope=cross_border").status_code == 400


@pytest.mark.attack("B1")
@pytest.mark.parametrize("resource", ["people", "incidents", "notices"])
def test_to_follow_what_is_hidden_is_to_follow_what_is_missing(theirs: Client, resource: str) -> None:
    hidden = {
        "people": lambda: make_person(level="team"),
        "incidents": lambda: make_incident(review="draft"),
        "notices": lambda: make_notice(make_person(level="restricted")),
    }[resource]()
    missing = f"{hidden.ref[:3]}-00000000"
    answers = [follow(theirs, resource, ref=ref) for ref in (hidden.ref, missing)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert masked(answers[0], hidden.ref) == masked(answers[1], missing)
    assert not Watch.objects.exists()


def test_what_is_hidden_later_vanishes_without_a_trace(theirs: Client, reader: User) -> None:
    kept, hidden = make_person("Kerem Mamut"), make_person("Aybek Tursun")
    follow(theirs, ref=kept.ref)
    before = text_of(theirs)
    follow(theirs, ref=hidden.ref)
    text_of(theirs)  # shows the message
    watch = Watch.objects.get(ref=hidden.ref)
    type(hidden).objects.filter(pk=hidden.pk).update(level="team")
    assert text_of(theirs).split("<tbody>")[1].split("</table>")[0].count("<tr>") == 1
    assert "Aybek" not in text_of(theirs) and before.count("<tr>") == text_of(theirs).count("<tr>")
    for act in ({"end": watch.pk}, {"rename": watch.pk, "name": "x"}):
        answer = theirs.post(PAGE, act)
        assert answer.status_code == 404
        assert answer.content == theirs.post(PAGE, {"end": 999999}).content


def test_one_who_follows_only_what_is_hidden_follows_nothing(theirs: Client) -> None:
    person = make_person()
    follow(theirs, ref=person.ref)
    text_of(theirs)
    type(person).objects.update(level="team")
    assert "You follow nothing yet" in text_of(theirs)
    assert "You follow nothing yet" in text_of(theirs, "/watching/digest/")


def test_nobody_sees_or_ends_what_another_follows(theirs: Client) -> None:
    person = make_person()
    follow(theirs, ref=person.ref)
    [watch] = Watch.objects.all()
    other = sign_in(Client(), may(User.objects.create_user("other"), "read_team"))
    assert person.label not in text_of(other)
    assert other.post(PAGE, {"end": watch.pk}).status_code == 404
    assert Watch.objects.exists()


def test_strangers_are_sent_to_sign_in() -> None:
    person = make_person()
    for answer in (follow(Client(), ref=person.ref), Client().get(PAGE), Client().get("/watching/digest/")):
        assert answer.status_code == 302 and answer.headers["Location"].startswith("/account/login/")
    assert not Watch.objects.exists()


@pytest.mark.parametrize("given", [{"resource": "sources", "ref": MISSING}, {"resource": ""}, {}])
def test_what_cannot_be_followed_is_a_missing_page(theirs: Client, given: dict[str, str]) -> None:
    assert theirs.post(PAGE, given).status_code == 404


def test_forms_from_elsewhere_follow_nothing(reader: User) -> None:
    client = sign_in(Client(enforce_csrf_checks=True), reader, factor=False)
    assert follow(client, ref=make_person().ref).status_code == 403
    assert not Watch.objects.exists()


def test_the_page_takes_as_many_queries_however_much_is_followed(theirs: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            theirs.get(PAGE)
        return len(asked)

    def follow_one_of_each(number: int) -> None:
        person = make_person(f"Aybek Tursun {number}")
        incident = make_incident(location="MA")
        make_stage(make_involvement(incident, person))
        follow(theirs, ref=person.ref)
        follow(theirs, "incidents", ref=incident.ref)
        follow(theirs, "notices", ref=make_notice(person).ref)
        follow(theirs, "incidents", query=f"host=MA&q={number}")

    follow_one_of_each(0)
    text_of(theirs)
    few = queries()
    for number in range(1, 6):
        follow_one_of_each(number)
    text_of(theirs)
    assert queries() == few
