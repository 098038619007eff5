"""The sentence that opens a case: where it stands, since when, as of when, and on how many independent sources."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from cases.situation.sentence import opening, where_it_stands, who
from cases.situation.standing import involvements
from cases.situation.wording import WORDINGS
from cases.vocabulary import StageKind
from tests.factories import (
    make_citation,
    make_country,
    make_incident,
    make_involvement,
    make_person,
    make_source,
    make_stage,
)

pytestmark = pytest.mark.django_db
NAMES = {"CN": "China", "TR": "Türkiye", "MA": "Morocco", "US": "United States"}


def sentence(*stages, **status) -> str:
    """Return where a case with these stages (kind, date, country, destination) stands."""
    involvement = make_involvement(make_incident(), make_person(), **status)
    for position, (kind, occurred, *countries) in enumerate(stages, start=1):
        ends = zip(("country", "destination"), countries, strict=False)
        places = {name: make_country(code) for name, code in ends if code}
        make_stage(involvement, kind, occurred, position=position, **places)
    row = involvements(AnonymousUser()).select_related("incident").get(pk=involvement.pk)
    return where_it_stands(row, NAMES)


def test_the_model_sentence_of_the_conditional_release() -> None:
    involvement = make_involvement(make_incident(), make_person(), status_as_of="2019-02-05")
    source = make_source()
    copy = make_source(derived_from=source, derivation="wire_copy")
    citations = [
        make_citation(made, "kind", stage=make_stage(involvement, kind, occurred, country="TR"))
        for made, kind, occurred in (
            (source, "detention", "2018-10-31"),
            (source, "conditional_release", "2019-01-25"),
            (copy, "decision_pending", "2019-02-05"),
        )
    ]
    row = involvements(AnonymousUser()).select_related("incident").get(pk=involvement.pk)
    assert opening(row, NAMES, citations) == (
        "Conditionally released in Türkiye since 25 January 2019; decision pending as of 5 February 2019; "
        "1 independent source."
    )


@pytest.mark.parametrize(
    ("occurred", "words"),
    [
        ("2021-07", "Detained in Morocco since July 2021"),
        ("2021-07-19", "Detained in Morocco since 19 July 2021"),
        ("2018~", "Detained in Morocco since about 2018"),
        ("2006/2012", "Detained in Morocco since some time between 2006 and 2012"),
        ("2019-01-25/..", "Detained in Morocco since 25 January 2019"),
        ("../2018-09-14", "Detained in Morocco since 14 September 2018 or earlier"),
        ("", "Detained in Morocco since an unknown date"),
    ],
)
def test_a_vague_date_stays_vague(occurred: str, words: str) -> None:
    assert sentence(("detention", occurred, "MA")) == f"{words}; as of 5 February 2019"


def test_a_terminal_stage_happened_once_and_needs_no_as_of() -> None:
    told = sentence(("detention", "2017-01"), ("deportation", "2017-03-12", "TR"), status="ended")
    assert told == "Deported from Türkiye on 12 March 2017; where to is not told"


def test_a_removal_to_the_origin_says_to_where() -> None:
    told = sentence(("extradition", "2006/2012", "", "CN"))
    assert told == "Extradited to China some time between 2006 and 2012; what became of them there is not told"


def test_what_is_over_is_not_told_as_going_on() -> None:
    told = sentence(("detention", "1998/2018", "TR"), status="ended", status_as_of="2018")
    assert told == "Detained in Türkiye some time between 1998 and 2018; over by 2018"


def test_a_pending_step_of_its_own_date_keeps_both_dates() -> None:
    told = sentence(("detention", "2021-07", "MA"), ("surrender_risk", "2021-11-15"), status_as_of="2021-11-22")
    assert told == (
        "Detained in Morocco since July 2021; at risk of surrender since 15 November 2021; as of 22 November 2021"
    )


def test_unknown_stays_unknown() -> None:
    assert sentence(status="unknown", status_as_of="") == "Where the case stands is not known"
    assert sentence(("wanted", "2020"), status_as_of="").endswith("; as of when is not known")


def test_every_kind_of_stage_has_its_words() -> None:
    assert set(WORDINGS) == set(StageKind)


def test_somebody_without_a_case_is_introduced() -> None:
    official = make_person(standing="other", role="official", occupation="deputy director")
    assert who(official) == "Official: deputy director. No incident is recorded."
    assert who(make_person(standing="domestic", kind="group")) == "Group, domestic. No incident is recorded."
