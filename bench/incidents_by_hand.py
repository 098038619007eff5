"""The SQL by hand of the list of incidents, with their people, stages and sources, as the API gives it."""

from __future__ import annotations

from collections.abc import Sequence

from bench.by_hand import WORKED_OUT, ByHand, seen, text
from cases.vocabulary import StageKind

#: The parts of an incident that are cited, each with its column on a citation and how to find it.
CITED = {
    "incident_country": "cases_incidentcountry",
    "actor": "cases_actor",
    "tactic_used": "cases_tacticused",
    "demand": "cases_demand",
    "involvement": "cases_involvement",
    "stage": "cases_stage",
}


def incidents_sql(hand: ByHand, lanes: Sequence[int]) -> str:
    """Return the statement; its values are the work and the reader."""
    row = hand.object(**_columns(hand, lanes))
    as_text = row if hand.is_sqlite else f"({row})::text"
    return (
        f"SELECT {as_text} FROM bench_key k JOIN cases_incident i ON i.id = k.id "
        "LEFT JOIN bench_incident w ON w.id = i.id AND w.reader = k.reader WHERE k.work = ? AND k.reader = ? "
        "ORDER BY k.place"
    )


def _columns(hand: ByHand, lanes: Sequence[int]) -> dict[str, str]:
    return {
        "ref": "i.ref",
        "title": "i.title",
        "scope": "i.scope",
        "tactics": _tactics(hand, lanes),
        **_countries(hand, lanes),
        "place": text("i.place"),
        "start": hand.date("i", "start"),
        "end": hand.date("i", "end"),
        "legal_basis": text("i.legal_basis"),
        "agreement": f"(SELECT ref FROM cases_agreement a WHERE a.id = i.agreement_id AND {seen('a', lanes)})",
        "actors": _actors(hand, lanes),
        "demands": _demands(hand, lanes),
        "summary": text("i.summary"),
        "people": _people(hand, lanes),
        "stages": _stages(hand, lanes),
        "freedom_house": hand.stored("w.freedom_house"),
        "notices": _notices(hand, lanes),
        "sources": _sources(hand, lanes),
        "independent_sources": "w.independent",
        "one_person": hand.boolean("i.one_person"),
    }


def _tactics(hand: ByHand, lanes: Sequence[int]) -> str:
    rows = (
        "cases_tacticused u JOIN cases_tactic t ON t.code = u.tactic_id WHERE u.incident_id = i.id "
        f"AND {seen('u', lanes)} ORDER BY t.position, t.code, u.occurred_earliest, u.ref"
    )
    return hand.list(hand.object(tactic="u.tactic_id", occurred=hand.date("u", "occurred")), rows)


def _countries(hand: ByHand, lanes: Sequence[int]) -> dict[str, str]:
    def rows(part: str, more: str = "") -> str:
        where = f"c.incident_id = i.id AND c.part = '{part}' AND {seen('c', lanes)}"
        return f"cases_incidentcountry c WHERE {where} {more} ORDER BY c.country_id"

    behind = rows("origin").replace("c.", "d.").replace("cases_incidentcountry c", "cases_incidentcountry d")
    behind = behind.partition(" ORDER BY")[0]
    origin = hand.object(country="c.country_id", attribution="c.attribution")
    return {
        "origins": hand.list(origin, rows("origin")),
        "hosts": hand.list(
            "c.country_id",
            rows("location", f"AND c.country_id NOT IN (SELECT d.country_id FROM {behind})"),
            is_json=False,
        ),
        **{
            f"{part}s": hand.list("c.country_id", rows(part), is_json=False)
            for part in ("location", "transit", "destination")
        },
    }


def _actors(hand: ByHand, lanes: Sequence[int]) -> str:
    organisation = f"(SELECT ref FROM cases_person p WHERE p.id = a.organisation_id AND {seen('p', lanes)})"
    actor = hand.object(
        words=text("a.words"),
        organisation=organisation,
        kind="a.kind_id",
        part=text("a.part"),
        confidence=text("a.confidence"),
        answer=text("a.answer"),
    )
    return hand.list(actor, f"cases_actor a WHERE a.incident_id = i.id AND {seen('a', lanes)} ORDER BY a.id")


def _demands(hand: ByHand, lanes: Sequence[int]) -> str:
    texts = {name: text(f"d.{name}") for name in ("kind", "channel", "carried_by", "threat")}
    demand = hand.object(person="p.ref", **texts, occurred=hand.date("d", "occurred"), note=text("d.note"))
    return hand.list(
        demand,
        "cases_demand d JOIN cases_involvement v ON v.id = d.involvement_id JOIN cases_person p ON p.id = v.person_id "
        f"WHERE d.incident_id = i.id AND {seen('d', lanes)} ORDER BY d.occurred_earliest, d.ref",
    )


def _people(hand: ByHand, lanes: Sequence[int]) -> str:
    status = hand.object(value="v.status", as_of=hand.date("v", "status_as_of"), reason=text("v.status_reason"))
    person = hand.object(
        person="p.ref",
        label="p.label",
        role="v.role",
        **{name: hand.stored(f"s.{name}_told") for name in WORKED_OUT},
        status=status,
        accusation=text("v.accusation"),
    )
    return hand.list(
        person,
        "cases_involvement v JOIN cases_person p ON p.id = v.person_id "
        "LEFT JOIN bench_case s ON s.id = v.id AND s.reader = k.reader "
        f"WHERE v.incident_id = i.id AND {seen('v', lanes)} ORDER BY v.id",
    )


def _stages(hand: ByHand, lanes: Sequence[int]) -> str:
    texts = {name: text(f"g.{name}") for name in ("place", "actor", "lawfulness", "host_part", "cause", "note")}
    stage = hand.object(
        ref="g.ref",
        person="p.ref",
        kind="g.kind",
        track=_told_of("g.kind", "track"),
        phase=_told_of("g.kind", "phase"),
        occurred=hand.date("g", "occurred"),
        country="g.country_id",
        destination="g.destination_id",
        headcount="g.headcount",
        detention_kind="g.detention_kind_id",
        in_absentia=hand.perhaps("g.in_absentia"),
        **texts,
    )
    return hand.list(
        stage,
        "cases_stage g JOIN cases_involvement v ON v.id = g.involvement_id JOIN cases_person p ON p.id = v.person_id "
        f"WHERE g.incident_id = i.id AND {seen('g', lanes)} ORDER BY g.occurred_earliest, g.position, g.ref",
    )


def _notices(hand: ByHand, lanes: Sequence[int]) -> str:
    return hand.list(
        "n.ref",
        "cases_involvement v JOIN cases_notice n ON n.person_id = v.person_id "
        f"WHERE v.incident_id = i.id AND v.role = 'subject' AND {seen('v', lanes)} AND {seen('n', lanes)} "
        "ORDER BY n.ref",
        is_json=False,
    )


def _sources(hand: ByHand, lanes: Sequence[int]) -> str:
    """Return the SQL of the sources that are cited for the incident or one of its parts, each once."""
    cited = [f"SELECT z.source_id FROM cases_citation z WHERE z.incident_id = i.id AND {seen('z', lanes)}"]
    cited += [
        f"SELECT z.source_id FROM {table} q CROSS JOIN cases_citation z "
        f"WHERE q.incident_id = i.id AND z.{name}_id = q.id AND {seen('q', lanes)} AND {seen('z', lanes)}"
        for name, table in CITED.items()
    ]
    rows = f"({' UNION '.join(cited)}) b CROSS JOIN sources_sourcedocument r WHERE r.id = b.source_id ORDER BY r.ref"
    return hand.list("r.ref", rows, is_json=False)


def _told_of(column: str, what: str) -> str:
    """Return the SQL of the track or the phase of a kind of stage."""
    cases = " ".join(f"WHEN '{kind}' THEN '{getattr(kind, what).value}'" for kind in StageKind)
    return f"CASE {column} {cases} END"
