"""The dossier: one person as a dated, sourced chronology, on the page and in the document, for its reader alone."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Person, Stage
from cases.views.dossier.content import Dossier
from cases.views.dossier.gather import gather
from cases.views.dossier.reader import levels_open_to, reader_at, reader_words
from sources.models import AuditEntry, BreakGlass, Team
from sources.vocabulary import AuditKind, Level
from tests.factories import (
    make_capture,
    make_ccf_event,
    make_ccf_request,
    make_citation,
    make_clock_rule,
    make_country,
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
from tests.signin import may, sign_in
from tests.world import make_case

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)
SURFACES = ("dossier/", "dossier.docx")


def dossier_of(person: Person, reader: Any = None, **options: Any) -> Dossier:
    found = gather(reader or AnonymousUser(), person.ref, DAY, "the public", **options)
    assert found is not None
    return found


def text_of(response: Any) -> str:
    """Everything that a page or a document holds, as text; a document unzipped."""
    assert response.status_code == 200, response.content
    if not response.content.startswith(b"PK"):
        return html.unescape(response.content.decode())
    with zipfile.ZipFile(io.BytesIO(response.content)) as parts:
        return html.unescape("\n".join(parts.read(name).decode() for name in parts.namelist()))


def paper_of(response: Any) -> bytes:
    """The part of the page that goes on paper, or the whole document."""
    content: bytes = response.content
    return content if content.startswith(b"PK") else content.partition(b'<article class="dossier">')[2]


def take(client: Client, person: Person, surface: str = "dossier/", query: str = "") -> Any:
    return client.get(f"/people/{person.ref}/{surface}{query}")


def reader(name: str, *rights: str, team: Team | None = None) -> User:
    user = User.objects.create_user(name)
    if team:
        team.members.add(user)
    return may(user, *rights)


@pytest.fixture
def tursun() -> SimpleNamespace:
    """A person of two cases whose dates overlap, with three documents of two origins that disagree."""
    person = make_person("Aybek Tursun")
    abroad, home = make_incident("Held in Istanbul"), make_incident("Watched at home", location="CN", start="2018")
    held, watched = make_involvement(abroad, person), make_involvement(home, person)
    wire = make_source(title="The wire report", outlet="Agency", author="A. Writer", language="en", sha256="a" * 64)
    copy = make_source(title="The copy", derived_from=wire, derivation="wire_copy")
    other = make_source(title="Another paper")
    stages = SimpleNamespace(
        arrest=make_stage(
            held, "detention", "2018-10-31", place="a police station", actor="the police", note="At dawn."
        ),
        watched=make_stage(watched, "monitored", "2018"),
        freed=make_stage(held, "conditional_release", "2019-01-25"),
        threat=make_stage(watched, "threatened", ""),
    )
    make_citation(wire, "occurred", stage=stages.arrest, stated_value="31 October", paragraph=4, start=120, end=180)
    make_citation(copy, "occurred", stage=stages.arrest, stated_value="October 31")
    contradicting = {"stance": "contradicts", "preferred": False, "reason": "The family names the day before."}
    make_citation(other, "occurred", stage=stages.arrest, stated_value="1 November", **contradicting)
    make_citation(wire, "occurred", stage=stages.freed)
    return SimpleNamespace(person=person, abroad=abroad, held=held, stages=stages, wire=wire, copy=copy, other=other)


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
        for position in (1, 2):
            make_stage(tursun.held, "questioned", "2018", position=position)
        assert dossier_of(tursun.person).steps[3].order == "May have come before steps 1 to 3."

    def test_two_steps_of_one_day_stand_as_they_were_told_but_only_within_one_case(
        self, tursun: SimpleNamespace
    ) -> None:
        make_stage(tursun.held, "interrogation", "2018-10-31", position=1)
        other = make_involvement(make_incident("Elsewhere"), tursun.person)
        make_stage(other, "raid", "2018-10-31", position=2)
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
        tursun.abroad.attribution, tursun.abroad.actor_confidence = attribution, confidence
        tursun.abroad.save()
        assert dossier_of(tursun.person).steps[1].actor == words

    @pytest.mark.parametrize(("attribution", "alleged"), [("stated", False), ("suspected", True), ("unknown", True)])
    def test_the_state_behind_it_is_alleged_unless_a_source_states_it(
        self, tursun: SimpleNamespace, attribution: str, alleged: bool
    ) -> None:
        tursun.abroad.attribution = attribution
        tursun.abroad.save()
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

    def test_documents_of_one_origin_count_as_one(self, client: Client, tursun: SimpleNamespace) -> None:
        make_capture(tursun.wire, sha256="c" * 64)
        found = dossier_of(tursun.person)
        assert found.tally == "3 documents, 2 independent"
        assert [[source.title for source in group.sources] for group in found.groups] == [
            ["The wire report", "The copy"],
            ["Another paper"],
        ]
        assert found.groups[0].sources[1].descent == "wire copy of source 1"
        for surface in SURFACES:
            text = text_of(take(client, tursun.person, surface))
            assert "3 documents, 2 independent" in text and "ire copy of source 1" in text
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
        make_clock_rule(months=9)
        request = make_ccf_request(make_notice(tursun.person))
        make_ccf_event(request, "admissible", "2026-02-10")
        make_duty(tursun.held, "hearing", "2026-12", authority="the district court")
        first, second = dossier_of(tursun.person).due
        assert (first.what, first.when) == ("Decision on the request for deletion", "10 November 2026")
        assert first.standing == "overdue" and "9" in first.working
        assert (second.what, second.standing) == ("Hearing", "within 30 days")
        assert second.when == "between 1 December 2026 and 31 December 2026" and "district court" in second.working

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


@pytest.fixture
def hidden(tursun: SimpleNamespace) -> SimpleNamespace:
    """The same person with parts for partners, for a team, and for named readers; each has a word of its own."""
    tursun.team = Team.objects.create(name="North")
    for level, word in (("partner", "Qpartner"), ("team", "Qteam"), ("restricted", "Qnamed")):
        make_stage(tursun.held, "questioned", "2018-12-24", level=level, note=word)
        make_name(tursun.person, f"{word} Name", level=level)
        make_citation(tursun.other, "place", stage=tursun.stages.arrest, level=level, stated_value=f"{word} place")
        source = make_source(title=f"{word} source", level=level)
        make_citation(source, "occurred", stage=tursun.stages.freed, level="public", stated_value=f"{word} day")
        notice = make_notice(tursun.person, level=level, number=f"{word} number")
        make_ccf_event(make_ccf_request(notice, number=f"{word} file"), asserted_by=f"{word} lawyer")
        incident = make_incident(f"{word} incident", level=level)
        make_stage(make_involvement(incident, tursun.person), "detention", "2018")
    Person.objects.filter(pk=tursun.person.pk).update(team=tursun.team)
    return tursun


WORDS = {"Qpartner", "Qteam", "Qnamed"}


class TestWhatAReaderMayNotSee:
    @pytest.mark.parametrize("surface", SURFACES)
    @pytest.mark.parametrize(
        ("rights", "sees"),
        [((), set()), (("read_partner",), {"Qpartner"}), (("read_team",), {"Qpartner", "Qteam"})],
        ids=["reader", "partner", "team"],
    )
    def test_leaves_no_trace(
        self, hidden: SimpleNamespace, rights: tuple[str, ...], sees: set[str], surface: str
    ) -> None:
        client = sign_in(Client(), reader("ann", *rights, team=hidden.team))
        text = text_of(take(client, hidden.person, surface))
        assert {word for word in WORDS if word in text} == sees

    @pytest.mark.parametrize("surface", SURFACES)
    def test_a_stranger_gets_the_same_bytes_whether_there_is_more_or_not(
        self, client: Client, tursun: SimpleNamespace, surface: str, request: pytest.FixtureRequest
    ) -> None:
        before = take(client, tursun.person, surface).content
        request.getfixturevalue("hidden")
        assert take(client, tursun.person, surface).content == before

    @pytest.mark.parametrize("surface", SURFACES)
    def test_a_hidden_person_is_as_missing_as_one_that_never_was(self, client: Client, surface: str) -> None:
        secret = make_person("Qsecret", level="team")
        answers = [client.get(f"/people/{ref}/{surface}") for ref in (secret.ref, "PER-00000000")]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content

    def test_the_words_on_top_state_the_rule_and_count_nothing(self, client: Client, hidden: SimpleNamespace) -> None:
        text = text_of(take(client, hidden.person))
        assert re.search(r"Prepared for the public on \d+ \w+ \d{4}\.", text)
        assert "facts of a higher level, if there are any, are not in it and are not counted here." in text
        assert "The highest level of what is in it is “public”" in text

    def test_the_words_on_top_name_the_highest_level_of_what_is_there(self, hidden: SimpleNamespace) -> None:
        ann = reader("ann", "read_team", team=hidden.team)
        assert any("is “team”" in line for line in dossier_of(hidden.person, ann).prepared)
        Stage.objects.filter(pk=hidden.stages.arrest.pk).update(level="public")
        hidden.abroad.review = "withdrawn"
        hidden.abroad.save()
        assert any("Some of it is not published." in line for line in dossier_of(hidden.person, ann).prepared)


class TestACopyForOthers:
    """A team member hands a dossier on: read by a stand-in, and the same that its reader would get."""

    @pytest.mark.parametrize("surface", SURFACES)
    def test_a_public_copy_is_what_a_stranger_takes(
        self, client: Client, hidden: SimpleNamespace, surface: str
    ) -> None:
        ann = sign_in(Client(), reader("ann", "read_team", team=hidden.team))
        assert paper_of(take(ann, hidden.person, surface, "?level=public")) == paper_of(
            take(client, hidden.person, surface)
        )

    @pytest.mark.parametrize("surface", SURFACES)
    @pytest.mark.parametrize(
        ("level", "sees"), [("public", set()), ("partner", {"Qpartner"}), ("team", {"Qpartner", "Qteam"})]
    )
    def test_a_copy_holds_nothing_above_its_level(
        self, hidden: SimpleNamespace, level: str, sees: set[str], surface: str
    ) -> None:
        ann = reader("ann", "read_team", team=hidden.team)
        hidden.person.readers.add(ann)  # named on the record: what is restricted is in her own dossier alone
        client = sign_in(Client(), ann)
        assert "Qnamed Name" in text_of(take(client, hidden.person, surface))
        text = text_of(take(client, hidden.person, surface, f"?level={level}"))
        assert {word for word in WORDS if word in text} == sees

    def test_how_much_a_copy_leaves_out_is_told_to_its_maker_and_not_in_it(self, hidden: SimpleNamespace) -> None:
        ann = sign_in(Client(), reader("ann", "read_team", team=hidden.team))
        page, copy = take(ann, hidden.person), take(ann, hidden.person, query="?level=public")
        assert "leaves out 4 steps and 4 statements of what you see" in text_of(page)
        assert "leaves out 2 steps and 2 statements of what you see" in text_of(page)
        assert "leaves out" not in text_of(copy)
        assert "leaves out" not in html.unescape(paper_of(page).decode())

    @pytest.mark.parametrize("surface", SURFACES)
    @pytest.mark.parametrize(
        ("rights", "query"),
        [
            ((), "level=partner"),
            (("read_partner",), "level=team"),
            (("read_team",), "level=restricted"),
            (("read_team",), "level="),
            (("read_team",), "level=public&level=team"),
            ((), "notes=yes"),
            ((), "notes="),
            ((), "levle=public"),
            ((), "as_off=2020"),
        ],
    )
    def test_what_cannot_be_asked_is_refused_by_name(
        self, tursun: SimpleNamespace, rights: tuple[str, ...], query: str, surface: str
    ) -> None:
        client = sign_in(Client(), reader("ann", *rights))
        response = take(client, tursun.person, surface, f"?{query}")
        assert response.status_code == 400
        assert list(response.json()) == [query.partition("=")[0]]
        missing = client.get(f"/people/PER-00000000/{surface}?{query}")
        assert (missing.status_code, missing.content) == (400, response.content)

    def test_a_stand_in_reads_by_the_one_rule_and_is_named_on_nothing(self, hidden: SimpleNamespace) -> None:
        ann = reader("ann", "read_team", team=hidden.team)
        other = Team.objects.create(name="South")
        theirs, own = (
            make_person("Theirs", level="team", team=other),
            make_person("Own", level="team", team=hidden.team),
        )
        sent = make_person("Sent in", review="draft", submitted_by=ann)
        seen = set(Person.objects.visible_to(reader_at(Level.TEAM, ann)))
        assert own in seen and theirs not in seen
        assert sent not in set(Person.objects.visible_to(reader_at(Level.PARTNER, ann)))
        for level in Level.PUBLIC, Level.PARTNER, Level.TEAM:
            below = set(Stage.objects.visible_to(reader_at(level, ann)))
            assert below <= set(Stage.objects.visible_to(ann))

    def test_who_it_is_for_is_said_by_what_they_may_read(self, hidden: SimpleNamespace) -> None:
        ann, partner = reader("ann", "read_team", team=hidden.team), reader("bo", "read_partner")
        breaker = reader("cy", "break_glass")
        BreakGlass.objects.create(user=breaker, reason="A court order came in today.")
        assert [reader_words(ann, level) for level in (None, *levels_open_to(ann))] == [
            "one reader in the team “North”",
            "the public",
            "partner organisations",
            "the team “North”",
        ]
        assert levels_open_to(partner) == [Level.PUBLIC, Level.PARTNER]
        assert reader_words(partner, None) == "one reader at a partner organisation"
        assert reader_words(reader("di"), None) == "one reader with an account"
        assert reader_words(AnonymousUser(), None) == "the public"
        assert reader_words(breaker, None) == "a reader who has broken the glass"

    @pytest.mark.parametrize("surface", SURFACES)
    def test_notes_can_be_left_out_and_are_counted(self, client: Client, tursun: SimpleNamespace, surface: str) -> None:
        make_notice(tursun.person, note="Qnote of the notice")
        tursun.wire.note = "Qnote of the source"
        tursun.wire.save()
        full, bare = take(client, tursun.person, surface), take(client, tursun.person, surface, "?notes=no")
        assert all(words in text_of(full) for words in ("At dawn.", "Qnote of the notice", "Qnote of the source"))
        assert "At dawn." not in text_of(bare) and "Qnote" not in text_of(bare)
        assert "Left out by choice of whoever made it: notes (3)." in text_of(bare)


class TestTakingItAway:
    @pytest.mark.parametrize("surface", SURFACES)
    def test_it_is_written_down_as_an_export(self, tursun: SimpleNamespace, surface: str) -> None:
        client = sign_in(Client(), reader("ann"))
        take(client, tursun.person, surface, "?level=public&notes=no")
        entry = AuditEntry.objects.get(kind=AuditKind.EXPORT)
        told = {"resource": "dossier", "query": "level=public&notes=no", "rows": 4}
        assert (json.loads(entry.told), entry.actor) == (told, "ann")
        assert tursun.person.ref in entry.subjects

    def test_strangers_and_refusals_are_not(self, client: Client, tursun: SimpleNamespace) -> None:
        take(client, tursun.person)
        ann = sign_in(Client(), reader("ann"))
        take(ann, tursun.person, query="?level=team")
        ann.get("/people/PER-00000000/dossier/")
        assert not AuditEntry.objects.filter(kind=AuditKind.EXPORT).exists()

    @pytest.mark.parametrize("surface", SURFACES)
    def test_whoever_signed_in_long_ago_proves_again_who_they_are(self, tursun: SimpleNamespace, surface: str) -> None:
        client = sign_in(Client(), reader("ann", "read_team"), minutes_ago=16)
        response = take(client, tursun.person, surface)
        assert response.status_code == 302 and "/account/reauthenticate/" in response["Location"]

    @pytest.mark.parametrize("surface", SURFACES)
    def test_only_what_everybody_may_see_stays_in_a_cache(
        self, client: Client, tursun: SimpleNamespace, surface: str
    ) -> None:
        signed_in = sign_in(Client(), reader("ann"))
        assert take(signed_in, tursun.person, surface)["Cache-Control"] == "no-store"
        assert take(client, tursun.person, surface)["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("rights", [(), ("read_team",)], ids=["reader", "team"])
def test_it_takes_as_many_queries_however_much_is_known(surface: str, rights: tuple[str, ...]) -> None:
    client = sign_in(Client(), reader("ann", *rights))
    small, large = make_case(4), make_case(4)
    for number, person in enumerate([small.person, *[large.person] * 3]):  # one open case more, and three
        again = make_case(number + 5)
        row = make_involvement(make_incident(f"Held again {number}"), person)
        for kind in ("detention", "raid"):
            stage = make_stage(row, kind, "2018", country=make_country("MA"), position=number)
            make_citation(again.copy, "kind", stage=stage, stance="contradicts", preferred=False)
        make_name(person, f"Name {number}")
        make_ccf_event(make_ccf_request(make_notice(person)))
        make_capture(again.copy)
    take(client, small.person, surface)  # what is looked up once for all requests
    counts = []
    for case in (small, large):
        with CaptureQueriesContext(connection) as asked:
            assert take(client, case.person, surface).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
