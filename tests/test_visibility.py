"""Who may read what, case by case; tests/test_leaks.py asks it of every address."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from cases.codebook import RESOURCES
from records.lists.codebook import Resource
from tests.factories import make_citation, make_incident, make_name, make_person, make_source
from tests.signin import make_account

pytestmark = pytest.mark.django_db
every_resource = pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)


def lists(resource: Resource) -> tuple[str, str]:
    return f"/api/v1/{resource.name}/", f"/api/v1/{resource.name}/count/"


@every_resource
@pytest.mark.attack("B2")
def test_no_list_is_sorted_by_a_column_that_is_no_ordering_of_its_own(client: Client, resource: Resource) -> None:
    open_to_all = {ordering.name for ordering in resource.orderings}
    for field in resource.model._meta.concrete_fields:
        if field.name not in open_to_all:
            for direction in ("", "-"):
                assert client.get(lists(resource)[0], {"ordering": direction + field.name}).status_code == 400, field


@every_resource
@pytest.mark.attack("B2")
@pytest.mark.attack("B4")
def test_no_column_is_asked_for_by_a_lookup(client: Client, resource: Resource) -> None:
    names = [f"{field.name}__{lookup}" for field in resource.model._meta.get_fields() for lookup in LOOKUPS]
    for address in lists(resource):
        for name in (*names, "_connector", "person__readers__password__startswith"):
            response = client.get(address, {name: "Q"})
            assert response.status_code == 400 and set(response.json()) == {name}, (address, name)


LOOKUPS = ("startswith", "regex", "lte", "in", "isnull")


@pytest.mark.attack("B3")
def test_a_search_for_a_hidden_name_is_answered_as_one_for_a_name_that_nobody_has(client: Client) -> None:
    person = make_person("Aybek Tursun")
    make_name(person, "Zulfiqar", level="restricted")
    make_person("Zulfiqar", level="team")
    for word in ("Zulfiqar", "Zulf", "Zulfikar"):
        for address in ("/api/v1/people/", "/api/v1/people/count/"):
            found, absent = (client.get(address, {"q": asked}) for asked in (word, "Qwertz"))
            assert (found.status_code, found.content) == (absent.status_code, absent.content)
        pages = [client.get("/people/", {"q": asked}).content.decode() for asked in (word, "Qwertz")]
        assert pages[0].replace(word, "") == pages[1].replace("Qwertz", "")


def test_a_named_reader_opens_a_restricted_record_and_nobody_else_does(client: Client) -> None:
    person = make_person("Aybek Tursun", level="restricted")
    trusted, member = make_account("trusted"), make_account("member")
    member.user_permissions.set(Permission.objects.filter(codename="read_team"))
    person.readers.add(trusted)
    address = f"/api/v1/people/{person.ref}/"
    assert client.get(address).status_code == 404
    client.force_login(member)
    assert client.get(address).status_code == 404
    client.force_login(trusted)
    assert client.get(address).json()["label"] == "Aybek Tursun"
    assert client.get("/api/v1/people/count/").json() == {"count": 1}


def test_a_partner_reads_what_is_for_partners_and_not_what_is_the_teams(client: Client) -> None:
    for level in ("public", "partner", "team", "restricted"):
        make_person(level, level=level)
    user = User.objects.create_user("partner")
    user.user_permissions.set(Permission.objects.filter(codename="read_partner"))
    assert [each["label"] for each in client.get("/api/v1/people/").json()["results"]] == ["public"]
    client.force_login(user)
    assert [each["label"] for each in client.get("/api/v1/people/").json()["results"]] == ["partner", "public"]


def test_a_citation_of_a_hidden_source_is_not_counted_as_a_source(client: Client) -> None:
    incident = make_incident()
    make_citation(make_source(), "start", incident=incident)
    make_citation(make_source(level="team"), "start", incident=incident)
    make_citation(make_source(), "start", incident=incident, level="team")
    record = client.get(f"/api/v1/incidents/{incident.ref}/").json()
    assert (len(record["sources"]), record["independent_sources"]) == (1, 1)
