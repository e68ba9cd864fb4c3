"""What happened, to whom, and what it means: everything as the models say it."""

import content.models.versions
import django.db.models.deletion
import django.db.models.functions.datetime
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
        migrations.CreateModel(
            name="ToolKey",
            fields=[
                ("kid", models.CharField(editable=False, max_length=64, primary_key=True, serialize=False)),
                (
                    "number",
                    models.PositiveIntegerField(
                        editable=False,
                        help_text="From 1: of two that make the next key at once, one does.",
                        unique=True,
                    ),
                ),
                (
                    "sealed",
                    models.TextField(
                        editable=False, help_text="The private key, encrypted under the secret key."
                    ),
                ),
                ("public", models.JSONField(editable=False)),
                ("created_at", models.DateTimeField(editable=False)),
                ("signs_from", models.DateTimeField()),
                (
                    "retires_at",
                    models.DateTimeField(
                        blank=True, help_text="From then on it is not published.", null=True
                    ),
                ),
            ],
            options={
                "verbose_name": "tool key",
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="recovery_code",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("made_at", models.DateTimeField(editable=False)),
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
            model_name="assignment",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assignments",
                to="assessment.assessment",
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
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="assignment_changes",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="assignment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempts",
                to="assessment.assignment",
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
            model_name="attempt",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempts",
                to="assessment.assessmentversion",
            ),
        ),
        migrations.AddField(
            model_name="attemptaction",
            name="attempt",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="assessment.attempt"
            ),
        ),
        migrations.AddField(
            model_name="attemptaction",
            name="author",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="attempt_actions",
                to=settings.AUTH_USER_MODEL,
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
            model_name="correction",
            name="assessment",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: wherever the versions were shown.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="assessment.assessment",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="author",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="corrections",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="corrected_version",
            field=models.ForeignKey(
                blank=True,
                help_text="The wording with the right key or policy.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrects",
                to="content.itemversion",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="undoes",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="undone_by",
                to="assessment.correction",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="versions",
            field=models.ManyToManyField(
                help_text="Whose answers are judged anew.",
                related_name="corrections",
                to="content.itemversion",
            ),
        ),
        migrations.AddField(
            model_name="course",
            name="lessons",
            field=models.ManyToManyField(blank=True, related_name="courses", to="content.lesson"),
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
            model_name="difficultyevent",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="difficulty_events",
                to="content.item",
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
                ("answer", content.models.versions.DocumentField()),
                ("after", models.PositiveIntegerField()),
                ("saved_at", models.DateTimeField()),
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
            name="correction",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The latest correction in force that gives this place another key or policy.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="presentations",
                to="assessment.correction",
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
            model_name="erasure",
            name="author",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="erasures",
                to=settings.AUTH_USER_MODEL,
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
            model_name="exposureevent",
            name="assessment",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="exposure_events",
                to="assessment.assessment",
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
            model_name="launch",
            name="attempt",
            field=models.ForeignKey(
                blank=True,
                help_text="What a submission review is about.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="assessment.attempt",
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
            model_name="erasure",
            name="learner",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="erasures",
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
            name="Override",
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
                    models.FloatField(blank=True, help_text="A fraction of what could be earned.", null=True),
                ),
                ("reason", models.TextField()),
                ("created_at", models.DateTimeField()),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides",
                        to="assessment.attempt",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="overrides",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "presentation",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: the attempt as a whole.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides",
                        to="assessment.presentation",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Platform",
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
                ("name", models.CharField(help_text="What people here call it.", max_length=200)),
                (
                    "issuer",
                    models.CharField(help_text="As it calls itself in its messages.", max_length=4000),
                ),
                ("client_id", models.CharField(max_length=255)),
                ("authorization_url", models.URLField(help_text="Where a launch begins.", max_length=4000)),
                (
                    "token_url",
                    models.URLField(help_text="Where we ask for leave to send grades.", max_length=4000),
                ),
                (
                    "token_audience",
                    models.CharField(
                        blank=True,
                        help_text="Whom such a request names; empty: the token address.",
                        max_length=4000,
                    ),
                ),
                ("jwks_url", models.URLField(help_text="Its public keys.", max_length=4000)),
                (
                    "other_hosts",
                    models.CharField(
                        blank=True,
                        help_text="Further hosts of it, with spaces between: where a school is under a name of its own, as learn.school.edu. Gradebooks and frames may be there.",
                        max_length=1000,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "waits until somebody here confirms it"),
                            ("active", "may open us"),
                            ("closed", "may not open us any more"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                (
                    "trusts_new_deployments",
                    models.BooleanField(
                        default=False,
                        help_text="A deployment that opens us for the first time is active at once.",
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                ("keys", models.JSONField(blank=True, editable=False, null=True)),
                ("keys_fetched_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("issuer", "client_id"),
                        name="one_registration_per_issuer_and_client",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="launch",
            name="platform",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="launches", to="assessment.platform"
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="platform",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="invitations",
                to="assessment.platform",
            ),
        ),
        migrations.AddField(
            model_name="deployment",
            name="platform",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deployments",
                to="assessment.platform",
            ),
        ),
        migrations.CreateModel(
            name="PlatformContext",
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
                ("context_id", models.CharField(max_length=255)),
                ("memberships_url", models.CharField(blank=True, max_length=4000)),
                ("roster_read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contexts",
                        to="assessment.course",
                    ),
                ),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contexts",
                        to="assessment.deployment",
                    ),
                ),
            ],
            options={
                "ordering": ["deployment", "id"],
            },
        ),
        migrations.CreateModel(
            name="PlatformPerson",
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
                ("subject", models.CharField(max_length=255)),
                (
                    "platform",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="people",
                        to="assessment.platform",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="platforms",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["platform", "id"],
            },
        ),
        migrations.AddField(
            model_name="grade",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="grades",
                to="assessment.platformperson",
            ),
        ),
        migrations.CreateModel(
            name="RefusedLaunch",
            fields=[
                ("trace", models.CharField(editable=False, max_length=16, primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=500)),
                ("created_at", models.DateTimeField(db_index=True)),
                (
                    "platform",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="refused",
                        to="assessment.platform",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "refused launches",
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="ResourceLink",
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
                ("link_id", models.CharField(max_length=255)),
                ("title", models.CharField(blank=True, max_length=255)),
                ("line_item", models.CharField(blank=True, max_length=4000)),
                ("line_items", models.CharField(blank=True, max_length=4000)),
                (
                    "scopes",
                    models.JSONField(default=list, help_text="What the platform lets us do with grades."),
                ),
                ("maximum", models.FloatField(blank=True, help_text="Of the line item.", null=True)),
                (
                    "compared_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When its grades were held against the platform's gradebook.",
                        null=True,
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "assignment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="assessment.assignment",
                    ),
                ),
                (
                    "context",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="assessment.platformcontext",
                    ),
                ),
            ],
            options={
                "ordering": ["context", "id"],
            },
        ),
        migrations.AddField(
            model_name="launch",
            name="link",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="launches",
                to="assessment.resourcelink",
            ),
        ),
        migrations.AddField(
            model_name="grade",
            name="link",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="grades",
                to="assessment.resourcelink",
            ),
        ),
        migrations.CreateModel(
            name="Response",
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
                    "sequence",
                    models.PositiveIntegerField(
                        help_text="Its number among the responses of the attempt; in practice, of the presentation."
                    ),
                ),
                ("answer", content.models.versions.DocumentField()),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("learner", "sent by the learner"),
                            ("draft", "a draft, graded when the attempt ended"),
                            ("late", "came after the end, and is not judged"),
                        ],
                        default="learner",
                        max_length=10,
                    ),
                ),
                (
                    "after",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Of a draft: how many answers the place had when it was typed.",
                        null=True,
                    ),
                ),
                ("hints_taken", models.PositiveIntegerField(default=0, help_text="Before this response.")),
                (
                    "seconds",
                    models.FloatField(
                        blank=True,
                        help_text="For how long the place was in view since the response before.",
                        null=True,
                    ),
                ),
                ("key", models.UUIDField(help_text="The Idempotency-Key of the request.")),
                (
                    "fingerprint",
                    models.CharField(
                        help_text="Of the request, to tell a retry from another.", max_length=64
                    ),
                ),
                (
                    "try_number",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="The try that it was announced to be; empty where it cost none.",
                        null=True,
                    ),
                ),
                (
                    "announcement",
                    content.models.versions.DocumentField(
                        blank=True,
                        help_text="Read and written by assessment.disclosure.announcing.",
                        null=True,
                    ),
                ),
                (
                    "failure",
                    models.CharField(
                        blank=True,
                        help_text="The class of what the grader raised; the log has the rest.",
                        max_length=100,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "attempt",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="assessment.attempt",
                    ),
                ),
                (
                    "learner",
                    models.ForeignKey(
                        db_constraint=False,
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
            options={
                "ordering": ["created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="ResultChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "assignment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="assessment.assignment",
                    ),
                ),
                (
                    "learner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="assessment.learner",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "session_key",
                    models.CharField(
                        max_length=40, primary_key=True, serialize=False, verbose_name="session key"
                    ),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="launch",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="launches", to="assessment.session"
            ),
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
            name="UsedNonce",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("nonce", models.CharField(max_length=255)),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "platform",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="nonces",
                        to="assessment.platform",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
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
        migrations.CreateModel(
            name="Verdict",
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
                ("number", models.PositiveSmallIntegerField(default=1)),
                (
                    "judged_by",
                    content.models.versions.DocumentField(
                        blank=True,
                        help_text="Keys and policies by interaction; empty: as the presentation shows.",
                        null=True,
                    ),
                ),
                ("grader_version", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("valid", models.BooleanField()),
                (
                    "score",
                    models.FloatField(help_text="Of this response alone, as a fraction, before penalties."),
                ),
                (
                    "document",
                    content.models.versions.DocumentField(
                        help_text="Read and written by content.items.grading."
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("current", models.BooleanField(default=True)),
                (
                    "is_void",
                    models.BooleanField(
                        default=False,
                        help_text="The answer counts as not sent: it was a draft, and its attempt went on after the end.",
                    ),
                ),
                (
                    "correction",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to="assessment.correction",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to="assessment.response",
                    ),
                ),
            ],
            options={
                "ordering": ["response", "number"],
            },
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
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("email", ""), _negated=True),
                name="one_account_per_folded_email",
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
            model_name="attemptaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="an_action_has_a_reason"
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
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("corrected_version__isnull", True), ("kind__in", ["drop", "full_credit"])),
                    models.Q(("corrected_version__isnull", False), ("kind__in", ["key", "policy"])),
                    _connector="OR",
                ),
                name="a_new_key_or_policy_stands_in_a_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="a_correction_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("undoes__isnull", True),
                    models.Q(("undoes", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="nothing_undoes_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                fields=("assessment", "course"),
                name="one_assignment_per_assessment_and_course",
                nulls_distinct=False,
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
        migrations.AddIndex(
            model_name="difficultyevent",
            index=models.Index(
                condition=models.Q(("batch__isnull", True)), fields=["id"], name="difficulties_to_fold"
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
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="an_erasure_has_a_reason"
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
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "grading"), _negated=True), name="grading_is_never_stored"
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
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("score__isnull", True), models.Q(("score__gte", 0), ("score__lte", 1)), _connector="OR"
                ),
                name="an_override_is_a_fraction",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="an_override_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="deployment",
            constraint=models.UniqueConstraint(
                fields=("platform", "deployment_id"), name="one_deployment_per_platform"
            ),
        ),
        migrations.AddConstraint(
            model_name="platformcontext",
            constraint=models.UniqueConstraint(
                fields=("deployment", "context_id"), name="one_context_per_deployment"
            ),
        ),
        migrations.AddConstraint(
            model_name="platformperson",
            constraint=models.UniqueConstraint(fields=("platform", "subject"), name="one_person_per_subject"),
        ),
        migrations.AddConstraint(
            model_name="platformperson",
            constraint=models.UniqueConstraint(fields=("platform", "user"), name="one_subject_per_user"),
        ),
        migrations.AddConstraint(
            model_name="resourcelink",
            constraint=models.UniqueConstraint(fields=("context", "link_id"), name="one_link_per_context"),
        ),
        migrations.AddConstraint(
            model_name="resourcelink",
            constraint=models.CheckConstraint(
                condition=models.Q(("maximum__isnull", True), ("maximum__gt", 0), _connector="OR"),
                name="a_full_score_is_positive",
            ),
        ),
        migrations.AddIndex(
            model_name="grade",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["due_at"], name="grades_on_their_way"
            ),
        ),
        migrations.AddConstraint(
            model_name="grade",
            constraint=models.UniqueConstraint(
                fields=("link", "person", "version"), name="one_grade_per_link_person_and_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="grade",
            constraint=models.CheckConstraint(
                condition=models.Q(("maximum__gt", 0)), name="a_grade_is_out_of_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="grade",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("score__isnull", True),
                    models.Q(("score__gte", 0), ("score__lte", models.F("maximum"))),
                    _connector="OR",
                ),
                name="a_grade_is_within_its_maximum",
            ),
        ),
        migrations.AddConstraint(
            model_name="grade",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", False), _connector="OR"
                ),
                name="a_sent_grade_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="response",
            constraint=models.UniqueConstraint(fields=("learner", "key"), name="one_response_per_key"),
        ),
        migrations.AddConstraint(
            model_name="response",
            constraint=models.UniqueConstraint(
                fields=("presentation", "sequence"), name="one_response_per_place_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="response",
            constraint=models.UniqueConstraint(
                condition=models.Q(("attempt__isnull", False)),
                fields=("attempt", "sequence"),
                name="one_response_per_sequence",
            ),
        ),
        migrations.AddConstraint(
            model_name="response",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("announcement__isnull", False), ("try_number__isnull", True), _connector="OR"
                ),
                name="a_try_was_announced",
            ),
        ),
        migrations.AddConstraint(
            model_name="usednonce",
            constraint=models.UniqueConstraint(fields=("platform", "nonce"), name="a_nonce_is_used_once"),
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
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(
                condition=models.Q(("correction__isnull", False)),
                fields=["correction"],
                name="verdicts_of_a_correction",
            ),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.UniqueConstraint(fields=("response", "number"), name="one_verdict_per_number"),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.UniqueConstraint(
                condition=models.Q(("current", True)), fields=("response",), name="one_current_verdict"
            ),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("grader_version__isnull", False), ("person__isnull", True)),
                    models.Q(("grader_version__isnull", True), ("person__isnull", False)),
                    _connector="OR",
                ),
                name="a_verdict_has_one_maker",
            ),
        ),
    ]
