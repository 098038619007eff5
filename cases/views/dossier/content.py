"""The data classes of a dossier, in words: the same for the page and the document.

`cited` always holds the numbers of the statements on which something rests.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

Numbers = tuple[int, ...]


@dataclass(frozen=True)
class DossierFact:
    """One fact under its name. `lang` is the language tag of its text, where that is not English."""

    label: str
    text: str
    cited: Numbers = ()
    lang: str = ""


@dataclass(frozen=True)
class DossierCase:
    """The person's part in one incident: where it stands in a sentence, and what is known of the incident."""

    title: str
    ref: str
    sentence: str
    facts: tuple[DossierFact, ...]
    summary: str = ""


@dataclass(frozen=True)
class DossierStep:
    """One stage in the chronology. `order` says against which earlier lines its place is not known."""

    number: int
    ref: str
    when: str
    what: str
    where: str
    actor: str
    particulars: str
    case: str
    note: str
    order: str
    cited: Numbers


@dataclass(frozen=True)
class DossierValue:
    """One of several values that sources give for one fact, and why the record follows it or does not."""

    stated: str
    stance: str
    followed: bool
    why: str
    statement: int
    source: int


@dataclass(frozen=True)
class Disagreement:
    """A fact on which sources contradict each other: what the record holds, and every value side by side."""

    about: str
    held: str
    values: tuple[DossierValue, ...]


@dataclass(frozen=True)
class DossierEvent:
    """One step in the life of a notice or a request, and who says so."""

    state: str
    when: str
    asserted_by: str
    cited: Numbers


@dataclass(frozen=True)
class DossierNotice:
    """A notice, or a request about one, with its events."""

    title: str
    ref: str
    facts: tuple[DossierFact, ...]
    events: tuple[DossierEvent, ...]


@dataclass(frozen=True)
class DossierDeadline:
    """One thing that the case waits for: by when, how that day was worked out, and where it stands on the day."""

    what: str
    when: str
    standing: str
    working: str
    cited: Numbers


@dataclass(frozen=True)
class DossierSignal:
    """One signal of the danger of return, of a case or ("") of the person. `more` counts inputs that are not listed."""

    case: str
    says: str
    inputs: tuple[DossierFact, ...]
    more: int = 0


@dataclass(frozen=True)
class Statement:
    """What one source says about one field: the numbered reference."""

    number: int
    ref: str
    source: int
    about: str
    stated: str
    said_by: str
    stance: str
    place: str
    reason: str
    sha256: str


@dataclass(frozen=True)
class File:
    """A sealed file of a source."""

    ref: str
    captured: str
    kind: str
    sha256: str
    copy_sha256: str


@dataclass(frozen=True)
class Source:
    """A document that the dossier rests on. `descent` says from which it descends, and how."""

    number: int
    ref: str
    title: str
    facts: tuple[DossierFact, ...]
    descent: str
    note: str
    captures: tuple[File, ...]
    lang: str = ""


@dataclass(frozen=True)
class DossierSourceGroup:
    """Documents of one origin."""

    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Dossier:
    """One person, as one reader may see them, on one day."""

    label: str
    ref: str
    day: date
    prepared: tuple[str, ...]
    standing: DossierFact
    who: tuple[DossierFact, ...]
    names: tuple[DossierFact, ...]
    cases: tuple[DossierCase, ...]
    no_case: str
    appears_in: tuple[DossierFact, ...]
    steps: tuple[DossierStep, ...]
    undated: tuple[DossierStep, ...]
    disagreements: tuple[Disagreement, ...]
    notices: tuple[DossierNotice, ...]
    requests: tuple[DossierNotice, ...]
    due: tuple[DossierDeadline, ...]
    signals: tuple[DossierSignal, ...]
    statements: tuple[Statement, ...]
    groups: tuple[DossierSourceGroup, ...]
    independent: int

    @property
    def made_on(self) -> str:
        return day_words(self.day)

    @property
    def documents(self) -> int:
        return sum(len(group.sources) for group in self.groups)

    @property
    def tally(self) -> str:
        """How much it rests on: "5 documents, 2 independent"."""
        documents = f"{self.documents} document{'' if self.documents == 1 else 's'}"
        return f"{documents}, {self.independent} independent"

    @property
    def has_several_cases(self) -> bool:
        return len(self.cases) > 1

    @property
    def all_steps(self) -> tuple[DossierStep, ...]:
        return self.steps + self.undated


def day_words(day: date) -> str:
    """Return a day in English: "22 November 2026"."""
    return f"{day.day} {day:%B} {day.year}"
