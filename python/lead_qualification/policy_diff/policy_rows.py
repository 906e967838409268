"""Which rows of the policy tables differ between two builds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from lead_qualification.policy.dates import BOUNDS, VALID_FROM, boundaries, is_in_force
from lead_qualification.policy.keys import KEYS

Key = tuple[str | None, ...]
Cells = dict[str, str | None]
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class CellChange:
    """A cell that holds another value; none is an empty cell."""

    column: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class PolicyChange:
    """A row of a policy table that differs.

    Attributes:
        table: The policy table.
        row: Its key as text, such as ``scoring_model=guide signal=email_click``.
        kind: ``added``, ``removed`` or ``changed``.
        cells: The cells that differ; of a row of one side only, those that are not empty.
    """

    table: str
    row: str
    kind: str
    cells: tuple[CellChange, ...]


def policy_changes(before: dict[str, Rows], after: dict[str, Rows]) -> list[PolicyChange]:
    """Return the rows that differ, by table and in the order of their keys.

    Args:
        before: The rows of the policy tables of one build by the name of the table.
        after: Those of the other build.
    """
    return [
        change
        for table in sorted({*before, *after})
        for change in table_changes(table, before.get(table, []), after.get(table, []))
    ]


def table_changes(table: str, before: Rows, after: Rows) -> list[PolicyChange]:
    """Return the rows of one policy table that differ."""
    known = KEYS.get(table)
    old, new = rows_by_key(before, known), rows_by_key(after, known)
    changes = []
    for key in sorted({*old, *new}, key=sortable):
        earlier, later = old.get(key, {}), new.get(key, {})
        cells = tuple(
            CellChange(column, earlier.get(column), later.get(column))
            for column in dict.fromkeys([*earlier, *later])
            if earlier.get(column) != later.get(column)
            and not (column in (*(known or ()), VALID_FROM) and (key not in old or key not in new))
        )
        kind = "added" if key not in old else "removed" if key not in new else "changed"
        if cells or kind != "changed":
            changes.append(PolicyChange(table, row_text(known, key), kind, cells))
    return changes


def rows_by_key(rows: Rows, key: tuple[str, ...] | None) -> dict[Key, Cells]:
    """Return the rows of a policy table by their key, or by all their cells if it has none.

    Where rows have dates, a rule has several: the last part of the key is when each begins.
    """
    found = {}
    for row in rows:
        cells = {column: as_cell(value) for column, value in row.items()}
        named = (*key, VALID_FROM) if key and VALID_FROM in cells else key
        found[tuple(cells.get(column) for column in named or cells)] = cells
    return found


def row_text(columns: tuple[str, ...] | None, key: Key) -> str:
    """Return a key as text; an empty part says so, but for a row that always was in force."""
    if columns is None:
        return " ".join(part if part is not None else "(empty)" for part in key)
    told = [
        f"{column}={'(empty)' if part is None else part}"
        for column, part in zip(columns, key, strict=False)
    ]
    since = [f"{VALID_FROM}={part}" for part in key[len(columns) :] if part is not None]
    return " ".join([*told, *since])


def as_cell(value: object) -> str | None:
    """Return a value as it stands in the CSV, the same from every engine; none if it is empty."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, Decimal)):
        return f"{Decimal(value).normalize():f}"
    return str(value)


def rows_that_restate(
    before: dict[str, Rows], after: dict[str, Rows], until: datetime
) -> tuple[str, ...]:
    """Return the rules that are not the same at some instant before ``until``, such as "table key".

    A table whose rows have no dates says of all time what it says now.

    Args:
        before: The rows of the policy tables of one build by the name of the table.
        after: Those of the other build.
        until: The end of the time that was reported.
    """
    found = []
    for table in sorted({*before, *after}):
        old, new = before.get(table, []), after.get(table, [])
        texts = [{name: as_cell(row.get(name)) for name in BOUNDS} for row in (*old, *new)]
        instants = [datetime.min, *(cut for cut in boundaries(texts) if cut < until)]
        differing = {
            change.row
            for when in instants
            for change in table_changes(table, rules_at(old, when), rules_at(new, when))
        }
        found += [f"{table} {row}" for row in sorted(differing)]
    return tuple(found)


def rules_at(rows: Rows, when: datetime) -> Rows:
    """Return the rows in force at an instant, without their dates."""
    return [
        {column: value for column, value in row.items() if column not in BOUNDS}
        for row in rows
        if is_in_force({name: as_cell(row.get(name)) for name in BOUNDS}, when)
    ]


def sortable(key: Key) -> list[tuple[int, Decimal, str]]:
    """Return a key by which rows sort: empty parts, then numbers, then texts."""
    parts = []
    for part in key:
        if part is None:
            parts.append((0, Decimal(0), ""))
        elif part.lstrip("-").replace(".", "", 1).isdecimal():
            parts.append((1, Decimal(part), ""))
        else:
            parts.append((2, Decimal(0), part))
    return parts
