"""From what was answered to a correction: addresses at which one is written down, with what is known filled in."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from assessment.models import Assessment
from assessment.models.corrections import CorrectionKind
from assessment.results.report import AnswerRow, InteractionReport, ItemReport
from assessment.results.wrong_answers import WrongAnswer
from content.items.interactions.choice import Choice
from content.models.items import published

Link = Callable[..., str]
"""Makes the address where a correction of an item is written down, with what is known of it."""


def correcting(assessment: Assessment, one: ItemReport, **known: Any) -> str:
    """Return where a correction of an item version is written down, in this assessment, with what is known."""
    kind = {"kind": CorrectionKind.ACCEPT.value} if known else {}
    query = {"item": one.slug, "version": one.number, "assessment": assessment.pk, **kind, **known}
    return f"{reverse('admin:assessment_correction_add')}?{urlencode(query)}"


def no_link(**_known: Any) -> str:
    return ""


def accepting_answer(item: ItemReport, wrong: WrongAnswer, link: Link) -> str:
    """Return where a wrong answer is accepted too: by its misconception, or as it was read.

    What was read says little of an exercise, where others were asked with other numbers.
    """
    if wrong.misconception:
        return link(interaction=wrong.interaction, misconception=wrong.misconception)
    if item.is_exercise or not wrong.is_whole:
        return ""
    return link(interaction=wrong.interaction, parsed=json.dumps(wrong.parsed, ensure_ascii=False))


def accepting_option(item: ItemReport, part: InteractionReport, row: AnswerRow, link: Link) -> str:
    """Return where an option is accepted too, of those of which one is chosen."""
    if not part.is_choice or row.is_key or row.answer is None:
        return ""
    interaction = published(UUID(item.version)).definition.interactions[part.id]
    if not isinstance(interaction, Choice) or interaction.multiple:
        return ""
    return link(interaction=part.id, parsed=json.dumps([row.answer]))
