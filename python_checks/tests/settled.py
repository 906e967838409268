"""Worlds of which nothing that happens later changes what is known of an earlier time.

Attributes, merges and erasure are those of today, whatever the clock. Besides, a few rules of the
specification look back: who identifies a visitor later owns his earlier visits, the open leads of a
rep who leaves go to others, an opt-out flag without a time moves with the clock, a burst of clicks
shows itself at its last click only, and a date alone is as early as the clock allows.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from python_checks.reference.options import Options
from python_checks.reference.raw import Record
from python_checks.tests.tables import raw_records
from python_checks.world_changes import read_tables, write_tables
from python_checks.worlds import WORLDS_AS_OF

Tables = dict[str, list[Record]]


def settled_since(tables: Tables) -> dict[str, datetime]:
    """The time in each world after which nobody is created or identified."""
    since: dict[str, datetime] = {}
    for record in tables["leads"]:
        world = record["lead_id"][:5]
        since[world] = max(since.get(world, datetime.min), record["created_at"] or datetime.min)
    for record in tables["web_events"]:
        world = record["event_id"][:5]
        if record["event_name"] == "identify" and world in since:
            since[world] = max(since[world], record["occurred_at"])
    return since


def with_moving_flags(tables: Tables) -> set[str]:
    """The worlds with an opt-out flag that has no time of its own."""
    return {
        record["lead_id"][:5]
        for record in tables["leads"]
        if record["has_opted_out"] is True and record["opted_out_at"] is None
    }


def clicked_soon_after(tables: Tables, at: datetime, world: str) -> bool:
    """Whether a click so soon after a time may make those before it a burst."""
    limit = timedelta(seconds=float(Options().burst_seconds))
    return any(
        event["event_type"] == "clicked" and at < event["occurred_at"] < at + limit
        for event in tables["email_events"]
        if event["event_id"][:5] == world
    )


def _values(record: Record) -> tuple[object, ...]:
    return tuple(record.values())


def settled_worlds(raw: Path, at: datetime) -> set[str]:
    """The worlds whose history up to a time is the same whenever it is told."""
    tables, then = raw_records(raw, WORLDS_AS_OF), raw_records(raw, at)
    settled = {world for world, since in settled_since(tables).items() if since <= at}
    settled -= with_moving_flags(tables)
    for name, records in tables.items():
        moved = Counter(map(_values, records))
        moved.subtract(map(_values, then[name]))
        settled -= {str(values[0])[:5] for values, count in moved.items() if count}
    return {world for world in settled if not clicked_soon_after(tables, at, world)}


def keep_reps(raw: Path) -> None:
    """Let nobody leave whose open leads would go to somebody else."""
    tables = read_tables(raw)
    for row in tables["sales_reps"]:
        row["active_to"] = ""
    write_tables(tables, raw)
