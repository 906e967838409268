"""The two sync tables of the warehouse, and their rows as typed values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pandas

Value = str | int | bool | date | datetime | None


@dataclass(frozen=True)
class SyncTable:
    """A sync table.

    Attributes:
        name: How the command calls it.
        model: Name of the table in the marts schema.
        key: Column with the CRM's own id.
        values: Columns that are written to the CRM, with their type.
    """

    name: str
    model: str
    key: str
    values: dict[str, type]


LEADS = SyncTable(
    name="leads",
    model="crm_lead_sync",
    key="lead_id",
    values={
        "lifecycle_stage": str,
        "lead_stage": str,
        "lead_score": int,
        "lead_grade": str,
        "recommended_action": str,
        "action_owner": str,
        "action_due_at": datetime,
        "nurture_track": str,
        "re_engage_on": date,
        "sql_handed_off_at": datetime,
        "recommended_rep_id": str,
        "sla_due_at": datetime,
        "held_back_by": str,
        "handoff_context": str,
        "score_reasons": str,
    },
)
ACCOUNTS = SyncTable(
    name="accounts",
    model="crm_account_sync",
    key="account_id",
    values={"account_score": int, "account_stage": str, "is_in_market": bool},
)
SYNC_TABLES = {table.name: table for table in (LEADS, ACCOUNTS)}


@dataclass(frozen=True)
class Row:
    """What one lead or account should look like in the CRM.

    Attributes:
        key: The CRM's own id.
        row_hash: Changes when the key or any value changes; stored in the CRM with the values.
        computed_at: as_of of the build that found the difference, UTC.
        values: Our column to the desired value.
        changed: Which columns differ from the CRM, for people to read.
        before: Our column to the value that the CRM had in the last extract.
        crm_object: What the extract calls the record, if it says so.
        kind: Which of the CRM's objects it is, where a sync table goes to several.
    """

    key: str
    row_hash: str
    computed_at: datetime
    values: dict[str, Value]
    changed: tuple[str, ...]
    before: dict[str, Value] = field(default_factory=dict)
    crm_object: str | None = None
    kind: str = ""

    @property
    def version(self) -> str:
        """What is sent: the same values found missing by a later build are to be sent again."""
        return f"{self.row_hash} {self.computed_at.isoformat()}"


READERS: dict[type, Callable[[Any], Value]] = {
    str: str,
    int: int,
    bool: bool,
    date: lambda cell: pandas.Timestamp(cell).date(),
    datetime: lambda cell: pandas.Timestamp(cell).to_pydatetime(warn=False),
}


def typed(cell: Any, kind: type) -> Value:
    """Return a cell of a frame as a plain value of that type; missing becomes None."""
    return None if pandas.isna(cell) else READERS[kind](cell)


def rows_of(table: SyncTable, frame: pandas.DataFrame) -> list[Row]:
    """Return the rows of a sync table as typed values, in the order of their keys.

    Raises:
        KeyError: The frame lacks a column.
        ValueError: A key or hash is missing, or a key exists twice.
    """
    keys = frame[table.key]
    if keys.isna().any() or frame["row_hash"].isna().any():
        raise ValueError(f"{table.model}: {table.key} or row_hash is empty in a row")
    if keys.duplicated().any():
        raise ValueError(f"{table.model}: {table.key} {keys[keys.duplicated()].iloc[0]} is twice")
    columns, before = (
        {
            name: [typed(cell, kind) for cell in frame[prefix + name]]
            for name, kind in table.values.items()
        }
        for prefix in ("", "crm_")
    )
    objects = frame["crm_object"] if table is LEADS else [None] * len(frame)
    rows = [
        Row(
            key=str(key),
            row_hash=str(row_hash),
            computed_at=READERS[datetime](computed_at),
            values={name: cells[position] for name, cells in columns.items()},
            changed=tuple(table.values) if changed == "all" else tuple(changed.split(", ")),
            before={name: cells[position] for name, cells in before.items()},
            crm_object=typed(crm_object, str),
        )
        for position, (key, row_hash, computed_at, changed, crm_object) in enumerate(
            zip(
                keys,
                frame["row_hash"],
                frame["computed_at"],
                frame["changed_fields"],
                objects,
                strict=True,
            )
        )
    ]
    return sorted(rows, key=lambda row: row.key)
