"""Learning-management systems that open us by LTI: who they are, whom they send, and which assessment a link is.

The words are those of LTI 1.3: a *platform* registers us as a tool, has *deployments*, and in its *contexts*, which
are courses, places *resource links*; a *line item* is a column of its gradebook.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.db.models import Q

from assessment.models.assignments import Assignment
from assessment.models.people import Course, User
from assessment.models.sessions import Session
from content.models.constraints import Check, Unique
from content.models.versions import new_id

LONGEST_URL: Final = 4000
"""Platforms put whole tokens into their addresses."""
LONGEST_ID: Final = 255
"""What LTI allows for identifiers."""


class PlatformState(models.TextChoices):
    PENDING = "pending", "waits until somebody here confirms it"
    ACTIVE = "active", "may open us"
    CLOSED = "closed", "may not open us any more"


class Platform(models.Model):
    """A registration: a platform under the client id that it knows us by."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200, help_text="What people here call it.")
    issuer = models.CharField(max_length=LONGEST_URL, help_text="As it calls itself in its messages.")
    client_id = models.CharField(max_length=LONGEST_ID)
    authorization_url = models.URLField(max_length=LONGEST_URL, help_text="Where a launch begins.")
    token_url = models.URLField(max_length=LONGEST_URL, help_text="Where we ask for leave to send grades.")
    token_audience = models.CharField(
        max_length=LONGEST_URL, blank=True, help_text="Whom such a request names; empty: the token address."
    )
    jwks_url = models.URLField(max_length=LONGEST_URL, help_text="Its public keys.")
    other_hosts = models.CharField(
        max_length=1000,
        blank=True,
        help_text="Further hosts of it, with spaces between: where a school is under a name of its own, as "
        "learn.school.edu. Gradebooks and frames may be there.",
    )
    state = models.CharField(max_length=10, choices=PlatformState, default=PlatformState.PENDING)
    trusts_new_deployments = models.BooleanField(
        default=False, help_text="A deployment that opens us for the first time is active at once."
    )
    created_at = models.DateTimeField(editable=False)
    # What was fetched from it, so that a launch waits for nobody.
    keys = models.JSONField(null=True, blank=True, editable=False)
    keys_fetched_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            Unique(
                fields=["issuer", "client_id"],
                name="one_registration_per_issuer_and_client",
                field="client_id",
                words="This platform is registered already under this client id.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Deployment(models.Model):
    """One placement of us in a platform, as for one of its tenants."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="deployments")
    deployment_id = models.CharField(max_length=LONGEST_ID)
    state = models.CharField(max_length=10, choices=PlatformState, default=PlatformState.PENDING)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["platform", "id"]
        constraints = [
            Unique(
                fields=["platform", "deployment_id"],
                name="one_deployment_per_platform",
                field="deployment_id",
                words="This deployment of the platform is here already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.platform}: {self.deployment_id}"


class Invitation(models.Model):
    """A link that lets one platform register itself, once. The row keeps a hash of its secret."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200, help_text="For which platform.")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    confirms = models.BooleanField(
        default=True, help_text="Who registers by it is active at once; else somebody here confirms it."
    )
    created_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True, editable=False)
    platform = models.ForeignKey(
        Platform, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="invitations"
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class ToolKey(models.Model):
    """A key of ours: published before it signs, and still published when it signs no more."""

    kid = models.CharField(primary_key=True, max_length=64, editable=False)
    number = models.PositiveIntegerField(
        unique=True, editable=False, help_text="From 1: of two that make the next key at once, one does."
    )
    sealed = models.TextField(editable=False, help_text="The private key, encrypted under the secret key.")
    public = models.JSONField(editable=False)
    created_at = models.DateTimeField(editable=False)
    signs_from = models.DateTimeField()
    retires_at = models.DateTimeField(null=True, blank=True, help_text="From then on it is not published.")

    class Meta:
        ordering = ["-number"]
        verbose_name = "tool key"

    def __str__(self) -> str:
        return self.kid


class PlatformPerson(models.Model):
    """Somebody as a platform knows them: a subject, whose name and address it need not tell."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="people")
    subject = models.CharField(max_length=LONGEST_ID)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="platforms")

    class Meta:
        ordering = ["platform", "id"]
        constraints = [
            models.UniqueConstraint(fields=["platform", "subject"], name="one_person_per_subject"),
            models.UniqueConstraint(fields=["platform", "user"], name="one_subject_per_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user} sent by {self.platform}"


class PlatformContext(models.Model):
    """A course of a platform, which is a course here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, related_name="contexts")
    context_id = models.CharField(max_length=LONGEST_ID)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="contexts")
    memberships_url = models.CharField(max_length=LONGEST_URL, blank=True)
    roster_read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["deployment", "id"]
        constraints = [
            models.UniqueConstraint(fields=["deployment", "context_id"], name="one_context_per_deployment")
        ]

    def __str__(self) -> str:
        return f"{self.course} in {self.deployment.platform}"


class ResourceLink(models.Model):
    """A place in a platform's course that opens one assignment. Without an assignment its teacher has yet to choose.

    ``line_item`` is the column of the platform's gradebook, ``line_items`` where columns are found and made; both are
    empty where the platform takes no grades from us. What a full score is called there never changes: ``maximum``.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    context = models.ForeignKey(PlatformContext, on_delete=models.CASCADE, related_name="links")
    link_id = models.CharField(max_length=LONGEST_ID)
    title = models.CharField(max_length=LONGEST_ID, blank=True)
    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, null=True, blank=True, related_name="links"
    )
    line_item = models.CharField(max_length=LONGEST_URL, blank=True)
    line_items = models.CharField(max_length=LONGEST_URL, blank=True)
    scopes = models.JSONField(default=list, help_text="What the platform lets us do with grades.")
    maximum = models.FloatField(null=True, blank=True, help_text="Of the line item.")
    compared_at = models.DateTimeField(
        null=True, blank=True, help_text="When its grades were held against the platform's gradebook."
    )
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["context", "id"]
        constraints = [
            Unique(
                fields=["context", "link_id"],
                name="one_link_per_context",
                field="link_id",
                words="This place in the platform's course is here already.",
            ),
            Check(
                condition=Q(maximum__isnull=True) | Q(maximum__gt=0),
                name="a_full_score_is_positive",
                field="maximum",
                words="A full score is more than 0.",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.link_id

    @property
    def takes_grades(self) -> bool:
        return bool(self.line_item or self.line_items)


class UsedNonce(models.Model):
    """A launch that was used: the same message opens nothing again, in no process and after no restart."""

    id = models.BigAutoField(primary_key=True)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="nonces")
    nonce = models.CharField(max_length=LONGEST_ID)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["platform", "nonce"], name="a_nonce_is_used_once")]

    def __str__(self) -> str:
        return f"a launch from {self.platform}"


class Launch(models.Model):
    """A launch that succeeded: the session that it opened, and how its page proves to be the one that was opened.

    First by a code that works once, then by tokens that are renewed; both only as hashes. All end with the session.
    """

    CODE_AGE: Final = timedelta(minutes=2)
    TOKEN_AGE: Final = timedelta(minutes=20)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="launches")
    link = models.ForeignKey(
        ResourceLink, on_delete=models.CASCADE, null=True, blank=True, related_name="launches"
    )
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="launches")
    is_teacher = models.BooleanField(default=False)
    attempt = models.ForeignKey(
        "Attempt",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="What a submission review is about.",
    )
    return_url = models.CharField(max_length=LONGEST_URL, blank=True)
    code = models.CharField(max_length=64, unique=True, null=True, editable=False)
    token = models.CharField(max_length=64, unique=True, null=True, editable=False)
    earlier_token = models.CharField(
        max_length=64, unique=True, null=True, editable=False, help_text="Until the next renewal."
    )
    token_made_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "launches"

    def __str__(self) -> str:
        return f"{self.session.user or 'somebody'} at {self.link or self.platform}"

    def takes_token(self, now: datetime) -> bool:
        return self.token_made_at is not None and now - self.token_made_at <= self.TOKEN_AGE


class RefusedLaunch(models.Model):
    """A launch that was none: why, under the sign that its page showed to whoever was sent."""

    trace = models.CharField(primary_key=True, max_length=16, editable=False)
    platform = models.ForeignKey(
        Platform, on_delete=models.CASCADE, null=True, blank=True, related_name="refused"
    )
    reason = models.CharField(max_length=500)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "refused launches"

    def __str__(self) -> str:
        return f"{self.trace}: {self.reason}"
