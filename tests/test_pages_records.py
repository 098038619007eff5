"""Pages of single records: every fact with its sources beside it, and disagreements side by side."""

from __future__ import annotations

import html
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Outcome
from cases.situation.settling import settle_all
from cases.views import PAGES
from tests.factories import (
    make_agreement,
    make_citation,
    make_event,
    make_incident,
    make_involvement,
    make_name,
    make_notice,
    make_notice_event,
    make_person,
    make_relationship,
    make_source,
    make_stage,
    make_warrant,
)
from tests.world import make_case

pytestmark = pytest.mark.django_db


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return html.unescape(response.content.decode())


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def proof_of(page: str, about: str) -> str:
    """Return the evidence that a page gives for a fact, from the summary to the end of its table."""
    proofs = re.findall(r"<details class=\"proof.*?</details>", page, re.DOTALL)
    return next(proof for proof in proofs if f"</span>{about}" in proof or f" for {about}</span>" in proof)


@pytest.fixture
def kerem() -> SimpleNamespace:
    """A case with two sources of one origin and one of another, which disagree on the day of the arrest."""
    person = make_person("Kerem Mamut", occupation="restaurant owner")
    incident = make_incident("Held in Istanbul")
    involvement = make_involvement(incident, person)
    stage = make_stage(involvement, "detention", "2018-10-31", place="a police station")
    wire = make_source(title="The wire report", outlet="Agency")
    copy = make_source(title="The copy", derived_from=wire, derivation="wire_copy")
    other = make_source(title="Another paper", url="https://example.org/story")
    make_citation(wire, "occurred", stage=stage, stated_value="31 October", paragraph=4, start=120, end=180)
    make_citation(copy, "occurred", stage=stage, stated_value="October 31")
    make_citation(
        other,
        "occurred",
        stage=stage,
        stated_value="1 November",
        stance="contradicts",
        preferred=False,
        reason="The family names the day before.",
    )
    make_citation(wire, "occupation", person=person, stated_value="owner of a restaurant")
    return SimpleNamespace(person=person, incident=incident, stage=stage, wire=wire, copy=copy, other=other)


def test_a_person_opens_with_the_sentence_of_the_case(client: Client, kerem: SimpleNamespace) -> None:
    page = text_of(client, f"/people/{kerem.person.ref}/")
    assert "Detained since 31 October 2018; as of 5 February 2019; 1 independent source." in page


def test_each_fact_gives_source_passage_value_and_stance(client: Client, kerem: SimpleNamespace) -> None:
    proof = proof_of(text_of(client, f"/people/{kerem.person.ref}/"), "Occupation")
    for told in ("owner of a restaurant", "The wire report", "Agency, 5 February 2019", "¶ 1", "0–20", "followed"):
        assert told in proof, told
    assert 'class="proof">' in proof  # closed: one click away


def test_sources_that_disagree_stand_side_by_side_and_open(client: Client, kerem: SimpleNamespace) -> None:
    proof = proof_of(text_of(client, f"/people/{kerem.person.ref}/"), "detention")
    assert 'contested" open' in proof and "3 sources disagree" in proof and "3 sources, 1 independent" in proof
    for told in ("31 October", "October 31", "1 November", "contradicts", "The family names the day before."):
        assert told in proof, told


def test_sources_of_one_origin_stand_together_and_count_once(client: Client, kerem: SimpleNamespace) -> None:
    page = text_of(client, f"/people/{kerem.person.ref}/")
    assert "3 documents, 1 independent" in page  # the third denies, and supports nothing
    (group,) = re.findall(r"<li>(.*?)</li>", page.split('id="sources-used"')[1], re.DOTALL)[:1]
    assert "The wire report" in group and "The copy" in group and "same origin" in group


def test_a_vague_stage_is_drawn_as_a_span_and_written_as_one(client: Client, kerem: SimpleNamespace) -> None:
    make_stage(kerem.stage.involvement, "transfer", "2018-12-21/2018-12-31", position=1)
    page = text_of(client, f"/people/{kerem.person.ref}/")
    assert "between 21 and 31 December 2018" in page
    rows = dict(re.findall(r'<tr id="(STG-\w+)"[^>]*>(.*?)</tr>', page, re.DOTALL))
    vague = next(row for ref, row in rows.items() if ref != kerem.stage.ref)
    assert "<rect" in vague and "<circle" not in vague
    assert "style=" not in page  # the policy forbids inline style: geometry is in attributes


def test_relatives_are_read_from_both_ends(client: Client) -> None:
    father, son = make_person("Father"), make_person("Son")
    make_relationship(son, father, "parent")
    assert re.search(r"Parent</span>\s*<div><a[^>]*>Father", text_of(client, f"/people/{son.ref}/"))
    assert re.search(r"Child</span>\s*<div><a[^>]*>Son", text_of(client, f"/people/{father.ref}/"))


def test_a_part_in_an_incident_has_its_outcome_and_its_sources_beside_it(
    client: Client, kerem: SimpleNamespace
) -> None:
    involvement = kerem.stage.involvement
    involvement.outcome = Outcome.objects.create(code="deported", label="Deported", meaning="Sent away.")
    involvement.save()
    make_citation(kerem.wire, "outcome", involvement=involvement, stated_value="sent away in March")
    for address in (f"/people/{kerem.person.ref}/", f"/incidents/{kerem.incident.ref}/"):
        page = text_of(client, address)
        assert '<span title="Sent away.">deported</span>' in page
        assert "sent away in March" in proof_of(page, "the part and the outcome")


def test_what_is_not_known_is_said(client: Client) -> None:
    page = text_of(client, f"/people/{make_person().ref}/")
    assert "why hunted, occupation, ethnicity, residence, sex." in page


def test_an_incident_shows_its_people_stages_facts_and_groups(client: Client, kerem: SimpleNamespace) -> None:
    make_notice_event(make_notice(kerem.person), "cancelled", "2021-08")
    make_involvement(kerem.incident, make_person("Lokman", standing="other", role="lawyer"), "lawyer")
    page = text_of(client, f"/incidents/{kerem.incident.ref}/")
    for told in ("Detained since 31 October 2018", "State behind it", "3 documents, 1 independent", "Lokman"):
        assert told in page, told
    assert "Red notice</a> against Kerem Mamut" in page and "August 2021" in page


def test_a_source_shows_where_it_comes_from_and_what_was_drawn_but_never_its_text(
    client: Client, kerem: SimpleNamespace
) -> None:
    kerem.wire.text = "SECRETSENTENCE of the article"
    kerem.wire.file, kerem.wire.ordinal, kerem.wire.sha256 = "004.txt", 3, "ab" * 32
    kerem.wire.start, kerem.wire.end = 10, 500
    kerem.wire.save()
    make_citation(kerem.wire, "label", person=kerem.person)
    page = text_of(client, f"/sources/{kerem.wire.ref}/")
    for told in ("004.txt", "document 3", "characters 10–500", "ab" * 32, "Kerem Mamut: detention", "31 October"):
        assert told in page, told
    assert f"/incidents/{kerem.incident.ref}/#{kerem.stage.ref}" in page
    for address in ("/sources/", "/sources/export.csv", f"/people/{kerem.person.ref}/", f"/sources/{kerem.wire.ref}/"):
        assert b"SECRETSENTENCE" not in body_of(client.get(address)), address


def test_no_word_of_a_statement_is_taken_for_markup(client: Client) -> None:
    person, source = make_person(occupation="baker"), make_source(title="<u>title", outlet="<u>outlet")
    told = {"stated_value": "<u>value", "said_by": "<u>said", "reason": "<u>reason"}
    make_citation(source, "occupation", person=person, **told)
    make_citation(source, "occupation", person=person, stance="contradicts", preferred=False, **told)
    for address in (f"/people/{person.ref}/", f"/sources/{source.ref}/"):
        page = client.get(address).content.decode()
        assert "<u>" not in page
        for word in ("title", "outlet", *(text.removeprefix("<u>") for text in told.values())):
            assert f"&lt;u&gt;{word}" in page, (address, word)


def test_only_addresses_of_the_web_become_links(client: Client, kerem: SimpleNamespace) -> None:
    good = text_of(client, f"/sources/{kerem.other.ref}/")
    assert 'href="https://example.org/story" rel="noopener noreferrer external" referrerpolicy="no-referrer"' in good
    bad = make_source(url="javascript:alert(1)")
    assert 'href="javascript' not in text_of(client, f"/sources/{bad.ref}/")


def test_a_country_shows_what_it_hosted_was_behind_and_agreed(client: Client) -> None:
    make_incident("Held in Istanbul", origin="CN", location="TR")
    make_agreement("CN", "TR", title="Extradition treaty")
    make_notice(make_person("Aybek"), requested_by="CN")
    china, turkey = text_of(client, "/countries/CN/"), text_of(client, "/countries/TR/")
    assert "Behind 1 incident; host of 0." in china and "Red notice against Aybek" in china
    assert "Behind 0 incidents; host of 1." in turkey and "Extradition treaty" in turkey


def test_hidden_and_missing_records_are_the_same_404(client: Client) -> None:
    hidden = make_person("Hidden", level="team")
    one, other = client.get(f"/people/{hidden.ref}/"), client.get("/people/PER-00000000/")
    assert (one.status_code, one.content) == (other.status_code, other.content) == (404, one.content)


def test_a_hidden_source_takes_its_statements_with_it(client: Client, kerem: SimpleNamespace) -> None:
    kerem.other.level = "team"
    kerem.other.save()
    page = text_of(client, f"/people/{kerem.person.ref}/")
    assert "1 November" not in page and "disagree" not in page and "1 independent source." in page


def full_of(number: int) -> list[str]:
    """Make records that each have `number` of every part, and return the addresses of their pages."""
    cases = [make_case(each) for each in range(number)]
    first = cases[0]
    for each in range(number):
        other = make_person(f"Other {each}")
        make_relationship(first.person, other, "sibling")
        make_relationship(other, first.person, "associate")
        outcome, _ = Outcome.objects.get_or_create(code=f"outcome_{each}", defaults={"label": f"Outcome {each}"})
        involvement = make_involvement(make_incident(f"Again {each}", start="2017"), first.person, outcome=outcome)
        make_involvement(first.incident, other)
        name = make_name(first.person, f"Aybek {each}")
        stage = make_stage(involvement, "detention", f"2018-{each + 1:02}")
        make_notice(first.person)
        make_event(country=first.event.country)
        for record in ({"person_name": name}, {"stage": stage}, {"involvement": involvement}):
            make_citation(make_source(derived_from=first.source), next(iter(record)), **record)
            make_citation(first.source, next(iter(record)), **record)
        make_notice_event(first.notice, "renewed", "2019", position=each + 2)
        make_warrant(first.notice)
    keys: dict[str, Any] = {
        "people": first.person.ref,
        "incidents": first.incident.ref,
        "notices": first.notice.ref,
        "sources": first.source.ref,
        "countries": "CN",
        "agreements": first.agreement.ref,
        "events": first.event.ref,
    }
    lists = [f"/{page.resource.name}/" for page, _, _ in PAGES]
    exports = [f"{address}export.csv" for address in lists]
    return ["/", "/search/?q=aybek", *lists, *exports, *(f"/{name}/{key}/" for name, key in keys.items())]


def queries(client: Client, addresses: list[str]) -> dict[str, int]:
    """Return how many queries each address costs; the references in them go by the kind of page."""
    list(settle_all())  # as the acts do that write cases
    found = {}
    for address in addresses:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
            assert body_of(response)
        assert response.status_code == 200, address
        found[re.sub(r"[A-Z]{3}-\w{8}", "ref", address)] = len(captured)
    return found


def test_no_page_asks_the_database_more_for_more_rows(client: Client) -> None:
    few = queries(client, full_of(2))
    many = queries(client, full_of(12))
    assert many == few
    assert max(few.values()) <= 46, few
