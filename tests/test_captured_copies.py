"""Copies of captured files: who gets the copy and who the sealed file, and what is told of it before that."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import zipfile
from contextlib import ExitStack
from typing import Any

import pikepdf
import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from records.current_act import current_act
from records.models import AuditEntry, Proposal, Team
from sources.capture_checks import files_to_keep
from sources.capture_store import destroy, stored_files
from sources.copies import making
from sources.copies.making import copy_of
from sources.models import Capture
from tests.captures import PAGE, clerk, make_capture, own_store, upload, verify
from tests.factories import make_source
from tests.pasts import by
from tests.reviewing import propose
from tests.signin import grow_old, may, sign_in
from tests.telling_files import PLACE, paper, photo_jpeg, where_blue
from tests.test_tokens import ask, make_token

__all__ = ["clerk", "own_store"]


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


def test_a_copy_is_made_before_the_act_so_that_others_write_meanwhile(clerk: Client, monkeypatch: Any) -> None:
    acts: list[Any] = []
    run = subprocess.run

    def watched(*words: Any, **options: Any) -> Any:
        acts.append(current_act())
        return run(*words, **options)

    monkeypatch.setattr(subprocess, "run", watched)
    upload(clerk, "photo.jpg", photo_jpeg())
    copies("--again")
    assert Capture.objects.get().copy_stored
    assert acts == [None]
    upload(clerk, "page.html", b"<html><script>draw()</script></html>")  # of which there is no copy
    copies("--again")
    assert acts == [None] * 3


def test_no_file_is_read_for_who_may_not_add_any_or_whose_form_is_wrong(clerk: Client, monkeypatch: Any) -> None:
    monkeypatch.delattr(subprocess, "run")
    upload(clerk, "page.html", PAGE, level="public")
    other = may(User.objects.create_user("other", is_staff=True), "read_team", "view_capture")
    assert upload(sign_in(Client(), other), "page.html", PAGE).status_code == 403
    outside = may(User.objects.create_user("outside"), "read_team", "add_capture", "view_sourcedocument")
    assert upload(sign_in(Client(), outside), "page.html", PAGE).status_code == 302  # to sign in as somebody else
    assert (stored_files(), Capture.objects.count()) == ([], 0)


def test_a_file_whose_row_cannot_be_written_leaves_nothing(clerk: Client, monkeypatch: Any) -> None:
    def full(*words: Any, **options: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(Capture, "save", full)
    with pytest.raises(OSError, match="full"):
        upload(clerk, "page.html", PAGE)
    assert stored_files() == []


def test_who_comes_while_other_files_are_read_is_told_to_try_again(clerk: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(making, "PATIENCE", 0.1)
    with ExitStack() as others:
        for _ in range(making.AT_ONCE):
            others.enter_context(making.turn())
        response = upload(clerk, "page.html", PAGE)
        assert (response.status_code, stored_files()) == (429, [])
        assert "Try again in a minute" in response.content.decode()
    assert upload(clerk, "page.html", PAGE).status_code == 302


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


def test_headings_count_what_stands_below_them(clerk: Client) -> None:
    """The ways to the sealed file and to a new one are no files, and nothing that was found."""
    source = make_source()
    page = f"/admin/sources/sourcedocument/{source.pk}/change/"
    assert heading(clerk.get(page), "Captured") == "Captured files"
    telling = make_capture(source=source, found="place: 39.92500, 32.85000\ndevice: Apple iPhone 12")
    silent, locked = make_capture(source=source), make_capture(source=source, no_copy="It is locked with a password.")
    assert heading(clerk.get(page), "Captured") == "Captured files (3)"
    assert "capture/add/" in clerk.get(page).content.decode()
    for capture, title in (
        (telling, "Found in the sealed file, and not in the copy (2)"),
        (silent, "Sealed file"),
        (locked, "Sealed file"),
    ):
        page = f"/admin/sources/capture/{capture.pk}/change/"
        assert heading(clerk.get(page), "ealed file") == title
        assert capture.get_sealed_url() in clerk.get(page).content.decode()


def heading(response: Any, words: str) -> str:
    """Return the heading of a table on a page of the admin in which these words stand."""
    headings = re.findall(r'<h2 id="table-\d+">(.*?)</h2>', response.content.decode())
    return next(each for each in headings if words in each)


@pytest.mark.django_db
def test_a_program_gets_the_copy_at_the_address_that_the_api_gives_with_its_token() -> None:
    """It opens with a token what the page opens to its user, and never the sealed file."""
    source = make_source()
    make_capture(source=source, level="partner")
    make_capture(source=source, level="partner", no_copy="It is damaged.")
    hidden = make_capture(source=source, level="team")
    partner = may(User.objects.create_user("partner"), "read_partner")
    analyst = may(User.objects.create_user("analyst"), "read_partner", "read_team")
    reads, exports, of_team = make_token(partner), make_token(partner, "export", name="files"), make_token(analyst)
    copied, without = ask(reads, f"/api/v1/sources/{source.ref}/").json()["captures"]
    assert without["copy_url"] is None
    answer = ask(reads, copied["copy_url"])
    assert hashlib.sha256(answer.getvalue()).hexdigest() == copied["copy_sha256"]
    assert "no-store" in answer["Cache-Control"]
    entry = AuditEntry.objects.get(kind="export")
    assert (entry.actor, entry.channel) == ("partner", "api")
    assert Client().get(copied["copy_url"]).status_code == 404
    assert ask(reads, hidden.get_absolute_url()).status_code == 404
    assert ask(exports, copied["copy_url"]).json() == {"detail": "This token does not have the scope “read”."}
    assert ask(of_team, hidden.get_absolute_url()).status_code == 200
    assert ask(of_team, hidden.get_sealed_url()).status_code == 404


@pytest.mark.django_db
def test_how_the_team_works_stays_with_the_team_of_the_source_once_others_may_see_a_file() -> None:
    """By hand: note, tool, who captured it and why it has no copy, on every page on which another team meets it."""
    ours, theirs = (Team.objects.create(name=name) for name in ("ours", "theirs"))
    rights = ("read_team", "view_capture", "change_capture", "view_sourcedocument")
    member, other = (may(User.objects.create_user(name, is_staff=True), *rights) for name in ("member", "other"))
    ours.members.add(member)
    theirs.members.add(other)
    told: dict[str, Any] = {"tool": "Firefox", "note": "ask the landlord", "no_copy": "It is locked with a password."}
    with by(member):
        source = make_source(team=ours, level="partner")
        capture = make_capture(source=source, taken_by=member, **told)
    with by(member):
        capture.note = "asked the landlord"
        capture.save()
    source.level = "public"
    waits = propose(member, source)
    own = f"/admin/sources/capture/{capture.pk}/"
    addresses = [
        *("/admin/sources/capture/", f"{own}change/", f"{own}history/", f"{own}history/?known_on=2999-01-01"),
        *(f"/sources/{source.ref}/", f"/sources/{source.ref}/history/", f"/api/v1/sources/{source.ref}/history/"),
        f"/admin/records/proposal/{waits.ref}/change/",
    ]
    for user in (member, other):
        reader = sign_in(Client(), user)
        answers = {address: reader.get(address) for address in addresses}
        assert {answer.status_code for answer in answers.values()} == {200}, answers
        page = "".join(answer.content.decode() for answer in answers.values())
        for word in ("Firefox", "the landlord", "locked with"):
            assert (word in page) is (user == member), (user.username, word)
        form = answers[f"{own}change/"].content.decode()
        assert ("Captured by" in form) is (user == member)
        assert 'name="level"' in form
    sealed = {"level": "public", "note": "overwritten", "version": capture.version}
    seen = answers[f"{own}change/"].context["adminform"].form["seen"].value()
    assert reader.post(f"{own}change/", sealed | {"seen": seen}).status_code == 302
    capture.refresh_from_db()
    assert capture.note == "asked the landlord"


@pytest.mark.django_db
def test_what_a_team_noted_of_a_file_is_told_neither_to_the_next_team_nor_to_those_who_left_it() -> None:
    ours, theirs = (Team.objects.create(name=name) for name in ("ours", "theirs"))
    former, latter = (may(User.objects.create_user(name), "read_team") for name in ("former", "latter"))
    ours.members.add(former)
    theirs.members.add(latter)
    source, capture = make_source(team=ours), None
    for team, note in ((ours, "ask the landlord"), (ours, "asked"), (theirs, "ask the neighbour"), (theirs, "done")):
        with by(former):
            source.team = team
            source.save()
            capture = capture or make_capture(source=source)
            capture.note = note
            capture.save()
    for user, told in ((former, []), (latter, ["the neighbour"])):
        page = sign_in(Client(), user).get(f"/sources/{source.ref}/history/").content.decode()
        assert [words for words in ("the landlord", "the neighbour") if words in page] == told, user.username


def test_what_is_noted_of_a_file_for_the_team_publishes_nothing_and_waits_for_nobody(clerk: Client) -> None:
    capture = make_capture(level="public", note="ask the landlord")
    address = f"/admin/sources/capture/{capture.pk}/change/"
    seen = clerk.get(address).context["adminform"].form["seen"].value()
    clerk.post(address, {"note": "asked", "level": "public", "version": capture.version, "seen": seen})
    capture.refresh_from_db()
    assert capture.note == "asked"
    assert not Proposal.objects.exists()


@pytest.mark.attack("D5")
def test_the_sealed_file_asks_who_is_there_after_an_old_sign_in_and_only_those_who_may_have_it(clerk: Client) -> None:
    capture = make_capture(level="public")
    grow_old(clerk, 120)
    answer = clerk.get(capture.get_sealed_url())
    assert answer["Location"].startswith("/account/reauthenticate/?next=%2Fsources%2F")
    assert clerk.get(capture.get_absolute_url()).status_code == 200
    assert Client().get(capture.get_sealed_url()).status_code == 404


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
    page = clerk.get(proposed(clerk, capture, "public")).content.decode()
    capture.refresh_from_db()
    assert capture.level == "team"
    assert "39.92500" in page
    assert "Apple iPhone 12" in page
    assert f"A copy without metadata: text of the page, 5\xa0bytes, SHA-256 {capture.copy_sha256}" in page
    assert f"SHA-256 {capture.sha256}" in page
    assert capture.get_absolute_url() in page
    assert "Look at what others would get" in page


def test_whoever_approves_is_told_what_others_see_of_a_file_that_they_do_not_get(clerk: Client) -> None:
    """There is nothing to look at; but kind, size and hash of the sealed file are published with its level."""
    capture = make_capture(level="team", no_copy="It is locked with a password.", media_type="application/pdf")
    page = clerk.get(proposed(clerk, capture, "public")).content.decode()
    assert "Nothing of the file: there is no copy of it." in page
    assert f"That the file exists: PDF file, {len(PAGE)}\xa0bytes, SHA-256 {capture.sha256}" in page
    assert "It is locked with a password." in page
    assert "Look at what others would get" not in page
    assert capture.get_absolute_url() not in page


def proposed(client: Client, capture: Capture, level: str) -> str:
    """Ask for another level of a capture, and return the address of the proposal that comes of it."""
    address = f"/admin/sources/capture/{capture.pk}/change/"
    seen = client.get(address).context["adminform"].form["seen"].value()
    client.post(address, {"note": capture.note, "level": level, "version": capture.version, "seen": seen})
    return f"/admin/records/proposal/{Proposal.objects.get().ref}/change/"


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
def test_after_an_update_every_copy_is_made_anew(django_capture_on_commit_callbacks: Any) -> None:
    """The former copy of the page was another file than the one that would be made now."""
    page = make_capture(b"<p>Held</p><script>told()</script>", media_type="text/html", level="public")
    Capture.objects.filter(pk=page.pk).update(copy_sha256="0" * 64)
    former = page.copy_path
    with django_capture_on_commit_callbacks(execute=True):
        told = copies("--anew")
    assert f"1 of 1 {page.ref}: another copy" in told and "1 of 1 copies replaced" in told
    page.refresh_from_db()
    assert page.copy_path is not None and page.copy_path.read_text() == "Held\n"
    assert former is not None and not former.exists()
    assert f"1 of 1 {page.ref}: as before" in copies("--anew")
    assert "1 captured files are as they were sealed" in verify()


@pytest.mark.django_db
def test_a_copy_that_was_made_is_never_replaced_by_saving() -> None:
    capture = make_capture()
    capture.copy_sha256 = "0" * 64
    with pytest.raises(ValueError, match="sealed"):
        capture.save()


@pytest.mark.django_db
def test_a_file_that_brings_its_reader_down_brings_nothing_else_down(monkeypatch: Any) -> None:
    """One that takes too long is given up, and the row says so."""
    capture = make_capture(b"x", no_copy="", media_type="image/png")
    monkeypatch.setattr(making, "LONGEST", 0.001)
    with copy_of(capture.path, capture.media_type) as copy:
        copy.name_in(capture)
    assert "seconds to read" in capture.no_copy
    assert capture.copy_stored == ""
