"""What the project is compared with: a hand-written script, and two floors.

All run on a new DuckDB file with the settings of profiles.yml that cost or save memory.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from python_checks.benchmarks.data import AS_OF, EVENT_TABLES, POLICY, Data
from python_checks.benchmarks.timing import Outcome

SCRIPT = Path(__file__).with_name("hand_written.sql")
# Columns of the wide floor -> how event tables that name one otherwise call it.
WIDE_COLUMNS = (
    *("record_id", "lead_id", "email", "anonymous_id", "account_domain", "program", "event_name"),
    *("page_path", "session_id", "asset", "campaign_id", "user_agent"),
)
NARROW_COLUMNS = ("event_name",)
OTHER_NAMES = {
    "web_events": {"record_id": "event_id"},
    "email_events": {"record_id": "event_id", "event_name": "event_type"},
    "marketing_activities": {"record_id": "activity_id", "event_name": "activity_type"},
    "product_events": {"record_id": "event_id"},
    "intent_signals": {"record_id": "signal_id", "event_name": "signal_type"},
}
KEYS = ("lead_id", "email", "anonymous_id", "account_domain")


def run_script(connection: duckdb.DuckDBPyConnection, raw: Path, as_of: str) -> None:
    """Run the hand-written script on a folder of raw Parquet files."""
    connection.execute(f"set variable raw = '{raw}'")
    connection.execute(f"set variable policy = '{POLICY}'")
    connection.execute(f"set variable as_of = timestamp '{as_of}'")
    connection.execute(SCRIPT.read_text(encoding="utf-8"))


def run_hand_written(data: Data) -> Outcome:
    """The hand-written script."""
    with _new_file(data) as connection:
        run_script(connection, data.raw, AS_OF)
        rows = connection.execute("select count(*) from score_timeline").fetchall()[0][0]
    return Outcome(f"{rows:,} rows of history")


def sort_narrow(data: Data) -> Outcome:
    """The narrow floor: key, event and time of the events, sorted by key and time."""
    with _new_file(data) as connection:
        _sort_events(connection, data.raw, ("key", *NARROW_COLUMNS))
    return Outcome()


def sort_wide(data: Data) -> Outcome:
    """The wide floor: fourteen columns of the events, sorted by key and time."""
    with _new_file(data) as connection:
        _sort_events(connection, data.raw, ("source", *WIDE_COLUMNS))
    return Outcome()


@contextmanager
def _new_file(data: Data) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a new DuckDB file, which goes at the end."""
    with (
        tempfile.TemporaryDirectory(dir=data.folder) as folder,
        duckdb.connect(str(Path(folder) / "new.duckdb")) as connection,
    ):
        connection.execute("set enable_progress_bar = false")
        connection.execute("set memory_limit = '6GB'")
        connection.execute("set preserve_insertion_order = false")
        yield connection


def _sort_events(
    connection: duckdb.DuckDBPyConnection, raw: Path, columns: tuple[str, ...]
) -> None:
    """Sort columns of the five event tables by key and time into a table."""
    selects = " union all ".join(_events_of(raw, table) for table in EVENT_TABLES)
    connection.execute(
        f"create table floor as select {', '.join(columns)}, occurred_at from "
        f"(select *, coalesce({', '.join(KEYS)}) as key from ({selects})) order by key, occurred_at"
    )


def _events_of(raw: Path, table: str) -> str:
    """Select an event table in the shape of the wide floor; what it lacks is empty."""
    path, names = raw / f"{table}.parquet", OTHER_NAMES[table]
    present = {row[0] for row in duckdb.sql(f"describe from '{path}'").fetchall()}
    columns = [
        f"{names.get(column, column)} as {column}"
        if names.get(column, column) in present
        else f"cast(null as varchar) as {column}"
        for column in WIDE_COLUMNS
    ]
    columns += [f"'{table}' as source", "try_cast(occurred_at as timestamp) as occurred_at"]
    return f"select {', '.join(columns)} from '{path}'"
