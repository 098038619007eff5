"""Silence, signals and dossiers of the people in the seeds, worked out by hand."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from cases.models import Person
from tests.dossiers import SURFACES, dossier_of, take, text_of
from tests.test_signals import asked
from tests.test_silence import on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

SILENT = [
    # Idris Hasan is held since July 2021 (threshold 30). The Epoch Times speaks of him between 16 and 22 November, NBC
    # News on 22 November 2021. On 20 November the former had perhaps come out and the latter had not.
    ("Idris Hasan", "2021-11-20", ["held, unheard of for 0 days or more"]),
    # 30 days after 22 November is 22 December: not beyond it. One day later it is.
    ("Idris Hasan", "2021-12-22", []),
    ("Idris Hasan", "2021-12-23", ["held, unheard of for 31 days"]),
    # 22 November 2021 to 22 November 2026 are five years with one leap day (29 February 2024).
    ("Idris Hasan", "2026-11-22", ["held, unheard of for 1,826 days"]),
    # All that is known of Kerem Mamut was printed on 5 February 2019. In December 2018 he was held, and no source had
    # spoken of it. Nor had one of the raid of autumn 2018 and the questioning by October 2018, both of which are known
    # to be over since that 5 February only. His property was seized “by January 2019”: perhaps by then, so that no
    # stage was certain.
    (
        "Kerem Mamut",
        "2018-12-25",
        [
            "held, never dated",
            "no stage recorded, never dated",
            "under pressure, never dated",
            "under pressure, never dated",
        ],
    ),
    # Conditionally released (180 days): 4 August 2019 is the 180th day. The seizure, which nobody tells over, is a case
    # of pressure (90 days), and was listed from 7 May on; 4 August is its 180th day too. The raid closed his
    # restaurants down and was over for him; its staff are a case of their own.
    ("Kerem Mamut", "2019-05-06", []),
    ("Kerem Mamut", "2019-08-04", ["under pressure, unheard of for 180 days"]),
    (
        "Kerem Mamut",
        "2019-08-05",
        ["let out or departed, unheard of for 181 days", "under pressure, unheard of for 181 days"],
    ),
    # Huseyin Celil was extradited some time between 2006 and 2012: in 2007 his case was perhaps open, and the one
    # article about him is of 14 September 2018. At the end of 2012 it was closed, and he is followed: imprisoned there
    # (180 days). Eight years with two leap days to 14 September 2026 are 2,922 days, and 69 more to 22 November.
    ("Huseyin Celil", "2007-06-01", ["held, never dated"]),
    ("Huseyin Celil", "2013-01-01", ["held, never dated"]),
    ("Huseyin Celil", "2026-11-22", ["held, unheard of for 2,991 days"]),
]


@pytest.mark.parametrize(("label", "day", "words"), SILENT, ids=[f"{label} {day}" for label, day, _ in SILENT])
def test_the_seeds_are_as_silent_as_worked_out_by_hand(label: str, day: str, words: list[str]) -> None:
    found = [each.words for each in on(day) if each.case.label == label]
    assert sorted(found) == sorted(words)


NOTHING = "not recorded"
UNKNOWN = "not known on that day"
ABSENT = "recorded as absent"
NAMES = ("legal_status", "removal_order", "agreement", "earlier_returns", "without_contact", "notice")
SIGNALLED: list[tuple[str, str, tuple[str, ...] | None]] = [
    # Idris Hasan, held in Morocco since July 2021. Of a status in Morocco, of an agreement of Morocco with China and of
    # earlier returns from there the sources say nothing. The notice: published by (the end of) July, cancelled some day
    # of August. The surrender was feared from 15 November on.
    ("Idris Hasan", "2021-06-30", None),
    ("Idris Hasan", "2021-07-15", (NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, UNKNOWN)),
    ("Idris Hasan", "2021-07-31", (NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, "recorded")),
    ("Idris Hasan", "2021-08-15", (NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, UNKNOWN)),
    ("Idris Hasan", "2021-11-14", (NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, ABSENT)),
    ("Idris Hasan", "2021-11-22", (NOTHING, UNKNOWN, NOTHING, NOTHING, NOTHING, ABSENT)),
    # Kerem Mamut, held in Türkiye from 31 October 2018 on. His permit was revoked between that day and 5 February 2019,
    # so that on 5 February it certainly was; that he had lived there since 2009 says nothing of his papers. The treaty
    # with China was signed in 2017. No notice is recorded.
    ("Kerem Mamut", "2018-10-30", None),
    ("Kerem Mamut", "2018-11-15", (UNKNOWN, NOTHING, "recorded", NOTHING, NOTHING, NOTHING)),
    ("Kerem Mamut", "2019-02-05", ("recorded", NOTHING, "recorded", NOTHING, NOTHING, NOTHING)),
    ("Kerem Mamut", "2026-11-22", ("recorded", NOTHING, "recorded", NOTHING, NOTHING, NOTHING)),
    # Huseyin Celil, arrested in Uzbekistan in 2006 and extradited between then and 2012: in 2007 the case was perhaps
    # open, and his own extradition is no earlier return. At the end of 2012 it was closed.
    ("Huseyin Celil", "2005-12-31", None),
    ("Huseyin Celil", "2007-06-01", (NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)),
    ("Huseyin Celil", "2012-12-31", None),
]


@pytest.mark.parametrize(("label", "day", "states"), SIGNALLED, ids=[f"{label} {day}" for label, day, _ in SIGNALLED])
def test_the_seeds_say_what_was_worked_out_by_hand(label: str, day: str, states: tuple[str, ...] | None) -> None:
    found = asked(Person.objects.get(label=label), day)
    told = {each.name: each.state.value for each in found if each.name in NAMES}
    assert told == (dict(zip(NAMES, states, strict=True)) if states else {})


@pytest.mark.parametrize(
    ("day", "state"),
    # By 5 February 2019 Türkiye had not ratified the treaty; of any later day that says nothing certain.
    [("2018-11-15", ABSENT), ("2019-02-05", ABSENT), ("2019-02-06", UNKNOWN), ("2026-11-22", UNKNOWN)],
)
def test_the_treaty_of_the_seeds_was_not_ratified_by_tuerkiye_as_of_one_day(day: str, state: str) -> None:
    found = asked(Person.objects.get(label="Kerem Mamut"), day)
    told = [each for each in found if each.title == "Ratification: Extradition agreement between China and Turkey"]
    assert [each.state.value for each in told] == [state]


class TestADossier:
    def test_kerem_mamut(self) -> None:
        found = dossier_of(Person.objects.get(label="Kerem Mamut"))
        sentence = (
            "Conditionally released in Türkiye since 25 January 2019; under an obligation to report since some time "
            "between 25 January and 5 February 2019; decision pending as of 5 February 2019; "
        )
        assert found.cases[0].sentence == f"{sentence}1 independent source."
        assert [fact.text for fact in found.who if fact.label == "Citizenship"] == ["China"]
        dated = [step.when for step in found.steps]
        assert "31 October 2018" in dated and "25 January 2019" in dated
        assert all(step.actor.endswith("(alleged)") for step in found.all_steps if step.actor)
        assert found.tally == "1 document, 1 independent"
        assert found.groups[0].sources[0].facts[-1].text.startswith("f7c334b5c7610e4f")

    def test_dolkun_isa(self, client: Client) -> None:
        person = Person.objects.get(label="Dolkun Isa")
        found = dossier_of(person)
        assert [(life.title, [event.when for event in life.events]) for life in found.notices]
        vague = [step for step in found.steps if step.when == "between about 1998 and 2018"]
        assert len(vague) > 1 and all("May have come before" in step.order for step in vague[1:])
        for surface in SURFACES:
            assert "between about 1998 and 2018" in text_of(take(client, person, surface))


def test_the_page_of_whom_others_were_hit_to_reach_leads_with_that(client: Client) -> None:
    """Kerem Mamut's wife was told that it was because of him; of his son that is inferred."""
    person = Person.objects.get(label="Kerem Mamut")
    head, _, rest = client.get(f"/people/{person.ref}/").content.decode().partition('<div class="columns')
    told = re.findall(r"Others were hit to reach this person: <a[^>]*>([^<]*)</a>", head)
    assert sorted(told) == ["Sami Kelimu taken into custody", "Wang Yi held up in Urumqi without her passport"]
    assert "Others were hit" not in rest


ACCUSED = {
    # A suspicion of Turkish police, charges that their author calls trumped up, and a suspicion of nobody named.
    "terrorism": [
        "Huseyin Celil arrested in Uzbekistan and extradited to China",
        "Kerem Mamut held in Turkish deportation centres",
        "Malaysia deports 29 Uyghurs",
    ],
    "corruption": ["Meng Hongwei disappears on a trip to China"],
    # The national security law (which of its offences is not told), and three who went around the internet's bounds.
    "other_crime": [
        "Huang Chengcheng summoned over internet use",
        "Nathan Law wanted under the national security law",
        "Pan Xidian jailed for fifteen days",
        "Ted Hui arrested in Hong Kong, gone into exile and wanted",
        "Zhu Yunfeng fined for using a VPN",
    ],
    "extremism": [],
    "none_known": [],
}


def results(client: Client, path: str) -> list[dict[str, Any]]:
    return client.get(f"/api/v1/{path}").json()["results"]


@pytest.mark.parametrize("accusation", ACCUSED)
def test_who_is_accused_of_what(client: Client, accusation: str) -> None:
    found = results(client, f"incidents/?accusation={accusation}&fields=title")
    assert sorted(each["title"] for each in found) == ACCUSED[accusation]


def test_what_was_demanded_and_of_whom(client: Client) -> None:
    """Activists were pressed to delete posts. That Kerem Mamut was asked whether he wanted to go back is a question."""
    (found,) = results(client, "incidents/?demand=silence&fields=title,demands")
    assert found["title"] == "Activists pressed to delete Twitter posts"
    others = {"return", "stop_work", "inform", "work_for_the_state", "money", "withdraw_statement", "other"}
    assert not any(results(client, f"incidents/?demand={kind}") for kind in others)


def test_in_which_countries_the_state_itself_did_it(client: Client) -> None:
    """Told of two arrests, of the extradition and of two deportations; of Dolkun Isa's arrests nobody says by whom."""
    found = results(client, "stages/?page_size=200&fields=kind,country,host_part")
    assert sorted((each["country"], each["kind"], each["host_part"]) for each in found if each["host_part"]) == [
        ("MA", "detention", "cooperated"),
        ("MY", "deportation", "cooperated"),
        ("TH", "deportation", "cooperated"),
        ("TR", "detention", "cooperated"),
        ("UZ", "extradition", "cooperated"),
    ]


def test_since_when_people_live_abroad(client: Client) -> None:
    found = results(client, "people/?page_size=200&fields=label,legal_statuses")
    lives = {
        each["label"]: (status["country"], status["start"]["edtf"], status["end"])
        for each in found
        for status in each["legal_statuses"]
        if status["status"] == "lives_there"
    }
    assert lives == {
        "Idris Hasan": ("TR", "2012", None),
        "Kerem Mamut": ("TR", "2009", None),
        "Wang Yi (wife of Kerem Mamut)": ("TR", "2009", None),
        "Omir Bekali": ("KZ", "2006", None),
        "Shairbek Doolotkhan": ("KG", "2005", None),
    }


#: A ministry that comments on no case, two embassies that do not reply, a government that calls camps training
#: centres, and police who tell themselves whom they fined. To know of no arrest, or not to be reached, is no answer.
ANSWERS = [
    (
        "Kerem Mamut held in Turkish deportation centres",
        "Turkish special police unit of twenty",
        "carried_out",
        "silent",
    ),
    ("Kerem Mamut held in Turkish deportation centres", "China, as family and lawyer suspect", "enabled", "silent"),
    (
        "Mass detention in the camps of Xinjiang",
        "Chinese authorities in Xinjiang",
        "carried_out",
        "explains_otherwise",
    ),
    (
        "Two British men imprisoned in the United Arab Emirates accuse a general of torture",
        "Ahmed Naser Al Raisi, as accused by the two men",
        None,
        "silent",
    ),
    ("Zhu Yunfeng fined for using a VPN", "police", "carried_out", "acknowledges"),
]


def test_what_those_answer_who_are_said_to_have_done_it(client: Client) -> None:
    found = results(client, "incidents/?page_size=200&fields=title,actors")
    told = [
        (each["title"], actor["words"], actor["part"], actor["answer"]) for each in found for actor in each["actors"]
    ]
    assert sorted(each for each in told if each[3]) == sorted(ANSWERS)
    assert {part for _, _, part, answer in told if not answer} == {"carried_out"}


#: Of the notice against Idris Hasan only the arrest that followed it is dated;
#: of Wang Yi's months in Urumqi the season.
TACTICS = {
    "INC-87CDADP5": [("detention", "2018-10-31"), ("permit_revoked", "2018-10-31/2019-02-05")],
    "INC-8Y2RFTNB": [("detention", "2021-07"), ("notice_abuse", "../2021-07")],
    "INC-M2KQTNNA": [("detention", "2006"), ("extradition", "2006/2012")],
    "INC-Z0T0PNQN": [
        ("passport_seized", "2017-22"),
        ("exit_ban", "2017-22"),
        ("visa_cancelled", "2017-10"),
        ("coercion_by_proxy", "2017-22"),
    ],
    # The sister, a week later the mother, and the father: one tactic on three days.
    "INC-EZ610X90": [
        ("coercion_by_proxy", "2018-03-10"),
        ("coercion_by_proxy", "2018-03-17~"),
        ("coercion_by_proxy", "2018-04-24"),
    ],
}


@pytest.mark.parametrize("ref", TACTICS)
def test_when_each_tactic_was_used(client: Client, ref: str) -> None:
    told = client.get(f"/api/v1/incidents/{ref}/?fields=tactics").json()["tactics"]
    assert sorted((each["tactic"], each["occurred"]["edtf"]) for each in told) == sorted(TACTICS[ref])


STATUSES = {
    # The raid closed the restaurants of Kerem Mamut; of his staff nothing is told after their arrest.
    "INC-9PZ6S242": [
        ("About two hundred staff of the Miraj restaurants", "unknown", "2019-02-05"),
        ("Kerem Mamut", "ended", "2019-02-05"),
    ],
    # He believes that his parents are held; of his sister nothing is told after she was taken.
    "INC-EZ610X90": [
        ("Adila Bekali", "unknown", "2018-04-24/2018-09-14"),
        ("Amina Sadik", "ongoing", "2018-04-24/2018-09-14"),
        ("Ebrayem (father of Omir Bekali)", "ongoing", "2018-04-24/2018-09-14"),
    ],
}


@pytest.mark.parametrize("ref", STATUSES)
def test_whose_case_goes_on_is_told_for_each_person(client: Client, ref: str) -> None:
    people = client.get(f"/api/v1/incidents/{ref}/?fields=people").json()["people"]
    subjects = [each for each in people if each["role"] == "subject"]
    told = [(each["label"], each["status"]["value"], each["status"]["as_of"]["edtf"]) for each in subjects]
    assert sorted(told) == STATUSES[ref]
