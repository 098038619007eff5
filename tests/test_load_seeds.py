"""Loading seeds: every record arrives with its values, all or nothing, and the same however often."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.management import CommandError
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
)
from sources.models import SourceDocument
from tests.factories import make_name
from tests.seedfiles import content, edit, load, refused, seeds, two_people

__all__ = ["seeds"]

pytestmark = pytest.mark.django_db


class TestWhatIsLoaded:
    def test_every_record_arrives_with_its_values(self, seeds):
        assert "36 created, 0 changed, 0 unchanged" in load(seeds)
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
        assert list(incident.demands.values_list("incident", flat=True)) == [incident.pk]
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
        assert "0 created, 0 changed, 18 unchanged" in load(seeds / "d_incidents.yaml")


FOLLOWING = """\
defaults: {level: public, review: published}
incidents:
  - ref: INC-00000009
    title: Must report
    scope: cross_border
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
  - {code: made_up, kind: access, runs_from: filed, length: "4", unit: months, valid_from: 2017-03-11, basis: A rule}
"""


class TestRequestsDutiesAndRules:
    def test_they_arrive_and_arrive_only_once(self, seeds):
        (seeds / "e_following.yaml").write_text(FOLLOWING)
        assert "44 created" in load(seeds)
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
        assert (rule.length, rule.unit, rule.valid_from.isoformat(), rule.valid_to) == (4, "months", "2017-03-11", None)
        assert "0 created, 0 changed, 44 unchanged" in load(seeds)

    @pytest.mark.parametrize(
        ("old", "new", "why"),
        [
            ("valid_from: 2017-03-11", "valid_from: 2017-03", "is not a known day"),
            ("valid_from: 2017-03-11", "valid_from: 2017-02-29", "is not a day of the calendar"),
            ("valid_from: 2017-03-11", "valid_to: 2017-03-10, valid_from: 2017-03-11", "cannot be before"),
            ('length: "4"', 'length: "0"', "How many of the unit"),
            ("unit: months", "unit: years", "is not one of: months, weeks, days"),
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
            assert "0 created, 0 changed, 36 unchanged" in load(seeds)
        assert content() == before
        writes = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        writes = [sql for sql in writes if "records_currentact" not in sql]  # who is at work, for SQLite's triggers
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
        assert "36 created, 0 changed" in said
        assert "Dry run: nothing was written." in said
        assert content() == before


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
