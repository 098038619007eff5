"""What changed in what one follows: told as far as its reader may see it, with the reason, and of nothing hidden."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from smtplib import SMTPException
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from cases.digest import digest
from cases.models import Incident, Person, PersonName, Stage
from cases.watching import RESOURCES, follow_filter, follow_record
from sources.models import AuditEntry, Feed, FeedKind, Visit, Watch
from tests.factories import (
    make_ccf_request,
    make_citation,
    make_detail,
    make_incident,
    make_involvement,
    make_name,
    make_notice,
    make_notice_event,
    make_person,
    make_source,
    make_stage,
)
from tests.pasts import by, set_clock_back
from tests.signin import may, sign_in

pytestmark = pytest.mark.django_db
PAGE = "/watching/digest/"
LONG_AGO = datetime(2020, 5, 1, 12, tzinfo=UTC)
SINCE = datetime(2020, 6, 1, tzinfo=UTC)
ROLES = {"reader": (), "partner": ("read_partner",), "analyst": ("read_partner", "read_team")}


@pytest.fixture(params=ROLES)
def user(request: pytest.FixtureRequest) -> User:
    """A reader of each kind."""
    return may(User.objects.create_user(request.param, email=f"{request.param}@example.org"), *ROLES[request.param])


@pytest.fixture
def reader() -> User:
    return User.objects.create_user("reader", email="reader@example.org")


@pytest.fixture
def analyst() -> User:
    return may(User.objects.create_user("analyst", email="analyst@example.org"), *ROLES["analyst"])


def follow(user: Any, *records: Any) -> None:
    for record in records:
        resource = {"PER": "people", "INC": "incidents", "NOT": "notices"}[record.ref[:3]]
        assert follow_record(user, RESOURCES[resource], record.ref)


def told(user: Any, since: datetime | None = SINCE) -> list[str]:
    """Return a line for each record that a fresh look of the reader's tells of."""
    found = digest(User.objects.get(pk=user.pk), datetime.now(UTC), since)
    return [
        f"{entry.name} {'new' if entry.news.is_new else 'changed'}: {'; '.join(one.why for one in entry.because)}"
        for entry in found.entries
    ]


def details(user: Any) -> list[str]:
    """Return what is told below the records, a line for each field."""
    found = digest(User.objects.get(pk=user.pk), datetime.now(UTC), SINCE)
    lines = []
    for change in (change for entry in found.entries for change in entry.news.changes):
        lines.append(f"{change.operation.label} {change.kind} {change.title}")
        lines += [f"{each.field} “{each.old.words}” → “{each.new.words}”" for each in change.differences]
    return lines


class TestChanges:
    """A change of what is followed is told to everybody who may see it."""

    def test_nothing_is_told_where_nothing_changed(self, user: User) -> None:
        person = make_person()
        follow(user, person)
        set_clock_back(LONG_AGO)
        assert told(user) == []

    def test_a_changed_column_and_a_new_part(self, user: User) -> None:
        person = make_person("Kerem Mamut")
        follow(user, person)
        set_clock_back(LONG_AGO)
        person.occupation = "engineer"
        person.save()
        make_name(person, "Kerim Mamut")
        assert told(user) == ["Kerem Mamut changed: you follow Kerem Mamut"]
        team = user.username == "analyst"
        lines = ["changed person Kerem Mamut", "occupation “” → “engineer”", "added person name Kerim Mamut"]
        assert details(user) == (lines if team else [])

    def test_a_record_that_is_new(self, user: User) -> None:
        set_clock_back(LONG_AGO)
        notice = make_notice(make_person("Kerem Mamut"))
        follow(user, notice)
        assert told(user) == ["red notice, Kerem Mamut new: you follow red notice, Kerem Mamut"]
        assert details(user) == []

    def test_a_part_that_was_removed(self, user: User) -> None:
        person = make_person("Kerem Mamut")
        name = make_name(person, "Kerim")
        follow(user, person)
        set_clock_back(LONG_AGO)
        name.delete()
        assert told(user) == ["Kerem Mamut changed: you follow Kerem Mamut"]

    def test_what_was_changed_and_put_back_is_no_change(self, user: User) -> None:
        person = make_person("Kerem Mamut", occupation="engineer")
        follow(user, person)
        set_clock_back(LONG_AGO)
        for occupation in ("baker", "engineer"):
            Person.objects.filter(pk=person.pk).update(occupation=occupation)
        assert told(user) == []

    def test_a_person_brings_their_incidents_notices_and_requests(self, user: User) -> None:
        person = make_person("Kerem Mamut")
        incident = make_incident("Held in Casablanca")
        involvement = make_involvement(incident, person)
        other = make_incident("As a witness")
        make_involvement(other, person, role="witness")
        notice = make_notice(person)
        request = make_ccf_request(notice)
        follow(user, person)
        set_clock_back(LONG_AGO)
        make_stage(involvement, "deportation", "2020-06")
        Incident.objects.filter(pk=other.pk).update(summary="changed")
        assert told(user) == ["Held in Casablanca changed: you follow Kerem Mamut"]
        set_clock_back(LONG_AGO)
        make_notice_event(notice)
        type(request).objects.filter(pk=request.pk).update(outcome="no_data")
        names = {line.partition(" changed: ")[0] for line in told(user)}
        assert names == {"red notice, Kerem Mamut", "deletion, red notice, Kerem Mamut"}

    def test_a_filter_tells_of_what_matches_now_and_why(self, user: User) -> None:
        incident = make_incident("Held in Casablanca", location="MA")
        involvement = make_involvement(incident, make_person())
        make_stage(involvement, "interrogation", "2020-01")
        make_incident("Held in Istanbul", location="TR")
        follow_filter(user, RESOURCES["incidents"], "host=MA&stage=detention")
        set_clock_back(LONG_AGO)
        assert told(user) == []
        Incident.objects.update(summary="changed")
        assert told(user) == []
        make_stage(involvement, "detention", "2020-06")
        why = "saved filter of incidents: Host: Morocco, Present stage: Detention"
        assert told(user) == [f"Held in Casablanca changed: {why}"]

    def test_all_reasons_stand_beside_one_change(self, user: User) -> None:
        person = make_person("Kerem Mamut")
        incident = make_incident("Held in Casablanca", location="MA")
        make_involvement(incident, person)
        follow(user, person, incident)
        follow_filter(user, RESOURCES["incidents"], "host=MA")
        set_clock_back(LONG_AGO)
        Incident.objects.update(summary="changed")
        [line] = told(user)
        assert line.count("you follow") == 2 and "saved filter" in line


class TestHidden:
    """What a reader may not see, and what they could not see, moves nothing that they are told."""

    @pytest.mark.attack("B1")
    def test_hidden_parts_and_private_columns_of_what_is_followed(self, user: User) -> None:
        person = make_person("Kerem Mamut")
        incident = make_incident("Held in Casablanca")
        involvement = make_involvement(incident, person)
        source = make_source()
        follow(user, person, incident)
        set_clock_back(LONG_AGO)
        updated = Person.objects.get(pk=person.pk).updated_at
        make_detail(person, kind="address", value="Zqx street", level="restricted")
        make_name(person, "Zqx", level="restricted")
        make_stage(involvement, "death", "2020-06", level="restricted")
        make_citation(source, "label", person=person, level="restricted", stated_value="Zqx")
        make_involvement(incident, make_person("Zqx", level="restricted"), role="relative")
        make_notice(person, level="restricted")
        person.readers.add(User.objects.create_user("colleague"))
        person.save()
        assert Person.objects.get(pk=person.pk).updated_at > updated, "which is why it is not asked"
        assert told(user) == []

    def test_a_hidden_change_does_not_move_the_day_of_a_visible_one(self, user: User) -> None:
        person = make_person("Kerem Mamut")
        follow(user, person)
        set_clock_back(LONG_AGO)
        Person.objects.filter(pk=person.pk).update(occupation="engineer")
        first = datetime(2020, 7, 1, 12, tzinfo=UTC)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE sources_change SET at = %s WHERE at > %s", [first, SINCE + timedelta(days=60)])
        make_detail(person, kind="address", level="restricted")
        Person.objects.filter(pk=person.pk).update(team=None)
        [entry] = digest(User.objects.get(pk=user.pk), datetime.now(UTC), SINCE).entries
        assert entry.news.at == first

    @pytest.mark.parametrize("hide", [{"level": "restricted"}, {"level": "team", "review": "withheld"}])
    def test_a_record_that_was_hidden_since(self, reader: User, hide: dict[str, str]) -> None:
        person = make_person("Kerem Mamut")
        follow(reader, person)
        set_clock_back(LONG_AGO)
        Person.objects.filter(pk=person.pk).update(occupation="engineer", **hide)
        assert told(reader) == []

    def test_a_record_that_was_opened_is_new_and_what_it_was_is_not_told(self, reader: User) -> None:
        person = make_person("Kerem Mamut", level="team", occupation="Zqx")
        set_clock_back(LONG_AGO)
        with by(User.objects.create_user("editor")):
            Person.objects.filter(pk=person.pk).update(occupation="engineer", level="public")
            PersonName.objects.filter(person=person).update(level="public")
        follow(reader, person)
        assert told(reader) == ["Kerem Mamut new: you follow Kerem Mamut"]

    def test_a_part_that_was_hidden_and_is_still_is_not_told_when_it_changes(self, reader: User) -> None:
        person = make_person("Kerem Mamut")
        name = make_name(person, "Zqx", level="team")
        follow(reader, person)
        set_clock_back(LONG_AGO)
        PersonName.objects.filter(pk=name.pk).update(text="Zqy")
        name.delete()
        assert told(reader) == []

    def test_levels_and_reviews_are_told_to_the_team_alone(self, user: User) -> None:
        person = make_person("Kerem Mamut", level="partner")
        follow(may(user, "read_partner"), person)
        set_clock_back(LONG_AGO)
        with by(User.objects.create_user("editor")):
            Person.objects.filter(pk=person.pk).update(level="public")
        assert len(told(user)) == (user.username == "analyst")

    def test_somebody_else_sees_nothing_of_it(self, reader: User, analyst: User) -> None:
        person = make_person("Kerem Mamut")
        follow(analyst, person)
        assert told(reader, LONG_AGO) == []
        assert digest(AnonymousUser(), datetime.now(UTC)).entries == []


def page(client: Client, **asked: str) -> str:
    return html.unescape(client.get(PAGE, asked).content.decode())


class TestPage:
    def test_it_looks_back_a_week_until_something_was_read(self, user: User) -> None:
        client = sign_in(Client(), user)
        person = make_person("Kerem Mamut")
        follow(user, person)
        assert "Kerem Mamut" in page(client)
        set_clock_back(datetime.now(UTC) - timedelta(days=8))
        assert "Nothing changed" in page(client)
        assert "Kerem Mamut" in page(client, since="2020-01-01")

    def test_marking_as_read_counts_from_when_the_page_was_made(self, user: User) -> None:
        client = sign_in(Client(), user)
        person = make_person("Kerem Mamut")
        follow(user, person)
        made = re.search(r'name="until" value="([^"]+)"', page(client))
        assert made
        Person.objects.filter(pk=person.pk).update(occupation="written meanwhile")
        client.post(PAGE, {"until": made[1]})
        assert Watch.objects.get().seen_at == datetime.fromisoformat(made[1])
        assert "Kerem Mamut" in page(client)
        client.post(PAGE, {"until": "9999-01-01T00:00:00+00:00"})
        seen_at = Watch.objects.get().seen_at
        assert seen_at and seen_at <= datetime.now(UTC)
        assert "Nothing changed" in page(client)

    @pytest.mark.parametrize(
        ("asked", "name"), [({"since": "soon"}, "since"), ({"until": "2020-01-01"}, "until"), ({"since": ""}, "since")]
    )
    def test_a_question_that_makes_no_sense_is_named(self, reader: User, asked: dict[str, str], name: str) -> None:
        answer = sign_in(Client(), reader, factor=False).get(PAGE, asked)
        assert answer.status_code == 400 and name in answer.content.decode().split('role="alert">')[1]

    def test_a_filter_that_is_no_longer_valid_says_so(self, reader: User) -> None:
        Watch.objects.create(user=reader, resource="incidents", query="colour=red", name="old")
        told = page(sign_in(Client(), reader, factor=False))
        assert "The filter “old” cannot be answered: colour:" in told


def queries(user: User) -> int:
    client = sign_in(Client(), user)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(PAGE).status_code == 200
    return len(asked)


def test_it_takes_as_many_queries_for_twelve_people_as_for_two(user: User) -> None:
    source = make_source()

    def one_more(number: int) -> None:
        person = make_person(f"Aybek Tursun {number}")
        make_detail(person)
        for title in ("one", "two")[: number % 2 + 1]:
            incident = make_incident(title, location="MA")
            stage = make_stage(make_involvement(incident, person))
            make_citation(source, "occurred", stage=stage)
            follow(user, incident)
        make_notice_event(make_notice(person))
        follow(user, person)

    for number in range(2):
        one_more(number)
    follow_filter(user, RESOURCES["incidents"], "host=MA")
    few = queries(user)
    for number in range(2, 12):
        one_more(number)
    assert queries(user) == few


def test_each_saved_filter_takes_the_same_few_queries(reader: User) -> None:
    make_stage(make_involvement(make_incident(location="MA"), make_person()))
    counts = []
    for number in range(4):
        follow_filter(reader, RESOURCES["incidents"], f"host=MA&since=200{number}-01-01")
        counts.append(queries(reader))
    assert len({more - fewer for fewer, more in zip(counts, counts[1:], strict=False)}) == 1
    assert counts[1] - counts[0] <= 2


class Broken(EmailBackend):
    """A mail server that takes no mail for the analyst."""

    def send_messages(self, messages: Any) -> int:
        if any("analyst" in each.to[0] for each in messages):
            raise SMTPException("mailbox full")
        return super().send_messages(messages)


def send() -> str:
    out = StringIO()
    call_command("send_digests", stdout=out, stderr=out)
    return out.getvalue()


class TestMail:
    def test_it_is_off_unless_it_was_switched_on(self, reader: User) -> None:
        follow(reader, make_person())
        assert "off" in send()
        assert mail.outbox == [] and not Visit.objects.exists()

    @override_settings(MAIL_DIGESTS=True)
    def test_one_mail_goes_to_everybody_with_news_once(self, reader: User, analyst: User) -> None:
        User.objects.create_user("nowhere", email="nowhere@example.org")
        closed = User.objects.create_user("closed", email="closed@example.org", is_active=False)
        silent = User.objects.create_user("silent")
        person = make_person("Kerem Mamut")
        for each in (reader, analyst, closed, silent):
            follow(each, person)
        assert send() == "Digests sent: 2. Nothing new for: 0. Failed: 0.\n"
        assert {tuple(each.to) for each in mail.outbox} == {("reader@example.org",), ("analyst@example.org",)}
        assert f"person Kerem Mamut ({person.ref}): new. you follow Kerem Mamut" in mail.outbox[0].body
        noted = AuditEntry.objects.filter(kind="export", channel="mail")
        assert sorted(noted.values_list("actor", flat=True)) == ["analyst", "reader"]
        assert send() == "Digests sent: 0. Nothing new for: 2. Failed: 0.\n"
        Person.objects.filter(pk=person.pk).update(occupation="engineer")
        assert "sent: 2" in send()

    @override_settings(MAIL_DIGESTS=True, EMAIL_BACKEND="tests.test_digest.Broken")
    def test_a_failure_is_named_and_counted_and_keeps_nobody_else_from_theirs(
        self, reader: User, analyst: User
    ) -> None:
        person = make_person()
        follow(analyst, person)
        follow(reader, person)
        out = StringIO()
        with pytest.raises(CommandError, match="analyst"):
            call_command("send_digests", stdout=out, stderr=out)
        assert "analyst: SMTPException: mailbox full" in out.getvalue()
        assert "Digests sent: 1. Nothing new for: 0. Failed: 1." in out.getvalue()
        assert list(Visit.objects.values_list("user__username", flat=True)) == ["reader"]

    @override_settings(MAIL_DIGESTS=True)
    def test_only_people_open_beyond_the_team_are_named(self, analyst: User) -> None:
        closed, restricted = make_person("Zqx", level="team"), make_person("Zqy", level="restricted")
        draft = make_person("Zqz", review="draft")
        restricted.readers.add(analyst)
        incident = make_incident("Zqx taken away")
        make_involvement(incident, closed)
        for record in (closed, draft, restricted, incident, make_notice(closed, level="team")):
            follow(analyst, record)
        send()
        [sent] = mail.outbox
        assert "Zq" not in f"{sent.subject} {sent.body}"
        assert closed.ref in sent.body and incident.ref in sent.body and draft.ref in sent.body
        assert restricted.ref not in sent.body


@pytest.mark.attack("B1")
@override_settings(MAIL_DIGESTS=True)
def test_a_hidden_persons_change_is_in_no_digest_feed_or_mail(user: User) -> None:
    """Whichever way it is followed: it was open once, and stays on the list of what is followed."""
    person = make_person("Zqxperson")
    incident = make_incident("Zqxincident", location="MA")
    make_stage(make_involvement(incident, person), "detention")
    follow(user, person, incident)
    follow_filter(user, RESOURCES["incidents"], "host=MA")
    follow_filter(user, RESOURCES["people"], "stage=detention")
    _, secret = Feed.issue(user, FeedKind.CHANGES, "reader")
    Person.objects.update(level="restricted", label="Zqxperson again")
    Incident.objects.update(level="restricted", summary="Zqx")
    Stage.objects.update(note="Zqx")
    client = sign_in(Client(), user)
    send()
    answers = [client.get(address) for address in (PAGE, f"/feeds/{secret}/changes.atom", "/watching/", "/deadlines/")]
    assert [answer.status_code for answer in answers] == [200] * 4
    everything = "".join([*(answer.content.decode() for answer in answers), *(str(each.body) for each in mail.outbox)])
    assert [word for word in ("Zqx", person.ref, incident.ref) if word in everything] == []
