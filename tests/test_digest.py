"""What changed in what one follows: told as far as its reader may see it, with the reason, and of nothing hidden."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection

from cases.models import Incident, Person, PersonName
from cases.watching.digest import digest
from cases.watching.watches import RESOURCES, watch_filter
from tests.digests import analyst, follow, reader, user
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
from tests.signin import may

__all__ = ["analyst", "reader", "user"]

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 5, 1, 12, tzinfo=UTC)
SINCE = datetime(2020, 6, 1, tzinfo=UTC)


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
        watch_filter(user, RESOURCES["incidents"], "host=MA&stage=detention")
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
        watch_filter(user, RESOURCES["incidents"], "host=MA")
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
            cursor.execute("UPDATE records_change SET at = %s WHERE at > %s", [first, SINCE + timedelta(days=60)])
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
