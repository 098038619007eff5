"""The level that a part has where nobody asks for another, and its words. Rows keep theirs: an update opens nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sources', '0009_similar_sources'),
    ]

    # Of the models alone: SQLite would write each table anew for a default that the database does not hold.
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='capture',
                    name='level',
                    field=models.CharField(choices=[('public', 'as the record'), ('partner', 'partner'), ('team', 'team'), ('restricted', 'restricted')], default='team', help_text='Who may read this at all. A part is never more visible than the record it belongs to.', max_length=10),
                ),
            ]
        ),
    ]
