"""Accounts, which content names as those who may change it."""

import assessment.models.measurement
import content.models.versions
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.core.serializers.json
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined"),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=content.models.versions.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("is_guest", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Accommodation",
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
                    "time_factor",
                    models.FloatField(default=1.0, help_text="1.5 gives half as much time again."),
                ),
                (
                    "extra_minutes",
                    models.PositiveIntegerField(default=0, help_text="Besides what the factor gives."),
                ),
                (
                    "no_limit",
                    models.BooleanField(default=False, help_text="No time limit; what closes still closes."),
                ),
                ("extra_attempts", models.PositiveIntegerField(default=0)),
                (
                    "tries",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="For each item, where that is more than usual. Adaptive ones keep to one.",
                        null=True,
                    ),
                ),
                (
                    "closes_at",
                    models.DateTimeField(
                        blank=True, help_text="Instead of the assessment's own closing.", null=True
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ["user"],
            },
        ),
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
            name="Assessment",
            fields=[
                ("imported_fingerprint", models.CharField(blank=True, editable=False, max_length=64)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "id",
                    models.UUIDField(
                        default=content.models.versions.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("slug", models.SlugField(max_length=100, unique=True)),
                ("title", models.CharField(help_text="As in the current version.", max_length=200)),
                ("mode", models.CharField(blank=True, help_text="As in the current version.", max_length=10)),
                (
                    "feedback",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("immediate", "immediate"),
                            ("at_end", "at_end"),
                            ("after_close", "after_close"),
                        ],
                        help_text="As in the current version: when verdicts are shown where an assignment says nothing.",
                        max_length=12,
                    ),
                ),
            ],
            options={
                "ordering": ["title"],
                "permissions": [("grade_cases", "Can have answers graded under any policy")],
            },
        ),
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
                        help_text="While it runs, its learners and guests cannot practice its items. Unknown: yes where it closes or withholds verdicts.",
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
        migrations.CreateModel(
            name="Attempt",
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
                    "release",
                    models.CharField(
                        choices=[
                            ("immediate", "immediate"),
                            ("at_end", "at_end"),
                            ("after_close", "after_close"),
                        ],
                        help_text="When its verdicts are shown, whatever the assignment says by now.",
                        max_length=12,
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        help_text="How it gets its items, whatever the assessment says by now.", max_length=10
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("grading", "Grading"),
                            ("submitted", "Submitted"),
                            ("expired", "Expired"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "revision",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Moved by every write to the attempt: whoever decided on another one reads again.",
                    ),
                ),
                (
                    "answers",
                    models.PositiveIntegerField(
                        default=0, help_text="Responses so far: the sequence of the last."
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("deadline", models.DateTimeField(blank=True, null=True)),
                (
                    "tries",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="For each item, as arranged for its learner; it only grows.",
                        null=True,
                    ),
                ),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("score", models.FloatField(default=0.0)),
                ("max_score", models.FloatField(default=0.0)),
                (
                    "posterior",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(), blank=True, null=True, size=61
                    ),
                ),
                (
                    "adaptive_document",
                    content.models.versions.DocumentField(
                        blank=True,
                        db_column="adaptive",
                        help_text="Read and written by assessment.modes.adaptive.",
                        null=True,
                    ),
                ),
                (
                    "mastery_document",
                    content.models.versions.DocumentField(
                        blank=True,
                        db_column="mastery",
                        help_text="Read and written by assessment.selection.mastery.",
                        null=True,
                    ),
                ),
                (
                    "awarded",
                    models.FloatField(
                        blank=True,
                        help_text="Fraction of the maximum that counts instead of the score.",
                        null=True,
                    ),
                ),
                (
                    "is_void",
                    models.BooleanField(default=False, help_text="Counts for nothing, and stays readable."),
                ),
                (
                    "stop_reason",
                    models.CharField(
                        blank=True,
                        help_text="Why an attempt ended that is chosen item by item.",
                        max_length=40,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="AttemptAction",
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
                            ("void", "counts for nothing"),
                            ("reopen", "open again"),
                            ("extend", "more time"),
                            ("allow_another", "another attempt"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "until",
                    models.DateTimeField(blank=True, help_text="The new deadline; empty: none.", null=True),
                ),
                ("reason", models.TextField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["id"],
            },
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
            name="Correction",
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
                            ("key", "another key"),
                            ("policy", "another policy"),
                            ("drop", "does not count"),
                            ("full_credit", "full credit for all"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "keep_if_better",
                    models.BooleanField(
                        default=True, help_text="An attempt that would lose by it keeps all its verdicts."
                    ),
                ),
                (
                    "exact",
                    models.BooleanField(
                        default=False, help_text="Takes away as well what was announced to be right."
                    ),
                ),
                ("reason", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Course",
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
                ("slug", models.SlugField(max_length=100, unique=True)),
                ("title", models.CharField(max_length=200)),
            ],
            options={
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="Deployment",
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
                ("deployment_id", models.CharField(max_length=255)),
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
                ("created_at", models.DateTimeField(editable=False)),
            ],
            options={
                "ordering": ["platform", "id"],
            },
        ),
        migrations.CreateModel(
            name="DifficultyEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("theta", models.FloatField()),
                ("standard_error", models.FloatField()),
                ("score", models.FloatField()),
                ("guess", models.FloatField(help_text="Where its author put the item.")),
                ("written_by", assessment.models.measurement.TransactionField()),
                (
                    "batch",
                    models.PositiveBigIntegerField(blank=True, help_text="The fold that took it.", null=True),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["batch", "id"],
            },
        ),
        migrations.CreateModel(
            name="Presentation",
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
                ("position", models.PositiveIntegerField(blank=True, null=True)),
                ("section_title", models.CharField(blank=True, max_length=200)),
                (
                    "variant_document",
                    content.models.versions.DocumentField(
                        db_column="variant", help_text="Read and written by content.items.drawing."
                    ),
                ),
                ("weight", models.FloatField(default=1.0)),
                ("shown_at", models.DateTimeField()),
                ("hints_taken", models.PositiveIntegerField(default=0)),
                (
                    "solution_seen_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When its learner asked for the solution; in an attempt that closes the place.",
                        null=True,
                    ),
                ),
                (
                    "answers",
                    models.PositiveIntegerField(default=0, help_text="Responses so far, of whatever kind."),
                ),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, help_text="When the last of them came.", null=True),
                ),
                (
                    "tries_used",
                    models.PositiveIntegerField(
                        default=0, help_text="Tries that the learner was told of. A correction spends none."
                    ),
                ),
                ("invalid_answers", models.PositiveIntegerField(db_default=0, default=0)),
                (
                    "paused_until",
                    models.DateTimeField(
                        blank=True,
                        help_text="After too many answers that could not be read, the next one waits.",
                        null=True,
                    ),
                ),
                (
                    "score",
                    models.FloatField(
                        blank=True, help_text="Fraction of the weight; empty before a valid try.", null=True
                    ),
                ),
                (
                    "is_settled",
                    models.BooleanField(
                        default=False,
                        help_text="Right, its tries are spent, or its solution was asked for, as announced.",
                    ),
                ),
                (
                    "is_pending",
                    models.BooleanField(default=False, help_text="An answer here has no verdict yet."),
                ),
                (
                    "first_at",
                    models.DateTimeField(blank=True, help_text="When the first try came.", null=True),
                ),
                (
                    "first_score",
                    models.FloatField(blank=True, help_text="What the first try is worth by now.", null=True),
                ),
                (
                    "first_hints",
                    models.PositiveIntegerField(
                        default=0, help_text="Hints taken before the first try, the solution among them."
                    ),
                ),
                (
                    "is_seeded",
                    models.BooleanField(
                        default=False,
                        help_text="Asked to learn about the item: it does not count when the attempt is over.",
                    ),
                ),
                (
                    "choice",
                    content.models.versions.DocumentField(
                        blank=True,
                        help_text="Why an attempt chose it; read and written by assessment.modes",
                        null=True,
                    ),
                ),
                (
                    "corrected_document",
                    content.models.versions.DocumentField(
                        blank=True,
                        help_text="The variant that answers are graded by since; what was shown stays as it is.",
                        null=True,
                    ),
                ),
                (
                    "is_dropped",
                    models.BooleanField(default=False, help_text="Counts nothing, and could not."),
                ),
                (
                    "awarded",
                    models.FloatField(
                        blank=True,
                        help_text="Fraction of the weight that counts instead of the score.",
                        null=True,
                    ),
                ),
                (
                    "is_overridden",
                    models.BooleanField(
                        default=False, help_text="A person gave what counts, above corrections."
                    ),
                ),
            ],
            options={
                "ordering": ["attempt", "position"],
            },
        ),
        migrations.CreateModel(
            name="Enrolment",
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
                    "role",
                    models.CharField(
                        choices=[("learner", "Learner"), ("instructor", "Instructor")],
                        default="learner",
                        max_length=12,
                    ),
                ),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "enrollment",
                "ordering": ["course", "user"],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
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
                    "keeps_grades",
                    models.BooleanField(
                        default=False,
                        help_text="A course has to keep its grades: numbers stay, and what was written goes.",
                    ),
                ),
                ("reason", models.TextField(help_text="Without the name of who is to be forgotten.")),
                ("created_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-id"],
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
            name="ExposureEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("band", models.PositiveSmallIntegerField()),
                (
                    "attempts",
                    models.SmallIntegerField(
                        default=0, help_text="1: an attempt came into the band; -1: left it."
                    ),
                ),
                (
                    "amount",
                    models.SmallIntegerField(default=1, help_text="What it adds to each of the items."),
                ),
                (
                    "given",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100),
                        default=list,
                        help_text="Slugs of items.",
                        size=None,
                    ),
                ),
                (
                    "withheld",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100),
                        default=list,
                        help_text="Slugs of items.",
                        size=None,
                    ),
                ),
                ("written_by", assessment.models.measurement.TransactionField()),
            ],
            options={
                "ordering": ["id"],
            },
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
            name="Grade",
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
                ("version", models.PositiveIntegerField()),
                ("score", models.FloatField(blank=True, help_text="In points of the line item.", null=True)),
                ("maximum", models.FloatField()),
                ("is_final", models.BooleanField(help_text="No: something waits to be judged.")),
                ("timestamp", models.DateTimeField(help_text="What the platform is told, in whole seconds.")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "on its way"),
                            ("sent", "sent"),
                            ("parked", "refused by the platform"),
                            ("replaced", "replaced by a newer one before it was sent"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("due_at", models.DateTimeField(help_text="Not before: the release, or the next try.")),
                ("tries", models.PositiveIntegerField(default=0)),
                (
                    "reason",
                    models.CharField(blank=True, help_text="Why it is not there yet.", max_length=500),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "found",
                    models.FloatField(
                        blank=True,
                        help_text="What the gradebook shows, in the same points; empty: nothing.",
                        null=True,
                    ),
                ),
                (
                    "differs",
                    models.BooleanField(
                        default=False,
                        help_text="The gradebook shows something else: somebody there may have changed it.",
                    ),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["link", "person", "-version"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
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
                ("name", models.CharField(help_text="For which platform.", max_length=200)),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "confirms",
                    models.BooleanField(
                        default=True,
                        help_text="Who registers by it is active at once; else somebody here confirms it.",
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Launch",
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
                ("is_teacher", models.BooleanField(default=False)),
                ("return_url", models.CharField(blank=True, max_length=4000)),
                ("code", models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ("token", models.CharField(editable=False, max_length=64, null=True, unique=True)),
                (
                    "earlier_token",
                    models.CharField(
                        editable=False,
                        help_text="Until the next renewal.",
                        max_length=64,
                        null=True,
                        unique=True,
                    ),
                ),
                ("token_made_at", models.DateTimeField(editable=False, null=True)),
                ("created_at", models.DateTimeField(editable=False)),
            ],
            options={
                "verbose_name_plural": "launches",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Learner",
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
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["id"],
            },
        ),
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
    ]
