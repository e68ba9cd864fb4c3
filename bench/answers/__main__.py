"""``python -m bench.answers``: how fast an answer is recorded over HTTP, beside its floor in the same run."""

import argparse
import json
import signal
import sys
from types import FrameType
from typing import Any, Final, NoReturn

import django

from bench.answers.errors import CannotMeasure
from bench.answers.load import compile_load
from bench.answers.place import Place
from bench.answers.processes import machine
from bench.answers.scratch import scratch_installation
from bench.answers.serving import serving

ITEMS: Final = ("choice", "numeric", "adaptive")
LEARNERS: Final = 1000
STOPS: Final = (signal.SIGINT, signal.SIGTERM)


def main() -> None:
    options = _options()
    for order in STOPS:
        signal.signal(order, _leave)
    try:
        found = run(options)
    except CannotMeasure as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped; what it had started is ended.")
    if options.json:
        print(json.dumps(found, indent=2))


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure in an installation of its own, print as it goes, and return what was found."""
    _say(machine())
    with scratch_installation() as (folder, server):
        program = compile_load(folder)
        with serving(folder) as service:
            django.setup()
            # Its models want the apps to be loaded.
            from bench.answers.levels import Plan, measure

            plan = Plan(
                items=options.items,
                connections=options.connections,
                rounds=options.rounds,
                seconds=options.seconds,
                learners=options.learners,
                stored=options.stored,
            )
            levels = list(measure(plan, Place(folder, server, service, program), _say))
    return {"machine": machine(), "levels": [one.to_json() for one in levels]}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.answers", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4, help="of each run of floor and service")
    parser.add_argument("--connections", type=_numbers, default=[1, 8, 32, 128], metavar="N,N,...")
    parser.add_argument("--learners", type=int, default=LEARNERS, help="who answer in turn")
    parser.add_argument(
        "--items", type=_kinds, default=["choice"], metavar="KIND,KIND", help=f"of {', '.join(ITEMS)}"
    )
    parser.add_argument(
        "--stored",
        type=_numbers,
        default=[0],
        metavar="N,N,...",
        help="numbers of stored answers to measure at; 10000,1000000,3000000 takes a quarter of an hour and 8 GB",
    )
    parser.add_argument("--json", action="store_true", help="print what was found as JSON")
    options = parser.parse_args()
    if options.learners < max(options.connections):
        parser.error("every connection needs a learner of its own")
    return options


def _numbers(text: str) -> list[int]:
    return [int(word) for word in text.split(",")]


def _kinds(text: str) -> list[str]:
    words = text.split(",")
    if unknown := set(words) - set(ITEMS):
        raise argparse.ArgumentTypeError(f"no such item: {', '.join(sorted(unknown))}")
    return words


def _say(*lines: str) -> None:
    print(*lines, sep="\n", file=sys.stderr, flush=True)


def _leave(_order: int, _frame: FrameType | None) -> NoReturn:
    for order in STOPS:
        signal.signal(order, _go_on)
    raise KeyboardInterrupt


def _go_on(_order: int, _frame: FrameType | None) -> None:
    """Let no second order interrupt the ending of what was started."""


if __name__ == "__main__":
    main()
