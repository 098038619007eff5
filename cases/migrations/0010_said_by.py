"""Whose words a source passes on."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0009_people_in_time'),
    ]

    operations = [
        migrations.AddField(
            model_name='citation',
            name='said_by',
            field=models.CharField(blank=True, help_text='Whose words the source passes on, where they are not its own: a letter, an agency, an official.', max_length=200),
        ),
    ]
