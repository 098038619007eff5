"""The base class of controlled terms that are rows."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models


class TermQuerySet(models.QuerySet):
    """Terms are no secret: every reader may read them all. What uses them is another matter."""

    def visible_to(self, user: Any) -> Self:
        return self


class Term(models.Model):
    """One term of an open list. Its code is stored everywhere; label and meaning are what people read.

    A term is never removed: `retired` keeps it readable on old records and off the forms.
    """

    code = models.SlugField(primary_key=True, max_length=40)
    label = models.CharField(max_length=80)
    meaning = models.CharField(max_length=300, help_text="One sentence.")
    position = models.PositiveSmallIntegerField(default=0, help_text="Place in the list.")
    version = models.PositiveSmallIntegerField(
        default=1, help_text="Version of the list in which the term first stood."
    )
    retired = models.BooleanField(default=False)

    objects: ClassVar = TermQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.label
