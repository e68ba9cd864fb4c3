"""Formula entry: the kind, what its formulas may be made of, and the learner's numbers in them."""

from content.items.interactions.expression.kind import ExpressionEntry

__all__ = ["ExpressionEntry"]
