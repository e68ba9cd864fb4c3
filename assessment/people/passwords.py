"""Passwords that are long and still no protection; the framework's own checks know the others."""

from __future__ import annotations

import re
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError

FEWEST_DIFFERENT: Final = 5
DEMO_PASSWORD: Final = "assay-demo"  # noqa: S105 - meant to be known; outside the demo it is refused

_REPEATED = re.compile(r"(.+?)\1+", re.DOTALL)


class NoPatternValidator:
    """Refuses what is one short piece over and over: spaces, "aaaaaaaaaaaa", "learnerlearner"."""

    def validate(self, password: str, user: object = None) -> None:
        letters = "".join(filter(str.isalnum, password.casefold()))
        if len(set(password)) < FEWEST_DIFFERENT or _REPEATED.fullmatch(letters):
            raise ValidationError(
                f"This password repeats itself. Use at least {FEWEST_DIFFERENT} different characters "
                "and not one word again and again.",
                "password_repeats_itself",
            )

    def get_help_text(self) -> str:
        return "Your password can’t be one short piece over and over."


class NoDemoPasswordValidator:
    """Refuses the password that is printed in the documentation."""

    def validate(self, password: str, user: object = None) -> None:
        if password.strip().casefold() == DEMO_PASSWORD and not settings.DEMO:
            raise ValidationError("Everybody knows this password.", "password_too_common")

    def get_help_text(self) -> str:
        return "Your password can’t be the one of the demo."
