"""No page, list, choice, search or side door of the admin gives staff a word of what they may not read.

The staff member here may do anything with any model, and read only what is public; stock admin would show them all.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from cases.models import (
    Agreement,
    Country,
    Event,
    Incident,
    Involvement,
    Notice,
    Person,
    PersonName,
    Stage,
)
from records.models import (
    AuditEntry,
    Change,
    Comment,
    CurrentAct,
    Feed,
    Proposal,
    Record,
    Submission,
    Term,
    TwoAdministrators,
    Visit,
    Watch,
)
from sources.models import SourceDocument
from tests.admin_forms import filled, rows
from tests.factories import (
    make_actor,
    make_agreement,
    make_capture,
    make_ccf_event,
    make_ccf_request,
    make_citation,
    make_country,
    make_demand,
    make_detail,
    make_duty,
    make_event,
    make_incident,
    make_involvement,
    make_legal_status,
    make_name,
    make_notice,
    make_notice_event,
    make_part,
    make_person,
    make_relationship,
    make_source,
    make_stage,
    make_tactic_used,
    make_warrant,
)
from tests.signin import sign_in

pytestmark = pytest.mark.django_db
RECORDS = [model for model in admin.site._registry if issubclass(model, Record)]
#: What staff enter by hand: records and the lists that they point to.
ENTERED = [model for model in admin.site._registry if issubclass(model, (Record, Term, Country))]
WORD = "CANARY"


def world(level: str, word: str) -> dict[type[Any], Any]:
    """Make one record of every kind with `word` in each text, all at one level."""
    person = make_person(word, level=level, occupation=word)
    relative = make_person(f"{word} relative", level=level)
    incident = make_incident(word, level=level, place=word, summary=word, location="NO")
    involvement = make_involvement(incident, person, level=level)
    stage = make_stage(involvement, level=level, place=word, actor=word, note=word)
    notice = make_notice(person, level=level, number=word, note=word)
    asked = make_ccf_request(notice, level=level, number=word, note=word)
    agreement = make_agreement("NO", title=word, level=level, note=word)
    source = make_source(title=word, outlet=word, author=word, level=level)
    state = {"country": make_country("NO"), "state": "ratified", "level": level}
    made = [
        *(person, incident, involvement, stage, notice, asked, agreement, source),
        make_part(incident, "transit", "NO", level=level),
        make_tactic_used(incident, level=level),
        make_actor(incident, word, level=level),
        make_demand(involvement, carried_by=word, threat=word, note=word, level=level),
        make_name(person, f"{word} Two", level=level),
        make_detail(person, kind="address", value=word, level=level),
        make_legal_status(person, "NO", level=level),
        make_relationship(person, relative, level=level),
        make_notice_event(notice, asserted_by=word, level=level),
        make_warrant(notice, "NO", word, body=word, level=level),
        make_ccf_event(asked, asserted_by=word, level=level),
        make_duty(involvement, authority=word, note=word, level=level),
        agreement.ratifications.create(**state),
        make_event(title=word, organiser=word, level=level),
        make_capture(source, note=word, level=level),
        make_citation(source, "place", stage=stage, stated_value=word, reason=word, level=level),
    ]
    return {type(record): record for record in made}


@pytest.fixture
def seen():
    return world("public", "Visible")


@pytest.fixture
def hidden():
    world("restricted", WORD)
    return world("team", WORD)


@pytest.fixture
def outsider(client):
    user = get_user_model().objects.create_user("outsider", is_staff=True)
    user.user_permissions.set(Permission.objects.exclude(codename__in=["read_team", "read_partner"]))
    sign_in(client, user)
    return client


def address(model: type[Any], page: str = "") -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/{page}"


def bytes_of(response: Any) -> str:
    """Return a page without what differs between any two requests."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return re.sub(r"[A-Z]{3}-[0-9A-Z]{8}|\d+", "#", text)


def test_every_model_of_the_project_is_registered():
    own = [model for label in ("cases", "sources", "records") for model in apps.get_app_config(label).get_models()]
    # What the site keeps itself, what is said on other pages, and what each reader follows.
    beside = {Change, CurrentAct, Submission, Comment, Feed, Visit, Watch, TwoAdministrators}
    derived = {model for model in own if getattr(model, "is_derived", False)}
    assert set(own) - set(admin.site._registry) - derived == beside and not derived & set(admin.site._registry)
    assert len(RECORDS) == len(world("public", "x"))


def test_every_page_opens_for_an_administrator(admin_client, seen):
    for model in ENTERED:
        for page in ("", "add/"):
            assert admin_client.get(address(model, page)).status_code == 200, (model, page)
    for model, record in seen.items():
        for key in (record.ref, record.pk):
            for page in ("change", "history"):
                assert admin_client.get(address(model, f"{key}/{page}/")).status_code == 200, (model, page)
        assert admin_client.get(address(model), {"q": "visible"}).status_code == 200
        assert admin_client.get(address(model), {"_facets": "True"}).status_code == 200


def test_every_list_can_be_searched(admin_client):
    for model in set(admin.site._registry) - {AuditEntry}:  # which has a page of its own, with a form
        assert admin_client.get(address(model), {"q": "nothing"}).status_code == 200, model


class TestNothingHiddenIsShown:
    def test_lists_and_forms(self, outsider, seen, hidden):
        outsider.get("/admin/")
        for model in ENTERED:
            for page in ("", "add/", "?q=canary"):
                response = outsider.get(address(model, page))
                assert response.status_code == 200, (model, page)
                assert WORD not in response.content.decode().replace("canary", ""), (model, page)
        for model, record in seen.items():
            for page in ("change", "history"):
                assert WORD not in outsider.get(address(model, f"{record.ref}/{page}/")).content.decode()

    @pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
    def test_a_hidden_record_answers_as_a_missing_one(self, outsider, seen, hidden, model):
        record = hidden[model]
        missing = f"{record.prefix()}-00000000"
        for page in ("change/", "history/", "delete/"):
            for method in (outsider.get, outsider.post):
                answers = [method(address(model, f"{key}/{page}")) for key in (record.ref, record.pk, missing, 999999)]
                assert answers[0].status_code in (403, 404)
                assert len({(answer.status_code, bytes_of(answer)) for answer in answers}) == 1

    @pytest.mark.attack("E2")
    def test_lists_are_the_same_in_a_world_without_the_hidden(self, outsider, seen):
        pages = [address(model, page) for model in RECORDS for page in ("?_facets=True", "?q=canary")]
        pages += [address(model, f"{record.ref}/change/") for model, record in seen.items()]
        before = [bytes_of(outsider.get(page)) for page in pages]
        world("team", WORD)
        assert [bytes_of(outsider.get(page)) for page in pages] == before

    def test_parts_that_are_hidden_are_on_no_page_of_what_is_seen(self, outsider, seen):
        person, incident, stage = seen[Person], seen[Incident], seen[Stage]
        source = make_source(title=WORD, level="team")
        make_name(person, WORD, level="restricted")
        make_detail(person, value=WORD, level="team")
        make_relationship(make_person(WORD, level="team"), person)
        make_involvement(incident, make_person(WORD, level="team"))
        make_involvement(make_incident(WORD, level="team"), person)
        make_stage(seen[Involvement], note=WORD, level="team")
        for field, record in (
            ("label", {"person": person}),
            ("occurred", {"stage": stage}),
            ("title", {"incident": incident}),
        ):
            make_citation(source, field, stated_value=WORD, **record)
            make_citation(seen[SourceDocument], field, stated_value=WORD, level="team", **record)
        make_notice(person, number=WORD, level="team")
        for model, record in seen.items():
            page = outsider.get(address(model, f"{record.ref}/change/")).content.decode()
            assert WORD not in page, model
        row = outsider.get(address(Person)).context["cl"].queryset.get(pk=person.pk)
        assert (row.incident_count, row.notice_count) == (1, 1)


class TestChoices:
    LINKS = [
        (model, field.name)
        for model in RECORDS
        for field in model._meta.fields
        if field.is_relation and field.editable and issubclass(field.related_model, Record)  # type: ignore[arg-type]
    ]

    @pytest.mark.attack("E2")
    def test_autocomplete_offers_what_is_visible(self, outsider, seen, hidden):
        for model, name in self.LINKS:
            target: Any = model._meta.get_field(name).related_model
            asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": name}
            offered = outsider.get("/admin/autocomplete/", asked).json()["results"]
            open_to_all = target.objects.exclude(level__in=["team", "restricted"])
            assert {each["id"] for each in offered} == {str(pk) for pk in open_to_all.values_list("pk", flat=True)}
            for term in (WORD, hidden[target].ref):
                assert outsider.get("/admin/autocomplete/", asked | {"term": term}).json()["results"] == []

    @pytest.mark.attack("E5")
    def test_a_hidden_record_cannot_be_linked(self, outsider, seen, hidden):
        data = {"person": hidden[Person].pk, "text": "x", "kind": "former", "script": "Latn", "level": "public"}
        answers = []
        for key in (hidden[Person].pk, 999999):
            response = outsider.post(address(PersonName, "add/"), data | {"person": key} | rows("citations"))
            assert response.context["adminform"].form.errors
            answers.append(bytes_of(response))
        assert answers[0] == answers[1]

    def test_a_stage_cannot_be_given_to_a_hidden_person(self, outsider, seen, hidden):
        page = address(Incident, f"{seen[Incident].ref}/change/")
        new = {"stages-1-person": hidden[Person].pk, "stages-1-kind": "release", "stages-1-occurred": "2020"}
        response = outsider.post(page, filled(outsider, page) | new | {"stages-1-level": "public"})
        assert "Select a valid choice" in response.content.decode() and WORD not in response.content.decode()
        source = {"stages-0-evidence_source": hidden[SourceDocument].pk}
        assert "Select a valid choice" in outsider.post(page, filled(outsider, page) | source).content.decode()

    def test_a_row_of_another_record_cannot_be_slipped_in(self, outsider, seen, hidden):
        page = address(Person, f"{seen[Person].ref}/change/")
        slipped = {"names-0-id": hidden[PersonName].pk, "names-0-text": "taken"}
        assert outsider.post(page, filled(outsider, page) | slipped).status_code == 200
        assert not PersonName.objects.filter(text="taken").exists()

    @pytest.mark.attack("E5")
    def test_the_address_fills_in_nothing_hidden(self, outsider, seen, hidden):
        for model, name in self.LINKS:
            target = model._meta.get_field(name).related_model
            page = outsider.get(address(model, "add/"), {name: hidden[target].pk})
            assert page.context["adminform"].form.initial == {}
        for key in (hidden[Person].ref, "x", "1\0", "9" * 30):
            page = outsider.get(address(Notice, "add/"), {"person": key, "number": "x", "requested_by": key})
            assert page.status_code == 200 and page.context["adminform"].form.initial == {}
        page = outsider.get(address(Notice, "add/"), {"person": seen[Person].ref, "requested_by": "NO"})
        assert page.context["adminform"].form.initial == {"person": seen[Person].pk, "requested_by": "NO"}


class TestSideDoors:
    @pytest.mark.attack("E1")
    @pytest.mark.parametrize(
        "lookup",
        [
            "label__startswith",
            "label__regex",
            "names__text__startswith",
            "notices__number__startswith",
            "readers__password__startswith",
            "pk__in",
            "id__exact",
            "folded__contains",
            "level__startswith",
            "_connector",
        ],
    )
    def test_a_lookup_that_is_no_filter_of_the_list_is_refused(self, outsider, seen, lookup):
        assert outsider.get(address(Person), {lookup: "^(a+)+$"}).status_code == 400

    @pytest.mark.parametrize(
        "lookup", ["level__exact", "standing__exact", "residence__code__exact", "categories__isnull"]
    )
    def test_the_filters_of_the_list_are_open(self, outsider, seen, lookup):
        assert outsider.get(address(Person), {lookup: "1"}).status_code == 200

    @pytest.mark.attack("E4")
    def test_the_redirect_to_a_records_page_is_gone(self, outsider, seen, hidden):
        for record in (*seen.values(), *hidden.values()):
            kind = ContentType.objects.get_for_model(record).pk
            assert outsider.get(f"/admin/r/{kind}/{record.pk}/").status_code == 404

    @pytest.mark.attack("E3")
    def test_main_records_and_lists_are_never_deleted(self, admin_client, seen):
        for model in (Person, Incident, Notice, Agreement, Event, SourceDocument):
            assert admin_client.post(address(model, f"{seen[model].ref}/delete/"), {"post": "yes"}).status_code == 403
            assert "delete_selected" not in admin_client.get(address(model)).content.decode()
        assert admin_client.get(address(Country, "TR/delete/")).status_code == 403

    def test_what_hidden_records_rest_on_is_removed_like_anything_else(self, outsider, seen):
        incident = make_incident(review="draft")
        incident.readers.add(get_user_model().objects.get(username="outsider"))
        stage, other = (make_stage(make_involvement(incident, make_person())) for _ in range(2))
        citation = make_citation(make_source(title=WORD, level="team"), "occurred", stage=stage)
        pages = [outsider.get(address(Stage, f"{each.ref}/delete/")) for each in (stage, other)]
        assert bytes_of(pages[0]) == bytes_of(pages[1]) and pages[0].status_code == 200
        answers = [outsider.post(address(Stage, f"{each.ref}/delete/"), {"post": "yes"}) for each in (stage, other)]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert Change.objects.filter(ref=citation.ref, operation="delete").exists()

    def test_what_is_seen_to_rest_on_it_keeps_a_row(self, outsider, seen):
        stage = make_stage(make_involvement(make_incident(), make_person()))
        make_citation(make_source(), "occurred", stage=stage)
        assert outsider.get(address(Stage, f"{stage.ref}/delete/")).status_code == 403

    def test_the_removal_of_an_uncited_part_is_asked_for_on_its_own_page(self, outsider, seen):
        name = make_name(seen[Person], "Third")
        page = outsider.get(address(PersonName, f"{name.ref}/delete/"))
        assert page.status_code == 200
        assert outsider.post(address(PersonName, f"{name.ref}/delete/"), {"post": "yes"}).status_code == 302
        assert Proposal.objects.get().about == seen[Person].ref and PersonName.objects.filter(pk=name.pk).exists()

    def test_a_search_for_a_null_character_finds_nothing(self, outsider, seen):
        for model in RECORDS:
            assert outsider.get(address(model), {"q": "a\0"}).status_code == 200
        asked = {"app_label": "cases", "model_name": "ratification", "field_name": "agreement", "term": "a\0"}
        assert outsider.get("/admin/autocomplete/", asked).json()["results"] == []

    def test_the_private_text_of_a_source_is_on_no_page(self, admin_client):
        source = make_source(text=WORD)
        for page in ("", f"{source.ref}/change/", f"{source.ref}/history/"):
            assert WORD not in admin_client.get(address(SourceDocument, page)).content.decode()

    def test_named_readers_see_what_is_restricted(self, outsider):
        person = make_person(WORD, level="restricted")
        person.readers.add(get_user_model().objects.get(username="outsider"))
        assert WORD in outsider.get(address(Person)).content.decode()
