"""A real headless Chromium on the built frontend, served by Django on a free port."""

import os
import threading
import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from scripts import browser as chromium
from tests.e2e.axe import SCRIPT

# Playwright keeps an event loop in the thread of the tests, and Django would take them for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# A busy machine takes its time; what comes true is waited for, and no test is about how soon.
expect.set_options(timeout=30_000)

# No sandbox: root has none. Software rendering: the same pixels on every machine. No process for each site:
# Playwright loses a frame that changes its process often in a second, as in launches. The rest: no calls home.
SWITCHES = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-site-isolation-trials",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def _need(what: object, otherwise: str) -> None:
    """Skip when ``what`` is missing; fail instead where everything must be there."""
    if not what:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(otherwise)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = chromium.executable()
    _need(program, "no Chromium for the browser tests: apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def frontend() -> None:
    """The built app; ask for it in tests of the app itself."""
    _need((settings.FRONTEND_DIST / "index.html").exists(), "the frontend is not built: make frontend")


@pytest.fixture(autouse=True)
def all_answered() -> Iterator[None]:
    """Let the last requests of the pages end before the database is emptied: each would wait for the other."""
    before = set(threading.enumerate())
    yield
    until = time.monotonic() + 5
    for thread in set(threading.enumerate()) - before:
        if "process_request_thread" in thread.name:
            thread.join(timeout=max(0, until - time.monotonic()))


@pytest.fixture
def context(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    """A fresh profile whose relative addresses lead to the live server."""
    fresh = browser.new_context(base_url=live_server.url, locale="en-GB", reduced_motion="reduce")
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test if it logged an error or ran into an exception."""
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
    yield opened
    opened.close()
    assert troubles == []


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe, to be run in a page."""
    _need(SCRIPT.exists(), "axe is not installed: npm ci in frontend/")
    return SCRIPT.read_text()
