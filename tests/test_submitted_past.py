"""What whoever submitted a record learns of its past: what they could read then and can read now, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cases.models import Person
from records.models import Proposal, Team
from records.review import proposals_for
from tests.digests import PAGE, follow
from tests.factories import make_detail, make_name
from tests.partners import PERSON, make_partner, partner, partner_client, submitted
from tests.pasts import by, day, set_clock_back
from tests.signin import sign_in

__all__ = ["partner", "partner_client"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def istanbul(db: None) -> Team:
    return Team.objects.create(name="Istanbul")


@pytest.fixture
def colleague(db: None) -> User:
    """Somebody of the team of another city, who sends records in by the API as partners do."""
    return of_oslo("colleague")


def of_oslo(name: str) -> User:
    user = make_partner(name, "read_team")
    Team.objects.get_or_create(name="Oslo")[0].members.add(user)
    return User.objects.get(pk=user.pk)


def taken_over(client: Client, team: Team) -> Person:
    """Submit somebody, whom a team takes over and corrects on the 20th, adding a note for itself."""
    person = Person.objects.get(ref=submitted(client, "people/", PERSON)["ref"])
    person.team = team
    person.save()
    set_clock_back(day("2026-11-18"))
    with by(User.objects.create_user("editor")):
        person.label = "Dilmurat Yasin"
        person.save()
        make_name(person, "Dilmurad", level="partner")
        make_detail(person, kind="note", value="CANARY", level="team")
    set_clock_back(day("2026-11-20"))
    return person


def history(client: Client, person: Person, on: str = "") -> Any:
    answer = client.get(f"/api/v1/people/{person.ref}/history/", {"known_on": on} if on else {})
    return answer.json() if answer.status_code == 200 else answer.status_code


class TestOnTheTeam:
    """A member of one team, who reads a draft of another team's for having submitted it."""

    def test_the_history_tells_what_they_could_read(self, colleague: User, istanbul: Team) -> None:
        client = sign_in(Client(), colleague)
        person = taken_over(client, istanbul)
        told = [
            (each["field"], each["old"], each["new"])
            for act in history(client, person)["acts"]
            for each in act["changes"]
            if each["operation"] == "update"
        ]
        assert ("label", "Dilmurat Y.", "Dilmurat Yasin") in told
        page = client.get(f"/people/{person.ref}/history/").content.decode()
        assert "Dilmurat Yasin" in page and "Dilmurad" in page and "CANARY" not in page
        assert "CANARY" not in str(history(client, person))

    def test_what_was_known_on_a_day_is_what_they_could_read_then(self, colleague: User, istanbul: Team) -> None:
        client = sign_in(Client(), colleague)
        person = taken_over(client, istanbul)
        for on, label, names in (("2026-11-19", "Dilmurat Y.", 0), ("2026-11-20", "Dilmurat Yasin", 1)):
            rows = history(client, person, on)["record"]
            assert rows[0]["values"]["label"] == label
            assert [row["kind"] for row in rows].count("person name") == names and "CANARY" not in str(rows)
            listed = client.get("/api/v1/people/", {"known_on": on}).json()["results"]
            assert [each["label"] for each in listed] == [label]

    @pytest.mark.attack("E6")
    def test_what_was_the_other_teams_alone_stays_theirs(self, colleague: User, istanbul: Team) -> None:
        client = sign_in(Client(), colleague)
        person = taken_over(client, istanbul)
        for label, level in (("CANARY", "team"), ("CANARY 2", "restricted"), ("Dilmurat Yasin", "partner")):
            with by(User.objects.get(username="editor")):
                Person.objects.filter(pk=person.pk).update(label=label, level=level)
        assert "Dilmurat Yasin" in str(history(client, person)) and "CANARY" not in str(history(client, person))

    @pytest.mark.attack("E6")
    def test_nobody_else_of_their_team_learns_of_it(self, colleague: User, istanbul: Team) -> None:
        person = taken_over(sign_in(Client(), colleague), istanbul)
        other = sign_in(Client(), of_oslo("other"))
        assert history(other, person) == history(other, person, "2026-11-20") == 404
        assert other.get("/api/v1/people/", {"known_on": "2026-11-20"}).json()["results"] == []


class TestPartners:
    """A partner, to whom no history is told, whatever they submitted."""

    @pytest.mark.attack("E6")
    def test_history_and_proposals_are_the_teams(self, partner: User, partner_client: Client, istanbul: Team) -> None:
        person = taken_over(partner_client, istanbul)
        assert partner_client.get(f"/people/{person.ref}/").status_code == 200
        for path in ("/people/", "/api/v1/people/"):
            answers = [
                partner_client.get(f"{path}{ref}/history/", {"known_on": "2026-11-20"})
                for ref in (person.ref, "PER-00000000")
            ]
            assert [each.status_code for each in answers] == [404, 404] and answers[0].content == answers[1].content
        assert partner_client.get("/api/v1/people/", {"known_on": "2026-11-20"}).status_code == 400
        assert Proposal.objects.filter(about=person.ref).exists() and not proposals_for(partner).exists()

    def test_what_changed_in_it_is_told_as_a_change_and_not_as_something_new(
        self, partner: User, partner_client: Client, istanbul: Team
    ) -> None:
        person = taken_over(partner_client, istanbul)
        follow(partner, person)
        assert self.news(partner_client, "2026-11-19") == ["Dilmurat Yasin: changed"]
        assert self.news(partner_client, "2026-11-17") == ["Dilmurat Yasin: new"]

    @pytest.mark.attack("B1")
    def test_what_is_not_for_them_is_no_change(self, partner: User, partner_client: Client, istanbul: Team) -> None:
        person = taken_over(partner_client, istanbul)
        follow(partner, person)
        make_detail(person, kind="note", value="CANARY", level="team")
        assert self.news(partner_client, "2026-11-21") == []

    def test_a_name_that_was_removed_is_a_change(self, partner: User, partner_client: Client, istanbul: Team) -> None:
        person = taken_over(partner_client, istanbul)
        follow(partner, person)
        person.names.get(text="Dilmurad").delete()
        assert self.news(partner_client, "2026-11-21") == ["Dilmurat Yasin: changed"]

    def news(self, client: Client, since: str) -> list[str]:
        """Return what the page of changes tells, a line for each record."""
        rows = client.get(PAGE, {"since": since}).context["rows"]
        return [f"{entry.name}: {'new' if entry.news.is_new else 'changed'}" for entry, _ in rows]
