"""Reads the warehouse: open, read, close, and remember the answer until the next build.

An open connection to a DuckDB file blocks ``dbt build``, so none is ever kept. While a build
holds the file, pages that were read before show the build before.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb
import pandas
import psycopg2

from lead_qualification.warehouse import (
    DUCKDB_FILE,
    POSTGRES_VARIABLES,
    Warehouse,
    connect_postgres,
    warehouse_of_target,
)

TARGET = "LEAD_DASHBOARD_TARGET"
REMEMBERED_CELLS = 4_000_000
MEMORY = "384MB"
SECONDS_BETWEEN_LOOKS = 5.0
PARAMETER = re.compile(r"\$([a-z_]+)")
SAFE_SCHEMA = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

# Tables that a build replaces have a new oid; those that it adds rows to have counted more rows.
BUILD_OF_POSTGRES = """
select
    md5(string_agg(pg_class.oid::text, ',' order by pg_class.oid))
        || ' ' || coalesce(sum(stats.n_tup_ins + stats.n_tup_upd + stats.n_tup_del), 0) as build
from pg_class
inner join pg_namespace on pg_class.relnamespace = pg_namespace.oid
left join pg_stat_user_tables as stats on pg_class.oid = stats.relid
where pg_namespace.nspname in ($marts, $policy) and pg_class.relkind in ('r', 'v')
"""


class WarehouseProblem(RuntimeError):  # noqa: N818 - it is shown to the reader, not a defect
    """The warehouse cannot be read.

    Attributes:
        what: What is wrong, a sentence.
        remedy: What to do about it, a sentence.
    """

    def __init__(self, what: str, remedy: str) -> None:
        """Remember what is wrong and what to do."""
        super().__init__(f"{what} {remedy}")
        self.what = what
        self.remedy = remedy


class HeldByBuild(WarehouseProblem):
    """Another process has the DuckDB file open for writing."""


@dataclass(frozen=True)
class Table:
    """The rows of a query as the engine gave them: exact decimals, dates, timestamps, None.

    Attributes:
        columns: Names, in order.
        rows: A tuple of values for each row.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.rows)

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """The rows by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    @cached_property
    def frame(self) -> pandas.DataFrame:
        """The rows for charts and lists: decimals become floats, whole numbers stay whole."""
        columns = list(zip(*self.rows, strict=True)) or [()] * len(self.columns)
        return pandas.DataFrame(
            {name: _series(values) for name, values in zip(self.columns, columns, strict=True)}
        )

    def values(self, column: str) -> list[Any]:
        """The values of a column, in the order of the rows."""
        position = self.columns.index(column)
        return [row[position] for row in self.rows]

    def csv(self) -> str:
        """The rows as CSV with a header; empty is null, decimals keep all their places."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self.rows)
        return text.getvalue()


class Reader:
    """Answers queries on one warehouse, from memory while the build is the same."""

    def __init__(self, warehouse: Warehouse) -> None:
        """Prepare to read; nothing is opened yet.

        Raises:
            WarehouseProblem: The schema's name is none that dbt would make.
        """
        prefix = warehouse.marts.removesuffix("_marts")
        if not SAFE_SCHEMA.fullmatch(prefix):
            raise WarehouseProblem(
                "The name of the schema is not made of letters, digits and underscores.",
                "Set LEAD_PG_SCHEMA to the schema of the dbt profile.",
            )
        self.warehouse = warehouse
        self.schemas = {
            "marts": warehouse.marts,
            "policy": warehouse.policy,
            "intermediate": f"{prefix}_intermediate",
        }
        self.is_behind = False
        self._answers: OrderedDict[tuple[str, str], tuple[str, Table]] = OrderedDict()
        self._cells = 0
        self._lock = Lock()
        self._looked: tuple[float, str] = (0.0, "")

    def read(self, sql: str, **parameters: Any) -> Table:
        """Return the rows of a query.

        Args:
            sql: A query; ``{marts}``, ``{policy}`` and ``{intermediate}`` stand for schemas,
                ``$name`` for a parameter.
            **parameters: Values of the parameters; they are bound, never pasted into the query.

        Raises:
            WarehouseProblem: The warehouse or a table cannot be read.
        """
        key = (sql, repr(sorted(parameters.items())))
        build = self.build()
        with self._lock:
            known = self._answers.get(key)
            if known and known[0] == build:
                self._answers.move_to_end(key)
                return known[1]
        try:
            table = self._read(sql, parameters)
        except HeldByBuild:
            self.is_behind = True
            if known:
                return known[1]
            raise
        self.is_behind = False
        self._remember(key, build, table)
        return table

    def build(self) -> str:
        """Return a word that changes with every build.

        Raises:
            WarehouseProblem: There is no warehouse.
        """
        if self.warehouse.target == "duckdb":
            path = Path(self.warehouse.environment[DUCKDB_FILE])
            try:
                found = path.stat()
            except OSError:
                raise WarehouseProblem(
                    f"There is no DuckDB file {path.name}.",
                    f"Run make build, or set {DUCKDB_FILE} to the file that dbt built.",
                ) from None
            return f"{found.st_mtime_ns} {found.st_size}"
        looked_at, build = self._looked
        if time.monotonic() - looked_at > SECONDS_BETWEEN_LOOKS:
            build = str(self._read(BUILD_OF_POSTGRES, dict(self.schemas)).rows[0][0])
            self._looked = (time.monotonic(), build)
        return build

    def _remember(self, key: tuple[str, str], build: str, table: Table) -> None:
        """Keep an answer, and forget the oldest ones when they are too many cells."""
        with self._lock:
            before = self._answers.pop(key, None)
            self._cells += _cells(table) - (_cells(before[1]) if before else 0)
            self._answers[key] = (build, table)
            while self._cells > REMEMBERED_CELLS and len(self._answers) > 1:
                _, (_, forgotten) = self._answers.popitem(last=False)
                self._cells -= _cells(forgotten)

    def _read(self, sql: str, parameters: dict[str, Any]) -> Table:
        """Open the warehouse, read and close it."""
        for name, schema in self.schemas.items():
            sql = sql.replace("{" + name + "}", f'"{schema}"')
        wanted = {name: parameters[name] for name in PARAMETER.findall(sql)}
        if self.warehouse.target == "duckdb":
            return self._read_duckdb(sql, wanted)
        return self._read_postgres(sql, wanted)

    def _read_duckdb(self, sql: str, parameters: dict[str, Any]) -> Table:
        """Read the DuckDB file; it is open only as long as the query runs."""
        path = self.warehouse.environment[DUCKDB_FILE]
        try:
            with duckdb.connect(path, read_only=True) as connection:
                connection.execute("set TimeZone = 'UTC'")
                connection.execute(f"set memory_limit = '{MEMORY}'")
                found = connection.execute(sql, parameters or None)
                columns = tuple(column[0] for column in found.description)
                return Table(columns, tuple(found.fetchall()))
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise _missing(str(error)) from None
        except duckdb.IOException as error:
            if "lock" in str(error):
                raise HeldByBuild(
                    "Another process has the DuckDB file open, probably a dbt build.",
                    "Wait until it has ended, then load the page again; if none runs, close the "
                    "notebook or shell that holds the file.",
                ) from None
            raise WarehouseProblem(
                "The DuckDB file cannot be read.", f"Run make build, or set {DUCKDB_FILE}."
            ) from None

    def _read_postgres(self, sql: str, parameters: dict[str, Any]) -> Table:
        """Read the PostgreSQL warehouse in a transaction that cannot write."""
        try:
            connection = connect_postgres(self.warehouse.environment)
        except psycopg2.OperationalError:
            raise WarehouseProblem(
                "The PostgreSQL warehouse does not answer.",
                f"Set {', '.join(POSTGRES_VARIABLES)} as for dbt.",
            ) from None
        try:
            connection.set_session(readonly=True)
            with connection.cursor() as cursor:
                cursor.execute(PARAMETER.sub(r"%(\1)s", sql.replace("%", "%%")), parameters)
                columns = tuple(column.name for column in cursor.description)
                return Table(columns, tuple(cursor.fetchall()))
        except (psycopg2.errors.UndefinedTable, psycopg2.errors.UndefinedColumn) as error:
            raise _missing(str(error)) from None
        finally:
            connection.close()


def reader_of_environment() -> Reader:
    """Return the reader of the warehouse that the environment names."""
    return Reader(warehouse_of_target(os.environ.get(TARGET, "duckdb")))


def fingerprint(tables: Sequence[tuple[str, Table]]) -> str:
    """Return a SHA-256 in hex of tables, the same for the same rows in any order and engine."""
    found = hashlib.sha256()
    for name, table in sorted(tables, key=lambda pair: pair[0]):
        order = sorted(range(len(table.columns)), key=lambda position: table.columns[position])
        lines = sorted(
            "\x1f".join(_plain(row[position]) for position in order) for row in table.rows
        )
        words = [name, *(table.columns[position] for position in order), *lines]
        found.update("\x1e".join(words).encode())
    return found.hexdigest()


def _plain(value: Any) -> str:
    """A value as text that does not depend on the engine."""
    if value is None:
        return "\x00"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, Decimal)):
        return format(Decimal(value).normalize(), "f")
    return str(value)


def _cells(table: Table) -> int:
    """Size of a table; an empty one counts too."""
    return (len(table.rows) + 1) * len(table.columns)


def _missing(message: str) -> WarehouseProblem:
    """What to say about a table or column that is not there."""
    first = message.strip().splitlines()[0]
    return WarehouseProblem(
        f"The warehouse lacks a table or column: {first}",
        "Run dbt build with the version of the project that this dashboard came with.",
    )


def _series(values: tuple[Any, ...]) -> pandas.Series:
    """A column of a frame with the narrowest type that holds its values."""
    known = [value for value in values if value is not None]
    if not known:
        return pandas.Series(values, dtype=object)
    if all(isinstance(value, bool) for value in known):
        return pandas.Series(values, dtype="boolean")
    if all(isinstance(value, int) for value in known):
        return pandas.Series(values, dtype="Int64")
    if all(isinstance(value, (int, float, Decimal)) for value in known):
        return pandas.Series([None if v is None else float(v) for v in values], dtype="float64")
    if hasattr(known[0], "year"):
        return pandas.to_datetime(pandas.Series(values)).astype("datetime64[us]")
    return pandas.Series(values, dtype=object)
