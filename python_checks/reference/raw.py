"""The sources: which rows arrive, which of them can be used, and what do they say?

A row is a dictionary in which text is trimmed and cleaned (empty = ``None``) and the columns that
mean a time, a number or a boolean hold one. The order is the specification's: quarantine, then
duplicates; erasure, clock and merges follow in ``identity`` and ``outcomes``. Tables, columns,
types, keys, closed lists and what makes a row unusable are data, read from the raw contract.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from lead_qualification.raw_contract import RawColumn, RawTable, raw_tables
from python_checks.reference.attributes import TABLE_OF_OBJECT, TRACKED
from python_checks.reference.cells import (
    bare_address,
    clean_address,
    clean_domain,
    clean_identifier,
    country_name,
    is_scientific,
    parse_amount,
    parse_boolean,
    parse_date,
    parse_timestamp,
    parse_whole_number,
)
from python_checks.reference.options import Options
from python_checks.reference.policy import CustomAttribute, Policy, read_rows

Record = dict[str, Any]

EARLIEST = datetime.min
ATTRIBUTE_CHANGES = "attribute_changes"
CHANGED_VALUES = ("old_value", "new_value")
EVENTS = (
    "web_events",
    "email_events",
    "marketing_activities",
    "product_events",
    "intent_signals",
)
FACTS = (
    *EVENTS,
    "sales_activities",
    "lead_status_changes",
    "qualification_answers",
    "opportunities",
    ATTRIBUTE_CHANGES,
)
"""The tables of which a row before the earliest plausible time cannot be used."""
SHORT_ID, LONG_ID = 15, 18
"""Lengths of a Salesforce id without and with the three letters that say the case of the others."""

READERS: dict[str, Callable[[str | None], Any]] = {
    "boolean": parse_boolean,
    "integer": parse_whole_number,
    "decimal(18,2)": parse_amount,
    "date": parse_date,
    "timestamp": parse_timestamp,
}
CUSTOM_READERS: dict[str, Callable[[str | None], Any]] = {
    "integer": parse_whole_number,
    "decimal": parse_amount,
    "boolean": parse_boolean,
    "date": parse_date,
}
"""By type how a value of a custom attribute is read that is not a text."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row or one of its values: a reason, and the columns that show it."""

    reason: str
    columns: tuple[str, ...]


@dataclass(eq=False)
class RawRow:
    """A row as it arrived, what it says, and what becomes of it.

    Attributes:
        source: The name of its table.
        cells: By column of the contract what it brought: trimmed text, empty = ``None``.
        record: What it says, typed.
        unusable: Why it cannot be used, if so.
        faults: What is unknown because it could not be read, or was taken for something else.
        hides_older: Whether no older row of its key may take its place.
        outcome: What became of it, as soon as that is known; one of ``outcomes.OUTCOMES``.
        owners: The leads to which it belongs, if it is a fact; of a deal the one first at which
            it counts.
        shared: The address of a shared mailbox by which its lead was found.
    """

    source: str
    cells: dict[str, str | None]
    record: Record
    unusable: Fault | None = None
    faults: list[Fault] = field(default_factory=list)
    hides_older: bool = False
    outcome: str | None = None
    owners: list[str] = field(default_factory=list)
    shared: str | None = None

    @property
    def record_id(self) -> str | None:
        """Its key as it came, or the first column of it."""
        return self.cells[TABLES[self.source].key[0]]

    @property
    def happened_at(self) -> Any:
        """When it happened or came to be; ``None`` where that is unknown or has no meaning."""
        happened = TABLES[self.source].happened
        return None if happened is None else self.record[happened]


@dataclass
class Raw:
    """All rows that arrived, by table."""

    rows: dict[str, list[RawRow]]

    def kept(self, table: str) -> list[RawRow]:
        """The rows of a table of which nothing yet says that they do not count."""
        return [row for row in self.rows[table] if row.outcome is None]

    @property
    def tables(self) -> dict[str, list[Record]]:
        """What those rows say, by table."""
        return {table: [row.record for row in self.kept(table)] for table in self.rows}


def read_raw(folder: Path, policy: Policy, options: Options, as_of: datetime) -> Raw:
    """Read all tables of a folder; rows that cannot be used or repeat a key have an outcome.

    A missing file is an empty table; only leads must be there.
    """
    rows: dict[str, list[RawRow]] = {}
    for name in TABLES:
        path = folder / f"{name}.csv"
        if not path.exists() and name == "leads":
            raise FileNotFoundError(f"table leads is required: no {path.name}")
        reader = Reader(name, policy, options, as_of)
        rows[name] = [reader.row(cells) for cells in read_rows(path)] if path.exists() else []
        if name in options.switched_off:
            for row in rows[name]:
                row.outcome = "switched_off"
    complete_references(rows)
    for name, own in rows.items():
        usable = [row for row in own if row.outcome is None]
        for row in usable:
            if row.unusable is not None:
                row.outcome = "unusable"
        if name == "campaign_costs":
            _decide_costs(usable)
        else:
            _decide_duplicates(name, usable)
    return Raw(rows)


def columns_of(folder: Path, name: str) -> set[str]:
    """The columns that a table has as it arrives; none without its file."""
    path = folder / f"{name}.csv"
    if not path.exists():
        return set()
    with path.open(newline="", encoding="utf-8-sig") as file:
        return set(next(csv.reader(file), []))


def rows_of_files(folder: Path) -> dict[str, int]:
    """By table how many records its file has; a table without a file has none."""
    found = {}
    for name in TABLES:
        path = folder / f"{name}.csv"
        if path.exists():
            with path.open(newline="", encoding="utf-8-sig") as file:
                found[name] = sum(1 for _ in csv.DictReader(file))
    return found


@dataclass(frozen=True)
class Reader:
    """Reads the rows of one table."""

    source: str
    policy: Policy
    options: Options
    as_of: datetime

    @property
    def table(self) -> RawTable:
        """What the contract says of the table."""
        return TABLES[self.source]

    @property
    def zone(self) -> str | None:
        """The zone of times without one; ``None`` for UTC."""
        return self.options.source_time_zone.get(self.source)

    def row(self, raw: dict[str, str | None]) -> RawRow:
        """The row with typed values, and what is wrong with it."""
        for name in (*self.table.key, HAPPENED_AT.get(self.source)):
            if name is not None and name not in raw:
                raise ValueError(f"table {self.source} has no column {name}")
        row = RawRow(self.source, {name: raw.get(name) for name in self.table.names}, {})
        for column in _key_and_time_first(self.table):
            value, fault = self.value(column, row.cells[column.name])
            row.record[column.name] = value
            self._note(row, column, fault)
        self._settle(row)
        return row

    def value(self, column: RawColumn, text: str | None) -> tuple[Any, str | None]:
        """What a cell says, and what is wrong with it: missing, unreadable or unknown."""
        if column.data_type == "text":
            value, fault = self._text(column, text)
        else:
            value = self._typed(column, text)
            fault = "unreadable" if value is None and text is not None else None
        return value, "missing" if value is None and fault is None else fault

    def _typed(self, column: RawColumn, text: str | None) -> Any:
        if column.data_type == "timestamp":
            is_last = column.date_alone == "last_second"
            return parse_timestamp(text, self.zone, at_end_of_day=is_last, as_of=self.as_of)
        if column.data_type == "date":
            return parse_date(text, self.zone)
        value = READERS[column.data_type](text)
        is_negative = column.quantity is not None and value is not None and value.is_signed()
        return None if is_negative else value

    def _text(self, column: RawColumn, text: str | None) -> tuple[str | None, str | None]:
        if text is None:
            return None, None
        if column.kind == "code":
            value = text.lower()
            if not column.accepted:
                return None if self._stands_for_nothing("text", text) else value, None
            return (value, None) if value in column.accepted else (None, "unknown")
        if column.kind == "country":
            country = self.policy.countries.get(country_name(text))
            return country, "unknown" if country is None else None
        if column.kind in ("attribute_value", "written_back"):
            return text, None
        if column.kind == "address":
            if self._stands_for_nothing("address", text, bare_address(text)):
                return None, None
            address = clean_address(text)
            return address, "unreadable" if address is None else None
        if column.kind == "identifier":
            identifier = clean_identifier(text)
            if self._stands_for_nothing("identifier", text, identifier):
                return None, None
            return (None, "unreadable") if is_scientific(text) else (identifier, None)
        if self._stands_for_nothing("text", text):
            return None, None
        return (clean_domain(text) if column.kind == "domain" else text), None

    def _stands_for_nothing(self, kind: str, *texts: str | None) -> bool:
        words = self.policy.placeholders[kind]
        return any(text is None or text.strip().lower() in words for text in texts)

    def _note(self, row: RawRow, column: RawColumn, fault: str | None) -> None:
        """Note a fault: of the row if the contract says so, or if it is an unreadable key."""
        if column.name == "amount" and (row.record["amount"] or 0) < 0:
            fault = "negative"
        is_of_key = column.name in self.table.key and fault == "unreadable"
        if column.is_safety and fault == "unreadable":
            row.hides_older = True
        if fault in column.unusable_if or is_of_key:
            self._spoil(row, Fault(f"{fault} {column.name}", (column.name,)))
        elif fault in ("unreadable", "unknown"):
            row.faults.append(Fault(f"{fault} {column.name}", (column.name,)))

    def _spoil(self, row: RawRow, fault: Fault) -> None:
        """The row cannot be used; the first reason stands."""
        if row.unusable is None:
            row.unusable = fault
        else:
            row.faults.append(fault)

    def _settle(self, row: RawRow) -> None:
        """What the columns of a row say together."""
        if row.unusable is not None:
            self._name_the_time_first(row)
            return
        if self.source in EVENTS:
            self._settle_future(row)
        self._settle_past(row)
        if self.source == "opportunities" and row.unusable is None:
            self._settle_deal(row)
            self._settle_past(row)
        if self.source == ATTRIBUTE_CHANGES:
            self._settle_values(row)
        if self.source == "leads":
            for column in ("created_at", "opted_out_at"):
                time = row.record[column]
                if time is not None and time < self.options.earliest_plausible:
                    row.record[column] = None
                    row.faults.append(Fault(f"implausible {column}", (column,)))

    def _settle_past(self, row: RawRow) -> None:
        """A fact cannot have happened before there was anything to sell."""
        if self.source in FACTS and row.happened_at < self.options.earliest_plausible:
            column = self.table.happened
            self._spoil(row, Fault(f"implausible {column}", (column,)))

    def _name_the_time_first(self, row: RawRow) -> None:
        """Of several reasons the key's goes first, then that of the time, then the others'."""
        first = {*self.table.key, self.table.happened}
        if self.source in FACTS and not first & set(row.unusable.columns):
            happened_at = row.happened_at
            if happened_at is not None and happened_at < self.options.earliest_plausible:
                column = self.table.happened
                row.unusable = Fault(f"implausible {column}", (column,))

    def _settle_future(self, row: RawRow) -> None:
        """An event cannot arrive long before it happens."""
        record = row.record
        received = record["received_at"]
        if received is None:
            return
        try:
            latest = received + self.options.furthest_ahead
        except OverflowError:
            return
        if record["occurred_at"] > latest:
            record["occurred_at"] = received
            row.faults.append(Fault("ahead of received_at occurred_at", ("occurred_at",)))

    def _settle_values(self, row: RawRow) -> None:
        """The values of a change are those of the column of the record; others stay texts."""
        if not is_tracked(row.record, self.policy):
            return
        for name in CHANGED_VALUES:
            row.record[name], fault = self._changed_value(row.record, row.cells[name])
            if fault in ("unreadable", "unknown"):
                row.faults.append(Fault(f"{fault} {name}", (name,)))

    def _changed_value(self, change: Record, text: str | None) -> tuple[Any, str | None]:
        """An old or new value, read as its column, or as the type that a custom attribute has."""
        kind, attribute = change["object"], change["attribute"]
        if attribute in TRACKED[kind]:
            source = TABLE_OF_OBJECT[kind]
            column = next(c for c in TABLES[source].columns if c.name == attribute)
            reader = Reader(source, self.policy, self.options, self.as_of)
            return reader.value(column, text)
        custom = custom_attribute(change, self.policy)
        if custom.data_type == "text":
            is_nothing = text is None or self._stands_for_nothing("text", text)
            return (None if is_nothing else text), None
        value = CUSTOM_READERS[custom.data_type](text)
        if custom.data_type == "integer" and value is not None:
            value = value.to_integral_value()
        return value, "unreadable" if value is None and text is not None else None

    def _settle_deal(self, row: RawRow) -> None:
        """Whether a deal is closed, won, and since when: as ``closed_at`` and ``is_won`` then say.

        ``planned_at`` keeps the ``closed_at`` of the row, which decides between its duplicates.
        """
        deal = row.record
        deal["planned_at"] = deal["closed_at"]
        is_closed = deal["is_closed"]
        if is_closed is None:
            is_closed = deal["closed_at"] is not None and deal["is_won"] is not None
            if deal["closed_at"] is not None and not is_closed:
                columns = ("closed_at", "is_won")
                row.faults.append(Fault("planned closed_at", columns))
        if not is_closed:
            deal["closed_at"] = deal["is_won"] = None
            return
        if deal["closed_at"] is None:
            deal["closed_at"] = deal["updated_at"]
        if deal["closed_at"] is None:
            self._spoil(row, Fault("missing closed_at", ("closed_at",)))
            return
        deal["is_won"] = deal["is_won"] is True
        if deal["closed_at"] < deal["created_at"]:
            deal["created_at"] = deal["closed_at"]
            row.faults.append(Fault("late created_at", ("created_at", "closed_at")))


def _key_and_time_first(table: RawTable) -> Iterable[RawColumn]:
    """The columns in the order in which their faults count."""
    first = [*table.key, *([table.happened] if table.happened else [])]
    columns = {column.name: column for column in table.columns}
    return [columns[name] for name in dict.fromkeys([*first, *columns])]


def is_tracked(change: Record, policy: Policy) -> bool:
    """Whether a change is one of an attribute that rules may ask for."""
    is_built_in = change["attribute"] in TRACKED.get(change["object"], ())
    return is_built_in or custom_attribute(change, policy) is not None


def custom_attribute(change: Record, policy: Policy) -> CustomAttribute | None:
    """The row of attributes.csv that lists the attribute of a change."""
    for row in policy.attributes:
        if (row.kind, row.attribute) == (change["object"], change["attribute"]):
            return row
    return None


def complete_references(rows: dict[str, list[RawRow]]) -> None:
    """A reference of 15 characters that equals no key means the one of 18 that begins with it.

    Keys of unusable rows are keys too: what may be theirs becomes nobody else's.
    """
    keys: dict[str, set[str]] = {}
    long_keys: dict[str, dict[str, set[str]]] = {}
    for name, table in TABLES.items():
        given = [row.record[table.key[0]] for row in rows[name] if row.outcome is None]
        found = {key for key in given if key is not None}
        keys[name] = found
        for key in found:
            if len(key) == LONG_ID:
                long_keys.setdefault(name, {}).setdefault(key[:SHORT_ID], set()).add(key)
    for name, table in TABLES.items():
        for column in table.columns:
            for row in rows[name]:
                target = referred_table(row, column)
                value = row.record[column.name]
                if target is None or value is None or len(value) != SHORT_ID:
                    continue
                candidates = long_keys.get(target, {}).get(value, set())
                if value not in keys[target] and len(candidates) == 1:
                    row.record[column.name] = next(iter(candidates))


def referred_table(row: RawRow, column: RawColumn) -> str | None:
    """The table whose key a column names: of a change that of its object."""
    if row.source == ATTRIBUTE_CHANGES and column.name == "record_id":
        return TABLE_OF_OBJECT.get(row.record["object"])
    return column.references


def _by_key(name: str, rows: list[RawRow]) -> list[list[RawRow]]:
    """The rows that have a key, usable or not, those of one key together."""
    groups: dict[tuple, list[RawRow]] = {}
    for row in rows:
        key = tuple(row.record[column] for column in TABLES[name].key)
        if None not in key:
            groups.setdefault(key, []).append(row)
    return list(groups.values())


def _decide_duplicates(name: str, rows: list[RawRow]) -> None:
    """Of the usable rows with one key the latest stays, unless an unreadable flag is newer yet.

    Of rows that tie a deleted one goes first. Then the columns decide, in the order of the
    contract: the smaller value goes first, texts by their bytes, and an empty one last.
    """
    for group in _by_key(name, rows):
        usable = [row for row in group if row.unusable is None]
        if not usable:
            continue
        newest = max(_recency(row) for row in usable)
        hidden = any(row.hides_older and _recency(row) > newest for row in group)
        tied = [row for row in usable if _recency(row) == newest and not hidden]
        kept = min(tied, key=_rank_of_tied, default=None)
        for row in usable:
            if row is kept:
                continue
            if row not in tied:
                row.outcome = "superseded"
            else:
                row.outcome = "repeated" if row.record == kept.record else "conflicting"


def _recency(row: RawRow) -> tuple:
    """What says which of two rows with one key is the newer; what is unknown is the earliest."""
    columns = TABLES[row.source].newest
    if row.source == "opportunities":
        planned = row.record.get("planned_at", row.record["closed_at"])
        return (_or_earliest(row.record["updated_at"]), _or_earliest(planned))
    return tuple((row.record[name] is not None, row.record[name] or "") for name in columns)


def _or_earliest(time: datetime | None) -> datetime:
    return time or EARLIEST


def _rank_of_tied(row: RawRow) -> tuple:
    """What says which of two rows that are as late as each other counts: the smaller."""
    table = TABLES[row.source]
    others = [c.name for c in table.columns if c.name not in (*table.key, *table.newest)]
    values = [row.record.get(name) for name in others]
    texts = [value.encode() if isinstance(value, str) else value for value in values]
    return (
        row.record.get("is_deleted") is not True,
        [(value is None, value) for value in texts],
    )


def _decide_costs(rows: list[RawRow]) -> None:
    """Of the costs of a campaign and day those that came last count, equal ones once."""
    for group in _by_key("campaign_costs", rows):
        usable = [row for row in group if row.unusable is None]
        newest = max((_recency(row) for row in usable), default=None)
        different: list[RawRow] = []
        for row in usable:
            if _recency(row) != newest:
                row.outcome = "superseded"
            elif any(row.record == other.record for other in different):
                row.outcome = "repeated"
            else:
                different.append(row)
        if len(different) > 1:
            for row in different:
                row.faults.append(Fault("several costs on one day", ("cost",)))


def personal_columns(source: str) -> set[str]:
    """The columns of a table whose values are shown nowhere."""
    return {column.name for column in TABLES[source].columns if column.is_personal}


def times_of(source: str) -> list[str]:
    """The columns of a table that hold a time or a date."""
    return [c.name for c in TABLES[source].columns if c.data_type in ("timestamp", "date")]


TABLES: dict[str, RawTable] = raw_tables()
HAPPENED_AT = {
    name: table.happened
    for name, table in TABLES.items()
    if table.happened is not None and name != "campaign_costs"
}
"""By table when its record came to be, where a row without that time cannot be used."""
