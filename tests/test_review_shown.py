"""What a proposal shows, and to whom: old beside new with the evidence, and nothing of what is hidden."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from records.models import Comment, Team
from records.review import (
    ReviewRefused,
    approve,
    comments_for,
    difference,
    proposals_for,
    submit,
)
from tests.factories import (
    make_citation,
    make_country,
    make_detail,
    make_incident,
    make_involvement,
    make_name,
    make_person,
    make_source,
    make_tactic,
)
from tests.reviewing import client_of, member, page, propose, proposed, renamed, reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return member("editor")


@pytest.fixture
def second():
    return reviewer("second")


class TestTheDifference:
    def test_old_and_new_stand_side_by_side_with_the_evidence(self, editor, second):
        person, source = make_person("Idris Hasan"), make_source(title="A report")
        make_citation(source, "label", person=person, stated_value="I. Hasan")

        def change() -> None:
            renamed(person, "Idris Hassan").save()
            make_citation(make_source(title="Another"), "label", person=person, stated_value="Idris Hassan")

        proposal = proposed(editor, change)
        rows = difference(proposal, second)
        (label,) = rows[0].fields
        assert (label.label, label.old, label.new) == ("Label", "Idris Hasan", "Idris Hassan")
        assert [(each.source, each.stated, each.is_new) for each in label.evidence] == [
            ("A report", "I. Hasan", False),
            ("Another (new)", "Idris Hassan", True),
        ]

    def test_the_words_of_the_source_stand_beside_a_fact_for_whoever_reads_its_text(self, editor, second):
        person = make_person()
        for team in (None, Team.objects.create(name="Others")):
            source = make_source(team=team, text="Idris Hasan, 33, was held.")
            make_citation(source, "label", person=person, paragraph=1, start=0, end=11)
        (row,) = difference(propose(editor, renamed(person)), second)
        assert [each.words for each in row.fields[0].evidence] == ["Idris Hasan", ""]

    def test_evidence_that_the_reader_may_not_see_is_left_out(self, editor, second):
        person = make_person()
        make_citation(make_source(level="restricted"), "label", person=person, stated_value="CANARY")
        (row,) = difference(propose(editor, renamed(person)), second)
        assert row.fields[0].evidence == []

    def test_to_publish_shows_all_that_becomes_readable(self, editor, second):
        person = make_person("Idris Hasan", review="draft", residence=make_country("TR"))
        make_detail(person, value="1980", level="public")
        make_detail(person, value="CANARY", level="team")
        told = str(difference(submit(person, editor), second))
        assert "Idris Hasan" in told and "Türkiye" in told and "1980" in told
        assert "CANARY" not in told

    def test_to_lower_a_level_shows_the_parts_that_become_readable(self, editor, second):
        person = make_person(level="team")
        make_detail(person, value="1980", level="public")
        person.level = "public"
        assert "1980" in str(difference(propose(editor, person), second))

    def test_what_was_published_before_is_compared_with_how_it_was(self, editor, second):
        person = make_person("Idris Hasan")
        name = make_name(person, "Idriss")
        person.review = "withheld"
        person.save()
        person.occupation = "teacher"
        person.save()
        make_tactic()
        name.text = "Idrees"
        name.save()
        rows = difference(submit(person, editor), second)
        told = {(row.ref, field.name): (field.old, field.new) for row in rows for field in row.fields}
        assert told == {(person.ref, "occupation"): ("", "teacher"), (name.ref, "text"): ("Idriss", "Idrees")}


class TestWhoKnows:
    def test_a_proposal_is_the_teams(self, editor):
        propose(editor, renamed(make_person()))
        partner = member()
        partner.user_permissions.clear()
        assert not proposals_for(type(partner).objects.get(pk=partner.pk)).exists()

    def test_a_part_that_is_hidden_hides_the_proposal(self, editor, second):
        person = make_person()
        person.readers.add(editor)
        secret = make_detail(person, level="restricted", value="CANARY")

        def both() -> None:
            renamed(person).save()
            secret.value = "CANARY 2"
            secret.save()

        proposal = proposed(editor, both)
        assert proposal in proposals_for(editor)
        assert proposal not in proposals_for(second)
        with pytest.raises(ReviewRefused, match="no such"):
            approve(proposal, second)
        person.readers.add(second)
        assert proposal in proposals_for(second)

    def test_a_new_part_is_as_hidden_as_it_would_be(self, editor, second):
        person = make_person()
        person.readers.add(editor)

        def both() -> None:
            renamed(person).save()
            make_detail(person, level="restricted", value="CANARY")

        proposal = proposed(editor, both)
        assert proposal in proposals_for(editor)
        assert proposal not in proposals_for(second)

    @pytest.mark.parametrize("level", ["public", "partner", "team"])
    def test_a_new_draft_is_for_its_team_whatever_its_level(self, editor, second, level):
        person, istanbul = make_person(), Team.objects.create(name="Istanbul")
        istanbul.members.add(editor)

        def both() -> None:
            renamed(person).save()
            make_incident("CANARY", review="draft", level=level, team=istanbul)

        proposal = proposed(editor, both)
        assert proposal in proposals_for(User.objects.get(pk=editor.pk))
        assert proposal not in proposals_for(second)
        shown = client_of(second)
        assert "CANARY" not in shown.get(page(proposal), follow=True).content.decode()
        istanbul.members.add(second)
        assert proposal in proposals_for(User.objects.get(pk=second.pk))

    def test_a_new_restricted_citation_is_for_the_readers_of_its_source(self, editor, second):
        person, source = make_person(), make_source()
        source.readers.add(second)
        person.readers.add(editor)

        def both() -> None:
            renamed(person).save()
            make_citation(source, "label", person=person, level="restricted")

        proposal = proposed(editor, both)
        assert proposal in proposals_for(second)
        assert proposal not in proposals_for(editor)

    def test_a_hidden_record_that_a_value_names_hides_the_proposal(self, editor, second):
        origin = make_source(level="restricted")
        origin.readers.add(editor)
        copy = make_source()
        copy.derived_from = origin
        proposal = propose(editor, copy)
        assert proposal in proposals_for(editor)
        assert proposal not in proposals_for(second)

    def test_what_belongs_to_a_hidden_record_too_is_not_opened_and_does_not_hide_the_proposal(self, editor, second):
        incident, hidden = make_incident(review="draft"), make_person(level="restricted")
        involvement = make_involvement(incident, hidden)
        proposal = submit(incident, editor)
        assert proposal in proposals_for(second)
        told = str(difference(proposal, second))
        assert involvement.ref not in told and hidden.ref not in told

    def test_comments_stay_with_the_record_and_go_with_its_visibility(self, editor, second):
        person = make_person()
        proposal = propose(editor, renamed(person))
        for about in (person.ref, proposal.ref):
            Comment.objects.create(about=about, by=editor, text="Is that so?")
        assert comments_for(second).count() == 2
        approve(proposal, second)
        assert comments_for(second).count() == 2
        person.refresh_from_db()
        person.level = "restricted"
        person.save()
        assert comments_for(second).count() == 0
