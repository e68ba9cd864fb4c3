"""Millions of stored answers: copies of what the service itself wrote for one attempt, by COPY.

Nothing here knows the columns. The rows of an attempt are its own, its learner's, and those that carry the id of one
of them that is not the learner's; a copy has fresh ids wherever these stand, in columns and in documents.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql

from bench.answers.scratch import connect
from config.embedded import EmbeddedServer
from content.models.versions import new_id

ATTEMPTS: Final = "assessment_attempt"
RESPONSES: Final = "assessment_response"
BATCH: Final = 2000
"""Copies that are held in memory at a time."""
COLUMNS: Final = """
    SELECT table_name, column_name, data_type = 'uuid'
    FROM information_schema.columns NATURAL JOIN information_schema.tables
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'
        AND is_identity = 'NO' AND coalesce(column_default, '') NOT LIKE 'nextval(%'
    ORDER BY table_name, ordinal_position
"""

Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A table and its columns that a copy gives a value; numbers that PostgreSQL counts up are not among them."""

    name: str
    columns: Sequence[str]
    uuids: Sequence[str]

    @property
    def own(self) -> list[str]:
        """The columns that name the row itself, or its request: its id and its keys."""
        return [column for column in self.uuids if not column.endswith("_id")]


@dataclass(frozen=True, slots=True)
class RowSet:
    """All rows of one attempt: by table the text of COPY, cut so that every second piece is an id to be replaced."""

    pieces: Mapping[Table, Sequence[str]]
    ids: frozenset[str]
    responses: int

    def copies(self, count: int) -> Mapping[Table, str]:
        """Return the text of this many copies, each with ids of its own."""
        texts: dict[Table, list[str]] = defaultdict(list)
        for _ in range(count):
            fresh = {old: str(new_id()) for old in self.ids}
            for table, pieces in self.pieces.items():
                texts[table] += renamed(pieces, fresh)
        return {table: "".join(words) for table, words in texts.items()}


def cut(text: str, ids: Iterable[str]) -> list[str]:
    """Return the text in pieces, of which every second one is one of the ids."""
    return re.split(f"({'|'.join(map(re.escape, ids))})", text)


def renamed(pieces: Sequence[str], fresh: Mapping[str, str]) -> Iterator[str]:
    """Yield the pieces with the fresh ids."""
    for number, piece in enumerate(pieces):
        yield fresh[piece] if number % 2 else piece


def fill(server: EmbeddedServer, attempt: str, responses: int) -> int:
    """Copy an attempt until about this many responses are stored; return how many there are."""
    with connect(server) as connection:
        # What is copied was checked when it was written, and what a copy refers to is copied with it.
        connection.execute("SET session_replication_role = replica")
        rows = read_rows(connection, attempt)
        missing = max(0, responses - _count(connection, RESPONSES)) // rows.responses
        for size in _batches(missing, BATCH):
            with connection.transaction():
                for table, text in rows.copies(size).items():
                    _copy_in(connection, table, text)
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")
        return _count(connection, RESPONSES)


def read_rows(connection: Connection, attempt: str) -> RowSet:
    """Return the rows of an attempt."""
    tables = _tables(connection)
    whose = sql.SQL("SELECT learner_id::text FROM {} WHERE id = {}")
    (learner,) = _one(connection, whose.format(sql.Identifier(ATTEMPTS), sql.Literal(attempt)))
    own = _ids_of_rows(connection, tables, attempt)
    ids = own | {learner}
    texts = {table: _copy_out(connection, table, _rows_with(table, own)) for table in tables if table.uuids}
    for table in tables:
        if "id" in table.uuids:
            owner = sql.SQL("id = {}").format(sql.Literal(learner))
            texts[table] += _copy_out(connection, table, owner)
    responses = next(text.count("\n") for table, text in texts.items() if table.name == RESPONSES)
    return RowSet({table: cut(text, ids) for table, text in texts.items() if text}, frozenset(ids), responses)


def _tables(connection: Connection) -> list[Table]:
    columns: dict[str, dict[str, bool]] = defaultdict(dict)
    for table, column, is_uuid in connection.execute(COLUMNS).fetchall():
        columns[table][column] = is_uuid
    return [Table(name, tuple(own), tuple(c for c in own if own[c])) for name, own in columns.items()]


def _ids_of_rows(connection: Connection, tables: Sequence[Table], attempt: str) -> set[str]:
    """Return the ids and keys of all rows that carry the id of the attempt, or of such a row."""
    known, size = {attempt}, 0
    while len(known) > size:
        size = len(known)
        for table in tables:
            for column in table.own:
                query = sql.SQL("SELECT {}::text FROM {} WHERE {}").format(
                    sql.Identifier(column), sql.Identifier(table.name), _rows_with(table, known)
                )
                known |= {found for (found,) in connection.execute(query).fetchall() if found}
    return known


def _rows_with(table: Table, ids: Iterable[str]) -> sql.Composable:
    """Return the condition that a row carries one of the ids."""
    carries = sql.SQL("{} = ANY({}::uuid[])")
    values = sql.Literal(sorted(ids))
    return sql.SQL(" OR ").join(carries.format(sql.Identifier(column), values) for column in table.uuids)


def _copy_out(connection: Connection, table: Table, condition: sql.Composable) -> str:
    query = sql.SQL("COPY (SELECT {} FROM {} WHERE {}) TO STDOUT")
    rows = query.format(_listed(table), sql.Identifier(table.name), condition)
    with connection.cursor() as cursor, cursor.copy(rows) as copy:
        return b"".join(bytes(block) for block in copy).decode()


def _copy_in(connection: Connection, table: Table, text: str) -> None:
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), _listed(table))
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        copy.write(text)


def _listed(table: Table) -> sql.Composable:
    return sql.SQL(", ").join(map(sql.Identifier, table.columns))


def _count(connection: Connection, table: str) -> int:
    (count,) = _one(connection, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
    return int(count)


def _one(connection: Connection, query: sql.Composed) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None
    return tuple(row)


def _batches(count: int, size: int) -> Iterator[int]:
    yield from (min(size, count - done) for done in range(0, count, size))
