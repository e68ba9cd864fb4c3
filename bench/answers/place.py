"""What a run has to work with."""

from dataclasses import dataclass
from pathlib import Path

from bench.answers.serving import Service
from config.embedded import EmbeddedServer


@dataclass(frozen=True, slots=True)
class Place:
    """A folder, a database, a service on it, and the compiled load generator."""

    folder: Path
    server: EmbeddedServer
    service: Service
    program: Path
