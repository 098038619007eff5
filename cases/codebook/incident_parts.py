"""The public columns of the parts of an incident: its countries, its tactics, who did it, and what was demanded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from cases.models import (
    IN_ORDER_OF_TACTICS,
    Actor,
    Agreement,
    CountryKey,
    Demand,
    IncidentCountry,
    PerpetratorKind,
    Person,
    Tactic,
    TacticUsed,
    UnstoredIncident,
    UnstoredReason,
)
from cases.situation.places import codes, countries_seen, hosts, locations, of_part
from cases.vocabulary import (
    ActorConfidence,
    ActorPart,
    Attribution,
    CountryPart,
    DemandChannel,
    DemandKind,
    OfficialAnswer,
)
from records.fields.sort_keys import by_text
from records.history.time_travel import is_recalled
from records.lists.codebook import Column

#: What an incident is cited through, besides itself.
CITED_PARTS = ("country_parts", "actors", "tactics_used", "demands")


def organisations(user: Any) -> QuerySet:
    """Return the organisation that an actor is, where `user` sees its record."""
    return Person.objects.visible_to(user).filter(pk=OuterRef("organisation")).order_by()


def actors_seen(user: Any) -> Prefetch:
    """Return the prefetch of the actors that `user` may see; an organisation is named where its record is visible."""
    organisation = organisations(user)
    rows = Actor.objects.visible_to(user).select_related("kind").order_by("pk")
    rows = rows.annotate(
        organisation_ref=Subquery(organisation.values("ref")), organisation_label=Subquery(organisation.values("label"))
    )
    return Prefetch("actors", rows, to_attr="visible_actors")


def tactics_seen(user: Any, day: date | None) -> Prefetch:
    """Return the prefetch of the tactics that `user` may see, and that may have been used by a day."""
    rows = TacticUsed.objects.visible_to(user).possibly_by(day).select_related("tactic")
    return Prefetch("tactics_used", rows.order_by(*IN_ORDER_OF_TACTICS), to_attr="visible_tactics")


def demands_seen(user: Any, day: date | None) -> Prefetch:
    """Return the prefetch of the demands that `user` may see, and that may have been made by a day."""
    rows = Demand.objects.visible_to(user).possibly_by(day).in_order().select_related("involvement__person")
    return Prefetch("demands", rows, to_attr="visible_demands")


def agreement_seen(user: Any) -> Prefetch:
    """Return the prefetch of the agreement that an incident relied on, where `user` sees it."""
    return Prefetch("agreement", Agreement.objects.visible_to(user), to_attr="visible_agreement")


def parts_seen(user: Any, day: date | None) -> tuple[Prefetch, ...]:
    """Return the prefetches of all these parts of incidents that `user` may see."""
    return (
        countries_seen(user),
        actors_seen(user),
        tactics_seen(user, day),
        demands_seen(user, day),
    )


def parts_of(incident: Any) -> list[Any]:
    """The visible parts of an incident."""
    return [
        *incident.visible_countries,
        *incident.visible_actors,
        *incident.visible_tactics,
        *incident.visible_demands,
    ]


def sorted_by_country(incidents: QuerySet, user: Any) -> QuerySet:
    """Add the first state behind each incident and its first host by code, by which lists can be sorted."""
    mine = IncidentCountry.objects.visible_to(user).filter(incident=OuterRef("pk")).order_by("country")
    first = {"first_origin": mine.of_part(CountryPart.ORIGIN), "first_host": mine.hosts(user)}
    return incidents.annotate(**{name: Subquery(rows.values("country")[:1]) for name, rows in first.items()})


def by_country(name: str) -> Any:
    """Return the sort key of one of the columns that `sorted_by_country` adds; incidents without one come first."""
    return Coalesce(by_text(name), Value(""))


def places_by_country(part: CountryPart) -> Callable[[QuerySet], QuerySet | None]:
    """Return the function that gives the places in which incidents with a `sort_key` stand, out of an index.

    Each of several places in which an incident may stand is looked at, and kept where its reader's key is the same.
    None where what is stored of them may not hold: since something was written, or of what was known on a day.
    """

    def places(incidents: QuerySet) -> QuerySet | None:
        if is_recalled() or UnstoredIncident.objects.filter(reason=UnstoredReason.WRITTEN).exists():
            return None
        standing = incidents.order_by().filter(pk=OuterRef("incident"), sort_key=OuterRef("country"))
        found = CountryKey.objects.filter(Exists(standing), part=part)
        return found.annotate(sort_key=by_text("country"), sort_ref=by_text("ref"), row=F("incident"))

    return places


def parts_told(user: Any, part: CountryPart) -> QuerySet:
    """Return the countries that have a part in an incident, by what `user` sees."""
    return IncidentCountry.objects.visible_to(user).filter(incident=OuterRef("pk"), part=part).order_by("country")


def codes_told(part: CountryPart) -> Callable[[Any], QuerySet]:
    """Return the function that gives the codes of these countries, each once."""
    named = {"item": F("country_id"), "name": F("country__name")}
    return lambda user: parts_told(user, part).values(**named).distinct().order_by("name")


def hosts_told(user: Any) -> QuerySet:
    """Return the codes of the countries in which an incident happened that are not a state behind it, each once."""
    behind = IncidentCountry.objects.visible_to(user).of_part(CountryPart.ORIGIN)
    is_behind = Exists(behind.filter(incident=OuterRef("incident"), country=OuterRef("country")))
    return codes_told(CountryPart.LOCATION)(user).filter(~is_behind)


def tactics_told(user: Any) -> QuerySet:
    """Return the tactics of an incident in their order, by what `user` sees."""
    return TacticUsed.objects.visible_to(user).filter(incident=OuterRef("pk")).order_by(*IN_ORDER_OF_TACTICS)


COUNTRY = ("country_parts.country", "country_parts.part")

COUNTRY_COLUMNS = (
    Column(
        "origins",
        "The states behind it, and how far it is tied to each.",
        "object",
        lambda incident: of_part(incident, CountryPart.ORIGIN),
        many=True,
        of=("country_parts",),
        rows=lambda user: parts_told(user, CountryPart.ORIGIN),
        parts=(
            Column("country", "The state.", "country", "country_id", filled=True),
            Column("attribution", "How far it is tied to it.", "code", vocabulary=Attribution, filled=True),
        ),
    ),
    Column(
        "hosts",
        "The countries where it happened that are not a state behind it.",
        "country",
        hosts,
        many=True,
        of=COUNTRY,
        rows=hosts_told,
    ),
    Column(
        "locations",
        "The countries where it happened.",
        "country",
        locations,
        many=True,
        of=COUNTRY,
        rows=codes_told(CountryPart.LOCATION),
    ),
    Column(
        "transits",
        "The countries through which somebody was taken.",
        "country",
        lambda incident: codes(incident, CountryPart.TRANSIT),
        many=True,
        of=COUNTRY,
        rows=codes_told(CountryPart.TRANSIT),
    ),
    Column(
        "destinations",
        "The countries to which somebody was taken, or was to be taken.",
        "country",
        lambda incident: codes(incident, CountryPart.DESTINATION),
        many=True,
        of=COUNTRY,
        rows=codes_told(CountryPart.DESTINATION),
    ),
)

TACTICS = Column(
    "tactics",
    "What was done, and when where a tactic has a date of its own.",
    "object",
    "visible_tactics",
    many=True,
    of=("tactics_used",),
    rows=tactics_told,
    parts=(
        Column("tactic", "The tactic.", "code", "tactic_id", vocabulary=Tactic, filled=True),
        Column("occurred", "When it was used.", "date"),
    ),
)

ACTORS = Column(
    "actors",
    "Who had a part in doing it, as alleged.",
    "object",
    "visible_actors",
    many=True,
    of=("actors",),
    rows=lambda user: Actor.objects.visible_to(user).filter(incident=OuterRef("pk")).order_by("pk"),
    parts=(
        Column("words", "Who, as the sources call them.", filled=True),
        Column(
            "organisation",
            "The record of that organisation.",
            "reference",
            "organisation_ref",
            of=("organisation.ref",),
            built=lambda user: Subquery(organisations(user).values("ref")),
        ),
        Column("kind", "What sort of actor that is.", "code", "kind_id", vocabulary=PerpetratorKind),
        Column("part", "What it did.", "code", vocabulary=ActorPart),
        Column("confidence", "How sure that is.", "code", vocabulary=ActorConfidence),
        Column("answer", "What it, or its state, answers to the allegation.", "code", vocabulary=OfficialAnswer),
    ),
)

AGREEMENT = Column(
    "agreement",
    "The agreement between states that was relied on.",
    "reference",
    "visible_agreement.ref",
    built=lambda user: Subquery(
        Agreement.objects.visible_to(user).filter(pk=OuterRef("agreement")).order_by().values("ref")
    ),
)

DEMANDS = Column(
    "demands",
    "What was asked of whom, by which way, and with what threat.",
    "object",
    "visible_demands",
    many=True,
    of=("demands",),
    rows=lambda user: Demand.objects.visible_to(user).filter(incident=OuterRef("pk")).in_order(),
    parts=(
        Column("person", "Of whom it was asked.", "reference", "involvement.person.ref", filled=True),
        Column("kind", "What was asked.", "code", vocabulary=DemandKind, filled=True),
        Column("channel", "By which way.", "code", vocabulary=DemandChannel),
        Column("carried_by", "Who carried it, as alleged."),
        Column("threat", "What was threatened, in our words."),
        Column("occurred", "When.", "date"),
        Column("note", "What else a reader must know."),
    ),
)
