"""The authoring desk: subjects, lessons, skills, misconceptions, banks and items."""

from django.contrib import admin

from content.admin import catalogue, items, lessons, media, reviews

admin.site.site_title = admin.site.site_header = "Assay"
admin.site.index_title = "Authoring and results"

__all__ = ["catalogue", "items", "lessons", "media", "reviews"]
