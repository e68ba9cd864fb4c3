"""The kinds of interaction, by name."""

from content.items.interactions.base import Draw, Interaction, Record, Samples
from content.items.interactions.choice import Choice
from content.items.interactions.expression import ExpressionEntry
from content.items.interactions.inline_choice import InlineChoice
from content.items.interactions.matching import Matching
from content.items.interactions.matrix import Matrix
from content.items.interactions.numeric import Numeric
from content.items.interactions.ordering import Ordering
from content.items.interactions.text import Text

INTERACTIONS: dict[str, type[Interaction]] = {
    kind.kind: kind
    for kind in (Choice, ExpressionEntry, InlineChoice, Matching, Matrix, Numeric, Ordering, Text)
}

__all__ = ["INTERACTIONS", "Draw", "Interaction", "Record", "Samples"]
