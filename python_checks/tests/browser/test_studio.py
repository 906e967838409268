"""The policy studio in a browser: edit a cell, see what is wrong, simulate, take the patch."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from lead_qualification.warehouse import Warehouse
from python_checks.tests.browser.application import Visit, served

pytestmark = pytest.mark.nightly

SIMULATION = 300_000
"""Milliseconds at most, on a busy machine."""
FIRST_CELL = (60, 52)
"""Pixels from the corner of the grid."""


@pytest.fixture(scope="module")
def studio(demo: Warehouse, browser: Browser) -> Iterator[str]:
    """Address of a dashboard with the studio, which may not write."""
    with served(demo, LEAD_DASHBOARD_STUDIO="1") as (address, _):
        yield address


def edit(visit: Visit, value: str) -> None:
    """Write a value into the bar for MQLs of the first profile, by mouse and keyboard."""
    visit.draw()
    grid = visit.page.get_by_test_id("stDataFrame").first
    place = grid.locator("canvas th").all_text_contents().index("mql_min_score")
    box = grid.bounding_box()
    assert box is not None
    visit.page.mouse.click(box["x"] + FIRST_CELL[0], box["y"] + FIRST_CELL[1])
    for column in range(1, place + 2):
        chosen = f'#glide-cell-{column}-0[aria-selected="true"]'
        visit.page.locator(chosen).wait_for(state="attached")
        visit.page.keyboard.press("ArrowRight" if column <= place else "Enter")
    visit.page.locator("textarea.gdg-input").fill(value)
    visit.page.keyboard.press("Enter")


def test_edit_check_simulate_and_patch(
    studio: str, open_tab: Callable[[str], Visit], tmp_path: Path
) -> None:
    visit = open_tab(studio)
    visit.open("studio")
    assert visit.title() == "Policy studio"
    assert any("Nothing is edited yet" in alert for alert in visit.alerts())
    edit(visit, "4o")
    visit.page.get_by_text("qualification_profiles.csv, row 2, mql_min_score").wait_for()
    edit(visit, "40")
    visit.page.get_by_text("nothing is wrong").wait_for()
    visit.wait()
    assert "Nearest to mql_min_score 40 of standard" in visit.text()
    visit.page.get_by_role("button", name="Simulate").click()
    visit.page.get_by_text("What would have been").wait_for(timeout=SIMULATION)
    visit.wait()
    assert int(visit.numbers()["Leads that move"]) > 0
    text = visit.download("studio_patch", tmp_path)
    shutil.move(tmp_path / "studio_patch.csv", tmp_path / "policy.patch")
    assert text.startswith("--- a/seeds/policy/qualification_profiles.csv\n")
    assert "\n-standard,guide,true,31," in text
    assert "\n+standard,guide,true,40," in text
    assert visit.page.get_by_role("button", name="Save files").count() == 0
    assert visit.failures() == []
    assert visit.complaints == []
    assert visit.elsewhere == []
