"""Runs leadq publish in tests: to its end, or killed; and reads what it leaves."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import duckdb

from lead_qualification.cli import main
from lead_qualification.warehouse import PROJECT, Warehouse, connect_postgres
from python_checks.processes import environment_without_settings, wait_until

# A clean process that has imported everything; processes of the command are forked from it.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["lead_qualification.publishing.duckdb_file", "lead_qualification.publishing.postgres_schemas"]
)
QUICK_BUILD = str(Path(__file__).with_name("quick_build.py"))
PUBLISH = (sys.executable, "-m", "lead_qualification", "publish")


@dataclass
class Finished:
    """A run that ended by itself.

    Attributes:
        code: Exit code.
        printed: Everything that it and the build printed.
    """

    code: int
    printed: str


@dataclass(frozen=True)
class Command:
    """The command for one warehouse.

    Attributes:
        warehouse: What it publishes into.
        folder: Where its output goes.
        variables: Further environment variables.
    """

    warehouse: Warehouse
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the command."""
        usual = {"DBT_PROFILES_DIR": str(PROJECT), "PYTHONPATH": f"{PROJECT / 'python'}:{PROJECT}"}
        return {
            **environment_without_settings(),
            **usual,
            **self.warehouse.environment,
            **self.variables,
        }

    def popen(self, *words: str, before: Callable[[], None] | None = None) -> subprocess.Popen[str]:
        """Start the command as a user does."""
        return subprocess.Popen(
            [*PUBLISH, "--target", self.warehouse.target, *words],
            cwd=PROJECT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=before,
        )

    def run(self, *words: str, before: Callable[[], None] | None = None) -> Finished:
        """Run the command to its end."""
        with self.popen(*words, before=before) as process:
            printed = process.communicate()[0]
        return Finished(process.returncode, printed)

    def quick(
        self, state: str, *options: str, marker: Path | None = None, tables: int | None = None
    ) -> Finished:
        """Publish a quick build, in a process that need not import anything."""
        output = self.folder / "quick.txt"
        process = self.start_quick(state, *options, marker=marker, tables=tables, output=output)
        process.join()
        return Finished(process.exitcode or 0, output.read_text())

    def start_quick(
        self,
        state: str,
        *options: str,
        marker: Path | None = None,
        tables: int | None = None,
        output: Path | None = None,
    ) -> multiprocessing.process.BaseProcess:
        """Start a quick build; the marker file appears when only publishing is left."""
        words = [*options, "--target", self.warehouse.target, "--", "python", QUICK_BUILD, state]
        words += [str(marker or "")] + ([str(tables)] if tables else [])
        output = output or self.folder / "started.txt"
        process = PROCESSES.Process(target=in_process, args=(self.environment, str(output), words))
        process.start()
        return process


def in_process(environment: dict[str, str], output: str, words: list[str]) -> None:
    """Be the process of the command."""
    os.environ.clear()
    os.environ.update(environment)
    with open(output, "w", buffering=1) as file, redirect_stdout(file), redirect_stderr(file):
        code = main(["publish", *words])
    os._exit(code)


def kill_somewhere(
    start: Callable[[], multiprocessing.process.BaseProcess],
    marker: Path,
    draw: random.Random,
    seconds: tuple[float, float],
) -> bool:
    """Kill a run: half the time at a random moment, else a moment after the build itself is done.

    Args:
        start: Starts the run.
        marker: The file that says that the build is done.
        draw: Random numbers.
        seconds: How long a run takes, and how long publishing at most.

    Returns:
        Whether it was still running.
    """
    marker.unlink(missing_ok=True)
    process = start()
    whole, publishing = seconds
    if draw.random() < 0.5:
        time.sleep(draw.uniform(0, whole))
    else:
        wait_until(lambda: marker.exists() or not process.is_alive())
        time.sleep(draw.uniform(0, publishing))
    process.kill()
    process.join()
    return process.exitcode == -signal.SIGKILL


def wait_until_ended(published: Path) -> None:
    """Wait until the last process of a killed build has ended."""
    folder = published.with_name(f"{published.name}.building")

    def is_free() -> bool:
        try:
            descriptor = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:
            return True
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            return False
        finally:
            os.close(descriptor)

    wait_until(is_free)


def states_at_once(warehouse: Warehouse, column: str, tables: list[str] | None = None) -> set[str]:
    """Return what all public tables together hold in a column, as one reader sees them.

    On DuckDB that is one connection, on PostgreSQL one transaction of several statements.
    """
    if warehouse.target == "duckdb":
        with duckdb.connect(warehouse.environment["LEAD_DB_PATH"], read_only=True) as connection:
            return _states(connection.execute, warehouse.marts, column, tables)
    connection = connect_postgres(warehouse.environment)
    try:
        with connection, connection.cursor() as cursor:

            def execute(statement: str) -> object:
                cursor.execute(statement)
                return cursor

            return _states(execute, warehouse.marts, column, tables)
    finally:
        connection.close()


def _states(
    execute: Callable[[str], object], marts: str, column: str, tables: list[str] | None
) -> set[str]:
    """Read one table after the other."""
    if tables is None:
        found = execute(
            "select distinct table_name from information_schema.columns "
            f"where table_schema = '{marts}' and column_name = '{column}' order by table_name"
        ).fetchall()
        tables = [name for (name,) in found]
    return {
        str(value)
        for table in tables
        for (value,) in execute(f"select distinct {column} from {marts}.{table}").fetchall()
    }


@contextmanager
def reader(read: Callable[[], set[str]]) -> Iterator[list[set[str]]]:
    """Read again and again beside what the block does; yield what was seen, read by read."""
    seen: list[set[str]] = []
    failures: list[Exception] = []
    is_over = Event()

    def loop() -> None:
        while not is_over.is_set():
            try:
                seen.append(read())
            except Exception as error:
                failures.append(error)
                return
            is_over.wait(0.05)

    thread = Thread(target=loop)
    thread.start()
    try:
        yield seen
    finally:
        is_over.set()
        thread.join()
    if failures:
        raise failures[0]


def end(process: subprocess.Popen[str]) -> None:
    """Kill a process of the command and wait for it."""
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGKILL)
    process.communicate()
