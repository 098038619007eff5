"""Carrying out an approved proposal."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models

from records.models import Proposal, Record, ReviewedRecord
from records.review.errors import ChangedMeanwhile, ReviewRefused
from records.review.one_person import mark, shown_with
from records.review.row_values import assign, fields_of, find, row_values
from records.review.visibility import RowChangeData, model_of, row_changes_of
from records.vocabulary import Operation, Review

NO_LONGER = {Operation.INSERT: "is there already", Operation.DELETE: "is gone", Operation.UPDATE: "is gone"}


def carry_out(proposal: Proposal, user: Any) -> None:
    """Write every row as it was proposed.

    Raises ChangedMeanwhile where a row changed since, ReviewRefused where a rule says so.
    """
    row_changes = row_changes_of(proposal)
    if moved := [words for row_change in row_changes for words in _moved(row_change)]:
        raise ChangedMeanwhile(*moved)
    lacked = _lacking(proposal.about, user)
    refs = [row_change["ref"] for row_change in row_changes]
    shown = shown_with(refs)
    for row_change in row_changes:
        _write(row_change)
    if proposal.one_person:
        mark(shown | shown_with(refs))
    _refuse_twins(row_changes, user)
    if missing := [words for words in _lacking(proposal.about, user) if words not in lacked]:
        raise ReviewRefused(*missing)


def _refuse_twins(row_changes: list[RowChangeData], user: Any) -> None:
    """Refuse rows that stand there already, when all are written: one may take the place that another has left."""
    for row in filter(None, (find(row_change["ref"]) for row_change in row_changes)):
        try:
            row.refuse_twins(type(row)._default_manager.visible_to(user))
        except ValidationError as error:
            raise ReviewRefused(*(f"{row.ref}: {text}" for text in error.messages)) from error


def _lacking(ref: str, user: Any) -> list[str]:
    """Say what a published record lacks: a change may not add to that."""
    record = find(ref)
    if record is None or not record.reviewed or record.review != Review.PUBLISHED:
        return []
    return [f"{ref}: {words}" for words in record.lacking(user)]


def _locked(row_change: RowChangeData) -> Any:
    return model_of(row_change)._base_manager.select_for_update().filter(ref=row_change["ref"]).first()


def _moved(row_change: RowChangeData) -> list[str]:
    """Say what of a row is not any more what it was when the change was proposed."""
    row, operation = _locked(row_change), Operation(row_change["operation"])
    if gone := sorted({*row_change["before"], *row_change["after"]} - fields_of(model_of(row_change)).keys()):
        return [f"{row_change['ref']}: {name} was taken away by an update. Propose it again." for name in gone]
    if (row is None) != (operation == Operation.INSERT):
        return [f"{row_change['ref']} {NO_LONGER[operation]}."]
    if row is None:
        return []
    now, fields = row_values(row), fields_of(type(row))
    moved = [name for name, value in row_change["before"].items() if now[name] != value]
    return [f"{row.ref}: {fields[name].verbose_name} was changed since this was proposed." for name in moved]


def _write(row_change: RowChangeData) -> None:
    operation, model = Operation(row_change["operation"]), model_of(row_change)
    if operation == Operation.DELETE:
        try:
            _locked(row_change).delete()
        except models.ProtectedError as error:
            raise ReviewRefused(f"{row_change['ref']} cannot be removed: other records rest on it.") from error
        return
    row = model(ref=row_change["ref"]) if operation == Operation.INSERT else _locked(row_change)
    try:
        assign(row, row_change["after"])
    except LookupError as error:
        raise ChangedMeanwhile(str(error.args[0])) from error
    save(row)
    for name, field in fields_of(model).items():
        if field.many_to_many and name in row_change["after"]:
            _fill(row, field, row_change["after"][name])


def _fill(row: Record, field: Any, keys: list[Any]) -> None:
    """Give a list of a row these keys, if what they name is there."""
    there = field.related_model._base_manager.filter(pk__in=keys)
    if there.count() != len(keys):
        raise ChangedMeanwhile(f"{row.ref}: {field.verbose_name} would name what is not there any more.")
    getattr(row, field.name).set(there)


def save(row: Record) -> None:
    """Check a row and write it, or say which field of which row is wrong."""
    derived = {field.name for field in row._meta.concrete_fields if not field.editable}
    try:
        row.full_clean(exclude=derived)
        row.save()
    except ValidationError as error:
        by_field = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        raise ReviewRefused(
            *(_problem_text(row, name, text) for name, texts in by_field.items() for text in texts)
        ) from error
    except IntegrityError as error:
        raise ReviewRefused(f"{row.ref}: {' '.join(str(error).split())}") from error


def _problem_text(row: Record, name: str, text: str) -> str:
    return f"{row.ref}: {text}" if name == NON_FIELD_ERRORS else f"{row.ref} {name.replace('_', ' ')}: {text}"


def publish(proposal: Proposal, user: Any) -> None:
    """Publish a record that is in review and complete, and let it say whether one person did so."""
    ref = proposal.about
    record: ReviewedRecord | None = find(ref)
    if record is None or record.review != Review.IN_REVIEW:
        raise ChangedMeanwhile(f"{ref}: review was changed since this was proposed.")
    if lacking := record.lacking(user):
        raise ReviewRefused(*(f"{ref}: {words}" for words in lacking))
    record.review, record.one_person = Review.PUBLISHED, proposal.one_person
    save(record)
    if proposal.one_person:
        mark(shown_with(row_change["ref"] for row_change in row_changes_of(proposal)))


def make_draft(ref: str) -> None:
    """Take a record out of review, if it is still there."""
    record: ReviewedRecord | None = find(ref)
    if record is not None and record.review == Review.IN_REVIEW:
        record.review = Review.DRAFT
        record.save()
