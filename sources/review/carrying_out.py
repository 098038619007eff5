"""Carrying out what two people have agreed on: the images of a proposal, applied to the rows as they still stand."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models

from sources.models import Proposal, Record, ReviewedRecord
from sources.review.portraits import assign, fields_of, find, portrait
from sources.review.refusals import MovedOn, Refused
from sources.review.visibility import Image, images_of, model_of
from sources.vocabulary import Operation, Review

NO_LONGER = {Operation.INSERT: "is there already", Operation.DELETE: "is gone", Operation.UPDATE: "is gone"}


def carry_out(proposal: Proposal, user: Any) -> None:
    """Write every image as it was proposed. Raises MovedOn where a row changed since, Refused where a rule says so."""
    images = images_of(proposal)
    if moved := [words for image in images for words in _moved(image)]:
        raise MovedOn(*moved)
    lacked = _lacking(proposal.about, user)
    for image in images:
        _write(image)
    _refuse_twins(images, user)
    if missing := [words for words in _lacking(proposal.about, user) if words not in lacked]:
        raise Refused(*missing)


def _refuse_twins(images: list[Image], user: Any) -> None:
    """Refuse rows that stand there already, when all are written: one may take the place that another has left."""
    for row in filter(None, (find(image["ref"]) for image in images)):
        try:
            row.refuse_twins(type(row)._default_manager.visible_to(user))
        except ValidationError as error:
            raise Refused(*(f"{row.ref}: {text}" for text in error.messages)) from error


def _lacking(ref: str, user: Any) -> list[str]:
    """Say what a published record lacks: a change may not add to that."""
    record = find(ref)
    if record is None or not record.reviewed or record.review != Review.PUBLISHED:
        return []
    return [f"{ref}: {words}" for words in record.lacking(user)]


def _locked(image: Image) -> Any:
    return model_of(image)._base_manager.select_for_update().filter(ref=image["ref"]).first()


def _moved(image: Image) -> list[str]:
    """Say what of a row is not any more what it was when the change was proposed."""
    row, operation = _locked(image), Operation(image["operation"])
    if (row is None) != (operation == Operation.INSERT):
        return [f"{image['ref']} {NO_LONGER[operation]}."]
    if row is None:
        return []
    now, fields = portrait(row), fields_of(type(row))
    moved = [name for name, value in image["before"].items() if now[name] != value]
    return [f"{row.ref}: {fields[name].verbose_name} was changed since this was proposed." for name in moved]


def _write(image: Image) -> None:
    operation, model = Operation(image["operation"]), model_of(image)
    if operation == Operation.DELETE:
        try:
            _locked(image).delete()
        except models.ProtectedError as error:
            raise Refused(f"{image['ref']} cannot be removed: other records rest on it.") from error
        return
    row = model(ref=image["ref"]) if operation == Operation.INSERT else _locked(image)
    try:
        assign(row, image["after"])
    except LookupError as error:
        raise MovedOn(str(error.args[0])) from error
    save(row)
    for name, field in fields_of(model).items():
        if field.many_to_many and name in image["after"]:
            _fill(row, field, image["after"][name])


def _fill(row: Record, field: Any, keys: list[Any]) -> None:
    """Give a list of a row these keys, if what they name is there."""
    there = field.related_model._base_manager.filter(pk__in=keys)
    if there.count() != len(keys):
        raise MovedOn(f"{row.ref}: {field.verbose_name} would name what is not there any more.")
    getattr(row, field.name).set(there)


def save(row: Record) -> None:
    """Check a row and write it, or say which field of which row is wrong."""
    derived = {field.name for field in row._meta.concrete_fields if not field.editable}
    try:
        row.full_clean(exclude=derived)
        row.save()
    except ValidationError as error:
        by_field = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        raise Refused(*(_told(row, name, text) for name, texts in by_field.items() for text in texts)) from error
    except IntegrityError as error:
        raise Refused(f"{row.ref}: {' '.join(str(error).split())}") from error


def _told(row: Record, name: str, text: str) -> str:
    return f"{row.ref}: {text}" if name == NON_FIELD_ERRORS else f"{row.ref} {name.replace('_', ' ')}: {text}"


def publish(ref: str, user: Any) -> None:
    """Publish a record that is in review and complete."""
    record: ReviewedRecord | None = find(ref)
    if record is None or record.review != Review.IN_REVIEW:
        raise MovedOn(f"{ref}: review was changed since this was proposed.")
    if lacking := record.lacking(user):
        raise Refused(*(f"{ref}: {words}" for words in lacking))
    record.review = Review.PUBLISHED
    save(record)


def make_draft(ref: str) -> None:
    """Take a record out of review, if it is still there."""
    record: ReviewedRecord | None = find(ref)
    if record is not None and record.review == Review.IN_REVIEW:
        record.review = Review.DRAFT
        record.save()
