"""Many cases at once, written in bulk, for tests about size: as varied as real ones, and the same in every run.

    make_bulk(10_000)

writes so many incidents with about 1.2 people each, their names, stages, notices, sources and citations, some 15 rows
to an incident: of every level, review state and team, in many countries and phases, with dates as vague as those of
sources. A sample of them is made here, row by row, with what `save()` would fill in; the database copies it, under
other keys and references, until there are enough. The triggers of the trail run, as for every write. The database must
hold no records before.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from itertools import count
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction

from cases.models import (
    Actor,
    Agreement,
    CcfEvent,
    CcfRequest,
    Citation,
    Country,
    CountryKey,
    Demand,
    Duty,
    Event,
    Incident,
    IncidentCountry,
    Involvement,
    LegalStatus,
    LegalStatusKind,
    Notice,
    NoticeEvent,
    Person,
    PersonDetail,
    PersonName,
    Ratification,
    Relationship,
    Stage,
    StoredLastSign,
    StoredLife,
    StoredSituation,
    Tactic,
    TacticUsed,
    ToldCase,
    ToldProcedure,
    UnstoredIncident,
    UnstoredNotice,
    UnstoredReason,
    Warrant,
)
from cases.situation.settling import settle_all
from cases.situation.settling_lives import settle_all_lives
from cases.vocabulary import (
    CaseStatus,
    CcfKind,
    CcfState,
    DemandKind,
    DutyKind,
    Instrument,
    NoticeState,
    Scope,
    StageKind,
)
from records.fields.edtf import UncertainDate
from records.models import ALPHABET, Team, settle
from sources.models import SourceDocument, SourceKind

#: How many incidents are made row by row; the others are copies of them.
SAMPLE = 2_000
#: Keys of one copy lie so far from those of the next.
STRIDE = 100_000
TEAMS = ("North", "South", "West")
LEVELS = {"public": 88, "partner": 4, "team": 6, "restricted": 2}
REVIEWS = {"published": 90, "draft": 4, "in_review": 3, "withheld": 2, "withdrawn": 1}
DATES = {
    "{year}-{month:02}-{day:02}": 50,
    "{year}-{month:02}": 20,
    "{year}": 12,
    "{year}-{month:02}~": 5,
    "{year}/{later}": 3,
    "{year}-21": 2,
    "{year}-{month:02}-{day:02}/..": 2,
    "../{year}": 1,
    "": 5,
}
GIVEN = (
    "Aybek",
    "Gulnar",
    "Dilmurat",
    "Rahile",
    "Yusuf",
    "Minewer",
    "Abliz",
    "Zulhayat",
    "Tursun",
    "Patigul",
    "Ekber",
    "Amina",
    "Idris",
    "Nur",
    "Osman",
)
FAMILY = (
    "Tursun",
    "Mamut",
    "Hasan",
    "Celil",
    "Sidiq",
    "Barat",
    "Imin",
    "Rozi",
    "Kerem",
    "Hoshur",
    "Sawut",
    "Niyaz",
    "Tohti",
    "Qasim",
    "Ghopur",
)
CODES = ("CN", "TR", "MA", "CA", "NO", "KZ", "TH", "EG", "AE", "DE", "US", "FR")
#: Every so many incidents there is an agreement and an event.
SELDOM = 40


@transaction.atomic
def make_bulk(incidents: int, seed: int = 1, *, settled: bool = False) -> None:
    """Write so many incidents, or as many more as make all copies equal, with all that belongs to them.

    Where the cases stand is worked out of the sample alone, if it is, and copied with it. PostgreSQL then carries out
    no triggers, which take most of the time: what they would mark and write down is worked out, or not asked for.
    """
    bulk, copies = Bulk(random.Random(seed)), -(-incidents // SAMPLE)
    for number in range(-(-incidents // copies)):
        bulk.case(number)
    with without_triggers() if settled else nullcontext():
        bulk.fill(copies, settled=settled)
    bulk.count_on()


@contextmanager
def without_triggers() -> Iterator[None]:
    """Let PostgreSQL carry out no triggers. SQLite's take no longer than the rows themselves."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def count_rows() -> None:
    """Let PostgreSQL count the rows: what it planned while tables were empty reads them whole for every row that comes.

    It keeps such plans, those of triggers too, as long as a connection lasts.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def country(code: str) -> Country:
    named = {"alpha3": f"{code}X", "name": f"Country {code}", "region": "Eastern Asia", "latitude": 0, "longitude": 0}
    return Country.objects.get_or_create(code=code, defaults=named)[0]


def reference(prefix: str, key: int) -> str:
    """Return a reference that stands anywhere among the others, as random ones do. It begins with the copy, 00."""
    number = key * 0x5DEECE66D % 32**6
    return f"{prefix}-00" + "".join(ALPHABET[number >> shift & 31] for shift in range(0, 30, 5))


@cache
def edtf(text: str) -> UncertainDate | None:
    return UncertainDate.parse_or_none(text)


class Bulk:
    """The rows of the sample, by model. Keys are counted here, so that no row waits for another to be written."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.rows: dict[type[Any], list[Any]] = defaultdict(list)
        self.keys: dict[type[Any], count[int]] = {}
        self.people: list[int] = []
        self.sources: list[int] = []
        self.countries = [country(code).pk for code in CODES]
        self.teams = [None] * 5 + [Team.objects.get_or_create(name=name)[0].pk for name in TEAMS]
        about = {"label": "term", "meaning": "A term."}
        SourceKind.objects.get_or_create(code="news_report", defaults=about)
        LegalStatusKind.objects.get_or_create(code="citizen", defaults=about)
        Tactic.objects.get_or_create(code="detention", defaults=about | {"family": "via_host"})

    def case(self, number: int) -> None:
        """Add one incident and all that belongs to it."""
        subjects = [self.person()]
        if number % 5 == 0:
            subjects.append(self.chance.choice(self.people))
        source = self.source(number)
        incident = self.incident(number)
        self.cite(source, incident=incident, field="start")
        for person in dict.fromkeys(subjects):
            self.cite(source, person=person, field="label")
            self.involve(incident, person, source)
        if number % 3 == 0:
            self.notice(subjects[0], source)
        if number % 4 == 0:
            relative = self.chance.choice(self.people)
            self.add(Involvement, incident_id=incident, person_id=relative, role="relative")
            if relative != subjects[0]:
                self.add(Relationship, person_id=subjects[0], relative_id=relative, kind="sibling")
        if number % SELDOM == 0:
            self.context(number)

    def person(self) -> int:
        name = f"{self.chance.choice(GIVEN)} {self.chance.choice(FAMILY)}"
        country = self.chance.choice(self.countries)
        person = self.record(Person, label=name, standing="target", residence_id=country, ethnicity="Uyghur")
        self.people.append(person)
        self.add(PersonName, person_id=person, text=name, kind="primary")
        if self.perhaps(0.4):
            self.add(PersonName, person_id=person, text=name.replace("u", "o"), kind="misprint")
            self.add(PersonDetail, person_id=person, kind="born", date=self.date(1950, 2000))
            self.add(LegalStatus, person_id=person, country_id=country, kind_id="citizen", since=self.date())
        return person

    def source(self, number: int) -> int:
        """Add a source; every third one is a copy of an earlier one."""
        descent = {}
        if number % 3 == 2:
            original = self.chance.choice(self.sources[::3][-100:])
            descent = {"derived_from_id": original, "origin_id": original, "derivation": "wire_copy"}
        title, outlet = f"Report {number}", f"The Daily Lantern {number % 50}"
        published = self.date()
        source = self.record(
            SourceDocument, title=title, outlet=outlet, kind_id="news_report", published=published, **descent
        )
        self.sources.append(source)
        return source

    def incident(self, number: int) -> int:
        origin, location = self.chance.choices(self.countries, k=2)
        incident = self.record(
            Incident,
            title=f"Held in {location} {number}",
            scope=self.chance.choice(list(Scope)),
            start=self.date(),
        )
        for part, code, attribution in (("origin", origin, "stated"), ("location", location, "")):
            self.add(IncidentCountry, incident_id=incident, part=part, country_id=code, attribution=attribution)
        self.add(TacticUsed, incident_id=incident, tactic_id="detention")
        if number % 3 == 0:
            self.add(Actor, incident_id=incident, words="a police unit", part="carried_out")
        return incident

    def involve(self, incident: int, person: int, source: int) -> None:
        """Add a person's part in an incident: two or three stages, each cited, and now and then a duty."""
        status = {"status": self.chance.choice(list(CaseStatus)), "status_as_of": self.date()}
        involvement = self.add(Involvement, incident_id=incident, person_id=person, role="subject", **status)
        part = {"involvement_id": involvement, "incident_id": incident}
        for position in range(1, self.chance.randint(3, 4)):
            stage = {"kind": self.chance.choice(list(StageKind)), "country_id": self.chance.choice(self.countries)}
            self.cite(source, stage=self.add(Stage, **part, **stage, position=position, occurred=self.date()))
        if self.perhaps(0.1):
            self.add(Demand, **part, kind=self.chance.choice(list(DemandKind)), occurred=self.date())
        if self.perhaps(0.2):
            due = self.date() or edtf("2026-11-20")
            self.add(Duty, **part, kind=self.chance.choice(list(DutyKind)), due=due, rhythm="weekly")

    def notice(self, person: int, source: int) -> None:
        """Add a notice with two events, and now and then a request about it to the commission."""
        instrument = self.chance.choice(list(Instrument))
        requested_by = self.chance.choice(self.countries)
        notice = self.record(Notice, person_id=person, instrument=instrument, requested_by_id=requested_by)
        self.cite(source, notice=notice, field="instrument")
        self.add(
            Warrant, notice_id=notice, issuer_id=requested_by, charge="fraud", accusation="fraud", date=self.date()
        )
        for position, state in enumerate(self.chance.sample(list(NoticeState), k=2)):
            self.add(NoticeEvent, notice_id=notice, state=state, occurred=self.date(), position=position)
        if self.perhaps(0.3):
            request = self.record(CcfRequest, notice_id=notice, kind=self.chance.choice(list(CcfKind)))
            for position, step in enumerate((CcfState.FILED, CcfState.ADMISSIBLE)):
                self.add(CcfEvent, request_id=request, state=step, occurred=self.date(2024, 2026), position=position)

    def context(self, number: int) -> None:
        """Add an agreement and an event."""
        agreement = self.record(Agreement, title=f"Treaty {number}", kind="extradition", signed=self.date())
        for code in self.chance.sample(self.countries, k=2):
            self.add(Ratification, agreement_id=agreement, country_id=code, on=self.date())
            self.link(Agreement.countries.through, agreement_id=agreement, country_id=code)
        self.record(Event, title=f"Assembly {number}", start=self.date(), country_id=self.chance.choice(self.countries))

    def cite(self, source: int, field: str = "occurred", **about: int) -> None:
        record = {f"{name}_id": key for name, key in about.items()}
        self.add(Citation, source_id=source, field=field, paragraph=1, start=0, end=20, **record)

    def record(self, model: Any, **fields: Any) -> int:
        """Add a record that stands on its own."""
        review = self.one_of(REVIEWS)
        return self.add(model, review=review, team_id=self.chance.choice(self.teams), **fields)

    def add(self, model: Any, **fields: Any) -> int:
        """Add a row, and return its key."""
        key = next(self.keys.setdefault(model, count(1)))
        self.rows[model].append(model(pk=key, ref=reference(model.prefix(), key), level=self.one_of(LEVELS), **fields))
        return key

    def link(self, through: type[models.Model], **ends: Any) -> None:
        self.rows[through].append(through(**ends))

    def one_of(self, weights: dict[str, int]) -> str:
        return self.chance.choices(list(weights), list(weights.values()))[0]

    def perhaps(self, chance: float) -> bool:
        return self.chance.random() < chance

    def date(self, first: int = 2005, last: int = 2026) -> UncertainDate | None:
        year, month, day = self.chance.randint(first, last), self.chance.randint(1, 12), self.chance.randint(1, 28)
        return edtf(self.one_of(DATES).format(year=year, later=year + 3, month=month, day=day))

    def fill(self, copies: int, *, settled: bool) -> None:
        """Write the sample and so many copies of it."""
        self.write()
        if settled:
            self.settle()
        count_rows()
        for copy in range(1, copies):
            self.copy(copy)
        settle()  # where there are triggers, a lane that comes with a copied row is not believed
        if settled:
            self.list_unstored(copies)

    def write(self) -> None:
        """Write the sample. Whether rows point to rows that exist is asked at the end of the transaction only."""
        for model, rows in self.rows.items():
            model._default_manager.bulk_create(rows)

    def copy(self, number: int) -> None:
        """Let the database write the sample once more, under the keys and references of this copy."""
        with connection.cursor() as cursor:
            for model in self.rows:
                values = {field.column: self.copied(model, field, number) for field in model._meta.concrete_fields}
                if model not in self.keys:
                    del values["id"]
                table, columns = model._meta.db_table, ", ".join(f'"{column}"' for column in values)
                key = next(column for column, value in values.items() if value.endswith(f"+ {number * STRIDE}"))
                rows = f'SELECT {", ".join(values.values())} FROM {table} WHERE "{key}" <= {STRIDE}'
                cursor.execute(f"INSERT INTO {table} ({columns}) {rows}")

    def copied(self, model: type[models.Model], field: Any, number: int) -> str:
        """Return the SQL of a column of the copy."""
        if (field.primary_key and model in self.keys) or field.related_model in self.keys:
            return f'"{field.column}" + {number * STRIDE}'
        letters = ALPHABET[number // 32] + ALPHABET[number % 32]
        if field.name == "ref":
            return f"substr(ref, 1, 4) || '{letters}' || substr(ref, 7)"
        if field.name in ("order", "counted_stage"):  # where stages are named
            return f"replace(\"{field.column}\", 'STG-00', 'STG-{letters}')"
        return f'"{field.column}"'

    def settle(self) -> None:
        """Work out where the cases of the sample stand, and copy that from now on."""
        UnstoredIncident.mark_all()
        assert sum(settle_all()) == len(self.rows[Incident])
        UnstoredNotice.mark_all()
        assert sum(settle_all_lives()) == len(self.rows[Notice])
        stored = (StoredSituation, StoredLastSign, StoredLife, CountryKey, ToldCase, ToldProcedure)
        self.rows |= {model: [] for model in stored}
        self.keys[ToldCase] = count(1)

    def list_unstored(self, copies: int) -> None:
        """List the copies of the incidents and notices that some readers have worked out, and no others."""
        models: tuple[Any, ...] = (UnstoredIncident, UnstoredNotice)
        for model in models:
            model.objects.filter(reason=UnstoredReason.WRITTEN).delete()
            listed = list(model.objects.values_list(model.key, "reason"))
            model.objects.bulk_create(
                model(**{model.key: key + copy * STRIDE}, reason=reason)
                for copy in range(1, copies)
                for key, reason in listed
            )

    def count_on(self) -> None:
        """Let PostgreSQL count on from the last keys that were given out here."""
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self.keys)):
                cursor.execute(statement)
