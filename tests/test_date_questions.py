"""Questions about uncertain dates: the database answers as Python does, and a period cannot end before it starts."""

from datetime import date

import pytest
from django import forms
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from records.fields.edtf import UncertainDate
from records.fields.uncertain_date import (
    Certainty,
    UncertainDateField,
    ended_by,
    in_order,
    since,
    started_by,
    until,
)
from tests.test_edtf import days
from tests.trips import Trip, many_examples_in_one_transaction, maybe_dates, tables


class TripForm(forms.ModelForm):
    class Meta:
        model = Trip
        fields = ["name", "start", "end"]


@pytest.fixture(scope="module")
def trip_tables(django_db_setup, django_db_blocker):
    yield from tables(django_db_blocker)


@pytest.fixture
def trips(trip_tables, db):
    return Trip.objects


# Questions


def test_a_date_is_found_by_its_text_and_an_unknown_one_by_none(trips):
    trips.bulk_create([Trip(name="known", start="2018-03"), Trip(name="unknown")])

    def found(**lookups) -> list[str]:
        return sorted(trips.filter(**lookups).values_list("name", flat=True))

    assert found(start="2018-03") == found(start=UncertainDate("2018-03")) == found(start__in=["2018-03"]) == ["known"]
    assert found(start__startswith="2018") == ["known"]
    assert found(start=None) == found(start="") == ["unknown"]


@pytest.mark.parametrize("lookup", ["gt", "gte", "lt", "lte", "range"])
def test_the_text_of_dates_cannot_be_compared(lookup):
    with pytest.raises(FieldError, match="would compare text"):
        Trip.objects.filter(**{f"start__{lookup}": "2018"})


@many_examples_in_one_transaction
@given(values=st.lists(maybe_dates, min_size=1, max_size=10), day=days)
def test_the_database_answers_about_a_day_as_python_does(trips, values, day):
    Trip.objects.all().delete()
    trips.bulk_create([Trip(name=str(number), start=value) for number, value in enumerate(values)])

    def agrees(question: Q, answer) -> None:
        found = set(trips.filter(question).values_list("name", flat=True))
        assert found == {str(number) for number, value in enumerate(values) if answer(value)}

    possible, certain = Certainty.POSSIBLE, Certainty.CERTAIN
    agrees(since("start", day), lambda value: value and value.possibly_overlaps(day, None))
    agrees(since("start", day, certain), lambda value: value and value.certainly_within(day, None))
    for by in (until, started_by):
        agrees(by("start", day, possible), lambda value: value and value.possibly_overlaps(None, day))
        agrees(by("start", day, certain), lambda value: value and value.certainly_within(None, day))
    agrees(ended_by("start", day), lambda value: not value or value.possibly_overlaps(None, day))
    agrees(ended_by("start", day, certain), lambda value: value and value.certainly_within(None, day))


@many_examples_in_one_transaction
@given(values=st.lists(maybe_dates, min_size=1, max_size=10), start=days, end=days)
def test_the_database_answers_about_a_period_as_python_does(trips, values, start, end):
    start, end = sorted([start, end])
    Trip.objects.all().delete()
    trips.bulk_create([Trip(name=str(number), start=value) for number, value in enumerate(values)])
    for certainty, answer in (("possible", "possibly_overlaps"), ("certain", "certainly_within")):
        found = trips.filter(since("start", start, certainty), until("start", end, certainty))
        assert set(found.values_list("name", flat=True)) == {
            str(number) for number, value in enumerate(values) if value and getattr(value, answer)(start, end)
        }


def test_a_certainty_that_does_not_exist_is_refused():
    for question in (since, until, started_by, ended_by):
        with pytest.raises(ValueError, match="likely"):
            question("start", date(2018, 1, 1), "likely")


def test_dates_stand_in_order_with_the_vaguer_after_the_exact_and_the_undated_first(trips):
    ordered = [None, "../2017-12", "2018-01-01", "2018-01", "2018", "2018/2019", "2018/..", "2018-01-02", "2019-01-01"]
    trips.bulk_create([Trip(name=str(number), start=text) for number, text in reversed(list(enumerate(ordered)))])
    assert [trip.start and trip.start.text for trip in trips.order_by(*in_order("start"))] == ordered
    assert [trip.start and trip.start.text for trip in trips.order_by(*in_order("start")).reverse()] == ordered[::-1]


# A period


CERTAINLY_REVERSED = [("2018", "2017"), ("2018-03-05", "2018-03-04"), ("2018/..", "2017-12"), ("2018", "../2017")]
PERHAPS_IN_ORDER = [
    ("2018", "2018-01-01"),
    ("2018~", "2017"),
    ("2018", ""),
    ("", "2017"),
    ("../2018", "2017"),
    ("2018", "2017/.."),
]


@pytest.mark.parametrize(("start", "end"), CERTAINLY_REVERSED)
def test_an_end_that_certainly_lies_before_the_start_is_refused(trips, start, end):
    with pytest.raises(ValidationError, match="cannot be before"):
        Trip(name="trip", start=start, end=end).full_clean()
    with pytest.raises(IntegrityError, match="trip_ends_not_before_it_starts"), transaction.atomic():
        trips.create(name="trip", start=start, end=end)


@pytest.mark.parametrize(("start", "end"), PERHAPS_IN_ORDER)
def test_an_end_that_may_lie_after_the_start_is_accepted(trips, start, end):
    trip = Trip(name="trip", start=start, end=end)
    trip.full_clean()
    trip.save()


# In a form


def test_a_form_reads_a_date_and_shows_its_text_again(trips):
    form = TripForm({"name": "trip", "start": " 2018-03 ", "end": ""})
    trip = form.save()
    assert (trip.start.text, trip.end) == ("2018-03", None)
    shown = TripForm(instance=Trip.objects.get())
    assert 'value="2018-03"' in str(shown["start"])
    assert 'placeholder="2018-10-31, 2021-07, 2018, 2018~"' in str(shown["start"])
    assert 'maxlength="40"' in str(shown["start"])
    assert "value=" not in str(shown["end"])
    assert shown.fields["start"].help_text == "When it began."
    assert shown.fields["end"].help_text.startswith("Write 2018-10-31 (a day)")


def test_a_form_says_what_is_wrong_with_a_date(trips):
    for text, reason in {
        "2018-13": "no such month",
        "1" * 1000: "longer than 40 characters",
        "20\x0018": "not a date",
    }.items():
        form = TripForm({"name": "trip", "start": text})
        assert list(form.errors) == ["start"]
        assert reason in form.errors["start"][0]
        assert repr(text)[:20] in form.errors["start"][0]


def test_a_form_refuses_an_end_before_the_start_even_if_it_asks_for_only_one(trips):
    form = TripForm({"name": "trip", "start": "2018", "end": "2017"})
    assert "cannot be before" in form.errors["__all__"][0]
    trip = trips.create(name="trip", start="2018")
    only_end = forms.modelform_factory(Trip, fields=["end"])
    assert "cannot be before" in only_end({"end": "2017"}, instance=trip).errors["__all__"][0]


def test_a_form_knows_whether_a_date_was_changed():
    initial = {"name": "trip", "start": UncertainDate("2018"), "end": None}
    assert not TripForm({"name": "trip", "start": "2018", "end": ""}, initial=initial).has_changed()
    assert TripForm({"name": "trip", "start": "2018~", "end": ""}, initial=initial).changed_data == ["start"]


def test_a_required_date_must_be_filled_in():
    field = UncertainDateField(blank=False).formfield()
    with pytest.raises(ValidationError) as refusal:
        field.clean("")
    assert refusal.value.code == "required"
