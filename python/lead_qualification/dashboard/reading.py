"""Reads the warehouse: open, read, close, and remember the answer until the next build.

An open connection to a DuckDB file blocks ``dbt build``, so none is ever kept. While a build
holds the file, pages that were read before show the build before.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections import OrderedDict
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import Any

from lead_qualification.dashboard.variables import RESTATED, TARGET
from lead_qualification.errors import HeldError, WarehouseError
from lead_qualification.settings import DUCKDB_FILE, POSTGRES_SCHEMA, required
from lead_qualification.tables import Table
from lead_qualification.warehouse import (
    PARAMETER,
    Warehouse,
    duckdb_warehouse,
    postgres_environment,
    postgres_warehouse,
    warehouse_of_target,
)

REMEMBERED_CELLS = 4_000_000
MEMORY = "'384MB'"
SECONDS_BETWEEN_LOOKS = 5.0
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


class Reader:
    """Answers queries on one warehouse, from memory while the build is the same."""

    def __init__(self, warehouse: Warehouse) -> None:
        """Prepare to read; nothing is opened yet.

        Raises:
            WarehouseError: dbt would not make a schema of that name.
        """
        prefix = warehouse.schema
        if not SAFE_SCHEMA.fullmatch(prefix):
            raise WarehouseError(
                "the name of the schema is not made of letters, digits and underscores",
                f"set {POSTGRES_SCHEMA} to the schema of the dbt profile",
            )
        self.warehouse = warehouse
        self.schemas = {
            "marts": warehouse.marts,
            "policy": warehouse.policy,
            "intermediate": f"{prefix}_intermediate",
            "staging": f"{prefix}_staging",
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
            WarehouseError: The warehouse or a table cannot be read.
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
        except HeldError:
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
            WarehouseError: There is no warehouse.
        """
        if self.warehouse.target == "duckdb":
            path = Path(self.warehouse.environment[DUCKDB_FILE])
            try:
                found = path.stat()
            except OSError:
                raise WarehouseError(
                    f"there is no DuckDB file {path.name}",
                    f"run dbt build first, or set {DUCKDB_FILE} to the file that it built",
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
        with self.warehouse.connection(settings={"memory_limit": MEMORY}) as connection:
            return connection.table(sql, wanted)


def reader_of_environment(is_restated: bool = False) -> Reader:
    """Return the reader of the warehouse that the environment names.

    Args:
        is_restated: Of the build beside it that LEAD_DASHBOARD_RESTATED names, a DuckDB file or
            the LEAD_PG_SCHEMA of that build.

    Raises:
        WarehouseError: Its schema has a name that dbt would not make.
    """
    target = os.environ.get(TARGET, "duckdb")
    if not is_restated:
        return Reader(warehouse_of_target(target))
    where = required(RESTATED)
    if target == "postgres":
        return Reader(postgres_warehouse(postgres_environment(), where))
    return Reader(duckdb_warehouse(Path(where)))


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
