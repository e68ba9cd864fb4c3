"""Saying who acts, so that the triggers of the audit know it.

Whoever opens a door says once who comes through it: ``with audited(Door.DESK, user)``. Each transaction that writes
inside is then told, by settings that end with it. Nothing is opened around the work: a verb keeps its own
transactions, and one that writes without any gets one for each statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import ip_address, ip_network
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from assessment.models import User
from assessment.models.audit import Door

TELL: Final = """
SELECT set_config('assay.actor', %s, true), set_config('assay.door', %s, true), set_config('assay.network', %s, true)
"""
"""Until the transaction ends, so that a connection that is pooled says nothing of the one before."""

WRITES: Final = ("INSERT", "UPDATE", "DELETE", "WITH")

NETWORK_BITS: Final = {4: 24, 6: 48}
"""What is kept of an address: the network of a provider or a campus, which names nobody's machine."""


class Acting:
    """Somebody who has come through a door, and which transaction knows it."""

    def __init__(self, door: Door, actor: UUID | None, network: str) -> None:
        self.door, self.actor, self.network = door, actor, network
        self._told: tuple[Any, ...] = ()

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Execute a statement; before the first of a transaction that writes, tell it who acts."""
        if not _writes(sql):
            return execute(sql, params, many, context)
        if connection.in_atomic_block:
            self._tell()
            return execute(sql, params, many, context)
        with transaction.atomic():
            self._tell()
            return execute(sql, params, many, context)

    def act_as(self, actor: UUID | None) -> None:
        self.actor = actor
        self._told = ()

    def forget(self) -> None:
        """Tell an enclosing transaction that whatever it writes now is somebody else's."""
        if self._told and connection.in_atomic_block and not connection.needs_rollback:
            _set("", "", "")

    def _tell(self) -> None:
        """Tell the transaction, once; again in each savepoint, as rolling one back unsays what was set in it."""
        here = (connection.atomic_blocks[0], *connection.savepoint_ids)
        if here != self._told:
            self._told = here
            _set(str(self.actor or ""), self.door, self.network)


_acting: ContextVar[Acting | None] = ContextVar("acting", default=None)


@contextmanager
def audited(door: Door, user: User | None = None, *, network: str = "") -> Iterator[None]:
    """Let what is written inside be known as done by ``user``, through ``door``; ``network`` goes with sign-ins."""
    outer = _acting.get()
    acting = Acting(door, user.pk if user else None, network)
    token = _acting.set(acting)
    try:
        with connection.execute_wrapper(acting):
            yield
    finally:
        _acting.reset(token)
    acting.forget()
    if outer:
        outer.act_as(outer.actor)


def act_as(user: User | None) -> None:
    """Say who it is, where that is known only after the door was opened. Elsewhere it says nothing."""
    if acting := _acting.get():
        acting.act_as(user.pk if user else None)


def network_of(address: str) -> str:
    """Return the network of an address, as 203.0.113.0/24; nothing for what is no address."""
    try:
        bits = NETWORK_BITS[ip_address(address).version]
    except ValueError:
        return ""
    return str(ip_network(f"{address}/{bits}", strict=False))


def _writes(sql: Any) -> bool:
    return str(sql).lstrip()[:6].upper().startswith(WRITES)


def _set(actor: str, door: str, network: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(TELL, [actor, door, network])
