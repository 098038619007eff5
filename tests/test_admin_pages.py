"""Lists and pages of the admin: what they show beside a record, how it is found, and how its dates are sorted."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from cases.models import Notice
from tests.admin_forms import filled, rows
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
)
from tests.test_admin_entry import INCIDENTS, errors_in, evidence, staff

__all__ = ["staff"]

pytestmark = pytest.mark.django_db


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
        data |= rows("warrants") | rows("events", event | evidence(source, evidence_field="state")) | rows("citations")
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

    def test_the_year_filter_counts_in_a_list_that_is_ordered_by_counts(self, staff):
        incidents = [make_incident(start="2018"), make_incident(start="2019")]
        make_involvement(incidents[0], make_person())
        cl = staff.get(INCIDENTS, {"o": "-6", "_facets": "True"}).context["cl"]
        assert [(row, row.people_count) for row in cl.result_list] == [(incidents[0], 1), (incidents[1], 0)]
        assert [c["display"] for c in year_choices(staff, o="-6")] == ["Any date", "2019 (1)", "2018 (1)"]

    @pytest.mark.parametrize("value", ["2018-10-31", "2018/2019", "x", "20188"])
    def test_a_year_filter_that_cannot_be_read_is_an_error(self, staff, value):
        response = staff.get(INCIDENTS, {"start": value})
        assert (response.status_code, response.url) == (302, f"{INCIDENTS}?e=1")


def year_choices(staff, **params: str) -> list[Any]:
    cl = staff.get(INCIDENTS, params).context["cl"]
    return list(next(spec for spec in cl.filter_specs if spec.title == "start").choices(cl))


def test_every_page_has_an_address_by_reference(staff):
    person = make_person()
    assert staff.get(reverse("admin:cases_person_change", args=[person.ref])).status_code == 200
