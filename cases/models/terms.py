"""The open lists of the cases app; their terms stand in seeds/data/terms.yaml."""

from django.db import models
from django.db.models import Q

from cases.vocabulary import Counting, CountingCondition, TacticFamily
from records.models import Term, code_is_known


class Tactic(Term):
    """What was done to a person: assassination, rendition, notice abuse, coercion by proxy..."""

    family = models.CharField(max_length=20, choices=TacticFamily)
    freedom_house = models.CharField(
        max_length=10,
        choices=Counting,
        blank=True,
        help_text="Whether Freedom House's count of physical acts takes in an act of this kind outside the origin.",
    )
    freedom_house_if = models.CharField(
        max_length=20, choices=CountingCondition, blank=True, help_text="Under which condition, where there is one."
    )
    freedom_house_source = models.CharField(
        max_length=300, blank=True, help_text="Where that is said, and how sure it is."
    )

    class Meta(Term.Meta):
        constraints = [
            code_is_known("family", TacticFamily),
            code_is_known("freedom_house", Counting),
            code_is_known("freedom_house_if", CountingCondition),
            models.CheckConstraint(
                condition=Q(freedom_house=Counting.IF) & ~Q(freedom_house_if="")
                | ~Q(freedom_house=Counting.IF) & Q(freedom_house_if=""),
                name="tactic_has_a_condition_where_it_counts_if",
                violation_error_message="Give a condition with “if”, and none with anything else.",
            ),
        ]


class TargetCategory(Term):
    """Why somebody is hunted: former insider, opposition, relative of a target..."""

    class Meta(Term.Meta):
        verbose_name_plural = "target categories"


class LegalStatusKind(Term):
    """How a person stands towards a country: citizen, refugee, residence permit..."""


class PerpetratorKind(Term):
    """What sort of actor is alleged to have done it."""


class Outcome(Term):
    """How a case ended for a person, or that it has not."""


class DetentionKind(Term):
    """In what sort of place somebody is held."""
