"""What changed since seeds were loaded: in the files it is taken over, and edits of the staff stay as they are."""

from __future__ import annotations

import pytest

from cases.models import Agreement, Country, Person, Stage
from records.audit.acts import act
from seeds.models import LoadedRecord
from sources.models import SourceDocument
from tests.factories import make_person
from tests.seedfiles import PEOPLE, content, edit, load, seeds

__all__ = ["seeds"]

pytestmark = pytest.mark.django_db


class TestChangesInTheFiles:
    def test_a_changed_value_is_taken_over_and_named(self, seeds):
        load(seeds)
        edit(seeds, "c_people.yaml", "occupation: teacher", "occupation: nurse")
        said = load(seeds)
        assert "PER-00000001 occupation: 'teacher' -> 'nurse'" in said
        assert "0 created, 1 changed, 35 unchanged" in said
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
        another = "  - ref: INC-00000002\n    title: Another\n    scope: domestic\n"
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
        Agreement.objects.get().countries.remove(Country.objects.get(pk="MA"))
        load(seeds)
        assert [country.pk for country in Agreement.objects.get().countries.all()] == ["CN"]

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
