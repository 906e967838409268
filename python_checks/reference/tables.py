"""Files: how do the computed rows become CSVs?"""

from __future__ import annotations

import csv
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any


def write_tables(tables: dict[str, list[dict[str, Any]]], folder: Path) -> None:
    """Write each table as ``<table>.csv``; a table without rows becomes an empty file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            if not rows:
                continue
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(rows[0])
            writer.writerows([as_text(value) for value in row.values()] for row in rows)


def as_text(value: Any) -> str:
    """A value as CSV text: null empty, booleans lower case, decimals at four places."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:.4f}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return str(value)
