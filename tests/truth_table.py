"""Rows of every combination of what decides who may read them, and readers of every kind, for the truth table."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser, Permission, User

from cases.models import Citation, Incident, Involvement, Notice, Person, PersonName, Stage
from records.models import BreakGlass, Clearance, Protection, Team, settle
from records.vocabulary import Level, Review
from sources.models import SourceDocument, SourceKind
from tests.factories import make_country
from tests.signin import give_factor

REASON = "A hearing is about to begin."


class Values(NamedTuple):
    """What decides about a record: `team` is the table's "own", "other" or no team; the rest is about one reader."""

    level: Level
    review: Review = Review.PUBLISHED
    team: str = ""
    is_named: bool = False
    has_submitted: bool = False


class Row(NamedTuple):
    """A stored row, what is said to protect it, and what it cannot be read without."""

    model: Any
    pk: int
    protection: Protection
    parents: tuple[Row, ...] = ()


TEAMS = ("", "own", "other")
EVERY = [Values(*each) for each in product(Level, Review, TEAMS, (False, True), (False, True))]
#: For rows that rest on two records: one state stands for all that are not published, and nobody submitted them.
OF_TWO = [each for each in EVERY if each.review in (Review.PUBLISHED, Review.DRAFT) and not each.has_submitted]
#: A record of each level, of each team, for what has many rows below it.
PLAIN = [Values(level, team=team) for level, team in product(Level, TEAMS)]


@dataclass(frozen=True)
class Kind:
    """A kind of reader. `is_concerned`: the one whom rows name, and who submitted them."""

    rights: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    is_concerned: bool = False
    fields: dict[str, bool] = field(default_factory=dict)
    has_broken_glass: bool = False
    has_second_factor: bool = True


PARTNER, TEAM = ("read_partner",), ("read_team",)
KINDS = {
    "somebody signed in without rights": Kind(),
    "somebody of a team without rights": Kind(teams=("own",)),
    "a partner": Kind(PARTNER),
    "a team reader of no team": Kind(TEAM),
    "a team reader of one team": Kind(TEAM, ("own",)),
    "a team reader of another team": Kind(TEAM, ("other",)),
    "a team reader of several teams": Kind(TEAM, ("own", "other")),
    "a superuser without rights": Kind(fields={"is_superuser": True}),
    "somebody inactive": Kind(TEAM, ("own",), fields={"is_active": False}),
    "somebody with broken glass": Kind(has_broken_glass=True),
    "concerned, without rights": Kind(is_concerned=True),
    "concerned, of a team without rights": Kind(teams=("own",), is_concerned=True),
    "concerned, a partner": Kind(PARTNER, is_concerned=True),
    "concerned, a team reader of no team": Kind(TEAM, is_concerned=True),
    "concerned, a team reader of one team": Kind(TEAM, ("own",), is_concerned=True),
    "concerned, a team reader of another team": Kind(TEAM, ("other",), is_concerned=True),
    "concerned, a team reader of several teams": Kind(TEAM, ("own", "other"), is_concerned=True),
    "concerned, a superuser": Kind(is_concerned=True, fields={"is_superuser": True}),
    "concerned, inactive": Kind(TEAM, ("own",), is_concerned=True, fields={"is_active": False}),
    "concerned, with broken glass": Kind(is_concerned=True, has_broken_glass=True),
    "a partner without a second factor": Kind(PARTNER, has_second_factor=False),
    "a team reader without a second factor": Kind(TEAM, ("own",), has_second_factor=False),
    "concerned, a team reader without a second factor": Kind(
        TEAM, ("own",), is_concerned=True, has_second_factor=False
    ),
    "with broken glass and no second factor": Kind(has_broken_glass=True, has_second_factor=False),
}
STRANGER = "a stranger"
READERS = [STRANGER, *KINDS]


class Table:
    """All rows, and the accounts and teams that they name."""

    def __init__(self) -> None:
        self.concerned, self.somebody = User.objects.create_user("concerned"), User.objects.create_user("somebody")
        self.teams = {name: Team.objects.create(name=name) for name in TEAMS if name}
        self.people: dict[Values, Row] = self.records(Person, EVERY)
        self.rows = [*self.people.values(), *self.parts(), *self.of_two(), *self.reviewed_parts()]

    def protection(self, of: Values) -> Protection:
        readers = frozenset({self.concerned.pk} if of.is_named else ())
        submitter = self.concerned.pk if of.has_submitted else None
        return Protection(of.level, frozenset({self.team(of)}), readers, of.review, submitter)

    def team(self, of: Values) -> int | None:
        return self.teams[of.team].pk if of.team else None

    def records(self, model: Any, wanted: list[Values], above: tuple[Row, ...] = (), **more: Any) -> dict[Values, Row]:
        """Store a record for each of these values, and name the readers."""
        made = model.objects.bulk_create(
            model(
                level=each.level,
                review=each.review,
                team_id=self.team(each),
                submitted_by=self.concerned if each.has_submitted else None,
                **more,
            )
            for each in wanted
        )
        links, own = model.readers.through, f"{model._meta.model_name}_id"
        named = [row for row, each in zip(made, wanted, strict=True) if each.is_named]
        links.objects.bulk_create(links(**{own: row.pk, "user_id": self.concerned.pk}) for row in named)
        settle(model)
        return {each: Row(model, row.pk, self.protection(each), above) for row, each in zip(made, wanted, strict=True)}

    def below(self, model: Any, wanted: list[tuple[dict[str, Any], Protection, tuple[Row, ...]]]) -> list[Row]:
        """Store parts, each with its columns, what protects it, and its parents."""
        made = model.objects.bulk_create(model(level=of.level, **columns) for columns, of, _ in wanted)
        return [Row(model, row.pk, of, above) for row, (_, of, above) in zip(made, wanted, strict=True)]

    def parts(self) -> list[Row]:
        """A part of each level of every person."""
        return self.below(
            PersonName,
            [
                ({"person_id": person.pk, "text": level.value}, self.as_part(level, person), (person,))
                for person, level in product(self.people.values(), Level)
            ],
        )

    def as_part(self, level: Level, owner: Row, *beside: Row) -> Protection:
        """What protects a part of `owner`, which belongs to other records as well."""
        teams = frozenset().union(*(row.protection.teams for row in (owner, *beside)))
        return Protection(level, teams, owner.protection.readers)

    def of_two(self) -> list[Row]:
        """Rows with two parents: citations by a source about a person, involvements of people, and stages of those."""
        kind = SourceKind.objects.create(code="news_report", label="news report", meaning="An article.")
        self.sources = sources = self.records(SourceDocument, OF_TWO, title="A report", kind=kind)
        people = [self.people[each] for each in OF_TWO]
        citations = self.below(
            Citation,
            [
                (
                    {"source_id": source.pk, "person_id": person.pk, "field": "label"},
                    self.as_part(level, source, person),
                    (source, person),
                )
                for source, person, level in product(sources.values(), people, Level)
            ],
        )
        held: dict[str, Any] = {"title": "Held", "scope": "cross_border"}
        incidents = self.records(Incident, OF_TWO, **held)
        plain = [self.people[each] for each in PLAIN]
        involvements = self.below(
            Involvement,
            [
                (
                    {"incident_id": incident.pk, "person_id": person.pk, "role": "subject"},
                    self.as_part(level, incident),
                    (incident, person),
                )
                for incident, person, level in product(incidents.values(), plain, Level)
            ],
        )
        stages = self.below(
            Stage,
            [
                (
                    {"involvement_id": above.pk, "incident_id": above.parents[0].pk, "kind": "detention"},
                    self.as_part(level, above.parents[0]),
                    (above,),
                )
                for above, level in product(involvements[::5], Level)
            ],
        )
        return [*sources.values(), *citations, *incidents.values(), *involvements, *stages]

    def reviewed_parts(self) -> list[Row]:
        """Notices with every combination, about a person of each level and team."""
        rows: list[Row] = []
        for person in (self.people[each] for each in PLAIN):
            about: dict[str, Any] = {"person_id": person.pk, "requested_by": make_country("CN")}
            rows += self.records(Notice, EVERY, (person,), **about, instrument="red_notice").values()
        return rows

    def row(self, model: Any, level: Level, *above: Row) -> Row:
        """Return the part of a level below these records."""
        keys = [each.pk for each in above]
        return next(
            row
            for row in self.rows
            if row.model is model and row.protection.level == level and [each.pk for each in row.parents] == keys
        )

    def reader(self, name: str) -> Any:
        """Return a reader of a kind, as the next request reads them."""
        if name == STRANGER:
            return AnonymousUser()
        kind = KINDS[name]
        user = self.concerned if kind.is_concerned else self.somebody
        User.objects.filter(pk=user.pk).update(**kind.fields)
        user.user_permissions.set(Permission.objects.filter(codename__in=kind.rights))
        user.teams.set(self.teams[each] for each in kind.teams)
        if kind.has_second_factor:
            give_factor(user)
        if kind.has_broken_glass:
            BreakGlass.objects.create(user=user, reason=REASON)
        return User.objects.get(pk=user.pk)

    def granted(self, name: str) -> Clearance:
        """What is granted to a reader of a kind, worked out from the kind alone."""
        kind = KINDS.get(name)
        if kind is None or not kind.fields.get("is_active", True):
            return Clearance()
        teams = frozenset(self.teams[each].pk for each in kind.teams)
        if not kind.has_second_factor:
            return Clearance(partner=kind.rights == PARTNER, teams=teams)
        return Clearance(
            partner=bool(kind.rights),
            team=kind.rights == TEAM,
            teams=teams,
            everything=kind.has_broken_glass,
            reader=(self.concerned if kind.is_concerned else self.somebody).pk,
        )
