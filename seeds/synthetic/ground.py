"""What every part of a synthetic database is made with: chance, tables, names, countries, and who may read a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models

from cases.models import Citation, Country
from cases.vocabulary import Stance
from records.models import Record, ReviewedRecord
from records.vocabulary import Level, Review
from seeds.lists import CITED_AS
from seeds.synthetic.chance import Chance, Uneven
from seeds.synthetic.names import Names
from seeds.synthetic.tables import Tables

LEVELS = Uneven({Level.PUBLIC: 91, Level.PARTNER: 3, Level.TEAM: 4, Level.RESTRICTED: 2})
PART_LEVELS = Uneven({Level.PUBLIC: 96, Level.PARTNER: 1, Level.TEAM: 3})
REVIEWS = Uneven({Review.PUBLISHED: 94, Review.DRAFT: 2, Review.IN_REVIEW: 1, Review.WITHHELD: 2, Review.WITHDRAWN: 1})
STANCES = Uneven({Stance.SUPPORTS: 94, Stance.CONTRADICTS: 3, Stance.SUPERSEDED: 2, Stance.MISPRINT: 1})
SAID_BY = ("", "", "", "", "a relative", "a lawyer", "the police", "a news agency")


@dataclass(frozen=True)
class Owners:
    """To whom records belong: the keys of the teams, and of the accounts that restricted records name."""

    teams: tuple[int, ...]
    readers: tuple[int, ...]


class Ground:
    """Adds records, their parts, and what sources say of them."""

    def __init__(self, tables: Tables, chance: Chance, owners: Owners) -> None:
        self.tables, self.chance, self.names = tables, chance, Names()
        self.owners = owners
        self.teams = Uneven[int | None]({None: 60} | dict.fromkeys(owners.teams, 40 / len(owners.teams)))
        # Which countries come first is drawn by lot: nothing here is to say what any state does.
        codes = list(Country.objects.filter(last_year=None).order_by("code").values_list("code", flat=True))
        self.origins: Uneven[str] = Uneven.by_rank(chance.shuffled(codes)[:40])
        self.hosts: Uneven[str] = Uneven.by_rank(chance.shuffled(codes)[:120])

    def host_of(self, origin: str) -> str:
        """Return a country that is not the one behind it."""
        while (host := self.chance.draw(self.hosts)) == origin:
            pass
        return host

    def record(self, model: type[ReviewedRecord], **values: Any) -> int:
        """Add a record that stands on its own, with its review, its team and, where it is restricted, its readers."""
        level = self.chance.draw(LEVELS)
        key = self.tables[model].add(
            level=level, review=self.chance.draw(REVIEWS), team_id=self.chance.draw(self.teams), **values
        )
        if level is Level.RESTRICTED:
            named = {self.chance.one_of(self.owners.readers) for _ in range(2)}
            for reader in sorted(named):
                self.link(model, "readers", key, user_id=reader)
        return key

    def part(self, model: type[models.Model], **values: Any) -> int:
        """Add a part of a record."""
        return self.tables[model].add(**{"level": self.chance.draw(PART_LEVELS)} | values)

    def cited_part(self, source: int, field: str, model: type[Record], **values: Any) -> int:
        """Add a part of a record; every sixth or so is cited itself."""
        key = self.part(model, **values)
        if self.chance.happens(0.15):
            about = {f"{CITED_AS[model]}_id": key}
            self.cite(source, field, "", **about)
        return key

    def link(self, model: type[models.Model], name: str, key: int, **other: Any) -> None:
        """Add to one of the lists of a record."""
        through = getattr(model, name).through
        self.tables[through].add(**{f"{model._meta.model_name}_id": key}, **other)

    def cite(self, source: int, field: str, stated: str = "", **about: int) -> None:
        """Let a source say something about a field of a record: `cite(source, "occurred", "2018", stage_id=7)`."""
        start = self.chance.below(4000)
        stance = self.chance.draw(STANCES)
        self.part(
            Citation,
            source_id=source,
            field=field,
            stated_value=stated,
            paragraph=1 + start // 400,
            start=start,
            end=start + 40 + self.chance.below(200),
            said_by=self.chance.one_of(SAID_BY),
            stance=stance,
            preferred=stance is Stance.SUPPORTS,
            **about,
        )
