"""The cells of the policy that a search may change: which, from where to where, in which steps."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from lead_qualification.errors import ConfigurationError
from lead_qualification.policy.dates import BOUNDS, is_in_force
from lead_qualification.policy.files import Cells, PolicyFile, policy_file
from lead_qualification.policy.keys import KEYS

COLUMNS = ["policy_table", "key", "column", "from", "to", "step", "values"]
BETWEEN = "|"
"""Between the words of a key and between values."""
MOST_VALUES = 100


@dataclass(frozen=True)
class Cell:
    """A cell of the policy and the values that it may have.

    Attributes:
        table: Policy table.
        key: What names the rule, in the order of the columns that do; empty cells are empty texts.
        column: The column that changes.
        current: What the rule in force says.
        values: All that may be tried, the current one among them.
        known: What all versions of the rule say, as they stand in the file.
    """

    table: str
    key: tuple[str, ...]
    column: str
    current: str
    values: tuple[str, ...]
    known: frozenset[str]

    @property
    def name(self) -> str:
        """What a message calls it."""
        return " ".join([self.table, *filter(None, self.key), self.column])


def read_cells(path: Path, project: Path, as_of: datetime) -> tuple[Cell, ...]:
    """Return the cells of a file, checked against the policy of the project.

    Args:
        path: A CSV with the columns ``COLUMNS``.
        project: Folder of the dbt project.
        as_of: The rules in force then are those that may change.

    Raises:
        ConfigurationError: The file cannot be read, or a row names nothing that can be searched.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path}: cannot be read ({error})", "name a CSV in UTF-8 with --cells"
        ) from error
    rows = list(csv.DictReader(io.StringIO(text), restkey="more", restval=""))
    if not rows or set(COLUMNS) - set(rows[0]):
        raise ConfigurationError(
            f"{path}: not a list of cells", f"write the header {','.join(COLUMNS)} and rows below"
        )
    cells: list[Cell] = []
    for number, row in enumerate(rows, start=2):
        try:
            found = cell_of(row, project, as_of)
        except ConfigurationError as error:
            raise ConfigurationError(f"{path}, row {number}: {error.what}", error.remedy) from error
        if found.name in {cell.name for cell in cells}:
            raise ConfigurationError(
                f"{path}, row {number}: {found.name} is there twice", "remove one of the rows"
            )
        cells.append(found)
    return tuple(cells)


def cell_of(row: Cells, project: Path, as_of: datetime) -> Cell:
    """Return the cell that a row of the file names.

    Raises:
        ConfigurationError: There is no such cell, or no values.
    """
    if "more" in row:
        raise ConfigurationError("more cells than the header has", "remove commas")
    table, column = row["policy_table"].strip(), row["column"].strip()
    file = policy_file(project, table)
    keys = KEYS.get(table, ())
    key = tuple(word.strip() for word in row["key"].split(BETWEEN))
    if len(key) != len(keys):
        raise ConfigurationError(
            f"a rule of {table} is named by {BETWEEN.join(keys)}, not by {row['key']!r}",
            f"write the {len(keys)} words with {BETWEEN} between them",
        )
    open_columns = [name for name in file.columns if name not in (*keys, *BOUNDS)]
    if column not in open_columns:
        raise ConfigurationError(
            f"{table} has no column {column!r} to search", f"name one of {', '.join(open_columns)}"
        )
    versions = [one for one in file.rows if tuple(one[name] for name in keys) == key]
    current = next((one for one in versions if is_in_force(one, as_of)), None)
    if current is None:
        raise ConfigurationError(
            f"{table} has no rule {row['key']} in force at {as_of:%Y-%m-%d}",
            f"name a row of {file.path.name}",
        )
    known = frozenset(one[column] for one in versions)
    if "" in known:
        raise ConfigurationError(
            f"{column} of {table} {row['key']} is empty, which is a rule of another kind",
            f"write a value into {file.path.name} and build, or leave the row out",
        )
    values = values_of(row)
    if not any(alike(current[column], value) for value in values):
        values = (current[column], *values)
    return Cell(table, key, column, current[column], values, known)


def values_of(row: Cells) -> tuple[str, ...]:
    """Return the values that a row asks for: a list, or from, to and step.

    Raises:
        ConfigurationError: Neither, or too many.
    """
    listed = [value.strip() for value in row["values"].split(BETWEEN) if value.strip()]
    bounds = [row[name].strip() for name in ("from", "to", "step")]
    if listed and not any(bounds):
        return tuple(dict.fromkeys(listed))
    try:
        start, end, step = (Decimal(bound) for bound in bounds)
        is_range = start.is_finite() and end.is_finite() and step > 0 and start <= end
    except InvalidOperation:
        is_range = False
    if listed or not is_range:
        raise ConfigurationError(
            "no values to try",
            "write numbers into from, to and step (from below to, step above 0), or into values a "
            f"list with {BETWEEN} between them",
        )
    count = int((end - start) / step) + 1
    if count > MOST_VALUES:
        raise ConfigurationError(
            f"{count} values, more than {MOST_VALUES}", "use a larger step or narrower limits"
        )
    return tuple(f"{start + number * step:f}" for number in range(count))


def alike(one: str, other: str) -> bool:
    """Return whether two cells mean the same: numbers by their value, other texts in any case."""
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return one.strip().lower() == other.strip().lower()


def short(text: str) -> str:
    """Return a cell without the zeros that a column of decimals adds."""
    try:
        return f"{Decimal(text).normalize():f}"
    except InvalidOperation:
        return text


def policy_with(
    files: dict[str, PolicyFile], cells: tuple[Cell, ...], values: tuple[str, ...], as_of: datetime
) -> None:
    """Write values into the rules in force at an instant; the files are not written."""
    for cell, value in zip(cells, values, strict=True):
        keys = KEYS[cell.table]
        for row in files[cell.table].rows:
            is_rule = tuple(row[name] for name in keys) == cell.key
            if is_rule and is_in_force(row, as_of) and not alike(row[cell.column], value):
                row[cell.column] = value
