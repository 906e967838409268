"""Reads a sync table from the warehouse that dbt built."""

from __future__ import annotations

import os

import duckdb
import pandas
import psycopg2

from crm_sync.problems import ConfigurationError
from crm_sync.sync_tables import Row, SyncTable, rows_of
from python_checks.warehouse import PROJECT, Warehouse, postgres_warehouse

DUCKDB_FILE = "LEAD_DB_PATH"
POSTGRES_VARIABLES = (
    "LEAD_PG_HOST",
    "LEAD_PG_PORT",
    "LEAD_PG_USER",
    "LEAD_PG_PASSWORD",
    "LEAD_PG_DATABASE",
    "LEAD_PG_SCHEMA",
)
USUAL_SCHEMA = "lead_qualification"


def warehouse_of(target: str) -> Warehouse:
    """Return the warehouse of a dbt target, with the variables and defaults of profiles.yml."""
    if target == "duckdb":
        path = os.environ.get(DUCKDB_FILE) or str(PROJECT / "lead_qualification.duckdb")
        return Warehouse(target="duckdb", environment={DUCKDB_FILE: path})
    given = {name: os.environ[name] for name in POSTGRES_VARIABLES if os.environ.get(name)}
    return postgres_warehouse(given, given.get("LEAD_PG_SCHEMA", USUAL_SCHEMA))


def read_rows(warehouse: Warehouse, table: SyncTable) -> list[Row]:
    """Return the rows of a sync table.

    Raises:
        ConfigurationError: The warehouse cannot be read, or lacks the table or a column.
    """
    try:
        return rows_of(table, _frame(warehouse, table))
    except KeyError as error:
        raise ConfigurationError(
            f"{warehouse.marts}.{table.model} has no column {error}; run dbt build"
        ) from None
    except ValueError as error:
        raise ConfigurationError(f"{error}; run dbt test") from None


def _frame(warehouse: Warehouse, table: SyncTable) -> pandas.DataFrame:
    """The sync table as it is, or a ConfigurationError that says why not."""
    try:
        return warehouse.table(table.model)
    except (duckdb.CatalogException, psycopg2.errors.UndefinedTable):
        raise ConfigurationError(
            f"there is no table {warehouse.marts}.{table.model}; run dbt build first"
        ) from None
    except duckdb.IOException as error:
        if "lock" in str(error):
            raise ConfigurationError(
                "another process has the DuckDB file open; end it (a dbt build, a notebook, "
                "a shell), then run again"
            ) from None
        raise ConfigurationError(
            f"the DuckDB file cannot be read; run dbt build first, or set {DUCKDB_FILE}"
        ) from None
    except psycopg2.OperationalError:
        raise ConfigurationError(
            f"cannot connect to the warehouse; set {', '.join(POSTGRES_VARIABLES)} as for dbt"
        ) from None
