"""Builds on a Spark cluster, kills a worker in the middle, and compares the result with DuckDB.

The cluster is a standalone one of the Python package's Spark, on this machine: a master and two
workers with an executor each. When half of the seeds and models are built, a worker and its
executor are killed with what they had shuffled. The build has to complete on the other one, and
every public table has to equal that of DuckDB. ``--without-kill`` lets both live.

Command: ``python -m python_checks.benchmarks.spark_cluster``, of a million events. Needs 12 GB of
memory. Exit code 1 if a table differs, or if a worker was killed and no executor lost.
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
from python_checks.benchmarks.data import AS_OF, write_raw
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
spark.ui.enabled                false
spark.eventLog.enabled          true
spark.eventLog.rolling.enabled  false
spark.eventLog.compress         false
spark.eventLog.dir              {events}
spark.driver.extraJavaOptions   -XX:+UseParallelGC
spark.executor.extraJavaOptions -XX:+UseParallelGC
spark.sql.shuffle.partitions    2
spark.sql.adaptive.enabled      false
spark.sql.autoBroadcastJoinThreshold 32m
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


@dataclass(frozen=True)
class ClusterRun:
    """A build on a cluster, and how it compares with DuckDB.

    Attributes:
        seconds: Wall seconds of the build on the cluster.
        seconds_of_duckdb: The same build on DuckDB.
        kill: When a worker was killed, if one was.
        ends: How tasks ended, and how many.
        removed: Executors that Spark lost.
        tables: Public tables that were compared.
        rows: Their rows.
        differences: A line for each difference.
    """

    seconds: float
    seconds_of_duckdb: float
    kill: Kill | None
    ends: Counter[str]
    removed: int
    tables: int
    rows: int
    differences: list[str]

    @property
    def is_sound(self) -> bool:
        """Whether all tables are equal, and a kill cost an executor."""
        return not self.differences and (self.kill is None or self.removed > 0)


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


def build_on_cluster(raw: Path, folder: Path, is_killed: bool) -> ClusterRun:
    """Build on both engines, with a worker killed or not, and compare.

    Args:
        raw: Folder of raw files.
        folder: New folder, for all that is written.
        is_killed: Whether a worker is killed in the middle.
    """
    expected = duckdb_warehouse(folder / "expected.duckdb")
    seconds_of_duckdb = timed_build(expected, raw, folder / "duckdb")
    kill = None
    with (
        ThreadPoolExecutor(1) as pool,
        spark_cluster(folder / "spark") as cluster,
    ):
        building = pool.submit(timed_build, cluster.warehouse, raw, folder / "dbt")
        if is_killed:
            kill = kill_in_the_middle(cluster, building, folder / "dbt" / "dbt.log")
        seconds = building.result()
        ends = Counter(
            event["Task End Reason"]["Reason"]
            for event in noted(cluster.events, "SparkListenerTaskEnd")
        )
        removed = len(list(noted(cluster.events, "SparkListenerExecutorRemoved")))
    tables = [name for name in public_tables(expected) if name not in WRITTEN_BY_COMMAND]
    return ClusterRun(
        seconds=seconds,
        seconds_of_duckdb=seconds_of_duckdb,
        kill=kill,
        ends=ends,
        removed=removed,
        tables=len(tables),
        rows=sum(len(expected.table(table)) for table in tables),
        differences=[
            line
            for table in tables
            for line in table_differences(table, expected, cluster.warehouse)
        ],
    )


def shown_run(run: ClusterRun) -> list[str]:
    """Return what a run was like, one line for each thing to say."""
    ends = ", ".join(f"{reason} {number}" for reason, number in sorted(run.ends.items()))
    lines = [
        f"build on DuckDB {run.seconds_of_duckdb:.0f} s, on the cluster {run.seconds:.0f} s",
        f"tasks: {ends}",
        f"{run.tables} public tables with {run.rows} rows compared, "
        f"{len(run.differences)} differences",
    ]
    if run.kill:
        lines.insert(
            1,
            f"one of {WORKERS} workers killed after {run.kill.seconds:.0f} s with "
            f"{run.kill.built} of {run.kill.nodes} seeds and models built, while "
            f"{' and '.join(run.kill.running)} ran",
        )
        if not run.removed:
            lines.append("the worker that was killed had no executor; is there memory for both?")
    if run.differences:
        lines.append(shown(run.differences))
    return lines


def main() -> int:
    """Generate, build on both engines, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--millions", type=float, default=1, help="millions of events")
    parser.add_argument("--without-kill", action="store_true", help="let both workers live")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        raw = Path(temporary) / "raw"
        write_raw(given.millions, raw)
        run = build_on_cluster(raw, Path(temporary), not given.without_kill)
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    print(f"{given.millions:g} million events; {platform.machine()}, {os.cpu_count()} cores")
    print(f"{versions}, Python {platform.python_version()}")
    print("\n".join(shown_run(run)))
    return 0 if run.is_sound else 1


if __name__ == "__main__":
    sys.exit(main())
