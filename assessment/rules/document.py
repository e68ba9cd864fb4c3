"""The assessment document: what an assessment asks, in which order, under which rules of delivery.

The one reader of it, for files, for the database and for the desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from assessment.rules.adaptive import AdaptiveRules
from assessment.rules.definition import MOST, AssessmentDefinition, ItemRules, UsualTerms
from assessment.rules.delivery import DeliveryRules, Feedback, Layout, Tool, may_change
from assessment.rules.fixed import FixedRules
from assessment.rules.mastery import MasteryRules
from assessment.scoring.tries import Keep
from content.catalogue import read_slug, read_title
from content.documents.reader import DefinitionError, Faults, Reader

__all__ = ["RULES", "AssessmentDefinition", "DefinitionError", "parse_assessment"]

RULES: Final[dict[str, type[ItemRules]]] = {
    "fixed": FixedRules,
    "adaptive": AdaptiveRules,
    "mastery": MasteryRules,
}
"""What reads the part of each mode; `assessment.modes.MODES` has the same names."""


def parse_assessment(document: Mapping[str, Any]) -> AssessmentDefinition:
    """Return the assessment in ``document``. Raises DefinitionError with every fault and its path."""
    faults = Faults()
    definition = read_assessment(document, faults)
    faults.raise_if_any()
    return definition


def read_assessment(document: object, faults: Faults) -> AssessmentDefinition:
    """Return what could be read of a document. Where it has faults, which are added, it is no use but to look at."""
    reader = Reader.of(document, "", faults)
    mode = _mode(reader)
    definition = AssessmentDefinition(
        slug=read_slug(reader),
        title=read_title(reader),
        summary=reader.text("summary", default=""),
        instructions=reader.text("instructions", default=""),
        lesson=reader.text("lesson", default="") or None,
        mode=mode,
        usual=_usual(reader),
        rules=_rules(reader, mode),
        item_rules=RULES[mode].read(reader),
    )
    _refuse_other_modes(reader, mode)
    reader.finish()
    if not reader.is_broken(definition.item_rules.key):
        definition.item_rules.check(reader, definition)
    return definition


def _mode(reader: Reader) -> str:
    """Read the mode; of one that is not known, what else is written tells which may be meant."""
    mode = reader.one_of("mode", next(iter(RULES)), RULES)
    written = [name for name, rules in RULES.items() if reader.has(rules.key)]
    return written[0] if written and reader.is_broken("mode") else mode


def remarks(definition: AssessmentDefinition, document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what a sound document says without effect, as (path, reason)."""
    if not definition.rules.answers_may_change:
        return []
    stated = [key for key in ("tries", "penalty") if document.get(key)]
    reason = "has no effect here: verdicts are withheld, so an answer may be changed and the last one counts"
    return [(key, reason) for key in stated]


def _refuse_other_modes(reader: Reader, mode: str) -> None:
    """Report the parts of other modes: they would be without effect."""
    for other in RULES.values():
        if other.key != RULES[mode].key and reader.raw(other.key) is not None:
            reader.fault(other.key, f"means nothing in the mode {mode}, which reads {RULES[mode].key}")


def _usual(reader: Reader) -> UsualTerms:
    return UsualTerms(
        time_limit_minutes=_count(reader, "time_limit_minutes", None),
        attempts_allowed=_count(reader, "attempts_allowed", None),
        exclusive=_perhaps(reader, "exclusive"),
    )


def _rules(reader: Reader, mode: str) -> DeliveryRules:
    kind = RULES[mode]
    usual = kind.feedbacks[0]
    feedback = Feedback(reader.one_of("feedback", usual.value, [f.value for f in Feedback]))
    if feedback not in kind.feedbacks and not reader.is_broken("mode"):
        reader.fault("feedback", f"the mode {mode} needs {', '.join(kind.feedbacks)}")
    return DeliveryRules(
        tries=_count(reader, "tries", 1),
        penalty=_fraction(reader, "penalty", 0.0),
        keep=Keep(reader.one_of("keep", Keep.BEST, [k.value for k in Keep])),
        feedback=feedback,
        pass_fraction=_fraction(reader, "pass_fraction", 0.7),
        answers_may_change=may_change(feedback, grows=kind.grows),
        solution_on_request=_solution_on_request(reader, mode, feedback),
        layout=_layout(reader, mode),
        tools=_tools(reader),
    )


def _solution_on_request(reader: Reader, mode: str, feedback: Feedback) -> bool:
    wanted = reader.flag("solution_on_request")
    if wanted and RULES[mode].grows:
        reader.fault("solution_on_request", f"is not possible: the mode {mode} goes on by what was answered")
    elif wanted and feedback is not Feedback.IMMEDIATE:
        reader.fault(
            "solution_on_request", "is not possible: verdicts are withheld, and a solution tells them"
        )
    return wanted


def _layout(reader: Reader, mode: str) -> Layout:
    layout = Layout(reader.one_of("layout", Layout.ONE_QUESTION, [one.value for one in Layout]))
    if layout is Layout.ONE_PAGE and RULES[mode].grows:
        reader.fault("layout", f"cannot be one page: the mode {mode} chooses items one by one")
    return layout


def _tools(reader: Reader) -> tuple[Tool, ...]:
    named = reader.texts("tools")
    known = [one.value for one in Tool]
    for number, name in enumerate(named):
        if name not in known:
            reader.refuse_choice(f"tools.{number}", name, known)
    return tuple(tool for tool in Tool if tool.value in named)


def _count(reader: Reader, key: str, default: int | None) -> int | None:
    """Return a whole number of 1 or more; null, where it is written, means without limit."""
    value = reader.raw(key, default)
    if value is None or (type(value) is int and 1 <= value <= MOST):
        return value
    reader.fault(key, f"must be a whole number of 1 to {MOST}, or null for no limit")
    return default


def _perhaps(reader: Reader, key: str) -> bool | None:
    """Return true or false where it is written; None leaves it to the rules."""
    return None if reader.raw(key) is None else reader.flag(key)


def _fraction(reader: Reader, key: str, default: float) -> float:
    value = reader.number(key, default)
    if value is None or not 0 <= value <= 1:
        reader.spoil(key, "must be a fraction of 0 to 1")
        return default
    return float(value)
