"""Measures what the project costs beside a hand-written script, and writes docs/benchmarks.md.

Of each size: the script, two floors, the score history, a whole build with and without tests, a
day and four days of news, and no news; of the largest a build with 2 GB, too. Needs a quiet
machine. Writes the section Measured of docs/benchmarks.md, with what changed since the run before,
whose figures are in last.json beside this file.

Command: ``python -m python_checks.benchmarks``; with 50 million events ``--millions 1 10 50``, with
Spark ``--spark``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from lead_qualification.warehouse import PROJECT
from python_checks.benchmarks.builds import MEASUREMENTS, Measurement
from python_checks.benchmarks.data import Data, generate_data, write_raw
from python_checks.benchmarks.page import Result, Run, line, measured_section, write_page
from python_checks.benchmarks.record import (
    Record,
    commit_here,
    read_record,
    versions_here,
    write_record,
)
from python_checks.benchmarks.timing import (
    LOAD_LIMIT,
    BusyError,
    Usage,
    in_own_process,
    incomplete,
    require_quiet,
    this_machine,
)
from python_checks.building import BuildError


def measure(sizes: list[float], folder: Path) -> Iterator[Result]:
    """Measure everything of every size, the smallest first; the data of a size goes after it."""
    for millions in sorted(sizes):
        place = folder / f"{millions:g}"
        place.mkdir()
        data = generate_data(millions, place)
        for measurement in MEASUREMENTS:
            if millions == max(sizes) or not measurement.is_for_largest:
                yield Result(measurement, millions, usage_of(measurement, data))
        shutil.rmtree(place)


def usage_of(measurement: Measurement, data: Data) -> Usage:
    """Prepare and measure; of several times, the one with the least CPU counts."""
    try:
        if measurement.prepare is not None:
            measurement.prepare(data)
    except BuildError as error:
        return Usage(0, 0, 0, 0, incomplete(error))
    usages = [in_own_process(measurement.run, data) for _ in range(measurement.times)]
    usage = min(usages, key=lambda found: found.cpu_seconds)
    if measurement.days is None or not usage.outcome.is_complete:
        return usage
    share = f"{data.share_of_days(*measurement.days):.2%} of the events"
    note = ", ".join(said for said in (share, usage.outcome.note) if said)
    return replace(usage, outcome=replace(usage.outcome, note=note))


def measure_spark(folder: Path) -> list[str]:
    """Build a million events on a Spark cluster, without a kill and with one; say how it went."""
    from python_checks.benchmarks.spark_cluster import build_on_cluster, shown_run

    raw = folder / "spark_raw"
    write_raw(1, raw)
    lines = ["One million events, two workers with a core each:", ""]
    for is_killed in (False, True):
        place = folder / f"spark_{is_killed}"
        place.mkdir()
        run = build_on_cluster(raw, place, is_killed)
        said = "; ".join(shown_run(run))
        lines.append(f"- {'with a worker killed' if is_killed else 'without a kill'}: {said}.")
        print(lines[-1], flush=True)
        shutil.rmtree(place)
    return lines


def parse() -> argparse.Namespace:
    """Return what the command was given."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--millions", type=float, nargs="+", default=[1, 10], help="sizes, in millions of events"
    )
    parser.add_argument("--spark", action="store_true", help="measure Spark, too (12 GB)")
    parser.add_argument(
        "--despite-load", action="store_true", help="measure beside other work; the page says so"
    )
    parser.add_argument(
        "--page", type=Path, default=PROJECT / "docs" / "benchmarks.md", help="page to write into"
    )
    parser.add_argument(
        "--last",
        type=Path,
        default=Path(__file__).with_name("last.json"),
        help="figures of the run before, replaced by those of this one",
    )
    parser.add_argument("--work", type=Path, help="folder for the data; else a temporary one")
    return parser.parse_args()


def with_result(run: Run, result: Result) -> Run:
    """Return a run with one more result."""
    results = [*run.results, result]
    figures = [found.figure for found in results if found.is_complete]
    return replace(run, results=results, record=replace(run.record, figures=figures))


def keep(run: Run, before: Record | None, given: argparse.Namespace) -> None:
    """Write the section and the figures; of a run that is stopped, what it came to stays."""
    write_page(measured_section(run, before), given.page)
    write_record(run.record, given.last)


def main() -> int:
    """Generate, measure, write the section and the figures."""
    given = parse()
    load = os.getloadavg()[0]
    try:
        require_quiet(load, float("inf") if given.despite_load else LOAD_LIMIT)
    except BusyError as error:
        print(error, file=sys.stderr)
        return 1
    before = read_record(given.last)
    record = Record(date.today().isoformat(), commit_here(), this_machine(), versions_here(), [])
    run = Run(record, [], load, load <= LOAD_LIMIT, [], is_whole=False)
    with tempfile.TemporaryDirectory(dir=given.work) as folder:
        for result in measure(given.millions, Path(folder)):
            print(line(result), flush=True)
            run = with_result(run, result)
            keep(run, before, given)
        run = replace(run, spark=measure_spark(Path(folder)) if given.spark else [], is_whole=True)
    keep(run, before, given)
    return 0


if __name__ == "__main__":
    sys.exit(main())
