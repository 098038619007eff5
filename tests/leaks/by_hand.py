"""What is asked of the routes that stand alone. Add the addresses of a new one here, under its pattern."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType

from cases.models import Incident, Notice, Person, PersonName, Stage
from config.surfaces import BY_HAND, Surface
from records.models import Feed, Proposal, Watch
from sources.models import Capture, SourceDocument
from tests.leaks.request import Asked, Grammar, Request, get
from tests.leaks.ways import OPEN
from tests.leaks.world import secret_of

Addresses = Callable[[Grammar], Iterator[Asked]]


def search(g: Grammar) -> Iterator[Asked]:
    yield from get("/search/")
    for model in (Person, Incident, SourceDocument):
        yield from get("/search/", *(f"q={word}" for word in g.words(model, 3)), share=4)
        yield from get("/search/", *(f"q={ref}" for ref in g.keys(model)), share=4)
    yield from get("/search/", "q=a&level=team", "q=%00", share=2)


def board(g: Grammar) -> Iterator[Asked]:
    """Ask for the board as it is, filtered by what is hidden, on other days, and wrongly."""
    yield from get("/board/")
    yield from get("/board/", *(f"q={word}" for word in g.words(Person)), share=4)
    yield from get("/board/", "phase=detention&host=TR", "as_of=2018-06-01", "known_on=2030-01-01", "a=b", share=4)


def nowhere(g: Grammar) -> Iterator[Asked]:
    for ref in g.keys(Person):
        yield from get(f"/api/v1/{ref}/")
        yield from get(f"/api/v1/people/{ref}/history/")
        yield from get(f"/api/v1/people/{ref}/export/")


def admin_nowhere(g: Grammar) -> Iterator[Asked]:
    """Ask the admin for what it does not have: above all the redirect to a record's page, by kind and key."""
    yield from get("/admin/nothing/")
    for model in (Person, SourceDocument):
        kind = ContentType.objects.get_for_model(model).pk
        for row in [*g.hidden_rows(model), *g.world.shown_to(g.role, model)[:1]]:
            yield from get(f"/admin/r/{kind}/{row.row.pk}/")


def sign_in(g: Grammar) -> Iterator[Asked]:
    yield from get(
        "/admin/login/", "", f"next=/admin/cases/person/{g.hidden(Person, 1)[0]}/change/" if g.hidden(Person) else ""
    )


def read_as(g: Grammar) -> Iterator[Asked]:
    """Look over the shoulders of those who will read what a proposal opens, of visible, hidden and missing ones."""
    for ref in g.keys(Proposal):
        yield from get(*(f"/admin/records/proposal/{ref}/as/{who}/" for who in ("stranger", "partner", "team", "all")))


def fixed(*addresses: str) -> Addresses:
    return lambda g: (asked for address in addresses for asked in get(address))


def captures(ending: str) -> Addresses:
    """Ask for captured files, or the sealed ones, of each open source, and by pairs of references seen and hidden."""

    def asked(g: Grammar) -> Iterator[Asked]:
        for case in (g.world.cases[name] for name in OPEN):
            of_case = [each for each in g.world.shown_to(g.role, Capture) if each.row.source_id == case.source.pk]
            yield from get(f"/sources/{case.source.ref}/captures/{of_case[0].ref}/{ending}")
        for ref in g.keys(Capture):
            for source in g.keys(SourceDocument, 1):
                yield from get(f"/sources/{source}/captures/{ref}/{ending}")

    return asked


def dossiers(ending: str) -> Addresses:
    """Ask for dossiers of visible, hidden and missing people, as their reader sees them and for readers of less."""

    def asked(g: Grammar) -> Iterator[Asked]:
        for ref in [*g.shown(Person, 3), *g.hidden(Person), g.missing(Person)]:
            yield from get(f"/people/{ref}/{ending}")
            options = ("level=public", "level=partner", "level=team", "notes=no", "level=public&notes=no", "level=all")
            yield from get(f"/people/{ref}/{ending}", *options, share=4)

    return asked


def passages(g: Grammar) -> Iterator[Asked]:
    """Ask for the texts of sources that are visible, hidden and missing, for records that are."""
    for ref in [*g.shown(SourceDocument, 3), *g.hidden(SourceDocument), g.missing(SourceDocument)]:
        yield from get(f"/admin/sources/sourcedocument/{ref}/passages/", "", "page=9&record=PER-00000000")


def case_entry(g: Grammar) -> Iterator[Asked]:
    """Open the form of a case beside the text of a source, and enter somebody who is there and is hidden."""
    for source in g.keys(SourceDocument):
        address = f"/admin/sources/sourcedocument/{source}/case/"
        yield from get(address)
        for ref in g.keys(Person, 1):
            stages = (("stages-TOTAL_FORMS", "0"), ("stages-INITIAL_FORMS", "0"))
            case = (("person", ref), ("title", "x"), ("scope", "cross_border"), ("level", "team"))
            yield Asked(Request("POST", address, (*case, *stages, ("standing", "target"), ("attribution", "stated"))))


def cites(g: Grammar) -> Iterator[Asked]:
    """Ask what a passage says of records and parts that are visible, hidden and missing, and forge the answer."""
    for source in [*g.shown(SourceDocument, 2), *g.hidden(SourceDocument), g.missing(SourceDocument)]:
        address = f"/admin/sources/sourcedocument/{source}/passages/cite/"
        yield from get(address, "paragraph=1", "paragraph=2", "paragraph=1&start=0&end=3", "paragraph=%00")
        for model in (Person, Incident, Stage, PersonName):
            for ref in g.keys(model):
                yield from get(address, f"paragraph=1&record={ref}", share=2)
    for source in g.shown(SourceDocument):
        for ref in g.keys(Person):
            form = (("fact", f"{ref}.label"), ("stance", "supports"), ("level", "record"))
            address = f"/admin/sources/sourcedocument/{source}/passages/cite/?paragraph=1&record={ref}"
            yield Asked(Request("POST", address, form))


def account(g: Grammar) -> Iterator[Asked]:
    """Ask for the reader's own account, and try to end what belongs to others."""
    yield from get("/account/")
    for form in ((("key", "1"),), (("token", "1"),)):
        yield Asked(Request("POST", "/account/sessions/end/", form))
        yield Asked(Request("POST", "/account/tokens/", form))
    for feed in Feed.objects.order_by("pk")[:2]:
        yield Asked(Request("POST", "/account/feeds/", (("revoke", str(feed.pk)),)))


def deadlines(g: Grammar) -> Iterator[Asked]:
    yield from get("/deadlines/")
    yield from get("/deadlines/", *(f"person={ref}" for ref in g.keys(Person)), "kind=hearing", share=2)
    yield from get("/deadlines/", "kind=nothing", "level=team", "person=%00", share=2)


def silence(g: Grammar) -> Iterator[Asked]:
    yield from get("/silence/")
    yield from get("/silence/", "phase=detention", "host=TR", "origin=CN", "scope=domestic", "page=2", share=3)
    yield from get("/silence/", "phase=nothing", "level=team", "host=%00", share=2)


def watching(g: Grammar) -> Iterator[Asked]:
    """Follow what is visible, hidden and missing, by reference and by filters that would tell of it."""
    yield from get("/watching/")
    for name, model in (("people", Person), ("incidents", Incident), ("notices", Notice)):
        for ref in g.keys(model):
            yield Asked(Request("POST", "/watching/", (("resource", name), ("ref", ref))))
    for ref in g.keys(Person):
        yield Asked(Request("POST", "/watching/", (("resource", "notices"), ("query", f"person={ref}"))))
    for word in g.words(Person, 3):
        yield Asked(Request("POST", "/watching/", (("resource", "people"), ("query", f"q={word}"))))
    yield Asked(Request("POST", "/watching/", (("resource", "people"), ("query", "level=team"))))
    for watch in Watch.objects.order_by("pk")[:2]:
        yield Asked(Request("POST", "/watching/", (("end", str(watch.pk)),)))


def digest(g: Grammar) -> Iterator[Asked]:
    yield from get("/watching/digest/", "", "since=2000-01-01", "since=soon", "until=2000-01-01")
    yield Asked(Request("POST", "/watching/digest/", (("until", "2026-01-01"),)))


def feeds(name: str) -> Addresses:
    """Ask at the role's own private address, and at one that there is not."""

    def asked(g: Grammar) -> Iterator[Asked]:
        secret = secret_of(g.role, name)
        yield from get(f"/feeds/{secret}/{name}", "", "level=team")
        yield from get(f"/feeds/{secret_of('nobody', name)}/{name}")

    return asked


#: The pages of an account; none of them shows a record.
ACCOUNT = tuple(pattern.removeprefix("account/") for pattern in BY_HAND if pattern.startswith("account/"))

ADDRESSES: dict[str, Addresses] = {
    **{f"account/{page}": fixed(f"/account/{page.replace('<int:pk>', '1')}") for page in ACCOUNT},
    "account/": account,
    "": fixed("/"),
    "board/": board,
    "search/": search,
    "silence/": silence,
    "codebook/": fixed("/codebook/"),
    "deadlines/": deadlines,
    "watching/": watching,
    "watching/digest/": digest,
    "feeds/<slug:secret>/deadlines.ics": feeds("deadlines.ics"),
    "feeds/<slug:secret>/changes.atom": feeds("changes.atom"),
    "sources/<slug:source>/captures/<slug:ref>/": captures(""),
    "sources/<slug:source>/captures/<slug:ref>/sealed/": captures("sealed/"),
    "people/<slug:ref>/dossier/": dossiers("dossier/"),
    "people/<slug:ref>/dossier.docx": dossiers("dossier.docx"),
    "healthz": fixed("/healthz"),
    "api/v1/": fixed("/api/v1/"),
    "api/v1/schema/": fixed("/api/v1/schema/"),
    "api/v1/docs/": fixed("/api/v1/docs/"),
    "api/v1/^(?P<rest>(?s:.*))/$": nowhere,
    "admin/": fixed("/admin/"),
    "admin/login/": sign_in,
    "admin/logout/": fixed("/admin/logout/"),
    "admin/password_change/": fixed("/admin/password_change/"),
    "admin/password_change/done/": fixed("/admin/password_change/done/"),
    "admin/jsi18n/": fixed("/admin/jsi18n/"),
    "admin/(?P<url>.*)$": admin_nowhere,
    "admin/auth/user/<id>/password/": fixed("/admin/auth/user/1/password/"),
    "admin/records/breakglass/close/": fixed("/admin/records/breakglass/close/"),
    "admin/records/proposal/<slug:ref>/as/<slug:reader>/": read_as,
    "admin/sources/sourcedocument/<slug:ref>/case/": case_entry,
    "admin/sources/sourcedocument/<slug:ref>/passages/": passages,
    "admin/sources/sourcedocument/<slug:ref>/passages/cite/": cites,
}


def stands_alone(grammar: Grammar, surface: Surface) -> Iterator[Asked]:
    yield from ADDRESSES[surface.pattern](grammar)


def apps(grammar: Grammar, surface: Surface) -> Iterator[Asked]:
    for label in surface.of:
        yield from get(f"/admin/{label}/")


def autocompletes(grammar: Grammar, surface: Surface) -> Iterator[Asked]:
    """Ask every autocomplete for words that hidden and visible rows have, and for everything."""
    for model, site in admin.site._registry.items():
        for name in site.autocomplete_fields:
            where = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}&field_name={name}"
            target = model._meta.get_field(name).related_model
            terms = [*grammar.words(target, 1), *grammar.keys(target, 1), ""]
            yield from get("/admin/autocomplete/", *(f"{where}&term={term}" for term in terms), share=3)
    yield from get("/admin/autocomplete/", "app_label=cases&model_name=person&field_name=readers&term=c")
