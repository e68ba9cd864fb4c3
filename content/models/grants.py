"""Who may change or review what, without being a superuser."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from content.models.catalogue import Lesson
from content.models.constraints import Check, Unique
from content.models.items import ItemBank
from content.models.versions import new_id


class GrantRole(models.TextChoices):
    AUTHOR = "author", "author, who changes and publishes"
    REVIEWER = "reviewer", "reviewer of a bank, who looks and decides on drafts"


class AuthorGrantQuerySet(models.QuerySet["AuthorGrant"]):
    def give(
        self,
        owned: ItemBank | Lesson,
        *,
        user: Any,
        granted_by: Any,
        now: datetime,
        role: GrantRole = GrantRole.AUTHOR,
    ) -> AuthorGrant:
        """Return the grant of a bank or a lesson to a user, made if there is none."""
        field = "bank" if isinstance(owned, ItemBank) else "lesson"
        defaults = {"granted_by": granted_by, "granted_at": now}
        grant, _ = self.get_or_create(user=user, role=role, **{field: owned}, defaults=defaults)
        return grant

    def banks(self, user: Any) -> models.QuerySet[ItemBank]:
        """Return the banks whose items the user may see and change."""
        every = ItemBank.objects.order_by()
        if user.is_superuser:
            return every
        return every.filter(grants__user=user, grants__role=GrantRole.AUTHOR)

    def reviewed(self, user: Any) -> models.QuerySet[ItemBank]:
        """Return the banks on whose drafts the user may decide."""
        every = ItemBank.objects.order_by()
        if user.is_superuser:
            return every
        return every.filter(grants__user=user, grants__role=GrantRole.REVIEWER)

    def lessons(self, user: Any) -> models.QuerySet[Lesson]:
        """Return the lessons that the user may change: granted themselves, or with a bank that is."""
        every = Lesson.objects.order_by()
        if user.is_superuser:
            return every
        return every.filter(Q(grants__user=user) | Q(banks__in=self.banks(user))).distinct()


class AuthorGrant(models.Model):
    """One bank or lesson that somebody may change, or a bank that somebody reviews.

    Whoever makes a bank or a lesson at the desk is its author. Somebody may be both, and reviews no own work.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    bank = models.ForeignKey(ItemBank, on_delete=models.CASCADE, null=True, blank=True, related_name="grants")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, null=True, blank=True, related_name="grants")
    role = models.CharField(max_length=10, choices=GrantRole, default=GrantRole.AUTHOR)
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="grants_given",
    )

    objects = AuthorGrantQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            Check(
                condition=Q(bank__isnull=False, lesson__isnull=True)
                | Q(bank__isnull=True, lesson__isnull=False),
                name="a_grant_names_a_bank_or_a_lesson",
                field="bank",
                words="A grant names a bank or a lesson, one of them.",
            ),
            Check(
                condition=Q(role="author") | Q(bank__isnull=False),
                name="what_is_reviewed_is_a_bank",
                field="role",
                words="Only a bank has reviewers.",
            ),
            # `give` relies on these: two at once make one.
            Unique(
                fields=["user", "bank", "role"],
                name="one_grant_per_user_bank_and_role",
                field="bank",
                words="This person has this bank in this role already.",
            ),
            Unique(
                fields=["user", "lesson"],
                name="one_grant_per_user_and_lesson",
                field="lesson",
                words="This person has this lesson already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank or self.lesson} to {self.user}, {self.role}"
