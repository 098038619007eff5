"""Each filter of notices, sources and other records does what it says. The expected answers are worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cases.codebook import RESOURCES
from records.lists.not_and_all import AnotherWay
from tests.factories import (
    make_agreement,
    make_ccf_event,
    make_ccf_request,
    make_citation,
    make_country,
    make_duty,
    make_event,
    make_incident,
    make_involvement,
    make_name,
    make_notice,
    make_notice_event,
    make_person,
    make_source,
    make_warrant,
)
from tests.filtering import found

__all__ = ["found"]

pytestmark = pytest.mark.django_db


def notices() -> None:
    def notice(label: str, *events: tuple[str, str], **fields: Any) -> None:
        made = make_notice(make_person(label), **fields)
        for position, (state, occurred) in enumerate(events):
            make_notice_event(made, state, occurred, position=position)

    notice("Out", ("published", "2017-05-01"))
    notice("Ended", ("published", "2017-05-01"), ("cancelled", "2018-02-01"))
    notice("Ended vaguely", ("published", "2017-05-01"), ("deleted", "2018"))
    notice("Begun vaguely", ("published", "2017"), requested_by="TR")
    notice("Again", ("published", "2016"), ("cancelled", "2017-03-01"), ("reissued", "2017-06-01"))
    notice("Asked for", ("requested", "2017-01-01"), instrument="blue_notice")
    notice("Silent")


def test_notices_by_instrument_country_and_present_state(found: Any) -> None:
    notices()
    assert found("notices", instrument="blue_notice") == {"Asked for"}
    assert found("notices", requested_by="TR") == {"Begun vaguely"}
    assert found("notices", state="cancelled") == {"Ended"}
    assert found("notices", state=["cancelled", "deleted"]) == {"Ended", "Ended vaguely"}
    assert found("notices", state="published") == {"Out", "Begun vaguely"}
    assert found("notices", q="silent") == {"Silent"}


def test_notices_by_the_warrants_behind_them(found: Any) -> None:
    both, one = make_notice(make_person("Both")), make_notice(make_person("One"))
    make_warrant(both, "TR", "membership of a gang", accusation="terrorism")
    make_warrant(both, "MA", "fraud with a passport", accusation="fraud")
    make_warrant(one, "MA", "insulting a minister", accusation="defamation")
    make_notice(make_person("None"))
    assert found("notices", issuer="TR") == {"Both"}
    assert found("notices", issuer="MA") == found("notices", issuer=["TR", "MA"]) == {"Both", "One"}
    assert found("notices", accusation="defamation") == {"One"}
    assert found("notices", accusation=["fraud", "terrorism"]) == {"Both"}
    assert found("notices", q="Minister insulting") == {"One"}
    assert found("notices", q="gang passport") == set()  # each of one charge, and none of both


@pytest.mark.parametrize(
    ("day", "possible", "certain"),
    [
        ("2016-12-31", {"Again"}, {"Again"}),
        ("2017-02-01", {"Begun vaguely", "Again"}, {"Again"}),
        ("2017-04-01", {"Begun vaguely"}, set()),
        ("2017-05-01", {"Out", "Ended", "Ended vaguely", "Begun vaguely"}, {"Out", "Ended", "Ended vaguely"}),
        (
            "2018-01-15",
            {"Out", "Ended", "Ended vaguely", "Begun vaguely", "Again"},
            {"Out", "Ended", "Begun vaguely", "Again"},
        ),
        ("2018-02-01", {"Out", "Ended vaguely", "Begun vaguely", "Again"}, {"Out", "Begun vaguely", "Again"}),
        ("2018-12-31", {"Out", "Begun vaguely", "Again"}, {"Out", "Begun vaguely", "Again"}),
    ],
)
def test_a_notice_is_active_from_its_publication_to_its_end(
    found: Any, day: str, possible: set[str], certain: set[str]
) -> None:
    notices()
    assert found("notices", active_on=day) == possible
    assert found("notices", active_on=day, certainty="certain") == certain


def test_sources_by_what_stands_on_them_and_whom_they_name(found: Any) -> None:
    original = make_source(title="Original", outlet="The Daily Lantern", author="A. Writer", language="en")
    make_source(title="Copy", outlet="Lanterna", language="it", derived_from=original, derivation="wire_copy")
    person = make_person()
    make_citation(original, "text", person_name=make_name(person))
    assert found("sources", q="writer lantern") == {"Original"}
    assert found("sources", outlet="the daily lantern") == {"Original"}
    assert found("sources", outlet="lantern") == set()
    assert found("sources", derivation="wire_copy") == found("sources", language="IT") == {"Copy"}
    assert found("sources", kind="news_report") == {"Original", "Copy"}
    assert found("sources", person=person.ref) == {"Original"}


def test_citations_by_source_record_field_and_stance(found: Any) -> None:
    source, person = make_source(), make_person()
    name = make_name(person)
    make_citation(source, "label", person=person, stated_value="label")
    make_citation(source, "text", person_name=name, stated_value="text", stance="misprint", preferred=False)
    make_citation(make_source(), "text", person_name=name, stated_value="other")
    assert found("citations", "stated_value", source=source.ref) == {"label", "text"}
    assert found("citations", "stated_value", record=name.ref) == {"text", "other"}
    assert found("citations", "stated_value", record=person.ref) == {"label"}
    assert found("citations", "stated_value", field="text", stance="misprint") == {"text"}
    assert found("citations", "stated_value", record="XYZ-00000000") == set()


def test_agreements_between_all_the_countries_asked_for(found: Any) -> None:
    make_agreement("CN", "TR", title="With Turkey")
    make_agreement("CN", "MA", title="With Morocco", kind="judicial_cooperation")
    assert found("agreements", country="CN") == {"With Turkey", "With Morocco"}
    assert found("agreements", country=["CN", "MA"]) == {"With Morocco"}
    assert found("agreements", country=["TR", "MA"]) == set()
    assert found("agreements", kind="extradition") == {"With Turkey"}


def test_countries_by_any_name_and_by_region(found: Any) -> None:
    make_country("TR"), make_country("CN")
    assert found("countries", "code", q="turkey") == found("countries", "code", q="TÜRKIYE") == {"TR"}
    assert found("countries", "code", region="western asia") == {"TR"}
    assert found("countries", "code", region="asia") == set()


def test_countries_that_existed_in_the_year_of_a_day(found: Any) -> None:
    for code, first, last in (("TR", None, None), ("CN", 1991, None), ("MA", 1922, 1991)):
        country = make_country(code)
        country.first_year, country.last_year = first, last
        country.save()
    assert found("countries", "code", on="1990-12-31") == {"TR", "MA"}
    assert found("countries", "code", on="1991-07-01") == {"TR", "MA", "CN"}
    assert found("countries", "code", on="1992-01-01") == {"TR", "CN"}
    assert found("countries", "code", on="1921-12-31") == {"TR"}


def test_events_by_title_and_country(found: Any) -> None:
    make_event(title="General Assembly", country=make_country("TR"))
    make_event(title="Review of a treaty")
    assert found("events", q="assembly") == found("events", country="TR") == {"General Assembly"}


def test_requests_to_the_commission_by_what_they_ask_and_what_became_of_them(found: Any) -> None:
    decided = make_ccf_request(make_notice(make_person("Aybek")), "deletion", outcome="non_compliant_deleted")
    make_ccf_event(decided, "filed", "2018-01"), make_ccf_event(decided, "decided", "2018-06", position=1)
    make_ccf_event(make_ccf_request(make_notice(make_person("Babur")), "access"), "filed", "2018-02")
    assert found("ccf-requests", "label", kind="access") == found("ccf-requests", "label", state="filed") == {"Babur"}
    assert found("ccf-requests", "label", outcome="non_compliant_deleted") == {"Aybek"}
    assert found("ccf-requests", "label", notice=decided.notice.ref) == {"Aybek"}
    assert found("ccf-requests", "label", person=decided.notice.person.ref) == {"Aybek"}
    assert found("ccf-requests", "label", q="babur") == {"Babur"}


def test_duties_by_kind_case_and_day(found: Any) -> None:
    row = make_involvement(make_incident("Held"), make_person("Aybek"))
    make_duty(row, "hearing", "2019-02"), make_duty(row, "reporting", "2019-01-25", rhythm="weekly")
    other = make_duty(make_involvement(make_incident("Other"), make_person("Babur")), "other", "2020")
    assert found("duties", "kind", kind="hearing") == {"hearing"}
    assert found("duties", "kind", person=row.person.ref) == {"hearing", "reporting"}
    assert found("duties", "kind", incident=other.incident.ref) == {"other"}
    assert found("duties", "kind", since="2019-02-10") == {"hearing", "other"}
    assert found("duties", "kind", since="2019-02-10", certainty="certain") == {"other"}
    assert found("duties", "kind", until="2019-02-10", certainty="certain") == {"reporting"}


def test_every_filter_is_tried() -> None:
    """A filter that is added is to be worked out by hand here too, or in a file of filters beside this one.

    How `_not` and `_all` stand to their filter is held for every one of them in test_filters_not_and_all.py.
    """
    files = Path(__file__).parent.glob("test_filters_*.py")
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    untried = [
        f"{resource.name}: {name}"
        for resource in RESOURCES
        for name, question in resource.filterset.base_filters.items()
        if not isinstance(question, AnotherWay) and f"{name}=" not in text
    ]
    assert untried == []
