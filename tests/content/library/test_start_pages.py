"""The start page of an assessment says its rules from its settings; its texts add what no setting says."""

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

ASSESSMENTS = sorted(Path(settings.BASE_DIR, "content", "library").rglob("assessments/*.yaml"))

RULES = re.compile(
    r"\b(minutes?|an hour|second try|worth|changed|at once|adaptive|\w+ (questions|exercises|items) (at most|about)"
    r"|\d+ (to \d+ )?(questions|exercises|items))\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("path", ASSESSMENTS, ids=lambda path: path.stem)
def test_no_text_repeats_a_rule_in_other_words(path: Path) -> None:
    assessment = yaml.safe_load(path.read_text())
    text = f"{assessment['summary']} {assessment['instructions']}"
    told = [found.group() for found in RULES.finditer(text)]
    assert told == [], "the start page says this from the settings"
