"""Measures a build of generated data on DuckDB: wall time, peak memory, the slowest models.

Command: ``python -m python_checks.benchmarks.build_time --leads 100000 --events 1000000``.
Seeds are loaded before the clock starts; what is measured is ``dbt run``, parsing included.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lead_qualification.warehouse import duckdb_warehouse
from python_checks.building import build

AS_OF = "2026-06-30 23:59:59"


def generate_raw(leads: int, events: int, file_format: str, out: Path) -> None:
    """Write raw tables of that size into the folder out."""
    subprocess.run(
        [
            *(sys.executable, "-m", "lead_qualification", "generate"),
            *("--leads", str(leads), "--events", str(events), "--seed", "1"),
            *("--as-of", AS_OF, "--format", file_format, "--out", str(out)),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def measure(raw: Path, database: Path) -> tuple[float, float, list[tuple[float, str]]]:
    """Build all models of a folder of raw files.

    Returns:
        Wall seconds, peak memory of the largest process in GiB, and (seconds, model) of every
        model, the slowest first.
    """
    warehouse = duckdb_warehouse(database)
    build(warehouse, raw=raw, as_of=AS_OF, command="seed")
    started = time.monotonic()
    build(warehouse, raw=raw, as_of=AS_OF, command="run")
    seconds = time.monotonic() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2
    models = [(spent, model) for model, spent in seconds_of_models(database).items()]
    return seconds, peak, sorted(models, reverse=True)


def seconds_of_models(database: Path) -> dict[str, float]:
    """Return the seconds of each model that the last dbt run into a DuckDB file built."""
    results = json.loads(Path(f"{database}.target", "run_results.json").read_text())["results"]
    return {row["unique_id"].split(".")[-1]: row["execution_time"] for row in results}


def main() -> None:
    """Generate, build, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--format", choices=["csv", "parquet"], default="parquet")
    parser.add_argument("--slowest", type=int, default=5, help="how many models to name")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        generate_raw(given.leads, given.events, given.format, raw)
        seconds, peak, models = measure(raw, Path(folder) / "built.duckdb")
    print(f"{given.leads} leads, {given.events} events, {given.format}")
    print(f"dbt run: {seconds:.1f} s, peak memory {peak:.1f} GiB")
    for model_seconds, model in models[: given.slowest]:
        print(f"  {model_seconds:6.1f} s  {model}")


if __name__ == "__main__":
    main()
