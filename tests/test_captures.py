"""Captured files: what is taken in, that it stays as it is, and who gets it back."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from records.audit.acts import act
from records.models import AuditEntry, Proposal
from sources.capture_store import destroy, keep, path_of, stored_files
from sources.media_types import ENDINGS, NAMES, WORD, WrongFile, media_type_of
from sources.models import Capture
from tests.captures import COPY, PAGE, clerk, make_capture, own_store, upload, verify
from tests.factories import make_source

__all__ = ["clerk", "own_store"]
GOOD = {
    "page.html": (PAGE, "text/html"),
    "page.HTM": (b"\xef\xbb\xbf  <!-- saved from -->\n<html lang=ug>", "text/html"),
    "paper.pdf": (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
    "shot.png": (b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
    "photo.jpeg": (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
    "old.gif": (b"GIF89a\1\0", "image/gif"),
    "new.webp": (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
    "saved.mht": (b"From: <Saved by Blink>\r\nMIME-Version: 1\nContent-Type: multipart/related;", "multipart/related"),
    "scan.tif": (b"II*\0\x08\0\0\0", "image/tiff"),
    "photo.heic": (b"\0\0\0\x1cftypheic\0\0\0\0mif1", "image/heic"),
    "letter.docx": (b"PK\x03\x04" + b"\0" * 26 + b"[Content_Types].xml", WORD),
    "crawl.warc": (b"WARC/1.1\r\nWARC-Type: warcinfo\r\n", "application/warc"),
}  # fmt: skip
BAD = {
    "page.png": (PAGE, "text/html, but the name ends in “.png”"),
    "shot.html": (b"\x89PNG\r\n\x1a\n", "image/png, but the name"),
    "drawing.svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "of no kind"),
    "drawing.html": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "of no kind"),
    "bomb.svg": (b"<!DOCTYPE svg [<!ENTITY a 'aaaa'>]><svg>&a;</svg>", "of no kind"),
    "many.zip": (b"PK\x03\x04\x14\0../../etc/passwd", "of no kind"),
    "sheet.xlsx": (b"PK\x03\x04\x14\0xl/workbook.xml", "of no kind"),
    "film.mp4": (b"\0\0\0\x20ftypisom", "Films and recordings are not taken"),
    "film.heic": (b"\0\0\0\x14ftypqt  ", "Films and recordings are not taken"),
    "film.webm": (b"\x1aE\xdf\xa3", "Films and recordings are not taken"),
    "run.pdf": (b"MZ\x90\0", "of no kind"),
    "text.html": (b"Only words", "of no kind"),
    "nothing.pdf": (b"", "empty"),
    "noname": (PAGE, "but the name ends in “”"),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_a_file_is_its_contents_say(name: str) -> None:
    content, media_type = GOOD[name]
    assert media_type_of(name, content) == media_type


@pytest.mark.attack("U1")
@pytest.mark.parametrize("name", BAD)
def test_a_file_of_another_kind_than_its_name_says_is_refused(name: str) -> None:
    content, why = BAD[name]
    with pytest.raises(WrongFile, match=why):
        media_type_of(name, content)


@pytest.mark.attack("U1")
@pytest.mark.parametrize("name", BAD)
def test_the_admin_refuses_it_and_keeps_nothing(clerk: Client, name: str) -> None:
    response = upload(clerk, name, BAD[name][0])
    assert response.status_code == 200
    assert response.context["adminform"].form.errors["file"]
    assert not Capture.objects.exists()
    assert stored_files() == []


def test_a_file_is_sealed_with_its_hash_under_a_name_that_nobody_guesses(clerk: Client) -> None:
    assert upload(clerk, "../../../page.html", PAGE).status_code == 302
    capture = Capture.objects.get()
    assert capture.sha256 == hashlib.sha256(PAGE).hexdigest()
    assert (capture.size, capture.media_type) == (len(PAGE), "text/html")
    assert capture.taken_by == User.objects.get(username="clerk")
    assert stored_files() == sorted(capture.files)
    assert [len(name) for name in capture.files] == [64, 64]
    assert capture.path.read_bytes() == PAGE
    assert capture.path.stat().st_mode & 0o777 == 0o600
    assert settings.CAPTURES_DIR.stat().st_mode & 0o777 == 0o700


def test_a_file_that_is_too_large_is_refused(clerk: Client, settings: Any) -> None:
    settings.CAPTURE_BYTES = 100
    response = upload(clerk, "page.html", PAGE + b" " * 100)
    assert "at most 100" in str(response.context["adminform"].form.errors["file"])
    settings.CAPTURE_BYTES = -(1 << 20)
    assert upload(clerk, "page.html", PAGE).status_code == 400
    assert stored_files() == []


def test_a_sealed_file_is_never_replaced(clerk: Client) -> None:
    capture = make_capture(level="team")
    address = f"/admin/sources/capture/{capture.pk}/change/"
    page = clerk.get(address).content.decode()
    assert 'type="file"' not in page
    form = {"note": "seen", "level": "team", "sha256": "0" * 64, "tool": "other", "version": capture.version}
    clerk.post(address, form | {"file": SimpleUploadedFile("page.html", PAGE + b"x")})
    capture.refresh_from_db()
    assert (capture.sha256, capture.tool) == (hashlib.sha256(PAGE).hexdigest(), "")
    assert capture.path.read_bytes() == PAGE
    capture.sha256 = "0" * 64
    with pytest.raises(ValueError, match="sealed"):
        capture.save()


def test_a_capture_is_not_deleted_in_the_admin(admin_client: Client) -> None:
    capture = make_capture()
    assert admin_client.post(f"/admin/sources/capture/{capture.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_an_act_that_fails_takes_its_file_back() -> None:
    def fail() -> None:
        with act("test", "command", may_open=True):
            make_capture()
            raise OSError("the disk is full")

    pytest.raises(OSError, fail)
    assert not Capture.objects.exists()
    assert stored_files() == []


def test_a_file_that_cannot_be_written_whole_leaves_nothing() -> None:
    def broken() -> Any:
        yield b"begins"
        raise OSError("the connection is gone")

    with pytest.raises(OSError, match="gone"):
        keep(broken())
    assert stored_files() == []


def test_a_sealed_file_comes_back_as_an_attachment_that_runs_nothing(clerk: Client) -> None:
    capture = make_capture()
    response = clerk.get(capture.get_sealed_url())
    assert response.getvalue() == PAGE
    assert response["Content-Disposition"] == f'attachment; filename="{capture.ref}-sealed.html"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    entry = AuditEntry.objects.get(kind="export")
    assert (entry.actor, entry.subjects) == ("clerk", f"{capture.ref} {capture.source.ref}")


@pytest.mark.django_db
def test_of_a_page_everybody_gets_its_text(client: Client) -> None:
    capture = make_capture()
    response = client.get(capture.get_absolute_url())
    assert response.getvalue() == COPY
    assert response["Content-Disposition"] == f'inline; filename="{capture.ref}.txt"'
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["ETag"] == f'"{hashlib.sha256(COPY).hexdigest()}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert not AuditEntry.objects.filter(kind="export").exists()


@pytest.mark.django_db
def test_an_unknown_parameter_is_refused_whether_or_not_there_is_a_file(client: Client) -> None:
    answers = [
        client.get(f"{capture.get_absolute_url()}?zzz=1") for capture in (make_capture(), make_capture(level="team"))
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].content == answers[1].content


@pytest.mark.attack("U2")
@pytest.mark.django_db
def test_a_hidden_file_and_a_missing_one_are_the_same(client: Client) -> None:
    source = make_source()
    hidden = [
        make_capture(source=source, level="partner"),
        make_capture(source=source, level="restricted"),
        make_capture(source=make_source(review="draft")),
        make_capture(source=source, expunged=True),
    ]
    missing = client.get(f"/sources/{source.ref}/captures/CAP-00000000/")
    for capture in hidden:
        of_another = f"/sources/{source.ref}/captures/{capture.ref}/"
        for address in (capture.get_absolute_url(), capture.get_sealed_url(), of_another):
            answer = client.get(address)
            assert (answer.status_code, answer.content) == (404, missing.content)
            assert answer.headers == missing.headers
    for address in (f"/media/{hidden[0].stored}", f"/captures/{hidden[0].stored}", f"/static/{hidden[0].stored}"):
        assert client.get(address).status_code == 404
    other = make_capture()
    assert client.get(f"/sources/{source.ref}/captures/{other.ref}/").status_code == 404


def test_taking_a_file_that_is_not_public_is_noted(clerk: Client) -> None:
    capture = make_capture(level="team")
    assert clerk.get(capture.get_absolute_url()).status_code == 200
    entry = AuditEntry.objects.get(kind="export")
    assert entry.actor == "clerk"
    assert entry.subjects == f"{capture.ref} {capture.source.ref}"


@pytest.mark.django_db
def test_the_source_calls_its_files_by_the_names_that_people_use(client: Client) -> None:
    """When a file was captured is not when the photograph in it was taken, and nothing is said of a file of text."""
    source = make_source()
    make_capture(source=source, media_type=WORD)
    make_capture(source=source, media_type="image/jpeg", taken_at=datetime(2026, 11, 30, 9, tzinfo=UTC))
    page = client.get(f"/sources/{source.ref}/").content.decode()
    assert "Word document, " in page
    assert "application/vnd" not in page
    assert 'captured <time datetime="2026-11-30T09:00:00+00:00">30 November 2026</time>' in page
    assert "text of the page, " in page
    assert "taken" not in page
    assert "never shown or exported" not in page
    assert "<dt>File</dt>" not in page


def test_every_kind_of_file_has_a_name() -> None:
    assert set(NAMES) == {*ENDINGS, "text/plain"}


@pytest.mark.django_db
def test_the_source_names_the_files_that_its_reader_may_have(client: Client) -> None:
    source = make_source()
    shown, hidden = make_capture(source=source), make_capture(source=source, level="team")
    page = client.get(f"/sources/{source.ref}/").content.decode()
    record = client.get(f"/api/v1/sources/{source.ref}/").json()
    assert shown.sha256 in page
    assert shown.copy_sha256 in page
    assert shown.get_absolute_url() in page
    assert hidden.ref not in page
    assert [each["ref"] for each in record["captures"]] == [shown.ref]
    told = {"ref", "sha256", "media_type", "copy_url", "copy_sha256", "copy_media_type", "taken_at"}
    assert set(record["captures"][0]) == told


@pytest.mark.django_db
def test_every_altered_missing_or_unknown_file_is_named() -> None:
    whole, altered, shorter, missing, gone = (make_capture(PAGE + bytes([n])) for n in range(5))
    assert "5 captured files are as they were sealed" in verify()
    altered.path.write_bytes(PAGE + b"!")
    shorter.path.write_bytes(b"<")
    destroy(missing.stored)
    assert whole.copy_path and altered.copy_path
    altered.copy_path.write_bytes(b"Helb\n")
    Capture.objects.filter(pk=gone.pk).update(expunged=True)
    path_of("stranger").write_bytes(b"?")
    out = io.StringIO()
    with pytest.raises(CommandError, match="7 findings"):
        call_command("verify_captures", stdout=out)
    told = out.getvalue()
    assert whole.ref not in told
    assert f"{altered.ref} was altered" in told
    assert f"{altered.ref} its copy was altered" in told
    assert f"{shorter.ref} was altered" in told
    assert f"{gone.ref} its copy was to be destroyed" in told
    assert f"{missing.ref} is missing" in told
    assert f"{gone.ref} was to be destroyed" in told
    assert "stranger lies in the store" in told
    with pytest.raises(CommandError):
        call_command("check_data", stdout=out)
    assert "captures are as they were sealed: 7" in out.getvalue()


@pytest.mark.django_db
def test_a_file_whose_capture_waits_for_a_second_person_is_nobodys_neither() -> None:
    kept = keep([PAGE])
    about = {"about": "SRC-00000000", "kind": "change", "proposed_by": User.objects.create_user("ann")}
    Proposal.objects.create(row_changes=f'[{{"after": {{"stored": "{kept.stored}"}}}}]', **about)
    assert "0 captured files" in verify()


@pytest.mark.django_db
def test_destroying_a_file_writes_over_it() -> None:
    kept = keep([PAGE])
    with path_of(kept.stored).open("rb") as still_open:
        destroy(kept.stored)
        assert still_open.read() == bytes(len(PAGE))
    assert stored_files() == []
