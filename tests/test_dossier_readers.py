"""Whom a dossier is for: it holds what its reader may see and no more, and who took it is written down."""

from __future__ import annotations

import html
import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Person, Stage
from cases.views.dossier.reader import levels_open_to, reader_at, reader_words
from records.models import AuditEntry, BreakGlass, Team
from records.vocabulary import AuditKind, Level
from tests.dossiers import SURFACES, dossier_of, take, text_of, tursun
from tests.factories import (
    make_capture,
    make_ccf_event,
    make_ccf_request,
    make_citation,
    make_country,
    make_incident,
    make_involvement,
    make_name,
    make_notice,
    make_person,
    make_source,
    make_stage,
)
from tests.signin import make_account, may, sign_in
from tests.world import make_case

__all__ = ["tursun"]

pytestmark = pytest.mark.django_db


def paper_of(response: Any) -> bytes:
    """The part of the page that goes on paper, or the whole document."""
    content: bytes = response.content
    return content if content.startswith(b"PK") else content.partition(b'<article class="dossier">')[2]


def reader(name: str, *rights: str, team: Team | None = None) -> User:
    user = make_account(name)
    if team:
        team.members.add(user)
    return may(user, *rights)


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
        assert list(response.context["problems"]) == [query.partition("=")[0]]
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
        assert (json.loads(entry.details), entry.actor) == (told, "ann")
        assert tursun.person.ref in entry.subjects

    def test_strangers_and_refusals_are_not(self, client: Client, tursun: SimpleNamespace) -> None:
        take(client, tursun.person)
        ann = sign_in(Client(), reader("ann"))
        take(ann, tursun.person, query="?level=team")
        ann.get("/people/PER-00000000/dossier/")
        assert not AuditEntry.objects.filter(kind=AuditKind.EXPORT).exists()

    @pytest.mark.parametrize("surface", SURFACES)
    def test_whoever_signed_in_long_ago_proves_again_who_they_are(self, tursun: SimpleNamespace, surface: str) -> None:
        make_person("For the team", level="team")
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
