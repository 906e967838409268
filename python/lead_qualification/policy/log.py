"""The versions of the policy, as its files say: from when to when, and what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lead_qualification.policy.dates import BOUNDS, boundaries, is_in_force
from lead_qualification.policy.files import Cells, PolicyFile
from lead_qualification.policy.keys import KEYS

Key = tuple[str, ...]


@dataclass(frozen=True)
class Version:
    """A time in which the same rules are in force.

    Attributes:
        number: 1 for the first.
        valid_from: When it begins; none for the first.
        valid_to: When it ends; none for the last.
        changes: What began, ended or changed when it began, a line each.
    """

    number: int
    valid_from: datetime | None
    valid_to: datetime | None
    changes: tuple[str, ...]


def versions(files: Sequence[PolicyFile]) -> list[Version]:
    """Return the versions of the policy in order; one without bounds, if no row has dates.

    Raises:
        ConfigurationError: A date cannot be read.
    """
    dated = [file for file in files if set(BOUNDS) <= set(file.columns)]
    cuts = boundaries(row for file in dated for row in file.rows)
    starts: list[datetime | None] = [None, *cuts]
    return [
        Version(
            number=number,
            valid_from=start,
            valid_to=cuts[number - 1] if number <= len(cuts) else None,
            changes=tuple(changes_at(dated, starts[number - 2], start)) if start else (),
        )
        for number, start in enumerate(starts, start=1)
    ]


def changes_at(files: Sequence[PolicyFile], before: datetime | None, start: datetime) -> list[str]:
    """Return what is another rule from an instant on, a line each."""
    lines = []
    for file in files:
        old = in_force(file, before or datetime.min)
        new = in_force(file, start)
        for key in dict.fromkeys([*old, *new]):
            words = difference(old.get(key), new.get(key))
            if words:
                lines.append(f"{file.table} {' '.join(key)}: {words}")
    return lines


def in_force(file: PolicyFile, when: datetime) -> dict[Key, Cells]:
    """Return the rows of a table that are in force at an instant, by key and without dates."""
    columns = KEYS.get(file.table) or tuple(file.columns)
    return {
        tuple(row[column] for column in columns): {
            column: cell for column, cell in row.items() if column not in (*BOUNDS, *columns)
        }
        for row in file.rows
        if is_in_force(row, when)
    }


def difference(old: Cells | None, new: Cells | None) -> str:
    """Return what became of a rule; empty if nothing did."""
    if old is None:
        return "begins"
    if new is None:
        return "ends"
    return ", ".join(
        f"{column} {old[column] or '(empty)'} → {new[column] or '(empty)'}"
        for column in new
        if old[column] != new[column]
    )
