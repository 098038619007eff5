from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_warrant")]

    operations = [
        migrations.RemoveConstraint("clockrule", "clockrule_has_months"),
        migrations.RenameField("clockrule", "months", "length"),
        migrations.AlterField(
            "clockrule",
            "length",
            models.PositiveSmallIntegerField(
                help_text="How many of the unit: 9 months, 45 days.",
                validators=[MinValueValidator(1), MaxValueValidator(1000)],
            ),
        ),
        migrations.AddField(
            "clockrule",
            "unit",
            models.CharField(
                choices=[("months", "months"), ("weeks", "weeks"), ("days", "days")], default="months", max_length=6
            ),
        ),
        migrations.AddConstraint(
            "clockrule",
            models.CheckConstraint(
                condition=models.Q(unit__in=["", "months", "weeks", "days"]),
                name="clockrule_unit_is_known",
                violation_error_message="“unit” must be one of: months, weeks, days.",
            ),
        ),
        migrations.AddConstraint(
            "clockrule", models.CheckConstraint(condition=models.Q(length__gte=1), name="clockrule_has_a_length")
        ),
    ]
