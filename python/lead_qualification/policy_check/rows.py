"""The rows of the policy with what their cells mean: all, or those in force at an instant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from lead_qualification.policy.dates import BOUNDS, VALID_FROM, VALID_TO
from lead_qualification.policy_check.cells import CellError, did_you_mean, value_of
from lead_qualification.policy_check.findings import Finding, quoted
from lead_qualification.policy_check.reading import Text
from lead_qualification.policy_check.schema import Column, Schema, TableSchema

SETTINGS = "lifecycle_settings"
MOST_VERSIONS = 60


@dataclass(frozen=True, eq=False)
class Row:
    """A row of a policy table; ``row[column]`` is what a cell means, None if it is empty.

    Attributes:
        file: The name of its file.
        number: The row as a spreadsheet counts.
        values: What its cells mean.
    """

    file: str
    number: int
    values: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        """Return what a cell means; None also if there is no such column."""
        return self.values.get(column)

    def error(self, column: str, what: str, remedy: str) -> Finding:
        """Return a mistake in this row."""
        return Finding(self.file, self.number, column, what, remedy)

    def warning(self, column: str, what: str, remedy: str) -> Finding:
        """Return what looks like a mistake in this row."""
        return Finding(self.file, self.number, column, what, remedy, is_error=False)

    def is_in_force(self, when: datetime) -> bool:
        """Return whether the row counts at an instant."""
        begins, ends = self[VALID_FROM], self[VALID_TO]
        return (begins is None or begins <= when) and (ends is None or ends > when)


@dataclass(frozen=True, eq=False)
class Policy:
    """The rows of the policy tables; ``policy[table]`` are those of one.

    Attributes:
        schema: What the tables are.
        tables: The rows by table.
        is_last: Whether the rows are those of the latest version.
    """

    schema: Schema
    tables: Mapping[str, tuple[Row, ...]]
    is_last: bool = True

    def __getitem__(self, table: str) -> tuple[Row, ...]:
        """Return the rows of a table."""
        return self.tables.get(table, ())

    def values(self, table: str, column: str) -> set[Any]:
        """Return what a column of a table has, without empty cells."""
        return {row[column] for row in self[table]} - {None}

    def file_error(self, table: str, what: str, remedy: str) -> Finding:
        """Return a mistake of a table as a whole."""
        return Finding(f"{table}.csv", 0, "", what, remedy)

    def versions(self) -> Iterator[Policy]:
        """Yield the policy of each time in which the same rows are in force."""
        cuts = {row[bound] for rows in self.tables.values() for row in rows for bound in BOUNDS}
        starts = [datetime.min, *sorted(cuts - {None})][-MOST_VERSIONS:]
        for start in starts:
            in_force = {
                table: tuple(row for row in rows if row.is_in_force(start))
                for table, rows in self.tables.items()
            }
            yield Policy(self.schema, in_force, start == starts[-1])


def rows_of(
    schema: Schema, table: TableSchema, text: Text, findings: list[Finding]
) -> tuple[tuple[Row, ...], bool]:
    """Return the rows of a table and whether each cell could be read; tell what is wrong."""
    rows, is_whole = [], True
    for number, cells in text.rows:
        values = {}
        for name, cell in zip(text.header, cells, strict=True):
            column = table.columns[name]
            try:
                values[name] = value_of(column, cell)
            except CellError as error:
                is_whole = False
                values[name] = None
                findings.append(Finding(text.path.name, number, name, error.what, error.remedy))
                continue
            findings.extend(wrong_value(schema, column, values, text.path.name, number))
        row = Row(text.path.name, number, values)
        rows.append(row)
        begins, ends = row[VALID_FROM], row[VALID_TO]
        if begins and ends and ends <= begins:
            what = "it ends before it begins, or as soon as it does"
            findings.append(row.error(VALID_TO, what, f"write a day after {begins:%Y-%m-%d}"))
    return tuple(rows), is_whole


def wrong_value(
    schema: Schema, column: Column, values: Mapping[str, Any], file: str, number: int
) -> Iterator[Finding]:
    """Yield what is wrong with a cell that can be read: it is empty, unknown or out of range."""
    value = values[column.name]
    if value is None:
        if column.required:
            remedy = f"write a value, such as {column.example}"
            yield Finding(file, number, column.name, "the cell is empty", remedy)
        return
    if column.values and not column.references:
        folded = {column.folded(known) for known in column.values}
        for item in value if column.list else [value]:
            if column.folded(item) not in folded:
                near = did_you_mean(item, column.values)
                what = f"{quoted(item)} is none of {', '.join(column.values)}"
                if column.each:
                    what = f"nothing reads {quoted(item)}"
                remedy = near or ("delete the row" if column.each else "write one of them")
                yield Finding(file, number, column.name, what, remedy, not column.each)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        of_setting = file == f"{SETTINGS}.csv" and column.name == "value"
        quantity = schema.settings.get(str(values.get("setting")), "") if of_setting else ""
        bounds = schema.bounds(column, quantity)
        if bounds and not bounds[0] <= value <= bounds[1]:
            remedy = f"write a number from {bounds[0]:f} to {bounds[1]:f}"
            yield Finding(file, number, column.name, f"{value} is out of range", remedy)
        elif column.plausible and not column.plausible[0] <= value <= column.plausible[1]:
            usual = f"{column.plausible[0]} to {column.plausible[1]}"
            what = f"{value} is far from what rules have ({usual})"
            remedy = "is a digit too many, or a point missing?"
            yield Finding(file, number, column.name, what, remedy, is_error=False)
