"""Writes predictions into the tables that the views of dbt show."""

from __future__ import annotations

import pandas as pd

from lead_qualification.warehouse import Warehouse

PREDICTIONS, MEASURES = "lead_predictions", "prediction_measures"


def land(warehouse: Warehouse, tables: dict[str, pd.DataFrame]) -> None:
    """Replace the rows of landing tables, all of them or none.

    The tables are never dropped: the views depend on them, and dbt makes them.

    Args:
        warehouse: Where.
        tables: Rows per table, with columns named as there.

    Raises:
        WarehouseError: A table is not there, or the warehouse cannot be written.
    """
    with warehouse.connection(is_read_only=False) as connection, connection.transaction():
        for name, rows in tables.items():
            table = f"{warehouse.predictive}.{name}"
            connection.execute(f"delete from {table}")
            connection.insert(table, rows)
