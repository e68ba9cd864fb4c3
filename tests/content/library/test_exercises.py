"""Every exercise of the library over many seeds: what it shows, and how it grades."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import unescape
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from content.items.certification import certify
from content.items.display import format_value, placeholders
from content.items.drawing import variant_of
from content.items.follow_through import key_from
from content.items.grading import grade
from content.items.presenting import hint_html, present, solution_html
from tests.content.library.shelf import SEEDS, definitions, draws, exercises, served

GRADED = 40
"""Draws that are graded one by one; the rest of the seeds is covered by arrays."""
MAX_FENCED = 0.03

each_exercise = pytest.mark.parametrize("slug", exercises())


def subsets(sources: Iterable[str]) -> list[tuple[str, ...]]:
    """Return every choice of sources that might be wrong, none aside."""
    listed = list(sources)
    return [some for size in range(1, len(listed) + 1) for some in combinations(listed, size)]


def chosen(weights: dict[str, float]) -> str:
    """Return the option of a single choice that is right."""
    return max(weights, key=lambda option: weights[option])


def typed(value: Any) -> Any:
    """Return a number, or numbers, as a learner with a good calculator would type it; a formula as it is."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return chosen(value)
    return [typed(part) for part in value] if isinstance(value, list) else repr(float(value))


def displayed(value: Any) -> Any:
    """Return a number, or numbers, as the solution writes it."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return chosen(value)
    return [displayed(part) for part in value] if isinstance(value, list) else format_value(value)


def texts(slug: str, index: int) -> list[str]:
    """Return everything a learner may read of one draw, as text with formulas."""
    definition = definitions()[slug]
    variant = variant_of(definition, draws(slug), index)
    shown = present(definition, variant)
    html = [shown["body"], solution_html(definition, variant) or ""]
    html += re.findall(r'"(?:title|label)": "(.*?)"', json.dumps(shown["figures"], ensure_ascii=False))
    html += [hint_html(definition, variant, number) for number in range(len(definition.hints))]
    return [unescape(text) for text in html]


def formulas(html: str) -> list[str]:
    return re.findall(r"<annotation[^>]*>(.*?)</annotation>", html, re.DOTALL)


def without_formulas(html: str) -> str:
    return re.sub(r"<math\b.*?</math>", "", html, flags=re.DOTALL)


@pytest.mark.parametrize("slug", sorted(definitions()))
def test_every_item_is_certified(slug: str) -> None:
    certificate = certify(definitions()[slug], draws=2000)
    assert certificate.certified, certificate.refusals
    assert certificate.fenced <= MAX_FENCED


@each_exercise
def test_no_seed_runs_out_of_draws(slug: str) -> None:
    assert draws(slug).possible.all()


@each_exercise
def test_nearly_every_seed_may_be_served(slug: str) -> None:
    assert len(list(served(slug))) >= (1 - MAX_FENCED) * SEEDS


@each_exercise
def test_what_the_body_states_is_what_the_key_is_computed_with(slug: str) -> None:
    definition, batch = definitions()[slug], draws(slug)
    for _, _, name, places in placeholders(definition.body):
        shown = places if places is not None else definition.places.get(name)
        for value in batch.values[name]:
            read = [float(number) for number in re.findall(r"-?[0-9.]+", format_value(value, shown))]
            np.testing.assert_allclose(read, np.ravel(value), rtol=1e-12, atol=1e-12)


@each_exercise
def test_every_placeholder_is_filled_and_no_formula_is_broken(slug: str) -> None:
    names = set(draws(slug).values)
    for index in list(served(slug))[:GRADED]:
        for text in texts(slug, index):
            assert not re.search(r"[{}$]|\[\[|nan|inf\b", without_formulas(text)), text
            assert '<code class="tex">' not in text
            for formula in formulas(text):
                assert formula.count("{") == formula.count("}"), formula
                assert not [name for _, _, name, _ in placeholders(formula) if name in names], formula
                assert not re.search(r"[-+]\s*-\s*[0-9]|\\cdot\s*-", formula), (
                    f"two signs in a row: {formula}"
                )


@each_exercise
def test_the_key_is_graded_right_and_as_displayed_too(slug: str) -> None:
    definition = definitions()[slug]
    for index in list(served(slug))[:GRADED]:
        variant = variant_of(definition, draws(slug), index)
        keys = {i: record["key"] for i, record in variant.interactions.items()}
        shown = {i: displayed(key) for i, key in keys.items()}
        for answer in ({i: typed(key) for i, key in keys.items()}, shown):
            verdict = grade(definition, variant, answer)
            assert verdict.correct, verdict
            assert verdict.score == 1


@each_exercise
def test_each_misconception_is_graded_wrong_and_called_by_its_name(slug: str) -> None:
    definition = definitions()[slug]
    for index in list(served(slug))[:GRADED]:
        variant = variant_of(definition, draws(slug), index)
        right = {i: typed(record["key"]) for i, record in variant.interactions.items()}
        for identifier, record in variant.interactions.items():
            for name, value in record["misconceptions"].items():
                verdict = grade(definition, variant, {**right, identifier: typed(value)})
                assert not verdict.interactions[identifier].correct
                assert verdict.interactions[identifier].misconception == name
                assert verdict.interactions[identifier].feedback


def rounded(slug: str, indices: list[int]) -> dict[str, Any]:
    """Return the draws with every step rounded to three places, as whoever works on paper may do."""
    definition, batch = definitions()[slug], draws(slug)
    values: dict[str, Any] = {name: batch.values[name][indices] for name in definition.parameters}
    for name, step in definition.steps.items():
        values[name] = np.round(np.asarray(step.evaluate(values, len(indices)), dtype=np.float64), 3)
    return values


@each_exercise
def test_where_rounding_in_between_would_cost_marks_the_body_says_so(slug: str) -> None:
    definition, indices = definitions()[slug], list(served(slug))
    values = rounded(slug, indices)
    body = " ".join(definition.body.split())
    told = "round only at the end" in body or "keep all digits in between" in body
    for identifier, interaction in definition.interactions.items():
        if "key" in interaction.computed:
            key = draws(slug).computed[identifier]["key"][indices]
            answer = np.asarray(interaction.computed["key"].evaluate(values, len(indices)), dtype=np.float64)
            assert told or np.all(interaction.accepts(key, answer))


@each_exercise
def test_who_is_asked_for_places_may_be_exact_as_well(slug: str) -> None:
    body = " ".join(definitions()[slug].body.split())
    if re.search("decimal places|significant figures", body):
        assert re.search("[Bb]e exact or give at least three", body)
        assert "round only at the end" in body


@pytest.mark.parametrize("slug", [s for s in exercises() if definitions()[s].figures])
def test_the_figures_have_no_gaps(slug: str) -> None:
    for index in list(served(slug))[:GRADED]:
        figures = present(definitions()[slug], variant_of(definitions()[slug], draws(slug), index))["figures"]
        assert len(figures) == len(definitions()[slug].figures)
        assert "null" not in json.dumps(figures)


@pytest.mark.parametrize("slug", [s for s in exercises() if definitions()[s].follow_through])
def test_an_error_carried_forward_rightly_earns_part_of_the_credit(slug: str) -> None:
    definition, batch = definitions()[slug], draws(slug)
    for index in list(served(slug))[:GRADED]:
        variant = variant_of(definition, batch, index)
        right = {i: typed(record["key"]) for i, record in variant.interactions.items()}
        for identifier, rule in definition.follow_through.items():
            for wrong in subsets(rule.sources):
                assumed = {s: np.multiply(variant.values[rule.sources[s]], 1.5).tolist() for s in wrong}
                carried = key_from(definition, rule, identifier, variant.values, assumed)
                answer = {
                    **right,
                    **{i: typed(value) for i, value in assumed.items()},
                    identifier: typed(carried),
                }
                verdicts = grade(definition, variant, answer).interactions
                assert all(verdicts[source].score == 0 for source in wrong)
                assert verdicts[identifier].score == rule.credit
