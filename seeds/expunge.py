"""Expunging a person: what goes, what mentions them elsewhere, and carrying it out.

Withdrawal is the everyday way. This one is for when the data themselves are the danger, and leaves an entry in the
audit trail that tells no more than the reference and how many rows went.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import models, transaction

from cases.models import Citation, Person
from records.audit.acts import act, note
from records.audit.chain import EMPTIED_CHANGES, EMPTIED_ENTRIES
from records.audit.mentions import Mentions
from records.audit.redaction import Place, blank_changes, blank_entries
from records.fields.uncertain_date import UncertainDateField
from records.models import (
    AuditEntry,
    Change,
    Comment,
    Proposal,
    ReferenceField,
    Submission,
    Watch,
)
from records.vocabulary import AuditKind, ProposalState
from seeds.derived_columns import in_batches, project_models
from seeds.lists import BY_MODEL
from seeds.models import WHOLE, LoadedRecord
from seeds.person_data import MODELS_OF_PERSON, PersonData, person_data
from sources.capture_store import destroy, path_of
from sources.models import Capture, SourceDocument

#: Models whose texts are dealt with in a way of their own.
APART = (Change, AuditEntry, Submission, Watch)
#: What an expunge writes to beside the rows of the person.
BESIDE = (Change, AuditEntry, LogEntry, Session, LoadedRecord, Proposal, Comment, Submission, Capture, Watch)
Say = Callable[[str], None]


@dataclass(frozen=True)
class Mention:
    """A column of a row, not the person's own, that names them."""

    row: Any
    column: str

    def __str__(self) -> str:
        """The place by which it is kept: never what stands there."""
        own = getattr(self.row, "ref", f"{self.row._meta.model_name}:{self.row.pk}")
        return f"{own}.{self.column}"

    @property
    def is_text(self) -> bool:
        """Whether it is the private text of a source, which is emptied as a whole."""
        return isinstance(self.row, SourceDocument) and self.column == "text"


@dataclass
class Plan:
    """What an expunge would do. `kept` are mentions and captures that were decided to be about somebody else."""

    theirs: PersonData
    mentions: Mentions
    found: list[Mention] = field(default_factory=list)
    kept: list[Mention] = field(default_factory=list)
    captures: list[Capture] = field(default_factory=list)

    @property
    def undecided(self) -> list[Mention]:
        return [each for each in self.found if not each.is_text]


def plan(person: Person, also: Iterable[str], keep: set[str], say: Say) -> Plan:
    """Look everywhere for what is the person's and for what mentions them; writes nothing."""
    say("Collecting what belongs to the person, now and in the past")
    theirs = person_data(person)
    planned = Plan(theirs, Mentions([*theirs.names, *also], theirs.refs))
    for model in project_models():
        if model not in APART and text_columns(model):
            say(f"Looking through {model._meta.verbose_name_plural}")
            for mention in mentions_in(model, planned):
                (planned.kept if str(mention) in keep else planned.found).append(mention)
    planned.captures = [capture for capture in captures_of(planned) if capture.ref not in keep]
    return planned


def text_columns(model: type[models.Model]) -> list[str]:
    """Return the columns of a model into which somebody may have written a name."""
    texts = [each for each in model._meta.concrete_fields if isinstance(each, (models.CharField, models.TextField))]
    other = (ReferenceField, UncertainDateField)
    return [each.name for each in texts if each.editable and not each.choices and not isinstance(each, other)]


def mentions_in(model: type[Any], planned: Plan) -> Iterator[Mention]:
    own, columns = planned.theirs.rows.get(model, set()), text_columns(model)
    for batch in in_batches(model._base_manager.all()):
        for row in batch:
            if row.pk in own or getattr(row, "about", "") in planned.theirs.refs:
                continue
            yield from (Mention(row, name) for name in columns if planned.mentions.in_text(getattr(row, name) or ""))


def captures_of(planned: Plan) -> Iterable[Capture]:
    """Return the captured files of sources that mention the person: nobody can look into a picture for a name."""
    cited = Citation.objects.filter(pk__in=planned.theirs.rows[Citation]).values_list("source", flat=True)
    named = [each.row.pk for each in planned.found if isinstance(each.row, SourceDocument)]
    return Capture.objects.filter(source__in={*cited, *named}, expunged=False).order_by("ref")


def carry_out(planned: Plan, by: Any, approved_by: Any, reason: str, say: Say) -> list[str]:
    """Remove everything, in one act. Return the tables that were touched."""
    theirs = planned.theirs
    with act(by, "command", reason, may_open=True):
        for mention in planned.found:
            take_out(mention, planned.mentions)
        gone = Capture.objects.filter(pk__in=[capture.pk for capture in planned.captures])
        gone.update(expunged=True, found="")
        for name in (name for capture in planned.captures for name in capture.files):
            transaction.on_commit(lambda stored=name: destroy(stored))  # type: ignore[misc]
        remove_talk(planned)
        remove_rows(theirs)
        remember(planned)
        say("Looking through the history")
        kept = {place_of(each) for each in planned.kept}
        details = {
            EMPTIED_CHANGES: blank_changes(theirs.places | captured(planned), kept, planned.mentions, say),
            EMPTIED_ENTRIES: blank_entries(theirs.refs, planned.mentions),
        }
        note(
            AuditKind.EXPUNGE, [theirs.person.ref], rows=len(theirs), approved_by=approved_by.get_username(), **details
        )
        transaction.on_commit(cache.clear)
    return tables_of([*theirs.rows, *(type(each.row) for each in planned.found), *BESIDE])


def tables_of(models: Iterable[type[models.Model]]) -> list[str]:
    return sorted({model._meta.db_table for model in models})


def place_of(mention: Mention) -> Place:
    return mention.row._meta.db_table, str(mention.row.pk)


def captured(planned: Plan) -> set[Place]:
    """Return the rows of the destroyed files: their history tells what was found in them."""
    return {(Capture._meta.db_table, str(capture.pk)) for capture in planned.captures}


def take_out(mention: Mention, mentions: Mentions) -> None:
    """Take the names out of a column; what cannot be done by halves (a text, an address) is emptied."""
    row, column = type(mention.row)._base_manager.get(pk=mention.row.pk), mention.column
    kind: Any = row._meta.get_field(column)
    empty = mention.is_text or isinstance(kind, models.URLField)
    setattr(row, column, "" if empty else mentions.taken_out(getattr(row, column))[: kind.max_length])
    row.save()


def remove_talk(planned: Plan) -> None:
    """Remove what was proposed, said, logged, answered and remembered for a session about the person."""
    refs, mentions = planned.theirs.refs, planned.mentions
    Comment.objects.filter(about__in=refs).delete()
    Proposal.objects.filter(about__in=refs).delete()
    for proposal in Proposal.objects.exclude(row_changes="[]"):
        if mentions.in_json(proposal.row_changes):
            proposal.row_changes = "[]"
            if proposal.state == ProposalState.OPEN:
                proposal.state = ProposalState.TAKEN_BACK
            proposal.save()
    LogEntry.objects.filter(object_id__in=refs).delete()
    logged = LogEntry.objects.exclude(change_message="").values_list("pk", "change_message")
    named = [key for key, message in logged.iterator() if mentions.in_json(message)]
    LogEntry.objects.filter(pk__in=named).update(change_message="")
    answers = Submission.objects.values_list("pk", "answer")
    Submission.objects.filter(pk__in=[key for key, answer in answers if mentions.in_json(answer)]).delete()
    for watch in Watch.objects.iterator():
        if watch.ref in refs or mentions.in_text(f"{watch.name} {unquote_plus(watch.query)}"):
            watch.delete()
    for session in Session.objects.iterator():
        if mentions.in_json(json.dumps(session.get_decoded(), default=str)):
            session.delete()


def remove_rows(theirs: PersonData) -> None:
    """Delete the person's rows, each before what it hangs on."""
    lists = [model for model in theirs.rows if model not in MODELS_OF_PERSON]
    for model in [*lists, *reversed(MODELS_OF_PERSON)]:
        rows = model._base_manager.filter(pk__in=theirs.rows[model])
        rows._raw_delete(rows.db)


def remember(planned: Plan) -> None:
    """Keep the seeds from bringing anything back, by reference and name of the column, with no digest of a value."""
    columns: dict[str, list[str]] = {ref: [WHOLE] for ref in planned.theirs.refs}
    for mention in planned.found:
        if noun := BY_MODEL.get(type(mention.row)):
            columns.setdefault(noun.name_of(getattr(mention.row, noun.key)), []).append(mention.column)
    for key, names in columns.items():
        loaded, _ = LoadedRecord.objects.get_or_create(key=key, defaults={"file": ""})
        loaded.expunged = sorted({*loaded.expunged, *names})
        kept = {} if WHOLE in names else loaded.digests
        loaded.digests = {name: digest for name, digest in kept.items() if name not in names}
        loaded.save()


def unfinished_files() -> list[Capture]:
    """Return the expunged captures whose files a crash has left behind."""
    expunged = Capture.objects.filter(expunged=True)
    return [capture for capture in expunged if any(path_of(name).exists() for name in capture.files)]
