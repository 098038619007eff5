"""Why an incident is published though a stage has no source."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0027_notices_by_requester'),
    ]

    operations = [
        migrations.AddField(
            model_name='incident',
            name='without_evidence',
            field=models.CharField(blank=True, help_text='Why it is published though a stage has no source. Only the team reads it; once published, it stays.', max_length=300, verbose_name='why without evidence'),
        ),
    ]
