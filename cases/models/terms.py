"""The open lists of the cases app; their terms stand in seeds/data/terms.yaml."""

from django.db import models

from cases.vocabulary import TacticFamily
from records.models import Term, code_is_known


class Tactic(Term):
    """What was done to a person: assassination, rendition, notice abuse, coercion by proxy..."""

    family = models.CharField(max_length=20, choices=TacticFamily)
    physical = models.BooleanField(
        default=False,
        help_text="Whether Freedom House's count of direct physical incidents would include it.",
    )

    class Meta(Term.Meta):
        constraints = [code_is_known("family", TacticFamily)]


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
