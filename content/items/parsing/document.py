"""From an item document to its definition: read once, checked whole, every fault with its path."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from content.documents.reader import Faults, Reader
from content.expressions import FIRST, RESERVED, Expression, ExpressionError, Scope
from content.items.definition import FollowThrough, ItemDefinition, MisconceptionRule
from content.items.display import placeholders
from content.items.figures import parse_figures
from content.items.interactions import INTERACTIONS, Interaction
from content.items.interactions.fields import parse_expression
from content.items.markup import interaction_marks
from content.items.numbers import CONVENTIONS
from content.items.parameters import Parameter, parse_parameter
from content.items.parsing.dimensions import check_dimensions
from content.items.uses import USES, Use

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}\Z")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,19}\Z")
MAX_SLUG = 100
MAX_TITLE = 200
MAX_TEXT = 20_000
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


def parse_definition(document: Mapping[str, Any]) -> ItemDefinition:
    """Return the definition in ``document``. Raises DefinitionError with every fault and its path."""
    faults = Faults()
    reader = Reader.of(document, "", faults)
    slug, title = reader.text("slug"), reader.text("title")
    if slug and not (_SLUG.match(slug) and len(slug) <= MAX_SLUG):
        reader.fault("slug", f"must be lower-case words joined by hyphens, at most {MAX_SLUG} characters")
    if len(title) > MAX_TITLE:
        reader.fault("title", f"is longer than {MAX_TITLE} characters")
    language = _language(reader)
    parameters = _parameters(reader.mapping("parameters"), language)
    drawn = Scope(frozenset(parameters), language)
    steps = _steps(reader.mapping("steps"), drawn)
    scope = drawn.beside(*steps)
    interactions = _interactions(reader.mapping("interactions"), scope)
    definition = ItemDefinition(
        language=language,
        slug=slug,
        title=title,
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
        misconceptions=_misconceptions(reader.mapping("misconceptions"), interactions, scope),
        follow_through=parse_follow_through(reader.mapping("follow_through"), interactions, steps),
        figures=parse_figures(reader, scope),
        hints=reader.texts("hints"),
        solution=reader.text("solution", default=""),
        document=dict(reader.document),
    )
    reader.finish()
    _check_places(reader, definition)
    _check_placeholders(reader, definition, scope)
    _check_numbers(reader, definition)
    if slug in definition.enemies:
        reader.fault("enemies", "cannot hold the item itself")
    if not faults.found:
        check_dimensions(reader, definition)
    faults.raise_if_any()
    return definition


def _use(reader: Reader) -> Use | None:
    """Read what the item is for; None leaves it to the bank."""
    use = reader.raw("use")
    if use is None or use in USES:
        return Use(use) if use else None
    reader.fault("use", f"must be one of {', '.join(USES)}")
    return None


def _locale(reader: Reader) -> str:
    """Read how learners write numbers here: a decimal comma in ``de``, lakhs in ``in``."""
    locale = reader.text("locale", default="en")
    if locale not in CONVENTIONS:
        reader.fault("locale", f"must be one of {', '.join(sorted(CONVENTIONS))}")
    return locale


def _language(reader: Reader) -> int:
    """Read the version of the language of expressions: what meant a name when this was written means it still."""
    language = reader.raw("language", FIRST)
    if type(language) is int and language in RESERVED:
        return language
    reader.fault("language", f"must be one of {', '.join(map(str, RESERVED))}")
    return FIRST


def _parameters(reader: Reader, language: int) -> dict[str, Parameter]:
    parameters = {}
    for name, value in reader.items():
        if not _NAME.match(name):
            reader.fault(name, "must be a name of letters and digits")
        elif name in RESERVED[language]:
            reader.fault(name, "means something already in expressions")
        elif parameter := parse_parameter(name, Reader.of(value, reader.at(name), reader.faults)):
            parameters[name] = parameter
    return parameters


def _steps(reader: Reader, drawn: Scope) -> dict[str, Expression]:
    steps: dict[str, Expression] = {}
    for name, _ in reader.items():
        if not _NAME.match(name) or name in drawn or name in RESERVED[drawn.language]:
            reader.fault(name, "must be a name of its own, which means nothing yet in expressions")
        elif step := parse_expression(reader, name, drawn.beside(*steps)):
            steps[name] = step
    return steps


def _require(reader: Reader, drawn: Scope) -> tuple[Expression, ...]:
    conditions = []
    for index, text in enumerate(reader.texts("require")):
        try:
            conditions.append(drawn.parse(text))
        except ExpressionError as error:
            reader.fault(f"require.{index}", str(error))
    return tuple(conditions)


def _check(reader: Reader, scope: Scope) -> dict[str, Expression]:
    """Read the independent roads; each names the step that it must agree with."""
    checks = {}
    for name, _ in reader.items():
        if name not in scope:
            reader.fault(name, "is no parameter or step")
        elif expression := parse_expression(reader, name, scope):
            if name in expression.names:
                reader.fault(name, "uses the very value that it is to check")
            checks[name] = expression
    return checks


def _interactions(reader: Reader, scope: Scope) -> dict[str, Interaction]:
    interactions: dict[str, Interaction] = {}
    for identifier, value in reader.items():
        entry = Reader.of(value, reader.at(identifier), reader.faults)
        kind = entry.text("kind")
        if not _IDENTIFIER.match(identifier):
            reader.fault(identifier, "must be a short lower-case identifier")
        elif kind not in INTERACTIONS:
            entry.fault("kind", f"must be one of {', '.join(sorted(INTERACTIONS))}")
        elif interaction := INTERACTIONS[kind].parse(identifier, entry, scope):
            entry.finish()
            interactions[identifier] = interaction
    if not reader.document:
        reader.faults.add(reader.path, "must have at least one interaction")
    return interactions


def _misconceptions(
    reader: Reader, interactions: Mapping[str, Interaction], scope: Scope
) -> dict[str, tuple[MisconceptionRule, ...]]:
    rules = {}
    for identifier, _ in reader.items():
        entries = reader.mapping(identifier)
        if identifier not in interactions:
            reader.fault(identifier, "is no interaction")
        parsed = [_misconception(entries, slug, value, scope) for slug, value in entries.items()]
        rules[identifier] = tuple(rule for rule in parsed if rule)
    return rules


def _misconception(reader: Reader, slug: str, value: object, scope: Scope) -> MisconceptionRule | None:
    entry = (
        reader.mapping(slug)
        if isinstance(value, Mapping)
        else Reader({"value": value}, reader.at(slug), reader.faults)
    )
    expression = parse_expression(entry, "value", scope)
    credit = entry.number("credit", 0.0)
    feedback = entry.text("feedback", default="") or None
    entry.finish()
    if credit is None or not 0 <= credit < 1:
        entry.fault("credit", "must be at least 0 and less than 1")
    return MisconceptionRule(slug, expression, feedback, credit or 0.0) if expression else None


def _check_places(reader: Reader, definition: ItemDefinition) -> None:
    """Each interaction stands once in the body, and nothing else does."""
    marks = interaction_marks(definition.body)
    for identifier in definition.interactions:
        if marks.count(identifier) != 1:
            reader.fault("body", f"must show [[{identifier}]] exactly once")
    for mark in set(marks) - set(reader.mapping("interactions").document):
        reader.fault("body", f"shows [[{mark}]], which is no interaction")


def _check_numbers(reader: Reader, definition: ItemDefinition) -> None:
    """Bound what a document may hold, so that no document is a burden."""
    counts = {
        "parameters": len(definition.parameters),
        "require": len(definition.require),
        "steps": len(definition.steps),
        "interactions": len(definition.interactions),
        "hints": len(definition.hints),
        "skills": len(definition.skills),
        "enemies": len(definition.enemies),
        "misconceptions": max(map(len, definition.misconceptions.values()), default=0),
    }
    for path, count in counts.items():
        if count > MOST[path]:
            reader.fault(path, f"are {count}; {MOST[path]} is the limit")


def _check_placeholders(reader: Reader, definition: ItemDefinition, scope: Scope) -> None:
    texts = {"body": definition.body, "solution": definition.solution}
    texts |= {f"hints.{i}": hint for i, hint in enumerate(definition.hints)}
    for identifier, interaction in definition.interactions.items():
        texts |= {f"interactions.{identifier}.{i}": text for i, text in enumerate(interaction.texts)}
    for identifier, rules in definition.misconceptions.items():
        texts |= {f"misconceptions.{identifier}.{rule.slug}": rule.feedback or "" for rule in rules}
    for number, figure in enumerate(definition.figures):
        texts |= {f"figures.{number}.{i}": text for i, text in enumerate(figure.texts)}
    for path, text in texts.items():
        if len(text) > MAX_TEXT:
            reader.fault(path, f"is longer than {MAX_TEXT} characters")
        for _, _, name, _ in placeholders(text):
            if name not in scope:
                reader.fault(path, f"shows {{{name}}}, which is no parameter or step")


def parse_follow_through(
    reader: Reader, interactions: Mapping[str, Interaction], steps: Mapping[str, Any]
) -> dict[str, FollowThrough]:
    """Read, for each interaction that follows others, which ones and for what credit."""
    rules = {}
    for identifier, _ in reader.items():
        entry = reader.mapping(identifier)
        rule = FollowThrough(_sources(entry), entry.number("credit", 1.0) or 0.0)
        entry.finish()
        _check_sources(entry, rule, identifier, interactions)
        if not set(rule.sources.values()) <= set(steps):
            entry.fault("step", "must be a step: the value that the earlier answer stands for")
        if not 0 < rule.credit <= 1:
            entry.fault("credit", "must be above 0 and at most 1")
        rules[identifier] = rule
    return rules


def _sources(entry: Reader) -> dict[str, str]:
    """Read one source, as ``answer`` and ``step``, or several as ``sources``."""
    if not entry.has("sources"):
        return {entry.text("answer"): entry.text("step")}
    listed = entry.mapping("sources")
    if not listed.document:
        listed.faults.add(listed.path, "must name an earlier interaction and the step it stands for")
    return {answer: listed.text(answer) for answer, _ in listed.items()}


def _check_sources(
    entry: Reader, rule: FollowThrough, identifier: str, interactions: Mapping[str, Interaction]
) -> None:
    order = list(interactions)
    before = order[: order.index(identifier)] if identifier in order else []
    if not set(rule.sources) <= set(before):
        entry.fault("answer", "must be an interaction before this one")
    elif not all("key" in interactions[each].computed for each in (identifier, *rule.sources)):
        entry.fault("answer", "must be a number, as must the interaction that follows it")
    if len(set(rule.sources.values())) < len(rule.sources):
        entry.fault("step", "must be another one for each earlier answer")
