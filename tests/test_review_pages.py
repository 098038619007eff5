"""The queue of what waits for a second person, and the page on which they read it and answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Person
from records.models import Comment, Proposal, Record
from records.review import submit
from tests.admin_forms import filled, messages_of
from tests.factories import make_capture, make_detail, make_name, make_person, make_source
from tests.reviewing import answer, changed, client_of, member, page, propose, reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return member("editor")


@pytest.fixture
def writer(editor):
    return client_of(editor)


@pytest.fixture
def second():
    return client_of(reviewer("second"))


def sent(writer: Any, row: Record, **fields: Any) -> Proposal:
    """Send the form of a row with other values; return the proposal that it became."""
    data = filled(writer, page(row)) | {key.replace("__", "-"): value for key, value in fields.items()}
    response = writer.post(page(row), data)
    assert response.status_code == 302, response.context["adminform"].form.errors
    proposal = Proposal.objects.get()
    assert f"Sent to a second person as {proposal.ref}" in messages_of(response)
    return proposal


class TestTheQueue:
    def test_it_shows_what_its_reader_may_know_of_and_counts_nothing_else(self, writer, editor, second):
        person, hidden = make_person(), make_person(level="restricted")
        hidden.readers.add(editor)
        propose(editor, changed(person))
        hidden.level = "team"
        proposal = propose(editor, hidden)
        assert writer.get("/admin/records/proposal/").context["cl"].result_count == 2
        queue = second.get("/admin/records/proposal/")
        assert queue.context["cl"].result_count == 1 and proposal.ref not in queue.content.decode()
        missing = second.get("/admin/records/proposal/PRO-00000000/change/")
        assert second.get(page(proposal)).status_code == missing.status_code == 404
        assert second.post(page(proposal), {"approve": "1"}).status_code == 404

    def test_it_names_the_parts_that_are_changed_in_a_constant_number_of_queries(self, editor, second):
        source, counts = make_source(title="Held in Izmir"), []
        for number in (2, 6):
            files = [make_capture(source=source, media_type="application/pdf", level="team") for _ in range(number)]
            for file in files:
                file.level = "public"
                propose(editor, file)
            second.get("/admin/records/proposal/")
            with CaptureQueriesContext(connection) as asked:
                queue = second.get("/admin/records/proposal/").content.decode()
            counts.append(len(asked))
            for file in files:
                assert f"Held in Izmir: capture PDF file ({file.ref})" in queue
        assert counts[0] == counts[1]

    def test_it_counts_the_parts_that_it_does_not_name(self, editor, second):
        person = make_person("Idris Hasan", level="public")
        names = [make_name(person, f"Idris {number}", level="team") for number in range(5)]
        for name in names:
            name.level = "public"
        propose(editor, *names)
        queue = second.get("/admin/records/proposal/").content.decode()
        assert f"name Idris 0 ({names[0].ref})" in queue
        assert "Idris 3" not in queue
        assert ", 2 more" in queue

    def test_it_says_whose_turn_it_is(self, writer, editor, second):
        propose(editor, changed(make_person()))
        counts = {
            (who, queue): client.get("/admin/records/proposal/", {"queue": queue}).context["cl"].result_count
            for who, client in (("editor", writer), ("second", second))
            for queue in ("waiting", "mine", "decided")
        }
        assert counts == {
            ("editor", "waiting"): 0,
            ("editor", "mine"): 1,
            ("editor", "decided"): 0,
            ("second", "waiting"): 1,
            ("second", "mine"): 0,
            ("second", "decided"): 0,
        }

    def test_a_partner_does_not_know_the_queue(self, editor):
        proposal = propose(editor, changed(make_person()))
        partner = member("partner")
        partner.user_permissions.remove(*partner.user_permissions.filter(codename="read_team"))
        client = client_of(type(partner).objects.get(pk=partner.pk))
        assert client.get("/admin/records/proposal/").status_code == 403
        assert client.get(page(proposal)).status_code == 403

    def test_nobody_writes_a_proposal_by_hand(self, second):
        assert second.get("/admin/records/proposal/add/").status_code == 403
        assert second.post("/admin/records/proposal/add/", {}).status_code == 403


class TestThePage:
    def test_it_is_sent_back_with_an_answer_and_taken_back_by_its_maker(self, writer, editor, second):
        person = make_person()
        proposal = propose(editor, changed(person))
        assert "Say why" in answer(second, proposal, "send_back")
        assert "Only whoever" in answer(second, proposal, "take_back")
        assert "is sent back" in answer(second, proposal, "send_back", answer="no source")
        assert "no source" in writer.get(page(proposal)).content.decode()
        again = propose(editor, changed(Person.objects.get()))
        assert "is taken back" in answer(writer, again, "take_back")

    def test_nobody_approves_their_own_though_they_may_review(self, second, editor):
        both = reviewer("both")
        proposal = propose(both, changed(make_person()))
        client = client_of(both)
        assert "Approve" not in client.get(page(proposal)).content.decode()
        assert "their own" in answer(client, proposal, "approve")
        assert Person.objects.get().occupation == ""

    def test_what_changed_since_it_was_shown_has_to_be_looked_at_again(self, editor, second):
        person = make_person(review="draft")
        proposal = submit(person, editor)
        shown = second.get(page(proposal)).context["digest"]
        make_detail(person)
        told = messages_of(second.post(page(proposal), {"shown": shown, "approve": "1"}))
        assert "Look at it again" in told and Person.objects.get().review == "in_review"
        assert "Look at it again" in messages_of(second.post(page(proposal), {"approve": "1"}))

    def test_comments_are_kept_and_shown_on_both_pages(self, writer, editor, second):
        person = make_person()
        proposal = propose(editor, changed(person))
        second.post(page(proposal), {"comment": "1", "text": "Which passport?"})
        writer.post(page(person), {"comment": "1", "text": "The old one.\0"})
        assert [comment.about for comment in Comment.objects.all()] == [proposal.ref, person.ref]
        for place in (page(person), page(proposal)):
            told = writer.get(place).content.decode()
            assert "Which passport?" in told and "The old one." in told
        assert Person.objects.get().occupation == ""

    def test_an_empty_or_endless_comment_is_not_kept(self, writer):
        person = make_person()
        for text in ("", "  ", "x" * 4001):
            assert "Nothing was kept" in messages_of(writer.post(page(person), {"comment": "1", "text": text}))
        assert not Comment.objects.exists()
