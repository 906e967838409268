"""Compare expected with actual rows of a table and say readably where they differ."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from math import isnan
from typing import Any

import pandas as pd

Rows = list[dict[str, Any]] | pd.DataFrame
HALF_OF_LAST_PLACE = Decimal("0.000051")
TRUE_WORDS = {"true", "t", "yes"}
FALSE_WORDS = {"false", "f", "no"}


def compare_tables(
    expected: Rows, actual: Rows, keys: list[str], columns: list[str] | None = None
) -> list[str]:
    """Lines that name missing rows, extra rows and differing cells; empty if all agree.

    Rows are matched by ``keys``. ``columns`` are the columns to compare, by default all of
    the expected ones. Decimals agree at four places, timestamps exactly, empty text is null,
    booleans may be true, 'true' or 1.
    """
    expected_rows, actual_rows = _records(expected), _records(actual)
    if columns is None:
        columns = list(expected_rows[0]) if expected_rows else []
    if not expected_rows and not actual_rows:
        return []
    absent = [
        f"column missing: {column}"
        for column in dict.fromkeys([*keys, *columns])
        if actual_rows and column not in actual_rows[0]
    ]
    if absent:
        return absent
    expected_by_key, lines = _by_key(expected_rows, keys, "expected")
    actual_by_key, more_lines = _by_key(actual_rows, keys, "actual")
    lines += more_lines
    for key in sorted(expected_by_key.keys() - actual_by_key.keys()):
        lines.append(f"row missing: {_name(keys, key)}")
    for key in sorted(actual_by_key.keys() - expected_by_key.keys()):
        lines.append(f"row extra: {_name(keys, key)}")
    for key in sorted(expected_by_key.keys() & actual_by_key.keys()):
        for column in columns:
            wanted, found = expected_by_key[key][column], actual_by_key[key][column]
            if not same_value(wanted, found):
                lines.append(
                    f"{_name(keys, key)}: {column} expected {_shown(wanted)}, is {_shown(found)}"
                )
    return lines


def same_value(expected: Any, actual: Any) -> bool:
    """Whether two cells say the same."""
    expected, actual = normal(expected), normal(actual)
    if isinstance(expected, bool) or isinstance(actual, bool):
        return _as_boolean(expected) == _as_boolean(actual)
    if isinstance(expected, Decimal) and isinstance(actual, Decimal):
        return abs(expected - actual) <= HALF_OF_LAST_PLACE
    return expected == actual


def normal(value: Any) -> Any:
    """A cell as ``None``, bool, Decimal, datetime or text."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, float) and isnan(value):
        return None
    if hasattr(value, "item") and not isinstance(value, datetime):
        value = value.item()
    if isinstance(value, pd.Timestamp):
        return _utc(value.to_pydatetime(warn=False))
    if isinstance(value, bool | Decimal):
        return value
    if isinstance(value, datetime):
        return _utc(value)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, int | float):
        return Decimal(str(value))
    return _normal_text(str(value).strip())


def _normal_text(text: str) -> Any:
    if text == "" or text in ("NaT", "nan", "<NA>"):
        return None
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        number = Decimal(text)
        return number if number.is_finite() else text
    except InvalidOperation:
        pass
    if len(text) >= 10 and text[4] == text[7] == "-":
        try:
            return _utc(datetime.fromisoformat(text))
        except ValueError:
            return text
    return text


def _utc(time: datetime) -> datetime:
    """The time as naive UTC."""
    offset = time.utcoffset()
    return time if offset is None else time.replace(tzinfo=None) - offset


def _as_boolean(value: Any) -> Any:
    """The boolean that a cell means; the cell itself where it means none."""
    if value is None or isinstance(value, bool):
        return value
    if value in (0, 1):
        return value == 1
    if str(value).lower() in TRUE_WORDS | FALSE_WORDS:
        return str(value).lower() in TRUE_WORDS
    return value


def _records(rows: Rows) -> list[dict[str, Any]]:
    """The rows as dictionaries, cells as they were."""
    if not isinstance(rows, pd.DataFrame):
        return rows
    columns = [rows[column].tolist() for column in rows.columns]
    return [dict(zip(rows.columns, cells, strict=True)) for cells in zip(*columns, strict=True)]


def _by_key(
    rows: list[dict[str, Any]], keys: list[str], side: str
) -> tuple[dict[tuple[str, ...], dict[str, Any]], list[str]]:
    """The rows by the text of their key, and a line for every key that repeats."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    lines = []
    for row in rows:
        key = tuple(_shown(row[column]) for column in keys)
        if key in found:
            lines.append(f"key repeats in {side} rows: {_name(keys, key)}")
        found[key] = row
    return found, lines


def _name(keys: list[str], key: tuple[str, ...]) -> str:
    return ", ".join(f"{column}={value}" for column, value in zip(keys, key, strict=True))


def _shown(value: Any) -> str:
    value = normal(value)
    if value is None:
        return "null"
    if isinstance(value, Decimal):
        rounded = value.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)
        return f"{rounded.normalize():f}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return str(value)
