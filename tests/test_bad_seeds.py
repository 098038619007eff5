"""Faults in seed files: each is told with file, line and reason, and leaves the database as it was."""

from __future__ import annotations

import pytest
import yaml

from seeds import reading
from tests.seedfiles import edit, load, refused, seeds

__all__ = ["seeds"]

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["libyaml", "pure Python"])
def either_parser(request, monkeypatch):
    """Run a test with both parsers: libyaml may be missing."""
    if request.param == "pure Python":
        monkeypatch.setattr(reading, "LOADER", yaml.BaseLoader)


# File, what is replaced, by what, and what the message must say after file and line.
PEOPLE, INCIDENTS, TERMS, SOURCES = "c_people.yaml", "d_incidents.yaml", "a_terms.yaml", "b_sources.yaml"
BAD = {
    "a key twice": (
        PEOPLE,
        "occupation: teacher",
        "label: Twice",
        "'label' stands here a second time; it is on line 4",
    ),
    "an unknown field": (
        PEOPLE,
        "occupation: teacher",
        "ocupation: teacher",
        "PER-00000001 ocupation: unknown field. Did you mean occupation? Fields here: ref,",
    ),
    "an unknown list": (SOURCES, "sources:", "sauces:", "sauces: unknown field. Did you mean sources?"),
    "a missing field": (PEOPLE, "standing: target", "sex: male", "PER-00000001 standing: is missing"),
    "an empty field": (PEOPLE, "occupation: teacher", "occupation:", "PER-00000001 occupation: is empty. Leave"),
    "a blank field": (PEOPLE, "occupation: teacher", 'occupation: " "', "PER-00000001 occupation: is empty. Leave"),
    "text for a list": (
        PEOPLE,
        "categories: [opposition]",
        "categories: opposition",
        "PER-00000001 categories: 'opposition' stands where a list",
    ),
    "a list for text": (
        PEOPLE,
        "occupation: teacher",
        "occupation: [teacher]",
        "PER-00000001 occupation: a list stands where text",
    ),
    "a value twice in a list": (
        INCIDENTS,
        "[CN, MA]",
        "[CN, CN]",
        "AGR-00000001 countries: lists the same",
    ),
    "a code of no list": (
        PEOPLE,
        "standing: target",
        "standing: targt",
        "'targt' is not one of: target, target_by_proxy",
    ),
    "an unknown tactic": (
        INCIDENTS,
        "tactic: detention",
        "tactic: tickling",
        "TAC-00000002 tactic: 'tickling' is neither",
    ),
    "an unknown country": (PEOPLE, "residence: MA", "residence: XX", "PER-00000001 residence: 'XX' is neither among"),
    "a person nobody knows": (
        INCIDENTS,
        "        person: PER-00000001",
        "        person: PER-00000009",
        "INV-00000001 person: 'PER-00000009' is neither among the people of the seed files, nor",
    ),
    "a source nobody knows": (
        SOURCES,
        "derived_from: SRC-00000001",
        "derived_from: SRC-0000000Z",
        "'SRC-0000000Z' is neither",
    ),
    "a reference of another kind": (
        INCIDENTS,
        "        person: PER-00000001",
        "        person: INC-00000001",
        "INV-00000001 person: 'INC-00000001' cannot stand here. The reference of a person: PER-",
    ),
    "a reference with a letter that is not used": (
        PEOPLE,
        "ref: NAM-00000002",
        "ref: NAM-0000000I",
        "NAM-0000000I ref: 'NAM-0000000I' cannot stand here.",
    ),
    "a reference twice": (
        PEOPLE,
        "ref: NAM-00000002",
        "ref: NAM-00000001",
        "NAM-00000001 ref: stands twice: here and at ",
    ),
    "a day that does not exist": (
        INCIDENTS,
        "start: 2019-02-01",
        "start: 2019-02-30",
        "INC-00000001 start: '2019-02-30' has no such day as 30",
    ),
    "a date with the day first": (
        INCIDENTS,
        "start: 2019-02-01",
        "start: 01.02.2019",
        "is not a date in an accepted form",
    ),
    "an end before the start": (
        INCIDENTS,
        "end: 2019-02-05/..",
        "end: 2019-01",
        "INC-00000001 end: '2019-01' lies before “start”, '2019-02-01'",
    ),
    "a citizenship that ends first": (
        PEOPLE,
        'since: "1980"',
        'since: "1980", until: "1979"',
        "LEG-00000001 until: '1979' lies before",
    ),
    "a slice that ends first": (
        SOURCES,
        "    start: 17",
        "    start: 999",
        "SRC-00000001 end: 108 must be greater than start, 999",
    ),
    "a slice without a hash": (SOURCES, "    sha256: ", "    outlet: ", "SRC-00000001 start: needs sha256 beside it."),
    "a descent in a circle": (
        SOURCES,
        "    published: 2019-02-05",
        "    derived_from: SRC-00000002",
        "descends from itself. Cut the circle.",
    ),
    "a source derived from itself": (
        SOURCES,
        "derived_from: SRC-00000001",
        "derived_from: SRC-00000002",
        "descends from itself",
    ),
    "a citation of no field": (
        PEOPLE,
        "field: label",
        "field: lable",
        "CIT-00000001 field: 'lable' is not a fact of this person. Choose one of: categories,",
    ),
    "a preferred contradiction": (
        INCIDENTS,
        "stance: contradicts,",
        "stance: contradicts, preferred: yes,",
        "CIT-00000003 stance: 'contradicts' cannot stand here. Only a statement that supports",
    ),
    "a role of a target": (
        PEOPLE,
        "occupation: teacher",
        "role: official",
        "PER-00000001 standing: 'target' cannot stand here. A role",
    ),
    "a headcount of one person": (PEOPLE, "    kind: group\n", "", "PER-00000002 kind: is missing"),
    "a headcount upside down": (
        PEOPLE,
        'min: "3"',
        'min: "9"',
        "PER-00000002: The largest headcount is below the smallest.",
    ),
    "a number in words": (
        PEOPLE,
        'min: "3"',
        "min: three",
        "PER-00000002 min: 'three' cannot stand here. A whole number",
    ),
    "a relative of oneself": (
        PEOPLE,
        "relative: PER-00000002",
        "relative: PER-00000001",
        "REL-00000001: Nobody is their own relative.",
    ),
    "a text that is too long": (PEOPLE, "teacher", "t" * 201, "is longer than 200 characters."),
    "a file in another folder": (
        SOURCES,
        "file: lantern.txt",
        "file: ../lantern.txt",
        "SRC-00000001 file: '../lantern.txt' cannot",
    ),
    "two documents": (PEOPLE, "relationships:", "---\nrelationships:", "starts a second document."),
    "an alias": (PEOPLE, "label: Aybek Tursun", "label: &name Aybek Tursun", "uses an anchor or an alias"),
    "a tag": (
        PEOPLE,
        "occupation: teacher",
        "occupation: !!python/name:os.system teacher",
        "uses the tag 'tag:yaml.org,2002:python/name:os.system'",
    ),
    "a tab": (PEOPLE, "    occupation: teacher", "\toccupation: teacher", "is not YAML: "),
    "a NUL": (
        PEOPLE,
        "occupation: teacher",
        'occupation: "tea\\0cher"',
        "holds the character U+0000, which is no text.",
    ),
    "a control character": (PEOPLE, "occupation: teacher", "occupation: tea\x1bcher", "holds the character U+001B"),
    "a list as a key": (PEOPLE, "occupation: teacher", "? [a, b]\n    : c", "uses a list or a mapping as a key"),
}
# What is missing has no line of its own, and of two values that do not fit the other one may be named.
FAULT_SHOWS_ELSEWHERE = {
    "a missing field", "a slice that ends first", "a slice without a hash", "a role of a target",
    "a headcount of one person", "a headcount upside down",
}  # fmt: skip


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_with_file_line_and_reason(seeds, case):
    name, old, new, reason = BAD[case]
    first = edit(seeds, name, old, new)
    said = refused(seeds)
    told = [line for line in said.splitlines() if reason in line]
    assert told, said
    if case not in FAULT_SHOWS_ELSEWHERE:
        lines = range(first, first + new.count("\n") + 1)
        assert any(f"{name}:{line}: " in one for one in told for line in lines), said


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize("word", ["NO", "no", "yes", "on", "Off", "true", "y", "N", "null", "~"])
def test_a_word_that_other_readers_take_for_a_boolean_needs_quotes(seeds, word):
    line = edit(seeds, "c_people.yaml", "occupation: teacher", f"occupation: {word}")
    reason = f'PER-00000001 occupation: {word} without quotes is not text in YAML: write "{word}", in quotes.'
    assert f"c_people.yaml:{line}: {reason}" in refused(seeds)
    edit(seeds, "c_people.yaml", f"occupation: {word}", f'occupation: "{word}"')
    assert "36 created" in load(seeds)


def test_norway_without_quotes(seeds):
    line = edit(seeds, "a_terms.yaml", 'code: "NO"', "code: NO")
    assert f'a_terms.yaml:{line}: NO code: NO without quotes is not text in YAML: write "NO"' in refused(seeds)


def test_norway_without_quotes_in_a_list(seeds):
    line = edit(seeds, "d_incidents.yaml", "[CN, MA]", "[CN, NO]")
    assert f"d_incidents.yaml:{line}: AGR-00000001 countries: NO without quotes" in refused(seeds)


def test_where_yes_or_no_is_asked_nothing_else_is_taken(seeds):
    edit(seeds, "a_terms.yaml", "retired: no", "retired: false")
    assert "tactics" not in refused(seeds).splitlines()[0]
    assert "detention retired: 'false' is not one of: yes, no." in refused(seeds)


def test_all_faults_of_all_files_are_told_at_once(seeds):
    edit(seeds, "c_people.yaml", "standing: target", "standing: targt")
    edit(seeds, "c_people.yaml", "kind: misprint", "kind: typo")
    edit(seeds, "d_incidents.yaml", "start: 2019-02-01", "start: 2019-13")
    edit(seeds, "a_terms.yaml", "family: via_host", "family: aunts")
    said = refused(seeds)
    assert [line.split(":")[0].rpartition("/")[2] for line in said.splitlines()[:-1]] == [
        "a_terms.yaml", "c_people.yaml", "c_people.yaml", "d_incidents.yaml",
    ]  # fmt: skip
    assert said.endswith("4 problems in the seed files. Nothing was written: the database is as it was.")


def test_a_long_list_of_faults_is_cut_and_counted(tmp_path):
    file = tmp_path / "many.yaml"
    file.write_text("people:\n" + "".join(f"  - {{ref: PER-100000{n}}}\n" for n in range(10, 70)))
    said = refused(file)
    assert len(said.splitlines()) == 52
    assert "... and 70 more problems" in said
    assert "120 problems in the seed files." in said


def test_one_bad_file_keeps_the_good_ones_out(seeds):
    load(seeds)
    edit(seeds, "c_people.yaml", "occupation: teacher", "occupation: nurse")
    edit(seeds, "d_incidents.yaml", "start: 2019-02-01", "start: 2019-02-31")
    refused(seeds)


def test_a_reference_in_two_files_names_both(seeds):
    (seeds / "e.yaml").write_text("people:\n  - {ref: PER-00000001, label: Another, standing: linked}\n")
    said = refused(seeds)
    assert "e.yaml:2: PER-00000001 ref: stands twice: here and at " in said
    assert "c_people.yaml:3." in said
