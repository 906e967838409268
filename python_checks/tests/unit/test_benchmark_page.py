"""The benchmark refuses a busy machine, and writes its own section of the page and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lead_qualification.warehouse import PROJECT
from python_checks.benchmarks.builds import DAY, HISTORY, SCRIPT, WHOLE, Measurement
from python_checks.benchmarks.page import (
    EMPTY_PAGE,
    SECTION_BEGIN,
    SECTION_END,
    Result,
    Run,
    measured_section,
    with_measured,
)
from python_checks.benchmarks.record import Figure, Record, read_record, write_record
from python_checks.benchmarks.timing import BusyError, Outcome, Usage, incomplete, require_quiet
from python_checks.building import BuildError

PAGE = PROJECT / "docs" / "benchmarks.md"
LAST = PROJECT / "python_checks" / "benchmarks" / "last.json"


def result(measurement: Measurement, millions: float, seconds: float, **outcome) -> Result:
    """A measurement with twice as many CPU seconds as wall seconds."""
    return Result(measurement, millions, Usage(seconds, 2 * seconds, 1.5, 0.1, Outcome(**outcome)))


RESULTS = [
    result(SCRIPT, 1, 2.0),
    result(WHOLE, 1, 20.0),
    result(DAY, 1, 25.0, note="0.32% of the events"),
    result(SCRIPT, 10, 20.0),
    result(WHOLE, 10, 100.0, models={"quick": 1.0, "slow": 9.0}),
    result(DAY, 10, 10.0),
]


def record(results: list[Result] = RESULTS) -> Record:
    """The figures of some results."""
    figures = [found.figure for found in results]
    return Record("2026-11-30", "abc1234", "2 cores", {"duckdb": "2.0.0"}, figures)


def run(**changes) -> Run:
    """A run on a quiet machine."""
    return replace(Run(record(), RESULTS, load=0.2, was_quiet=True, spark=[]), **changes)


def test_a_busy_machine_is_refused() -> None:
    require_quiet(0.5)
    with pytest.raises(BusyError, match=r"0\.51, above 0\.5.*--despite-load"):
        require_quiet(0.51)


def test_multiples_of_the_script_come_first() -> None:
    section = measured_section(run(), None)
    assert "| whole build | 10.0 (10.0) | 5.0 (5.0) |" in section
    assert section.index("### Multiples") < section.index("### Figures")
    assert section.index("### Multiples") < section.index("### Since the run before")
    assert "| slow | 9.0 |\n| quick | 1.0 |" in section


def test_the_page_says_from_which_size_news_pays() -> None:
    section = measured_section(run(), None)
    assert "125% (125%) at 1 million, 10% (10%) at 10 million of a whole build" in section
    assert "quicker from 10 million on" in section


def test_a_run_that_is_stopped_leaves_what_it_came_to() -> None:
    assert "stopped before its end" not in measured_section(run(), None)
    for count in range(1, len(RESULTS)):
        results = RESULTS[:count]
        stopped = run(record=record(results), results=results, is_whole=False)
        section = measured_section(stopped, record())
        assert "**The run was stopped before its end.**" in section
        assert section.count(" M | ") == count


def test_a_run_beside_other_work_says_so() -> None:
    assert "Not on a quiet machine" not in measured_section(run(), None)
    busy = measured_section(run(load=2.6, was_quiet=False), None)
    assert "**Not on a quiet machine: the load average before was 2.60" in busy


def test_a_build_that_ends_with_an_error_has_no_multiple() -> None:
    failed = incomplete(BuildError("many lines\nOut of memory"))
    results = [*RESULTS, replace(result(HISTORY, 10, 5), usage=Usage(5, 9, 1, 0, failed))]
    section = measured_section(run(results=results), None)
    assert "| score history from raw data |  | does not complete |" in section
    assert "does not complete: Out of memory |" in section


def test_what_changed_since_the_run_before() -> None:
    slower = [
        replace(figure, cpu_seconds=figure.cpu_seconds * 1.5)
        if (figure.name, figure.millions) == (WHOLE.name, 10)
        else figure
        for figure in record().figures
    ]
    gone = Figure("gone", 10, 1.0, 1.0, 1.0)
    before = replace(record(), versions={"duckdb": "1.4.0"}, figures=[*slower, gone])
    section = measured_section(run(), before)
    assert "- duckdb: 1.4.0 → 2.0.0" in section
    assert "- whole build, 10 million events: 7.5 → 5.0 times the script's CPU (-33%)" in section
    assert "whole build, 1 million events" not in section
    assert "- within 5% of what they were: 3 multiples" in section
    assert "- not measured again: gone at 10 M" in section


def test_figures_are_kept_for_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "last.json"
    assert read_record(path) is None
    write_record(record(), path)
    assert read_record(path) == record()


def test_the_kept_figures_can_be_compared() -> None:
    before = read_record(LAST)
    assert before is not None
    assert before.multiples()


def test_only_the_measured_section_is_replaced() -> None:
    page = PAGE.read_text(encoding="utf-8")
    once = with_measured(page, "first")
    assert once != page
    assert with_measured(once, "second") == once.replace("\nfirst\n", "\nsecond\n")
    assert once.startswith(page[: page.index(SECTION_BEGIN)])
    assert once.endswith(page[page.index(SECTION_END) :])


def test_a_page_that_does_not_exist_begins_empty() -> None:
    assert "\nfigures\n" in with_measured(EMPTY_PAGE, "figures")


def test_a_page_without_the_section_is_refused() -> None:
    with pytest.raises(ValueError, match="measured: begin"):
        with_measured("# Benchmarks\n", "figures")
