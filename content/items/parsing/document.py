"""From an item document to its definition: read once, checked whole, every fault with its path.

What could not be read is known to be broken: whatever rests on it is not complained of, and all else is checked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from content.documents.reader import Faults, PathFault, Reader
from content.expressions import FIRST, RESERVED, Expression, ExpressionError, Scope, Shape
from content.expressions.suggesting import did_you_mean, nearest
from content.items.definition import ItemDefinition, MisconceptionRule
from content.items.figures import parse_figures
from content.items.interactions import INTERACTIONS, Interaction
from content.items.interactions.fields import parse_expression
from content.items.numbers import CONVENTIONS
from content.items.parameters import KEYS as KEYS_OF_PARAMETERS
from content.items.parameters import Parameter, parse_parameter, parse_shape
from content.items.parsing.dimensions import check_dimensions
from content.items.parsing.following import parse_follow_through
from content.items.parsing.texts import check_marks, check_texts
from content.items.uses import USES, Use

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}\Z")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,19}\Z")
MAX_SLUG = 100
MAX_TITLE = 200
MOST = {
    "parameters": 40,
    "require": 20,
    "steps": 60,
    "interactions": 20,
    "hints": 10,
    "skills": 20,
    "enemies": 20,
    "misconceptions": 20,
}
MOST_NAMES: Final = 200
"""Names that are compared with one that is not known. Where there are more, nobody is told that one is unknown."""
KEYS: Final = (
    "language",
    "slug",
    "title",
    "skills",
    "enemies",
    "locale",
    "difficulty",
    "use",
    "parameters",
    "require",
    "steps",
    "check",
    "body",
    "interactions",
    "misconceptions",
    "follow_through",
    "figures",
    "hints",
    "solution",
)
"""What may stand in the document of an item."""


def parse_definition(document: Mapping[str, Any]) -> ItemDefinition:
    """Return the definition in ``document``. Raises DefinitionError with every fault and its path."""
    faults = Faults()
    definition = read_definition(document, faults)
    faults.raise_if_any()
    return definition


def read_definition(document: object, faults: Faults) -> ItemDefinition:
    """Return what could be read of a document. Where it has faults, which are added, it is no use but to look at."""
    reader = Reader.of(document, "", faults, KEYS)
    language = _language(reader)
    parameters, shapes, drawn = _parameters(reader.mapping("parameters"), language)
    steps, scope = _steps(reader.mapping("steps"), drawn)
    entries = reader.mapping("interactions")
    readable = _interactions(entries, scope)
    interactions = {name: one for name, (one, is_usable) in readable.items() if is_usable}
    definition = ItemDefinition(
        language=language,
        slug=_slug(reader),
        title=_title(reader),
        skills=reader.texts("skills"),
        enemies=reader.texts("enemies"),
        difficulty=reader.number("difficulty"),
        use=_use(reader),
        locale=_locale(reader),
        parameters=parameters,
        require=_require(reader, drawn),
        steps=steps,
        check=_check(reader.mapping("check"), scope),
        body=reader.text("body"),
        interactions=interactions,
        misconceptions=_misconceptions(reader.mapping("misconceptions"), entries, scope),
        follow_through=parse_follow_through(
            reader.mapping("follow_through"), entries, interactions, scope, steps
        ),
        figures=parse_figures(reader, scope),
        hints=reader.texts("hints"),
        solution=reader.text("solution", default=""),
        document=dict(reader.document),
    )
    reader.finish()
    if len(entries.names()) <= MOST["interactions"]:
        check_marks(reader, definition.body, [name for name in entries.names() if _IDENTIFIER.match(name)])
    check_texts(reader, definition, {name: one for name, (one, _) in readable.items()}, scope)
    _check_numbers(reader)
    if definition.slug in definition.enemies:
        place = definition.enemies.index(definition.slug)
        reader.fault(f"enemies.{place}", "cannot hold the item itself")
    check_dimensions(reader, definition, shapes)
    return definition


def _slug(reader: Reader) -> str:
    slug = reader.text("slug")
    if slug and not (_SLUG.match(slug) and len(slug) <= MAX_SLUG):
        meant = "-".join(re.findall(r"[a-z0-9]+", slug.lower()))[:MAX_SLUG].strip("-") or None
        reader.spoil(
            "slug",
            f"must be lower-case words joined by hyphens, at most {MAX_SLUG} characters",
            suggestion=meant,
        )
    return slug


def _title(reader: Reader) -> str:
    title = reader.text("title")
    if len(title) > MAX_TITLE:
        reader.spoil("title", f"is longer than {MAX_TITLE} characters")
    return title


def _use(reader: Reader) -> Use | None:
    """Read what the item is for; None leaves it to the bank."""
    use = reader.raw("use")
    if use is None or (isinstance(use, str) and use in USES):
        return Use(use) if use else None
    reader.refuse_choice("use", use, USES)
    return None


def _locale(reader: Reader) -> str:
    """Read how learners write numbers here: a decimal comma in ``de``, lakhs in ``in``."""
    locale = reader.text("locale", default="en")
    if locale in CONVENTIONS:
        return locale
    reader.refuse_choice("locale", locale, sorted(CONVENTIONS))
    return "en"


def _language(reader: Reader) -> int:
    """Read the version of the language of expressions: what meant a name when this was written means it still."""
    language = reader.raw("language", FIRST)
    if type(language) is int and language in RESERVED:
        return language
    reader.spoil("language", f"must be one of {', '.join(map(str, RESERVED))}")
    return FIRST


def _parameters(reader: Reader, language: int) -> tuple[dict[str, Parameter], dict[str, Shape], Scope]:
    """Read the parameters, the shapes of all that have one, and what may be named: what is written, well or not."""
    parameters: dict[str, Parameter] = {}
    shapes: dict[str, Shape] = {}
    unusable = set()
    for name, value in reader.items()[: MOST["parameters"]]:
        if not _NAME.match(name):
            reader.spoil(name, "must be a name of letters and digits", at_key=True)
            unusable.add(name)
        elif name in RESERVED[language]:
            reader.spoil(name, "means something already in expressions", at_key=True)
            unusable.add(name)
        else:
            entry = Reader.of(value, reader.at(name), reader.faults, KEYS_OF_PARAMETERS)
            if parameter := parse_parameter(name, entry):
                parameters[name] = parameter
            if (shape := parse_shape(entry)) is not None:
                shapes[name] = shape
    known = frozenset(reader.names()[:MOST_NAMES])
    is_open = reader.faults.is_broken(reader.path) or len(reader.document) > MOST_NAMES
    return parameters, shapes, Scope(known, language, is_open, frozenset(unusable))


def _steps(reader: Reader, drawn: Scope) -> tuple[dict[str, Expression], Scope]:
    """Read the steps, and what may be named beside them."""
    steps: dict[str, Expression] = {}
    # Where a step that could not be read stood is not known: all of them may use it.
    above = drawn.beside(*reader.faults.below(reader.path))
    unusable = set(drawn.unusable)
    for name, source in reader.items()[: MOST["steps"]]:
        if not _NAME.match(name) or name in drawn.names or name in RESERVED[drawn.language]:
            reason = "must be a name of its own, which means nothing yet in expressions"
            reader.spoil(name, reason, at_key=True)
            unusable.add(name)
        elif step := _step(reader, name, source, above):
            steps[name] = step
        above = above.beside(name)
    known = drawn.names.union(reader.names()[:MOST_NAMES])
    is_open = drawn.open or reader.faults.is_broken(reader.path) or len(reader.document) > MOST_NAMES
    return steps, Scope(known, drawn.language, is_open, frozenset(unusable))


def _step(reader: Reader, name: str, source: object, above: Scope) -> Expression | None:
    """Read a step; one that names a step further down is told that, and no other name."""
    below = frozenset(reader.document) - above.names if len(reader.document) <= MOST_NAMES else frozenset()
    try:
        used = Scope(above.names | below, above.language).parse(str(source)).names & below
    except ExpressionError:
        used = frozenset()
    if not used or above.open or not isinstance(source, str):
        found: Expression | None = parse_expression(reader, name, above)
        return found
    later = min(used, key=lambda one: _word(source, one)[0])
    said = "names itself" if later == name else f"'{later}' is a step further down"
    reader.spoil(name, f"{said}: a step may name only what stands above it", inside=_word(source, later))
    return None


def _word(text: str, name: str) -> tuple[int, int]:
    found = re.search(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", text)
    return found.span() if found else (0, len(text))


def _require(reader: Reader, drawn: Scope) -> tuple[Expression, ...]:
    conditions = []
    for index, text in enumerate(reader.texts("require")[: MOST["require"]]):
        try:
            conditions.append(drawn.parse(text))
        except ExpressionError as error:
            if not drawn.is_spoiled(text):
                reader.faults.put(PathFault.of_expression(reader.at(f"require.{index}"), text, error))
    return tuple(conditions)


def _check(reader: Reader, scope: Scope) -> dict[str, Expression]:
    """Read the independent roads; each names the step that it must agree with."""
    checks = {}
    for name, _ in reader.items()[: MOST["steps"] + MOST["parameters"]]:
        if name not in scope:
            meant = nearest(name, scope.names)
            reader.spoil(name, f"is no parameter or step{did_you_mean(meant)}", at_key=True, suggestion=meant)
        elif expression := parse_expression(reader, name, scope):
            if name in expression.names:
                reader.spoil(name, "uses the very value that it is to check")
            checks[name] = expression
    return checks


def _interactions(reader: Reader, scope: Scope) -> dict[str, tuple[Interaction, bool]]:
    """Read the interactions: what can be read of each, and whether that can be used."""
    interactions = {}
    for identifier, value in reader.items()[: MOST["interactions"]]:
        if not _IDENTIFIER.match(identifier):
            reader.fault(identifier, "must be a short lower-case identifier", at_key=True)
        if read := _interaction(identifier, value, reader, scope):
            interactions[identifier] = read
    if not reader.names():
        reader.faults.spoil(reader.path, "must have at least one interaction")
    return interactions


def _interaction(
    identifier: str, value: object, reader: Reader, scope: Scope
) -> tuple[Interaction, bool] | None:
    entry = Reader.of(value, reader.at(identifier), reader.faults, ("kind",))
    kind = entry.text("kind")
    if kind not in INTERACTIONS:
        entry.refuse_choice("kind", kind, sorted(INTERACTIONS))
        return None
    entry = Reader.of(value, entry.path, reader.faults, ("kind", *INTERACTIONS[kind].keys()))
    entry.text("kind")
    read = INTERACTIONS[kind].parse(identifier, entry, scope)
    entry.finish()
    return read


def _misconceptions(
    reader: Reader, interactions: Reader, scope: Scope
) -> dict[str, tuple[MisconceptionRule, ...]]:
    rules = {}
    for identifier, _ in reader.items()[: MOST["interactions"] + 1]:
        check_interaction(reader, identifier, interactions)
        entries = reader.mapping(identifier)
        parsed = [
            _misconception(entries, slug, value, scope)
            for slug, value in entries.items()[: MOST["misconceptions"]]
        ]
        rules[identifier] = tuple(rule for rule in parsed if rule)
    return rules


def check_interaction(reader: Reader, identifier: str, interactions: Reader) -> None:
    """Report a key that should name an interaction and names none."""
    names = interactions.names()
    if identifier not in names and not interactions.faults.is_broken(interactions.path):
        meant = nearest(identifier, names)
        reader.fault(identifier, f"is no interaction{did_you_mean(meant)}", at_key=True, suggestion=meant)


def _misconception(reader: Reader, slug: str, value: object, scope: Scope) -> MisconceptionRule | None:
    if not isinstance(value, Mapping):
        expression = parse_expression(reader, slug, scope)
        return MisconceptionRule(slug, expression, None, 0.0) if expression else None
    entry = reader.mapping(slug, ("value", "feedback", "credit"))
    expression = parse_expression(entry, "value", scope)
    credit = entry.number("credit", 0.0)
    feedback = entry.text("feedback", default="") or None
    entry.finish()
    if credit is None or not 0 <= credit < 1:
        entry.fault("credit", "must be at least 0 and less than 1")
    return MisconceptionRule(slug, expression, feedback, credit or 0.0) if expression else None


def _check_numbers(reader: Reader) -> None:
    """Bound what a document may hold, so that no document is a burden."""
    for path, most in MOST.items():
        value = reader.raw(path, ())
        counts = [_count(value)]
        if path == "misconceptions":
            counts = [_count(one) for one in value.values()] if isinstance(value, Mapping) else [0]
        if max(counts, default=0) > most:
            reader.fault(path, f"are {max(counts)}; {most} is the limit")


def _count(value: object) -> int:
    return len(value) if isinstance(value, Collection) and not isinstance(value, str) else 0
