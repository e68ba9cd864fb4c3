"""Short text: the kind, what its author accepts, and how texts are compared."""

from content.items.interactions.text.kind import Text

__all__ = ["Text"]
