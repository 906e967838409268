"""Raw files for tests of the reference, from rows that say only what matters."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from python_checks.reference import compute
from python_checks.tests.tables import POLICY

AS_OF = datetime(2026, 8, 1)
Rows = list[dict[str, Any]]
Run = Callable[..., dict[str, Rows]]

KEYS = {
    "web_events": "event_id",
    "email_events": "event_id",
    "marketing_activities": "activity_id",
    "product_events": "event_id",
    "intent_signals": "signal_id",
    "sales_activities": "activity_id",
    "lead_status_changes": "change_id",
    "qualification_answers": "answer_id",
    "opportunities": "opportunity_id",
}
"""The tables whose rows are numbered where they bring no key of their own."""


def write_raw_rows(folder: Path, tables: dict[str, list[dict[str, str]]]) -> None:
    """Write each table as a CSV with the columns that any of its rows has."""
    for name, rows in tables.items():
        if name in KEYS:
            rows = [{KEYS[name]: f"{name}-{number:02d}"} | row for number, row in enumerate(rows)]
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)


def computing(folder: Path, **usual: Rows) -> Run:
    """Return what computes the public tables from rows by raw table, and otherwise usual ones."""

    def compute_rows(as_of: datetime = AS_OF, **tables: Rows) -> dict[str, Rows]:
        write_raw_rows(folder, usual | tables)
        return compute(folder, POLICY, as_of)

    return compute_rows
