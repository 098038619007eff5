"""Every write is written down, whatever path it takes, and each act is one link of the chain."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection, transaction

from cases.models import Incident, Person, PersonName, Stage
from records.audit.acts import act, note
from records.audit.chain import verify
from records.audit.row_integrity import strays
from records.audit.triggers import columns, missing, tracked
from records.current_act import NeedsSecondPerson
from records.models import AuditEntry, Change, StaleVersion
from tests.factories import make_incident, make_involvement, make_name, make_person, make_stage

pytestmark = pytest.mark.django_db
DRAFT = {"level": "team", "review": "draft"}


@pytest.fixture
def ayla() -> User:
    return User.objects.create_user("ayla")


def changes(**chosen: Any) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """What was written down: the operation, and the columns that differ before and after."""
    told = []
    for change in Change.objects.filter(**chosen):
        before, after = json.loads(change.before or "{}"), json.loads(change.after or "{}")
        differing = {name for name in {**before, **after} if before.get(name) != after.get(name)}
        told.append(
            (
                change.operation,
                {name: before[name] for name in before if name in differing},
                {name: after[name] for name in after if name in differing},
            )
        )
    return told


class TestEveryWriteIsWrittenDown:
    def test_saving_a_record(self):
        person = make_person(occupation="baker")
        person.occupation = "teacher"
        person.save()
        assert changes(ref=person.ref)[1:] == [("update", {"occupation": "baker"}, {"occupation": "teacher"})]

    def test_writing_many_rows_at_once(self):
        people = [make_person(str(number), occupation="baker") for number in range(3)]
        Person.objects.filter(pk__in=[person.pk for person in people]).update(occupation="teacher")
        for person in people:
            person.refresh_from_db()
            person.sex = "female"
        Person.objects.bulk_update(people, ["sex"])
        for person in people:
            assert [after for _, _, after in changes(ref=person.ref)][1:] == [
                {"occupation": "teacher"},
                {"sex": "female"},
            ]
        names = PersonName.objects.bulk_create(PersonName(person=people[0], text=text) for text in ("A", "B"))
        assert [operation for operation, _, _ in changes(ref__in=[name.ref for name in names])] == ["insert"] * 2

    def test_statements_that_go_round_the_models(self):
        person = make_person(occupation="baker")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE cases_person SET occupation = 'spy' WHERE id = %s", [person.pk])
        assert changes(ref=person.ref)[1:] == [("update", {"occupation": "baker"}, {"occupation": "spy"})]

    def test_lists_of_readers(self, ayla):
        person = make_person()
        person.readers.set([ayla])
        person.readers.clear()
        told = Change.objects.filter(table="cases_person_readers", part_of=f"cases_person:{person.pk}")
        assert [change.operation for change in told] == ["insert", "delete"]

    def test_rights(self, ayla):
        group = Group.objects.create(name="night shift")
        ayla.groups.add(group)
        group.permissions.add(Permission.objects.get(codename="read_team"))
        ayla.is_staff = True
        ayla.save()
        tables = Change.objects.order_by("pk").values_list("table", flat=True)
        assert list(tables)[-4:] == ["auth_group", "auth_user_groups", "auth_group_permissions", "auth_user"]

    def test_a_password_is_never_written_down(self, ayla):
        ayla.set_password("correct horse battery")
        ayla.save()
        images = Change.objects.filter(table="auth_user").values_list("before", "after")
        assert "password" not in str(list(images))

    def test_removing_what_belongs_to_a_record_names_the_record(self):
        incident = make_incident()
        stage = make_stage(make_involvement(incident, make_person()))
        ref = stage.ref
        Stage.objects.filter(pk=stage.pk).delete()
        [removed] = Change.objects.filter(ref=ref, operation="delete")
        assert removed.part_of == f"cases_incident:{incident.pk}" and json.loads(removed.before)["kind"] == "detention"

    def test_a_write_that_changes_nothing_is_no_change(self):
        person = make_person()
        written = Change.objects.filter(ref=person.ref).count()
        person.save()
        assert Change.objects.filter(ref=person.ref).count() == written

    def test_every_table_of_the_project_has_its_triggers(self):
        assert missing(connection) == []
        tables = {model._meta.db_table for model in tracked()}
        assert {"cases_person_categories", "records_team_members", "auth_user_user_permissions"} <= tables
        assert "folded" not in columns(Person) and "start_earliest" not in columns(Incident)


class TestWritingPastTheHistory:
    """With the triggers out of the way, as somebody with the database's password could."""

    def past(self, statement: str, *values: Any) -> list[str]:
        with connection.cursor() as cursor:
            on = ' ON "cases_person"' if connection.vendor == "postgresql" else ""
            for operation in ("insert", "update", "delete"):
                cursor.execute(f'DROP TRIGGER "waymark_{operation}_cases_person"{on}')
            cursor.execute(statement, values)
        return list(strays(connection))

    def test_shows_in_the_row(self):
        person = make_person(occupation="baker")
        found = self.past("UPDATE cases_person SET occupation = 'spy' WHERE id = %s", person.pk)
        assert found == [f"{person.ref}: occupation was altered past the history"]

    def test_shows_in_what_is_gone(self):
        person = make_person()
        person.names.all().delete()
        found = self.past("DELETE FROM cases_person WHERE id = %s", person.pk)
        assert found == [f"{person.ref}: was removed past the history"]

    def test_ordinary_writes_show_nothing(self):
        person = make_person()
        Person.objects.filter(pk=person.pk).update(occupation="spy")
        make_person().names.all().delete()
        assert list(strays(connection)) == []


class TestAnAct:
    def test_is_one_entry_that_says_who_and_why(self, ayla):
        person = make_person(**DRAFT)
        with act(ayla, "admin", "as she asked"):
            person.occupation = "teacher"
            person.save()
            make_name(person, "Gul", level="team")
        entry = AuditEntry.objects.latest("number")
        assert (entry.actor, entry.channel, entry.kind) == ("ayla", "admin", "write")
        assert json.loads(entry.details) == {"changes": 2, "why": "as she asked"}
        assert entry.subjects.split()[0] == person.ref
        assert set(Change.objects.filter(entry=entry.number).values_list("act", flat=True)) == {entry.act}

    def test_that_fails_leaves_nothing(self, ayla):
        person = make_person(**DRAFT)
        before = Change.objects.count(), AuditEntry.objects.count()
        with pytest.raises(RuntimeError), act(ayla, "admin"):
            person.occupation = "teacher"
            person.save()
            note("export", [person.ref])
            raise RuntimeError
        person.refresh_from_db()
        assert (person.occupation, Change.objects.count(), AuditEntry.objects.count()) == ("", *before)

    def test_inside_another_joins_it(self, ayla):
        with act(ayla, "admin"):
            note("sign_in")
            with act("load_seeds", "command"):
                note("export")
        assert set(AuditEntry.objects.exclude(kind__in=("begun", "outside")).values_list("actor", flat=True)) == {
            "ayla"
        }
        assert len(set(AuditEntry.objects.exclude(kind__in=("begun", "outside")).values_list("act", flat=True))) == 1

    def test_a_note_made_on_commit_is_an_entry_of_its_own(self, ayla, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True), act(ayla, "admin"):
            transaction.on_commit(lambda: note("factor", who=ayla))
        assert list(AuditEntry.objects.exclude(kind__in=("begun", "outside")).values_list("kind", "actor")) == [
            ("factor", "ayla")
        ]

    def test_what_was_written_without_one_is_sealed_as_coming_from_outside(self, ayla):
        person = make_person()
        with act(ayla, "page"):
            note("export")
        outside, export = AuditEntry.objects.exclude(kind="begun").order_by("number")
        assert [(each.kind, each.actor) for each in (outside, export)] == [("outside", ""), ("export", "ayla")]
        assert Change.objects.get(ref=person.ref).entry == outside.number
        assert verify() is None

    def test_without_writes_and_notes_is_no_entry(self, ayla):
        with act(ayla, "page"):
            pass
        assert not AuditEntry.objects.exclude(kind__in=("begun", "outside")).exists()

    def test_entries_and_changes_are_never_changed_by_the_application(self):
        for model in (AuditEntry, Change):
            with pytest.raises(TypeError):
                model.objects.update(act="")
            with pytest.raises(TypeError):
                model.objects.all().delete()


class TestWhatOpensARecordNeedsASecondPerson:
    """Within an act by somebody; surfaces keep such writes as proposals instead (see test_review.py)."""

    @pytest.fixture
    def draft(self):
        return make_person("Draft", **DRAFT)

    def refuses(self, who: Any, write: Any) -> bool:
        before = Change.objects.count()
        try:
            with act(who, "api"):
                write()
        except NeedsSecondPerson:
            assert Change.objects.count() == before
            return True
        return False

    def test_publishing(self, ayla, draft):
        draft.review = "published"
        assert self.refuses(ayla, draft.save)
        assert self.refuses(ayla, lambda: Person.objects.filter(pk=draft.pk).update(review="published"))
        assert self.refuses(ayla, lambda: Person.objects.bulk_update([draft], ["review"]))

    def test_lowering_a_level(self, ayla):
        person = make_person(level="restricted", review="draft")
        name = person.names.get()
        for row, manager in ((person, Person.objects), (name, PersonName.objects)):
            row.level = "team"
            assert self.refuses(ayla, row.save)
            assert self.refuses(ayla, lambda row=row, manager=manager: manager.filter(pk=row.pk).update(level="team"))

    def test_changing_and_adding_what_others_can_read(self, ayla):
        person = make_person()
        name = person.names.get()
        name.text = "Another"
        assert self.refuses(ayla, name.save)
        assert self.refuses(ayla, lambda: make_name(person, "New"))
        assert self.refuses(ayla, lambda: PersonName.objects.bulk_create([PersonName(person=person, level="public")]))
        assert self.refuses(ayla, lambda: PersonName.objects.filter(person=person).update(text="Another"))

    def test_a_new_record_that_is_public_at_once(self, ayla):
        assert self.refuses(ayla, make_person)

    def test_work_inside_the_team_does_not(self, ayla, draft):
        draft.occupation = "baker"
        assert not self.refuses(ayla, draft.save)
        assert not self.refuses(ayla, lambda: make_name(make_person(**DRAFT), "N", level="public"))
        public = Person.objects.get(pk=draft.pk)
        assert not self.refuses(ayla, lambda: make_name(public, "For the team", level="team"))

    def test_taking_back_does_not(self, ayla):
        person = make_person()
        name = person.names.get()
        name.level = "team"
        assert not self.refuses(ayla, name.save)
        person.review = "withdrawn"
        assert not self.refuses(ayla, person.save)
        another = make_person()
        assert not self.refuses(ayla, lambda: Person.objects.filter(pk=another.pk).update(level="restricted"))


class TestTwoEditors:
    def test_the_second_one_is_refused(self):
        person = make_person()
        first, second = Person.objects.get(pk=person.pk), Person.objects.get(pk=person.pk)
        first.occupation = "baker"
        first.save()
        second.occupation = "spy"
        with pytest.raises(StaleVersion, match=person.ref), transaction.atomic():
            second.save()
        person.refresh_from_db()
        assert (person.occupation, person.version) == ("baker", 2)

    def test_an_editor_can_save_twice_in_a_row(self):
        person = make_person()
        person.save()
        person.save()
        assert Person.objects.get(pk=person.pk).version == person.version == 3

    def test_a_bulk_write_counts_too(self):
        person = make_person()
        Person.objects.update(occupation="baker")
        with pytest.raises(StaleVersion), transaction.atomic():
            person.save()
        fresh = Person.objects.get(pk=person.pk)
        Person.objects.bulk_update([fresh], ["label"])
        assert Person.objects.get(pk=person.pk).version == fresh.version == 3
