"""Loads an extract as a tool lands it: tables with the tool's names and types."""

from __future__ import annotations

import csv
from pathlib import Path

from lead_qualification.sql_text import sql_literal
from lead_qualification.warehouse import Warehouse

EXTRACTS = Path(__file__).parent / "extracts"
TYPES = "_types.csv"
NAMES = {"duckdb": {"jsonb": "json", "numeric": "decimal(38,9)"}, "postgres": {}}
"""Types that an engine calls otherwise."""


def land(extract: str, warehouse: Warehouse, schema: str) -> dict[str, int]:
    """Load an extract into a schema of a warehouse; return the rows of each table.

    Args:
        extract: A folder of ``python_checks/extracts``.
        warehouse: DuckDB or PostgreSQL.
        schema: The schema, which must not have the tables yet.
    """
    types = _types(EXTRACTS / extract)
    counts = {}
    with warehouse.connection(is_read_only=False) as connection:
        connection.execute(f'create schema if not exists "{schema}"')
        for path in sorted((EXTRACTS / extract).glob("[a-zA-Z]*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                names, *rows = list(csv.reader(file))
            table = f'"{schema}"."{path.stem}"'
            kinds = [types[path.stem][name] for name in names]
            columns = [
                f'"{name}" {NAMES[warehouse.target].get(kind, kind)}'
                for name, kind in zip(names, kinds, strict=True)
            ]
            connection.execute(f"create table {table} ({', '.join(columns)})")
            for row in rows:
                cells = [sql_literal(cell) if cell else "null" for cell in row]
                connection.execute(f"insert into {table} values ({', '.join(cells)})")
            counts[path.stem] = len(rows)
    return counts


def _types(folder: Path) -> dict[str, dict[str, str]]:
    """The type of each column, by table."""
    found: dict[str, dict[str, str]] = {}
    with (folder / TYPES).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["table"], {})[row["column"]] = row["type"]
    return found
