from django.db import migrations, models
from django.db.models import Q

FILL = """
    UPDATE assessment_attempt SET mode = CASE
        WHEN posterior IS NOT NULL THEN 'adaptive'
        WHEN mastery IS NOT NULL THEN 'mastery'
        ELSE 'fixed' END
"""


class Migration(migrations.Migration):
    """An attempt says how it gets its items, instead of leaving it to which of its columns are empty."""

    dependencies = [("assessment", "0011_promises")]

    operations = [
        migrations.AddField(
            "attempt",
            "mode",
            models.CharField(
                default="fixed",
                help_text="How it gets its items, whatever the assessment says by now.",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveConstraint("attempt", "an_adaptive_attempt_is_whole"),
        migrations.RemoveConstraint("attempt", "an_attempt_chooses_items_in_one_way"),
        migrations.AddConstraint(
            "attempt",
            models.CheckConstraint(
                name="an_adaptive_attempt_is_whole",
                condition=Q(
                    ~Q(mode="adaptive"),
                    posterior__isnull=True,
                    pool__isnull=True,
                    adaptive_document__isnull=True,
                )
                | Q(
                    mode="adaptive",
                    posterior__isnull=False,
                    pool__isnull=False,
                    adaptive_document__isnull=False,
                ),
            ),
        ),
        migrations.AddConstraint(
            "attempt",
            models.CheckConstraint(
                name="a_mastery_attempt_is_whole",
                condition=Q(mode="mastery", mastery_document__isnull=False)
                | Q(~Q(mode="mastery"), mastery_document__isnull=True),
            ),
        ),
        migrations.AlterField(
            "presentation",
            "choice",
            models.JSONField(
                blank=True,
                help_text="Why an attempt chose it; read and written by assessment.modes",
                null=True,
            ),
        ),
    ]
