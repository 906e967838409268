"""The golden cases: dbt gives every expected row, on DuckDB and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime

import pandas as pd
import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.compare import compare_tables
from python_checks.tests.builds import Builds, PostgresBuilds
from python_checks.tests.tables import GOLDEN, KEYS, shown

AS_OF = {"tour": datetime(2026, 8, 1), "mixed": datetime(2026, 9, 30)}
TABLES = [
    "lead_score_history",
    "lead_scores",
    "lead_stage_history",
    "lead_stages",
    "channel_conversion",
]


ENGINES = ("duckdb", "postgres")


@pytest.fixture(scope="module")
def submitted(
    builds: Builds, postgres_builds: PostgresBuilds
) -> dict[tuple[str, str], Future[Warehouse]]:
    """The builds of both cases on both engines, side by side."""
    raw = {case: GOLDEN / case / "raw" for case in AS_OF}
    return {
        (engine, case): (
            builds.submit(raw[case], AS_OF[case])
            if engine == "duckdb"
            else postgres_builds.submit(raw[case], f"golden_{case}", AS_OF[case])
        )
        for case in AS_OF
        for engine in ENGINES
    }


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("case", AS_OF)
@pytest.mark.parametrize("engine", ENGINES)
def test_table_equals_golden(
    submitted: dict[tuple[str, str], Future[Warehouse]],
    engine: str,
    case: str,
    table: str,
) -> None:
    """No row is missing or too many, no cell of the expected columns differs."""
    path = GOLDEN / case / "expected" / f"{table}.csv"
    expected = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert len(expected) > 0
    actual = submitted[engine, case].result().table(table)
    lines = compare_tables(expected, actual, KEYS[table])
    assert not lines, shown(lines)
