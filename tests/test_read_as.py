"""A proposal's page lets whoever decides read the record as its future readers will, and changes nothing by it."""

from __future__ import annotations

import pytest
from django.test import Client

from cases.models import Person
from records.models import AccountChange, AuditEntry, Change, Proposal, Team
from records.review import submit
from tests.administrators import administrator
from tests.factories import (
    make_citation,
    make_country,
    make_detail,
    make_incident,
    make_involvement,
    make_name,
    make_person,
    make_source,
    make_stage,
)
from tests.reviewing import client_of, member, page, propose, renamed, reviewer

pytestmark = pytest.mark.django_db
READERS = ("stranger", "partner", "team")


@pytest.fixture
def person() -> Person:
    """A draft with a fact for each circle of readers."""
    person = make_person("Nur Weaver", review="draft")
    make_name(person, "Nur for all", level="public")
    make_name(person, "Nur for partners", level="partner")
    make_detail(person, kind="address", value="Lane of the team", level="team")
    make_detail(person, kind="note", value="for named readers", level="restricted")
    return person


def looked_at(client: Client, proposal: Proposal, who: str, status: int = 200) -> str:
    answered = client.get(f"/admin/records/proposal/{proposal.ref}/as/{who}/")
    assert answered.status_code == status
    return answered.content.decode()


def test_each_reader_is_shown_what_they_will_read(person):
    proposal, second = submit(person, member("editor")), client_of(reviewer("second"))
    shown = {who: looked_at(second, proposal, who) for who in READERS}
    own = {who: text.split("</aside>", 1)[1] for who, text in shown.items()}  # without the line that says what this is
    assert {who: "Nur for all" in text for who, text in own.items()} == dict.fromkeys(READERS, True)
    assert [who for who in READERS if "Nur for partners" in own[who]] == ["partner", "team"]
    assert [who for who in READERS if "Lane of the team" in own[who]] == ["team"]
    assert not any("for named readers" in text for text in shown.values())
    assert "As a stranger will read it once" in shown["stranger"]
    assert "“<bdi>Nur for partners</bdi>”" in shown["stranger"].split("</aside>")[0]
    assert "will read all, 4 rows" in shown["partner"]  # the person and three names; an address is not opened by it


def test_nothing_is_changed_by_looking(person, client):
    proposal, second = submit(person, member("editor")), client_of(reviewer("second"))
    before = Change.objects.count(), AuditEntry.objects.count()
    for who in READERS:
        looked_at(second, proposal, who)
    person.refresh_from_db()
    assert person.review == "in_review" and (Change.objects.count(), AuditEntry.objects.count()) == before
    assert client.get(person.address_for_readers()).status_code == 404
    proposal.refresh_from_db()
    assert proposal.state == "open"


def test_a_case_is_shown_with_where_it_stands(client):
    person, source = make_person("Nur Weaver"), make_source(title="A report")
    incident = make_incident("Held in Istanbul", review="draft")
    stage = make_stage(make_involvement(incident, person), "detention", "2018-10", country=make_country("TR"))
    make_citation(source, "occurred", stage=stage)
    proposal = submit(incident, member("editor"))
    told = looked_at(client_of(reviewer("second")), proposal, "stranger")
    assert "Detained in Türkiye since October 2018" in told and "A report" in told
    assert "Held in Istanbul" not in client.get(person.address_for_readers()).content.decode()


def test_a_change_is_shown_as_carried_out(client):
    person = make_person("Idris Hasan")
    make_name(person, "Idris Hasan")
    proposal = propose(member("editor"), renamed(person, "Idris Hassan"))
    second = client_of(reviewer("second"))
    assert "Idris Hassan" in looked_at(second, proposal, "stranger")
    assert "Idris Hassan" not in client.get(person.address_for_readers()).content.decode()


def test_what_a_reader_will_still_not_find_is_said(person):
    Person.objects.filter(pk=person.pk).update(level="partner")
    proposal, second = submit(Person.objects.get(), member("editor")), client_of(reviewer("second"))
    assert "A stranger will find no such page" in looked_at(second, proposal, "stranger")
    assert "Nur for partners" in looked_at(second, proposal, "partner")


def test_the_team_that_is_shown_is_the_records_own_and_no_other(person):
    north, south = Team.objects.create(name="North"), Team.objects.create(name="South")
    both = reviewer("both")
    for team in (north, south):
        team.members.add(both)
    of_south = make_incident("Known to the south", level="team", team=south, review="published")
    make_involvement(of_south, person)
    Person.objects.filter(pk=person.pk).update(team=north)
    editor = member("editor")
    north.members.add(editor)
    proposal = submit(Person.objects.get(pk=person.pk), editor)
    told = looked_at(client_of(both), proposal, "team")
    assert "Lane of the team" in told and "Known to the south" not in told


def test_whoever_may_not_know_of_a_proposal_is_told_nothing(person, client):
    proposal = submit(person, member("editor"))
    address = f"/admin/records/proposal/{proposal.ref}/as/stranger/"
    assert client.get(address).status_code == 302  # to the page of signing in
    outsider = member("outsider")
    Person.objects.filter(pk=person.pk).update(level="restricted")
    assert client_of(outsider).get(address).status_code == 404


def test_only_open_proposals_and_known_readers_have_such_a_page(person):
    proposal, second = submit(person, member("editor")), client_of(reviewer("second"))
    looked_at(second, proposal, "everybody", 404)
    assert second.post(f"/admin/records/proposal/{proposal.ref}/as/stranger/").status_code == 404
    Proposal.objects.update(state="taken_back")
    looked_at(second, proposal, "stranger", 404)


def test_what_cannot_be_approved_says_why(person):
    proposal, second = submit(person, member("editor")), client_of(reviewer("second"))
    Person.objects.filter(pk=person.pk).update(review="draft")
    assert "review was changed since this was proposed" in looked_at(second, proposal, "stranger", 409)


def test_the_page_of_a_proposal_leads_there_and_says_what_is_missing(person):
    proposal, second = submit(person, member("editor")), client_of(reviewer("second"))
    told = second.get(page(proposal)).content.decode()
    for who in READERS:
        assert f"/admin/records/proposal/{proposal.ref}/as/{who}/" in told
    assert "No citizenship and no other legal status is told." in told


def test_what_is_decided_first_is_named_and_what_speaks_against_a_fact_is_called_so(person):
    incident = make_incident("Held in Istanbul", review="draft")
    stage = make_stage(make_involvement(incident, person), "detention", "2018-10")
    make_citation(make_source(), "occurred", stage=stage)
    against = make_citation(make_source(level="team"), "label", person=person, stance="contradicts", preferred=False)
    first, editor = submit(person, member("editor")), member("another")
    told = client_of(reviewer("second")).get(page(submit(incident, editor))).content.decode()
    assert "Decided first" in told and f">{first.ref}</a> about" in told
    told = client_of(reviewer("third")).get(page(first)).content.decode()
    assert against.ref in told and "it is one that contradicts what its record says" in told


def test_the_page_bears_the_mark_that_it_will_bear(person):
    """With one administrator, who made both accounts, nobody confirmed that two people stand behind it."""
    boss, editor, second = administrator("boss"), member("editor"), reviewer("second")
    for account in (editor, second):
        AccountChange.objects.create(account=account, kind="made", state="done", asked_by=boss)
    proposal = submit(person, editor)
    assert "Not checked by a second person" in looked_at(client_of(second), proposal, "stranger")
