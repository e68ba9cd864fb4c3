"""How much of a request's body is taken: asked by the server while it reads, and by the middleware that refuses."""

from django.conf import settings


def body_limit(path: str, content_type: str) -> int:
    """Return the largest body, in bytes, that a request of this kind to ``path`` may have.

    Forms may carry files, which Django streams to disk; it limits their other fields itself.
    """
    if content_type.startswith("multipart/"):
        return int(settings.MAX_FORM_BYTES)
    return int(settings.LARGER_BODIES.get(path, settings.DATA_UPLOAD_MAX_MEMORY_SIZE))


def largest_in_memory() -> int:
    """Return the largest body that is no form, in bytes."""
    return int(max(settings.DATA_UPLOAD_MAX_MEMORY_SIZE, *settings.LARGER_BODIES.values()))
