"""A place for embedded servers."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.embedded import EmbeddedServer


@contextmanager
def new_place() -> Iterator[Path]:
    """Make a short path that the server's account can reach, which pytest's own temporary folders are not."""
    base = Path(tempfile.mkdtemp(prefix="assay-test-"))
    base.chmod(0o755)
    try:
        yield base
    finally:
        server = EmbeddedServer(base / "postgres")
        server.detach()
        server.stop_unused()
        shutil.rmtree(base)


@pytest.fixture
def place() -> Iterator[Path]:
    with new_place() as base:
        yield base
