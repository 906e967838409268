"""Takes the pictures of the dashboard in docs/dashboard, small enough for a repository.

Command: ``python -m python_checks.dashboard_screenshots FILE`` with a DuckDB file that dbt built.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from lead_qualification.warehouse import PROJECT, duckdb_warehouse
from python_checks.tests.browser.application import PAGES, Visit, browser_path, launch, served

FOLDER = PROJECT / "docs" / "dashboard"
SIZE = {"width": 1300, "height": 1000}
TALLEST = 6000
LARGEST = 100_000
COLOURS = (48, 24)
HEIGHT_OF_PAGE = "document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight"
LEAD = "lead?search=L000049"


def main() -> None:
    """Take a picture of every page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, help="DuckDB file that dbt built")
    given = parser.parse_args()
    path = browser_path()
    if path is None:
        parser.error("no browser: install chromium")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright, path)
        with served(duckdb_warehouse(given.file.resolve())) as (address, _):
            for page in PAGES:
                visit = Visit(browser.new_page(viewport=SIZE), address)
                visit.open(LEAD if page == "lead" else page)
                file = FOLDER / f"{page or 'home'}.png"
                file.write_bytes(small(picture(visit)))
                visit.page.close()
                print(f"{file.name}: {file.stat().st_size / 1000:.0f} kB")
        browser.close()


def picture(visit: Visit) -> bytes:
    """Return the whole page as PNG, after its charts are drawn."""
    visit.page.wait_for_timeout(2000)
    height = min(int(visit.page.evaluate(HEIGHT_OF_PAGE)), TALLEST)
    visit.page.set_viewport_size({"width": SIZE["width"], "height": height})
    visit.page.wait_for_timeout(2500)
    return visit.page.screenshot()


def small(content: bytes) -> bytes:
    """Return a PNG with as many colours as fit into the largest size.

    Raises:
        ValueError: It does not fit with few colours either.
    """
    image = Image.open(io.BytesIO(content)).convert("RGB")
    for scale in (1.0, 0.85, 0.7, 0.6, 0.5, 0.4):
        size = (round(image.width * scale), round(image.height * scale))
        scaled = image.resize(size, Image.Resampling.LANCZOS)
        for colours in COLOURS:
            file = io.BytesIO()
            scaled.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
                file, "PNG", optimize=True
            )
            if file.tell() <= LARGEST:
                return file.getvalue()
    raise ValueError("the picture is too large; make the page shorter")


if __name__ == "__main__":
    main()
