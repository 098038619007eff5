"""The date field: text and bounds agree, whatever wrote them."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, models, transaction
from django.db.migrations import Migration
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.writer import MigrationWriter
from django.db.models import F, Value
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from records.fields.edtf import UncertainDate
from records.fields.uncertain_date import DatedModel, DatedQuerySet, UncertainDateField
from tests.trips import (
    MARCH,
    PARTS,
    UNKNOWN,
    Dated,
    Pilgrimage,
    Trip,
    expected,
    held,
    many_examples_in_one_transaction,
    maybe_dates,
    stored,
    tables,
)


@pytest.fixture(scope="module")
def trip_tables(django_db_setup, django_db_blocker):
    yield from tables(django_db_blocker)


@pytest.fixture
def trips(trip_tables, db):
    return Trip.objects


# On an instance


def test_text_becomes_a_date_as_soon_as_it_is_assigned():
    trip = Trip(start="2018")
    assert trip.start == UncertainDate.parse("2018")
    trip.start = " 2018-03 "
    assert trip.start == UncertainDate("2018-03")
    assert held(trip) == MARCH


def test_an_unknown_date_is_none_and_has_no_bounds(trips):
    for unknown in (None, "", "  "):
        trip = Trip(start=unknown)
        assert trip.start is None
        assert held(trip) == UNKNOWN
        trip.full_clean(exclude=["name"])
        assert trip.start is None
    assert held(Trip()) == UNKNOWN


def test_a_day_of_the_calendar_is_taken_but_a_clock_time_or_a_number_is_not(trips):
    assert Trip(start=date(2018, 3, 5)).start == UncertainDate("2018-03-05")
    for wrong in (datetime(2018, 3, 5, tzinfo=UTC), 2018, ["2018"]):
        with pytest.raises(ValidationError):
            Trip(name="trip", start=wrong).full_clean()


def test_text_that_is_no_date_waits_for_the_check_and_names_its_field(trips):
    trip = Trip(name="trip", start="2018-02-30", end="2018")
    assert str(trip.start) == "2018-02-30"
    assert held(trip) == UNKNOWN
    with pytest.raises(ValidationError) as refusal:
        trip.full_clean()
    assert list(refusal.value.message_dict) == ["start"]
    assert "February 2018 has 28 days" in refusal.value.message_dict["start"][0]


def test_a_required_date_may_not_be_unknown():
    field = UncertainDateField(blank=False)
    with pytest.raises(ValidationError) as refusal:
        field.clean(None, None)
    assert refusal.value.code == "blank"
    assert field.clean("2018", None) == UncertainDate.parse("2018")
    assert field.clone().blank is False


def test_the_bounds_of_a_loaded_date_cannot_be_set_apart_from_it():
    trip = Trip(start="2018-03", start_earliest=date(1999, 1, 1))
    for part, value in zip(PARTS, (date(1999, 1, 1), None, "day"), strict=True):
        setattr(trip, part, value)
    assert held(trip) == MARCH


def test_a_date_is_written_as_its_text_in_fixtures():
    field = Trip._meta.get_field("start")
    assert field.value_to_string(Trip(start="2018~")) == "2018~"
    assert field.value_to_string(Trip()) == ""


# In the database


def test_a_saved_date_comes_back_with_its_bounds(trips):
    trips.create(name="trip", start="2018-03", noted="2019~", end="")
    trip = trips.get()
    assert (trip.start, trip.noted, trip.end) == (UncertainDate("2018-03"), UncertainDate("2019~"), None)
    assert held(trip) == stored() == MARCH
    assert list(trips.values_list("start", "end")) == [(UncertainDate("2018-03"), None)]


def test_saving_text_that_is_no_date_is_refused(trips):
    trip = trips.create(name="trip", start="2018")
    trip.start = "soon"
    for write in (
        trip.save,
        lambda: trips.create(name="new", start="soon"),
        lambda: trips.bulk_create([Trip(name="new", start="soon")]),
        lambda: trips.bulk_update([trip], ["start"]),
        lambda: trips.update(start="soon"),
    ):
        with pytest.raises(ValidationError, match="'soon' is not a date"), transaction.atomic():
            write()
    assert trips.get().start.text == "2018"


def test_saving_only_the_date_saves_its_bounds(trips):
    trip = trips.create(name="trip", start="2017")
    trip.start = "2018-03"
    trip.save(update_fields=["start"])
    assert stored() == MARCH
    trip.start = "2017"
    trip.save(update_fields=["start_earliest"])
    assert (trips.get().start.text, stored()) == ("2017", expected(trip.start))
    trip.start = "2018-03"
    trip.save(update_fields=["name"])
    assert (trips.get().start.text, stored()) == ("2017", expected(UncertainDate("2017")))


def test_a_date_assigned_before_it_was_loaded_is_saved_with_its_bounds(trips):
    trips.create(name="trip", start="2017")
    trip = trips.only("name").get()
    trip.start = "2018-03"
    trip.save()
    assert stored() == MARCH


def test_bounds_can_be_loaded_without_the_date_but_not_saved_against_it(trips):
    trips.create(name="trip", start="2018-03")
    trip = trips.only("start_earliest").get()
    assert trip.start_earliest == date(2018, 3, 1)
    trip.start_earliest = date(1999, 1, 1)
    trip.save()
    assert stored() == MARCH
    assert trips.defer("start_latest").get().start_latest == date(2018, 3, 31)


def test_updating_a_queryset_updates_the_bounds(trips):
    trips.create(name="trip")
    assert trips.update(start="2018-03", name="changed") == 1
    assert stored("changed") == MARCH
    trips.update(start=date(2018, 3, 5))
    assert stored("changed") == expected(UncertainDate("2018-03-05"))
    trips.update(start=None)
    assert (trips.get().start, stored("changed")) == (None, UNKNOWN)
    trips.update(name="trip")
    assert stored() == UNKNOWN


def test_an_update_that_would_part_a_date_from_its_bounds_is_refused(trips):
    trips.create(name="trip", start="2018-03")
    for values in ({"start": F("end")}, {"start": Value("2019")}, {"start_latest": None}, {"start_precision": "day"}):
        with pytest.raises(FieldError):
            trips.update(**values)
    assert stored() == MARCH


def test_updating_in_bulk_updates_the_bounds(trips):
    trips.bulk_create([Trip(name="trip", start="2017"), Trip(name="other", start="2016")])
    changed = list(trips.all())
    for trip in changed:
        trip.start = "2018-03"
    assert trips.bulk_update(changed, ["start"]) == 2
    assert stored("trip") == stored("other") == MARCH


def test_update_or_create_and_an_upsert_write_the_bounds(trips):
    trips.create(name="trip", start="2017")
    trips.update_or_create(name="trip", defaults={"start": "2018-03"})
    assert stored() == MARCH
    trips.bulk_create(
        [Trip(name="trip", start="2017")], update_conflicts=True, update_fields=["start"], unique_fields=["name"]
    )
    assert (trips.get().start.text, stored()) == ("2017", expected(UncertainDate("2017")))


def test_a_model_in_two_tables_keeps_its_inherited_and_its_own_dates(trips):
    Pilgrimage.objects.create(name="trip", start="2018-03", left="2018-03-05")
    pilgrimage = Pilgrimage.objects.get()
    pilgrimage.left, pilgrimage.start = "2019", "2018"
    pilgrimage.save(update_fields=["left", "start"])
    assert Pilgrimage.objects.get().left_latest == date(2019, 12, 31)
    Pilgrimage.objects.update(start="2018-03")
    assert stored() == MARCH


@many_examples_in_one_transaction
@given(values=st.lists(maybe_dates, min_size=1, max_size=5), changed=maybe_dates)
def test_whatever_is_written_text_and_bounds_agree(trips, values, changed):
    Trip.objects.all().delete()
    trips.bulk_create([Trip(name=str(number), start=value) for number, value in enumerate(values)])
    Trip(name="saved", start=changed).save()
    trips.filter(name="0").update(start=changed)
    for trip in trips.all():
        bounds = trips.values_list(*PARTS).get(pk=trip.pk)
        assert bounds == held(trip) == expected(trip.start)
        assert trip.start == (changed if trip.name in ("0", "saved") else values[int(trip.name)])


# As part of a model


def test_a_date_brings_its_three_columns_once_into_each_table():
    assert [field.name for field in Dated._meta.local_fields] == ["noted"]
    for model, names in ((Trip, ["noted", "start", "end"]), (Pilgrimage, ["left"])):
        columns = [field.name for field in model._meta.local_fields]
        wanted = [f"{name}{part}" for name in names for part in ("", "_earliest", "_latest", "_precision")]
        assert sorted(set(columns) - {"id", "name", "trip_ptr"}) == sorted(wanted)
        assert len(columns) == len(set(columns))


def test_a_model_that_could_part_its_dates_from_their_bounds_fails_the_check():
    with isolate_apps("sources"):

        class Careless(models.Model):
            start = UncertainDateField()

            class Meta:
                app_label = "sources"

            def __str__(self) -> str:
                return ""

        class HalfCareless(DatedModel):
            start = UncertainDateField()
            objects = models.Manager()

            class Meta:
                app_label = "sources"

        class OtherwiseCareless(models.Model):
            start = UncertainDateField()
            objects = DatedQuerySet.as_manager()

            class Meta:
                app_label = "sources"

            def __str__(self) -> str:
                return ""

        for model in (Careless, HalfCareless, OtherwiseCareless):
            assert [error.id for error in model.check()] == ["records.E001"]
        assert Trip.check() == Pilgrimage.check() == []


def changes(before: ProjectState, model: type[models.Model]) -> list:
    """The operations that would make a migration from a state to a model."""
    after = ProjectState({("sources", model.__name__.lower()): ModelState.from_model(model)})
    found = MigrationAutodetector(before, after)._detect_changes()  # type: ignore[attr-defined]
    return [operation for migration in found.get("sources", []) for operation in migration.operations]


def test_migrations_name_every_column_and_nothing_changes_twice():
    operations = changes(ProjectState(), Trip)
    migration = type("Migration", (Migration,), {"operations": operations, "initial": True})("0001_trip", "sources")
    namespace: dict = {}
    exec(MigrationWriter(migration).as_string(), namespace)
    state = ProjectState()
    for operation in namespace["Migration"].operations:
        operation.state_forwards("sources", state)
    assert changes(state.clone(), Trip) == []
    historical = state.apps.get_model("sources", "Trip")
    assert [field.name for field in historical._meta.fields] == [field.name for field in Trip._meta.fields]


def test_a_date_can_be_added_to_a_table_with_rows_and_filled_by_a_data_migration(django_db_blocker, trip_tables):
    key = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
    old = ModelState("sources", "Stay", [("id", key)])
    state = ProjectState({("sources", "stay"): old})
    with isolate_apps("sources"):

        class Stay(DatedModel):
            day = UncertainDateField()
            objects = DatedQuerySet.as_manager()

            class Meta:
                app_label = "sources"

    operations = changes(state.clone(), Stay)
    assert len(operations) == 4
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(state.apps.get_model("sources", "Stay"))
        state.apps.get_model("sources", "Stay").objects.create()
        for operation in operations:
            before = state.clone()
            operation.state_forwards("sources", state)
            with connection.schema_editor() as editor:
                operation.database_forwards("sources", editor, before, state)
        historical = state.apps.get_model("sources", "Stay")
        row = historical.objects.get()
        assert (row.day, row.day_precision) == (None, "unknown")
        row.day = "2018-03"
        row.save()
        assert Stay.objects.values_list(*[part.replace("start", "day") for part in PARTS]).get() == MARCH
        with connection.schema_editor() as editor:
            editor.delete_model(historical)


def test_a_table_can_be_rebuilt_around_its_dates(django_db_blocker, trip_tables):
    """SQLite alters a column by copying the model's fields into a new one."""
    longer = models.CharField(max_length=30, unique=True)
    longer.set_attributes_from_name("name")
    longer.model = Trip
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        editor.alter_field(Trip, Trip._meta.get_field("name"), longer, strict=True)
        columns = [
            column.name
            for column in connection.introspection.get_table_description(
                editor.connection.cursor(), Trip._meta.db_table
            )
        ]
    assert set(columns) == {field.column for field in Trip._meta.local_fields}
    assert len(columns) == len(set(columns))
