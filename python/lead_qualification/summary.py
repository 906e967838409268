"""What a build holds: faults of the data, stages, channels, leads to call, queue, forecast."""

from __future__ import annotations

import pandas

from lead_qualification.tables import as_text, interval, percent
from lead_qualification.warehouse import Warehouse

STAGES = """
select
    stages.label as "Stage",
    lead_stages.stage as "Name",
    lead_stages.stage_owner as "Owner",
    count(*) as "Leads"
from {marts}.lead_stages
inner join {policy}.stages on lead_stages.stage = stages.stage
group by stages.label, lead_stages.stage, lead_stages.stage_owner, stages.funnel_rank
order by stages.funnel_rank, count(*) desc
"""

CHANNELS = """
select
    channel_conversion.channel as "Channel",
    channel_conversion.leads as "Leads",
    channel_conversion.mqls as "MQLs",
    channel_conversion.sqls as "SQLs",
    channel_conversion.customers as "Won",
    channel_conversion.mql_to_sql_rate as rate,
    channel_conversion.mql_to_sql_low as rate_low,
    channel_conversion.mql_to_sql_high as rate_high,
    comparison.actual as mature_rate,
    comparison.low as benchmark_low,
    comparison.high as benchmark_high,
    comparison.verdict as "Verdict"
from {marts}.channel_conversion
left join {marts}.benchmark_comparison as comparison
    on channel_conversion.channel = comparison.member
    and comparison.dimension = 'channel'
    and comparison.metric = 'mql_to_sql_rate'
order by channel_conversion.leads desc
"""

TO_CALL = """
select
    actions.lead_id as "Lead",
    scores.adjusted_score as "Score",
    scores.grade as "Grade",
    actions.stage as "Stage",
    actions.action as "Action",
    actions.due_at as "Due",
    actions.rep_id as "Rep",
    actions.why as "Why"
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
    case when sla.response_bucket = 'none' then 'no response'
        else coalesce(buckets.label, sla.response_bucket) end as "First response",
    sla.handoffs as "Hand-offs",
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
    channel as "Channel",
    dispositions as "Decided",
    rejected as "Rejected",
    rejection_rate,
    rejection_low,
    rejection_high,
    verdict as "Verdict"
from {marts}.rejections
where handed_off_month is null and reason_code = 'all'
order by case when channel = 'all' then 1 else 0 end, dispositions desc
"""

QUEUE = """
select
    queue.lead_id as "Lead",
    queue.re_engage_on as "On",
    queue.days_until as "In days",
    actions.action as "Action",
    actions.blocked_by as "Held back by",
    queue.nurture_track as "Track",
    queue.reason_code as "Because",
    queue.adjusted_score as "Score",
    queue.grade as "Grade"
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
    verdict as "Verdict",
    replace("check", '_', ' ') as "Check",
    source || coalesce('.' || "column", '') as "Where",
    affected as "Rows",
    worst_values as "Most often",
    remedy as "What to do"
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
    faults.source as "Table",
    faults.found as "Rows",
    cast(arrived.arrived as integer) as "Of",
    faults.reason as "Why"
from faults
inner join arrived on faults.source = arrived.source
order by faults.found desc, faults.source, faults.reason
limit 5
"""

BAR_LENGTH = 30


def channel_rows(channels: pandas.DataFrame) -> pandas.DataFrame:
    """Put rates, intervals and benchmark ranges into words.

    Args:
        channels: Rows of the query CHANNELS; rates are ratios from 0 to 1.
    """
    told = channels[["Channel", "Leads", "MQLs", "SQLs", "Won"]].copy()
    told["MQL to SQL"] = [percent(rate) for rate in channels["rate"]]
    told["95 % interval"] = [
        interval(low, high)
        for low, high in zip(channels["rate_low"], channels["rate_high"], strict=True)
    ]
    told["Mature"] = [percent(rate) for rate in channels["mature_rate"]]
    told["Benchmark"] = [
        interval(low, high)
        for low, high in zip(channels["benchmark_low"], channels["benchmark_high"], strict=True)
    ]
    told["Verdict"] = channels["Verdict"].fillna("no benchmark").str.replace("_", " ")
    return told


def speed_rows(speed: pandas.DataFrame) -> pandas.DataFrame:
    """Put the speed-to-lead curve into words and bars.

    Args:
        speed: Rows of the query SPEED, one per class of response time; rates are ratios.
    """
    highest = max(speed["opportunity_rate"].astype(float).max(), 0.01)
    bars = speed["opportunity_rate"].astype(float) / highest * BAR_LENGTH
    return pandas.DataFrame(
        {
            "First response": speed["First response"],
            "Hand-offs": speed["Hand-offs"].astype(int).to_numpy(),
            "Accepted": [percent(rate) for rate in speed["accepted_rate"]],
            "Opportunity": [percent(rate) for rate in speed["opportunity_rate"]],
            "95 % interval": [
                interval(low, high)
                for low, high in zip(
                    speed["opportunity_low"], speed["opportunity_high"], strict=True
                )
            ],
            "": ["#" * round(length) for length in bars],
        }
    )


def rejection_rows(rejections: pandas.DataFrame) -> pandas.DataFrame:
    """Put rejection rates and their intervals into words.

    Args:
        rejections: Rows of the query REJECTIONS; rates are ratios from 0 to 1.
    """
    told = rejections[["Channel", "Decided", "Rejected"]].copy()
    told["Rate"] = [percent(rate) for rate in rejections["rejection_rate"]]
    told["95 % interval"] = [
        interval(low, high)
        for low, high in zip(rejections["rejection_low"], rejections["rejection_high"], strict=True)
    ]
    told["Verdict"] = rejections["Verdict"].str.replace("_", " ")
    return told


def forecast_rows(forecast: pandas.DataFrame) -> pandas.DataFrame:
    """Put what is forecast into a row per step, with whole numbers.

    Args:
        forecast: Rows of the query FORECAST, one per step and months of 30 days.
    """
    told = []
    for step, rows in forecast.groupby("step", sort=False):
        name = str(step)
        row = {
            "Step": name.upper() if len(name) == len("SQL") else name.capitalize(),
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
    stages = warehouse.read(STAGES.format(**names))
    channels = channel_rows(warehouse.read(CHANNELS.format(**names)))
    to_call = warehouse.read(TO_CALL.format(**names))
    to_call["Score"] = to_call["Score"].astype(float).round(1)
    speed = speed_rows(warehouse.read(SPEED.format(**names)))
    rejected = rejection_rows(warehouse.read(REJECTIONS.format(**names)))
    queue = warehouse.read(QUEUE.format(**names))
    queue["On"] = pandas.to_datetime(queue["On"]).dt.date
    queue["Score"] = queue["Score"].astype(float).round(1)
    forecast = forecast_rows(warehouse.read(FORECAST.format(**names)))
    tested = warehouse.read(BACK_TEST.format(**names)).iloc[0]
    health = warehouse.read(HEALTH.format(**names)).fillna("")
    unhealthy = ["", "Data that may not be right (data_health)", as_text(health)]
    unusable = warehouse.read(UNUSABLE.format(**names))
    unused = ["", "Rows that count nowhere (quarantined_records)", as_text(unusable)]
    as_of = warehouse.read(f"select max(as_of) as as_of from {warehouse.marts}.lead_stages")
    return "\n".join(
        [
            *(unhealthy if len(health) else []),
            *(unused if len(unusable) else []),
            "",
            f"Leads by stage, as of {as_of['as_of'].iloc[0]} UTC",
            as_text(stages),
            "",
            "Conversion by channel, all time; benchmark and verdict for the mature MQLs of a year",
            as_text(channels),
            "",
            "Five leads to call now, and why (points before caps and multiplier)",
            as_text(to_call),
            "",
            "Speed to lead: what became of hand-offs, by time to the first response of sales",
            as_text(speed),
            "",
            "Rejections: hand-offs that sales decided on, all time",
            as_text(rejected),
            "",
            "Re-engagement queue: five leads, the overdue ones first",
            as_text(queue),
            "",
            "Forecast: how many of the leads that are there reach each step, with an 80 % interval "
            f"(it held in {tested['held']} of {tested['decided']} back-tests)",
            as_text(forecast),
            "",
            "Read on: README.md, Ten tables to start with.",
        ]
    )
