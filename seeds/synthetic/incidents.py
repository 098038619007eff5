"""The incidents of a synthetic database: their countries, what was done and by whom, and what happened to whom."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from cases.models import Actor, Country, Demand, Duty, Incident, IncidentCountry, Involvement, Stage, TacticUsed
from cases.vocabulary import (
    Accusation,
    ActorConfidence,
    ActorPart,
    Attribution,
    CaseStatus,
    CountryPart,
    DeathCause,
    DemandChannel,
    DemandKind,
    DutyKind,
    InvolvementRole,
    Lawfulness,
    Rhythm,
    StageKind,
)
from seeds.synthetic.chance import LAST_DAY, Uneven
from seeds.synthetic.documents import Documents
from seeds.synthetic.ground import Ground
from seeds.synthetic.notices import Notices
from seeds.synthetic.people import People
from seeds.synthetic.stories import STORIES, Story

ATTRIBUTIONS = Uneven(
    {Attribution.STATED: 60, Attribution.SUSPECTED: 25, Attribution.DENIED: 5, Attribution.UNKNOWN: 10}
)
STATUSES = Uneven({CaseStatus.UNKNOWN: 70, CaseStatus.ONGOING: 20, CaseStatus.ENDED: 10})
ACTORS = ("a police unit", "an intelligence service", "men in plain clothes", "a consular official", "a border post")
PLACES = ("", "", "the capital", "an airport", "a border town", "a suburb", "a port")
ACCUSATIONS = Uneven[str]({"": 60} | dict.fromkeys(Accusation, 5))
DANGEROUS = (StageKind.THREATENED, StageKind.MONITORED)
LEADING, REMOVALS = frozenset(StageKind.leading()), frozenset(StageKind.removals())


class Setting(NamedTuple):
    """What all parts of one incident share: its key, story, countries, source, and the day on which it begins."""

    incident: int
    story: Story
    origin: str
    location: str
    source: int
    day: date


class Incidents:
    """Adds incidents with all that belongs to them."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.chance = ground, ground.chance
        self.documents, self.people, self.notices = Documents(ground), People(ground), Notices(ground)
        self.treaties = self.documents.treaties()
        self.country_names = dict(Country.objects.values_list("code", "name"))

    def add(self) -> None:
        """Add one incident: one person or two, sometimes with somebody who was in another one."""
        chance, people = self.chance, self.people
        story, day = chance.draw(STORIES), chance.day()
        origin = chance.draw(self.ground.origins)
        host = self.ground.host_of(origin)
        location = origin if story.at_home else host
        source = self.documents.about(day)
        known = people.known_one()
        person, label, is_group = people.subject(origin, location, source)
        setting = self._incident(story, label, origin, location, source, day)
        self._involve(setting, person, is_group=is_group)
        if chance.happens(0.1):
            other, *_ = people.subject(origin, location, source)
            self._involve(setting, other)
        elif chance.happens(0.11):
            relative = people.relative_of(person, origin, origin, source)
            self._in_it(setting, relative, InvolvementRole.RELATIVE)
        if known and chance.happens(0.12):
            self._in_it(setting, known, InvolvementRole.WITNESS)
        if story.tactic in ("extradition", "notice_abuse") or chance.happens(0.1):
            self.notices.add(person, origin, source, day)
        if chance.happens(0.005):
            self.documents.assembly(host)

    def _incident(self, story: Story, label: str, origin: str, location: str, source: int, day: date) -> Setting:
        chance, part = self.chance, self.ground.cited_part
        title = story.title.format(person=label, country=self.country_names[location])
        start = chance.vaguely(day)
        treaty = {"agreement_id": chance.one_of(self.treaties)} if story.tactic == "extradition" else {}
        incident = self.ground.record(
            Incident, title=title, scope=story.scope, place=chance.one_of(PLACES), start=start, **treaty
        )
        self.ground.cite(source, "start", start, incident_id=incident)
        countries = {"incident_id": incident, "country_id": origin}
        if not chance.happens(0.03):
            part(
                source,
                "country",
                IncidentCountry,
                **countries,
                part=CountryPart.ORIGIN,
                attribution=chance.draw(ATTRIBUTIONS),
            )
        part(source, "country", IncidentCountry, **countries | {"country_id": location}, part=CountryPart.LOCATION)
        if any(kind in REMOVALS for kind in story.steps):
            part(source, "country", IncidentCountry, **countries, part=CountryPart.DESTINATION)
        part(source, "tactic", TacticUsed, incident_id=incident, tactic_id=story.tactic)
        if chance.happens(0.3):
            who = {"words": chance.one_of(ACTORS), "part": chance.one_of(list(ActorPart))}
            part(source, "words", Actor, incident_id=incident, **who, confidence=chance.one_of(list(ActorConfidence)))
        return Setting(incident, story, origin, location, source, day)

    def _in_it(self, setting: Setting, person: int, role: InvolvementRole, **told: Any) -> int:
        return self.ground.cited_part(
            setting.source, "role", Involvement, incident_id=setting.incident, person_id=person, role=role, **told
        )

    def _involve(self, setting: Setting, person: int, *, is_group: bool = False) -> None:
        """Add a subject of the incident with the steps of the case, as far as it has come."""
        chance, status = self.chance, self.chance.draw(STATUSES)
        as_of = chance.vaguely(chance.after(setting.day, 400)) if status is not CaseStatus.UNKNOWN else ""
        involvement = self._in_it(
            setting,
            person,
            InvolvementRole.SUBJECT,
            status=status,
            status_as_of=as_of,
            accusation=chance.draw(ACCUSATIONS),
        )
        last = self._steps(setting, involvement, is_group=is_group)
        case = {"involvement_id": involvement, "incident_id": setting.incident}
        if last in DANGEROUS and chance.happens(0.5):
            asked = {"kind": chance.one_of(list(DemandKind)), "channel": chance.one_of(list(DemandChannel))}
            self.ground.cited_part(
                setting.source, "kind", Demand, **case, **asked, occurred=chance.vaguely(setting.day)
            )
        if chance.happens(0.08):
            self._duty(setting.source, case)

    def _steps(self, setting: Setting, involvement: int, *, is_group: bool) -> StageKind:
        """Add the steps, each cited; return the last."""
        chance, story = self.chance, setting.story
        day, here, last = setting.day, setting.location, story.steps[0]
        goes_on = len(story.steps) - (1 if len(story.steps) > 2 and chance.happens(0.4) else 0)
        for position, kind in enumerate(story.steps[:goes_on], start=1):
            if position > 1:
                day = chance.after(day, story.days)
                if day > LAST_DAY:
                    break
            occurred = chance.vaguely(day)
            stage = self.ground.part(
                Stage,
                involvement_id=involvement,
                incident_id=setting.incident,
                kind=kind,
                occurred=occurred,
                country_id=here,
                position=position,
                **self._about(kind, setting.origin, is_group=is_group),
            )
            self.ground.cite(setting.source, "occurred", occurred, stage_id=stage)
            if chance.happens(0.1):
                self.ground.cite(self.documents.about(day), "kind", kind, stage_id=stage)
            here, last = setting.origin if kind in REMOVALS else here, kind
        return last

    def _about(self, kind: StageKind, origin: str, *, is_group: bool) -> dict[str, Any]:
        """Return what only steps of some kinds have."""
        about: dict[str, Any] = {}
        if kind in LEADING:
            about["destination_id"] = origin
        if kind in REMOVALS:
            about["lawfulness"] = self.chance.one_of(["", *Lawfulness])
        if kind is StageKind.SENTENCE:
            about["in_absentia"] = True
        if kind is StageKind.DEATH:
            about["cause"] = DeathCause.KILLED
        if is_group and self.chance.happens(0.3):
            about["headcount"] = 1 + self.chance.below(5)
        return about

    def _duty(self, source: int, case: dict[str, int]) -> None:
        """Add something that falls due about now, once or again and again."""
        rhythm = self.chance.one_of(["", "", *Rhythm])
        due = self.chance.after(LAST_DAY, 60).isoformat()
        self.ground.cited_part(
            source, "due", Duty, **case, kind=self.chance.one_of(list(DutyKind)), due=due, rhythm=rhythm
        )
