"""Two accounts of one person do not publish alone; with one administrator they do, and what they published says so."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from cases.models import Person
from records.audit.acts import act
from records.models import AccountChange, Proposal
from records.review import ReviewRefused, approve, submit, why_not
from tests.administrators import administrator
from tests.factories import (
    make_citation,
    make_incident,
    make_involvement,
    make_name,
    make_notice,
    make_person,
    make_relationship,
    make_source,
    make_stage,
)
from tests.reviewing import answer, client_of, member, propose, proposed, reviewer
from tests.seedfiles import load, seeds
from tests.signin import may

__all__ = ["seeds"]
pytestmark = pytest.mark.django_db

ONE_PERSON = "may be the same person as whoever wrote it"
#: What stands beside such a record in lists.
ONE_PERSON_MARK = ">one person</strong>"


@pytest.fixture
def editor() -> Any:
    return member("editor")


@pytest.fixture
def second() -> Any:
    return reviewer("second")


@pytest.fixture
def boss() -> User:
    return administrator("boss")


@pytest.fixture
def other() -> User:
    """A second administrator: from now on the rule of two holds."""
    return administrator("other")


def made(by: User, *accounts: User) -> None:
    """Let accounts have been made by an administrator, with nobody who confirmed their holders."""
    for account in accounts:
        AccountChange.objects.create(account=account, kind="made", state="done", asked_by=by)


def confirmed(account: User, by: User) -> None:
    AccountChange.objects.filter(account=account).update(confirmed_by=by, confirmed_at=timezone.now())


def draft(editor: Any, **fields: Any) -> tuple[Person, Proposal]:
    person = make_person(review="draft", **fields)
    return person, submit(person, editor)


class TestWithTwoAdministrators:
    def test_two_accounts_of_one_maker_do_not_approve_each_others(
        self, boss: User, other: User, editor: Any, second: Any
    ) -> None:
        made(boss, editor, second)
        person, proposal = draft(editor)
        assert "You and editor may be one person" in answer(client_of(second), proposal, "approve")
        person.refresh_from_db()
        assert person.review == "in_review"

    def test_nor_does_the_maker(self, boss: User, other: User, editor: Any) -> None:
        made(boss, editor)
        _, proposal = draft(editor)
        assert "You and editor may be one person" in why_not(proposal, may(boss, "review_records", "read_team"))

    def test_once_somebody_independent_has_confirmed_one_they_do(
        self, boss: User, other: User, editor: Any, second: Any
    ) -> None:
        made(boss, editor, second)
        confirmed(second, other)
        person, proposal = draft(editor)
        approve(proposal, second)
        person.refresh_from_db()
        assert (person.review, person.one_person) == ("published", False)

    def test_what_was_written_before_is_freed_by_confirming_whoever_approves_as_its_page_says(
        self, boss: User, other: User, editor: Any, second: Any
    ) -> None:
        """Whoever made both may have written it, and is not the reviewer any more."""
        made(boss, editor, second)
        person, proposal = draft(editor)
        confirmed(editor, other)
        assert "can confirm who holds your account" in why_not(proposal, second)
        confirmed(second, other)
        approve(proposal, second)
        person.refresh_from_db()
        assert (person.review, person.one_person) == ("published", False)

    def test_and_never_by_whoever_may_have_written_it(self, boss: User, other: User, editor: Any) -> None:
        made(boss, editor)
        _, proposal = draft(editor)
        confirmed(editor, other)
        assert "somebody else has to look at it" in why_not(proposal, may(boss, "review_records", "read_team"))

    def test_who_wrote_it_counts_as_well_as_who_proposed_it(
        self, boss: User, other: User, editor: Any, second: Any
    ) -> None:
        """The editor is in the reviewer's hands; a colleague only sends the draft in."""
        made(boss, editor, second)
        with act(editor, "test"):
            person = make_person(review="draft", level="team")
        proposal = submit(person, member("colleague"))
        with pytest.raises(ReviewRefused, match="You and editor may be one person"):
            approve(proposal, second)

    def test_independent_accounts_publish_as_before(self, boss: User, other: User, editor: Any, second: Any) -> None:
        person, proposal = draft(editor)
        approve(proposal, second)
        person.refresh_from_db()
        assert (person.review, person.one_person) == ("published", False)


class TestWithOneAdministrator:
    @pytest.fixture
    def published(self, boss: User, editor: Any, second: Any) -> Person:
        made(boss, editor, second)
        person, proposal = draft(editor)
        approve(proposal, second)
        person.refresh_from_db()
        proposal.refresh_from_db()
        assert proposal.one_person
        return person

    def test_it_is_published_and_says_so_everywhere(self, published: Person) -> None:
        assert (published.review, published.one_person) == ("published", True)
        stranger = Client()
        assert ONE_PERSON in stranger.get(f"/people/{published.ref}/").content.decode()
        assert stranger.get(f"/api/v1/people/{published.ref}/").json()["one_person"] is True
        assert stranger.get("/api/v1/people/").json()["results"][0]["one_person"] is True
        exported = b"".join(stranger.get("/people/export.csv"))
        [row] = csv.DictReader(io.StringIO(exported.decode()))
        assert row["one_person"] == "true"
        dossier = stranger.get(f"/people/{published.ref}/dossier/").content.decode()
        assert f"Approved by somebody who may be the same person as whoever wrote it: {published.ref}." in dossier

    def test_the_dossier_names_the_incident_too(self, published: Person) -> None:
        incident = make_incident()
        make_involvement(incident, published)
        type(incident).objects.update(one_person=True)
        dossier = Client().get(f"/people/{published.ref}/dossier/").content.decode()
        assert f"{incident.ref}, {published.ref}." in dossier

    def test_published_again_by_two_it_says_so_no_more(self, published: Person, editor: Any) -> None:
        published.review = "withheld"
        published.save()
        proposal = submit(published, editor)
        approve(proposal, reviewer("independent"))
        published.refresh_from_db()
        assert (published.review, published.one_person) == ("published", False)

    def test_independent_accounts_are_two_people_here_too(self, boss: User, editor: Any, second: Any) -> None:
        person, proposal = draft(editor)
        approve(proposal, second)
        person.refresh_from_db()
        assert not person.one_person
        assert ONE_PERSON not in Client().get(f"/people/{person.ref}/").content.decode()

    @pytest.mark.parametrize(("level", "is_marked"), [("public", True), ("partner", False)])
    def test_a_change_of_what_is_public_marks_the_record(
        self, boss: User, editor: Any, second: Any, level: str, is_marked: bool
    ) -> None:
        """A change of what the public does not read must not show in what it reads."""
        made(boss, editor, second)
        name = make_name(make_person(), "Aibek", level=level)
        name.text = "Oybek"
        approve(propose(editor, name), second)
        name.refresh_from_db()
        assert name.text == "Oybek"
        assert Person.objects.get().one_person is is_marked


class TestWhereItIsShown:
    """Strangers read what was approved on other pages than its own: on those of the people whom it names."""

    @pytest.fixture(autouse=True)
    def one_person(self, boss: User, editor: Any, second: Any) -> None:
        made(boss, editor, second)

    def says_so(self, person: Person) -> bool:
        on_page = ONE_PERSON in Client().get(f"/people/{person.ref}/").content.decode()
        assert Client().get(f"/api/v1/people/{person.ref}/").json()["one_person"] is on_page
        return on_page

    @pytest.mark.parametrize("level", ["public", "partner"])
    def test_an_incident_marks_the_people_whom_it_names_to_strangers(
        self, editor: Any, second: Any, level: str
    ) -> None:
        incident, person = make_incident(review="draft", level=level), make_person()
        make_involvement(incident, person, level=level)
        approve(submit(incident, editor), second)
        assert self.says_so(person) is (level == "public")

    def test_a_stage_marks_its_incident_and_its_person(self, editor: Any, second: Any) -> None:
        incident, person = make_incident(), make_person()
        stage = make_stage(make_involvement(incident, person))
        stage.place = "Casablanca"
        approve(propose(editor, stage), second)
        incident.refresh_from_db()
        assert incident.one_person and self.says_so(person)
        make_citation(make_source(one_person=True), "place", stage=stage)
        client = Client()
        for address in ("stages", "citations"):
            assert client.get(f"/api/v1/{address}/").json()["results"][0]["one_person"] is True
        for address in ("/people/", "/incidents/", "/board/", "/", "/search/?q=aybek", "/silence/"):
            assert ONE_PERSON_MARK in client.get(address).content.decode(), address

    def test_a_stage_for_partners_marks_nothing(self, editor: Any, second: Any) -> None:
        incident, person = make_incident(level="partner"), make_person()
        stage = make_stage(make_involvement(incident, person, level="partner"), level="partner")
        stage.place = "Casablanca"
        approve(propose(editor, stage), second)
        stage.refresh_from_db()
        assert stage.place == "Casablanca" and not self.says_so(person)

    def test_a_notice_and_a_relationship_mark_their_people(self, editor: Any, second: Any) -> None:
        sought, one, other = make_person(), make_person(), make_person()
        approve(submit(make_notice(sought, review="draft"), editor), second)
        approve(proposed(editor, lambda: make_relationship(one, other)), second)
        assert [self.says_so(person) for person in (sought, one, other)] == [True, True, True]


class TestWhoWroteIt:
    """An approval clears whoever wrote a row only where all of the row was looked at, by two people."""

    def test_an_approval_about_something_else_does_not_clear_it(self, editor: Any, second: Any) -> None:
        person = make_person(review="draft", level="team")
        submit(person, member("carol"))
        with act(second, "test"):
            person.occupation = "written by the reviewer"
            person.save()
        involved = make_incident()
        proposal = proposed(second, lambda: make_involvement(involved, person))
        approve(proposal, reviewer("independent"))
        waiting = Proposal.objects.get(kind="publish")
        assert "You wrote some of this yourself" in why_not(waiting, second)

    def test_nor_does_one_about_a_part_of_it(self, editor: Any, second: Any) -> None:
        person = make_person(review="draft", level="team")
        name = make_name(person, "Aibek", level="team")
        submit(person, member("carol"))
        with act(second, "test"):
            person.occupation = "written by the reviewer"
            person.save()
        name.level = "partner"
        approve(propose(second, name), reviewer("independent"))
        waiting = Proposal.objects.get(kind="publish")
        assert "You wrote some of this yourself" in why_not(waiting, second)

    def test_nor_does_what_one_person_approved(self, boss: User, editor: Any, second: Any) -> None:
        """Text of a part for partners, which bears no mark; later somebody else lowers the part."""
        made(boss, editor, second)
        name = make_name(make_person(), "Aibek", level="partner")
        name.text = "Written by one person"
        approve(propose(editor, name), second)
        administrator("other")
        name.refresh_from_db()
        name.level = "public"
        lowered = propose(member("carol"), name)
        assert "You approved an earlier state of this" in why_not(lowered, second)

    def test_with_one_administrator_one_reviewer_goes_on_approving(self, boss: User, editor: Any, second: Any) -> None:
        """Nobody can be independent then: each change is approved, and bears that it may have been one person."""
        made(boss, editor, second)
        person = make_person("Idris Hasan")
        for label in ("Idris H.", "Idriss Hasan", "I. Hasan"):
            person.label = label
            proposal = propose(editor, person)
            approve(proposal, second)
            person.refresh_from_db()
            assert (person.label, proposal.one_person) == (label, True)

    def test_publishing_by_two_clears_it(self, editor: Any, second: Any) -> None:
        person = make_person(review="draft", level="public")
        with act(second, "test"):
            person.occupation = "written by the reviewer"
            person.save()
        approve(submit(person, editor), reviewer("independent"))
        person.refresh_from_db()
        person.label = "Renamed"
        assert why_not(propose(editor, person), second) == ""


class TestCommands:
    def test_seeds_are_not_approved_by_accounts_of_one_person(self, boss: User, seeds: Any) -> None:
        made(boss, User.objects.create_user("clerk"), reviewer("approver"))
        with pytest.raises(CommandError, match="clerk and approver may be one person"):
            call_command("load_seeds", str(seeds), "--entered-by", "clerk", "--approved-by", "approver")
        assert not Person.objects.exists()
        assert "created" in load(seeds, approved=False)

    def test_a_person_is_not_expunged_by_accounts_of_one_person(
        self, boss: User, other: User, editor: Any, second: Any
    ) -> None:
        made(boss, editor, second)
        person = make_person()
        with pytest.raises(CommandError, match="editor and second may be one person"):
            call_command("expunge", person.ref, "--reason", "asked for", "--by", "editor", "--approved-by", "second")
        assert Person.objects.exists()
