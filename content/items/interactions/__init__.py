"""The kinds of interaction, by name."""

from content.items.interactions.base import Interaction, Record, Samples
from content.items.interactions.choice import Choice
from content.items.interactions.numeric import Numeric

INTERACTIONS: dict[str, type[Interaction]] = {kind.kind: kind for kind in (Choice, Numeric)}

__all__ = ["INTERACTIONS", "Interaction", "Record", "Samples"]
