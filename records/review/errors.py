"""The exceptions of review."""

from __future__ import annotations


class ReviewRefused(ValueError):
    """It cannot be done, and nothing was written; `problems` says why, each in a sentence."""

    def __init__(self, *problems: str) -> None:
        super().__init__(" ".join(problems))
        self.problems = list(problems)


class AlreadyDecided(ReviewRefused):
    """Somebody else has decided already."""


class ChangedMeanwhile(ReviewRefused):
    """What a proposal would change is not as it was when it was proposed, or when it was read."""
