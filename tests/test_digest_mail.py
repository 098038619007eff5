"""The mail of what changed: to whom it goes, and that it names nobody it may not name."""

from __future__ import annotations

from io import StringIO
from smtplib import SMTPException
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.test import Client
from django.test.utils import override_settings

from cases.models import Incident, Person, Stage
from cases.watching.watches import RESOURCES, watch_filter
from records.models import AuditEntry, Feed, FeedKind, Visit
from tests.digests import PAGE, analyst, follow, reader, user
from tests.factories import make_incident, make_involvement, make_notice, make_person, make_stage
from tests.signin import sign_in

__all__ = ["analyst", "reader", "user"]

pytestmark = pytest.mark.django_db


class Broken(EmailBackend):
    """A mail server that takes no mail for the analyst."""

    def send_messages(self, messages: Any) -> int:
        if any("analyst" in each.to[0] for each in messages):
            raise SMTPException("mailbox full")
        return super().send_messages(messages)


def send() -> str:
    out = StringIO()
    call_command("send_digests", stdout=out, stderr=out)
    return out.getvalue()


class TestMail:
    def test_it_is_off_unless_it_was_switched_on(self, reader: User) -> None:
        follow(reader, make_person())
        assert "off" in send()
        assert mail.outbox == [] and not Visit.objects.exists()

    @override_settings(MAIL_DIGESTS=True)
    def test_one_mail_goes_to_everybody_with_news_once(self, reader: User, analyst: User) -> None:
        User.objects.create_user("nowhere", email="nowhere@example.org")
        closed = User.objects.create_user("closed", email="closed@example.org", is_active=False)
        silent = User.objects.create_user("silent")
        person = make_person("Kerem Mamut")
        for each in (reader, analyst, closed, silent):
            follow(each, person)
        assert send() == "Digests sent: 2. Nothing new for: 0. Failed: 0.\n"
        assert {tuple(each.to) for each in mail.outbox} == {("reader@example.org",), ("analyst@example.org",)}
        assert f"person Kerem Mamut ({person.ref}): new. you follow Kerem Mamut" in mail.outbox[0].body
        noted = AuditEntry.objects.filter(kind="export", channel="mail")
        assert sorted(noted.values_list("actor", flat=True)) == ["analyst", "reader"]
        assert send() == "Digests sent: 0. Nothing new for: 2. Failed: 0.\n"
        Person.objects.filter(pk=person.pk).update(occupation="engineer")
        assert "sent: 2" in send()

    @override_settings(MAIL_DIGESTS=True, EMAIL_BACKEND="tests.test_digest_mail.Broken")
    def test_a_failure_is_named_and_counted_and_keeps_nobody_else_from_theirs(
        self, reader: User, analyst: User
    ) -> None:
        person = make_person()
        follow(analyst, person)
        follow(reader, person)
        out = StringIO()
        with pytest.raises(CommandError, match="analyst"):
            call_command("send_digests", stdout=out, stderr=out)
        assert "analyst: SMTPException: mailbox full" in out.getvalue()
        assert "Digests sent: 1. Nothing new for: 0. Failed: 1." in out.getvalue()
        assert list(Visit.objects.values_list("user__username", flat=True)) == ["reader"]

    @override_settings(MAIL_DIGESTS=True)
    def test_a_name_stays_as_it_is_written_and_apart_from_what_stands_beside_it(self, reader: User) -> None:
        name = "نیک\u200cآیین"
        person = make_person(name)
        follow(reader, person)
        send()
        [sent] = mail.outbox
        told = f"\u2068{name}\u2069"
        assert f"person {told} ({person.ref}): new. you follow {told}" in sent.body and "\ufffd" not in sent.body

    @override_settings(MAIL_DIGESTS=True)
    def test_only_people_open_beyond_the_team_are_named(self, analyst: User) -> None:
        closed, restricted = make_person("Zqx", level="team"), make_person("Zqy", level="restricted")
        draft = make_person("Zqz", review="draft")
        restricted.readers.add(analyst)
        incident = make_incident("Zqx taken away")
        make_involvement(incident, closed)
        for record in (closed, draft, restricted, incident, make_notice(closed, level="team")):
            follow(analyst, record)
        send()
        [sent] = mail.outbox
        assert "Zq" not in f"{sent.subject} {sent.body}"
        assert closed.ref in sent.body and incident.ref in sent.body and draft.ref in sent.body
        assert restricted.ref not in sent.body


@pytest.mark.attack("B1")
@override_settings(MAIL_DIGESTS=True)
def test_a_hidden_persons_change_is_in_no_digest_feed_or_mail(user: User) -> None:
    """Whichever way it is followed: it was open once, and stays on the list of what is followed."""
    person = make_person("Zqxperson")
    incident = make_incident("Zqxincident", location="MA")
    make_stage(make_involvement(incident, person), "detention")
    follow(user, person, incident)
    watch_filter(user, RESOURCES["incidents"], "host=MA")
    watch_filter(user, RESOURCES["people"], "stage=detention")
    _, secret = Feed.issue(user, FeedKind.CHANGES, "reader")
    Person.objects.update(level="restricted", label="Zqxperson again")
    Incident.objects.update(level="restricted", summary="Zqx")
    Stage.objects.update(note="Zqx")
    client = sign_in(Client(), user)
    send()
    answers = [client.get(address) for address in (PAGE, f"/feeds/{secret}/changes.atom", "/watching/", "/deadlines/")]
    assert [answer.status_code for answer in answers] == [200] * 4
    everything = "".join([*(answer.content.decode() for answer in answers), *(str(each.body) for each in mail.outbox)])
    assert [word for word in ("Zqx", person.ref, incident.ref) if word in everything] == []
