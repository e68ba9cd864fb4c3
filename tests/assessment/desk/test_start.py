"""The first page of the desk: what is one's own, and nothing of others."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessment.authoring import draft_assessment
from assessment.desk.start import LATELY, MOST, Start, start_of
from assessment.models import RegradeRequest, Response, User
from assessment.models.people import Role
from content.authoring import draft_item, draft_lesson, publish_item
from content.models import AuthorGrant, ItemBank, ItemVersion, Misconception
from content.models.grants import GrantRole
from content.reviewing import approve, ask_for_review, send_back
from tests.builders import (
    NOW,
    enrol,
    make_assessment,
    make_bank,
    make_course,
    make_learner,
    make_lesson,
    make_skill,
    publishable_choice,
)
from tests.desks import make_instructor
from tests.grading import Class
from tests.wire import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank() -> ItemBank:
    make_skill()
    Misconception.objects.create(slug="forgot-the-two", title="t", explanation="e")
    return make_bank("shared", needs_review=True)


def author(username: str, bank: ItemBank, role: GrantRole = GrantRole.AUTHOR) -> User:
    user = make_instructor(username)
    AuthorGrant.objects.give(bank, user=user, granted_by=None, now=NOW, role=role)
    return user


@pytest.fixture
def ann(bank: ItemBank) -> User:
    return author("ann", bank)


@pytest.fixture
def ben(bank: ItemBank) -> User:
    return author("ben", bank, GrantRole.REVIEWER)


def draft(bank: ItemBank, user: User | None, slug: str = "pick-one", **fields: Any) -> ItemVersion:
    return draft_item(bank=bank, document=publishable_choice(slug, **fields), now=NOW, author=user)


def start(user: User) -> Start:
    return start_of(user, timezone.now())


def desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User) -> str:
    reply = desk_of(user).get("/admin/")
    assert reply.status_code == 200
    return unescape(reply.content.decode())


def test_my_drafts_are_those_that_i_wrote_last(bank: ItemBank, ann: User) -> None:
    carl = author("carl", bank)
    draft(bank, ann, "of-ann", title="Of Ann")
    draft(bank, carl, "of-carl", title="Of Carl")
    draft(bank, None, "of-a-program", title="Of a program")
    assert [one.title for one in start(ann).drafts] == ["Of Ann"]
    assert [one.title for one in start(carl).drafts] == ["Of Carl"]
    draft(bank, carl, "of-ann", title="Of Ann")
    assert start(ann).drafts == []


def test_what_is_published_is_no_draft(ann: User) -> None:
    bank = make_bank("open")
    AuthorGrant.objects.give(bank, user=ann, granted_by=None, now=NOW)
    version = draft(bank, ann)
    assert len(start(ann).drafts) == 1
    publish_item(version=version, now=NOW)
    assert start(ann).drafts == []


def test_a_bank_that_was_taken_away_takes_its_drafts_along(bank: ItemBank, ann: User) -> None:
    draft(bank, ann)
    AuthorGrant.objects.filter(user=ann).delete()
    assert start(ann).drafts == []


def test_a_draft_says_whether_it_can_be_read(bank: ItemBank, ann: User) -> None:
    draft(bank, ann, "sound")
    draft(bank, ann, "broken", interactions={})
    assert {one.address.split("/")[-3]: one.can_be_read for one in start(ann).drafts} == {
        str(version.pk): version.item.slug == "sound" for version in ItemVersion.objects.all()
    }
    assert "has faults" in page(ann)
    assert "ready to check" in page(ann)


def test_drafts_of_assessments_and_lessons_are_among_mine() -> None:
    ann, ben = (make_learner(name, is_staff=True, is_superuser=True) for name in ("ann", "ben"))
    quiz, lesson = make_assessment(), make_lesson()
    draft_assessment(document={**quiz.version.document, "title": "A quiz"}, now=NOW, author=ann)
    draft_lesson(subject=lesson.subject, document=lesson.current.document, now=NOW, author=ann)
    found = start(ann).drafts
    assert {(one.kind, one.title, one.can_be_read) for one in found} == {
        ("Assessment", quiz.title, True),
        ("Lesson", lesson.title, True),
    }
    assert [desk_of(ann).get(one.address).status_code for one in found] == [200, 200]
    assert start(ben).drafts == []


def test_a_draft_that_was_sent_back_stands_there_with_the_words(bank: ItemBank, ann: User, ben: User) -> None:
    version = draft(bank, ann)
    review = ask_for_review(version=version, asked_by=ann, now=NOW)
    send_back(review=review, reviewer=ben, words="Both options <say> the same.", now=NOW)
    (found,) = start(ann).sent_back
    assert (found.words, found.by) == ("Both options <say> the same.", "ben")
    assert "Both options <say> the same." in page(ann)
    assert "<say>" not in desk_of(ann).get("/admin/").content.decode()
    assert start(ben).sent_back == []


def test_what_was_asked_about_again_is_not_sent_back(bank: ItemBank, ann: User, ben: User) -> None:
    review = ask_for_review(version=draft(bank, ann), asked_by=ann, now=NOW)
    send_back(review=review, reviewer=ben, words="No.", now=NOW)
    again = draft(bank, ann, title="Better")
    assert len(start(ann).sent_back) == 1
    ask_for_review(version=again, asked_by=ann, now=NOW)
    assert start(ann).sent_back == []
    assert [one.waits for one in start(ann).drafts] == [True]


def test_a_reviewer_finds_what_waits_and_how_many(bank: ItemBank, ann: User, ben: User) -> None:
    for number in range(MOST + 2):
        version = draft(bank, ann, f"item-{number}", title=f"Item {number}")
        ask_for_review(version=version, asked_by=ann, now=NOW)
    found = start(ben)
    assert found.review_count == MOST + 2
    assert [one.title for one in found.to_review] == [f"Item {number}" for number in range(MOST)]
    assert f"To review ({MOST + 2})" in page(ben)
    assert desk_of(ben).get(found.to_review[0].address).status_code == 200
    approve(review=version.reviews.get(), reviewer=ben, now=NOW)
    assert start(ben).review_count == MOST + 1


def test_nobody_finds_own_drafts_or_those_of_other_banks_to_review(bank: ItemBank, ann: User) -> None:
    AuthorGrant.objects.give(bank, user=ann, granted_by=None, now=NOW, role=GrantRole.REVIEWER)
    stranger = author("stranger", make_bank("another"), GrantRole.REVIEWER)
    root = make_learner("root", is_staff=True, is_superuser=True)
    ask_for_review(version=draft(bank, ann), asked_by=ann, now=NOW)
    ask_for_review(version=draft(bank, root, "of-root"), asked_by=root, now=NOW)
    assert [start(user).review_count for user in (ann, stranger, root)] == [1, 0, 1]


def test_results_are_those_of_courses_that_i_teach() -> None:
    group = Class(now=timezone.now())
    given = group.assign()
    group.take(given, group.learner(), 1)
    group.take(given, group.learner(), 1, ends=False)
    other = make_instructor("other")
    enrol(other, make_course(), Role.INSTRUCTOR)
    root = make_learner("root", is_staff=True, is_superuser=True)
    (found,) = start(group.teacher).results
    assert [(fact.number, fact.words) for fact in found.facts] == [(1, "working now"), (1, "handed in")]
    assert [start(user).results for user in (other, root)] == [[], []]
    desk = desk_of(group.teacher)
    for address in (found.gradebook, found.statistics, *(fact.address for fact in found.facts)):
        assert desk.get(address).status_code == 200, address


def test_what_was_handed_in_long_ago_is_not_new() -> None:
    group = Class()
    given = group.assign()
    group.take(given, group.learner(), 1)
    assert len(start_of(group.teacher, NOW + timedelta(hours=1)).results) == 1
    assert start_of(group.teacher, NOW + LATELY + timedelta(hours=1)).results == []


def test_requests_for_another_look_are_counted_until_they_are_closed() -> None:
    group = Class()
    group.take(group.assign(), group.learner(), 1)
    asked = RegradeRequest.objects.create(response=Response.objects.first(), created_at=NOW)
    later = NOW + LATELY + timedelta(days=1)
    (found,) = start_of(group.teacher, later).results
    assert [(fact.number, fact.words) for fact in found.facts] == [(1, "ask for another look")]
    RegradeRequest.objects.filter(pk=asked.pk).update(closed_at=NOW)
    assert start_of(group.teacher, later).results == []


def test_much_costs_as_many_statements_as_little(bank: ItemBank, ann: User, ben: User) -> None:
    group = Class(now=timezone.now())
    for user in (ann, ben):
        enrol(user, group.course, Role.INSTRUCTOR)
    learner = group.learner()

    def more(name: str) -> None:
        version = draft(bank, ann, f"asked-{name}")
        ask_for_review(version=version, asked_by=ann, now=NOW)
        review = ask_for_review(version=draft(bank, ann, f"refused-{name}"), asked_by=ann, now=NOW)
        send_back(review=review, reviewer=ben, words="No.", now=NOW)
        group.take(group.assign(), learner, 1)

    def cost(user: User) -> int:
        with statements() as sent:
            start(user)
        return len(sent)

    more("first")
    little = cost(ann), cost(ben)
    for number in range(MOST + 2):
        more(str(number))
    assert (cost(ann), cost(ben)) == little
    assert max(little) <= 8
    found = start(ann)
    assert [len(part) for part in (found.drafts, found.sent_back, found.results)] == [MOST] * 3


def test_whoever_has_nothing_is_led_to_the_tutorial() -> None:
    assert 'href="/docs/tutorial/"' in page(make_instructor())


def test_actions_are_offered_to_those_who_may() -> None:
    assert reverse("admin:content_item_add") in page(make_instructor())
    visitor = make_learner("visitor", is_staff=True)
    assert 'class="start-actions"' not in page(visitor)
