"""Spark: golden cases give every expected row, and one has all public tables as DuckDB has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from lead_qualification.warehouse import Warehouse, duckdb_warehouse
from python_checks.building import build, copy_project, spark_warehouse
from python_checks.tests.builds import DATA_ONLY, files_of_dbt
from python_checks.tests.tables import (
    DATED_AS_OF,
    GOLDEN,
    GOLDEN_AS_OF,
    KEYS,
    WRITTEN_BY_COMMAND,
    check_golden,
    differences,
    public_tables,
    rows_of_one_side,
    shown,
    use_dated_policy,
    use_golden_policy,
)

pytestmark = pytest.mark.nightly

CASE = "tour"
GOLDEN_TABLES = (
    "lead_score_history",
    "lead_scores",
    "lead_stage_history",
    "lead_stages",
    "channel_conversion",
)
DATED_TABLES = (*GOLDEN_TABLES, "handoffs", "lead_attribute_history", "policy_versions")
COMPARED_TO_THE_DIGIT = (
    "lead_score_contributions",
    "data_health",
    "quarantined_records",
    "source_freshness",
    "time_spine",
    "unmapped_values",
)


@dataclass(frozen=True)
class Engines:
    """The golden case, built on two engines."""

    spark: Warehouse
    duckdb: Warehouse


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Engines:
    """The golden case on both engines."""
    folder = tmp_path_factory.mktemp("spark")
    project = copy_project(folder / "project")
    use_golden_policy(project)
    found = Engines(
        spark=spark_warehouse(folder / "warehouse"),
        duckdb=duckdb_warehouse(folder / "case.duckdb"),
    )
    for warehouse in (found.spark, found.duckdb):
        build_case(warehouse, CASE, GOLDEN_AS_OF[CASE], project, folder)
    return found


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The golden case whose rules have dates, on Spark."""
    folder = tmp_path_factory.mktemp("dated")
    project = copy_project(folder / "project")
    use_dated_policy(project)
    warehouse = spark_warehouse(folder / "warehouse")
    build_case(warehouse, "dated", DATED_AS_OF, project, folder)
    return warehouse


def build_case(
    warehouse: Warehouse, case: str, as_of: datetime, project: Path, folder: Path
) -> None:
    """Build the raw rows of a golden case; dbt writes its own files into the folder."""
    build(
        warehouse,
        raw=GOLDEN / case / "raw",
        as_of=as_of,
        project=project,
        arguments=(*DATA_ONLY, *files_of_dbt(folder / warehouse.target)),
    )


@pytest.mark.parametrize("table", GOLDEN_TABLES)
def test_table_equals_golden(engines: Engines, table: str) -> None:
    """No row is missing or too many, no cell of the expected columns differs."""
    check_golden(GOLDEN / CASE / "expected" / f"{table}.csv", engines.spark)


@pytest.mark.parametrize("table", DATED_TABLES)
def test_table_equals_dated_golden(dated: Warehouse, table: str) -> None:
    """The same with rules that have dates and attributes that have a history."""
    check_golden(GOLDEN / "dated" / "expected" / f"{table}.csv", dated)


@pytest.mark.parametrize("table", KEYS)
def test_table_equals_that_of_duckdb(engines: Engines, table: str) -> None:
    """All rows and columns, rates to nine places."""
    expected = engines.duckdb.table(table).to_dict("records")
    lines = differences(table, expected, engines.spark.table(table))
    assert not lines, shown(lines)


@pytest.mark.parametrize("table", COMPARED_TO_THE_DIGIT)
def test_rows_are_those_of_duckdb(engines: Engines, table: str) -> None:
    """Tables in which rows may repeat, or that the reference does not know: to the digit."""
    missing, extra = rows_of_one_side(table, engines.duckdb, engines.spark)
    assert missing.empty, missing.to_string()
    assert extra.empty, extra.to_string()


def test_every_table_is_compared(engines: Engines) -> None:
    """A new public table needs a key in KEYS, or its name in COMPARED_TO_THE_DIGIT."""
    tables = set(public_tables(engines.duckdb))
    assert tables == {*KEYS, *COMPARED_TO_THE_DIGIT, *WRITTEN_BY_COMMAND}


def test_tables_and_columns_are_those_of_duckdb(engines: Engines) -> None:
    """Every public table is there, with its columns in their order."""
    tables = [table for table in public_tables(engines.duckdb) if table not in WRITTEN_BY_COMMAND]
    assert public_tables(engines.spark) == tables
    for table in tables:
        columns = list(engines.duckdb.table(table).columns)
        assert list(engines.spark.table(table).columns) == columns, table
