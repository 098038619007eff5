"""The review states that one person may give a record."""

from __future__ import annotations

from records.vocabulary import Review

STEPS: dict[Review, tuple[Review, ...]] = {
    Review.DRAFT: (Review.IN_REVIEW, Review.WITHDRAWN),
    Review.IN_REVIEW: (Review.DRAFT, Review.WITHDRAWN),
    Review.PUBLISHED: (Review.WITHHELD, Review.WITHDRAWN),
    Review.WITHHELD: (Review.DRAFT, Review.IN_REVIEW, Review.WITHDRAWN),
    Review.WITHDRAWN: (Review.DRAFT, Review.IN_REVIEW),
}


def next_steps(review: str) -> list[Review]:
    """Return the state that a record has and those that one person may give it."""
    return [step for step in Review if step in (review, *STEPS[Review(review)])]
