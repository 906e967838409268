"""Measures how fast the CRM sync is: rows into PostgreSQL and into Tryton, both on this machine.

Command: ``python -m python_checks.benchmarks.crm_sync_rate --rows 10000``.
The CRMs and the sync table are made before the clock starts; what is measured is the whole command,
its start included.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lead_qualification.warehouse import PROJECT
from python_checks.building import postgres_server
from python_checks.processes import peak_memory
from python_checks.tests.engines.crm_sync.sql_target import SqlTarget
from python_checks.tests.engines.crm_sync.sync_rows import Source, lead
from python_checks.tests.engines.crm_sync.tryton_server import TrytonServer

LEADS_OF_A_CALL = 1000
# The command, which at its end says how much memory it had; Linux only.
MEASURED = """
import sys
from lead_qualification.cli import main
code = main(["sync", *sys.argv[1:]])
print(open("/proc/self/status").read())
sys.exit(code)
"""


def measure(to: str, environment: dict[str, str], folder: Path) -> tuple[float, float]:
    """Run the command; return its wall seconds and its peak memory in MiB."""
    started = time.monotonic()
    finished = subprocess.run(
        [sys.executable, "-c", MEASURED, "--to", to],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT), **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return time.monotonic() - started, peak_memory(finished.stdout)


@contextmanager
def sql_crm(folder: Path) -> Iterator[dict[str, str]]:
    """An empty CRM in PostgreSQL."""
    with postgres_server(folder) as server:
        target = SqlTarget(server)
        yield target.environment
        target.close()


@contextmanager
def tryton_crm(folder: Path, keys: list[str]) -> Iterator[TrytonServer]:
    """A Tryton with leads."""
    server = TrytonServer(folder)
    try:
        server.wait()
        for start in range(0, len(keys), LEADS_OF_A_CALL):
            server.add_leads(keys[start : start + LEADS_OF_A_CALL])
        yield server
    finally:
        server.stop()


def show(to: str, rows: int, seconds: float, memory: float) -> None:
    """Print a result."""
    print(f"{to:8} {rows} rows: {seconds:.1f} s, {rows / seconds:.0f} rows/s, {memory:.0f} MiB")


def main() -> None:
    """Measure both, and a second run of each, which writes nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("postgres", "tryton"):
            (folder / part).mkdir()
        source = Source(folder / "warehouse.duckdb")
        source.put("leads", [lead(number) for number in range(given.rows)])
        with sql_crm(folder / "postgres") as environment:
            for what in ("sql", "again"):
                show(what, given.rows, *measure("sql", source.environment | environment, folder))
        keys = [row["lead_id"] for row in source.rows["leads"]]
        with tryton_crm(folder / "tryton", keys) as server:
            environment = source.environment | server.environment
            for what in ("tryton", "again"):
                show(what, given.rows, *measure("tryton", environment, folder))
            print(f"peak memory of the Tryton server: {peak_memory(server.status()):.0f} MiB")


if __name__ == "__main__":
    main()
