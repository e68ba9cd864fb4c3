"""Formulas as answers: reading what people type, and deciding whether two formulas are the same."""

from content.items.equivalence.comparing import (
    Candidate,
    Comparison,
    Outcome,
    compare,
    has_values,
    share_defined,
)
from content.items.equivalence.differing import difference
from content.items.equivalence.errors import FormulaFault
from content.items.equivalence.formulas import (
    DEFAULT_DOMAIN,
    ELEMENTARY,
    MAX_LENGTH,
    Formula,
    Grammar,
    read,
)
from content.items.equivalence.places import DRAFT
from content.items.equivalence.writing import written

__all__ = [
    "DEFAULT_DOMAIN",
    "DRAFT",
    "ELEMENTARY",
    "MAX_LENGTH",
    "Candidate",
    "Comparison",
    "Formula",
    "FormulaFault",
    "Grammar",
    "Outcome",
    "compare",
    "difference",
    "has_values",
    "read",
    "share_defined",
    "written",
]
