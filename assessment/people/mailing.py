"""Mail leaves in a thread of its own: who waits for a reply cannot tell by its time whether any was sent."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)

_THREAD: Final = ThreadPoolExecutor(1, thread_name_prefix="mail")
"""One, made with the first mail, so after the workers were forked. Python lets it finish when the process ends."""


def post(message: EmailMessage) -> Future[None]:
    """Send a mail soon, after those posted before. What goes wrong is logged: nobody waits for it."""
    return _THREAD.submit(_send, message)


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except Exception:
        logger.exception("A mail could not be sent: %s", message.subject)


def wait_until_sent() -> None:
    """Return when everything that was posted before has been sent, or has failed."""
    _THREAD.submit(int).result()
