"""Plain functions that make one record each, published and public unless told otherwise.

Each fills in what a test does not care about; whatever a test is about, it says itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import count
from typing import Any

from cases.models import (
    Actor,
    Agreement,
    CcfEvent,
    CcfRequest,
    Citation,
    ClockRule,
    Country,
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
    Outcome,
    PerpetratorKind,
    Person,
    PersonDetail,
    PersonName,
    Ratification,
    Relationship,
    Stage,
    Tactic,
    TacticUsed,
    TargetCategory,
    Warrant,
)
from sources.models import Capture, SourceDocument, SourceKind

PUBLISHED = {"level": "public", "review": "published"}
PUBLIC = {"level": "public"}
_number = count(1)

_COUNTRIES = {
    "CN": ("CHN", "China", ["PRC"], "Eastern Asia", 35.0, 105.0),
    "TR": ("TUR", "Türkiye", ["Turkey"], "Western Asia", 39.0, 35.0),
    "MA": ("MAR", "Morocco", [], "Northern Africa", 32.0, -6.0),
    "CA": ("CAN", "Canada", [], "Northern America", 60.0, -95.0),
    "NO": ("NOR", "Norway", [], "Northern Europe", 62.0, 10.0),
}


def make_country(code: str = "TR") -> Country:
    if code not in _COUNTRIES:  # one that a test has made by itself
        return Country.objects.get(pk=code)
    alpha3, name, aliases, region, latitude, longitude = _COUNTRIES[code]
    known = {"alpha3": alpha3, "name": name, "aliases": aliases, "region": region}
    return Country.objects.get_or_create(code=code, defaults=known | {"latitude": latitude, "longitude": longitude})[0]


def make_source(**fields: Any) -> SourceDocument:
    kind, _ = SourceKind.objects.get_or_create(
        code="news_report", defaults={"label": "news report", "meaning": "An article."}
    )
    number = next(_number)
    defaults = {"title": f"Report {number}", "outlet": "The Daily Lantern", "kind": kind, "published": "2019-02-05"}
    return SourceDocument.objects.create(**PUBLISHED | defaults | fields)


def make_person(name: str = "Aybek Tursun", **fields: Any) -> Person:
    """Make a person with a public primary name."""
    person = Person.objects.create(**PUBLISHED | {"label": name, "standing": "target"} | fields)
    make_name(person, text=name, kind="primary", level=person.level)
    return person


def make_name(person: Person, text: str = "Aibek Tursyn", **fields: Any) -> PersonName:
    return PersonName.objects.create(person=person, text=text, **PUBLIC | fields)


def make_detail(person: Person, **fields: Any) -> PersonDetail:
    return PersonDetail.objects.create(person=person, **PUBLIC | {"kind": "born", "date": "1980"} | fields)


def make_legal_status(person: Person, country: str = "CN", kind: str = "citizen", **fields: Any) -> LegalStatus:
    of_kind, _ = LegalStatusKind.objects.get_or_create(code=kind, defaults={"label": kind, "meaning": f"{kind}."})
    return LegalStatus.objects.create(person=person, country=make_country(country), kind=of_kind, **PUBLIC | fields)


def make_relationship(person: Person, relative: Person, kind: str = "spouse", **fields: Any) -> Relationship:
    return Relationship.objects.create(person=person, relative=relative, kind=kind, **PUBLIC | fields)


def make_incident(
    title: str = "Held in Istanbul",
    *,
    origin: str = "CN",
    location: str = "TR",
    tactics: Iterable[str] = (),
    **fields: Any,
) -> Incident:
    """Make an incident with a state behind it and a place, each "" where none is known, and tactics by their codes.

    These parts are as open as the incident.
    """
    defaults = {"scope": "cross_border", "start": "2018-10-31"}
    incident = Incident.objects.create(title=title, **PUBLISHED | defaults | fields)
    for part, code in (("origin", origin), ("location", location)):
        if code:
            make_part(incident, part, code, level=incident.level)
    for tactic in tactics:
        make_tactic_used(incident, tactic, level=incident.level)
    return incident


def make_part(incident: Incident, part: str = "origin", country: str = "CN", **fields: Any) -> IncidentCountry:
    """Give a country a part in an incident: "origin", "location", "transit" or "destination"."""
    return IncidentCountry.objects.create(
        incident=incident, part=part, country=make_country(country), **PUBLIC | fields
    )


def make_tactic_used(incident: Incident, tactic: str = "detention", **fields: Any) -> TacticUsed:
    return TacticUsed.objects.create(incident=incident, tactic=make_tactic(tactic), **PUBLIC | fields)


def make_actor(incident: Incident, words: str = "a police unit", **fields: Any) -> Actor:
    return Actor.objects.create(incident=incident, words=words, **PUBLIC | fields)


def make_demand(involvement: Involvement, kind: str = "return", **fields: Any) -> Demand:
    return Demand.objects.create(involvement=involvement, kind=kind, **PUBLIC | fields)


def make_tactic(code: str = "detention", **fields: Any) -> Tactic:
    defaults = {"label": code, "meaning": f"{code}.", "family": "via_host"}
    return Tactic.objects.get_or_create(code=code, defaults=defaults | fields)[0]


def make_category(code: str = "activist") -> TargetCategory:
    return TargetCategory.objects.get_or_create(code=code, defaults={"label": code, "meaning": f"{code}."})[0]


def make_perpetrator_kind(code: str = "host_police") -> PerpetratorKind:
    known = {"label": code, "meaning": f"{code}."}
    return PerpetratorKind.objects.get_or_create(code=code, defaults=known)[0]


def make_outcome(code: str) -> Outcome:
    return Outcome.objects.get_or_create(code=code, defaults={"label": code, "meaning": f"{code}."})[0]


def make_involvement(incident: Incident, person: Person, role: str = "subject", **fields: Any) -> Involvement:
    said = {"status": "ongoing", "status_as_of": "2019-02-05"}
    return Involvement.objects.create(incident=incident, person=person, role=role, **PUBLIC | said | fields)


def make_stage(involvement: Involvement, kind: str = "detention", occurred: str = "2018-10-31", **fields: Any) -> Stage:
    ends = {
        name: make_country(fields.pop(name)) for name in ("country", "destination") if isinstance(fields.get(name), str)
    }
    return Stage.objects.create(involvement=involvement, kind=kind, occurred=occurred, **PUBLIC | ends | fields)


def make_notice(person: Person, *, requested_by: str = "CN", **fields: Any) -> Notice:
    defaults = {"instrument": "red_notice", "requested_by": make_country(requested_by)}
    return Notice.objects.create(person=person, **PUBLISHED | defaults | fields)


def make_notice_event(notice: Notice, state: str = "published", occurred: str = "2017", **fields: Any) -> NoticeEvent:
    return NoticeEvent.objects.create(notice=notice, state=state, occurred=occurred, **PUBLIC | fields)


def make_warrant(notice: Notice, issuer: str = "CN", charge: str = "membership of a gang", **fields: Any) -> Warrant:
    """Make a warrant behind a notice; `issuer` is a country's code, or "" where only words are known."""
    country = make_country(issuer) if issuer else None
    return Warrant.objects.create(notice=notice, issuer=country, charge=charge, **PUBLIC | fields)


def make_ccf_request(notice: Notice | None = None, kind: str = "deletion", **fields: Any) -> CcfRequest:
    """Make a request about a notice; one of its own where none is given."""
    notice = notice or make_notice(make_person())
    return CcfRequest.objects.create(notice=notice, kind=kind, **PUBLISHED | fields)


def make_ccf_event(request: CcfRequest, state: str = "filed", occurred: str = "2026-01-10", **fields: Any) -> CcfEvent:
    return CcfEvent.objects.create(request=request, state=state, occurred=occurred, **PUBLIC | fields)


def make_clock_rule(
    code: str = "ccf_deletion",
    kind: str = "deletion",
    runs_from: str = "admissible",
    length: int = 9,
    valid_from: str = "2017-03-11",
    **fields: Any,
) -> ClockRule:
    """Make a rule of the commission's clocks; `valid_from` and `valid_to` as ISO days."""
    days = {name: date.fromisoformat(fields.pop(name)) for name in ("valid_to",) if fields.get(name)}
    given = {"kind": kind, "runs_from": runs_from, "length": length, "valid_from": date.fromisoformat(valid_from)}
    return ClockRule.objects.create(code=code, **{"basis": "CCF Statute, Art. 40"} | given | days | fields)


def make_duty(involvement: Involvement, kind: str = "reporting", due: str = "2019-01-25", **fields: Any) -> Duty:
    return Duty.objects.create(involvement=involvement, kind=kind, due=due, **PUBLIC | fields)


def make_agreement(*countries: str, **fields: Any) -> Agreement:
    defaults = {"title": "Extradition treaty", "kind": "extradition", "signed": "2017"}
    agreement = Agreement.objects.create(**PUBLISHED | defaults | fields)
    agreement.countries.set([make_country(code) for code in countries or ("CN", "TR")])
    return agreement


def make_event(**fields: Any) -> Event:
    return Event.objects.create(**PUBLISHED | {"title": "General Assembly", "start": "2021-11-23"} | fields)


def make_citation(source: SourceDocument, field: str, **fields: Any) -> Citation:
    """Make a citation; the record goes by its kind: make_citation(source, "label", person=person)."""
    place = {"paragraph": 1, "start": 0, "end": 20}
    return Citation.objects.create(source=source, field=field, **PUBLIC | place | fields)


def make_ratification(agreement: Agreement, country: str = "TR", **fields: Any) -> Ratification:
    defaults = {"country": make_country(country), "state": "not_ratified", "as_of": "2019-02-05"}
    return Ratification.objects.create(agreement=agreement, **PUBLIC | defaults | fields)


def make_capture(source: SourceDocument, **fields: Any) -> Capture:
    """Make the row of a sealed file; the file itself is kept by tests about files."""
    file = {"stored": f"{next(_number):064x}", "sha256": "0" * 64, "size": 1, "media_type": "text/html"}
    return Capture.objects.create(source=source, **PUBLIC | file | fields)
