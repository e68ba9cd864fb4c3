"""Too much is a 429 that says when to come back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from rest_framework.throttling import SimpleRateThrottle

from api.counters import SHARED
from api.rest.throttles import AnonymousThrottle, GuestThrottle, LearnerThrottle, SignInThrottle
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


def test_making_guests_is_slowed_down_and_practising_as_one_is_not(limit: Callable[..., None]) -> None:
    builders.make_item(builders.exercise_document())
    limit(GuestThrottle)
    guest = Api()
    assert [guest.post("exercises/double-it/variants/").status for _ in range(4)] == [201] * 4
    assert Api().post("exercises/double-it/variants/").status == 201
    assert too_much(Api().post("exercises/double-it/variants/"))
