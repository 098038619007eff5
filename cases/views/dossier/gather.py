"""Reads what one reader may see of one person into a Dossier, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects

from cases.codebook.incident_parts import agreement_seen, parts_of, parts_seen
from cases.codebook.notices import notices_of_page, requests_of_page
from cases.codebook.people import rows_of_page
from cases.duties.deadlines import deadlines
from cases.return_risk.danger_signals import open_across, signals
from cases.return_risk.records import records_at_risk
from cases.situation.cited import independent
from cases.situation.sentence import who
from cases.views.chronology import cases_of, country_names, stages_of
from cases.views.dossier.chronology import case, chronology
from cases.views.dossier.content import Dossier, day_words
from cases.views.dossier.identity import appearances, births, facts_of, names_of, standing_of
from cases.views.dossier.notices import due_of, notice_life, request_life
from cases.views.dossier.return_risk import in_words, records_of
from cases.views.dossier.sources import cited_sources, in_groups
from cases.views.dossier.statements import Statements
from cases.views.evidence import Evidence
from records.models import ReviewedRecord
from records.vocabulary import Level, Review

#: What no dossier holds, whoever makes it: it is made to be handed on.
NEVER = "Addresses, contacts, numbers of documents and facts about health are never in a dossier."
RULE = (
    "It holds what this reader may see; facts of a higher level, if there are any, are not in it and are not counted "
    "here."
)


@dataclass(frozen=True)
class Gathered:
    """The rows of one person that one reader may see."""

    person: Any
    notices: list[Any]
    requests: list[Any]
    due: list[Any]
    signals: list[Any]
    countries: dict[str, str]
    evidence: Evidence
    records: list[Any]


def see(reader: Any, ref: str, today: date) -> Gathered | None:
    """Read the rows that the dossier draws on; None where the reader sees no such person."""
    person = rows_of_page(reader).filter(ref=ref).first()
    if person is None:
        return None
    involved = person.visible_involvements
    stages = stages_of(involved)
    notices = list(notices_of_page(reader).filter(person=person))
    requests = list(requests_of_page(reader).filter(notice__person=person))
    due = deadlines(reader, today, person=person, involvements=involved)
    parts = [person, *person.visible_names, *person.visible_legal_statuses, *births(person)]
    events = [event for life in [*notices, *requests] for event in life.visible_events]
    warrants = [warrant for notice in notices for warrant in notice.visible_warrants]
    incidents = [row.incident for row in involved]
    prefetch_related_objects(incidents, agreement_seen(reader), *parts_seen(reader, None))
    told = [part for incident in incidents for part in parts_of(incident)]
    awaited = [record for each in due for record in each.records]
    records = {
        (type(record), record.pk): record
        for record in [*parts, *involved, *incidents, *told, *stages, *notices, *requests, *warrants, *events, *awaited]
    }
    countries = country_names()
    at_risk = records_at_risk(reader, person, open_across(involved, today), today, countries, records.values())
    dangers = signals(at_risk)
    everything = [*records.values(), *records_of(dangers, at_risk)]
    return Gathered(person, notices, requests, due, dangers, countries, at_risk.evidence, everything)


def gather(reader: Any, ref: str, today: date, made_for: str, *, notes: bool = True) -> Dossier | None:
    """Return the dossier of a person as `reader` sees it on a day; None where the reader sees no such person.

    `made_for` says in words who the reader is. Without `notes`, what is kept as a note is left out and counted.
    """
    seen = see(reader, ref, today)
    if seen is None:
        return None
    return build_dossier(seen, reader, today, made_for, notes=notes)


def one_person_words(records: list[Any]) -> list[str]:
    """Name the records that one person published, if any."""
    refs = sorted({record.ref for record in records if isinstance(record, ReviewedRecord) and record.one_person})
    if not refs:
        return []
    return [f"Approved by somebody who may be the same person as whoever wrote it: {', '.join(refs)}."]


def build_dossier(seen: Gathered, reader: Any, today: date, made_for: str, *, notes: bool) -> Dossier:
    """Put what was read into words, part by part: the order in which statements get their numbers."""
    person, statements, countries = seen.person, Statements(seen.evidence), seen.countries
    own, standing = cases_of(person.visible_involvements), standing_of(person, statements)
    known, names = facts_of(person, statements, countries), names_of(person, statements)
    cases = tuple(case(row, statements, seen.evidence, countries) for row in own)
    appears_in = appearances(person, statements)
    steps, undated = chronology(own, statements, countries, notes=notes)
    notices = tuple(notice_life(each, statements, countries, notes=notes) for each in seen.notices)
    requests = tuple(request_life(each, statements, notes=notes) for each in seen.requests)
    due = due_of(seen.due, today, statements)
    dangers = in_words(seen.signals, statements)
    disagreements = statements.disagreements(countries)
    sources = cited_sources(reader, statements.sources)
    captures = [capture for source in sources for capture in source.visible_captures]
    return Dossier(
        label=person.label,
        ref=person.ref,
        day=today,
        prepared=(
            f"Prepared for {made_for} on {day_words(today)}.",
            RULE,
            level_words([*seen.records, *statements.citations, *sources, *captures]),
            *one_person_words([*seen.records, *sources]),
            NEVER,
            *([] if notes else [f"Left out by choice of whoever made it: notes ({notes_in(seen, sources)})."]),
        ),
        standing=standing,
        who=known,
        names=names,
        cases=cases,
        no_case="" if cases else who(person),
        appears_in=appears_in,
        steps=steps,
        undated=undated,
        disagreements=disagreements,
        notices=notices,
        requests=requests,
        due=due,
        signals=dangers,
        statements=statements.numbered(),
        groups=in_groups(sources, statements.sources, notes=notes),
        independent=independent(statements.citations),
    )


def level_words(records: list[Any]) -> str:
    """Say up to which level the contents go, so that whoever holds the paper knows to whom it may be shown."""
    highest = max((Level(record.level) for record in records), key=lambda level: level.rank)
    words = f"The highest level of what is in it is “{highest.label}”: {highest.meaning}"
    if any(getattr(record, "review", Review.PUBLISHED) != Review.PUBLISHED for record in records):
        words += " Some of it is not published."
    return words


def notes_in(seen: Gathered, sources: list[Any]) -> int:
    """Return how many notes the dossier would hold."""
    stages = [stage for row in seen.person.visible_involvements for stage in row.visible_stages]
    return sum(bool(record.note) for record in [*stages, *seen.notices, *seen.requests, *sources])
