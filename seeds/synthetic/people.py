"""The people of a synthetic database, with their names, details, legal statuses and relatives."""

from __future__ import annotations

from datetime import date
from typing import Any

from cases.models import LegalStatus, Person, PersonDetail, PersonName, Relationship
from cases.vocabulary import DetailKind, NameKind, OtherRole, PersonKind, RelationshipKind, Sex, Standing
from records.vocabulary import Level
from seeds.synthetic.chance import Uneven
from seeds.synthetic.ground import Ground

STANDINGS = Uneven({Standing.TARGET: 84, Standing.TARGET_BY_PROXY: 9, Standing.LINKED: 4, Standing.DOMESTIC: 3})
SEXES = Uneven({Sex.MALE: 60, Sex.FEMALE: 32, Sex.UNKNOWN: 8})
KINDS = Uneven({PersonKind.INDIVIDUAL: 95, PersonKind.GROUP: 4, PersonKind.ORGANISATION: 1})
GROUPS = ("passengers", "students", "workers", "members of one family", "people at a protest")
ORGANISATIONS = ("Newsroom", "Association", "Language school", "Aid fund")
OCCUPATIONS = ("", "journalist", "student", "trader", "teacher", "cleric", "driver", "lawyer", "nurse", "engineer")
CATEGORIES = ("opposition", "journalist_academic_activist", "ordinary_diaspora", "student", "lawyer", "former_insider")
STATUSES = ("refugee", "asylum_seeker", "residence_permit", "permanent_resident", "irregular")
KIN = (RelationshipKind.SPOUSE, RelationshipKind.PARENT, RelationshipKind.CHILD, RelationshipKind.SIBLING)
#: Facts that are for the team alone until somebody opens them.
CLOSED = (DetailKind.ADDRESS, DetailKind.CONTACT, DetailKind.HEALTH, DetailKind.DOCUMENT_NUMBER)
RECENT = 2_000


class People:
    """Adds people, and remembers some of those that it added last."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.chance = ground, ground.chance
        self.recent: list[int] = []
        self.added = 0

    def subject(self, origin: str, living_in: str, source: int) -> tuple[int, str, bool]:
        """Add somebody whom a case is about; return key, label, and whether it is a group."""
        kind = self.chance.draw(KINDS)
        if kind is PersonKind.INDIVIDUAL:
            key, label = self.human(origin, living_in, source, standing=self.chance.draw(STANDINGS))
        else:
            key, label = self.several(kind, living_in)
        self.ground.cite(source, "label", label, person_id=key)
        return key, label, kind is PersonKind.GROUP

    def relative_of(self, person: int, origin: str, living_in: str, source: int) -> int:
        """Add a relative of somebody, and how they are related."""
        relative, label = self.human(origin, living_in, source, standing=Standing.OTHER, role=OtherRole.RELATIVE)
        self.ground.cite(source, "label", label, person_id=relative)
        kin = {"person_id": person, "relative_id": relative, "kind": self.chance.one_of(KIN)}
        self.ground.cited_part(source, "kind", Relationship, **kin)
        return relative

    def known_one(self) -> int | None:
        """Return somebody who was added not long ago."""
        return self.chance.one_of(self.recent) if self.recent else None

    def several(self, kind: PersonKind, living_in: str) -> tuple[int, str]:
        """Add a group or an organisation. Neither has a name of its own beside its label."""
        if kind is PersonKind.GROUP:
            least = 2 + self.chance.below(40)
            label = f"{least} {self.chance.one_of(GROUPS)}"
            counted = {"headcount_min": least, "headcount_max": least + self.chance.below(10)}
        else:
            label = f"{self.chance.one_of(ORGANISATIONS)} {1 + self.chance.below(400)}"
            counted = {}
        person = self.ground.record(
            Person, label=label, kind=kind, standing=Standing.TARGET, residence_id=living_in, **counted
        )
        return person, label

    def human(self, origin: str, living_in: str, source: int, **why: Any) -> tuple[int, str]:
        name, chance, part = self.ground.names.draw(self.chance), self.chance, self.ground.cited_part
        person = self.ground.record(
            Person,
            label=name.latin,
            sex=chance.draw(SEXES),
            ethnicity=name.ethnicity if chance.happens(0.6) else "",
            occupation=chance.one_of(OCCUPATIONS),
            residence_id=living_in,
            **why,
        )
        part(source, "text", PersonName, person_id=person, text=name.latin, kind=NameKind.PRIMARY)
        if name.native and chance.happens(0.8):
            native = {"script": name.script, "language": name.language}
            part(source, "text", PersonName, person_id=person, text=name.native, kind=NameKind.NATIVE_SCRIPT, **native)
        if chance.happens(0.2):
            part(source, "text", PersonName, person_id=person, text=name.misprint, kind=NameKind.MISPRINT)
        if chance.happens(0.6):
            part(source, "kind", LegalStatus, person_id=person, country_id=origin, kind_id="citizen")
        self._more(person, living_in, source)
        self._remember(person)
        return person, name.latin

    def _more(self, person: int, living_in: str, source: int) -> None:
        """Add what is known of some: how they live where they are, when they were born, and what is for the team."""
        chance, part = self.chance, self.ground.cited_part
        if chance.happens(0.4):
            status = {"country_id": living_in, "kind_id": chance.one_of(STATUSES)}
            part(source, "kind", LegalStatus, person_id=person, since=chance.vaguely(chance.day()), **status)
        if chance.happens(0.3):
            born = chance.vaguely(date(1940 + chance.below(65), 1 + chance.below(12), 1 + chance.below(28)))
            part(source, "date", PersonDetail, person_id=person, kind=DetailKind.BORN, date=born)
        if chance.happens(0.1):
            kind = chance.one_of(CLOSED)
            part(
                source,
                "value",
                PersonDetail,
                person_id=person,
                kind=kind,
                value=f"{kind.label} of {person}",
                level=Level.TEAM,
            )
        if chance.happens(0.3):
            self.ground.link(Person, "categories", person, targetcategory_id=chance.one_of(CATEGORIES))

    def _remember(self, person: int) -> None:
        """Keep the last RECENT people, so that memory stays small however many there are."""
        if len(self.recent) < RECENT:
            self.recent.append(person)
        else:
            self.recent[self.added % RECENT] = person
        self.added += 1
