"""What became parts of incidents (0016) is no longer a column of theirs."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_countries_and_actors_move"), ("seeds", "0002_remember_parts")]

    operations = [
        migrations.RemoveConstraint(
            model_name='incident',
            name='incident_attribution_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='incident',
            name='incident_actor_confidence_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='incident',
            name='incident_host_is_a_location_abroad',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='actor',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='actor_confidence',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='actor_kind',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='attribution',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='host',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='location',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='origin',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='tactics',
        ),
    ]
