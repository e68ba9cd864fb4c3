"""Each test of the API begins with empty throttles and nobody signed in."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from tests.api.client import Api


@pytest.fixture(autouse=True)
def _empty_throttles() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def api() -> Api:
    """Nobody, without cookies."""
    return Api()
