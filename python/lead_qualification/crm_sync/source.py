"""Reads a sync table from the warehouse that dbt built."""

from __future__ import annotations

from lead_qualification.crm_sync.sync_tables import LEADS, Row, SyncTable, rows_of
from lead_qualification.errors import ConfigurationError, WarehouseError
from lead_qualification.warehouse import Warehouse

LEDGER = "crm_sync_ledger"


def read_rows(warehouse: Warehouse, table: SyncTable) -> tuple[list[Row], int]:
    """Return the rows of a sync table, and how many leads the CRM does not have.

    Raises:
        ConfigurationError: The warehouse cannot be read, or lacks the table or a column.
    """
    try:
        rows = rows_of(table, warehouse.table(table.model))
        return rows, _not_in_crm(warehouse) if table is LEADS else 0
    except KeyError as error:
        raise WarehouseError(
            f"{warehouse.name}: {warehouse.marts}.{table.model} has no column {error}",
            "run dbt build",
        ) from None
    except ValueError as error:
        raise ConfigurationError(str(error), "run dbt test") from None


def _not_in_crm(warehouse: Warehouse) -> int:
    """How many leads only another connector than the CRM's knows."""
    ledger = warehouse.table(LEDGER)
    return int(ledger.loc[ledger["outcome"] == "not_in_crm", "leads"].sum())
