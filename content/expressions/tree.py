"""The syntax tree: small frozen nodes, equal when they say the same mathematics, wherever it was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class Position(NamedTuple):
    """A place in the text; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class _At:
    at: Position = field(compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Number(_At):
    """A literal, or one of the constants pi and e; ``text`` is how it was written."""

    value: float
    text: str = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Name(_At):
    """A parameter or a step, whose value comes with the evaluation."""

    name: str


@dataclass(frozen=True, slots=True)
class Unary(_At):
    """``operator`` is one of ``-``, ``+`` and ``not``."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(_At):
    """``operator`` is one of ``+ - * / ** @ and or``; the author's ``^`` is ``**`` here."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Compare(_At):
    """A chain such as ``0 < x <= 1``: one operator (``== != < <= > >=``) between each two operands."""

    operators: tuple[str, ...]
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Conditional(_At):
    """``chosen if condition else otherwise``, element by element."""

    condition: Node
    chosen: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Call(_At):
    """A function of the table, by name."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Vector(_At):
    """``[a, b, c]``; a vector of vectors is a matrix, by rows."""

    elements: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Slice(_At):
    """``start:stop``, counted as in an index, without ``stop`` itself."""

    start: Node | None
    stop: Node | None


@dataclass(frozen=True, slots=True)
class Index(_At):
    """``base[i]``, ``base[i, j]``, ``base[:, 1:3]``; positions count from 0."""

    base: Node
    items: tuple[Node | Slice, ...]


Node = Number | Name | Unary | Binary | Compare | Conditional | Call | Vector | Index


def children(node: Node | Slice) -> tuple[Node | Slice, ...]:
    """Return the nodes directly below ``node``, in the order in which they were written."""
    match node:
        case Number() | Name():
            return ()
        case Unary():
            return (node.operand,)
        case Binary():
            return (node.left, node.right)
        case Compare():
            return node.operands
        case Conditional():
            return (node.chosen, node.condition, node.otherwise)
        case Call():
            return node.arguments
        case Vector():
            return node.elements
        case Slice():
            return tuple(end for end in (node.start, node.stop) if end is not None)
        case Index():
            return (node.base, *node.items)


def walk(tree: Node) -> Iterator[tuple[Node | Slice, int]]:
    """Yield every node with its level (the root is 1), parents first; needs no recursion."""
    waiting: list[tuple[Node | Slice, int]] = [(tree, 1)]
    while waiting:
        node, level = waiting.pop()
        yield node, level
        waiting.extend((child, level + 1) for child in reversed(children(node)))
