"""Why a file is not taken as an image."""

from __future__ import annotations

from content.media.names import Kind


class ImageRefused(ValueError):
    """A file that is no image we keep; the text says why, and what its author can do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def damaged(kind: Kind) -> ImageRefused:
    return ImageRefused(f"The file is damaged: it begins as {kind.words} and cannot be read to its end.")
