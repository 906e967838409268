"""What something costs: wall and CPU seconds, memory, and whether the machine was quiet."""

from __future__ import annotations

import os
import re
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from python_checks.benchmarks.data import Data
from python_checks.building import BuildError

LOAD_LIMIT = 0.5
KIB_PER_GIB = 1024**2
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
IDLE_FIELDS = {3, 4}
"""Fields of /proc/stat that are not work: idle and iowait."""


class BusyError(RuntimeError):
    """The machine has other work, so figures would mean nothing."""


@dataclass(frozen=True)
class Outcome:
    """What a measurement found besides its costs.

    Attributes:
        note: A remark for the table.
        models: Seconds of each model.
        is_complete: Whether it did what was to be measured.
    """

    note: str = ""
    models: dict[str, float] = field(default_factory=dict)
    is_complete: bool = True


@dataclass(frozen=True)
class Usage:
    """What something took.

    Attributes:
        seconds: Wall seconds.
        cpu_seconds: CPU seconds of the process and its children.
        peak: GiB of memory of the largest of these processes.
        others: CPU seconds of all other processes of the machine meanwhile.
        outcome: What it found.
    """

    seconds: float
    cpu_seconds: float
    peak: float
    others: float
    outcome: Outcome

    @property
    def share_of_others(self) -> float:
        """What other processes took of the machine, 0 to 1."""
        return self.others / (self.seconds * (os.cpu_count() or 1)) if self.seconds else 0.0


def require_quiet(load: float, limit: float = LOAD_LIMIT) -> None:
    """Refuse to measure beside other work.

    Args:
        load: Load average of the last minute.
        limit: The largest one that counts as quiet.

    Raises:
        BusyError: The load is above the limit.
    """
    if load > limit:
        raise BusyError(
            f"the load average is {load:.2f}, above {limit}: figures would be those of other work, "
            "too. Wait until the machine is quiet; --despite-load measures anyway, and the page "
            "says so."
        )


def in_own_process(run: Callable[[Data], Outcome], data: Data) -> Usage:
    """Run something in a new process, so that its memory is its own; say what it took."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_used, run, data).result()


def _used(run: Callable[[Data], Outcome], data: Data) -> Usage:
    """Run something in this process; memory is that of the largest process so far."""
    started, cpu_started, busy_started = time.monotonic(), _cpu_seconds(), _busy_seconds()
    try:
        outcome = run(data)
    except BuildError as error:
        outcome = incomplete(error)
    seconds = time.monotonic() - started
    cpu_seconds = _cpu_seconds() - cpu_started
    busy = _busy_seconds() - busy_started
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    peak = max(usage.ru_maxrss for usage in usages) / KIB_PER_GIB
    return Usage(seconds, cpu_seconds, peak, max(0.0, busy - cpu_seconds), outcome)


def incomplete(error: BuildError) -> Outcome:
    """Print why a build ended with an error, and return what the table says of it."""
    printed = COLOUR.sub("", str(error)).strip()
    print(printed, file=sys.stderr)
    return Outcome(f"does not complete: {printed.splitlines()[-1]}", is_complete=False)


def _cpu_seconds() -> float:
    """CPU seconds of this process and of its children that have ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _busy_seconds() -> float:
    """CPU seconds of the whole machine since it started; a guest's share of time counts once."""
    fields = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:9]
    ticks = sum(int(value) for number, value in enumerate(fields) if number not in IDLE_FIELDS)
    return ticks / os.sysconf("SC_CLK_TCK")


def this_machine() -> str:
    """Cores, memory and architecture of this machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return f"{os.cpu_count()} cores, {memory:.0f} GiB of memory, {os.uname().machine}"
