"""Policies for tests of the reference: those of the golden cases with further rows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from python_checks.reference import compute
from python_checks.reference.policy import read_columns, read_rows
from python_checks.tests.tables import golden_policy
from python_checks.tests.unit.raw_rows import AS_OF, write_raw_rows
from python_checks.world_policies import write_rows

Rows = list[dict[str, Any]]
HANDED_OVER = {
    "event": "handed_over",
    "event_rank": "7",
    "blocked_by_cooldown": "false",
    "sets_cooldown": "false",
    "is_gate": "false",
    "begun_by_sales": "true",
}
"""The event by which the CRM hands over."""


def signal(name: str, origin: str = "first_party", **flags: str) -> dict[str, str]:
    """A row of signals.csv."""
    usual = dict.fromkeys(("is_engagement", "is_meaningful", "is_high_intent"), "false")
    return {"signal": name, "origin": origin} | usual | flags


def points(name: str, number: int, **values: str) -> dict[str, str]:
    """A row of signal_points.csv, of the model guide."""
    usual = {"scoring_model": "guide", "component": "behaviour", "dedupe_by": "event"}
    return usual | {"signal": name, "points": str(number)} | values


def trigger(name: str, event: str, **values: str) -> dict[str, str]:
    """A row of profile_triggers.csv, of the profile standard."""
    return {"profile": "standard", "event": event, "signal": name} | values


def setting(name: str, value: str) -> dict[str, str]:
    """A row of lifecycle_settings.csv."""
    return {"setting": name, "value": value}


def transition(from_stage: str, event: str, to_stage: str) -> dict[str, str]:
    """A row of stage_transitions.csv."""
    way = {"from_stage": from_stage, "event": event, "to_stage": to_stage}
    return way | {"is_regression": "false"}


class SignalRun:
    """Computes the public tables from rows by raw table and from further rows of the policy.

    Attributes:
        folder: Where the raw files and the policies go.
        usual: Rows by raw table that are there unless a test says otherwise.
    """

    def __init__(self, folder: Path, **usual: Rows) -> None:
        """Begin with the usual rows."""
        self.folder = folder
        self.usual = usual
        self.number = 0

    def __call__(
        self, rules: dict[str, Rows] | None = None, as_of: datetime = AS_OF, **tables: Rows
    ) -> dict[str, Rows]:
        """The public tables; ``rules`` are further rows by policy table, which go first."""
        self.number += 1
        raw = self.folder / f"raw{self.number}"
        raw.mkdir()
        write_raw_rows(raw, self.usual | tables)
        policy = golden_policy(self.folder / f"policy{self.number}")
        for name, rows in (rules or {}).items():
            path = policy / f"{name}.csv"
            known = read_rows(path) if path.exists() else []
            own = read_columns(path) if path.exists() else []
            columns = list(dict.fromkeys([*own, *(c for row in rows for c in row)]))
            write_rows(path, columns, [*rows, *known])
        return compute(raw, policy, as_of)
