"""The level that a part has where nobody asks for another, and its words. Rows keep theirs: an update opens nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0025_similar_people'),
    ]

    # Of the models alone: SQLite would write each table anew for a default that the database does not hold.
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='actor',
                    name='level',
                    field=models.CharField(choices=[('public', 'as the record'), ('partner', 'partner'), ('team', 'team'), ('restricted', 'restricted')], default='public', help_text='Who may read this at all. A part is never more visible than the record it belongs to.', max_length=10),
                ),
                migrations.AlterField(
                    model_name='ccfevent',
                    name='level',
                    field=models.CharField(choices=[('public', 'as the record'), ('partner', 'partner'), ('team', 'team'), ('restricted', 'restricted')], default='public', help_text='Who may read this at all. A part is never more visible than the record it belongs to.', max_length=10),
                ),
                migrations.AlterField(
                    model_name='citation',
                    name='level',
                    field=models.CharField(choices=[('public', 'as the record'), ('partner', 'partner'), ('team', 'team'), ('restricted', 'restricted')], default='public', help_text='Who may read this at all. A part is never more visible than the record it belongs to.', max_length=10),
                ),
                migrations.AlterField(
                    model_name='demand',
                    name='level',
                    field=models.CharField(choices=[('public', 'as the record'), ('partner', 'partner'), ('team', 'team'), ('restricted', 'restricted')], default='public', help_text='Who may read this at all. A part is never more visible than the record it belongs to.', max_length=10),
                ),
                migrations.AlterField(
                    model_name='duty',
                    name='level',
                    field=models.CharField(choices=[('public', 'as the record'), ('partner', 'partner'), ('team', 'team'), ('restricted', 'restricted')], default='public', help_text='Who may read this at all. A part is never more visible than the record it belongs to.', max_length=10),
                ),
                migrations.AlterField(
                    model_name='incidentcountry',
                    name='level',
                    field=models.CharField(choices=[('public', 'as the record'), ('partner', 'partner'), ('team', 'team'), ('restricted', 'restricted')], default='public', help_text='Who may read this at all. A part is never more visible than the record it belongs to.', max_length=10),
                ),
                migrations.AlterField(
                    model_name='involvement',
                    name='level',
                    field=models.CharField(choices=[('public', 'as the record'), ('partner', 'partner'), ('team', 'team'), ('restricted', 'restricted')], default='public', help_text='Who may read this at all. A part is never more visible than the record it belongs to.', max_length=10),
                ),
                migrations.AlterField(
                    model_name='legalstatus',
                    name='level',
                    field=models.CharField(choices=[('public', 'as the record'), ('partner', 'partner'), ('team', 'team'), ('restricted', 'restricted')], default='public', help_text='Who may read this at all. A part is never more visible than the record it belongs to.', max_length=10),
                ),
                migrations.AlterField(
                    model_name='noticeevent',
                    name='level',
                    field=models.CharField(choices=[('public', 'as the record'), ('partner', 'partner'), ('team', 'team'), ('restricted', 'restricted')], default='public', help_text='Who may read this at all. A part is never more visible than the record it belongs to.', max_length=10),
                ),
                migrations.AlterField(
                    model_name='persondetail',
                    name='level',
                    field=models.CharField(choices=[('public', 'as the record'), ('partner', 'partner'), ('team', 'team'), ('restricted', 'restricted')], default='team', help_text='Who may read this at all. A part is never more visible than the record it belongs to.', max_length=10),
                ),
                migrations.AlterField(
                    model_name='personname',
                    name='level',
                    field=models.CharField(choices=[('public', 'as the record'), ('partner', 'partner'), ('team', 'team'), ('restricted', 'restricted')], default='public', help_text='Who may read this at all. A part is never more visible than the record it belongs to.', max_length=10),
                ),
                migrations.AlterField(
                    model_name='ratification',
                    name='level',
                    field=models.CharField(choices=[('public', 'as the record'), ('partner', 'partner'), ('team', 'team'), ('restricted', 'restricted')], default='public', help_text='Who may read this at all. A part is never more visible than the record it belongs to.', max_length=10),
                ),
                migrations.AlterField(
                    model_name='relationship',
                    name='level',
                    field=models.CharField(choices=[('public', 'as the record'), ('partner', 'partner'), ('team', 'team'), ('restricted', 'restricted')], default='public', help_text='Who may read this at all. A part is never more visible than the record it belongs to.', max_length=10),
                ),
                migrations.AlterField(
                    model_name='stage',
                    name='level',
                    field=models.CharField(choices=[('public', 'as the record'), ('partner', 'partner'), ('team', 'team'), ('restricted', 'restricted')], default='public', help_text='Who may read this at all. A part is never more visible than the record it belongs to.', max_length=10),
                ),
                migrations.AlterField(
                    model_name='tacticused',
                    name='level',
                    field=models.CharField(choices=[('public', 'as the record'), ('partner', 'partner'), ('team', 'team'), ('restricted', 'restricted')], default='public', help_text='Who may read this at all. A part is never more visible than the record it belongs to.', max_length=10),
                ),
                migrations.AlterField(
                    model_name='warrant',
                    name='level',
                    field=models.CharField(choices=[('public', 'as the record'), ('partner', 'partner'), ('team', 'team'), ('restricted', 'restricted')], default='public', help_text='Who may read this at all. A part is never more visible than the record it belongs to.', max_length=10),
                ),
            ]
        ),
    ]
