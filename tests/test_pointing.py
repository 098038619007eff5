"""Staff read a source in numbered passages, point at one, and say of which fact it is evidence."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Citation
from records.models import Proposal, Team
from tests.admin_forms import filled, messages_of
from tests.factories import (
    make_citation,
    make_country,
    make_incident,
    make_involvement,
    make_name,
    make_person,
    make_source,
    make_stage,
)
from tests.pasts import signed_in, somebody
from tests.signin import sign_in

pytestmark = pytest.mark.django_db
TEXT = "Held in Casablanca\n\nIdris Hasan was held on 19 July.\nHe was held again."
SECOND = "Idris Hasan was held on 19 July."


@pytest.fixture
def analyst() -> Client:
    return of_role("analyst")


@pytest.fixture
def source() -> Any:
    return make_source(text=TEXT, review="draft")


def of_role(name: str) -> Client:
    """Return the browser of somebody who has signed in, with nothing but a role."""
    call_command("make_roles", verbosity=0)
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=name))
    return sign_in(Client(), user)


def passages_of(source: Any, more: str = "") -> str:
    return f"/admin/sources/sourcedocument/{source.ref}/passages/{more}"


def cite(source: Any, paragraph: int = 2, **asked: Any) -> str:
    more = "".join(f"&{name}={value}" for name, value in asked.items())
    return passages_of(source, f"cite/?paragraph={paragraph}{more}")


class TestWhoReadsIt:
    def test_its_team_reads_the_text_with_a_way_there_from_the_form(self, analyst: Client, source: Any) -> None:
        form = analyst.get(f"/admin/sources/sourcedocument/{source.ref}/change/").content.decode()
        assert f'href="{passages_of(source)}#p1">Read and cite' in form
        page = analyst.get(passages_of(source)).content.decode()
        assert SECOND in page and 'id="p3"' in page and 'id="p4"' not in page

    @pytest.mark.parametrize("role", ["analyst", "reviewer"])
    def test_other_teams_do_not_even_where_everybody_sees_the_source(self, role: str) -> None:
        source, client = make_source(text=TEXT, team=Team.objects.create(name="Others")), of_role(role)
        for address in (passages_of(source), cite(source)):
            assert client.get(address).status_code == 404
        form = client.get(f"/admin/sources/sourcedocument/{source.ref}/change/")
        assert form.status_code == 200 and "Read and cite" not in form.content.decode()

    def test_an_administrator_who_reads_no_cases_does_not(self, source: Any) -> None:
        assert of_role("administrator").get(passages_of(source)).status_code == 403

    def test_partners_and_strangers_do_not(self, source: Any) -> None:
        assert Client().get(passages_of(source)).status_code == 302
        partner = signed_in(somebody("partner", "read_partner"))
        assert partner.get(passages_of(source)).status_code in (302, 403)

    def test_a_source_without_a_text_has_no_such_page(self, analyst: Client) -> None:
        source = make_source()
        assert analyst.get(passages_of(source)).status_code == 404
        form = analyst.get(f"/admin/sources/sourcedocument/{source.ref}/change/").content.decode()
        assert "Read and cite" not in form

    def test_who_may_not_cite_reads_without_the_ways_to_cite(self, source: Any) -> None:
        reader = signed_in(somebody("reader", "read_team", "view_sourcedocument"))
        page = reader.get(passages_of(source)).content.decode()
        assert SECOND in page and "Cite" not in page.replace("Read and cite", "")
        assert reader.get(cite(source)).status_code == 403


class TestThePage:
    def test_each_passage_tells_what_is_cited_from_it(self, analyst: Client, source: Any) -> None:
        person = make_person("Idris Hasan", review="draft")
        citation = make_citation(source, "label", person=person, paragraph=2, stated_value="I. Hasan")
        passage = analyst.get(passages_of(source)).content.decode().split('id="p2"')[1].split("</section>")[0]
        assert citation.ref in passage and person.ref in passage and "I. Hasan" in passage

    def test_a_long_text_has_pages_of_passages(self, analyst: Client) -> None:
        text = "\n".join(f"Line {number}." for number in range(1, 121)) + "\n" + "x" * 2_000_000
        source = make_source(text=text)
        page = analyst.get(passages_of(source, "?page=3")).content.decode()
        assert "Line 101." in page and "Line 100." not in page and "121 passages, page 3 of 3" in page
        assert "And 1996000 characters more" in page
        assert len(page) < 100_000
        assert analyst.get(passages_of(source, "?page=999999999999")).status_code == 200
        assert analyst.get(passages_of(source, "?page=99")).status_code == 200

    @pytest.mark.parametrize("typed", ["4", "0", "-1", "two", "9" * 30, "%00", "²"])
    def test_a_number_that_is_none_leads_back_with_the_reason(self, analyst: Client, source: Any, typed: str) -> None:
        answer = analyst.get(passages_of(source, f"cite/?paragraph={typed}"))
        assert answer.status_code == 302 and "is no paragraph of this text" in messages_of(answer)


class TestCiting:
    @pytest.fixture
    def case(self) -> dict[str, Any]:
        person, incident = make_person("Aibek Tursyn", review="draft"), make_incident(review="draft")
        make_name(person, text="Idris Hasan")
        return {"person": person, "incident": incident, "stage": make_stage(make_involvement(incident, person))}

    def test_what_the_passage_names_is_offered_first_then_what_the_source_is_cited_for(
        self, analyst: Client, source: Any, case: Any
    ) -> None:
        make_citation(source, "occurred", stage=case["stage"])
        make_person("Nobody Near", review="draft")
        near = analyst.get(cite(source)).context["pointed"].near
        assert [(each.ref, each.why) for each in near] == [
            (case["person"].ref, "named in the passage"),
            (case["incident"].ref, "cited from this source"),
        ]

    def test_what_somebody_worked_on_is_offered(self, analyst: Client, source: Any) -> None:
        person = make_person("Somebody Else", review="draft")
        address = f"/admin/cases/person/{person.ref}/change/"
        assert analyst.post(address, filled(analyst, address) | {"occupation": "poet"}).status_code == 302
        near = analyst.get(cite(source)).context["pointed"].near
        assert [(each.ref, each.why) for each in near] == [(person.ref, "you worked on it")]

    def test_the_facts_of_a_record_and_its_parts_are_offered_in_words(
        self, analyst: Client, source: Any, case: Any
    ) -> None:
        stage = case["stage"]
        facts = dict(analyst.get(cite(source, record=case["incident"].ref)).context["pointed"].facts.choices)
        label = next(label for label, choices in facts.items() if (f"{stage.ref}.kind") in dict(choices))
        assert label.startswith("Stage ")
        choices = dict(facts[label])
        assert choices[f"{stage.ref}.kind"] == f"Kind: {stage.get_kind_display()}"
        assert choices[f"{stage.ref}.occurred"] == f"Occurred: {stage.occurred.text}"
        assert not {f"{stage.ref}.{name}" for name in ("level", "incident", "position", "version")} & choices.keys()
        incident = case["incident"]
        of_incident = {key for choices in facts.values() for key, _ in choices if key.startswith(incident.ref)}
        assert f"{incident.ref}.title" in of_incident
        assert f"{incident.ref}.without_evidence" not in of_incident

    def test_one_save_makes_the_citation_and_leads_back_to_the_passage(
        self, analyst: Client, source: Any, case: Any
    ) -> None:
        stage, record = case["stage"], case["incident"].ref
        address = cite(source, record=record)
        page = analyst.get(address).content.decode()
        assert SECOND in page
        sent = filled(analyst, address) | {"fact": f"{stage.ref}.occurred", "stated_value": "19 July"}
        answer = analyst.post(address, sent | {"said_by": "a lawyer"})
        assert answer.status_code == 302, answer.context["errors"]
        assert answer.headers["Location"] == f"{passages_of(source)}?record={record}#p2"
        citation = Citation.objects.get()
        assert (citation.source, citation.stage, citation.field) == (source, stage, "occurred")
        # "Held in Casablanca" and two ends of lines make 20; the passage has 32 characters.
        assert (citation.paragraph, citation.start, citation.end) == (2, 20, 52)
        assert citation.sha256 == sha256(SECOND.encode()).hexdigest()
        assert (citation.stated_value, citation.said_by) == ("19 July", "a lawyer")
        assert (citation.stance, citation.preferred, citation.level) == ("supports", True, "public")

    def test_words_that_were_selected_are_the_passage_and_the_value_that_is_proposed(
        self, analyst: Client, source: Any, case: Any
    ) -> None:
        address = cite(source, record=case["person"].ref, start=20, end=31)
        sent = filled(analyst, address)
        assert sent["stated_value"] == "Idris Hasan"
        assert analyst.post(address, sent | {"fact": f"{case['person'].ref}.label"}).status_code == 302
        assert Citation.objects.get().sha256 == sha256(b"Idris Hasan").hexdigest()

    def test_words_that_are_typed_narrow_the_passage(self, analyst: Client, source: Any, case: Any) -> None:
        address = cite(source, record=case["person"].ref)
        sent = filled(analyst, address) | {"fact": f"{case['person'].ref}.label", "quotation": "Hasan"}
        assert analyst.post(address, sent).status_code == 302
        citation = Citation.objects.get()
        assert (citation.start, citation.end) == (26, 31)

    def test_words_that_another_paragraph_has_are_refused(self, analyst: Client, source: Any, case: Any) -> None:
        address = cite(source, record=case["person"].ref)
        sent = filled(analyst, address) | {"fact": f"{case['person'].ref}.label", "quotation": "Casablanca"}
        errors = analyst.post(address, sent).context["adminform"].form.errors
        assert "does not stand in paragraph 2" in errors["quotation"][0]

    def test_what_contradicts_is_not_followed(self, analyst: Client, source: Any, case: Any) -> None:
        address = cite(source, record=case["person"].ref)
        sent = filled(analyst, address) | {"fact": f"{case['person'].ref}.label", "stance": "contradicts"}
        assert analyst.post(address, sent).status_code == 302
        assert Citation.objects.get().preferred is False

    def test_a_fact_of_another_record_is_refused(self, analyst: Client, source: Any, case: Any) -> None:
        address = cite(source, record=case["person"].ref)
        for fact in ("", f"{case['stage'].ref}.occurred", f"{case['person'].ref}.level", "x"):
            sent = filled(analyst, address) | {"fact": fact}
            assert [*analyst.post(address, sent).context["adminform"].form.errors] == ["fact"]
        assert not Citation.objects.exists()

    def test_a_record_that_is_not_seen_is_as_one_that_is_not_there(self, analyst: Client, source: Any) -> None:
        hidden = make_person("Hidden", level="restricted")
        for ref in (hidden.ref, "PER-00000000", "SRC-00000000", "%00"):
            answer = analyst.get(cite(source, record=ref))
            assert answer.status_code == 200 and answer.context["pointed"].facts is None
            assert "Hidden" not in answer.content.decode()

    def test_a_part_can_be_named_by_its_own_reference(self, analyst: Client, source: Any, case: Any) -> None:
        facts = analyst.get(cite(source, record=case["stage"].ref.lower())).context["pointed"].facts
        assert [*facts.rows] == [case["stage"].ref]

    def test_what_others_would_read_waits_for_a_second_person(self, analyst: Client) -> None:
        source, person = make_source(text=TEXT), make_person("Idris Hasan")
        address = cite(source, record=person.ref)
        answer = analyst.post(address, filled(analyst, address) | {"fact": f"{person.ref}.label"})
        assert answer.status_code == 302 and answer.headers["Location"].endswith("#p2")
        assert Proposal.objects.get().ref in messages_of(answer)
        assert not Citation.objects.exists()

    def test_a_form_that_is_sent_twice_makes_one_citation(self, analyst: Client, source: Any, case: Any) -> None:
        address = cite(source, record=case["person"].ref)
        sent = filled(analyst, address) | {"fact": f"{case['person'].ref}.label", "csrfmiddlewaretoken": "once"}
        assert [analyst.post(address, sent).status_code for _ in range(2)] == [302, 302]
        assert Citation.objects.count() == 1

    def test_what_is_longer_than_it_may_be_is_refused_whole(self, analyst: Client, source: Any, case: Any) -> None:
        address = cite(source, record=case["person"].ref)
        sent = filled(analyst, address) | {"fact": f"{case['person'].ref}.label"}
        for name, most in (("quotation", 5_000), ("stated_value", 300), ("said_by", 200), ("reason", 500)):
            errors = analyst.post(address, sent | {name: "x" * (most + 1)}).context["adminform"].form.errors
            assert [*errors] == [name], errors
        assert analyst.post(address, sent | {"why": "x" * 501}).status_code == 400
        assert not Citation.objects.exists()


class TestFromAFactBackToItsWords:
    @pytest.fixture
    def cited(self) -> Any:
        where = {"url": "https://news.example/held", "outlet": "The Daily", "published": "2021-07-28"}
        source = make_source(text=TEXT, title="Held at the airport", **where)
        stage = make_stage(make_involvement(make_incident(), make_person()))
        make_citation(source, "occurred", stage=stage, paragraph=2, start=20, end=52)
        return stage

    def page(self, client: Client, address: str) -> str:
        answer = client.get(address)
        assert answer.status_code == 200
        return answer.content.decode()

    def test_the_team_is_led_from_each_page_to_the_passage(self, analyst: Client, cited: Any) -> None:
        source = Citation.objects.get().source
        for address in (
            f"/incidents/{cited.incident.ref}/",
            f"/people/{cited.involvement.person.ref}/",
            f"/sources/{source.ref}/",
        ):
            assert f'<a href="{passages_of(source)}#p2">¶ 2</a>' in self.page(analyst, address)
        assert "Read and cite" in self.page(analyst, f"/sources/{source.ref}/")

    def test_everybody_else_sees_outlet_date_title_address_and_paragraph_alone(self, cited: Any) -> None:
        source = Citation.objects.get().source
        other_team = Team.objects.create(name="Others")
        for client in (Client(), signed_in(somebody("partner", "read_partner"))):
            page = self.page(client, f"/incidents/{cited.incident.ref}/")
            for words in (
                "The Daily",
                "28 July 2021",
                "Held at the airport",
                'href="https://news.example/held"',
                "¶ 2",
            ):
                assert words in page
            assert "/passages/" not in page and SECOND not in page
        source.team = other_team
        source.save()
        page = self.page(of_role("analyst"), f"/incidents/{cited.incident.ref}/")
        assert "¶ 2" in page and "/passages/" not in page

    def test_a_source_of_which_no_address_is_known_says_so(self) -> None:
        assert "No address known." in self.page(Client(), f"/sources/{make_source().ref}/")


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_queries_do_not_grow_with_what_is_cited_and_offered(analyst: Client) -> None:
    make_country("TR")
    counts = []
    for number in (2, 8):
        names = [f"Person Number{number}{each}" for each in "abcdefgh"[:number]]
        source = make_source(text="\n".join([f"{'; '.join(names)} were held."] * number), review="draft")
        incident = make_incident(review="draft")
        for name in names:
            person = make_person(name, review="draft")
            stage = make_stage(make_involvement(incident, person))
            make_citation(source, "occurred", stage=stage)
            make_citation(source, "label", person=person)
        counts.append((queries(analyst, passages_of(source)), queries(analyst, cite(source, record=incident.ref))))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 12 and counts[0][1] <= 32, counts
