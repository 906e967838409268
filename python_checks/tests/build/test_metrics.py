"""The semantic layer: each metric, asked of MetricFlow, is the figure of the public table."""

from __future__ import annotations

import json
import math
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas
import pytest

from lead_qualification.warehouse import PROJECT, Warehouse
from python_checks.tests.build.metric_answers import answered

PAGE = PROJECT / "docs" / "metrics.md"
TOLERANCE = 1e-9

COUNTS = ("leads", "mqls", "sqls", "opportunities", "customers")
COHORTS = {
    "leads": ("mql", "sql", "customer"),
    "mqls": ("sql", "opportunity", "customer"),
    "pqls": ("sql", "customer"),
    "sqls": ("opportunity", "customer"),
    "opportunities": ("customer",),
}
FUNNEL = {
    **{name: name for name in (*COUNTS, "pqls", "direct_sqls")},
    **{
        f"{entered}_to_{reached}": f"{entered}_to_{reached}"
        for entered, steps in COHORTS.items()
        for reached in steps
    },
    **{
        name: name
        for name in (
            "lead_to_mql_rate",
            "lead_to_sql_rate",
            "lead_to_customer_rate",
            "mql_to_sql_rate",
            "mql_to_won_rate",
            "pql_to_sql_rate",
            "pql_to_won_rate",
            "sql_to_opportunity_rate",
            "sql_to_won_rate",
            "opportunity_to_won_rate",
            "mqls_to_sql_within_90_days",
            "mqls_to_opportunity_within_90_days",
        )
    },
    "mql_to_opportunity_rate": "cast(mqls_to_opportunity as double) / nullif(mqls, 0)",
    "mql_to_sql_rate_within_90_days": "mqls_to_sql_within_90_days / nullif(mqls, 0)",
    "mql_to_opportunity_rate_within_90_days": (
        "mqls_to_opportunity_within_90_days / nullif(mqls, 0)"
    ),
}
"""Metric: the figure of funnel_conversion."""

ROI = {
    **{name: name for name in ("leads", "mqls", "sqls")},
    **{name: name for name in ("cost", "revenue_won", "pipeline_open", "roi")},
    "deals_created": "opportunities",
    "deals_won": "customers",
    "deals_lost": "deals_lost",
    "win_rate": "win_rate",
    "cost_per_opportunity": "cost_per_opportunity",
    **{name: name for name in ("cost_per_lead", "cost_per_mql", "cost_per_sql")},
    "customer_acquisition_cost": "cac",
}
"""Metric: the figure of channel_roi."""

REJECTIONS = {
    "handoffs_decided": "dispositions",
    "handoffs_rejected": "rejected",
    "rejection_rate": "rejection_rate",
}
"""Metric: the figure of rejections."""

SLA = {
    "handoffs_to_answer": "handoffs",
    "handoffs_accepted": "accepted",
    "acceptance_rate": "accepted_rate",
    "handoffs_met": "met",
    "handoffs_met_or_breached": "met + breached",
    "handoffs_breached": "breached",
    "handoffs_to_opportunity": "opportunities",
    "handoff_to_opportunity_rate": "opportunity_rate",
    "sla_met_rate": "met_rate",
    "median_response_minutes": "median_response_minutes",
    "median_response_business_minutes": "median_response_business_minutes",
}
"""Metric: the figure of sla_performance."""

MEDIANS = {
    name: f"median(cast({name.removeprefix('median_')} as double)) filter (not is_begun_by_sales)"
    for name in ("median_response_minutes", "median_response_business_minutes")
}
HANDOFFS = {"handoffs": "count(*)", **MEDIANS}
"""Metric: the figure over handoffs."""

MATURE = {
    f"mature_{name}": name
    for name in (
        "mql_to_sql_rate",
        "mql_to_won_rate",
        "pql_to_sql_rate",
        "pql_to_won_rate",
        "sql_to_opportunity_rate",
        "sql_to_won_rate",
        "opportunity_to_won_rate",
        "rejection_rate",
        "median_response_business_minutes",
    )
} | {"mature_lead_to_customer_rate": "lead_to_won_rate"}
"""Metric: that of benchmark_comparison."""

DAYS = {name: name for name in ("median_days_first_seen_to_won", "median_days_sql_to_won")}
"""Metric: the figure of sales_cycle."""

A_METRIC_OF = {
    "lead": "leads",
    "lead_score": "mean_score",
    "handoff": "handoffs",
    "channel_month": "cost",
}
"""Primary entity of a semantic model: a metric of the model."""

MONTH = "metric_time__month"
OF_PRIMARY = "lead_scores inner join {marts}.lead_stages using (lead_id, scoring_model)"


@dataclass(frozen=True)
class Question:
    """Metrics by some members, and where the public tables have the same figures.

    Attributes:
        figures: By metric, the SQL of the figure.
        by: By what MetricFlow groups, the SQL of the same member; none for the total.
        table: The public table, or a join of two.
        rows: The condition on its rows.
        aggregates: Whether the figures are aggregates over the rows.
        where: The condition that MetricFlow is given.
    """

    figures: dict[str, str]
    by: dict[str, str]
    table: str
    rows: str
    aggregates: bool = False
    where: str = ""

    def arguments(self) -> list[str]:
        """What follows ``mf query``."""
        group_by = ["--group-by", ",".join(self.by)] if self.by else []
        where = ["--where", self.where] if self.where else []
        return ["--metrics", ",".join(self.figures), *group_by, *where]

    def sql(self, marts: str) -> str:
        """The select on the public tables, members first."""
        columns = [*self.by.values(), *self.figures.values()]
        names = [*self.by, *self.figures]
        selected = ", ".join(f"{c} as {n}" for c, n in zip(columns, names, strict=True))
        grouped = "group by all" if self.aggregates else ""
        table = self.table.format(marts=marts)
        return f"select {selected} from {marts}.{table} where {self.rows} {grouped}"


def funnel(dimension: str, by: dict[str, str]) -> Question:
    """The funnel of all leads, by the members of a dimension."""
    rows = f"cohort_basis = 'mql' and dimension = '{dimension}' and cohort_month is null"
    return Question(FUNNEL, by, "funnel_conversion", rows)


def cohorts(dimension: str, by: dict[str, str]) -> Question:
    """The funnel of MQLs, by the month of mql_at and the members of a dimension."""
    figures = {name: figure for name, figure in FUNNEL.items() if name.startswith("mql")}
    rows = f"cohort_basis = 'mql' and dimension = '{dimension}' and cohort_month is not null"
    return Question(figures, {MONTH: "cohort_month", **by}, "funnel_conversion", rows)


def cohorts_of_all_metrics(dimension: str, by: dict[str, str]) -> Question:
    """The funnel of the leads that became an MQL in a month; every metric by that month."""
    rows = f"cohort_basis = 'mql' and dimension = '{dimension}' and cohort_month is not null"
    by = {"lead__mql_at__month": "cohort_month", **by}
    is_mql = "{{ Dimension('lead__is_mql') }}"
    return Question(FUNNEL, by, "funnel_conversion", rows, where=is_mql)


def roi(by: dict[str, str]) -> Question:
    """Cost and what it brought: with channel, month, both or neither."""
    is_by_channel = "channel" in by
    months = totals_but_for(by, {MONTH: "month"})
    dimension = "channel" if is_by_channel else "overall"
    members = by | {"channel": "member"} if is_by_channel else by
    return Question(ROI, members, "channel_roi", f"{months} and dimension = '{dimension}'")


def rejected(by: dict[str, str]) -> Question:
    """Rejections: with channel, month, both or neither."""
    keys = {"channel": "channel", MONTH: "handed_off_month"}
    rows = f"reason_code = 'all' and {totals_but_for(by, keys)}"
    return Question(REJECTIONS, by, "rejections", rows)


def responses(by: dict[str, str]) -> Question:
    """Responses: with week, policy, rep or none of them."""
    keys = {
        "metric_time__week": "week_start",
        "handoff__sla_policy": "sla_policy",
        "handoff__assigned_rep_id": "rep_id",
    }
    rows = f"response_bucket = 'all' and {totals_but_for(by, keys)}"
    return Question(SLA, by, "sla_performance", rows)


def mature(dimension: str, by: dict[str, str]) -> Question:
    """What benchmarks are compared with; by channel only MQL to SQL has any."""
    codes = MATURE if not by else {"mature_mql_to_sql_rate": "mql_to_sql_rate"}
    figures = {
        name: f"cast(max(actual) filter (metric = '{code}') as double)"
        for name, code in codes.items()
    }
    members = dict.fromkeys(by, "member")
    rows = f"dimension = '{dimension}'"
    return Question(figures, members, "benchmark_comparison", rows, True)


def totals_but_for(by: dict[str, str], keys: dict[str, str]) -> str:
    """The rows that are totals over every key that is not asked for, and over no other."""
    is_total = {
        name: f"{column} is null"
        if column in ("month", "handed_off_month", "week_start")
        else f"{column} = 'all'"
        for name, column in keys.items()
    }
    return " and ".join(f"({total}) = {name not in by}" for name, total in is_total.items())


CHANNEL = {"channel": "channel"}
CAMPAIGN = {"lead__campaign_id": "nullif(member, 'unknown')"}
REP = {"handoff__assigned_rep_id": "nullif(rep_id, 'unassigned')"}
HANDED_OFF_MONTH = {MONTH: "cast(date_trunc('month', handed_off_at) as date)"}

QUESTIONS = {
    "funnel": funnel("overall", {}),
    "funnel by channel": funnel("channel", {"channel": "member"}),
    "funnel by motion": funnel("motion", {"lead__motion": "member"}),
    "funnel by segment": funnel("company_segment", {"lead__company_segment": "member"}),
    "funnel by campaign": funnel("campaign", CAMPAIGN),
    "funnel by grade": funnel("grade", {"lead_score__grade": "member"}),
    "cohorts": cohorts("overall", {}),
    "cohorts by channel": cohorts("channel", {"channel": "member"}),
    "cohorts by segment": cohorts("company_segment", {"lead__company_segment": "member"}),
    "cohorts of all metrics": cohorts_of_all_metrics("overall", {}),
    "cohorts of all metrics by channel": cohorts_of_all_metrics("channel", {"channel": "member"}),
    "windows alone, of inbound": Question(
        {name: figure for name, figure in FUNNEL.items() if name.endswith("_within_90_days")},
        {},
        "funnel_conversion",
        "cohort_basis = 'mql' and member = 'inbound' and dimension = 'motion'"
        " and cohort_month is null",
        where="{{ Dimension('lead__motion') }} = 'inbound'",
    ),
    "roi": roi({}),
    "roi by channel": roi(CHANNEL),
    "roi by month": roi({MONTH: "month"}),
    "roi by channel and month": roi({**CHANNEL, MONTH: "month"}),
    "rejections": rejected({}),
    "rejections by channel": rejected(CHANNEL),
    "rejections by month": rejected({MONTH: "handed_off_month"}),
    "rejections by channel and month": rejected({**CHANNEL, MONTH: "handed_off_month"}),
    "responses": responses({}),
    "responses by week": responses({"metric_time__week": "week_start"}),
    "responses by policy": responses({"handoff__sla_policy": "sla_policy"}),
    "responses by rep": responses(REP),
    "hand-offs": Question(HANDOFFS, {}, "handoffs", "true", True),
    "hand-offs by channel": Question(HANDOFFS, CHANNEL, "handoffs", "true", True),
    "hand-offs by month": Question(HANDOFFS, HANDED_OFF_MONTH, "handoffs", "true", True),
    "mature year": mature("overall", {}),
    "mature year by channel": mature("channel", CHANNEL),
    "sales cycle": Question(DAYS, {}, "sales_cycle", "entry_path = 'all'"),
    "sales cycle by path": Question(
        DAYS, {"lead__entry_path": "entry_path"}, "sales_cycle", "entry_path <> 'all'"
    ),
    "score by channel": Question(
        {"mean_score": "avg(score)"}, {"lead__channel": "channel"}, OF_PRIMARY, "true", True
    ),
    "score by grade": Question(
        {"mean_score": "avg(score)"}, {"lead_score__grade": "grade"}, OF_PRIMARY, "true", True
    ),
}


def page_queries() -> list[list[str]]:
    """The arguments of the queries that the page shows."""
    lines = PAGE.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    return [shlex.split(line)[2:] for line in lines if line.startswith("mf query")]


def queries_by_all_dimensions(manifest: dict[str, Any]) -> list[list[str]]:
    """For each semantic model one of its metrics by all dimensions of the model."""
    queries = []
    for model in manifest["semantic_models"]:
        of_model = [entity["name"] for entity in model["entities"] if entity["type"] == "primary"]
        entity = model["primary_entity"] or of_model[0]
        names = [f"{entity}__{dimension['name']}" for dimension in model["dimensions"]]
        queries.append(["--metrics", A_METRIC_OF[entity], "--group-by", ",".join(names)])
    return queries


@pytest.fixture(scope="module")
def manifest(metrics_folder: Path) -> dict[str, Any]:
    """The semantic models and metrics, as dbt parsed them."""
    path = metrics_folder / "target" / "semantic_manifest.json"
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def metrics(manifest: dict[str, Any]) -> dict[str, str]:
    """The metrics of the project: name and description."""
    return {metric["name"]: metric["description"] for metric in manifest["metrics"]}


@pytest.fixture(scope="module")
def answers(demo: Warehouse, metrics_folder: Path) -> list[list[list[str]]]:
    """What MetricFlow answers: the questions, then the queries of the page."""
    asked = [question.arguments() for question in QUESTIONS.values()]
    return answered(demo, metrics_folder, [*asked, *page_queries()])


def by_member(
    frame: pandas.DataFrame, question: Question
) -> dict[tuple[str, ...], dict[str, float]]:
    """Figures by member; null is not a number."""
    members = frame[list(question.by)].fillna("").astype(str)
    for name in question.by:
        if name.endswith(("__month", "__week")):
            members[name] = members[name].str[:10]
    figures = frame[list(question.figures)].astype(float)
    rows = zip(members.to_numpy().tolist(), figures.to_dict("records"), strict=True)
    return {tuple(member): row for member, row in rows}


def counts_something(figures: dict[str, float]) -> bool:
    """Whether anything was counted; where nothing was, there is no rate either."""
    return any(figure and not math.isnan(figure) for figure in figures.values())


@pytest.mark.parametrize("name", QUESTIONS)
def test_metric_is_the_figure_of_the_public_table(
    name: str, answers: list[list[list[str]]], demo: Warehouse
) -> None:
    """Members of which nothing is counted may be absent on either side."""
    question = QUESTIONS[name]
    header, *rows = answers[list(QUESTIONS).index(name)]
    frame = pandas.DataFrame(rows, columns=header).replace("", None)
    found = by_member(frame, question)
    expected = by_member(demo.read(question.sql(demo.marts)), question)
    one_sided = {**found, **expected}
    for member in found.keys() & expected.keys():
        wanted = pytest.approx(expected[member], abs=TOLERANCE, rel=TOLERANCE, nan_ok=True)
        assert found[member] == wanted, member
        del one_sided[member]
    assert not [member for member, row in one_sided.items() if counts_something(row)]
    assert any(counts_something(row) for row in found.values())


def test_every_metric_is_compared(metrics: dict[str, str]) -> None:
    assert {metric for question in QUESTIONS.values() for metric in question.figures} == set(
        metrics
    )


def test_queries_of_the_page_run(answers: list[list[list[str]]]) -> None:
    """Each has rows; those of the first are as the page shows them."""
    of_page = answers[len(QUESTIONS) :]
    assert len(of_page) == len(page_queries())
    assert all(len(rows) > 1 for rows in of_page)
    shown = PAGE.read_text(encoding="utf-8").split("```text\n")[1].split("```")[0].splitlines()
    header, *rows = of_page[0]
    assert shown[0].split() == header
    for line, row in zip(shown[2:], rows, strict=True):
        member, *figures = line.split()
        assert member == row[0]
        assert [float(figure) for figure in figures] == pytest.approx(
            [float(value) for value in row[1:] if value], abs=0.005
        )


@pytest.mark.nightly
def test_every_dimension_can_be_asked_for(
    demo: Warehouse, metrics_folder: Path, manifest: dict[str, Any]
) -> None:
    by_all = answered(demo, metrics_folder, queries_by_all_dimensions(manifest))
    assert len(by_all) == len(manifest["semantic_models"]) == len(A_METRIC_OF)
    assert all(len(rows) > 1 for rows in by_all)
