from django.db import migrations, models


class Migration(migrations.Migration):
    """The index of open cases no longer leads by the lane: SQLite took it for the board, and sorted all cases of a lane."""

    dependencies = [
        ("cases", "0023_situations_in_order"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="storedsituation",
            name="situation_by_open",
        ),
        migrations.AddIndex(
            model_name="storedsituation",
            index=models.Index(fields=["tense", "is_open", "is_followed"], name="situation_open"),
        ),
    ]
