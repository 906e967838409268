"""Reads a sync table from the warehouse that dbt built."""

from __future__ import annotations

from lead_qualification.crm_sync.sync_tables import Row, SyncTable, rows_of
from lead_qualification.errors import ConfigurationError, WarehouseError
from lead_qualification.warehouse import Warehouse


def read_rows(warehouse: Warehouse, table: SyncTable) -> list[Row]:
    """Return the rows of a sync table.

    Raises:
        ConfigurationError: The warehouse cannot be read, or lacks the table or a column.
    """
    try:
        return rows_of(table, warehouse.table(table.model))
    except KeyError as error:
        raise WarehouseError(
            f"{warehouse.name}: {warehouse.marts}.{table.model} has no column {error}",
            "run dbt build",
        ) from None
    except ValueError as error:
        raise ConfigurationError(str(error), "run dbt test") from None
