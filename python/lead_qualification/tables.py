"""Rows of a query as values, and rows as text: for a terminal, as Markdown, as CSV.

What is shown is harmless where it is shown (``untrusted``); the values of a ``Table`` stay as they
are, because queries compare with them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import pandas

from lead_qualification.untrusted import cell, markdown, plain


@dataclass(frozen=True)
class Table:
    """The rows of a query as the engine gave them: exact decimals, dates, timestamps, None.

    Attributes:
        columns: Names, in order.
        rows: A tuple of values for each row.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.rows)

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """The rows by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    @cached_property
    def frame(self) -> pandas.DataFrame:
        """The rows for charts and lists: decimals become floats, texts one harmless line."""
        columns = list(zip(*self.rows, strict=True)) or [()] * len(self.columns)
        return pandas.DataFrame(
            {name: _series(values) for name, values in zip(self.columns, columns, strict=True)}
        )

    def values(self, column: str) -> list[Any]:
        """The values of a column, in the order of the rows."""
        position = self.columns.index(column)
        return [row[position] for row in self.rows]

    def csv(self) -> str:
        """The rows as CSV with a header; empty is null, decimals keep all their places.

        No text is a formula to a spreadsheet.
        """
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(map(cell, self.columns))
        writer.writerows(map(cell, row) for row in self.rows)
        return text.getvalue()


def as_text(rows: pandas.DataFrame | Table) -> str:
    """Return rows as an aligned table: numbers to the right, text to the left."""
    columns, cells, numeric = _parts(rows, plain)
    lines = [columns, *cells]
    widths = [max(len(line[position]) for line in lines) for position in range(len(columns))]
    told = [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, numeric, strict=True)
        ).rstrip()
        for line in lines
    ]
    told.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(f"  {line}" for line in told)


def as_markdown(rows: pandas.DataFrame | Table) -> str:
    """Return rows as a Markdown table: numbers to the right."""
    columns, cells, numeric = _parts(rows, markdown)
    rule = ["---:" if is_number else "---" for is_number in numeric]
    return "\n".join(f"| {' | '.join(line)} |" for line in [columns, rule, *cells])


def percent(value: float | None) -> str:
    """Return a ratio as a whole percentage, a dash for none."""
    return "-" if pandas.isna(value) else f"{float(value):.0%}"


def interval(low: float | None, high: float | None) -> str:
    """Return the bounds of an interval of ratios as percentages, a dash for none."""
    return "-" if pandas.isna(low) else f"{percent(low)} to {percent(high)}"


def _parts(
    rows: pandas.DataFrame | Table, shown: Callable[[object], str]
) -> tuple[list[str], list[list[str]], list[bool]]:
    """Names, cells as text, and whether a column holds numbers.

    Args:
        rows: The rows.
        shown: Makes a text harmless.
    """
    if isinstance(rows, Table):
        numeric = [
            all(_is_number(value) for value in column) for column in zip(*rows.rows, strict=True)
        ] or [False] * len(rows.columns)
        told = [[shown(_cell(value)) for value in row] for row in rows.rows]
        return [shown(name) for name in rows.columns], told, numeric
    numeric = [pandas.api.types.is_numeric_dtype(kind) for kind in rows.dtypes]
    told = [
        ["" if pandas.isna(value) else shown(value) for value in row] for row in rows.to_numpy()
    ]
    return [shown(name) for name in rows.columns], told, numeric


def _is_number(value: Any) -> bool:
    """Whether a value may stand in a column of numbers."""
    return value is None or (
        isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    )


def _cell(value: Any) -> str:
    """A value as people read it: empty for none, decimals without zeros at the end."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _series(values: tuple[Any, ...]) -> pandas.Series:
    """A column of a frame with the narrowest type that holds its values."""
    known = [value for value in values if value is not None]
    if not known:
        return pandas.Series(values, dtype=object)
    if all(isinstance(value, bool) for value in known):
        return pandas.Series(values, dtype="boolean")
    if all(isinstance(value, int) for value in known):
        return pandas.Series(values, dtype="Int64")
    if all(isinstance(value, (int, float, Decimal)) for value in known):
        return pandas.Series([None if v is None else float(v) for v in values], dtype="float64")
    if hasattr(known[0], "year"):
        return pandas.to_datetime(pandas.Series(values)).astype("datetime64[us]")
    return pandas.Series([plain(v) if isinstance(v, str) else v for v in values], dtype=object)
