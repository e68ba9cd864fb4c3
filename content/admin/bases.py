"""The framework's classes with their type arguments, which only the type checker knows."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    ModelForm = forms.ModelForm[Any]
    TabularInline = admin.TabularInline[Any, Any]
    UserAdmin = StockUserAdmin[Any]
else:
    ModelAdmin, ModelForm, TabularInline = admin.ModelAdmin, forms.ModelForm, admin.TabularInline
    UserAdmin = StockUserAdmin

__all__ = ["ModelAdmin", "ModelForm", "TabularInline", "UserAdmin"]
