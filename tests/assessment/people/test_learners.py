"""A log belongs to a learner, and a user is one or more of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from assessment.models import Learner, User, UserLearner
from assessment.people.learners import adopt_guest, own_learner
from assessment.progress.learner import learner_progress
from content.models import Item
from tests.builders import NOW, make_attempt, make_learner
from tests.practicing import make_chain, record_practice

pytestmark = pytest.mark.django_db


def make_guest() -> User:
    return make_learner("guest-1", is_guest=True)


def test_a_user_gets_one_learner_of_their_own() -> None:
    ann = make_learner()
    assert own_learner(user=ann, now=NOW) == own_learner(user=ann, now=NOW + timedelta(days=1))


@pytest.mark.django_db(transaction=True)
def test_at_once_a_user_still_gets_one_learner() -> None:
    ann = make_learner()

    def ask(_: int) -> Learner:
        try:
            return own_learner(user=ann, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(ask, range(4)))) == 1
    assert Learner.objects.count() == 1


def test_what_a_guest_did_counts_for_who_signs_in() -> None:
    make_chain("count")
    item = Item.objects.get()
    ann, guest = make_learner(), make_guest()
    record_practice(ann, item, [1.0])
    record_practice(guest, item, [1.0, 0.0])
    adopt_guest(guest=guest, user=ann)
    [skill] = learner_progress(user=ann, now=NOW).skills
    assert skill.mastery.count == 3


def test_a_guest_is_adopted_once() -> None:
    ann, guest = make_learner(), make_guest()
    learner = own_learner(user=guest, now=NOW)
    adopt_guest(guest=guest, user=ann)
    adopt_guest(guest=guest, user=make_learner())
    assert [link.user for link in UserLearner.objects.filter(learner=learner)] == [ann]
    assert not User.objects.filter(is_guest=True).exists()


def test_an_account_is_not_adopted() -> None:
    ann, bob = make_learner(), make_learner()
    adopt_guest(guest=ann, user=bob)
    assert User.objects.filter(pk=ann.pk).exists()
    assert not bob.links.exists()


def test_a_learner_without_people_has_a_number_for_a_name() -> None:
    attempt = make_attempt()
    User.objects.all().delete()
    learner = Learner.objects.get(pk=attempt.learner_id)
    assert str(learner) == f"learner {attempt.learner_id}"
