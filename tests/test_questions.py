"""What the seeded database says when it is asked what is in the articles: tests/questions.yaml, through the API."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

pytestmark = pytest.mark.django_db
QUESTIONS = yaml.load(Path(__file__).with_name("questions.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)


def told(value: Any) -> Any:
    """Write an answer as the file does: dates as text with their precision, everything else as plain text."""
    if isinstance(value, dict):
        return f"{value['edtf']} {value['precision']}" if "edtf" in value else {k: told(v) for k, v in value.items()}
    if isinstance(value, list):
        return [told(each) for each in value]
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return str(value)


def entries(answer: dict[str, Any], of: str) -> list[dict[str, Any]]:
    """The records of an answer, or the entries of their column `of`, one after the other."""
    records = answer.get("results", [answer])
    return [entry for record in records for entry in record[of]] if of else records


def kept(entry: dict[str, Any], where: dict[str, Any]) -> bool:
    return all(
        told(entry[name]) in (wanted if isinstance(wanted, list) else [wanted]) for name, wanted in where.items()
    )


@pytest.mark.parametrize("question", QUESTIONS, ids=[each["question"] for each in QUESTIONS])
def test_the_seeds_answer(seeded: None, django_db_blocker: Any, question: dict[str, Any]) -> None:
    for asked in question["asked"]:
        with django_db_blocker.unblock():
            response = Client().get("/api/v1/" + asked["get"])
        assert response.status_code == 200, response.content
        answer = response.json()
        if "count" in answer:
            assert str(answer["count"]) == asked["answer"]
            continue
        assert answer.get("next") is None
        found = [entry for entry in entries(answer, asked.get("of", "")) if kept(entry, asked.get("where", {}))]
        rows = [[told(entry[name]) for name in asked["take"]] for entry in found]
        assert (sorted(rows, key=numbers_first) if "sorted" in asked else rows) == asked["answer"]


def numbers_first(row: list[Any]) -> list[Any]:
    return [(0, int(cell), "") if isinstance(cell, str) and cell.isdigit() else (1, 0, str(cell)) for cell in row]


def test_there_are_twenty_questions() -> None:
    assert len(QUESTIONS) == 20
