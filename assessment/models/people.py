"""People and the learners they are, the courses they are in, and what is arranged for one of them."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import available_timezones

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Lower

from content.models import Lesson
from content.models.constraints import Check, Unique
from content.models.versions import new_id

MOST_TIME: Final = 100
"""Times the ordinary time: beyond it ends lie behind the last day of the calendar."""
MOST_MINUTES: Final = 100_000
MOST_TRIES: Final = 10_000


class AccountManager(UserManager["User"]):
    use_in_migrations = False

    def get_by_natural_key(self, username: str | None) -> User:
        """Return who signs in under a name, however it is capitalized. Raises User.DoesNotExist."""
        name = self.model.normalize_username(username or "")
        return self.alias(folded=Lower("username")).get(folded=Lower(Value(name)))


class User(AbstractUser):
    """Anybody who answers or teaches. A guest is a learner without a name yet: signing up keeps the row,
    and with it everything the guest has done."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    is_guest = models.BooleanField(default=False)

    objects = AccountManager()  # type: ignore[misc]  # the stubs know the manager of the base class alone

    class Meta(AbstractUser.Meta):
        constraints = [
            # Signing up and in rely on it: "name" and "NAME" are one.
            Unique(
                Lower("username"),
                name="one_account_per_folded_name",
                field="username",
                words="There is an account of this name already, perhaps in other letters.",
            ),
            Check(
                condition=Q(is_guest=False) | Q(is_staff=False, is_superuser=False),
                name="a_guest_is_no_staff",
                field="is_staff",
                words="A guest cannot work at the desk.",
            ),
            # Recovery sends a link to the one account of an address.
            Unique(
                Lower("email"),
                condition=~Q(email=""),
                name="one_account_per_folded_email",
                field="email",
                words="Another account has this e-mail address.",
            ),
        ]


class LearnerQuerySet(models.QuerySet["Learner"]):
    def of_the_person(self, learner_id: UUID) -> LearnerQuerySet:
        """Return this learner and all others that the same people are."""
        same = UserLearner.objects.filter(user__links__learner=learner_id)
        return self.filter(Q(pk=learner_id) | Q(pk__in=same.values("learner")))


class Learner(models.Model):
    """Whom the log belongs to: a number without a name that never changes.

    A user is one or more learners. What a guest did before signing in, or somebody sent by another system, stays
    where it was recorded; a link makes it theirs.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField()
    users: models.ManyToManyField[User, UserLearner] = models.ManyToManyField(
        User, through="UserLearner", related_name="learners"
    )

    objects = LearnerQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        """Return who signs in as this learner. Prefetch ``users`` for a list."""
        return ", ".join(user.get_username() for user in self.users.all()) or f"learner {self.pk}"

    @property
    def accommodations(self) -> list[Accommodation]:
        """What is arranged for the people who are this learner. Prefetch ``users__accommodations`` for a list."""
        return [arranged for user in self.users.all() for arranged in user.accommodations.all()]


class Way(models.TextChoices):
    """How a user came to be a learner."""

    OWN = "own", "by the account"
    GUEST = "guest", "as a guest, before signing in"
    PLATFORM = "platform", "sent by another system"


class UserLearner(models.Model):
    """A user is this learner. Folds about a person take all of the person's learners; new work goes to the own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="links", db_index=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(max_length=10, choices=Way)

    class Meta:
        constraints = [
            # Every request about an attempt asks by it who may see the attempt.
            models.UniqueConstraint(fields=["user", "learner"], name="one_link_per_user_and_learner"),
            Unique(
                fields=["user"],
                condition=Q(kind=Way.OWN),
                name="one_own_learner_per_user",
                field="user",
                words="This account has a learner of its own already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_kind_display()}"


class Role(models.TextChoices):
    LEARNER = "learner"
    INSTRUCTOR = "instructor"
    TESTER = "tester", "tester, who counts nowhere"


def check_time_zone(name: str) -> None:
    """Raises ValidationError for a time zone that the machine does not know."""
    if name not in available_timezones():
        raise ValidationError(
            f"There is no time zone {name}; write it as Europe/Berlin or America/Sao_Paulo."
        )


class Course(models.Model):
    """A group of people who work through some lessons together.

    ``join_code`` lets whoever knows it enroll as a learner; without one nobody joins by themselves.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=200)
    time_zone = models.CharField(
        max_length=64,
        default="UTC",
        validators=[check_time_zone],
        help_text="In which its dates are entered and shown, as Europe/Berlin.",
    )
    join_code = models.CharField(max_length=12, null=True, blank=True, unique=True, editable=False)
    copied_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="copies"
    )
    lessons = models.ManyToManyField(Lesson, blank=True, related_name="courses")
    members: models.ManyToManyField[User, Enrolment] = models.ManyToManyField(
        User, through="Enrolment", related_name="courses"
    )

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Section(models.Model):
    """A part of a course: those who meet at the same hour, and may have dates of their own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="sections")
    title = models.CharField(max_length=100)

    class Meta:
        ordering = ["course", "title"]
        constraints = [
            Unique(
                "course",
                Lower("title"),
                name="one_section_per_course_and_title",
                field="title",
                words="This course has a section of that name.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def active(self, now: datetime) -> EnrolmentQuerySet:
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))


class Enrolment(models.Model):
    """One person's place in one course."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="enrolments")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="enrolments")
    role = models.CharField(max_length=12, choices=Role, default=Role.LEARNER)
    section = models.ForeignKey(
        Section, on_delete=models.SET_NULL, null=True, blank=True, related_name="enrolments"
    )
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = "enrollment"
        ordering = ["course", "user"]
        constraints = [
            Unique(
                fields=["course", "user"],
                name="one_enrolment_per_course_and_user",
                field="user",
                words="This person is in the course already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.course} as {self.role}"

    def clean(self) -> None:
        """Say at its field that a section is another course's. Raises ValidationError."""
        super().clean()
        if self.section and self.section.course_id != self.course_id:
            raise ValidationError({"section": "This section belongs to another course."})


class Accommodation(models.Model):
    """What is arranged for one person: more time, more attempts, a later closing.

    Without an assessment it holds for every assessment; one that names the assessment goes first.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="accommodations")
    assessment = models.ForeignKey(
        "Assessment", on_delete=models.CASCADE, null=True, blank=True, related_name="accommodations"
    )
    time_factor = models.FloatField(default=1.0, help_text="1.5 gives half as much time again.")
    extra_minutes = models.PositiveIntegerField(default=0, help_text="Besides what the factor gives.")
    no_limit = models.BooleanField(default=False, help_text="No time limit; what closes still closes.")
    extra_attempts = models.PositiveIntegerField(default=0)
    tries = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="For each item, where that is more than usual. Adaptive ones keep to one.",
    )
    closes_at = models.DateTimeField(
        null=True, blank=True, help_text="Instead of the assessment's own closing."
    )
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["user"]
        constraints = [
            Unique(
                fields=["user", "assessment"],
                nulls_distinct=False,
                name="one_accommodation_per_user_and_assessment",
                field="user",
                words="Something is arranged for this person there already: change that.",
            ),
            Check(
                condition=Q(time_factor__gte=1),
                name="an_accommodation_takes_no_time_away",
                field="time_factor",
                words="This must be 1 (no extra time) or more.",
            ),
        ]

    def clean(self) -> None:
        """Say at its field what the constraint will refuse, or what no date could hold. Raises ValidationError."""
        super().clean()
        if self.time_factor is not None and not 1 <= self.time_factor <= MOST_TIME:
            raise ValidationError({"time_factor": f"This must be 1 (no extra time) to {MOST_TIME}."})
        if self.tries is not None and not 1 <= self.tries <= MOST_TRIES:
            raise ValidationError(
                {"tries": f"This must be 1 to {MOST_TRIES}, or empty for as many as usual."}
            )
        if self.extra_minutes is not None and self.extra_minutes > MOST_MINUTES:
            raise ValidationError({"extra_minutes": f"This must be 0 to {MOST_MINUTES}."})
        if self.extra_attempts is not None and self.extra_attempts > MOST_TRIES:
            raise ValidationError({"extra_attempts": f"This must be 0 to {MOST_TRIES}."})

    def minutes(self, limit: int) -> float | None:
        """Return how many minutes a time limit is for this person; None: no limit."""
        return None if self.no_limit else limit * self.time_factor + self.extra_minutes

    def __str__(self) -> str:
        return f"{self.user}: {self.assessment or 'every assessment'}"
