"""How long the pages of the dashboard take, and how much memory the server does.

``python -m python_checks.benchmarks.dashboard_load FILE`` opens every page of a built DuckDB
file in a browser. The first load of a page reads the file; the later ones are warm. The last
column is the processor time that the server needs for a warm one. ``--leads N`` measures a copy
of the file in which the tables with a row per lead are repeated, each copy with ids of its own,
until there are N leads; what is made per month, channel or rep stays as it is.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

import duckdb
from playwright.sync_api import Browser, sync_playwright

from lead_qualification.warehouse import Warehouse, duckdb_warehouse
from python_checks.processes import peak_memory
from python_checks.tests.browser.application import PAGES, Visit, browser_path, launch, served

SCHEMAS = ("main_marts", "main_intermediate", "main_policy")
INTERMEDIATE = ("int_leads", "int_lead_merges")
REPEATED = ("lead_id", "merged_lead_id", "account_id")


def repeated(source: Path, path: Path, leads: int) -> None:
    """Write the tables that the dashboard reads, with as many leads as asked, into a file."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"attach '{source}' as source (read_only)")
        [(found,)] = connection.execute(
            "select count(*) from source.main_marts.lead_stages"
        ).fetchall()
        copies = -(-leads // found)
        for schema in SCHEMAS:
            connection.execute(f"create schema {schema}")
        for schema, table, columns in _tables(connection):
            names = [column for column in columns if column in REPEATED]
            replaced = ", ".join(f"copy || '-' || {name} as {name}" for name in names)
            many = f"range({copies if names else 1}) as copies (copy)"
            replace = f" replace ({replaced})" if names else ""
            connection.execute(
                f"create table {schema}.{table} as select * exclude (copy){replace} "
                f"from {many}, source.{schema}.{table}"
            )


def _tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, list[str]]]:
    """Schema, name and columns of the tables that the dashboard reads."""
    return connection.execute(
        "select table_schema, table_name, list(column_name) from information_schema.columns "
        "where table_catalog = 'source' and (table_schema in ('main_marts', 'main_policy') "
        "or table_name in $intermediate) group by all order by all",
        {"intermediate": list(INTERMEDIATE)},
    ).fetchall()


def measured(warehouse: Warehouse, browser: Browser, loads: int) -> None:
    """Print the seconds of the first and the median later load of each page, and the memory."""
    lead = _some_lead(warehouse)
    with served(warehouse) as (address, process):
        context = browser.new_context(viewport={"width": 1400, "height": 1000})
        visit = Visit(context.new_page(), address)
        visit.open("lead?search=nobody-at-all")
        print(f"{'page':<24} {'first, s':>9} {'median, s':>9} {'slowest, s':>10} {'server, s':>9}")
        for path in [*PAGES, f"lead?search={lead}", "lead?search=an"]:
            seconds = [_seconds(visit, path)]
            busy = _busy(process)
            warm = [_seconds(visit, path) for _ in range(loads)]
            server = (_busy(process) - busy) / loads
            print(
                f"{path or 'home':<24} {seconds[0]:9.2f} {statistics.median(warm):9.2f} "
                f"{max(warm):10.2f} {server:9.2f}",
                flush=True,
            )
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
        print(f"memory of the server at most: {peak_memory(status):.0f} MB")


def _some_lead(warehouse: Warehouse) -> str:
    """A lead with many hand-offs."""
    return warehouse.read(
        f"select lead_id from {warehouse.marts}.handoffs group by lead_id "
        "order by count(*) desc, lead_id limit 1"
    )["lead_id"][0]


def _seconds(visit: Visit, path: str) -> float:
    """Seconds until a page is complete, from an empty tab."""
    visit.page.goto("about:blank")
    began = time.perf_counter()
    visit.open(path)
    return time.perf_counter() - began


def _busy(process: subprocess.Popen[bytes]) -> float:
    """Seconds of processor time that a process had so far."""
    fields = (
        Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    )
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure a file, or a copy of it with more leads."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, help="DuckDB file that dbt built")
    parser.add_argument("--leads", type=int, help="repeat the leads until there are so many")
    parser.add_argument("--keep", type=Path, help="where the copy goes; default: it is removed")
    parser.add_argument("--loads", type=int, default=5, help="warm loads of each page; default: 5")
    given = parser.parse_args()
    path = browser_path()
    if path is None:
        parser.error("no browser: install chromium")
    folder = tempfile.TemporaryDirectory() if given.keep is None else nullcontext(given.keep.parent)
    with folder as where, sync_playwright() as playwright:
        file = given.file
        if given.leads:
            file = given.keep or Path(where) / "leads.duckdb"
            if not file.exists():
                repeated(given.file, file, given.leads)
        browser = launch(playwright, path)
        try:
            measured(duckdb_warehouse(file.resolve()), browser, given.loads)
        finally:
            browser.close()


if __name__ == "__main__":
    main()
