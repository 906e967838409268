"""The golden cases: dbt gives every expected row, on DuckDB and on PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from python_checks.compare import compare_tables
from python_checks.tests.conftest import PostgresBuild
from python_checks.tests.support import KEYS, Builds, shown
from python_checks.warehouse import Warehouse

AS_OF = {"tour": datetime(2026, 8, 1), "mixed": datetime(2026, 9, 30)}
TABLES = [
    "lead_score_history",
    "lead_scores",
    "lead_stage_history",
    "lead_stages",
    "channel_conversion",
]


@pytest.fixture(scope="module", params=[(e, c) for e in ("duckdb", "postgres") for c in AS_OF])
def built(
    request: pytest.FixtureRequest, shared: Path, builds: Builds
) -> tuple[Path, Warehouse]:
    """The expected rows of a case, and its tables as built on one engine."""
    engine, case = request.param
    folder = shared / "golden" / case
    if engine == "duckdb":
        return folder / "expected", builds.build(folder / "raw", AS_OF[case])
    build_postgres: PostgresBuild = request.getfixturevalue("build_postgres")
    warehouse = build_postgres(folder / "raw", f"golden_{case}", AS_OF[case])
    return folder / "expected", warehouse


@pytest.mark.parametrize("table", TABLES)
def test_table_equals_golden(built: tuple[Path, Warehouse], table: str) -> None:
    """No row is missing or too many, no cell of the expected columns differs."""
    expected_folder, warehouse = built
    expected = pd.read_csv(expected_folder / f"{table}.csv", dtype=str, keep_default_na=False)
    assert len(expected) > 0
    lines = compare_tables(expected, warehouse.table(table), KEYS[table])
    assert not lines, shown(lines)
