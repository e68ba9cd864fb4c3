"""What can be wrong with an item: in its document, or only when it is drawn and graded."""

from __future__ import annotations

from typing import Final, TypeAlias

from content.documents.reader import DefinitionError
from content.expressions import ExpressionError
from content.items.drawing import ImpossibleDraw
from content.items.equivalence import FormulaFault
from content.items.policies import PolicyFault

Refusal: TypeAlias = DefinitionError | ExpressionError | FormulaFault | ImpossibleDraw | PolicyFault

REFUSALS: Final = (DefinitionError, ExpressionError, FormulaFault, ImpossibleDraw, PolicyFault)
"""All of them speak to the author. Whoever draws or certifies an item for an author catches these."""

_PLACES: Final = {
    ExpressionError: "steps",
    FormulaFault: "interactions",
    ImpossibleDraw: "parameters",
    PolicyFault: "interactions",
}


def faults_in(error: Refusal) -> list[tuple[str, str]]:
    """Return what is wrong as (path, reason), as a definition's own faults are."""
    if isinstance(error, DefinitionError):
        return list(error.faults)
    return [(_PLACES[type(error)], str(error))]
