"""The public columns of people."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from cases.codebook.situation import INCIDENTS_OF_PERSON, SITUATION_OF_PERSON, involvements_of_people
from cases.filters import PersonFilter
from cases.models import (
    Citation,
    LegalStatus,
    LegalStatusKind,
    Notice,
    Person,
    PersonDetail,
    PersonName,
    Relationship,
    TargetCategory,
)
from cases.models.birth import narrowed
from cases.vocabulary import DetailKind, NameKind, OtherRole, PersonKind, RelationKind, Sex, Standing
from records.fields.sort_keys import by_text, by_title
from records.lists.codebook import ONE_PERSON, Column, Resource
from records.lists.paging import Ordering


def citizenships(person: Any) -> list[str]:
    """The countries that the person is a citizen of, as far as the reader may know."""
    return sorted({status.country_id for status in person.visible_legal_statuses if status.kind_id == "citizen"})


def born(person: Any) -> Any:
    """When the person was born: as a source states it, or else reckoned from the ages that sources give."""
    stated = (detail.date for detail in person.visible_details if detail.kind == DetailKind.BORN and detail.date)
    reckoned = (detail.birth for detail in person.visible_details if detail.age is not None)
    return next(stated, None) or narrowed(birth for birth in reckoned if birth)


def relations(person: Any) -> list[dict[str, Any]]:
    """What others are to this person; rows that stand the other way round are read backwards."""
    out = [{"kind": row.kind, "other": row.relative, "row": row} for row in person.visible_relations_out]
    back = [{"kind": row.inverse, "other": row.person, "row": row} for row in person.visible_relations_in]
    return out + back


def naming_sources(person: Any) -> list[str]:
    """The sources that name the person: in the label or in a form of the name."""
    citations = [*person.visible_citations, *(c for name in person.visible_names for c in name.visible_citations)]
    return sorted({citation.source.ref for citation in citations})


def person_rows(user: Any, day: date | None = None) -> QuerySet:
    """Return the people whom `user` may see, with everything of theirs that the columns read and `user` may see.

    As of a day, their incidents, notices, relations and legal statuses are those that may have begun by then.
    """
    citations = Citation.objects.visible_to(user).select_related("source").defer("source__text")
    statuses = LegalStatus.objects.visible_to(user).begun_by(day).select_related("kind")
    cited = Prefetch("citations", citations, to_attr="visible_citations")
    names = PersonName.objects.visible_to(user).prefetch_related(cited)
    relatives = Relationship.objects.visible_to(user).begun_by(day).select_related("person", "relative")
    return (
        Person.objects.visible_to(user)
        .defer("folded")
        .prefetch_related(
            cited,
            Prefetch("names", names, to_attr="visible_names"),
            Prefetch("details", PersonDetail.objects.visible_to(user), to_attr="visible_details"),
            Prefetch("legal_statuses", statuses, to_attr="visible_legal_statuses"),
            Prefetch("relations_out", relatives, to_attr="visible_relations_out"),
            Prefetch("relations_in", relatives, to_attr="visible_relations_in"),
            Prefetch("involvements", involvements_of_people(user, day), to_attr="visible_involvements"),
            Prefetch("notices", Notice.objects.visible_to(user).begun_by(user, day), to_attr="visible_notices"),
            "categories",
        )
    )


PEOPLE = Resource(
    name="people",
    singular="person",
    model=Person,
    meaning="Everybody whom a record concerns. Being named in an article never makes someone a target.",
    filterset=PersonFilter,
    rows=person_rows,
    orderings=(
        Ordering("label", by_title("folded")),
        Ordering("standing", by_text("standing")),
        Ordering("kind", by_text("kind")),
    ),
    columns=(
        Column("ref", "The person's public reference.", "reference", filled=True),
        Column("label", "The name to display, a code name where need be.", filled=True),
        Column("kind", "One human being, a group, or an organisation.", "code", vocabulary=PersonKind, filled=True),
        Column(
            "headcount",
            "How many people a group counts.",
            "object",
            lambda person: person if person.kind == PersonKind.GROUP else None,
            of=("",),
            parts=(
                Column("min", "At least so many.", "integer", "headcount_min"),
                Column("max", "At most so many.", "integer", "headcount_max"),
            ),
        ),
        Column("standing", "Why the person is in the database.", "code", vocabulary=Standing, filled=True),
        Column("role", "What somebody of the standing “other” is.", "code", vocabulary=OtherRole),
        Column(
            "names",
            "Every form of the name, misprints included.",
            "object",
            "visible_names",
            many=True,
            parts=(
                Column("text", "The name as written.", filled=True),
                Column("kind", "What sort of form it is.", "code", vocabulary=NameKind, filled=True),
                Column("script", "ISO 15924 code of the script.", filled=True),
                Column("language", "Language tag (BCP 47)."),
            ),
        ),
        Column(
            "citizenships",
            "Countries that the person is a citizen of.",
            "country",
            citizenships,
            many=True,
            of=("legal_statuses.country", "legal_statuses.kind"),
        ),
        Column(
            "legal_statuses",
            "How the person stands towards countries, in law or by living there, and from when to when.",
            "object",
            "visible_legal_statuses",
            many=True,
            parts=(
                Column("country", "The country.", "country", "country_id", filled=True),
                Column("status", "How.", "code", "kind_id", vocabulary=LegalStatusKind, filled=True),
                Column("start", "Since when.", "date", "since"),
                Column("end", "Until when.", "date", "until"),
            ),
        ),
        Column("residence", "The country where the person lives.", "country", "residence_id"),
        Column("sex", "As the sources state it.", "code", vocabulary=Sex, filled=True),
        Column("ethnicity", "As the sources state it."),
        Column("occupation", "In our words."),
        Column(
            "categories",
            "Why the person is hunted.",
            "code",
            lambda person: [category.code for category in person.categories.all()],
            many=True,
            vocabulary=TargetCategory,
            of=("categories",),
        ),
        # Of the details, an age is read too; the column that holds it stays private for all that else may stand there.
        Column(
            "born", "Date of birth, stated or reckoned from an age.", "date", born, of=("details.date", "details.kind")
        ),
        Column(
            "relations",
            "Who others are to this person.",
            "object",
            relations,
            many=True,
            of=("relations_out", "relations_in"),
            parts=(
                Column(
                    "kind",
                    "What the other is to this person.",
                    "code",
                    lambda relation: str(relation["kind"]),
                    vocabulary=RelationKind,
                    filled=True,
                    of=("kind",),
                ),
                Column(
                    "person",
                    "The other person.",
                    "reference",
                    lambda relation: relation["other"].ref,
                    filled=True,
                    of=("person.ref", "relative.ref"),
                ),
                Column(
                    "label",
                    "The other person's display name.",
                    "text",
                    lambda relation: relation["other"].label,
                    filled=True,
                    of=("person.label", "relative.label"),
                ),
                Column("start", "Since when.", "date", lambda relation: relation["row"].since, of=("since",)),
                Column("end", "Until when.", "date", lambda relation: relation["row"].until, of=("until",)),
            ),
        ),
        INCIDENTS_OF_PERSON,
        *SITUATION_OF_PERSON,
        Column(
            "notices",
            "Interpol notices and the like against this person.",
            "reference",
            lambda person: [notice.ref for notice in person.visible_notices],
            many=True,
            of=("notices.ref",),
        ),
        Column(
            "sources",
            "The sources that name this person.",
            "reference",
            naming_sources,
            many=True,
            of=("citations.source.ref", "names.citations.source.ref"),
        ),
        ONE_PERSON,
    ),
)
