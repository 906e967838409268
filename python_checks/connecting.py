"""Extracts as tools land them, loaded with their types, and what connectors make of them."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from lead_qualification.sql_text import sql_literal
from lead_qualification.warehouse import connect_postgres
from python_checks.building import copy_project
from python_checks.extracts import EXTRACTS, options_of, rows_of_csv

SEEDS_READ = (
    "path:seeds/connectors",
    *("attributes", "countries", "shared_mailboxes", "placeholders"),
)
"""What dbt has to select beside models of connectors: the seeds that they read."""

MAPS = {"field_map": 4, "value_map": 5}
"""The maps of connectors, and how many of their columns say what a row is about."""

DUCKDB_TYPES = {
    "text": "varchar",
    "timestamptz": "timestamp with time zone",
    "numeric": "decimal(38, 9)",
    "jsonb": "json",
}
CODES = (
    *("status", "page_path", "event_name", "email", "activity_type", "outcome", "event_type"),
    *("program", "reason_code", "answer"),
)
NUMBERS = ("amount", "annual_revenue", "cost", "crm_lead_score", "employee_count")
BOOLEANS = {"t": "true", "1": "true", "yes": "true", "f": "false", "0": "false", "no": "false"}

Row = dict[str, str | None]


@dataclass(frozen=True)
class Difference:
    """Rows of one expected table that a connector does not give, or gives beside them.

    Attributes:
        table: The table of the contract.
        missing: Rows that are expected.
        added: Rows that are not.
    """

    table: str
    missing: list[Row]
    added: list[Row]


def variables(connectors: dict[str, str]) -> dict[str, Any]:
    """Return the var for connectors and the extracts that they read, each in its schema."""
    return {
        "connectors": {
            connector: {"schema": extract, **options_of(extract)}
            for connector, extract in connectors.items()
        }
    }


def connected_project(folder: Path, connectors: dict[str, str]) -> Path:
    """Copy the dbt project and add to its maps what the users of extracts have configured."""
    project = copy_project(folder)
    for name, key_columns in MAPS.items():
        path = project / "seeds" / "connectors" / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file))
        by_key = {tuple(row[:key_columns]): row for row in rows}
        for connector, extract in connectors.items():
            for given in rows_of_csv(EXTRACTS / extract / "config" / f"{name}.csv"):
                row = [connector, *(given.get(column, "") for column in header[1:])]
                by_key[tuple(row[:key_columns])] = row
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *by_key.values()])
    return project


def types_of(extract: str) -> dict[tuple[str, str], str]:
    """Return the types of the columns of an extract, by table and column."""
    rows = rows_of_csv(EXTRACTS / extract / "landed_types.csv")
    return {(row["table"], row["column"]): row["type"] for row in rows}


def landed_files(extract: str) -> list[Path]:
    """Return the landed tables of an extract."""
    return sorted((EXTRACTS / extract / "landed").iterdir())


def load_into_duckdb(connection: duckdb.DuckDBPyConnection, extract: str, schema: str) -> None:
    """Load an extract into a schema, with the names and types with which it landed."""
    types = types_of(extract)
    connection.execute(f'create schema if not exists "{schema}"')
    for path in landed_files(extract):
        source = f"read_json({sql_literal(path)}, format = 'newline_delimited')"
        columns = "*"
        if path.suffix == ".csv":
            names = next(csv.reader(path.open(encoding="utf-8", newline="")))
            source = f"read_csv({sql_literal(path)}, header = true, all_varchar = true)"
            columns = ", ".join(
                f'cast(nullif("{name}", \'\') as {kind}) as "{name}"'
                for name in names
                for kind in [_duckdb_type(types, path.stem, name)]
            )
        connection.execute(
            f'create or replace table "{schema}"."{path.stem}" as select {columns} from {source}'
        )


def _duckdb_type(types: dict[tuple[str, str], str], table: str, column: str) -> str:
    declared = types.get((table, column), "text")
    return DUCKDB_TYPES.get(declared, declared)


def load_into_postgres(environment: dict[str, str], extract: str, schema: str) -> None:
    """Load an extract into a schema, with the names and types with which it landed."""
    types = types_of(extract)
    connection = connect_postgres(environment)
    with connection, connection.cursor() as cursor:
        cursor.execute(f'create schema if not exists "{schema}"')
        for path in landed_files(extract):
            rows = (
                rows_of_csv(path)
                if path.suffix == ".csv"
                else [_flat(json.loads(line)) for line in path.read_text("utf-8").splitlines()]
            )
            columns = ", ".join(
                f'"{name}" {types.get((path.stem, name), "text")}' for name in rows[0]
            )
            cursor.execute(f'create table "{schema}"."{path.stem}" ({columns})')
            marks = ", ".join(["%s"] * len(rows[0]))
            for row in rows:
                cursor.execute(
                    f'insert into "{schema}"."{path.stem}" values ({marks})',
                    [value or None for value in row.values()],
                )
    connection.close()


def _flat(record: dict[str, Any]) -> dict[str, str]:
    """A nested record with its lists and records as JSON, as loaders flatten it."""
    return {
        name: json.dumps(value) if isinstance(value, dict | list) else value or ""
        for name, value in record.items()
    }


def differences(connection: Any, relation: str, extract: str) -> list[Difference]:
    """Compare the tables that an extract is expected to give.

    Args:
        connection: Has ``table(sql)``, with column names and rows.
        relation: Name of a relation, with ``{table}`` in place of the table of the contract.
        extract: The extract.
    """
    found = []
    for path in sorted((EXTRACTS / extract / "expected").glob("*.csv")):
        expected: list[Row] = [dict(row) for row in rows_of_csv(path)]
        columns = list(expected[0])
        read = connection.table(f"select * from {relation.format(table=path.stem)}")
        names = [name.lower() for name in read.columns]
        given: list[Row] = [
            {column: dict(zip(names, row, strict=True)).get(column) for column in columns}
            for row in read.rows
        ]
        if path.stem == "leads":
            _follow_merges(expected)
            _follow_merges(given)
        wanted, got = _counted(columns, expected), _counted(columns, given)
        if wanted != got:
            found.append(
                Difference(
                    path.stem,
                    [dict(zip(columns, row, strict=True)) for row in (wanted - got).elements()],
                    [dict(zip(columns, row, strict=True)) for row in (got - wanted).elements()],
                )
            )
    return found


def _counted(columns: list[str], rows: Iterable[Row]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(comparable(column, row[column]) for column in columns) for row in rows)


def _follow_merges(rows: list[Row]) -> None:
    """Replace each pointer of a merge by the end of its chain."""
    pointers = {row["lead_id"]: row.get("merged_into_lead_id") for row in rows}
    for row in rows:
        end, seen = row.get("merged_into_lead_id"), set()
        while end and pointers.get(end) and end not in seen:
            seen.add(end)
            end = pointers[end]
        row["merged_into_lead_id"] = end


def comparable(column: str, value: Any) -> str:
    """Return a cell as it is compared: times in UTC, codes in lower case, numbers as numbers."""
    text = "" if value is None else str(value).strip()
    if not text:
        return ""
    if column.endswith("_at") and len(text) > len("2026-03-01"):
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
        return moment.isoformat(" ")
    if column in NUMBERS:
        return f"{float(text):.2f}"
    if column.startswith("is_") or column == "phone_is_valid":
        return BOOLEANS.get(text.lower(), text.lower())
    return text.lower() if column in CODES else text
