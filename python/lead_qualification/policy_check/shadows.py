"""Rules of which the first that fits counts, and a later one never does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lead_qualification.policy_check.findings import Finding
from lead_qualification.policy_check.rows import Row


def in_order(rows: Iterable[Row], column: str = "rule_order") -> list[Row]:
    """Return rows in the order in which they are tried."""
    return sorted((row for row in rows if row[column] is not None), key=lambda row: row[column])


def shadowed(rows: Sequence[Row], conditions: Sequence[str]) -> Iterator[tuple[Row, Row]]:
    """Yield rows in order of which an earlier one takes all, each after that one.

    A condition is a value or a tuple of values, compared in any case; an empty one always holds.
    """
    for place, later in enumerate(rows):
        for earlier in rows[:place]:
            if all(covers(earlier[name], later[name]) for name in conditions):
                yield earlier, later
                break


def covers(wide: Any, narrow: Any) -> bool:
    """Return whether a condition holds wherever another does."""
    return wide is None or (narrow is not None and folded(wide) >= folded(narrow))


def folded(condition: Any) -> set[str]:
    """Return the values of a condition as they are compared."""
    values = condition if isinstance(condition, tuple) else (condition,)
    return {str(value).lower() for value in values}


def never_counts(earlier: Row, later: Row, column: str = "") -> Finding:
    """Return that an earlier row takes all that a later one is for."""
    what = f"row {earlier.number} comes first and takes all that this row is for"
    return later.error(column, what, "put this row before it, or delete one of them")
