"""Tokens to a tree, by binding powers (Pratt, Top down operator precedence, 1973)."""

from __future__ import annotations

import math
from collections.abc import Collection
from enum import IntEnum
from typing import NoReturn

from content.expressions.errors import ExpressionError
from content.expressions.languages import (
    constant_named,
    function_named,
    functions_of,
    latest,
    words_of,
)
from content.expressions.limits import MAX_DEPTH, MAX_NODES
from content.expressions.suggesting import did_you_mean, nearest
from content.expressions.tokens import Token, tokenize
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
    walk,
)


class Power(IntEnum):
    """How tightly an operator binds."""

    NOTHING = 0
    CHOICE = 1
    OR = 2
    AND = 3
    NOT = 4
    COMPARE = 5
    SUM = 6
    PRODUCT = 7
    SIGN = 8
    RAISE = 9
    ELEMENT = 10


_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
_INFIX = {
    "if": Power.CHOICE,
    "or": Power.OR,
    "and": Power.AND,
    **dict.fromkeys(_COMPARISONS, Power.COMPARE),
    **dict.fromkeys("+-", Power.SUM),
    **dict.fromkeys("*/@", Power.PRODUCT),
    "**": Power.RAISE,
    "^": Power.RAISE,
    "[": Power.ELEMENT,
}


def parse_tree(text: str, names: Collection[str] | None = None, language: int | None = None) -> Node:
    """Return the tree of ``text``; raises ``ExpressionError`` with the place and the reason.

    With ``names``, any other free name is refused. Without a version of the ``language`` it is the latest.
    """
    language = latest() if language is None else language
    tree = _Parser(tokenize(text, words_of(language)), names, language).whole()
    _refuse_oversize(tree)
    return tree


def _refuse_oversize(tree: Node) -> None:
    for count, (node, level) in enumerate(walk(tree), start=1):
        if count > MAX_NODES:
            raise ExpressionError(f"an expression has at most {MAX_NODES} terms", *node.at)
        if level > MAX_DEPTH:
            _refuse_depth(node.at)


def _refuse_depth(at: Position) -> NoReturn:
    raise ExpressionError(f"the expression nests deeper than {MAX_DEPTH} levels; divide it into steps", *at)


class _Parser:
    """One pass over the tokens. ``floor`` is the binding power that an operator must exceed to be taken."""

    def __init__(self, tokens: list[Token], names: Collection[str] | None, language: int) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0
        self._names = names
        self._language = language

    def whole(self) -> Node:
        if self._token.kind == "end":
            raise ExpressionError("an expression is missing", *self._token.at)
        tree = self._expression(Power.NOTHING)
        if self._token.kind != "end":
            self._refuse_follower()
        return tree

    @property
    def _token(self) -> Token:
        return self._tokens[self._place]

    def _next(self) -> Token:
        token = self._token
        self._place += token.kind != "end"
        return token

    def _sees(self, text: str) -> bool:
        return self._token.text == text

    def _expect(self, text: str, opening: Token) -> None:
        token = self._token
        if token.text == text:
            self._next()
            return
        if token.kind in ("name", "number") or token.text in ("(", ",", ":"):
            self._refuse_follower()
        line, column = opening.at
        reason = f"'{text}' is missing before {token}, for the {opening} of line {line}, column {column}"
        raise ExpressionError(reason, *token.at)

    def _expression(self, floor: Power) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            _refuse_depth(self._token.at)
        left = self._prefix(floor)
        while (power := _INFIX.get(self._token.text, Power.NOTHING)) > floor:
            left = self._infix(left, self._next(), power)
        self._depth -= 1
        return left

    def _prefix(self, floor: Power) -> Node:
        token = self._next()
        match token.kind, token.text:
            case "number", _:
                return _number(token)
            case "name", _:
                return self._named(token)
            case "operator", "(":
                inner = self._expression(Power.NOTHING)
                self._expect(")", token)
                return inner
            case "operator", "[":
                return Vector(self._list("]", token), at=token.at)
            case "operator", "-" | "+":
                return Unary(token.text, self._expression(Power.SIGN), at=token.at)
            case "word", "not":
                return self._negation(token, floor)
        raise ExpressionError(f"a number, a name or a bracket is missing before {token}", *token.at)

    def _negation(self, token: Token, floor: Power) -> Node:
        if floor > Power.NOT:
            raise ExpressionError("put 'not ...' into parentheses here", *token.at)
        return Unary("not", self._expression(Power.NOT), at=token.at)

    def _infix(self, left: Node, token: Token, power: Power) -> Node:
        match power:
            case Power.CHOICE:
                return self._choice(left, token)
            case Power.COMPARE:
                return self._comparison(left, token)
            case Power.ELEMENT:
                return Index(left, self._items(token), at=token.at)
            case Power.RAISE:
                # From the right, and over a sign: 2**-x**2 is 2**(-(x**2)).
                return Binary("**", left, self._expression(Power.SIGN), at=token.at)
        return Binary(token.text, left, self._expression(power), at=token.at)

    def _choice(self, chosen: Node, token: Token) -> Node:
        condition = self._expression(Power.CHOICE)
        self._expect("else", token)
        return Conditional(condition, chosen, self._expression(Power.NOTHING), at=token.at)

    def _comparison(self, left: Node, token: Token) -> Node:
        operators, operands = [token.text], [left, self._expression(Power.COMPARE)]
        while self._token.text in _COMPARISONS:
            operators.append(self._next().text)
            operands.append(self._expression(Power.COMPARE))
        return Compare(tuple(operators), tuple(operands), at=token.at)

    def _list(self, closing: str, opening: Token) -> tuple[Node, ...]:
        if self._sees(closing):
            raise ExpressionError(f"there is nothing between '{opening.text}' and '{closing}'", *opening.at)
        elements = [self._expression(Power.NOTHING)]
        while self._sees(","):
            self._next()
            elements.append(self._expression(Power.NOTHING))
        self._expect(closing, opening)
        return tuple(elements)

    def _items(self, opening: Token) -> tuple[Node | Slice, ...]:
        items = [self._item()]
        while self._sees(","):
            self._next()
            items.append(self._item())
        self._expect("]", opening)
        return tuple(items)

    def _item(self) -> Node | Slice:
        at = self._token.at
        start = None if self._sees(":") else self._expression(Power.NOTHING)
        if start is not None and not self._sees(":"):
            return start
        self._next()
        stop = None if self._token.text in ("]", ",") else self._expression(Power.NOTHING)
        return Slice(start, stop, at=at)

    def _named(self, token: Token) -> Node:
        if function_named(token.text, self._language) or self._sees("("):
            return self._call(token)
        constant = constant_named(token.text, self._language)
        if constant is not None:
            if self._names is not None and token.text in self._names:
                raise ExpressionError(f"'{token.text}' is a constant; give the value another name", *token.at)
            return Number(constant, token.text, at=token.at)
        if self._names is not None and token.text not in self._names:
            meant = nearest(token.text, self._names)
            raise ExpressionError(
                f"'{token.text}' is not known here{did_you_mean(meant)}", *token.at, suggestion=meant
            )
        return Name(token.text, at=token.at)

    def _call(self, token: Token) -> Node:
        function = function_named(token.text, self._language)
        if function is None:
            known = self._names is not None and token.text in self._names
            meant = None if known else nearest(token.text, functions_of(self._language))
            hint = f"; write {token.text}*(...) to multiply" if known else did_you_mean(meant)
            raise ExpressionError(f"'{token.text}' is not a function{hint}", *token.at, suggestion=meant)
        if not self._sees("("):
            raise ExpressionError(f"{token.text} is a function: write {function.signature}", *token.at)
        arguments = self._list(")", self._next())
        if not function.accepts(len(arguments)):
            given = f"{len(arguments)} argument{'s' * (len(arguments) != 1)}"
            reason = f"{token.text} does not take {given}: write {function.signature}"
            raise ExpressionError(reason, *token.at)
        return Call(token.text, arguments, at=token.at)

    def _refuse_follower(self) -> NoReturn:
        token, before = self._token, self._tokens[self._place - 1]
        if token.kind in ("name", "number") or token.text == "(":
            reason = f"an operator is missing between {before} and {token}; multiplication is written *"
        elif token.text == ",":
            reason = "',' stands only between arguments or elements; a decimal has a point"
        elif token.text in (")", "]"):
            reason = f"{token} closes nothing"
        else:
            reason = f"{token} does not fit here"
        raise ExpressionError(reason, *token.at)


def _number(token: Token) -> Number:
    value = float(token.text)
    if not math.isfinite(value):
        raise ExpressionError(f"{token.text} is too large for a number", *token.at)
    if value == 0 and token.text.lower().partition("e")[0].strip("0."):
        raise ExpressionError(f"{token.text} is too small for a number", *token.at)
    return Number(value, token.text, at=token.at)
