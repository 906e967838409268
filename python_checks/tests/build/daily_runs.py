"""Sixty random worlds that change from day to day, and a daily run of each day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from lead_qualification.daily_run.dbt_runs import Dbt
from lead_qualification.daily_run.raw_tables import RawPlace
from lead_qualification.daily_run.run import Order, Report, Run
from lead_qualification.errors import DbtError
from lead_qualification.warehouse import Warehouse, duckdb_warehouse
from python_checks.building import copy_project, edit_policy
from python_checks.world_changes import CHANGES, pass_a_day, read_tables, write_tables
from python_checks.worlds import generate_worlds

WORLDS = 60
CLOCKS = (
    datetime(2026, 8, 1),
    datetime(2026, 8, 2),
    datetime(2026, 8, 9),
    datetime(2026, 8, 10, 12),
    datetime(2026, 8, 11),
)
ONLY_THE_CLOCK = 2
POLICY_EDIT = 3
SLICED = (1, ONLY_THE_CLOCK, 4)


@dataclass(frozen=True)
class Day:
    """What a daily run did, a copy of the tables as it left them, and earlier runs cut short."""

    report: Report
    warehouse: Warehouse
    broken: tuple[Report, ...] = ()


def raise_points(project: Path) -> None:
    """Give a signal other points."""
    edit_policy(
        project,
        "signal_points",
        {"scoring_model": "guide", "signal": "pricing_page_visit"},
        {"points": "21"},
    )


def write_days(folder: Path, seed: int) -> list[Path]:
    """Write a raw folder for each day; something of every kind of change happens on some day."""
    rng = Random(seed)
    generate_worlds(WORLDS, seed, folder / "0")
    tables = read_tables(folder / "0")
    folders, done = [folder / "0"], set()
    for number in range(1, len(CLOCKS)):
        if number != ONLY_THE_CLOCK:
            changes = pass_a_day(tables, rng, CLOCKS[number - 1], CLOCKS[number])
            done |= {name for world in changes.values() for name in world}
        folders.append(write_tables(tables, folder / str(number)))
    assert done == {change.__name__ for change in CHANGES}
    return folders


def run_days(raw_of_days: list[Path], folder: Path) -> list[Day]:
    """Run day after day in one DuckDB file, in a project whose policy is edited on one of them."""
    order = Order(
        project=copy_project(folder / "project"),
        warehouse=duckdb_warehouse(folder / "daily.duckdb"),
        schema="main",
        place=None,
        as_of=CLOCKS[0],
        variables={},
        dbt_folder=folder / "dbt",
    )
    found = []
    for number, clock in enumerate(CLOCKS):
        if number == POLICY_EDIT:
            raise_points(order.project)
        place = RawPlace(raw_of_days[number], "", frozenset())
        today = replace(order, place=place, as_of=clock)
        broken = (
            (cut_short(today, "slice_dbt"), cut_short(today, "dbt")) if clock == CLOCKS[-1] else ()
        )
        report = Run(today).go()
        found.append(Day(report, copied(order.warehouse, number), broken))
    return found


def cut_short(order: Order, part: str) -> Report:
    """Begin a run that ends when dbt is to compute the leads of the run, or the reports."""
    run = Run(order)
    setattr(run, part, OnlyStages(**vars(getattr(run, part))))
    with pytest.raises(DbtError):
        run.go()
    return run.report


class OnlyStages(Dbt):
    """dbt that is gone after staging."""

    def run(self, command: str, *arguments: str) -> None:
        """Run a command, unless it is for other models than those of staging."""
        if command == "run" and not any(name.startswith("base_") for name in arguments):
            raise DbtError("gone")
        super().run(command, *arguments)


def copied(warehouse: Warehouse, number: int) -> Warehouse:
    """A copy of a DuckDB file."""
    path = Path(warehouse.environment["LEAD_DB_PATH"])
    copy = path.with_name(f"after{number}.duckdb")
    copy.write_bytes(path.read_bytes())
    return duckdb_warehouse(copy)
