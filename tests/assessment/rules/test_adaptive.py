"""The adaptive part of an assessment's document: read, refused fault by fault, imported, exported."""

from dataclasses import replace
from math import inf
from pathlib import Path

import pytest
import yaml

import content
from assessment.calibration.simulated_adaptive import SimulatedAdaptive
from assessment.calibration.simulating import simulate_assessment
from assessment.models import Assessment
from assessment.psychometrics.stopping import ConfidenceInterval, InformationExhausted, StandardError
from assessment.rules.adaptive import AdaptiveRules, Level, ResultRules
from assessment.rules.delivery import Feedback
from assessment.rules.document import DefinitionError, parse_assessment
from assessment.transfer.exporting import export_course
from assessment.transfer.importing import import_course
from content.formats.course_folder import CourseError, CourseFolder, LessonFolder, Source, read_course
from content.models import ItemBank, Subject
from tests.builders import NOW, publishable_choice

LIBRARY = Path(content.__path__[0]) / "library"
SHIPPED = sorted(LIBRARY.glob("*/*/assessments/*-adaptive.yaml"))

RULES = {
    "bank": "sums",
    "selection": "kullback_leibler",
    "prior": {"mean": 0.2, "sd": 1.2},
    "exposure": {"ceiling": 0.4, "bands": [-1, 1]},
    "constraints": {"counting": [1, 3]},
    "stop": {
        "min_items": 3,
        "max_items": 6,
        "standard_error": 0.3,
        "information": 0.05,
        "classification": {"cut": 0.5, "rule": "confidence_interval", "error": 0.1},
    },
    "seeding": 0.1,
    "provisional": True,
    "result": {
        "levels": [{"name": "Beginning"}, {"name": "Secure", "from": 0.5}],
        "reference": ["pick-0", "pick-1"],
    },
}


SCORED = [{"name": "Low", "score": 0}, {"name": "High", "from": 0, "score": 10}]


def document(**changes):
    return {
        "slug": "level",
        "title": "Level",
        "lesson": "adding",
        "mode": "adaptive",
        "adaptive": RULES,
    } | changes


def rules(**changes):
    return {key: value for key, value in RULES.items() if key != "bank"} | changes


def faults_of(document):
    with pytest.raises(DefinitionError) as refused:
        parse_assessment(document)
    return dict(refused.value.faults)


# Reading


def test_every_rule_can_be_written_and_is_read():
    definition = parse_assessment(document())
    found = definition.item_rules
    assert isinstance(found, AdaptiveRules)
    assert (found.bank, found.selection, found.prior.sd) == ("sums", "kullback_leibler", 1.2)
    assert (found.exposure.ceiling, found.exposure.edges) == (0.4, (-1.0, 1.0))
    assert found.constraints == {"counting": (1, 3)}
    assert found.result == ResultRules(
        ("pick-0", "pick-1"), (Level("Beginning", -inf, None), Level("Secure", 0.5, None))
    )
    assert found.stop.stopping() == (
        StandardError(0.3),
        ConfidenceInterval(0.5, 0.8),
        InformationExhausted(0.05),
    )


def test_rules_survive_being_written_and_read():
    found = AdaptiveRules.from_json(rules())
    assert AdaptiveRules.from_json(found.to_json()) == found
    assert (
        AdaptiveRules.from_json(AdaptiveRules().to_json()) == AdaptiveRules() == AdaptiveRules.from_json({})
    )


def test_verdicts_come_at_the_end_where_nothing_else_is_said():
    assert parse_assessment(document()).rules.feedback is Feedback.AT_END
    assert parse_assessment(document(feedback="immediate")).rules.feedback is Feedback.IMMEDIATE


def test_room_for_seeded_items_lengthens_an_attempt():
    assert AdaptiveRules(seeding=0.2).longest == 25
    assert AdaptiveRules(seeding=0.0).longest == 20


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"selection": "best"}, "selection"),
        ({"prior": {"sd": 0}}, "prior.sd"),
        ({"prior": {"sd": 0.19}}, "prior.sd"),
        ({"stop": {"standard_error": 0.09}}, "stop.standard_error"),
        ({"exposure": {"ceiling": 1.5}}, "exposure.ceiling"),
        ({"exposure": {"bands": [1, 0]}}, "exposure.bands"),
        ({"constraints": {"counting": [3, 1]}}, "constraints.counting"),
        ({"constraints": {"counting": [7, 9]}}, "constraints"),
        ({"constraints": {}, "shadow": True}, "shadow"),
        ({"stop": {"min_items": 9, "max_items": 4}}, "stop.min_items"),
        ({"stop": {"standard_error": 0}}, "stop.standard_error"),
        ({"stop": {"classification": {}}}, "stop.classification.cut"),
        ({"stop": {"until": "bored"}}, "stop.until"),
        ({"seeding": 0.5}, "seeding"),
        ({"provisional": "maybe"}, "provisional"),
        ({"seedling": 0.1}, "seedling"),
        ({"prior": {"mean": float("nan")}}, "prior.mean"),
        ({"result": {"reference": ["a", "a"]}}, "result.reference"),
        ({"result": {"reference": ["a"], "levels": SCORED}}, "result.reference"),
        ({"result": {"levels": [{"name": "Low", "from": 0}]}}, "result.levels.0.from"),
        ({"result": {"levels": [{"name": "Low"}, {"name": "High"}]}}, "result.levels.1.from"),
        ({"result": {"levels": [{"name": " "}]}}, "result.levels.0.name"),
        ({"result": {"levels": [{"name": "x" * 61}]}}, "result.levels.0.name"),
        ({"result": {"levels": [*SCORED, {"name": "Odd", "from": 2}]}}, "result.levels"),
        ({"result": {"levels": [*SCORED, {"name": "Odd", "from": 2, "score": 5}]}}, "result.levels"),
        ({"result": {"levels": [*SCORED, {"name": "Odd", "from": -1, "score": 20}]}}, "result.levels"),
        ({"result": {"levels": [{"name": "Nothing", "score": 0}]}}, "result.levels"),
        ({"result": {"steps": []}}, "result.steps"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_makes_no_sense_is_a_fault_at_its_place(change, path):
    with pytest.raises(DefinitionError) as refused:
        AdaptiveRules.from_json(rules(**change))
    assert path in dict(refused.value.faults)


def test_an_adaptive_assessment_has_no_sections_and_one_try():
    faults = faults_of(document(tries=2, sections=[{"title": "S", "slots": [{"item": "pick-one"}]}]))
    assert set(faults) == {"tries", "sections"}


def test_an_adaptive_assessment_names_its_bank():
    assert "adaptive.bank" in faults_of(document(adaptive=rules()))


def test_a_fixed_assessment_knows_no_adaptive_rules():
    assert (
        faults_of(document(mode="fixed"))["adaptive"]
        == "means nothing in the mode fixed, which reads sections"
    )


# Importing and exporting


def course(assessment, items=3):
    lesson = {"slug": "adding", "title": "Adding", "summary": "Sums.", "level": "Easy", "minutes": 5}
    lesson |= {"updated_on": "2026-01-01", "theory": "One and one is two."}
    documents = [
        publishable_choice(f"pick-{n}", skills=["counting"], difficulty=0.5 * n) for n in range(items)
    ]
    misconception = {"slug": "forgot-the-two", "title": "Forgot", "explanation": "It was 2."}
    folder = LessonFolder(
        lesson=Source("maths/adding/lesson.yaml", lesson),
        skills=(Source("maths/adding/skills.yaml", {"slug": "counting", "title": "Count"}, "0"),),
        misconceptions=(Source("maths/adding/misconceptions.yaml", misconception, "0"),),
        bank=Source("maths/adding/bank.yaml", {"slug": "sums", "title": "Sums"}),
        items=tuple(Source(f"maths/adding/items/{one['slug']}.yaml", one) for one in documents),
        assessments=(Source("maths/adding/assessments/level.yaml", assessment),),
    )
    return CourseFolder(Source("maths/subject.yaml", {"slug": "maths", "title": "Maths"}), (folder,))


@pytest.mark.django_db
def test_an_adaptive_assessment_is_imported_with_its_bank_and_rules():
    import_course(course=course(document()), now=NOW)
    assessment = Assessment.objects.get()
    assert (assessment.mode, assessment.definition.rules.tries) == ("adaptive", 1)
    assert [source.bank for source in assessment.version.sources.all()] == [ItemBank.objects.get()]
    assert assessment.definition.item_rules == replace(AdaptiveRules.from_json(rules()), bank="sums")
    assessment.full_clean()


@pytest.mark.django_db
def test_what_is_exported_is_imported_as_the_same():
    import_course(course=course(document()), now=NOW)
    (folder,) = export_course(subject=Subject.objects.get()).lessons
    assert folder.assessments[0].document == document()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "items", "complaint"),
    [
        ({"bank": "nowhere"}, 3, "no bank called nowhere"),
        ({"constraints": {"flying": [0, 1]}}, 3, "no skill called flying"),
        ({}, 2, "asks for retired items, or for more than there are"),
        ({"result": {"reference": ["pick-9"]}}, 3, "no item called pick-9"),
    ],
    ids=["bank", "skill", "too few items", "reference"],
)
def test_what_cannot_be_delivered_is_not_imported(change, items, complaint):
    with pytest.raises(CourseError, match=complaint):
        import_course(course=course(document(adaptive=RULES | change), items), now=NOW)
    assert not Assessment.objects.exists()


# The library's own


each_shipped = pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)


@each_shipped
def test_the_shipped_assessment_is_in_order(path):
    shipped = yaml.safe_load(path.read_text(encoding="utf-8"))
    rules = parse_assessment(shipped).item_rules
    assert isinstance(rules, AdaptiveRules)
    assert rules.longest == 16


@each_shipped
@pytest.mark.django_db
def test_the_shipped_assessment_measures_within_its_own_bounds(path):
    import_course(course=read_course(LIBRARY / "classical-ml"), now=NOW)
    assessment = Assessment.objects.get(slug=path.stem)
    found = simulate_assessment(definition=assessment.definition, learners=100, seed=1)
    assert isinstance(found, SimulatedAdaptive)
    report = found.report
    assert report.violations == {}
    assert report.longest <= 15
    assert report.highest_exposure <= 0.4 + 2 * (0.4 * 0.6 / 100) ** 0.5
    assert report.rmse < 0.55
