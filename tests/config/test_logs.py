"""What the log says of refusals and of what broke."""

import logging

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from config.logs import RefusalsInOneLine
from tests.builders import make_learner


def record(error: Exception) -> logging.LogRecord:
    trace = (type(error), error, None)
    return logging.LogRecord("django.request", logging.WARNING, "", 1, "Forbidden: %s", ("/admin/",), trace)


def test_a_refusal_is_told_in_one_line() -> None:
    refused, broken = record(PermissionDenied()), record(ValueError("broken"))
    assert all(RefusalsInOneLine().filter(one) for one in (refused, broken))
    assert refused.exc_info is None
    assert broken.exc_info is not None


@pytest.mark.django_db
def test_the_desk_logs_no_traceback_of_a_refusal(client: Client, capfd: pytest.CaptureFixture[str]) -> None:
    client.force_login(make_learner(is_staff=True))
    with capfd.disabled():
        handler = next(one for one in logging.getLogger().handlers if any(f for f in one.filters))
    assert isinstance(handler.filters[0], RefusalsInOneLine)
    assert client.get("/admin/content/item/").status_code == 403
