"""A platform of its own for each test, and a tool that is not ours."""

from collections.abc import Iterator

import pytest

from tests.lti.fake_tool import FakeTool
from tests.lti.platform import FakeLms


@pytest.fixture
def lms() -> Iterator[FakeLms]:
    with FakeLms() as running:
        yield running


@pytest.fixture
def fake_tool(lms: FakeLms) -> Iterator[FakeTool]:
    """What the platform's own tests send requests with."""
    with FakeTool(lms) as tool:
        yield tool
