"""The assessment document: what an assessment asks, in which order, under which rules of delivery.

The one reader of it, for files, for the database and for the desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from assessment.rules.adaptive import AdaptiveRules
from assessment.rules.definition import AssessmentDefinition, ItemRules, UsualTerms
from assessment.rules.delivery import DeliveryRules, Feedback, Layout, may_change
from assessment.rules.fixed import FixedRules
from assessment.rules.mastery import MasteryRules
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
    # What else may stand in it depends on the mode, so that one is read even where its key is misspelled.
    reader = Reader.of(document, "", faults, known=("mode",))
    mode = _mode(reader)
    definition = AssessmentDefinition(
        **AssessmentDefinition.take(reader),
        mode=mode,
        usual=UsualTerms(**UsualTerms.take(reader)),
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


def _rules(reader: Reader, mode: str) -> DeliveryRules:
    kind = RULES[mode]
    values = DeliveryRules.take(reader)
    feedback = values["feedback"] or kind.feedbacks[0]
    if feedback not in kind.feedbacks and not reader.is_broken("mode"):
        reader.fault("feedback", f"the mode {mode} needs {', '.join(kind.feedbacks)}")
    rules = DeliveryRules(
        **values | {"feedback": feedback}, answers_may_change=may_change(feedback, grows=kind.grows)
    )
    _check_delivery(reader, mode, rules)
    return rules


def _check_delivery(reader: Reader, mode: str, rules: DeliveryRules) -> None:
    """Report what the mode, or when verdicts are shown, makes impossible."""
    if rules.solution_on_request and RULES[mode].grows:
        reader.fault("solution_on_request", f"is not possible: the mode {mode} goes on by what was answered")
    elif rules.solution_on_request and rules.feedback is not Feedback.IMMEDIATE:
        reader.fault(
            "solution_on_request", "is not possible: verdicts are withheld, and a solution tells them"
        )
    if rules.layout is Layout.ONE_PAGE and RULES[mode].grows:
        reader.fault("layout", f"cannot be one page: the mode {mode} chooses items one by one")
