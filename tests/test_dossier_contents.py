"""What a dossier tells of a person: a dated, sourced chronology, alike on the page and in the document."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from tests.dossiers import SURFACES, dossier_of, take, text_of, tursun
from tests.factories import (
    make_capture,
    make_ccf_event,
    make_ccf_request,
    make_citation,
    make_clock_rule,
    make_detail,
    make_duty,
    make_incident,
    make_involvement,
    make_legal_status,
    make_name,
    make_notice,
    make_notice_event,
    make_person,
    make_source,
    make_stage,
)

__all__ = ["tursun"]

pytestmark = pytest.mark.django_db


class TestTheChronology:
    def test_steps_of_all_cases_stand_in_one_order_and_the_undated_after_them(self, tursun: SimpleNamespace) -> None:
        found = dossier_of(tursun.person)
        assert [(step.number, step.what, step.when) for step in found.all_steps] == [
            (1, "Monitored", "2018"),
            (2, "Detention", "31 October 2018"),
            (3, "Conditional release", "25 January 2019"),
            (4, "Threatened", "date not known"),
        ]

    def test_what_the_dates_leave_open_is_said(self, tursun: SimpleNamespace) -> None:
        order = {step.what: step.order for step in dossier_of(tursun.person).all_steps}
        assert order["Detention"] == "May have come before step 1."
        assert order["Conditional release"] == ""
        assert order["Threatened"] == "Where it stands in the order is not known."

    def test_neighbours_are_named_together(self, tursun: SimpleNamespace) -> None:
        # Without a place in the telling: told after the detention, the second would stand after it.
        for _ in range(2):
            make_stage(tursun.held, "questioned", "2018")
        assert dossier_of(tursun.person).steps[3].order == "May have come before steps 1 to 3."

    def test_two_steps_of_one_day_stand_as_they_were_told_but_only_within_one_case(
        self, tursun: SimpleNamespace
    ) -> None:
        make_stage(tursun.held, "interrogation", "2018-10-31", position=2)
        other = make_involvement(make_incident("Elsewhere"), tursun.person)
        make_stage(other, "raid", "2018-10-31", position=3)
        order = {step.what: step.order for step in dossier_of(tursun.person).steps}
        assert order["Interrogation"] == "May have come before step 1."  # the vague year, not the arrest
        assert order["Raid"] == "May have come before steps 1 to 3."

    @pytest.mark.parametrize("surface", SURFACES)
    def test_page_and_document_tell_it_alike(self, client: Client, tursun: SimpleNamespace, surface: str) -> None:
        text = text_of(take(client, tursun.person, surface))
        places = [text.index(words) for words in ("Monitored", "31 October 2018", "25 January 2019", "Threatened")]
        told = [text.index(words, text.index("Chronology")) for words in ("Monitored", "Detention", "Threatened")]
        assert min(places) > 0 and told == sorted(told)
        for words in ("2018-01-01", "1 January 2018"):
            assert words not in text
        assert "At dawn." in text and "Where it stands in the order is not known." in text

    @pytest.mark.parametrize(
        ("attribution", "confidence", "words"),
        [
            ("stated", "confirmed", "by the police"),
            ("stated", "probable", "by the police (alleged)"),
            ("stated", "", "by the police (alleged)"),
            ("suspected", "confirmed", "by the police (alleged)"),
            ("denied", "confirmed", "by the police (alleged)"),
            ("unknown", "", "by the police (alleged)"),
        ],
    )
    def test_who_did_it_stays_alleged_unless_it_is_stated_and_confirmed(
        self, tursun: SimpleNamespace, attribution: str, confidence: str, words: str
    ) -> None:
        tursun.abroad.country_parts.filter(part="origin").update(attribution=attribution)
        tursun.abroad.actors.update(confidence=confidence)
        assert dossier_of(tursun.person).steps[1].actor == words

    @pytest.mark.parametrize(("attribution", "alleged"), [("stated", False), ("suspected", True), ("unknown", True)])
    def test_the_state_behind_it_is_alleged_unless_a_source_states_it(
        self, tursun: SimpleNamespace, attribution: str, alleged: bool
    ) -> None:
        tursun.abroad.country_parts.filter(part="origin").update(attribution=attribution)
        case = next(case for case in dossier_of(tursun.person).cases if case.title == "Held in Istanbul")
        state = next(fact.text for fact in case.facts if fact.label == "State behind it")
        assert state.startswith("China, as alleged." if alleged else "China. Attribution stated")


class TestTheEvidence:
    def test_statements_are_numbered_as_they_come_and_lead_to_their_sources(self, tursun: SimpleNamespace) -> None:
        found = dossier_of(tursun.person)
        assert [each.number for each in found.statements] == [1, 2, 3, 4]
        first = found.statements[0]
        assert (first.source, first.place, first.stated) == (1, "paragraph 4, characters 120 to 180", "31 October")
        assert found.steps[1].cited == (1, 2, 3)
        assert first.about == "Step 2, detention: occurred"

    def test_what_sources_disagree_on_stands_side_by_side_with_what_the_record_follows_and_why(
        self, tursun: SimpleNamespace
    ) -> None:
        [each] = dossier_of(tursun.person).disagreements
        assert (each.about, each.held) == ("Step 2, detention: occurred", "31 October 2018")
        assert [(value.stated, value.followed, value.why) for value in each.values] == [
            ("31 October", True, ""),
            ("October 31", True, ""),
            ("1 November", False, "The family names the day before."),
        ]

    def test_documents_of_one_origin_count_as_one_and_one_that_denies_supports_nothing(
        self, client: Client, tursun: SimpleNamespace
    ) -> None:
        make_capture(tursun.wire, sha256="c" * 64)
        found = dossier_of(tursun.person)
        assert found.tally == "3 documents, 1 independent"
        assert [[source.title for source in group.sources] for group in found.groups] == [
            ["The wire report", "The copy"],
            ["Another paper"],
        ]
        assert found.groups[0].sources[1].descent == "wire copy of source 1"
        for surface in SURFACES:
            text = text_of(take(client, tursun.person, surface))
            assert "3 documents, 1 independent" in text and "ire copy of source 1" in text
            assert "a" * 64 in text and "c" * 64 in text and "A. Writer" in text

    def test_an_ancestor_that_is_not_cited_is_named_by_its_reference(self, tursun: SimpleNamespace) -> None:
        uncited = make_source(title="Uncited")
        late = make_source(title="A late copy", derived_from=uncited, derivation="rewrite")
        make_citation(late, "text", person_name=tursun.person.names.get())
        source = dossier_of(tursun.person).groups[0].sources[0]
        assert source.descent == f"rewrite of {uncited.ref}, which is not cited here"

    @pytest.mark.parametrize("surface", SURFACES)
    def test_notices_and_requests_are_told_with_who_asserts_each_step(
        self, client: Client, tursun: SimpleNamespace, surface: str
    ) -> None:
        notice = make_notice(tursun.person, number="A-77")
        make_notice_event(notice, "published", "2017", asserted_by="the ministry")
        make_notice_event(notice, "deleted", "2018-02", position=1)
        request = make_ccf_request(notice, number="CCF-9")
        make_ccf_event(request, "filed", "2026-01", asserted_by="his lawyer")
        text = text_of(take(client, tursun.person, surface))
        for words in ("Red notice", "A-77", "Published", "2017", "the ministry", "February 2018", "not recorded"):
            assert words in text
        for words in ("Request to Interpol's commission: deletion", "CCF-9", "Filed", "January 2026", "his lawyer"):
            assert words in text

    def test_what_comes_next_is_told_with_its_day_and_how_that_was_reckoned(self, tursun: SimpleNamespace) -> None:
        make_clock_rule(length=9)
        request = make_ccf_request(make_notice(tursun.person))
        make_ccf_event(request, "admissible", "2026-02-10")
        make_duty(tursun.held, "hearing", "2026-12", authority="the district court")
        first, second = dossier_of(tursun.person).due
        assert (first.what, first.when) == ("Decision on the request for deletion", "Tuesday 10 November 2026")
        assert first.standing == "overdue" and "9" in first.working
        assert (second.what, second.standing) == ("Hearing", "within 30 days")
        assert (
            second.when == "between Tuesday 1 December 2026 and Thursday 31 December 2026"
            and "district court" in second.working
        )

    def test_signals_of_the_danger_of_return_are_told_with_what_they_rest_on(
        self, client: Client, tursun: SimpleNamespace
    ) -> None:
        status = make_legal_status(tursun.person, "TR", "refugee", since="2015")
        make_citation(tursun.other, "kind", legal_status=status)
        found = dossier_of(tursun.person)
        given = [fact for signal in found.signals for fact in signal.inputs if fact.label.startswith(status.ref)]
        assert given and given[0].cited
        for surface in SURFACES:
            text = text_of(take(client, tursun.person, surface))
            assert "Signals of the danger of return" in text and status.ref in text


class TestWho:
    def test_names_citizenships_and_standing_are_told_with_their_meaning(
        self, client: Client, tursun: SimpleNamespace
    ) -> None:
        make_name(tursun.person, "ئايبەك تۇرسۇن", kind="native_script", script="Arab", language="ug")
        make_legal_status(tursun.person, "CN")
        text = text_of(take(client, tursun.person))
        assert '<span dir="auto" lang="ug">ئايبەك تۇرسۇن</span>' in text
        assert "Citizenship" in text and "<strong>Target.</strong> An act abroad" in text

    def test_what_could_lead_somebody_to_the_person_is_never_in_it(
        self, client: Client, tursun: SimpleNamespace
    ) -> None:
        for kind in ("address", "document_number", "contact", "health", "note"):
            make_detail(tursun.person, kind=kind, value=f"Qzx {kind}", date="")
        for surface in SURFACES:
            text = text_of(take(client, tursun.person, surface))
            assert "Qzx" not in text and "are never in a dossier" in text

    def test_somebody_without_a_case_has_a_dossier_that_says_so(self, client: Client) -> None:
        official = make_person("Zhao Wen", standing="other", role="official")
        for surface in SURFACES:
            text = text_of(take(client, official, surface))
            assert "Official. No incident is recorded." in text and "No step is recorded." in text
