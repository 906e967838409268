"""Fixtures: the dashboard on the demo, and a tab of a browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import duckdb
import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from lead_qualification.dashboard.reading import Reader
from lead_qualification.labels import Labels, labels_of
from lead_qualification.warehouse import Warehouse, duckdb_warehouse
from python_checks.tests.browser.application import Visit, browser_path, launch, served


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser; tests that need one are skipped where there is none."""
    path = browser_path()
    if path is None:
        pytest.skip("no browser: install chromium to test the dashboard in one")
    with sync_playwright() as playwright:
        found = launch(playwright, path)
        yield found
        found.close()


@pytest.fixture(scope="session")
def demo_address(demo: Warehouse, browser: Browser) -> Iterator[str]:
    """Address of the dashboard on the demo."""
    with served(demo) as (address, _):
        yield address


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """A window of the browser, which remembers what it loaded, as a reader's does."""
    found = browser.new_context(viewport={"width": 1440, "height": 1000})
    yield found
    found.close()


@pytest.fixture
def open_tab(window: BrowserContext) -> Iterator[Callable[[str], Visit]]:
    """Opens tabs, which are closed afterwards."""
    yield lambda address: Visit(window.new_page(), address)
    for page in window.pages:
        page.close()


@pytest.fixture
def visit(demo_address: str, open_tab: Callable[[str], Visit]) -> Visit:
    """A tab for the dashboard on the demo."""
    return open_tab(demo_address)


@pytest.fixture(scope="session")
def demo_reader(demo: Warehouse) -> Reader:
    """A reader of the demo."""
    return Reader(demo)


@pytest.fixture(scope="session")
def labels(demo: Warehouse) -> Labels:
    """The words for codes of the demo."""
    return labels_of(demo)


@pytest.fixture(scope="session")
def empty_warehouse(demo: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The demo without a row in any table but those of the policy."""
    path = tmp_path_factory.mktemp("empty") / "empty.duckdb"
    shutil.copy(demo.environment["LEAD_DB_PATH"], path)
    with duckdb.connect(str(path)) as connection:
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_schema in ('main_marts', 'main_intermediate') "
            "and table_type = 'BASE TABLE'"
        ).fetchall()
        for schema, table in tables:
            connection.execute(f"delete from {schema}.{table}")
    return duckdb_warehouse(path)
