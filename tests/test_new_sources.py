"""A source is entered on one form: its text pasted or uploaded, and any other file of it captured in the same save."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from records.models import Team
from sources.capture_store import stored_files
from sources.models import Capture, SourceDocument
from sources.passages import sha256
from tests.admin_forms import filled
from tests.captures import PAGE, own_store
from tests.factories import make_source
from tests.pasts import editor_named, signed_in, somebody

__all__ = ["own_store"]
pytestmark = pytest.mark.django_db
ADD = "/admin/sources/sourcedocument/add/"
ADDRESS = "https://news.example/held"


@pytest.fixture
def analyst() -> Client:
    return signed_in(editor_named("analyst", "read_team"))


def enter(client: Client, name: str = "", content: bytes = b"", **fields: Any) -> Any:
    kind = SourceDocument.objects.first() or make_source(title="Another")
    sent = filled(client, ADD) | {"title": "Held at the airport", "kind": kind.kind_id} | fields
    return client.post(ADD, sent | ({"upload": SimpleUploadedFile(name, content)} if name else {}))


def errors(answer: Any) -> Any:
    return answer.context["adminform"].form.errors


@pytest.mark.parametrize("name", ["held.txt", "HELD.MD"])
def test_a_text_that_is_uploaded_becomes_the_text(analyst: Client, name: str) -> None:
    answer = enter(analyst, name, b"\xef\xbb\xbfHeld\r\n\r\n\xc3\x9cm\xc3\xbct")
    assert answer.status_code == 302, errors(answer)
    assert SourceDocument.objects.get(title="Held at the airport").text == "Held\n\nÜmüt"
    assert not Capture.objects.exists() and stored_files() == []


def test_an_address_and_a_saved_page_make_a_source_and_its_capture(analyst: Client) -> None:
    answer = enter(analyst, "held.html", PAGE, url=ADDRESS, text="Held")
    assert answer.status_code == 302, errors(answer)
    capture = Capture.objects.get()
    assert (capture.source.url, capture.source.text) == (ADDRESS, "Held")
    assert (capture.media_type, capture.level, capture.size) == ("text/html", "team", len(PAGE))
    assert capture.taken_by and capture.taken_by.get_username() == "analyst"
    assert sorted(capture.files) == sorted(stored_files())


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("held.txt", b"\xff\xfeH", "no text in UTF-8: byte 0"),
        ("held.txt", b"a\0b", "NUL"),
        ("held.md", b" \n", "The file is empty."),
        ("held.txt", b"x" * 2_000_001, "at most 1.9"),
        ("held.exe", b"MZ\x90\0", "of no kind"),
        ("held.pdf", PAGE, "but the name ends in"),
    ],
)
def test_another_file_is_refused_and_nothing_is_kept(analyst: Client, name: str, content: bytes, why: str) -> None:
    assert why in errors(enter(analyst, name, content))["upload"][0]
    assert not SourceDocument.objects.filter(title="Held at the airport").exists() and stored_files() == []


def test_a_text_is_given_once(analyst: Client) -> None:
    assert "Give the text once" in errors(enter(analyst, "held.txt", b"Held", text="Held"))["upload"][0]


def test_a_file_of_what_may_be_entered_already_is_not_kept_until_that_is_answered(analyst: Client) -> None:
    other = make_source(url=ADDRESS)
    assert enter(analyst, "held.html", PAGE, url=ADDRESS).status_code == 200
    assert not Capture.objects.exists() and stored_files() == []
    assert enter(analyst, "held.html", PAGE, url=ADDRESS, different_from=other.ref).status_code == 302
    assert sorted(Capture.objects.get().files) == sorted(stored_files())


def test_who_may_add_no_captures_uploads_texts_alone() -> None:
    clerk = signed_in(somebody("clerk", "read_team", "add_sourcedocument", "view_sourcedocument"))
    assert "You may not add captured files" in errors(enter(clerk, "held.html", PAGE))["upload"][0]
    assert enter(clerk, "held.txt", b"Held").status_code == 302
    assert stored_files() == []


def test_a_source_without_a_text_is_given_one_later(analyst: Client) -> None:
    source = make_source(title="Of the seeds", sha256=sha256("Held\n\nFreed"))
    page = f"/admin/sources/sourcedocument/{source.ref}/change/"
    refused = analyst.post(page, filled(analyst, page) | {"text": "Held\nFreed"})
    assert "This is not the text that was cited" in str(errors(refused))
    assert analyst.post(page, filled(analyst, page) | {"text": "Held\r\n\r\nFreed"}).status_code == 302
    source.refresh_from_db()
    assert source.text == "Held\n\nFreed"
    told = analyst.get(page).content.decode()
    assert 'id="id_text"' not in told and "Read and cite" in told


def test_who_is_not_of_its_team_is_not_asked_for_a_text(analyst: Client) -> None:
    team = Team.objects.create(name="Another")
    for text in ("", "Held"):
        source = make_source(title="Theirs", team=team, text=text)
        assert b'id="id_text"' not in analyst.get(f"/admin/sources/sourcedocument/{source.ref}/change/").content


def test_a_file_of_a_form_that_is_shown_again_has_to_be_chosen_again(analyst: Client) -> None:
    told = enter(analyst, "held.html", PAGE, published="soon").content.decode()
    assert "choose it once more" in told and not Capture.objects.exists()
