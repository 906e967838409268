"""Which rows of the policy tables differ between two builds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

KEYS = {
    "benchmarks": ("benchmark_id",),
    "bot_user_agents": ("pattern",),
    "business_hours": ("calendar", "weekday", "opens"),
    "buying_roles": ("rule_order",),
    "channels": ("lead_source",),
    "countries": ("name",),
    "data_health_limits": ("check_name", "source"),
    "disposition_reasons": ("reason_code",),
    "email_domains": ("email_domain",),
    "fit_rules": ("scoring_model", "criterion", "rule_order"),
    "framework_selection": ("rule_order",),
    "frameworks": ("framework", "criterion"),
    "grade_scale": ("grade",),
    "holidays": ("calendar", "holiday"),
    "lifecycle_events": ("event",),
    "lifecycle_settings": ("setting",),
    "model_assignment": ("rule_order",),
    "mql_targets": ("target_month",),
    "placeholders": ("value",),
    "profile_triggers": ("profile", "event", "signal"),
    "qualification_matrix": ("grade", "score_level"),
    "qualification_profiles": ("profile",),
    "recency_curve": ("scoring_model", "from_day"),
    "response_buckets": ("response_bucket",),
    "routing_rules": ("rule_order",),
    "score_bands": ("scoring_model", "score_band"),
    "scoring_models": ("scoring_model",),
    "shared_mailboxes": ("local_part",),
    "signal_map": ("source", "rule_order"),
    "signal_patterns": ("pattern",),
    "signal_points": ("scoring_model", "signal"),
    "signals": ("signal",),
    "sla_policies": ("rule_order",),
    "stage_timers": ("stage",),
    "stage_transitions": ("from_stage", "event"),
    "stages": ("stage",),
}
"""What names a row of each policy table; a table that is not listed is compared by whole rows."""

Key = tuple[str | None, ...]
Cells = dict[str, str | None]
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class CellChange:
    """A cell that holds another value; none is an empty cell."""

    column: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class PolicyChange:
    """A row of a policy table that differs.

    Attributes:
        table: The policy table.
        row: Its key as text, such as ``scoring_model=guide signal=email_click``.
        kind: ``added``, ``removed`` or ``changed``.
        cells: The cells that differ; of a row of one side only, those that are not empty.
    """

    table: str
    row: str
    kind: str
    cells: tuple[CellChange, ...]


def policy_changes(before: dict[str, Rows], after: dict[str, Rows]) -> list[PolicyChange]:
    """Return the rows that differ, by table and in the order of their keys.

    Args:
        before: The rows of the policy tables of one build by the name of the table.
        after: Those of the other build.
    """
    return [
        change
        for table in sorted({*before, *after})
        for change in table_changes(table, before.get(table, []), after.get(table, []))
    ]


def table_changes(table: str, before: Rows, after: Rows) -> list[PolicyChange]:
    """Return the rows of one policy table that differ."""
    known = KEYS.get(table)
    old, new = rows_by_key(before, known), rows_by_key(after, known)
    changes = []
    for key in sorted({*old, *new}, key=sortable):
        earlier, later = old.get(key, {}), new.get(key, {})
        cells = tuple(
            CellChange(column, earlier.get(column), later.get(column))
            for column in dict.fromkeys([*earlier, *later])
            if earlier.get(column) != later.get(column)
            and not (column in (known or ()) and (key not in old or key not in new))
        )
        kind = "added" if key not in old else "removed" if key not in new else "changed"
        if cells or kind != "changed":
            changes.append(PolicyChange(table, row_text(known, key), kind, cells))
    return changes


def rows_by_key(rows: Rows, key: tuple[str, ...] | None) -> dict[Key, Cells]:
    """Return the rows of a policy table by their key, or by all their cells if it has none."""
    found = {}
    for row in rows:
        cells = {column: as_cell(value) for column, value in row.items()}
        found[tuple(cells.get(column) for column in key or cells)] = cells
    return found


def row_text(columns: tuple[str, ...] | None, key: Key) -> str:
    """Return a key as text; an empty part says so."""
    told = [part if part is not None else "(empty)" for part in key]
    if columns is None:
        return " ".join(told)
    return " ".join(f"{column}={part}" for column, part in zip(columns, told, strict=True))


def as_cell(value: object) -> str | None:
    """Return a value as it stands in the CSV, the same from every engine; none if it is empty."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, Decimal)):
        return f"{Decimal(value).normalize():f}"
    return str(value)


def sortable(key: Key) -> list[tuple[int, Decimal, str]]:
    """Return a key by which rows sort: empty parts, then numbers, then texts."""
    parts = []
    for part in key:
        if part is None:
            parts.append((0, Decimal(0), ""))
        elif part.lstrip("-").replace(".", "", 1).isdecimal():
            parts.append((1, Decimal(part), ""))
        else:
            parts.append((2, Decimal(0), part))
    return parts
