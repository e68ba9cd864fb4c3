"""What the server says of formulas that are not finished, as a file for the tests of the learner's app.

Run it to write ``frontend/tests/interactions/formulas.json``: ``python -m tests.frontend.interactions.formulas``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from content.items.equivalence import FormulaFault, Grammar, read

FILE: Final = Path(__file__).parents[3] / "frontend" / "tests" / "interactions" / "formulas.json"
GRAMMAR: Final = Grammar({"w": (-3.0, 3.0), "lam": (0.0, 3.0)}, aliases={"lambda": "lam"})

FORMULAS: Final = (
    "w", "2*w", "2w", "w^2", "w**2", "-w", "(w)", "2*lam*w", "sqrt(w)", "√(w)", "ln(w)", "pi*w", "|w|",
    "w²", "½", "(w", "((w)", "sqrt(", "sqrt(w", "2*(w + (lam", "w)", "(w))", ")(", "()", "|w", "(|w",
    "|(w|", "√(w", "√w", "sin w", "w +", "w+ ", "w -", "w*", "w/", "w^", "w**", "w + -", "(w)+", "2 *  ",
    "w /", "+", "-", "*", "w,", "w +)", "w_", "2^-", "", " ", "w = 2*", "f(w) = w +", "[w", "{w}", "w % 2",
    "x", "wlam", "w lam", "max(w,", "max(w, 1", "max(w, 1)", "w*)", "ω+",
)  # fmt: skip


def cases() -> list[list[str | None]]:
    """Return rows of a formula and why it cannot be read, which is None where it can."""
    return [[typed, _refusal(typed)] for typed in FORMULAS]


def _refusal(typed: str) -> str | None:
    try:
        read(typed, GRAMMAR)
    except FormulaFault as fault:
        return str(fault)
    return None


if __name__ == "__main__":
    FILE.write_text(json.dumps(cases(), indent=1) + "\n")
