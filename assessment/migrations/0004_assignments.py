"""Assessments are documents in versions, and assignments give them to people."""

import content.models.versions
import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


VERSIONS = (
    "CREATE TRIGGER published_versions_never_change BEFORE UPDATE OR DELETE ON assessment_assessmentversion "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published_version()"
)
CHANGES = (
    "CREATE TRIGGER appended BEFORE UPDATE OR DELETE ON assessment_assignmentchange "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
)


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0003_promises"),
        ("content", "0002_promises"),
    ]

    operations = [
        migrations.CreateModel(
            name="AssessmentSource",
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
            ],
            options={
                "ordering": ["version", "id"],
            },
        ),
        migrations.CreateModel(
            name="AssessmentVersion",
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
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("retired", "Retired")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("document", content.models.versions.DocumentField()),
                ("fingerprint", models.CharField(editable=False, max_length=64)),
                ("created_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["assessment", "-number"],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
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
                ("is_open", models.BooleanField(default=True, help_text="Learners can find and start it.")),
                ("opens_at", models.DateTimeField(blank=True, null=True)),
                ("closes_at", models.DateTimeField(blank=True, null=True)),
                (
                    "time_limit_minutes",
                    models.PositiveIntegerField(blank=True, help_text="Empty: no limit.", null=True),
                ),
                (
                    "attempts_allowed",
                    models.PositiveIntegerField(blank=True, help_text="Empty: no limit.", null=True),
                ),
                (
                    "release",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("immediate", "immediate"),
                            ("at_end", "at_end"),
                            ("after_close", "after_close"),
                        ],
                        help_text="When verdicts are shown; empty: as the assessment says. Attempts under way keep what they have.",
                        max_length=12,
                    ),
                ),
                (
                    "grade_rule",
                    models.CharField(
                        choices=[("best", "Best"), ("last", "Last"), ("first", "First"), ("mean", "Mean")],
                        default="best",
                        help_text="Which attempt counts where there are several.",
                        max_length=10,
                    ),
                ),
                (
                    "weight",
                    models.FloatField(default=1.0, help_text="What it counts beside others of its course."),
                ),
                (
                    "exclusive",
                    models.BooleanField(
                        blank=True,
                        help_text="While it runs, its learners and guests cannot practise its items. Unknown: yes where it closes or withholds verdicts.",
                        null=True,
                    ),
                ),
            ],
            options={
                "ordering": ["assessment", "id"],
            },
        ),
        migrations.CreateModel(
            name="AssignmentChange",
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
                ("before", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("after", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.RemoveField(
            model_name="section",
            name="assessment",
        ),
        migrations.RemoveField(
            model_name="slot",
            name="section",
        ),
        migrations.RemoveField(
            model_name="slot",
            name="bank",
        ),
        migrations.RemoveField(
            model_name="slot",
            name="item",
        ),
        migrations.RemoveField(
            model_name="slot",
            name="skill",
        ),
        migrations.RemoveConstraint(
            model_name="assessment",
            name="an_adaptive_assessment_has_a_bank_rules_and_one_try",
        ),
        migrations.RemoveConstraint(
            model_name="assessment",
            name="a_mastery_assessment_has_a_bank_rules_and_verdicts_at_once",
        ),
        migrations.RemoveConstraint(
            model_name="assessment",
            name="a_penalty_is_a_fraction",
        ),
        migrations.RemoveConstraint(
            model_name="assessment",
            name="a_pass_is_a_fraction",
        ),
        migrations.RemoveConstraint(
            model_name="assessment",
            name="at_least_one_try",
        ),
        migrations.RemoveConstraint(
            model_name="assessment",
            name="a_time_limit_is_at_least_a_minute",
        ),
        migrations.RemoveConstraint(
            model_name="assessment",
            name="an_assessment_opens_before_it_closes",
        ),
        migrations.RemoveConstraint(
            model_name="attempt",
            name="one_attempt_per_learner_and_number",
        ),
        migrations.RemoveConstraint(
            model_name="attempt",
            name="one_open_attempt",
        ),
        migrations.RemoveField(
            model_name="assessment",
            name="adaptive_document",
        ),
        migrations.RemoveField(
            model_name="assessment",
            name="attempts_allowed",
        ),
        migrations.RemoveField(
            model_name="assessment",
            name="bank",
        ),
        migrations.RemoveField(
            model_name="assessment",
            name="closes_at",
        ),
        migrations.RemoveField(
            model_name="assessment",
            name="course",
        ),
        migrations.RemoveField(
            model_name="assessment",
            name="exclusive",
        ),
        migrations.RemoveField(
            model_name="assessment",
            name="instructions",
        ),
        migrations.RemoveField(
            model_name="assessment",
            name="is_open",
        ),
        migrations.RemoveField(
            model_name="assessment",
            name="keep",
        ),
        migrations.RemoveField(
            model_name="assessment",
            name="mastery_document",
        ),
        migrations.RemoveField(
            model_name="assessment",
            name="opens_at",
        ),
        migrations.RemoveField(
            model_name="assessment",
            name="pass_fraction",
        ),
        migrations.RemoveField(
            model_name="assessment",
            name="penalty",
        ),
        migrations.RemoveField(
            model_name="assessment",
            name="summary",
        ),
        migrations.RemoveField(
            model_name="assessment",
            name="time_limit_minutes",
        ),
        migrations.RemoveField(
            model_name="assessment",
            name="tries",
        ),
        migrations.RemoveField(
            model_name="attempt",
            name="assessment",
        ),
        migrations.RemoveField(
            model_name="attempt",
            name="rules_document",
        ),
        migrations.AddField(
            model_name="assessment",
            name="retired_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="attempt",
            name="release",
            field=models.CharField(
                choices=[("immediate", "immediate"), ("at_end", "at_end"), ("after_close", "after_close")],
                default="immediate",
                help_text="When its verdicts are shown, whatever the assignment says by now.",
                max_length=12,
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="assessment",
            name="feedback",
            field=models.CharField(
                blank=True,
                choices=[("immediate", "immediate"), ("at_end", "at_end"), ("after_close", "after_close")],
                help_text="As in the current version: when verdicts are shown where an assignment says nothing.",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="assessment",
            name="mode",
            field=models.CharField(blank=True, help_text="As in the current version.", max_length=10),
        ),
        migrations.AlterField(
            model_name="assessment",
            name="title",
            field=models.CharField(help_text="As in the current version.", max_length=200),
        ),
        migrations.AddField(
            model_name="assessmentsource",
            name="bank",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assessment_sources",
                to="content.itembank",
            ),
        ),
        migrations.AddField(
            model_name="assessmentsource",
            name="item",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assessment_sources",
                to="content.item",
            ),
        ),
        migrations.AddField(
            model_name="assessmentsource",
            name="skill",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assessment_sources",
                to="content.skill",
            ),
        ),
        migrations.AddField(
            model_name="assessmentversion",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="assessment.assessment",
            ),
        ),
        migrations.AddField(
            model_name="assessmentsource",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sources",
                to="assessment.assessmentversion",
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="current",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="current_of",
                to="assessment.assessmentversion",
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="version",
            field=models.ForeignKey(
                default=None,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempts",
                to="assessment.assessmentversion",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="assignment",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assignments",
                to="assessment.assessment",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="course",
            field=models.ForeignKey(
                blank=True,
                help_text="Only members of this course may take it; empty: everybody.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assignments",
                to="assessment.course",
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="assignment",
            field=models.ForeignKey(
                default=None,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempts",
                to="assessment.assignment",
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.UniqueConstraint(
                fields=("learner", "assignment", "number"), name="one_attempt_per_learner_and_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("learner", "assignment"),
                name="one_open_attempt",
            ),
        ),
        migrations.AddField(
            model_name="assignmentchange",
            name="assignment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="changes",
                to="assessment.assignment",
            ),
        ),
        migrations.AddField(
            model_name="assignmentchange",
            name="author",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assignment_changes",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.DeleteModel(
            name="Section",
        ),
        migrations.DeleteModel(
            name="Slot",
        ),
        migrations.AddConstraint(
            model_name="assessmentversion",
            constraint=models.UniqueConstraint(
                fields=("assessment", "number"), name="one_assessment_version_per_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="assessmentversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "draft")),
                fields=("assessment",),
                name="one_draft_per_assessment",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessmentsource",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("bank__isnull", True), ("item__isnull", False), ("skill__isnull", True)),
                    models.Q(("bank__isnull", False), ("item__isnull", True)),
                    _connector="OR",
                ),
                name="a_source_names_an_item_or_a_bank",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                fields=("assessment", "course"),
                name="one_assignment_per_assessment_and_course",
                nulls_distinct=False,
                violation_error_message="This assessment is assigned there already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("time_limit_minutes__isnull", True), ("time_limit_minutes__gte", 1), _connector="OR"
                ),
                name="a_time_limit_is_at_least_a_minute",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("attempts_allowed__isnull", True), ("attempts_allowed__gte", 1), _connector="OR"
                ),
                name="at_least_one_attempt_is_allowed",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight__gte", 0)), name="an_assignment_weighs_nothing_less"
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opens_at__isnull", True),
                    ("closes_at__isnull", True),
                    ("opens_at__lt", models.F("closes_at")),
                    _connector="OR",
                ),
                name="an_assignment_opens_before_it_closes",
            ),
        ),
        migrations.RunSQL(
            VERSIONS, "DROP TRIGGER published_versions_never_change ON assessment_assessmentversion"
        ),
        migrations.RunSQL(CHANGES, "DROP TRIGGER appended ON assessment_assignmentchange"),
    ]
