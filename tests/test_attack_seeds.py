"""Attacks on the seed files, and on the process that loads them: all or nothing, whatever happens."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pytest
from django.conf import settings

from seeds import reading
from seeds.problems import SeedsRefused
from tests.installation import Installation, installation
from tests.seedfiles import content, edit, load, refused, seeds

__all__ = ["installation", "seeds"]

MB = 1024 * 1024


@pytest.mark.attack("A1")
@pytest.mark.django_db
def test_the_same_seeds_twice_write_nothing_the_second_time(seeds: Path) -> None:
    load(seeds)
    before = content()
    assert "0 created, 0 changed" in load(seeds)
    assert content() == before


@pytest.mark.attack("A2")
@pytest.mark.django_db
def test_a_reference_twice_with_different_values_names_both_lines(seeds: Path) -> None:
    text = (seeds / "c_people.yaml").read_text()
    second = "  - {ref: PER-00000002, label: Others, standing: target}\n"
    line = edit(seeds, "c_people.yaml", "relationships:\n", f"{second}relationships:\n")
    first = text[: text.index("ref: PER-00000002")].count("\n") + 1
    said = refused(seeds)
    assert f"c_people.yaml:{line}: PER-00000002" in said
    assert f"line {first}" in said or f":{first}" in said


@pytest.mark.attack("A3")
@pytest.mark.parametrize(("junk", "told"), [(b"\xff", "0xFF"), ("é".encode("latin-1"), "0xE9"), (b"\xc3", "0xC3")])
@pytest.mark.django_db
def test_a_byte_that_is_no_text_deep_in_a_file_is_named_with_its_line(seeds: Path, junk: bytes, told: str) -> None:
    file = seeds / "c_people.yaml"
    file.write_bytes(b"# a line\n" * 733 + b"# caf" + junk + b" and more\n" + file.read_bytes())
    said = refused(seeds)
    assert f"c_people.yaml:734: is not UTF-8: byte 6 of this line is {told}" in said


@pytest.mark.attack("A3")
@pytest.mark.django_db
def test_text_that_was_read_as_latin_1_and_saved_again_is_refused_where_it_holds_what_is_no_text(seeds: Path) -> None:
    edit(seeds, "c_people.yaml", "occupation: teacher", "occupation: a teacher’s aide".encode().decode("latin-1"))
    assert "holds the character U+0080, which is no text" in refused(seeds)


@pytest.mark.attack("A4")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    label: Aybek Tursun\n", "  label: Aybek Tursun\n"),
        ("    label: Aybek Tursun\n", '    label: "Aybek Tursun\n'),
        ("    label: Aybek Tursun\n", "    Aybek Tursun\n"),
        ("people:\n", ""),
        ("people:\n", "people\n"),
    ],
    ids=["a ragged line", "an open quote", "a value without its name", "no heading", "a heading without its colon"],
)
@pytest.mark.django_db
def test_a_file_out_of_shape_is_refused_with_the_line(seeds: Path, old: str, new: str) -> None:
    edit(seeds, "c_people.yaml", old, new)
    said = refused(seeds).splitlines()[0]
    assert "c_people.yaml:" in said
    assert said.partition("c_people.yaml:")[2].partition(":")[0].isdigit()


def oversize(path: Path, kind: str) -> Path:
    """Write a file that no honest hand wrote."""
    with path.open("wb") as file:
        if kind == "one cell of 100 MB":
            file.write(b"people:\n  - {ref: PER-00000001, label: ")
            file.truncate(100 * MB)
        if kind == "ten million columns":
            file.write(b"people:\n  - {" + b"a: 1, " * 10_000_000 + b"}\n")
        if kind == "as many columns as fit":
            file.write(b"people:\n  - {" + b"".join(b"a%x: 1, " % number for number in range(reading.MAX_VALUES + 9)))
        if kind == "as many lists as fit":
            file.write(b"people: [" + b"[],\n" * (reading.MAX_BYTES // 4 - 9))
    return path


@pytest.mark.attack("A5")
@pytest.mark.parametrize(
    ("kind", "reason", "most"),
    [
        ("one cell of 100 MB", "is larger than 4 MB", 10 * MB),
        ("ten million columns", "is larger than 4 MB", 10 * MB),
        ("as many columns as fit", "holds more than 200000 values", 150 * MB),
        ("as many lists as fit", "holds more than 200000 values", 150 * MB),
    ],
)
def test_an_oversize_file_is_refused_before_it_fills_the_memory(
    tmp_path: Path, kind: str, reason: str, most: int
) -> None:
    file = oversize(tmp_path / "big.yaml", kind)
    tracemalloc.start()
    with pytest.raises(SeedsRefused, match=reason):
        reading.read(file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < most


def many_people(seeds: Path, count: int) -> None:
    """Make the loading last long enough to be killed in the middle."""
    people = [f"  - {{ref: PER-{number:08d}, label: P {number}, standing: target}}\n" for number in range(9, count)]
    (seeds / "e_people.yaml").write_text("people:\n" + "".join(people))


def killed_while_loading(home: Installation, seeds: Path, after: str, wait: float = 0) -> bool:
    """Load the seeds, and kill the process so many seconds after it said that; tell whether it was too late."""
    command = [sys.executable, "manage.py", "load_seeds", str(seeds)]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=home.env, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert any(line.strip().startswith(after) for line in process.stdout)
    time.sleep(wait)
    process.send_signal(signal.SIGKILL)
    return process.wait() == 0


@pytest.mark.program
@pytest.mark.attack("A7")
@pytest.mark.django_db(transaction=True)
def test_a_loading_that_is_killed_leaves_nothing_or_everything(installation: Installation, seeds: Path) -> None:
    many_people(seeds, 520)
    installation.empty()  # of the beginning of the trail too, which migrating wrote down: it would be counted only once
    began = time.monotonic()
    installation.manage("load_seeds", str(seeds))
    whole, lasts = installation.rows(), time.monotonic() - began
    installation.empty()
    nothing = installation.rows()

    assert not killed_while_loading(installation, seeds, "people: 500 of")
    assert installation.rows() == nothing

    for _ in range(5):
        installation.empty()
        killed_while_loading(installation, seeds, "Checking", random.uniform(0, lasts))
        assert installation.rows() in (nothing, whole)

    installation.manage("load_seeds", str(seeds))
    assert installation.rows() == whole
