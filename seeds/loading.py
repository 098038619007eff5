"""Loading seed rows into the database: create, change, or leave alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.db import DataError, IntegrityError, models, transaction

from records.audit.opening import last_change, opened_records
from records.current_act import Act
from records.models import BEYOND_THE_TEAM, Record, ReviewedRecord
from records.vocabulary import Level, Review
from seeds.crosschecks import BATCH, descent, references, stored_keys
from seeds.lists import ORDER, SeedList
from seeds.merging import ColumnChange, Merge, merge
from seeds.models import WHOLE, LoadedRecord
from seeds.problems import Problem, SeedsRefused
from seeds.rows import SeedRow

REFUSALS = (IntegrityError, DataError, ValidationError, ValueError)
PROGRESS_EVERY = 500


@dataclass
class LoadReport:
    """What a run did, for the report at its end."""

    counts: dict[SeedList, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    changes: list[ColumnChange] = field(default_factory=list)
    kept: list[ColumnChange] = field(default_factory=list)
    conflicts: list[ColumnChange] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    held: list[ColumnChange] = field(default_factory=list)
    waiting: int = 0
    orphans: list[str] = field(default_factory=list)

    def total(self, what: str) -> int:
        return sum(counts[what] for counts in self.counts.values())


class Loader:
    """One run over rows that were checked. Call `load` inside an act: it raises where a row is refused.

    Unless the act may open them to more readers, rows come in for the team alone, to wait for a second person, and
    what is open stays as it is.
    """

    def __init__(
        self, rows: list[SeedRow], texts: dict[str, str], doing: Act, *, overwrite: bool, say: Callable[[str], None]
    ) -> None:
        self.doing = doing
        self.rows: dict[SeedList, list[SeedRow]] = defaultdict(list)
        for row in descent(rows):
            self.rows[row.noun].append(row)
        self.texts, self.overwrite, self.say = texts, overwrite, say
        self.memory = _memory([row.name for row in rows])
        self.in_files = {(row.noun, row.key) for row in rows}
        self.instances: dict[tuple[SeedList, str], Any] = {}
        self.gone: set[tuple[SeedList, str]] = set()
        self.outcome = LoadReport()

    def load(self) -> LoadReport:
        """Write every row and return what was done, or raise SeedsRefused."""
        for noun in ORDER:
            if self.rows[noun]:
                self._load_noun(noun)
        self.outcome.orphans = list(self._orphans())
        return self.outcome

    def _load_noun(self, noun: SeedList) -> None:
        rows = self.rows[noun]
        self._fetch(noun, [row.key for row in rows])
        self._fetch_targets(rows)
        present = [row for row in rows if not self._is_left_out(row)]
        for row in present:
            self.instances.setdefault((noun, row.key), noun.model(**{noun.key: row.key}))
        merges = [self._merge_closed(row) for row in present]
        to_save = [merged for merged in merges if merged.to_save]
        refuse_any(problem for merged in to_save for problem in unclean(merged))
        self._save(to_save)
        self._remember(merges)
        for merged in merges:
            self._count(merged)

    def _fetch(self, noun: SeedList, keys: list[str]) -> None:
        """Read the stored rows with these keys, in a few queries however many they are."""
        lists = [name for name, column in noun.columns.items() if isinstance(column, models.ManyToManyField)]
        for start in range(0, len(keys), BATCH):
            some = noun.model.objects.filter(**{f"{noun.key}__in": keys[start : start + BATCH]})
            for instance in some.prefetch_related(*lists):
                self.instances[noun, getattr(instance, noun.key)] = instance

    def _fetch_targets(self, rows: list[SeedRow]) -> None:
        """Read what the rows point to and no file has."""
        missing: dict[SeedList, set[str]] = defaultdict(set)
        for row in rows:
            for _, target, key in references(row):
                if (target, key) not in self.in_files and (target, key) not in self.instances:
                    missing[target].add(key)
        for target, keys in missing.items():
            self._fetch(target, sorted(keys))

    def _is_left_out(self, row: SeedRow) -> bool:
        """Tell whether the record, or one that it points to, was loaded once and has been deleted here since."""
        is_stored = (row.noun, row.key) in self.instances
        known = self.memory.get(row.name)
        reason = "was deleted here" if known and not is_stored and not self.overwrite else ""
        if known and WHOLE in known.expunged:
            reason = "was expunged here"
        for name, target, key in references(row):
            if (target, key) in self.gone:
                reason = reason or f"needs {target.name_of(key)} ({name}), which was deleted here"
        if reason and not is_stored:
            self.gone.add((row.noun, row.key))
        if reason:
            self.outcome.left_out.append(f"{row.name} {reason}")
            self.outcome.counts[row.noun]["left out"] += 1
        return bool(reason)

    def _merge_closed(self, row: SeedRow) -> Merge:
        """Merge a row; where nobody approved that it opens anything, as far as one person may."""
        merged = self._merge(row)
        if self.doing.may_open or not merged.to_save or not isinstance(merged.instance, Record):
            return merged
        instance = self._fresh(row)
        if closed := kept_closed(merged.instance, instance):
            self.outcome.waiting += 1
            row.values |= closed
            self.instances[row.noun, row.key] = instance
            merged = self._merge(row)
        return merged

    def _fresh(self, row: SeedRow) -> Any:
        """Return the instance of a row as nobody has touched it."""
        stored = row.noun.model._base_manager.filter(**{row.noun.key: row.key}).first()
        return stored or row.noun.model(**{row.noun.key: row.key})

    def _merge(self, row: SeedRow) -> Merge:
        known = self.memory.get(row.name)
        instance = self.instances[row.noun, row.key]
        merged = merge(row, instance, self.instances, known, overwrite=self.overwrite)
        text = self.texts.get(row.name)
        if text is not None and instance.text != text and not (known and "text" in known.expunged):
            instance.text = text
            merged.changes.append(ColumnChange(row, "text", "", f"{len(text)} characters"))
        return merged

    def _save(self, merges: list[Merge]) -> None:
        """Save the rows; one that a rule refuses is tried again after the others.

        A name may become the primary one only once another has ceased to be: the order in the file must not matter.
        """
        waiting, done = merges, 0
        while waiting:
            refused: list[tuple[Merge, Exception]] = []
            for merged in waiting:
                try:
                    self._write(merged)
                except REFUSALS as error:
                    refused.append((merged, error))
                    continue
                done += 1
                if done % PROGRESS_EVERY == 0:
                    self.say(f"  {merged.row.noun.name}: {done} of {len(merges)}")
            if len(refused) == len(waiting):
                raise SeedsRefused(problem for merged, error in refused for problem in explained(merged, error))
            waiting = [merged for merged, _ in refused]

    def _write(self, merged: Merge) -> None:
        """Save a row, unless that would open something and nobody has approved it: then leave it as it is."""
        with transaction.atomic():
            since = 0 if self.doing.may_open else last_change()
            merged.save()
            held = not self.doing.may_open and bool(opened_records(self.doing, since))
            transaction.set_rollback(held)
        if held:
            row, known = merged.row, self.memory.get(merged.row.name)
            self.instances[row.noun, row.key] = self._fresh(row)
            self.outcome.held += merged.changes
            merged.changes, merged.digests = [], dict(known.digests) if known else {}

    def _remember(self, merges: list[Merge]) -> None:
        """Keep what the files say now, for the next run to compare."""
        news = []
        for merged in merges:
            row, known = merged.row, self.memory.get(merged.row.name)
            if known is None or (known.digests, known.file) != (merged.digests, row.file_name):
                news.append(LoadedRecord(key=row.name, file=row.file_name, digests=merged.digests))
        LoadedRecord.objects.bulk_create(
            news, BATCH, update_conflicts=True, unique_fields=["key"], update_fields=["file", "digests"]
        )

    def _count(self, merged: Merge) -> None:
        what = "created" if merged.created else "changed" if merged.changes else "unchanged"
        self.outcome.counts[merged.row.noun][what] += 1
        if not merged.created:
            self.outcome.changes += merged.changes
        self.outcome.kept += merged.kept
        self.outcome.conflicts += merged.conflicts

    def _orphans(self) -> Iterator[str]:
        """Find records that were loaded from these files and are in them no longer."""
        rows = [row for rows in self.rows.values() for row in rows]
        names = {row.name for row in rows}
        for known in LoadedRecord.objects.filter(file__in={row.file_name for row in rows}).order_by("file", "key"):
            if known.key not in names:
                noun, key = _noun_and_key(known.key)
                if stored_keys(noun, [key]):
                    yield f"{known.key} is no longer in {known.file}"


def kept_closed(wanted: Any, stored: Any) -> dict[str, Any]:
    """Return what to write instead, for the team alone, where a row would be opened that is not open yet."""
    closed: dict[str, Any] = {}
    is_new = stored._state.adding
    if isinstance(wanted, ReviewedRecord) and wanted.review == Review.PUBLISHED:
        if is_new:
            closed["review"] = Review.IN_REVIEW
        elif stored.review != Review.PUBLISHED:
            closed["review"] = stored.review
    if is_new and wanted.level in BEYOND_THE_TEAM and (closed or _review_of(wanted) == Review.PUBLISHED):
        closed["level"] = Level.TEAM
    elif not is_new and Level(wanted.level).rank < Level(stored.level).rank:
        closed["level"] = stored.level
    return closed


def _review_of(row: Record) -> str:
    """Return the review state of the record that a row belongs to; one that is not saved may know its parent only."""
    try:
        return row.owning().review
    except ObjectDoesNotExist:
        return _review_of(getattr(row, row.parents[0]))


def _memory(names: list[str]) -> dict[str, LoadedRecord]:
    found: dict[str, LoadedRecord] = {}
    for start in range(0, len(names), BATCH):
        found |= LoadedRecord.objects.in_bulk(names[start : start + BATCH])
    return found


def _noun_and_key(name: str) -> tuple[SeedList, str]:
    """Undo Noun.name_of."""
    for noun in ORDER:
        key = name.removeprefix(f"{noun.name}/")
        if noun.key == "ref" and name.startswith(f"{noun.model._meta.get_field('ref').prefix}-"):
            return noun, name
        if noun.key != "ref" and key != name:
            return noun, key
    raise LookupError(name)


def refuse_any(problems: Iterator[Problem]) -> None:
    """Raise SeedsRefused if there is any problem."""
    if found := list(problems):
        raise SeedsRefused(found)


def unclean(merged: Merge) -> Iterator[Problem]:
    """Say what the model itself finds wrong with a row. References were checked before, all at once."""
    others = {column.name for column in merged.row.noun.model._meta.fields if isinstance(column, models.ForeignKey)}
    try:
        merged.instance.clean_fields(exclude=others)
        merged.instance.clean()
    except ValidationError as error:
        yield from _problems(merged.row, error)


def explained(merged: Merge, error: Exception) -> Iterator[Problem]:
    """Say in the models' own words why a row was refused."""
    if isinstance(error, ValidationError):
        yield from _problems(merged.row, error)
        return
    try:
        merged.instance.validate_constraints()
    except ValidationError as broken:
        yield from _problems(merged.row, broken)
    else:
        yield merged.row.problem(f"was refused: {' '.join(str(error).split())}")


def _problems(row: SeedRow, error: ValidationError) -> Iterator[Problem]:
    by_field = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    for column, reasons in by_field.items():
        for reason in reasons:
            yield row.problem(reason, "" if column == NON_FIELD_ERRORS else column)
