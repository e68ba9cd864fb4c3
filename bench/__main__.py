"""``make bench``: run every benchmark, or those named (``make bench ARGS="delivery --json"``)."""

import argparse
import importlib
import json
import os
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator
from inspect import signature

import django

import bench
from bench import Measurement

Benchmark = Callable[[], Iterable[Measurement]]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    known = benchmarks()
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(known) or 'none yet'}")
    parser.add_argument("--json", action="store_true", help="print the measurements as JSON")
    options = parser.parse_args()
    if unknown := set(options.names) - set(known):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    measured = _measured({name: known[name] for name in options.names or known})
    if options.json:
        print(json.dumps([_as_json(name, measurement) for name, measurement in measured], indent=2))
    else:
        _print_table(measured)


def benchmarks() -> dict[str, Benchmark]:
    """Return what can be run, by the name of its module."""
    names = sorted(
        module.name for module in pkgutil.iter_modules(bench.__path__) if module.name != "__main__"
    )
    found = {name: getattr(importlib.import_module(f"bench.{name}"), "measure", None) for name in names}
    return {name: measure for name, measure in found.items() if measure and not signature(measure).parameters}


def _measured(chosen: dict[str, Benchmark]) -> Iterator[tuple[str, Measurement]]:
    for name, measure in chosen.items():
        print(f"{name} ...", file=sys.stderr, flush=True)
        for measurement in measure():
            yield name, measurement


def _print_table(measured: Iterator[tuple[str, Measurement]]) -> None:
    print(f"{'benchmark':<16} {'measured':<60} {'time':>10} {'floor':>10} {'ratio':>7}  floor is")
    for name, one in measured:
        times = f"{_readable(one.seconds):>10} {_readable(one.floor_seconds):>10} {one.ratio:>7.2f}"
        print(f"{name:<16} {one.name:<60} {times}  {one.floor}", flush=True)


def _as_json(name: str, one: Measurement) -> dict[str, str | float]:
    return {
        "benchmark": name,
        "name": one.name,
        "seconds": one.seconds,
        "floor": one.floor,
        "floor_seconds": one.floor_seconds,
        "ratio": one.ratio,
    }


def _readable(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.2f} {unit}"
    return f"{seconds / 1e-9:.1f} ns"


if __name__ == "__main__":
    main()
