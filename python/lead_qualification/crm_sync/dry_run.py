"""What a dry run says: counts, each field from old to new, a few rows, and all of it as a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lead_qualification.crm_sync.delivery import Plan
from lead_qualification.crm_sync.records import Selection
from lead_qualification.crm_sync.sync_tables import Row, Value
from lead_qualification.tables import Table, as_text
from lead_qualification.untrusted import plain

SHOWN = 5
COLUMNS = ("key", "object", "field", "old", "new", "change")
FIRST, CHANGED, CLEARED = "first", "changed", "cleared"
Change = tuple[str, str | None, str, Value, Value, str]


def described(plan: Plan, selection: Selection) -> list[str]:
    """Return a dry run in words."""
    coming = _coming(plan)
    told = [
        f"dry run: {len(plan.to_send)} rows would be written, {len(plan.in_doubt)} would be "
        f"looked up in the CRM first, {len(plan.done)} are done",
        *_told_kinds(coming),
        *told_left_out(selection),
    ]
    if coming:
        told.append(as_text(_fields(coming)))
    for row in coming[:SHOWN]:
        values = [f"{change[2]} {_shown(change[3])} -> {_shown(change[4])}" for change in _of(row)]
        told.append(plain(f"  {row.key}: {'; '.join(values)}"))
    if len(coming) > SHOWN:
        told.append(f"  ... and {len(coming) - SHOWN} more")
    return told


def told_left_out(selection: Selection) -> list[str]:
    """Return a line for each reason why leads are not sent."""
    return [f"  left out: {count}, {reason}" for reason, count in selection.left_out.items()]


def write_changes(path: Path, plan: Plan) -> None:
    """Write a row for each value that would change; no text of it is a formula.

    The sync tables hold no name or address, so neither does the file.
    """
    rows = tuple(change for row in _coming(plan) for change in _of(row))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(Table(COLUMNS, rows).csv(), encoding="utf-8", newline="")


def _coming(plan: Plan) -> list[Row]:
    """The rows that are sent, or may be."""
    return [*plan.to_send, *plan.in_doubt]


def _of(row: Row) -> Iterator[Change]:
    """The values of a row that differ from the CRM's."""
    for name in row.changed:
        old, new = row.before[name], row.values[name]
        if old != new:
            change = FIRST if old is None else CLEARED if new is None else CHANGED
            yield row.key, row.kind or row.crm_object, name, old, new, change


def _fields(rows: list[Row]) -> Table:
    """How often each field is filled, changed and cleared."""
    counts = Counter((change[2], change[5]) for row in rows for change in _of(row))
    names = dict.fromkeys(name for row in rows for name in row.values)
    return Table(
        ("field", FIRST, CHANGED, CLEARED),
        tuple((name, *(counts[name, one] for one in (FIRST, CHANGED, CLEARED))) for name in names),
    )


def _told_kinds(rows: list[Row]) -> list[str]:
    """A line with the number of rows of each kind, where there are kinds."""
    kinds = Counter(row.kind for row in rows if row.kind)
    told = ", ".join(f"{count} as {kind}" for kind, count in sorted(kinds.items()))
    return [f"  {told}"] if told else []


def _shown(value: Value) -> str:
    """A value as people read it."""
    return "(empty)" if value is None else str(value)
