"""What waits for whoever opens the admin, each list with its count, and where all of it stands."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Incident, Person
from records.models import Team
from records.review import send_back, submit
from tests.admin_forms import filled
from tests.factories import (
    make_citation,
    make_duty,
    make_incident,
    make_involvement,
    make_person,
    make_source,
    make_stage,
)
from tests.pasts import by
from tests.reviewing import changed, propose
from tests.signin import make_account, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def roles() -> None:
    call_command("make_roles", verbosity=0)


def staff(role: str, name: str = "") -> Any:
    """Make somebody of a role, as the README says: with staff status, and a second factor."""
    user = make_account(name or role, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=user.pk)


def home_of(user: Any) -> dict[str, Any]:
    """Return the lists of somebody's home, by title."""
    response = sign_in(Client(), user).get("/admin/")
    assert response.status_code == 200
    return {each.title: each for each in response.context["work"]}


def lines(found: Any) -> list[str]:
    """Return the names of a list, without the references that some begin with."""
    return [re.sub(r"^PER-\w+ ", "", item.text) for item in found.items]


def draft_of(user: Any, label: str, **fields: Any) -> Person:
    with by(user):
        return make_person(label, review="draft", level="team", **fields)


class TestMyDrafts:
    def test_they_are_those_that_one_entered_the_latest_first_and_lead_to_their_forms(self) -> None:
        analyst, other = staff("analyst"), staff("analyst", "other")
        first, second = draft_of(analyst, "Idris Hasan"), draft_of(analyst, "Kerem Mamut")
        draft_of(other, "Somebody else's")
        with by(analyst):
            make_person("Published already")
            incident = make_incident("Held at the airport", review="draft", level="team")
        found = home_of(analyst)["My drafts"]
        assert (found.count, lines(found)) == ("3", ["Held at the airport", "Kerem Mamut", "Idris Hasan"])
        assert [item.address for item in found.items] == [
            f"/admin/cases/incident/{incident.ref}/change/",
            f"/admin/cases/person/{second.ref}/change/",
            f"/admin/cases/person/{first.ref}/change/",
        ]

    def test_the_list_of_each_kind_has_all_of_them_and_no_other(self) -> None:
        analyst, client = staff("analyst"), Client()
        drafts = [draft_of(analyst, f"Person {number}") for number in range(7)]
        make_person("Somebody else's", review="draft", level="team")
        found = home_of(analyst)["My drafts"]
        assert len(found.items) == 5
        (link,) = found.all_of_it
        assert link.text == "7 people"
        listed = sign_in(client, analyst).get(link.address).context["cl"].result_list
        assert {row.ref for row in listed} == {row.ref for row in drafts}

    def test_a_draft_that_one_may_not_read_any_more_is_not_among_them(self) -> None:
        analyst = staff("analyst")
        hidden = draft_of(analyst, "Of another team")
        hidden.team = Team.objects.create(name="Others")
        hidden.save()
        assert home_of(analyst)["My drafts"].count == "0"

    def test_what_is_entered_in_the_admin_is_ones_own(self) -> None:
        analyst, client = staff("analyst"), Client()
        sign_in(client, analyst)
        address = "/admin/cases/person/add/"
        sent = filled(client, address) | {"label": "Aziz Isa", "standing": "target", "kind": "individual"}
        assert client.post(address, sent).status_code == 302
        assert lines(home_of(analyst)["My drafts"]) == ["Aziz Isa"]


class TestWhatCameBack:
    def test_it_says_who_sent_it_back_and_why_until_it_is_proposed_again(self) -> None:
        analyst, reviewer = staff("analyst"), staff("reviewer")
        person = draft_of(analyst, "Idris Hasan")
        proposal = submit(person, analyst)
        send_back(proposal, reviewer, "Which year?")
        found = home_of(analyst)["Sent back to me"]
        assert (found.count, lines(found), found.items[0].note) == ("1", ["Idris Hasan"], "reviewer: Which year?")
        listed = sign_in(Client(), analyst).get(found.all_of_it[0].address)
        assert [row.ref for row in listed.context["cl"].result_list] == [proposal.ref]
        person.refresh_from_db()
        submit(person, analyst)
        assert home_of(analyst)["Sent back to me"].count == "0"

    def test_it_is_told_to_nobody_else(self) -> None:
        analyst, reviewer, other = staff("analyst"), staff("reviewer"), staff("analyst", "other")
        send_back(submit(draft_of(analyst, "Idris Hasan"), analyst), reviewer, "Which year?")
        assert home_of(other)["Sent back to me"].count == "0"
        assert "Sent back to me" not in home_of(reviewer)


class TestWhatWaitsForApproval:
    def test_it_is_what_others_sent_the_oldest_first_and_no_analyst_has_the_list(self) -> None:
        analyst, reviewer = staff("analyst"), staff("reviewer")
        proposals = [submit(draft_of(analyst, f"Person {number}"), analyst) for number in range(6)]
        found = home_of(reviewer)["Waiting for my approval"]
        assert (found.count, lines(found)) == ("6", [f"Person {number}" for number in range(5)])
        listed = sign_in(Client(), reviewer).get(found.all_of_it[0].address).context["cl"].result_list
        assert {row.ref for row in listed} == {each.ref for each in proposals}
        assert "Waiting for my approval" not in home_of(analyst)

    def test_what_one_wrote_oneself_waits_for_somebody_else(self) -> None:
        analyst, both = staff("analyst"), staff("reviewer", "both")
        both.groups.add(Group.objects.get(name="analyst"))
        both = User.objects.get(pk=both.pk)
        person, other = draft_of(analyst, "Idris Hasan"), draft_of(analyst, "Kerem Mamut")
        with by(both):
            person.occupation = "engineer"
            person.save()
        submit(person, analyst)
        submit(other, analyst)
        own = make_person("Meng Hongwei", level="public")
        propose(both, changed(own))
        assert lines(home_of(both)["Waiting for my approval"]) == ["Kerem Mamut"]


class TestDueAndSilent:
    def test_what_is_overdue_and_who_is_unheard_of_lead_to_their_pages(self) -> None:
        incident, person = make_incident(), make_person("Idris Hasan")
        case = make_involvement(incident, person)
        stage = make_stage(case, "detention", "2018-02")
        make_citation(make_source(published="2018-03"), "occurred", stage=stage)
        make_duty(case, due="2018-06-01")
        found = home_of(staff("analyst"))
        assert found["Due"].count == "1" and found["Due"].items[0].note.startswith("overdue: ")
        assert found["Due"].all_of_it[0].address == "/deadlines/"
        assert (found["Silent"].count, lines(found["Silent"])) == ("1", ["Idris Hasan"])
        assert found["Silent"].items[0].address == f"/people/{person.ref}/"
        assert re.match("held, unheard of for ", found["Silent"].items[0].note)


class TestWhatItCosts:
    def test_it_asks_as_often_of_many_rows_as_of_few(self) -> None:
        analyst, both, second = staff("analyst"), staff("reviewer", "both"), staff("reviewer", "second")
        both.groups.add(Group.objects.get(name="analyst"))
        both = User.objects.get(pk=both.pk)
        source, client, counts = make_source(), sign_in(Client(), both), []
        for number in (2, 6):
            for _ in range(number):
                sent = draft_of(analyst, "Sent")
                with by(analyst):
                    make_citation(source, "label", person=sent)
                submit(sent, analyst)
                draft_of(both, "Own")
                send_back(submit(draft_of(both, "Back"), both), second, "Which year?")
                case = make_involvement(make_incident(), make_person())
                make_citation(source, "occurred", stage=make_stage(case, "detention", "2018-02"))
                make_duty(case, due="2018-06-01")
            client.get("/admin/")
            with CaptureQueriesContext(connection) as asked:
                assert client.get("/admin/").status_code == 200
            counts.append(len(asked))
        assert counts[0] == counts[1] < 90, counts

    def test_an_administrator_without_records_of_their_own_has_no_lists_of_drafts(self) -> None:
        assert "My drafts" not in home_of(staff("administrator"))


def test_the_home_is_told_in_words_with_headings(client: Client) -> None:
    analyst = staff("analyst")
    draft_of(analyst, "Idris Hasan")
    page = sign_in(client, analyst).get("/admin/").content.decode()
    assert re.search(r'<h2 id="work-drafts">My drafts <span class="waymark-count">1</span></h2>', page)
    assert Incident.objects.count() == 0 and "No case is silent beyond its threshold." in page
