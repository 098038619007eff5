"""Countries and territories: the reference table that every place points to."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models

from records.fields.names import FoldedField, search


class CountryQuerySet(models.QuerySet):
    """Countries are no secret: every reader may read them all. What points to them is another matter."""

    def visible_to(self, user: Any) -> Self:
        return self

    def search(self, text: str) -> Self:
        """Return the countries with every word of `text` in their name or aliases."""
        return self.filter(search("folded", text))


class Country(models.Model):
    """A country or territory of ISO 3166-1, and Kosovo under its user-assigned code XK."""

    alpha2 = models.CharField("ISO alpha-2", max_length=2, primary_key=True)
    alpha3 = models.CharField("ISO alpha-3", max_length=3, unique=True)
    name = models.CharField(max_length=80, unique=True)
    aliases = models.JSONField(default=list, blank=True, help_text="Other names in use, as a list.")
    region = models.CharField(max_length=60, help_text="Sub-region of the UN's M49 standard.")
    latitude = models.DecimalField(max_digits=4, decimal_places=1, help_text="Degrees north of the centroid.")
    longitude = models.DecimalField(max_digits=4, decimal_places=1, help_text="Degrees east of the centroid.")
    folded = FoldedField("name", "all_aliases")

    objects: ClassVar = CountryQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "countries"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="country_lies_on_the_globe",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def all_aliases(self) -> str:
        return " ".join(self.aliases)
