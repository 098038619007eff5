"""Script that somebody stored in a record: shown everywhere as what it is, and run nowhere."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client

from cases.codebook import RESOURCES
from cases.models import Person
from tests.factories import (
    make_actor,
    make_agreement,
    make_citation,
    make_demand,
    make_event,
    make_incident,
    make_involvement,
    make_name,
    make_notice,
    make_person,
    make_source,
    make_stage,
)
from tests.signin import sign_in

SCRIPTS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7|add:7 }}{% load x %}",
    "</title></textarea><script>alert(1)</script>",
]
ADDRESSES = [
    *("javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)"),
    *("data:text/html,<script>alert(1)</script>", "vbscript:x", "//evil.example.org", "ftp://example.org/x"),
    "http://example.org\nhttp://x/",
]


@pytest.mark.attack("G1")
@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.django_db
def test_a_source_keeps_only_addresses_of_the_web(address: str) -> None:
    source = make_source()
    source.url = address
    with pytest.raises(ValidationError) as refusal:
        source.full_clean()
    assert list(refusal.value.message_dict) == ["url"]
    source.url = "HTTPS://example.org/a?b=c#d"
    source.full_clean()


LEADS = {"href", "src", "srcdoc", "action", "formaction", "xlink:href", "data", "poster", "content", "style"}
OWN_SCRIPT = ("/static/", "/admin/jsi18n/")


class Dangers(HTMLParser):
    """Collects what a browser would run: foreign script, handlers, addresses that are code, and inline styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        inline = tag == "script" and given.get("type") != "application/json"
        if tag in ("iframe", "object", "embed", "base") or (inline and not given.get("src", "").startswith(OWN_SCRIPT)):
            self.found.append(f"<{tag} {given}>")
        for name, value in given.items():
            scheme = "".join(value.split()).lower().partition(":")[0]
            if name.startswith("on") or (name in LEADS and scheme in ("javascript", "vbscript", "data")):
                self.found.append(f"<{tag} {name}={value}>")


def make_poisoned(script: str, address: str) -> list[str]:
    """Make a case that holds script wherever text goes; return the addresses that show it."""
    person = make_person(script, ethnicity=script[:60], occupation=script)
    make_name(person, script + " too")
    incident = make_incident(script, summary=script, place=script, legal_basis=script)
    make_actor(incident, script)
    involvement = make_involvement(incident, person)
    make_demand(involvement, carried_by=script, threat=script, note=script)
    stage = make_stage(involvement, place=script, actor=script, note=script)
    notice = make_notice(person, number=script[:60], note=script)
    agreement, event = make_agreement(title=script, note=script), make_event(title=script, note=script)
    source = make_source(title=script, outlet=script, author=script, url=address, reliability_reason=script)
    make_citation(source, "label", person=person, stated_value=script, reason=script)
    make_citation(source, "occurred", stage=stage, stated_value=script, reason=script)
    rows = {"people": person, "incidents": incident, "notices": notice, "sources": source}
    rows |= {"agreements": agreement, "events": event}
    lists = ["/", "/search/?q=script", "/countries/TR/", *(f"/{name}/" for name in rows)]
    lists += [f"/{name}/?{query}" for name in ("people", "sources") for query in (f"q={script}", f"{script}=1")]
    pages = [f"/{name}/{row.ref}/" for name, row in rows.items()]
    forms = [f"/admin/{row._meta.app_label}/{row._meta.model_name}/" for row in rows.values()]
    forms += [f"{form}{row.pk}/change/" for form, row in zip(forms, rows.values(), strict=True)]
    return lists + pages + forms + [form.replace("change", "history") for form in forms if "change" in form]


@pytest.mark.attack("G1")
@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.django_db
def test_script_in_a_record_is_shown_and_not_run(client: Client, admin_client: Client, script: str) -> None:
    """Written past every check of the forms, straight into the database."""
    shown = 0
    for address in make_poisoned(script, ADDRESSES[0]):
        for reader in (client, admin_client):
            response = reader.get(address, follow=True)
            page = response.content.decode()
            assert Dangers(page).found == [], address
            assert script not in page or "<" not in script, address
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            shown += escape(script) in page
    assert shown > 10


@pytest.mark.attack("G1")
@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.django_db
def test_an_address_that_is_code_is_no_link(client: Client, admin_client: Client, address: str) -> None:
    source = make_source(url=address)
    for reader in (client, admin_client):
        for path in (f"/sources/{source.ref}/", f"/admin/sources/sourcedocument/{source.pk}/change/"):
            assert Dangers(reader.get(path).content.decode()).found == []


@pytest.mark.attack("G1")
@pytest.mark.django_db
def test_the_api_gives_script_as_data(client: Client) -> None:
    make_poisoned(SCRIPTS[0], ADDRESSES[0])
    for resource in RESOURCES:
        response = client.get(f"/api/v1/{resource.name}/", headers={"Accept": "text/html"})
        assert response.headers["Content-Type"] == "application/json"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get("/api/v1/people/").json()["results"][0]["label"] == SCRIPTS[0]


@pytest.mark.attack("G1")
@pytest.mark.django_db
def test_the_messages_of_the_admin_run_nothing(client: Client) -> None:
    sign_in(client, User.objects.create_superuser("editor"))
    person = Person.objects.get(pk=make_person(SCRIPTS[0]).pk)
    response = client.get(f"/admin/cases/person/?q={SCRIPTS[1]}", follow=True)
    assert Dangers(response.content.decode()).found == []
    response = client.post(f"/admin/cases/person/{person.pk}/change/", {"label": SCRIPTS[1]}, follow=True)
    assert Dangers(response.content.decode()).found == []
