"""Whole cases for tests that ask the same of every resource: each has a row of every kind, cited."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tests.factories import (
    make_actor,
    make_agreement,
    make_ccf_event,
    make_ccf_request,
    make_citation,
    make_country,
    make_demand,
    make_detail,
    make_duty,
    make_event,
    make_incident,
    make_involvement,
    make_legal_status,
    make_name,
    make_notice,
    make_notice_event,
    make_perpetrator_kind,
    make_person,
    make_ratification,
    make_relationship,
    make_source,
    make_stage,
    make_tactic_used,
    make_warrant,
)

COUNTRIES = ("CN", "TR", "MA", "CA", "NO")
STAGES = ("detention", "decision_pending", "conditional_release", "deportation", "release")


def make_case(number: int) -> SimpleNamespace:
    """Make the rows of one case; `number` varies its values, so that several cases differ and share some of them."""
    country = COUNTRIES[number % 4 + 1]
    person = make_person(f"Aybek Tursun {number % 7}", residence=make_country(country), sex="male", ethnicity="Uyghur")
    relative = make_person(f"Gulnar Tursun {number}", standing="other", role="relative", kind="individual")
    group = make_person(f"Passengers {number}", kind="group", headcount_min=2, headcount_max=5, standing="linked")
    treaty = make_agreement("CN", country, title=f"Treaty {number % 4}")
    incident = make_incident(
        f"Held in {country} {number % 3}",
        location=country,
        start=("2018-10-31", "2018-10", "2018", "", "2017/2019")[number % 5],
        summary="Held at home.",
        tactics=["rendition"],
        agreement=treaty,
    )
    ministry = make_person(f"Ministry {number % 3}", kind="organisation", standing="other", role="official")
    involvement = make_involvement(incident, person)
    make_involvement(incident, relative, role="relative")
    make_involvement(incident, group)
    stages = [
        make_stage(involvement, kind, f"2018-{month:02d}", position=month, country=make_country(country))
        for month, kind in enumerate(STAGES[: number % 5 + 1], start=1)
    ]
    notice = make_notice(person)
    events = [make_notice_event(notice), make_notice_event(notice, "deleted", "2018", position=1)]
    request = make_ccf_request(notice, ("access", "deletion")[number % 2])
    steps = [make_ccf_event(request), make_ccf_event(request, "admissible", "2026-02", position=1)]
    gathering = make_event(title=f"Assembly {number % 3}", country=make_country(country))
    source = make_source(title=f"Report {number % 6}", author="A. Writer", language="en")
    copy = make_source(title=f"Copy {number}", derived_from=source, derivation="wire_copy")
    case = SimpleNamespace(
        source=source,
        copy=copy,
        person=person,
        relative=relative,
        group=group,
        person_name=make_name(person, f"Aibek Tursyn {number}"),
        person_detail=make_detail(person),
        legal_status=make_legal_status(person),
        relationship=make_relationship(person, relative),
        organisation=ministry,
        incident=incident,
        incident_country=incident.country_parts.get(part="location"),
        tactic_used=make_tactic_used(incident, "detention", occurred=("2018-11", "")[number % 2]),
        actor=make_actor(incident, f"a police unit {number % 3}", organisation=ministry, kind=make_perpetrator_kind()),
        demand=make_demand(involvement, occurred="2018", threat="prison"),
        involvement=involvement,
        stages=stages,
        stage=stages[0],
        notice=notice,
        notice_event=events[0],
        warrant=make_warrant(notice),
        duty=make_duty(involvement, rhythm=("", "weekly")[number % 2]),
        ccf_request=request,
        ccf_event=steps[0],
        agreement=treaty,
        ratification=make_ratification(treaty, country),
        event=gathering,
    )
    case.citations = [make_citation(source, **about) for about in statements(case)]
    case.citations.append(make_citation(copy, "label", person=person, stance="misprint", preferred=False))
    return case


def statements(case: SimpleNamespace) -> list[dict[str, Any]]:
    """What the case's source says: something about a row of every kind that can be cited."""
    fields = {
        "person": "label",
        "person_name": "text",
        "person_detail": "date",
        "legal_status": "country",
        "relationship": "kind",
        "incident": "start",
        "incident_country": "country",
        "tactic_used": "tactic",
        "actor": "words",
        "demand": "kind",
        "involvement": "role",
        "stage": "occurred",
        "notice": "instrument",
        "notice_event": "state",
        "warrant": "charge",
        "duty": "due",
        "ccf_request": "kind",
        "ccf_event": "state",
        "agreement": "signed",
        "ratification": "state",
        "event": "start",
    }
    return [{name: getattr(case, name), "field": field} for name, field in fields.items()]
