"""Staff enter and correct records in the admin: one page for an incident, refusals that say what to write, warnings."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from cases.models import Citation, Incident, Involvement, LegalStatus, Notice, Person, Stage
from sources.models import Proposal, SourceDocument
from tests.admin_forms import filled, messages_of, rows
from tests.factories import (
    make_agreement,
    make_citation,
    make_country,
    make_incident,
    make_involvement,
    make_legal_status,
    make_name,
    make_notice,
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
        "origin": "CN",
        "location": "MA",
        "start": "2021-07",
    }
    codes = {
        "attribution": "stated",
        "status": "ongoing",
        "status_as_of": "2021-11",
        "level": "public",
        "review": "draft",
    }
    parts = rows("involvements") | rows("stages") | rows("duties") | rows("citations")
    return basics | codes | parts | fields


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
            "involvements", {"person": lawyer.pk, "role": "lawyer", "outcome": "", "level": "public"}
        )
        data |= rows(
            "stages",
            stage(subject, **evidence(source)),
            stage(subject, "surrender_risk", "2021-11-15", **evidence(source, evidence_field="kind")),
        )
        data |= rows(
            "citations",
            {"source": source.pk, "field": "location", "stated_value": "Morocco", "stance": "supports"}
            | {"preferred": "on", "paragraph": "5", "level": "public"},
        )
        response = staff.post(f"{INCIDENTS}add/", data)
        assert response.status_code == 302, errors_in(response)
        incident = Incident.objects.get()
        assert incident.host == make_country("MA")
        involved = {(part.person, part.role) for part in incident.involvements.all()}
        assert involved == {(subject, "subject"), (lawyer, "lawyer")}
        detention, risk = incident.stages.in_order()
        assert [(step.kind, step.position, step.involvement.person) for step in (detention, risk)] == [
            ("detention", 0, subject),
            ("surrender_risk", 1, subject),
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
        assert incident.citations.get().stated_value == "Morocco"

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

    def test_the_page_of_one_stage_warns_as_well(self, staff):
        involvement = make_involvement(make_incident(), make_person())
        make_stage(involvement, "death", "2019-01-01")
        hearing = make_stage(involvement, "hearing", "2018-12-01")
        address = f"/admin/cases/stage/{hearing.ref}/change/"
        response = staff.post(address, filled(staff, address) | {"occurred": "2020"})
        assert "nothing follows a death" in messages_of(response)


class TestOtherPages:
    def test_a_notice_is_entered_with_its_events_and_their_evidence(self, staff):
        person, source = make_person(), make_source()
        make_country("CN")
        event = {
            "state": "cancelled",
            "occurred": "2021-08",
            "asserted_by": "Interpol",
            "position": "0",
            "level": "public",
        }
        data = {
            "person": person.pk,
            "instrument": "red_notice",
            "requested_by": "CN",
            "level": "public",
            "review": "draft",
        }
        data |= rows("events", event | evidence(source, evidence_field="state")) | rows("citations")
        response = staff.post("/admin/cases/notice/add/", data)
        assert response.status_code == 302, errors_in(response)
        assert Notice.objects.get().events.get().citations.get().stated_value == "in July 2021"

    def test_a_persons_page_shows_incidents_notices_and_both_directions_of_kinship(self, staff):
        person, child = make_person("Wang Yi"), make_person("Arzu")
        incident, notice = make_incident("Held up in Urumqi"), make_notice(person)
        make_involvement(incident, person)
        child.relations_out.create(relative=person, kind="parent", level="public")
        page = staff.get(f"/admin/cases/person/{person.ref}/change/").content.decode()
        for words in (incident.ref, "Held up in Urumqi", notice.ref, child.ref, "is this person&#x27;s child"):
            assert words in page

    def test_a_sources_page_lists_what_is_cited_from_it(self, staff):
        source, person = make_source(), make_person()
        citation = make_citation(source, "label", person=person, stated_value="A. Tursun")
        page = staff.get(f"/admin/sources/sourcedocument/{source.ref}/change/").content.decode()
        assert citation.ref in page and "A. Tursun" in page and f"/admin/cases/person/{person.ref}/change/" in page

    def test_a_retired_term_stays_on_old_records_and_off_new_ones(self, staff):
        status = make_legal_status(make_person(), kind="nansen_passport")
        kind = status.kind
        kind.retired = True
        kind.save()
        page = staff.get(f"/admin/cases/person/{status.person.ref}/change/").content.decode()
        assert page.count('value="nansen_passport"') == 1  # in its own row, and not in the empty one
        address = f"/admin/cases/person/{status.person.ref}/change/"
        assert staff.post(address, filled(staff, address)).status_code == 302
        data = {"person": make_person().pk, "kind": kind.pk, "country": "CN", "level": "public"} | rows("citations")
        assert staff.post("/admin/cases/legalstatus/add/", data).status_code == 200

    def test_names_are_found_in_other_spellings(self, staff):
        person = make_person("Idris Hasan")
        make_name(person, "Yidiresi Aishan")
        for spelling in ("idris hassan", "YIDIRESI", person.ref.lower()):
            assert staff.get("/admin/cases/person/", {"q": spelling}).context["cl"].result_count == 1
        assert staff.get("/admin/cases/person/", {"q": "kerem"}).context["cl"].result_count == 0

    def test_agreements_are_found_by_country(self, staff):
        agreement = make_agreement("CN", "MA")
        assert list(staff.get("/admin/cases/agreement/", {"q": "morocco"}).context["cl"].result_list) == [agreement]


class TestDates:
    def test_a_list_shows_dates_as_stated_and_sorts_them_honestly(self, staff):
        for start in ("2021-07-01", "2021-07", "2018", "", "2017-11~"):
            make_incident(start=start)
        cl = staff.get(INCIDENTS, {"o": "3"}).context["cl"]
        shown = [record.start.label if record.start else "" for record in cl.result_list]
        assert shown == ["", "about November 2017", "2018", "1 July 2021", "July 2021"]
        page = staff.get(INCIDENTS).content.decode()
        assert "July 2021" in page and "about November 2017" in page
        newest_first = [record.start and record.start.text for record in staff.get(INCIDENTS).context["cl"].result_list]
        assert newest_first == ["2021-07", "2021-07-01", "2018", "2017-11~", None]

    def test_the_year_filter_counts_a_vague_date_under_each_year_it_may_mean(self, staff):
        for start in ("2018-10-31", "2017/2019", "2019-03", "2019-06/..", ""):
            make_incident(start=start)
        choices = [choice["display"] for choice in year_choices(staff)]
        assert choices == ["Any date", "2019 (3)", "2018 (2)", "2017 (1)", "date unknown (1)"]
        assert [c["display"] for c in year_choices(staff, start="2018")] == [
            "Any date",
            "2019 (3)",
            "2018 (2)",
            *(f"– {month} (1)" for month in ("January", "February", "March", "April", "May", "June")),
            *(f"– {month} (1)" for month in ("July", "August", "September")),
            "– October (2)",
            *(f"– {month} (1)" for month in ("November", "December")),
            "2017 (1)",
            "date unknown (1)",
        ]

    @pytest.mark.parametrize(
        ("value", "found"), [("2018", 2), ("2018-10", 2), ("2018-11", 1), ("unknown", 1), ("2020", 1)]
    )
    def test_the_year_filter_finds_what_it_counts(self, staff, value, found):
        for start in ("2018-10-31", "2017/2019", "2019-03", "2019-06/..", ""):
            make_incident(start=start)
        assert staff.get(INCIDENTS, {"start": value}).context["cl"].result_count == found

    @pytest.mark.parametrize("value", ["2018-10-31", "2018/2019", "x", "20188"])
    def test_a_year_filter_that_cannot_be_read_is_an_error(self, staff, value):
        response = staff.get(INCIDENTS, {"start": value})
        assert (response.status_code, response.url) == (302, f"{INCIDENTS}?e=1")


def person_data(**fields: Any) -> dict[str, Any]:
    basics = {"label": "Aybek", "kind": "individual", "standing": "target", "sex": "unknown"}
    inlines = ("names", "details", "legal_statuses", "relations_out", "citations")
    parts = {key: value for inline in inlines for key, value in rows(inline).items()}
    return basics | {"level": "public", "review": "draft"} | parts | fields


def name(text: str, kind: str) -> dict[str, str]:
    return {"text": text, "kind": kind, "script": "Latn", "language": "", "level": "public"}


def year_choices(staff, **params: str) -> list[Any]:
    cl = staff.get(INCIDENTS, params).context["cl"]
    return list(next(spec for spec in cl.filter_specs if spec.title == "start").choices(cl))


def errors_in(response) -> Any:
    if not response.context:
        return response
    formsets = [formset.formset.errors for formset in response.context["inline_admin_formsets"]]
    return response.context["adminform"].form.errors, formsets


def test_every_page_has_an_address_by_reference(staff):
    person = make_person()
    assert staff.get(reverse("admin:cases_person_change", args=[person.ref])).status_code == 200
