"""Too much is a 429 that says when to come back."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import Settings
from rest_framework.throttling import SimpleRateThrottle

from api.counters import SHARED, SharedCounters
from api.rest.throttles import (
    AnonymousThrottle,
    ExportThrottle,
    GuestThrottle,
    LearnerThrottle,
    SignInThrottle,
)
from assessment.models import RateCount
from tests import builders
from tests.api.client import Api, Reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def limit(monkeypatch: pytest.MonkeyPatch) -> Callable[[type[SimpleRateThrottle]], None]:
    """Allow two requests an hour by one throttle, from now on."""

    def to_two(throttle: type[SimpleRateThrottle]) -> None:
        monkeypatch.setattr(throttle, "rate", "2/hour", raising=False)
        cache.clear()
        SHARED.clear()

    return to_two


def too_much(reply: Reply) -> bool:
    return (reply.status, reply.code) == (429, "throttled") and 0 < int(reply.headers["Retry-After"]) <= 3600


def test_nobody_signed_in_is_slowed_down_by_address(limit: Callable[..., None]) -> None:
    limit(AnonymousThrottle)
    assert [Api().get("lessons/").status for _ in range(2)] == [200, 200]
    assert too_much(Api().get("lessons/"))
    assert Api(builders.make_learner()).get("lessons/").status == 200


def test_a_learner_is_slowed_down_by_account(limit: Callable[..., None]) -> None:
    ann, bob = (Api(builders.make_learner()) for _ in range(2))
    limit(LearnerThrottle)
    assert [ann.get("lessons/").status for _ in range(2)] == [200, 200]
    assert too_much(ann.get("lessons/"))
    assert bob.get("lessons/").status == Api().get("lessons/").status == 200


def test_signing_in_is_slowed_down(limit: Callable[..., None]) -> None:
    limit(SignInThrottle)
    assert [Api().sign_in("ann", "wrong").status for _ in range(2)] == [400, 400]
    assert too_much(Api().sign_in("ann", "wrong"))
    assert too_much(Api().sign_up("ann"))


def test_whatever_takes_a_password_is_slowed_down_with_signing_in(limit: Callable[..., None]) -> None:
    ann, proof = Api(builders.make_learner("ann")), {"password": "wrong"}
    requests: list[Callable[[], Reply]] = [
        lambda: ann.patch("me/", {"email": "", **proof}),
        lambda: ann.delete("me/", proof),
        lambda: ann.post("me/password/", {"current": "wrong", "new": "wrong-and-longer"}),
        lambda: ann.post("me/recovery-code/", proof),
        lambda: ann.post("accounts/recovery/", {"name": "nobody"}),
        lambda: ann.post(
            "accounts/recovery/confirm/", {"name": "ann", "code": "x", "password": "wrong-and-longer"}
        ),
    ]
    for request in requests:
        limit(SignInThrottle)
        RateCount.objects.all().delete()
        first, second, third = request(), request(), request()
        assert {first.status, second.status} <= {202, 400}
        assert too_much(third)


def test_exports_are_slowed_down_by_account(limit: Callable[..., None]) -> None:
    limit(ExportThrottle)
    ann, bob = (Api(builders.make_learner()) for _ in range(2))
    assert [ann.get("me/export/").status for _ in range(2)] == [200, 200]
    assert too_much(ann.get("me/export/?format=csv"))
    assert bob.get("me/export/").status == 200


def test_making_guests_is_slowed_down_and_practicing_as_one_is_not(limit: Callable[..., None]) -> None:
    builders.make_item(builders.exercise_document())
    limit(GuestThrottle)
    guest = Api()
    assert [guest.post("exercises/double-it/variants/").status for _ in range(4)] == [201] * 4
    assert Api().post("exercises/double-it/variants/").status == 201
    assert too_much(Api().post("exercises/double-it/variants/"))


def test_what_guesses_is_counted_for_all_processes(limit: Callable[..., None]) -> None:
    limit(SignInThrottle)
    assert [Api().sign_in("ann", "wrong").status for _ in range(2)] == [400, 400]
    SHARED.clear()  # as another process would begin
    cache.clear()
    assert too_much(Api().sign_in("ann", "wrong"))
    assert RateCount.objects.get(scope="sign-in").count == 3


def test_a_count_begins_again_with_the_next_window() -> None:
    first, second = builders.NOW, builders.NOW + timedelta(minutes=1)
    counts = [
        RateCount.objects.count_up("guest", "192.0.2.1", ends) for ends in (first, first, second, second)
    ]
    assert counts == [1, 2, 1, 2]
    assert RateCount.objects.count_up("sign-in", "192.0.2.1", second) == 1


def test_a_learners_request_is_not_counted_in_the_database(django_assert_max_num_queries: Any) -> None:
    learner = Api(builders.make_learner())
    with django_assert_max_num_queries(4) as asked:
        learner.get("attempts/")
    assert not any("ratecount" in query["sql"] for query in asked.captured_queries)


def test_a_shared_cache_counts_for_all_hosts(limit: Callable[..., None], settings: Settings) -> None:
    settings.CACHE_IS_SHARED = True
    limit(AnonymousThrottle)
    assert [Api().get("lessons/").status for _ in range(2)] == [200, 200]
    SHARED.clear()
    assert too_much(Api().get("lessons/"))


def test_workers_that_were_forked_count_together() -> None:
    counters = SharedCounters(slots=64)
    for _ in range(3):
        child = os.fork()
        if child == 0:
            counters.count_up("ann", ends=60, now=0)
            os._exit(0)
        assert os.waitpid(child, 0) == (child, 0)
    assert counters.count_up("ann", ends=60, now=0) == 4


def test_names_are_counted_apart_and_windows_one_after_the_other() -> None:
    counters = SharedCounters()
    names = [f"learner-{number}" for number in range(500)]
    for now in (0, 60):
        assert {counters.count_up(name, ends=now + 60, now=now) for name in names} == {1}
        assert {counters.count_up(name, ends=now + 60, now=now) for name in names} == {2}


def test_a_full_table_counts_too_much_and_never_too_little() -> None:
    counters = SharedCounters(slots=4)
    seen: Counter[str] = Counter()
    for _ in range(5):
        for name in ("a", "b", "c", "d", "e", "f"):
            seen[name] += 1
            assert counters.count_up(name, ends=60, now=0) >= seen[name]
