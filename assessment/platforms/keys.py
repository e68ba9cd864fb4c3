"""Our keys: published, then used for signing, then published a while longer, then gone."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from joserfc.jwk import RSAKey

from assessment.models import ToolKey

BITS: Final = 2048
SIGNS_AFTER: Final = timedelta(days=1)
"""Platforms keep what they have fetched for a while: a key signs only when they had time to see it."""
SIGNS_FOR: Final = timedelta(days=90)
PUBLISHED_AFTER: Final = timedelta(days=7)
"""A message that was signed with it may still be on its way."""


def published_keys(now: datetime) -> dict[str, Any]:
    """Return the key set (JWKS) that platforms read; the first time it makes the first key."""
    signing_key(now)
    known = ToolKey.objects.filter(Q(retires_at=None) | Q(retires_at__gt=now))
    return {"keys": [key.public for key in known]}


def signing_key(now: datetime) -> RSAKey:
    """Return the latest key that may sign by now."""
    stored = _signing(now) or _make(now, signs_from=now)
    return RSAKey.import_key(_fernet().decrypt(stored.sealed.encode()).decode(), {"kid": stored.kid})


def rotate_keys(now: datetime) -> int:
    """Make the next key when the present one has signed for long, and forget what was retired.

    Returns how many were made.
    """
    ToolKey.objects.filter(retires_at__lte=now).delete()
    newest = ToolKey.objects.first()
    if newest is None or newest.signs_from + SIGNS_FOR > now:
        return 0
    made = _make(now, signs_from=now + SIGNS_AFTER)
    ToolKey.objects.exclude(pk=made.pk).filter(retires_at=None).update(
        retires_at=made.signs_from + PUBLISHED_AFTER
    )
    return 1


def _signing(now: datetime) -> ToolKey | None:
    return ToolKey.objects.filter(signs_from__lte=now).first()


def _make(now: datetime, *, signs_from: datetime) -> ToolKey:
    """Make the next key; where somebody else has made it meanwhile, return theirs."""
    last = ToolKey.objects.first()
    key = RSAKey.generate_key(BITS, {"use": "sig", "alg": "RS256"}, auto_kid=True)
    made = ToolKey(
        kid=str(key.kid),
        number=last.number + 1 if last else 1,
        sealed=_fernet().encrypt(key.as_pem(private=True)).decode(),
        public=key.as_dict(private=False),
        created_at=now,
        signs_from=signs_from,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        return ToolKey.objects.get(number=made.number)
    return made


def _fernet() -> MultiFernet:
    """Seal under today's secret key, and open under those that may still be used."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derived(secret)) for secret in secrets])


def _derived(secret: str) -> bytes:
    digest = hashlib.blake2b(secret.encode(), digest_size=32, person=b"assay.tool-keys").digest()
    return base64.urlsafe_b64encode(digest)


def can_be_opened(key: ToolKey) -> bool:
    """Whether the private key can be read under the secret keys of today."""
    try:
        _fernet().decrypt(key.sealed.encode())
    except InvalidToken:
        return False
    return True
