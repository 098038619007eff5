"""What is asked: of every route of the register, everything that could give away what the asker may not see.

To add a route: name it in config/surfaces.py (a system check says so, too). A list, record or export of a resource and
a model of the admin are asked about by their kind, see MAKERS. A route that stands alone gets its addresses in
by_hand.py, as a function of what its role knows: `g.shown(Person)` gives references that the role may see,
`g.hidden(Person)` some that it may not, and `g.missing(Person)` one that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

from config.surfaces import Surface, surfaces
from tests.leaks import by_hand, forms, questions
from tests.leaks.request import Asked, Grammar, Request
from tests.leaks.roles import ROLES

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


#: Roles for whom other roles ask most of the questions: they read what a stranger reads, or act as the clerk does.
READ_LIKE_OTHERS = {"reader", "administrator", "superuser", "clerk"}
ACT_LIKE_OTHERS = {"reviewer", "administrator", "superuser"}


def by_surface(grammar: Grammar) -> dict[str, list[Request]]:
    """Return the requests of a role, by the pattern of the route: at least one for each."""
    numbers = count(list(ROLES).index(grammar.role))  # each role starts elsewhere
    found: dict[str, list[Request]] = {}
    for surface in surfaces().values():
        acts = surface.kind.startswith("admin") or surface.kind == "autocomplete"
        rarely = 8 if grammar.role in (ACT_LIKE_OTHERS if acts else READ_LIKE_OTHERS) else 4
        requests = found.setdefault(surface.pattern, [])
        for asked in MAKERS[surface.kind](grammar, surface):
            if next(numbers) % (asked.share * rarely) == 0 or not requests:
                requests.append(asked.request)
    return found


def requests_of(grammar: Grammar) -> list[Request]:
    """Return all requests of a role, each once."""
    return list(dict.fromkeys(request for requests in by_surface(grammar).values() for request in requests))
