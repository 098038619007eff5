"""Loading seeds: all or nothing, the same however often, and never over the heads of the staff."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import (
    Agreement,
    CcfRequest,
    Citation,
    ClockRule,
    Country,
    Duty,
    Incident,
    Person,
    PersonName,
    Stage,
    Tactic,
)
from seeds.models import LoadedRecord
from sources.custody import act
from sources.models import AuditEntry, SourceDocument
from tests.factories import make_name, make_person
from tests.seedfiles import PEOPLE, content, edit, load, refused, two_people, write_seeds

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return write_seeds(tmp_path)


class TestWhatIsLoaded:
    def test_every_record_arrives_with_its_values(self, seeds):
        assert "30 created, 0 changed, 0 unchanged" in load(seeds)
        person = Person.objects.get(ref="PER-00000001")
        assert (person.occupation, person.residence_id, person.level, person.review) == (
            "teacher", "MA", "public", "published",
        )  # fmt: skip
        assert [category.code for category in person.categories.all()] == ["opposition"]
        group = Person.objects.get(ref="PER-00000002")
        assert (group.headcount_min, group.headcount_max, group.role) == (3, 5, "bystander")
        assert Country.objects.get(pk="NO").latitude == Decimal("62.0")
        assert Country.objects.get(pk="CN").aliases == ["PRC"]
        assert {country.pk for country in Agreement.objects.get().countries.all()} == {"CN", "MA"}

    def test_what_follows_from_other_columns_is_filled_in(self, seeds):
        load(seeds)
        incident = Incident.objects.get()
        assert incident.host_id == "MA"
        assert incident.start
        assert str(incident.start.earliest) == "2019-02-01"
        assert set(Stage.objects.values_list("incident", flat=True)) == {incident.pk}
        assert PersonName.objects.get(ref="NAM-00000001").folded == "aybek tursun"
        copy, original = SourceDocument.objects.order_by("-ref")
        assert copy.origin == original

    def test_stages_keep_the_order_of_telling(self, seeds):
        load(seeds)
        assert list(Stage.objects.order_by("position").values_list("ref", "position")) == [
            ("STG-00000002", 1),
            ("STG-00000001", 2),
        ]

    def test_a_statement_is_preferred_where_it_supports_the_record(self, seeds):
        load(seeds)
        assert list(Citation.objects.order_by("ref").values_list("stance", "preferred")) == [
            ("supports", True),
            ("supports", True),
            ("contradicts", False),
        ]

    def test_a_part_has_the_level_of_its_record_unless_it_names_one(self, seeds):
        load(seeds)
        person = Person.objects.get(ref="PER-00000001")
        assert person.names.get(kind="primary").level == "public"
        assert person.details.get().level == "team"

    def test_without_a_default_a_record_is_a_draft_for_the_team(self, seeds):
        edit(seeds, "c_people.yaml", "defaults: {level: public, review: published}\n", "")
        load(seeds)
        person = Person.objects.get(ref="PER-00000001")
        assert (person.level, person.review, person.names.get(kind="primary").level) == ("team", "draft", "team")

    def test_a_file_alone_may_point_to_what_is_in_the_database(self, seeds):
        load(seeds)
        assert "0 created, 0 changed, 12 unchanged" in load(seeds / "d_incidents.yaml")


FOLLOWING = """\
defaults: {level: public, review: published}
incidents:
  - ref: INC-00000009
    title: Must report
    scope: cross_border
    origin: CN
    involvements:
      - ref: INV-00000009
        person: PER-00000001
        duties:
          - {ref: DUT-00000001, kind: reporting, due: 2019-01-25/2019-02-05, rhythm: weekly, authority: an office}
          - {ref: DUT-00000002, kind: hearing, ended: "2019"}
ccf_requests:
  - ref: CCF-00000001
    notice: NOT-00000001
    kind: revision
    new_fact: 2025-08-31
    events:
      - {ref: CEV-00000002, state: filed, occurred: 2026-01-10, asserted_by: his lawyer}
      - {ref: CEV-00000001, state: extended, until: 2026-12}
clock_rules:
  - {code: made_up, kind: access, runs_from: filed, months: "4", valid_from: 2017-03-11, basis: A rule}
"""


class TestRequestsDutiesAndRules:
    def test_they_arrive_and_arrive_only_once(self, seeds):
        (seeds / "e_following.yaml").write_text(FOLLOWING)
        assert "38 created" in load(seeds)
        reporting, hearing = Duty.objects.order_by("ref")
        assert (reporting.incident.ref, str(reporting.due), reporting.rhythm) == (
            "INC-00000009", "2019-01-25/2019-02-05", "weekly",
        )  # fmt: skip
        assert (hearing.due, str(hearing.ended), hearing.level) == (None, "2019", "public")
        request = CcfRequest.objects.get()
        assert (request.notice.ref, str(request.new_fact), request.review) == (
            "NOT-00000001",
            "2025-08-31",
            "published",
        )
        events = request.events.order_by("position").values_list("ref", "state", "asserted_by")
        assert list(events) == [("CEV-00000002", "filed", "his lawyer"), ("CEV-00000001", "extended", "")]
        rule = ClockRule.objects.get()
        assert (rule.months, rule.valid_from.isoformat(), rule.valid_to) == (4, "2017-03-11", None)
        assert "0 created, 0 changed, 38 unchanged" in load(seeds)

    @pytest.mark.parametrize(
        ("old", "new", "why"),
        [
            ("valid_from: 2017-03-11", "valid_from: 2017-03", "is not a known day"),
            ("valid_from: 2017-03-11", "valid_from: 2017-02-29", "is not a day of the calendar"),
            ("valid_from: 2017-03-11", "valid_to: 2017-03-10, valid_from: 2017-03-11", "cannot be before"),
            ('months: "4"', 'months: "0"', "Calendar months"),
            ("runs_from: filed", "runs_from: decided", "is not one of"),
            ("due: 2019-01-25/2019-02-05, ", "", "Say when it first came round"),
            ("notice: NOT-00000001", "notice: NOT-0000000X", "neither among"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, seeds, old, new, why):
        (seeds / "e_following.yaml").write_text(FOLLOWING)
        edit(seeds, "e_following.yaml", old, new)
        assert why in refused(seeds)


class TestSafeToRepeat:
    def test_a_second_run_writes_nothing(self, seeds):
        load(seeds)
        before = content()
        with CaptureQueriesContext(connection) as queries:
            assert "0 created, 0 changed, 30 unchanged" in load(seeds)
        assert content() == before
        writes = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        writes = [sql for sql in writes if "sources_presentact" not in sql]  # who is at work, for SQLite's triggers
        assert writes == []

    def test_the_number_of_queries_does_not_grow_with_unchanged_records(self, seeds):
        load(seeds)
        with CaptureQueriesContext(connection) as few:
            load(seeds)
        people = "\n".join(f"  - {{ref: PER-100000{n}, label: P {n}, standing: target}}" for n in range(10, 60))
        (seeds / "e_more.yaml").write_text(f"people:\n{people}\n")
        assert "50 created" in load(seeds)
        with CaptureQueriesContext(connection) as many:
            load(seeds)
        assert len(many) == len(few)

    def test_a_dry_run_says_what_it_would_do_and_does_not(self, seeds):
        two_people()
        before = content()
        said = load(seeds, "--dry-run")
        assert "30 created, 0 changed" in said
        assert "Dry run: nothing was written." in said
        assert content() == before


class TestChangesInTheFiles:
    def test_a_changed_value_is_taken_over_and_named(self, seeds):
        load(seeds)
        edit(seeds, "c_people.yaml", "occupation: teacher", "occupation: nurse")
        said = load(seeds)
        assert "PER-00000001 occupation: 'teacher' -> 'nurse'" in said
        assert "0 created, 1 changed, 29 unchanged" in said
        assert "0 created, 0 changed" in load(seeds)

    def test_a_value_taken_out_of_the_file_is_emptied(self, seeds):
        load(seeds)
        edit(seeds, "c_people.yaml", "    residence: MA\n", "")
        edit(seeds, "c_people.yaml", "    categories: [opposition]\n", "")
        load(seeds)
        person = Person.objects.get(ref="PER-00000001")
        assert person.residence is None
        assert not person.categories.exists()

    def test_the_primary_name_may_pass_from_one_form_to_another(self, seeds):
        """In the file's order the second would become primary while the first still is, or the other way round."""
        load(seeds)
        for first, second in [("also_known_as", "primary"), ("primary", "misprint")]:
            text = PEOPLE.replace("Tursun, kind: primary", f"Tursun, kind: {first}")
            text = text.replace("kind: misprint", f"kind: {second}")
            (seeds / "c_people.yaml").write_text(text)
            assert "0 created, 2 changed" in load(seeds)

    def test_a_source_may_be_found_to_descend_from_a_new_one(self, seeds):
        load(seeds)
        text = (seeds / "b_sources.yaml").read_text() + "    derived_from: SRC-00000000\n"
        (seeds / "b_sources.yaml").write_text(text + "  - {ref: SRC-00000000, title: Older, kind: news_report}\n")
        assert "1 created, 1 changed" in load(seeds)
        oldest = SourceDocument.objects.get(ref="SRC-00000000")
        assert set(SourceDocument.objects.exclude(pk=oldest.pk).values_list("origin", flat=True)) == {oldest.pk}

    def test_stages_move_to_another_incident_with_their_involvement(self, seeds):
        load(seeds)
        another = "  - ref: INC-00000002\n    title: Another\n    scope: domestic\n    origin: CN\n"
        edit(seeds, "d_incidents.yaml", "    involvements:\n", f"{another}    involvements:\n")
        assert "1 created, 1 changed" in load(seeds)
        assert set(Stage.objects.values_list("incident__ref", flat=True)) == {"INC-00000002"}

    def test_what_is_no_longer_in_a_file_is_reported_and_kept(self, seeds):
        load(seeds)
        edit(seeds, "d_incidents.yaml", '      - {ref: NEV-00000002, state: deleted, occurred: "2018"}\n', "")
        said = load(seeds)
        assert "In no file any more, but kept here; withdraw or delete them in the admin: 1" in said
        assert "NEV-00000002 is no longer in d_incidents.yaml" in said
        assert "0 created, 0 changed" in said


class TestEditsOfTheStaff:
    @pytest.fixture
    def person(self, seeds) -> Person:
        """A loaded person whose occupation somebody has mended since."""
        load(seeds)
        person = Person.objects.get(ref="PER-00000001")
        person.occupation = "professor"
        with act("somebody", "test", may_open=True):
            person.save()
        return person

    def test_an_edit_stays(self, seeds, person):
        before = content()
        said = load(seeds, "--verbosity", "2")
        assert "PER-00000001 occupation: 'professor' -> 'teacher'" in said
        assert "Kept, of records that were changed here: 1" in said
        assert "0 created, 0 changed" in said
        assert content() == before

    def test_an_edited_record_stays_as_a_whole(self, seeds, person):
        """Half from here and half from the file could be a record that no rule allows."""
        person.standing = "linked"
        person.save()
        edit(seeds, "c_people.yaml", "    standing: target\n", "    standing: other\n    role: official\n")
        said = load(seeds)
        assert "PER-00000001 role: '' -> 'official'" in said
        person.refresh_from_db()
        assert (person.occupation, person.standing, person.role) == ("professor", "linked", "")

    def test_where_both_changed_the_value_here_stays_and_is_reported(self, seeds, person):
        edit(seeds, "c_people.yaml", "occupation: teacher", "occupation: nurse")
        for _ in range(2):
            said = load(seeds)
            assert "Kept, of records that were changed both here and in the files: 1" in said
            assert "PER-00000001 occupation: 'professor' -> 'nurse'" in said
            person.refresh_from_db()
            assert person.occupation == "professor"

    def test_overwriting_takes_the_word_of_the_file(self, seeds, person):
        assert "0 created, 1 changed" in load(seeds, "--overwrite")
        person.refresh_from_db()
        assert person.occupation == "teacher"

    def test_an_edit_that_the_file_follows_later_is_no_longer_an_edit(self, seeds, person):
        edit(seeds, "c_people.yaml", "occupation: teacher", "occupation: professor")
        assert "0 created, 0 changed" in load(seeds)
        edit(seeds, "c_people.yaml", "occupation: professor", "occupation: nurse")
        assert "0 created, 1 changed" in load(seeds)

    def test_lists_are_kept_too(self, seeds, person):
        Incident.objects.get().tactics.remove(Tactic.objects.get(pk="threat"))
        load(seeds)
        assert [tactic.pk for tactic in Incident.objects.get().tactics.all()] == ["detention"]

    def test_what_was_deleted_stays_deleted_with_all_that_hangs_on_it(self, seeds, person):
        Stage.objects.get(ref="STG-00000002").delete()
        said = load(seeds)
        assert "STG-00000002 was deleted here" in said
        assert "CIT-00000002 was deleted here" in said
        assert not Stage.objects.filter(ref="STG-00000002").exists()
        assert "2 created" in load(seeds, "--overwrite")

    def test_a_new_part_of_something_deleted_is_left_out_and_reported(self, seeds, person):
        Stage.objects.get(ref="STG-00000002").delete()
        edit(seeds, "d_incidents.yaml", "{ref: CIT-00000002,", "{ref: CIT-00000009,")
        assert "CIT-00000009 needs STG-00000002 (stage), which was deleted here" in load(seeds)

    def test_a_new_copy_of_a_deleted_source_is_left_out_though_it_stands_first(self, seeds):
        files = [seeds / "a_terms.yaml", seeds / "b_sources.yaml"]
        load(*files)
        SourceDocument.objects.get(ref="SRC-00000002").delete()
        SourceDocument.objects.get(ref="SRC-00000001").delete()
        edit(seeds, "b_sources.yaml", "ref: SRC-00000002", "ref: SRC-00000009")
        assert "SRC-00000009 needs SRC-00000001 (derived_from), which was deleted here" in load(*files)

    def test_a_record_not_loaded_by_us_is_not_overwritten(self, seeds):
        make_person("Somebody Else", ref="PER-00000002", standing="linked")
        said = load(seeds)
        assert "PER-00000002 label: 'Somebody Else' -> 'Students'" in said
        assert Person.objects.get(ref="PER-00000002").label == "Somebody Else"

    def test_the_memory_holds_no_copy_of_the_data(self, seeds, person):
        remembered = LoadedRecord.objects.get(key="PER-00000001")
        assert remembered.file == "c_people.yaml"
        assert "teacher" not in str(remembered.digests)


class TestFilesFromElsewhere:
    """What did not come with Waymark opens nothing unless two people stand behind it."""

    def test_without_a_second_person_it_comes_in_for_the_team_and_waits(self, seeds):
        said = load(seeds, approved=False)
        assert "30 created, 0 changed" in said
        assert "For the team alone, until a second person approves what the files would open: " in said
        for model in (Person, Incident, SourceDocument, Agreement):
            assert set(model.objects.values_list("level", "review")) == {("team", "in_review")}
        for part in (PersonName, Stage, Citation):
            assert part.objects.exists() and not part.objects.visible_to(AnonymousUser()).exists()
        before = content()
        assert "0 created, 0 changed, 30 unchanged" in load(seeds, approved=False)
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
        assert (write.kind, review.kind, json.loads(review.told)["approved_by"]) == ("write", "review", "keeper")

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


class TestRefusalsOfTheDatabase:
    """What only the database can tell is said with file and line as well."""

    def test_two_primary_names(self, seeds):
        line = edit(seeds, "c_people.yaml", "kind: misprint", "kind: primary")
        reasons = refused(seeds)
        assert f"c_people.yaml:{line}: NAM-00000002" in reasons
        assert "This person has a primary name already" in reasons

    def test_a_person_twice_in_one_role(self, seeds):
        text = (seeds / "d_incidents.yaml").read_text()
        again = text.replace("notices:", "      - {ref: INV-00000002, person: PER-00000001}\nnotices:")
        (seeds / "d_incidents.yaml").write_text(again)
        assert "INV-00000002: This person already has this role in the incident." in refused(seeds)

    def test_a_name_that_somebody_entered_here(self, seeds):
        load(seeds)
        make_name(Person.objects.get(ref="PER-00000001"), text="Oybek", kind="nickname")
        new = "      - {ref: NAM-00000009, text: Oybek, kind: nickname}\n    details:"
        edit(seeds, "c_people.yaml", "    details:", new)
        assert "NAM-00000009" in refused(seeds)

    def test_a_model_that_finds_fault(self, seeds):
        edit(seeds, "b_sources.yaml", "title: A copy", "title: A copy\n    url: http://nowhere")
        assert "SRC-00000002 url: Enter a valid URL." in refused(seeds)


def test_a_missing_path_is_an_error(tmp_path):
    assert "nowhere.yaml:1: cannot be opened: No such file" in refused(tmp_path / "nowhere.yaml")


def test_a_folder_without_seeds_is_an_error(tmp_path):
    assert "holds no seed files" in refused(tmp_path)


def test_the_shipped_seeds_load_and_load_again():
    load("--verbosity", "0")
    before = content()
    with CaptureQueriesContext(connection) as queries:
        assert "0 created, 0 changed" in load()
    assert content() == before
    assert len(queries) < 150


def test_an_unknown_folder_of_articles_is_an_error(seeds, tmp_path):
    with pytest.raises(CommandError, match="no such folder"):
        load(seeds, "--articles", tmp_path / "nowhere")
