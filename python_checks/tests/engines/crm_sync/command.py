"""Runs the command: in this process, or in one of its own that can be killed at any moment."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from lead_qualification.cli import main

# A clean process that has imported everything; the command's processes are forked from it.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    [
        "lead_qualification.crm_sync.run",
        *(
            f"lead_qualification.crm_sync.adapters.{name}"
            for name in ("sql", "hubspot", "salesforce", "tryton")
        ),
    ]
)
# The stubs take at most a tenth of this for a request.
QUICK = ("--longest-wait", "0.05")
SETTLE = {"hubspot": ("--settle-seconds", "0.3"), "salesforce": ("--settle-seconds", "0.3")}


@dataclass
class Finished:
    """A run that ended by itself.

    Attributes:
        code: Exit code.
        printed: Everything that it printed.
    """

    code: int
    printed: str


@dataclass(frozen=True)
class Command:
    """The command with its environment.

    Attributes:
        to: The CRM.
        environment: Variables.
        folder: Where checkpoint and report are.
    """

    to: str
    environment: dict[str, str]
    folder: Path

    @property
    def checkpoint(self) -> Path:
        """The checkpoint file."""
        return self.folder / "checkpoint.sqlite"

    @property
    def report(self) -> Path:
        """The report of failed rows."""
        return self.folder / "failures.csv"

    def arguments(self, *more: str) -> list[str]:
        """Return the options of a run."""
        files = ("--checkpoint", str(self.checkpoint), "--report", str(self.report))
        return ["sync", "--to", self.to, *files, *QUICK, *SETTLE.get(self.to, ()), *more]

    def run(self, *more: str) -> Finished:
        """Run the command to its end, in this process."""
        before = dict(os.environ)
        output = self.folder / "output.txt"
        os.environ.update(self.environment)
        try:
            with output.open("w") as file, redirect_stdout(file), redirect_stderr(file):
                code = main(self.arguments(*more))
        except SystemExit as error:
            code = int(error.code or 0)
        finally:
            os.environ.clear()
            os.environ.update(before)
        return Finished(code, output.read_text())

    def start(self, *more: str) -> multiprocessing.process.BaseProcess:
        """Start the command in a process of its own."""
        output = str(self.folder / "process_output.txt")
        arguments = (self.environment, output, self.arguments(*more))
        process = PROCESSES.Process(target=in_process, args=arguments, daemon=True)
        process.start()
        return process


def in_process(environment: dict[str, str], output: str, arguments: list[str]) -> None:
    """Be the process of a command."""
    os.environ.update(environment)
    with open(output, "a", buffering=1) as file:
        sys.stdout = sys.stderr = file
        code = main(arguments)
    os._exit(code)


def run_with_kills(
    command: Command, written: Callable[[], int], total: int, kills: int, seed: int, *more: str
) -> None:
    """Kill the command at random points, run it again each time, at last to its end.

    Args:
        command: The command.
        written: Counts the rows that the CRM has got.
        total: How many it should get.
        kills: How often to kill.
        seed: Decides after how many rows, and how many moments later, the kills come.
        more: Further options.
    """
    generator = random.Random(seed)
    hits = 0
    while hits < kills:
        # Spread over the whole run; the first kill comes before anything is written.
        enough = total * hits // kills + generator.randrange(total // kills) if hits else 0
        process = command.start(*more)
        while process.is_alive() and written() < enough:
            time.sleep(0.001)
        time.sleep(generator.uniform(0, 0.03))
        process.kill()
        process.join()
        hits += process.exitcode == -signal.SIGKILL
    finished = command.run(*more)
    assert finished.code == 0, finished.printed
