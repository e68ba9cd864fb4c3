"""Subjects, skills, lessons and assessments, as they are found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from api.rest.pagination import CursorPagination
from assessment.models import Accommodation, User
from assessment.models.corrections import ActionKind
from assessment.models.people import Role
from assessment.recording.overruling import act
from content.models import Lesson, LessonVersion, Status, Subject
from tests import builders
from tests.api.client import Api

pytestmark = pytest.mark.django_db


def test_a_lesson_has_its_theory_its_skills_its_exercises_and_its_assessments(api: Api) -> None:
    lesson = builders.make_lesson(related=[{"title": "A project", "kind": "project"}])
    bank = builders.make_bank(lesson=lesson)
    builders.make_item(builders.exercise_document(), bank=bank)
    builders.make_item(bank=bank)
    lesson.skills.add(builders.make_skill())
    builders.make_assessment(slug="quiz", lesson=lesson)
    shown = api.get("lessons/a-lesson/").json
    assert shown["subject"] == {"slug": "a-subject", "title": "A subject"}
    assert "<math><semantics><mi>w</mi>" in shown["theory"]
    assert shown["skills"] == [{"slug": "l2-update", "title": "l2 update"}]
    assert shown["exercises"] == [{"slug": "double-it", "title": "Double it"}]
    assert shown["assessments"] == [{"slug": "quiz", "title": "An assessment"}]
    assert shown["related"] == [{"title": "A project", "kind": "project", "lesson": None}]
    assert (shown["minutes"], shown["updated_on"], shown["accessible"]) == (12, "2026-05-13", True)


def test_the_list_has_the_same_without_the_theory(api: Api) -> None:
    builders.make_lesson()
    [row] = api.get("lessons/").json["results"]
    shown = api.get("lessons/a-lesson/").json
    of_the_text = {"theory", "preview", "contents"}
    shared = {name: value for name, value in shown.items() if name not in of_the_text}
    assert row == {**shared, "excerpt": None}


def test_lessons_are_found_by_subject(api: Api) -> None:
    builders.make_lesson()
    assert len(api.get("lessons/?subject=a-subject").json["results"]) == 1
    assert api.get("lessons/?subject=another").json["results"] == []


def test_a_lesson_without_a_published_text_is_not_there(api: Api) -> None:
    lesson = builders.make_lesson()
    Lesson.objects.filter(pk=lesson.pk).update(current=None)
    assert api.get("lessons/").json["results"] == api.get("subjects/").json["results"] == []
    assert api.get("lessons/a-lesson/").status == 404


def test_a_premium_lesson_shows_its_summary_to_all_and_its_theory_to_those_enrolled() -> None:
    lesson, mate = builders.make_lesson(premium=True), builders.make_learner()
    enrolment = builders.enrol(mate, builders.make_course(lesson))
    people = {
        "nobody": None,
        "learner": builders.make_learner(),
        "staff": builders.make_learner(is_staff=True),
        "admin": builders.make_learner(is_staff=True, is_superuser=True),
    }
    seen = {name: Api(user).get("lessons/a-lesson/").json for name, user in (people | {"mate": mate}).items()}
    assert {name for name, shown in seen.items() if shown["accessible"]} == {"admin", "mate"}
    assert {name for name, shown in seen.items() if shown["theory"]} == {"admin", "mate"}
    assert all(shown["summary"] and shown["premium"] for shown in seen.values())
    enrolment.ends_at = timezone.now()
    enrolment.save()
    assert Api(mate).get("lessons/a-lesson/").json["theory"] is None


def test_a_premium_lesson_shows_its_headings_and_an_opened_beginning_to_all(api: Api) -> None:
    theory = "It begins.\n\n## The rest, $w$\n\nIt goes on."
    builders.make_lesson(premium=True, preview=True, theory=theory)
    builders.make_lesson("closed", premium=True, theory=theory)
    shown = api.get("lessons/a-lesson/").json
    assert api.get("lessons/closed/").json["preview"] is None
    assert shown["preview"] == "<p>It begins.</p>\n"
    assert (shown["theory"], shown["contents"]) == (None, ["The rest, w"])


def test_only_published_lessons_are_linked(api: Api) -> None:
    builders.make_lesson("before")
    related = [{"title": "t", "kind": "lesson", "lesson": slug} for slug in ("before", "hidden")]
    builders.make_lesson("after", related=related, prerequisites=["hidden", "before"])
    shown = api.get("lessons/after/").json
    assert [entry["lesson"] for entry in shown["related"]] == ["before", None]
    assert [entry["slug"] for entry in shown["prerequisites"]] == ["before"]


def test_the_text_follows_a_new_version(api: Api) -> None:
    lesson = builders.make_lesson()
    assert api.get("lessons/a-lesson/").json["title"] == "A lesson"
    version = LessonVersion(lesson=lesson, number=2, created_at=builders.NOW, status=Status.PUBLISHED)
    version.write({**lesson.current.document, "title": "A better lesson"})
    version.save()
    lesson.current = version
    lesson.save()
    assert api.get("lessons/a-lesson/").json["title"] == "A better lesson"


def test_skills_say_what_they_build_on(api: Api) -> None:
    skill, before = builders.make_skill("shrink-factor"), builders.make_skill("l2-update")
    skill.prerequisites.add(before)
    rows = {row["slug"]: row["prerequisites"] for row in api.get("skills/").json["results"]}
    assert rows == {"l2-update": [], "shrink-factor": ["l2-update"]}
    lesson = builders.make_lesson()
    lesson.skills.add(skill)
    assert [row["slug"] for row in api.get("skills/?lesson=a-lesson").json["results"]] == ["shrink-factor"]


def test_subjects_count_their_lessons(api: Api) -> None:
    builders.make_lesson("one")
    builders.make_lesson("two")
    Subject.objects.create(slug="empty", title="Empty")
    assert [(row["slug"], row["lesson_count"]) for row in api.get("subjects/").json["results"]] == [
        ("a-subject", 2)
    ]


def test_an_assessment_tells_its_rules(api: Api) -> None:
    builders.make_assessment(slug="quiz", penalty=0.25, attempts_allowed=3, instructions="Use **paper**.")
    shown = api.get("assessments/quiz/").json
    assert (shown["penalty"], shown["tries"], shown["feedback"]) == (0.25, 2, "immediate")
    assert (shown["attempts_allowed"], shown["attempts_left"], shown["open_attempt"]) == (3, 3, None)
    assert shown["sections"] == [{"title": "Only section", "count": 1}]
    assert shown["item_count"] == 1
    assert "<strong>paper</strong>" in shown["instructions"]


def test_a_draw_from_a_bank_counts_as_many_as_it_draws(api: Api) -> None:
    item, bank = builders.make_item(), builders.make_bank()
    slots = [{"item": item.slug}, {"bank": bank.slug, "draw": 4}]
    builders.make_assessment(slug="quiz", sections=[{"slots": slots}])
    assert api.get("assessments/quiz/").json["item_count"] == 5


def test_an_assessment_knows_how_the_learner_stands_to_it() -> None:
    ann = Api(builders.make_learner("ann"))
    assessment = builders.make_assessment(slug="quiz", attempts_allowed=1)
    attempt = ann.start("quiz")
    shown = ann.get("assessments/quiz/").json
    assert (shown["open_attempt"], shown["attempts_left"]) == (attempt, 0)
    Accommodation.objects.create(user=User.objects.get(), assessment=assessment, extra_attempts=2)
    assert ann.get("assessments/quiz/").json["attempts_left"] == 2


def test_an_attempt_that_is_void_or_was_given_besides_uses_up_none() -> None:
    ann, teacher = Api(builders.make_learner("ann")), builders.make_learner()
    builders.make_assessment(slug="quiz", attempts_allowed=1)
    for kind in (ActionKind.VOID, ActionKind.ALLOW_ANOTHER):
        attempt = UUID(ann.start("quiz"))
        ann.post(f"attempts/{attempt}/submit/")
        assert ann.get("assessments/quiz/").json["attempts_left"] == 0
        act(attempt_id=attempt, kind=kind, reason="He was ill.", author=teacher, now=builders.NOW)
        assert ann.get("assessments/quiz/").json["attempts_left"] == 1


def test_assessments_are_found_by_those_who_may_take_them() -> None:
    course, member = builders.make_course(), builders.make_learner()
    builders.enrol(member, course)
    builders.make_assessment(slug="for-all")
    builders.make_assessment(slug="for-the-course", course=course)
    builders.make_assessment(slug="taken-off", is_open=False)
    builders.make_assessment(slug="taken-off-there", is_open=False, course=course)
    builders.enrol(teacher := builders.make_learner(), course, Role.INSTRUCTOR)
    found = {
        name: [row["slug"] for row in Api(user).get("assessments/").json["results"]]
        for name, user in {
            "nobody": None,
            "member": member,
            "staff": builders.make_learner(is_staff=True),
            "teacher": teacher,
            "admin": builders.make_learner(is_staff=True, is_superuser=True),
        }.items()
    }
    assert found == {
        "nobody": ["for-all"],
        "member": ["for-all", "for-the-course"],
        "staff": ["for-all"],
        "teacher": ["for-all", "for-the-course", "taken-off-there"],
        "admin": ["for-all", "for-the-course", "taken-off", "taken-off-there"],
    }


def test_an_enrolment_that_has_ended_opens_nothing() -> None:
    course, member = builders.make_course(), builders.make_learner()
    enrolment = builders.enrol(member, course)
    enrolment.ends_at = timezone.now() - timedelta(days=1)
    enrolment.save()
    builders.make_assessment(slug="for-the-course", course=course)
    assert Api(member).get("assessments/for-the-course/").status == 404


def test_a_list_is_walked_by_its_links(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CursorPagination, "page_size", 2)
    slugs = [f"skill-{number}" for number in range(5)]
    for slug in reversed(slugs):
        builders.make_skill(slug)
    pages = [api.get("skills/").json]
    while link := pages[-1]["next"]:
        pages.append(api.get(link.partition("/api/v1/")[2]).json)
    assert [[row["slug"] for row in page["results"]] for page in pages] == [slugs[:2], slugs[2:4], slugs[4:]]
    back = api.get(pages[-1]["previous"].partition("/api/v1/")[2]).json
    assert [row["slug"] for row in back["results"]] == slugs[2:4]


@pytest.mark.parametrize("path", ["lessons/", "assessments/", "skills/"])
def test_a_longer_list_costs_no_more_queries(api: Api, path: str, django_assert_max_num_queries: Any) -> None:
    for number in range(6):
        lesson = builders.make_lesson(f"lesson-{number}", premium=bool(number % 2))
        lesson.skills.add(builders.make_skill(f"skill-{number}"))
        builders.make_bank(f"bank-{number}", lesson=lesson)
        builders.make_assessment(lesson=lesson)
    with django_assert_max_num_queries(10):
        assert len(api.get(path).json["results"]) >= 6
