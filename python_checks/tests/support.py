"""What the tests share: data-only builds, raw folders by hand, and the public tables by key."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from python_checks.compare import compare_tables, normal
from python_checks.reference import compute
from python_checks.warehouse import (
    PROJECT,
    Warehouse,
    build,
    duckdb_warehouse,
    load_into_postgres,
    postgres_warehouse,
)
from python_checks.worlds import COLUMNS

POLICY = PROJECT / "seeds" / "policy"
DATA_ONLY = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
RATE_TOLERANCE = Decimal("1e-9")

KEYS = {
    "lead_score_history": ["lead_id", "scoring_model", "valid_from"],
    "lead_scores": ["lead_id", "scoring_model"],
    "lead_stage_history": ["lead_id", "stage_number"],
    "lead_stages": ["lead_id"],
    "channel_conversion": ["channel"],
    "funnel_conversion": ["dimension", "member", "cohort_month"],
    "benchmark_comparison": ["benchmark_id"],
    "excluded_events": ["source", "reason"],
}
"""The grain of the public tables that the reference calculates too."""

NOT_IN_REFERENCE = {
    "lead_scores": {"top_contributions"},
    "lead_stages": {"as_of"},
    "channel_conversion": {"as_of"},
    "funnel_conversion": {"as_of"},
    "benchmark_comparison": {"as_of"},
    "excluded_events": {"as_of"},
}
"""Columns of the public tables that only dbt builds; all others are compared."""

Raw = dict[str, list[dict[str, str]]]
Rows = list[dict[str, Any]]


class Builds:
    """Builds of one project into DuckDB files, without tests.

    dbt sees the same database path, raw path and target folder every time, so that it parses
    anew only what changed since the build before; the finished file is then put aside.
    """

    def __init__(self, folder: Path, project: Path = PROJECT) -> None:
        self.folder = folder
        self.project = project
        self.number = 0
        folder.mkdir(parents=True, exist_ok=True)

    def build(
        self,
        raw: Path | None,
        as_of: datetime | str | None,
        variables: dict[str, object] | None = None,
        *,
        times: int = 1,
    ) -> Warehouse:
        """Build all tables from a folder of raw files; none: the embedded demo.

        Raises:
            BuildError: dbt ended with an error.
        """
        path = self.folder / "building.duckdb"
        path.unlink(missing_ok=True)
        link = self.folder / "raw"
        link.unlink(missing_ok=True)
        if raw is not None:
            link.symlink_to(raw, target_is_directory=True)
        for _ in range(times):
            build(
                duckdb_warehouse(path),
                raw=link if raw is not None else None,
                as_of=as_of,
                variables=variables,
                project=self.project,
                arguments=DATA_ONLY,
            )
        self.number += 1
        done = self.folder / f"{self.number}.duckdb"
        shutil.move(path, done)
        return duckdb_warehouse(done)


def build_in_postgres(
    server: dict[str, str], raw: Path, schema: str, as_of: datetime, target: Path
) -> Warehouse:
    """Load raw files into a PostgreSQL server and build all tables there, without tests.

    Args:
        server: The variables by which profiles.yml finds the server.
        raw: Folder of raw files.
        schema: What the names of the schemas begin with.
        as_of: The clock of the build.
        target: Folder for what dbt writes beside the tables.
    """
    load_into_postgres(raw, server, f"{schema}_raw")
    warehouse = postgres_warehouse(server, schema)
    where = ("--target-path", str(target), "--log-path", str(target))
    build(warehouse, raw_schema=f"{schema}_raw", as_of=as_of, arguments=(*DATA_ONLY, *where))
    return warehouse


def write_raw(folder: Path, tables: Raw, leave_out: Iterable[str] = ()) -> Path:
    """Write rows as the fourteen raw CSVs; columns that a row does not give stay empty.

    Raises:
        ValueError: A row has a column that the raw contract does not have.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for table, columns in COLUMNS.items():
        if table in leave_out:
            continue
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns.split(), restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(tables.get(table, []))
    return folder


def differences(table: str, expected: Rows, actual: pd.DataFrame) -> list[str]:
    """Lines that say where a public table differs from the reference, in every shared column.

    Rates agree to 1e-9, other decimals to four places, everything else exactly.
    """
    keys = KEYS[table]
    columns = list(expected[0]) if expected else list(actual.columns)
    unknown = set(actual.columns) ^ set(columns) ^ NOT_IN_REFERENCE.get(table, set())
    if unknown:
        return [f"{table}: columns of one side only: {', '.join(sorted(unknown))}"]
    rates = [column for column in columns if is_rate(table, column)]
    exact = [column for column in columns if column not in rates]
    lines = compare_tables(expected, actual, keys, exact)
    lines += _rate_differences(expected, actual, keys, rates)
    return [f"{table}: {line}" for line in lines]


def is_rate(table: str, column: str) -> bool:
    """Whether a column is a rate or a bound of its interval."""
    if table == "benchmark_comparison":
        return column in ("actual", "actual_low", "actual_high")
    return column.endswith(("_rate", "_low", "_high"))


def _rate_differences(
    expected: Rows, actual: pd.DataFrame, keys: list[str], columns: list[str]
) -> list[str]:
    """Rates that differ by more than the tolerance; rows of one side only are left out."""
    found = {tuple(normal(row[key]) for key in keys): row for row in actual.to_dict("records")}
    lines = []
    for row in expected:
        key = tuple(normal(row[name]) for name in keys)
        for column in columns if key in found else []:
            wanted, is_now = normal(row[column]), normal(found[key][column])
            same = wanted == is_now
            if isinstance(wanted, Decimal) and isinstance(is_now, Decimal):
                same = abs(wanted - is_now) <= RATE_TOLERANCE
            if not same:
                lines.append(f"{key}: {column} expected {wanted}, is {is_now}")
    return lines


def quarantine_differences(expected: Rows, actual: pd.DataFrame) -> list[str]:
    """Quarantined rows and values of one side only: source, id, whether the row was lost, why."""
    columns = ["source", "record_id", "is_row_unusable", "reason"]

    def counted(rows: Iterable[dict[str, Any]]) -> Counter[tuple[Any, ...]]:
        return Counter(tuple(normal(row[column]) for column in columns) for row in rows)

    wanted, found = counted(expected), counted(actual.to_dict("records"))
    lines = [f"quarantined_records: row missing: {row}" for row in (wanted - found).elements()]
    return lines + [f"quarantined_records: row extra: {row}" for row in (found - wanted).elements()]


def all_differences(reference: dict[str, Rows], warehouse: Warehouse) -> dict[str, list[str]]:
    """Where each public table of a build differs from the reference; tables that agree too."""
    found = {
        table: differences(table, reference[table], warehouse.table(table)) for table in KEYS
    }
    quarantined = warehouse.table("quarantined_records")
    found["quarantined_records"] = quarantine_differences(
        reference["quarantined_records"], quarantined
    )
    return found


def reference_of(
    raw: Path, as_of: datetime, policy: Path = POLICY, **variables: object
) -> dict[str, Rows]:
    """The public tables by the reference."""
    return compute(raw, policy, as_of, variables)


def shown(lines: list[str], most: int = 20) -> str:
    """The first lines, and how many there are."""
    return "\n".join([f"{len(lines)} differences", *lines[:most]])
