"""check_data finds what constraints cannot hold; rebuild_names mends the columns that searches read."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from cases.models import Agreement, Citation, Event, Incident, NoticeEvent, Person, PersonName, Stage
from seeds.consistency import CHECKS
from sources.models import SourceDocument
from tests.factories import make_incident, make_legal_status
from tests.seedfiles import content, load, write_seeds

pytestmark = pytest.mark.django_db


@pytest.fixture
def data(tmp_path: Path) -> None:
    """The records of the small seed files, with their texts, and with nothing that lacks a source."""
    load(write_seeds(tmp_path), "--articles", tmp_path / "articles")
    Person.objects.filter(ref="PER-00000002").update(review="draft")
    for model in (Agreement, Event):
        model.objects.update(review="draft")
    Citation.objects.create(
        ref="CIT-00000011", source=SourceDocument.objects.get(ref="SRC-00000001"), field="state", level="public",
        notice_event=NoticeEvent.objects.get(ref="NEV-00000001"),
    )  # fmt: skip


def findings() -> str:
    """Run the command, which must find something; return what it says."""
    said, before = StringIO(), content()
    with pytest.raises(CommandError) as failure:
        call_command("check_data", stdout=said)
    assert failure.value.returncode == 1
    assert content() == before
    return said.getvalue()


def write(sql: str) -> None:
    """Write to the database behind the models' back."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount == 1


def test_consistent_data_are_in_order(data):
    said = StringIO()
    call_command("check_data", stdout=said)
    assert said.getvalue().count(": in order\n") == len(CHECKS)
    assert "The data agree with themselves." in said.getvalue()


def test_the_shipped_seeds_are_in_order():
    load("--verbosity", "0")
    call_command("check_data", stdout=StringIO())


BREAKS = {
    "UPDATE cases_personname SET ref = 'NAM-0000000U' WHERE ref = 'NAM-00000002'": "NAM-0000000U is no reference of a",
    "UPDATE cases_incident SET start_earliest = '2019-01-31'": "INC-00000001 start: '2019-02-01' does not mean 2019",
    "UPDATE cases_incident SET start = 'soon'": "INC-00000001 start: 'soon' is not a date in an accepted form.",
    "UPDATE cases_incident SET folded = 'old'": "INC-00000001 folded: stale; run rebuild_names",
    "UPDATE cases_personname SET skeleton = 'x' WHERE ref = 'NAM-00000002'": "NAM-00000002 skeleton: stale",
}


@pytest.mark.parametrize("sql", BREAKS)
def test_a_column_that_was_changed_behind_the_models_back(data, sql):
    write(sql)
    assert BREAKS[sql] in findings()


def test_a_stage_of_another_incident(data):
    Stage.objects.filter(ref="STG-00000001").update(incident=make_incident(review="draft"))
    assert "STG-00000001 incident: not the one of its involvement" in findings()


def test_a_source_that_forgot_its_origin(data):
    SourceDocument.objects.filter(ref="SRC-00000002").update(origin=None)
    assert "SRC-00000002 origin: not SRC-00000001, where its line of descent ends" in findings()


def test_a_source_that_descends_from_itself(data):
    copy = SourceDocument.objects.get(ref="SRC-00000002")
    SourceDocument.objects.filter(ref="SRC-00000001").update(derived_from=copy)
    assert "SRC-00000001 derived_from: descends from itself" in findings()


def test_a_published_stage_that_nobody_is_cited_for_and_no_reason_is_given_for(data):
    Citation.objects.filter(ref="CIT-00000003").delete()
    bare = "STG-00000001 a stage of the published INC-00000001, but no source is cited for it"
    assert bare in findings()
    Incident.objects.filter(ref="INC-00000001").update(without_evidence="His family told us.")
    call_command("check_data", stdout=StringIO())


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"end": 4000}, "end: 4000, but SRC-00000001 has "),
        ({"sha256": "0" * 64}, "sha256: the passage in SRC-00000001 has another"),
        ({"paragraph": 9}, "paragraph: the passage begins in another one of SRC-00000001"),
    ],
)
def test_a_passage_that_is_not_there(data, fields, reason):
    Citation.objects.filter(ref="CIT-00000001").update(**fields)
    assert f"CIT-00000001 {reason}" in findings()


def test_a_text_that_is_not_the_slice(data):
    SourceDocument.objects.filter(ref="SRC-00000001").update(text="Something else")
    said = findings()
    assert "SRC-00000001 text: 14 characters, but its slice has " in said
    assert "SRC-00000001 text: does not have the sha256 of the slice" in said


def test_a_notice_that_runs_backwards(data):
    event = NoticeEvent.objects.get(ref="NEV-00000002")
    event.occurred = "2016"
    event.save()
    assert "NEV-00000002 occurred 2016, but follows NEV-00000001 of 2017" in findings()


def test_a_row_that_leads_nowhere(data, monkeypatch):
    """The databases hold this themselves; a restored or repaired file may not."""

    def find_fault(table_names=None):
        raise IntegrityError("row 7 of cases_stage\npoints nowhere")

    monkeypatch.setattr(connection, "check_constraints", find_fault)
    assert "database row 7 of cases_stage points nowhere" in findings()


def test_a_long_list_is_cut_and_counted(data, monkeypatch):
    monkeypatch.setattr("seeds.management.commands.check_data.SHOWN", 1)
    PersonName.objects.update(folded="old")
    assert re.search(r"folded: stale; run rebuild_names\n  \.\.\. and 1 more\nnames are folded: 2\n", findings())


class TestRebuildNames:
    def rebuild(self) -> str:
        said = StringIO()
        call_command("rebuild_names", stdout=said)
        return said.getvalue()

    def test_stale_columns_are_computed_anew(self, data):
        before = content()
        PersonName.objects.filter(ref="NAM-00000002").update(folded="old", skeleton="")
        assert "person names: 2 read, 1 changed" in self.rebuild()
        assert content() == before

    def test_a_second_run_changes_nothing(self, data):
        self.rebuild()
        before = content()
        assert set(re.findall(r"(\d+) changed", self.rebuild())) == {"0"}
        assert content() == before

    def test_batches_leave_nobody_out(self, data, monkeypatch):
        monkeypatch.setattr("seeds.derived_columns.BATCH", 1)
        PersonName.objects.update(folded="old")
        assert "person names: 2 read, 2 changed" in self.rebuild()
        assert not PersonName.objects.filter(folded="old").exists()


def test_somebody_who_lives_elsewhere_than_they_reside(data):
    person = Person.objects.get(ref="PER-00000001")
    lived = make_legal_status(person, "CN", "lives_there", until="2018")
    lives = make_legal_status(person, "CN", "lives_there", since="2019")
    said = findings()
    assert f"{lives.ref} lives in CN with no end, but the residence of PER-00000001 is MA" in said
    assert lived.ref not in said
