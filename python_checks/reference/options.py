"""Options: the numbers and switches of a build, under the names of its vars."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

SWITCH = "has_"
TABLE = "table"
"""The attribute_history that reads the raw table; a snapshot is kept by builds, not here."""


@dataclass(frozen=True)
class Options:
    """The vars of a build, with the defaults of the specification."""

    scanner_seconds: Decimal = Decimal(5)
    burst_clicks: int = 5
    burst_seconds: Decimal = Decimal(10)
    human_reply_seconds: Decimal = Decimal(30)
    double_submit_seconds: Decimal = Decimal(60)
    expected_amount: Decimal = Decimal(15000)
    earliest_plausible: datetime = datetime(2000, 1, 1)
    future_clock_hours: Decimal = Decimal(24)
    source_time_zone: dict[str, str] = field(default_factory=dict)
    quarantine_whole_rows: bool = False
    attribute_history: str = "table"
    policy_in_force: str = "dated"
    reporting_time_zone: str = "UTC"
    primary_benchmark: str = "guide"
    explained_days: int = 30
    allow_undated_attributes: bool = False
    switched_off: frozenset[str] = frozenset()

    @property
    def furthest_ahead(self) -> timedelta:
        """How much later than its arrival an event may be."""
        return timedelta(hours=float(self.future_clock_hours))


def options_of(variables: dict[str, Any] | None) -> Options:
    """The options that vars say; those that are not of the reference do not count."""
    given = dict(variables or {})
    found: dict[str, Any] = {
        name: _as_type(Options.__dataclass_fields__[name].type, value)
        for name, value in given.items()
        if name in Options.__dataclass_fields__
    }
    off = {
        name.removeprefix(SWITCH)
        for name, value in given.items()
        if name.startswith(SWITCH) and value is False
    }
    if found.get("attribute_history", TABLE) != TABLE:
        off.add("attribute_changes")
    return Options(**found, switched_off=frozenset(off))


def _as_type(wanted: Any, value: Any) -> Any:
    """A var as its option has it."""
    if wanted == "Decimal":
        return Decimal(str(value))
    if wanted == "datetime":
        return datetime.fromisoformat(str(value))
    return value
