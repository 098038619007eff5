"""Captured files: what is taken in, that it stays as it is, and who gets the file, who its copy."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Any

import pikepdf
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from records.audit.acts import act
from records.models import AuditEntry, Proposal, Team
from sources.capture_checks import files_to_keep
from sources.capture_store import destroy, keep, path_of, stored_files
from sources.copies import making
from sources.copies.making import keep_copy
from sources.media_types import WORD, WrongFile, media_type_of
from sources.models import Capture
from tests.factories import make_source
from tests.signin import may, sign_in
from tests.telling_files import PLACE, paper, photo_jpeg, where_blue

PAGE = b"<!DOCTYPE html>\n<title>Held</title><script>alert(1)</script>"
COPY = b"Held\n"
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


def make_capture(content: bytes = PAGE, **fields: Any) -> Capture:
    """Keep a file with its copy; `no_copy` is the reason why it has none."""
    source = fields.pop("source", None) or make_source()
    kept = keep([content])._asdict()
    if "no_copy" not in fields:
        stored, sha256, size = keep([COPY])
        kept |= {"copy_stored": stored, "copy_sha256": sha256, "copy_size": size, "copy_media_type": "text/plain"}
    return Capture.objects.create(source=source, **{"media_type": "text/html", "level": "public"} | kept | fields)


def verify() -> str:
    out = io.StringIO()
    call_command("verify_captures", stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Any) -> None:
    settings.CAPTURES_DIR = tmp_path / "captures"


@pytest.fixture
def clerk(db: None) -> Client:
    """Somebody of the team who may add captures and see sources in the admin."""
    user = User.objects.create_user("clerk", is_staff=True)
    rights = ("add_capture", "change_capture", "view_capture", "view_sourcedocument", "change_sourcedocument")
    return sign_in(Client(), may(user, "read_team", *rights))


def upload(client: Client, name: str, content: bytes, **fields: Any) -> Any:
    source = fields.pop("source", None) or make_source()
    form = {"source": source.pk, "tool": "Firefox", "note": "", "level": "team"} | fields
    form |= {"taken_at_0": "2026-11-22", "taken_at_1": "10:00:00"}
    file = SimpleUploadedFile(name, content)
    return client.post("/admin/sources/capture/add/", form | {"file": file})


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
    assert set(record["captures"][0]) == {"ref", "sha256", "media_type", "copy_sha256", "copy_media_type", "taken_at"}


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


# Copies without metadata


def test_of_a_photograph_others_get_a_copy_without_the_place_and_the_team_reads_what_was_found(clerk: Client) -> None:
    photograph = photo_jpeg()
    response = upload(clerk, "photo.jpg", photograph)
    assert "holds more than it shows" in clerk.get(response["Location"]).content.decode()
    capture = Capture.objects.get()
    assert capture.path.read_bytes() == photograph
    assert capture.copy_path is not None
    copy = capture.copy_path.read_bytes()
    assert b"SECRET" not in copy
    assert (capture.copy_sha256, capture.copy_size) == (hashlib.sha256(copy).hexdigest(), len(copy))
    assert where_blue(copy) == "top right"
    page = clerk.get(f"/admin/sources/capture/{capture.pk}/change/").content.decode()
    assert PLACE in page
    assert "Apple iPhone SECRET" in page
    assert capture.get_sealed_url() in page


def test_of_a_locked_file_there_is_no_copy_and_nobody_beside_the_team_gets_it(clerk: Client, client: Client) -> None:
    out = io.BytesIO()
    paper().save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    upload(clerk, "paper.pdf", out.getvalue())
    capture = Capture.objects.get()
    assert (capture.no_copy, capture.copy_stored) == ("It is locked with a password.", "")
    assert stored_files() == [capture.stored]
    Capture.objects.update(level="public")
    assert clerk.get(capture.get_absolute_url()).status_code == 404
    assert clerk.get(capture.get_sealed_url()).status_code == 200
    page = Client().get(f"/sources/{capture.source.ref}/").content.decode()
    assert capture.sha256 in page
    assert capture.get_absolute_url() not in page
    assert "locked" not in page


@pytest.mark.django_db
def test_the_sealed_file_and_what_was_found_in_it_are_for_the_team_of_the_source_alone(client: Client) -> None:
    """By hand: of a file that everybody may see, the sealed one goes to whoever reads what is its team's."""
    ours, theirs = (Team.objects.create(name=name) for name in ("ours", "theirs"))
    capture = make_capture(source=make_source(team=ours), found="place: 39.92500, 32.85000", tool="Firefox", note="ask")
    partner = may(User.objects.create_user("partner"), "read_partner")
    member, other, superuser = (User.objects.create_user(name) for name in ("member", "other", "root"))
    for user, team in ((member, ours), (other, theirs)):
        may(user, "read_team")
        team.members.add(user)
    User.objects.filter(pk=superuser.pk).update(is_superuser=True, is_staff=True)
    readers = {"stranger": Client(), "partner": sign_in(Client(), partner), "member": sign_in(Client(), member)}
    readers |= {"other": sign_in(Client(), other), "superuser": sign_in(Client(), superuser)}
    for name, reader in readers.items():
        page = reader.get(f"/sources/{capture.source.ref}/").content.decode()
        assert reader.get(capture.get_absolute_url()).status_code == 200, name
        assert (reader.get(capture.get_sealed_url()).status_code == 200) is (name == "member"), name
        for word in ("39.92500", "Firefox", "ask", capture.get_sealed_url()):
            assert (word in page) is (name == "member"), (name, word)


@pytest.mark.django_db
def test_staff_who_do_not_read_what_is_the_teams_are_not_shown_what_was_found() -> None:
    capture = make_capture(found="place: 39.92500, 32.85000")
    user = User.objects.create_user("enterer", is_staff=True)
    enterer = sign_in(Client(), may(user, "view_capture", "change_capture", "view_sourcedocument"))
    page = enterer.get(f"/admin/sources/capture/{capture.pk}/change/").content.decode()
    assert capture.sha256 in page
    assert "39.92500" not in page


def test_a_new_file_begins_with_the_team_since_nobody_has_looked_at_its_copy(clerk: Client) -> None:
    response = upload(clerk, "page.html", PAGE, level="public")
    assert "level" in response.context["adminform"].form.errors
    assert not Capture.objects.exists()


def test_whoever_approves_that_others_get_a_file_is_shown_what_was_found_in_it(clerk: Client) -> None:
    """Of the file nothing changes but its level; what it holds is shown all the same, with the way to its copy."""
    capture = make_capture(level="team", found="place: 39.92500, 32.85000\ndevice: Apple iPhone 12")
    address = f"/admin/sources/capture/{capture.pk}/change/"
    seen = clerk.get(address).context["adminform"].form["seen"].value()
    clerk.post(address, {"note": "", "level": "public", "version": capture.version, "seen": seen})
    capture.refresh_from_db()
    assert capture.level == "team"
    proposal = Proposal.objects.get()
    page = clerk.get(f"/admin/records/proposal/{proposal.ref}/change/").content.decode()
    assert "39.92500" in page
    assert "Apple iPhone 12" in page
    assert capture.get_absolute_url() in page


def test_packages_that_are_no_word_documents_are_refused(clerk: Client) -> None:
    contents = {
        "table.docx": b"spreadsheetml.sheet.main+xml",
        "macros.docx": b"application/vnd.ms-word.document.macroEnabled.main+xml",
    }
    for name, kind in contents.items():
        response = upload(clerk, name, package(b'<Types><Override ContentType="' + kind + b'"/></Types>'))
        assert "no plain Word document" in str(response.context["adminform"].form.errors["file"])
    assert stored_files() == []


def package(contents: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("[Content_Types].xml", contents)
    return out.getvalue()


@pytest.mark.django_db
def test_copies_that_are_missing_are_made_by_a_command() -> None:
    earlier = make_capture(no_copy="")
    crawl = make_capture(b"WARC/1.1\r\n", media_type="application/warc", no_copy="", level="team")
    told = copies()
    assert f"1 of 2 {earlier.ref}: copied, text/plain" in told
    assert f"2 of 2 {crawl.ref}: No copy is made of a file of the kind application/warc." in told
    assert "1 copies made. 1 files stay with the team alone." in told
    earlier.refresh_from_db()
    assert earlier.copy_path is not None
    assert earlier.copy_path.read_text() == "Held\n"
    assert "0 copies made. 0 files" in copies()
    assert "0 copies made. 1 files" in copies("--again")
    Capture.objects.filter(pk=crawl.pk).update(level="partner")
    told = copies("--again")  # partners would get what nobody has looked at
    assert f"{crawl.ref} is open to partners: give it back to the team first" in told
    assert "0 copies made. 1 files" in told
    assert "2 captured files are as they were sealed" in verify()


def copies(*words: str) -> str:
    out = io.StringIO()
    call_command("copy_captures", *words, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_a_backup_takes_sealed_files_and_copies_and_names_those_that_are_gone() -> None:
    capture, without = make_capture(), make_capture(no_copy="It is damaged.")
    assert files_to_keep() == (sorted([*capture.files, without.stored]), [])
    destroy(capture.copy_stored)
    assert files_to_keep() == (sorted([capture.stored, without.stored]), [capture.copy_stored])


@pytest.mark.django_db
def test_a_copy_that_was_made_is_never_replaced() -> None:
    capture = make_capture()
    capture.copy_sha256 = "0" * 64
    with pytest.raises(ValueError, match="sealed"):
        capture.save()


@pytest.mark.django_db
def test_a_file_that_brings_its_reader_down_brings_nothing_else_down(monkeypatch: Any) -> None:
    """One that takes too long is given up, and the row says so."""
    capture = make_capture(b"x", no_copy="", media_type="image/png")
    monkeypatch.setattr(making, "LONGEST", 0.001)
    keep_copy(capture)
    assert "seconds to read" in capture.no_copy
    assert capture.copy_stored == ""
