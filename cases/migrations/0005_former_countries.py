from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import migrations, models

YEARS = [MinValueValidator(1800), MaxValueValidator(2200)]


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_clock_units")]

    operations = [
        migrations.RenameField("country", "alpha2", "code"),
        migrations.AlterField(
            "country",
            "code",
            models.CharField(
                help_text="ISO 3166-1 alpha-2, or XK; of a country that is no more the four letters of ISO 3166-3.",
                max_length=4,
                primary_key=True,
                serialize=False,
                validators=[
                    RegexValidator(
                        r"\A[A-Z]{2}([A-Z]{2})?\Z", "Write two capital letters, or four for one that is no more."
                    )
                ],
            ),
        ),
        migrations.AddField(
            "country",
            "first_year",
            models.PositiveSmallIntegerField(
                blank=True,
                help_text="The year in which it came to be, where that matters here.",
                null=True,
                validators=YEARS,
            ),
        ),
        migrations.AddField(
            "country",
            "last_year",
            models.PositiveSmallIntegerField(
                blank=True,
                help_text="The last year in which it existed; empty where it does.",
                null=True,
                validators=YEARS,
            ),
        ),
        migrations.AddConstraint(
            "country",
            models.CheckConstraint(
                condition=models.Q(first_year__isnull=True)
                | models.Q(last_year__isnull=True)
                | models.Q(last_year__gte=models.F("first_year")),
                name="country_ends_not_before_it_begins",
                violation_error_message="The last year cannot be before the first.",
            ),
        ),
    ]
