"""Builds on a Spark cluster, kills a worker in the middle, and compares the result with DuckDB.

The cluster is a standalone one of the Python package's Spark, on this machine: a master and two
workers with an executor each. When half of the seeds and models are built, a worker and its
executor are killed with what they had shuffled. The build has to complete on the other one, and
every public table has to equal that of DuckDB.

Command: ``python -m python_checks.benchmarks.spark_cluster --leads 100000 --events 1000000``.
Needs 12 GB of memory. Exit code 1 if a table differs, or if no executor was lost.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyspark

from lead_qualification.warehouse import Warehouse, duckdb_warehouse
from python_checks.benchmarks.build_time import AS_OF, generate_raw
from python_checks.building import build
from python_checks.processes import free_port
from python_checks.tests.builds import DATA_ONLY
from python_checks.tests.tables import (
    KEYS,
    WRITTEN_BY_COMMAND,
    differences,
    public_tables,
    rows_of_one_side,
    shown,
)

WORKERS = 2
SHARE_BUILT_AT_KILL = 0.5
PACKAGES = ("pyspark", "dbt-spark", "dbt-core", "duckdb")
SPARK_DEFAULTS = """\
spark.driver.memory             3g
spark.executor.memory           3g
spark.executor.cores            1
spark.sql.shuffle.partitions    4
spark.ui.enabled                false
spark.eventLog.enabled          true
spark.eventLog.rolling.enabled  false
spark.eventLog.compress         false
spark.eventLog.dir              {events}
"""


@dataclass(frozen=True)
class Cluster:
    """A running cluster.

    Attributes:
        warehouse: Where a build on it goes.
        workers: The processes of the workers; each leads a group that holds its executor too.
        events: Folder in which Spark notes every task.
    """

    warehouse: Warehouse
    workers: list[subprocess.Popen[bytes]]
    events: Path


@dataclass(frozen=True)
class Kill:
    """When a worker was killed.

    Attributes:
        seconds: Since the build began.
        built: Seeds and models that were built.
        nodes: Seeds and models of the build.
        running: Those that were being built.
    """

    seconds: float
    built: int
    nodes: int
    running: list[str]


@contextmanager
def spark_cluster(folder: Path) -> Iterator[Cluster]:
    """Start a master and the workers; at the end stop them and their executors."""
    events = folder / "events"
    events.mkdir(parents=True)
    defaults = SPARK_DEFAULTS.format(events=events)
    (folder / "spark-defaults.conf").write_text(defaults, encoding="utf-8")
    port = free_port()
    environment = {
        "LEAD_SPARK_MASTER": f"spark://127.0.0.1:{port}",
        "LEAD_SPARK_CATALOG": "in-memory",
        "LEAD_SPARK_WAREHOUSE": str(folder / "tables"),
        "SPARK_CONF_DIR": str(folder),
        "SPARK_LOCAL_DIRS": str(folder),
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    address = environment["LEAD_SPARK_MASTER"]
    own = ("--host", "127.0.0.1", "--webui-port", "0")
    limits = ("--cores", "1", "--memory", "3g", "--work-dir", str(folder / "work"))
    started: list[subprocess.Popen[bytes]] = []
    try:
        started.append(start("master.Master", (*own, "--port", str(port)), environment, folder))
        for _ in range(WORKERS):
            started.append(start("worker.Worker", (*own, *limits, address), environment, folder))
        yield Cluster(
            Warehouse("spark", environment, "lead_qualification_marts"), started[1:], events
        )
    finally:
        for process in started:
            kill_group(process)


def start(
    name: str, arguments: tuple[str, ...], environment: dict[str, str], folder: Path
) -> subprocess.Popen[bytes]:
    """Start a master or worker as the head of a group of processes; its log is in the folder."""
    home = Path(pyspark.__file__).parent
    with (folder / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            [home / "bin" / "spark-class", f"org.apache.spark.deploy.{name}", *arguments],
            env={**os.environ, **environment, "SPARK_HOME": str(home)},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and those that it started; without effect where it has been done before."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def kill_in_the_middle(cluster: Cluster, building: Future[float], log: Path) -> Kill:
    """Wait until half of the seeds and models are built, then kill the first worker.

    Raises:
        RuntimeError: The build ended before.
    """
    started = time.monotonic()
    while not building.done():
        time.sleep(0.5)
        lines = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        begun = re.findall(r"(\d+) of (\d+) START (?:seed|sql) .*?[.](\w+) ", lines)
        built = set(re.findall(r"(\d+) of \d+ OK (?:loaded|created) ", lines))
        nodes = int(begun[0][1]) if begun else 0
        if nodes and len(built) >= SHARE_BUILT_AT_KILL * nodes:
            seconds = time.monotonic() - started
            kill_group(cluster.workers[0])
            running = [name for number, _, name in begun if number not in built]
            return Kill(seconds, len(built), nodes, running)
    building.result()
    raise RuntimeError("The build ended before a worker was killed.")


def timed_build(warehouse: Warehouse, raw: Path, folder: Path) -> float:
    """Build all seeds and models; return the wall seconds."""
    started = time.monotonic()
    written = ("--target-path", str(folder), "--log-path", str(folder), "--log-level-file", "info")
    build(warehouse, raw=raw, as_of=AS_OF, arguments=(*DATA_ONLY, *written))
    return time.monotonic() - started


def noted(events: Path, kind: str) -> Iterator[dict[str, Any]]:
    """Yield the events of a kind that Spark noted, such as SparkListenerTaskEnd."""
    for path in events.iterdir():
        with path.open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if f'"{kind}"' in line[:60])


def table_differences(table: str, expected: Warehouse, actual: Warehouse) -> list[str]:
    """Return a line for each difference of a public table of two builds.

    Rows that are the same to the digit need no closer look; the others are compared cell by cell,
    with the tolerances of the tests.
    """
    missing, extra = rows_of_one_side(table, expected, actual)
    if table in KEYS:
        return differences(table, missing.to_dict("records"), extra)
    return [
        f"{table}: row {side}: {row}"
        for side, rows in (("missing", missing), ("extra", extra))
        for row in rows.to_dict("records")
    ]


def main() -> int:
    """Generate, build on both engines with a worker killed, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=1_000_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(1) as pool:
        folder = Path(temporary)
        raw = folder / "raw"
        generate_raw(given.leads, given.events, "parquet", raw)
        expected = duckdb_warehouse(folder / "expected.duckdb")
        seconds_of_duckdb = timed_build(expected, raw, folder / "duckdb")
        with spark_cluster(folder / "spark") as cluster:
            building = pool.submit(timed_build, cluster.warehouse, raw, folder / "dbt")
            kill = kill_in_the_middle(cluster, building, folder / "dbt" / "dbt.log")
            seconds = building.result()
            ends = Counter(
                event["Task End Reason"]["Reason"]
                for event in noted(cluster.events, "SparkListenerTaskEnd")
            )
            lost = list(noted(cluster.events, "SparkListenerExecutorRemoved"))
        tables = [name for name in public_tables(expected) if name not in WRITTEN_BY_COMMAND]
        rows = sum(len(expected.table(table)) for table in tables)
        lines = [
            line
            for table in tables
            for line in table_differences(table, expected, cluster.warehouse)
        ]
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    print(
        f"{given.leads} leads, {given.events} events; {platform.machine()}, {os.cpu_count()} cores"
    )
    print(f"{versions}, Python {platform.python_version()}")
    print(f"build on DuckDB {seconds_of_duckdb:.0f} s, on the cluster {seconds:.0f} s")
    print(
        f"one of {WORKERS} workers killed after {kill.seconds:.0f} s with {kill.built} of "
        f"{kill.nodes} seeds and models built, while {' and '.join(kill.running)} ran"
    )
    print("tasks: " + ", ".join(f"{reason} {number}" for reason, number in sorted(ends.items())))
    print(f"{len(tables)} public tables with {rows} rows compared, {len(lines)} differences")
    if lines:
        print(shown(lines))
    if not lost:
        print("the worker that was killed had no executor; is there memory for both?")
    return 1 if lines or not lost else 0


if __name__ == "__main__":
    sys.exit(main())
