"""The table of rights, with what this room adds: keys are their owners'."""

from __future__ import annotations

from typing import Final

from django.db.models import Q

from api.models import ApiKey
from assessment.people import rights
from content.rights import Line, Rights, Role, Where

OWN_KEYS: Final = Where("one's own", lambda user, _now: Q(owner=user))

RIGHTS: Final = rights.RIGHTS + Rights(lines=(Line(ApiKey, Role.OWNER, "keep", OWN_KEYS),))
