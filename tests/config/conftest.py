"""A place for embedded servers."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded import EmbeddedServer


@pytest.fixture
def place() -> Iterator[Path]:
    """A short path that the server's account can reach, which pytest's own temporary folders are not."""
    base = Path(tempfile.mkdtemp(prefix="assay-test-"))
    base.chmod(0o755)
    yield base
    server = EmbeddedServer(base / "postgres")
    server.detach()
    server.stop_unused()
    shutil.rmtree(base)
