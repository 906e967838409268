"""The policy studio on the demo: an edit is checked and simulated; a build of its patch agrees."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pandas
import pytest

from lead_qualification.policy.files import policy_file
from lead_qualification.studio.changes import patch
from lead_qualification.studio.checking import check
from lead_qualification.studio.editing import edited, grid_of
from lead_qualification.studio.simulation import Simulated, simulate_apart, state_of
from lead_qualification.warehouse import PROJECT, Warehouse
from python_checks.tests.builds import Builds

pytestmark = pytest.mark.nightly

PROFILES = "qualification_profiles"
WANTED = ("--select", "+lead_stages", "+handoffs", "+score_calibration")


def raised_bars(since: datetime | None) -> dict[str, str]:
    """The files with higher bars for MQLs and SQLs of the profile standard."""
    file = policy_file(PROJECT, PROFILES)
    grid = grid_of(file)
    for _, cells in grid:
        if cells["profile"] == "standard":
            cells |= {"mql_min_score": "40", "sql_min_score": "80"}
    return {PROFILES: edited(file, grid, since).text()}


def applied(texts: dict[str, str]) -> Callable[[Path], None]:
    """Apply the patch of edited files to a copy of the project."""
    found = patch(PROJECT, texts).encode()

    def edit(project: Path) -> None:
        subprocess.run(["patch", "-p1", "-s"], cwd=project, input=found, check=True)
        assert (project / f"seeds/policy/{PROFILES}.csv").read_text() == texts[PROFILES]

    return edit


def simulated(demo: Warehouse, texts: dict[str, str]) -> Simulated:
    """What the page shows of edited files."""
    with pytest.MonkeyPatch.context() as setting:
        setting.setenv("LEAD_DB_PATH", demo.environment["LEAD_DB_PATH"])
        return simulate_apart(PROJECT, "duckdb", texts)


@pytest.mark.parametrize(
    "since",
    [
        pytest.param(datetime(2026, 3, 1), id="from a day"),
        pytest.param(None, id="always", marks=pytest.mark.nightly),
    ],
)
def test_a_build_of_the_patch_gives_the_simulated_numbers(
    demo: Warehouse, builds: Builds, since: datetime | None
) -> None:
    """Each stage, each hand-off with its SLA, and the calibration; the build stays as it is."""
    texts = raised_bars(since)
    assert check(PROJECT, texts).findings == ()
    future = builds.submit(None, None, edit=applied(texts), arguments=WANTED)
    path = Path(demo.environment["LEAD_DB_PATH"])
    before = path.read_bytes()
    found = simulated(demo, texts)
    assert path.read_bytes() == before
    assert found.tables == (PROFILES,)
    built_warehouse = future.result()
    with built_warehouse.connection() as connection:
        built = state_of(connection, built_warehouse)
    for name in ("leads", "handoffs", "calibration"):
        pandas.testing.assert_frame_equal(getattr(found.after, name), getattr(built, name))
    moved = found.moved()
    assert len(moved) > 0
    assert len(found.after.handoffs) != len(found.before.handoffs)
    assert found.counts("week_start")["after"].sum() == len(built.handoffs)
    if since is not None:
        weeks = found.counts("week_start").loc[: pandas.Timestamp(since) - pandas.Timedelta("7D")]
        pandas.testing.assert_series_equal(weeks["before"], weeks["after"], check_names=False)


def test_no_edit_moves_nobody(demo: Warehouse) -> None:
    """The files as they are give the build as it is."""
    found = simulated(demo, {})
    assert found.tables == ()
    assert len(found.moved()) == 0
