"""Reads a sync table from the warehouse that dbt built."""

from __future__ import annotations

import pandas

from lead_qualification.crm_sync.problems import ConfigurationError
from lead_qualification.crm_sync.sync_tables import Row, SyncTable, rows_of
from lead_qualification.warehouse import UnreadableError, Warehouse, remedies


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
        with remedies(f"{warehouse.marts}.{table.model}"):
            return warehouse.table(table.model)
    except UnreadableError as error:
        raise ConfigurationError(str(error)) from None
