"""On DuckDB a table or view is replaced in one statement: whole, or not at all."""

from __future__ import annotations

import duckdb

from lead_qualification.warehouse import Warehouse
from python_checks.dbt_process import Command, DbtProcess

KINDS = "select table_type from information_schema.tables where table_schema = ? and table_name = ?"


def rows_of(build: Warehouse, table: str) -> list[tuple[object, ...]]:
    """The rows of a public table, in an order of their own."""
    with build.connection() as connection:
        return list(connection.table(f"select * from main_marts.{table} order by all").rows)


def run(build: Warehouse, dbt: DbtProcess, *models: str) -> bool:
    command = Command("run", "duckdb", build.environment, arguments=("--select", *models))
    return dbt.run(command).is_success


def test_a_table_where_a_view_stands_and_a_view_where_a_table_stands(
    demo_copy: Warehouse, dbt: DbtProcess
) -> None:
    """As after an upgrade in which a model is kept in the other way."""
    rows = rows_of(demo_copy, "regressions")
    path = demo_copy.environment["LEAD_DB_PATH"]
    with duckdb.connect(path) as connection:
        connection.execute("drop table main_marts.regressions")
        connection.execute("create view main_marts.regressions as select 1 as wrong")
        connection.execute("drop view main_intermediate.int_all_events")
        connection.execute("create table main_intermediate.int_all_events as select 1 as wrong")
    assert run(demo_copy, dbt, "regressions", "int_all_events")
    assert rows
    assert rows_of(demo_copy, "regressions") == rows
    with duckdb.connect(path) as connection:
        for schema, name, kind in (
            ("main_marts", "regressions", "BASE TABLE"),
            ("main_intermediate", "int_all_events", "VIEW"),
        ):
            assert connection.execute(KINDS, [schema, name]).fetchall() == [(kind,)]


def test_a_model_that_fails_leaves_the_table_as_it_was(
    demo_copy: Warehouse, dbt: DbtProcess
) -> None:
    """Though by then an empty one has been put in its place: its rows are what fails."""
    rows = rows_of(demo_copy, "crm_lead_sync")
    with duckdb.connect(demo_copy.environment["LEAD_DB_PATH"]) as connection:
        connection.execute("update main_marts.lead_scores set adjusted_score = 10000000000000")
    assert rows
    assert not run(demo_copy, dbt, "crm_lead_sync")
    assert rows_of(demo_copy, "crm_lead_sync") == rows
