"""Backups and restores by the two commands: whose they are, where they lie, and what is refused."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live_settings
from django.core.management import CommandError
from django.db import connection

from cases.models import Person
from records.backup import sqlite
from records.backup.archive import ArchiveWriter, new_file
from records.models import AuditEntry
from sources.capture_store import path_of
from sources.models import Capture
from tests.backups import (
    apart,
    backed_up,
    capture,
    content_hashes,
    database_file,
    elsewhere,
    files_of,
    flipped,
    members_of,
    run,
)
from tests.captures import make_capture
from tests.factories import make_person
from tests.pasts import by, somebody

__all__ = ["apart", "backed_up", "database_file", "elsewhere"]
on_sqlite = pytest.mark.skipif("'sqlite' not in str(connection.settings_dict['ENGINE'])", reason="about SQLite")
on_postgresql = pytest.mark.skipif("'sqlite' in str(connection.settings_dict['ENGINE'])", reason="about PostgreSQL")


class TestBackup:
    def test_counts_captured_files_and_their_copies_apart(self, apart: Path) -> None:
        without = capture(b"<html>one</html>")
        make_capture(source=without.source)
        make_capture(source=without.source)
        assert ", 3 captured files and 2 copies of them, " in run("backup", apart / "one.tar")

    def test_is_one_file_for_its_owner_alone_and_says_what_it_holds(self, apart: Path) -> None:
        with by(somebody("clerk"), "Found."):
            make_person("Aybek Tursun")
        kept = capture(b"<html>one</html>")
        said = run("backup", apart / "one.tar")
        assert "entries hold" in said
        assert [(file.name, file.stat().st_mode & 0o777) for file in apart.iterdir()] == [("one.tar", 0o600)]
        with tarfile.open(apart / "one.tar") as tar:
            manifest = json.load(tar.extractfile("manifest.json"))  # type: ignore[arg-type]
            assert tar.extractfile("secret_key").read().decode() == live_settings.SECRET_KEY  # type: ignore[union-attr]
            assert tar.extractfile(f"captures/{kept.stored}").read() == b"<html>one</html>"  # type: ignore[union-attr]
        last = AuditEntry.objects.order_by("-number")[0]
        assert manifest["audit"] == {"number": last.number, "hash": last.hash}
        assert manifest["rows"]["cases_person"] == 1

    def test_leaves_out_files_that_no_row_names(self, apart: Path) -> None:
        (live_settings.CAPTURES_DIR / ("f" * 64)).write_bytes(b"of an act that is not committed yet")
        run("backup", apart / "one.tar")
        assert not [name for name in members_of(apart / "one.tar") if name.startswith("captures/")]

    def test_is_written_and_says_so_loudly_when_a_captured_file_is_gone(self, apart: Path) -> None:
        path_of(capture(b"<html>one</html>").stored).unlink()
        with pytest.raises(CommandError, match="was written, but: 1 captured files are gone"):
            run("backup", apart / "one.tar")
        assert (apart / "one.tar").exists()

    def test_of_what_was_altered_past_the_history_is_kept_only_when_that_is_said(self, apart: Path) -> None:
        person = make_person("Aybek Tursun")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE records_change SET \"after\" = replace(\"after\", 'Aybek', 'Other')")
        with pytest.raises(CommandError, match=f"(?s){person.ref}.*No backup was kept"):
            run("backup", apart / "one.tar")
        assert list(apart.iterdir()) == []
        with pytest.raises(CommandError, match="was written, but"):
            run("backup", apart / "one.tar", "--keep-unproved")
        assert [file.name for file in apart.iterdir()] == ["one.tar"]

    def test_of_an_empty_database_is_refused(self, apart: Path, elsewhere: Callable[[], Path]) -> None:
        elsewhere()
        with pytest.raises(CommandError, match="is empty. Does DATABASE_URL lead to the one in use"):
            run("backup", apart / "one.tar")
        assert list(apart.iterdir()) == []

    def test_goes_inside_the_checkout_and_into_an_open_folder_when_that_is_said(
        self, apart: Path, settings: Any
    ) -> None:
        settings.BASE_DIR = apart
        apart.chmod(0o755)
        run("backup", apart / "one.tar", "--inside-checkout", "--open-folder")
        assert (apart / "one.tar").stat().st_mode & 0o777 == 0o600


class TestRefusedPlaces:
    """Nothing is written."""

    def test_inside_the_checkout(self) -> None:
        with pytest.raises(CommandError, match="lies inside the checkout"):
            run("backup", live_settings.BASE_DIR / "var" / ".." / "tests" / "one.tar")

    def test_inside_the_checkout_by_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to(live_settings.BASE_DIR)
        with pytest.raises(CommandError, match="lies inside the checkout"):
            run("backup", tmp_path / "link" / "one.tar")

    def test_what_is_there_already(self, tmp_path: Path) -> None:
        (tmp_path / "one.tar").symlink_to(tmp_path / "nowhere")
        with pytest.raises(CommandError, match="is there already"):
            run("backup", tmp_path / "one.tar")

    @pytest.mark.parametrize("mode", [0o755, 0o720, 0o702])
    def test_a_folder_that_others_can_look_into_or_change(self, tmp_path: Path, mode: int) -> None:
        tmp_path.chmod(mode)
        with pytest.raises(CommandError, match=f"is open to other accounts .mode {mode:04o}"):
            run("backup", tmp_path / "one.tar")

    def test_no_folder(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="is no folder"):
            run("backup", tmp_path / "none" / "one.tar")

    @pytest.mark.django_db
    def test_beside_what_an_interrupted_backup_left(self, tmp_path: Path) -> None:
        (tmp_path / "one.tar.part").mkdir()
        with pytest.raises(CommandError, match="another backup is running, or one was interrupted"):
            run("backup", tmp_path / "one.tar")
        assert (tmp_path / "one.tar.part").exists()


class TestRestore:
    def test_brings_rows_files_and_key_back_and_keeps_the_key_that_was_there(
        self, backed_up: Path, elsewhere: Callable[[], Path], settings: Any
    ) -> None:
        before, key = content_hashes(), settings.SECRET_KEY
        folder = elsewhere()
        said = run("restore", backed_up)
        assert content_hashes() == before
        assert Capture.objects.get().path.read_bytes() == b"<html>one</html>"
        assert settings.KEY_FILE.read_text() == key
        [kept] = folder.glob("secret_key.before-*")
        assert kept.read_text() == settings.SECRET_KEY
        assert "The data agree with themselves." in said
        written = [settings.KEY_FILE, *settings.CAPTURES_DIR.iterdir(), *folder.glob("waymark.sqlite3")]
        assert {file.stat().st_mode & 0o777 for file in written} == {0o600}
        assert list(folder.glob(".restoring-*")) == []

    def test_refuses_a_backup_with_a_flipped_bit_in_any_member_and_writes_nothing(
        self, backed_up: Path, elsewhere: Callable[[], Path]
    ) -> None:
        folder = elsewhere()
        before = files_of(folder)
        members = members_of(backed_up)
        assert len(members) == 5
        for name, member in members.items():
            for at in (
                member.offset,
                member.offset_data,
                member.offset_data + member.size // 2,
                member.offset_data + member.size - 1,
            ):
                with pytest.raises(CommandError, match=r"damaged|cannot be read|no backup holds"):
                    run("restore", flipped(backed_up, at))
                assert files_of(folder) == before, name
        assert connection.introspection.table_names() == []

    @on_sqlite
    def test_goes_where_no_file_is(self, backed_up: Path, elsewhere: Callable[[], Path]) -> None:
        file = elsewhere() / "waymark.sqlite3"
        file.unlink()
        assert "Restored as it was at" in run("restore", backed_up)
        assert file.stat().st_size

    def test_refuses_one_that_was_cut_off(self, backed_up: Path, elsewhere: Callable[[], Path]) -> None:
        elsewhere()
        backed_up.write_bytes(backed_up.read_bytes()[:-12_000])
        with pytest.raises(CommandError, match="damaged"):
            run("restore", backed_up)
        assert connection.introspection.table_names() == []

    def test_refuses_an_archive_that_leads_out_of_its_folder(
        self, tmp_path: Path, elsewhere: Callable[[], Path]
    ) -> None:
        folder = elsewhere()
        before, path = files_of(folder), tmp_path / "evil.tar"
        link = tarfile.TarInfo("captures/aa")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        names = ["../evil", "captures/../../evil", "/tmp/evil", "captures/.evil", "captures/a/b", "captures/a\nb"]
        for member in [link, *map(tarfile.TarInfo, names)]:
            with tarfile.open(path, "w") as tar:
                tar.addfile(member, io.BytesIO())
            with pytest.raises(CommandError, match="which no backup holds"):
                run("restore", path)
            assert files_of(folder) == before

    def test_refuses_captured_files_that_are_there_and_keeps_them_beside_when_told(
        self, backed_up: Path, elsewhere: Callable[[], Path], settings: Any
    ) -> None:
        folder = elsewhere()
        settings.CAPTURES_DIR.mkdir()
        (settings.CAPTURES_DIR / "mine").write_bytes(b"mine")
        with pytest.raises(CommandError, match="holds captured files.*--replace"):
            run("restore", backed_up)
        assert connection.introspection.table_names() == []
        run("restore", backed_up, "--replace")
        assert [file.read_bytes() for file in folder.glob("captures.before-*/mine")] == [b"mine"]

    def test_refuses_a_backup_of_another_kind_of_database_or_of_a_newer_waymark(
        self, apart: Path, elsewhere: Callable[[], Path]
    ) -> None:
        elsewhere()
        members = {"sqlite": ["database.dump", "database.sqlite3"], "postgresql": ["database.sqlite3", "database.dump"]}
        reasons = "goes back to the kind", "taken by a newer Waymark: this one does not know records.9999_next_year"
        for member, reason in zip(members[connection.vendor], reasons, strict=True):
            with new_file(apart / member) as file:
                writer = ArchiveWriter(file)
                writer.add_text(member, "no database")
                writer.add_text("secret_key", "x")
                writer.finish({"database": "other", "migrations": ["records.9999_next_year", "mfa.9999_others"]})
            with pytest.raises(CommandError, match=reason):
                run("restore", apart / member)


@on_sqlite
class TestOnSqlite:
    def test_a_database_that_is_there_is_refused_or_kept_beside(self, backed_up: Path, database_file: Path) -> None:
        before = content_hashes()
        make_person("Written after the backup")
        with pytest.raises(CommandError, match="holds a database.*--replace"):
            run("restore", backed_up)
        assert Person.objects.count() == 1
        run("restore", backed_up, "--replace")
        assert content_hashes() == before
        [kept] = database_file.parent.glob("waymark.sqlite3.before-*")
        with closing(sqlite3.connect(kept)) as base:
            assert base.execute("SELECT label FROM cases_person").fetchall() == [("Written after the backup",)]

    def test_a_restore_that_fails_at_the_end_puts_everything_back(
        self, backed_up: Path, database_file: Path, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(sqlite, "WAIT_SECONDS", 0.1)
        settings.SECRET_KEY = "another key, which the file of the key does not hold"
        before = files_of(tmp_path)
        with closing(sqlite3.connect(database_file, isolation_level=None)) as somebody_else:
            somebody_else.execute("BEGIN IMMEDIATE")
            with pytest.raises(CommandError, match="Somebody is at work"):
                run("restore", backed_up, "--replace")
        assert files_of(tmp_path) == before

    def test_others_who_write_all_the_time_do_not_keep_a_backup_from_ending(
        self, apart: Path, database_file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told = sqlite.Progress.__call__

        def write_too(self: sqlite.Progress, *progress: int) -> None:
            with closing(sqlite3.connect(database_file)) as base, base:
                base.execute("INSERT INTO django_session VALUES (hex(randomblob(16)), '', '2026-11-29')")
            told(self, *progress)

        monkeypatch.setattr(sqlite, "STEP", 20)
        monkeypatch.setattr(sqlite.Progress, "__call__", write_too)
        assert "copying in one go" in run("backup", apart / "one.tar")


@on_postgresql
class TestOnPostgresql:
    def test_a_database_that_holds_tables_is_never_replaced(self, backed_up: Path) -> None:
        before = content_hashes()
        with pytest.raises(CommandError, match=r"nothing in PostgreSQL is dropped.*createdb --owner waymark"):
            run("restore", backed_up, "--replace")
        assert content_hashes() == before

    def test_a_restore_that_fails_at_the_end_puts_everything_back(
        self, backed_up: Path, elsewhere: Callable[[], Path]
    ) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(indexname) FROM pg_indexes WHERE schemaname = 'public'")
            index = cursor.fetchone()[0]
        folder = elsewhere()
        before = files_of(folder)
        connection.cursor().execute(f'CREATE SEQUENCE "{index}"')  # in the way of what comes after the rows
        with pytest.raises(CommandError, match="pg_restore failed"):
            run("restore", backed_up)
        assert files_of(folder) == before
        assert connection.introspection.table_names() == []

    def test_nothing_is_left_on_the_server(self, backed_up: Path) -> None:
        with connection.cursor() as cursor:
            # Only what comes of this database: tests beside this one make backups of theirs.
            cursor.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, left(current_database(), 40) || '_proof_')"
            )
            assert cursor.fetchall() == []

    def test_an_account_that_may_create_no_database_reads_the_dump_and_says_so(self, apart: Path) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE ROLE plain LOGIN PASSWORD 'plain'")
            cursor.execute("GRANT pg_read_all_data TO plain")
        told = connection.settings_dict
        earlier = told["USER"], told["PASSWORD"]
        try:
            connection.close()
            told["USER"], told["PASSWORD"] = "plain", "plain"
            said = run("backup", apart / "one.tar")
        finally:
            connection.close()
            told["USER"], told["PASSWORD"] = earlier
            with connection.cursor() as cursor:
                cursor.execute("DROP OWNED BY plain")
                cursor.execute("DROP ROLE plain")
        assert "may not create databases: the dump is read to its end, and not restored" in said
        assert "ALTER ROLE plain CREATEDB" in said

    def test_without_the_programs_it_says_what_to_install(self, apart: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("records.backup.postgresql.folders", lambda: iter([apart]))
        with pytest.raises(CommandError, match="postgresql-client-"):
            run("backup", apart / "one.tar")
        assert list(apart.iterdir()) == []
