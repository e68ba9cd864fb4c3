"""``manage.py regrade``: judge anew what was answered to an item, look first, and take it back."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Model
from django.utils import timezone

from assessment.errors import CorrectionRefused
from assessment.models import Assessment, Correction, User
from assessment.models.corrections import CorrectionKind
from assessment.models.regrading import RunKind
from assessment.results import regrading
from content.items.accepting import Accepted
from content.models import Item

STATES = {False: "not applied", True: "applied"}


class Command(BaseCommand):
    help = (
        "Corrections of what was answered: another key or policy, an item that counts nothing, full credit for all, "
        "an answer accepted too. Every answer keeps its old verdict and gets a new one; what learners were told, and "
        "their tries, stay. A preview changes nothing; what is applied can be undone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        actions.add_parser("list", help="the corrections there are, the latest first")
        new = actions.add_parser("new", help="write one down; nothing is judged by it yet")
        _describe(new)
        for name, what in {
            "preview": "who would change, and by how much",
            "apply": "put it in force; again goes on where it stopped",
            "undo": "take the latest one back",
        }.items():
            one = actions.add_parser(name, help=what)
            one.add_argument("id", metavar="ID")
            if name == "undo":
                one.add_argument("--reason", default="Taken back.")
        for name in ("new", "preview", "apply", "undo"):
            actions.choices[name].add_argument(
                "--as",
                dest="author",
                metavar="USERNAME",
                help="who does it; what that account may not is refused. Without it, the machine's administrator",
            )
        for one in actions.choices.values():
            one.add_argument("--json", action="store_true", help="print JSON instead of words")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(options)
        except CorrectionRefused as refusal:
            raise CommandError(str(refusal)) from None

    def _list(self, options: dict[str, Any]) -> None:
        found = [_told_briefly(one) for one in Correction.objects.prefetch_related("versions__item")]
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        for one in found:
            self.stdout.write(f"{one['id']} {one['item']} {one['kind']}, {one['state']}: {one['reason']}")
        self.stdout.write(f"{len(found)} corrections.")

    def _new(self, options: dict[str, Any]) -> None:
        correction = regrading.propose(_proposal(options), timezone.now())
        numbers = sorted(correction.versions.values_list("number", flat=True))
        count = regrading.concerned(correction)
        if options["json"]:
            told = regrading.told(correction, 0.0) | {"attempts": count, "versions": numbers}
            self.stdout.write(json.dumps(told))
            return
        wordings = ", ".join(map(str, numbers))
        self.stdout.write(f"The correction is {correction.pk}: versions {wordings}, {count} attempts.")
        self.stdout.write(f"Look first: manage.py regrade preview {correction.pk}")

    def _preview(self, options: dict[str, Any]) -> None:
        self._carry_out(_one(Correction, pk=options["id"]), RunKind.PREVIEW, options)

    def _apply(self, options: dict[str, Any]) -> None:
        self._carry_out(_one(Correction, pk=options["id"]), RunKind.APPLY, options)

    def _undo(self, options: dict[str, Any]) -> None:
        undone = _one(Correction, pk=options["id"])
        made = regrading.take_back(
            correction=undone, author=_author(options), reason=options["reason"], now=timezone.now()
        )
        self._carry_out(made, RunKind.APPLY, options)

    def _carry_out(self, correction: Correction, kind: RunKind, options: dict[str, Any]) -> None:
        now = timezone.now()
        run = regrading.ask(correction=correction, kind=kind, by=_author(options), now=now)
        if not regrading.carry_out(run, now, told=self._progress):
            raise CommandError("Another process works on this correction; it goes on there.")
        if options["json"]:
            json.dump(regrading.told(correction, run.seconds), self.stdout)
            self.stdout.write("")
        else:
            self._say(correction, kind)

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(f"{done} of {total} attempts")

    def _say(self, correction: Correction, kind: RunKind) -> None:
        found = regrading.summary(correction)
        for effect in regrading.changed_effects(correction).iterator():
            self.stdout.write(
                f"attempt {effect.attempt_id}: {_of(effect.before_score, effect.before_max)} becomes "
                f"{_of(effect.after_score, effect.after_max)}"
            )
        for effect in correction.effects.filter(refused__isnull=False).iterator():
            for position, why in (effect.refused or {}).items():
                self.stdout.write(
                    f"attempt {effect.attempt_id}, position {position}: cannot be judged anew, as {why}"
                )
        verb = "change" if kind == RunKind.PREVIEW else "changed"
        self.stdout.write(
            f"{found.attempts} attempts: {found.changed} {verb} ({found.better} better, {found.worse} worse), "
            f"{found.kept} keep their verdicts; {found.now_pass} pass now, {found.no_longer_pass} no longer; in "
            f"{found.told_right} an answer was told right that is not; {found.paths} would have gone otherwise."
        )
        step = "apply" if kind == RunKind.PREVIEW else "undo"
        self.stdout.write(f"Next, if you want: manage.py regrade {step} {correction.pk}")


def _describe(new: ArgumentParser) -> None:
    new.add_argument("--item", required=True, help="the slug of the item")
    new.add_argument("--kind", required=True, choices=CorrectionKind.values)
    new.add_argument(
        "--version",
        type=int,
        help="the number of the wrong version; without it the latest that was shown. All with its keys go along.",
    )
    new.add_argument(
        "--corrected",
        type=int,
        help="the version with the right key or policy; without it the latest published",
    )
    new.add_argument("--assessment", help="the slug of the only assessment that it concerns")
    new.add_argument("--exact", action="store_true", help="take away what was announced to be right")
    new.add_argument(
        "--keep-better", action="store_true", help="an attempt that would lose keeps all its verdicts"
    )
    new.add_argument("--interaction", help="of the kind accept: where the answer stands")
    new.add_argument("--answer", help="of the kind accept: the answer as JSON, as a verdict has it")
    new.add_argument("--misconception", help="of the kind accept: all answers that show it")
    new.add_argument("--reason", required=True, help="everybody whose score changes reads it")


def _proposal(options: dict[str, Any]) -> regrading.Proposal:
    return regrading.Proposal(
        item=_one(Item, slug=options["item"]),
        kind=options["kind"],
        reason=options["reason"],
        author=_author(options),
        version=options["version"],
        corrected=options["corrected"],
        assessment=_one(Assessment, slug=options["assessment"]) if options["assessment"] else None,
        keep_if_better=options["keep_better"],
        exact=options["exact"],
        accepted=_accepted(options),
    )


def _author(options: dict[str, Any]) -> User | None:
    return _one(User, username=options["author"]) if options["author"] else None


def _accepted(options: dict[str, Any]) -> Accepted | None:
    if not options["interaction"]:
        return None
    try:
        parsed = None if options["answer"] is None else json.loads(options["answer"])
    except ValueError:
        raise CommandError('The --answer is JSON: 0.25, "option" or ["a", "b"].') from None
    return Accepted(options["interaction"], parsed, options["misconception"])


def _told_briefly(correction: Correction) -> dict[str, Any]:
    versions = sorted(correction.versions.all(), key=lambda one: one.number)
    return {
        "id": str(correction.pk),
        "item": versions[0].item.slug if versions else None,
        "versions": [one.number for one in versions],
        "kind": correction.kind,
        "state": STATES[correction.applied_at is not None],
        "undoes": str(correction.undoes_id) if correction.undoes_id else None,
        "reason": correction.reason,
    }


def _one(model: type[Model], **wanted: Any) -> Any:
    try:
        return model._default_manager.get(**wanted)
    except (ObjectDoesNotExist, ValidationError):
        named = ", ".join(f"{name} {value}" for name, value in wanted.items())
        raise CommandError(f"There is no {model._meta.verbose_name} with {named}.") from None


def _of(score: float, most: float) -> str:
    return f"{score:.4g} of {most:.4g}"
