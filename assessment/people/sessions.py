"""Sessions as Django has them, read together with their user: every request begins with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, cast

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from assessment.models import User
from assessment.models.sessions import Session
from assessment.models.statements import Columns, one_row, statements

SESSION: Final = Columns(Session, "session")
USER: Final = Columns(User, "account")
READ: Final = statements(Path(__file__).with_name("queries.sql"))["read_session"].format(
    session=SESSION.sql, account=USER.sql
)


class SessionStore(DatabaseStore):
    """The rows of `assessment.models.sessions`."""

    _row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast(Session, super().create_model_instance(data))
        row.user_id = data.get(SESSION_KEY)
        return row

    def _get_session_from_db(self) -> Session | None:
        """Read the session and its user in one statement; a session that is over, or made up, is an empty one."""
        values = one_row(READ, {"key": self.session_key, "now": timezone.now()})
        if values is None:
            self._session_key = None
            return None
        row: Session = SESSION.row(values[: len(SESSION)])
        row.user = USER.row(values[len(SESSION) :])
        self._row = row
        return row

    def user_now(self) -> User | None:
        """Return `user` of a session that was named by its key."""
        self.load()
        return self.user

    @property
    def user(self) -> User | None:
        """Return who is signed in; None for nobody, and where the password has changed or the account was closed."""
        if self.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
            return None
        user = self._row.user if self._row else None
        if user is None or str(user.pk) != self.get(SESSION_KEY) or not user.is_active:
            return None
        return user if _fits(self.get(HASH_SESSION_KEY, ""), user) else None


def _fits(signed: str, user: User) -> bool:
    """Whether the session was made under today's password, with today's secret or one that may still be used."""
    hashes = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    return any(constant_time_compare(signed, one) for one in hashes)
