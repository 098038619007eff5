from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_told_of_the_person")]

    operations = [
        migrations.RemoveConstraint(model_name="incident", name="incident_status_is_known"),
        migrations.RemoveField(model_name="incident", name="status"),
        migrations.RemoveField(model_name="incident", name="status_as_of"),
        migrations.RemoveField(model_name="incident", name="status_as_of_earliest"),
        migrations.RemoveField(model_name="incident", name="status_as_of_latest"),
        migrations.RemoveField(model_name="incident", name="status_as_of_precision"),
    ]
