"""Names of no meaning for what a Word document calls after people, offices and templates."""

from __future__ import annotations


class Names:
    """Gives the styles, lists and shapes of one copy new names, in the order in which they are asked for."""

    #: How a name begins: those of lists and of their forms are numbers.
    BEGINNING = {"style": "s", "shape": "shape", "list": "", "form": ""}

    def __init__(self) -> None:
        #: The levels of lists that are used somewhere.
        self.levels = {"0"}
        self.given: dict[str, dict[str, str]] = {kind: {} for kind in self.BEGINNING}

    def of(self, kind: str, old: str) -> str:
        """Return the new name of what had an old one."""
        if kind == "list" and old == "0":  # of no list
            return old
        if kind == "shape":
            mark = "#" if old.startswith("#") else ""
            return f"{mark}{self._new(kind, old.removeprefix('#'))}"
        return self._new(kind, old)

    def is_used(self, kind: str, old: str | None) -> bool:
        return old in self.given[kind]

    def _new(self, kind: str, old: str) -> str:
        given = self.given[kind]
        return given.setdefault(old, f"{self.BEGINNING[kind]}{len(given) + 1}")
