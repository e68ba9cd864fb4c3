"""Links of platforms and what they open, and the ledger of grades."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from assessment.admin.platforms import LookedAt
from assessment.models import Assignment, Grade, ResourceLink
from assessment.models.grades import GradeQuerySet, GradeState
from assessment.platforms.grading import note_results, resend
from content.admin.desk import KeepsText
from content.admin.scoped import Scoped


class PlatformSeen(admin.RelatedFieldListFilter):
    """By platform, of which only those are named whose rows the user finds in the list."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        seen = model_admin.get_queryset(request).order_by().values(self.field_path)
        ordering = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(include_blank=False, ordering=ordering, limit_choices_to=Q(pk__in=seen))


@admin.register(ResourceLink)
class ResourceLinkAdmin(Scoped, KeepsText):
    """What a link in a platform's course opens. All but the assignment is the platform's."""

    list_display = ["__str__", "course", "platform", "assignment", "takes_grades", "refused"]
    list_select_related = [
        "context__course",
        "context__deployment__platform",
        "assignment__assessment",
        "assignment__course",
    ]
    list_filter = [("context__deployment__platform", PlatformSeen), "context__course"]
    search_fields = ["title", "link_id", "context__course__title", "assignment__assessment__title"]
    fields = ["title", "course", "platform", "assignment", "link_id", "takes_grades", "maximum", "created_at"]
    readonly_fields = ["title", "course", "platform", "link_id", "takes_grades", "maximum", "created_at"]
    actions = ["send_all_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        parked = Count("grades", filter=Q(grades__state=GradeState.PARKED))
        queryset: QuerySet[Any] = super().get_queryset(request).annotate(parked_count=parked)
        return queryset

    def get_form(
        self, request: HttpRequest, obj: ResourceLink | None = None, change: bool = False, **options: Any
    ) -> Any:
        """Offer what the link's own course is given: nobody else could take anything else, nor be graded for it."""
        form = super().get_form(request, obj, change, **options)
        if obj is not None and "assignment" in form.base_fields:
            seen = form.base_fields["assignment"].queryset.filter(course=obj.context.course_id)
            here = Q(pk__in=seen.order_by().values("pk")) | Q(pk=obj.assignment_id)
            form.base_fields["assignment"].queryset = Assignment.objects.filter(here).select_related(
                "assessment", "course"
            )
        return form

    def save_model(self, request: HttpRequest, obj: ResourceLink, form: Any, change: bool) -> None:
        """Save, and let the results of what it opens now follow."""
        super().save_model(request, obj, form, change)
        if "assignment" in form.changed_data and (noted := note_results(obj)):
            self.message_user(request, f"The grades of {noted} learners are sent to its column.")

    @admin.display(ordering="context__course__title")
    def course(self, link: ResourceLink) -> str:
        return str(link.context.course)

    @admin.display(ordering="context__deployment__platform__name")
    def platform(self, link: ResourceLink) -> str:
        return str(link.context.deployment.platform)

    @admin.display(boolean=True)
    def takes_grades(self, link: ResourceLink) -> bool:
        return link.takes_grades

    @admin.display(description="grades refused", ordering="parked_count")
    def refused(self, link: Any) -> int:
        return int(link.parked_count)

    @admin.action(description="Send all results again", permissions=["change"])
    def send_all_again(self, request: HttpRequest, queryset: QuerySet[ResourceLink]) -> None:
        """Let what was refused be tried again, and what was never sent, as when a column is new, be sent."""
        again = resend(Grade.objects.filter(link__in=list(queryset)), now=timezone.now())
        noted = sum(note_results(link) for link in queryset)
        self.message_user(
            request, f"{again} grades are sent again, and {noted} results are gone through for more."
        )

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False


@admin.register(Grade)
class GradeAdmin(LookedAt, Scoped):
    """The ledger of what platforms are told. It is looked at, and its rows can be sent again."""

    list_display = ["who", "link", "platform", "points", "state", "differs", "reason", "due_at", "sent_at"]
    list_select_related = ["person__user", "person__platform", "link__context__deployment__platform"]
    list_filter = [
        "state",
        "differs",
        ("link__context__deployment__platform", PlatformSeen),
        "link__context__course",
    ]
    ordering = ["-created_at", "-version"]
    search_fields = [
        "=person__subject",
        "person__user__username",
        "person__user__first_name",
        "person__user__last_name",
        "person__user__email",
    ]
    show_full_result_count = False
    fields = [
        "who",
        "link",
        "platform",
        "points",
        "is_final",
        "version",
        "state",
        "reason",
        "tries",
        "created_at",
        "due_at",
        "sent_at",
        "found",
        "differs",
        "timestamp",
    ]
    actions = ["send_again"]

    @admin.display(description="person", ordering="person__user__last_name")
    def who(self, grade: Grade) -> str:
        return grade.person.user.get_full_name() or grade.person.user.get_username()

    @admin.display(ordering="link__context__deployment__platform__name")
    def platform(self, grade: Grade) -> str:
        return str(grade.link.context.deployment.platform)

    @admin.display(description="score", ordering="score")
    def points(self, grade: Grade) -> str:
        earned = "–" if grade.score is None else f"{grade.score:.4g}"
        return f"{earned}\u00a0of\u00a0{grade.maximum:.4g}"

    @admin.action(description="Send again", permissions=["send"])
    def send_again(self, request: HttpRequest, queryset: GradeQuerySet) -> None:
        again = resend(queryset, now=timezone.now())
        self.message_user(
            request,
            f"{again} of {len(queryset)} are sent again. Of each person's grades at a link only the latest is.",
        )

    def has_send_permission(self, request: HttpRequest) -> bool:
        """Whoever may change grades may have them sent, which is all that changes them here."""
        return request.user.has_perm("assessment.change_grade")
