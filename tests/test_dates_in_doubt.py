"""Which day is meant is asked before it is stored, by the admin and the API: of other calendars, days to come, births.

The Gregorian days were written down before the code was run: of public events, or reckoned by hand as it says beside.
"""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cases.models import Citation, Country, Duty, Incident, NoticeEvent, Person, PersonDetail, Stage
from sources.models import SourceDocument
from tests.admin_forms import filled, incident_rows, rows
from tests.factories import (
    make_country,
    make_incident,
    make_involvement,
    make_part,
    make_person,
    make_source,
    make_stage,
)
from tests.partners import partner, partner_client, post, refused, seed_terms, submitted
from tests.test_similar_people import analyst

__all__ = ["analyst", "partner", "partner_client"]

pytestmark = pytest.mark.django_db
PEOPLE = "/admin/cases/person/add/"
DRAFT = {"level": "team", "review": "draft"}


@pytest.fixture
def incident() -> Incident:
    return make_incident(title="Held", location="", **DRAFT)


def country_of(code: str) -> str:
    known = {"alpha3": f"{code}X", "name": f"Land of {code}", "region": "Asia", "latitude": 0, "longitude": 0}
    return Country.objects.get_or_create(code=code, defaults=known)[0].pk


def page_of(record: Any) -> str:
    return f"/admin/{record._meta.app_label}/{record._meta.model_name}/{record.ref}/change/"


def entered(client: Client, incident: Incident, *stages: dict[str, Any], **more: Any) -> Any:
    """Send the form of an incident with new stages."""
    page = page_of(incident)
    given = [{"kind": "detention", "level": "team", "evidence_field": "occurred"} | stage for stage in stages]
    return client.post(page, filled(client, page) | rows("stages", *given) | more)


def person_entered(client: Client, *details: dict[str, Any], **more: Any) -> Any:
    given = [{"kind": "born", "value": "", "level": "team"} | detail for detail in details]
    data = filled(client, PEOPLE) | {"label": "Idris", "standing": "target"} | DRAFT
    return client.post(PEOPLE, data | rows("details", *given) | more)


def offered(response: Any) -> dict[str, str]:
    """Return what a form offers to choose, by the words; and see that it saved nothing."""
    assert response.status_code == 200, response.headers.get("Location")
    pattern = r'<input type="radio" name="(answer-[^"]+)" value="([^"]*)"> ([^<]*)</label>'
    return {
        unescape(words): unescape(f"{name} {value}")
        for name, value, words in re.findall(pattern, response.content.decode())
    }


def choose(response: Any, words: str) -> dict[str, str]:
    """Return the answer whose words begin so, as a browser sends it."""
    [answer] = [answer for each, answer in offered(response).items() if each.startswith(words)]
    name, _, value = answer.partition(" ")
    return {name: value}


# A calendar of its own, beside each date


#: What the paper has, by the list beside the box; the words in which the working begins; what is stored.
PAPERS = [
    # 1 Ashwin 2078 was 17 September 2021 (Ghatasthapana, 7 October, was 21 Ashwin): the 15th is 14 days later.
    ("BS", "2078-06-15", "15 Ashwin 2078 (Bikram Sambat) is Friday 1 October 2021;", "2021-10-01"),
    ("BS", "२०७८-०६-१५", "15 Ashwin 2078 (Bikram Sambat) is Friday 1 October 2021;", "2021-10-01"),
    # The new year 2013 was on 11 September 2020; three months of 30 days and four days later it was 14 December.
    ("EC", "2013-04-05", "5 Tahsas 2013 (Ethiopian) is Monday 14 December 2020;", "2020-12-14"),
    ("BE", "2561-05-01", "1 May 2561 (Buddhist era) is Tuesday 1 May 2018;", "2018-05-01"),
    ("BE", "๒๕๖๑-๐๕-๐๑", "1 May 2561 (Buddhist era) is Tuesday 1 May 2018;", "2018-05-01"),
    # Nowruz 1397 was on 21 March 2018: a month of 31 days and ten days later it was 1 May.
    ("SH", "1397-02-11", "11 Ordibehesht 1397 (Solar Hijri) is Tuesday 1 May 2018;", "2018-05-01"),
    ("SH", "۱۳۹۷/۰۲/۱۱", "11 Ordibehesht 1397 (Solar Hijri) is Tuesday 1 May 2018;", "2018-05-01"),
    ("ROC", "110-11-22", "22 November 110 (Minguo) is Monday 22 November 2021;", "2021-11-22"),
    # The feast of 1 Shawwal was on 13 May 2021 in Saudi Arabia; a day earlier or later elsewhere.
    ("AH", "1442-09-30", "30 Ramadan 1442 (Hijri) is between 11 and 13 May 2021;", "2021-05-11/2021-05-13"),
    ("AH", "1442-09-30", "30 Ramadan 1442 (Hijri, Umm al-Qura) is Wednesday 12 May 2021;", "2021-05-12"),
    ("UQ", "1442-09-30", "30 Ramadan 1442 (Hijri) is between 11 and 13 May 2021;", "2021-05-11/2021-05-13"),
    ("BE", "2561", "2561 (Buddhist era) is 2018.", "2018"),
]


@pytest.mark.parametrize(("calendar", "written", "working", "edtf"), PAPERS)
def test_a_day_of_another_calendar_comes_back_with_the_working_and_is_stored_as_chosen(
    analyst: Client, incident: Incident, calendar: str, written: str, working: str, edtf: str
) -> None:
    stage = {"person": make_person().pk, "occurred": written, "occurred-calendar": calendar}
    asked = entered(analyst, incident, stage)
    answer = choose(asked, working)
    assert Stage.objects.count() == 0
    assert entered(analyst, incident, stage, **answer).status_code == 302
    assert str(Stage.objects.get().occurred) == edtf


def test_the_box_and_the_list_beside_it_keep_what_was_typed(analyst: Client, incident: Incident) -> None:
    asked = entered(
        analyst, incident, {"person": make_person().pk, "occurred": "2078-06-15", "occurred-calendar": "BS"}
    )
    page = asked.content.decode()
    assert re.search(r'name="stages-0-occurred" value="2078-06-15"', page)
    assert calendar_beside(asked, "stages-0-occurred") == "BS"


def test_only_an_official_saudi_paper_gives_a_hijri_day_exactly(analyst: Client, incident: Incident) -> None:
    stage = {"person": make_person().pk, "occurred": "1442-09-30", "occurred-calendar": "UQ"}
    words = list(offered(entered(analyst, incident, stage)))
    assert "a day earlier or later" in words[0]
    assert words[1].endswith("an official Saudi paper says so.")


def test_a_year_of_nepal_that_has_no_official_table_carries_a_warning(analyst: Client, incident: Incident) -> None:
    person = make_person().pk
    duty = {"person": person, "kind": "hearing", "due": "2084-01-15", "due-calendar": "BS", "level": "team"}
    page = page_of(incident)
    sent = filled(analyst, page) | rows("stages") | rows("duties", duty)
    asked = analyst.post(page, sent)
    answer = choose(asked, "15 Baisakh 2084 (Bikram Sambat) is between")
    assert "No official table is known of years after 2083" in next(iter(offered(asked)))
    assert analyst.post(page, sent | answer).status_code == 302
    # 1 Baisakh 2084 is 14 April 2027 by the tables: the 15th is the 28th, two days either side.
    assert str(Duty.objects.get().due) == "2027-04-26/2027-04-30"


def test_a_date_of_our_calendar_is_kept_where_another_one_was_preselected(analyst: Client, incident: Incident) -> None:
    person = make_person().pk
    for number, text in enumerate(("2018-05-01", "2018~", "2018-05/2018-07"), start=1):
        stage = {"person": person, "occurred": text, "occurred-calendar": "BS", "position": number}
        asked = entered(analyst, incident, stage)
        [ours] = [words for words in offered(asked) if words.endswith("of the Gregorian calendar")]
        assert entered(analyst, incident, stage, **choose(asked, ours)).status_code == 302
        assert str(Stage.objects.get(position=number).occurred) == text


def test_a_day_that_a_calendar_does_not_have_is_refused(analyst: Client, incident: Incident) -> None:
    asked = entered(
        analyst, incident, {"person": make_person().pk, "occurred": "2013-13-06", "occurred-calendar": "EC"}
    )
    assert offered(asked) == {}
    assert "Pagume 2013 (Ethiopian) has 5 days" in asked.content.decode()


def test_an_answer_is_about_what_was_asked(analyst: Client, incident: Incident) -> None:
    """Whoever corrects the date after all has corrected it, whatever was chosen."""
    stage = {"person": make_person().pk, "occurred": "2078-06-15", "occurred-calendar": "BS"}
    answer = choose(entered(analyst, incident, stage), "15 Ashwin 2078")
    corrected = stage | {"occurred": "2021-10-02", "occurred-calendar": ""}
    assert entered(analyst, incident, corrected, **answer).status_code == 302
    assert str(Stage.objects.get().occurred) == "2021-10-02"


@pytest.mark.parametrize(
    "answer", ["", "=", "BS 2078-06-15", "BS 2078-06-15=", "BS 2078-06-15=nonsense", "BS 2078-13-99=2021", "\0=\0"]
)
def test_an_answer_that_nobody_offered_stores_nothing(analyst: Client, incident: Incident, answer: str) -> None:
    stage = {"person": make_person().pk, "occurred": "2078-06-15", "occurred-calendar": "BS"}
    forged = {"answer-stages-0-occurred": answer, "answer-title": "Held=", "answer-nothing": "1=2"}
    response = entered(analyst, incident, stage, **forged)
    assert response.status_code == 200
    assert Stage.objects.count() == 0
    assert Incident.objects.get().title == "Held"


@pytest.mark.parametrize(
    ("country", "calendar"),
    [
        ("NP", "BS"),
        ("IR", "SH"),
        ("AF", "SH"),
        ("ET", "EC"),
        ("ER", "EC"),
        ("TH", "BE"),
        ("TW", "ROC"),
        ("SA", "UQ"),
        ("TR", ""),
    ],
)
def test_the_country_preselects_the_calendar_of_an_empty_box(
    analyst: Client, incident: Incident, country: str, calendar: str
) -> None:
    make_part(incident, "location", country_of(country))
    there = make_stage(make_involvement(incident, make_person()), occurred="2021-10-01", country_id=country)
    undated = make_stage(there.involvement, occurred="", country=make_country("CN"))
    page = analyst.get(page_of(incident))
    inlines = [inline.formset for inline in page.context["inline_admin_formsets"]]
    [stages] = [formset for formset in inlines if formset.prefix == "stages"]
    chosen = {form.instance.pk: calendar_beside(page, form["occurred"].html_name) for form in stages.forms}
    assert chosen == {there.pk: "", undated.pk: calendar, None: calendar}, "a stored date is one of ours"


def calendar_beside(page: Any, box: str) -> str:
    [calendar] = re.findall(
        f'<input name="{box}-calendar" id="id_{box}-calendar" value="([^"]*)"', page.content.decode()
    )
    return calendar


def test_the_language_of_a_source_preselects_its_calendar(analyst: Client) -> None:
    for language, calendar in (("am", "EC"), ("fa", "SH"), ("zh-Hant-TW", "ROC"), ("en", "")):
        source = make_source(language=language, published="", **DRAFT)
        assert calendar_beside(analyst.get(page_of(source)), "published") == calendar


def test_the_words_of_the_paper_go_to_the_citation_that_is_entered_with_the_day(
    analyst: Client, incident: Incident
) -> None:
    source = make_source(language="ne")
    stage = {
        "person": make_person().pk,
        "occurred": "२०७८-०६-१५",
        "occurred-calendar": "BS",
        "evidence_source": source.pk,
    }
    answer = choose(entered(analyst, incident, stage), "15 Ashwin 2078")
    assert entered(analyst, incident, stage, **answer).status_code == 302
    assert Citation.objects.get(source=source).stated_value == "२०७८-०६-१५: 15 Ashwin 2078 (Bikram Sambat)"


def test_the_words_outlast_another_refusal_and_never_replace_what_was_typed(
    analyst: Client, incident: Incident
) -> None:
    source, person = make_source(), make_person().pk
    stage = {"person": person, "occurred": "2078-06-15", "occurred-calendar": "BS", "evidence_source": source.pk}
    answer = choose(entered(analyst, incident, stage), "15 Ashwin 2078")
    wrong = entered(analyst, incident, stage, title="", **answer)
    assert offered(wrong) == {}
    assert re.search(r'name="stages-0-occurred" value="2021-10-01"', wrong.content.decode())
    kept = re.findall('<input type="hidden" name="(answer-[^"]+)" value="([^"]+)">', wrong.content.decode())
    corrected = stage | {"occurred": "2021-10-01", "occurred-calendar": ""}
    assert entered(analyst, incident, corrected, **dict(kept)).status_code == 302
    assert Citation.objects.get(source=source).stated_value == "15 Ashwin 2078 (Bikram Sambat)"
    again = stage | {"evidence_stated": "Asoj 15", "position": 9}
    assert entered(analyst, incident, again, **answer).status_code == 302
    assert Citation.objects.latest("pk").stated_value == "Asoj 15"


def test_the_words_go_to_a_citation_of_a_record_on_its_own_page(analyst: Client, incident: Incident) -> None:
    stage = make_stage(make_involvement(incident, make_person()), occurred="", level="team")
    page, source = page_of(stage), make_source()
    cited = {"source": source.pk, "field": "occurred", "stance": "supports", "preferred": "on", "level": "team"}
    sent = filled(analyst, page) | {"occurred": "1397-02-11"} | rows("citations", cited)
    answer = choose(analyst.post(page, sent), "11 Ordibehesht 1397")
    assert analyst.post(page, sent | answer).status_code == 302
    assert Citation.objects.get(source=source).stated_value == "11 Ordibehesht 1397 (Solar Hijri)"


# A day after today


def test_a_stage_after_today_is_asked_about_with_the_likely_calendar(analyst: Client, incident: Incident) -> None:
    stage = {"person": make_person().pk, "occurred": "2078-06-15"}
    asked = entered(analyst, incident, stage)
    assert "It lies after today, and is said to have happened." in asked.content.decode()
    assert list(offered(asked))[0] == "15 June 2078, as it stands"
    assert Stage.objects.count() == 0
    assert entered(analyst, incident, stage, **choose(asked, "15 Ashwin 2078")).status_code == 302
    assert str(Stage.objects.get().occurred) == "2021-10-01"


def test_what_is_confirmed_is_stored_and_not_asked_again(analyst: Client, incident: Incident) -> None:
    stage = {"person": make_person().pk, "occurred": "2078-06-15"}
    answer = choose(entered(analyst, incident, stage), "15 June 2078, as it stands")
    wrong = entered(analyst, incident, stage, title="", **answer)
    assert offered(wrong) == {}
    [name] = answer
    assert f'<input type="hidden" name="{name}" value="{answer[name]}">' in wrong.content.decode()
    assert entered(analyst, incident, stage, **answer).status_code == 302
    page = page_of(incident)
    changed = filled(analyst, page) | {"stages-0-place": "A town"}
    assert analyst.post(page, changed).status_code == 302
    stored = Stage.objects.get()
    assert (str(stored.occurred), stored.place) == ("2078-06-15", "A town")
    other = analyst.post(page, filled(analyst, page) | {"stages-0-occurred": "2078-06-16"})
    assert list(offered(other))[0] == "16 June 2078, as it stands"


def test_today_is_no_question_anywhere_on_earth(analyst: Client, incident: Incident) -> None:
    """Where the day begins first it is tomorrow by UTC; the day after that it is nowhere."""
    person, today = make_person().pk, timezone.now().date()
    tomorrow, later = today + timedelta(1), today + timedelta(2)
    assert entered(analyst, incident, {"person": person, "occurred": f"{tomorrow}"}).status_code == 302
    assert offered(entered(analyst, incident, {"person": person, "occurred": f"{later}", "position": 9}))


@pytest.mark.parametrize("text", ["2078", "2078-06", "2018/2078", "../2078-06-15", "2078-06-15/..", "2078-21"])
def test_no_form_of_a_date_hides_a_day_to_come(analyst: Client, incident: Incident, text: str) -> None:
    assert offered(entered(analyst, incident, {"person": make_person().pk, "occurred": text}))


def test_what_may_lie_ahead_is_asked_about_only_when_it_is_far(analyst: Client, incident: Incident) -> None:
    page, person, year = page_of(incident), make_person().pk, timezone.now().year
    duty = {"person": person, "kind": "hearing", "level": "team", "due": f"{year + 2}-01-05"}
    base = filled(analyst, page) | rows("stages")
    asked = analyst.post(page, base | rows("duties", duty | {"due": "2083-09-01"}))
    # 1 Poush 2083 is 16 December 2026 by the tables.
    assert "It lies more than thirty years ahead." in asked.content.decode()
    assert choose(asked, "1 Poush 2083 (Bikram Sambat) is Wednesday 16 December 2026;")
    assert analyst.post(page, base | rows("duties", duty)).status_code == 302


def test_a_source_published_after_today_is_asked_about(analyst: Client) -> None:
    source = make_source(**DRAFT)
    page = page_of(source)
    asked = analyst.post(page, filled(analyst, page) | {"published": "2078-06-15"})
    assert choose(asked, "15 Ashwin 2078")
    assert SourceDocument.objects.get().published == source.published


# Seven or eight years before its source


@pytest.mark.parametrize(
    ("country", "language", "published", "asks"),
    [
        ("ET", "en", "2020-12-20", True),  # the day of 14 December 2020, written as the paper has it: 2013-04-05
        ("ER", "en", "2021-04", True),
        ("TR", "am", "2020-12-20", True),
        ("TR", "ti-ER", "2020-12-20", True),
        ("TR", "en", "2020-12-20", False),
        ("ET", "en", "2013-04-06", False),
        ("ET", "en", "2020-04-04", False),  # a day less than seven years
        ("ET", "en", "2020-04-05", True),
        ("ET", "en", "2022-04-04", True),  # a day less than nine
        ("ET", "en", "2022-04-06", False),
        ("ET", "en", "", False),
    ],
)
def test_a_day_eight_years_before_an_ethiopian_source_is_asked_about(
    analyst: Client, incident: Incident, country: str, language: str, published: str, asks: bool
) -> None:
    source = make_source(published=published, language=language)
    stage = {"person": make_person().pk, "occurred": "2013-04-05", "country": country_of(country)}
    response = entered(analyst, incident, stage | {"evidence_source": source.pk})
    if not asks:
        assert response.status_code == 302
        return
    answer = choose(response, "5 Tahsas 2013 (Ethiopian) is Monday 14 December 2020;")
    assert entered(analyst, incident, stage | {"evidence_source": source.pk}, **answer).status_code == 302
    assert str(Stage.objects.get().occurred) == "2020-12-14"


def test_a_source_that_is_cited_later_asks_about_the_day_too(analyst: Client, incident: Incident) -> None:
    stage = make_stage(make_involvement(incident, make_person()), occurred="2013-04-05", level="team")
    source, page = make_source(published="2020-12-20", language="am"), page_of(stage)
    cited = {"source": source.pk, "field": "occurred", "stance": "supports", "preferred": "on", "level": "team"}
    sent = filled(analyst, page) | rows("citations", cited)
    asked = analyst.post(page, sent)
    assert list(offered(asked))[0] == "5 April 2013, as it stands"
    assert analyst.post(page, sent | choose(asked, "5 April 2013")).status_code == 302
    assert Citation.objects.get().stage == stage


def test_a_citation_on_its_own_page_offers_only_the_day_that_stands(analyst: Client, incident: Incident) -> None:
    stage = make_stage(make_involvement(incident, make_person()), occurred="2013-04-05", level="team")
    source, page = make_source(published="2020-12-20", language="am"), "/admin/cases/citation/add/"
    sent = filled(analyst, page) | {"source": source.pk, "stage": stage.pk, "field": "occurred"}
    asked = analyst.post(page, sent | {"stance": "supports", "level": "team"})
    assert list(offered(asked)) == ["5 April 2013, as it stands"]
    assert analyst.post(page, sent | choose(asked, "5 April 2013")).status_code == 302


# A birth on 1 January


def test_a_birth_on_1_january_is_asked_about_and_stored_as_the_year(analyst: Client) -> None:
    asked = person_entered(analyst, {"date": "1990-01-01"})
    assert list(offered(asked)) == ["1 January 1990, as it stands", "1990, only the year"]
    assert Person.objects.count() == 0
    assert person_entered(analyst, {"date": "1990-01-01"}, **choose(asked, "1990, only")).status_code == 302
    assert str(PersonDetail.objects.get().date) == "1990"


def test_a_birth_on_1_january_can_be_the_day(analyst: Client) -> None:
    answer = choose(person_entered(analyst, {"date": "1990-01-01"}), "1 January 1990, as it stands")
    assert person_entered(analyst, {"date": "1990-01-01"}, **answer).status_code == 302
    page = page_of(Person.objects.get())
    assert analyst.post(page, filled(analyst, page) | {"occupation": "farmer"}).status_code == 302
    assert str(PersonDetail.objects.get().date) == "1990-01-01"


def test_other_births_and_other_days_on_1_january_are_no_question(analyst: Client) -> None:
    details = [{"date": "1990-01-02"}, {"date": "1990-01"}, {"date": "1990-01-01~"}]
    details.append({"kind": "address", "value": "A street", "date": "1990-01-01"})
    assert person_entered(analyst, *details).status_code == 302


# By the API


def test_the_api_asks_about_a_birth_on_1_january(partner_client: Client) -> None:
    seed_terms()
    body: dict[str, Any] = {"label": "D. Y.", "standing": "target", "born": "1990-01-01"}
    said = refused(partner_client, "people/", body, 409)
    assert said == {
        "confirmed_dates": [
            "Some dates may not be those that are meant: see “dates”. Correct them, or give here those that are."
        ],
        "dates": [
            {
                "at": "born",
                "value": "1990-01-01",
                "doubt": "first_of_january",
                "question": "Many papers write 1 January where only the year is known. "
                "Is it the day, or only the year?",
                "meant": [
                    {"edtf": "1990-01-01", "words": "1 January 1990, as it stands"},
                    {"edtf": "1990", "words": "1990, only the year"},
                ],
            }
        ],
    }
    stored = submitted(partner_client, "people/", body | {"confirmed_dates": ["1990-01-01"]})
    assert stored["born"]["edtf"] == "1990-01-01" and "confirmed_dates" not in stored


def test_the_api_asks_about_days_to_come_by_their_place(partner_client: Client) -> None:
    make_country("CN")
    person = submitted(partner_client, "people/", {"label": "D. Y.", "standing": "target"})["ref"]
    body: dict[str, Any] = {
        "person": person,
        "instrument": "red_notice",
        "requested_by": "CN",
        "events": [{"state": "published", "occurred": "2020"}, {"state": "cancelled", "occurred": "2078-06-15"}],
    }
    [asked] = refused(partner_client, "notices/", body, 409)["dates"]
    assert (asked["at"], asked["value"], asked["doubt"]) == ("events/1/occurred", "2078-06-15", "after_today")
    assert [each["edtf"] for each in asked["meant"]] == ["2078-06-15", "2021-10-01"]
    assert refused(partner_client, "notices/", body | {"confirmed_dates": ["2078-06-16"]}, 409)
    submitted(partner_client, "notices/", body | {"confirmed_dates": ["2078-06-15"]})
    assert NoticeEvent.objects.filter(occurred="2078-06-15").exists()


def test_a_change_is_asked_about_where_it_changes_the_date(partner_client: Client) -> None:
    source = {"title": "Held", "outlet": "The Lantern", "kind": "news_report"}
    seed_terms()
    body = source | {"published": "2078-06-15", "confirmed_dates": ["2078-06-15"]}
    address = f"/api/v1/sources/{submitted(partner_client, 'sources/', body)['ref']}/"

    def patched(**body: Any) -> Any:
        etag = partner_client.get(address).headers["ETag"]
        return partner_client.patch(address, body, content_type="application/json", headers={"If-Match": etag})

    assert patched(author="Somebody", published="2078-06-15").status_code == 200
    assert patched(published="2078-06-16").json()["dates"][0]["at"] == "published"
    assert patched(published="2078-06-16", confirmed_dates=["2078-06-16"]).status_code == 200


def test_the_api_asks_about_a_day_eight_years_before_an_ethiopian_source(partner_client: Client) -> None:
    seed_terms()
    person = submitted(partner_client, "people/", {"label": "D. Y.", "standing": "target"})["ref"]
    people = [{"person": person, "role": "subject"}]
    incident = {"title": "Held", "scope": "cross_border", "start": "2013-04-05", "people": people}
    record = submitted(partner_client, "incidents/", incident)["ref"]
    source = {"title": "ዜና", "kind": "news_report", "language": "am", "published": "2020-12-20"}
    body = {"source": source, "record": record, "field": "start"}
    [asked] = refused(partner_client, "citations/", body, 409)["dates"]
    assert (asked["value"], asked["doubt"]) == ("2013-04-05", "years_before_source")
    assert [each["edtf"] for each in asked["meant"]] == ["2013-04-05", "2020-12-14"]
    submitted(partner_client, "citations/", body | {"confirmed_dates": ["2013-04-05"]})


def test_a_date_that_was_confirmed_can_be_sent_again_with_its_key(partner_client: Client) -> None:
    body: dict[str, Any] = {"label": "D. Y.", "standing": "target", "born": "1990-01-01"}
    key = {"Idempotency-Key": "one"}
    refused(partner_client, "people/", body, 409, **key)
    body["confirmed_dates"] = ["1990-01-01"]
    first, again = (post(partner_client, "people/", body, **key) for _ in range(2))
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())


def test_perhaps_and_an_end_around_the_start_are_told_apart_by_form_and_api(
    analyst: Client, partner_client: Client, incident: Incident
) -> None:
    """“2018-05-01?” is perhaps that day; “2018-06/2018” may end before it starts, and is refused with what to write."""
    person = make_person().pk
    assert entered(analyst, incident, {"person": person, "occurred": "2018-05-01?"}).status_code == 302
    stored = Stage.objects.get().occurred
    assert stored and stored.label == "perhaps 1 May 2018"
    wrong = entered(analyst, incident, {"person": person, "occurred": "2018-06/2018", "position": 9})
    told = "may end before it starts; if it ends with 2018, write 2018-06/2018-12"
    assert wrong.status_code == 200 and told in wrong.content.decode()
    body: dict[str, Any] = {"label": "D. Y.", "standing": "target", "born": "2018-06/2018"}
    assert told in refused(partner_client, "people/", body)["born"][0]
    assert submitted(partner_client, "people/", body | {"born": "2018-05-01?"})["born"]["precision"] == "approximate"


def test_an_empty_table_asks_nothing(analyst: Client, incident: Incident) -> None:
    page = page_of(incident)
    assert analyst.post(page, filled(analyst, page) | incident_rows()).status_code == 302
