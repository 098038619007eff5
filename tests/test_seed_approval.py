"""The approval of seeds from elsewhere: without a second person they come in for the team, and open nothing."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command

from cases.models import Agreement, Citation, Incident, Person, PersonName, Stage
from records.models import AuditEntry
from sources.models import SourceDocument
from tests.seedfiles import content, edit, load, seeds, two_people

__all__ = ["seeds"]

pytestmark = pytest.mark.django_db


class TestFilesFromElsewhere:
    """What did not come with Waymark opens nothing unless two people stand behind it."""

    def test_without_a_second_person_it_comes_in_for_the_team_and_waits(self, seeds):
        said = load(seeds, approved=False)
        assert "36 created, 0 changed" in said
        assert "For the team alone, until a second person approves what the files would open: " in said
        for model in (Person, Incident, SourceDocument, Agreement):
            assert set(model.objects.values_list("level", "review")) == {("team", "in_review")}
        for part in (PersonName, Stage, Citation):
            assert part.objects.exists() and not part.objects.visible_to(AnonymousUser()).exists()
        before = content()
        assert "0 created, 0 changed, 36 unchanged" in load(seeds, approved=False)
        assert content() == before

    def test_what_is_open_stays_as_it_is(self, seeds):
        load(seeds)
        edit(seeds, "c_people.yaml", "occupation: teacher", "occupation: nurse")
        for words in ((), ("--overwrite",)):
            said = load(seeds, *words, approved=False)
            assert "Not changed, as readers can see them and nobody approved it: 1" in said
            assert "PER-00000001 occupation: 'teacher' -> 'nurse'" in said
            assert "0 created, 0 changed" in said
            assert Person.objects.get(ref="PER-00000001").occupation == "teacher"
        assert "0 created, 1 changed" in load(seeds)

    def test_a_new_part_of_what_is_open_is_for_the_team(self, seeds):
        load(seeds)
        edit(seeds, "c_people.yaml", "    details:", "      - {ref: NAM-00000009, text: Oybek}\n    details:")
        assert "1 created" in load(seeds, approved=False)
        assert PersonName.objects.get(ref="NAM-00000009").level == "team"

    def test_what_is_withheld_is_not_opened_again(self, seeds):
        load(seeds)
        Person.objects.filter(ref="PER-00000001").update(review="withheld", level="team")
        load(seeds, "--overwrite", approved=False)
        person = Person.objects.get(ref="PER-00000001")
        assert (person.level, person.review) == ("team", "withheld")

    def test_a_draft_goes_on_being_written(self, seeds):
        load(seeds, approved=False)
        edit(seeds, "c_people.yaml", "occupation: teacher", "occupation: nurse")
        assert "0 created, 1 changed" in load(seeds, approved=False)
        person = Person.objects.get(ref="PER-00000001")
        assert (person.occupation, person.level, person.review) == ("nurse", "team", "in_review")

    def test_two_people_who_stand_behind_it_are_in_the_audit_trail(self, seeds):
        load(seeds)
        write, review = AuditEntry.objects.order_by("number").filter(actor="clerk")
        assert (write.kind, review.kind, json.loads(review.details)["approved_by"]) == ("write", "review", "keeper")

    @pytest.mark.parametrize(
        ("options", "why"),
        [
            ({"entered_by": "clerk"}, "--approved-by : no such active account"),
            ({"approved_by": "keeper"}, "--entered-by : no such active account"),
            ({"entered_by": "keeper", "approved_by": "keeper"}, "Nobody approves their own work"),
            ({"entered_by": "keeper", "approved_by": "clerk"}, "clerk may not approve records"),
            ({"entered_by": "clerk", "approved_by": "ghost"}, "ghost: no such active account"),
        ],
    )
    def test_the_two_have_to_be_two_and_one_a_reviewer(self, seeds, options, why):
        two_people()
        with pytest.raises(CommandError, match=why):
            call_command("load_seeds", str(seeds), **options)
        assert not Person.objects.exists()
