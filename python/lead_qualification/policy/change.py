"""Changes a rule from a day on: ends the row that is in force and begins one with new values.

What was scored and staged before that day stays as it was reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lead_qualification.errors import ConfigurationError
from lead_qualification.policy.dates import (
    BOUNDS,
    VALID_FROM,
    VALID_TO,
    begins,
    is_in_force,
    written,
)
from lead_qualification.policy.files import Cells, PolicyFile
from lead_qualification.policy.keys import KEYS


@dataclass(frozen=True)
class RuleChange:
    """What a change does to a table.

    Attributes:
        ended: The row that was in force, as it stands now; none if it began that very day.
        begun: The row that is in force from the day on.
        later: When versions of the rule begin that are already decided and stay as they are.
    """

    ended: Cells | None
    begun: Cells
    later: tuple[str, ...]


def change_rule(
    file: PolicyFile, key: tuple[str, ...], values: Mapping[str, str], since: datetime
) -> RuleChange:
    """Change cells of a rule from an instant on; the file is not written.

    Args:
        file: The policy table; its rows change.
        key: What names the rule, in the order of the columns that do.
        values: New cells by column.
        since: When they begin to hold.

    Raises:
        ConfigurationError: The table has no dates, no such rule is in force then, there is no such
            column, or nothing would change.
    """
    columns = key_columns(file)
    refuse_unknown(file, columns, key, values)
    versions = [row for row in file.rows if tuple(row[column] for column in columns) == key]
    current = next((row for row in versions if is_in_force(row, since)), None)
    named = " ".join(key)
    if current is None:
        raise ConfigurationError(
            f"{file.table}: no rule {named} is in force on {written(since)}",
            nearest(file, columns, key, bool(versions)),
        )
    if all(current[column] == value for column, value in values.items()):
        raise ConfigurationError(f"{file.table}: {named} already says so on {written(since)}")
    later = tuple(sorted(row[VALID_FROM] for row in versions if begins(row) > since))
    if begins(current) == since:
        current.update(values)
        return RuleChange(None, current, later)
    begun = current | values | {VALID_FROM: written(since)}
    current[VALID_TO] = written(since)
    file.rows.insert(position(file.rows, current) + 1, begun)
    return RuleChange(current, begun, later)


def position(rows: list[Cells], row: Cells) -> int:
    """Return the place of this very row, not of one that equals it."""
    return next(index for index, other in enumerate(rows) if other is row)


def key_columns(file: PolicyFile) -> tuple[str, ...]:
    """Return the columns that name a rule of a table with dates.

    Raises:
        ConfigurationError: Rows of the table have no dates.
    """
    if not set(BOUNDS) <= set(file.columns):
        raise ConfigurationError(
            f"{file.table} has no {VALID_FROM} and {VALID_TO}: it says what things are, not what "
            "they are worth, so an edit holds for the past too",
            f"edit {file.path.name} itself",
        )
    return KEYS[file.table]


def refuse_unknown(
    file: PolicyFile, columns: tuple[str, ...], key: tuple[str, ...], values: Mapping[str, str]
) -> None:
    """Refuse a key of another length, a column that is not there, and a change of key or dates.

    Raises:
        ConfigurationError: One of these.
    """
    if len(key) != len(columns):
        raise ConfigurationError(
            f"{file.table}: a rule is named by {' and '.join(columns)}, not by {len(key)} words",
            f"write leadq policy change {file.table} {' '.join(columns).upper()} COLUMN=VALUE",
        )
    open_columns = [name for name in file.columns if name not in (*columns, *BOUNDS)]
    unknown = [name for name in values if name not in open_columns]
    if unknown or not values:
        raise ConfigurationError(
            f"{file.table}: {', '.join(unknown) or 'no column'} cannot be changed",
            f"change one of {', '.join(open_columns)}",
        )


def nearest(
    file: PolicyFile, columns: tuple[str, ...], key: tuple[str, ...], was_known: bool
) -> str:
    """Return what to do when no rule is in force under a key."""
    if was_known:
        return "look at its dates with leadq policy log"
    known = sorted({tuple(row[column] for column in columns) for row in file.rows})
    alike = [" ".join(other) for other in known if other[0] == key[0]] or [
        " ".join(other) for other in known
    ]
    return f"name one of {', '.join(alike[:10])}{', ...' if len(alike) > 10 else ''}"
