"""The statements of results, by their names; ``queries.sql`` has them with a word on each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from assessment.models.statements import statements

QUERIES: Final[Mapping[str, str]] = statements(Path(__file__).with_suffix(".sql"))
