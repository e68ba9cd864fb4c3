"""The authoring desk: subjects, lessons, skills, misconceptions, banks and items."""

from content.admin import catalogue, items, lessons

__all__ = ["catalogue", "items", "lessons"]
