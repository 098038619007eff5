"""What was yes or no is told by three values now, with a condition where there is one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_always_if_never")]

    operations = [
        migrations.AddConstraint(
            model_name='tactic',
            constraint=models.CheckConstraint(condition=models.Q(('freedom_house__in', ['', 'always', 'if', 'never'])), name='tactic_freedom_house_is_known', violation_error_message='“freedom_house” must be one of: always, if, never.'),
        ),
        migrations.AddConstraint(
            model_name='tactic',
            constraint=models.CheckConstraint(condition=models.Q(('freedom_house_if__in', ['', 'reached', 'removed_unlawfully', 'into_origins_hands', 'by_what_followed'])), name='tactic_freedom_house_if_is_known', violation_error_message='“freedom_house_if” must be one of: reached, removed_unlawfully, into_origins_hands, by_what_followed.'),
        ),
        migrations.AddConstraint(
            model_name='tactic',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('freedom_house', 'if'), models.Q(('freedom_house_if', ''), _negated=True)), models.Q(models.Q(('freedom_house', 'if'), _negated=True), ('freedom_house_if', '')), _connector='OR'), name='tactic_has_a_condition_where_it_counts_if', violation_error_message='Give a condition with “if”, and none with anything else.'),
        ),
        migrations.RemoveField(
            model_name='tactic',
            name='physical',
        ),
    ]
