"""On how many independent sources a fact rests: counted over what supports it, by who says it first."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.test import Client

from cases.models import Citation, Person
from sources.models import SourceDocument
from tests.dossiers import dossier_of, text_of
from tests.factories import (
    make_citation,
    make_incident,
    make_involvement,
    make_person,
    make_source,
    make_stage,
)
from tests.reviewing import client_of, member, page, proposed, reviewer

pytestmark = pytest.mark.django_db

LETTER = "letter of 50 legislators, 15 November 2021"


@pytest.fixture
def held() -> SimpleNamespace:
    """Somebody held since July 2021, of whom no source speaks yet, and two papers and a copy of the first."""
    stage = make_stage(make_involvement(make_incident(), make_person()), "detention", "2021-07", note="At night.")
    first = make_source(title="First", outlet="The Lantern")
    return SimpleNamespace(
        person=stage.involvement.person,
        incident=stage.incident,
        stage=stage,
        papers={
            "first": first,
            "copy": make_source(title="Copy", outlet="The Mirror", derived_from=first, derivation="wire_copy"),
            "second": make_source(title="Second", outlet="The Evening Post"),
        },
    )


def say(
    held: SimpleNamespace, paper: str, said_by: str = "", field: str = "kind", stance: str = "supports"
) -> Citation:
    about = {"stage": held.stage, "stance": stance, "preferred": stance == "supports"}
    return make_citation(held.papers[paper], field, said_by=said_by, **about)


@pytest.mark.parametrize(
    ("told", "independent"),
    [
        pytest.param([("first",), ("second",)], 2, id="two papers"),
        pytest.param([("first",), ("copy",)], 1, id="a paper and its copy"),
        pytest.param([("first", LETTER), ("second", LETTER)], 1, id="two papers that quote one letter"),
        pytest.param(
            [("first", LETTER), ("second", "Letter of 50  legislators (15 November 2021)")],
            1,
            id="one letter, written otherwise",
        ),
        pytest.param([("first", LETTER), ("second", "letter of 40 activists")], 2, id="two letters"),
        pytest.param([("first", LETTER), ("second",)], 2, id="a letter, and what another paper found"),
        pytest.param([("first", LETTER), ("copy",), ("second", LETTER)], 1, id="a copy of what quotes the letter"),
        pytest.param([("first",), ("second", "The Lantern")], 1, id="a paper that quotes the other paper"),
        pytest.param([("first", "her son"), ("first", "her lawyer")], 2, id="two who speak in one paper"),
        pytest.param([("first", "..."), ("second", "...")], 2, id="said by nobody whom letters name"),
        pytest.param([("first",), ("second", "", "kind", "contradicts")], 1, id="a denial supports nothing"),
        pytest.param([("first", "", "kind", "contradicts")], 0, id="a denial alone"),
        pytest.param([("first",), ("second", "", "note")], 1, id="another fact of the same step"),
        pytest.param([("first",), ("second",), ("first", "", "note")], 2, id="a note that the sentence does not tell"),
        pytest.param([("first",), ("second",), ("first", "", "occurred")], 1, id="a day that one of two papers gives"),
    ],
)
def test_the_sentence_counts_who_says_first_what_it_tells(
    client: Client, held: SimpleNamespace, told: list[tuple[str, ...]], independent: int
) -> None:
    for each in told:
        say(held, *each)
    words = {0: "no source supports it", 1: "1 independent source", 2: "2 independent sources"}[independent]
    assert f"Detained since July 2021; as of 5 February 2019; {words}." in text_of(
        client.get(f"/people/{held.person.ref}/")
    )


def test_a_step_that_the_sentence_does_not_tell_counts_for_nothing(client: Client, held: SimpleNamespace) -> None:
    say(held, "first")
    release = make_stage(held.stage.involvement, "release", "2021-08", position=2)
    for paper in ("first", "second"):
        make_citation(held.papers[paper], "kind", stage=release)
    assert "Released in August 2021; 2 independent sources." in text_of(client.get(f"/people/{held.person.ref}/"))


def test_pages_api_and_dossier_say_the_same_number(client: Client, held: SimpleNamespace) -> None:
    for paper in ("first", "second"):
        say(held, paper, LETTER)
    incident = client.get(f"/api/v1/incidents/{held.incident.ref}/").json()
    assert (len(incident["sources"]), incident["independent_sources"]) == (2, 1)
    for path in (f"/people/{held.person.ref}/", f"/incidents/{held.incident.ref}/"):
        told = text_of(client.get(path))
        assert "2 documents, 1 independent" in told and "2 sources, 1 independent" in told
    assert dossier_of(held.person).tally == "2 documents, 1 independent"


def test_what_is_said_of_the_incident_is_no_source_of_a_step(client: Client, held: SimpleNamespace) -> None:
    """The agreement is cited, the detention is not: the sentence tells the detention."""
    make_citation(held.papers["first"], "legal_basis", incident=held.incident)
    page = text_of(client.get(f"/people/{held.person.ref}/"))
    assert "no source is cited" in page and "1 independent source" not in page


def test_a_paper_that_asks_many_people_about_many_things_stays_one_paper(client: Client, held: SimpleNamespace) -> None:
    for said_by, field in (("her son", "kind"), ("her lawyer", "occurred"), ("a guard", "note")):
        say(held, "first", said_by, field)
    assert "1 document, 1 independent" in text_of(client.get(f"/people/{held.person.ref}/"))


def test_whose_words_they_are_stands_beside_the_passage(client: Client, held: SimpleNamespace) -> None:
    citation = say(held, "first", LETTER)
    for path in (f"/people/{held.person.ref}/", f"/sources/{held.papers['first'].ref}/"):
        assert f'dir="auto">says {LETTER}<' in text_of(client.get(path))
    for dossier in ("dossier/", "dossier.docx"):
        told = text_of(client.get(f"/people/{held.person.ref}/{dossier}"))
        assert f"says {LETTER}" in re.sub("<[^>]*>", "", told)
    assert client.get(f"/api/v1/citations/{citation.ref}/").json()["said_by"] == LETTER


def test_a_reviewer_sees_whose_words_a_new_citation_passes_on(held: SimpleNamespace) -> None:
    def change() -> None:
        held.stage.kind = "imprisonment"
        held.stage.save()
        say(held, "first", LETTER)

    proposal = proposed(member("editor"), change)
    assert f"says {LETTER}" in text_of(client_of(reviewer()).get(page(proposal)))


@pytest.mark.usefixtures("seeded")
def test_the_detention_of_idris_hasan_rests_on_one_letter(client: Client) -> None:
    """The Epoch Times and NBC News both tell it; both have it from the letter of 50 legislators."""
    person = Person.objects.get(label="Idris Hasan")
    told = Citation.objects.filter(stage__involvement__person=person, stage__kind="detention", field="kind")
    papers = SourceDocument.objects.filter(citations__in=told)
    assert sorted(paper.outlet for paper in papers) == ["NBC News (re-translated copy)", "The Epoch Times"]
    page = text_of(client.get(f"/people/{person.ref}/"))
    assert re.search(r"Detained in Morocco since July 2021;[^<]*; 1 independent source\.", page)
    assert "2 sources, 1 independent" in page and f"says {LETTER}" in page
