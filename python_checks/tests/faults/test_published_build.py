"""Publishing: all of a new state or nothing of it, despite readers, writers and kills.

The builds are quick ones (``quick_build.py``); test_faults.py has those of dbt.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import psycopg2
import pytest

from lead_qualification.warehouse import (
    Warehouse,
    connect_postgres,
    duckdb_warehouse,
    postgres_warehouse,
)
from python_checks.processes import wait_until
from python_checks.tests.builds import ENGINES
from python_checks.tests.conftest import ALL_KILLS
from python_checks.tests.faults.published_states import (
    QUICK_BUILD,
    Command,
    kill_somewhere,
    reader,
    states_at_once,
    wait_until_ended,
)

KILLS = 16 if ALL_KILLS else 6
SCHEMA = "published"
PARTS = ("demo", "history", "intermediate", "marts", "policy", "predictive", "staging")
ROLE = "report_reader"
NEVER = ("--wait", "0")
WRITER = """
import sys, time, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute(sys.argv[2])
print("written", flush=True)
time.sleep(600)
"""

READER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
for number in range(2):
    rows = connection.execute(f"select distinct state from main_marts.facts_0{number}").fetchall()
    print(*rows[0], flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def on_duckdb(tmp_path: Path) -> Command:
    """The command for a DuckDB file, with one published state."""
    command = Command(duckdb_warehouse(tmp_path / "leads.duckdb"), tmp_path)
    assert command.quick("old").code == 0
    return command


@pytest.fixture
def on_postgres(postgres: dict[str, str], tmp_path: Path) -> Iterator[Command]:
    """The command for PostgreSQL, with one published state."""
    command = Command(postgres_warehouse(postgres, SCHEMA), tmp_path)
    assert command.quick("old").code == 0
    yield command
    with connection_to(command.warehouse) as cursor:
        for part in PARTS:
            cursor.execute(f"drop schema if exists {SCHEMA}_{part} cascade")


@pytest.fixture(params=ENGINES)
def command(request: pytest.FixtureRequest) -> Command:
    """The command for each engine, with one published state."""
    return request.getfixturevalue(f"on_{request.param}")


@contextmanager
def connection_to(warehouse: Warehouse) -> Iterator[psycopg2.extensions.cursor]:
    """A transaction on PostgreSQL."""
    connection = connect_postgres(warehouse.environment)
    try:
        with connection, connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def path_of(command: Command) -> Path:
    """The published DuckDB file."""
    return Path(command.warehouse.environment["LEAD_DB_PATH"])


def land(warehouse: Warehouse, version: str) -> None:
    """Do as predictive_score: replace the rows of the landing table."""
    table = f"{warehouse.predictive}.lead_predictions"
    statements = (f"delete from {table}", f"insert into {table} values ('L1', '{version}')")
    if warehouse.target == "duckdb":
        with duckdb.connect(warehouse.environment["LEAD_DB_PATH"]) as connection:
            for statement in statements:
                connection.execute(statement)
        return
    with connection_to(warehouse) as cursor:
        for statement in statements:
            cursor.execute(statement)


def remembered(command: Command) -> list[str]:
    """The builds that left a row in the published snapshot, in their order."""
    schema = f"{command.warehouse.marts.removesuffix('_marts')}_history"
    rows = command.warehouse.read(f"select state from {schema}.remembered order by number")
    return rows["state"].tolist()


@contextmanager
def writer(path: Path, statement: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that has written into a DuckDB file and keeps it open."""
    words = [sys.executable, "-c", WRITER, str(path), statement]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        try:
            yield process
        finally:
            process.kill()


@dataclass
class Held:
    """A run whose build is done.

    Attributes:
        process: Its process.
        code: Its exit code once it has ended.
        printed: What it printed.
    """

    process: subprocess.Popen[str]
    code: int | None = None
    printed: str = ""


@contextmanager
def held_build(command: Command, state: str, *options: str) -> Iterator[Held]:
    """A run that begins to publish when the block is left."""
    built, publish = command.folder / "built", command.folder / "publish"
    wait = f"until [ -e {publish} ]; do sleep 0.05; done"
    build = f"{sys.executable} {QUICK_BUILD} {state} && touch {built} && {wait}"
    with command.popen(*options, "--", "sh", "-c", build) as process:
        held = Held(process)
        try:
            wait_until(built.exists)
            yield held
        finally:
            publish.touch()
            held.printed = process.communicate()[0]
            held.code = process.returncode


def leftovers(command: Command) -> list[str]:
    """What a build has left beside the published state."""
    if command.warehouse.target == "duckdb":
        path = path_of(command)
        return [entry.name for entry in path.parent.glob(f"{path.name}?*")]
    with connection_to(command.warehouse) as cursor:
        cursor.execute(
            "select nspname from pg_namespace "
            f"where nspname like '{SCHEMA}!_next%' escape '!' "
            f"or nspname like '{SCHEMA}!_before%' escape '!'"
        )
        return [name for (name,) in cursor.fetchall()]


def test_new_state_takes_the_place_of_the_old_one(command: Command) -> None:
    assert states_at_once(command.warehouse, "state") == {"old"}
    assert command.quick("new").code == 0
    assert states_at_once(command.warehouse, "state") == {"new"}
    assert leftovers(command) == []


def test_failed_build_leaves_the_old_state(command: Command) -> None:
    finished = command.quick("two words' error")
    assert finished.code == 1
    assert "nothing published: the build failed" in finished.printed
    assert states_at_once(command.warehouse, "state") == {"old"}
    assert leftovers(command) == []


def test_kills_leave_the_old_or_the_new_state(command: Command, tmp_path: Path) -> None:
    """At any moment of building and publishing; the state changes at most once per run."""
    draw, marker = random.Random(3), tmp_path / "built"
    start = time.monotonic()
    assert command.quick("s0", marker=marker).code == 0
    whole = time.monotonic() - start
    publishing = time.time() - marker.stat().st_mtime
    before, number, hits = "s0", 0, 0
    while hits < KILLS:
        number += 1
        state = f"s{number}"
        is_hit = kill_somewhere(
            lambda state=state: command.start_quick(state, marker=marker),
            marker,
            draw,
            (whole, publishing),
        )
        hits += is_hit
        if not is_hit:
            # The machine has become faster.
            whole, publishing = 0.8 * whole, 0.8 * publishing
        (found,) = states_at_once(command.warehouse, "state")
        assert found in (before, state)
        before = found
        if command.warehouse.target == "duckdb":
            wait_until_ended(path_of(command))
    assert command.quick("last").code == 0
    assert states_at_once(command.warehouse, "state") == {"last"}
    assert leftovers(command) == []


def test_readers_see_one_state(command: Command) -> None:
    """A reader that goes from table to table while states come and go."""
    with reader(lambda: states_at_once(command.warehouse, "state")) as seen:
        for number in range(6):
            assert command.quick(f"s{number}").code == 0
    assert {len(states) for states in seen} == {1}
    assert len(set().union(*seen)) > 2


@pytest.mark.nightly
def test_predictions_come_along(command: Command) -> None:
    """Also those that are written while the build runs."""
    land(command.warehouse, "first")
    assert command.quick("new").code == 0
    (row,) = command.warehouse.table("predictions").to_dict("records")
    assert (row["version"], row["state"]) == ("first", "new")
    with held_build(command, "newer") as held:
        land(command.warehouse, "second")
    assert held.code == 0, held.printed
    (row,) = command.warehouse.table("predictions").to_dict("records")
    assert (row["version"], row["state"]) == ("second", "newer")


def test_a_build_begins_with_what_builds_remember(command: Command) -> None:
    """A build adds to the snapshots that are published; here a row that says which build it was."""
    before = remembered(command)
    for state in ("new", "newer"):
        assert command.quick(state).code == 0
        assert states_at_once(command.warehouse, "state") == {state}
    assert len(before) == 1
    assert remembered(command) == [*before, "new", "newer"]


def test_two_builds_do_not_meet(command: Command) -> None:
    with held_build(command, "new") as held:
        finished = command.quick("other")
        assert finished.code == 2
        assert "another build" in finished.printed
        assert "wait until it has ended" in finished.printed
        held.process.kill()
    if command.warehouse.target == "duckdb":
        wait_until_ended(path_of(command))
    assert command.quick("new").code == 0
    assert states_at_once(command.warehouse, "state") == {"new"}


def test_missing_table_is_not_dropped_unasked(command: Command) -> None:
    """A selection must not take the place of the whole."""
    finished = command.quick("new", tables=5)
    assert finished.code == 1
    assert f"{command.warehouse.marts}.facts_05" in finished.printed
    assert "and 2 more" in finished.printed
    assert "--drop-removed" in finished.printed
    assert states_at_once(command.warehouse, "state") == {"old"}
    assert command.quick("new", "--drop-removed", tables=5).code == 0
    assert states_at_once(command.warehouse, "state") == {"new"}
    assert (
        "facts_05"
        not in command.warehouse.read(
            f"select table_name from information_schema.tables "
            f"where table_schema = '{command.warehouse.marts}'"
        )["table_name"].tolist()
    )


def test_wrong_use_is_told(on_duckdb: Command, on_postgres: Command) -> None:
    finished = on_duckdb.run("--", "no_such_command")
    assert (finished.code, "there is no command no_such_command" in finished.printed) == (2, True)
    finished = on_duckdb.run("--", "--target", "postgres")
    assert (finished.code, "write it before the --" in finished.printed) == (2, True)
    finished = on_postgres.quick("new", "--on-top")
    assert (finished.code, "--on-top copies a file" in finished.printed) == (2, True)


def test_open_reader_keeps_the_old_file(on_duckdb: Command) -> None:
    """It does not block the build, and one that reopens the file sees the new state."""
    path = path_of(on_duckdb)
    words = [sys.executable, "-c", READER, str(path)]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "old\n"
        assert on_duckdb.quick("new").code == 0
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline() == "old\n"
    assert states_at_once(on_duckdb.warehouse, "state") == {"new"}


def test_writer_is_waited_for_and_named(on_duckdb: Command, tmp_path: Path) -> None:
    """Before the build, and when it is done."""
    path = path_of(on_duckdb)
    with writer(path, "select 1") as process:
        finished = on_duckdb.quick("new")
        assert finished.code == 2
        assert f"{path}: another process has the DuckDB file open" in finished.printed
        assert f"PID {process.pid}" in finished.printed
    with ExitStack() as later:
        with held_build(on_duckdb, "new", *NEVER) as held:
            process = later.enter_context(writer(path, "select 1"))
        assert held.code == 1
        assert "nothing published" in held.printed
        assert f"PID {process.pid}" in held.printed
    assert states_at_once(on_duckdb.warehouse, "state") == {"old"}


def test_log_of_a_killed_writer_is_merged(on_duckdb: Command) -> None:
    """What it had committed is published, and its log is not left beside another file."""
    path = path_of(on_duckdb)
    committed = "insert into main_predictive.lead_predictions values ('L1', 'committed')"
    with writer(path, committed):
        pass
    assert path.with_name(f"{path.name}.wal").exists()
    assert on_duckdb.quick("new").code == 0
    assert leftovers(on_duckdb) == []
    (row,) = on_duckdb.warehouse.table("predictions").to_dict("records")
    assert (row["version"], row["state"]) == ("committed", "new")


@pytest.mark.parametrize("schema", ["crm_landing", "main_raw"])
def test_others_tables_need_a_copy(on_duckdb: Command, schema: str) -> None:
    """A build from an empty file would lose them; connectors make only views in main_raw."""
    path = path_of(on_duckdb)
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create schema {schema}")
        connection.execute(f"create table {schema}.leads as select 'L1' as lead_id")
    for options in ((), ("--drop-removed",)):
        finished = on_duckdb.quick("new", *options)
        assert finished.code == 2
        assert f"also holds {schema}.leads" in finished.printed
    assert "--on-top" in finished.printed
    assert on_duckdb.quick("new", "--on-top").code == 0
    assert states_at_once(on_duckdb.warehouse, "state") == {"new"}
    assert on_duckdb.warehouse.read(f"from {schema}.leads")["lead_id"].tolist() == ["L1"]


def test_file_that_is_no_database_is_told(on_duckdb: Command) -> None:
    path = path_of(on_duckdb)
    path.write_text("no database" * 1000)
    finished = on_duckdb.quick("new")
    assert finished.code == 2
    assert f"{path}: not a readable DuckDB file" in finished.printed
    assert path.read_text().startswith("no database")


def test_leftover_of_a_killed_build_is_removed(on_duckdb: Command) -> None:
    folder = path_of(on_duckdb).with_name("leads.duckdb.building")
    folder.mkdir()
    for name in ("leads.duckdb", "leads.duckdb.wal"):
        (folder / name).write_text("half")
    (folder / "leads.duckdb.tmp").mkdir()
    assert on_duckdb.quick("new").code == 0
    assert states_at_once(on_duckdb.warehouse, "state") == {"new"}
    assert leftovers(on_duckdb) == []


@pytest.mark.nightly
def test_transaction_of_a_reader_is_waited_for(on_postgres: Command) -> None:
    """What it has begun to read stays; it is named if it does not end."""
    marts = on_postgres.warehouse.marts
    with connection_to(on_postgres.warehouse) as cursor:
        cursor.execute(f"select distinct state from {marts}.facts_00")
        assert cursor.fetchall() == [("old",)]
        finished = on_postgres.quick("new", *NEVER)
        assert finished.code == 1
        assert "in use without a pause" in finished.printed
        assert f"process {cursor.connection.info.backend_pid}" in finished.printed
        waiting = on_postgres.start_quick("new")
        waiting.join(2)
        assert waiting.is_alive()
        cursor.execute(f"select distinct state from {marts}.facts_01")
        assert cursor.fetchall() == [("old",)]
    waiting.join()
    assert waiting.exitcode == 0
    assert states_at_once(on_postgres.warehouse, "state") == {"new"}


def test_raw_tables_stay(on_postgres: Command) -> None:
    """Raw tables may be where connectors would put their views; no option drops them."""
    raw = f"{SCHEMA}_raw"
    with connection_to(on_postgres.warehouse) as cursor:
        cursor.execute(f"create schema if not exists {raw}")
        cursor.execute(f"create table {raw}.leads as select 'L1' as lead_id")
    assert on_postgres.quick("new", "--drop-removed").code == 0
    assert states_at_once(on_postgres.warehouse, "state") == {"new"}
    assert on_postgres.warehouse.read(f"select * from {raw}.leads")["lead_id"].tolist() == ["L1"]
    with connection_to(on_postgres.warehouse) as cursor:
        cursor.execute(f"drop table {raw}.leads")


def test_rights_stay(on_postgres: Command) -> None:
    """Those on schemas and tables, and the default ones for a table that is new."""
    marts = on_postgres.warehouse.marts
    with connection_to(on_postgres.warehouse) as cursor:
        cursor.execute(f"create role {ROLE}")
        cursor.execute(f"grant usage on schema {marts} to {ROLE}")
        cursor.execute(f"grant select on {marts}.facts_00 to {ROLE}")
        cursor.execute(f"grant select on {marts}.facts_01 to public")
        cursor.execute(
            f"alter default privileges in schema {marts} grant select on tables to {ROLE}"
        )
    assert on_postgres.quick("new", tables=13).code == 0
    with connection_to(on_postgres.warehouse) as cursor:
        cursor.execute(f"set role {ROLE}")
        for table in ("facts_00", "facts_01", "facts_12"):
            cursor.execute(f"select distinct state from {marts}.{table}")
            assert cursor.fetchall() == [("new",)]
        cursor.execute("reset role")
        cursor.execute(f"drop owned by {ROLE}")
        cursor.execute(f"drop role {ROLE}")


def test_views_of_others_read_the_new_tables(on_postgres: Command) -> None:
    """A view is rebound with its options; a materialized one cannot be and is named."""
    marts = on_postgres.warehouse.marts
    with connection_to(on_postgres.warehouse) as cursor:
        cursor.execute("create schema reports")
        cursor.execute(
            "create view reports.states with (security_barrier=true) as "
            f"select state from {marts}.facts_00 union select state from {marts}.facts_01"
        )
        cursor.execute("create view reports.more as select * from reports.states")
    try:
        assert on_postgres.quick("new").code == 0
        with connection_to(on_postgres.warehouse) as cursor:
            cursor.execute("select state from reports.more")
            assert cursor.fetchall() == [("new",)]
            cursor.execute("select reloptions from pg_class where relname = 'states'")
            assert cursor.fetchall() == [(["security_barrier=true"],)]
            cursor.execute(
                f"create materialized view reports.kept as select * from {marts}.facts_00"
            )
        finished = on_postgres.quick("newer")
        assert finished.code == 1
        assert "reports.kept: a materialized view" in finished.printed
        assert states_at_once(on_postgres.warehouse, "state") == {"new"}
    finally:
        with connection_to(on_postgres.warehouse) as cursor:
            cursor.execute("drop schema reports cascade")
