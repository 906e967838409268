"""A daily run leaves the very tables that a full build of the same raw data makes.

Sixty random worlds change at random from day to day: late and early records, duplicates,
corrections, deletions, merges, erasures, changed addresses and accounts, identified visitors, new
leads. Nothing of one world touches another, so these are sixty random sequences of days.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random

import duckdb
import pytest

from lead_qualification.cli import main
from lead_qualification.daily_run.raw_tables import RawPlace
from lead_qualification.daily_run.run import Order, Run
from lead_qualification.daily_run.session import Session
from lead_qualification.daily_run.state import State, forget, read, rules_hash, write
from lead_qualification.exit_codes import WRONG_USE
from lead_qualification.warehouse import PROJECT, Warehouse, duckdb_warehouse, postgres_warehouse
from python_checks.building import build, copy_project, load_into_postgres
from python_checks.tests.build.daily_runs import (
    CLOCKS,
    ONLY_THE_CLOCK,
    POLICY_EDIT,
    SLICED,
    Day,
    copied,
    raise_points,
    run_days,
    write_days,
)
from python_checks.tests.builds import Builds, PostgresBuilds
from python_checks.tests.conftest import WORLDS_SEED
from python_checks.tests.tables import public_tables, tables_that_differ
from python_checks.world_changes import pass_a_day, read_tables, write_tables
from python_checks.worlds import generate_worlds


@pytest.fixture(scope="module")
def raw_of_days(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A raw folder for each day."""
    return write_days(tmp_path_factory.mktemp("raw_of_days"), WORLDS_SEED)


@pytest.fixture(scope="module")
def full_builds(raw_of_days: list[Path], builds: Builds) -> dict[int, Future[Warehouse]]:
    """A full build of each day on which only a part is computed."""
    found = {}
    for number in SLICED:
        if number < POLICY_EDIT:
            found[number] = builds.submit(raw_of_days[number], CLOCKS[number])
        else:
            found[number] = builds.submit(raw_of_days[number], CLOCKS[number], edit=raise_points)
    return found


@pytest.fixture(scope="module")
def days(
    raw_of_days: list[Path],
    full_builds: dict[int, Future[Warehouse]],
    tmp_path_factory: pytest.TempPathFactory,
) -> list[Day]:
    """The daily runs of all days, while the full builds are made."""
    return run_days(raw_of_days, tmp_path_factory.mktemp("daily_run"))


@pytest.mark.nightly
@pytest.mark.parametrize("number", SLICED)
def test_tables_equal_a_full_build(
    days: list[Day], full_builds: dict[int, Future[Warehouse]], number: int
) -> None:
    """Row for row, in every public table."""
    daily, full = days[number].warehouse, full_builds[number].result()
    assert public_tables(daily) == public_tables(full)
    assert tables_that_differ(daily, full, public_tables(full)) == []


@pytest.mark.nightly
@pytest.mark.parametrize("number", SLICED)
def test_only_a_part_is_computed(days: list[Day], number: int) -> None:
    """Some leads are recomputed, not all."""
    runs = (*days[number].broken, days[number].report)
    assert {report.full_because for report in runs} == {""}
    assert 0 < max(report.recomputed for report in runs) < days[number].report.leads
    assert any(report.changed for report in runs) == (number != ONLY_THE_CLOCK)


@pytest.mark.nightly
def test_what_makes_a_run_full(days: list[Day]) -> None:
    """The first run and one after an edit of the policy build everything."""
    assert "no earlier run" in days[0].report.full_because
    assert "policy" in days[POLICY_EDIT].report.full_because
    assert days[POLICY_EDIT].report.recomputed == days[POLICY_EDIT].report.leads


@pytest.mark.nightly
def test_run_after_two_broken_ones_repairs(days: list[Day]) -> None:
    """The last day's run was twice cut short, before and after rows were replaced."""
    assert [report.full_because for report in days[-1].broken] == ["", ""]
    assert "replace" not in days[-1].broken[0].seconds
    assert "replace" in days[-1].broken[1].seconds
    assert days[-1].report.full_because == ""


@pytest.mark.nightly
def test_build_by_hand_is_noticed(days: list[Day], raw_of_days: list[Path]) -> None:
    """Nobody knows from what a build by hand was made, so the next run is a full one."""
    by_hand = copied(days[-1].warehouse, len(CLOCKS))
    assert last_state(by_hand) == [(CLOCKS[-1],)]
    build(by_hand, raw=raw_of_days[-1], command="seed", arguments=("--select", "channels"))
    assert last_state(by_hand) == []


def last_state(warehouse: Warehouse) -> list[tuple[datetime]]:
    """The clock of the last daily run, if it is known."""
    with duckdb.connect(warehouse.environment["LEAD_DB_PATH"]) as connection:
        return connection.execute("select as_of from main_daily_run.state").fetchall()


def test_state_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    """Without a table, with columns that another version wrote, or with two rows."""
    session = Session(duckdb_warehouse(tmp_path / "state.duckdb"))
    assert read(session, "main_daily_run") is None
    forget(session, "main_daily_run")
    assert read(session, "main_daily_run") is None
    written = State(CLOCKS[0], "rules")
    write(session, "main_daily_run", written)
    assert read(session, "main_daily_run") == written
    session.execute("insert into main_daily_run.state select * from main_daily_run.state")
    assert read(session, "main_daily_run") is None
    session.execute("alter table main_daily_run.state drop column rules")
    assert read(session, "main_daily_run") is None
    session.close()


def test_rules_are_policy_models_and_vars(tmp_path: Path) -> None:
    """The hash changes with each of them; the clock and tests are not rules."""
    project = copy_project(tmp_path / "project")
    before = rules_hash(project, {"as_of": "2026-01-01"})
    (project / "tests" / "another.sql").write_text("select 1", encoding="utf-8")
    assert rules_hash(project, {"as_of": "2026-01-02"}) == before
    with_var = rules_hash(project, {"scanner_seconds": 6})
    raise_points(project)
    edited = rules_hash(project, {})
    model = project / "models" / "intermediate" / "signals" / "int_lead_signals.sql"
    model.write_text(model.read_text(encoding="utf-8") + "-- edited", encoding="utf-8")
    assert len({before, with_var, edited, rules_hash(project, {})}) == 4


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--as-of", "yesterday"], "--as-of is yesterday"),
        (["--as-of", "2026-08-01T00:00:00+02:00"], "without a zone"),
        (["--vars", "{as_of: 2026-08-01}"], "--as-of"),
        (["--vars", "["], "not YAML"),
        (["--project-dir", "/"], "not a dbt project"),
    ],
)
def test_wrong_use_is_told(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is wrong and what to write instead."""
    assert main(["daily", *arguments]) == WRONG_USE
    assert told in capsys.readouterr().err


WORLDS_IN_POSTGRES = 12


@pytest.mark.nightly
def test_tables_equal_a_full_build_on_postgres(
    postgres: dict[str, str], postgres_builds: PostgresBuilds, tmp_path: Path
) -> None:
    """One day on the other engine."""
    generate_worlds(WORLDS_IN_POSTGRES, WORLDS_SEED, tmp_path / "0")
    tables = read_tables(tmp_path / "0")
    order = Order(
        project=PROJECT,
        warehouse=postgres_warehouse(postgres, "daily"),
        schema="daily",
        place=RawPlace(None, "daily_raw", frozenset()),
        as_of=CLOCKS[0],
        variables={"raw_schema": "daily_raw"},
        dbt_folder=tmp_path / "dbt",
    )
    load_into_postgres(tmp_path / "0", postgres, "daily_raw")
    assert Run(order).go().full_because
    pass_a_day(tables, Random(WORLDS_SEED), CLOCKS[0], CLOCKS[1])
    raw = write_tables(tables, tmp_path / "1")
    load_into_postgres(raw, postgres, "daily_raw")
    report = Run(replace(order, as_of=CLOCKS[1])).go()
    assert 0 < report.recomputed < report.leads
    assert report.full_because == ""
    full = postgres_builds.submit(raw, "whole_day", CLOCKS[1]).result()
    daily = order.warehouse
    assert public_tables(daily) == public_tables(full)
    assert [
        table
        for table in public_tables(full)
        for one, other in ((daily, full), (full, daily))
        if len(
            one.read(
                f"select * from {one.marts}.{table} except all select * from {other.marts}.{table}"
            )
        )
    ] == []
