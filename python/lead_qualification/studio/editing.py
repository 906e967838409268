"""What an edited grid makes of a policy file: at once, or dated from a day on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lead_qualification.errors import ConfigurationError
from lead_qualification.policy.change import change_rule, position
from lead_qualification.policy.dates import BOUNDS, VALID_FROM, VALID_TO, begins, ends, written
from lead_qualification.policy.files import Cells, PolicyFile
from lead_qualification.policy.keys import KEYS

GridRow = tuple[int | None, Cells]
"""The number that a row has in the file, the header being 1, and its cells; none: a new row."""
FIRST_ROW = 2


def grid_of(file: PolicyFile) -> list[GridRow]:
    """Return the rows of a policy file as they stand in a grid."""
    return [(number, dict(row)) for number, row in enumerate(file.rows, start=FIRST_ROW)]


def has_dates(file: PolicyFile) -> bool:
    """Return whether rows of a table say when they are in force."""
    return set(BOUNDS) <= set(file.columns)


def edited(file: PolicyFile, grid: Sequence[GridRow], since: datetime | None) -> PolicyFile:
    """Return a policy file with the edits of a grid.

    Args:
        file: As it stands in the project; it stays as it is.
        grid: Its rows as they were edited, in order; rows of the file that it lacks are deleted.
        since: When the edits begin to hold; none, or a table without dates: they hold always.

    Raises:
        ConfigurationError: A row cannot be changed from then on.
    """
    found = PolicyFile(file.path, file.columns, [dict(row) for row in file.rows])
    before = dict(enumerate(found.rows, start=FIRST_ROW))
    kept = {number: cells for number, cells in grid if number in before}
    is_dated = since is not None and has_dates(file)
    for number, row in before.items():
        if number not in kept:
            _delete(found, row, number, since if is_dated else None)
            continue
        values = {name: cell for name, cell in kept[number].items() if row[name] != cell}
        if values and is_dated:
            assert since is not None
            _change(found, row, number, values, since)
        else:
            row.update(values)
    for number, cells in grid:
        if number is None and any(cells.values()):
            begun = dict.fromkeys(file.columns, "") | cells
            if is_dated and since is not None and not begun[VALID_FROM]:
                begun[VALID_FROM] = written(since)
            found.rows.append(begun)
    return found


def _change(file: PolicyFile, row: Cells, number: int, values: Cells, since: datetime) -> None:
    """Change cells of a row from an instant on.

    Raises:
        ConfigurationError: The row is not in force then, or the cells name or date it.
    """
    keys = KEYS[file.table]
    fixed = [name for name in values if name in (*keys, *BOUNDS)]
    if fixed:
        raise ConfigurationError(
            f"{file.path.name}, row {number}: {', '.join(fixed)} cannot change from a day on",
            "add a row, or edit without a day",
        )
    if not begins(row) <= since < ends(row):
        raise ConfigurationError(
            f"{file.path.name}, row {number}: the row is not in force on {written(since)}",
            "choose another day, edit the row that is in force then, or edit without a day",
        )
    change_rule(file, tuple(row[name] for name in keys), values, since)


def _delete(file: PolicyFile, row: Cells, number: int, since: datetime | None) -> None:
    """Delete a row, or end it at an instant.

    Raises:
        ConfigurationError: It has ended before.
    """
    if since is None or begins(row) >= since:
        del file.rows[position(file.rows, row)]
    elif ends(row) <= since:
        raise ConfigurationError(
            f"{file.path.name}, row {number}: it has ended before {written(since)}",
            "leave it for the history, or delete it without a day",
        )
    else:
        row[VALID_TO] = written(since)
