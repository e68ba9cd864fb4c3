"""A formula written out with the fewest parentheses, as one types it."""

from __future__ import annotations

from enum import IntEnum

from content.expressions import Binary, Call, Name, Node, Number, Unary
from content.items.equivalence.errors import FormulaFault
from content.items.equivalence.formulas import Formula, Grammar, read


class _Binding(IntEnum):
    """How tightly an operator holds its operands."""

    SUM = 1
    PRODUCT = 2
    SIGN = 3
    POWER = 4
    WHOLE = 5


def written(formula: Formula, grammar: Grammar) -> str:
    """Return a text that reads as the same tree: ``w*(1 - 2*lr) - g`` for ``((w)*(1-((2)*lr)))-(g)``.

    A formula with anything but numbers, variables, arithmetic and functions keeps its text.
    """
    try:
        text = _text(formula.tree, _Binding.SUM, leads=True)
        same = read(text, grammar).tree == formula.tree
    except FormulaFault:
        return formula.text
    return text if same else formula.text


def _text(node: Node, floor: _Binding, *, leads: bool) -> str:
    """Return a node that stands where only what binds as ``floor`` may stand; ``leads``: at a beginning."""
    binding = _binding(node)
    # Two signs in a row are legal and hard to read.
    if binding < floor or (isinstance(node, Unary) and not leads):
        return f"({_text(node, _Binding.SUM, leads=True)})"
    match node:
        case Number():
            return node.text
        case Name():
            return node.name
        case Call():
            inner = (_text(argument, _Binding.SUM, leads=True) for argument in node.arguments)
            return f"{node.function}({', '.join(inner)})"
        case Unary():
            return f"{node.operator}{_text(node.operand, _Binding.SIGN, leads=False)}"
        case Binary(operator="**"):
            base = _text(node.left, _Binding.WHOLE, leads=leads)
            return f"{base}^{_text(node.right, _Binding.SIGN, leads=False)}"
        case Binary(operator="+" | "-"):
            left = _text(node.left, _Binding.SUM, leads=leads)
            return f"{left} {node.operator} {_text(node.right, _Binding.PRODUCT, leads=False)}"
        case Binary():
            left = _text(node.left, _Binding.PRODUCT, leads=leads)
            return f"{left}{node.operator}{_text(node.right, _Binding.SIGN, leads=False)}"
    raise FormulaFault("no formula to type", node.at.column)


def _binding(node: Node) -> _Binding:
    match node:
        case Unary():
            return _Binding.SIGN
        case Binary(operator="**"):
            return _Binding.POWER
        case Binary(operator="+" | "-"):
            return _Binding.SUM
        case Binary():
            return _Binding.PRODUCT
    return _Binding.WHOLE
