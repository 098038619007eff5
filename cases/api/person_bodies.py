"""What partners may submit about people, and how the rows are made."""

from __future__ import annotations

from cases.api.slots import column, part
from cases.codebook import PEOPLE
from cases.models import Country, LegalStatus, Person, PersonDetail, PersonName
from cases.similar_people import similar_people
from cases.vocabulary import DetailKind
from records.api.drafts import DraftWriter
from records.api.request_body import (
    ASKED_LEVEL,
    CONFIRMED_DATES,
    RowInput,
    WritableColumn,
    WritableResource,
    different_from,
    find_visible,
    writable_columns,
)
from records.fields.scripts import usual_script


def make_person(writer: DraftWriter, given: RowInput) -> Person:
    person = writer.new(Person, given)
    for name in given.more.get("names", []):
        name.columns.setdefault("script", usual_script(name.columns["text"]))
        writer.new(PersonName, name, person=person)
    for country in given.more.get("citizenships", []):
        writer.new(LegalStatus, part(given, "citizenships"), person=person, country_id=country, kind_id="citizen")
    if given.more.get("born"):
        writer.new(PersonDetail, part(given, "born"), person=person, kind=DetailKind.BORN, date=given.more["born"])
    names = [person.label, *(name.columns["text"] for name in given.more.get("names", []))]
    writer.ask_of_similar(similar_people(person, names, writer.user), given)
    return person


def check_person(writer: DraftWriter, person: Person, given: RowInput) -> None:
    """Ask of people who go by a new label too."""
    label = given.columns.get("label", person.label)
    writer.ask_of_similar(similar_people(person, [label] if label != person.label else [], writer.user), given)


PERSON_SLOTS = (
    *writable_columns(PEOPLE.columns, Person, "label", "kind"),
    WritableColumn(
        PEOPLE.column("headcount"),
        parts=writable_columns(PEOPLE.column("headcount").parts, Person),
    ),
    *writable_columns(PEOPLE.columns, Person, "standing", "role"),
    column(
        PEOPLE,
        "names",
        parts=(*writable_columns(PEOPLE.column("names").parts, PersonName), ASKED_LEVEL),
    ),
    column(PEOPLE, "citizenships", find=find_visible(Country)),
    *writable_columns(PEOPLE.columns, Person, "residence", "sex", "ethnicity", "occupation", "categories"),
    column(PEOPLE, "born"),
    different_from(Person),
    CONFIRMED_DATES,
    ASKED_LEVEL,
)

PERSON_BODY = WritableResource(
    PEOPLE,
    PERSON_SLOTS,
    make_person,
    {
        "label": "Dilmurat Y.",
        "standing": "target",
        "names": [{"text": "Dilmurat Yasin", "kind": "primary"}, {"text": "Dilmurat Yassin", "kind": "misprint"}],
        "citizenships": ["CN"],
        "residence": "TR",
        "sex": "male",
        "born": "1987~",
    },
    check_person,
)
