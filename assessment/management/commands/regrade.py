"""``manage.py regrade``: judge anew what was answered to an item, or take that back."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from assessment.errors import CorrectionRefused
from assessment.models import Assessment, Correction, Presentation, User
from assessment.models.corrections import CorrectionKind
from assessment.people.rights import may
from assessment.recording.correcting import Change, apply_correction, judged_alike, preview_correction
from content.models import Item, ItemVersion

NEEDS_A_WORDING = frozenset({CorrectionKind.KEY.value, CorrectionKind.POLICY.value})


class Done(NamedTuple):
    """A correction, the numbers of its wordings, and what becomes of attempts; without --apply none is stored."""

    correction: Correction
    wordings: Sequence[int]
    changes: Sequence[Change]


class Command(BaseCommand):
    help = (
        "Says what a correction would change, attempt by attempt, and with --apply applies it. Every answer keeps "
        "its old verdict and gets a new one; what learners were told, and their tries, stay. --undo takes one back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--item", help="the slug of the item")
        parser.add_argument(
            "--versions",
            type=int,
            nargs="+",
            help="the numbers of the wordings; without it the latest that was shown and all with the same keys",
        )
        parser.add_argument("--kind", choices=CorrectionKind.values)
        parser.add_argument(
            "--corrected", type=int, help="the number of the wording with the right key or policy"
        )
        parser.add_argument("--assessment", help="the slug of the only assessment that it concerns")
        parser.add_argument("--exact", action="store_true", help="take away what was announced to be right")
        parser.add_argument("--lower", action="store_true", help="also where an attempt loses by it")
        parser.add_argument("--undo", metavar="ID", help="take back the correction with this id")
        parser.add_argument("--reason", required=True)
        parser.add_argument(
            "--as",
            dest="author",
            metavar="USERNAME",
            help="whose correction it is; what that account may not correct is refused. Without it, the machine's",
        )
        parser.add_argument("--apply", action="store_true", help="without it nothing is written")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of words")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            self._say(_carried_out(options), options)
        except CorrectionRefused as refusal:
            raise CommandError(str(refusal)) from None

    def _say(self, done: Done, options: dict[str, Any]) -> None:
        correction, wordings, changes = done
        moved = [one for one in changes if one.before != one.after]
        if options["json"]:
            found = {
                "versions": wordings,
                "correction": str(correction.pk) if options["apply"] else None,
                "attempts": len(changes),
                "changed": [
                    {"attempt": str(one.attempt), "before": one.before, "after": one.after} for one in moved
                ],
                "kept": [str(one.attempt) for one in changes if one.kept],
                "refused": {str(one.attempt): dict(one.refused) for one in changes if one.refused},
            }
            self.stdout.write(json.dumps(found))
            return
        self.stdout.write(f"Wordings judged anew: {', '.join(map(str, wordings))}.")
        for one in moved:
            self.stdout.write(f"attempt {one.attempt}: {_of(one.before)} becomes {_of(one.after)}")
        for one in changes:
            for position, why in one.refused:
                self.stdout.write(
                    f"attempt {one.attempt}, position {position}: cannot be judged anew, as {why}"
                )
        kept = sum(one.kept for one in changes)
        verb = "changed" if options["apply"] else "would change"
        self.stdout.write(f"{len(changes)} attempts, {len(moved)} {verb}, {kept} keep their verdicts.")
        if options["apply"]:
            self.stdout.write(f"The correction is {correction.pk}; --undo {correction.pk} takes it back.")


def _carried_out(options: dict[str, Any]) -> Done:
    now = timezone.now()
    with transaction.atomic():
        correction = _undoing(options) if options["undo"] else _new(options)
        if options["author"]:
            _sign(correction, _one(User, username=options["author"]))
        wordings = sorted(correction.versions.values_list("number", flat=True))
        if not options["apply"]:
            changes = preview_correction(correction_id=correction.pk, now=now)
            transaction.set_rollback(True)
            return Done(correction, wordings, changes)
    return Done(correction, wordings, apply_correction(correction_id=correction.pk, now=now))


def _new(options: dict[str, Any]) -> Correction:
    """Return a new correction as the options describe it. Raises CommandError."""
    if not (options["item"] and options["kind"]):
        raise CommandError("Say which --item and which --kind of correction, or what to --undo.")
    if (options["kind"] in NEEDS_A_WORDING) != (options["corrected"] is not None):
        raise CommandError("Another key or policy needs --corrected, and nothing else takes it.")
    item = _one(Item, slug=options["item"])
    corrected = options["corrected"] and _one(ItemVersion, item=item, number=options["corrected"])
    assessment = options["assessment"] and _one(Assessment, slug=options["assessment"])
    wrong = _named(item, options["versions"]) if options["versions"] else _wrong(item, corrected)
    correction = Correction.objects.create(
        kind=options["kind"],
        corrected_version=corrected or None,
        assessment=assessment or None,
        keep_if_better=not options["lower"],
        exact=options["exact"],
        reason=options["reason"],
        created_at=timezone.now(),
    )
    correction.versions.set(wrong)
    return correction


def _sign(correction: Correction, author: User) -> None:
    """Make a correction somebody's. Raises CommandError where the table of rights gives it to others alone."""
    if not may(author, "apply", correction, timezone.now()):
        raise CommandError(
            f"{author} may not make this correction: it reaches answers in courses, or to items, of others."
        )
    correction.author = author
    correction.save(update_fields=["author"])


def _named(item: Item, numbers: Sequence[int]) -> list[ItemVersion]:
    return [_one(ItemVersion, item=item, number=number) for number in numbers]


def _wrong(item: Item, corrected: ItemVersion | None) -> list[ItemVersion]:
    """Return the latest wording that was shown, the corrected one aside, and those with the same keys."""
    shown = item.versions.filter(pk__in=Presentation.objects.values("item_version")).order_by("-number")
    found = [one for one in shown if one != corrected]
    if not found:
        raise CommandError(f"No other wording of {item.slug} was shown: there is nothing to judge anew.")
    return judged_alike(found[0], found[1:])


def _undoing(options: dict[str, Any]) -> Correction:
    undone = _one(Correction, pk=options["undo"])
    undoing = Correction.objects.create(
        kind=undone.kind,
        corrected_version=undone.corrected_version,
        assessment=undone.assessment,
        undoes=undone,
        reason=options["reason"],
        created_at=timezone.now(),
    )
    undoing.versions.set(undone.versions.all())
    return undoing


def _one(model: type[Model], **wanted: Any) -> Any:
    try:
        return model._default_manager.get(**wanted)
    except (ObjectDoesNotExist, ValidationError):
        named = ", ".join(f"{name} {value}" for name, value in wanted.items())
        raise CommandError(f"There is no {model._meta.verbose_name} with {named}.") from None


def _of(score: tuple[float, float]) -> str:
    return f"{score[0]:.4g} of {score[1]:.4g}"
