"""Mastery attempts, and fits of knowledge tracing. A fit, once stored, changes only in whether it is in force."""

import assessment.models.assessments
import content.models.versions
import django.db.models.deletion
from django.db import migrations, models


GUARD_FIT = """
CREATE FUNCTION refuse_change_of_mastery_fit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - '{is_active,activated_at}'::text[]
                          = to_jsonb(OLD) - '{is_active,activated_at}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a fit is added, never changed: only its activation moves'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0005_online_difficulty_by_elo"),
        ("content", "0002_published_versions_never_change"),
    ]

    operations = [
        migrations.CreateModel(
            name="MasteryFit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=content.models.versions.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("prior", models.FloatField(help_text="Known before the first answer.")),
                ("learn", models.FloatField(help_text="Learned from one answer.")),
                ("forget", models.FloatField(help_text="Forgotten in one day.")),
                ("guess", models.FloatField(help_text="Right without knowing.")),
                ("slip", models.FloatField(help_text="Wrong in spite of knowing.")),
                ("learners", models.PositiveIntegerField()),
                ("answers", models.PositiveIntegerField()),
                ("log_likelihood", models.FloatField()),
                (
                    "start_log_likelihood",
                    models.FloatField(help_text="Of the parameters that hold without a fit."),
                ),
                ("converged", models.BooleanField()),
                ("is_active", models.BooleanField(default=False, help_text="Mastery is estimated with it.")),
                ("created_at", models.DateTimeField()),
                ("activated_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "fit of mastery",
                "verbose_name_plural": "fits of mastery",
                "ordering": ["skill", "-number"],
            },
        ),
        migrations.AddField(
            model_name="assessment",
            name="mastery_document",
            field=models.JSONField(
                blank=True,
                db_column="mastery",
                help_text="Only for the mode mastery: read and written by assessment.rules.mastery.",
                null=True,
                validators=[assessment.models.assessments.check_mastery_document],
                verbose_name="mastery rules",
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="mastery_document",
            field=models.JSONField(
                blank=True,
                db_column="mastery",
                help_text="Read and written by assessment.selection.mastery.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="assessment",
            name="bank",
            field=models.ForeignKey(
                blank=True,
                help_text="Where an adaptive or a mastery assessment takes its items from.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="adaptive_assessments",
                to="content.itembank",
            ),
        ),
        migrations.AlterField(
            model_name="assessment",
            name="mode",
            field=models.CharField(
                choices=[("fixed", "Fixed"), ("adaptive", "Adaptive"), ("mastery", "Mastery")],
                default="fixed",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="attempt",
            name="stop_reason",
            field=models.CharField(
                blank=True, help_text="Why an attempt ended that is chosen item by item.", max_length=40
            ),
        ),
        migrations.AlterField(
            model_name="presentation",
            name="choice",
            field=models.JSONField(
                blank=True,
                help_text="Why an attempt chose it; read and written by assessment.modes.adaptive or assessment.mastering.",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("mode", "mastery"), _negated=True),
                    models.Q(
                        ("bank__isnull", False),
                        ("feedback", "immediate"),
                        ("mastery_document__isnull", False),
                        ("tries__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="a_mastery_assessment_has_a_bank_rules_and_verdicts_at_once",
                violation_error_message="A mastery assessment needs a bank, mastery rules, a limit of tries, and immediate feedback.",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("posterior__isnull", True), ("mastery_document__isnull", True), _connector="OR"
                ),
                name="an_attempt_chooses_items_in_one_way",
            ),
        ),
        migrations.AddField(
            model_name="masteryfit",
            name="skill",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="mastery_fits", to="content.skill"
            ),
        ),
        migrations.AddConstraint(
            model_name="masteryfit",
            constraint=models.UniqueConstraint(fields=("skill", "number"), name="one_mastery_fit_per_number"),
        ),
        migrations.AddConstraint(
            model_name="masteryfit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_active", True)), fields=("skill",), name="one_active_mastery_fit"
            ),
        ),
        migrations.RunSQL(GUARD_FIT, "DROP FUNCTION refuse_change_of_mastery_fit"),
        migrations.RunSQL(
            "CREATE TRIGGER mastery_fits_are_append_only BEFORE UPDATE OR DELETE ON assessment_masteryfit "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_mastery_fit()",
            "DROP TRIGGER mastery_fits_are_append_only ON assessment_masteryfit",
        ),
    ]
