"""The sources of a synthetic database, with the treaties and assemblies that cases refer to."""

from __future__ import annotations

from datetime import date

from cases.models import Agreement, Event, Ratification
from cases.vocabulary import AgreementKind, RatificationState
from seeds.synthetic.chance import Uneven
from seeds.synthetic.ground import Ground
from sources.models import SourceDocument
from sources.vocabulary import Derivation, Reliability

PAPERS = ("Daily", "Evening", "Free", "Border", "Harbour", "Exile", "Steppe", "Coast")
TITLES = ("Lantern", "Courier", "Witness", "Ledger", "Signal", "Chronicle", "Register", "Voice")
OUTLETS = [f"{paper} {title}" for paper in PAPERS for title in TITLES]
KINDS = Uneven(
    {"news_report": 60, "ngo_report": 15, "wire_copy": 10, "court_document": 5, "interview": 5, "social_post": 5}
)
LANGUAGES = Uneven({"en": 60, "ru": 10, "tr": 8, "zh": 6, "ar": 6, "fr": 5, "ug": 3, "ko": 2})
COPIES = (Derivation.WIRE_COPY, Derivation.SYNDICATED_COPY, Derivation.REWRITE)
RELIABILITIES = Uneven(
    {"": 40, Reliability.A: 5, Reliability.B: 25, Reliability.C: 20, Reliability.D: 8, Reliability.E: 2}
)
RECENT = 500
TREATIES = 60


class Documents:
    """Adds documents. Some are copies of earlier ones; one document can tell of several cases."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.chance = ground, ground.chance
        self.outlets: Uneven[str] = Uneven.by_rank(self.chance.shuffled(OUTLETS))
        self.originals: list[int] = []
        self.added = 0

    def about(self, day: date) -> int:
        """Return a document that tells of something of this day: mostly a new one."""
        if self.originals and self.chance.happens(0.25):
            return self.chance.one_of(self.originals)
        if self.originals and self.chance.happens(0.3):
            above = self.chance.one_of(self.originals)
            return self._document(day, derived_from_id=above, origin_id=above, derivation=self.chance.one_of(COPIES))
        document = self._document(day)
        if len(self.originals) < RECENT:
            self.originals.append(document)
        else:
            self.originals[self.added % RECENT] = document
        return document

    def _document(self, day: date, **descent: object) -> int:
        self.added += 1
        outlet = self.chance.draw(self.outlets)
        return self.ground.record(
            SourceDocument,
            title=f"Report {self.added} of the {outlet}",
            outlet=outlet,
            kind_id=self.chance.draw(KINDS),
            language=self.chance.draw(LANGUAGES),
            published=self.chance.after(day, 20).isoformat(),
            reliability=self.chance.draw(RELIABILITIES),
            **descent,
        )

    def treaties(self) -> list[int]:
        """Add the agreements that cases rely on, each cited by a document of its own."""
        return [self._treaty(number) for number in range(1, TREATIES + 1)]

    def _treaty(self, number: int) -> int:
        day, chance = self.chance.day(), self.chance
        one = chance.draw(self.ground.origins)
        other = self.ground.host_of(one)
        kind = chance.one_of(list(AgreementKind))
        signed = day.isoformat()
        treaty = self.ground.record(Agreement, title=f"Treaty {number} on {kind.label}", kind=kind, signed=signed)
        document = self.about(day)
        self.ground.cite(document, "signed", signed, agreement_id=treaty)
        for code in (one, other):
            self.ground.link(Agreement, "countries", treaty, country_id=code)
            state = chance.one_of(list(RatificationState))
            on = chance.vaguely(chance.after(day, 300)) if state is RatificationState.RATIFIED else ""
            ratified = {"agreement_id": treaty, "country_id": code, "state": state, "on": on}
            self.ground.cited_part(document, "state", Ratification, **ratified)
        return treaty

    def assembly(self, country: str) -> None:
        """Add an assembly in a country."""
        day = self.chance.day()
        title = f"Assembly {self.added} of an exile community"
        event = self.ground.record(Event, title=title, start=day.isoformat(), country_id=country)
        self.ground.cite(self.about(day), "start", day.isoformat(), event_id=event)
