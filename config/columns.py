"""Where the columns of records are entered: admin pages, tables in them, submissions and seed files name them.

A column that one of these places forgets fails the system check (config.checks). On pages and in dossiers columns are
shown rather than named: tests/test_columns_shown.py looks for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import flatten, flatten_fieldsets
from django.contrib.auth.models import AnonymousUser
from django.db.models import Field, ForeignObjectRel, Model
from django.http import HttpRequest

from cases.api.request_bodies import WRITABLE_RESOURCES
from records.api.request_body import WritableColumn
from records.fields.uncertain_date import PARTS, date_fields
from records.lists.codebook import Column
from records.models import Record
from seeds.lists import ORDER

PAGE, TABLE, SUBMISSION, SEEDS = "admin page", "table of an admin page", "submission", "seed file"
SHOWN, DOSSIER = "record's page", "dossier"

#: What a kind of place leaves out on purpose, with the reason: a column, a column of all models ("*.team"), or a whole
#: model ("Duty.*"). What a model lets nobody enter (`editable=False`) needs no exception.
EXCEPTIONS: dict[str, dict[str, str]] = {
    PAGE: {
        "SourceDocument.text": "it is pasted into the form of a new source; later the form tells whether it is there",
    },
    TABLE: {
        "Citation.start": "a passage is marked on the citation's own page; a table has no room for it",
        "Citation.end": "as its start",
        "Citation.sha256": "as its start",
        "Demand.involvement": "it is found by the person who is chosen",
        "Duty.involvement": "it is found by the person who is chosen",
        "Stage.involvement": "it is found by the person who is chosen",
    },
    SUBMISSION: {
        "*.level": "what partners send in is of level team, until the team opens it",
        "*.review": "what partners send in is a draft, until the team reviews it",
        "*.team": "the team decides whose record it is",
        "*.readers": "the team decides who is trusted with a record",
        "*.position": "steps stand in the order in which they were sent",
        "Agreement.*": "partners do not send in agreements",
        "Capture.*": "files are taken in by the staff, who can look at them",
        "CcfEvent.*": "partners do not send in requests to the commission",
        "CcfRequest.*": "partners do not send in requests to the commission",
        "Citation.sha256": "partners have no text to take it from",
        "Duty.*": "partners do not send in duties",
        "Event.*": "partners do not send in events",
        "Incident.without_evidence": "what partners send in has evidence; the team decides on the rest",
        "LegalStatus.since": "partners name citizenships, without their dates",
        "LegalStatus.until": "partners name citizenships, without their dates",
        "PersonDetail.value": "of the details, partners give the date of birth alone",
        "Ratification.*": "partners do not send in agreements",
        "Relationship.*": "partners do not send in relationships",
        "SourceDocument.file": "where the text lies in the project's own files",
        "SourceDocument.ordinal": "where the text lies in the project's own files",
        "SourceDocument.post": "where the text lies in the project's own files",
        "SourceDocument.start": "where the text lies in the project's own files",
        "SourceDocument.end": "where the text lies in the project's own files",
        "SourceDocument.sha256": "where the text lies in the project's own files",
        "SourceDocument.text": "the text of an article is never taken in by this way",
    },
    SEEDS: {
        "*.team": "teams are of one installation; seeds are for all",
        "*.readers": "accounts are of one installation; seeds are for all",
        "Capture.*": "files are no text, and stay out of the seeds",
        "Incident.without_evidence": "it is for the team of one installation",
        "SourceDocument.text": "the text of an article never enters the project",
    },
    SHOWN: {
        "Capture.note": "it is for the team, to whom the page shows it",
        "Capture.tool": "how the team works is nobody else's business; the page shows it to the team",
        "Incident.without_evidence": "it is for the team",
        "Citation.sha256": "a page gives the passage's place; the hash goes with the export and the dossier",
        "SourceDocument.text": "the text of an article belongs to who printed it",
    },
    DOSSIER: {
        "Agreement.note": "of an agreement a dossier tells what bears on the return: its kind, states and dates",
        "Capture.note": "it is for the team",
        "Capture.tool": "how the team works is nobody else's business",
        "Incident.without_evidence": "it is for the team",
        "Citation.credibility": "a dossier gives what is said and where; how it is judged stays with the team",
        "Duty.ended": "a dossier tells what the case waits for, and so no duty that ended",
        "Duty.note": "a dossier tells how the day of a duty was worked out",
        "Event.*": "an event is context, and part of nobody's case",
        "Actor.kind": "the actor is told in words",
        "Demand.note": "as the note of a duty",
        "Person.sex": "nothing in a dossier rests on it",
        "PersonDetail.value": "addresses, papers, contacts and health are never in what is handed on",
        "Relationship.*": "relatives are not named in what is handed on",
        "SourceDocument.post": "where the text lies in the project's own files",
        "SourceDocument.start": "where the text lies in the project's own files",
        "SourceDocument.end": "where the text lies in the project's own files",
        "SourceDocument.reliability": "how far a source is trusted is the team's judgement",
        "SourceDocument.reliability_reason": "how far a source is trusted is the team's judgement",
        "SourceDocument.text": "the text of an article belongs to who printed it",
    },
}


@dataclass(frozen=True)
class ColumnPlace:
    """One place that has to name columns of a model: its kind, what it is called, and which of those `asked` it names.

    `remedy` says how, and in which file, a column is added to it.
    """

    kind: str
    name: str
    model: type[Record]
    asked: frozenset[str]
    columns: frozenset[str]
    remedy: str

    @property
    def missing(self) -> frozenset[str]:
        return self.asked - self.columns

    def patterns(self, name: str) -> set[str]:
        """Return the names by which an exception can excuse a column: the whole model only where nothing is there."""
        model = self.model.__name__
        whole = set() if self.asked & self.columns else {f"{model}.*"}
        return {f"{model}.{name}", f"*.{name}"} | whole


def records() -> list[type[Record]]:
    """Return the models of records."""
    return [model for model in apps.get_models() if issubclass(model, Record)]


def columns_of(model: type[Model]) -> list[str]:
    """The columns of a model, its links to many included. The parts of an uncertain date go with the date."""
    parts = {f"{date.name}_{part}" for date in date_fields(model) for part in PARTS}
    return [field.name for field in fields_of(model) if field.name not in parts]


def fields_of(model: type[Model]) -> list[Any]:
    return [*model._meta.concrete_fields, *model._meta.many_to_many]


def entered(model: type[Model]) -> frozenset[str]:
    """Return the columns that people enter; the others follow from these, or are the database's."""
    return frozenset(field.name for field in fields_of(model) if field.editable and not field.primary_key)


def places() -> Iterator[ColumnPlace]:
    """Yield every place in which a record is entered."""
    for model in records():
        yield from of_admin(model)
        yield of_submissions(model)
        yield of_seeds(model)


def of_admin(model: type[Record]) -> Iterator[ColumnPlace]:
    """Yield the model's own page of the admin, and the tables of its rows in the pages of others."""
    own = admin.site._registry.get(model)
    if own is None:
        remedy = f"Register {model.__name__} with a RecordAdmin or a PartAdmin in {model._meta.app_label}/admin/."
        yield ColumnPlace(PAGE, "the admin", model, entered(model), frozenset(), remedy)
    else:
        yield _form(PAGE, own, entered(model))
    for page in admin.site._registry.values():
        for table in page.inlines:
            if table.model is model:
                links = {field.name for field in model._meta.concrete_fields if field.related_model is page.model}
                given = {table.fk_name} if table.fk_name else links
                yield _form(TABLE, table(page.model, admin.site), entered(model) - given - {*model.belongs_through()})


def _form(kind: str, form: Any, asked: frozenset[str]) -> ColumnPlace:
    """Return a form of the admin, of which some columns are asked."""
    request = HttpRequest()
    request.user = AnonymousUser()  # some forms show more to whoever may see more
    shown = flatten_fieldsets(form.fieldsets or ())
    if not shown:
        shown = flatten([*form.get_fields(request), *form.get_fields(request, form.model())])
    name, file = type(form).__name__, type(form).__module__.replace(".", "/") + ".py"
    remedy = f"Name it in `fieldsets` or `fields` of {name} in {file}."
    return ColumnPlace(kind, name, form.model, asked, frozenset(shown), remedy)


def of_submissions(model: type[Record]) -> ColumnPlace:
    """Return what partners can give of a model, in all the bodies that they can send."""
    slots = {name for entry in WRITABLE_RESOURCES for name in slotted(entry.resource.model, entry.slots)}
    columns = {name.partition(".")[2] for name in slots if name.partition(".")[0] == model.__name__}
    remedy = "Publish it in the codebook, or name it among the writable columns in cases/api/request_bodies.py."
    return ColumnPlace(SUBMISSION, "the submissions", model, entered(model), frozenset(columns), remedy)


def slotted(model: type[Model], slots: Iterable[WritableColumn]) -> Iterator[str]:
    """Yield "Model.column" for everything that slots take in."""
    for slot in slots:
        below = model
        if slot.field is None:
            for path in paths_of(slot.column):
                below = yield from _walk(model, path)
        else:
            yield f"{slot.field.model.__name__}.{slot.field.name}"
        yield from slotted(below, slot.parts)


def of_seeds(model: type[Record]) -> ColumnPlace:
    """Return what a seed file can say of a model."""
    nouns = [noun for noun in ORDER if noun.model is model]
    shape = nouns[0].shape if nouns else "…"
    columns = {name for noun in nouns for name in (noun.key, *noun.columns)}
    remedy = f"Describe it under $defs/{shape} of seeds/schema/waymark-seeds.schema.json."
    return ColumnPlace(SEEDS, "the seed files", model, entered(model), frozenset(columns), remedy)


def drawn_on(model: type[Model], columns: Iterable[Column]) -> Iterator[str]:
    """Yield "Model.column" for everything that public columns read."""
    for column in columns:
        ends = []
        for path in paths_of(column):
            end = yield from _walk(model, path)
            ends.append(end)
        for end in dict.fromkeys(ends):
            yield from drawn_on(end, column.parts)


def paths_of(column: Column) -> tuple[str, ...]:
    """Return the paths of fields that a public column reads."""
    return column.of or (column.source if isinstance(column.source, str) and column.source else column.name,)


def _walk(model: type[Model], path: str) -> Any:
    """Yield the columns along a path of fields, and return the model at its end."""
    for step in path.split(".") if path else []:
        field: Any = model._meta.get_field(step.removeprefix("visible_").removesuffix("_id"))
        if isinstance(field, ForeignObjectRel):
            yield f"{field.related_model.__name__}.{field.field.name}"
        elif isinstance(field, Field):
            yield f"{field.model.__name__}.{field.name}"
        model = field.related_model or model
    return model
