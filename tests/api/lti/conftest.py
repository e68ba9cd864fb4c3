"""A platform that is registered here, and a quiz that it may place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone
from pytest_django import Settings

from assessment.models import Assessment, Deployment, ResourceLink
from assessment.platforms.arriving import bind
from assessment.platforms.tokens import forget_tokens
from tests import builders
from tests.lti.browsing import Browser
from tests.lti.platform import FakeLms


@pytest.fixture
def lms(settings: Settings) -> Iterator[FakeLms]:
    settings.PRIVATE_PLATFORMS = True
    with FakeLms() as running:
        yield running


@pytest.fixture
def deployment(lms: FakeLms, db: None) -> Iterator[Deployment]:
    deployment = lms.register_in_assay()
    yield deployment
    forget_tokens(deployment.platform)


@pytest.fixture
def browser(lms: FakeLms, deployment: Deployment) -> Browser:
    return Browser(lms)


@pytest.fixture
def quiz(db: None) -> Assessment:
    items = [builders.make_item(builders.choice_document(f"choice-{n}")) for n in range(2)]
    return builders.make_assessment(*items, slug="quiz", title="The quiz")


@pytest.fixture
def placed(browser: Browser, quiz: Assessment) -> ResourceLink:
    """The link of the platform's course, which opens the quiz."""
    browser.launch(browser.lms.teacher)
    link = ResourceLink.objects.get()
    bind(link, quiz, timezone.now())
    return link
