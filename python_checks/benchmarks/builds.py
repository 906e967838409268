"""What builds of the project cost on DuckDB: whole, in part, with little memory, and of news.

The project is parsed before; what is measured is a command of dbt as a user gives it, from its
start to its end.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lead_qualification.warehouse import Warehouse
from python_checks.benchmarks.data import AS_OF, Data
from python_checks.benchmarks.hand_written import run_hand_written, sort_narrow, sort_wide
from python_checks.benchmarks.timing import Outcome
from python_checks.building import build

NO_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
SMALL_MEMORY = {"LEAD_DB_MEMORY": "2GB", "LEAD_DB_THREADS": "1"}
LEADS_OF_RUN = re.compile(r"[\d,]+ of [\d,]+ leads recomputed")
# A Wednesday, and the days from Thursday to Sunday: 0.3 and 1.1 % of the events.
A_DAY = (date(2026, 6, 24), date(2026, 6, 25))
FOUR_DAYS = (date(2026, 6, 25), date(2026, 6, 29))


@dataclass(frozen=True)
class Measurement:
    """Something to measure.

    Attributes:
        name: What it is, for the page.
        run: Does it.
        prepare: What is done before, not measured; may rely on the measurements before.
        times: How often; the time with the least CPU counts.
        is_for_largest: Whether only the largest size is measured.
        days: The days whose events are news to it, from one until before another.
    """

    name: str
    run: Callable[[Data], Outcome]
    prepare: Callable[[Data], None] | None = None
    times: int = 1
    is_for_largest: bool = False
    days: tuple[date, date] | None = None


def start_over(data: Data) -> None:
    """Leave neither tables nor policy; what dbt parsed stays."""
    data.database.unlink(missing_ok=True)
    data.show_everything()


def load_policy(data: Data) -> None:
    """Leave nothing but the policy tables, and the project parsed."""
    start_over(data)
    _dbt(data, "seed")


def build_history(data: Data) -> Outcome:
    """The score history of every model, and what it is made of."""
    _dbt(data, "run", "--select", "+lead_score_history")
    return Outcome(f"{len(seconds_of_models(data.database))} models")


def build_whole(data: Data) -> Outcome:
    """Every seed and model."""
    _dbt(data, "build", *NO_TESTS)
    size = data.database.stat().st_size / 1e9
    models = seconds_of_models(data.database)
    return Outcome(f"{len(models)} models, {size:.1f} GB", models)


def build_with_tests(data: Data) -> Outcome:
    """Every seed and model with all tests."""
    _dbt(data, "build")
    return Outcome()


def build_with_small_memory(data: Data) -> Outcome:
    """Every seed and model, with 2 GB of memory for DuckDB and one model at a time."""
    _dbt(data, "build", *NO_TESTS, environment=SMALL_MEMORY)
    return Outcome("completes")


def build_until_a_day(data: Data) -> None:
    """Build what happened before a day, then let the day happen."""
    start_over(data)
    data.show_before(A_DAY[0])
    _build_until(data, A_DAY[0])
    data.show_before(A_DAY[1])


def build_a_day(data: Data) -> Outcome:
    """Build again, after a day."""
    return _build_until(data, A_DAY[1])


def let_four_days_pass(data: Data) -> None:
    """Let four days happen that are not built yet."""
    data.show_before(FOUR_DAYS[1])


def build_four_days(data: Data) -> Outcome:
    """Build again, after four days."""
    return _build_until(data, FOUR_DAYS[1])


def build_no_news(data: Data) -> Outcome:
    """Build again, with the same raw tables and clock."""
    return _build_until(data, FOUR_DAYS[1])


def _build_until(data: Data, day: date) -> Outcome:
    """Build with the clock at the begin of a day, onto what was built."""
    printed = _dbt(data, "build", *NO_TESTS, as_of=f"{day} 00:00:00")
    return Outcome(", ".join(LEADS_OF_RUN.findall(printed)))


def _dbt(
    data: Data,
    command: str,
    *arguments: str,
    as_of: str = AS_OF,
    environment: dict[str, str] | None = None,
) -> str:
    """Run a command of dbt on the database of a size; return what it printed."""
    return build(
        Warehouse("duckdb", {"LEAD_DB_PATH": str(data.database), **(environment or {})}),
        raw=data.raw,
        as_of=as_of,
        command=command,
        arguments=arguments,
    )


def seconds_of_models(database: Path) -> dict[str, float]:
    """Return the seconds of each model that the last dbt run into a DuckDB file built."""
    results = json.loads(Path(f"{database}.target", "run_results.json").read_text())["results"]
    return {
        row["unique_id"].split(".")[-1]: row["execution_time"]
        for row in results
        if row["unique_id"].startswith("model.")
    }


SCRIPT = Measurement("hand-written script", run_hand_written, times=2)
HISTORY = Measurement("score history from raw data", build_history, load_policy)
WHOLE = Measurement("whole build", build_whole, start_over)
DAY = Measurement("a day of news", build_a_day, build_until_a_day, days=A_DAY)
NEWS = Measurement("four days of news", build_four_days, let_four_days_pass, days=FOUR_DAYS)
NO_NEWS = Measurement("no news", build_no_news)
# What is measured of every size, in this order.
MEASUREMENTS = (
    SCRIPT,
    Measurement("narrow floor", sort_narrow, times=2),
    Measurement("wide floor", sort_wide, times=2),
    HISTORY,
    WHOLE,
    Measurement("whole build, 2 GB", build_with_small_memory, start_over, is_for_largest=True),
    Measurement("whole build with tests", build_with_tests, start_over),
    DAY,
    NEWS,
    NO_NEWS,
)
