"""What happened, to whom, and what it means: everything as the models say it."""

import content.models.versions
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("assessment", "0001_first"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("content", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="RateCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "scope", "ident", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("scope", models.CharField(max_length=20)),
                ("ident", models.CharField(max_length=100)),
                ("ends_at", models.DateTimeField(db_index=True)),
                ("count", models.PositiveIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="user",
            name="groups",
            field=models.ManyToManyField(
                blank=True,
                help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                related_name="user_set",
                related_query_name="user",
                to="auth.group",
                verbose_name="groups",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="user_permissions",
            field=models.ManyToManyField(
                blank=True,
                help_text="Specific permissions for this user.",
                related_name="user_set",
                related_query_name="user",
                to="auth.permission",
                verbose_name="user permissions",
            ),
        ),
        migrations.AddField(
            model_name="accommodation",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="accommodations",
                to=settings.AUTH_USER_MODEL,
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
        migrations.AddField(
            model_name="assessment",
            name="lesson",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assessments",
                to="content.lesson",
            ),
        ),
        migrations.AddField(
            model_name="accommodation",
            name="assessment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="accommodations",
                to="assessment.assessment",
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempts",
                to="assessment.assessment",
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
            model_name="course",
            name="lessons",
            field=models.ManyToManyField(blank=True, related_name="courses", to="content.lesson"),
        ),
        migrations.AddField(
            model_name="assessment",
            name="course",
            field=models.ForeignKey(
                blank=True,
                help_text="Only members of this course may take it; empty: everybody.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assessments",
                to="assessment.course",
            ),
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "presentation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="draft",
                        serialize=False,
                        to="assessment.presentation",
                    ),
                ),
                ("answer", models.JSONField()),
                ("saved_at", models.DateTimeField()),
                (
                    "ungraded_at",
                    models.DateTimeField(blank=True, help_text="When the grader failed on it.", null=True),
                ),
                (
                    "ungraded_error",
                    models.CharField(
                        blank=True,
                        help_text="The class of what it raised; the log has the rest.",
                        max_length=100,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="presentation",
            name="attempt",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="presentations",
                to="assessment.attempt",
            ),
        ),
        migrations.AddField(
            model_name="presentation",
            name="item_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="presentations",
                to="content.itemversion",
            ),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="course",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="enrolments", to="assessment.course"
            ),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="enrolments",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="course",
            name="members",
            field=models.ManyToManyField(
                related_name="courses", through="assessment.Enrolment", to=settings.AUTH_USER_MODEL
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
        migrations.AddField(
            model_name="presentation",
            name="learner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="presentations",
                to="assessment.learner",
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="learner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempts",
                to="assessment.learner",
            ),
        ),
        migrations.AddField(
            model_name="masteryfit",
            name="skill",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="mastery_fits", to="content.skill"
            ),
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
                ("mean", models.FloatField(default=0.0)),
                ("variance", models.FloatField(default=1.0)),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "online difficulties",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("variance__gt", 0)), name="an_online_difficulty_is_uncertain"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "learner_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=content.models.versions.new_id, editable=False)),
                (
                    "try_number",
                    models.PositiveIntegerField(
                        help_text="The try it was, or for an invalid answer would have been."
                    ),
                ),
                ("hints_taken", models.PositiveIntegerField(default=0, help_text="Before this try.")),
                ("answer", models.JSONField()),
                ("verdict", models.JSONField(help_text="Read and written by content.items.grading.")),
                ("valid", models.BooleanField()),
                ("score", models.FloatField(help_text="Of this try alone, as a fraction, before penalties.")),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("learner", "sent by the learner"),
                            ("draft", "a draft, graded when the attempt ended"),
                        ],
                        default="learner",
                        max_length=10,
                    ),
                ),
                ("idempotency_key", models.UUIDField()),
                ("request_fingerprint", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                (
                    "learner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="assessment.learner",
                    ),
                ),
                (
                    "presentation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="assessment.presentation",
                    ),
                ),
            ],
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
                ("position", models.PositiveIntegerField()),
                ("title", models.CharField(blank=True, max_length=200)),
                (
                    "shuffle",
                    models.BooleanField(
                        default=False, help_text="Each learner gets its items in another order."
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sections",
                        to="assessment.assessment",
                    ),
                ),
            ],
            options={
                "ordering": ["assessment", "position"],
            },
        ),
        migrations.CreateModel(
            name="Slot",
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
                ("position", models.PositiveIntegerField()),
                (
                    "draw",
                    models.PositiveIntegerField(default=1, help_text="How many items to draw from the bank."),
                ),
                ("weight", models.FloatField(default=1.0, help_text="What each item counts.")),
                (
                    "bank",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slots",
                        to="content.itembank",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slots",
                        to="content.item",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="slots",
                        to="assessment.section",
                    ),
                ),
                (
                    "skill",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slots",
                        to="content.skill",
                    ),
                ),
            ],
            options={
                "ordering": ["section", "position"],
            },
        ),
        migrations.CreateModel(
            name="TaskRun",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("succeeded_at", models.DateTimeField(help_text="when a run last ended well", null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("running", "Running"), ("done", "Done"), ("failed", "Failed")],
                        max_length=10,
                    ),
                ),
                ("detail", models.TextField(blank=True, help_text="what it did, or why it failed")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at__isnull", True),
                            ("finished_at__gte", models.F("started_at")),
                            _connector="OR",
                        ),
                        name="a_task_ends_after_it_starts",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UserLearner",
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
                    models.CharField(
                        choices=[
                            ("own", "by the account"),
                            ("guest", "as a guest, before signing in"),
                            ("platform", "sent by another system"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="assessment.learner",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="learner",
            name="users",
            field=models.ManyToManyField(
                related_name="learners", through="assessment.UserLearner", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("username"), name="one_account_per_folded_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_guest", False),
                    models.Q(("is_staff", False), ("is_superuser", False)),
                    _connector="OR",
                ),
                name="a_guest_is_no_staff",
            ),
        ),
        migrations.AddConstraint(
            model_name="accommodation",
            constraint=models.UniqueConstraint(
                fields=("user", "assessment"),
                name="one_accommodation_per_user_and_assessment",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="accommodation",
            constraint=models.CheckConstraint(
                condition=models.Q(("time_factor__gte", 1)), name="an_accommodation_takes_no_time_away"
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
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("penalty__gte", 0), ("penalty__lte", 1)), name="a_penalty_is_a_fraction"
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("pass_fraction__gte", 0), ("pass_fraction__lte", 1)),
                name="a_pass_is_a_fraction",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("tries__isnull", True), ("tries__gte", 1), _connector="OR"),
                name="at_least_one_try",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("time_limit_minutes__isnull", True), ("time_limit_minutes__gte", 1), _connector="OR"
                ),
                name="a_time_limit_is_at_least_a_minute",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opens_at__isnull", True),
                    ("closes_at__isnull", True),
                    ("opens_at__lt", models.F("closes_at")),
                    _connector="OR",
                ),
                name="an_assessment_opens_before_it_closes",
            ),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(
                condition=models.Q(("ungraded_at__isnull", False)),
                fields=["ungraded_at"],
                name="ungraded_drafts",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ungraded_at__isnull", True), ("ungraded_error", "")),
                    models.Q(
                        models.Q(("ungraded_at__isnull", False)),
                        models.Q(("ungraded_error", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="an_ungraded_draft_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(
                fields=("course", "user"), name="one_enrolment_per_course_and_user"
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
        migrations.AddIndex(
            model_name="presentation",
            index=models.Index(fields=["learner", "-id"], name="presentations_of_a_learner"),
        ),
        migrations.AddConstraint(
            model_name="presentation",
            constraint=models.UniqueConstraint(
                fields=("attempt", "position"), name="one_presentation_per_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="presentation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("attempt__isnull", True), ("position__isnull", True)),
                    models.Q(("attempt__isnull", False), ("position__gte", 1)),
                    _connector="OR",
                ),
                name="a_position_belongs_to_an_attempt",
            ),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["learner", "-id"], name="attempts_of_a_learner"),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(
                condition=models.Q(("deadline__isnull", False), ("state", "open")),
                fields=["deadline"],
                name="open_attempts_by_deadline",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.UniqueConstraint(
                fields=("learner", "assessment", "number"), name="one_attempt_per_learner_and_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("learner", "assessment"),
                name="one_open_attempt",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finished_at__isnull", True), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("finished_at__isnull", False)),
                    _connector="OR",
                ),
                name="a_finished_attempt_has_an_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("mode", "adaptive"), _negated=True),
                        ("adaptive_document__isnull", True),
                        ("pool__isnull", True),
                        ("posterior__isnull", True),
                    ),
                    models.Q(
                        ("adaptive_document__isnull", False),
                        ("mode", "adaptive"),
                        ("pool__isnull", False),
                        ("posterior__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="an_adaptive_attempt_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("mastery_document__isnull", False), ("mode", "mastery")),
                    models.Q(
                        models.Q(("mode", "mastery"), _negated=True), ("mastery_document__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="a_mastery_attempt_is_whole",
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
        migrations.AddIndex(
            model_name="response",
            index=models.Index(fields=["presentation", "id"], name="responses_of_a_presentation"),
        ),
        migrations.AddConstraint(
            model_name="response",
            constraint=models.UniqueConstraint(
                fields=("learner", "idempotency_key"), name="one_response_per_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="response",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid", True)),
                fields=("presentation", "try_number"),
                name="one_valid_response_per_try",
            ),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.UniqueConstraint(
                fields=("assessment", "position"), name="one_section_per_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.UniqueConstraint(fields=("section", "position"), name="one_slot_per_position"),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("bank__isnull", True), ("item__isnull", False), ("skill__isnull", True)),
                    models.Q(("bank__isnull", False), ("item__isnull", True)),
                    _connector="OR",
                ),
                name="a_slot_names_an_item_or_a_bank",
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight__gt", 0)), name="a_slot_counts_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                condition=models.Q(("draw__gte", 1)), name="a_slot_draws_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="userlearner",
            constraint=models.UniqueConstraint(
                fields=("user", "learner"), name="one_link_per_user_and_learner"
            ),
        ),
        migrations.AddConstraint(
            model_name="userlearner",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "own")), fields=("user",), name="one_own_learner_per_user"
            ),
        ),
    ]
