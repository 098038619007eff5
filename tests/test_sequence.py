"""Sequences that make little sense are noticed, where the order of the dates is certain."""

from __future__ import annotations

import pytest

from cases.situation.odd_order import odd_steps
from tests.factories import make_country, make_incident, make_involvement, make_person, make_stage

pytestmark = pytest.mark.django_db


def oddities(*steps: tuple[str, str] | tuple[str, str, str]) -> list[tuple[str, str]]:
    """Return the kinds of each odd pair among steps of one person, given as kind, date and perhaps country."""
    involvement = make_involvement(make_incident(), make_person())
    stages = []
    for kind, occurred, *country in steps:
        place = {"country": make_country(country[0])} if country else {}
        stages.append(make_stage(involvement, kind, occurred, **place))
    return [(oddity.earlier.kind, oddity.later.kind) for oddity in odd_steps(stages)]


@pytest.mark.parametrize(
    ("steps", "odd"),
    [
        ([("release", "2018"), ("interrogation", "2019")], [("release", "interrogation")]),
        ([("conditional_release", "2018"), ("transfer", "2019")], [("conditional_release", "transfer")]),
        ([("deportation", "2018"), ("hearing", "2019")], [("deportation", "hearing")]),
        ([("death", "2018"), ("threatened", "2019")], [("death", "threatened")]),
        ([("release", "2018"), ("detention", "2019")], [("release", "detention")]),
        ([("sentence_reduced", "2018"), ("sentence", "2019")], [("sentence_reduced", "sentence")]),
    ],
)
def test_what_is_odd(steps, odd):
    assert oddities(*steps) == odd


@pytest.mark.parametrize(
    "steps",
    [
        [("detention", "2018-10-31"), ("interrogation", "2018-11"), ("release", "2019")],
        [("detention", "2017"), ("release", "2018"), ("detention", "2019-01"), ("interrogation", "2019-02")],
        [("detention", "2017"), ("release", "2018"), ("detention", ""), ("interrogation", "2019-02")],
        [("detention", "2018"), ("conditional_release", "2019"), ("hearing", "2020"), ("decision_pending", "2020")],
        [("hearing", "2018", "TR"), ("deportation", "2019", "TR"), ("hearing", "2020", "CN")],
        [("sentence", "2006"), ("sentence_reduced", "2016")],
        [("assault", "2019"), ("death", "2019")],
    ],
)
def test_what_is_not(steps):
    assert oddities(*steps) == []


@pytest.mark.parametrize("release", ["2018", "2018-10~", "", "2018-01/2020", "2018/..", "../2020"])
def test_a_vague_date_accuses_nobody(release):
    assert oddities(("release", release), ("interrogation", "2018-11")) == []


def test_people_are_compared_with_themselves_only():
    incident = make_incident()
    released = make_stage(make_involvement(incident, make_person("Ali")), "release", "2018")
    asked = make_stage(make_involvement(incident, make_person("Veli")), "interrogation", "2019")
    assert odd_steps([released, asked]) == []
