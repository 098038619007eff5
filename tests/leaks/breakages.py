"""Deliberate faults, each of which the leak test must catch: `python -m tests.leaks.breakages`, or `make breakages`.

Each is made in a copy of the tree, in a temporary folder, and the part of the leak test that it concerns is run there.
A fault that nothing catches, or that takes the tests down instead of leaking, ends the run with an error.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
#: What the tests need of the tree.
FOLDERS = ("cases", "config", "make", "records", "seeds", "sources", "static", "templates", "tests")
CHECK = "system check"


class Breakage(NamedTuple):
    """A fault: in `file`, `text` becomes `fault`. `role` asks for addresses that hold one of the words in `only`."""

    name: str
    file: str
    text: str
    fault: str
    role: str = CHECK
    only: str = ""


BREAKAGES = [
    Breakage(
        "people listed without the rule",
        "cases/codebook/people.py",
        'people = Person.objects.visible_to(user).defer("folded")',
        'people = Person.objects.all().defer("folded")',
        "stranger",
        "/people/",
    ),
    Breakage(
        "why nothing was found, told of hidden people too",
        "cases/filters/incidents.py",
        "people = subjects(self.user, self.day)\n        return",
        "people = Involvement.objects.all()\n        return",
        "stranger",
        "status=ended&as_of",
    ),
    Breakage(
        "incidents found by what hidden people are accused of",
        "cases/filters/incidents.py",
        "accused = subjects(self.user, self.day)",
        "accused = Involvement.objects.all()",
        "stranger",
        "accusation=",
    ),
    Breakage(
        "hidden organisations named as actors",
        "cases/codebook/incident_parts.py",
        'return Person.objects.visible_to(user).filter(pk=OuterRef("organisation"))',
        'return Person.objects.filter(pk=OuterRef("organisation"))',
        "stranger",
        "/api/v1/incidents/",
    ),
    Breakage(
        "incidents found by hidden countries",
        "cases/filters/incident_parts.py",
        "return lambda user, day: IncidentCountry.objects.visible_to(user).of_part(part)",
        "return lambda user, day: IncidentCountry.objects.of_part(part)",
        "stranger",
        "origin=",
    ),
    Breakage(
        "hidden actors in the JSON that the database builds",
        "cases/codebook/incident_parts.py",
        "rows=lambda user: Actor.objects.visible_to(user).filter(",
        "rows=lambda user: Actor.objects.filter(",
        "stranger",
        "/api/v1/incidents/",
    ),
    Breakage(
        "the state of review ignored",
        "records/models/lanes.py",
        "f\"WHEN {_column(model, 'review')} <> '{Review.PUBLISHED}' THEN \"",
        "f\"WHEN {_column(model, 'review')} = '' THEN \"",
        "stranger",
        "/api/v1/incidents/",
    ),
    Breakage(
        "parts shown without their parents",
        "records/models/lanes.py",
        "*(_lane_above(model, name) for name in model.parents)]",
        "*(_lane_above(model, name) for name in ())]",
        "stranger",
        "/api/v1/stages/",
    ),
    Breakage(
        "citations shown without what they are about",
        "records/models/lanes.py",
        "lanes.append(_coalesced([_if_linked(model, name, _lane_above(model, name)) for name in links], UNSETTLED))",
        "lanes.append(str(PUBLIC))",
        "stranger",
        "/api/v1/citations/",
    ),
    Breakage(
        "a record closed without what hangs on it",
        "records/audit/lane_triggers.py",
        "for below, column in below_of(model))",
        "for below, column in ())",
        "stranger",
        "/api/v1/stages/ /api/v1/citations/",
    ),
    Breakage(
        "rows without a lane shown",
        "records/models/lanes.py",
        "lanes = [PUBLIC, *(",
        "lanes = [PUBLIC, UNSETTLED, *(",
        "stranger",
        "/api/v1/people/",
    ),
    Breakage(
        "the team ignored",
        "records/models/lanes.py",
        "team = f\"coalesce({OF_TEAM} + {_column(model, 'team')}, {TEAM})\"",
        "team = str(TEAM)",
        "analyst",
        "/api/v1/people/ /api/v1/events/",
    ),
    Breakage(
        "the named readers ignored",
        "records/models/visibility.py",
        "found |= Q(**{level: Level.RESTRICTED}) & self._naming(cleared, path)",
        "found |= Q(**{level: Level.RESTRICTED})",
        "partner",
        "/api/v1/people/ /api/v1/events/",
    ),
    Breakage(
        "superusers read everything",
        "records/access/clearance.py",
        "everything=is_safe and has_broken_glass and BreakGlass.objects.open_now().filter(user=user.pk).exists(),",
        "everything=user.is_superuser,",
        "superuser",
        "/api/v1/people/ /api/v1/events/",
    ),
    Breakage(
        "autocompletes and lists of the admin unfiltered",
        "records/admin/records.py",
        "rows = visible(super().get_queryset(request), request.user)",
        "rows = super().get_queryset(request)",
        "clerk",
        "autocomplete",
    ),
    Breakage(
        "forms filled in from the address with anything",
        "records/admin/records.py",
        "            rows = db_field.remote_field.model._default_manager.all()\n"
        "        return visible(rows, request.user)",
        "            rows = db_field.remote_field.model._default_manager.all()\n        return rows",
        "clerk",
        "citation/add/?",
    ),
    Breakage(
        "every lookup allowed in the admin",
        "records/admin/records.py",
        "            if lookup in allowed:\n                return True\n        return False",
        "            if lookup in allowed:\n                return True\n        return True",
        "clerk",
        "person/?",
    ),
    Breakage(
        "a history of everything that was written",
        "records/history/record_history.py",
        "return is_part and self.reader.sees(key) and all(self.reader.admitted(key, moment) for moment in there)",
        "return is_part",
        "analyst",
        "/api/v1/people/PER",
    ),
    Breakage(
        "a count of all rows",
        "records/lists/listing.py",
        "return counted(self.rows)",
        "return counted(self.resource.model._default_manager.all() if self.rows.exists() else self.rows)",
        "stranger",
        "/count/",
    ),
    Breakage(
        "an export of all rows",
        "records/lists/pages.py",
        "        lines = encoded(csv_lines(listing))\n",
        "        Account = __import__('django.contrib.auth.models', fromlist=['User']).User\n"
        "        listing.user = Account.objects.get(username='analyst')\n"
        "        lines = encoded(csv_lines(listing))\n",
        "stranger",
        "/export.csv",
    ),
    Breakage(
        "a cursor that counts hidden rows",
        "records/lists/paging.py",
        "json.dumps([ordering.code, direction, key, row.sort_ref], ",
        "json.dumps([ordering.code, direction, key, row.sort_ref, type(row)._default_manager.count()], ",
        "stranger",
        "page_size",
    ),
    Breakage(
        "an error that tells hidden from missing",
        "records/api/views.py",
        "        if found is None:\n            raise NotFound\n",
        "        if found is None:\n"
        "            everything = self.resource.model._default_manager\n"
        "            raise NotFound(everything.filter(**{self.resource.key: ref}).exists())\n",
        "stranger",
        "/api/v1/people/PER /api/v1/events/GAT",
    ),
    Breakage(
        "an ETag that counts hidden rows",
        "records/api/views.py",
        '{"ETag": etag_of(found)} if is_whole',
        '{"ETag": etag_of(f"{found} {self.resource.model._default_manager.count()}")} if is_whole',
        "stranger",
        "/api/v1/people/PER /api/v1/events/GAT",
    ),
    Breakage(
        "filter choices from all rows",
        "cases/filters/people.py",
        "lambda user: Person.objects.visible_to(user),",
        "lambda user: Person.objects.all(),",
        "stranger",
        "/people/",
    ),
    Breakage(
        "a search over hidden names",
        "cases/models/person.py",
        "names = PersonName.objects.visible_to(user).search(text)",
        "names = PersonName.objects.search(text)",
        "stranger",
        "/api/v1/people/",
    ),
    Breakage(
        "a route outside the register",
        "config/urls.py",
        'path("healthz", healthz, name="healthz"),',
        'path("healthz", healthz, name="healthz"),\n    path("people.xml", healthz),',
    ),
    Breakage(
        "a column outside the codebook",
        "cases/models/person.py",
        "    ethnicity = models.CharField(max_length=60, blank=True)\n",
        "    ethnicity = models.CharField(max_length=60, blank=True)\n    religion = models.CharField(max_length=60)\n",
    ),
    Breakage(
        "a private column published",
        "sources/codebook.py",
        '    Column("note", "What a reader must know about this copy."),\n',
        '    Column("note", "What a reader must know about this copy."),\n    Column("text", "The text."),\n',
    ),
    Breakage(
        "a sealed file for whoever gets its copy",
        "records/models/visibility.py",
        "return self if cleared.everything else self.filter(self.of_teams(cleared))",
        "return self",
        "analyst",
        "/captures/",
    ),
    Breakage(
        "a model that does not say who may read it",
        "records/access/teams.py",
        "    objects: ClassVar = TeamQuerySet.as_manager()\n",
        "    objects: ClassVar = models.Manager()\n",
    ),
]


def applied(breakage: Breakage, tree: Path) -> str:
    """Return the file of a tree with the fault in it. Raises ValueError where its text is not found once."""
    before = (tree / breakage.file).read_text(encoding="utf-8")
    if before.count(breakage.text) != 1:
        raise ValueError(f"“{breakage.name}” does not apply: its text stands {before.count(breakage.text)} times.")
    return before.replace(breakage.text, breakage.fault)


def copy_of_tree(to: Path) -> None:
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, to / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("manage.py", "pyproject.toml"):
        shutil.copy(ROOT / file, to / file)


def run(breakage: Breakage, tree: Path) -> str:
    """Run what concerns a fault in a tree that has it; return what caught it, or nothing."""
    environment = os.environ | {"SECRET_KEY": "of a test", "DATABASE_URL": "sqlite://:memory:"}
    if breakage.role == CHECK:
        command = [sys.executable, "manage.py", "check"]
        told = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        return ", ".join(sorted(set(re.findall(r"waymark\.E\d+", told.stdout + told.stderr))))
    command = [sys.executable, "-m", "pytest", "tests/test_leaks.py", "-q", "-n", "0", "-p", "no:cacheprovider"]
    command += ["--tb=short", "-k", f"test_no_answer and {breakage.role}-0"]
    environment["LEAKS_ONLY"] = breakage.only
    told = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    found = re.findall(r"^E +(planted words|hidden [\w ]+|status): ", told.stdout, re.MULTILINE)
    return ", ".join(f"{found.count(name)}+ {name}" for name in dict.fromkeys(found))


def main() -> int:
    """Try every fault, or those whose names hold the words given; print what caught each."""
    wanted = [each for each in BREAKAGES if all(word in each.name for word in sys.argv[1:])]
    missed = 0
    with tempfile.TemporaryDirectory(prefix="breakages-") as folder:
        tree = Path(folder)
        copy_of_tree(tree)
        print("| Breakage | Asked by | Caught by | Seconds |\n|---|---|---|---|", flush=True)
        for breakage in wanted:
            file, started = tree / breakage.file, time.monotonic()
            sound, broken = file.read_text(encoding="utf-8"), applied(breakage, tree)
            file.write_text(broken, encoding="utf-8")
            caught = run(breakage, tree)
            file.write_text(sound, encoding="utf-8")
            missed += not caught
            seconds = time.monotonic() - started
            print(f"| {breakage.name} | {breakage.role} | {caught or '**nothing**'} | {seconds:.0f} |", flush=True)
    print(f"\n{len(wanted) - missed} of {len(wanted)} breakages were caught.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
