"""Measures how a build on DuckDB grows with its data, as multiples of a floor.

The floor is DuckDB reading the events of the five event tables from their Parquet files and writing
them into a table, sorted by lead and time: less than that no score over time can cost. Every
measurement runs in a process of its own, so that its memory is its own, and the floor is taken
again right before each, so that a busy machine slows both alike.

Command: ``python -m python_checks.benchmarks.scale --companies 1 10 --date 2026-07-01``; a company
has a million events (large_data.py). Writes the section Measured of docs/benchmarks.md, and
docs/plots/scale.svg.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

import duckdb

from lead_qualification.warehouse import PROJECT, Warehouse, duckdb_warehouse
from python_checks.benchmarks.build_time import seconds_of_models
from python_checks.benchmarks.large_data import AS_OF, write_large
from python_checks.benchmarks.one_day import day_of_last, write_before
from python_checks.benchmarks.pandas_timeline import differing_scores, read_inputs, score_timeline
from python_checks.building import BuildError, build

GIB = 1024**2
MODEL = "guide"
TIMELINE = "int_lead_signals+,+int_score_timeline"
NEW_SHARE = 0.01
SECTION_BEGIN = "<!-- measured: begin -->"
SECTION_END = "<!-- measured: end -->"
EMPTY_PAGE = f"# Benchmarks\n\n{SECTION_BEGIN}\n{SECTION_END}\n"
SMALL_MEMORY = {"LEAD_DB_MEMORY": "2GB", "LEAD_DB_THREADS": "1"}
PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "pandas")
# Event table -> the column of each column of the floor; what a table lacks is empty.
FLOOR_COLUMNS = (
    *("record_id", "lead_id", "email", "anonymous_id", "account_domain", "program", "event_name"),
    *("page_path", "session_id", "asset", "campaign_id", "user_agent"),
)
EVENT_TABLES = {
    "web_events": {"record_id": "event_id"},
    "email_events": {"record_id": "event_id", "event_name": "event_type"},
    "marketing_activities": {"record_id": "activity_id", "event_name": "activity_type"},
    "product_events": {"record_id": "event_id"},
    "intent_signals": {"record_id": "signal_id", "event_name": "signal_type"},
}


@dataclass(frozen=True)
class Data:
    """Raw tables of one size, and where they are built.

    Attributes:
        raw: Folder of the Parquet files.
        database: DuckDB file of the build; its policy tables are there from the start.
        events: Rows of the five event tables.
        leads: Rows of the table of leads.
    """

    raw: Path
    database: Path
    events: int
    leads: int


@dataclass(frozen=True)
class Outcome:
    """What a measurement found besides its costs.

    Attributes:
        seconds: Wall seconds that replace those of the process, which did other things too.
        models: Seconds of each model.
        note: A remark for the table.
    """

    seconds: float | None = None
    models: dict[str, float] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Usage:
    """What something took.

    Attributes:
        seconds: Wall seconds.
        cpu_seconds: CPU seconds of the process and its children.
        peak: GiB of memory of the largest of these processes.
        outcome: What it found.
    """

    seconds: float
    cpu_seconds: float
    peak: float
    outcome: Outcome


@dataclass(frozen=True)
class Measurement:
    """Something to measure.

    Attributes:
        name: What it is, for the table.
        run: Does it; may rely on what the measurements before it left in the database.
        sizes: Of which sizes: all, smallest or largest.
        is_drawn: Whether it is a line of the plot.
    """

    name: str
    run: Callable[[Data], Outcome]
    sizes: str = "all"
    is_drawn: bool = True


@dataclass(frozen=True)
class Result:
    """A measurement of one size, beside the floor that was taken right before it."""

    measurement: Measurement
    data: Data
    usage: Usage
    floor: Usage

    @property
    def seconds(self) -> float:
        """Wall seconds."""
        given = self.usage.outcome.seconds
        return self.usage.seconds if given is None else given


def sort_events(data: Data) -> Outcome:
    """The floor: sort the events by lead and time into a table of a new file."""
    selects = " union all ".join(
        f"select '{table}' as source, {_floor_columns(data.raw / f'{table}.parquet', names)} "
        f"from '{data.raw / table}.parquet'"
        for table, names in EVENT_TABLES.items()
    )
    with (
        tempfile.TemporaryDirectory(dir=data.database.parent) as folder,
        duckdb.connect(str(Path(folder) / "floor.duckdb")) as connection,
    ):
        connection.execute("set enable_progress_bar = false")
        connection.execute(
            f"create table floor as select * from ({selects}) "
            "order by coalesce(lead_id, email, anonymous_id, account_domain), occurred_at"
        )
    return Outcome()


def _floor_columns(path: Path, names: dict[str, str]) -> str:
    """The select list that brings an event table into the shape of the floor."""
    present = {row[0] for row in duckdb.sql(f"describe select * from '{path}'").fetchall()}
    columns = [
        f"{names.get(column, column)} as {column}"
        if names.get(column, column) in present
        else f"cast(null as varchar) as {column}"
        for column in FLOOR_COLUMNS
    ]
    return ", ".join([*columns, "try_cast(occurred_at as timestamp) as occurred_at"])


def build_all(data: Data) -> Outcome:
    """Every model, over the whole history: dbt run, parsing included."""
    return Outcome(models=_run_models(data.raw, data.database))


def build_timeline(data: Data) -> Outcome:
    """The models from the signals to the score timeline once more, one after the other."""
    models = _run_models(data.raw, data.database, {"LEAD_DB_THREADS": "1"}, ("--select", TIMELINE))
    return Outcome(seconds=sum(models.values()), models=models, note=f"{len(models)} models")


def build_with_pandas(data: Data) -> Outcome:
    """The score timeline of one model in pandas, its fit given; must find the same scores."""
    inputs = read_inputs(data.database, MODEL)
    started = time.monotonic()
    timeline = score_timeline(inputs)
    seconds = time.monotonic() - started
    differing = differing_scores(data.database, MODEL, AS_OF, timeline)
    return Outcome(seconds=seconds, note=f"{differing} scores differ from lead_scores")


def build_one_day(data: Data) -> Outcome:
    """A daily run of a day, the one before the days of the next measurement."""
    _daily_database(data).unlink(missing_ok=True)
    last = _first_new_day(data)
    _run_until(data, last - timedelta(days=1))
    return _run_until(data, last)


def build_new_share(data: Data) -> Outcome:
    """The next daily run, which finds 1 % of the events new, and the clock moved by their days."""
    outcome = _run_until(data, datetime.fromisoformat(AS_OF).date() + timedelta(days=1))
    _daily_database(data).unlink()
    return outcome


def _daily_database(data: Data) -> Path:
    """The DuckDB file of the daily runs."""
    return data.database.with_name("daily.duckdb")


def _first_new_day(data: Data) -> date:
    """The day from which on 1 % of the events happened."""
    return day_of_last(data.raw, EVENT_TABLES, NEW_SHARE, datetime.fromisoformat(AS_OF).date())


def _run_until(data: Data, day: date) -> Outcome:
    """A daily run of what happened before a day; the raw files always are in the same folder."""
    extract = data.raw.with_name("extract")
    write_before(data.raw, day, extract)
    outcome = _daily(extract, _daily_database(data), f"{day} 00:00:00")
    shutil.rmtree(extract)
    return outcome


WITHOUT_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")


def _daily(raw: Path, database: Path, as_of: str) -> Outcome:
    """Dbt build on a DuckDB file: its seconds, and how many leads it recomputed."""
    started = time.monotonic()
    printed = build(duckdb_warehouse(database), raw=raw, as_of=as_of, arguments=WITHOUT_TESTS)
    note = next(line for line in printed.splitlines() if " leads recomputed" in line)
    return Outcome(seconds=time.monotonic() - started, note=note.split("  ")[-1])


def build_with_small_memory(data: Data) -> Outcome:
    """Every model in a new file, with 2 GB of memory for DuckDB."""
    database = data.database.with_name("small_memory.duckdb")
    _seed(data.raw, database)
    started = time.monotonic()
    try:
        note = f"{len(_run_models(data.raw, database, SMALL_MEMORY))} models"
    except BuildError as error:
        note = f"does not complete: {str(error).strip().splitlines()[-1]}"
    seconds = time.monotonic() - started
    database.unlink()
    return Outcome(seconds=seconds, note=note)


# What is measured, in this order, of every size. Further measurements go here.
MEASUREMENTS = [
    Measurement("all models", build_all),
    Measurement("score timeline", build_timeline),
    Measurement(f"score timeline of {MODEL} in pandas", build_with_pandas, "smallest"),
    Measurement("daily run, one day", build_one_day, is_drawn=False),
    Measurement("daily run, 1 % new events", build_new_share),
    Measurement("all models, 2 GB for DuckDB", build_with_small_memory, "largest", False),
]
FLOOR = Measurement("floor", sort_events)


def _seed(raw: Path, database: Path) -> None:
    """Load the policy tables, which leaves the project parsed, too."""
    build(_warehouse(database), raw=raw, as_of=AS_OF, command="seed")


def _run_models(
    raw: Path,
    database: Path,
    environment: dict[str, str] | None = None,
    arguments: tuple[str, ...] = (),
) -> dict[str, float]:
    """Run models into a database that has the policy tables; return the seconds of each."""
    warehouse = _warehouse(database, environment)
    build(warehouse, raw=raw, as_of=AS_OF, command="run", arguments=arguments)
    return seconds_of_models(database)


def _warehouse(database: Path, environment: dict[str, str] | None = None) -> Warehouse:
    """A DuckDB file, with further variables of profiles.yml."""
    return Warehouse(
        target="duckdb", environment={"LEAD_DB_PATH": str(database), **(environment or {})}
    )


def in_own_process(run: Callable[[Data], Outcome], data: Data) -> Usage:
    """Run something in a new process, and say what that and its children took."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_used, run, data).result()


def _used(run: Callable[[Data], Outcome], data: Data) -> Usage:
    """Run something in this process; memory is that of the largest process so far."""
    started, cpu_started = time.monotonic(), _cpu_seconds()
    outcome = run(data)
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return Usage(
        seconds=time.monotonic() - started,
        cpu_seconds=_cpu_seconds() - cpu_started,
        peak=max(usage.ru_maxrss for usage in usages) / GIB,
        outcome=outcome,
    )


def _cpu_seconds() -> float:
    """CPU seconds of this process and of its children that have ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def generate(companies: int, folder: Path) -> Data:
    """Write raw tables of so many companies, and the policy tables beside them."""
    raw, database = folder / "raw", folder / "built.duckdb"
    write_large(companies, raw)
    _seed(raw, database)
    events = sum(_rows(raw / f"{table}.parquet") for table in EVENT_TABLES)
    return Data(raw, database, events, _rows(raw / "leads.parquet"))


def _rows(path: Path) -> int:
    """Rows of a Parquet file."""
    return duckdb.sql(f"select count(*) from '{path}'").fetchall()[0][0]


def measure(sizes: list[int], folder: Path) -> list[Result]:
    """Measure everything of every size, the smallest first; the data of a size goes after it."""
    results = []
    for companies in sorted(sizes):
        place = folder / str(companies)
        place.mkdir()
        data = generate(companies, place)
        for measurement in MEASUREMENTS:
            only = {"smallest": min(sizes), "largest": max(sizes)}.get(measurement.sizes, companies)
            if only == companies:
                floor = in_own_process(FLOOR.run, data)
                usage = in_own_process(measurement.run, data)
                results.append(Result(measurement, data, usage, floor))
                print(_line(results[-1]), flush=True)
        shutil.rmtree(place)
    return results


def _line(result: Result) -> str:
    """A row of the table of results."""
    floor = result.floor
    is_all = result.usage.outcome.seconds is None
    cpu = f"{result.usage.cpu_seconds / floor.cpu_seconds:.1f}" if is_all else "-"
    return (
        f"| {result.measurement.name} | {result.data.events / 1e6:.1f} M | {result.seconds:.1f} "
        f"| {floor.seconds:.1f} | {result.seconds / floor.seconds:.1f} "
        f"| {cpu} | {result.usage.peak:.1f} | {result.usage.outcome.note} |"
    )


def write_report(results: list[Result], machine: str, date: str, path: Path) -> None:
    """Write the results into the measured section of a page; the plot is in plots/scale.svg.

    Whatever stands before and after that section stays. A page that does not exist is created.

    Raises:
        ValueError: The page has no measured section.
    """
    when = f" on {date}" if date else ""
    versions = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    lines = [
        f"Measured{when} on {machine}; Python {platform.python_version()}, {versions}.",
        "",
        "The floor is DuckDB sorting the same events by lead and time into a table, measured right "
        "before each line.",
        "",
        "| what | events | seconds | floor, seconds | times the floor | CPU, times the floor's "
        "| peak memory, GiB | |",
        "|---|---|---|---|---|---|---|---|",
        *[_line(result) for result in results],
        "",
        *_growth(results),
        *_days(results),
        "",
        "![Seconds by number of events](plots/scale.svg)",
        "",
        *_slowest(results),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    page = path.read_text(encoding="utf-8") if path.exists() else EMPTY_PAGE
    path.write_text(with_measured(page, "\n".join(lines)), encoding="utf-8")


def with_measured(page: str, measured: str) -> str:
    """Return a page with its measured section replaced.

    Raises:
        ValueError: The page has no measured section.
    """
    before, begin, behind = page.partition(SECTION_BEGIN)
    _, end, after = behind.partition(SECTION_END)
    if not (begin and end):
        raise ValueError(f"no section between {SECTION_BEGIN} and {SECTION_END}; add the two lines")
    return f"{before}{begin}\n{measured}\n{end}{after}"


def _growth(results: list[Result]) -> list[str]:
    """How many times longer the largest size takes than the smallest, for each measurement."""
    lines = []
    for measurement in MEASUREMENTS:
        of_it = [result for result in results if result.measurement is measurement]
        if len(of_it) > 1:
            first, last = of_it[0], of_it[-1]
            lines.append(
                f"- {measurement.name}: {last.data.events / first.data.events:.1f} times the "
                f"events take {last.seconds / first.seconds:.1f} times as long."
            )
    return lines


def _days(results: list[Result]) -> list[str]:
    """What daily runs take of the time of all models, for each size."""
    seconds = {(result.measurement.run, result.data.events): result.seconds for result in results}
    return [
        f"- {result.measurement.name}: at {result.data.events / 1e6:.1f} M events "
        f"{result.seconds / seconds[build_all, result.data.events]:.0%} of the time of all models."
        for result in results
        if result.measurement.run in (build_one_day, build_new_share)
    ]


def _slowest(results: list[Result], number: int = 10) -> list[str]:
    """The slowest models of the largest complete build."""
    builds = [result for result in results if result.measurement.run is build_all]
    models = builds[-1].usage.outcome.models
    slowest = sorted(models, key=models.__getitem__, reverse=True)[:number]
    return [
        f"Slowest of {len(models)} models at {builds[-1].data.events / 1e6:.1f} M events, "
        "two models at a time:",
        "",
        "| model | seconds |",
        "|---|---|",
        *[f"| {model} | {models[model]:.1f} |" for model in slowest],
    ]


def draw(results: list[Result], machine: str, path: Path) -> None:
    """Draw seconds by number of events, both in powers of ten."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams.update({"svg.hashsalt": "lead_qualification", "svg.fonttype": "none"})
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.5), layout="constrained")
    floors: dict[float, list[float]] = {}
    for result in results:
        floors.setdefault(result.data.events, []).append(result.floor.seconds)
    axes.plot(
        list(floors),
        [min(seconds) for seconds in floors.values()],
        *("--",),
        color="#555555",
        marker="o",
        label=FLOOR.name,
    )
    for number, measurement in enumerate(entry for entry in MEASUREMENTS if entry.is_drawn):
        of_it = [result for result in results if result.measurement is measurement]
        events = [result.data.events for result in of_it]
        seconds = [result.seconds for result in of_it]
        colour, marker = (
            ("#0072b2", "#d55e00", "#009e73", "#cc79a7")[number % 4],
            "osD^"[number % 4],
        )
        axes.plot(events, seconds, color=colour, marker=marker, label=measurement.name)
        side, alignment = ((-8, "right"), (8, "left"))[number % 2]
        for result in of_it:
            axes.annotate(
                f"{result.seconds / result.floor.seconds:.1f}x",
                (result.data.events, result.seconds),
                textcoords="offset points",
                xytext=(side, 0),
                ha=alignment,
                va="center",
            )
    axes.set(xscale="log", yscale="log", xlabel="events", ylabel="seconds")
    axes.set_title("Seconds of a build, and how many times the floor")
    axes.margins(x=0.15, y=0.15)
    axes.legend()
    axes.grid(visible=True, which="major", color="#dddddd")
    figure.supxlabel(machine, fontsize=8, color="#555555")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, format="svg", metadata={"Date": None})
    pyplot.close(figure)


def this_machine() -> str:
    """Cores, memory and architecture of this machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return f"{os.cpu_count()} cores, {memory:.0f} GiB of memory, {platform.machine()}"


def main() -> None:
    """Generate, measure, write the section and the plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--companies", type=int, nargs="+", default=[1, 10], help="sizes, in millions of events"
    )
    parser.add_argument("--machine", default=this_machine(), help="what it was measured on")
    parser.add_argument("--date", default="", help="when; none: the page names no date")
    parser.add_argument("--docs", type=Path, default=PROJECT / "docs", help="folder to write into")
    parser.add_argument("--work", type=Path, help="folder for the data; else a temporary one")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.work) as folder:
        results = measure(given.companies, Path(folder))
    write_report(results, given.machine, given.date, given.docs / "benchmarks.md")
    draw(results, given.machine, given.docs / "plots" / "scale.svg")


if __name__ == "__main__":
    main()
