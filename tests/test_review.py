"""A second person: who may approve what, what they see before, and that it is carried out exactly or not at all."""

from __future__ import annotations

import json

import pytest

from cases.models import Citation, Incident, Person, PersonDetail, Stage
from records.audit.acts import act
from records.current_act import NeedsSecondPerson
from records.models import AuditEntry, Proposal
from records.review import (
    AlreadyDecided,
    ChangedMeanwhile,
    ReviewRefused,
    approve,
    difference,
    digest_of_difference,
    proposing,
    send_back,
    submit,
    take_back,
    why_not,
)
from tests.factories import (
    make_category,
    make_citation,
    make_detail,
    make_incident,
    make_involvement,
    make_name,
    make_person,
    make_source,
    make_stage,
)
from tests.reviewing import member, propose, proposed, renamed, reviewer, sent_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return member("editor")


@pytest.fixture
def second():
    return reviewer("second")


class TestProposing:
    def test_a_change_of_something_open_waits_and_changes_nothing(self, editor):
        person = make_person("Idris Hasan")
        proposal = propose(editor, renamed(person), why="misprint")
        person.refresh_from_db()
        assert person.label == "Idris Hasan"
        assert (proposal.about, proposal.why, proposal.proposed_by, proposal.state) == (
            person.ref,
            "misprint",
            editor,
            "open",
        )
        assert json.loads(proposal.row_changes) == [
            {
                "model": "cases.person",
                "ref": person.ref,
                "operation": "update",
                "before": {"label": "Idris Hasan"},
                "after": {"label": "Somebody Else"},
            }
        ]

    def test_it_is_in_the_audit_trail_once(self, editor):
        proposal = propose(editor, renamed(make_person()))
        entry = AuditEntry.objects.get(kind="review")
        assert (entry.actor, entry.subjects.split()) == ("editor", [proposal.ref, proposal.about])

    def test_saving_what_is_open_unchanged_proposes_nothing(self, editor):
        person = make_person()
        assert sent_by(editor, person.save).proposal is None
        assert not Proposal.objects.exists()

    @pytest.mark.parametrize(
        "fields", [{"level": "partner"}, {"level": "team"}, {"review": "withheld"}, {"review": "withdrawn"}]
    )
    def test_to_raise_a_level_to_withhold_and_to_withdraw_is_done_at_once(self, editor, fields):
        person = make_person()
        for name, value in fields.items():
            setattr(person, name, value)
        assert sent_by(editor, person.save).proposal is None
        assert Person.objects.filter(pk=person.pk, **fields).exists()

    def test_drafts_are_written_at_once(self, editor):
        person = make_person(review="draft", level="public")
        assert sent_by(editor, renamed(person).save).proposal is None

    @pytest.mark.parametrize("review", ["draft", "published"])
    def test_to_lower_a_level_takes_a_second_person(self, editor, review):
        person = make_person(level="team", review=review)
        person.level = "partner"
        assert propose(editor, person).about == person.ref

    def test_the_same_change_proposed_twice_waits_once(self, editor):
        person = make_person()
        first = propose(editor, renamed(person))
        assert propose(editor, renamed(Person.objects.get(pk=person.pk))) == first

    def test_a_command_has_nobody_to_propose_for(self):
        person = make_person()
        with pytest.raises(NeedsSecondPerson), act("tidy", "command"), proposing():
            renamed(person).save()
        assert Person.objects.get().label != "Somebody Else"


class TestApproving:
    def test_a_change_is_carried_out_as_proposed(self, editor, second):
        person = make_person()
        proposal = propose(editor, renamed(person))
        approve(proposal, second, "good")
        person.refresh_from_db()
        proposal.refresh_from_db()
        assert person.label == "Somebody Else"
        assert (proposal.state, proposal.decided_by, proposal.answer) == ("approved", second, "good")

    def test_new_rows_keep_the_references_they_were_proposed_with(self, editor, second):
        incident, person, source, category = make_incident(), make_person(), make_source(), make_category()

        def add() -> None:
            involvement = make_involvement(incident, person)
            stage = make_stage(involvement, occurred="2021-07")
            make_citation(source, "occurred", stage=stage)
            person.categories.add(category)

        proposal = proposed(editor, add)
        assert not Stage.objects.exists()
        refs = {image["model"]: image["ref"] for image in json.loads(proposal.row_changes)}
        approve(proposal, second)
        stage = Stage.objects.get()
        assert (stage.ref, stage.incident, str(stage.occurred)) == (refs["cases.stage"], incident, "2021-07")
        assert Citation.objects.get().ref == refs["cases.citation"]
        assert [category.code for category in person.categories.all()] == ["activist"]

    def test_a_removal_is_carried_out(self, editor, second):
        detail = make_detail(make_person())
        proposal = proposed(editor, detail.delete)
        assert PersonDetail.objects.exists()
        approve(proposal, second)
        assert not PersonDetail.objects.exists()

    def test_nobody_approves_their_own(self, second):
        proposal = propose(second, renamed(make_person()))
        with pytest.raises(ReviewRefused, match="their own"):
            approve(proposal, second)
        assert Person.objects.get().label != "Somebody Else"

    def test_it_takes_the_right_to_review(self, editor):
        proposal = propose(editor, renamed(make_person()))
        with pytest.raises(ReviewRefused, match="right to review"):
            approve(proposal, member())

    def test_whoever_wrote_a_part_of_it_is_no_second_person(self, editor, second):
        person = make_person(review="draft")
        detail = make_detail(person)
        detail.value = "1981"
        with act(second, "test"):
            detail.save()
        proposal = submit(person, editor)
        assert "wrote some of this" in why_not(proposal, second)
        approve(proposal, reviewer("third"))
        assert Person.objects.get().review == "published"
        # From here on that is behind: somebody has looked at it.
        person.refresh_from_db()
        assert why_not(propose(editor, renamed(person)), second) == ""

    def test_a_part_that_was_written_is_not_forgotten_by_the_approval_of_something_else(self, editor, second):
        person = make_person()
        detail = make_detail(person, level="team")
        detail.value = "1981"
        with act(second, "test"):
            detail.save()
        approve(propose(editor, renamed(person)), reviewer("third"))
        detail.level = "public"
        assert "wrote some of this" in why_not(propose(editor, detail), second)

    def test_a_change_of_what_has_moved_on_is_refused_with_row_and_field(self, editor, second):
        person = make_person()
        proposal = propose(editor, renamed(person))
        Person.objects.filter(pk=person.pk).update(label="Corrected", occupation="teacher")
        with pytest.raises(ChangedMeanwhile, match=f"{person.ref}: label was changed"):
            approve(proposal, second)
        proposal.refresh_from_db()
        assert (Person.objects.get().label, proposal.state) == ("Corrected", "open")

    def test_a_rule_that_broke_meanwhile_refuses_all_of_it(self, editor, second):
        person = make_person()
        first, name = (
            make_name(person, "Aibek", kind="misprint"),
            PersonDetail(person=person, kind="born", level="public"),
        )
        first.text = "Oybek"

        def both() -> None:
            name.save()
            first.save()

        proposal = proposed(editor, both)
        make_name(person, "Oybek", kind="misprint")
        with pytest.raises(ReviewRefused, match=first.ref):
            approve(proposal, second)
        assert not PersonDetail.objects.exists()
        assert not AuditEntry.objects.filter(details__contains='"approved"').exists()

    def test_what_was_decided_is_not_decided_again(self, editor, second):
        proposal = propose(editor, renamed(make_person()))
        stale = Proposal.objects.get(pk=proposal.pk)
        approve(proposal, second)
        with pytest.raises(ReviewRefused, match="was approved"):
            approve(stale, reviewer("third"))
        with pytest.raises(AlreadyDecided):
            send_back(stale, reviewer("fourth"), "no")
        with pytest.raises(AlreadyDecided):
            take_back(stale, editor)

    def test_what_was_shown_has_to_be_what_is_approved(self, editor, second):
        person = make_person(review="draft")
        proposal = submit(person, editor)
        shown = digest_of_difference(difference(proposal, second))
        make_detail(person, value="1981")
        with pytest.raises(ChangedMeanwhile, match="Look at it again"):
            approve(proposal, second, shown=shown)
        approve(proposal, second, shown=digest_of_difference(difference(proposal, second)))


class TestPublishing:
    def test_a_draft_is_published_by_two(self, editor, second):
        person = make_person(review="draft")
        proposal = submit(person, editor, "complete")
        assert Person.objects.get().review == "in_review"
        approve(proposal, second)
        assert Person.objects.get().review == "published"

    def test_an_incident_is_not_published_while_a_stage_lacks_evidence(self, editor, second):
        incident, source = make_incident(review="draft"), make_source()
        stage = make_stage(make_involvement(incident, make_person("Idris Hasan")), "release", "2022")
        with pytest.raises(ReviewRefused, match="Add a source for: release in 2022 of Idris Hasan."):
            submit(incident, editor)
        citation = make_citation(source, "occurred", stage=stage)
        proposal = submit(incident, editor)
        citation.delete()
        with pytest.raises(ReviewRefused, match="Add a source for"):
            approve(proposal, second)
        assert Incident.objects.get().review == "in_review"

    def test_a_change_may_not_add_what_lacks_evidence(self, editor, second):
        incident, person = make_incident(), make_person()
        proposal = proposed(editor, lambda: make_stage(make_involvement(incident, person)))
        with pytest.raises(ReviewRefused, match="Add a source for"):
            approve(proposal, second)
        assert not Stage.objects.exists()

    def test_what_is_sent_back_is_a_draft_with_an_answer(self, editor, second):
        person = make_person(review="draft")
        proposal = submit(person, editor)
        with pytest.raises(ReviewRefused, match="Say why"):
            send_back(proposal, second, " ")
        send_back(proposal, second, "the date is missing")
        proposal.refresh_from_db()
        assert (proposal.state, proposal.answer) == ("sent_back", "the date is missing")
        assert Person.objects.get().review == "draft"
        person.refresh_from_db()
        approve(submit(person, editor), second)  # to send back is no writing

    def test_who_proposed_it_takes_it_back(self, editor, second):
        person = make_person(review="draft")
        proposal = submit(person, editor)
        with pytest.raises(ReviewRefused, match="Only whoever"):
            take_back(proposal, second)
        take_back(proposal, editor)
        assert (Person.objects.get().review, Proposal.objects.get().state) == ("draft", "taken_back")

    def test_a_record_is_submitted_once(self, editor):
        person = make_person(review="draft")
        submit(person, editor)
        with pytest.raises(ReviewRefused, match="in review already"):
            submit(person, member())

    def test_lowering_and_submitting_in_one_go_is_one_proposal_that_publishes(self, editor, second):
        person = make_person(review="draft", level="team")

        def both() -> None:
            person.level = "public"
            person.save()
            submit(person, editor)

        proposal = proposed(editor, both)
        assert Proposal.objects.count() == 1
        approve(proposal, second)
        assert Person.objects.filter(level="public", review="published").exists()
