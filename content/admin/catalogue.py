"""Subjects, skills, misconceptions and item banks."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from content.admin.desk import KeepsSlug, NeverDeleted
from content.admin.scoped import Scoped, account
from content.models import AuthorGrant, ItemBank, Misconception, Skill, Subject


@admin.register(Subject)
class SubjectAdmin(KeepsSlug):
    list_display = ["title", "slug", "lessons"]
    search_fields = ["title", "slug", "description"]
    prepopulated_fields = {"slug": ["title"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset: QuerySet[Any] = super().get_queryset(request).annotate(lesson_count=Count("lessons"))
        return queryset

    @admin.display(ordering="lesson_count")
    def lessons(self, subject: Any) -> int:
        return int(subject.lesson_count)


@admin.register(Skill)
class SkillAdmin(KeepsSlug, NeverDeleted):
    list_display = ["title", "slug", "after", "items"]
    ordering = ["title"]
    list_filter = ["lessons"]
    search_fields = ["title", "slug", "description"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["prerequisites"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        counted: QuerySet[Any] = (
            super().get_queryset(request).annotate(item_count=Count("items", distinct=True))
        )
        return counted.prefetch_related("prerequisites")

    @admin.display(description="comes after")
    def after(self, skill: Skill) -> str:
        return ", ".join(prerequisite.title for prerequisite in skill.prerequisites.all())

    @admin.display(ordering="item_count")
    def items(self, skill: Any) -> int:
        return int(skill.item_count)


@admin.register(Misconception)
class MisconceptionAdmin(KeepsSlug, NeverDeleted):
    list_display = ["title", "slug", "explanation"]
    search_fields = ["title", "slug", "explanation"]
    prepopulated_fields = {"slug": ["title"]}


@admin.register(ItemBank)
class ItemBankAdmin(Scoped, KeepsSlug):
    list_display = ["title", "slug", "lesson", "use", "needs_review", "items"]
    ordering = ["title"]
    list_select_related = ["lesson"]
    list_filter = ["lesson__subject"]
    search_fields = ["title", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["lesson"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset: QuerySet[Any] = (
            super().get_queryset(request).annotate(item_count=Count("items", distinct=True))
        )
        return queryset

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Let authors ask for review, and superusers alone do without it: else an author could publish alone."""
        fields = super().get_readonly_fields(request, obj)
        stays = isinstance(obj, ItemBank) and obj.needs_review and not request.user.is_superuser
        return [*fields, "needs_review"] if stays else fields

    def save_model(self, request: HttpRequest, obj: ItemBank, form: Any, change: bool) -> None:
        """Save, and let who made a bank work in it."""
        super().save_model(request, obj, form, change)
        if not change:
            AuthorGrant.objects.give(obj, user=request.user, granted_by=request.user, now=timezone.now())

    @admin.display(ordering="item_count")
    def items(self, bank: Any) -> int:
        return int(bank.item_count)


@admin.register(AuthorGrant)
class AuthorGrantAdmin(Scoped):
    """Who may change or review what; given and taken by superusers."""

    list_display = ["user", "role", "bank", "lesson", "granted_at", "granted_by"]
    list_select_related = ["user", "bank", "lesson", "granted_by"]
    list_filter = ["role", "bank", "lesson"]
    search_fields = ["user__username", "bank__slug", "lesson__slug"]
    autocomplete_fields = ["user", "bank", "lesson"]
    fields = ["user", "role", "bank", "lesson"]

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """A grant is given or taken."""
        return False

    def save_model(self, request: HttpRequest, obj: AuthorGrant, form: Any, change: bool) -> None:
        obj.granted_at, obj.granted_by = timezone.now(), account(request)
        super().save_model(request, obj, form, change)
