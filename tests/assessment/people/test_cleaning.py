"""What is thrown away: guests who never answered, sessions that are over, old counts."""

import random
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from assessment.delivery.attempts import start_attempt
from assessment.delivery.practice import start_practice
from assessment.jobs.tasks import run_task
from assessment.models import Attempt, Presentation, RateCount, Session, User
from assessment.people.cleaning import delete_expired_sessions, delete_idle_guests, delete_old_counts
from tests import sitting
from tests.builders import NOW, exercise_document, make_assessment, make_item, make_learner
from tests.practicing import make_chain, make_mastery

pytestmark = pytest.mark.django_db

OLD = NOW - settings.GUEST_AGE - timedelta(minutes=1)


def guest(**fields):
    return make_learner(is_guest=True, **{"date_joined": OLD} | fields)


def practice(learner, item=None):
    item = item or make_item(exercise_document(f"for-{learner.username}"))
    return start_practice(user=learner, item=item, now=OLD, dice=random.Random(1))


def sit(learner, assessment=None):
    assessment = assessment or make_assessment()
    return start_attempt(user=learner, assessment=assessment, now=OLD, dice=random.Random(1))[0]


def test_idle_guests_go_with_what_they_were_shown():
    practice(guest())
    sit(guest())
    make_chain()
    sit(guest(), make_mastery())
    assert delete_idle_guests(now=NOW) == 3
    assert not User.objects.exists()
    assert not Presentation.objects.exists()
    assert not Attempt.objects.exists()


def test_whoever_has_left_an_answer_stays():
    answered, unreadable, drafted = guest(), guest(), guest()
    sitting.check(practice(answered), "1", key=None, now=OLD)
    sitting.check(practice(unreadable), "one", key=None, now=OLD)
    sitting.draft(sit(drafted), 1, {"a": "right"}, now=OLD)
    practice(guest())
    assert delete_idle_guests(now=NOW) == 1
    assert set(User.objects.all()) == {answered, unreadable, drafted}


def test_learners_and_fresh_guests_stay():
    kept = {
        make_learner(date_joined=OLD),
        guest(date_joined=NOW - settings.GUEST_AGE + timedelta(minutes=1)),
        guest(last_login=NOW - timedelta(days=1)),
    }
    assert delete_idle_guests(now=NOW) == 0
    assert set(User.objects.all()) == kept


def test_more_than_one_batch_is_deleted(monkeypatch):
    monkeypatch.setattr("assessment.people.cleaning.AT_ONCE", 2)
    for _ in range(5):
        guest()
    assert delete_idle_guests(now=NOW) == 5
    assert delete_idle_guests(now=NOW) == 0


def test_sessions_that_are_over_go_and_the_others_stay():
    Session.objects.create(session_key="over", session_data="", expire_date=NOW - timedelta(minutes=1))
    Session.objects.create(session_key="open", session_data="", expire_date=NOW + timedelta(minutes=1))
    assert delete_expired_sessions(now=NOW) == 1
    assert Session.objects.get().session_key == "open"


def test_counts_go_when_their_window_is_over():
    RateCount.objects.count_up("guest", "192.0.2.1", NOW - timedelta(minutes=1))
    RateCount.objects.count_up("guest", "192.0.2.2", NOW + timedelta(minutes=1))
    assert delete_old_counts(now=NOW) == 1
    assert RateCount.objects.get().ident == "192.0.2.2"


def test_each_is_scheduled_and_says_how_much():
    guest(date_joined=timezone.now() - settings.GUEST_AGE - timedelta(days=1))
    details = {name: run_task(name, timezone.now()).detail for name in ("guests", "sessions", "counts")}
    assert details == {
        "guests": "1 idle guests deleted.",
        "sessions": "0 expired sessions deleted.",
        "counts": "0 old counts of requests deleted.",
    }
