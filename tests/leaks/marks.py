"""Words, days and numbers that stand in one row each, and can be told apart wherever they turn up."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.db import models

from records.fields.uncertain_date import UncertainDateField
from records.models import Record, ReferenceField

#: Columns of text that are no place for a word: codes, checksums and what the database keeps true itself.
NOT_FOR_WORDS = {"level", "review", "sha256", "script", "language", "field", "version", "about", "tool"}
#: The second of a pair of columns that must not come before the first.
SECONDS = {"end", "headcount_max"}
FIRST_NUMBER, SECOND_NUMBER = 7_000_000, 8_000_000
FOUND = re.compile(r"qzx(\d{4})w|\b(18[0-2]\d-\d\d-\d\d)\b|\b[78]00(\d{4})\b", re.IGNORECASE)
REFERENCE = re.compile(r"\b[A-Z]{3}-[0-9A-Z]{8}\b", re.IGNORECASE)
FIRST_DAY = date(1800, 1, 1)


def word(mark: int) -> str:
    return f"Qzx{mark:04d}w"


def day(mark: int) -> str:
    return (FIRST_DAY + timedelta(mark)).isoformat()


def marked(model: type[models.Model], mark: int) -> dict[str, Any]:
    """Return values for all columns of a model that can tell, each of which bears the mark."""
    told: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if not field.editable or field.choices or field.name in NOT_FOR_WORDS or isinstance(field, ReferenceField):
            continue
        if isinstance(field, UncertainDateField):
            told[field.name] = day(mark)
        elif isinstance(field, models.URLField):
            told[field.name] = f"https://{word(mark).lower()}.example/"
        elif isinstance(field, models.CharField | models.TextField):
            told[field.name] = f"{word(mark)} {field.name}"
        elif type(field) is models.PositiveIntegerField:
            told[field.name] = (SECOND_NUMBER if field.name in SECONDS else FIRST_NUMBER) + mark
    return told


def marks_in(text: str) -> set[int]:
    """Return the marks that a text bears, in whatever form."""
    return {
        int(in_word or in_number) if in_word or in_number else (date.fromisoformat(on_day) - FIRST_DAY).days
        for in_word, on_day, in_number in FOUND.findall(text)
    }


def refs_in(text: str) -> set[str]:
    return {ref.upper() for ref in REFERENCE.findall(text)}


def is_record(model: Any) -> bool:
    return isinstance(model, type) and issubclass(model, Record)
