"""The sources: which rows arrive, which of them can be used, and what do they say?

A row is a dictionary of text (trimmed, empty = ``None``) in which the columns that mean a
time, a number or a boolean have been replaced by one. The order is the specification's:
quarantine, then duplicates; erasure, clock and merges follow in ``identity`` and ``clock``.
Tables, columns, types, keys and closed lists are data, read from the raw contract.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from lead_qualification.raw_contract import RawTable, raw_tables
from python_checks.reference.policy import read_rows

Record = dict[str, Any]

EARLIEST = datetime.min
CENT = Decimal("0.01")
TIMESTAMP = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d{1,9})? ?(Z|z|[+-]\d{2}(?::?\d{2})?)?"
)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(\.0*)?")
AMOUNT = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]*)?")
TRUE_WORDS = {"true", "t", "1", "yes"}
FALSE_WORDS = {"false", "f", "0", "no"}


@dataclass
class Quarantine:
    """The rows and values that could not be used."""

    rows: list[Record] = field(default_factory=list)

    def add(self, source: str, record_id: str | None, reason: str, *, is_row: bool) -> None:
        """Note a row that cannot be used, or that keeps its place without one of its values."""
        self.rows.append(
            {
                "source": source,
                "record_id": record_id,
                "reason": reason,
                "is_row_unusable": is_row,
            }
        )


def read_raw(folder: Path) -> tuple[dict[str, list[Record]], Quarantine]:
    """Read all tables of ``folder``: usable rows, one per key, and what was quarantined.

    A missing file is an empty table; only leads must be there.
    """
    quarantine = Quarantine()
    tables: dict[str, list[Record]] = {}
    for name, rules in TABLES.items():
        path = folder / f"{name}.csv"
        if not path.exists():
            if name == "leads":
                raise FileNotFoundError(f"table leads is required: no {path.name}")
            tables[name] = []
            continue
        usable = [
            record
            for row in read_rows(path)
            if (record := _clean(name, rules, row, quarantine)) is not None
        ]
        tables[name] = _one_per_key(rules, usable)
    return tables, quarantine


def columns_of(folder: Path, name: str) -> set[str]:
    """The columns that a table has as it arrives; none without its file."""
    path = folder / f"{name}.csv"
    if not path.exists():
        return set()
    with path.open(newline="", encoding="utf-8-sig") as file:
        return set(next(csv.reader(file), []))


def _clean(name: str, rules: TableRules, row: Record, quarantine: Quarantine) -> Record | None:
    """The row with typed values, or ``None`` where it goes to quarantine."""
    for column in [*rules.key, *([rules.time] if rules.time else [])]:
        if column not in row:
            raise ValueError(f"table {name} has no column {column}")
    record_id = row[rules.key[0]]
    record = dict(row)
    reason = _unusable(name, rules, record)
    if reason is not None:
        quarantine.add(name, record_id, reason, is_row=True)
        return None
    reasons = _type_values(rules, record)
    if reasons:
        quarantine.add(name, record_id, reasons[0], is_row=False)
    if name == "opportunities" and record["closed_at"] is None:
        record["is_won"] = None
    return record


def _unusable(name: str, rules: TableRules, record: Record) -> str | None:
    """Why the row cannot be used, or ``None``; types its times and enumerations."""
    for column in rules.key:
        if record[column] is None:
            return f"missing {column}"
    if rules.time is not None:
        if record[rules.time] is None:
            return f"missing {rules.time}"
        record[rules.time] = parse_timestamp(record[rules.time])
        if record[rules.time] is None:
            return f"unreadable {rules.time}"
    for column in rules.lower:
        record[column] = _lower(record.get(column))
    for column in rules.required:
        if record.get(column) is None:
            return f"missing {column}"
    for column, allowed in rules.enumerations.items():
        if record[column] is not None and record[column] not in allowed:
            return f"unknown {column}"
    if name == "opportunities":
        return _unusable_opportunity(record)
    if name == "campaign_costs":
        return _unusable_cost(record)
    return None


def _type_values(rules: TableRules, record: Record) -> list[str]:
    """Type what else the row says; the reasons why some of it becomes unknown."""
    reasons = []
    for column, allowed in rules.soft_enumerations.items():
        value = _lower(record.get(column))
        if value is not None and value not in allowed:
            reasons.append(f"unknown {column}")
            value = None
        record[column] = value
    for column, read in rules.readers.items():
        text = record.get(column)
        record[column] = read(text)
        if text is not None and record[column] is None:
            reasons.append(f"unreadable {column}")
    return reasons


def _unusable_opportunity(record: Record) -> str | None:
    closed_text = record.get("closed_at")
    record["closed_at"] = parse_timestamp(closed_text)
    if closed_text is not None and record["closed_at"] is None:
        return "unreadable closed_at"
    if (parse_amount(record.get("amount")) or 0) < 0:
        return "negative amount"
    if record["closed_at"] is not None and record["closed_at"] < record["created_at"]:
        return "closed before created"
    return None


def _unusable_cost(record: Record) -> str | None:
    if parse_date(record["cost_date"]) is None:
        return "unreadable cost_date"
    cost = parse_amount(record["cost"])
    if cost is None:
        return "unreadable cost"
    return "negative cost" if cost < 0 else None


def _one_per_key(rules: TableRules, records: list[Record]) -> list[Record]:
    """Of the rows with one key the latest; the largest text decides a tie."""
    kept: dict[tuple, Record] = {}
    for record in records:
        key = tuple(record[column] for column in rules.key)
        if key not in kept or _recency(rules, record) > _recency(rules, kept[key]):
            kept[key] = record
    return list(kept.values())


def _recency(rules: TableRules, record: Record) -> tuple[datetime, str]:
    time = record[rules.latest_by] if rules.latest_by else None
    return (time or EARLIEST, repr([str(value) for value in record.values()]))


def parse_timestamp(text: str | None) -> datetime | None:
    """A time of the raw contract as naive UTC; ``None`` where there is none or it is unreadable."""
    match = TIMESTAMP.fullmatch(text) if text is not None else None
    if match is None:
        return None
    day, clock, fraction, zone = match.groups()
    try:
        time = datetime.strptime(f"{day} {clock}", "%Y-%m-%d %H:%M:%S")
        if fraction is not None:
            time += timedelta(microseconds=int(fraction[1:7].ljust(6, "0")))
        return time - _offset(zone)
    except (ValueError, OverflowError):
        return None


def _offset(zone: str | None) -> timedelta:
    if zone is None or zone in "Zz":
        return timedelta(0)
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -offset if zone[0] == "-" else offset


def parse_boolean(text: str | None) -> bool | None:
    """A boolean of the raw contract; ``None`` where there is none or it is unreadable."""
    word = _lower(text)
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    return None


def parse_date(text: str | None) -> date | None:
    """A calendar date, with or without a time of day; ``None`` where there is none."""
    if text is not None and DATE.fullmatch(text):
        text = f"{text} 00:00:00"
    time = parse_timestamp(text)
    return None if time is None else time.date()


def parse_whole_number(text: str | None) -> Decimal | None:
    """A whole number such as 51 or 51.0; ``None`` where there is none or it is unreadable."""
    return Decimal(text) if text is not None and WHOLE_NUMBER.fullmatch(text) else None


def parse_amount(text: str | None) -> Decimal | None:
    """An amount of money, to two places; ``None`` where there is none or it is unreadable."""
    if text is None or AMOUNT.fullmatch(text) is None:
        return None
    return Decimal(text).quantize(CENT, ROUND_HALF_UP)


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


READERS = {
    "boolean": parse_boolean,
    "integer": parse_whole_number,
    "decimal(18,2)": parse_amount,
    "date": parse_date,
    "timestamp": parse_timestamp,
}


@dataclass(frozen=True)
class TableRules:
    """What the raw contract says of one table, as the rules here ask for it."""

    key: list[str]
    time: str | None
    latest_by: str | None
    lower: list[str]
    enumerations: dict[str, set[str]]
    required: list[str]
    soft_enumerations: dict[str, set[str]]
    readers: dict[str, Callable[[str | None], Any]]


def _rules(table: RawTable) -> TableRules:
    """The rules of a table; a reader is for a value that becomes unknown where it is unreadable."""
    types = {column.name: column.data_type for column in table.columns}
    time = table.happened if types.get(table.happened) == "timestamp" else None
    closed = {column.name: set(column.accepted) for column in table.columns if column.accepted}
    hard = {column.name for column in table.columns if "unknown" in column.unusable_if}
    return TableRules(
        key=list(table.key),
        time=time,
        latest_by=table.newest if types[table.newest] == "timestamp" else None,
        lower=[column.name for column in table.columns if column.kind == "code"],
        enumerations={name: allowed for name, allowed in closed.items() if name in hard},
        required=[
            column.name
            for column in table.columns
            if "missing" in column.unusable_if and column.name not in (*table.key, time)
        ],
        soft_enumerations={name: allowed for name, allowed in closed.items() if name not in hard},
        readers={
            column.name: READERS[column.data_type]
            for column in table.columns
            if column.data_type in READERS and "unreadable" not in column.unusable_if
        },
    )


TABLES = {table.name: _rules(table) for table in raw_tables().values()}
HAPPENED_AT = {table: rules.time for table, rules in TABLES.items() if rules.time is not None}
"""By table when its record came to be, where a row without that time cannot be used."""
