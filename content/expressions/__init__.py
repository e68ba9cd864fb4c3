"""The language in which authors write mathematics: text to tree to numpy, a batch of variants at a time.

>>> import numpy as np
>>> step = parse("w - lr*g", names={"w", "g", "lr"})
>>> step.evaluate({"w": np.array([1.0, 2.0]), "g": np.array([4.0, 8.0]), "lr": np.array([0.5, 0.5])}, batch=2)
array([-1., -2.])
"""

from content.expressions.errors import ExpressionError
from content.expressions.expression import Expression, Scope, parse
from content.expressions.functions import CONSTANTS, FUNCTIONS
from content.expressions.languages import FIRST, RESERVED
from content.expressions.shapes import Shape
from content.expressions.tree import (
    Binary,
    Call,
    Compare,
    Conditional,
    Index,
    Name,
    Node,
    Number,
    Position,
    Slice,
    Unary,
    Vector,
    children,
    walk,
)

__all__ = [
    "CONSTANTS",
    "FIRST",
    "FUNCTIONS",
    "RESERVED",
    "Binary",
    "Call",
    "Compare",
    "Conditional",
    "Expression",
    "ExpressionError",
    "Index",
    "Name",
    "Node",
    "Number",
    "Position",
    "Scope",
    "Shape",
    "Slice",
    "Unary",
    "Vector",
    "children",
    "parse",
    "walk",
]
