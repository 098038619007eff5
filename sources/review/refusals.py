"""Why something could not be decided or carried out."""

from __future__ import annotations


class Refused(ValueError):
    """It cannot be done, and nothing was written; `problems` says why, each in a sentence."""

    def __init__(self, *problems: str) -> None:
        super().__init__(" ".join(problems))
        self.problems = list(problems)


class Decided(Refused):
    """Somebody else has decided already."""


class MovedOn(Refused):
    """What a proposal would change is not as it was when it was proposed, or when it was read."""
