"""One number: a metric of the registry is the same wherever it is shown, and months add up.

Asked are the columns of the public tables, MetricFlow, the pages of the dashboard, the summary and
the saved questions; on the demo and on two generated companies.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas
import pytest

from lead_qualification.dashboard import parts
from lead_qualification.metrics import Metric, metrics
from lead_qualification.settings import DUCKDB_FILE
from lead_qualification.summary import summary
from lead_qualification.warehouse import Warehouse, duckdb_warehouse
from python_checks.dbt_process import DbtProcess
from python_checks.tests.build.companies import Built
from python_checks.tests.build.metric_answers import answered
from python_checks.tests.build.test_analyses import compiled
from python_checks.tests.builds import DEMO_NAME, Builds
from python_checks.tests.pages import opened

COMPANIES = (
    "demo",
    *(pytest.param(name, marks=pytest.mark.nightly) for name in ("product_led", "consumer")),
)
TOLERANCE = 1e-6
TOTALS = {
    "channel_roi": "dimension = 'overall' and month is null",
    "channel_conversion": "true",
    "funnel_weekly": "dimension = 'overall'",
}
"""The rows of a table that sum to the total of a count, where a metric has it by other keys."""
MONTHS = {
    "lead_velocity": ("month", "motion = 'all'"),
    "channel_roi": ("month", "dimension = 'overall' and month is not null"),
    "marketing_sla": ("target_month", "true"),
}
"""The tables of months: their month, and the rows of all leads."""
PAGES = ("funnel", "channels", "handoffs", "feedback")
ON_PAGES = {
    *("leads", "mqls", "pqls", "sqls", "opportunities", "customers"),
    *("mqls_to_sql", "mql_to_sql_rate", "opportunity_to_won_rate", "lead_to_customer_rate"),
    *("cost", "cost_per_sql", "customer_acquisition_cost", "revenue_won", "pipeline_open", "roi"),
    *("handoffs_to_answer", "sla_met_rate", "median_response_business_minutes"),
    *("acceptance_rate", "handoff_to_opportunity_rate"),
    *("handoffs_decided", "handoffs_rejected", "rejection_rate"),
}
"""Metrics that the pages of the demo show as a number."""
COUNTS_OF_QUESTIONS = {
    "pipeline_by_channel": "true",
    "speed_to_lead": "true",
    "opportunities_by_checks": "true",
    "rejection_reasons": "channel = 'all'",
}
"""Saved questions whose rows sum to the total, and which rows."""
REPEATED = {("rejection_reasons", "handoffs_decided")}
"""Counts that each row of a question repeats."""
ACTIVITY = [
    entry
    for entry in metrics().values()
    if entry.counting == "activity" and (entry.is_count or entry.name in ("cost", "revenue_won"))
]
"""Counts and money of who did something in a period."""
BY_MONTH = [
    *("--metrics", ",".join(entry.name for entry in ACTIVITY)),
    *("--group-by", "metric_time__month"),
]
NAMES = {entry.label: entry for entry in metrics().values()}


@pytest.fixture(scope="module", params=COMPANIES)
def warehouse(
    request: pytest.FixtureRequest, demo: Warehouse, tmp_path_factory: pytest.TempPathFactory
) -> Warehouse:
    """A build under the name that MetricFlow and the saved questions know."""
    name = request.param
    if name == "demo":
        return demo
    built: Built = request.getfixturevalue("built")
    path = tmp_path_factory.mktemp(f"one_number_{name}") / DEMO_NAME
    shutil.copy(built[name].result().environment[DUCKDB_FILE], path)
    return duckdb_warehouse(path)


@pytest.fixture(scope="module")
def answers(warehouse: Warehouse, metrics_folder: Path) -> list[list[list[str]]]:
    """What MetricFlow says of every metric: in total, then those of activity by month."""
    names = ["--metrics", ",".join(metrics())]
    return answered(warehouse, metrics_folder, [names, BY_MONTH])


@pytest.fixture(scope="module")
def numbers(answers: list[list[list[str]]]) -> dict[str, float]:
    """The number of each metric, as MetricFlow says it; null is not a number."""
    header, row = answers[0]
    return {name: _number(text) for name, text in zip(header, row, strict=True)}


@pytest.fixture(scope="module")
def questions(demo: Warehouse, dbt: DbtProcess) -> dict[str, str]:
    """The SQL of the saved questions, the same for every build."""
    return compiled(demo, dbt, {})


def _number(value: Any) -> float:
    """A number of any type; what is not there is not a number."""
    return float("nan") if value in (None, "") or value is pandas.NA else float(value)


def _same(found: dict[str, float], numbers: dict[str, float]) -> None:
    """Fail unless each number found is that of its metric."""
    wanted = {name: numbers[name] for name in found}
    assert found == pytest.approx(wanted, abs=TOLERANCE, rel=TOLERANCE, nan_ok=True)


def _put_together(entry: Metric) -> str:
    """The SQL of the number: counts and money add up; a rate is one row, or several alike."""
    adds_up = entry.is_count or entry.unit == "money"
    return entry.aggregate if entry.aggregate != "sum" or adds_up else "max"


SQL_OF = {"count": "count({})", "average": "avg({})", "max": "max({})", "sum": "sum({})"}


def test_public_tables_have_the_number(warehouse: Warehouse, numbers: dict[str, float]) -> None:
    """The column of the registry, over its rows; several rows of a rate are alike."""
    found = {}
    for entry in metrics().values():
        if entry.column is None:
            continue
        table, column = entry.column
        how = _put_together(entry)
        figure = SQL_OF[how].format(f'"{column}"')
        least = f'min("{column}")' if how == "max" else figure
        row = warehouse.read(
            f"select {figure} as most, {least} as least "
            f"from {warehouse.marts}.{table} where {entry.rows}"
        ).iloc[0]
        assert str(row["most"]) == str(row["least"]), entry.name
        found[entry.name] = _number(_filled(entry, row["most"]))
    assert len(found) > 0.9 * len(metrics())
    _same(found, numbers)


def _filled(entry: Metric, value: Any) -> Any:
    """A count of no rows is 0."""
    return 0 if entry.is_count and pandas.isna(value) else None if pandas.isna(value) else value


def test_other_tables_have_the_same_number(warehouse: Warehouse, numbers: dict[str, float]) -> None:
    """A table with other keys has the same total, where its rows can be summed."""
    for entry in metrics().values():
        for table, column in entry.also:
            if entry.is_count and table in TOTALS:
                rows = warehouse.read(
                    f"select coalesce(sum({column}), 0) as total "
                    f"from {warehouse.marts}.{table} where {TOTALS[table]}"
                )
                _same({entry.name: _number(rows["total"].iloc[0])}, numbers)


def test_months_of_activity_add_up_to_the_total(
    answers: list[list[list[str]]], numbers: dict[str, float]
) -> None:
    header, *rows = answers[1]
    frame = pandas.DataFrame(rows, columns=header).replace("", None)
    for entry in ACTIVITY:
        months = frame[entry.name].dropna().map(float)
        if len(months) or numbers[entry.name] == 0:
            _same({entry.name: months.sum()}, numbers)


def test_months_of_the_tables_are_those_of_the_metrics(
    warehouse: Warehouse, answers: list[list[list[str]]]
) -> None:
    """Wherever a month of a metric of activity stands, it is the same number."""
    assert months_compared(warehouse, answers[1]) > 50


@pytest.mark.nightly
def test_months_of_metrics_are_those_of_the_reports(
    builds: Builds, metrics_folder: Path, tmp_path: Path
) -> None:
    """Also where they begin at another instant than in UTC."""
    zone = {"reporting_time_zone": "Pacific/Auckland"}
    made = builds.build(None, None, variables=zone).environment[DUCKDB_FILE]
    warehouse = duckdb_warehouse(Path(shutil.copy(made, tmp_path / DEMO_NAME)))
    (answer,) = answered(warehouse, metrics_folder, [BY_MONTH])
    assert months_compared(warehouse, answer) > 50


def months_compared(warehouse: Warehouse, answer: list[list[str]]) -> int:
    """Fail unless each month of a table is that of the metric; return how many there were."""
    header, *rows = answer
    by_month = {row[0][:10]: dict(zip(header, row, strict=True)) for row in rows}
    compared = 0
    for entry in ACTIVITY:
        for table, column in (entry.column, *entry.also) if entry.column else ():
            if table not in MONTHS:
                continue
            month, condition = MONTHS[table]
            found = warehouse.read(
                f"select cast({month} as varchar) as month, coalesce({column}, 0) as figure "
                f"from {warehouse.marts}.{table} where {condition}"
            )
            for row in found.itertuples():
                wanted = by_month.get(row.month, {}).get(entry.name) or 0
                where = (table, column, row.month)
                assert float(row.figure) == pytest.approx(float(wanted)), where
                compared += 1
    return compared


def shown(page: str, **chosen: str) -> dict[str, str]:
    """The numbers of a page by heading; a heading stands for one number."""
    app = opened(page, **chosen)
    assert not app.exception, app.exception
    found: dict[str, str] = {}
    for metric in app.metric:
        label = metric.label.replace("\\", "")
        assert found.setdefault(label, metric.value) == metric.value, label
    return found


@pytest.fixture
def dashboard(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., dict[str, str]]:
    """The pages on a build."""
    for name, value in warehouse.environment.items():
        monkeypatch.setenv(name, value)
    parts._reader.clear()
    return shown


def read_back(text: str) -> tuple[float, float]:
    """A number as a page shows it, and how far it may be from the one that was rounded."""
    plain = text.replace("\\", "").replace(",", "").strip()
    found = re.fullmatch(r"(-?\d+)(?:\.(\d+))?( %)?", plain)
    if found is None:
        return float("nan"), 0.0
    scale = Decimal(100) if found[3] else Decimal(1)
    places = len(found[2] or "")
    value = Decimal(plain.removesuffix(" %")) / scale
    return float(value), float(Decimal(10) ** -places / scale)


def test_dashboard_shows_the_number(
    dashboard: Callable[..., dict[str, str]],
    numbers: dict[str, float],
    request: pytest.FixtureRequest,
) -> None:
    """What has the name of a metric is its number, as far as it is shown."""
    seen = set()
    for page in PAGES:
        for label, text in dashboard(page).items():
            if label in NAMES:
                value, step = read_back(text)
                wanted = numbers[NAMES[label].name]
                if value == value or wanted == wanted:
                    assert value == pytest.approx(wanted, abs=step), (page, label)
                seen.add(NAMES[label].name)
    if request.node.callspec.params["warehouse"] == "demo":
        assert seen >= ON_PAGES


def test_a_month_of_the_funnel_tells_activity_from_the_cohort(
    dashboard: Callable[..., dict[str, str]], warehouse: Warehouse, answers: list[list[list[str]]]
) -> None:
    """SQLs of the month are those that became one in it; of its MQLs, what became of them."""
    if not warehouse.table("funnel_conversion")["mqls"].max():
        pytest.skip("nobody was an MQL")
    found = dashboard("funnel", period="2026-05")
    header, *rows = answers[1]
    (may,) = [row for row in rows if row[0].startswith("2026-05")]
    for name in ("leads", "mqls", "sqls", "opportunities", "customers"):
        text = found[metrics()[name].label]
        assert int(text.replace(",", "")) == int(float(may[header.index(name)] or 0)), name
    row = warehouse.read(
        f"select mqls, mqls_to_sql, mql_to_sql_rate from {warehouse.marts}.funnel_conversion "
        "where cohort_basis = 'mql' and dimension = 'overall' and cohort_month = date '2026-05-01'"
    ).iloc[0]
    assert int(found[metrics()["mqls_to_sql"].label]) == row["mqls_to_sql"]
    assert int(found[metrics()["mqls"].label]) == row["mqls"]
    rate, step = read_back(found[metrics()["mql_to_sql_rate"].label])
    assert rate == pytest.approx(float(row["mql_to_sql_rate"]), abs=step)
    assert f"{metrics()['sql_to_opportunity_rate'].label}, within the cohort" in found


def tables_of(text: str) -> list[pandas.DataFrame]:
    """The tables of a text: below their names a line of dashes as wide as the columns."""
    lines = text.splitlines()
    found = []
    for number, line in enumerate(lines):
        if not re.fullmatch(r"\s+-+(?:\s+-+)+\s*", line):
            continue
        spans = [dashes.span() for dashes in re.finditer("-+", line)]
        end = next((n for n in range(number, len(lines)) if not lines[n].strip()), len(lines))
        rows = [[row[a:b].strip() for a, b in spans] for row in lines[number + 1 : end]]
        names = [lines[number - 1][a:b].strip() for a, b in spans]
        found.append(pandas.DataFrame(rows, columns=names))
    return found


def test_summary_tells_the_number(warehouse: Warehouse, numbers: dict[str, float]) -> None:
    """Counts of channels add up; of hand-offs there is a total."""
    tables = tables_of(summary(warehouse))
    of_channels = {"leads", "mqls", "sqls", "customers"}
    names = {metrics()[name].label for name in of_channels}
    (channels,) = [table for table in tables if names <= set(table.columns)]
    found = {name: float(channels[metrics()[name].label].map(int).sum()) for name in of_channels}
    _same(found, numbers)
    compared = 0
    for table in tables:
        for _, row in table[table.iloc[:, 0].str.lower() == "all"].iterrows():
            for name in row.index.intersection(list(NAMES)):
                value, step = read_back(row[name].replace("%", " %"))
                if value == value:
                    assert value == pytest.approx(numbers[NAMES[name].name], abs=step), name
                    compared += 1
    assert compared >= 3


@pytest.mark.parametrize("question", COUNTS_OF_QUESTIONS)
def test_saved_questions_have_the_number(
    question: str, questions: dict[str, str], warehouse: Warehouse, numbers: dict[str, float]
) -> None:
    """Counts and money of their rows add up to that of the metric of the same name."""
    rows = warehouse.read(questions[question]).query(
        "channel == 'all'" if question == "rejection_reasons" else "index >= 0"
    )
    found = {}
    for name in rows.columns.intersection(list(metrics())):
        entry = metrics()[name]
        values = rows[name].dropna().map(float)
        if (question, name) in REPEATED:
            found[name] = values.max() if len(values) else numbers[name]
        elif entry.is_count or name in ("cost", "revenue_won", "pipeline_open"):
            found[name] = values.sum() if len(values) or entry.is_count else float("nan")
    assert found
    _same(found, numbers)


def test_saved_questions_over_mature_leads_say_so(
    questions: dict[str, str], warehouse: Warehouse
) -> None:
    """The rate of a channel over the mature year does not have the name of the one over all."""
    rows = warehouse.read(questions["mql_to_sql_by_channel"])
    assert "mature_mql_to_sql_rate" in rows.columns
    assert not {"mql_to_sql_rate", "sqls", "mqls"} & set(rows.columns)
