"""Staff enter and correct records in the admin: one page for an incident, refusals that say what to write, warnings."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model

from cases.models import Citation, Incident, Involvement, LegalStatus, Person, Stage
from records.models import Proposal, Team
from sources.models import SourceDocument
from tests.admin_forms import filled, incident_rows, messages_of, rows
from tests.factories import (
    make_citation,
    make_country,
    make_incident,
    make_involvement,
    make_legal_status,
    make_person,
    make_source,
    make_stage,
)
from tests.signin import may, sign_in

pytestmark = pytest.mark.django_db
INCIDENTS = "/admin/cases/incident/"


@pytest.fixture
def staff(client):
    sign_in(client, may(get_user_model().objects.create_superuser("editor"), "read_team", "read_partner"))
    return client


def incident_data(**fields: Any) -> dict[str, Any]:
    make_country("CN"), make_country("MA")
    basics = {
        "title": "Held in Casablanca",
        "scope": "cross_border",
        "start": "2021-07",
    }
    codes = {
        "level": "public",
        "review": "draft",
    }
    countries = [
        {"country": "CN", "part": "origin", "attribution": "stated", "level": "public"},
        {"country": "MA", "part": "location", "level": "public"},
    ]
    return basics | codes | incident_rows(country_parts=countries) | fields


def stage(person: Person, kind: str = "detention", occurred: str = "2021-07", **fields: Any) -> dict[str, Any]:
    return {"person": person.pk, "kind": kind, "occurred": occurred, "position": "0", "level": "public"} | {
        "evidence_field": "occurred",
        **fields,
    }


def evidence(source: SourceDocument, **fields: Any) -> dict[str, Any]:
    return {"evidence_source": source.pk, "evidence_paragraph": "3", "evidence_stated": "in July 2021"} | fields


class TestAnIncidentOnOnePage:
    def test_people_stages_and_citations_are_entered_in_one_go(self, staff):
        subject, lawyer, source = make_person("Idris Hasan"), make_person("Milouda Alaoui"), make_source()
        data = incident_data() | rows(
            "involvements",
            {"person": lawyer.pk, "role": "lawyer", "outcome": "", "status": "unknown", "level": "public"},
        )
        data |= rows(
            "stages",
            stage(subject, **evidence(source)),
            stage(subject, "surrender_risk", "2021-11-15", **evidence(source, evidence_field="kind")),
        )
        data |= rows(
            "citations",
            {"source": source.pk, "field": "place", "stated_value": "an airport", "stance": "supports"}
            | {"preferred": "on", "paragraph": "5", "level": "public"},
        )
        response = staff.post(f"{INCIDENTS}add/", data)
        assert response.status_code == 302, errors_in(response)
        incident = Incident.objects.get()
        assert set(incident.country_parts.values_list("country", "part", "attribution")) == {
            ("CN", "origin", "stated"),
            ("MA", "location", ""),
        }
        involved = {(part.person, part.role) for part in incident.involvements.all()}
        assert involved == {(subject, "subject"), (lawyer, "lawyer")}
        detention, risk = incident.stages.in_order()
        assert [(step.kind, step.position, step.involvement.person) for step in (detention, risk)] == [
            ("detention", 1, subject),
            ("surrender_risk", 2, subject),
        ]
        cited = detention.citations.get()
        assert (cited.source, cited.field, cited.paragraph, cited.stated_value, cited.level) == (
            source,
            "occurred",
            3,
            "in July 2021",
            "public",
        )
        assert risk.citations.get().field == "kind"
        assert incident.citations.get().stated_value == "an airport"

    def test_a_person_who_is_the_subject_already_is_not_listed_twice(self, staff):
        incident, person = make_incident(review="draft"), make_person()
        involvement = make_involvement(incident, person)
        make_stage(involvement)
        data = filled(staff, f"{INCIDENTS}{incident.pk}/change/")
        data |= {"stages-1-person": person.pk, "stages-1-kind": "release", "stages-1-occurred": "2019"}
        assert staff.post(f"{INCIDENTS}{incident.ref}/change/", data).status_code == 302
        assert Involvement.objects.get() == involvement
        assert involvement.stages.count() == 2

    def test_saving_a_form_as_it_was_shown_changes_nothing(self, staff):
        incident, person, source = make_incident(), make_person(), make_source()
        make_citation(source, "title", incident=incident)
        make_citation(source, "occurred", stage=make_stage(make_involvement(incident, person)))
        before = list(Stage.objects.values()), list(Citation.objects.values()), list(Involvement.objects.values())
        response = staff.post(f"{INCIDENTS}{incident.ref}/change/", filled(staff, f"{INCIDENTS}{incident.ref}/change/"))
        assert response.status_code == 302, errors_in(response)
        after = list(Stage.objects.values()), list(Citation.objects.values()), list(Involvement.objects.values())
        assert before == after
        assert not Proposal.objects.exists()

    def test_what_a_source_says_needs_the_source(self, staff):
        data = incident_data() | rows("stages", stage(make_person(), evidence_paragraph="3"))
        response = staff.post(f"{INCIDENTS}add/", data)
        assert "Choose the source that says so." in response.content.decode()
        assert not Incident.objects.exists()


class TestRefusals:
    @pytest.mark.parametrize("date", ["2021-02-30", "3/4/2018", "2021-13", "2019/2018", "soon"])
    def test_an_impossible_date_of_a_stage_is_refused_with_what_to_write(self, staff, date):
        response = staff.post(f"{INCIDENTS}add/", incident_data() | rows("stages", stage(make_person(), occurred=date)))
        assert "Write 2018-10-31 (a day)" in response.content.decode()
        assert not Incident.objects.exists() and not Stage.objects.exists()

    def test_a_day_of_another_calendar_comes_back_as_it_was_typed_with_the_day_to_write(self, staff):
        typed = stage(make_person(), occurred="BS 2078-06-15")
        page = staff.post(f"{INCIDENTS}add/", incident_data() | rows("stages", typed)).content.decode()
        assert "15 Ashwin 2078 (Bikram Sambat) = 1 October 2021: if that is meant, write 2021-10-01." in page
        assert 'name="stages-0-occurred" value="2078-06-15"' in page
        assert 'name="stages-0-occurred-calendar" id="id_stages-0-occurred-calendar" value="BS"' in page
        assert not Stage.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "where", "message"),
        [
            ({"standing": "target", "role": "official"}, "role", "A role goes with the standing “other” only."),
            ({"standing": "other"}, "role", "Say what somebody of the standing “other” is."),
            ({"headcount_min": "3"}, "headcount_min", "Only a group has a headcount."),
            (
                {"kind": "group", "headcount_min": "9", "headcount_max": "3"},
                "headcount_max",
                "The largest headcount is below the smallest.",
            ),
            (
                {"level": "restricted"},
                "readers",
                "Name at least one reader, or nobody can open a restricted record again.",
            ),
        ],
    )
    def test_a_broken_rule_is_told_beside_its_field(self, staff, fields, where, message):
        response = staff.post("/admin/cases/person/add/", person_data(**fields))
        assert response.context["adminform"].form.errors == {where: [message]}
        assert not Person.objects.exists()

    def test_an_end_before_the_start_is_told_beside_the_end(self, staff):
        response = staff.post(f"{INCIDENTS}add/", incident_data(start="2021-07", end="2020"))
        assert list(response.context["adminform"].form.errors) == ["end"]

    def test_a_second_primary_name_is_told_beside_its_kind(self, staff):
        person = make_person()
        address = f"/admin/cases/person/{person.ref}/change/"
        data = filled(staff, address) | {"names-1-text": "Aibek", "names-1-kind": "primary"}
        assert "change the kind of that one first" in staff.post(address, data).content.decode()
        data = person_data() | rows("names", name("Aybek", "primary"), name("Aibek", "primary"))
        assert "change the kind of that one first" in staff.post("/admin/cases/person/add/", data).content.decode()

    def test_a_source_cannot_descend_from_itself(self, staff):
        copy = make_source(derivation="wire_copy")
        origin = make_source()
        SourceDocument.objects.filter(pk=copy.pk).update(derived_from=origin)
        address = f"/admin/sources/sourcedocument/{origin.ref}/change/"
        response = staff.post(address, filled(staff, address) | {"derived_from": copy.pk})
        assert list(response.context["adminform"].form.errors) == ["derived_from"]

    def test_a_citation_is_about_exactly_one_record(self, staff):
        person, incident, source = make_person(), make_incident(), make_source()
        data = {"source": source.pk, "field": "label", "stance": "supports", "preferred": "on", "level": "public"}
        for records in ({}, {"person": person.pk, "incident": incident.pk}):
            response = staff.post("/admin/cases/citation/add/", data | records)
            assert response.status_code == 200 and "exactly one record" in response.content.decode()
        assert staff.post("/admin/cases/citation/add/", data | {"person": person.pk}).status_code == 302

    def test_a_cited_row_cannot_be_removed_and_an_uncited_one_can(self, staff):
        person = make_person(review="draft")
        cited, bare = make_legal_status(person), make_legal_status(person, "TR")
        make_citation(make_source(), "kind", legal_status=cited)
        address = f"/admin/cases/person/{person.ref}/change/"
        refused = staff.post(address, filled(staff, address) | {"legal_statuses-0-DELETE": "on"})
        assert "other records rest on it" in refused.content.decode()
        assert staff.post(address, filled(staff, address) | {"legal_statuses-1-DELETE": "on"}).status_code == 302
        assert list(LegalStatus.objects.all()) == [cited]
        assert not LegalStatus.objects.filter(pk=bare.pk).exists()


class TestEvidenceOfWhatIsPublished:
    def test_an_incident_is_not_sent_for_review_while_a_stage_lacks_evidence(self, staff):
        person, source = make_person("Idris Hasan"), make_source()
        data = incident_data(review="in_review") | rows(
            "stages", stage(person, **evidence(source)), stage(person, "release", "2022")
        )
        response = staff.post(f"{INCIDENTS}add/", data)
        assert "Add a source for: release in 2022 of Idris Hasan." in messages_of(response)
        assert Incident.objects.get().review == "draft" and not Proposal.objects.exists()
        data |= rows("stages", stage(person, **evidence(source)), stage(person, "release", "2022", **evidence(source)))
        assert staff.post(f"{INCIDENTS}add/", data | {"title": "Complete"}).status_code == 302
        assert Incident.objects.get(title="Complete").review == "in_review" and Proposal.objects.exists()

    def test_a_stage_without_evidence_in_a_published_incident_is_proposed_with_a_warning(self, staff):
        incident, person = make_incident(), make_person("Idris Hasan")
        data = filled(staff, f"{INCIDENTS}{incident.ref}/change/") | rows("stages", stage(person))
        response = staff.post(f"{INCIDENTS}{incident.ref}/change/", data)
        assert "stages without evidence: detention in July 2021 of Idris Hasan." in messages_of(response)
        assert Proposal.objects.get().about == incident.ref and not incident.stages.exists()


class TestOddSequences:
    def test_an_interrogation_after_a_release_is_saved_with_a_warning(self, staff):
        person = make_person("Kerem Mamut")
        steps = [stage(person, "detention", "2018-10-31"), stage(person, "release", "2019-01-25")]
        data = incident_data() | rows("stages", *steps, stage(person, "interrogation", "2019-03-05"))
        told = messages_of(staff.post(f"{INCIDENTS}add/", data))
        assert (
            "Kerem Mamut: interrogation on 5 March 2019 comes after release on 25 January 2019, "
            "with no new detention between" in told
        )
        assert Stage.objects.count() == 3

    def test_steps_of_somebody_who_is_no_subject_are_saved_with_a_warning(self, staff):
        incident, father = make_incident(), make_person("The father")
        row = make_involvement(incident, father, role="relative")
        detention = make_stage(row, "detention", "2019")
        address = f"/admin/cases/stage/{detention.ref}/change/"
        told = messages_of(staff.post(address, filled(staff, address) | {"occurred": "2020"}))
        assert "The father has steps as relative: no filter and no count takes them for a case of theirs." in told

    def test_the_page_of_one_stage_warns_as_well(self, staff):
        involvement = make_involvement(make_incident(), make_person())
        make_stage(involvement, "death", "2019-01-01")
        hearing = make_stage(involvement, "hearing", "2018-12-01")
        address = f"/admin/cases/stage/{hearing.ref}/change/"
        response = staff.post(address, filled(staff, address) | {"occurred": "2020"})
        assert "nothing follows a death" in messages_of(response)


def person_data(**fields: Any) -> dict[str, Any]:
    basics = {"label": "Aybek", "kind": "individual", "standing": "target", "sex": "unknown"}
    inlines = ("names", "details", "legal_statuses", "relations_out", "citations")
    parts = {key: value for inline in inlines for key, value in rows(inline).items()}
    return basics | {"level": "public", "review": "draft"} | parts | fields


def name(text: str, kind: str) -> dict[str, str]:
    return {"text": text, "kind": kind, "script": "Latn", "language": "", "level": "public"}


def errors_in(response) -> Any:
    if not response.context:
        return response
    formsets = [formset.formset.errors for formset in response.context["inline_admin_formsets"]]
    return response.context["adminform"].form.errors, formsets


@pytest.mark.parametrize(("names", "preset"), [([], None), (["North"], "North"), (["North", "South"], None)])
def test_a_new_record_begins_with_its_editors_team_where_they_are_on_one(staff, names, preset):
    Team.objects.create(name="Nobody's")
    for name in names:
        Team.objects.create(name=name).members.add(get_user_model().objects.get())
    begun = filled(staff, "/admin/cases/person/add/")
    expected = Team.objects.get(name=preset).pk if preset else None
    assert (begun.get("team"), begun["level"]) == (expected, "team")


def test_what_is_wrong_in_a_closed_box_is_shown(staff: Any) -> None:
    sentence = make_stage(make_involvement(make_incident(), make_person()), "sentence", in_absentia=True)
    address = f"{INCIDENTS}{sentence.incident.pk}/change/"
    assert "<details open>" not in staff.get(address).content.decode()
    wrong = {"stages-0-kind": "detention", "stages-0-in_absentia": "true"}
    page = staff.post(address, filled(staff, address) | wrong).content.decode()
    box = page.split("<details open>")[1].split("</details>")[0]
    assert "Only a sentence is passed in absence." in box
    assert page.count("<details open>") == 1
