"""What the pages of a BI tool show: names of metrics, tables, columns and saved questions only.

Words, definitions, units and SQL come from the registry of metrics, the policy table ``labels``,
the dbt project and the saved questions. The titles are those of the dashboard's pages.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Chart:
    """A line, bars or a table of the rows of a mart.

    Attributes:
        kind: ``line``, ``bar`` or ``table``.
        table: The mart.
        x: The column along the axis; of a table its first column.
        ys: The columns that are shown; there is one row for each x.
        rows: The SQL condition on the rows.
        title: Its title, where the words for its columns do not say it.
    """

    kind: str
    table: str
    x: str
    ys: tuple[str, ...]
    rows: str = "true"
    title: str = ""


@dataclass(frozen=True)
class Page:
    """A page.

    Attributes:
        name: Its key, as in the address of the dashboard.
        title: Its title.
        numbers: Metrics of the registry, each as a number.
        charts: Charts of marts.
        questions: Saved questions, each as a table.
    """

    name: str
    title: str
    numbers: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    questions: tuple[str, ...] = ()


ALL_WEEKS = (
    "week_start is not null and sla_policy = 'all' and rep_id = 'all' and response_bucket = 'all'"
)
ALL_MONTHS = "handed_off_month is not null and channel = 'all' and reason_code = 'all'"

PAGES = (
    Page(
        "funnel",
        "Funnel",
        (
            *("leads", "mqls", "pqls", "sqls", "opportunities", "customers"),
            *("lead_to_mql_rate", "mql_to_sql_rate", "sql_to_opportunity_rate"),
            *("opportunity_to_won_rate", "mql_to_won_rate", "lead_to_customer_rate"),
        ),
        (
            Chart("line", "lead_velocity", "month", ("leads", "mqls", "sqls"), "motion = 'all'"),
            Chart(
                "line",
                "funnel_weekly",
                "week_start",
                ("four_week_rate",),
                "dimension = 'overall'",
                "MQL to SQL, mean of four weeks",
            ),
        ),
        ("stuck_leads",),
    ),
    Page(
        "channels",
        "Channels and benchmarks",
        (
            *("cost", "cost_per_lead", "cost_per_sql", "customer_acquisition_cost"),
            *("pipeline_open", "revenue_won", "win_rate", "roi"),
        ),
        (
            Chart("bar", "channel_conversion", "channel", ("mqls", "sqls", "customers")),
            Chart("bar", "channel_conversion", "channel", ("mql_to_sql_rate",)),
        ),
        ("pipeline_by_channel", "mql_to_sql_by_channel"),
    ),
    Page(
        "handoffs",
        "Hand-offs and SLA",
        (
            *("handoffs", "handoffs_to_answer", "sla_met_rate"),
            *("median_response_business_minutes", "acceptance_rate", "handoff_to_opportunity_rate"),
        ),
        (
            Chart("line", "sla_performance", "week_start", ("met_rate",), ALL_WEEKS),
            Chart("line", "sla_performance", "week_start", ("handoffs", "met"), ALL_WEEKS),
        ),
        ("leads_to_call_today", "speed_to_lead", "opportunities_by_checks"),
    ),
    Page(
        "feedback",
        "Feedback",
        ("handoffs_decided", "handoffs_rejected", "rejection_rate"),
        (
            Chart("line", "rejections", "handed_off_month", ("rejection_rate",), ALL_MONTHS),
            Chart(
                "line", "rejections", "handed_off_month", ("dispositions", "rejected"), ALL_MONTHS
            ),
        ),
        ("rejection_reasons", "leads_to_re_engage"),
    ),
    Page("score_health", "Score health", ("mean_score",), (), ("threshold_check",)),
    Page("accounts", "Accounts", (), (), ("accounts_in_market",)),
    Page(
        "data",
        "Data",
        (),
        (
            Chart(
                "table",
                "data_health",
                "check",
                ("source", "column", "affected", "rows", "share", "verdict", "remedy"),
                "verdict <> 'fine'",
            ),
        ),
    ),
)
