"""Policy folders for tests of the reference, with further rows of motions."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from python_checks.reference import compute
from python_checks.reference.policy import read_columns, read_rows
from python_checks.tests.tables import GOLDEN, POLICY
from python_checks.tests.unit.dated_rules import Edit, Rows
from python_checks.tests.unit.raw_rows import write_raw_rows
from python_checks.world_policies import write_edited_policy

NEW_COLUMNS = {
    "model_assignment": (
        *("track", "channel", "lead_source", "company_segment", "is_target_account", "industry"),
        *("country", "has_product_use", "has_inbound_interest"),
    ),
    "sla_policies": ("profile", "to_owner"),
    "qualification_matrix": ("profile",),
    "signals": ("is_inbound_interest",),
}
"""Columns that the rows of these tests use, should the policy not have them."""
USUAL_OWNERS = GOLDEN / "policy" / "stage_owners.csv"
"""Marketing has a lead up to mql and pql, sales from sql on, nobody one that is disqualified."""

SOON = datetime(2026, 3, 9)
"""The usual clock: before any timer."""


def rows_of(policy: Path, table: str) -> Rows:
    """The rows of a policy table with every column that these tests know."""
    usual: dict[str, Any] = dict.fromkeys(NEW_COLUMNS.get(table, ()))
    return [usual | row for row in read_rows(policy / f"{table}.csv")]


def write_policy(folder: Path, table: str, rows: Rows) -> None:
    """Replace the rows of a policy table."""
    path = folder / f"{table}.csv"
    columns = dict.fromkeys([*read_columns(path), *NEW_COLUMNS.get(table, ())])
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(columns), restval="")
        writer.writeheader()
        writer.writerows(rows)


def assigned(scoring_model: str, profile: str, order: int = 1, **conditions: str) -> dict[str, str]:
    """A row of model_assignment.csv."""
    return {
        "rule_order": str(order),
        "scoring_model": scoring_model,
        "profile": profile,
    } | conditions


class MotionRun:
    """Computes the public tables from rows by raw table, and from rows of policy by table.

    Rows of model_assignment take the place of those of the project, with guide and standard for
    whom they do not match; those of other tables are added.
    """

    def __init__(self, folder: Path, **usual: Rows) -> None:
        """Begin with the usual raw rows."""
        self.folder = folder
        self.usual = usual
        self.number = 0

    def __call__(
        self,
        *edits: Edit,
        policy: dict[str, Rows] | None = None,
        change: Callable[[Path], None] | None = None,
        as_of: datetime = SOON,
        **tables: Rows,
    ) -> dict[str, Rows]:
        """The public tables; ``policy`` are the further rows, ``change`` edits the folder."""
        self.number += 1
        raw, source, dated = (
            self.folder / f"{name}{self.number}" for name in ("raw", "policy", "dated")
        )
        raw.mkdir()
        write_raw_rows(raw, self.usual | tables)
        shutil.copytree(POLICY, source)
        shutil.copy(USUAL_OWNERS, source)
        for table, added in (policy or {}).items():
            kept = rows_of(source, table)
            if table == "model_assignment":
                kept = [assigned("guide", "standard", 99)]
            write_policy(source, table, [*kept, *added])
        if change is not None:
            change(source)
        write_edited_policy(
            dated, source, [(datetime.fromisoformat(at), edit) for at, edit in edits]
        )
        return compute(raw, dated, as_of)
