"""How long a healthy client waits while others are slow: ``python -m bench.slow_clients --port 8000 --sockets 500``.

Wants a running service. A third of the sockets sends half of a head, half of a body and half of a chunk each, every
second one a further byte every five seconds. Prints what a healthy client waited, and how the slow ones were let go.
"""

import argparse
import asyncio
import time
from collections import Counter
from itertools import cycle, islice, product
from typing import Final

HEAD: Final = b"POST /api/v1/attempts/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
BEGINNINGS: Final = {
    "head": (b"GET /healthz HTTP/1.1\r\nHost: 127", b"a"),
    "body": (HEAD + b"Content-Length: 100\r\n\r\n{", b" "),
    "chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", b"1\r\n \r\n"),
}
PATHS: Final = ("/healthz", "/api/v1/lessons/")
HEALTHY_SECONDS: Final = 8
DRIP_SECONDS: Final = 5


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.slow_clients", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--sockets", type=int, default=500)
    options = parser.parse_args()
    asyncio.run(_compare(options.port, options.sockets))


async def _compare(port: int, sockets: int) -> None:
    await _report("alone", port)
    kinds = islice(cycle(product(BEGINNINGS, (True, False))), sockets)
    slow = [asyncio.create_task(_slow(port, kind, drips=drips)) for kind, drips in kinds]
    await asyncio.sleep(1)
    await _report(f"beside {sockets} slow sockets", port)
    for (kind, ended), number in sorted(Counter(await asyncio.gather(*slow)).items()):
        print(f"{number:>5} x half a {kind}: {ended}")


async def _report(circumstances: str, port: int) -> None:
    waits = await asyncio.gather(*(_healthy(port, path) for path in PATHS))
    for path, seconds in zip(PATHS, waits, strict=True):
        ordered = sorted(seconds)
        middle, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
        print(
            f"{path:<18} {circumstances}: p50 {middle * 1e3:.1f} ms, p99 {late * 1e3:.1f} ms of {len(ordered)}"
        )


async def _healthy(port: int, path: str) -> list[float]:
    """Return the seconds of each request, every one on a new connection."""
    waited = []
    end = time.perf_counter() + HEALTHY_SECONDS
    while (begin := time.perf_counter()) < end:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        assert b" 200 " in (await reader.read()).partition(b"\r\n")[0]
        writer.close()
        waited.append(time.perf_counter() - begin)
        await asyncio.sleep(0.02)
    return waited


async def _slow(port: int, kind: str, *, drips: bool) -> tuple[str, str]:
    """Return how the server let go of a client that never finishes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    begin = time.perf_counter()
    beginning, further = BEGINNINGS[kind]
    writer.write(beginning)
    dripping = asyncio.create_task(_drip(writer, further)) if drips else None
    answer = (await reader.read()).partition(b"\r\n")[0].decode() or "closed"
    if dripping:
        dripping.cancel()
    writer.close()
    return kind, f"{answer} after {time.perf_counter() - begin:.0f} s"


async def _drip(writer: asyncio.StreamWriter, further: bytes) -> None:
    while True:
        await asyncio.sleep(DRIP_SECONDS)
        writer.write(further)


if __name__ == "__main__":
    main()
