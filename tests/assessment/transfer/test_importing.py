"""Assessments from course folders."""

import json
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from assessment.models import Assessment, AssessmentVersion, Assignment
from assessment.people.assignments import change_assignment
from assessment.rules.definition import UsualTerms
from assessment.rules.delivery import Feedback
from assessment.rules.fixed import FixedRules
from assessment.rules.mastery import Criterion, MasteryRules
from assessment.transfer.importing import import_course
from content.authoring import draft_item, publish_item
from content.formats.course_folder import (
    CourseError,
    CourseFolder,
    LessonFolder,
    Source,
    write_course,
)
from content.models import Item
from tests.builders import NOW, exercise_document, give, make_learner, publishable_choice

pytestmark = pytest.mark.django_db

SKILL = {"slug": "l2-update", "title": "Step"}
FORGOT = {"slug": "forgot-the-two", "title": "Forgot", "explanation": "It was 2."}
ASSESSMENT = {
    "slug": "check",
    "title": "Check",
    "lesson": "adding",
    "time_limit_minutes": 40,
    "tries": 2,
    "penalty": 0.25,
    "feedback": "at_end",
    "sections": [
        {"title": "Named", "slots": [{"item": "pick-one", "weight": 2}]},
        {"title": "Drawn", "shuffle": True, "slots": [{"draw": 1, "bank": "sums", "skill": "l2-update"}]},
    ],
}


def course(assessment=ASSESSMENT):
    lesson = {"slug": "adding", "title": "Adding", "summary": "Sums.", "level": "Easy", "minutes": 5}
    lesson |= {"updated_on": "2026-01-01", "theory": "One and one is two."}
    folder = LessonFolder(
        lesson=Source("maths/adding/lesson.yaml", lesson),
        skills=(Source("maths/adding/skills.yaml", SKILL, "0"),),
        misconceptions=(Source("maths/adding/misconceptions.yaml", FORGOT, "0"),),
        bank=Source("maths/adding/bank.yaml", {"slug": "sums", "title": "Sums"}),
        items=tuple(
            Source(f"maths/adding/items/{d['slug']}.yaml", d)
            for d in (publishable_choice(), exercise_document())
        ),
        assessments=(Source("maths/adding/assessments/check.yaml", assessment),),
    )
    return CourseFolder(Source("maths/subject.yaml", {"slug": "maths", "title": "Maths"}), (folder,))


def outline():
    """What the sections hold, by the slugs."""
    rules = Assessment.objects.get().definition.item_rules
    assert isinstance(rules, FixedRules)
    return [[(slot.item, slot.bank, slot.draw, slot.weight) for slot in one.slots] for one in rules.sections]


def everybodys():
    return Assignment.objects.get(course=None)


def test_an_assessment_is_imported_with_its_rules_and_its_outline():
    report = import_course(course=course(), now=NOW)
    assessment = Assessment.objects.get()
    assert report.to_json()["assessments"] == {"created": 1, "updated": 0, "unchanged": 0}
    assert assessment.lesson.slug == "adding"
    assert everybodys().usual_terms == UsualTerms(40, None, None)
    rules = assessment.definition.rules
    assert (rules.tries, rules.penalty, rules.feedback) == (2, 0.25, Feedback.AT_END)
    assert outline() == [[("pick-one", None, 1, 2.0)], [(None, "sums", 1, 1.0)]]


def test_twice_gives_the_same_rows():
    import_course(course=course(), now=NOW)
    before = Assessment.objects.values().get(), Assignment.objects.values().get()
    report = import_course(course=course(), now=NOW)
    assert report.total("unchanged") == 8
    assert (Assessment.objects.values().get(), Assignment.objects.values().get()) == before
    assert AssessmentVersion.objects.count() == 1


def test_an_edited_assessment_is_updated_and_keeps_what_no_file_says():
    import_course(course=course(), now=NOW)
    Assignment.objects.update(closes_at=NOW, is_open=False)
    changed = {**ASSESSMENT, "tries": None, "sections": [{"slots": [{"item": "double-it"}]}]}
    import_course(course=course(changed), now=NOW)
    assert Assessment.objects.get().definition.rules.tries is None
    assert (everybodys().closes_at, everybodys().is_open) == (NOW, False)
    assert list(AssessmentVersion.objects.values_list("number", "status")) == [
        (2, "published"),
        (1, "retired"),
    ]
    assert outline() == [[("double-it", None, 1, 1.0)]]


def test_what_an_instructor_has_changed_is_not_undone_by_the_same_file():
    import_course(course=course(), now=NOW)
    change_assignment(assignment=give(Assessment.objects.get(), time_limit_minutes=60), author=None, now=NOW)
    import_course(course=course(), now=NOW)
    assert everybodys().time_limit_minutes == 60


@pytest.mark.parametrize("by_hand", [True, False])
def test_the_terms_of_an_edited_file_hold_unless_somebody_has_changed_them(by_hand):
    import_course(course=course(), now=NOW)
    assignment = everybodys()
    assignment.attempts_allowed = 2
    author = make_learner() if by_hand else None
    change_assignment(assignment=assignment, author=author, now=NOW)
    report = import_course(course=course(ASSESSMENT | {"time_limit_minutes": 50}), now=NOW)
    found = (everybodys().time_limit_minutes, everybodys().attempts_allowed)
    assert found == ((40, 2) if by_hand else (50, None))
    assert (
        any("was changed here by hand, and keeps its terms" in remark for remark in report.remarks) is by_hand
    )


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"tries": 0}, "tries: must be a whole number"),
        ({"tries": True}, "tries: must be a whole number"),
        ({"penalty": 1.5}, "penalty: must be a fraction"),
        ({"feedback": "never"}, "feedback: must be one of immediate, at_end, after_close"),
        ({"mode": "random"}, "mode: must be one of fixed"),
        ({"sections": []}, "sections: must hold at least one item"),
        ({"lesson": "gone"}, "lesson: there is no lesson called gone"),
        (
            {"sections": [{"slots": [{"item": "gone"}]}]},
            "sections.0.slots.0.item: there is no item called gone",
        ),
        (
            {"sections": [{"slots": [{"bank": "gone"}]}]},
            "sections.0.slots.0.bank: there is no bank called gone",
        ),
        (
            {"sections": [{"slots": [{"skill": "l2-update"}]}]},
            "sections.0.slots.0: must name an item, or a bank",
        ),
        (
            {"sections": [{"slots": [{"item": "pick-one", "draw": 2}]}]},
            "sections.0.slots.0: names an item, so",
        ),
        (
            {"sections": [{"slots": [{"bank": "sums", "draw": 3}]}]},
            "sections: asks for retired items, or",
        ),
        ({"time_limit": 3}, "time_limit: is not known here"),
    ],
)
def test_a_broken_assessment_stops_the_import_and_says_why(changes, fault):
    with pytest.raises(CourseError) as caught:
        import_course(course=course(ASSESSMENT | changes), now=NOW)
    assert f"maths/adding/assessments/check.yaml: {fault}" in str(caught.value)
    assert not Assessment.objects.exists()
    assert not Item.objects.exists()


MASTERY = {
    "slug": "check",
    "title": "Check",
    "lesson": "adding",
    "mode": "mastery",
    "tries": 2,
    "mastery": {"bank": "sums", "criterion": "m_of_n", "m": 2, "n": 3, "skills": ["l2-update"]},
}


def test_a_mastery_assessment_is_imported_with_its_bank_and_every_rule_written_out():
    import_course(course=course(MASTERY), now=NOW)
    assessment = Assessment.objects.get()
    assert assessment.mode == "mastery"
    rules = MasteryRules(criterion=Criterion.M_OF_N, m=2, n=3, skills=("l2-update",), bank="sums")
    assert assessment.definition.item_rules == rules
    assert rules.to_json()["max_items"] == 30


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"mastery": {}}, "mastery.bank: is missing"),
        ({"mastery": {"bank": "gone"}}, "mastery.bank: there is no bank called gone"),
        (
            {"mastery": {"bank": "sums", "skills": ["gone"]}},
            "mastery.skills.0: there is no skill called gone",
        ),
        ({"mastery": {"bank": "sums", "m": 9}}, "mastery.m: is more than n"),
        ({"mastery": {"bank": "sums"}}, "mastery: asks for retired items, or"),
        (
            {"mastery": {"bank": "sums"}, "lesson": ""},
            "mastery.skills: must name skills, or the assessment a",
        ),
        ({"tries": None}, "tries: a mastery assessment needs a limit"),
        ({"feedback": "at_end"}, "feedback: the mode mastery needs immediate"),
        ({"sections": [{"slots": []}]}, "sections: means nothing in the mode mastery, which reads mastery"),
        ({"mode": "fixed", "sections": ASSESSMENT["sections"]}, "mastery: means nothing in the mode fixed"),
    ],
)
def test_a_broken_mastery_assessment_stops_the_import_and_says_why(changes, fault):
    with pytest.raises(CourseError) as caught:
        import_course(course=course(MASTERY | changes), now=NOW)
    assert f"maths/adding/assessments/check.yaml: {fault}" in str(caught.value)
    assert not Assessment.objects.exists()


# The command


def test_the_command_imports_a_folder_and_says_what_it_did(tmp_path, capsys):
    write_course(course(), tmp_path)
    call_command("import_content", str(tmp_path))
    call_command("import_content", str(tmp_path), "--json")
    said, *lines, as_json = capsys.readouterr().out.splitlines()
    remarks = [line.split(": ")[1] for line in lines if "check.yaml: " in line]
    assert remarks == ["tries", "penalty"]
    assert said == "2 imported, 0 loss, 0 refused, 0 unchanged"
    assert "  assessments: 1 created" in lines
    assert json.loads(as_json)["counts"] == {"imported": 0, "loss": 0, "refused": 0, "unchanged": 2}


def test_the_command_reports_every_fault(tmp_path):
    write_course(course(), tmp_path)
    (tmp_path / "maths/adding/bank.yaml").write_text("slug: [")
    (tmp_path / "maths/adding/items/pick-one.yaml").write_text("slug: {")
    with pytest.raises(CommandError) as caught:
        call_command("import_content", str(tmp_path))
    assert "bank.yaml:2:" in str(caught.value)
    assert "pick-one.yaml:2:" in str(caught.value)


def test_the_library_that_ships_is_imported_and_the_second_time_unchanged(capsys):
    call_command("import_content", "--json")
    call_command("import_content", "--json")
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["counts"] == {"imported": len(first["items"]), "loss": 0, "refused": 0, "unchanged": 0}
    assert second["counts"] == {"imported": 0, "loss": 0, "refused": 0, "unchanged": len(first["items"])}
    assert [second[name] for name in ("others", "gives_way", "remarks", "run")] == [[], [], [], None]
    assert Assessment.objects.filter(slug="regularization-quiz").exists()
    assert Item.objects.exercises().filter(slug="l2-step-vector").exists()


def test_a_dry_run_says_what_would_change_and_changes_nothing(tmp_path, capsys):
    write_course(course(), tmp_path)
    call_command("import_content", str(tmp_path), "--dry-run")
    said = capsys.readouterr().out
    assert "2 imported, 0 loss, 0 refused, 0 unchanged" in said
    assert "  items pick-one: imported, new" in said
    assert "Nothing was written" in said
    assert not Item.objects.exists()


def test_a_version_of_the_desk_that_a_file_replaces_is_named(tmp_path, capsys):
    import_course(course=course(), now=NOW)
    item = Item.objects.get(slug="pick-one")
    publish_item(
        version=draft_item(bank=item.bank, document=publishable_choice(title="Desk"), now=NOW), now=NOW
    )
    edited = next(source for source in course().items if source.slug == "pick-one")
    edited = replace(edited, document=publishable_choice(title="File"))
    (folder,) = course().lessons
    items = tuple(edited if source.slug == "pick-one" else source for source in folder.items)
    changed = replace(course(), lessons=(replace(folder, items=items),))
    write_course(changed, tmp_path)
    with pytest.raises(CommandError, match="say --yes"):
        call_command("import_content", str(tmp_path))
    item.refresh_from_db()
    assert (item.title, item.current.number) == ("Desk", 2)
    for arguments in (["--dry-run"], ["--yes"]):
        call_command("import_content", str(tmp_path), *arguments)
        assert "pick-one v2, published here on 2026-11-23, gives way to maths/adding/items/pick-one.yaml" in (
            capsys.readouterr().out
        )
    item.refresh_from_db()
    assert (item.title, item.current.number) == ("File", 3)


@pytest.mark.parametrize(("feedback", "expected"), [("at_end", 1), ("immediate", 0)])
def test_tries_that_have_no_effect_are_remarked_on(feedback, expected):
    report = import_course(course=course(ASSESSMENT | {"feedback": feedback, "penalty": 0}), now=NOW)
    assert len(report.remarks) == expected
    assert all("check.yaml: tries: has no effect here" in remark for remark in report.remarks)
    assert Assessment.objects.get().definition.rules.answers_may_change == bool(expected)
