"""The policy studio in a browser: edit a cell, see what is wrong, simulate, take the patch."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from lead_qualification.warehouse import Warehouse
from python_checks.tests.browser.application import Visit, served

SIMULATION = 300_000
"""Milliseconds at most, on a busy machine."""


@pytest.fixture(scope="module")
def studio(demo: Warehouse, browser: Browser) -> Iterator[str]:
    """Address of a dashboard with the studio, which may not write."""
    with served(demo, LEAD_DASHBOARD_STUDIO="1") as (address, _):
        yield address


def edit(visit: Visit, value: str) -> None:
    """Write a value into the bar for MQLs of the first profile, by mouse and keyboard."""
    grid = visit.page.get_by_test_id("stDataFrame").first
    headings = grid.locator("canvas th").all_text_contents()
    place = next(index for index, text in enumerate(headings) if "mql_min_score" in text)
    box = grid.bounding_box()
    assert box is not None
    visit.page.mouse.click(box["x"] + 60, box["y"] + 52)
    for _ in range(place - 1):
        visit.page.keyboard.press("ArrowRight")
    visit.page.keyboard.type(value)
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_timeout(500)
    visit.wait()


def test_without_the_setting_there_is_no_studio(visit: Visit) -> None:
    visit.open("")
    assert "Policy studio" not in visit.page.content()


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
