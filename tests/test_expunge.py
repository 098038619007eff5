"""Expunging a person: what goes, what needs a decision, what stays, and that no byte is left."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import CommandError, call_command

from cases.models import (
    CcfEvent,
    CcfRequest,
    Citation,
    Duty,
    Incident,
    Involvement,
    Notice,
    Person,
    PersonDetail,
    PersonName,
    Relationship,
    Stage,
)
from records.audit.acts import act, note
from records.audit.mentions import EXPUNGED, Mentions
from records.models import (
    AuditEntry,
    BreakGlass,
    Change,
    Comment,
    Proposal,
    Submission,
    Watch,
)
from records.vocabulary import AuditKind
from seeds.models import LoadedRecord
from sources.capture_store import keep, stored_files
from sources.models import Capture, SourceDocument
from tests.databasefile import database_file, everything_stored
from tests.factories import (
    make_ccf_event,
    make_ccf_request,
    make_citation,
    make_detail,
    make_duty,
    make_incident,
    make_involvement,
    make_legal_status,
    make_name,
    make_notice,
    make_notice_event,
    make_person,
    make_relationship,
    make_source,
    make_stage,
    make_warrant,
)

__all__ = ["database_file", "everything_stored"]

WORD = "Qzxkelbinurov"
NATIVE = "Қзхкелбінұров"
REASON = "At the request of the family: their address was found through us."


def expunge(ref: str, *words: str, reason: str = REASON, by: str = "ann", approved_by: str = "rev") -> str:
    out = io.StringIO()
    call_command("expunge", ref, *words, "--reason", reason, "--by", by, "--approved-by", approved_by, stdout=out)
    return out.getvalue()


def make_staff() -> tuple[User, User]:
    return User.objects.create_user("ann"), User.objects.create_superuser("rev")


@pytest.fixture
def staff(transactional_db: None) -> tuple[User, User]:
    return make_staff()


def plant(by: User) -> Person:
    """Put the word into every place that could hold it, by way of the history too."""
    person = make_person(WORD, occupation=f"{WORD} keeper", ethnicity=f"{WORD}s", level="restricted")
    make_name(person, f"Old {WORD}", kind="misprint")
    make_name(person, NATIVE, kind="native_script")
    make_detail(person, kind="address", value=f"{WORD} Street 5")
    gone = make_detail(person, kind="contact", value=f"{WORD}@example.org")
    gone.delete()
    person.occupation = f"{WORD} teacher"
    person.save()
    other = make_person("Wife of a tailor")
    for followed in ({"ref": person.ref}, {"query": urlencode({"q": NATIVE})}, {"ref": other.ref}):
        Watch.objects.create(user=by, resource="people", **followed)
    make_relationship(other, person)
    make_legal_status(person)
    source = make_source(text=f"They held {WORD.upper()} for a day.\nAnd {NATIVE} again.", file=f"{WORD.lower()}.md")
    incident, shared = make_incident(f"{WORD} held", summary=f"Of {WORD}."), make_incident("Two held")
    with act(by, "page", f"call of {WORD}'s wife", may_open=True):
        stage = make_stage(make_involvement(incident, person), place=f"{WORD} prison", note=WORD)
    make_stage(make_involvement(shared, other))
    make_stage(make_involvement(shared, person, role="relative"), actor=WORD)
    notice = make_notice(person, number=f"{WORD}-1", note=WORD)
    make_notice_event(notice, asserted_by=WORD)
    make_warrant(make_notice(person, replaces=notice, body=WORD), charge=f"insult of {WORD}", body=WORD)
    request = make_ccf_request(notice, number=f"{WORD}-2", note=WORD)
    step = make_ccf_event(request, asserted_by=f"{WORD}'s lawyer")
    duty = make_duty(stage.involvement, authority=f"{WORD} office", note=WORD)
    make_citation(source, "number", ccf_request=request, stated_value=WORD)
    make_citation(source, "asserted_by", ccf_event=step, stated_value=WORD)
    make_citation(source, "authority", duty=duty, stated_value=WORD)
    make_citation(source, "place", stage=stage, stated_value=f"{WORD} prison", reason=WORD)
    make_citation(source, "text", person_name=person.names.first(), stated_value=WORD)
    sealed = keep([f"<!doctype html><p>{WORD}</p>".encode()])
    Capture.objects.create(source=source, media_type="text/html", note=f"page on {WORD}", **sealed._asdict())
    about = {"proposed_by": by, "kind": "change", "row_changes": f'[{{"after": {{"label": "{WORD}"}}}}]'}
    Proposal.objects.create(about=person.ref, **about)
    Proposal.objects.create(about=shared.ref, why=f"for {WORD}", **about)
    Comment.objects.create(about=person.ref, by=by, text=f"{WORD} called")
    Comment.objects.create(about=shared.ref, by=by, text=f"so did the brother of {WORD}")
    BreakGlass.objects.create(user=by, reason=f"A lawyer asks what became of {WORD} today")
    kind = ContentType.objects.get_for_model(Incident)
    for ref in (person.ref, shared.ref):
        LogEntry.objects.create(
            user=by, content_type=kind, object_id=ref, object_repr=ref, action_flag=CHANGE,
            change_message=f'[{{"changed": {{}}, "text": "title of {WORD}", "about": {{}}}}]',
        )  # fmt: skip
    session = SessionStore()
    session["_messages"] = f"{WORD} was changed"
    session.save()
    Submission.objects.create(user=by, key="k", digest="d", status=201, answer=f'{{"label": "{WORD}"}}')
    LoadedRecord.objects.create(key=person.ref, file="cases.yaml", digests={"label": "0123456789abcdef"})
    cache.set(WORD, WORD)
    note(AuditKind.EXPORT, who=by, channel="page", query=f"q={WORD}", rows=1)
    return person


def forms_of(word: str) -> list[bytes]:
    return [form.encode() for form in (word, word.lower(), word.upper())]


def test_no_byte_of_an_expunged_person_is_left(everything_stored: Callable[[], bytes]) -> None:
    person = plant(make_staff()[0])
    before = everything_stored()
    assert all(form in before for form in [*forms_of(WORD), NATIVE.encode()]), "the search finds what is there"
    expunge(person.ref, "--blank-mentions")
    after = everything_stored()
    assert [form for form in [*forms_of(WORD), *forms_of(NATIVE), b"qzkhkelbin"] if form in after] == []
    assert all(WORD not in str(session.get_decoded()) for session in Session.objects.all())
    assert cache.get(WORD) is None
    call_command("audit", "verify", stdout=io.StringIO())


@pytest.mark.usefixtures("database_file")
def test_everything_of_the_person_goes_and_what_is_of_others_stays() -> None:
    person = plant(make_staff()[0])
    expunge(person.ref, "--blank-mentions")
    assert [one.label for one in Person.objects.all()] == ["Wife of a tailor"]
    assert list(Incident.objects.values_list("title", flat=True)) == ["Two held"]
    assert Stage.objects.count() == Involvement.objects.count() == 1
    for model in (PersonDetail, Relationship, Notice, CcfRequest, CcfEvent, Duty, Citation):
        assert not model._default_manager.exists()
    assert PersonName.objects.count() == Watch.objects.count() == 1
    source = SourceDocument.objects.get()
    assert (source.text, source.file, source.ordinal) == ("", f"{EXPUNGED}.md", 1)
    capture = Capture.objects.get()
    assert capture.expunged
    assert len(capture.sha256) == 64
    assert not capture.path.exists()
    proposal = Proposal.objects.get()
    assert (proposal.row_changes, proposal.state, proposal.why) == ("[]", "taken_back", f"for {EXPUNGED}")
    assert Comment.objects.get().text == f"so did the brother of {EXPUNGED}"
    assert LogEntry.objects.get().change_message == ""


@pytest.mark.usefixtures("database_file")
def test_the_tombstone_tells_no_more_than_reference_number_and_who() -> None:
    person = plant(make_staff()[0])
    expunge(person.ref, "--blank-mentions")
    entry = AuditEntry.objects.get(kind=AuditKind.EXPUNGE)
    assert entry.subjects == person.ref
    assert entry.actor == "ann"
    told = json.loads(entry.details)
    assert told.keys() == {"approved_by", "rows", "why", "emptied_changes", "emptied_entries"}
    assert (told["approved_by"], told["why"]) == ("rev", REASON)
    assert set(told["emptied_changes"]) <= set("0123456789- ")
    images = Change.objects.filter(ref=person.ref).values_list("before", "after", "salt")
    assert {image for row in images for image in row[:2]} == {""}


def test_a_mention_without_a_decision_stops_everything(staff: Any) -> None:
    person, other = make_person("Aybek Tursun"), make_incident("Brother of Aybek Tursun’un held")
    with pytest.raises(CommandError, match="need a decision"):
        expunge(person.ref)
    assert Person.objects.filter(pk=person.pk).exists()
    told = expunge(person.ref, "--dry-run")
    assert f"{other.ref}.title" in told
    assert "Brother" not in told, "the list names places, not what stands there"


@pytest.mark.usefixtures("database_file")
def test_a_place_that_is_about_somebody_else_is_kept_with_its_past() -> None:
    make_staff()
    person, other = make_person("Aybek Tursun"), make_incident("Another Aybek Tursun held")
    expunge(person.ref, "--keep", f"{other.ref}.title")
    other.refresh_from_db()
    assert other.title == "Another Aybek Tursun held"
    assert "Another" in Change.objects.get(ref=other.ref).after


@pytest.mark.usefixtures("database_file")
def test_requests_and_duties_go_with_the_person_and_those_of_others_stay() -> None:
    make_staff()
    person, other, incident = make_person("Aybek Tursun"), make_person("Idris Hasan"), make_incident()
    gone: list[Any] = []
    kept: list[Any] = []
    for one, rows in ((person, gone), (other, kept)):
        request = make_ccf_request(make_notice(one))
        rows += [request, make_ccf_event(request), make_duty(make_involvement(incident, one))]
    lost = make_ccf_event(gone[0], "merits", asserted_by="the lawyer")
    lost.delete()
    expunge(person.ref)
    assert [CcfRequest.objects.get(), CcfEvent.objects.get(), Duty.objects.get()] == kept
    refs = [*(row.ref for row in gone), lost.ref]
    assert set(Change.objects.filter(ref__in=refs).values_list("before", "after")) == {("", "")}
    assert set(LoadedRecord.objects.filter(key__in=refs).values_list("key", flat=True)) == set(refs)


@pytest.mark.usefixtures("database_file")
def test_an_incident_with_another_subject_stays() -> None:
    make_staff()
    person, other, incident = make_person("Aybek Tursun"), make_person("Idris Hasan"), make_incident()
    for one in (person, other):
        make_stage(make_involvement(incident, one))
    expunge(person.ref)
    assert [row.person for row in Involvement.objects.all()] == [other]
    assert Stage.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"by": "nobody"}, "no active account nobody"),
        ({"approved_by": "gone"}, "no active account gone"),
        ({"approved_by": "ann"}, "approves their own"),
        ({"by": "rev", "approved_by": "ann"}, "may not approve"),
        ({"reason": "Aybek TURSUN asked"}, "names the person"),
    ],
)
def test_it_takes_two_people_and_a_reason_that_can_stay(staff: Any, words: dict[str, str], why: str) -> None:
    User.objects.create_user("gone", is_active=False)
    person = make_person("Aybek Tursun")
    with pytest.raises(CommandError, match=why):
        expunge(person.ref, **words)
    assert Person.objects.filter(pk=person.pk).exists()


@pytest.mark.usefixtures("database_file")
def test_the_seeds_never_bring_an_expunged_person_back(tmp_path: Path) -> None:
    make_staff()
    call_command("load_seeds", stdout=io.StringIO())
    person = Person.objects.filter(involvements__role="subject").order_by("pk")[0]
    rows, label = Person.objects.count(), person.label
    expunge(person.ref, "--blank-mentions")
    for words in ((), ("--overwrite",)):
        out = io.StringIO()
        call_command("load_seeds", *words, stdout=out)
        assert f"{person.ref} was expunged here" in out.getvalue()
        assert Person.objects.count() == rows - 1
        assert not Incident.objects.filter(title__contains=label).exists()
    call_command("check_data", stdout=io.StringIO())
    call_command("audit", "verify", stdout=io.StringIO())


@pytest.mark.usefixtures("database_file")
def test_an_interrupted_expunge_is_finished_by_running_it_again() -> None:
    make_staff()
    person = make_person("Aybek Tursun")
    source = make_source(title="On Aybek Tursun")
    sealed = keep([b"%PDF-1.7 Aybek Tursun"])
    capture = Capture.objects.create(source=source, media_type="application/pdf", **sealed._asdict())
    expunge(person.ref, "--blank-mentions")
    capture.path.write_bytes(b"left behind by a crash")
    assert "what was left to do is done" in expunge(person.ref)
    assert not capture.path.exists()
    with pytest.raises(CommandError, match="no person"):
        expunge("PER-00000000")


@pytest.mark.usefixtures("database_file")
def test_what_was_found_in_a_destroyed_file_goes_with_its_copy_from_the_row_and_its_history() -> None:
    make_staff()
    with act("ann", "admin", may_open=True):
        person = make_person("Aybek Tursun")
        source = make_source(title="On Aybek Tursun")
        sealed, copy = keep([b"\xff\xd8 sealed"]), keep([b"\xff\xd8 copy"])
        files = {"copy_stored": copy.stored, "copy_sha256": copy.sha256, "copy_size": copy.size}
        capture = Capture.objects.create(
            source=source, media_type="image/jpeg", found="place: 39.92500, 32.85000", **sealed._asdict(), **files
        )
    assert "39.92500" in str(Change.objects.filter(ref=capture.ref).values_list("after", flat=True))
    expunge(person.ref, "--blank-mentions")
    capture.refresh_from_db()
    assert (capture.found, capture.sha256, capture.copy_sha256) == ("", sealed.sha256, copy.sha256)
    assert stored_files() == []
    told = Change.objects.filter(ref=capture.ref).values_list("before", "after")
    assert "39.92500" not in str([*told])
    call_command("audit", "verify", stdout=io.StringIO())


@pytest.mark.parametrize(
    ("name", "text", "names_them"),
    [
        ("Hüseyin Celil", "the case of Huseyin Celil", True),
        ("Huseyin Celil", "HÜSEYİN CELİL’s wife", True),
        ("Idris Hasan", "https://example.org/2021/idris-hasan-held", True),
        ("伊德里斯", "维吾尔人伊德里斯被捕", True),
        ("Ali", "He is alive", False),
        ("Ali", "Ali's brother", True),
        ("Idris Hasan", "Idris was held with Hasan", False),
    ],
)
def test_a_name_is_found_in_every_spelling_that_folds_alike(name: str, text: str, names_them: bool) -> None:
    assert Mentions([name]).in_text(text) is names_them
    assert not Mentions([name]).in_text(Mentions([name]).taken_out(text))


def test_nothing_lies_in_the_store_of_a_real_installation() -> None:
    assert settings.CAPTURES_DIR != settings.VAR_DIR / "captures"
