"""The records on which the signals of the danger of return rest, fetched for all cases of a person at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import DateField, Prefetch, Q, QuerySet, Value

from cases.filters.notices import is_active
from cases.models import (
    Agreement,
    IncidentCountry,
    Involvement,
    LegalStatus,
    Notice,
    NoticeEvent,
    Person,
    Ratification,
    Relationship,
    Stage,
)
from cases.return_risk.rules import Verdict, came
from cases.situation.cited import cited_by
from cases.situation.phrases import in_a_sentence
from cases.situation.places import hosts, origins
from cases.views.evidence import Evidence, Proof
from cases.views.links import page_of
from cases.vocabulary import CountryPart, InvolvementRole, NoticeState, RelationshipKind, StageKind
from records.fields.uncertain_date import Certainty, in_order
from records.models import Record

#: Of the earlier returns on one way, a page lists no more than so many; it counts them all.
LISTED = 10


@dataclass(frozen=True)
class Return:
    """An earlier removal of somebody, and whether it certainly (True) or perhaps (None) lay before the day."""

    stage: Stage
    verdict: Verdict


@dataclass
class RecordsAtRisk:
    """The records that bear on a person's `cases`, as far as one reader may see them, and what is said of each."""

    person: Person
    cases: list[Any]
    day: date
    countries: dict[str, str]
    statuses: list[LegalStatus] = field(default_factory=list)
    agreements: list[Any] = field(default_factory=list)
    returns: list[Stage] = field(default_factory=list)
    lawyers: list[Involvement] = field(default_factory=list)
    relations: list[Relationship] = field(default_factory=list)
    notices: list[Any] = field(default_factory=list)
    evidence: Evidence = field(init=False)

    @property
    def records(self) -> list[Record]:
        """All of them, with their parts; of the earlier removals no more than are listed."""
        if not self.cases:
            return []
        return [
            *(self.person, *self.cases, *self.statuses, *self.agreements, *self.lawyers, *self.relations),
            *self.notices,
            *(stage for case in self.cases for stage in case.visible_stages),
            *(row for agreement in self.agreements for row in agreement.visible_ratifications),
            *(event for notice in self.notices for event in notice.told_events),
            *(found.stage for case in self.cases for found in self.returns_before(case)[:LISTED]),
        ]

    @cached_property
    def in_circulation(self) -> dict[str, set[int]]:
        """The keys of the notices that are in circulation on the day, by how sure that is."""
        return {
            certainty: {notice.pk for notice in self.notices if is_active(notice, certainty)} for certainty in Certainty
        }

    def country(self, code: str) -> str:
        return in_a_sentence(self.countries.get(code, code))

    def either(self, codes: Iterable[str]) -> str:
        """Return countries in words: "China", "Belarus or Russia"."""
        return " or ".join(map(self.country, codes))

    def agreements_between(self, origins: Collection[str], hosts: Collection[str]) -> list[Any]:
        """Return the agreements to which one of some origins and one of some hosts are parties."""
        return [row for row in self.agreements if parties_of(row) & {*origins} and parties_of(row) & {*hosts}]

    def returns_before(self, case: Any) -> list[Return]:
        """Return the removals of others, on the way of a case, that certainly or perhaps lay before the day."""
        return earlier(self.returns, case, self.day)

    def circulation(self, notice: Any) -> Verdict:
        """Return whether a notice was in circulation. Where no event says that it ever was, that cannot be told."""
        for certainty, verdict in ((Certainty.CERTAIN, True), (Certainty.POSSIBLE, None)):
            if notice.pk in self.in_circulation[certainty]:
                return verdict
        decisive = {*NoticeState.alive(), *NoticeState.ending()}
        return False if any(event.state in decisive for event in notice.told_events) else None

    def lawyers_of(self, case: Any) -> Iterator[tuple[str, str, Person, str, Proof]]:
        """Yield who acts for the person: record, field, lawyer, page and evidence."""
        for row in self.lawyers:
            if row.incident_id == case.incident_id:
                page = f"{page_of('incident', case.incident.ref)}#{row.ref}"
                yield row.ref, "role", row.person, page, self.evidence.of(row)
        for relation in self.relations:
            page = f"{page_of('person', self.person.ref)}#{relation.ref}"
            yield relation.ref, "kind", relation.relative, page, self.evidence.of(relation)


def records_at_risk(
    user: Any, person: Person, cases: list[Any], day: date, countries: dict[str, str], also: Iterable[Record] = ()
) -> RecordsAtRisk:
    """Fetch what bears on some cases of a person, in a constant number of queries; without a case nothing does.

    The evidence is about these records and about what is asked for `also`.
    """
    found = RecordsAtRisk(person, cases, day, countries)
    if cases:
        _fetch(user, found)
    found.evidence = Evidence(user, [*also, *found.records])
    return found


def _fetch(user: Any, found: RecordsAtRisk) -> None:
    person, cases = found.person, found.cases
    behind = {code for case in cases for code in origins(case.incident)}
    host = {code for case in cases for code in hosts(case.incident)}
    # Where somebody lives is no status in law: it says nothing of their papers.
    in_law = LegalStatus.objects.visible_to(user).exclude(kind="lives_there")
    acting = Involvement.objects.visible_to(user).filter(role=InvolvementRole.LAWYER).select_related("person")
    engaged = Relationship.objects.visible_to(user).filter(person=person, kind=RelationshipKind.LAWYER)
    found.statuses = list(in_law.filter(person=person).select_related("kind"))
    found.agreements = list(agreements_of(user, behind, host))
    found.returns = with_countries(user, removals(user, behind, host))
    found.lawyers = list(acting.filter(incident__in=[case.incident_id for case in cases]))
    found.relations = list(engaged.select_related("relative"))
    found.notices = list(notices_of(user, person, found.day))


def parties_of(agreement: Any) -> set[str]:
    """The parties to an agreement, by code."""
    return {country.pk for country in agreement.countries.all()}


def agreements_of(user: Any, behind: set[str], host: set[str]) -> QuerySet:
    """Return the agreements to which a state behind the cases and a host are parties."""
    rows = Agreement.objects.visible_to(user).filter(countries__in=behind).filter(countries__in=host).distinct()
    ratifications = Ratification.objects.visible_to(user)
    return rows.order_by(*in_order("signed"), "ref").prefetch_related(
        "countries", Prefetch("ratifications", ratifications, to_attr="visible_ratifications")
    )


def removals(user: Any, behind: set[str], host: set[str]) -> QuerySet:
    """Return the removals behind which one of these states stands and that began in one of the hosts, latest first."""
    countries = IncidentCountry.objects.visible_to(user)
    of_states = countries.of_part(CountryPart.ORIGIN).filter(country__in=behind)
    in_hosts = countries.hosts(user).filter(country__in=host)
    rows = Stage.objects.visible_to(user).filter(
        kind__in=StageKind.removals(), incident__in=of_states.values("incident")
    )
    rows = rows.filter(Q(country__in=host) | Q(incident__in=in_hosts.values("incident")))
    return rows.select_related("incident", "involvement__person").latest_first()


def with_countries(user: Any, stages: QuerySet) -> list[Stage]:
    """Return stages whose incidents have the countries that `user` may see. Two queries, however many there are."""
    told = defaultdict(list)
    for row in IncidentCountry.objects.visible_to(user).filter(incident__in=stages.order_by().values("incident")):
        told[row.incident_id].append(row)
    found = list(stages)
    for stage in found:
        stage.incident.visible_countries = told[stage.incident_id]
    return found


def notices_of(user: Any, person: Person, day: date) -> QuerySet:
    events = NoticeEvent.objects.visible_to(user).in_order().prefetch_related(cited_by(user))
    rows = Notice.objects.visible_to(user).filter(person=person).annotate(as_of=Value(day, output_field=DateField()))
    return rows.prefetch_related(Prefetch("events", events, to_attr="told_events"))


def left(stage: Stage) -> set[str]:
    """Return the countries that a removal may have begun in: the stage's own, else those that hosted the incident."""
    return {stage.country_id} if stage.country_id else {*hosts(stage.incident)}


def earlier(stages: list[Stage], case: Any, day: date) -> list[Return]:
    """Return the removals of others on the way of a case, without those that certainly did not come before a day."""
    incident, eve = case.incident, day - timedelta(days=1)
    same_way = [
        stage
        for stage in stages
        if left(stage) & {*hosts(incident)}
        and {*origins(stage.incident)} & {*origins(incident)}
        and stage.involvement_id != case.pk
    ]
    found = [Return(stage, came(stage.occurred, eve)) for stage in same_way]
    return [each for each in found if each.verdict is not False]
