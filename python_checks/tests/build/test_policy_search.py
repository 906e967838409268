"""The search for a better policy on real builds: replays are builds, planted policies are found.

A world is a twentieth of the leads of a generated company. In the planted company a signal that
never leads to an opportunity has 40 points; in the null company it is as good as all others.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy
import pandas
import pytest

from lead_qualification.cli import main
from lead_qualification.errors import ConfigurationError
from lead_qualification.generator import Planted, effects, generate
from lead_qualification.generator.planted import SIGNAL
from lead_qualification.generator.writing import write
from lead_qualification.policy_search.cells import Cell, read_cells
from lead_qualification.policy_search.measures import Goal
from lead_qualification.policy_search.replay import (
    Models,
    Replay,
    compiled,
    opened,
    refuse_other_sql,
)
from lead_qualification.policy_search.report import NO_CHANGE
from lead_qualification.policy_search.search import search
from lead_qualification.warehouse import PROJECT, Warehouse, duckdb_warehouse
from python_checks.building import add_policy_row, edit_policy
from python_checks.tests.builds import DEMO_NAME, Builds, edited_copy

pytestmark = pytest.mark.nightly

HEADER = "policy_table,key,column,from,to,step,values"
DEMO_AS_OF = datetime(2026, 6, 30, 23, 59, 59)
HANDOFFS = ("--select", "+int_handoffs", "+lead_stages")
EDITS = (
    ("signal_points", "guide|pricing_page_visit", "points", "20"),
    ("scoring_models", "guide", "behaviour_cap", "30"),
    ("qualification_profiles", "standard", "sql_min_score", "80"),
    ("handoff_requirements", "enterprise|buying_committee", "min_value", "1"),
    ("recency_curve", "guide|7", "multiplier", "1.3"),
    ("stage_timers", "|mql", "after_days", "30"),
)
"""A threshold, points, a cap, a requirement, a decay and a timer."""
WORLDS, LEADS_OF_A_WORLD = 20, 1500
CHANCE = 0.9
"""Of an opportunity, high so that a world of so few leads has enough of them."""


def edit_all(project: Path) -> None:
    """Make all edits."""
    matches = {
        "signal_points": {"scoring_model": "guide", "signal": "pricing_page_visit"},
        "scoring_models": {"scoring_model": "guide"},
        "qualification_profiles": {"profile": "standard"},
        "handoff_requirements": {"profile": "enterprise", "check_name": "buying_committee"},
        "recency_curve": {"scoring_model": "guide", "from_day": "7"},
        "stage_timers": {"profile": "", "stage": "mql"},
    }
    for table, _, column, value in EDITS:
        edit_policy(project, table, matches[table], {column: value})


def cells_file(folder: Path, rows: Sequence[str]) -> Path:
    """A file of cells."""
    path = folder / "cells.csv"
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def edits(tmp_path_factory: pytest.TempPathFactory) -> tuple[Cell, ...]:
    """The cells of the edits."""
    rows = [f"{table},{key},{column},,,,{value}" for table, key, column, value in EDITS]
    return read_cells(cells_file(tmp_path_factory.mktemp("edits"), rows), PROJECT, DEMO_AS_OF)


@pytest.fixture(scope="module")
def models(demo: Warehouse, edits: tuple[Cell, ...]) -> Models:
    """The models up to the hand-offs of the demo, compiled with and without the edits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEAD_DB_PATH", demo.environment["LEAD_DB_PATH"])
        return compiled(PROJECT, demo, str(DEMO_AS_OF), edits)


def test_a_replayed_policy_hands_over_as_a_build_of_it_does(
    demo: Warehouse, builds: Builds, edits: tuple[Cell, ...], models: Models
) -> None:
    """All edits at once, each alone, and none again: the scratch tables keep nothing of before."""
    edited = builds.submit(None, None, edit=edit_all, arguments=HANDOFFS)
    with opened(demo) as connection:
        replay = Replay(connection, demo, models, edits)
        present = [cell.current for cell in replay.cells]
        wanted = [cell.values[-1] for cell in replay.cells]
        all_at_once = replay.handoffs(wanted)
        assert replay.violations() == []
        moved = [
            not replay.present.equals(
                replay.handoffs([*present[:place], wanted[place], *present[place + 1 :]])
            )
            for place in range(len(edits))
        ]
        pandas.testing.assert_series_equal(replay.handoffs(present), replay.present)
        pandas.testing.assert_series_equal(replay.handoffs(wanted), all_at_once)
    first = (
        "select lead_id, min(handed_off_at) as handed_off_at from main_intermediate.int_handoffs "
        "where not is_begun_by_sales group by lead_id"
    )
    built = edited.result().read(first).set_index("lead_id")["handed_off_at"]
    assert sum(moved) >= len(EDITS) - 2
    pandas.testing.assert_series_equal(
        all_at_once.dropna().sort_index(), built.sort_index(), check_names=False
    )


def test_the_command_on_the_demo(
    demo: Warehouse,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It writes its folder and leaves the build as it is."""
    path = Path(demo.environment["LEAD_DB_PATH"])
    monkeypatch.setenv("LEAD_DB_PATH", str(path))
    before = path.read_bytes()
    cells = cells_file(
        tmp_path,
        ["qualification_profiles,standard,sql_min_score,61,91,10,"],
    )
    folder = tmp_path / "out"
    words = ("policy", "search", "--cells", str(cells), "--output", str(folder))
    assert main([*words]) == 0
    assert NO_CHANGE in capsys.readouterr().out
    assert path.read_bytes() == before
    tried = pandas.read_csv(folder / "tried.csv")
    assert list(tried[tried["is_present"]]["qualification_profiles standard sql_min_score"]) == [71]
    assert len(tried) == 4
    assert tried["handoffs"].nunique() > 1
    assert main([*words, "--target", "postgres"]) == 2
    assert "replayed on DuckDB builds only" in capsys.readouterr().err


def plant_points(project: Path) -> None:
    """The planted signal has as many points as all behaviour may have."""
    row = {"scoring_model": "guide", "signal": SIGNAL, "component": "behaviour", "points": "40"}
    add_policy_row(project, "signal_points", row | {"dedupe_by": "event"})


class PartOfReplay:
    """A world: some leads of a replay; what was replayed once is known."""

    def __init__(self, replay: Replay, mask: numpy.ndarray, known: dict) -> None:
        """Look at the leads that the mask says."""
        self.replay, self.mask, self.known = replay, mask, known
        self.last: tuple[str, ...] = ()
        self.leads, self.present, self.cells = (
            replay.leads[mask],
            replay.present[mask],
            replay.cells,
        )

    def handoffs(self, values: Sequence[str]) -> pandas.Series:
        """When a policy hands each lead over."""
        self.last = tuple(values)
        if tuple(values) not in self.known:
            self.known[tuple(values)] = self.replay.handoffs(values)
        return self.known[tuple(values)][self.mask]

    def violations(self) -> list[str]:
        """What the checks say of the policy that was asked for last."""
        self.replay.handoffs(self.last)
        return self.replay.violations()


@pytest.fixture(scope="module")
def companies(
    tmp_path_factory: pytest.TempPathFactory, builds: Builds
) -> dict[str, Future[Warehouse]]:
    """A company whose points are wrong, and one in which nothing is."""
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(effects, "PLANTED_BASE_RATE", CHANCE)
        for name, ratio in (("planted", 0.0), ("null", 1.0)):
            raw = tmp_path_factory.mktemp(name)
            leads = WORLDS * LEADS_OF_A_WORLD
            planted = Planted(signal=ratio)
            tables = generate(leads, 1, DEMO_AS_OF, 12, events=12 * leads, planted=planted)
            for table, rows in tables.items():
                write(rows, raw / f"{table}.csv")
            found[name] = builds.submit(raw, DEMO_AS_OF, edit=plant_points, arguments=HANDOFFS)
    return found


@pytest.mark.parametrize("company", ["planted", "null"])
def test_planted_policies_are_found_and_null_worlds_have_none(
    companies: dict[str, Future[Warehouse]],
    company: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of 20 planted worlds all, of 20 null worlds none."""
    path = tmp_path / DEMO_NAME
    shutil.copy(companies[company].result().environment["LEAD_DB_PATH"], path)
    monkeypatch.setenv("LEAD_DB_PATH", str(path))
    rows = (
        f"signal_points,guide|{SIGNAL},points,0,40,10,",
        "qualification_profiles,standard,sql_min_score,61,91,10,",
    )
    project = edited_copy(tmp_path / "project", plant_points)
    cells = read_cells(cells_file(tmp_path, rows), project, DEMO_AS_OF)
    warehouse = duckdb_warehouse(path)
    models = compiled(PROJECT, warehouse, str(DEMO_AS_OF), cells)
    known: dict = {}
    with opened(warehouse) as connection:
        replay = Replay(connection, warehouse, models, cells)
        worlds = numpy.random.default_rng(7).integers(0, WORLDS, len(replay.leads))
        proposed = [
            search(PartOfReplay(replay, worlds == world, known), Goal(), 100, 1).proposed
            for world in range(WORLDS)
        ]
        better = {"points": "0", "sql_min_score": "71"}
        expected = tuple(better[cell.column] for cell in replay.cells)
    assert proposed == [expected if company == "planted" else None] * WORLDS


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("signals,email_click,is_engagement,,,,false", "also decides who the leads are"),
        ("sla_policies,1,response_target_minutes,5,60,5,", "no hand-off depends on sla_policies"),
        ("qualification_profiles,startup,sql_min_score,61,91,10,", "is 75 in seeds/policy, 71 in"),
        ("qualification_profiles,standard,sql_min_score,,,,high", "high is not a value of"),
    ],
)
def test_what_cannot_be_searched_is_named(
    demo: Warehouse, models: Models, tmp_path: Path, row: str, told: str
) -> None:
    """A table that decides more, one that decides nothing, an edit that is not built, a word."""
    profile = {"profile": "startup"}
    project = edited_copy(
        tmp_path / "project",
        lambda folder: edit_policy(
            folder, "qualification_profiles", profile, {"sql_min_score": "75"}
        ),
    )
    cells = read_cells(cells_file(tmp_path, [row]), project, DEMO_AS_OF)
    with opened(demo) as connection, pytest.raises(ConfigurationError, match=told):
        Replay(connection, demo, models, cells).handoffs([cells[0].values[-1]])


def test_a_cell_that_decides_the_sql_is_refused(
    demo: Warehouse, models: Models, edits: tuple[Cell, ...]
) -> None:
    """The models are compiled with the present values and with the last ones."""
    stages = models["int_stage_machine"]
    other = models | {stages.name: replace(stages, sql=f"{stages.sql} limit 1")}
    with pytest.raises(ConfigurationError, match="int_stage_machine has other SQL"):
        refuse_other_sql(models, other, demo, edits)
    refuse_other_sql(models, models, demo, edits)
