"""Writes predictions into the tables that the views of dbt show."""

from __future__ import annotations

import duckdb
import pandas as pd
import psycopg2.extras
import pyarrow

from lead_qualification.predictive_score.problems import ConfigurationError
from lead_qualification.warehouse import UnreadableError, Warehouse, connect_postgres, remedies

PREDICTIONS, MEASURES = "lead_predictions", "prediction_measures"


def land(warehouse: Warehouse, tables: dict[str, pd.DataFrame]) -> None:
    """Replace the rows of landing tables, all of them or none.

    The tables are never dropped: the views depend on them, and dbt makes them.

    Args:
        warehouse: Where.
        tables: Rows per table, with columns named as there.

    Raises:
        ConfigurationError: A table is not there, or the warehouse cannot be written.
    """
    write = _into_duckdb if warehouse.target == "duckdb" else _into_postgres
    try:
        with remedies(f"{warehouse.predictive}.{' or '.join(tables)}"):
            write(warehouse, tables)
    except UnreadableError as error:
        raise ConfigurationError(str(error)) from None


def _into_duckdb(warehouse: Warehouse, tables: dict[str, pd.DataFrame]) -> None:
    """Write in one transaction."""
    with duckdb.connect(warehouse.environment["LEAD_DB_PATH"]) as connection:
        connection.execute("begin")
        for name, rows in tables.items():
            table = f"{warehouse.predictive}.{name}"
            connection.execute(f"delete from {table}")
            connection.register("new_rows", pyarrow.Table.from_pandas(rows, preserve_index=False))
            connection.execute(f"insert into {table} by name select * from new_rows")
            connection.unregister("new_rows")
        connection.execute("commit")


def _into_postgres(warehouse: Warehouse, tables: dict[str, pd.DataFrame]) -> None:
    """Write in one transaction."""
    connection = connect_postgres(warehouse.environment)
    try:
        with connection, connection.cursor() as cursor:
            for name, rows in tables.items():
                table = f'"{warehouse.predictive}".{name}'
                cursor.execute(f"delete from {table}")
                values = rows.astype(object).where(rows.notna(), None)
                psycopg2.extras.execute_values(
                    cursor,
                    f"insert into {table} ({', '.join(rows.columns)}) values %s",
                    values.itertuples(index=False, name=None),
                    page_size=1000,
                )
    finally:
        connection.close()
