"""The audit trail: every alteration is named, and each reader sees what is theirs to see."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Person
from records.audit.acts import act, note
from records.audit.triggers import follow
from records.history.audit_trail import TrailQuery, entries
from records.models import AuditEntry, Change, Team
from records.vocabulary import AuditKind
from tests.factories import make_name, make_person
from tests.signin import may, sign_in

PAGE = "/admin/records/auditentry/"

pytestmark = pytest.mark.django_db


def audit(*words: str) -> str:
    out = io.StringIO()
    call_command("audit", *words, stdout=out)
    return out.getvalue()


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def ann() -> User:
    return User.objects.create_user("ann")


@pytest.fixture
def five_acts(ann: User) -> list[AuditEntry]:
    """Five acts, each of which makes a person, and one entry that is no write."""
    for number in range(5):
        with act(ann, "page", f"reason {number}", may_open=True):
            make_person(f"Person {number}")
    note(AuditKind.EXPORT, who=ann, channel="page", resource="people")
    return list(AuditEntry.objects.filter(actor="ann").order_by("number"))


class TestWhatAudit:
    """What `audit verify` names."""

    def test_a_chain_that_nobody_touched_holds(self, five_acts: list[AuditEntry]) -> None:
        assert f"{AuditEntry.objects.count()} entries hold" in audit("verify")

    @pytest.mark.parametrize(
        ("column", "value"),
        [("actor", "eve"), ("at", "2020-01-01T00:00:00.000000Z"), ("subjects", ""), ("kind", "export"), ("act", "x")],
    )
    def test_an_altered_entry_is_named(self, five_acts: list[AuditEntry], column: str, value: str) -> None:
        sql(f"UPDATE records_auditentry SET {column} = %s WHERE number = %s", value, five_acts[2].number)
        with pytest.raises(CommandError, match=rf"entry {five_acts[2].number} was altered: its hash"):
            audit("verify")

    def test_an_altered_reason_is_named(self, five_acts: list[AuditEntry]) -> None:
        sql("UPDATE records_auditentry SET details = '{}' WHERE number = %s", five_acts[1].number)
        with pytest.raises(CommandError, match=rf"entry {five_acts[1].number} was altered: what it tells"):
            audit("verify")

    def test_an_altered_image_of_a_row_is_named(self, five_acts: list[AuditEntry]) -> None:
        change = Change.objects.filter(entry=five_acts[3].number, table="cases_person").get()
        sql("UPDATE records_change SET after = REPLACE(after, 'Person', 'Nobody') WHERE id = %s", change.pk)
        with pytest.raises(CommandError, match=rf"entry {five_acts[3].number} seals change {change.pk} .*was altered"):
            audit("verify")

    def test_an_image_that_was_emptied_without_its_salt_is_named(self, five_acts: list[AuditEntry]) -> None:
        change = Change.objects.filter(entry=five_acts[3].number).first()
        assert change is not None
        sql("UPDATE records_change SET after = '', digest = %s WHERE id = %s", "0" * 64, change.pk)
        with pytest.raises(CommandError, match=rf"entry {five_acts[3].number} seals"):
            audit("verify")

    def test_an_image_or_a_reason_that_was_emptied_without_an_expunge_is_named(
        self, five_acts: list[AuditEntry]
    ) -> None:
        sql("UPDATE records_change SET before = '', after = '', salt = '' WHERE entry = %s", five_acts[3].number)
        with pytest.raises(CommandError, match=rf"entry {five_acts[3].number} was emptied, and no expunge"):
            audit("verify")
        sql("UPDATE records_auditentry SET details = '', salt = '' WHERE number = %s", five_acts[1].number)
        with pytest.raises(CommandError, match=rf"entry {five_acts[1].number} was emptied, and no expunge"):
            audit("verify")

    def test_what_is_altered_together_with_its_salt_is_named(self, five_acts: list[AuditEntry]) -> None:
        sql("UPDATE records_auditentry SET details = '{}', salt = '' WHERE number = %s", five_acts[1].number)
        with pytest.raises(CommandError, match=rf"entry {five_acts[1].number} was altered: what it tells"):
            audit("verify")

    def test_a_change_that_was_taken_out_is_named(self, five_acts: list[AuditEntry]) -> None:
        sql("DELETE FROM records_change WHERE entry = %s", five_acts[3].number)
        with pytest.raises(CommandError, match=rf"entry {five_acts[3].number} seals changes that are missing"):
            audit("verify")

    def test_a_change_that_was_slipped_in_is_named(self, five_acts: list[AuditEntry]) -> None:
        sql("UPDATE records_change SET entry = %s WHERE entry = %s", five_acts[2].number, five_acts[3].number)
        with pytest.raises(CommandError, match=rf"entry {five_acts[2].number} seals changes"):
            audit("verify")

    def test_an_entry_that_was_taken_out_of_the_middle_is_named(self, five_acts: list[AuditEntry]) -> None:
        sql("DELETE FROM records_auditentry WHERE number = %s", five_acts[2].number)
        with pytest.raises(CommandError, match=rf"entry {five_acts[2].number} is missing"):
            audit("verify")

    def test_entries_that_were_numbered_anew_are_named(self, five_acts: list[AuditEntry]) -> None:
        sql("DELETE FROM records_auditentry WHERE number = %s", five_acts[2].number)
        for later in five_acts[3:]:
            sql("UPDATE records_auditentry SET number = number - 1 WHERE number = %s", later.number)
        with pytest.raises(CommandError, match=rf"entry {five_acts[2].number} was altered"):
            audit("verify")

    def test_an_end_that_was_cut_off_is_found_by_a_head_that_was_kept(
        self, five_acts: list[AuditEntry], tmp_path: Path
    ) -> None:
        anchor = tmp_path / "heads"
        audit("head", "--write", str(anchor))
        assert "entries hold" in audit("verify", "--anchor", str(anchor))
        sql("DELETE FROM records_auditentry WHERE number = %s", five_acts[-1].number)
        assert "entries hold" in audit("verify"), "without the head, nobody can tell"
        with pytest.raises(CommandError, match=rf"entry {five_acts[-1].number} is not the one that"):
            audit("verify", "--anchor", str(anchor))

    def test_an_end_with_sealed_changes_is_found_without_one(self, five_acts: list[AuditEntry]) -> None:
        sql("DELETE FROM records_auditentry WHERE number >= %s", five_acts[-2].number)
        with pytest.raises(CommandError, match=rf"entry {five_acts[-2].number} is missing: changes are sealed"):
            audit("verify")

    def test_a_trigger_that_was_dropped_is_named(self) -> None:
        on = "" if connection.vendor == "sqlite" else " ON cases_person"
        sql(f"DROP TRIGGER waymark_update_cases_person{on}")
        with pytest.raises(CommandError, match="trigger waymark_update_cases_person is missing"):
            audit("verify")

    def test_what_was_written_past_the_triggers_is_named(self, five_acts: list[AuditEntry]) -> None:
        person = Person.objects.order_by("pk")[0]
        on = "" if connection.vendor == "sqlite" else " ON cases_person"
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'waymark_update_cases_person'")
            else:
                cursor.execute(
                    "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'waymark_update_cases_person'"
                )
            (definition,) = cursor.fetchone()
            cursor.execute(f"DROP TRIGGER waymark_update_cases_person{on}")
            cursor.execute("UPDATE cases_person SET occupation = 'spy' WHERE id = %s", [person.pk])
            cursor.execute(definition)
        with pytest.raises(CommandError, match=rf"{person.ref}.*occupation was altered past the history"):
            audit("verify")

    def test_a_migration_lets_the_trail_follow_what_it_changes(self, five_acts: list[AuditEntry]) -> None:
        person = Person.objects.order_by("pk")[0]
        on = "" if connection.vendor == "sqlite" else " ON cases_person"
        sql(f"DROP TRIGGER waymark_update_cases_person{on}")  # as SQLite does with a table that it makes anew
        follow(connection, "cases.Person")
        sql("UPDATE cases_person SET occupation = 'teacher' WHERE id = %s", person.pk)
        assert "entries hold" in audit("verify")


class TestThePage:
    """Who sees what of the trail."""

    @pytest.fixture
    def auditor(self) -> User:
        user = User.objects.create_user("auditor", is_staff=True)
        return may(user, "read_audit", "read_partner", "read_team")

    def shown(self, user: User, **asked: Any) -> list[str]:
        return [
            " ".join([entry.kind, *entry.subjects, entry.why]).strip() for entry in entries(TrailQuery(**asked), user)
        ]

    def test_it_needs_the_right_to_read_the_trail(self) -> None:
        clerk = sign_in(Client(), may(User.objects.create_user("clerk", is_staff=True), "read_team", "view_person"))
        assert clerk.get(PAGE).status_code == 403

    def test_entries_about_what_is_hidden_leave_no_trace(self, auditor: User, ann: User) -> None:
        with act(ann, "page", "first", may_open=True):
            seen = make_person("Seen")
        before = self.shown(auditor, actor="ann")
        with act(ann, "page", "the word is Qzx", may_open=True):
            hidden = make_person("Hidden", level="restricted")
        note(AuditKind.RESTRICTED_READ, [hidden.ref], who=ann)
        assert self.shown(auditor, actor="ann") == before
        assert any(seen.ref in shown for shown in before)
        page = sign_in(Client(), auditor).get(PAGE, {"actor": "ann"}).content.decode()
        assert seen.ref in page
        assert hidden.ref not in page
        assert "Qzx" not in page

    def test_of_an_act_on_both_only_what_is_visible_is_told_and_no_reason(self, auditor: User, ann: User) -> None:
        with act(ann, "page", "the word is Qzx", may_open=True):
            seen, hidden = make_person("Seen"), make_person("Hidden", level="restricted")
        (shown,) = self.shown(auditor, actor="ann")
        assert seen.ref in shown
        assert hidden.ref not in shown
        assert "Qzx" not in shown

    def test_numbers_and_what_somebody_looked_for_stay_theirs(self, auditor: User, ann: User) -> None:
        note(AuditKind.EXPORT, who=ann, channel="page", resource="people", query="q=Qzx", rows=17)
        (entry,) = entries(TrailQuery(actor="ann"), auditor)
        assert entry.details == [("resource", "people")]
        note(AuditKind.EXPORT, who=auditor, channel="page", resource="people", query="q=Qzx", rows=17)
        (own,) = entries(TrailQuery(actor="auditor"), auditor)
        assert ("query", "q=Qzx") in own.details

    def test_it_is_asked_by_kind_person_and_day(self, auditor: User, ann: User) -> None:
        note(AuditKind.SIGN_IN, who=ann)
        note(AuditKind.SIGN_OUT, who=ann)
        client = sign_in(Client(), auditor)

        def rows(**asked: str) -> int:
            return client.get(PAGE, asked).content.decode().count("<time")

        today = AuditEntry.objects.latest("number").at[:10]
        assert rows(actor="ann") == rows(actor="ann", day=today) == 2
        assert rows(actor="ann", kind="sign_in") == 1
        assert rows(actor="nobody") == rows(actor="ann", day="2020-01-01") == 0
        for wrong in ({"kind": "x"}, {"day": "soon"}, {"before": "5"}, {"actor__startswith": "a"}, {"o": "1"}):
            page = client.get(PAGE, {"actor": "ann"} | wrong).content.decode()
            assert "<time" not in page
            assert "errornote" in page or "errorlist" in page or "before" in wrong

    def test_it_goes_on_from_page_to_page(self, auditor: User, ann: User) -> None:
        for _ in range(120):
            note(AuditKind.SIGN_IN, who=ann)
        client, address, sizes = sign_in(Client(), auditor), f"{PAGE}?actor=ann", []
        while address:
            response = client.get(address)
            sizes.append(len(response.context["entries"]))
            older = response.context["older"]
            address = f"{PAGE}?{older}" if older else ""
        assert sizes == [50, 50, 20]

    def test_no_entry_has_a_page_of_its_own(self, auditor: User, ann: User) -> None:
        note(AuditKind.SIGN_IN, who=ann)
        client, number = sign_in(Client(), auditor), AuditEntry.objects.latest("number").number
        for what in ("change/", "history/", "delete/"):
            assert client.get(f"{PAGE}{number}/{what}").status_code in (403, 404)
        assert client.get(f"{PAGE}add/").status_code == 403


class TestWhatIsNoted:
    """Exports, and rights that are given and taken."""

    def test_an_export_with_what_was_asked_and_how_much_it_was(self) -> None:
        make_person("Aybek Tursun")
        make_person("Idris Hasan")
        client = sign_in(Client(), User.objects.create_user("reader"))
        client.get("/people/export.csv?q=aybek+tursun")
        shown = json.loads(AuditEntry.objects.get(kind=AuditKind.EXPORT).details)
        assert shown == {"resource": "people", "query": "q=aybek tursun", "rows": 1}

    def test_strangers_take_what_is_public_without_a_note(self, client: Client) -> None:
        client.get("/people/export.csv")
        assert not AuditEntry.objects.filter(kind=AuditKind.EXPORT).exists()

    def rights(self) -> list[dict[str, Any]]:
        found = AuditEntry.objects.filter(kind=AuditKind.ROLE).order_by("number")
        return [json.loads(shown) for shown in found.values_list("details", flat=True)]

    def test_rights_are_told_in_words_whatever_path_gave_them(self, ann: User) -> None:
        reviewer, team = Group.objects.create(name="reviewer"), Team.objects.create(name="North")
        right = Permission.objects.get(codename="break_glass")
        with act("test", "command"):
            pass
        before = len(self.rights())
        with act("test", "command", "promoted"):
            ann.groups.add(reviewer)
            team.members.add(ann)
            reviewer.permissions.add(right)
            User.objects.filter(pk=ann.pk).update(is_staff=True)
        with act("test", "command"):
            ann.groups.clear()
            ann.user_permissions.set([right])
        assert self.rights()[before:] == [
            {
                "given": [
                    "ann: group reviewer",
                    "ann: team North",
                    "group reviewer: permission break_glass",
                    "ann: is_staff",
                ],
                "why": "promoted",
            },
            {"taken": ["ann: group reviewer"], "given": ["ann: permission break_glass"]},
        ]

    def test_many_rights_take_as_many_queries_as_few(self, ann: User) -> None:
        with act("test", "command"):
            pass
        asked = []
        for rights in (Permission.objects.all()[:2], Permission.objects.all()[2:80]):
            with CaptureQueriesContext(connection) as queries, act("test", "command"):
                ann.user_permissions.add(*rights)
            asked.append(len([query for query in queries if query["sql"].startswith("SELECT")]))
        assert asked[0] == asked[1]

    def test_a_new_name_changes_no_rights(self, ann: User) -> None:
        with act("test", "command"):
            pass
        before = len(self.rights())
        with act("test", "command"):
            ann.first_name = "Ann"
            ann.save()
            make_name(make_person(level="team", review="draft"), level="team")
        assert len(self.rights()) == before
