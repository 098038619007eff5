"""Measuring one database of one size: each work as each reader, beside those who can answer it too."""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from bench import datasette, plain_drf, shell
from bench.by_hand import WORKED_OUT, ByHand
from bench.clock import Side, in_turns, peak_mb
from bench.incidents_by_hand import incidents_sql
from bench.readers import STRANGER, Reader, readers
from bench.works import Picks, Work, works
from cases.models import Incident, Involvement, PersonName
from config.wsgi import application
from records.audit.acts import act
from records.models import lanes_read_by

NAMES = 100


class Bench:
    """One database, the copy of it for what is written by hand, and everybody who asks."""

    def __init__(self, kind: str, size: int, hand: ByHand, file: Path, served: datasette.Datasette | None) -> None:
        self.kind, self.size, self.hand, self.file, self.datasette = kind, size, hand, file, served
        self.readers = {reader.name: reader for reader in readers(application)}
        self.lists = {
            name: incidents_sql(self.hand, lanes_read_by(reader.user)) for name, reader in self.readers.items()
        }

    @property
    def processes(self) -> tuple[int, ...]:
        """The process of PostgreSQL that works for our connection."""
        connection.ensure_connection()
        return () if self.kind == "sqlite" else (connection.connection.info.backend_pid,)

    def interrupt(self) -> None:
        """Give up what the database is doing for us."""
        if connection.connection is not None:
            (connection.connection.interrupt if self.kind == "sqlite" else connection.connection.cancel)()

    def measure(self) -> None:
        """Measure everything, and write a line for each."""
        for work in works(Picks(self.readers[STRANGER].user)):
            for name in work.readers if is_chosen(work.name) else ():
                self.tell(work.name, name, work.kind, self.sides(work, self.readers[name]), work.address)
        for name, reader in self.readers.items():
            if is_chosen("save"):
                self.tell("save", name, "save", [self.side("ours", partial(self.save, reader))])
            if is_chosen("names"):
                self.tell("names", name, "names", [self.side("ours", self.searches(reader))])

    def side(self, name: str, answer: Callable[[], int]) -> Side:
        return Side(name, answer, self.processes)

    def sides(self, work: Work, reader: Reader) -> list[Side]:
        """Return everybody who can answer a work."""
        found = [self.side("ours", lambda: len(reader.ask(work.address)))]
        if work.by_hand and self.keep(work, reader):
            statement = self.lists[reader.name]
            values = (work.name, reader.name)
            found.append(Side("limit", lambda: len(self.hand.page(statement, *values)), self.hand.process))
            if work.name == "list incidents":
                found += self.peers(work, reader, statement)
        if work.kind == "export":
            columns = shell.keep_cells(self.hand, reader.ask(work.address).decode())
            found.append(Side("limit", shell.writer(self.hand, columns), children=True))
        return found

    def peers(self, work: Work, reader: Reader, statement: str) -> Iterator[Side]:
        keys = [
            key
            for (key,) in self.hand.run(
                "SELECT id FROM bench_key WHERE work = ? AND reader = ?", (work.name, reader.name)
            )
        ]
        yield self.side("drf", lambda: len(plain_drf.incidents(keys, reader.user)))
        if self.datasette is not None:
            server = self.datasette
            values = (work.name, reader.name)
            yield Side("datasette sql", lambda: server.query(statement, values), (server.process,))
            yield Side("datasette page", lambda: server.browse("cases_incident"), (server.process,))

    def keep(self, work: Work, reader: Reader) -> int:
        """Keep what the page by hand needs and no row tells; return how many rows the page has."""
        results = json.loads(reader.ask(work.address))["results"]
        keys = dict(Incident._base_manager.filter(ref__in=[each["ref"] for each in results]).values_list("ref", "pk"))
        self.hand.keep(
            "bench_key", [(work.name, reader.name, place, keys[each["ref"]]) for place, each in enumerate(results)]
        )
        told = {keys[each["ref"]]: (json.dumps(each["freedom_house"]), each["independent_sources"]) for each in results}
        self.hand.keep("bench_incident", [(reader.name, key, *values) for key, values in told.items()])
        parts = Involvement._base_manager.filter(incident__in=keys.values())
        cases = {
            (row[0], row[1], row[2]): row[3] for row in parts.values_list("incident__ref", "person__ref", "role", "pk")
        }
        self.hand.keep(
            "bench_case",
            [
                (reader.name, cases[each["ref"], person["person"], person["role"]])
                + tuple(json.dumps(person[name], ensure_ascii=False) for name in WORKED_OUT)
                for each in results
                for person in each["people"]
            ],
        )
        return len(results)

    def save(self, reader: Reader) -> int:
        """Change the title of an incident in an act of its own, and take that back."""
        incident = Incident.objects.visible_to(reader.user).order_by("pk")[0]
        with transaction.atomic():
            with act("bench", "command", may_open=True):
                incident.title += "."
                incident.save()
            transaction.set_rollback(True)
        return 1

    def searches(self, reader: Reader) -> Callable[[], int]:
        """Return a function that looks for one name after another, in any script, every third with a slip in it."""
        texts = list(PersonName.objects.visible_to(reader.user).order_by("ref").values_list("text", flat=True)[:NAMES])
        texts = [text.replace("a", "e", 1) if number % 3 == 0 else text for number, text in enumerate(texts)]
        number = iter(range(1_000_000))

        def search() -> int:
            text = texts[next(number) % len(texts)]
            return len(PersonName.objects.visible_to(reader.user).search(text).values_list("pk", flat=True)[:50])

        return search

    def tell(self, work: str, reader: str, kind: str, sides: list[Side], address: str = "") -> None:
        """Measure a work, and write down what each side took."""
        in_turns(sides, self.interrupt)
        ours, *others = sides
        row: dict[str, Any] = {"work": work, "database": self.kind, "reader": reader, "size": self.size, "kind": kind}
        row |= {"address": address, "failed": {side.name: side.failed for side in sides if side.failed}}
        row |= {"asked": len(ours.taken), "peak_mb": round(ours.peak or peak_mb(), 1)}
        if ours.taken:
            row |= {"ours_ms": round(ours.cpu, 2), "ours_wall_ms": round(ours.wall, 2), "bytes": ours.taken[0].length}
            row |= (
                {"worst_ms": round(statistics.quantiles([each.cpu for each in ours.taken], n=20)[-1], 2)}
                if len(ours.taken) > 1
                else {}
            )
        row |= {"others": {side.name: [round(side.cpu, 2), round(side.wall, 2)] for side in others if side.taken}}
        with self.file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(row) + "\n")
        print(f"  {work}, {reader}: {row.get('ours_ms')} ms {row['others'] or ''} {row['failed'] or ''}", flush=True)


def is_chosen(work: str) -> bool:
    """Whether ONLY, words with | between them, has one that the name of the work holds; everything is without it."""
    return any(word in work for word in os.environ.get("ONLY", "").split("|"))


def main(kind: str, size: str, copy: str, file: str) -> None:
    """Measure one database; with Datasette beside it where its file can be served."""
    with_datasette = kind == "sqlite" and os.environ.get("DATASETTE") != "no"
    serving = datasette.served(Path(copy.removeprefix("sqlite:///"))) if with_datasette else nullcontext()
    with serving as server:
        Bench(kind, int(size), ByHand.at(copy), Path(file), server).measure()
