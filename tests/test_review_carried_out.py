"""What two people agreed on is what is written: for edits of every kind, and where two decide at once."""

from __future__ import annotations

import json
import threading
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, connections, transaction

from records.audit.acts import act
from records.history.snapshots import name_of
from records.models import Change, Proposal, Record
from records.review import ReviewRefused, approve, proposing
from records.review.row_values import record_models
from tests.factories import (
    make_agreement,
    make_category,
    make_citation,
    make_country,
    make_demand,
    make_incident,
    make_involvement,
    make_legal_status,
    make_name,
    make_notice,
    make_part,
    make_person,
    make_source,
    make_stage,
    make_tactic,
    make_tactic_used,
)
from tests.reviewing import changed, member, propose, reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return member("editor")


def set_and_save(row: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


#: Small edits of every kind: of columns, dates, links and lists, with parts and records that are new or removed.
EDITS = [
    lambda of: set_and_save(of.person, label="Other", occupation="nurse", residence_id="TR"),
    lambda of: set_and_save(of.name, text="Oybek", kind="misprint"),
    lambda of: of.person.categories.set([make_category("lawyer"), make_category("activist")]),
    lambda of: of.person.categories.clear(),
    lambda of: make_part(of.incident, "transit", "MA"),
    lambda of: make_tactic_used(of.incident, "threat", occurred="2019"),
    lambda of: make_demand(of.stage.involvement, threat="prison"),
    lambda of: set_and_save(of.stage, occurred="2021~", note="n", kind="release", country_id=None),
    lambda of: make_citation(of.source, "kind", stage=of.stage, paragraph=None, start=None, end=None),
    lambda of: make_legal_status(of.person, "MA", since="2018/2019"),
    lambda of: of.name.delete(),
    lambda of: set_and_save(of.source, derivation="wire_copy", derived_from=make_source(title="Origin")),
    lambda of: add_hearing(of),
    lambda of: make_notice(of.person, number="A-1"),
    lambda of: set_and_save(make_agreement("CN", "MA", title="New"), note="n"),
]


def add_hearing(of: SimpleNamespace) -> None:
    hearing = make_stage(make_involvement(of.incident, make_person("Third")), "hearing", "", place="x")
    make_citation(of.source, "kind", stage=hearing)


def world(review: str) -> SimpleNamespace:
    person, source = make_person("Idris Hasan", review=review), make_source(title="Report", review=review)
    incident = make_incident(review=review)
    stage = make_stage(make_involvement(incident, person), country=make_country("TR"))
    make_citation(source, "occurred", stage=stage)
    person.categories.add(make_category())
    make_country("MA"), make_tactic("threat"), make_category("lawyer"), make_legal_status(person, "NO")
    name = make_name(person, "Aibek")
    return SimpleNamespace(person=person, source=source, incident=incident, stage=stage, name=name)


def content() -> dict[str, list[Any]]:
    """What the rows of all records say, by model; not which of two equal rows is which."""
    left_out = {"id", "ref", "version", "review", "lane", "created_at", "updated_at"}
    found = {}
    for model in record_models().values():
        links = [field.name for field in model._meta.many_to_many]
        rows = []
        for row in model.objects.all():
            columns = {field.name for field in model._meta.concrete_fields if not field.is_relation} - left_out
            told: dict[str, Any] = {name: str(getattr(row, name)) for name in columns}
            told |= {name: sorted(map(str, getattr(row, name).values_list("pk", flat=True))) for name in links}
            told |= {field.name: words(getattr(row, field.name)) for field in model._meta.fields if field.is_relation}
            rows.append(sorted(told.items()))
        found[model.__name__] = sorted(rows, key=str)
    return found


def words(row: Any) -> str:
    return name_of(row) if isinstance(row, Record) else str(row)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_proposed_and_approved_is_what_would_have_been_written(editor, seed):
    chosen = Random(seed).sample(EDITS, k=1 + seed % 5)
    with transaction.atomic():  # by the same hands, on records that nobody else reads yet
        with act(editor, "test", may_open=True):
            for edit, of in ((edit, of) for of in [world("draft")] for edit in chosen):
                edit(of)
        straight = content()
        transaction.set_rollback(True)
    of = world("published")
    before = content()
    with act(editor, "test"), proposing() as sent:
        for edit in chosen:
            edit(of)
    assert content() == before != straight
    assert sent.proposal is not None
    approve(sent.proposal, reviewer())
    assert content() == straight


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets in one writer after the other")
def test_of_two_who_approve_at_once_one_wins_and_the_other_is_told():
    editor, people = member(), [reviewer(), reviewer()]
    for number in range(3):
        proposal, told, start = propose(editor, changed(make_person(f"Person {number}"))), [], threading.Barrier(2)

        def decide(user: Any) -> None:
            mine = Proposal.objects.get(pk=proposal.pk)  # noqa: B023  # the threads end before the next round
            start.wait()  # noqa: B023
            try:
                approve(mine, user)
            except ReviewRefused as refusal:
                told.append(str(refusal))  # noqa: B023
            finally:
                connections.close_all()

        threads = [threading.Thread(target=decide, args=(user,)) for user in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(told) == 1 and "was approved" in told[0]
        assert Change.objects.filter(table="cases_person", operation="update", act__gt="").count() == number + 1


def test_a_change_of_a_column_that_an_update_took_away_is_refused_with_what_to_do(editor: Any) -> None:
    incident = make_incident()
    incident.title = "Another title"
    proposal = propose(editor, incident)
    [row_change] = json.loads(proposal.row_changes)
    row_change["before"]["actor"], row_change["after"]["actor"] = "a police unit", "another unit"
    Proposal.objects.filter(pk=proposal.pk).update(row_changes=json.dumps([row_change]))
    proposal.refresh_from_db()
    with pytest.raises(ReviewRefused, match=f"{incident.ref}: actor was taken away by an update. Propose it again."):
        approve(proposal, reviewer("second"))
    incident.refresh_from_db()
    assert incident.title == "Held in Istanbul"
