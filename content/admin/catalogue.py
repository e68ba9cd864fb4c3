"""Subjects, skills, misconceptions and item banks."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from content.admin.desk import KeepsSlug, NeverDeleted
from content.models import ItemBank, Misconception, Skill, Subject


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
class ItemBankAdmin(KeepsSlug):
    list_display = ["title", "slug", "lesson", "items"]
    list_select_related = ["lesson"]
    list_filter = ["lesson__subject"]
    search_fields = ["title", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["lesson"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset: QuerySet[Any] = super().get_queryset(request).annotate(item_count=Count("items"))
        return queryset

    @admin.display(ordering="item_count")
    def items(self, bank: Any) -> int:
        return int(bank.item_count)
