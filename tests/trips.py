"""Throwaway models with uncertain dates, in tables of their own, for the tests of the date field."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from records.fields.edtf import UncertainDate
from records.fields.uncertain_date import DatedModel, DatedQuerySet, UncertainDateField, ends_not_before_starts
from tests.test_edtf import dates

with isolate_apps("sources"):

    class Dated(DatedModel):
        """What every trip has; abstract, so its date must arrive once in each heir."""

        noted = UncertainDateField()

        class Meta:
            abstract = True
            app_label = "sources"

    class Trip(Dated):
        name = models.CharField(max_length=20, unique=True)
        start = UncertainDateField(help_text="When it began.")
        end = UncertainDateField()

        objects = DatedQuerySet.as_manager()

        class Meta:
            app_label = "sources"
            constraints = [ends_not_before_starts("start", "end", "trip_ends_not_before_it_starts")]

    class Pilgrimage(Trip):
        """A kind of trip, in a table of its own."""

        left = UncertainDateField()

        class Meta:
            app_label = "sources"


PARTS = ["start_earliest", "start_latest", "start_precision"]
UNKNOWN = (None, None, "unknown")
MARCH = (date(2018, 3, 1), date(2018, 3, 31), "month")


# A hypothesis test runs many examples in one test's transaction, so each begins by emptying the table.
many_examples_in_one_transaction = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
maybe_dates = st.none() | dates


def tables(blocker: Any) -> Iterator[None]:
    """Make the tables and drop them afterwards; a fixture yields from this."""
    with blocker.unblock(), connection.schema_editor() as editor:
        editor.create_model(Trip)
        editor.create_model(Pilgrimage)
    yield
    with blocker.unblock(), connection.schema_editor() as editor:
        editor.delete_model(Pilgrimage)
        editor.delete_model(Trip)


def stored(name: str = "trip") -> tuple:
    """The bounds of a start as the database has them."""
    return Trip.objects.values_list(*PARTS).get(name=name)


def held(trip: Trip) -> tuple:
    """The bounds of a start as the instance has them."""
    return tuple(getattr(trip, part) for part in PARTS)


def expected(value: UncertainDate | None) -> tuple:
    return (value.earliest, value.latest, value.precision.value) if value else UNKNOWN
