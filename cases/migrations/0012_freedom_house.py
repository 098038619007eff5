"""Tactics say whether Freedom House counts them: always, never, or under a condition."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_accusation")]

    operations = [
        migrations.AddField(
            model_name='tactic',
            name='freedom_house',
            field=models.CharField(blank=True, choices=[('always', 'always'), ('if', 'if'), ('never', 'never')], help_text="Whether Freedom House's count of physical acts takes in an act of this kind outside the origin.", max_length=10),
        ),
        migrations.AddField(
            model_name='tactic',
            name='freedom_house_if',
            field=models.CharField(blank=True, choices=[('reached', 'the person was physically reached'), ('removed_unlawfully', 'the removal was carried out and unlawful'), ('into_origins_hands', "it led into the origin's hands"), ('by_what_followed', 'something that is counted followed')], help_text='Under which condition, where there is one.', max_length=20),
        ),
        migrations.AddField(
            model_name='tactic',
            name='freedom_house_source',
            field=models.CharField(blank=True, help_text='Where that is said, and how sure it is.', max_length=300),
        ),
    ]
