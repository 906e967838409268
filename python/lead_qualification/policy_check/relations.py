"""Whether keys are given once, names are known, and rows are there that the project needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lead_qualification.policy_check.cells import did_you_mean
from lead_qualification.policy_check.findings import Finding, quoted
from lead_qualification.policy_check.rows import Policy, Row
from lead_qualification.policy_check.schema import ANY_CASE, Column, TableSchema


def duplicates(policy: Policy) -> Iterator[Finding]:
    """Keys that two rows have, or that differ only in case."""
    for table in policy.schema.tables.values():
        columns = table.columns
        yield from repeated(policy, table, table.key)
        for name in (name for name, column in columns.items() if column.unique):
            yield from repeated(policy, table, (name,))


def repeated(policy: Policy, table: TableSchema, key: tuple[str, ...]) -> Iterator[Finding]:
    """Rows whose key an earlier row has."""
    first: dict[tuple[Any, ...], Row] = {}
    for row in policy[table.name]:
        values = tuple(row[name] for name in key)
        folded = tuple(table.columns[name].folded(row[name]) for name in key)
        loose = tuple(value.lower() if isinstance(value, str) else value for value in folded)
        if all(value is None for value in values):
            continue
        earlier = first.setdefault(loose, row)
        if earlier is row:
            continue
        shown = " ".join(str(value) for value in values if value is not None)
        same = tuple(earlier[name] for name in key)
        what = f"{quoted(shown)} has a row already, row {earlier.number}"
        if same != values:
            other = " ".join(str(value) for value in same if value is not None)
            compared = {table.columns[name].compared for name in key} - {""}
            ending = ", which count as one" if compared else ""
            how = "and case" if compared <= {ANY_CASE} else ", case and separators"
            what = f"{quoted(shown)} and {quoted(other)} in row {earlier.number} differ only in "
            what += f"{'case' if how == 'and case' else how[2:]}{ending}"
        yield row.error(key[-1], what, "keep one of them")


def unknown_names(policy: Policy) -> Iterator[Finding]:
    """Names that the table they refer to does not have."""
    for table in policy.schema.tables.values():
        for column in table.columns.values():
            if column.references:
                yield from unknown_in(policy, table, column)


def unknown_in(policy: Policy, table: TableSchema, column: Column) -> Iterator[Finding]:
    """Names of one column that are unknown."""
    other, _, name = column.references.partition(".")
    known = policy.values(other, name) | set(column.values)
    folded = {column.folded(value) for value in known}
    for row in policy[table.name]:
        value = row[column.name]
        items = value if column.list else [value]
        for item in items or ():
            if item is not None and column.folded(item) not in folded:
                yield row.error(column.name, *unknown(policy, item, known, f"{other}.csv"))


def unknown(policy: Policy, item: str, known: set[str], file: str) -> tuple[str, str]:
    """Return that a name is unknown, and what to write."""
    parts = [part.strip() for mark in ",;" for part in item.split(mark) if mark in item]
    if parts and all(part in known for part in parts):
        return f"{quoted(item)} is several names", f"put bars between them: {'|'.join(parts)}"
    remedy = did_you_mean(item, known) or f"add it to {file} or correct it"
    if file == "countries.csv":
        codes = {str(row["name"]).lower(): row["country"] for row in policy["countries"]}
        if item.lower() in codes:
            remedy = f"did you mean {codes[item.lower()]}?"
    return f"{quoted(item)} is not in {file}", remedy


def missing(policy: Policy) -> Iterator[Finding]:
    """Tables without a row and rows that the project needs by name."""
    for table in policy.schema.tables.values():
        rows = policy[table.name]
        if table.needs_rows and not rows:
            yield policy.file_error(table.name, "no row is in force", "nothing works without one")
            continue
        for column in table.columns.values():
            there = policy.values(table.name, column.name)
            for name in column.each:
                if name not in there:
                    what = f"no row with {column.name} {name}"
                    odd = did_you_mean(name, there - set(column.each) - set(column.values))
                    remedy = odd.replace("did you mean", "is it") or "add it"
                    yield policy.file_error(table.name, what, f"the project needs it: {remedy}")


RULES = (duplicates, unknown_names, missing)
