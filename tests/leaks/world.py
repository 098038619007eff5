"""One database with rows of every kind, hidden in every way, and for whom each of them is.

A case is a source, a person, an incident, a notice with a request to Interpol's commission, an agreement and an event,
each with its parts. Three cases are
open to everybody, and have parts that are not; the others are hidden whole, each in one way, and their parts, public by
themselves, with them. All of them are tied to the open cases, so that an answer about those could tell of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from cases.models import (
    Actor,
    Agreement,
    CcfEvent,
    CcfRequest,
    Citation,
    Country,
    Demand,
    Duty,
    Event,
    Incident,
    IncidentCountry,
    Involvement,
    LegalStatus,
    LegalStatusKind,
    Notice,
    NoticeEvent,
    Person,
    PersonDetail,
    PersonName,
    Ratification,
    Relationship,
    Stage,
    TacticUsed,
    Warrant,
)
from cases.models.citation import CITABLE
from cases.vocabulary import InvolvementRole, RelationshipKind
from records.audit.acts import act
from records.models import (
    ApiToken,
    Comment,
    Feed,
    FeedKind,
    Proposal,
    Submission,
    Team,
    Watch,
)
from records.models.feed import digest_of
from sources.capture_store import keep
from sources.models import Capture, SourceDocument, SourceKind
from tests.factories import make_country, make_perpetrator_kind, make_tactic
from tests.leaks.marks import is_record, marked, word
from tests.leaks.roles import EVERYBODY, NOBODY, ONE_TEAM, STAFF, TEAMS, make_users
from tests.leaks.ways import HIDDEN, OPEN, Way, of_part

COUNTRIES = ("CN", "TR", "MA", "CA", "NO")


@dataclass
class Planted:
    """A row, the mark in its values, and the roles for whom it is."""

    row: Any
    mark: int
    audience: frozenset[str]
    way: Way | None = None  # of a record of its own
    of: Way | None = None  # of the record that a part belongs to, where the part is hidden by its own level

    @property
    def ref(self) -> str:
        return getattr(self.row, "ref", "")


class World:
    """All planted rows, and the accounts that ask about them."""

    def __init__(self) -> None:
        self.users: dict[str, User] = make_users()
        self.rows: list[Planted] = []
        self.marks = count(1)
        self.teams = {name: self.team(name) for name in ONE_TEAM}
        self.cases: dict[str, SimpleNamespace] = {}

    def team(self, name: str) -> Team:
        """Make a team. Its members know it, and whoever may change teams."""
        mark = next(self.marks)
        team = Team.objects.create(name=word(mark))
        team.members.set([self.users[role] for role in ONE_TEAM[name]])
        knowing = ONE_TEAM[name] | {"superuser", "clerk"} | ({"analyst", "reviewer"})
        self.rows.append(Planted(team, mark, knowing))
        return team

    def plant(
        self, model: Any, audience: frozenset[str], way: Way | None = None, of: Way | None = None, **values: Any
    ) -> Any:
        """Make a row that bears a mark of its own: with `way` a record, with `of` a hidden part of an open record."""
        mark = next(self.marks)
        kept = {"level": way.level, "review": way.review, "team": self.teams.get(way.team)} if way else {}
        row = model.objects.create(**marked(model, mark) | kept | values)
        if way and way.named:
            row.readers.set([self.users[name] for name in sorted(way.named)])
        self.rows.append(Planted(row, mark, audience, way, of))
        return row

    def hidden_from(self, role: str, model: Any = None) -> list[Planted]:
        return [each for each in self.rows if role not in each.audience and (not model or isinstance(each.row, model))]

    def shown_to(self, role: str, model: Any) -> list[Planted]:
        return [each for each in self.rows if role in each.audience and isinstance(each.row, model)]


def make_world() -> World:
    world = World()
    for code in COUNTRIES:
        make_country(code)
    for number, (name, way) in enumerate({**OPEN, **HIDDEN}.items()):
        world.cases[name] = make_case(world, way, number)
    for name, way in OPEN.items():
        for number, level in enumerate(("partner", "team", "restricted") if name != "open of A" else ("team",), 1):
            hide_parts(world, world.cases[name], level, of_part(level, way), number)
    tie_sources(world)
    tie_incidents(world)
    talk(world)
    work(world)
    remember(world)
    follow(world)
    settle()
    return world


def settle() -> None:
    """Seal what was written so far, so that no request has to."""
    with act("the leak test", "test"):
        pass


def make_case(world: World, way: Way, number: int) -> SimpleNamespace:
    """Make the records of a case in one way, and what ties them to the first case, which is open."""
    case = SimpleNamespace(number=number, way=way)
    first = world.cases.get("open", case)
    country = make_country(COUNTRIES[number % 5])
    base: dict[str, Any] = {"audience": way.audience, "way": way}
    case.source = world.plant(SourceDocument, **base, kind=article(), file="")
    case.person = world.plant(Person, **base, standing="target", kind="group", residence=country)
    case.agreement = world.plant(Agreement, **base, kind="extradition")
    case.agreement.countries.set([country, make_country("CN")])
    case.incident = world.plant(Incident, **base, scope="cross_border", agreement=case.agreement)
    case.event = world.plant(Event, **base, country=country)
    before = vars(first).get("notice")
    case.notice = world.plant(
        Notice, **base, person=first.person, instrument="red_notice", requested_by=country, replaces=before
    )
    case.ccf_request = world.plant(CcfRequest, **base, notice=case.notice, kind=("deletion", "access")[number % 2])
    make_parts(world, case, first, "public", way.audience, number)
    capture(world, case.source, "public", way.audience)
    return case


def make_parts(
    world: World, case: SimpleNamespace, first: SimpleNamespace, level: str, audience: frozenset[str], number: int
) -> None:
    """Make a part of every kind for the records of a case, tied to the first case, and a citation of each."""
    country = make_country(COUNTRIES[number % 5])
    person, incident = case.person, case.incident
    plain: dict[str, Any] = {"audience": audience, "level": level}
    parts: dict[str, Any] = {
        "person_name": world.plant(PersonName, **plain, person=person, kind="misprint"),
        "person_detail": world.plant(PersonDetail, **plain, person=person, kind=("born", "note")[number % 2]),
        "legal_status": world.plant(LegalStatus, **plain, person=person, country=country, kind=citizenship()),
        "notice_event": world.plant(
            NoticeEvent, **plain, notice=case.notice, state=("published", "deleted")[number % 2]
        ),
        "warrant": world.plant(
            Warrant, **plain, notice=case.notice, issuer=country, accusation=("fraud", "terrorism")[number % 2]
        ),
        "ccf_event": world.plant(
            CcfEvent, **plain, request=case.ccf_request, state=("filed", "admissible")[number % 2]
        ),
        "ratification": world.plant(Ratification, **plain, agreement=case.agreement, country=country, state="ratified"),
    }
    kind, role = list(RelationshipKind)[number % 9], list(InvolvementRole)[(number + (level != "public")) % 7]
    if case is not first:
        parts["relationship"] = world.plant(Relationship, **plain, person=person, relative=first.person, kind=kind)
        world.plant(Relationship, **plain, person=first.person, relative=person, kind=kind)
        second = world.plant(Involvement, **plain, incident=first.incident, person=person, role=role)
        world.plant(Stage, **plain, involvement=second, kind="death", country=country)
        world.plant(Duty, **plain, involvement=second, kind="decision_expected")
        world.plant(Notice, audience, case.way, person=person, instrument="red_notice")
        world.plant(CcfRequest, audience, case.way, notice=first.notice, kind="revision")
    parts["involvement"] = world.plant(
        Involvement, **plain, incident=incident, person=first.person, role="subject" if level == "public" else role
    )
    parts |= parts_of_incident(world, incident, parts["involvement"], country, plain)
    world.plant(IncidentCountry, **plain, incident=incident, part="origin", country=make_country("CN"))
    parts["stage"] = world.plant(Stage, **plain, involvement=parts["involvement"], kind="detention", country=country)
    parts["duty"] = world.plant(
        Duty, **plain, involvement=parts["involvement"], kind=("reporting", "hearing")[number % 2], rhythm="monthly"
    )
    for name, row in parts.items():
        cite(world, first.source, name, row, audience)
    for name in ("person", "incident", "stage"):
        cite(world, case.source, name, getattr(first, name, parts["stage"]), audience)
    for name in ("person", "incident", "agreement", "notice", "ccf_request", "event"):
        cite(world, first.source, name, getattr(case, name), audience)
    vars(case).update({name: row for name, row in parts.items() if not hasattr(case, name)})


def parts_of_incident(
    world: World, incident: Incident, involvement: Involvement, country: Country, plain: dict[str, Any]
) -> dict[str, Any]:
    """Make a place, a tactic, an actor and a demand of an incident."""
    return {
        "incident_country": world.plant(IncidentCountry, **plain, incident=incident, part="location", country=country),
        "tactic_used": world.plant(TacticUsed, **plain, incident=incident, tactic=make_tactic("detention")),
        "actor": world.plant(Actor, **plain, incident=incident, part="ordered", kind=make_perpetrator_kind()),
        "demand": world.plant(Demand, **plain, involvement=involvement, kind="return", channel="call"),
    }


def hide_parts(world: World, case: SimpleNamespace, level: str, audience: frozenset[str], number: int) -> None:
    """Give an open case parts of every kind that are not open, and citations at that level of what is."""
    country = make_country(COUNTRIES[(case.number + number) % 5])
    plain: dict[str, Any] = {"audience": audience, "level": level, "of": case.way}
    relative = world.cases["open of A" if case.way.team != "A" else "open"].person
    role = list(InvolvementRole)[number + 3]
    parts: dict[str, Any] = {
        "person_name": world.plant(PersonName, **plain, person=case.person, kind="nickname"),
        "person_detail": world.plant(PersonDetail, **plain, person=case.person, kind="address"),
        "legal_status": world.plant(LegalStatus, **plain, person=case.person, country=country, kind=citizenship()),
        "relationship": world.plant(
            Relationship, **plain, person=case.person, relative=relative, kind=list(RelationshipKind)[-number]
        ),
        "involvement": world.plant(Involvement, **plain, incident=case.incident, person=relative, role=role),
        "stage": world.plant(Stage, **plain, involvement=case.involvement, kind="release", country=country, position=9),
        "notice_event": world.plant(NoticeEvent, **plain, notice=case.notice, state="cancelled", position=9),
        "warrant": world.plant(Warrant, **plain, notice=case.notice, issuer=country, accusation="corruption"),
        "ccf_event": world.plant(CcfEvent, **plain, request=case.ccf_request, state="extended", position=9),
        "duty": world.plant(Duty, **plain, involvement=case.involvement, kind="permit_expiry"),
        "ratification": world.plant(
            Ratification, **plain, agreement=case.agreement, country=country, state="not_ratified"
        ),
    }
    # The only case said to have ended, and the only accusation: nobody must hear of them who asks for either.
    said = {"incident": case.incident, "person": relative, "role": "subject"}
    world.plant(Involvement, **plain, **said, status="ended", accusation="terrorism")
    parts |= parts_of_incident(world, case.incident, case.involvement, country, plain)
    world.plant(IncidentCountry, **plain, incident=case.incident, part="origin", country=country)
    capture(world, case.source, level, audience, case.way)
    for name, row in parts.items():
        cite(world, case.source, name, row, audience)
    for name in sorted(CITABLE.keys() & vars(case).keys()):
        cite(world, case.source, name, getattr(case, name), audience, level, case.way)


def cite(
    world: World,
    source: SourceDocument,
    name: str,
    row: Any,
    audience: frozenset[str],
    level: str = "public",
    of: Way | None = None,
) -> Citation:
    return world.plant(Citation, audience, of=of, source=source, level=level, field="ref", **{name: row})


def capture(
    world: World, source: SourceDocument, level: str, audience: frozenset[str], of: Way | None = None
) -> Capture:
    """Keep a file of a source, which tells of the source, with a copy that does not say who made it, and where."""
    kept, copy = (keep([f"{source.ref} {source.title}{more}".encode()]) for more in (" author: Ann", ""))
    sealed: dict[str, Any] = {
        "stored": kept.stored,
        "sha256": kept.sha256,
        "size": kept.size,
        "media_type": "application/pdf",
        "copy_stored": copy.stored,
        "copy_sha256": copy.sha256,
        "copy_size": copy.size,
        "copy_media_type": "application/pdf",
        "found": f"author: of {source.ref}",
    }
    return world.plant(Capture, audience, of=of, source=source, level=level, **sealed)


def citizenship() -> LegalStatusKind:
    known = {"label": "citizen", "meaning": "Citizen."}
    return LegalStatusKind.objects.get_or_create(code="citizen", defaults=known)[0]


def article() -> SourceKind:
    known = {"label": "news report", "meaning": "An article."}
    return SourceKind.objects.get_or_create(code="news_report", defaults=known)[0]


def tie_sources(world: World) -> None:
    """Let open documents descend from hidden ones, and hidden ones from open ones."""
    for name in ("team of C", "restricted, named", "draft"):
        hidden = world.cases[name]
        kind = hidden.source.kind
        open_way = OPEN["open"]
        world.plant(SourceDocument, EVERYBODY, open_way, kind=kind, file="", derived_from=hidden.source)
        shown = world.cases["open"].source
        world.plant(SourceDocument, hidden.way.audience, hidden.way, kind=kind, file="", derived_from=shown)


def tie_incidents(world: World) -> None:
    """Let open incidents rest on hidden agreements, and open actors be hidden organisations."""
    for name, hidden in (("open", "restricted"), ("open of A", "team of C"), ("open of C", "draft")):
        incident, case = world.cases[name].incident, world.cases[hidden]
        Incident.objects.filter(pk=incident.pk).update(agreement=case.agreement)
        world.plant(Actor, EVERYBODY, level="public", incident=incident, organisation=case.person)


def talk(world: World) -> None:
    """Let there be a comment and a proposal about every record; and somebody else's token, and what it sent."""
    colleague = world.users["colleague"]
    for each in [each for each in world.rows if each.way]:
        team = each.audience & TEAMS
        world.plant(Comment, team, about=each.ref, by=colleague)
        world.plant(Proposal, team, kind="publish", about=each.ref, row_changes="[]", proposed_by=colleague)
    overseeing = frozenset({"administrator", "superuser", "clerk"})
    later = timezone.now() + timedelta(days=1)
    secret = {"digest": "0" * 128, "token_key": "0" * 15, "user": colleague, "scopes": ["read"], "expiry": later}
    mark = next(world.marks)
    token = ApiToken(**secret, name=word(mark))
    token.save()
    world.rows.append(Planted(token, mark, overseeing))
    world.plant(Submission, NOBODY, user=colleague, digest="0" * 64, status=201)


def work(world: World) -> None:
    """Let a colleague change a column of every record, and of every hidden part, each for a reason of its own."""
    for each in world.rows:
        if each.way or each.of:
            column = next((name for name, value in marked(type(each.row), each.mark).items() if " " in str(value)), "")
            if column:
                with act(world.users["colleague"], "admin", f"because of {word(each.mark)}", may_open=True):
                    row = type(each.row)._default_manager.get(pk=each.row.pk)
                    setattr(row, column, f"{word(each.mark)} changed")
                    row.save()


def secret_of(role: str, name: str) -> str:
    """The secret of a role's private address."""
    return f"{role}-{name.partition('.')[0]}".ljust(43, "0")


def follow(world: World) -> None:
    """Let everybody follow every record that can be followed, hidden or not, and filters; and read private feeds."""
    kinds: dict[str, Any] = {"people": Person, "incidents": Incident, "notices": Notice}
    for name, user in world.users.items():
        for resource, model in kinds.items():
            refs = [each.ref for each in world.rows if isinstance(each.row, model)]
            Watch.objects.bulk_create(Watch(user=user, resource=resource, ref=ref) for ref in refs)
        Watch.objects.create(user=user, resource="incidents", query="stage=detention")
        Watch.objects.create(user=user, resource="people", query="kind=group")
        for kind in FeedKind:
            Feed.objects.create(user=user, kind=kind, name=name, digest=digest_of(secret_of(name, kind)))


def remember(world: World) -> None:
    """Write Django's own log of every row, by each of the staff in turn."""
    writers = [world.users[name] for name in ("colleague", *STAFF)]
    records = [each for each in world.rows if is_record(type(each.row))]
    entries = [
        LogEntry(
            user=writers[number % len(writers)],
            content_type=ContentType.objects.get_for_model(each.row),
            object_id=each.ref,
            object_repr=word(each.mark),
            action_flag=CHANGE,
            change_message=f"Changed {word(each.mark)}.",
        )
        for number, each in enumerate(records)
    ]
    LogEntry.objects.bulk_create(entries)
