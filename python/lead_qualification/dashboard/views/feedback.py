"""Feedback: what sales sends back and why, who came back, whom to approach again."""

from __future__ import annotations

import streamlit

from lead_qualification.dashboard import charts, parts
from lead_qualification.dashboard.definitions import definition_of
from lead_qualification.dashboard.wording import count

TITLE = "Feedback"
SHOWN_RULES = 30

CHANNELS = "select distinct channel as found from {marts}.rejections order by 1"
MONTHS = """
select distinct handed_off_month as found from {marts}.rejections
where handed_off_month is not null
order by 1 desc
"""
REASONS = """
select * from {marts}.rejections
where channel = $channel and handed_off_month is not distinct from cast($month as date)
order by case when reason_code = 'all' then 0 else 1 end, rejected desc, reason_code
"""
TREND = """
select * from {marts}.rejections
where channel = $channel and handed_off_month is not null and reason_code = 'all'
order by handed_off_month
"""
DRIVERS = """
select * from {marts}.rejection_drivers
order by
    case verdict when 'drives_rejection' then 0 when 'insufficient_data' then 2 else 1 end,
    ratio desc,
    scoring_model,
    item_kind,
    item
"""
REGRESSIONS = """
select
    event,
    reason_code,
    count(*) as regressions,
    count(case when is_cooling_down then 1 end) as cooling_down,
    max(as_of) as as_of
from {marts}.regressions
group by event, reason_code
order by count(*) desc, event, reason_code
"""
ALL_REGRESSIONS = "select * from {marts}.regressions order by lead_id, regression_number"
TRACKS = """
select distinct nurture_track as found
from {marts}.re_engagement_queue
where nurture_track is not null
order by 1
"""
WHOLE_QUEUE = """
select
    queue.*,
    actions.action,
    actions.due_at,
    actions.blocked_by
from {marts}.re_engagement_queue as queue
inner join {marts}.next_best_action as actions on queue.lead_id = actions.lead_id
where $track = 'all' or queue.nurture_track = $track
order by queue.cooldown_until, queue.lead_id
"""
QUEUE = f"{WHOLE_QUEUE} limit {parts.LISTED}"
QUEUED = """
select
    count(*) as queued,
    count(case when is_cooldown_over then 1 end) as ready
from {marts}.re_engagement_queue
where $track = 'all' or nurture_track = $track
"""

AGEING = """
select
    stage,
    stage_owner,
    count(*) as leads,
    count(case when ageing = 'early' then 1 end) as early,
    count(case when ageing = 'typical' then 1 end) as typical,
    count(case when ageing = 'over_typical' then 1 end) as over_typical,
    max(typical_days_high) as typical_days_high,
    max(days_in_stage) as longest_days
from {marts}.stage_ageing
where ageing is not null
group by stage, stage_owner
order by over_typical desc, leads desc, stage
"""
OLD = """
select lead_id, stage, stage_owner, days_in_stage, typical_days_high, due_at, timer_event
from {marts}.stage_ageing
where ageing = 'over_typical'
order by days_in_stage - typical_days_high desc, lead_id
"""
DURATIONS = """
select *
from {marts}.stage_durations
where channel = 'all'
order by completed_stays + running_stays desc, stage
"""


def render() -> None:
    """Show the page."""
    parts.heading(TITLE, "What does sales send back, which rules make it, whom to ask again?")
    _rejections()
    _drivers()
    _regressions()
    _queue()
    _ageing()


def _rejections() -> None:
    """Rejections by reason and month."""
    parts.section("Rejections")
    meaning = definition_of("rejections")
    columns = streamlit.columns(2)
    with columns[0]:
        channel = parts.choice(
            "Channel",
            "channel",
            parts.read(CHANNELS).values("found"),
            parts.ALL,
            meaning.of("channel"),
        )
    with columns[1]:
        months = parts.read(MONTHS).values("found")
        period = parts.period("Handed over in", months, meaning.of("handed_off_month"))
    _reasons(channel, parts.month_of(period))
    _by_month(channel)


def _reasons(channel: str, month: str | None) -> None:
    """Rejections of a month, or of all time, by reason."""
    found = parts.read(REASONS, channel=channel, month=month)
    if not found.rows:
        parts.nothing("No hand-off of this channel and month has an answer of sales.")
        return
    total = found.records[0]

    def link(kind: str, reason: str = "") -> str:
        handed_over = month[:7] if month else None
        return parts.leads_link(handoffs=kind, channel=channel, month=handed_over, reason=reason)

    parts.numbers(
        "rejections",
        [
            parts.Number("dispositions", count(total["dispositions"]), link=link("decided")),
            parts.Number("rejected", count(total["rejected"]), link=link("rejected")),
            parts.rate(total, "rejection"),
            parts.Number("verdict", parts.told("verdict", total["verdict"])),
        ],
    )
    reasons = found.frame[found.frame["reason_code"] != parts.ALL]
    if len(reasons):
        parts.picture(
            charts.bars(
                reasons, "reason_code", "rejected", parts.name_of("rejections", "rejected")
            ),
            found,
            "rejections",
            "reasons",
            alt="Bars: rejected hand-offs by the reason that sales gave.",
            defines=("rejected", "verdict"),
            links=lambda row: link("rejected", row["reason_code"]),
        )


def _by_month(channel: str) -> None:
    """The rejection rate over time."""
    found = parts.read(TREND, channel=channel)
    parts.subtitle("Rejection rate by month of the hand-off")
    parts.picture(
        parts.with_policy_versions(
            charts.trend(
                found.frame,
                "handed_off_month",
                "rejection_rate",
                ["rejected:Q", "dispositions:Q", "verdict:N"],
            ),
            found,
            "handed_off_month",
        ),
        found,
        "rejections",
        "rejections_by_month",
        alt="The rejection rate month by month with its 95 % interval.",
        defines=("rejection_rate",),
    )


def _drivers() -> None:
    """Scoring rules among rejected and accepted hand-offs."""
    parts.section(
        "Which rules make rejections", meaning=definition_of("rejection_drivers").description
    )
    found = parts.read(DRIVERS)
    if not found.rows:
        parts.nothing("No hand-off was rejected or accepted yet.", "There is nothing to compare.")
        return
    drawn = found.frame.dropna(subset=["ratio_low"])
    drawn = drawn[drawn["ratio"] > 0].head(SHOWN_RULES)
    drawn = drawn.assign(
        rule=[
            f"{parts.told('item', item)} ({parts.told('scoring_model', model)})"
            for item, model in zip(drawn["item"], drawn["scoring_model"], strict=True)
        ]
    )
    drawn = drawn.rename(
        columns={"ratio": "lift", "ratio_low": "lift_low", "ratio_high": "lift_high"}
    )
    chart = charts.lift(
        drawn,
        "rule",
        ["rejected_with_item:Q", "accepted_with_item:Q", "verdict:N"],
        "Share among rejected / share among accepted (1: no difference)",
    )
    parts.picture(
        chart if len(drawn) else None,
        found,
        "rejection_drivers",
        "drivers",
        alt="How much more often each rule is among rejected than among accepted hand-offs.",
        defines=("ratio", "verdict"),
    )


def _regressions() -> None:
    """Who came back and why."""
    parts.section("Regressions", meaning=definition_of("regressions").description)
    found = parts.read(REGRESSIONS)
    if not found.rows:
        parts.nothing("No lead came back.", "There is nothing to do.")
        return
    frame = found.frame
    frame = frame.assign(
        what=[
            f"{parts.told('event', row['event'])}: "
            f"{parts.told('reason_code', row['reason_code'] or parts.NONE)}"
            for row in found.records
        ]
    )
    parts.picture(
        charts.bars(frame, "what", "regressions", "Regressions"),
        found,
        "regressions",
        "regressions",
        alt="Bars: regressions by the event and the reason that caused them.",
        defines=("event", "points"),
        complete=parts.complete(ALL_REGRESSIONS),
    )


def _queue() -> None:
    """Whom to approach again, when, with which program."""
    parts.section(
        "Whom to approach again", meaning=definition_of("re_engagement_queue").description
    )
    track = parts.choice(
        "Nurture track",
        "track",
        [parts.ALL, *parts.read(TRACKS).values("found")],
        parts.ALL,
        definition_of("re_engagement_queue").of("nurture_track"),
        "nurture_track",
    )
    numbers = parts.read(QUEUED, track=track).records[0]
    parts.numbers(
        "re_engagement_queue",
        [
            parts.Number(
                "lead_id",
                count(numbers["queued"]),
                title="In the queue",
                link=parts.leads_link(queue="all", track=track),
            ),
            parts.Number(
                "is_cooldown_over",
                count(numbers["ready"]),
                title="Ready now",
                link=parts.leads_link(queue="ready", track=track),
            ),
        ],
    )
    found = parts.read(QUEUE, track=track)
    parts.listing(
        found,
        "re_engagement_queue",
        "queue",
        complete=parts.complete(WHOLE_QUEUE, track=track),
    )


def _ageing() -> None:
    """Who stays in a stage for longer than usual."""
    found = parts.read(AGEING)
    old = parts.read(OLD)
    parts.section("Who stays in a stage for too long?", "Of the stages that have a usual time.")
    parts.numbers(
        "stage_ageing",
        [
            parts.Number(
                "ageing",
                count(len(old)),
                title="Longer than usual",
                link=parts.leads_link(ageing="over_typical"),
            ),
            parts.Number(
                "ageing",
                count(sum(row["leads"] for row in found.records)),
                title="In a stage with a usual time",
                link=parts.leads_link(ageing="all"),
            ),
        ],
    )
    with parts.folded("Which leads stay longer than usual?"):
        parts.listing(old, "stage_ageing", "old")
    with parts.folded("How long do leads stay in each stage?"):
        parts.listing(parts.read(DURATIONS), "stage_durations", "durations")
    with parts.folded("Which stages hold old leads?"):
        parts.listing(
            found,
            "stage_ageing",
            "ageing",
            links=lambda row: parts.leads_link(ageing="all", stage=row["stage"]),
        )
