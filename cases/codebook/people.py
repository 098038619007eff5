"""The public columns of people."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value, When

from cases.codebook.cited_sources import sources_cited
from cases.codebook.situation import INCIDENTS_OF_PERSON, SITUATION_OF_PERSON, involvements_of_people
from cases.filters import PersonFilter
from cases.models import (
    Involvement,
    LegalStatus,
    LegalStatusKind,
    Notice,
    Person,
    PersonDetail,
    PersonName,
    Relationship,
    Stage,
    TargetCategory,
    UnstoredIncident,
)
from cases.models.birth import narrowed
from cases.models.person import targets_first
from cases.situation.cited import with_citations
from cases.situation.standing import undated_stages
from cases.vocabulary import DetailKind, NameKind, OtherRole, PersonKind, RelationKind, RelationshipKind, Sex, Standing
from records.fields.sort_keys import by_text, by_title
from records.lists.codebook import ONE_PERSON, Column, Resource
from records.lists.json_sql import JsonFirst, date_as_json
from records.lists.paging import Ordering
from records.models import Record


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
    notices = Notice.objects.visible_to(user).begun_by(user, day)
    people = rows_of_page(user, day).prefetch_related(Prefetch("notices", notices, to_attr="visible_notices"))
    return with_citations(people, user, cited_parts)


def rows_of_page(user: Any, day: date | None = None) -> QuerySet:
    """Return the same people with what is theirs, but for their notices, and for citations that date nothing."""
    relatives = Relationship.objects.visible_to(user).begun_by(day).select_related("person", "relative")
    people = rows_of_table(user, day).prefetch_related(
        Prefetch("details", PersonDetail.objects.visible_to(user), to_attr="visible_details"),
        Prefetch("relations_out", relatives, to_attr="visible_relations_out"),
        Prefetch("relations_in", relatives, to_attr="visible_relations_in"),
        "categories",
    )
    return with_citations(people, user, undated_stages_of)


def rows_of_table(user: Any, day: date | None = None) -> QuerySet:
    """Return the same people with their names, their legal statuses, and where each case stands."""
    statuses = LegalStatus.objects.visible_to(user).begun_by(day).select_related("kind")
    people = Person.objects.visible_to(user).defer("folded")
    people = people.prefetch_related(
        Prefetch("names", PersonName.objects.visible_to(user), to_attr="visible_names"),
        Prefetch("legal_statuses", statuses, to_attr="visible_legal_statuses"),
        Prefetch("involvements", involvements_of_people(user, day), to_attr="visible_involvements"),
    )
    return with_citations(people, user, lambda people: [*named(people), *undated_stages_of(people)])


def cited_parts(people: list[Any]) -> list[Record]:
    """The people and those parts of theirs of which the citations are read."""
    stages = [stage for person in people for row in person.visible_involvements for stage in row.told_stages]
    return [*named(people), *stages]


def named(people: list[Any]) -> list[Record]:
    """The people and the forms of their names: what is cited for these names them."""
    return [part for person in people for part in (person, *person.visible_names)]


def undated_stages_of(people: list[Any]) -> list[Stage]:
    """The stages of people that nothing but sources dates."""
    return undated_stages(row for person in people for row in person.visible_involvements)


def statuses_told(user: Any) -> QuerySet:
    return LegalStatus.objects.visible_to(user).filter(person=OuterRef("pk"))


def births_told(user: Any) -> QuerySet:
    """Return the details that state when somebody was born."""
    details = PersonDetail.objects.visible_to(user).filter(person=OuterRef("pk"), kind=DetailKind.BORN)
    return details.exclude(date="").order_by("pk")


def relations_told(user: Any) -> QuerySet:
    """Return the relationships of a person as `relations` lists them: those that are read backwards come last."""
    rows = Relationship.objects.visible_to(user).filter(Q(person=OuterRef("pk")) | Q(relative=OuterRef("pk")))
    rows = rows.annotate(
        is_backwards=read_from_here(Value(0), Value(1)),
        label=read_from_here(None, "person__label"),
        other_ref=read_from_here(None, "person__ref"),
    )
    return rows.order_by("is_backwards", "label", "other_ref", "pk")


def read_from_here(forwards: Any, backwards: Any) -> Case:
    """Return one value of a relationship that is read from its person, another of one that is read backwards."""
    return Case(When(person=OuterRef("pk"), then=forwards), default=backwards)


def inverse_kind() -> Case:
    turned = {kind: kind.inverse for kind in RelationshipKind if kind.inverse != kind}
    return Case(*(When(kind=kind, then=Value(inverse)) for kind, inverse in turned.items()), default="kind")


def is_unbuilt(user: Any) -> Q:
    """Return the condition that an age has to be reckoned with, or a case worked out."""
    ages = PersonDetail.objects.visible_to(user).filter(person=OuterRef("pk"), kind=DetailKind.AGE)
    unstored = UnstoredIncident.objects.visible_to(user).filter(incident_id=OuterRef("incident"))
    cases = Involvement.objects.visible_to(user).filter(Exists(unstored), person=OuterRef("pk"))
    return Q(Exists(ages)) | Q(Exists(cases))


PEOPLE = Resource(
    name="people",
    singular="person",
    model=Person,
    meaning="Everybody whom a record concerns. Being named in an article never makes someone a target.",
    filterset=PersonFilter,
    rows=person_rows,
    table_rows=rows_of_table,
    unbuilt=is_unbuilt,
    orderings=(
        Ordering("label", by_title("folded")),
        Ordering("standing", by_text("standing")),
        Ordering("kind", by_text("kind")),
        Ordering("targets", targets_first()),
    ),
    opens_with="targets",
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
            given=Q(kind=PersonKind.GROUP),
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
            rows=lambda user: PersonName.objects.visible_to(user).filter(person=OuterRef("pk")).order_by("pk"),
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
            rows=lambda user: (
                statuses_told(user)
                .filter(kind="citizen")
                .values(item=by_text("country_id"))
                .distinct()
                .order_by("item")
            ),
        ),
        Column(
            "legal_statuses",
            "How the person stands towards countries, in law or by living there, and from when to when.",
            "object",
            "visible_legal_statuses",
            many=True,
            rows=lambda user: statuses_told(user).order_by("pk"),
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
            rows=lambda user: (
                TargetCategory.objects.visible_to(user).filter(person=OuterRef("pk")).values(item=F("code"))
            ),
        ),
        # Of the details, an age is read too; the column that holds it stays private for all that else may stand there.
        Column(
            "born",
            "Date of birth, stated or reckoned from an age.",
            "date",
            born,
            of=("details.date", "details.kind"),
            built=lambda user: JsonFirst(births_told(user).values(item=date_as_json("date"))),
        ),
        Column(
            "relations",
            "Who others are to this person.",
            "object",
            relations,
            many=True,
            of=("relations_out", "relations_in"),
            rows=relations_told,
            parts=(
                Column(
                    "kind",
                    "What the other is to this person.",
                    "code",
                    lambda relation: str(relation["kind"]),
                    vocabulary=RelationKind,
                    filled=True,
                    of=("kind",),
                    built=lambda user: read_from_here("kind", inverse_kind()),
                ),
                Column(
                    "person",
                    "The other person.",
                    "reference",
                    lambda relation: relation["other"].ref,
                    filled=True,
                    of=("person.ref", "relative.ref"),
                    built=lambda user: read_from_here("relative__ref", "person__ref"),
                ),
                Column(
                    "label",
                    "The other person's display name.",
                    "text",
                    lambda relation: relation["other"].label,
                    filled=True,
                    of=("person.label", "relative.label"),
                    built=lambda user: read_from_here("relative__label", "person__label"),
                ),
                Column(
                    "start",
                    "Since when.",
                    "date",
                    lambda relation: relation["row"].since,
                    of=("since",),
                    built=lambda user: date_as_json("since"),
                ),
                Column(
                    "end",
                    "Until when.",
                    "date",
                    lambda relation: relation["row"].until,
                    of=("until",),
                    built=lambda user: date_as_json("until"),
                ),
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
            rows=lambda user: (
                Notice.objects.visible_to(user).filter(person=OuterRef("pk")).order_by("ref").values(item=F("ref"))
            ),
        ),
        Column(
            "sources",
            "The sources that name this person.",
            "reference",
            naming_sources,
            many=True,
            of=("citations.source.ref", "names.citations.source.ref"),
            rows=sources_cited("person", "person_name__person"),
        ),
        ONE_PERSON,
    ),
)
