"""One request, by whom it is made, and what whoever makes it knows of the world."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

from cases.models import Person, PersonName
from tests.leaks.marks import is_record, word
from tests.leaks.roles import ROLES
from tests.leaks.world import World

NOBODYS_MARK = 9999


class Request(NamedTuple):
    """One request; two that are equal are one. `follow`: go on to the next pages of a list."""

    method: str
    address: str
    form: tuple[tuple[str, str], ...] = ()
    json: str = ""
    follow: bool = False

    @property
    def payload(self) -> str:
        return self.json or urlencode(self.form)

    @property
    def content_type(self) -> str:
        return "application/json" if self.json else "application/x-www-form-urlencoded" if self.form else ""

    @property
    def asked(self) -> str:
        """Everything that an answer may repeat without telling anything new."""
        return f"{self.address} {self.payload}"


class Asked(NamedTuple):
    """A request, and how rarely it is made: the larger `share`, the fewer roles make it, but always one of them.

    `by` names the roles among which it is shared out, where not all of them can make it.
    """

    request: Request
    share: int = 1
    by: tuple[str, ...] = ()


def get(path: str, *queries: str, share: int = 1, follow: bool = False) -> Iterator[Asked]:
    """Yield a GET for each query; none stands for the bare address."""
    for query in queries or ("",):
        yield Asked(Request("GET", f"{path}?{query}" if query else path, follow=follow), share)


class Grammar:
    """What one role asks in one world. `page` gives the HTML of an address as the role sees it.

    With `alone` it asks everything itself, and shares nothing out among the roles.
    """

    def __init__(self, world: World, role: str, page: Callable[[str], str], *, alone: bool = False) -> None:
        self.world, self.role, self.page, self.alone = world, role, page, alone
        self.random = random.Random(f"{role} asks")  # noqa: S311  # the same questions every time

    @property
    def is_staff(self) -> bool:
        return ROLES[self.role].is_staff

    def shown(self, model: Any, most: int = 1) -> list[str]:
        return [each.ref for each in self.world.shown_to(self.role, model)[:most]]

    def hidden(self, model: Any, most: int = 3) -> list[str]:
        """References of rows hidden from the role, taken from all over, so that they are hidden in different ways."""
        return [each.ref for each in self.hidden_rows(model, most)]

    def hidden_rows(self, model: Any, most: int = 3) -> list[Any]:
        rows = self.world.hidden_from(self.role, model)
        return rows[:: max(len(rows) // most, 1)][:most]

    def missing(self, model: Any) -> str:
        return f"{model.prefix()}-00000000"

    def keys(self, model: Any, most: int = 3) -> list[str]:
        """References of one visible row, of hidden ones, and of none; for what has no references, primary keys."""
        if is_record(model):
            return [*self.shown(model), *self.hidden(model, most), self.missing(model)]
        rows = [each.row.pk for each in self.hidden_rows(model, 1)]
        keys = [*model._default_manager.order_by("pk").values_list("pk", flat=True)[:1], *rows]
        return [str(key) for key in dict.fromkeys(keys)] or ["nothing"]

    def words(self, model: Any, most: int = 2) -> list[str]:
        """Words of a visible row, of hidden ones, and of none; of people also hidden names of visible ones."""
        shown = [word(each.mark) for each in self.world.shown_to(self.role, model)[:1]]
        names = self.world.hidden_from(self.role, PersonName) if model is Person else []
        names = [each for each in names if each.of and self.role in each.of.audience]
        hidden = [*self.hidden_rows(model, most), *names[:1]]
        return [*shown, *(word(each.mark) for each in hidden), word(NOBODYS_MARK)]
