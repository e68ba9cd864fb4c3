"""One process that answers requests: granian in front of our application."""

import asyncio
import signal
from typing import Final

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server

from config.application import Application

MILLISECONDS_FOR_HEADERS: Final = 10_000
"""Also how long a connection may rest between two requests: a proxy should close its own before that."""
CONNECTIONS: Final = 2048
"""At a time in one process, slow and idle ones included; more wait to be accepted."""
BACKLOG: Final = 1024


async def serve_application(application: Application, host: str, port: int) -> None:
    """Serve until SIGTERM; requests under way are finished first. Several processes share the port."""
    server = Server(
        application,
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        # HTTP/1 alone: while granian waits to see which version a client speaks, nothing times it.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=MILLISECONDS_FOR_HEADERS),
        websockets=False,
        backlog=BACKLOG,
        backpressure=CONNECTIONS,
        # Its warning is that embedding it is new.
        log_level=LogLevels.error,
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.stop)
    await server.serve()
