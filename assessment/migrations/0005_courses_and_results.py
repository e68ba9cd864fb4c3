"""Sections, join codes and dates of courses; corrections on their way; what people say of grades; statistics."""

import assessment.models.people
import content.models.versions
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


KEPT = (
    "CREATE TRIGGER appended BEFORE UPDATE OR DELETE ON assessment_gradenote "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change_but('author_id')"
)

TOLD = """
CREATE TRIGGER given_grades_are_told AFTER INSERT ON assessment_gradenote
FOR EACH ROW EXECUTE FUNCTION note_result()
"""
"""What a person says of a grade is on its way to platforms like a result."""


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0004_instructors"),
        ("content", "0002_promises"),
    ]

    operations = [
        migrations.CreateModel(
            name="CorrectionEffect",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("before_score", models.FloatField()),
                ("before_max", models.FloatField()),
                ("after_score", models.FloatField()),
                ("after_max", models.FloatField()),
                ("kept", models.BooleanField(default=False)),
                ("passed_before", models.BooleanField(null=True)),
                ("passed_after", models.BooleanField(null=True)),
                (
                    "told_right",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Answers announced to be right that the correction would find worse.",
                    ),
                ),
                (
                    "path_differs",
                    models.BooleanField(
                        default=False,
                        help_text="It was chosen item by item, and verdicts that the choice stood on have changed.",
                    ),
                ),
                (
                    "refused",
                    models.JSONField(
                        blank=True,
                        help_text="By position why what was shown there cannot be judged anew.",
                        null=True,
                    ),
                ),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
                (
                    "seen_at",
                    models.DateTimeField(
                        blank=True, help_text="When its learner put the notice away.", null=True
                    ),
                ),
            ],
            options={
                "ordering": ["correction", "id"],
            },
        ),
        migrations.CreateModel(
            name="CorrectionRun",
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
                (
                    "kind",
                    models.CharField(choices=[("preview", "Preview"), ("apply", "Apply")], max_length=10),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "total",
                    models.PositiveIntegerField(
                        blank=True, help_text="Attempts; empty before it began.", null=True
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0)),
                (
                    "seconds",
                    models.FloatField(blank=True, help_text="For how long it has worked.", null=True),
                ),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("failure", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="GradeNote",
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
                (
                    "score",
                    models.FloatField(
                        blank=True,
                        help_text="A fraction of everything, instead of what the attempts are worth.",
                        null=True,
                    ),
                ),
                (
                    "is_excused",
                    models.BooleanField(
                        default=False, help_text="Nothing is expected: not missing, not counted."
                    ),
                ),
                ("comment", models.TextField(blank=True, help_text="Shown to its learner.", max_length=2000)),
                ("reason", models.TextField(blank=True, help_text="For those who teach.", max_length=2000)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="RegradeRequest",
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
                ("text", models.TextField(blank=True, max_length=2000)),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("reply", models.TextField(blank=True, help_text="Shown to its learner.", max_length=2000)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Section",
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
                ("title", models.CharField(max_length=100)),
            ],
            options={
                "ordering": ["course", "title"],
            },
        ),
        migrations.CreateModel(
            name="StatisticsSnapshot",
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
                ("attempts", models.PositiveIntegerField()),
                (
                    "document",
                    content.models.versions.DocumentField(
                        help_text="Read and written by assessment.results.statistics."
                    ),
                ),
                ("seconds", models.FloatField(help_text="What it took to compute.")),
                ("computed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["assessment", "course"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="assignment",
            name="one_assignment_per_assessment_and_course",
        ),
        migrations.RemoveConstraint(
            model_name="correction",
            name="a_new_key_or_policy_stands_in_a_version",
        ),
        migrations.AddField(
            model_name="correction",
            name="accepted",
            field=models.JSONField(
                blank=True,
                help_text="What is accepted besides the key; read and written by content.items.accepting.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="course",
            name="copied_from",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="copies",
                to="assessment.course",
            ),
        ),
        migrations.AddField(
            model_name="course",
            name="join_code",
            field=models.CharField(blank=True, editable=False, max_length=12, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="course",
            name="time_zone",
            field=models.CharField(
                default="UTC",
                help_text="In which its dates are entered and shown, as Europe/Berlin.",
                max_length=64,
                validators=[assessment.models.people.check_time_zone],
            ),
        ),
        migrations.AlterField(
            model_name="correction",
            name="kind",
            field=models.CharField(
                choices=[
                    ("key", "another key"),
                    ("policy", "another policy"),
                    ("drop", "does not count"),
                    ("full_credit", "full credit for all"),
                    ("accept", "this answer too"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="enrolment",
            name="role",
            field=models.CharField(
                choices=[
                    ("learner", "Learner"),
                    ("instructor", "Instructor"),
                    ("tester", "tester, who counts nowhere"),
                ],
                default="learner",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("corrected_version__isnull", True), ("kind__in", ["drop", "full_credit", "accept"])
                    ),
                    models.Q(("corrected_version__isnull", False), ("kind__in", ["key", "policy"])),
                    _connector="OR",
                ),
                name="a_new_key_or_policy_stands_in_a_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted__isnull", False), ("kind", "accept")),
                    models.Q(models.Q(("kind", "accept"), _negated=True), ("accepted__isnull", True)),
                    _connector="OR",
                ),
                name="what_is_accepted_too_is_said",
            ),
        ),
        migrations.AddField(
            model_name="correctioneffect",
            name="attempt",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections_felt",
                to="assessment.attempt",
            ),
        ),
        migrations.AddField(
            model_name="correctioneffect",
            name="correction",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="effects",
                to="assessment.correction",
            ),
        ),
        migrations.AddField(
            model_name="correctioneffect",
            name="learner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assessment.learner"
            ),
        ),
        migrations.AddField(
            model_name="correctionrun",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="correction_runs",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="correctionrun",
            name="correction",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="runs", to="assessment.correction"
            ),
        ),
        migrations.AddField(
            model_name="gradenote",
            name="assignment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grade_notes",
                to="assessment.assignment",
            ),
        ),
        migrations.AddField(
            model_name="gradenote",
            name="author",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="grade_notes",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="gradenote",
            name="learner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grade_notes",
                to="assessment.learner",
            ),
        ),
        migrations.AddField(
            model_name="regraderequest",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="regrade_requests_closed",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="regraderequest",
            name="response",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="regrade_request",
                to="assessment.response",
            ),
        ),
        migrations.AddField(
            model_name="section",
            name="course",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="sections", to="assessment.course"
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="section",
            field=models.ForeignKey(
                blank=True,
                help_text="Only this section of the course, on terms of its own; empty: whoever has none of these.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assignments",
                to="assessment.section",
            ),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="section",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="enrolments",
                to="assessment.section",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                fields=("assessment", "course", "section"),
                name="one_assignment_per_assessment_course_and_section",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("section__isnull", True), ("course__isnull", False), _connector="OR"),
                name="a_section_is_of_a_course",
            ),
        ),
        migrations.AddField(
            model_name="statisticssnapshot",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="statistics",
                to="assessment.assessment",
            ),
        ),
        migrations.AddField(
            model_name="statisticssnapshot",
            name="course",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="statistics",
                to="assessment.course",
            ),
        ),
        migrations.AddConstraint(
            model_name="correctioneffect",
            constraint=models.UniqueConstraint(
                fields=("correction", "attempt"), name="one_effect_per_correction_and_attempt"
            ),
        ),
        migrations.AddConstraint(
            model_name="correctionrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at__isnull", True)),
                fields=("correction", "kind"),
                name="one_unfinished_run_per_correction_and_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="gradenote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("score__isnull", True), models.Q(("score__gte", 0), ("score__lte", 1)), _connector="OR"
                ),
                name="a_given_grade_is_a_fraction",
            ),
        ),
        migrations.AddConstraint(
            model_name="gradenote",
            constraint=models.CheckConstraint(
                condition=models.Q(("score__isnull", True), ("is_excused", False), _connector="OR"),
                name="who_is_excused_has_no_score",
            ),
        ),
        migrations.AddConstraint(
            model_name="gradenote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_excused", False), ("score__isnull", True)),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="another_grade_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="regraderequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_at__isnull", False), ("reply", ""), _connector="OR"),
                name="a_reply_closes_a_request",
            ),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.UniqueConstraint(
                models.F("course"),
                django.db.models.functions.text.Lower("title"),
                name="one_section_per_course_and_title",
            ),
        ),
        migrations.AddConstraint(
            model_name="statisticssnapshot",
            constraint=models.UniqueConstraint(
                fields=("assessment", "course"),
                name="one_snapshot_per_assessment_and_course",
                nulls_distinct=False,
            ),
        ),
        migrations.RunSQL(KEPT, "DROP TRIGGER appended ON assessment_gradenote"),
        migrations.RunSQL(TOLD, "DROP TRIGGER given_grades_are_told ON assessment_gradenote"),
    ]
