"""A recorded build is replayed where that leads to the same, and only there."""

from __future__ import annotations

from pathlib import Path

import duckdb

from python_checks.recordings import Recording, Recordings, Statement, recording

CLOCK, LATER = "2026-03-01 09:00:00", "2026-04-01 09:00:00"
COPIED = Statement(
    "create table copied as select n, cast('" + CLOCK + "' as timestamp) as t from raw"
)
ASKED = Statement("/* {} */ select 1 as found from raw where n > 5 limit 1", [])
SHOWN = Statement('select * from "int_run_scope"', [("first run",)])


def raw(folder: Path, *numbers: int) -> Path:
    """A file with a raw table."""
    path = folder / "replayed.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table raw (n integer)")
        for number in numbers:
            connection.execute("insert into raw values (?)", [number])
        connection.execute("create table int_run_scope as select 'another run' as told")
    return path


def test_other_rows_and_another_clock_are_replayed(tmp_path: Path) -> None:
    path = raw(tmp_path, 2, 3)
    assert Recording([ASKED, COPIED, SHOWN], CLOCK).replay(path, LATER)
    with duckdb.connect(str(path)) as connection:
        found = connection.execute("select n, t::text from copied order by n").fetchall()
    assert found == [(2, LATER), (3, LATER)]


def test_an_answer_that_decides_the_sql_ends_the_replay(tmp_path: Path) -> None:
    assert not Recording([ASKED, COPIED], CLOCK).replay(raw(tmp_path, 6), CLOCK)


def test_an_answer_that_stops_a_build_ends_the_replay(tmp_path: Path) -> None:
    path = raw(tmp_path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("update int_run_scope set told = 'stop'")
    assert not Recording([SHOWN], CLOCK).replay(path, CLOCK)


def test_an_error_ends_the_replay(tmp_path: Path) -> None:
    assert not Recording([Statement("select absent from raw", [])], CLOCK).replay(
        raw(tmp_path), CLOCK
    )


def test_transactions_and_unread_queries_are_left_out() -> None:
    said = [Statement("BEGIN"), ASKED, Statement("/* a */ select 1"), COPIED, Statement("COMMIT")]
    found = recording(said, CLOCK)
    assert found is not None
    assert found.statements == [ASKED, COPIED]


def test_a_build_that_reads_its_clock_is_not_replayed() -> None:
    assert recording([Statement("select t from copied", [(CLOCK,)])], CLOCK) is None


def test_an_answer_that_is_only_shown_may_differ() -> None:
    shown = Statement(
        'select told, stops from "x"."y"."int_quarantine_rates" where n > 1', [("a", 0)]
    )
    assert shown.leads_to_the_same([("this", 0)])
    assert not shown.leads_to_the_same([("this", 0), ("that", 1)])


def test_the_order_of_columns_decides_nothing() -> None:
    columns = Statement('select column_name from (\n  describe "raw")', [("a",), ("b",)])
    assert columns.leads_to_the_same([("b",), ("a",)])
    assert not columns.leads_to_the_same([("b",), ("a",), ("c",)])


def test_recordings_are_found_by_their_kind_in_any_process(tmp_path: Path) -> None:
    Recordings(tmp_path / "kept").keep("one kind", Recording([ASKED], CLOCK))
    other = Recordings(tmp_path / "kept")
    assert list(other.of_kind("one kind")) == [Recording([ASKED], CLOCK)]
    assert list(other.of_kind("another kind")) == []
