"""What the admin writes down about a change, and who may read it.

A log entry names its record by reference only. Its message is a list of parts in the form that Django's admin reads
(which tells references and column names), each with two more things: `text`, the change in words with old and new
values, and `about`, the records that the words draw on with the level they had. Whoever reads a history sees the parts
about records that are visible to them now, so a record that is restricted later takes its past with it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db.models import Q

from sources.models import Record
from sources.vocabulary import Level

#: The references that a text draws on, and the level that each of them had.
About = dict[str, str]


def drawn_from(record: Record) -> About:
    """Return the references of a record and of everything that it is a part of."""
    about = {record.ref: record.level}
    for parent in record.parents:
        about |= drawn_from(getattr(record, parent))
    return about


def part(verb: str, text: str, about: About, of: Record | None = None, fields: Iterable[str] = ()) -> dict[str, Any]:
    """Return one part of a message; `of` is the row that changed where that is not the record itself."""
    told: dict[str, Any] = {"name": str(of._meta.verbose_name), "object": of.ref} if of else {}
    if verb == "changed":
        told["fields"] = list(fields)
    return {verb: told, "text": text, "about": about}


def visible_refs(refs: Iterable[str], user: Any) -> set[str]:
    """Return those of `refs` whose record `user` may read now."""
    return _refs(refs, lambda model: model._default_manager.visible_to(user))


def readable(entries: Iterable[LogEntry], user: Any) -> list[LogEntry]:
    """Return the entries with their messages in words; what is about records hidden from `user` is left out."""
    entries = list(entries)
    parts = {entry.pk: _parts(entry) for entry in entries}
    refs = {ref for told in parts.values() if told for each in told for ref in each["about"]}
    visible = visible_refs(refs, user)
    # Deleted rows have no visibility any more: what is told of them stays as open as they were.
    kept = _refs(refs - visible, lambda model: model._default_manager.all())

    def is_open(ref: str, level: str) -> bool:
        return ref in visible or (ref not in kept and _admits(level, user))

    shown = []
    for entry in entries:
        told = parts[entry.pk]
        if told:
            texts = [each["text"] for each in told if all(is_open(*about) for about in each["about"].items())]
            if not texts:
                continue
            entry.change_message = " ".join(texts)
        shown.append(entry)
    return shown


def of_visible_records(entries: Any, user: Any) -> Any:
    """Narrow a queryset of log entries to those about records that `user` may read, and about anything else."""
    named = {ref: key for key, ref in entries.values_list("pk", "object_id") if _model_of(ref)}
    visible = visible_refs(named, user)
    hidden = Q(object_id__in=[ref for ref in named if ref not in visible])
    return entries.model.objects.filter(pk__in=entries.values("pk")).exclude(hidden)


def _parts(entry: LogEntry) -> list[dict[str, Any]]:
    """Read a message that was written here; one of Django's own (a password changed) has no such parts."""
    if not entry.change_message.startswith("["):
        return []
    return [each for each in json.loads(entry.change_message) if "about" in each]


def _admits(level: str, user: Any) -> bool:
    if level == Level.PARTNER:
        return user.has_perm("sources.read_partner") or user.has_perm("sources.read_team")
    return level == Level.PUBLIC or (level == Level.TEAM and user.has_perm("sources.read_team"))


def _refs(refs: Iterable[str], rows: Any) -> set[str]:
    """Return those of `refs` that stand in `rows(model)` of their model."""
    of_model = defaultdict(list)
    for ref in refs:
        if model := _model_of(ref):
            of_model[model].append(ref)
    return {
        ref
        for model, some in of_model.items()
        for ref in rows(model).filter(ref__in=some).values_list("ref", flat=True)
    }


def _model_of(ref: str) -> type[Record] | None:
    """Return the model whose references begin as this one does."""
    prefix = ref.partition("-")[0]
    for model in apps.get_models():
        if issubclass(model, Record) and model.prefix() == prefix:
            return model
    return None
