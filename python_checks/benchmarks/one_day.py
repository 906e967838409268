"""The raw tables as they were some days ago, so that a daily run has something new to find."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import duckdb

from python_checks.reference.raw import HAPPENED_AT


def day_of_last(raw: Path, tables: Iterable[str], share: float, last: date) -> date:
    """The latest day from which on at least this share of the events of some tables happened.

    Args:
        raw: Folder of <table>.parquet.
        tables: Event tables.
        share: 0 to 1.
        last: Last day that counts.
    """
    days = " union all ".join(
        f"select substr(cast(occurred_at as varchar), 1, 10) as day from '{raw / table}.parquet'"
        for table in tables
    )
    with duckdb.connect() as connection:
        counts = dict(
            connection.execute(f"select day, count(*) from ({days}) group by day").fetchall()
        )
    wanted, day, found = share * sum(counts.values()), last + timedelta(days=1), 0
    while found < wanted:
        day -= timedelta(days=1)
        found += counts.get(day.isoformat(), 0)
    return day


def write_before(raw: Path, day: date, out: Path) -> None:
    """Write the raw tables without what happened on a day or later; those without times whole."""
    out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        for path in sorted(raw.glob("*.parquet")):
            moment = HAPPENED_AT.get(path.stem)
            later = f"coalesce(cast({moment} as varchar), '') >= '{day}'" if moment else "false"
            connection.execute(
                f"copy (from '{path}' where not ({later})) to '{out / path.name}' (format parquet)"
            )
