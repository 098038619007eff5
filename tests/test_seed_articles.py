"""Seeds against the texts they were written from: each slice and each passage must be there, letter for letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from sources.models import SourceDocument
from sources.passages import number_at
from tests.seedfiles import ARTICLE, START, content, edit, load, refused, seeds, sha256

__all__ = ["seeds"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def articles(seeds: Path) -> Path:
    return seeds.parent / "articles"


def test_texts_that_fit_are_attached(seeds, articles):
    said = load(seeds, "--articles", articles)
    assert "1 texts, 3 passages verified" in said
    assert SourceDocument.objects.get(ref="SRC-00000001").text == ARTICLE[START:]


def test_texts_can_be_attached_later_and_only_once(seeds, articles):
    load(seeds)
    assert "0 created, 1 changed" in load(seeds, "--articles", articles)
    before = content()
    assert "0 created, 0 changed" in load(seeds, "--articles", articles)
    assert content() == before


def test_without_the_articles_the_texts_stay(seeds, articles):
    load(seeds, "--articles", articles)
    assert "0 created, 0 changed" in load(seeds)
    assert SourceDocument.objects.exclude(text="").count() == 1


def test_no_word_of_a_text_is_reported(seeds, articles):
    load(seeds)
    assert "Casablanca" not in load(seeds, "--articles", articles)


def test_one_other_letter_is_found_in_the_slice_and_in_the_passage(seeds, articles):
    changed = ARTICLE.replace("on Friday", "on Fryday")
    (articles / "lantern.txt").write_bytes(changed.encode())
    said = refused(seeds, "--articles", articles)
    expected, found = sha256(ARTICLE[START:]), sha256(changed[START:])
    assert f"b_sources.yaml:15: SRC-00000001 sha256: expected {expected}, found {found}." in said
    assert f"CIT-00000002 sha256: expected {sha256('on Friday')}, found {sha256('on Fryday')}." in said
    assert "2 problems" in said


def test_other_line_ends_are_another_text(seeds, articles):
    (articles / "lantern.txt").write_bytes(ARTICLE.replace("\r\n", "\n").encode())
    assert "SRC-00000001 end: 108 lies beyond the end of lantern.txt" in refused(seeds, "--articles", articles)


def test_another_paragraph_is_found(seeds, articles):
    edit(seeds, "c_people.yaml", 'paragraph: "2"', 'paragraph: "3"')
    said = refused(seeds, "--articles", articles)
    assert "CIT-00000001 paragraph: expected 3, but the passage begins in paragraph 2." in said


def test_a_passage_beyond_the_text_is_found(seeds, articles):
    start = ARTICLE.index("Aybek") - START
    edit(seeds, "c_people.yaml", f'end: "{start + 21}"', 'end: "4000"')
    said = refused(seeds, "--articles", articles)
    assert (
        f"CIT-00000001 end: 4000 lies beyond the end of SRC-00000001, which has {len(ARTICLE) - START} characters."
        in said
    )


def test_a_missing_file_is_named_once(seeds, articles):
    (articles / "lantern.txt").unlink()
    said = refused(seeds, "--articles", articles)
    assert "b_sources.yaml:12: SRC-00000001 file: " in said
    assert "cannot be opened: No such file or directory." in said
    assert "1 problem in" in said


def test_a_text_that_is_not_utf8_is_refused(seeds, articles):
    (articles / "lantern.txt").write_bytes(ARTICLE.encode().replace(b"Held", b"H\xe9ld"))
    assert "line 3: is not UTF-8: byte 6 of this line is 0xE9." in refused(seeds, "--articles", articles)


def test_what_cannot_be_verified_is_counted(seeds, articles):
    load(seeds)
    said = load(seeds / "d_incidents.yaml", "--articles", articles)
    assert "0 texts, 0 passages verified; 2 citations are of sources without a text here" in said


@pytest.mark.parametrize(
    ("word", "paragraph"), [("One", 1), ("Two", 2), ("Three", 3), ("again", 3), ("\n\nTwo", 1), ("\nTwo", None)]
)
def test_blank_lines_are_no_paragraphs(word, paragraph):
    text = "One\n\nTwo\n \t\nThree, again"
    assert number_at(text, text.index(word)) == paragraph
