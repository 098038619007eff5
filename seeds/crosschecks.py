"""Checks across seed files that no schema can make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import ForeignKey, ManyToManyField

from cases.models import citable_fields
from records.fields.edtf import UncertainDate
from seeds.lists import BY_MODEL, CITATIONS, CITED_AS, SeedList
from seeds.problems import Problem, quoted
from seeds.rows import SeedRow

BATCH = 5_000
PERIODS = (("start", "end"), ("since", "until"))
#: The columns by which a row comes after another one of its kind.
LINES = ("derived_from", "replaces")
Index = dict[tuple[SeedList, str], SeedRow]


def cross_check(rows: list[SeedRow]) -> list[Problem]:
    """Return what does not fit together, in the order of the files."""
    index: Index = {}
    problems = list(repeated(rows, index))
    problems += dangling(rows, index)
    problems += circles(rows, index)
    for row in rows:
        problems += [*periods(row), *cited_fields(row)]
    places = {row.file: place for place, row in enumerate(rows)}
    return sorted(problems, key=lambda problem: (places[problem.file], problem.line))


def repeated(rows: list[SeedRow], index: Index) -> Iterator[Problem]:
    """Find keys that stand twice, in one file or in two; fill the index on the way."""
    for row in rows:
        first = index.setdefault((row.noun, row.key), row)
        if first is not row:
            yield row.problem(f"stands twice: here and at {first.file}:{first.line}.", row.noun.key)


def references(row: SeedRow) -> Iterator[tuple[str, SeedList, str]]:
    """Yield every reference of a row: its column, what it leads to, and the key."""
    for name, column in row.noun.columns.items():
        if isinstance(column, ForeignKey | ManyToManyField):
            value = row.values[name]
            keys = value if isinstance(value, list) else [value] if value else []
            for key in keys:
                yield name, BY_MODEL[column.related_model], key


def dangling(rows: list[SeedRow], index: Index) -> Iterator[Problem]:
    """Find references that lead to nothing, neither in the files nor in the database."""
    elsewhere: dict[SeedList, set[str]] = defaultdict(set)
    for row in rows:
        for _, target, key in references(row):
            if (target, key) not in index:
                elsewhere[target].add(key)
    stored = {noun: stored_keys(noun, sorted(keys)) for noun, keys in elsewhere.items()}
    for row in rows:
        for name, target, key in references(row):
            if key in elsewhere[target] and key not in stored[target]:
                where = f"the {target.name.replace('_', ' ')} of the seed files, nor in the database"
                yield row.problem(f"{quoted(key)} is neither among {where}.", name)


def stored_keys(noun: SeedList, keys: list[str]) -> set[str]:
    """Return those of the keys that the database has."""
    found: set[str] = set()
    for start in range(0, len(keys), BATCH):
        some = noun.model.objects.filter(**{f"{noun.key}__in": keys[start : start + BATCH]})
        found.update(some.values_list(noun.key, flat=True))
    return found


def circles(rows: list[SeedRow], index: Index) -> Iterator[Problem]:
    """Find records that descend from themselves."""
    for row in rows:
        for line in LINES:
            above, seen = row, set[str]()
            while (key := above.values.get(line)) and (row.noun, key) in index and key not in seen:
                seen.add(key)
                above = index[row.noun, key]
                if above is row:
                    yield row.problem("descends from itself. Cut the circle.", line)


def descent(rows: list[SeedRow]) -> list[SeedRow]:
    """Sort rows so that each comes after the one of its kind that it is derived from, or replaces."""
    by_key: dict[Any, SeedRow] = {row.key: row for row in rows}

    def depth(row: SeedRow) -> int:
        steps = 0
        while above := next((found for line in LINES if (found := by_key.get(row.values.get(line)))), None):
            row, steps = above, steps + 1
        return steps

    return sorted(rows, key=depth)


def periods(row: SeedRow) -> Iterator[Problem]:
    """Find ends that lie before their start."""
    for start, end in PERIODS:
        first, last = row.values.get(start), row.values.get(end)
        if isinstance(first, int) and isinstance(last, int) and last <= first:
            yield row.problem(f"{last} must be greater than {start}, {first}.", end)
        if _ends_before(first, last):
            yield row.problem(f"{quoted(last)} lies before “{start}”, {quoted(first)}.", end)


def _ends_before(first: Any, last: Any) -> bool:
    if not (isinstance(first, UncertainDate) and isinstance(last, UncertainDate)):
        return False
    return bool(last.latest and first.earliest and last.latest < first.earliest)


def cited_fields(row: SeedRow) -> Iterator[Problem]:
    """Find citations about a field that their record does not have."""
    if row.noun is CITATIONS:
        model = next(model for model, name in CITED_AS.items() if row.values[name])
        expected = sorted(citable_fields(model))
        if row.values["field"] not in expected:
            reason = f"{quoted(row.values['field'])} is not a fact of this {model._meta.verbose_name}."
            yield row.problem(f"{reason} Choose one of: {', '.join(expected)}.", "field")
