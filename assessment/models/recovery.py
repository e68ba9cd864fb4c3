"""The code by which somebody gets back in who has forgotten the password and has no e-mail address."""

from __future__ import annotations

from django.db import models

from assessment.models.people import User


class RecoveryCode(models.Model):
    """The one code of an account, as a hash: the code itself was shown once and is nowhere.

    A table of its own, as the row of a user is read with every request and shown at the desk. The code has more than
    128 random bits, so a plain SHA-256 cannot be reversed by guessing.
    """

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="recovery_code"
    )
    digest = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(editable=False)

    def __str__(self) -> str:
        return f"recovery code of {self.user}"
