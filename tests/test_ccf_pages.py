"""The pages of requests to Interpol's commission and of duties, and the forms on which both are entered."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import CcfEvent, CcfRequest, Citation, ClockRule, Duty, Involvement, Notice, SilenceThreshold
from records.models import Proposal
from tests.admin_forms import filled, rows
from tests.factories import (
    make_ccf_event,
    make_ccf_request,
    make_citation,
    make_clock_rule,
    make_country,
    make_duty,
    make_incident,
    make_involvement,
    make_notice,
    make_notice_event,
    make_person,
    make_source,
    make_tactic,
)
from tests.partners import partner, partner_client, post, refused
from tests.signin import may, sign_in
from tests.test_deadlines import coming

__all__ = ["partner", "partner_client"]

pytestmark = pytest.mark.django_db


def text_of(client: Client, address: str) -> str:
    """Return what a page says, without tags and with single spaces."""
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", response.content.decode())).split()).replace(" .", ".")


@pytest.fixture
def request_of_notice() -> CcfRequest:
    """A request that was filed, found admissible and given more time, each step by somebody's word and a source."""
    make_clock_rule()
    request = make_ccf_request(make_notice(make_person("Aybek Tursun")), number="R-77")
    source = make_source(title="A letter of the commission")
    for position, (state, day, until, by) in enumerate(
        [
            ("filed", "2026-01-10", "", "his lawyer"),
            ("admissible", "2026-02-10", "", "the commission"),
            ("extended", "2026-10-01", "2027-02-10", ""),
        ]
    ):
        step = make_ccf_event(request, state, day, until=until, asserted_by=by, position=position)
        make_citation(source, "state", ccf_event=step)
    return request


class TestARequest:
    def test_its_page_tells_its_life_and_who_says_so(self, client: Client, request_of_notice: CcfRequest) -> None:
        page = text_of(client, f"/ccf-requests/{request_of_notice.ref}/")
        assert "Request to Interpol's commission (deletion) for Aybek Tursun" in page
        assert "Extended on 1 October 2026" in page
        steps = page[page.index("Its life") :]
        assert re.search(r"10 January 2026 Filed 1 source for filed .*?according to: his lawyer", steps)
        assert re.search(r"10 February 2026 Admissible 1 source .*?according to: the commission", steps)
        assert re.search(r"1 October 2026 Extended 1 source .*?until: 10 February 2027 according to: not stated", steps)
        assert "A letter of the commission" in page
        assert "R-77" in page

    def test_its_clock_stands_there_with_its_working(self, client: Client, request_of_notice: CcfRequest) -> None:
        page = text_of(client, f"/ccf-requests/{request_of_notice.ref}/")
        assert "Last day for the commission's answer : Wednesday 10 February 2027" in page
        assert (
            "Worked out from: admissible 10 February 2026 + 9 months, CCF Statute, Art. 40; "
            "extended until 10 February 2027, before that Tuesday 10 November 2026." in page
        )

    def test_an_answer_shows_how_long_it_took(self, client: Client, request_of_notice: CcfRequest) -> None:
        make_ccf_event(request_of_notice, "decided", "2026-12", position=9)
        CcfRequest.objects.filter(pk=request_of_notice.pk).update(outcome="non_compliant_deleted")
        page = text_of(client, f"/ccf-requests/{request_of_notice.ref}/")
        assert "Stopped: decided in December 2026 after between 294 and 324 days, in time." in page
        assert "outcome: non-compliant, deleted" in page

    def test_the_page_of_the_notice_holds_it(self, client: Client, request_of_notice: CcfRequest) -> None:
        page = text_of(client, f"/notices/{request_of_notice.notice.ref}/")
        assert "Requests to Interpol's commission Request for deletion : extended" in page
        assert "Last day for the commission's answer : Wednesday 10 February 2027" in page
        assert "Sources 1 document, 1 independent" in page

    def test_on_an_earlier_day_the_notice_shows_what_had_happened_by_then(
        self, client: Client, request_of_notice: CcfRequest
    ) -> None:
        make_notice_event(request_of_notice.notice, "published", "2025")
        address = f"/notices/{request_of_notice.notice.ref}/?as_of="
        in_march = text_of(client, f"{address}2026-03-01")
        assert "Request for deletion : admissible" in in_march
        assert "10 November 2026" in in_march
        assert "2027" not in in_march
        assert "commission" not in text_of(client, f"{address}2026-01-09")

    def test_a_notice_without_one_has_no_such_section(self, client: Client) -> None:
        assert "commission" not in text_of(client, f"/notices/{make_notice(make_person()).ref}/")

    def test_the_list_and_the_file_have_it(self, client: Client, request_of_notice: CcfRequest) -> None:
        page = text_of(client, "/ccf-requests/")
        assert "Requests to Interpol's commission" in page
        assert "1 request" in page
        assert "Aybek Tursun Deletion Extended 1 October 2026 Wednesday 10 February 2027 — 1" in page
        file: Any = client.get("/ccf-requests/export.csv")
        assert request_of_notice.ref in b"".join(file).decode()
        assert "0 requests" in text_of(client, "/ccf-requests/?state=decided")

    @pytest.mark.parametrize("hidden", [{"level": "team"}, {"review": "draft"}])
    def test_a_hidden_one_leaves_no_trace(
        self, client: Client, request_of_notice: CcfRequest, hidden: dict[str, str]
    ) -> None:
        notice = f"/notices/{request_of_notice.notice.ref}/"
        CcfRequest.objects.filter(pk=request_of_notice.pk).update(**hidden)
        with_it = [client.get(address).content for address in (notice, "/ccf-requests/")]
        missing = client.get("/ccf-requests/CCF-00000000/")
        there = client.get(f"/ccf-requests/{request_of_notice.ref}/")
        assert there.status_code == missing.status_code == 404
        assert there.content == missing.content
        Citation.objects.exclude(ccf_event=None).delete()
        request_of_notice.delete()
        assert [client.get(address).content for address in (notice, "/ccf-requests/")] == with_it

    def test_a_hidden_extension_does_not_move_its_clock(self, client: Client, request_of_notice: CcfRequest) -> None:
        CcfEvent.objects.filter(state="extended").update(level="team")
        for address in (f"/ccf-requests/{request_of_notice.ref}/", f"/notices/{request_of_notice.notice.ref}/"):
            page = text_of(client, address)
            assert "10 November 2026" in page
            assert "2027" not in page
            assert "xtended" not in page
        assert "10 November 2026" in text_of(client, "/ccf-requests/")
        sign_in(client, may(User.objects.create_user("ann"), "read_team"))
        assert "10 February 2027" in text_of(client, f"/ccf-requests/{request_of_notice.ref}/")

    def test_the_pages_take_as_many_queries_however_many_there_are(self, client: Client) -> None:
        make_clock_rule()
        notice, counts = make_notice(make_person()), []
        for number in range(1, 4):
            request = make_ccf_request(notice)
            for state in ("filed", "admissible", "extended")[:number]:
                make_citation(make_source(), "state", ccf_event=make_ccf_event(request, state))
            for address in (f"/notices/{notice.ref}/", f"/ccf-requests/{request.ref}/"):
                with CaptureQueriesContext(connection) as asked:
                    client.get(address)
                counts.append(len(asked))
        assert len(set(counts[::2])) == len(set(counts[1::2])) == 1


def test_every_event_of_a_notice_says_who_asserts_it_and_by_which_source(client: Client) -> None:
    notice = make_notice(make_person())
    make_citation(make_source(), "state", notice_event=make_notice_event(notice, asserted_by="his brother"))
    make_notice_event(notice, "deleted", "2018", position=1)
    page = text_of(client, f"/notices/{notice.ref}/")
    assert re.search(r"2017 Published 1 source for published .*?according to: his brother", page)
    assert "2018 Deleted no source recorded according to: not stated" in page


class TestADuty:
    @pytest.fixture
    def duty(self) -> Duty:
        part = make_involvement(make_incident("Held in Istanbul"), make_person("Aybek Tursun"))
        duty = make_duty(part, due="2019-01-25/2019-02-05", rhythm="weekly", authority="a police office")
        make_citation(make_source(title="A report on him"), "rhythm", duty=duty, stated_value="once a week")
        return duty

    def test_its_page_tells_whose_it_is_and_by_which_source(self, client: Client, duty: Duty) -> None:
        page = text_of(client, f"/duties/{duty.ref}/")
        assert "Reporting: Aybek Tursun" in page.replace(" :", ":")
        assert "First time between 25 January and 5 February 2019" in page
        assert re.search("Comes round weekly 1 source .*?once a week A report on him", page)
        assert "a police office" in page
        assert "Not known: ended, note." in page

    def test_the_list_and_the_file_have_it(self, client: Client, duty: Duty) -> None:
        assert "Reporting Aybek Tursun Held in Istanbul first between 25 January and 5 February 2019 weekly — 1" in (
            text_of(client, "/duties/?kind=reporting")
        )
        file: Any = client.get("/duties/export.csv")
        assert f"{duty.ref},{duty.incident.ref}" in b"".join(file).decode()

    def test_a_hidden_one_leaves_no_trace(self, client: Client, duty: Duty) -> None:
        Duty.objects.filter(pk=duty.pk).update(level="team")
        there, missing = client.get(f"/duties/{duty.ref}/"), client.get("/duties/DUT-00000000/")
        assert there.status_code == 404
        assert there.content == missing.content
        assert "Reporting" not in text_of(client, "/duties/").split("0 duties")[1]

    def test_what_comes_next_names_the_days_the_working_and_the_sources(self, duty: Duty) -> None:
        make_duty(duty.involvement, "permit_expiry", "")
        anybody = User.objects.create_user("outsider")
        groups = coming(duty.involvement.person, date(2026, 11, 22), anybody)
        shown = " ".join(
            re.sub("<[^>]+>", " ", render_to_string("includes/deadlines.html", {"groups": groups})).split()
        )
        assert "In the next 30 days Between Sunday 22 November 2026 and Saturday 28 November 2026 : Reporting" in shown
        assert "Every seven days, first between 25 January and 5 February 2019; a police office." in shown
        assert "A report on him" in shown
        assert "No day is known Permit expiry no source recorded No day is recorded." in shown
        assert "overdue" not in shown.lower()


class TestTheAdmin:
    def test_an_administrator_sees_and_changes_rules_and_thresholds(self, client: Client) -> None:
        call_command("make_roles", verbosity=0)
        rule = make_clock_rule()
        threshold = SilenceThreshold.objects.get_or_create(phase="detention", defaults={"days": 90})[0]
        user = User.objects.create_user("root", is_staff=True)
        user.groups.add(Group.objects.get(name="administrator"))
        sign_in(client, user)
        country, tactic = make_country("TR"), make_tactic()
        changes = {
            rule: {"length": "45", "unit": "days"},
            threshold: {"days": "45"},
            country: {"region": "A"},
            tactic: {"label": "B"},
        }
        for row, change in changes.items():
            address = f"/admin/cases/{row._meta.model_name}/"
            assert client.get(address).status_code == 200
            form = f"{address}{row.pk}/change/"
            answer = client.post(form, filled(client, form) | change)
            assert answer.status_code == 302, answer.content.decode()
            row.refresh_from_db()
        assert (rule.length, rule.unit) == (45, "days")
        assert (threshold.days, country.region, tactic.label) == (45, "A", "B")

    def test_the_roles_may_do_with_the_new_records_what_they_may_with_others(self) -> None:
        call_command("make_roles", verbosity=0)
        verbs = {"analyst": {"view", "add", "change", "delete"}, "reviewer": {"view"}}
        for name, expected in verbs.items():
            codes = Group.objects.get(name=name).permissions.values_list("codename", flat=True)
            for model in ("ccfrequest", "ccfevent", "duty"):
                assert {code.split("_")[0] for code in codes if code.endswith(f"_{model}")} == expected
        codes = Group.objects.get(name="administrator").permissions.values_list("codename", flat=True)
        for model in ("clockrule", "silencethreshold"):
            assert {f"{verb}_{model}" for verb in ("view", "add", "change")} <= set(codes)
        assert not {code for code in codes if code.endswith(("ccfrequest", "duty"))}

    def test_a_duty_is_entered_on_the_page_of_the_incident_with_its_evidence(self, admin_client: Client) -> None:
        incident, person, source = make_incident(review="draft"), make_person("Aybek Tursun"), make_source()
        address = f"/admin/cases/incident/{incident.pk}/change/"
        data = filled(admin_client, address) | rows(
            "duties",
            {
                "person": person.pk,
                "kind": "reporting",
                "due": "2019-01-25",
                "rhythm": "weekly",
                "level": "public",
                "evidence_source": source.pk,
                "evidence_field": "due",
                "evidence_stated": "every week from then",
            },
        )
        answer = admin_client.post(address, data)
        assert answer.status_code == 302, answer.content.decode()
        duty = Duty.objects.get()
        assert (duty.incident, duty.involvement.person, duty.rhythm) == (incident, person, "weekly")
        assert Citation.objects.get().duty == duty
        assert Involvement.objects.get().role == "subject"

    def test_a_rhythm_without_a_first_day_is_refused_at_the_day(self, admin_client: Client) -> None:
        incident, person = make_incident(), make_person()
        address = f"/admin/cases/incident/{incident.pk}/change/"
        new = {"person": person.pk, "kind": "reporting", "due": "", "rhythm": "weekly", "level": "public"}
        answer = admin_client.post(address, filled(admin_client, address) | rows("duties", new))
        assert "Say when it first came round." in answer.content.decode()
        assert not Duty.objects.exists()

    def test_the_page_of_a_notice_leads_to_the_requests_about_it(self, admin_client: Client) -> None:
        request = make_ccf_request()
        page = admin_client.get(f"/admin/cases/notice/{request.notice.pk}/change/").content.decode()
        assert f"/admin/cases/ccfrequest/{request.ref}/" in page
        assert Notice.objects.count() == ClockRule.objects.count() + 1


def test_a_citation_of_each_new_kind_can_be_submitted(partner_client: Client) -> None:
    part, request, source = make_involvement(make_incident(), make_person()), make_ccf_request(), make_source()
    cited = {"duty": make_duty(part), "ccf_request": request, "ccf_event": make_ccf_event(request)}
    for name, record in cited.items():
        body = {"source": source.ref, "record": record.ref, "field": "ref"}
        assert "ref" in refused(partner_client, "citations/", body)["field"][0]
        answer = post(partner_client, "citations/", body | {"field": "note" if name != "ccf_event" else "state"})
        assert answer.status_code == 202, answer.content
        (image,) = json.loads(Proposal.objects.get(ref=answer.json()["proposal"]).row_changes)
        assert image["after"][name] == record.ref
