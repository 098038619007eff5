"""What is asked of the admin: lists and their filters, forms and what is forged in them, actions, histories."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Model

from cases.models import (
    Agreement,
    Citation,
    Incident,
    Involvement,
    Notice,
    Person,
    PersonName,
    Ratification,
    Relationship,
    Stage,
)
from config.surfaces import Surface
from records.models import Change
from sources.models import SourceDocument
from tests.leaks.marks import is_record, word
from tests.leaks.request import Asked, Grammar, Request, get

#: Who sends them: somebody of a team, and somebody who may do everything and read nothing.
FORGERS = ("analyst", "clerk")
#: Boxes that are not sent, or only where they are ticked.
UNSENT = ("submit", "file", "button", "checkbox", "radio")
LOOKUPS = ("startswith", "regex", "isnull", "in", "gte")
#: Forms that are sent back, as they are and forged.
SENT = (
    Person,
    Incident,
    Notice,
    Agreement,
    SourceDocument,
    PersonName,
    Relationship,
    Involvement,
    Ratification,
    Citation,
)


class Boxes(HTMLParser):
    """The boxes of a page's forms, with what a browser would send of them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.select, self.area = "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        name = own.get("name", "")
        if tag == "select":
            self.select = name
        elif tag == "option" and "selected" in own and self.select:
            self.sent.setdefault(self.select, []).append(own.get("value", ""))
        elif tag == "textarea":
            self.area, self.sent[name] = name, [""]
        elif tag == "input" and name and (own.get("type") not in UNSENT or "checked" in own):
            self.sent.setdefault(name, []).append(own.get("value", "on" if "checked" in own else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.sent[self.area][0] += data


def form_at(grammar: Grammar, address: str) -> dict[str, list[str]]:
    sent = Boxes(grammar.page(address)).sent
    return {name: values for name, values in sent.items() if name != "csrfmiddlewaretoken"}


def post(address: str, form: dict[str, list[str]], **changes: str) -> Request:
    filled = form | {name: [value] for name, value in changes.items()}
    return Request("POST", address, tuple((name, value) for name, values in filled.items() for value in values))


def path_of(surface: Surface) -> str:
    return f"/{surface.pattern}"


def changelist(grammar: Grammar, surface: Surface) -> Iterator[Asked]:
    path, model = path_of(surface), surface.of
    yield from get(path)
    if not grammar.is_staff:
        return
    yield from get(path, *(f"q={found}" for found in [*grammar.words(model, 1), *grammar.keys(model, 1)]), share=3)
    yield from get(path, "_facets=True", "all=", "o=1.-2", "p=1", "e=1", "o=99", share=3)
    yield from get(path, *filters(model), share=3)
    for field in model._meta.get_fields():
        yield from get(path, *(urlencode({f"{field.name}__{lookup}": "1"}) for lookup in LOOKUPS), share=10)
    for relation in model._meta.related_objects:
        hidden = grammar.world.hidden_from(grammar.role, relation.related_model)
        for part in [each for each in hidden if each.of][:1]:
            yield from get(path, f"{relation.name}__ref={part.ref}", f"{relation.name}__ref__startswith={part.ref[:8]}")
    chosen = [str(row.row.pk) for row in grammar.hidden_rows(model, 1)] or ["1"]
    for action in ("delete_selected", "publish", "submit"):
        form = {"action": [action], "_selected_action": chosen, "index": ["0"]}
        yield Asked(post(path, form), 3)
    yield Asked(post(path, {"action": ["delete_selected"], "_selected_action": ["999999"], "post": ["yes"]}), 3)


def filters(model: type[Model]) -> Iterator[str]:
    """Yield a query for each filter in the margin of a list."""
    for item in admin.site._registry[model].list_filter:
        name = item[0] if isinstance(item, tuple) else item
        if isinstance(name, str):
            field: Any = model._meta.get_field(name)
            key = f"{name}__{field.related_model._meta.pk.name}" if field.is_relation else name
            value = {"level": "team", "review": "draft"}.get(name, "NO")
            yield from (f"{key}__exact={value}", f"{name}__isnull=True")
        else:
            yield f"{getattr(name, 'parameter_name', 'date')}=19"


def links(model: type[Model]) -> list[Any]:
    """The links of a model to records."""
    return [field for field in model._meta.fields if field.is_relation and is_record(field.related_model)]


def add(grammar: Grammar, surface: Surface) -> Iterator[Asked]:
    path, model = path_of(surface), surface.of
    yield from get(path, share=1 if not grammar.is_staff else 2)
    if not grammar.is_staff:
        return
    for link in links(model):
        rows = grammar.hidden_rows(link.related_model, 1)
        keys = [*grammar.keys(link.related_model, 1), *(str(row.row.pk) for row in rows), "999999"]
        yield from get(path, *(f"{link.name}={key}" for key in keys), share=5)
    yield from get(path, "_popup=1&_to_field=ref", f"label={word(1)}", share=5)
    if model not in SENT or grammar.role not in FORGERS:
        return
    form = form_at(grammar, path)
    for link in links(model) if form else []:
        for key in (*(str(row.row.pk) for row in grammar.hidden_rows(link.related_model, 1)), "999999"):
            yield Asked(post(path, form, **{link.name: key}), by=FORGERS)
    yield from (Asked(request, by=FORGERS) for request in again(grammar, path, model, form))
    yield from (Asked(request, by=FORGERS) for request in alike(grammar, path, model, form))


def again(grammar: Grammar, path: str, model: Any, form: dict[str, list[str]]) -> Iterator[Request]:
    """Yield requests to make anew what is there already, hidden: a rule that a row stands once could tell of it."""
    for each in grammar.hidden_rows(model, 40) if form else []:
        row = each.row
        parents = [getattr(row, name) for name in row.parents]
        refs = {parent.ref for parent in parents} | {getattr(row, "ref", "")}
        if any(ref in {hidden.ref for hidden in grammar.world.hidden_from(grammar.role)} for ref in refs - {row.ref}):
            continue  # a row that hangs on something hidden cannot be asked for at all
        same = {}
        for name in form:
            if "-" not in name and not name.startswith("_") and name in {field.name for field in model._meta.fields}:
                value = row.serializable_value(name)
                same[name] = "" if value is None else str(value)
        yield post(path, form, **same | {"level": "team"})
        return


def alike(grammar: Grammar, path: str, model: Any, form: dict[str, list[str]]) -> Iterator[Request]:
    """Yield requests to enter somebody by a name that somebody hidden has, or that is hidden: nobody may be told of."""
    if model is not Person or not form:
        return
    for each in grammar.hidden_rows(PersonName, 2):
        new = {"text": each.row.text, "kind": "also_known_as", "script": "Latn", "level": "team"}
        row = {f"names-0-{name}": value for name, value in new.items()}
        yield post(path, form, label="Somebody else", standing="target", level="team", review="draft", **row)


def rows_asked(grammar: Grammar, surface: Surface, most: int) -> Iterator[str]:
    """Yield the addresses of a visible row, of hidden ones and of one that is missing, by reference and by key."""
    path, model = path_of(surface), surface.of
    for key in grammar.keys(model, most):
        yield path.replace("<path:object_id>", key)
    for row in [*grammar.hidden_rows(model, most), *grammar.world.shown_to(grammar.role, model)[:1]]:
        yield path.replace("<path:object_id>", str(row.row.pk))
    yield path.replace("<path:object_id>", "999999")


def row(grammar: Grammar, surface: Surface) -> Iterator[Asked]:
    for address in rows_asked(grammar, surface, 2 if grammar.is_staff else 1):
        yield from get(address, share=1 if "0000" in address or grammar.is_staff else 3)


def restore(grammar: Grammar, surface: Surface) -> Iterator[Asked]:
    """Ask for the states that rows were in, by the acts that left them behind: the visible, the hidden, and none."""
    model: Any = surface.of
    for each in [*grammar.world.shown_to(grammar.role, model)[:1], *grammar.hidden_rows(model, 2)]:
        acts = Change.objects.of_row(each.row).exclude(act="").values_list("act", flat=True)
        for act in (*acts[:2], "0" * 32):
            address = path_of(surface).replace("<path:object_id>", each.ref).replace("<slug:act>", act)
            yield from get(address, share=1 if grammar.is_staff else 4)
            if grammar.is_staff:
                yield Asked(Request("POST", address, (("stamp", "x"), ("row", each.ref))), 2)


def delete(grammar: Grammar, surface: Surface) -> Iterator[Asked]:
    for address in rows_asked(grammar, surface, 2 if grammar.is_staff else 1):
        yield from get(address, share=1 if grammar.is_staff else 4)
        if grammar.is_staff:
            yield Asked(Request("POST", address, (("post", "yes"),)), 2)


def change(grammar: Grammar, surface: Surface) -> Iterator[Asked]:
    model = surface.of
    shown, *others = rows_asked(grammar, surface, 2 if grammar.is_staff else 1)
    yield from get(shown, share=2)
    for address in others:
        yield from get(address, share=1 if grammar.is_staff else 4)
        yield Asked(Request("POST", address, (("level", "public"), ("_save", "Save"))), 3)
    if grammar.role in FORGERS and model in SENT:
        form = form_at(grammar, shown)
        yield from (Asked(request, by=FORGERS) for request in (forged(grammar, shown, model, form) if form else []))


def forged(grammar: Grammar, address: str, model: Any, form: dict[str, list[str]]) -> Iterator[Request]:
    """Send a form back as it came, and with keys in it that it never offered."""
    yield post(address, form, _save="Save")
    for link in links(model):
        for key in (*(str(row.row.pk) for row in grammar.hidden_rows(link.related_model, 1)), "999999"):
            yield post(address, form, **{link.name: key})
    inlines = [name.removesuffix("-TOTAL_FORMS") for name in form if name.endswith("-TOTAL_FORMS")]
    for prefix in inlines:
        parts = part_of(model, prefix)
        for key in (*(str(row.row.pk) for row in grammar.hidden_rows(parts, 1)), "999999"):
            yield post(
                address, form, **{f"{prefix}-0-id": key, f"{prefix}-INITIAL_FORMS": "1", f"{prefix}-TOTAL_FORMS": "1"}
            )
        yield post(address, form, **{f"{prefix}-0-DELETE": "on"})
    yield from named_again(grammar, address, model, form)


def part_of(model: Any, prefix: str) -> Any:
    """The model of the rows in an inline."""
    relation = next((each for each in model._meta.related_objects if each.get_accessor_name() == prefix), None)
    return relation.related_model if relation else Stage


def named_again(grammar: Grammar, address: str, model: Any, form: dict[str, list[str]]) -> Iterator[Request]:
    """Give a visible person a name that it has already, hidden from the role."""
    if model is not Person:
        return
    person = grammar.world.shown_to(grammar.role, Person)[0].row
    for each in grammar.world.hidden_from(grammar.role, PersonName):
        if each.row.person_id == person.pk:
            new = {
                "text": each.row.text,
                "kind": each.row.kind,
                "script": "Latn",
                "level": "team",
                "id": "",
                "person": "",
            }
            total = int(form.get("names-TOTAL_FORMS", ["0"])[0])
            filled = {f"names-{total - 1}-{name}": value for name, value in new.items()}
            yield post(address, form, **filled)
            return
