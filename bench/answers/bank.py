"""A large bank of plain choices with an adaptive assessment on it, as a course folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

ITEMS: Final = 10_000
SKILLS: Final = tuple(f"bench-skill-{number}" for number in range(1, 6))
SLUG: Final = "bench-bank"
ASSESSMENT: Final = "bench-adaptive"
LONGEST: Final = 200
"""Items of an attempt: as many as there may be, so that none ends while it is measured."""
ANSWERS: Final = ({"a": "this"}, {"a": "that"})
"""The key of every item, and a distractor."""


def write_bank(folder: Path, items: int = ITEMS) -> Path:
    """Write the course and return its folder."""
    subject = folder / "bench-subject"
    lesson = subject / SLUG
    for place in ("items", "assessments"):
        (lesson / place).mkdir(parents=True)
    _write(
        subject / "subject.yaml", {"slug": subject.name, "title": "Benchmark", "description": "A large bank."}
    )
    _write(lesson / "lesson.yaml", _lesson())
    (lesson / "lesson.md").write_text("Nothing is taught here.\n")
    _write(lesson / "skills.yaml", [_skill(slug) for slug in SKILLS])
    _write(lesson / "bank.yaml", {"slug": SLUG, "title": "A large bank"})
    difficulties = np.random.default_rng(1).normal(size=items).round(3).tolist()
    for number, difficulty in enumerate(difficulties):
        _write(lesson / "items" / f"bench-{number:05}.yaml", _item(number, difficulty))
    _write(lesson / "assessments" / f"{ASSESSMENT}.yaml", _assessment())
    return subject


def _item(number: int, difficulty: float) -> dict[str, Any]:
    options = [
        {"id": name, "text": f"The option {name}", "key": name == "this"}
        for name in ("this", "that", "other")
    ]
    return {
        "slug": f"bench-{number:05}",
        "title": f"Choice {number}",
        "skills": [SKILLS[number % len(SKILLS)]],
        "difficulty": difficulty,
        "body": f"Which option of the item {number} is right? [[a]]",
        "interactions": {"a": {"kind": "choice", "options": options}},
        "solution": "This one is.",
    }


def _assessment() -> dict[str, Any]:
    """Return an assessment with everything that costs time: a ceiling on exposure, and bounds by skill."""
    return {
        "slug": ASSESSMENT,
        "title": "Adaptive, for the benchmark",
        "lesson": SLUG,
        "mode": "adaptive",
        "tries": 1,
        "feedback": "immediate",
        "adaptive": {
            "bank": SLUG,
            "exposure": {"ceiling": 0.25, "bands": [-1, 1]},
            "constraints": {skill: [20, 60] for skill in SKILLS},
            "stop": {"min_items": LONGEST, "max_items": LONGEST},
            "seeding": 0,
        },
    }


def _lesson() -> dict[str, Any]:
    return {
        "slug": SLUG,
        "title": "A large bank",
        "summary": "For the benchmark.",
        "level": "Advanced",
        "minutes": 1,
        "updated_on": "2026-11-29",
        "premium": False,
        "objectives": ["Be measured."],
        "skills": list(SKILLS),
    }


def _skill(slug: str) -> dict[str, Any]:
    return {
        "slug": slug,
        "title": slug.replace("-", " "),
        "description": "For the benchmark.",
        "prerequisites": [],
    }


def _write(file: Path, document: object) -> None:
    # JSON is YAML.
    file.write_text(json.dumps(document), encoding="utf-8")
