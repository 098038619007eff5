"""Which open cases no source has spoken of for too long, and how surely: by hand, by properties, and in the seeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from cases.models import SilenceThreshold
from cases.signs import LastSign, Sign, last_sign
from cases.silence import Silence, Sureness, silent_cases
from records.fields.edtf import UncertainDate
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
from tests.signin import may
from tests.test_edtf import days, vaguer
from tests.trips import maybe_dates
from tests.world import make_case

CASES = yaml.safe_load(Path(__file__).with_name("silence_cases.yaml").read_text(encoding="utf-8"))
STRANGER = AnonymousUser()
TODAY = date(2026, 11, 22)
#: The last day that a date can mean: whatever hypothesis makes up lies before it.
END_OF_TIME = date(2199, 12, 31)


def make_open_case(label: str = "Aybek Tursun", kind: str = "detention", **fields: Any) -> SimpleNamespace:
    """Make an open case with one stage and without a source."""
    status = {name: fields.pop(name) for name in ("status",) if name in fields}
    person, incident = make_person(label), make_incident(f"Case of {label}", **{"start": "2015"} | fields)
    involvement = make_involvement(incident, person, **status)
    stage = make_stage(involvement, kind, "2015-03-01")
    return SimpleNamespace(person=person, incident=incident, involvement=involvement, stage=stage)


def told_of(case: SimpleNamespace, published: str, **fields: Any) -> Any:
    return make_citation(make_source(published=published), "occurred", stage=case.stage, **fields)


def on(day: str, user: Any = STRANGER, today: date = TODAY) -> list[Silence]:
    return silent_cases(user, today, day=date.fromisoformat(day))


# The rule, by hand


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=[each["case"] for each in CASES])
def test_the_length_of_a_silence_is_known_as_far_as_the_dates_are(case: dict[str, Any]) -> None:
    SilenceThreshold.objects.create(phase="detention", days=case["threshold"])
    held = make_open_case()
    for published in case["published"]:
        told_of(held, published)
    for day, sureness, *length in case["asked"]:
        found = silent_cases(STRANGER, case["today"], day=day)
        told = [[each.sureness.value, each.at_least, each.at_most] for each in found]
        assert told == ([] if sureness == "heard" else [[sureness, *length]]), day


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("detention", "held, unheard of for 1,000 days"),
        ("imprisonment", "held, unheard of for 1,000 days"),
        ("wanted", "sought, unheard of for 1,000 days"),
        ("hearing", "under review, unheard of for 1,000 days"),
        ("conditional_release", "let out or departed, unheard of for 1,000 days"),
        ("disappearance", "missing or reported dead, unheard of for 1,000 days"),
    ],
)
def test_only_those_who_are_held_are_called_held(kind: str, words: str) -> None:
    told_of(make_open_case(kind=kind), "2019-02-05")
    assert [each.words for each in on("2021-11-01")] == [words]  # 2019-02-05 and 1,000 days


@pytest.mark.django_db
def test_the_words_of_a_vague_silence_give_its_shortest_and_its_longest_length() -> None:
    told_of(make_open_case("Month"), "2019-02")
    told_of(make_open_case("Before"), "../2019-02-05")
    make_open_case("Never")
    words = {each.case.label: each.words for each in on("2019-03-31")}
    assert words == {
        "Month": "held, unheard of for 31 to 58 days",
        "Before": "held, unheard of for 54 days or more",
        "Never": "held, never dated",
    }


@pytest.mark.django_db
def test_the_surest_and_the_longest_silence_comes_first() -> None:
    for label, published in (("short", "2019-01-25"), ("vague", "2010/.."), ("undated", ""), ("long", "2017-01-01")):
        told_of(make_open_case(label), published)
    assert [each.case.label for each in on("2019-03-31")] == ["long", "short", "vague", "undated"]


@pytest.mark.django_db
def test_each_phase_has_its_own_threshold_and_the_organisation_can_set_it() -> None:
    told_of(make_open_case("held"), "2019-02-05")
    told_of(make_open_case("pursued", "wanted"), "2019-02-05")
    assert [each.case.label for each in on("2019-04-01")] == ["held"]
    SilenceThreshold.objects.create(phase="pursuit", days=10)
    assert sorted(each.threshold for each in on("2019-04-01")) == [10, 30]


def every_sign(case: SimpleNamespace) -> dict[str, Any]:
    """What a source can speak of so that the case is heard of, by the name under which a citation knows it."""
    notice = make_notice(case.person)
    request = make_ccf_request(notice)
    return {
        "involvement": case.involvement,
        "stage": case.stage,
        "duty": make_duty(case.involvement),
        "incident": case.incident,
        "person": case.person,
        "person_name": make_name(case.person),
        "person_detail": make_detail(case.person),
        "legal_status": make_legal_status(case.person),
        "notice": notice,
        "notice_event": make_notice_event(notice),
        "warrant": make_warrant(notice),
        "ccf_request": request,
        "ccf_event": make_ccf_event(request),
    }


@pytest.mark.django_db
def test_a_source_that_speaks_of_any_part_of_a_case_is_a_sign() -> None:
    case = make_open_case()
    for number, (name, record) in enumerate(every_sign(case).items()):
        published = date(2019, 2, 1 + number)
        make_citation(make_source(published=published.isoformat()), "level", **{name: record})
        [silent] = on("2020-01-01")
        assert silent.sign is not None and silent.sign.latest == published, name


@pytest.mark.django_db
def test_what_is_said_of_others_is_no_sign() -> None:
    case, other = make_open_case(), make_open_case("Somebody else")
    relationship = make_relationship(case.person, other.person)
    make_citation(make_source(published="2019-02-05"), "kind", relationship=relationship)
    told_of(other, "2019-02-05")
    assert {each.case.label: each.sureness for each in on("2020-01-01")} == {
        "Aybek Tursun": Sureness.NEVER_DATED,
        "Somebody else": Sureness.CERTAIN,
    }


@pytest.mark.django_db
def test_only_followed_cases_of_subjects_across_all_but_domestic_incidents_are_listed() -> None:
    make_open_case("open")
    make_stage(make_open_case("deported elsewhere").involvement, "deportation", "2016", destination="NO")
    make_stage(make_open_case("deported home").involvement, "deportation", "2016", destination="CN")
    make_stage(make_open_case("deported, where to is not told").involvement, "deportation", "2016")
    make_stage(make_open_case("let out on conditions").involvement, "conditional_release", "2016")
    make_open_case("over", status="ended")
    make_open_case("domestic", scope="domestic")
    make_involvement(make_open_case("relative of").incident, make_person("relative"), "relative")
    found = {each.case.label for each in silent_cases(STRANGER, TODAY)}
    followed = {"deported home", "deported, where to is not told"}
    assert found == {"open", "let out on conditions", "relative of"} | followed


# Properties


def signs(published: Sequence[UncertainDate | None]) -> list[Sign]:
    return [Sign(number, each) for number, each in enumerate(published)]


def bounds(sign: LastSign | None) -> tuple[date, date]:
    return (sign.earliest or date.min, sign.latest) if sign else (date.min, date.min)


@given(given_days=st.lists(days, min_size=1, max_size=6), data=st.data(), asked=days)
def test_the_true_last_sign_lies_between_the_bounds(given_days: list[date], data: st.DataObject, asked: date) -> None:
    published = [data.draw(st.sampled_from([*vaguer(day), UncertainDate.on(day)])) for day in given_days]
    found = last_sign(signs(published), asked, END_OF_TIME)
    came = [day for day in given_days if day <= asked]
    if came:
        earliest, latest = bounds(found)
        assert earliest <= max(came) <= latest


@given(others=st.lists(maybe_dates, max_size=5), day=days, data=st.data(), asked=days, limit=st.integers(1, 400))
def test_a_vaguer_source_never_makes_an_answer_surer(
    others: list[UncertainDate | None], day: date, data: st.DataObject, asked: date, limit: int
) -> None:
    vague = data.draw(st.sampled_from([*vaguer(day), None]))
    exact, wide = (last_sign(signs([*others, each]), asked, END_OF_TIME) for each in (UncertainDate.on(day), vague))

    def surely_silent(sign: LastSign | None) -> bool:
        return sign is not None and (asked - sign.latest).days > limit

    def surely_heard(sign: LastSign | None) -> bool:
        return sign is not None and sign.earliest is not None and (asked - sign.earliest).days <= limit

    assert surely_silent(exact) or not surely_silent(wide)
    assert surely_heard(exact) or not surely_heard(wide)


@given(few=st.lists(maybe_dates, max_size=5), more=st.lists(maybe_dates, max_size=3), asked=days)
def test_more_sources_never_make_the_last_sign_older(
    few: list[UncertainDate | None], more: list[UncertainDate | None], asked: date
) -> None:
    before, after = (bounds(last_sign(signs(each), asked, END_OF_TIME)) for each in (few, few + more))
    assert after[0] >= before[0] and after[1] >= before[1]


# The page


@pytest.mark.django_db
def test_the_page_shows_where_each_silence_comes_from(client: Client) -> None:
    case = make_open_case()
    source = told_of(case, "2019-02-05").source
    text = client.get("/silence/?as_of=2019-06-08").content.decode()
    assert "Held, unheard of for 123 days" in text and "Certainly silent" in text
    assert f"/sources/{source.ref}/" in text and f"/people/{case.person.ref}/" in text
    assert f"/incidents/{case.incident.ref}/" in text and "5 February 2019" in text
    assert "nothing is inferred from it" in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("", {"held in Türkiye", "wanted from Morocco"}),
        ("phase=detention", {"held in Türkiye"}),
        ("phase=pursuit&phase=detention", {"held in Türkiye", "wanted from Morocco"}),
        ("host=MA", {"wanted from Morocco"}),
        ("origin=TR", {"wanted from Morocco"}),
        ("origin=CN&host=MA", set()),
        ("scope=domestic", {"domestic"}),
    ],
)
def test_the_queue_can_be_narrowed(client: Client, question: str, found: set[str]) -> None:
    make_open_case("held in Türkiye")
    make_open_case("wanted from Morocco", "wanted", origin="TR", location="MA")
    make_open_case("domestic", scope="domestic")
    text = client.get(f"/silence/?{question}").content.decode()
    assert {
        label for label in ("held in Türkiye", "wanted from Morocco", "domestic") if f">{label}</a>" in text
    } == found


@pytest.mark.django_db
@pytest.mark.parametrize("question", ["level=team", "phase=nowhere", "host=Turkey", "as_of=soon", "ordering=ref"])
def test_a_question_that_makes_no_sense_is_refused_by_name(client: Client, question: str) -> None:
    make_open_case()
    text = client.get(f"/silence/?{question}").content.decode()
    assert f"<code>{question.partition('=')[0]}</code>" in text and "Aybek Tursun" not in text


@pytest.mark.django_db
def test_fifty_cases_stand_on_a_page(client: Client) -> None:
    for number in range(51):
        make_open_case(f"Person {number:02}")
    first, second = (client.get(f"/silence/?page={page}").content.decode() for page in (1, 2))
    assert first.count('<tr id="INV-') == 50 and second.count('<tr id="INV-') == 1
    assert "<strong>51</strong>" in first and 'rel="next"' in first and 'rel="prev"' in second


@pytest.mark.django_db
@pytest.mark.parametrize("hidden", ["citation", "source", "draft", "stage", "notice", "duty", "name"])
def test_what_a_stranger_may_not_see_changes_nothing_that_a_stranger_is_told(client: Client, hidden: str) -> None:
    case = make_open_case()
    told_of(case, "2019-02-05")
    before = client.get("/silence/?as_of=2019-06-08").content
    late: dict[str, Any] = {"published": "2019-06-01"}
    closed = make_source(**late | {"source": {"level": "team"}, "draft": {"review": "draft"}}.get(hidden, {}))
    about: dict[str, Any] = {
        "stage": lambda: {"stage": make_stage(case.involvement, "transfer", "2019-05", level="team")},
        "notice": lambda: {"notice": make_notice(case.person, level="restricted")},
        "duty": lambda: {"duty": make_duty(case.involvement, level="partner")},
        "name": lambda: {"person_name": make_name(case.person, level="team")},
    }
    record = about.get(hidden, lambda: {"stage": case.stage})()
    make_citation(closed, "level", **record, **{"level": "team"} if hidden == "citation" else {})
    assert client.get("/silence/?as_of=2019-06-08").content == before
    team = may(User.objects.create_user("team"), "read_team", "read_partner")
    insiders = silent_cases(User.objects.get(pk=team.pk), TODAY, day=date(2019, 6, 8))
    # Those who are named alone see what is restricted; everything else is a sign of seven days before to the team.
    assert bool(insiders) == (hidden == "notice")


@pytest.mark.django_db
def test_the_page_takes_as_many_queries_for_twelve_cases_as_for_two(client: Client) -> None:
    def queries(count: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            text = client.get("/silence/").content.decode()
        assert text.count('<tr id="INV-') == count
        return len(asked)

    for number in range(2):
        told_of(make_open_case(f"Person {number}"), "2019-02-05")
    few = queries(2)
    for number in range(2, 12):
        case = make_open_case(f"Person {number}")
        told_of(case, "2019-02"), told_of(case, "")
    make_case(4)  # closed, with a row of every kind
    assert queries(12 + OPEN_IN_A_CLOSED_WORLD) == few


#: The group in the case of tests/world.py has no stage of its own, so that its part stays open.
OPEN_IN_A_CLOSED_WORLD = 1
