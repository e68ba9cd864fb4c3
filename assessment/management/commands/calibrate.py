"""``manage.py calibrate``: estimate the parameters of a bank's items from what learners answered."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessment.calibration.calibrating import (
    MIN_RESPONSES,
    CalibrationError,
    Request,
    activate_calibration,
    banks_due,
    calibrate_bank,
)
from assessment.models import Calibration, Course
from assessment.psychometrics.calibration import Iteration
from assessment.psychometrics.maximization import CalibrationModel
from assessment.psychometrics.schedulers import Scheduler, dask, in_process, processes
from content.expressions import exact
from content.models import ItemBank

CONNECT_SECONDS = 10

NAMED: Final = 5
"""Items named of those that are left out for one reason."""


class Command(BaseCommand):
    help = (
        "Estimates the parameters of a bank's items from the response log and stores them as a new calibration "
        "with a report on fit. New adaptive attempts use it once it is activated."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--bank", help="the slug of the bank")
        which.add_argument(
            "--due",
            type=int,
            metavar="N",
            help="every bank with N new responses or more since its last calibration: for a scheduled job",
        )
        parser.add_argument("--model", default="2PL", choices=[model.value for model in CalibrationModel])
        parser.add_argument(
            "--anchor", type=int, metavar="N", help="keep the parameters of calibration N and its scale"
        )
        parser.add_argument(
            "--dif", metavar="COURSE", help="compare the members of this course with the others, item by item"
        )
        parser.add_argument("--min-responses", type=int, default=MIN_RESPONSES, help="that an item needs")
        parser.add_argument("--scheduler", default="", help="processes=N, or tcp://… of a Dask cluster")
        parser.add_argument("--activate", action="store_true", help="let new attempts use it at once")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of words")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["due"] is not None:
            self._calibrate_due(options)
        elif bank := ItemBank.objects.filter(slug=options["bank"]).first():
            calibration = self._calibrate(bank, options)
            self.stdout.write(
                json.dumps(_as_json(calibration)) if options["json"] else _in_words(calibration)
            )
        else:
            raise CommandError(f"There is no bank called {options['bank']}.")

    def _calibrate_due(self, options: dict[str, Any]) -> None:
        """Calibrate what is due; a bank that cannot be calibrated keeps no other from it."""
        done, refused = [], {}
        for bank in banks_due(options["due"]):
            try:
                done.append(self._calibrate(bank, options))
            except CommandError as error:
                refused[bank.slug] = str(error)
        if options["json"]:
            told = {"calibrations": [_as_json(one) for one in done], "refused": refused}
            self.stdout.write(json.dumps(told))
            return
        for one in done:
            self.stdout.write(_in_words(one))
        for reason in refused.values():
            self.stdout.write(reason)
        if not done and not refused:
            self.stdout.write(f"No bank has {options['due']} new responses.")

    def _calibrate(self, bank: ItemBank, options: dict[str, Any]) -> Calibration:
        with _scheduler(options["scheduler"]) as scheduler:
            request = Request(
                bank=bank,
                model=CalibrationModel(options["model"]),
                anchor=_anchor(bank, options["anchor"]),
                focal=_course(options["dif"]),
                min_responses=options["min_responses"],
                scheduler=scheduler,
                progress=self._tell,
            )
            try:
                calibration = calibrate_bank(request, now=timezone.now())
            except CalibrationError as error:
                raise CommandError(str(error)) from error
        if options["activate"]:
            calibration = activate_calibration(calibration_id=calibration.pk, now=timezone.now())
        return calibration

    def _tell(self, iteration: Iteration) -> None:
        self.stderr.write(
            f"pass {iteration.number}: log-likelihood {iteration.log_likelihood:.4f}, "
            f"largest change {iteration.change:.1e}"
        )


@contextmanager
def _scheduler(text: str) -> Iterator[Scheduler]:
    """Yield who computes: this process, some processes, or a Dask cluster."""
    kind, _, number = text.partition("=")
    if not text:
        yield in_process
    elif kind == "processes" and number.isascii() and number.isdecimal() and exact.whole(number) > 0:
        yield processes(exact.whole(number))
    elif text.startswith(("tcp://", "tls://")):
        with _client(text) as client:
            yield dask(client)
    else:
        raise CommandError(f"{text} is no scheduler: give processes=N or tcp://host:port.")


def _client(address: str) -> Any:
    try:
        distributed = import_module("dask.distributed")
    except ImportError as error:
        raise CommandError("A Dask cluster needs the extra: install assay[dask].") from error
    try:
        return distributed.Client(address, timeout=CONNECT_SECONDS)
    except OSError as error:
        raise CommandError(f"There is no Dask scheduler at {address}.") from error


def _course(slug: str | None) -> Course | None:
    if slug is None:
        return None
    found = Course.objects.filter(slug=slug).first()
    if found is None:
        raise CommandError(f"There is no course called {slug}.")
    return found


def _anchor(bank: ItemBank, number: int | None) -> Calibration | None:
    if number is None:
        return None
    found = Calibration.objects.filter(bank=bank, number=number).first()
    if found is None:
        raise CommandError(f"The bank {bank.slug} has no calibration {number}.")
    return found


def _as_json(calibration: Calibration) -> dict[str, Any]:
    return {
        "bank": calibration.bank.slug,
        "number": calibration.number,
        "model": calibration.model,
        "active": calibration.is_active,
        "parameters": calibration.parameters,
        "report": calibration.report,
    }


def _in_words(calibration: Calibration) -> str:
    report = calibration.report
    lines = [f"{'item':<40} {'a':>6} {'se':>5} {'b':>6} {'se':>5} {'n':>6} {'infit':>6} {'outfit':>6}"]
    for slug, item in calibration.parameters.items():
        fit = report["item_fit"].get(slug, {})
        cells = (item["a"], item["se"]["a"], item["b"], item["se"]["b"])
        fits = (fit.get("infit"), fit.get("outfit"))
        lines.append(
            f"{slug:<40} "
            + " ".join(f"{_figure(cell):>{width}}" for cell, width in zip(cells, (6, 5, 6, 5), strict=True))
            + f" {item['answers']:>6} "
            + " ".join(f"{_figure(cell):>6}" for cell in fits)
        )
    lines += _left_out(report["left_out"])
    lines += [f"drifted: {slug}" for slug in (report["drift"] or {}).get("moved", [])]
    for slug, found in (report["dif"] or {}).get("items", {}).items():
        if found["category"] in ("B", "C"):
            lines.append(f"favors one group: {slug} (class {found['category']}, delta {found['delta']:.2f})")
    persons = report["person_fit"]
    ended = "converged" if report["converged"] else "did NOT converge"
    lines += [
        f"{report['persons']} attempts, {report['answers']} answers; {ended} after {report['iterations']} passes, "
        f"log-likelihood {report['log_likelihood']:.4f}",
        f"{persons['odd']} of {persons['attempts']} attempts answered oddly (lz* below -1.645)",
        f"stored as calibration {calibration.number} of {calibration.bank.slug}, "
        + ("active" if calibration.is_active else "not active yet"),
    ]
    return "\n".join(lines)


def _left_out(reasons: Mapping[str, str]) -> list[str]:
    """Return a line for each reason with how many items it holds for, and the first of them by name."""
    items: dict[str, list[str]] = {}
    for slug, reason in reasons.items():
        items.setdefault(reason, []).append(slug)
    lines = []
    for reason, slugs in items.items():
        rest = f" and {len(slugs) - NAMED} more" if len(slugs) > NAMED else ""
        lines.append(f"left out, {len(slugs)} ({reason}): {', '.join(slugs[:NAMED])}{rest}")
    return lines


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
