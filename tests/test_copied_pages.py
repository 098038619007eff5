"""Copies of web pages: their names as they are written, all of their words, and none that no browser shows."""

from __future__ import annotations

import pytest

from sources.copies.__main__ import copied
from sources.copies.findings import NoCopy, in_words

NAMES = "Gözaltı: Şükrü Işık"


def text_of(page: bytes, media_type: str = "text/html") -> str:
    return copied(page, media_type)[0].decode()


def archive(*parts: bytes) -> bytes:
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"\r\n\r\n'
    return head + b"".join(b"--B\r\nContent-Type: text/html" + part + b"\r\n" for part in parts) + b"--B--\r\n"


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("windows-1254", "cp1254"),
        ("ISO-8859-9", "cp1254"),
        ("x-cp1254", "cp1254"),
        ("iso-8859-3", "iso8859-3"),
        ("gb2312", "gb18030"),
    ],
)
def test_names_are_read_in_the_encoding_that_a_page_or_its_archive_names(charset: str, encoding: str) -> None:
    written = f"<p>{NAMES}</p>".encode(encoding)
    said = f"<!-- <meta charset=utf-8> --><meta content='text/html; charset={charset}'>".encode()
    assert text_of(said + written) == f"{NAMES}\n"
    assert text_of(f'<?xml version="1.0" encoding="{charset}"?>'.encode() + written) == f"{NAMES}\n"
    beside = f'; charset="{charset}"\r\n\r\n'.encode()
    assert text_of(archive(beside + written), "multipart/related") == f"{NAMES}\n"


def test_a_page_with_a_mark_or_in_ascii_needs_to_say_nothing() -> None:
    assert text_of(b"\xff\xfe" + f"<p>{NAMES}".encode("utf-16-le")) == f"{NAMES}\n"
    assert text_of(b"<p>Held") == "Held\n"
    assert text_of("<meta charset=iso-2022-jp><p>東京".encode("iso2022_jp")) == "東京\n"


@pytest.mark.parametrize(
    "said", [b"", b"<meta charset=x-user-defined>", b"<meta charset=utf-7>", b"<meta charset=hex>"]
)
def test_where_nobody_knows_the_encoding_there_is_no_copy_rather_than_wrong_names(said: bytes) -> None:
    with pytest.raises(NoCopy, match="save it anew"):
        copied(said + f"<p>{NAMES}</p>".encode("cp1254"), "text/html")


def test_signs_that_cannot_be_read_are_counted() -> None:
    lines = in_words(copied(b"<meta charset=windows-1254><p>a\x81b\0c", "text/html")[2]).splitlines()
    assert lines == ["cannot be read: 1 signs, in whose place there is \ufffd"]


def test_no_words_of_a_page_are_lost_however_deep_they_stand() -> None:
    deep = b"<p>first</p>" + b"<div>" * 900 + b"deep" + b"</div>" * 900 + b"<p>last</p>"
    assert text_of(deep).split() == ["first", "deep", "last"]
    with pytest.raises(NoCopy):
        copied(deep.replace(b"<div>", b"<div>" * 3), "text/html")


@pytest.mark.parametrize(
    "hidden",
    [
        "<template>SECRET</template>", "<noscript>SECRET</noscript>", "<p hidden>SECRET</p>", "<dialog>SECRET</dialog>",
        "<datalist><option>SECRET</datalist>", "<svg><metadata>SECRET</metadata><title>SECRET</title></svg>",
        "<iframe>SECRET</iframe>", "<video>SECRET</video>", '<p style="color: red; DISPLAY : none">SECRET</p>',
        "<div hidden><div hidden>SECRET</div></div>",
    ],
)  # fmt: skip
def test_what_a_browser_does_not_show_is_not_in_the_text(hidden: str) -> None:
    copy, _, found = copied(f"<p>before</p>{hidden}<p>after</p><dialog open>shown</dialog>".encode(), "text/html")
    assert copy.decode().split() == ["before", "after", "shown"]
    assert "left out" in in_words(found)


def test_frames_of_an_archived_page_are_named() -> None:
    parts = [b"; charset=utf-8\r\n\r\n<p>main</p>", b"\r\n\r\n<p>inner</p>"]
    copy, _, found = copied(archive(*parts), "multipart/related")
    assert copy == b"main\n"
    assert in_words(found) == "left out: the words of 1 frames inside of the page"
