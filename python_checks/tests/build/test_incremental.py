"""A build on top of an earlier one makes the very tables that a build from nothing makes.

Random worlds change at random from day to day: late and early records, duplicates, corrections,
deletions, merges, erasures, changed addresses and accounts, identified visitors, new leads, deals
closed and reopened, campaigns, costs and reps. Nothing of one world touches another, so these are
as many random sequences of days. ``LEAD_SEQUENCES_COUNT`` says how many.
"""

from __future__ import annotations

import os
import signal
import subprocess
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import duckdb
import pytest

from lead_qualification.dbt import dbt_command
from lead_qualification.warehouse import PROJECT, Warehouse, connect_postgres
from python_checks.building import edit_policy
from python_checks.dbt_process import DbtProcess
from python_checks.processes import environment_without_settings
from python_checks.tests.builds import Builds, build_in_postgres
from python_checks.tests.conftest import WORLDS_SEED
from python_checks.tests.tables import tables_of_schema, tables_that_differ
from python_checks.world_changes import pass_a_day, read_tables, write_tables
from python_checks.worlds import generate_worlds

SEQUENCES = int(os.environ.get("LEAD_SEQUENCES_COUNT", "12"))
FIRST = datetime(2026, 8, 1)
OF_THE_RUN = ("int_run_scope", "int_leads_this_run", "int_finished_run")
"""Tables that say how they were built."""


def raise_points(project: Path) -> None:
    """Give a signal other points."""
    edit_policy(
        project,
        "signal_points",
        {"scoring_model": "guide", "signal": "pricing_page_visit"},
        {"points": "21"},
    )


@dataclass(frozen=True)
class Day:
    """A day, and what is special about it.

    Attributes:
        clock: The clock of the build.
        changes: Whether raw data changes.
        edits_policy: Whether the policy is edited from then on.
        unfinished: A run that ends halfway, before the build, with a later clock and other data.
        whole_because: Part of the reason why every lead is recomputed.
    """

    clock: datetime
    changes: bool = True
    edits_policy: bool = False
    unfinished: bool = False
    whole_because: str = ""


DAYS = {
    "changes": Day(datetime(2026, 8, 2)),
    "after an unfinished run": Day(datetime(2026, 8, 9), unfinished=True),
    "only the clock": Day(datetime(2026, 8, 30), changes=False),
    "an edited policy": Day(datetime(2026, 8, 31), edits_policy=True, whole_because="policy"),
    "after the edit": Day(datetime(2026, 9, 1), edits_policy=True),
    "the clock back": Day(datetime(2026, 8, 20), edits_policy=True, whole_because="went back"),
}
SHORT = ("changes",)
"""The day of ``make test``."""


@dataclass
class Sequence:
    """Builds of one day after another, each on top of the one before.

    Attributes:
        builds: Makes the builds.
        folder: Where raw folders go.
        tables: The raw data as it is now.
        done: By day the build on top of the one before, and the one from nothing.
    """

    builds: Builds
    folder: Path
    tables: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    rng: Random = field(default_factory=lambda: Random(WORLDS_SEED))
    done: dict[str, tuple[Warehouse, Future[Warehouse]]] = field(default_factory=dict)
    last: Warehouse | None = None
    clock: datetime = FIRST

    def begin(self) -> None:
        """Build the first day."""
        generate_worlds(SEQUENCES, WORLDS_SEED, self.folder / "first")
        self.tables = read_tables(self.folder / "first")
        self.last = self.builds.build(self.folder / "first", FIRST)

    def until(self, name: str) -> tuple[Warehouse, Warehouse]:
        """Return the two builds of a day; they are made when they are first needed."""
        for day in list(DAYS)[: list(DAYS).index(name) + 1]:
            if day not in self.done:
                self.done[day] = self._pass(day, DAYS[day])
        on_top, whole = self.done[name]
        return on_top, whole.result()

    def _pass(self, name: str, day: Day) -> tuple[Warehouse, Future[Warehouse]]:
        before = self.last
        if day.unfinished:
            before = self._unfinished(day.clock)
        if day.changes:
            pass_a_day(self.tables, self.rng, min(self.clock, day.clock), day.clock)
        raw = write_tables(self.tables, self.folder / name.replace(" ", "_"))
        edit = raise_points if day.edits_policy else None
        self.last = self.builds.build(raw, day.clock, onto=before, edit=edit)
        self.clock = day.clock
        return self.last, self.builds.submit(raw, day.clock, edit=edit)

    def _unfinished(self, clock: datetime) -> Warehouse:
        """A run that ends at the hand-offs, with data and a clock that are taken back."""
        copies = {name: [dict(row) for row in rows] for name, rows in self.tables.items()}
        pass_a_day(copies, Random(1), self.clock, clock + timedelta(days=3))
        raw = write_tables(copies, self.folder / "taken_back")
        return self.builds.build(
            raw,
            clock + timedelta(days=3),
            onto=self.last,
            arguments=("--exclude", "int_handoffs+"),
        )


@pytest.fixture(scope="module")
def sequence(builds: Builds, tmp_path_factory: pytest.TempPathFactory) -> Sequence:
    """The sequence of days."""
    found = Sequence(builds, tmp_path_factory.mktemp("days"))
    found.begin()
    return found


@pytest.mark.parametrize(
    "name",
    [name if name in SHORT else pytest.param(name, marks=pytest.mark.nightly) for name in DAYS],
)
def test_tables_equal_a_build_from_nothing(sequence: Sequence, name: str) -> None:
    """Row for row, in every public and every intermediate table."""
    on_top, whole = sequence.until(name)
    assert all_that_differ(on_top, whole) == []
    leads, of_all, because = scope(on_top)
    if DAYS[name].whole_because:
        assert DAYS[name].whole_because in because
        assert leads == of_all
    else:
        assert because == ""
        assert 0 < leads < of_all


def test_without_news_nothing_is_recomputed(sequence: Sequence) -> None:
    """The same raw data, policy and clock."""
    on_top, whole = sequence.until("changes")
    raw = sequence.folder / "changes"
    again = sequence.builds.build(raw, DAYS["changes"].clock, onto=on_top)
    assert scope(again)[0] == 0
    assert all_that_differ(again, whole) == []


def leave_out_answers(project: Path) -> None:
    """Let a fingerprint know nothing of one kind of record."""
    path = project / "models" / "intermediate" / "signals" / "int_lead_fingerprints.sql"
    text = path.read_text(encoding="utf-8")
    line = "    ('stg_crm__qualification_answers', 'answered_at'),\n"
    assert line in text
    path.write_text(text.replace(line, ""), encoding="utf-8")


def confirm_everything(tables: dict[str, list[dict[str, str]]]) -> None:
    """Turn every answer in the CRM into another one."""
    for row in tables["qualification_answers"]:
        row["answer"] = "denied" if row["answer"].strip().lower() == "confirmed" else "confirmed"


@pytest.mark.nightly
def test_a_fingerprint_without_an_input_is_noticed(
    builds: Builds, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The comparison finds the leads that such a fingerprint misses."""
    folder = tmp_path_factory.mktemp("left_out")
    generate_worlds(SEQUENCES, WORLDS_SEED, folder / "first")
    tables = read_tables(folder / "first")
    before = builds.build(folder / "first", FIRST, edit=leave_out_answers)
    confirm_everything(tables)
    raw = write_tables(tables, folder / "then")
    on_top = builds.build(raw, FIRST, onto=before, edit=leave_out_answers)
    assert "int_framework_answers" in all_that_differ(on_top, builds.build(raw, FIRST))


@pytest.mark.nightly
@pytest.mark.parametrize("model", ["int_lead_fit", "lead_score_history", "int_handoff_context"])
def test_a_killed_build_is_repeated(sequence: Sequence, tmp_path: Path, model: str) -> None:
    """The next build finds its leads, whatever the data is by then."""
    on_top, _ = sequence.until("changes")
    path = tmp_path / "lead_qualification.duckdb"
    path.write_bytes(Path(on_top.environment["LEAD_DB_PATH"]).read_bytes())
    sequence.until("after an unfinished run")
    kill_build(path, sequence.folder / "taken_back", DAYS["only the clock"].clock, model)
    with duckdb.connect(str(path)) as connection:
        connection.execute("checkpoint")
    killed = Warehouse("duckdb", {"LEAD_DB_PATH": str(path)}, on_top.marts)
    raw, clock = sequence.folder / "after_an_unfinished_run", datetime(2026, 8, 9)
    repeated = sequence.builds.build(raw, clock, onto=killed)
    assert all_that_differ(repeated, sequence.until("after an unfinished run")[1]) == []
    assert scope(repeated)[2] == ""


def kill_build(path: Path, raw: Path, clock: datetime, model: str) -> None:
    """Start dbt on a DuckDB file, and kill it when it begins a model."""
    given = {"LEAD_DB_PATH": str(path), "LEAD_RAW_PATH": str(raw), "LEAD_AS_OF": str(clock)}
    process = subprocess.Popen(
        dbt_command("run", "duckdb", PROJECT, path.with_name("target"), {}),
        cwd=PROJECT,
        env=environment_without_settings() | given,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    begun = any(f".{model} " in line and "START" in line for line in process.stdout)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert begun, f"dbt never began {model}"


@pytest.mark.nightly
def test_tables_equal_a_build_from_nothing_on_postgres(
    postgres: dict[str, str], dbt: DbtProcess, tmp_path: Path
) -> None:
    """One day on the other engine; the build from nothing goes over the same tables."""

    def build(raw: Path, clock: datetime, *arguments: str) -> Warehouse:
        return build_in_postgres(
            postgres, dbt, "incremental", raw, clock, tmp_path / "dbt", arguments
        )

    clock = DAYS["changes"].clock
    generate_worlds(SEQUENCES, WORLDS_SEED, tmp_path / "first")
    tables = read_tables(tmp_path / "first")
    build(tmp_path / "first", FIRST)
    pass_a_day(tables, Random(WORLDS_SEED), FIRST, clock)
    raw = write_tables(tables, tmp_path / "then")
    warehouse = build(raw, clock)
    leads, of_all = (
        len(warehouse.read(f"select lead_id from incremental_intermediate.{table}"))
        for table in ("int_leads_this_run", "int_lead_fingerprints")
    )
    assert 0 < leads < of_all
    on_top = rows_on_postgres(postgres)
    build(raw, clock, "--full-refresh")
    whole = rows_on_postgres(postgres)
    assert [table for table in whole if whole[table] != on_top[table]] == []


def rows_on_postgres(server: dict[str, str]) -> dict[str, list[str]]:
    """The rows of each table as text, in order."""
    connection = connect_postgres(server)
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_schema in ('incremental_marts', 'incremental_intermediate')"
        )
        names = [row for row in cursor.fetchall() if row[1] not in OF_THE_RUN]
        found = {}
        for schema, name in names:
            cursor.execute(
                f'select cast(found as text) from "{schema}"."{name}" as found order by 1'
            )
            found[name] = [row[0] for row in cursor.fetchall()]
    connection.close()
    return found


def all_that_differ(one: Warehouse, other: Warehouse) -> list[str]:
    """Names of the public and intermediate tables that do not hold the very same rows."""
    by_schema = {
        schema: [name for name in tables_of_schema(other, schema) if name not in OF_THE_RUN]
        for schema in ("main_marts", "main_intermediate")
    }
    assert sum(map(len, by_schema.values())) > 100
    return [
        name
        for schema, names in by_schema.items()
        for name in tables_that_differ(one, other, names, schema)
    ]


def scope(warehouse: Warehouse) -> tuple[int, int, str]:
    """How many leads the last run recomputed, of how many, and why all if it did."""
    ((leads, of_all, because),) = warehouse.read(
        "select (select count(*) from main_intermediate.int_leads_this_run), "
        "(select count(*) from main_intermediate.int_lead_fingerprints), "
        "coalesce(whole_because, '') from main_intermediate.int_run_scope"
    ).itertuples(index=False)
    return leads, of_all, because
