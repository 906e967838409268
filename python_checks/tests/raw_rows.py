"""Raw files for tests of the reference, from rows that say only what matters."""

from __future__ import annotations

import csv
from pathlib import Path

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
