"""Countries and territories: the reference table that every place points to."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from records.fields.names import FoldedField, search

#: Of which years people are told here.
YEARS = [MinValueValidator(1800), MaxValueValidator(2200)]


class CountryQuerySet(models.QuerySet):
    """Countries are no secret: every reader may read them all. What points to them is another matter."""

    def visible_to(self, user: Any) -> Self:
        return self

    def search(self, text: str) -> Self:
        """Return the countries with every word of `text` in their name or aliases."""
        return self.filter(search("folded", text))

    def there_on(self, day: date) -> Self:
        """Return the countries that existed in the year of a day; in the year of a change, the old and the new."""
        begun = Q(first_year__isnull=True) | Q(first_year__lte=day.year)
        return self.filter(begun, Q(last_year__isnull=True) | Q(last_year__gte=day.year))


class Country(models.Model):
    """A country or territory of ISO 3166-1, Kosovo under its user-assigned code XK, and countries that are no more.

    Those have the four letters of ISO 3166-3: two letters are given away again, and CS meant two states that are gone.
    """

    code = models.CharField(
        max_length=4,
        primary_key=True,
        validators=[
            RegexValidator(r"\A[A-Z]{2}([A-Z]{2})?\Z", "Write two capital letters, or four for one that is no more.")
        ],
        help_text="ISO 3166-1 alpha-2, or XK; of a country that is no more the four letters of ISO 3166-3.",
    )
    alpha3 = models.CharField("ISO alpha-3", max_length=3, unique=True)
    name = models.CharField(max_length=80, unique=True)
    aliases = models.JSONField(default=list, blank=True, help_text="Other names in use, as a list.")
    region = models.CharField(max_length=60, help_text="Sub-region of the UN's M49 standard.")
    first_year = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=YEARS, help_text="The year in which it came to be, where that matters here."
    )
    last_year = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=YEARS, help_text="The last year in which it existed; empty where it does."
    )
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
            models.CheckConstraint(
                condition=Q(first_year__isnull=True) | Q(last_year__isnull=True) | Q(last_year__gte=F("first_year")),
                name="country_ends_not_before_it_begins",
                violation_error_message="The last year cannot be before the first.",
            ),
        ]

    def __str__(self) -> str:
        """The name as forms offer it, with the years of a country that was not always there, or is no more."""
        return f"{self.name} ({self.years})" if self.years else self.name

    @property
    def years(self) -> str:
        """The years in which it existed: "1922 to 1991", "since 1993"; "" where none are recorded."""
        if self.last_year is None:
            return f"since {self.first_year}" if self.first_year else ""
        return f"{self.first_year} to {self.last_year}" if self.first_year else f"until {self.last_year}"

    @property
    def all_aliases(self) -> str:
        return " ".join(self.aliases)
