"""Whether a ``check`` is a road of its own: another tree than the step's, once all steps are written out.

Two forms that are equal by algebra and different as trees are what an honest check is. A copy is the same tree after
each step is replaced by its definition and the operands of sums and products are sorted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from hashlib import blake2b
from typing import Any, Final

from content.expressions import Binary, Name, Node, Unary
from content.items.definition import ItemDefinition
from content.items.findings import Finding, refusal, remark

MOST_OPERANDS: Final = 256
"""A sum of more is compared as it stands: written out, steps may double at each turn."""

_Chain = tuple[str, ...]


def of_checks(definition: ItemDefinition) -> Iterator[Finding]:
    """Yield the checks that are copies or circles, and the keys that have none."""
    forms = _Forms(definition)
    for name, check in definition.check.items():
        if name in definition.steps and name in _closure(definition, check.names):
            yield refusal(f"check of {name} is computed from {name} itself", f"check.{name}")
        elif forms.digest(check.tree) == forms.digest(
            definition.steps[name].tree if name in definition.steps else Name(name, at=check.tree.at)
        ):
            yield refusal(
                f"check of {name} is a copy of it: go another way to the same value", f"check.{name}"
            )
    for identifier in unchecked(definition):
        yield remark(
            f"the key of {identifier} has no check: nothing else confirms it",
            f"interactions.{identifier}.key",
        )


def unchecked(definition: ItemDefinition) -> Iterator[str]:
    """Yield the interactions whose computed key rests on steps of which none is checked."""
    for identifier, interaction in definition.interactions.items():
        key = interaction.computed.get("key")
        if key is None or not key.names:
            continue
        roots = _closure(definition, key.names)
        checked = set(definition.check) | {
            name for name, check in definition.check.items() if roots & _closure(definition, check.names)
        }
        if not roots & checked:
            yield identifier


def _closure(definition: ItemDefinition, names: frozenset[str]) -> set[str]:
    """Return the names with all that they are computed from."""
    found: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        if name in definition.steps:
            waiting |= definition.steps[name].names - found
    return found


class _Forms:
    """Digests of trees, steps written out. A digest stands for the whole tree, so no tree is ever expanded."""

    def __init__(self, definition: ItemDefinition) -> None:
        self.chains: dict[str, tuple[str, _Chain]] = {}
        for name, step in definition.steps.items():
            self.chains[name] = self._chain(step.tree)

    def digest(self, node: Node) -> str:
        return _joined(*self._chain(node))

    def _chain(self, node: Any) -> tuple[str, _Chain]:
        """Return an operator with the sorted digests of its operands; what is neither sum nor product has one."""
        if isinstance(node, Name):
            return self.chains.get(node.name, ("", (_hash("name", node.name),)))
        if isinstance(node, Unary) and node.operator == "+":
            return self._chain(node.operand)
        if isinstance(node, Binary) and node.operator in ("+", "-", "*"):
            return self._gathered(node)
        parts = [type(node).__name__]
        for entry in fields(node):
            if entry.compare:
                parts.append(self._field(getattr(node, entry.name)))
        return "", (_hash(*parts),)

    def _gathered(self, node: Binary) -> tuple[str, _Chain]:
        """Return a sum or a product with the operands of those that stand in it directly; a - b is a + (-b)."""
        operator = "*" if node.operator == "*" else "+"
        right = Unary("-", node.right, at=node.at) if node.operator == "-" else node.right
        operands: list[str] = []
        for side in (node.left, right):
            inner, chain = self._chain(side)
            fits = inner == operator and len(operands) + len(chain) <= MOST_OPERANDS
            operands += chain if fits else [_joined(inner, chain)]
        return operator, tuple(sorted(operands))

    def _field(self, value: Any) -> str:
        if isinstance(value, tuple):
            return _hash("tuple", *map(self._field, value))
        if is_dataclass(value):
            return self.digest(value)  # type: ignore[arg-type]  # a node, or a slice, which has the same fields
        return repr(value)


def _joined(operator: str, chain: _Chain) -> str:
    return chain[0] if not operator else _hash(operator, *chain)


def _hash(*parts: str) -> str:
    return blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
