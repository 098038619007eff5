"""How the code is laid out: who may import whom, and that every read of a record asks who is reading."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from records.models import Record
from seeds.models import LoadedRecord

ROOT = Path(__file__).resolve().parent.parent
#: The rooms of the house, and the packages inside records/. A folder imports only itself and what stands to its right.
ROOMS = ("config", "seeds", "cases", "sources", "records")
PACKAGES = (
    "management",
    "backup",
    "admin",
    "api",
    "lists",
    "review",
    "history",
    "accounts",
    "audit",
    "models",
    "access",
    "fields",
)
#: Names that say nothing of what a module holds.
VAGUE = {"utils", "util", "helpers", "services", "service", "common", "misc", "signals", "managers", "permissions"}


def modules(*folders: str) -> list[Path]:
    files = [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]
    return [file.relative_to(ROOT) for file in files if "migrations" not in file.parts]


def tree(file: Path) -> ast.Module:
    return ast.parse((ROOT / file).read_text(encoding="utf-8"))


def imported(node: ast.AST) -> list[str]:
    """The modules that an import statement names, in full."""
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(tree(file)):
        yield from imported(node)


def inside(file: Path) -> str:
    """The package that a file is part of, seen from its room: "models" for cases/models/person.py."""
    return file.parts[1].removesuffix(".py")


@pytest.mark.parametrize("file", modules(*ROOMS), ids=str)
def test_a_folder_imports_only_what_stands_to_its_right(file: Path) -> None:
    forbidden = {*ROOMS[: ROOMS.index(file.parts[0])], "tests", "make", "bench"}
    assert {name for name in imports(file) if name.split(".")[0] in forbidden} == set()


def test_the_packages_of_records_are_those_in_its_folder() -> None:
    found = {path.parent.name for path in (ROOT / "records").glob("*/__init__.py")} - {"migrations"}
    assert found == set(PACKAGES)


@pytest.mark.parametrize("file", modules("records"), ids=str)
def test_a_package_of_records_imports_only_what_stands_to_its_right(file: Path) -> None:
    """Single files beside the packages, such as the vocabulary, stand to the right of all of them."""
    own = PACKAGES.index(inside(file)) if inside(file) in PACKAGES else len(PACKAGES)
    above = {f"records.{name}" for name in PACKAGES[:own]}
    assert {name for name in imports(file) if ".".join(name.split(".")[:2]) in above} == set()


def test_no_two_modules_import_each_other_by_any_way_round() -> None:
    files = {".".join(file.with_suffix("").parts).removesuffix(".__init__"): file for file in modules(*ROOMS)}
    links = {
        name: {other for path in imports(file) if (other := known(path, files)) and other != name}
        for name, file in files.items()
        if file.name != "__init__.py"
    }
    while free := {name for name, needs in links.items() if not needs & links.keys()}:
        links = {name: needs for name, needs in links.items() if name not in free}
    assert links == {}, "these modules go round in circles"


def known(path: str, files: dict[str, Path]) -> str | None:
    """The module of ours that an imported name comes from."""
    return next((name for name in (path, path.rpartition(".")[0]) if name in files), None)


@pytest.mark.parametrize("file", modules(*ROOMS, "make", "bench", "tests"), ids=str)
def test_imports_stand_at_the_top_of_the_file(file: Path) -> None:
    functions = [node for node in ast.walk(tree(file)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    local = [node for function in functions for node in ast.walk(function) if imported(node)]
    assert [ast.unparse(node) for node in local] == []


def test_modules_are_named_after_what_they_hold() -> None:
    assert [file for file in modules(*ROOMS) if VAGUE & {part.removesuffix(".py") for part in file.parts}] == []


def own_models() -> list[type[Model]]:
    models = [model for app in settings.OWN_APPS for model in apps.get_app_config(app).get_models()]
    assert len(models) > 15
    return models


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model.__name__)
@pytest.mark.django_db
def test_every_model_says_who_may_read_it(model: type[Model]) -> None:
    rows = model._default_manager.visible_to(AnonymousUser())  # type: ignore[attr-defined]
    assert rows.model is model
    assert list(rows[:1]) == []


def test_what_the_seed_loader_remembers_is_read_by_commands_alone() -> None:
    """The one model without visible_to: it holds no facts, and nothing that answers a request knows it."""
    readers = [
        file for file in modules("records", "sources", "cases", "config") if LoadedRecord.__name__ in tree_text(file)
    ]
    assert readers == [Path("config/checks.py")], "which names it among the internal models"


def tree_text(file: Path) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


#: Modules that apply the rule, and those that no reader's request reaches.
BEHIND_THE_SCENES = {"models", "access", "audit", "review", "management", "capture_checks"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
#: Reads that do not start at visible_to, each by file and function, with the reason.
ALLOWED = {
    "records/accounts/sign_in_log.py sign_in_failed": "which account was tried: accounts know no levels",
    "records/accounts/changes.py _words": "roles, rights and teams of a change, as the admin shows them: no records",
    "records/accounts/changes.py _give": "roles, rights and teams of a change, as the admin shows them: no records",
    "config/checks.py unreadable": "asks whether the rule is there, and reads nothing",
    "records/lists/filters.py TermsFilter.__init__": "the terms of a list, which are open to everybody",
    "records/lists/filters.py CodeListFilter.filter": "narrows the visible rows by key",
    "records/lists/not_and_all.py NotFilter.filter": "leaves rows out of the visible ones by key",
    "records/history/snapshots.py visible_rows": "narrows the rows to the visible ones in the next line",
    "records/admin/forms.py RecordForm._keep_what_was_hidden": "puts back unseen what the editor may not see",
    "records/admin/records.py VisibleRows.get_field_queryset": "all rows, given to visible() in the next line",
    "sources/copies/pdf.py refuse_repaired": "the objects that a PDF file is made of: no records",
    "sources/copies/pdf.py keep_what_is_drawn": "the objects that a PDF file is made of: no records",
    "cases/situation/settling.py settle_all": "works out what is stored for all readers, and reads for none",
    "cases/situation/settling.py _marked": "works out what is stored for all readers, and reads for none",
    "cases/situation/settling_lives.py _marked": "works out what is stored for all readers, and reads for none",
    "cases/situation/lives.py life_rows": "works out what is stored for all readers, and reads for none",
    "cases/situation/lives.py settle_lives_of": "works out what is stored for all readers, and reads for none",
    "cases/situation/lives.py wrongly_lived": "compares what is stored for all readers, and reads for none",
    "cases/codebook/incident_parts.py places_by_country.places": "looks where the visible rows given to it stand",
    "cases/situation/country_keys.py settle_country_keys": "works out what is stored, and reads for none",
    "cases/situation/country_keys.py wrongly_placed": "compares what is stored for all readers, and reads for none",
    "cases/situation/rows.py fetch": "works out what is stored for all readers, and reads for none",
    "cases/situation/to_store.py forget": "works out what is stored for all readers, and reads for none",
    "cases/situation/comparing.py wrongly_stored": "compares what is stored for all readers, and reads for none",
    "cases/situation/last_signs.py settle_last_signs": "works out what is stored for all readers, and reads for none",
    "cases/situation/last_signs.py wrongly_heard": "compares what is stored for all readers, and reads for none",
    "cases/views/codebook.py open_list": "the terms of a list, which are open to everybody",
}


def readable(name: str) -> bool:
    """Whether the rows of a model of this name are open to everybody."""
    return name in {
        model.__name__
        for model in apps.get_models()
        if not (issubclass(model, Record) or model is LoadedRecord or getattr(model, "is_derived", False))
    }


def reads(file: Path) -> Iterator[tuple[str, int, str]]:
    """Yield where a file reads records other than through visible_to: function, line, and how."""
    module = tree(file)
    parents = {child: node for node in ast.walk(module) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(module):
        way = way_round(node, parents)
        if way:
            yield place(node, parents), node.lineno, way  # type: ignore[attr-defined]


def way_round(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> str:
    """Say how a node reads records without asking who is reading, or nothing."""
    after = parents.get(node)
    follows = after.attr if isinstance(after, ast.Attribute) else ""
    if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
        model = node.value.id if isinstance(node.value, ast.Name) else ""
        return (
            "" if follows in ("visible_to", "create", "none") or readable(model) else f"{ast.unparse(node)}.{follows}"
        )
    if isinstance(node, ast.Attribute) and node.attr in related_names() and follows in QUERIES:
        return f"{ast.unparse(node)}.{follows}"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "prefetch_related":
        texts = [str(arg.value) for arg in node.args if isinstance(arg, ast.Constant)]
        return ", ".join(text for text in texts if related_names() & set(text.split("__")))
    return ""


QUERIES = {"all", "filter", "exclude", "get", "first", "last", "count", "exists", "values", "values_list", "order_by"}


def related_names() -> set[str]:
    """The names by which records lead to many records of another kind: person.names, incident.stages..."""
    relations = [relation for model in apps.get_models() for relation in model._meta.related_objects]
    to_records = {relation for relation in relations if issubclass(relation.related_model, Record)}
    return {name for relation in to_records if (name := relation.get_accessor_name())}


def place(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> str:
    names = []
    while node in parents:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.append(node.name)
        node = parents[node]
    return ".".join(reversed(names)) or "module"


def read_paths() -> list[Path]:
    """The files that answer readers: all but the models, whose rules they apply, and what keeps the books."""
    return [file for file in modules("records", "sources", "cases", "config") if inside(file) not in BEHIND_THE_SCENES]


def test_every_read_of_records_starts_at_visible_to() -> None:
    found = [
        f"{file}:{line} in {where}: {way}"
        for file in read_paths()
        for where, line, way in reads(file)
        if f"{file} {where}" not in ALLOWED
    ]
    assert found == []


def test_every_exception_to_that_is_still_needed() -> None:
    needed = {f"{file} {where}" for file in read_paths() for where, _, _ in reads(file)}
    assert set(ALLOWED) <= needed
