"""The measured section of docs/benchmarks.md."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from python_checks.benchmarks.builds import DAY, MEASUREMENTS, NEWS, NO_NEWS, WHOLE, Measurement
from python_checks.benchmarks.record import SCRIPT_NAME, Figure, Record, changes
from python_checks.benchmarks.timing import Usage

SECTION_BEGIN = "<!-- measured: begin -->"
SECTION_END = "<!-- measured: end -->"
EMPTY_PAGE = f"# Benchmarks\n\n{SECTION_BEGIN}\n{SECTION_END}\n"
SLOWEST = 10


@dataclass(frozen=True)
class Result:
    """A measurement of one size."""

    measurement: Measurement
    millions: float
    usage: Usage

    @property
    def is_complete(self) -> bool:
        """Whether it did what was to be measured."""
        return self.usage.outcome.is_complete

    @property
    def figure(self) -> Figure:
        """What is kept of it for the next run."""
        usage = self.usage
        return Figure(
            name=self.measurement.name,
            millions=self.millions,
            seconds=round(usage.seconds, 1),
            cpu_seconds=round(usage.cpu_seconds, 1),
            peak_gib=round(usage.peak, 2),
        )


@dataclass(frozen=True)
class Run:
    """Everything that a run measured.

    Attributes:
        record: Its figures, and where and when.
        results: The measurements, by size.
        load: Load average of the minute before.
        was_quiet: Whether that was as low as has to be.
        spark: What the builds on Spark were like, a line each; none: not measured.
        is_whole: Whether it came to its end.
    """

    record: Record
    results: list[Result]
    load: float
    was_quiet: bool
    spark: list[str]
    is_whole: bool = True


def line(result: Result) -> str:
    """A row of the table of figures."""
    usage = result.usage
    return (
        f"| {result.measurement.name} | {result.millions:g} M | {usage.seconds:.1f} "
        f"| {usage.cpu_seconds:.1f} | {usage.peak:.1f} | {usage.outcome.note} |"
    )


def measured_section(run: Run, before: Record | None) -> str:
    """Return the section of a run, and what changed since the one before."""
    paragraphs = [
        _conditions(run),
        "### Multiples of the hand-written script",
        "Wall seconds, and CPU seconds in brackets, as multiples of those of "
        "[hand_written.sql](../python_checks/benchmarks/hand_written.sql): the score history of "
        "one scoring model, current scores and stages from the same raw files, without anything "
        "else.",
        "\n".join(_multiples(run.results)),
        "\n".join(_days(run.results)),
        "### Since the run before",
        *_since(run, before),
        "### Figures",
        "\n".join(_figures(run.results)),
        "\n".join(_slowest(run.results)),
        "### Spark",
        "\n".join(run.spark) or "Not measured in this run.",
    ]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _conditions(run: Run) -> str:
    """When, where, and beside what other work was measured."""
    record = run.record
    versions = ", ".join(f"{package} {number}" for package, number in record.versions.items())
    others = max(result.usage.share_of_others for result in run.results)
    quiet = (
        f"Load average before: {run.load:.2f}."
        if run.was_quiet
        else f"**Not on a quiet machine: the load average before was {run.load:.2f}, so these "
        "figures say little.**"
    )
    stopped = "" if run.is_whole else " **The run was stopped before its end.**"
    return (
        f"Measured on {record.date}, commit {record.commit}, on {record.machine}; {versions}. "
        f"{quiet} Other processes took at most {others:.0%} of the machine during a measurement."
        f"{stopped}"
    )


def _multiples(results: list[Result]) -> list[str]:
    """The table of multiples, a column for each size."""
    sizes = sorted({result.millions for result in results})
    found = {(result.measurement.name, result.millions): result for result in results}
    lines = [
        "| | " + " | ".join(f"{millions:g} million events" for millions in sizes) + " |",
        "|---" * (len(sizes) + 1) + "|",
    ]
    for measurement in MEASUREMENTS:
        cells = [
            _multiple(found.get((measurement.name, millions)), found[SCRIPT_NAME, millions])
            for millions in sizes
        ]
        if measurement.name != SCRIPT_NAME and any(cells):
            lines.append(f"| {measurement.name} | " + " | ".join(cells) + " |")
    return lines


def _multiple(result: Result | None, script: Result) -> str:
    """A cell of the table of multiples."""
    if result is None:
        return ""
    if not result.is_complete:
        return "does not complete"
    seconds = result.usage.seconds / script.usage.seconds
    cpu_seconds = result.usage.cpu_seconds / script.usage.cpu_seconds
    return f"{seconds:.1f} ({cpu_seconds:.1f})"


def _days(results: list[Result]) -> list[str]:
    """What builds of news take of a whole build, and from which size on that pays."""
    whole = {
        result.millions: result.usage
        for result in results
        if result.measurement is WHOLE and result.is_complete
    }
    lines = []
    for measurement in (DAY, NEWS, NO_NEWS):
        shares = {
            result.millions: (
                result.usage.seconds / whole[result.millions].seconds,
                result.usage.cpu_seconds / whole[result.millions].cpu_seconds,
            )
            for result in results
            if result.measurement is measurement and result.is_complete and result.millions in whole
        }
        if shares:
            named = ", ".join(
                f"{seconds:.0%} ({cpu:.0%}) at {millions:g} million"
                for millions, (seconds, cpu) in shares.items()
            )
            pays = [millions for millions, (seconds, _) in shares.items() if seconds < 1]
            ending = (
                f"quicker from {min(pays):g} million on" if pays else "quicker at no size measured"
            )
            lines.append(f"- {measurement.name}: {named} of a whole build; {ending}.")
    return lines


def _since(run: Run, before: Record | None) -> list[str]:
    """What changed since the run before."""
    if before is None:
        return ["There is none."]
    lines = changes(before, run.record)
    return [f"{before.date}, commit {before.commit}:", "\n".join(lines)]


def _figures(results: list[Result]) -> list[str]:
    """The table of figures."""
    return [
        "| what | events | seconds | CPU seconds | peak memory, GiB | |",
        "|---|---|---|---|---|---|",
        *[line(result) for result in results],
    ]


def _slowest(results: list[Result]) -> list[str]:
    """The slowest models of the largest whole build."""
    builds = [result for result in results if result.measurement is WHOLE and result.is_complete]
    if not builds:
        return []
    models = builds[-1].usage.outcome.models
    return [
        f"Slowest of {len(models)} models at {builds[-1].millions:g} million events, two models at "
        "a time:",
        "",
        "| model | seconds |",
        "|---|---|",
        *[
            f"| {model} | {models[model]:.1f} |"
            for model in sorted(models, key=models.__getitem__, reverse=True)[:SLOWEST]
        ],
    ]


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


def write_page(measured: str, path: Path) -> None:
    """Write the measured section into a page; one that does not exist is created."""
    page = path.read_text(encoding="utf-8") if path.exists() else EMPTY_PAGE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(with_measured(page, measured), encoding="utf-8")
