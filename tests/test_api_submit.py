"""The write API: what partners submit becomes a draft for a second person, and what is refused writes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from cases.api.request_bodies import WRITABLE_RESOURCES
from cases.models import Citation, Incident, Person, Stage
from records.api.request_body import WritableResource
from records.models import ApiToken, AuditEntry, Proposal
from sources.models import SourceDocument
from tests.factories import make_incident, make_involvement, make_name, make_person, make_stage
from tests.partners import PERSON, filled, make_partner, partner, partner_client, post, refused, seed_terms, submitted
from tests.signin import may, sign_in

__all__ = ["partner", "partner_client"]

pytestmark = pytest.mark.django_db
every_entry = pytest.mark.parametrize("entry", WRITABLE_RESOURCES, ids=lambda entry: entry.resource.name)


@every_entry
def test_what_the_documentation_shows_is_taken_and_waits_for_a_second_person(
    partner_client: Client, entry: WritableResource
) -> None:
    resource = entry.resource
    response = post(partner_client, f"{resource.name}/", filled(entry))
    assert response.status_code == 201, response.content
    ref = response.json()["ref"]
    assert response.headers["Location"] == f"http://testserver/api/v1/{resource.name}/{ref}/"
    again = partner_client.get(response.headers["Location"])
    assert again.json() == response.json()
    assert again.headers["ETag"] == response.headers["ETag"]
    model: Any = resource.model
    record = model.objects.get(ref=ref)
    assert record.level == ("partner" if model.reviewed else "public")  # a part follows its record
    if model.reviewed:
        assert (record.review, record.team) == ("in_review", None)
        proposal = Proposal.objects.get(about=ref)
        assert (proposal.kind, proposal.state, proposal.proposed_by.username) == ("publish", "open", "partner")


@every_entry
def test_what_is_sent_without_the_slash_at_the_end_is_sent_again_whole(
    partner_client: Client, entry: WritableResource
) -> None:
    """After a 301 a program would ask with GET, and take the list that it gets for an answer to what it sent."""
    address, body = f"/api/v1/{entry.resource.name}", filled(entry)
    for method in (partner_client.post, partner_client.put, partner_client.patch, partner_client.delete):
        told = method(address, body, content_type="application/json")
        assert (told.status_code, told.headers["Location"]) == (308, f"{address}/")
        assert told.content.decode() == f"Nothing was stored. Send it to {address}/, with the slash at the end.\n"
    assert partner_client.post(address, body, content_type="application/json", follow=True).status_code == 201
    assert partner_client.get(address).status_code == 301


@every_entry
def test_nobody_else_reads_a_draft(partner_client: Client, entry: WritableResource) -> None:
    ref = post(partner_client, f"{entry.resource.name}/", filled(entry)).json()["ref"]
    for other in (Client(), sign_in(Client(), make_partner("another"))):
        assert other.get(f"/api/v1/{entry.resource.name}/{ref}/").status_code == 404


def test_a_person_is_stored_as_it_was_sent(partner_client: Client) -> None:
    seed_terms()
    body = {
        "label": "  Dilmurat Y. ",
        "kind": "group",
        "headcount": {"min": 2, "max": 5},
        "standing": "target",
        "names": [{"text": "Dilmurat Yasin", "kind": "primary"}, {"text": "迪里木拉提", "script": "Hans"}],
        "citizenships": ["TR", "CN"],
        "residence": "TR",
        "ethnicity": None,
        "born": {"edtf": "1987~"},
    }
    read = submitted(partner_client, "people/", body)
    assert read["label"] == "Dilmurat Y."
    assert read["headcount"] == {"min": 2, "max": 5}
    assert [name["text"] for name in read["names"]] == ["Dilmurat Yasin", "迪里木拉提"]
    assert (read["citizenships"], read["residence"], read["ethnicity"]) == (["CN", "TR"], "TR", None)
    assert read["born"]["edtf"] == "1987~"


def test_a_case_is_submitted_step_by_step(partner_client: Client) -> None:
    seed_terms()
    person = submitted(partner_client, "people/", PERSON)["ref"]
    incident = submitted(
        partner_client,
        "incidents/",
        {
            "title": "Held at the airport",
            "scope": "cross_border",
            "origins": [{"country": "CN", "attribution": "stated"}],
            "locations": ["MA"],
            "start": "2021-07-19",
            "people": [{"person": person, "status": {"value": "ongoing", "as_of": "2021-08"}}],
        },
    )
    assert (incident["hosts"], incident["people"][0]["role"]) == (["MA"], "subject")
    status = incident["people"][0]["status"]
    assert (status["value"], status["as_of"]["edtf"]) == ("ongoing", "2021-08")
    stage = submitted(
        partner_client,
        "stages/",
        {"incident": incident["ref"], "person": person, "kind": "detention", "occurred": "2021-07-19"},
    )
    source = {"title": "Held at airport", "outlet": "The Daily Lantern", "kind": "news_report"}
    citation = submitted(
        partner_client,
        "citations/",
        {
            "source": source,
            "record": stage["ref"],
            "field": "occurred",
            "stated_value": "last Monday",
            "said_by": "her lawyer",
            "paragraph": 2,
        },
    )
    assert (citation["preferred"], citation["said_by"]) == (True, "her lawyer")
    read = partner_client.get(f"/api/v1/incidents/{incident['ref']}/").json()
    assert [each["ref"] for each in read["stages"]] == [stage["ref"]]
    assert read["sources"] == [citation["source"]]
    assert set(Proposal.objects.values_list("about", flat=True)) == {person, incident["ref"], citation["source"]}


def test_a_stage_for_what_is_published_is_a_proposal(partner_client: Client) -> None:
    person, incident = make_person(), make_incident()
    involvement = make_involvement(incident, person)
    make_stage(involvement)
    response = post(partner_client, "stages/", {"incident": incident.ref, "person": person.ref, "kind": "release"})
    assert response.status_code == 202, response.content
    proposal = Proposal.objects.get()
    assert response.json() == {"proposal": proposal.ref, "state": "open", "drafts": []}
    assert (proposal.kind, proposal.about, proposal.proposed_by.username) == ("change", incident.ref, "partner")
    assert Stage.objects.count() == 1


def test_a_citation_from_a_new_source_is_a_proposal_and_a_draft(partner_client: Client) -> None:
    seed_terms()
    person = make_person()
    source = {"title": "Held at airport", "kind": "news_report"}
    response = post(partner_client, "citations/", {"source": source, "record": person.ref, "field": "label"})
    assert response.status_code == 202, response.content
    [draft] = response.json()["drafts"]
    assert SourceDocument.objects.get(ref=draft).review == "in_review"
    assert Citation.objects.count() == 0
    assert {(each.kind, each.about) for each in Proposal.objects.all()} == {("change", person.ref), ("publish", draft)}


def test_the_act_is_in_the_name_of_whoever_submits(partner_client: Client, partner: User) -> None:
    ref = submitted(partner_client, "people/", PERSON)["ref"]
    entry = AuditEntry.objects.filter(kind="write").latest("number")
    assert (entry.actor, entry.channel, ref in entry.subjects) == ("partner", "api", True)


# Who may


def with_token(user: User, *scopes: str) -> dict[str, str]:
    _, text = ApiToken.objects.create(user, expiry=timedelta(days=1), name=" ".join(scopes), scopes=list(scopes))
    return {"Authorization": f"Token {text}"}


def test_a_token_submits_in_its_users_name_if_it_has_the_scope(partner: User) -> None:
    assert refused(Client(), "people/", PERSON, 403, **with_token(partner, "read"))
    response = post(Client(), "people/", PERSON, **with_token(partner, "submit"))
    assert response.status_code == 201, response.content
    assert AuditEntry.objects.filter(kind="write").latest("number").actor == "partner"
    assert Person.objects.get().submitted_by == partner


def test_strangers_and_readers_submit_nothing() -> None:
    assert refused(Client(), "people/", PERSON, 401)
    assert refused(sign_in(Client(), User.objects.create_user("reader")), "people/", PERSON, 403)
    only_partner = may(User.objects.create_user("another"), "read_partner")
    assert refused(sign_in(Client(), only_partner), "people/", PERSON, 403)


def test_nobody_writes_what_they_could_not_read() -> None:
    clerk = may(User.objects.create_user("clerk"), "submit_records")
    assert "read" in refused(sign_in(Client(), clerk), "people/", PERSON, 403)["detail"]
    superuser = User.objects.create_superuser("root")
    assert refused(sign_in(Client(), superuser), "people/", PERSON, 403)


@pytest.mark.attack("G2")
def test_a_session_needs_the_token_against_forgery(partner: User) -> None:
    forged = sign_in(Client(enforce_csrf_checks=True), partner)
    assert refused(forged, "people/", PERSON, 403)


@every_entry
@pytest.mark.parametrize("method", ["put", "delete"])
def test_nothing_is_replaced_or_deleted(partner_client: Client, entry: WritableResource, method: str) -> None:
    path = f"/api/v1/{entry.resource.name}/"
    for address in (path, f"{path}count/", f"{path}PER-00000000/"):
        assert getattr(partner_client, method)(address).status_code == 405


def test_a_program_that_writes_in_circles_is_slowed_down(partner_client: Client) -> None:
    for _ in range(300):
        assert post(partner_client, "people/", b"{}").status_code == 400
    assert refused(partner_client, "people/", PERSON, 429)
    assert partner_client.get("/api/v1/people/").status_code == 200


def test_the_seeded_database_takes_submissions(partner_client: Client) -> None:
    call_command("load_seeds", verbosity=0)
    incident: Any = Incident.objects.filter(level="public", review="published").first()
    person = incident.involvements.first().person
    response = post(partner_client, "stages/", {"incident": incident.ref, "person": person.ref, "kind": "release"})
    assert response.status_code == 202, response.content


def test_whoever_submits_reads_it_back_and_not_what_the_team_adds(partner: User, partner_client: Client) -> None:
    person = Person.objects.get(ref=submitted(partner_client, "people/", PERSON)["ref"])
    for level in ("team", "restricted"):
        make_name(person, f"For the {level}", level=level)
    told = partner_client.get(f"/api/v1/people/{person.ref}/").content.decode()
    assert "For the" not in told
    Person.objects.filter(pk=person.pk).update(review="published", level="team")
    assert partner_client.get(f"/api/v1/people/{person.ref}/").status_code == 404


def test_a_date_of_another_calendar_is_answered_with_the_day_to_write(partner_client: Client) -> None:
    seed_terms()
    for born, said in [
        ("BS 2078-06-15", "15 Ashwin 2078 (Bikram Sambat) = 1 October 2021: if that is meant, write 2021-10-01."),
        ("1359-07-09", "9 Mehr 1359 (Solar Hijri) = 1 October 1980: if that is meant, write 1980-10-01."),
    ]:
        refused = post(partner_client, "people/", PERSON | {"born": born})
        assert refused.status_code == 400
        assert said in str(refused.json())
