"""People who may be the same as one who is being entered: by name, birth, country and source.

Every read is of what whoever enters may see: a hidden person leaves no trace in what is told. Names are looked up by
their folded form and their skeleton, which are indexed, so that it takes the same among a million.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import permutations
from typing import Any

from cases.models import Citation, LegalStatus, Person, PersonDetail, PersonName
from cases.vocabulary import DetailKind
from records.fields.code_forms import code_form
from records.fields.edtf import UncertainDate
from records.fields.names import fold, skeleton
from records.models import Alike, SimilarRecord
from records.vocabulary import Likeness

#: How many people are told of, and how many names are compared to find them.
MOST, MOST_NAMES = 30, 200
#: Longer names are looked up as they are written, and with the last word first.
MOST_WORDS = 4
#: How much of their letters two names have in common that one source may mean for one person.
CLOSE = 0.8
NAME_LIKENESSES = (Likeness.SAME_NAME, Likeness.SAME_LETTERS, Likeness.SAME_SOUND, Likeness.CLOSE_NAME)


def similar_people(person: Person, names: Iterable[str], user: Any) -> list[SimilarRecord]:
    """Return who may be the same as a stored person, whose new names these are, the likeliest first.

    A name that only sounds alike is no likeness of people who were born at different times.
    """
    spellings = [Spelling(name) for name in dict.fromkeys(names) if fold(name)]
    if not spellings:
        return []
    alike = names_alike(spellings, named_with(person, user), person, user)
    facts = Facts([person.pk, *alike], user)
    people = Person.objects.visible_to(user).in_bulk(alike)
    found = []
    for key, other in people.items():
        more = tuple(facts.in_common(person, other))
        differs = any(each.likeness == Likeness.OTHER_BIRTH for each in more)
        if not (differs and alike[key].likeness in NAME_LIKENESSES[2:]):
            found.append(SimilarRecord(other, (alike[key], *more)))
    found.sort(key=likeliest_first)
    return found[:MOST]


def likeliest_first(similar: SimilarRecord) -> tuple[int, int, str]:
    for_it = [each for each in similar.alike if each.likeness != Likeness.OTHER_BIRTH]
    return NAME_LIKENESSES.index(similar.alike[0].likeness), -len(for_it), similar.record.ref


@dataclass(frozen=True)
class Spelling:
    """One way to write a name, and the keys by which others are found that may be the same."""

    text: str

    def folded(self) -> set[str]:
        return orders_of(fold(self.text))

    def sounds(self) -> set[str]:
        """Return the skeletons; none of one word, which too many names have (Hussein and Hasan are "sn")."""
        sound = skeleton(fold(self.text))
        return orders_of(sound) if " " in sound else set()

    def likeness(self, other: str) -> Likeness | None:
        """Return how another name is alike, or None."""
        if code_form(self.text).casefold() == code_form(other).casefold():
            return Likeness.SAME_NAME
        own, theirs = fold(self.text), fold(other)
        if sorted(own.split()) == sorted(theirs.split()):
            return Likeness.SAME_LETTERS
        own_sound, their_sound = sorted(skeleton(own).split()), sorted(skeleton(theirs).split())
        if own_sound == their_sound and len(own_sound) > 1:
            return Likeness.SAME_SOUND
        one, other = (" ".join(sorted(name.split())) for name in (own, theirs))
        return Likeness.CLOSE_NAME if SequenceMatcher(None, one, other, autojunk=False).ratio() >= CLOSE else None


def orders_of(words: str) -> set[str]:
    """Return a folded name with its words in every order."""
    each = words.split()
    if len(each) > MOST_WORDS:
        return {words, " ".join([each[-1], *each[:-1]])}
    return {" ".join(order) for order in permutations(each)}


def names_alike(spellings: list[Spelling], together: set[int], person: Person, user: Any) -> dict[int, Alike]:
    """Return the people with a name that is alike, by key, each with the name that is most so.

    `together` are the people whom a source of the person names: of these, names that are nearly the same count too.
    """
    found: dict[int, Alike] = {}
    rows = {*looked_up(spellings, user), *names_of(together, user)}
    for key, text in sorted(row for row in rows if row[0] != person.pk):
        likenesses = [likeness for each in spellings if (likeness := each.likeness(text)) is not None]
        if not likenesses:
            continue
        best = min(likenesses, key=NAME_LIKENESSES.index)
        known = found.get(key)
        if known is None or NAME_LIKENESSES.index(best) < NAME_LIKENESSES.index(known.likeness):
            found[key] = Alike(best, text)
    return found


def looked_up(spellings: list[Spelling], user: Any) -> Iterator[tuple[int, str]]:
    """Yield the names and labels that have one of the keys, with the key of their person; each by its index."""
    folded = {key for each in spellings for key in each.folded()}
    sounds = {key for each in spellings for key in each.sounds()}
    names = PersonName.objects.visible_to(user).order_by("-pk")
    yield from names.filter(folded__in=folded).values_list("person", "text")[:MOST_NAMES]
    yield from names.filter(skeleton__in=sounds).values_list("person", "text")[:MOST_NAMES]
    people = Person.objects.visible_to(user).order_by("-pk")
    yield from people.filter(folded__in=folded).values_list("pk", "label")[:MOST_NAMES]


def names_of(people: set[int], user: Any) -> Iterator[tuple[int, str]]:
    names = PersonName.objects.visible_to(user).order_by("-pk")
    yield from names.filter(person__in=people).values_list("person", "text")[:MOST_NAMES]


def named_with(person: Person, user: Any) -> set[int]:
    """Return the keys of the people whom the sources of a person name."""
    sources = {source for source, _ in naming(user, [person.pk])}
    citations = Citation.objects.visible_to(user).filter(source__in=sources).order_by()
    own = citations.exclude(person=None).values_list("person")
    by_name = citations.exclude(person_name=None).values_list("person_name__person")
    return {key for (key,) in own.union(by_name)} if sources else set()


def naming(user: Any, people: Iterable[int]) -> set[tuple[int, int]]:
    """Return which sources name these people: the keys of source and person."""
    citations, keys = Citation.objects.visible_to(user).order_by(), list(people)
    own = citations.filter(person__in=keys).values_list("source", "person")
    by_name = citations.filter(person_name__person__in=keys).values_list("source", "person_name__person")
    return set(own.union(by_name))


class Facts:
    """What `user` may see of some people beside their names: births, countries and sources."""

    def __init__(self, people: list[int], user: Any) -> None:
        self.births: dict[int, list[UncertainDate]] = defaultdict(list)
        self.countries: dict[int, dict[str, str]] = defaultdict(dict)
        self.sources: dict[int, set[int]] = defaultdict(set)
        if len(people) < 2:
            return
        details = PersonDetail.objects.visible_to(user).filter(kind__in=(DetailKind.BORN, DetailKind.AGE))
        for detail in details.filter(person__in=people):
            if (birth := detail.birth) is not None:
                self.births[detail.person_id].append(birth)
        statuses = LegalStatus.objects.visible_to(user).filter(person__in=people)
        lives_in = Person.objects.visible_to(user).filter(pk__in=people).exclude(residence=None)
        for key, code, name in (
            *statuses.values_list("person", "country", "country__name"),
            *lives_in.values_list("pk", "residence", "residence__name"),
        ):
            self.countries[key][code] = name
        for source, key in naming(user, people):
            self.sources[key].add(source)

    def in_common(self, person: Person, other: Person) -> Iterator[Alike]:
        """Yield in what two people agree beside their names, or what speaks against their being one."""
        own, theirs = self.births[person.pk], self.births[other.pk]
        if own and theirs:
            agree = any(one.possibly_overlaps(each.earliest, each.latest) for one in own for each in theirs)
            yield Alike(Likeness.BIRTH if agree else Likeness.OTHER_BIRTH, theirs[0].label)
        for code in sorted(self.countries[person.pk].keys() & self.countries[other.pk].keys()):
            yield Alike(Likeness.COUNTRY, self.countries[other.pk][code])
        if self.sources[person.pk] & self.sources[other.pk]:
            yield Alike(Likeness.SOURCE, "")
