"""The ways of keeping a record, and for whom each is: open to everybody, or hidden."""

from __future__ import annotations

from typing import NamedTuple

from tests.leaks.roles import EVERYBODY, NAMED, NOBODY, ONE_TEAM, PARTNERS, TEAMS


class Way(NamedTuple):
    """How a record of its own is kept, and for whom it is."""

    level: str
    audience: frozenset[str]
    review: str = "published"
    team: str = ""
    named: frozenset[str] = NOBODY


#: Open to everybody, whoever works on it.
OPEN = {
    "open": Way("public", EVERYBODY, named=NAMED),
    "open of A": Way("public", EVERYBODY, team="A"),
    "open of C": Way("public", EVERYBODY, team="C"),
}
#: Every way of hiding a record. Only its team reads what is not published; a record of no team is every team's.
HIDDEN = {
    "partner": Way("partner", PARTNERS),
    "team": Way("team", TEAMS),
    "team of B": Way("team", ONE_TEAM["B"], team="B"),
    "team of C": Way("team", NOBODY, team="C"),
    "restricted": Way("restricted", NOBODY),
    "restricted, named": Way("restricted", NAMED, named=NAMED),
    "draft": Way("public", TEAMS, review="draft"),
    "in review of A": Way("public", ONE_TEAM["A"], review="in_review", team="A"),
    "withheld of C": Way("partner", NOBODY, review="withheld", team="C"),
    "withdrawn of B": Way("public", ONE_TEAM["B"], review="withdrawn", team="B"),
}


def of_part(level: str, way: Way) -> frozenset[str]:
    """For whom a part of this level is, on an open record kept in this way: by the record's team and readers."""
    return {
        "public": EVERYBODY,
        "partner": PARTNERS,
        "team": ONE_TEAM[way.team] if way.team else TEAMS,
        "restricted": way.named,
    }[level]
