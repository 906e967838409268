"""Funnel: from leads to customers, with rates, intervals and trend."""

from __future__ import annotations

from dataclasses import replace

import streamlit

from lead_qualification.dashboard import charts, parts
from lead_qualification.dashboard.definitions import definition_of
from lead_qualification.dashboard.views import leads
from lead_qualification.dashboard.wording import count, percent
from lead_qualification.labels import within
from lead_qualification.metrics import COUNTING, metrics
from lead_qualification.tables import Table

TITLE = "Funnel"
OVERALL = ("overall", parts.ALL)
COMPARED = 25
STEPS = ("leads", "mqls", "pqls", "sqls", "opportunities", "customers")
COUNTS_OF_RATE = {
    "mql_to_sql": ("mqls_to_sql", "mqls"),
    "sql_to_opportunity": ("sqls_to_opportunity", "sqls"),
    "opportunity_to_won": ("opportunities_to_customer", "opportunities"),
    "mql_to_won": ("mqls_to_customer", "mqls"),
    "sql_to_won": ("sqls_to_customer", "sqls"),
    "pql_to_sql": ("pqls_to_sql", "pqls"),
    "pql_to_won": ("pqls_to_customer", "pqls"),
    "lead_to_mql": ("leads_to_mql", "leads"),
    "lead_to_sql": ("leads_to_sql", "leads"),
    "lead_to_customer": ("leads_to_customer", "leads"),
}

# Cohorts are of MQLs; where nobody ever was one, of leads.
BASIS = """
select case when max(mqls) > 0 then 'mql' else 'lead' end as found
from {marts}.funnel_conversion
where dimension = 'overall'
"""
BASES = {"mql": "becoming an MQL", "lead": "first being seen"}
COUNTS_OF_COHORT = {
    "mql": ("mqls", "mqls_to_sql", "mqls_to_opportunity", "mqls_to_customer"),
    "lead": ("leads", "leads_to_mql", "leads_to_sql", "leads_to_customer"),
}
ACTIVITY = f"""
select {", ".join(f"sum({step}) as {step}" for step in STEPS)}
from {{marts}}.lead_velocity
where motion = $motion and month = coalesce(cast($month as date), month)
"""
DIMENSIONS = "select distinct dimension from {marts}.funnel_conversion order by dimension"
MEMBERS = """
select member
from {marts}.funnel_conversion
where dimension = $dimension and cohort_month is null and cohort_basis = 'lead'
order by leads desc, member
"""
MONTHS = """
select distinct cohort_month
from {marts}.funnel_conversion
where dimension = 'overall' and cohort_month is not null and cohort_basis = $basis
order by cohort_month desc
"""
ONE = """
select * from {marts}.funnel_conversion
where dimension = $dimension and member = $member
    and cohort_month is not distinct from cast($month as date) and cohort_basis = $basis
"""
COMPARISON = """
select * from {marts}.funnel_conversion
where dimension = $dimension and cohort_month is not distinct from cast($month as date)
    and cohort_basis = $basis
order by leads desc, member
"""
TREND = """
select * from {marts}.funnel_conversion
where dimension = $dimension and member = $member and cohort_month is not null
    and cohort_basis = $basis
order by cohort_month
"""
WEEKS = """
select * from {marts}.funnel_weekly
where dimension = $dimension and member = $member
order by week_start
"""
FORECAST = """
select step, month, leads, expected, expected_low, expected_high, widened_by
from {marts}.forecast
order by leads, step, month
"""
TESTED = """
select
    count(*) as decided,
    count(case when verdict = 'held' then 1 end) as held,
    1.0 * count(case when verdict = 'held' then 1 end) / nullif(count(*), 0) as held_share,
    sum(expected) as expected,
    sum(reached) as reached
from {marts}.forecast_back_test
where verdict <> 'not_decided'
"""
IGNORED_SHARE = """
select "check", source, "column", affected, "rows", share, as_of
from {marts}.data_health
where "check" = 'ignored_status'
"""
IGNORED = """
select event, stage, reason, count(*) as events
from {marts}.ignored_lifecycle_events
where source = 'lead_status_changes'
group by event, stage, reason
order by count(*) desc, event, stage, reason
"""

PROMISED = """
select *
from {marts}.marketing_sla
where target_mqls is not null or sql_target is not null or pipeline_target is not null
order by target_month desc
"""
PAID = "select * from {marts}.conversion_to_paid order by leads desc, entry"
CYCLE = "select * from {marts}.sales_cycle order by customers desc, entry_path"
NURTURED = "select * from {marts}.nurture_comparison order by nurture desc"
SPEED = """
select
    month,
    leads,
    mqls,
    sqls,
    mqls_growth,
    sqls_growth,
    median_days_first_seen_to_mql,
    median_days_mql_to_sql,
    median_days_first_seen_to_won
from {marts}.lead_velocity
where motion = 'all'
order by month desc
"""
FLOW = """
select flow.*
from {marts}.stage_flow as flow
where flow.month = (select max(month) from {marts}.stage_flow)
order by flow.closing desc, flow.stage
"""


def render() -> None:
    """Show the page."""
    parts.heading(TITLE, "Who converts, and do newer cohorts convert better?")
    basis = parts.read(BASIS).values("found")[0]
    dimension, member, period, rate = _filters(basis)
    month = parts.month_of(period)
    one = OVERALL if member == parts.ALL else (dimension, member)
    found = parts.read(ONE, dimension=one[0], member=one[1], month=month, basis=basis)
    _activity(one, basis, period)
    if not found.rows:
        parts.nothing(
            f"Nobody of {parts.told('member', member)} belongs to the cohort of {period}.",
            "Choose another period.",
        )
    else:
        _cohort(found, one, basis, period)
    _compare(basis, dimension, month, rate, period)
    _trend(basis, *one, rate)
    _weeks(*one)
    _promised()
    _forecast()
    _further()
    _ignored()


def _filters(basis: str) -> tuple[str, str, str, str]:
    """Dimension, member, period (``all time`` or a month) and rate, of the URL."""
    dimensions = parts.read(DIMENSIONS).values("dimension")
    months = parts.read(MONTHS, basis=basis).values("cohort_month")
    meaning = definition_of("funnel_conversion")
    columns = streamlit.columns(4)
    with columns[0]:
        dimension = parts.choice(
            "Cut by", "dimension", dimensions, OVERALL[0], meaning.of("dimension")
        )
    members = parts.read(MEMBERS, dimension=dimension).values("member")
    with columns[1]:
        options = list(dict.fromkeys([parts.ALL, *members]))
        member = parts.choice("Member", "member", options, parts.ALL, meaning.of("member"))
    with columns[2]:
        period = parts.period("Period", months, meaning.of("cohort_month"))
    with columns[3]:
        rates = list(COUNTS_OF_RATE)
        rate = parts.choice(
            "Rate",
            "rate",
            rates,
            rates[0 if basis == "mql" else -1],
            "The rate of the comparison and the trend.",
        )
    return dimension, member, period, rate


def _activity(one: tuple[str, str], basis: str, period: str) -> None:
    """Who reached each step in the period, whenever they came in."""
    dimension, member = one
    parts.section(f"Activity: who reached a step, {period}", COUNTING["activity"])
    month = parts.month_of(period)
    if dimension in (OVERALL[0], "motion"):
        table = "lead_velocity"
        found = parts.read(ACTIVITY, motion=member, month=month)
    elif month is None:
        table = "funnel_conversion"
        found = parts.read(ONE, dimension=dimension, member=member, month=None, basis=basis)
    else:
        parts.nothing("Months are told apart for all leads and by motion.", "Choose all time.")
        return
    if not found.rows or found.records[0]["leads"] is None:
        parts.nothing("Nobody reached a step in this period.", "Choose another period.")
        return
    row = found.records[0]
    parts.numbers(
        table,
        [
            parts.Number(
                step,
                count(row[step]),
                title=_label(step),
                link=_link(one, step=step, month=None if month is None else period),
            )
            for step in STEPS
        ],
    )
    frame = found.frame[list(STEPS)].T.reset_index()
    frame.columns = ["step", "leads"]
    frame["step"] = frame["step"].map(_label)
    parts.picture(
        charts.bars(frame, "step", "leads", "Leads that reached the step"),
        found,
        table,
        "funnel",
        alt="Bars: how many leads reached each step of the funnel.",
        defines=("sqls",),
    )


def _link(one: tuple[str, str], **filters: str | None) -> str:
    """The address of the list of the leads of a member; none for dimensions without lists."""
    dimension, member = one
    if member == parts.ALL:
        return parts.leads_link(**filters)
    if dimension not in leads.DIMENSIONS:
        return ""
    return parts.leads_link(**filters, dimension=dimension, member=member)


def _cohort(found: Table, one: tuple[str, str], basis: str, period: str) -> None:
    """Of those who entered in the period, how many reached the next steps since."""
    row = found.records[0]
    entered = _label(COUNTS_OF_COHORT[basis][0])
    parts.section(
        f"Cohort: what became of the {entered}, {period}",
        f"{COUNTING['cohort']} {_maturity(row['is_mature'], period)}",
    )
    parts.numbers(
        "funnel_conversion",
        [
            parts.Number(
                name,
                count(row[name]),
                title=_label(name),
                link=_link(one, step=name, basis=basis, month=period),
            )
            for name in COUNTS_OF_COHORT[basis]
        ],
    )
    parts.numbers(
        "funnel_conversion",
        [
            replace(
                parts.rate(row, rate, counts),
                title=_rate_name(rate, basis, period),
                link=_link(one, step=counts[0], basis=basis, month=period),
            )
            for rate, counts in COUNTS_OF_RATE.items()
            if period == parts.ALL_TIME or not (basis == "mql" and rate.startswith("lead_"))
        ],
        in_row=5,
    )


def _label(name: str) -> str:
    """What the registry of metrics calls one."""
    return metrics()[name].label


def _rate_name(rate: str, basis: str, period: str = "") -> str:
    """The name of a rate; in a month, one that does not start where the cohort does is another."""
    is_of_cohort = rate.startswith(f"{basis}_") or period == parts.ALL_TIME
    return _label(f"{rate}_rate") + ("" if is_of_cohort else ", within the cohort")


def _details(rate: str) -> list[str]:
    """The numerator and denominator of a rate, for a chart to show on hover."""
    return [f"{name}:Q" for name in COUNTS_OF_RATE[rate]]


def _maturity(is_mature: bool | None, period: str) -> str:
    """Whether the rates of the period can still grow."""
    if is_mature is None:
        return "All leads, young and old: the rates of young leads can still grow."
    if is_mature:
        return f"The cohort of {period} is mature: its rates have settled."
    return f"The cohort of {period} is not yet mature: its rates can still grow."


def _compare(basis: str, dimension: str, month: str | None, rate: str, period: str) -> None:
    """The members side by side, if there are several."""
    if dimension == OVERALL[0]:
        return
    column = f"{rate}_rate"
    name = _rate_name(rate, basis, period)
    parts.section(f"{name} by {within(parts.heading_of(dimension))}, {period}")
    found = parts.read(COMPARISON, dimension=dimension, month=month, basis=basis)
    frame = found.frame.head(COMPARED).dropna(subset=[column])
    if len(frame) == 0:
        parts.nothing("No member has a denominator for this rate.")
        return
    if len(found) > COMPARED:
        parts.note(f"The {COMPARED} members with most leads of {len(found)}; CSV: all.")
    parts.picture(
        charts.intervals(frame, "member", column, _details(rate), name),
        found,
        "funnel_conversion",
        "comparison",
        alt=f"The rate of each member with its 95 % interval: {name}.",
        defines=(column, f"{rate}_low"),
        links=lambda row: _link(
            (dimension, row["member"]), step=COUNTS_OF_RATE[rate][0], basis=basis, month=period
        ),
    )


def _trend(basis: str, dimension: str, member: str, rate: str) -> None:
    """The chosen rate by cohort."""
    column = f"{rate}_rate"
    parts.section(
        f"{_rate_name(rate, basis)} by month of {BASES[basis]}: {parts.told('member', member)}",
        "A cohort that is not yet mature still has time to convert; do not read it as a fall.",
    )
    found = parts.read(TREND, dimension=dimension, member=member, basis=basis)
    if not found.rows:
        parts.nothing("No cohort yet.")
        return
    parts.picture(
        parts.with_policy_versions(
            charts.trend(found.frame, "cohort_month", column, _details(rate), has_cohorts=True),
            found,
            "cohort_month",
        ),
        found,
        "funnel_conversion",
        "trend",
        alt=f"The rate of each monthly cohort with its 95 % interval: {_rate_name(rate, basis)}.",
        defines=(column, "is_mature"),
    )


def _weeks(dimension: str, member: str) -> None:
    """The four-week mean of MQL to SQL, for the dimensions that have weeks."""
    found = parts.read(WEEKS, dimension=dimension, member=member)
    if not found.rows:
        return
    parts.section(f"MQL to SQL, mean of four weeks: {parts.told('member', member)}")
    parts.picture(
        parts.with_policy_versions(
            charts.trend(
                found.frame,
                "week_start",
                "four_week_rate",
                ["four_week_mqls_to_sql:Q", "four_week_mqls:Q"],
                has_cohorts=True,
            ),
            found,
            "week_start",
        ),
        found,
        "funnel_weekly",
        "weeks",
        alt="The MQL to SQL rate of each four weeks with its 95 % interval.",
        defines=("four_week_rate", "is_mature"),
    )


def _forecast() -> None:
    """How many leads reach each step within one, two and three months, and how often that held."""
    parts.section(
        "What the leads that are there become",
        "Of all leads not yet at a step, how many reach it within 30, 60 and 90 days, with an 80 % "
        "interval. New leads are not in it.",
    )
    found = parts.read(FORECAST)
    tested = parts.read(TESTED).records[0]
    if tested["decided"]:
        parts.numbers(
            "forecast_back_test",
            [
                parts.Number(
                    "verdict",
                    percent(tested["held_share"]),
                    f"{count(tested['held'])} of {count(tested['decided'])}",
                    title="Intervals of the last 12 months that held",
                ),
                parts.Number("expected", count(tested["expected"]), title="Expected in all"),
                parts.Number("reached", count(tested["reached"]), title="Reached in all"),
            ],
        )
    parts.listing(found, "forecast", "forecast")


def _ignored() -> None:
    """Statuses of the CRM that moved no lead."""
    found = parts.read(IGNORED_SHARE)
    if not found.rows or not found.records[0]["rows"]:
        return
    row = found.records[0]
    parts.section(
        "Statuses of the CRM that moved nothing",
        "What sales or marketing noted and no rule of the lifecycle followed.",
    )
    parts.numbers(
        "data_health",
        [
            parts.Number("share", percent(row["share"]), title="Share of all statuses"),
            parts.Number("affected", count(row["affected"]), title="Statuses that moved nothing"),
            parts.Number("rows", count(row["rows"]), title="Statuses"),
        ],
    )
    ignored = parts.read(IGNORED)
    if ignored.rows:
        with streamlit.expander("Numbers"):
            parts.listing(ignored, "ignored_lifecycle_events", "ignored")


def _promised() -> None:
    """What marketing promised, month by month, and what it delivered."""
    found = parts.read(PROMISED)
    if not found.rows:
        return
    over = [row for row in found.records if row["verdict"] not in ("in_progress", "not_started")]
    row = (over or found.records)[0]
    parts.section("Did marketing deliver what it promised?", COUNTING["activity"])
    in_month = f"in {row['target_month']:%Y-%m}"
    parts.numbers(
        "marketing_sla",
        [
            parts.Number(
                "delivered_share",
                percent(row["delivered_share"]),
                f"{count(row['mqls'])} of {count(row['target_mqls'])} promised MQLs {in_month}",
            ),
            *(
                parts.Number(
                    verdict,
                    parts.told(verdict, row[verdict]),
                    in_month,
                    f"{parts.name_of('marketing_sla', name)} against target",
                )
                for verdict, name in (
                    ("verdict", "mqls"),
                    ("sql_verdict", "sqls"),
                    ("pipeline_verdict", "pipeline"),
                )
            ),
        ],
        in_row=4,
    )
    with parts.folded("What was promised and delivered, month by month?"):
        parts.listing(found, "marketing_sla", "promised")


def _further() -> None:
    """Tables that each answer a question of their own, closed at first."""
    parts.section("Further questions")
    for title, sql, table, name in (
        ("Who pays in the end, by where they entered?", PAID, "conversion_to_paid", "paid"),
        ("How long does a sale take?", CYCLE, "sales_cycle", "cycle"),
        ("Does nurturing pay?", NURTURED, "nurture_comparison", "nurtured"),
        ("Do leads get faster, month by month?", SPEED, "lead_velocity", "speed"),
        ("Where do leads pile up this month?", FLOW, "stage_flow", "flow"),
    ):
        with parts.folded(title):
            parts.listing(parts.read(sql), table, name)
