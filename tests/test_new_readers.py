"""Who is let in by naming readers, by restricting, and by moving parts: that waits for a second person too.

The expected answers follow from the rule of who may read (`records/models/visibility.py`), worked out by hand: each
case says who reads afterwards that did not before, or that there is nobody.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User

from cases.models import Involvement, Person, PersonName
from records.audit.acts import act
from records.current_act import NeedsSecondPerson
from records.models import BreakGlass, Proposal, Team
from records.vocabulary import ProposalState
from tests.admin_forms import filled, messages_of
from tests.factories import (
    make_citation,
    make_incident,
    make_involvement,
    make_name,
    make_person,
    make_source,
)
from tests.reviewing import answer, client_of, member, page, reviewer
from tests.signin import grow_old, make_account, may

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Any:
    return member("editor")


@pytest.fixture
def outsider() -> Any:
    return may(make_account("outsider"), "read_partner")


@pytest.fixture
def north(editor: Any) -> Team:
    team = Team.objects.create(name="North")
    team.members.add(editor)
    return team


@pytest.fixture
def south() -> Team:
    return Team.objects.create(name="South")


def waits(editor: Any, write: Any) -> bool:
    """Whether an act of one person that does this is refused until a second one has looked."""
    try:
        with act(editor, "test"):
            write()
    except NeedsSecondPerson:
        return True
    return False


def change(row: Any, **values: Any) -> Any:
    """Return what gives a row these values, and saves it."""

    def write() -> None:
        for name, value in values.items():
            setattr(row, name, value)
        row.save()

    return write


class TestNaming:
    def test_an_outsider_on_a_draft_waits(self, editor: Any, outsider: Any) -> None:
        """Named readers read what is unpublished."""
        person = make_person(review="draft", level="partner")
        assert waits(editor, lambda: person.readers.add(outsider))
        assert not person.readers.exists()

    def test_somebody_who_has_no_second_factor_yet_waits_too(self, editor: Any) -> None:
        """They read nothing today, and set one up whenever they like."""
        person = make_person(review="draft", level="partner")
        later = may(User.objects.create_user("later"), "read_partner")
        assert waits(editor, lambda: person.readers.add(later))

    def test_oneself_on_a_record_with_a_restricted_part_waits(self, editor: Any) -> None:
        """The editor reads the public person, and not the restricted name before being named."""
        person = make_person()
        make_name(person, "Hidden", level="restricted")
        assert waits(editor, lambda: person.readers.add(editor))
        assert not PersonName.objects.visible_to(User.objects.get(pk=editor.pk)).filter(text="Hidden").exists()

    def test_a_captured_source_restricted_below_counts_like_any_part(self, editor: Any, outsider: Any) -> None:
        source = make_source()
        make_citation(source, "occupation", person=make_person(), level="restricted")
        assert waits(editor, lambda: source.readers.add(outsider))

    def test_somebody_who_reads_all_of_it_already_is_named_at_once(self, editor: Any) -> None:
        person = make_person(review="draft", level="team")
        assert not waits(editor, lambda: person.readers.add(editor))

    def test_a_reader_of_another_team_waits(self, editor: Any, north: Team) -> None:
        person = make_person(review="draft", level="partner", team=north)
        assert waits(editor, lambda: person.readers.add(member("elsewhere")))

    def test_by_name_and_together_with_other_changes_waits_too(self, editor: Any, outsider: Any) -> None:
        person = make_person(review="draft", level="partner")

        def write() -> None:
            person.readers.add(outsider)
            change(person, occupation="baker")()

        assert waits(editor, write)

    def test_one_reader_in_place_of_another_waits(self, editor: Any, outsider: Any) -> None:
        person = make_person(level="restricted")
        person.readers.add(editor)
        assert waits(editor, lambda: person.readers.set([outsider]))

    def test_to_take_a_name_off_is_done_at_once(self, editor: Any, outsider: Any) -> None:
        person = make_person(level="restricted")
        person.readers.add(editor, outsider)
        assert not waits(editor, lambda: person.readers.remove(outsider))
        assert [*person.readers.all()] == [editor]

    def test_a_new_record_names_its_readers_at_once(self, editor: Any, outsider: Any) -> None:
        """Whoever writes it down chooses whom they tell: nobody else had entrusted it to the record."""

        def write() -> None:
            make_person("Entered Now", level="restricted", review="draft").readers.add(outsider)

        assert not waits(editor, write)

    def test_the_form_makes_it_a_proposal_and_the_second_person_lets_the_reader_in(
        self, editor: Any, outsider: Any
    ) -> None:
        person = make_person(review="draft", level="partner")
        writer = client_of(editor)
        User.objects.filter(pk=outsider.pk).update(is_staff=True)  # the form offers nobody else
        response = writer.post(page(person), filled(writer, page(person)) | {"readers": [str(outsider.pk)]})
        assert "Sent to a second person" in messages_of(response)
        assert not Person.objects.visible_to(outsider).exists()
        proposal = Proposal.objects.get()
        answer(client_of(reviewer("second")), proposal, "approve")
        proposal.refresh_from_db()
        assert proposal.state == ProposalState.APPROVED
        assert [*Person.objects.visible_to(User.objects.get(pk=outsider.pk))] == [person]

    def test_with_an_old_sign_in_the_form_asks_who_it_is(self, editor: Any) -> None:
        person = make_person(review="draft", level="team")
        writer = client_of(editor)
        grow_old(writer, 120)
        response = writer.post(page(person), filled(writer, page(person)) | {"readers": [str(editor.pk)]})
        assert response.status_code == 200 and "Nothing was saved yet" in response.content.decode()
        assert not person.readers.exists()


class TestRestricting:
    def test_to_somebody_who_was_shut_out_waits(self, editor: Any, outsider: Any) -> None:
        """Named on a draft of level team, an outsider reads nothing of it; restricted, they read it."""
        person = make_person(review="draft", level="team")
        person.readers.add(outsider)
        assert waits(editor, change(person, level="restricted"))

    @pytest.mark.parametrize("level", ["partner", "public"])
    def test_and_so_does_any_level_that_lets_the_named_outsider_in(
        self, editor: Any, outsider: Any, level: str
    ) -> None:
        """Lowered: named readers read an unpublished record of these levels, and none of level team."""
        person = make_person(review="draft", level="team")
        person.readers.add(outsider)
        assert waits(editor, change(person, level=level))

    def test_to_somebody_shut_out_who_has_no_second_factor_yet_waits(self, editor: Any) -> None:
        person = make_person(review="draft", level="team")
        person.readers.add(User.objects.create_user("later"))
        assert waits(editor, change(person, level="restricted"))

    def test_to_somebody_who_reads_it_already_is_done_at_once(self, editor: Any, outsider: Any) -> None:
        """A named reader reads a draft of level partner; and what is published and public is read by everybody."""
        draft, published = make_person(review="draft", level="partner"), make_person()
        for person in (draft, published):
            person.readers.add(outsider)
            assert not waits(editor, change(person, level="restricted"))

    def test_and_to_nobody(self, editor: Any) -> None:
        assert not waits(editor, change(make_person(review="draft", level="team"), level="restricted"))

    def test_what_is_public_is_shut_at_once_for_the_colleague_who_is_named_with_it(self, editor: Any) -> None:
        """Whoever has to hide something in a hurry waits for nobody: the colleague read it before."""
        person = make_person()

        def write() -> None:
            person.readers.add(editor)
            change(person, level="restricted")()

        assert not waits(editor, write)

    def test_a_part_whose_record_names_an_outsider_waits(self, editor: Any, outsider: Any) -> None:
        person = make_person()
        name = make_name(person, "Kept by the team", level="team")
        person.readers.add(outsider)
        assert waits(editor, change(name, level="restricted"))

    def test_broken_glass_is_no_reading(self, editor: Any, north: Team) -> None:
        """It closes by itself: who reads something by it for minutes would be let in for good."""
        stranger = member("stranger")
        person = make_person(review="draft", level="team", team=north)
        person.readers.add(stranger)
        BreakGlass.objects.create(user=stranger, reason="A hearing is about to begin.")
        assert waits(editor, change(person, level="restricted"))


class TestBringingBack:
    """What was removed comes back for those who could read it then, and for nobody else alone."""

    def removed(self, editor: Any, name: PersonName) -> dict[str, Any]:
        kept = {"ref": name.ref, "person": name.person, "text": name.text, "level": name.level}
        with act(editor, "test"):
            name.delete()
        return kept

    def test_something_restricted_waits(self, editor: Any, outsider: Any) -> None:
        """While it was away somebody was named, at once, for nothing restricted was left."""
        person = make_person(review="draft", level="public")
        kept = self.removed(editor, make_name(person, "Hidden", level="restricted"))
        assert waits(editor, lambda: PersonName.objects.create(**kept))

    def test_as_it_was_before_it_was_restricted_waits(self, editor: Any) -> None:
        name = make_name(make_person(), "Hidden", level="restricted")
        kept = self.removed(editor, name)
        assert waits(editor, lambda: PersonName.objects.create(**kept | {"level": "team"}))

    def test_below_a_record_that_went_to_another_team_waits(self, editor: Any, north: Team, south: Team) -> None:
        person = make_person(review="draft", level="team", team=north)
        kept = self.removed(editor, make_name(person, "Of North", level="team"))
        with act(editor, "test", may_open=True):
            change(person, team=south)()
        assert waits(editor, lambda: PersonName.objects.create(**kept))

    def test_below_a_record_that_stayed_as_it_was_is_done_at_once(self, editor: Any) -> None:
        kept = self.removed(editor, make_name(make_person(review="draft", level="team"), "Of the team", level="team"))
        assert not waits(editor, lambda: PersonName.objects.create(**kept))


class TestMoving:
    def involvement(self, **incident: Any) -> Involvement:
        return make_involvement(make_incident(**incident), make_person(), level="team")

    def test_below_an_incident_of_another_team_waits(self, editor: Any, north: Team, south: Team) -> None:
        involvement = self.involvement(review="draft", team=north)
        assert waits(editor, change(involvement, incident=make_incident(review="draft", team=south)))

    def test_below_an_incident_of_every_team_waits(self, editor: Any, north: Team) -> None:
        involvement = self.involvement(review="draft", team=north)
        assert waits(editor, change(involvement, incident=make_incident(review="draft")))

    def test_below_one_that_names_a_reader_waits(self, editor: Any, outsider: Any) -> None:
        other = make_incident(review="draft")
        other.readers.add(outsider)
        assert waits(editor, change(self.involvement(review="draft"), incident=other))

    def test_below_a_published_one_of_the_same_team_is_done_where_its_level_stays_the_teams(
        self, editor: Any, north: Team
    ) -> None:
        """Whoever reads a part of level team is of the team, and reads it in the draft as well."""
        involvement = self.involvement(review="draft", team=north)
        assert not waits(editor, change(involvement, incident=make_incident(team=north)))

    def test_from_every_team_to_one_is_done(self, editor: Any, north: Team) -> None:
        involvement = self.involvement(review="draft")
        assert not waits(editor, change(involvement, incident=make_incident(review="draft", team=north)))

    def test_to_another_person_whom_more_may_read_waits(self, editor: Any, north: Team) -> None:
        """The involvement is for every team, and was shut as long as its person was for one."""
        hidden = make_person(team=north, level="team")
        involvement = make_involvement(make_incident(review="draft"), hidden, level="team")
        assert waits(editor, change(involvement, person=make_person()))

    def test_evidence_below_is_not_carried_to_another_team(self, editor: Any, north: Team, south: Team) -> None:
        """Somebody of South is named on both incidents, and reads the restricted involvement in both; but its citation,
        of level team, goes by the team of the incident.
        """
        southerner = member("southerner")
        south.members.add(southerner)
        here, there = make_incident(team=north), make_incident(team=south)
        for incident in (here, there):
            incident.readers.add(southerner)
        involvement = make_involvement(here, make_person(), level="restricted")
        make_citation(make_source(), "role", involvement=involvement, level="team")
        assert waits(editor, change(involvement, incident=there))

    @pytest.fixture
    def citation(self, north: Team) -> Any:
        """A citation of level team, on a draft of every team, from a source of North."""
        person, source = make_person(review="draft"), make_source(team=north, level="team")
        return make_citation(source, "occupation", person=person, level="team")

    def test_a_citation_to_a_source_that_more_may_read_waits(self, editor: Any, citation: Any) -> None:
        assert waits(editor, change(citation, source=make_source(review="draft", level="team")))

    def test_a_citation_to_another_source_of_the_same_readers_is_done(
        self, editor: Any, citation: Any, north: Team
    ) -> None:
        assert not waits(editor, change(citation, source=make_source(team=north, level="team")))
