"""Images: kept in the database, so that a backup of it has them, and called after their content."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from content.media.names import Name, parse_name
from content.media.reading import MOST_BYTES_KEPT, Image
from content.models.versions import new_id


class MediaQuerySet(models.QuerySet["Media"]):
    def described(self) -> MediaQuerySet:
        """Images with all that can be said of them, their size in bytes with it, and without themselves."""
        return self.defer("data").annotate(size=Length("data"))

    def keep(self, image: Image, *, by: Any, now: datetime) -> tuple[Media, bool]:
        """Return the row of an image, and whether it is new. Two at once make one: its name is unique."""
        defaults = {"data": image.data, "uploaded_by": by, "uploaded_at": now}
        return self.get_or_create(name=str(image.name), defaults=defaults)

    def like(self, image: Image) -> MediaQuerySet:
        """Return the rows of this very image, whatever the file was called that brought it."""
        return self.filter(name__endswith=str(image.name).removeprefix(image.name.stem)).order_by("id")


class Media(models.Model):
    """An image as `content.media.reading` has cleaned it.

    Constraints of the database keep the content to what the name says, and a trigger the row as it is; one that a
    published wording shows is not deleted.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=80, unique=True, editable=False)
    data = models.BinaryField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="media_uploaded",
        help_text="Empty where an import did.",
    )
    uploaded_at = models.DateTimeField(editable=False)

    objects = MediaQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = verbose_name_plural = "media"
        constraints = [
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("data"), MOST_BYTES_KEPT), name="an_image_is_small"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def parts(self) -> Name:
        """What the name says: width, height, kind."""
        parts = parse_name(self.name)
        if parts is None:
            raise ValueError(f"{self.name} is no name of an image.")
        return parts

    @property
    def url(self) -> str:
        return f"/media/{self.name}"

    @property
    def markdown(self) -> str:
        """What stands in a text; the description is the author's to write."""
        return f"![](media/{self.name})"
