"""Damaged seed files, and files that are none: loaded whole or refused whole, whatever stands in them."""

from __future__ import annotations

import pytest
from django.core.management import CommandError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seeds import reading
from tests.seedfiles import FILES, content, load, refused, seeds, two_people
from tests.test_bad_seeds import either_parser

__all__ = ["either_parser", "seeds"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("junk", "reason"),
    [
        (b"caf\xe9", "byte 20 of this line is 0xE9"),
        (b"\xed\xa0\x80", "byte 17 of this line is 0xED"),
        (b"tea\x00cher", "holds the character U+0000"),
    ],
)
def test_bytes_that_are_no_text(seeds, junk, reason):
    file = seeds / "c_people.yaml"
    data = file.read_bytes()
    file.write_bytes(data.replace(b"occupation: teacher", b"occupation: " + junk))
    assert "c_people.yaml:6: " in (said := refused(seeds))
    assert reason in said


@pytest.mark.usefixtures("either_parser")
def test_a_byte_order_mark_is_no_fault(seeds):
    file = seeds / "c_people.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert "36 created" in load(seeds)


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", ":1: is empty."),
        ("# nothing but words\n", ":1: is empty."),
        ("- a\n- b\n", ":1: must hold lists by name"),
        ("people", ":1: must hold lists by name"),
        ("people: [", "is not YAML: "),
        ("agreements:\n- countries: [" + "{}, a, " * 5_000 + "]", "countries: lists the same value twice."),
        ("people: " + "[" * 500, "nests values more than 20 deep."),
        ("people: " + "[" * 500 + "]" * 500, "nests values more than 20 deep."),
        ("people:\n" + "- a\n" * 20_001, "holds more than 20000 values."),
        ("a: " + "b" * 4 * 1024 * 1024, "is larger than 4 MB."),
        ("{}", ":1: is empty."),
        ("? " + "x" * 100_000 + "\n: a", "unknown field."),
    ],
)
def test_a_file_that_is_no_seed_file(tmp_path, monkeypatch, text, reason):
    monkeypatch.setattr(reading, "MAX_VALUES", 20_000)
    file = tmp_path / "odd.yaml"
    file.write_text(text)
    said = refused(file)
    assert reason in said
    assert len(said.splitlines()[0]) < 1_000


JUNK = [
    "",
    "NO",
    "- ",
    "  ",
    "\t",
    "[",
    "}",
    '"',
    ": ",
    "&a",
    "*a",
    "!!int 3",
    "---",
    "\x00",
    "\ud7ff",
    "0",
    "2019-02-30",
    "~",
]


@st.composite
def broken(draw) -> tuple[str, str]:
    """Return a seed file's name, and its text after some damage."""
    name = draw(st.sampled_from(sorted(FILES)))
    lines = FILES[name].split("\n")
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        kind = draw(st.sampled_from(["drop", "repeat", "swap", "junk", "cut", "indent"]))
        if kind == "drop" and len(lines) > 1:
            del lines[at]
        elif kind == "repeat":
            lines.insert(at, lines[at])
        elif kind == "swap":
            other = draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        elif kind == "junk":
            column = draw(st.integers(0, len(lines[at])))
            lines[at] = lines[at][:column] + draw(st.sampled_from(JUNK)) + lines[at][column:]
        elif kind == "cut":
            lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
        else:
            lines[at] = "  " + lines[at]
    return name, "\n".join(lines)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=broken())
def test_a_damaged_file_is_loaded_whole_or_refused_whole(seeds, damage):
    """Whatever happens to a file, the answer is a list of reasons or a complete load, and never anything between."""
    name, text = damage
    (seeds / name).write_text(text, encoding="utf-8")
    try:
        with transaction.atomic():
            two_people()
            before = content()
            try:
                load(seeds)
            except CommandError as error:
                assert error.returncode == 2
                assert content() == before
            else:
                after = content()
                assert "0 created, 0 changed" in load(seeds)
                assert content() == after
            transaction.set_rollback(True)
    finally:
        (seeds / name).write_text(FILES[name], encoding="utf-8")
