"""Measures how long the policy search takes: 100 policies on a generated company.

Command: ``python -m python_checks.benchmarks.policy_search_rate --leads 3000``.
The company is built before the clock starts; compiling and replaying are measured apart.
"""

from __future__ import annotations

import argparse
import itertools
import os
import tempfile
import time
from datetime import datetime
from pathlib import Path

from lead_qualification.generator import generate
from lead_qualification.generator.writing import write
from lead_qualification.policy_search.cells import read_cells
from lead_qualification.policy_search.measures import Goal
from lead_qualification.policy_search.replay import Replay, compiled, opened
from lead_qualification.policy_search.search import search
from lead_qualification.warehouse import PROJECT, Warehouse, duckdb_warehouse
from python_checks.dbt_process import DbtProcess
from python_checks.tests.builds import Builds

AS_OF = datetime(2026, 6, 30, 23, 59, 59)
MONTHS = 24
CELLS = """\
policy_table,key,column,from,to,step,values
qualification_profiles,standard,sql_min_score,61,91,5,
signal_points,guide|pricing_page_visit,points,0,30,5,
scoring_models,guide,behaviour_cap,20,60,10,
handoff_requirements,enterprise|buying_committee,min_value,,,,1|2|3
"""
"""A threshold, points, a cap and a requirement; more policies than are tried."""


def built(leads: int, folder: Path) -> Warehouse:
    """Generate a company and build what a search reads."""
    raw = folder / "raw"
    raw.mkdir()
    for name, rows in generate(leads, 1, AS_OF, MONTHS).items():
        write(rows, raw / f"{name}.csv")
    dbt = DbtProcess(folder / "recordings")
    builds = Builds(folder, dbt)
    made = builds.build(raw, AS_OF, arguments=("--select", "+int_handoffs", "+lead_stages"))
    builds.close()
    dbt.close()
    return duckdb_warehouse(
        Path(made.environment["LEAD_DB_PATH"]).rename(folder / "lead_qualification.duckdb")
    )


def measure(warehouse: Warehouse, folder: Path, tries: int) -> None:
    """Search once, and print what each part took."""
    os.environ |= warehouse.environment
    (folder / "cells.csv").write_text(CELLS, encoding="utf-8")
    cells = read_cells(folder / "cells.csv", PROJECT, AS_OF)
    times = [time.monotonic()]
    models = compiled(PROJECT, warehouse, str(AS_OF), cells)
    times.append(time.monotonic())
    with opened(warehouse) as connection:
        replay = Replay(connection, warehouse, models, cells)
        times.append(time.monotonic())
        found = search(replay, Goal(), tries, 1)
        times.append(time.monotonic())
    compiling, first, searching = (after - before for before, after in itertools.pairwise(times))
    print(
        f"{len(replay.leads)} leads: {len(found.tried)} policies in {searching:.1f} s, "
        f"{searching / len(found.tried):.2f} s each; before that {compiling:.1f} s to compile and "
        f"{first:.1f} s to replay the present policy"
    )


def main() -> None:
    """Build and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=3000)
    parser.add_argument("--tries", type=int, default=100)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        measure(built(given.leads, Path(name)), Path(name), given.tries)


if __name__ == "__main__":
    main()
