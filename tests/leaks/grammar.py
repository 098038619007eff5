"""What is asked: of every route of the register, everything that could give away what the asker may not see.

To add a route: name it in config/surfaces.py (a system check says so, too). A list, record or export of a resource and
a model of the admin are asked about by their kind, see MAKERS. A route that stands alone gets its addresses in
by_hand.py, as a function of what its role knows: `g.shown(Person)` gives references that the role may see,
`g.hidden(Person)` some that it may not, and `g.missing(Person)` one that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from config.surfaces import Surface, surfaces
from tests.leaks import by_hand, forms, questions
from tests.leaks.request import Asked, Grammar, Request

Maker = Callable[[Grammar, Surface], Iterator[Asked]]
#: What is asked of each kind of surface.
MAKERS: dict[str, Maker] = {
    "by hand": by_hand.stands_alone,
    "api list": questions.api_list,
    "api count": questions.api_count,
    "api record": questions.api_record,
    "list": questions.page_list,
    "export": questions.export,
    "record": questions.page_record,
    "admin apps": by_hand.apps,
    "autocomplete": by_hand.autocompletes,
    "admin list": forms.changelist,
    "admin add": forms.add,
    "admin row": forms.row,
    "admin change": forms.change,
    "admin delete": forms.delete,
    "admin history": forms.row,
    "admin restore": forms.restore,
    "history": questions.history,
}


#: The turns in which the roles ask about reading: four of them more often, as others read like one of these.
READERS = (
    *("stranger", "partner", "analyst", "reviewer"),
    *("partner", "analyst", "reviewer", "stranger"),
    *("reader", "administrator", "superuser", "clerk"),
)
#: The same for the admin: who works there, and who is turned away.
STAFF = ("analyst", "clerk", "analyst", "clerk", "reviewer", "administrator", "superuser")
OTHERS = ("stranger", "partner", "reader")


def by_surface(grammar: Grammar) -> dict[str, list[Request]]:
    """Return the requests of a role, by the pattern of the route: at least one for each.

    Whose turn a request is follows from its place, so that every request is made by somebody.
    """
    found: dict[str, list[Request]] = {}
    for number, surface in enumerate(surfaces().values()):
        acts = surface.kind.startswith("admin") or surface.kind == "autocomplete"
        askers = (STAFF if grammar.is_staff else OTHERS) if acts else READERS
        requests = found.setdefault(surface.pattern, [])
        for place, asked in enumerate(MAKERS[surface.kind](grammar, surface), start=number):
            turns = asked.by or askers
            every = min(asked.share * 4, len(turns))
            if grammar.alone or not requests or grammar.role in turns[place % every :: every]:
                requests.append(asked.request)
    return found


def requests_of(grammar: Grammar) -> list[Request]:
    """Return all requests of a role, each once."""
    return list(dict.fromkeys(request for requests in by_surface(grammar).values() for request in requests))
