"""The rows of what can be asked."""

from content.models.catalogue import Lesson, LessonVersion, Misconception, Skill, Subject
from content.models.grants import AuthorGrant
from content.models.imports import ImportChange, ImportFile, ImportRun, ImportState
from content.models.items import Item, ItemBank, ItemVersion
from content.models.media import Media
from content.models.reviews import Review
from content.models.versions import Status, Version

__all__ = [
    "AuthorGrant",
    "ImportChange",
    "ImportFile",
    "ImportRun",
    "ImportState",
    "Item",
    "ItemBank",
    "ItemVersion",
    "Lesson",
    "LessonVersion",
    "Media",
    "Misconception",
    "Review",
    "Skill",
    "Status",
    "Subject",
    "Version",
]
