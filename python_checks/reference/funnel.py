"""Funnel: how many leads go how far, and how does that compare?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from statistics import median
from typing import Any

from python_checks.reference.periods import UTC_ZONE, midnight, month_end, month_of, week_of
from python_checks.reference.policy import Policy, Row
from python_checks.reference.raw import EVENTS

Z = Decimal("1.959964")
UNKNOWN = "unknown"
WINDOWS = (30, 60, 90, 180)
DIMENSIONS = (
    "overall",
    "channel",
    "lead_source",
    "motion",
    "intent_class",
    "company_segment",
    "campaign",
    "country",
    "industry",
    "grade",
    "profile",
)
WEEKLY_DIMENSIONS = ("overall", "channel", "company_segment")
WEEK = timedelta(days=7)
MEAN_WEEKS = 4
COHORT_BASES = {"mql": "mql_at", "lead": "first_seen_at"}
"""By which timestamp a cohort of the funnel belongs to a month."""

BENCHMARK_DIMENSIONS = {"company_size": "company_segment"}
RATES = {
    "mql_to_sql": ("mqls_to_sql", "mqls"),
    "mql_to_won": ("mqls_to_customer", "mqls"),
    "sql_to_opportunity": ("sqls_to_opportunity", "sqls"),
    "sql_to_won": ("sqls_to_customer", "sqls"),
    "opportunity_to_won": ("opportunities_to_customer", "opportunities"),
    "pql_to_sql": ("pqls_to_sql", "pqls"),
    "pql_to_won": ("pqls_to_customer", "pqls"),
    "lead_to_mql": ("mqls", "leads"),
    "lead_to_sql": ("sqls", "leads"),
    "lead_to_customer": ("customers", "leads"),
}
BENCHMARK_STEPS = {
    "lead_to_won_rate": ("first_seen_at", "customer_at"),
    "mql_to_sql_rate": ("mql_at", "sql_at"),
    "mql_to_won_rate": ("mql_at", "customer_at"),
    "sql_to_opportunity_rate": ("sql_at", "opportunity_at"),
    "sql_to_won_rate": ("sql_at", "customer_at"),
    "median_days_sql_to_won": ("sql_at", "customer_at"),
    "opportunity_to_won_rate": ("opportunity_at", "customer_at"),
    "pql_to_sql_rate": ("pql_at", "sql_at"),
    "pql_to_won_rate": ("pql_at", "customer_at"),
    "median_days_pql_to_won": ("pql_at", "customer_at"),
    "median_days_mql_to_won": ("mql_at", "customer_at"),
}
"""From where to where the leads of a benchmark's cohort went."""

HANDOFF_METRICS = ("rejection_rate", "median_response_business_minutes")
ACCOUNT_METRIC = "account_engaged_to_pipeline_rate"
STATUSES, ANSWERS, DEALS = "lead_status_changes", "qualification_answers", "opportunities"
SOURCES_OF_STEP = {
    "mql_at": (*EVENTS, STATUSES),
    "pql_at": ("product_events",),
    "opportunity_at": (DEALS,),
    "customer_at": (DEALS,),
}
"""Where a step comes from: one of several sources is enough. Leads are always there."""

SOURCES_OF_SQL = {2: (*EVENTS, STATUSES), 3: (STATUSES, ANSWERS), 4: (ANSWERS,)}
"""Where sql_at comes from, by the ``sql_definition_rank``, but for deals, which imply it."""

BOUNDS = (("_warning", "warning_below", "warning_above"), ("", "low", "high"))
"""What the end of a verdict says, and the columns with the two bounds that it is about."""

NOT_MEASURABLE, INSUFFICIENT_DATA = "not_measurable", "insufficient_data"


@dataclass(frozen=True)
class FunnelLead:
    """What the funnel needs of a lead: its timestamps and its member of each dimension."""

    members: dict[str, str]
    first_seen_at: datetime
    mql_at: datetime | None
    pql_at: datetime | None
    sql_at: datetime | None
    opportunity_at: datetime | None
    customer_at: datetime | None


@dataclass(frozen=True)
class FunnelAccount:
    """A target account: when it first came to each stage from engaged on, or to one above it."""

    company_segment: str
    reached: dict[str, datetime | None]

    @property
    def first_engaged_at(self) -> datetime | None:
        """When the account was first of interest."""
        return self.reached["engaged"]


@dataclass(frozen=True)
class Evidence:
    """Which sources are off or have no row, and whether sales ever sent a lead back."""

    empty_sources: frozenset[str] = frozenset()
    has_rejections: bool = True

    def measures(self, row: Row, policy: Policy) -> bool:
        """Whether the rate of a benchmark can be known at all; a median is one of its sample."""
        metric = row["metric"]
        if metric.startswith("median_"):
            return True
        if metric == "rejection_rate":
            return self.has_rejections and self._has(STATUSES)
        if metric == ACCOUNT_METRIC:
            return self._has(*EVENTS) and self._has(DEALS)
        sql = SOURCES_OF_SQL[int(policy.settings["sql_definition_rank"])]
        sources = SOURCES_OF_STEP | {"sql_at": sql}
        steps = BENCHMARK_STEPS.get(metric, ())
        return all(self._has(*sources[step]) for step in steps if step in sources)

    def _has(self, *sources: str) -> bool:
        return not self.empty_sources.issuperset(sources)


EVERYTHING = Evidence()


@dataclass(frozen=True)
class Figure:
    """The project's own figure for a benchmark; nothing where it has none yet."""

    numerator: int = 0
    denominator: int = 0
    actual: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


def counts_of(leads: list[FunnelLead]) -> dict[str, int]:
    """The numbers over a set of leads."""

    def went(start: str, end: str) -> int:
        return sum(_went(lead, start, end) for lead in leads)

    def having(stage: str) -> int:
        return sum(getattr(lead, stage) is not None for lead in leads)

    return {
        "leads": len(leads),
        "mqls": having("mql_at"),
        "pqls": having("pql_at"),
        "sqls": having("sql_at"),
        "opportunities": having("opportunity_at"),
        "customers": having("customer_at"),
        "mqls_to_sql": went("mql_at", "sql_at"),
        "direct_sqls": sum(lead.sql_at is not None and lead.mql_at is None for lead in leads),
        "sqls_to_opportunity": went("sql_at", "opportunity_at"),
        "mqls_to_opportunity": went("mql_at", "opportunity_at"),
        "mqls_to_customer": went("mql_at", "customer_at"),
        "sqls_to_customer": went("sql_at", "customer_at"),
        "opportunities_to_customer": went("opportunity_at", "customer_at"),
        "pqls_to_sql": went("pql_at", "sql_at"),
        "pqls_to_customer": went("pql_at", "customer_at"),
    }


def _went(lead: FunnelLead, start: str, end: str) -> bool:
    """Whether a lead came from one timestamp to a later or equal one."""
    started, ended = getattr(lead, start), getattr(lead, end)
    return started is not None and ended is not None and ended >= started


def rate(numerator: int, denominator: int) -> Decimal | None:
    """A rate; ``None`` where the denominator is 0."""
    return None if denominator == 0 else Decimal(numerator) / Decimal(denominator)


def wilson(numerator: int, denominator: int) -> tuple[Decimal | None, Decimal | None]:
    """The 95 % Wilson interval of a rate; ``None`` where the denominator is 0."""
    if denominator == 0:
        return None, None
    n = Decimal(denominator)
    p = Decimal(numerator) / n
    centre = p + Z * Z / (2 * n)
    margin = Z * (p * (1 - p) / n + Z * Z / (4 * n * n)).sqrt()
    scale = 1 + Z * Z / n
    return max(Decimal(0), (centre - margin) / scale), min(Decimal(1), (centre + margin) / scale)


def rates_of(counts: dict[str, int]) -> dict[str, Any]:
    """Every rate with its interval; numerator and denominator are among the counts."""
    columns: dict[str, Any] = {}
    for name, (numerator_name, denominator_name) in RATES.items():
        numerator, denominator = counts[numerator_name], counts[denominator_name]
        low, high = wilson(numerator, denominator)
        columns[f"{name}_rate"] = rate(numerator, denominator)
        columns[f"{name}_low"] = low
        columns[f"{name}_high"] = high
    return columns


def _since_first_seen(counts: dict[str, int]) -> dict[str, int]:
    """What became of the leads; no step comes before a lead is first seen."""
    steps = {"mql": "mqls", "sql": "sqls", "customer": "customers"}
    return {f"leads_to_{step}": counts[name] for step, name in steps.items()}


def channel_conversion(leads: list[FunnelLead]) -> list[dict[str, Any]]:
    """All time, one row per channel that has a lead."""
    rows = []
    for channel in sorted({lead.members["channel"] for lead in leads}):
        counts = counts_of([lead for lead in leads if lead.members["channel"] == channel])
        rows.append({"channel": channel, **counts, **_since_first_seen(counts), **rates_of(counts)})
    return rows


def funnel_conversion(
    leads: list[FunnelLead], policy: Policy, as_of: datetime, zone: str = UTC_ZONE
) -> list[dict[str, Any]]:
    """Dimension, member, basis and month; a null month stands for all leads of the member."""
    maturity = timedelta(days=int(policy.settings["cohort_maturity_days"]))
    rows = []
    custom = [attribute.attribute for attribute in policy.attributes if attribute.is_dimension]
    for dimension in (*DIMENSIONS, *custom):
        by_member: dict[str, list[FunnelLead]] = {}
        for lead in leads:
            by_member.setdefault(lead.members[dimension], []).append(lead)
        for (member, own), basis in product(sorted(by_member.items()), COHORT_BASES):
            for month, cohort in _cohorts(own, COHORT_BASES[basis], zone).items():
                counts = counts_of(cohort)
                rows.append(
                    {
                        "dimension": dimension,
                        "member": member,
                        "cohort_basis": basis,
                        "cohort_month": month,
                        **counts,
                        **_since_first_seen(counts),
                        **rates_of(counts),
                        **_within_days(cohort),
                        "is_mature": None
                        if month is None
                        else month_end(month, zone) + maturity <= as_of,
                    }
                )
    return rows


def _cohorts(leads: list[FunnelLead], step: str, zone: str) -> dict[date | None, list[FunnelLead]]:
    """All leads, and those of each month of a timestamp."""
    by_month: dict[date | None, list[FunnelLead]] = {None: leads}
    for lead in leads:
        at = getattr(lead, step)
        if at is not None:
            by_month.setdefault(month_of(at, zone), []).append(lead)
    return by_month


def _within_days(leads: list[FunnelLead]) -> dict[str, int]:
    """MQLs that came to a later step less than so many days after mql_at."""
    columns = {}
    for step in ("sql", "opportunity", "customer"):
        end = f"{step}_at"
        for days in WINDOWS:
            columns[f"mqls_to_{step}_within_{days}_days"] = sum(
                _went(lead, "mql_at", end)
                and getattr(lead, end) - lead.mql_at < timedelta(days=days)
                for lead in leads
            )
    return columns


def funnel_weekly(
    leads: list[FunnelLead], policy: Policy, as_of: datetime, zone: str = UTC_ZONE
) -> list[dict[str, Any]]:
    """Dimension, member and week, from the week of the member's first MQL to that of the clock."""
    maturity = timedelta(days=int(policy.settings["cohort_maturity_days"]))
    rows = []
    for dimension in WEEKLY_DIMENSIONS:
        by_member: dict[str, dict[date, list[FunnelLead]]] = {}
        for lead in leads:
            if lead.mql_at is not None:
                weeks = by_member.setdefault(lead.members[dimension], {})
                weeks.setdefault(week_of(lead.mql_at, zone), []).append(lead)
        for member, weeks in sorted(by_member.items()):
            week = min(weeks)
            while week <= week_of(as_of, zone):
                rows.append(
                    {
                        "dimension": dimension,
                        "member": member,
                        "week_start": week,
                        **_mqls_of_week(week, weeks),
                        "is_mature": midnight(week + WEEK, zone) + maturity <= as_of,
                        "as_of": as_of,
                    }
                )
                week += WEEK
    return rows


def _mqls_of_week(week: date, weeks: dict[date, list[FunnelLead]]) -> dict[str, Any]:
    """The MQLs of a week, and those of four weeks, of which it is the last."""
    own = counts_of(weeks.get(week, []))
    earlier = [weeks.get(week - back * WEEK, []) for back in range(MEAN_WEEKS)]
    four_weeks = counts_of([lead for leads in earlier for lead in leads])
    low, high = wilson(own["mqls_to_sql"], own["mqls"])
    four_low, four_high = wilson(four_weeks["mqls_to_sql"], four_weeks["mqls"])
    return {
        "mqls": own["mqls"],
        "mqls_to_sql": own["mqls_to_sql"],
        "mql_to_sql_rate": rate(own["mqls_to_sql"], own["mqls"]),
        "mql_to_sql_low": low,
        "mql_to_sql_high": high,
        "four_week_mqls": four_weeks["mqls"],
        "four_week_mqls_to_sql": four_weeks["mqls_to_sql"],
        "four_week_rate": rate(four_weeks["mqls_to_sql"], four_weeks["mqls"]),
        "four_week_low": four_low,
        "four_week_high": four_high,
    }


def benchmark_comparison(
    leads: list[FunnelLead],
    policy: Policy,
    as_of: datetime,
    handoffs: Sequence[tuple[FunnelLead, dict[str, Any]]] = (),
    accounts: Sequence[FunnelAccount] = (),
    evidence: Evidence = EVERYTHING,
    primary_benchmark: str = "guide",
) -> list[dict[str, Any]]:
    """Each benchmark against the project's own figure over mature cohorts of a year.

    ``handoffs`` are the rows of handoffs, each with its lead; ``accounts`` the target accounts;
    ``primary_benchmark`` is the source that may give advice.
    """
    maturity = timedelta(days=int(policy.settings["cohort_maturity_days"]))
    until = as_of - maturity
    since = until - timedelta(days=365)

    def figure(row: Row) -> Figure:
        if row["metric"] == ACCOUNT_METRIC:
            return _account_figure(row, accounts, since, until)
        return _figure(row, leads, handoffs, since, until)

    return [
        _comparison(
            row,
            figure(row),
            policy,
            is_measurable=evidence.measures(row, policy),
            is_primary=row["source"].lower() == primary_benchmark.lower(),
        )
        for row in policy.benchmarks
    ]


def _figure(
    row: Row,
    leads: list[FunnelLead],
    handoffs: Sequence[tuple[FunnelLead, dict[str, Any]]],
    since: datetime,
    until: datetime,
) -> Figure:
    """The figure over the leads or hand-offs of the benchmark's member that began in a window."""
    metric, member = row["metric"], row["member"]
    dimension = BENCHMARK_DIMENSIONS.get(row["dimension"], row["dimension"])
    if metric in HANDOFF_METRICS:
        return _handoff_figure(
            metric,
            [
                handoff
                for lead, handoff in handoffs
                if lead.members.get(dimension) == member
                and since <= handoff["handed_off_at"] < until
            ],
        )
    if metric not in BENCHMARK_STEPS:
        return Figure()
    start, end = BENCHMARK_STEPS[metric]
    cohort = [
        lead
        for lead in leads
        if lead.members.get(dimension) == member
        and getattr(lead, start) is not None
        and since <= getattr(lead, start) < until
    ]
    went = [lead for lead in cohort if _went(lead, start, end)]
    if metric.startswith("median_days_"):
        days = [(getattr(lead, end) - getattr(lead, start)).days for lead in went]
        return _median_figure([Decimal(number) for number in days])
    return _rate_figure(len(went), len(cohort))


def _handoff_figure(metric: str, handoffs: list[dict[str, Any]]) -> Figure:
    if metric == "median_response_business_minutes":
        minutes = [
            row["response_business_minutes"] for row in handoffs if not row["is_begun_by_sales"]
        ]
        return _median_figure([value for value in minutes if value is not None])
    dispositions = [row["disposition"] for row in handoffs if row["disposition"] != "none"]
    return _rate_figure(dispositions.count("rejected"), len(dispositions))


def _account_figure(
    row: Row, accounts: Sequence[FunnelAccount], since: datetime, until: datetime
) -> Figure:
    """The figure over all target accounts that first engaged in a window."""
    if row["dimension"] != "overall":
        return Figure()
    engaged = [
        account
        for account in accounts
        if account.first_engaged_at is not None and since <= account.first_engaged_at < until
    ]
    in_pipeline = sum(account.reached["opportunity"] is not None for account in engaged)
    return _rate_figure(in_pipeline, len(engaged))


def _median_figure(values: list[Decimal]) -> Figure:
    """A median has no interval; numerator and denominator are what was measured."""
    return Figure(len(values), len(values), median(values) if values else None)


def _rate_figure(numerator: int, denominator: int) -> Figure:
    low, high = wilson(numerator, denominator)
    return Figure(numerator, denominator, rate(numerator, denominator), low, high)


def _comparison(
    row: Row, figure: Figure, policy: Policy, *, is_measurable: bool, is_primary: bool
) -> dict[str, Any]:
    verdict = NOT_MEASURABLE
    if is_measurable:
        verdict = verdict_of(row, figure, int(policy.settings["minimum_sample"]))
    advice = {
        "clearly_below_warning": row["advice_below"],
        "clearly_above_warning": row["advice_above"],
    }.get(verdict)
    top_quartile = _number(row["top_quartile"])
    is_known = verdict not in (NOT_MEASURABLE, INSUFFICIENT_DATA) and top_quartile is not None
    return {
        "benchmark_id": row["benchmark_id"],
        "source": row["source"],
        "metric": row["metric"],
        "dimension": row["dimension"],
        "member": row["member"],
        "unit": row["unit"],
        "low": _number(row["low"]),
        "high": _number(row["high"]),
        "top_quartile": top_quartile,
        "bottom_quartile": _number(row["bottom_quartile"]),
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "actual": figure.actual,
        "actual_low": figure.low,
        "actual_high": figure.high,
        "verdict": verdict,
        "is_top_quartile": is_known and figure.actual >= top_quartile,
        "is_primary": is_primary,
        "advice": advice if is_primary else None,
    }


def verdict_of(row: Row, figure: Figure, minimum_sample: int) -> str:
    """The first verdict that holds, of a figure that can be measured.

    It is clearly beyond a bound if its whole interval is; without an interval it never is.
    """
    if figure.actual is None or figure.denominator < minimum_sample:
        return INSUFFICIENT_DATA
    bounds = {name: (_number(row[below]), _number(row[above])) for name, below, above in BOUNDS}
    for suffix, (lowest, highest) in bounds.items():
        for certainty, low, high in (
            ("clearly", figure.low, figure.high),
            ("probably", figure.actual, figure.actual),
        ):
            if lowest is not None and high is not None and high < lowest:
                return f"{certainty}_below{suffix}"
            if highest is not None and low is not None and low > highest:
                return f"{certainty}_above{suffix}"
    return "within"


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
