"""Warehouses that hold nothing but a sync table."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from lead_qualification.crm_sync.sync_tables import Row

COMPUTED_AT = datetime(2026, 7, 1)
LEAD_COLUMNS = {
    "lead_id": "text",
    "lifecycle_stage": "text",
    "lead_stage": "text",
    "lead_score": "integer",
    "lead_grade": "text",
    "recommended_action": "text",
    "action_owner": "text",
    "action_due_at": "timestamp",
    "nurture_track": "text",
    "re_engage_on": "date",
    "sql_handed_off_at": "timestamp",
    "recommended_rep_id": "text",
    "sla_due_at": "timestamp",
    "held_back_by": "text",
    "handoff_context": "text",
    "score_reasons": "text",
}
ACCOUNT_COLUMNS = {
    "account_id": "text",
    "account_score": "integer",
    "account_stage": "text",
    "is_in_market": "boolean",
}
COMMON_COLUMNS = {
    "changed_fields": "text",
    "is_first_sync": "boolean",
    "row_hash": "text",
    "computed_at": "timestamp",
}
STRANGE_TEXT = 'O\'Brien said "yes";\n日本語, 100 % 👍\t<b>&amp;</b>\\'


def lead(number: int, **changes: Any) -> dict[str, Any]:
    """Return the desired values of a lead; every fifth has no optional value."""
    is_bare = number % 5 == 0
    return {
        "lead_id": f"{number:018d}",
        "lifecycle_stage": "marketing_qualified",
        "lead_stage": "mql",
        "lead_score": number % 120 - 10,
        "lead_grade": "ABCDF"[number % 5],
        "recommended_action": None if is_bare else "sales_outreach",
        "action_owner": None if is_bare else "sales",
        "action_due_at": None if is_bare else datetime(2026, 7, 2, 9, 30, number % 60),
        "nurture_track": None if is_bare else "onboarding",
        "re_engage_on": None if is_bare else date(2026, 8, 1) + timedelta(days=number % 28),
        "sql_handed_off_at": None if is_bare else datetime(2026, 6, 30, 23, 59, number % 60),
        "recommended_rep_id": None if is_bare else "R1",
        "sla_due_at": None if is_bare else datetime(2026, 7, 1, 0, 29, number % 60),
        "held_back_by": None if is_bare else "consent, email_not_bounced",
        "handoff_context": None if is_bare else "Handed over by sql_gate; score 78",
        "score_reasons": None if is_bare else STRANGE_TEXT,
        **changes,
    }


def account(number: int, **changes: Any) -> dict[str, Any]:
    """Return the desired values of an account."""
    return {
        "account_id": f"{number:018d}",
        "account_score": number,
        "account_stage": "engaged",
        "is_in_market": number % 2 == 0,
        **changes,
    }


def keyed(*keys: str) -> list[Row]:
    """Return rows that have nothing but a key."""
    return [Row(key, "", COMPUTED_AT, {}, ()) for key in keys]


def row_hash(values: dict[str, Any]) -> str:
    """Return the hash of a row: it changes with any value."""
    return hashlib.md5(repr(sorted(values.items())).encode()).hexdigest()


@dataclass
class Source:
    """A DuckDB file with the sync tables.

    Attributes:
        path: The file.
        rows: Table of the command to the desired values that it holds.
        elsewhere: How many leads only another connector than the CRM's knows.
    """

    path: Path
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    elsewhere: int = 0

    def put(
        self, table: str, rows: list[dict[str, Any]], computed_at: datetime = COMPUTED_AT
    ) -> None:
        """Make a sync table with these desired values, as a build of that as_of does."""
        self.rows[table] = rows
        model = {"leads": "crm_lead_sync", "accounts": "crm_account_sync"}[table]
        values = LEAD_COLUMNS if table == "leads" else ACCOUNT_COLUMNS
        old = {f"crm_{name}": kind for name, kind in values.items() if name in list(values)[1:]}
        columns = {**values, "crm_object": "text", **old, **COMMON_COLUMNS}
        definition = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        changed = "lead_score" if table == "leads" else "account_score"
        cells = [
            [
                *(row[name] for name in values),
                *(row.get(name) for name in ("crm_object", *old)),
                *(changed, False, row_hash(row), computed_at),
            ]
            for row in rows
        ]
        with duckdb.connect(str(self.path)) as connection:
            connection.execute("create schema if not exists main_marts")
            connection.execute(
                "create or replace table main_marts.crm_sync_ledger as "
                "select 'not_in_crm' as outcome, $1::integer as leads where $1 > 0",
                [self.elsewhere],
            )
            connection.execute(f"create or replace table main_marts.{model} ({definition})")
            if cells:
                marks = ", ".join("?" * len(columns))
                connection.execute("begin")
                connection.executemany(f"insert into main_marts.{model} values ({marks})", cells)
                connection.execute("commit")

    def hashes(self, table: str) -> dict[str, str]:
        """Return key to row hash of all rows."""
        return {next(iter(row.values())): row_hash(row) for row in self.rows[table]}

    @property
    def environment(self) -> dict[str, str]:
        """The variable that names the file."""
        return {"LEAD_DB_PATH": os.fspath(self.path)}
