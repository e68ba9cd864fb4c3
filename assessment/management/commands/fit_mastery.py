"""``manage.py fit_mastery``: learn the parameters of knowledge tracing from what learners answered."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessment.models import MasteryFit
from assessment.progress.fitting import TooFewAnswers, activate_fit, fit_skill
from content.models import Skill


class Command(BaseCommand):
    help = (
        "Fits the parameters of knowledge tracing to the response log, one skill after the other, and stores each "
        "fit. Mastery is estimated with a fit once it is activated."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--skill", action="append", default=[], help="the slug of a skill; may be repeated; without: all"
        )
        parser.add_argument("--activate", action="store_true", help="estimate mastery with the fits at once")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of words")

    def handle(self, *_args: Any, **options: Any) -> None:
        fits, refused = [], {}
        for skill in _skills(options["skill"]):
            try:
                fit = fit_skill(skill=skill, now=timezone.now())
            except TooFewAnswers as error:
                refused[skill.slug] = str(error)
                continue
            fits.append(activate_fit(fit_id=fit.pk, now=timezone.now()) if options["activate"] else fit)
            self.stderr.write(f"{skill.slug}: {fit.answers} answers by {fit.learners} learners")
        if options["skill"] and refused:
            raise CommandError(" ".join(refused.values()))
        self.stdout.write(_as_json(fits, refused) if options["json"] else _in_words(fits, refused))


def _skills(slugs: list[str]) -> list[Skill]:
    found = list(Skill.objects.filter(slug__in=slugs) if slugs else Skill.objects.all())
    if missing := set(slugs) - {skill.slug for skill in found}:
        raise CommandError(f"There is no skill called {', '.join(sorted(missing))}.")
    return sorted(found, key=lambda skill: skill.slug)


def _as_json(fits: list[MasteryFit], refused: dict[str, str]) -> str:
    return json.dumps({"fits": [_document(fit) for fit in fits], "refused": refused})


def _document(fit: MasteryFit) -> dict[str, Any]:
    return {
        "skill": fit.skill.slug,
        "number": fit.number,
        "parameters": {name: getattr(fit, name) for name in ("prior", "learn", "forget", "guess", "slip")},
        "learners": fit.learners,
        "answers": fit.answers,
        "log_likelihood": fit.log_likelihood,
        "start_log_likelihood": fit.start_log_likelihood,
        "converged": fit.converged,
        "active": fit.is_active,
    }


def _in_words(fits: list[MasteryFit], refused: dict[str, str]) -> str:
    lines = [
        f"{'skill':<40} {'prior':>6} {'learn':>6} {'forget':>7} {'guess':>6} {'slip':>6} {'n':>7} {'gain':>8}"
    ]
    lines += [
        f"{fit.skill.slug:<40} {fit.prior:>6.2f} {fit.learn:>6.2f} {fit.forget:>7.3f} {fit.guess:>6.2f} "
        f"{fit.slip:>6.2f} {fit.answers:>7} {fit.log_likelihood - fit.start_log_likelihood:>8.1f}"
        + ("" if fit.converged else "  did NOT converge")
        for fit in fits
    ]
    active = sum(fit.is_active for fit in fits)
    return "\n".join([*lines, *refused.values(), f"{len(fits)} fits stored, {active} of them active"])
