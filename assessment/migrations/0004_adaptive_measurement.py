"""Adaptive attempts, calibrations, and how often items are shown. A calibration, once stored, changes only in
whether it is the active one; a pool never changes: attempts are measured by them."""

import assessment.models.assessments
import content.models.versions
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


GUARD_CALIBRATION = """
CREATE FUNCTION refuse_change_of_calibration() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - '{is_active,activated_at}'::text[]
                          = to_jsonb(OLD) - '{is_active,activated_at}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a calibration is added, never changed: only its activation moves'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""

GUARD_POOL = """
CREATE FUNCTION refuse_change_of_pool() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'attempts rely on their pool: it is added, never changed'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0003_hints_taken"),
        ("content", "0002_published_versions_never_change"),
    ]

    operations = [
        migrations.CreateModel(
            name="AdaptivePool",
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
                ("fingerprint", models.CharField(max_length=64)),
                ("document", models.JSONField(help_text="Read and written by assessment.selection.pool.")),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Calibration",
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
                (
                    "model",
                    models.CharField(choices=[("1PL", "1PL"), ("2PL", "2PL"), ("3PL", "3PL")], max_length=3),
                ),
                (
                    "parameters",
                    models.JSONField(
                        help_text="By the slug of the item: a, b, c, d, their standard errors, and the number of answers."
                    ),
                ),
                (
                    "report",
                    models.JSONField(help_text="Read and written by assessment.calibration.calibrating."),
                ),
                (
                    "is_active",
                    models.BooleanField(default=False, help_text="New adaptive attempts use this one."),
                ),
                ("created_at", models.DateTimeField()),
                ("activated_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["bank", "-number"],
            },
        ),
        migrations.CreateModel(
            name="ExposureCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("band", models.PositiveSmallIntegerField()),
                ("given", models.IntegerField(default=0)),
                ("withheld", models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="ExposureTotal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("band", models.PositiveSmallIntegerField()),
                ("attempts", models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="OnlineDifficulty",
            fields=[
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="online_difficulty",
                        serialize=False,
                        to="content.item",
                    ),
                ),
                ("answers", models.PositiveIntegerField(default=0)),
                (
                    "log_posterior",
                    django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=61),
                ),
                ("updated_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="assessment",
            name="adaptive_document",
            field=models.JSONField(
                blank=True,
                db_column="adaptive",
                help_text="Only for the mode adaptive: read and written by assessment.rules.adaptive.",
                null=True,
                validators=[assessment.models.assessments.check_adaptive_document],
                verbose_name="adaptive rules",
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="bank",
            field=models.ForeignKey(
                blank=True,
                help_text="Where an adaptive assessment takes its items from.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="adaptive_assessments",
                to="content.itembank",
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="adaptive_document",
            field=models.JSONField(
                blank=True,
                db_column="adaptive",
                help_text="Read and written by assessment.modes.adaptive.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="posterior",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.FloatField(), blank=True, null=True, size=61
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="stop_reason",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="presentation",
            name="choice",
            field=models.JSONField(
                blank=True,
                help_text="Why an adaptive attempt chose it; read and written by assessment.modes.adaptive.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="presentation",
            name="is_seeded",
            field=models.BooleanField(
                default=False,
                help_text="Asked to learn about the item: it does not count when the attempt is over.",
            ),
        ),
        migrations.AlterField(
            model_name="assessment",
            name="mode",
            field=models.CharField(
                choices=[("fixed", "Fixed"), ("adaptive", "Adaptive")], default="fixed", max_length=10
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("mode", "adaptive"), _negated=True),
                    models.Q(("adaptive_document__isnull", False), ("bank__isnull", False), ("tries", 1)),
                    _connector="OR",
                ),
                name="an_adaptive_assessment_has_a_bank_rules_and_one_try",
                violation_error_message="An adaptive assessment needs a bank, adaptive rules, and one try.",
            ),
        ),
        migrations.AddField(
            model_name="adaptivepool",
            name="bank",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="pools", to="content.itembank"
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="pool",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempts",
                to="assessment.adaptivepool",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("adaptive_document__isnull", True),
                        ("pool__isnull", True),
                        ("posterior__isnull", True),
                    ),
                    models.Q(
                        ("adaptive_document__isnull", False),
                        ("pool__isnull", False),
                        ("posterior__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="an_adaptive_attempt_is_whole",
            ),
        ),
        migrations.AddField(
            model_name="calibration",
            name="anchor",
            field=models.ForeignKey(
                blank=True,
                help_text="The calibration whose items kept their parameters, so that the scale stayed the same.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="successors",
                to="assessment.calibration",
            ),
        ),
        migrations.AddField(
            model_name="calibration",
            name="bank",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="calibrations",
                to="content.itembank",
            ),
        ),
        migrations.AddField(
            model_name="adaptivepool",
            name="calibration",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pools",
                to="assessment.calibration",
            ),
        ),
        migrations.AddField(
            model_name="exposurecount",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="exposure",
                to="assessment.assessment",
            ),
        ),
        migrations.AddField(
            model_name="exposurecount",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="exposure", to="content.item"
            ),
        ),
        migrations.AddField(
            model_name="exposuretotal",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="exposure_totals",
                to="assessment.assessment",
            ),
        ),
        migrations.AddConstraint(
            model_name="calibration",
            constraint=models.UniqueConstraint(fields=("bank", "number"), name="one_calibration_per_number"),
        ),
        migrations.AddConstraint(
            model_name="calibration",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_active", True)), fields=("bank",), name="one_active_calibration"
            ),
        ),
        migrations.AddConstraint(
            model_name="adaptivepool",
            constraint=models.UniqueConstraint(
                fields=("bank", "calibration", "fingerprint"),
                name="one_pool_per_fingerprint",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="exposurecount",
            constraint=models.UniqueConstraint(
                fields=("assessment", "band", "item"), name="one_exposure_count_per_band_and_item"
            ),
        ),
        migrations.AddConstraint(
            model_name="exposuretotal",
            constraint=models.UniqueConstraint(
                fields=("assessment", "band"), name="one_exposure_total_per_band"
            ),
        ),
        migrations.RunSQL(GUARD_CALIBRATION, "DROP FUNCTION refuse_change_of_calibration"),
        migrations.RunSQL(
            "CREATE TRIGGER calibrations_are_append_only BEFORE UPDATE OR DELETE ON assessment_calibration "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_calibration()",
            "DROP TRIGGER calibrations_are_append_only ON assessment_calibration",
        ),
        migrations.RunSQL(GUARD_POOL, "DROP FUNCTION refuse_change_of_pool"),
        migrations.RunSQL(
            "CREATE TRIGGER pools_never_change BEFORE UPDATE OR DELETE ON assessment_adaptivepool "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_pool()",
            "DROP TRIGGER pools_never_change ON assessment_adaptivepool",
        ),
    ]
