"""The documents of the library: complete, connected, and written by us."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from content.formats.checking import Known, course_faults
from content.formats.course_folder import LessonFolder, Source
from content.items.enemies import both_ways, enemies_of
from content.items.interactions.choice import Choice
from content.items.markup import formulas
from content.lessons import parse_lesson
from tests.content.library.shelf import LIBRARY, course, definitions, exercises, fixed_items, folder
from tests.shared import shared_path

PRACTICE = ["l1-and-exact-zeros", "many-features-few-relevant", "turning-up-lambda", "why-elastic-net"]
WORDS_IN_COMMON = 8
"""So many words in a row, the same in both texts, are a copy. (Fewer are often just the name of a thing.)"""

each_lesson = pytest.mark.parametrize("lesson", course().lessons, ids=lambda one: one.lesson.slug)

SHORT = 15
"""Up to this many characters an option is a name, as long as names are."""


def prose() -> Iterator[tuple[str, str]]:
    """Yield every text of the library with the file that it stands in."""
    for path in sorted(LIBRARY.rglob("*.*")):
        yield path.relative_to(LIBRARY).as_posix(), path.read_text(encoding="utf-8")


def words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


def runs(text: str) -> set[tuple[str, ...]]:
    listed = words(text)
    return {tuple(listed[i : i + WORDS_IN_COMMON]) for i in range(len(listed) - WORDS_IN_COMMON + 1)}


def test_nothing_in_the_library_is_faulty_or_refers_to_what_is_not_there() -> None:
    assert course_faults(course(), Known()) == []


def test_the_bank_has_enough_of_both_kinds() -> None:
    assert len(exercises()) >= 25
    assert len(fixed_items()) >= 30


def test_the_lesson_keeps_the_facts_of_the_published_one() -> None:
    lesson = parse_lesson(folder("regularization").lesson.document)
    theory = lesson.theory.markdown
    assert lesson.level == "Advanced"
    assert lesson.updated_on >= date(2026, 5, 13)
    assert not lesson.premium
    assert len(lesson.related) == 3
    for formula in (
        r"w \leftarrow w - lr \cdot \left(\frac{\partial\,\text{MSE}}{\partial w} + 2\lambda w\right)",
        r"w \leftarrow w \cdot (1 - 2 \cdot lr \cdot \lambda) - lr \cdot \frac{\partial\,\text{MSE}}{\partial w}",
        r"\text{MSE}(w) + \lambda \sum_i |w_i|",
        r"\text{MSE}(w) + \lambda_1 \sum_i |w_i| + \lambda_2 \sum_i w_i^2",
        r"\lambda \left(\alpha \sum_i |w_i| + (1 - \alpha) \sum_i w_i^2\right)",
        r"0.0001,\; 0.001,\; 0.01,\; 0.1,\; 1,\; 10",
    ):
        assert formula in theory
    for idea in (
        "Dropout",
        "Early stopping",
        "one-standard-error rule",
        "soft thresholding",
        "subdifferential",
    ):
        assert idea.lower() in theory.lower()


@each_lesson
def test_a_lesson_names_every_skill_it_teaches_and_how_long_it_takes_to_read(lesson: LessonFolder) -> None:
    read = parse_lesson(lesson.lesson.document)
    assert set(read.skills) == {source.slug for source in lesson.skills}
    text = re.sub(r"^```figure.*?^```", "", read.theory.markdown, flags=re.DOTALL | re.MULTILINE)
    at_a_calm_pace = len(text.split()) / 200 + len(read.theory.places)
    assert abs(read.minutes - at_a_calm_pace) <= 4, at_a_calm_pace


@each_lesson
def test_each_lesson_has_figures_to_move_and_questions_to_answer(lesson: LessonFolder) -> None:
    theory = parse_lesson(lesson.lesson.document).theory
    assert len({figure.kind for figure in theory.illustrations}) >= 3
    assert 2 <= len(theory.checks) <= 4


def test_no_text_runs_along_with_the_published_lesson() -> None:
    published = runs(shared_path("reference/lesson-regularization.txt").read_text(encoding="utf-8"))
    copied = {name: sorted(runs(text) & published) for name, text in prose() if runs(text) & published}
    assert copied == {}


@pytest.mark.parametrize(
    "spelling", ["regularis", "penalis", "minimis", "standardis", "behaviour", "neighbour"]
)
def test_the_spelling_is_american(spelling: str) -> None:
    assert [name for name, text in prose() if spelling in text.lower()] == []


@each_lesson
def test_every_formula_of_the_theory_is_set(lesson: LessonFolder) -> None:
    theory = parse_lesson(lesson.lesson.document).theory
    html = theory.html()
    texts = [theory.markdown, *(t for figure in theory.illustrations for t in (figure.words, figure.caption))]
    assert "$" not in html
    assert '<code class="tex">' not in html
    assert len(re.findall(r'class="math (?:inline|display)"', html)) >= sum(map(len, map(formulas, texts)))


@pytest.mark.parametrize("slug", fixed_items())
def test_a_fixed_choice_explains_each_of_its_distractors(slug: str) -> None:
    for interaction in definitions()[slug].interactions.values():
        if not isinstance(interaction, Choice):
            continue
        keys = [option for option in interaction.options if option.weight == 1]
        distractors = [option for option in interaction.options if option.weight == 0]
        assert len(keys) == 1 or interaction.multiple
        assert len(keys) + len(distractors) == len(interaction.options)
        assert all(option.feedback for option in interaction.options)
        assert all(option.misconception for option in distractors)
        assert len({option.text for option in interaction.options}) == len(interaction.options)


@pytest.mark.parametrize("slug", sorted(definitions()))
def test_every_item_has_skills_a_guess_of_its_difficulty_hints_and_a_solution(slug: str) -> None:
    definition = definitions()[slug]
    assert definition.skills
    assert definition.difficulty is not None
    assert -3 <= definition.difficulty <= 3
    assert len(definition.hints) >= 2, "a nudge, then the method"
    assert definition.solution.strip()


@pytest.mark.parametrize("slug", exercises())
def test_every_exercise_has_an_independent_road_and_knows_misconceptions(slug: str) -> None:
    definition = definitions()[slug]
    keys = {str(i.computed["key"].text) for i in definition.interactions.values() if "key" in i.computed}
    assert keys <= set(definition.check), "each key has a road of its own to check it"
    assert definition.misconception_slugs


@pytest.mark.parametrize("slug", ["l2-step", "l2-step-vector", "l2-halving-steps"])
def test_the_first_exercises_know_at_least_four_misconceptions(slug: str) -> None:
    assert len(definitions()[slug].misconceptions["a"]) >= 4


@pytest.mark.parametrize("slug", fixed_items())
def test_the_longest_option_does_not_give_itself_away(slug: str) -> None:
    for interaction in definitions()[slug].interactions.values():
        if isinstance(interaction, Choice) and not interaction.multiple:
            lengths = sorted((len(option.text), option.weight) for option in interaction.options)
            (second, _), (longest, is_key) = lengths[-2:]
            telling = longest > SHORT and longest > 1.4 * second
            assert not (is_key and telling), f"{longest} characters, the next has {second}"


def test_every_misconception_and_every_skill_is_used() -> None:
    used = set().union(*(definition.misconception_slugs for definition in definitions().values()))
    assert {source.slug for source in course().misconceptions} == used
    taught = {skill for definition in definitions().values() for skill in definition.skills}
    assert {source.slug for source in course().skills} == taught


def test_the_quiz_asks_the_practice_questions_and_draws_exercises_of_the_first_kinds() -> None:
    quiz = next(a for a in course().assessments if a.slug == "regularization-quiz").document
    questions, drawn = quiz["sections"]
    assert [slot["item"] for slot in questions["slots"]] == PRACTICE
    assert {slot["skill"] for slot in drawn["slots"]} == {"l2-update", "shrink-factor"}
    assert (quiz["tries"], quiz["time_limit_minutes"], quiz["feedback"]) == (2, 40, "immediate")


@pytest.mark.parametrize("assessment", list(course().assessments), ids=lambda source: source.slug)
def test_a_draw_by_skill_finds_exercises_enough_and_nothing_else(assessment: Source) -> None:
    for slot in (slot for section in assessment.document.get("sections", []) for slot in section["slots"]):
        if "draw" in slot:
            pool = [slug for slug, definition in definitions().items() if slot["skill"] in definition.skills]
            bank = folder(assessment.document["lesson"]).bank
            assert bank
            assert slot["bank"] == bank.slug
            assert slot["draw"] <= len(pool)
            assert set(pool) <= set(exercises())


def test_enemies_are_items_of_the_library_and_never_stand_side_by_side_by_name() -> None:
    enemies = both_ways((slug, other) for slug, d in definitions().items() for other in d.enemies)
    assert enemies.keys() <= definitions().keys()
    for assessment in course().assessments:
        sections = assessment.document.get("sections", [])
        named = {slot["item"] for section in sections for slot in section["slots"] if "item" in slot}
        assert named.isdisjoint(enemies_of(named, enemies))


def test_what_is_to_be_mastered_has_items_enough_to_practice_and_comes_with_what_it_builds_on() -> None:
    rules = next(a for a in course().assessments if a.slug == "regularization-mastery").document["mastery"]
    before = {source.slug: set(source.document["prerequisites"]) for source in course().skills}
    for skill in rules["skills"]:
        asking = {slug for slug, definition in definitions().items() if skill in definition.skills}
        assert asking & set(exercises()) or len(asking) >= 4, skill
        assert before[skill] <= set(rules["skills"]), skill


def test_the_quiz_needs_nothing_but_choices_and_numbers() -> None:
    """The plainest of frontends can give it: what else there is, other assessments ask."""
    quiz = next(a for a in course().assessments if a.slug == "regularization-quiz").document
    drawn = {slot["skill"] for slot in quiz["sections"][1]["slots"]}
    asked = [d for slug, d in definitions().items() if slug in PRACTICE or drawn & set(d.skills)]
    assert {i.kind for d in asked for i in d.interactions.values()} == {"choice", "numeric"}
