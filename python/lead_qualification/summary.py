"""What a build holds: faults of the data, stages, channels, leads to call, queue, forecast."""

from __future__ import annotations

import pandas

from lead_qualification.labels import Labels, labels_of
from lead_qualification.metrics import label_of, metrics
from lead_qualification.tables import as_text, interval, percent
from lead_qualification.warehouse import Warehouse

STAGES = """
select
    lead_stages.stage,
    lead_stages.stage_owner as owner,
    count(*) as leads
from {marts}.lead_stages
inner join {policy}.stages on lead_stages.stage = stages.stage
group by lead_stages.stage, lead_stages.stage_owner, stages.funnel_rank
order by stages.funnel_rank, count(*) desc
"""

CHANNELS = """
select
    channel_conversion.channel,
    channel_conversion.leads,
    channel_conversion.mqls,
    channel_conversion.sqls,
    channel_conversion.customers,
    channel_conversion.mql_to_sql_rate as rate,
    channel_conversion.mql_to_sql_low as rate_low,
    channel_conversion.mql_to_sql_high as rate_high,
    comparison.actual as mature_rate,
    comparison.low as benchmark_low,
    comparison.high as benchmark_high,
    comparison.verdict
from {marts}.channel_conversion
left join {marts}.benchmark_comparison as comparison
    on channel_conversion.channel = comparison.member
    and comparison.dimension = 'channel'
    and comparison.metric = 'mql_to_sql_rate'
order by channel_conversion.leads desc
"""

TO_CALL = """
select
    actions.lead_id,
    scores.adjusted_score as score,
    scores.grade,
    actions.stage,
    actions.action,
    actions.due_at,
    actions.rep_id,
    actions.why
from {marts}.next_best_action as actions
inner join {marts}.lead_scores as scores
    on actions.lead_id = scores.lead_id and scores.is_primary
where actions.owner in ('sdr', 'sales') and actions.is_outreach and actions.blocked_by is null
order by
    case when actions.due_at < actions.as_of then 1 else 0 end,
    case when actions.due_at >= actions.as_of then actions.due_at end,
    scores.adjusted_score desc,
    actions.lead_id
limit 5
"""

SPEED = """
select
    sla.response_bucket,
    sla.handoffs,
    sla.accepted_rate,
    sla.opportunity_rate,
    sla.opportunity_low,
    sla.opportunity_high
from {marts}.sla_performance as sla
left join {policy}.response_buckets as buckets on sla.response_bucket = buckets.response_bucket
where sla.week_start is null and sla.sla_policy = 'all' and sla.rep_id = 'all'
order by
    case sla.response_bucket when 'none' then 1 when 'all' then 2 else 0 end,
    buckets.from_minutes
"""

REJECTIONS = """
select
    channel,
    dispositions,
    rejected,
    rejection_rate,
    rejection_low,
    rejection_high,
    verdict
from {marts}.rejections
where handed_off_month is null and reason_code = 'all'
order by case when channel = 'all' then 1 else 0 end, dispositions desc
"""

QUEUE = """
select
    queue.lead_id,
    queue.re_engage_on,
    queue.days_until,
    actions.action,
    actions.blocked_by,
    queue.nurture_track,
    queue.reason_code,
    queue.adjusted_score as score,
    queue.grade
from {marts}.re_engagement_queue as queue
inner join {marts}.next_best_action as actions on queue.lead_id = actions.lead_id
order by queue.cooldown_until, queue.lead_id
limit 5
"""

FORECAST = """
select
    step,
    month,
    leads,
    expected,
    expected_low,
    expected_high
from {marts}.forecast
order by leads, step, month
"""

BACK_TEST = """
select
    count(*) as decided,
    count(case when verdict = 'held' then 1 end) as held
from {marts}.forecast_back_test
where verdict <> 'not_decided'
"""

HEALTH = """
select
    verdict,
    "check",
    source,
    "column",
    affected as "rows",
    worst_values,
    remedy
from {marts}.data_health
where verdict <> 'fine'
order by verdict, share desc, source
limit 5
"""

UNUSABLE = """
with faults as (
    select
        source,
        reason,
        count(*) as found
    from {marts}.quarantined_records
    where is_row_unusable
    group by source, reason
),

arrived as (
    select
        source,
        sum("rows") as arrived
    from {marts}.raw_row_ledger
    group by source
)

select
    faults.source,
    faults.found as "rows",
    cast(arrived.arrived as integer) as arrived,
    faults.reason
from faults
inner join arrived on faults.source = arrived.source
order by faults.found desc, faults.source, faults.reason
limit 5
"""

BAR_LENGTH = 30
NO_RESPONSE = "none"


def named(table: str, frame: pandas.DataFrame) -> pandas.DataFrame:
    """Return a copy whose columns of a public table are called as the registry calls the metric."""
    return frame.rename(columns={name: label_of(table, name) or name for name in frame.columns})


def channel_rows(channels: pandas.DataFrame, labels: Labels) -> pandas.DataFrame:
    """Put rates, intervals and benchmark ranges into words.

    Args:
        channels: Rows of the query CHANNELS; rates are ratios from 0 to 1.
        labels: The words for codes.
    """
    told = named("channel_conversion", channels[["leads", "mqls", "sqls", "customers"]])
    told.insert(0, "Channel", [labels.of("channel", code) for code in channels["channel"]])
    told[metrics()["mql_to_sql_rate"].label] = [percent(rate) for rate in channels["rate"]]
    told["95 % interval"] = [
        interval(low, high)
        for low, high in zip(channels["rate_low"], channels["rate_high"], strict=True)
    ]
    told[metrics()["mature_mql_to_sql_rate"].label] = [
        percent(rate) for rate in channels["mature_rate"]
    ]
    told["Benchmark"] = [
        interval(low, high)
        for low, high in zip(channels["benchmark_low"], channels["benchmark_high"], strict=True)
    ]
    told["Verdict"] = [
        labels.of("verdict", code) for code in channels["verdict"].fillna("no_benchmark")
    ]
    return told


def speed_rows(speed: pandas.DataFrame, labels: Labels) -> pandas.DataFrame:
    """Put the speed-to-lead curve into words and bars.

    Args:
        speed: Rows of the query SPEED, one per class of response time; rates are ratios.
        labels: The words for codes.
    """
    highest = max(speed["opportunity_rate"].astype(float).max(), 0.01)
    bars = speed["opportunity_rate"].astype(float) / highest * BAR_LENGTH
    return pandas.DataFrame(
        {
            "First response": [
                labels.of("value", code) if code != NO_RESPONSE else "No response"
                for code in speed["response_bucket"]
            ],
            metrics()["handoffs_to_answer"].label: speed["handoffs"].astype(int).to_numpy(),
            metrics()["acceptance_rate"].label: [percent(rate) for rate in speed["accepted_rate"]],
            metrics()["handoff_to_opportunity_rate"].label: [
                percent(rate) for rate in speed["opportunity_rate"]
            ],
            "95 % interval": [
                interval(low, high)
                for low, high in zip(
                    speed["opportunity_low"], speed["opportunity_high"], strict=True
                )
            ],
            "": ["#" * round(length) for length in bars],
        }
    )


def rejection_rows(rejections: pandas.DataFrame, labels: Labels) -> pandas.DataFrame:
    """Put rejection rates and their intervals into words.

    Args:
        rejections: Rows of the query REJECTIONS; rates are ratios from 0 to 1.
        labels: The words for codes.
    """
    told = named("rejections", rejections[["dispositions", "rejected"]])
    told.insert(0, "Channel", [labels.of("channel", code) for code in rejections["channel"]])
    told[metrics()["rejection_rate"].label] = [
        percent(rate) for rate in rejections["rejection_rate"]
    ]
    told["95 % interval"] = [
        interval(low, high)
        for low, high in zip(rejections["rejection_low"], rejections["rejection_high"], strict=True)
    ]
    told["Verdict"] = [labels.of("verdict", code) for code in rejections["verdict"]]
    return told


def forecast_rows(forecast: pandas.DataFrame, labels: Labels) -> pandas.DataFrame:
    """Put what is forecast into a row per step, with whole numbers.

    Args:
        forecast: Rows of the query FORECAST, one per step and months of 30 days.
        labels: The words for codes.
    """
    told = []
    for step, rows in forecast.groupby("step", sort=False):
        row = {
            "Step": labels.of("stage", str(step)),
            "Not yet there": int(rows["leads"].iloc[0]),
        }
        for one in rows.to_dict("records"):
            row[f"{30 * int(one['month'])} days"] = (
                f"{one['expected']:.1f} ({one['expected_low']:.0f} to {one['expected_high']:.0f})"
            )
        told.append(row)
    return pandas.DataFrame(told)


def summary(warehouse: Warehouse) -> str:
    """Return the whole summary of a built warehouse as text."""
    names = {"marts": warehouse.marts, "policy": warehouse.policy}
    labels = labels_of(warehouse)

    def rows(sql: str) -> pandas.DataFrame:
        """The rows of a query."""
        return warehouse.read(sql.format(**names))

    to_call, queue = rows(TO_CALL), rows(QUEUE)
    for leads in (to_call, queue):
        leads["score"] = leads["score"].astype(float).round(1)
    queue["re_engage_on"] = pandas.to_datetime(queue["re_engage_on"]).dt.date
    tested = rows(BACK_TEST).iloc[0]
    health = rows(HEALTH).fillna("")
    unhealthy = ["", "Data that may not be right", as_text(labels.frame(health))]
    unusable = rows(UNUSABLE)
    unused = ["", "Rows that count nowhere", as_text(labels.frame(unusable))]
    as_of = warehouse.read(f"select max(as_of) as as_of from {warehouse.marts}.lead_stages")
    return "\n".join(
        [
            *(unhealthy if len(health) else []),
            *(unused if len(unusable) else []),
            "",
            f"Leads by stage, as of {as_of['as_of'].iloc[0]} UTC",
            as_text(labels.frame(rows(STAGES))),
            "",
            "Conversion by channel, all time; benchmark and verdict: MQLs of the mature year",
            as_text(channel_rows(rows(CHANNELS), labels)),
            "",
            "Five leads to call now, and why (points before caps and multiplier)",
            as_text(labels.frame(to_call)),
            "",
            "Speed to lead: what became of hand-offs, by time to the first response of sales",
            as_text(speed_rows(rows(SPEED), labels)),
            "",
            "Rejections: hand-offs that sales decided on, all time",
            as_text(rejection_rows(rows(REJECTIONS), labels)),
            "",
            "Re-engagement queue: five leads, the overdue ones first",
            as_text(labels.frame(queue)),
            "",
            "Forecast: how many of the leads that are there reach each step, with an 80 % interval "
            f"(it held in {tested['held']} of {tested['decided']} back-tests)",
            as_text(forecast_rows(rows(FORECAST), labels)),
            "",
            "Read on: README.md, Ten tables to start with.",
        ]
    )
