"""Named statements in files of SQL beside their verbs, and rows of ours on their way in and out of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
import numpy as np
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=models.Model)

NAMED: Final = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


@cache
def statements(file: Path) -> Mapping[str, str]:
    """Return the statements of a file by their names, as they are sent: without comments, which are for readers."""
    _, *parts = NAMED.split(file.read_text())
    return {name: _bare(text) for name, text in zip(parts[::2], parts[1::2], strict=True)}


def _bare(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if line and not line.startswith("--"))


def one_row(text: str, parameters: Mapping[str, Any]) -> Sequence[Any] | None:
    """Send a statement and return its first row, if there is one."""
    with connection.cursor() as cursor:
        cursor.execute(text, parameters)
        row: Sequence[Any] | None = cursor.fetchone()
        return row


def all_rows(text: str, parameters: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
    """Send a statement and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(text, parameters)
        rows: Sequence[Sequence[Any]] = cursor.fetchall()
        return rows


def send(text: str, parameters: Mapping[str, Any]) -> None:
    """Send a statement that returns nothing."""
    with connection.cursor() as cursor:
        cursor.execute(text, parameters)


class Columns:
    """The columns of a model in a statement that names its table ``alias``; some are left to be read later."""

    def __init__(self, model: type[models.Model], alias: str, unread: Collection[str] = ()) -> None:
        self.model = model
        self.fields = [field for field in model._meta.concrete_fields if field.attname not in unread]
        self.names = [field.attname for field in self.fields]
        self.key = self.names.index(model._meta.pk.attname)
        self.sql = ", ".join(f"{alias}.{field.column}" for field in self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    def rows(self, text: str, parameters: Mapping[str, Any]) -> list[Any]:
        """Send a statement that selects just these columns, and return its rows as the model knows them."""
        return [self._row(values) for values in all_rows(text, parameters)]

    def row(self, values: Sequence[Any]) -> Any:
        """Return a row as the model knows it; None where an outer join found none."""
        return None if values[self.key] is None else self._row(values)

    def _row(self, values: Sequence[Any]) -> Any:
        """Return what `Model.from_db` returns, in a third of its time: without signals, which nobody receives."""
        made = self.model.__new__(self.model)
        made.__dict__.update(zip(self.names, values, strict=True))
        made._state = state = ModelState()
        state.adding, state.db = False, DEFAULT_DB_ALIAS
        return made


def as_json(rows: Iterable[models.Model]) -> str:
    """Return rows as the JSON that ``json_populate_recordset`` reads: one object each, with every column."""
    return encoded([{column: getattr(row, name) for name, column in _columns(type(row))} for row in rows])


def new_row(model: type[Row], **values: Any) -> Row:
    """Return what a model makes of values by the names of its columns, where none is checked.

    Left out may be what has a plain default; ids, lists and documents that are made anew for each row are given.
    """
    made: Row = copied(_blank(model))
    made._state = ModelState()
    made.__dict__.update(values)
    return made


@cache
def _blank(model: type[Row]) -> Row:
    return model()


def copied(row: Row) -> Row:
    """Return a copy of a row with the same values; `copy.copy` of a model takes twenty times as long."""
    made = type(row).__new__(type(row))
    made.__dict__.update(row.__dict__)
    return made


def mark_stored(rows: Iterable[models.Model]) -> None:
    """Let rows that a statement has inserted know it, as if they had been saved."""
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def encoded(value: Any) -> str:
    """Return a value as JSON. Numbers of numpy are numbers; what is none of ours raises TypeError."""
    return msgspec.json.encode(value, enc_hook=_plain).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value)} has no place in a document")


@cache
def _columns(model: type[models.Model]) -> Sequence[tuple[str, str]]:
    return [(field.attname, str(field.column)) for field in model._meta.concrete_fields]
