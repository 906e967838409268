"""Quarantine: which rows and values could not be used, and what of them may be kept?"""

from __future__ import annotations

import json
from typing import Any

from python_checks.reference.identity import Identity
from python_checks.reference.options import Options
from python_checks.reference.outcomes import OF_NOBODY, owner_of
from python_checks.reference.raw import TABLES, Raw, RawRow, personal_columns, times_of

Rows = list[dict[str, Any]]


def quarantined_records(raw: Raw, identity: Identity, options: Options) -> Rows:
    """Rows that cannot be used, and rows with a value that is unknown or was replaced.

    A row that cannot be used is there once, with the first reason; otherwise each fault is. A row
    of an erased record is not among them, whatever became of it.
    """
    return [
        {
            "source": source,
            "record_id": row.record_id,
            "reason": fault.reason,
            "is_row_unusable": row.outcome == "unusable",
            "offending_columns": ", ".join(offending_columns(row)),
            "raw_row": json.dumps(kept_cells(row, options), ensure_ascii=False),
        }
        for source, rows in raw.rows.items()
        for row in rows
        if is_quarantined(row, identity)
        for fault in ([row.unusable] if row.unusable is not None else row.faults)
    ]


def is_quarantined(row: RawRow, identity: Identity) -> bool:
    """Whether a row has a fault and is not that of somebody who was erased."""
    if row.unusable is None and not row.faults:
        return False
    if row.outcome in ("switched_off", "erased"):
        return False
    return row.source in OF_NOBODY or not owner_of(row, identity).is_erased


def offending_columns(row: RawRow) -> list[str]:
    """The columns that show what is wrong, in the order of the table."""
    faults = [*([row.unusable] if row.unusable else []), *row.faults]
    found = {column for fault in faults for column in fault.columns}
    return [name for name in TABLES[row.source].names if name in found]


def kept_cells(row: RawRow, options: Options) -> dict[str, str | None]:
    """The key, the times and the offending cells, none of them personal; or the whole row."""
    if options.quarantine_whole_rows:
        return row.cells
    wanted = {*TABLES[row.source].key, *times_of(row.source), *offending_columns(row)}
    shown = wanted - personal_columns(row.source)
    return {name: text for name, text in row.cells.items() if name in shown}
