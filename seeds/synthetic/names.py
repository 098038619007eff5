"""Invented names in eight scripts (names.yaml)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from seeds.synthetic.chance import Chance, Uneven

FILE = Path(__file__).with_name("names.yaml")
#: Vowels that papers take for one another.
MISTAKEN = str.maketrans("aeiou", "oiuae")


class Name(NamedTuple):
    """A name in Latin letters and, where that is another one, in the script of its language; "" where it is not."""

    latin: str
    native: str
    script: str
    language: str
    ethnicity: str

    @property
    def misprint(self) -> str:
        """The name with one vowel mistaken, as a paper might print it."""
        at = max(self.latin.rfind(vowel) for vowel in "aeiou")
        return self.latin[:at] + self.latin[at:].translate(MISTAKEN)


class Names:
    """Draws names: a given name, now and then a second one, and a family name, all of one language."""

    def __init__(self) -> None:
        peoples = yaml.safe_load(FILE.read_text(encoding="utf-8"))
        self.peoples = Uneven.by_rank([_People(each) for each in peoples])

    def draw(self, chance: Chance) -> Name:
        return chance.draw(self.peoples).name(chance)


class _People:
    """The parts of names of one language."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.script, self.language, self.ethnicity = told["script"], told["language"], told["ethnicity"]
        self.space, self.family_first = told["space"], told["order"] == "family"
        self.given, self.family = (
            [(part, "") if isinstance(part, str) else tuple(part) for part in told[which]]
            for which in ("given", "family")
        )
        self.put_together = lru_cache(50_000)(self._put_together)

    def name(self, chance: Chance) -> Name:
        second = chance.below(len(self.given)) if chance.happens(0.5) else -1
        return self.put_together(chance.below(len(self.given)), second, chance.below(len(self.family)))

    def _put_together(self, first: int, second: int, last: int) -> Name:
        given = [self.given[first], *([self.given[second]] if second not in (-1, first) else [])]
        parts = [*given, self.family[last]]
        latin = " ".join(part for part, _ in parts)
        if self.script == "Latn":
            native = ""
        else:
            native = self.space.join(part for _, part in ([parts[-1], *given] if self.family_first else parts))
        return Name(latin, native, self.script, self.language, self.ethnicity)
