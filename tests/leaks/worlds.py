"""The four kinds of change to what a role may not see. After each, every answer to that role must be the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from cases.models import CITABLE, Actor, Agreement, Citation, Incident, Person, Ratification
from records.models import Comment, Proposal, Submission
from records.vocabulary import Level
from sources.capture_store import keep
from sources.models import Capture, SourceDocument
from tests.leaks.marks import is_record, marked
from tests.leaks.roles import ROLES
from tests.leaks.ways import HIDDEN, Way, of_part
from tests.leaks.world import COUNTRIES, Planted, World

Change = Callable[[World, str], None]
#: Every kind of row that can be removed, those that point to others first.
POINTING_FIRST: list[Any] = [
    Comment,
    Proposal,
    Submission,
    Citation,
    *reversed(CITABLE.values()),
    Capture,
    SourceDocument,
]


def fresh(each: Planted) -> Any:
    """The row as it stands in the database: the world's own objects stay as they were planted."""
    return type(each.row)._default_manager.get(pk=each.row.pk)


def hidden_records(world: World, role: str) -> list[Planted]:
    return [each for each in world.hidden_from(role) if is_record(type(each.row))]


def delete(world: World, role: str) -> None:
    """Remove the hidden rows, and let go of them what is visible and descends from one. The log stays as it was."""
    hidden = {model: [each.row.pk for each in world.hidden_from(role, model)] for model in POINTING_FIRST}
    SourceDocument.objects.filter(derived_from__in=hidden[SourceDocument]).update(derived_from=None, origin=None)
    Incident.objects.filter(agreement__in=hidden[Agreement]).update(agreement=None)
    Actor.objects.filter(organisation__in=hidden[Person]).update(organisation=None)
    for model, keys in hidden.items():
        model._default_manager.filter(pk__in=keys).delete()


def revalue(world: World, role: str) -> None:
    """Give every column of the hidden rows another value: words, days, numbers, countries; and other teams a name."""
    for each in world.hidden_from(role):
        row = fresh(each)
        for name, value in marked(type(row), next(world.marks)).items():
            setattr(row, name, value)
        for name in ("country", "residence", "location", "requested_by", "issuer"):
            code = getattr(row, f"{name}_id", None)
            if code and not isinstance(row, Ratification):  # of which there is one for each country
                setattr(row, f"{name}_id", COUNTRIES[(COUNTRIES.index(code) + 2) % len(COUNTRIES)])
        row.save()


#: Another kind for a part, such that it would show wherever it counted.
OTHER_KIND = {
    "PersonName": "also_known_as",
    "PersonDetail": "born",
    "Stage": "death",
    "NoticeEvent": "deleted",
    "CcfEvent": "decided",
    "Demand": "silence",
    "Duty": "hearing",
    "Ratification": "ratified",
}


#: Parts of which a record may have two that are alike.
MAY_BE_TWO = {
    "PersonName",
    "PersonDetail",
    "LegalStatus",
    "Stage",
    "NoticeEvent",
    "Warrant",
    "CcfEvent",
    "Actor",
    "TacticUsed",
    "IncidentCountry",
    "Demand",
    "Duty",
    "Citation",
}


def alter(world: World, role: str) -> None:
    """Change what a role may not see of the records that it may see: hidden parts, private columns, other readers."""
    for each in world.hidden_from(role):
        if each.of is None:
            continue
        row = fresh(each)
        if kind := OTHER_KIND.get(type(row).__name__):
            setattr(row, "kind" if hasattr(row, "kind") else "state", kind)
        row.save()
        for another in more_of(world, row):
            another.save()
    for each in world.shown_to(role, SourceDocument):
        if is_of_team(world, role, each.row):
            continue  # its team reads the text
        SourceDocument.objects.filter(pk=each.row.pk).update(text=f"another text {next(world.marks)}")
    for each in world.shown_to(role, Capture):
        if not is_of_team(world, role, each.row.source):
            sealed = keep([f"another sealed file {next(world.marks)}".encode()]).stored
            Capture.objects.filter(pk=each.row.pk).update(found="place: elsewhere", stored=sealed)
    if not ROLES[role].is_staff:  # the staff see on the form who else reads a record, and whose it is
        for each in world.rows:
            if role in each.audience and each.way and each.way.level == Level.PUBLIC:
                each.row.readers.add(world.users["colleague"])
                if role not in ("analyst", "reviewer") and each.way.review == "published":
                    type(each.row)._default_manager.filter(pk=each.row.pk).update(team=world.teams["C"])


def is_of_team(world: World, role: str, source: SourceDocument) -> bool:
    """Whether a role reads what is the team's of a source, written down by hand."""
    team = {"analyst": "A", "reviewer": "B"}.get(role)
    return team is not None and source.team_id in (None, world.teams[team].pk)


def more_of(world: World, row: Any) -> Iterator[Any]:
    """Yield one more hidden part like this one, where there may be two."""
    if type(row).__name__ in MAY_BE_TWO:
        more = fresh(Planted(row, 0, frozenset()))
        more.pk, more.ref = None, type(row)._meta.get_field("ref").get_default()
        more._state.adding = True
        for name, value in marked(type(row), next(world.marks)).items():
            setattr(more, name, value)
        yield more


def rehide(world: World, role: str) -> None:
    """Hide the hidden rows in another way: another level, another state of review, another team, other readers."""
    for each in hidden_records(world, role):
        row = fresh(each)
        if each.way is not None:
            way = other_way(each.way, role)
            row.level, row.review, row.team = way.level, way.review, world.teams.get(way.team)
            row.save()
            row.readers.set([world.users[name] for name in sorted(way.named)])
        else:
            row.level = other_level(each, role)
            row.save()


def other_way(way: Way, role: str) -> Way:
    """Return the next way of hiding a record that hides it from the role too."""
    ways = [each for each in HIDDEN.values() if role not in each.audience]
    return ways[(ways.index(way) + 1) % len(ways)]


def other_level(each: Planted, role: str) -> str:
    """Return another level at which a part is hidden from the role, or its own where there is none."""
    hidden = [level for level in Level.values if each.of is None or role not in of_part(level, each.of)]
    return next((level for level in hidden if level != each.row.level), each.row.level)


#: The kinds of change, by name. The first makes none: what differs then is noise.
CHANGES: dict[str, Change] = {
    "hidden rows deleted": delete,
    "hidden values changed": revalue,
    "hidden parts changed": alter,
    "hidden otherwise": rehide,
}
