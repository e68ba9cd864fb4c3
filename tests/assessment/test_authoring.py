"""Assessments are drafted and published like items: nothing that has been taken changes."""

import pytest
from django.db import IntegrityError, transaction

from assessment.authoring import draft_assessment, publish_assessment
from assessment.delivery.verifying import verify_attempt
from assessment.errors import AssessmentClosed
from assessment.models import Assessment, AssessmentVersion
from assessment.people.assignments import change_assignment
from content.authoring import DraftChanged, NotADraft, retire
from content.documents.reader import DefinitionError
from content.models.versions import NeverPublished
from tests import sitting
from tests.builders import (
    NOW,
    assessment_document,
    assignment_of,
    change,
    make_assessment,
    make_bank,
    make_item,
    make_learner,
    make_lesson,
    make_skill,
)
from tests.practicing import ask, begin, make_chain, make_mastery

pytestmark = pytest.mark.django_db


def start(assessment):
    return sitting.start(assessment)[0]


def draft(**changes):
    return draft_assessment(document=assessment_document("quiz") | changes, now=NOW)


# Publishing


def test_a_draft_is_published_and_the_version_before_it_retires():
    first = publish_assessment(version=draft(title="First"), now=NOW)
    second = publish_assessment(version=draft(title="Second", mode="fixed"), now=NOW)
    first.refresh_from_db()
    assessment = Assessment.objects.get()
    assert (assessment.current, assessment.title, assessment.mode) == (second, "Second", "fixed")
    assert (first.status, second.status, second.number) == ("retired", "published", 2)


def test_the_row_says_what_queries_ask_of_the_document():
    lesson = make_lesson()
    publish_assessment(version=draft(lesson=lesson.slug, feedback="at_end"), now=NOW)
    assessment = Assessment.objects.get()
    assert (assessment.lesson, assessment.feedback, assessment.mode) == (lesson, "at_end", "fixed")


def test_publication_writes_down_where_items_come_from():
    item, bank, skill = make_item(), make_bank(), make_skill()
    slots = [{"item": item.slug}, {"bank": bank.slug}, {"bank": bank.slug, "skill": skill.slug, "draw": 1}]
    version = publish_assessment(
        version=draft(sections=[{"slots": slots[:1]}, {"slots": [slots[0], slots[2]]}]), now=NOW
    )
    found = {(one.item, one.bank, one.skill) for one in version.sources.all()}
    assert found == {(item, None, None), (None, bank, skill)}
    assert version.sources.count() == 2


def test_an_unfinished_draft_can_be_kept_and_not_published():
    version = draft_assessment(document={"slug": "quiz"}, now=NOW)
    with pytest.raises(DefinitionError) as caught:
        publish_assessment(version=version, now=NOW)
    assert {path for path, _ in caught.value.faults} == {"title", "sections"}
    with pytest.raises(NeverPublished):
        _ = Assessment.objects.get().version


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"lesson": "gone"}, ("lesson", "there is no lesson called gone")),
        (
            {"sections": [{"slots": [{"item": "gone"}]}]},
            ("sections.0.slots.0.item", "there is no item called gone"),
        ),
        (
            {"mode": "mastery", "sections": None, "mastery": {"bank": "gone", "skills": ["l2-update"]}},
            ("mastery.bank", "there is no item bank called gone"),
        ),
    ],
)
def test_what_names_something_unknown_is_not_published(changes, fault):
    version = draft(**changes)
    with pytest.raises(DefinitionError) as caught:
        publish_assessment(version=version, now=NOW)
    assert fault in caught.value.faults


def test_what_nobody_could_take_is_not_published():
    item = make_item()
    version = draft(sections=[{"slots": [{"item": item.slug}]}])
    retire(row=item, now=NOW)
    with pytest.raises(DefinitionError, match="sections: asks for retired items"):
        publish_assessment(version=version, now=NOW)


def test_two_authors_do_not_overwrite_each_other():
    seen = draft().revision
    draft(title="By another")
    with pytest.raises(DraftChanged):
        draft_assessment(document=assessment_document("quiz"), now=NOW, based_on=seen)


def test_a_version_is_published_once():
    version = draft()
    publish_assessment(version=version, now=NOW)
    with pytest.raises(NotADraft):
        publish_assessment(version=version, now=NOW)


def test_a_mode_that_an_assignment_cannot_have_is_not_published():
    make_chain()
    assessment = make_mastery()
    document = assessment.version.document
    change(assessment, mode="fixed", mastery=None, sections=[{"slots": [{"item": "count-it"}]}])
    assignment = assignment_of(assessment)
    assignment.release = "at_end"
    change_assignment(assignment=assignment, author=make_learner(), now=NOW)
    with pytest.raises(DefinitionError, match="mastery cannot be given with at_end"):
        publish_assessment(version=draft_assessment(document=document, now=NOW), now=NOW)


def test_assignments_follow_a_new_document_until_somebody_changes_them():
    assessment = make_assessment(slug="quiz", time_limit_minutes=30)
    publish_assessment(version=draft(time_limit_minutes=40), now=NOW)
    assignment = assignment_of(assessment)
    assert assignment.time_limit_minutes == 40
    assignment.time_limit_minutes = 50
    change_assignment(assignment=assignment, author=make_learner(), now=NOW)
    publish_assessment(version=draft(time_limit_minutes=60), now=NOW)
    assert assignment_of(assessment).time_limit_minutes == 50


# What has been published


@pytest.mark.parametrize(
    "statement",
    [
        {"document": {}},
        {"number": 7},
        {"fingerprint": "x"},
        {"status": "draft"},
    ],
)
def test_a_published_version_never_changes(statement):
    make_assessment()
    with pytest.raises(IntegrityError, match="it never changes"), transaction.atomic():
        AssessmentVersion.objects.update(**statement)


def test_a_published_version_is_not_deleted():
    make_assessment()
    with pytest.raises(IntegrityError), transaction.atomic():
        AssessmentVersion.objects.all()._raw_delete("default")


def test_an_attempt_keeps_its_version_when_other_items_and_rules_are_published():
    assessment = make_assessment(make_item(), make_item(), tries=2)
    attempt = start(assessment)
    other = make_item()
    change(assessment, tries=1, penalty=0.5, sections=[{"slots": [{"item": other.slug}]}])
    attempt.refresh_from_db()
    assert (attempt.version.number, attempt.rules.tries, attempt.rules.penalty) == (1, 2, 0.0)
    assert attempt.presentations.count() == 2
    sitting.answer(attempt, 1, sitting.RIGHT)
    assert verify_attempt(attempt_id=attempt.pk) == []
    assert start(assessment).version.number == 2


def test_an_attempt_that_grows_takes_its_items_by_the_version_it_began_with():
    make_chain()
    assessment = make_mastery()
    attempt = begin(assessment)
    make_chain("divide", bank=make_bank("elsewhere"))
    change(assessment, mastery={"bank": "elsewhere", "skills": ["divide"]})
    assert ask(attempt).item_version.item.slug == "count-it"
    assert sitting.upcoming(begin(assessment)).item_version.item.slug == "divide-it"


def test_a_retired_assessment_starts_nothing_and_lets_what_runs_end():
    assessment = make_assessment()
    attempt = start(assessment)
    retire(row=assessment, now=NOW)
    attempt.refresh_from_db()
    assert sitting.upcoming(attempt).position == 1
    with pytest.raises(AssessmentClosed):
        start(attempt.assessment)
