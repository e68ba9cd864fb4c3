"""How fast an answer is recorded over HTTP, beside the SQL that it cannot do without.

A real service, a PostgreSQL that flushes every commit, and a load generator on the same machine, each for itself:
``python -m bench.answers --help`` lists what can be varied.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable

from bench import Measurement


def measure() -> Iterable[Measurement]:
    """Run the benchmark in a process with settings of its own; its table goes to the standard error."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.answers", "--json"], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            output, _ = process.communicate()
        except BaseException:
            # It ends what it has started, and is given the time for it.
            process.terminate()
            process.wait()
            raise
    if process.returncode:
        raise SystemExit(process.returncode)
    for one in json.loads(output)["levels"][0]["answers"]:
        name = f"record an answer over HTTP: {one['item']}, {one['connections']} connections"
        yield Measurement(name, 1 / one["rate"], "its SQL alone, by pgbench", 1 / one["floor"])
