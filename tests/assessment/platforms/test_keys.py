"""Our keys: published before they sign, and after."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from assessment.models import ToolKey
from assessment.platforms.keys import (
    PUBLISHED_AFTER,
    SIGNS_AFTER,
    SIGNS_FOR,
    can_be_opened,
    published_keys,
    rotate_keys,
    signing_key,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def kids(at: timedelta) -> set[str]:
    return {key["kid"] for key in published_keys(NOW + at)["keys"]}


def test_a_key_is_published_a_day_before_it_signs_and_a_week_after() -> None:
    first = signing_key(NOW).kid
    assert kids(timedelta()) == {first}
    assert rotate_keys(NOW + SIGNS_FOR - timedelta(seconds=1)) == 0
    assert rotate_keys(NOW + SIGNS_FOR) == 1
    [second] = kids(SIGNS_FOR) - {first}
    assert signing_key(NOW + SIGNS_FOR + SIGNS_AFTER - timedelta(seconds=1)).kid == first
    assert signing_key(NOW + SIGNS_FOR + SIGNS_AFTER).kid == second
    assert kids(SIGNS_FOR + SIGNS_AFTER + PUBLISHED_AFTER - timedelta(seconds=1)) == {first, second}
    assert kids(SIGNS_FOR + SIGNS_AFTER + PUBLISHED_AFTER) == {second}
    rotate_keys(NOW + SIGNS_FOR + SIGNS_AFTER + PUBLISHED_AFTER)
    assert ToolKey.objects.count() == 1


def test_asked_twice_it_is_the_same_key() -> None:
    assert signing_key(NOW).kid == signing_key(NOW).kid
    assert ToolKey.objects.count() == 1


def test_the_private_half_is_sealed_and_never_published(settings: Settings) -> None:
    signing_key(NOW)
    row = ToolKey.objects.get()
    assert "PRIVATE" not in row.sealed
    assert not {"d", "p", "q"} & set(row.public)
    assert can_be_opened(row)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one, and the one before may still be used"
    assert can_be_opened(row)
    settings.SECRET_KEY_FALLBACKS = []
    assert not can_be_opened(row)
