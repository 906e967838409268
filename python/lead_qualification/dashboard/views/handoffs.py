"""Hand-offs and SLA: what needs somebody now, and what speed is worth."""

from __future__ import annotations

from dataclasses import replace

import pandas
import streamlit

from lead_qualification.dashboard import charts, parts
from lead_qualification.dashboard.definitions import definition_of
from lead_qualification.dashboard.wording import count

TITLE = "Hand-offs and SLA"

POLICIES = "select distinct sla_policy as found from {marts}.sla_performance order by 1"
REPS = "select distinct rep_id as found from {marts}.sla_performance order by 1"
OVERDUE = "sla_status = 'breached' and is_open and first_response_at is null"
FITTING = """
    ($policy = 'all' or sla_policy = $policy)
    and ($rep = 'all' or coalesce(assigned_rep_id, 'unassigned') = $rep)
"""
WAITING_FIELDS = f"""
select
    handoffs.sla_status,
    handoffs.lead_id,
    actions.action,
    actions.blocked_by,
    handoffs.handoff_number,
    handoffs.sla_due_at,
    handoffs.assigned_rep_id,
    handoffs.recommended_rep_id,
    handoffs.sla_policy,
    handoffs.trigger_signal,
    handoffs.score,
    handoffs.grade,
    handoffs.channel,
    handoffs.company_segment,
    handoffs.handed_off_at,
    handoffs.attempts,
    handoffs.checks_failed,
    handoffs.latest_signals
from {{marts}}.handoffs
inner join {{marts}}.next_best_action as actions on handoffs.lead_id = actions.lead_id
where (sla_status in ('at_risk', 'open') or ({OVERDUE})) and {FITTING}
order by
    case handoffs.sla_status when 'at_risk' then 0 when 'open' then 1 else 2 end,
    handoffs.sla_due_at,
    handoffs.lead_id
"""
WAITING = f"{WAITING_FIELDS} limit {parts.LISTED}"
COUNTS = f"""
select
    count(case when sla_status = 'at_risk' then 1 end) as at_risk,
    count(case when sla_status = 'open' then 1 end) as waiting,
    count(case when {OVERDUE} then 1 end) as overdue
from {{marts}}.handoffs
where {FITTING}
"""
TOTAL = """
select * from {marts}.sla_performance
where week_start is null and sla_policy = $policy and rep_id = $rep and response_bucket = 'all'
"""
SPEED = """
select * from {marts}.sla_performance
where week_start is null and sla_policy = $policy and rep_id = $rep and response_bucket <> 'all'
"""
BUCKETS = "select response_bucket from {policy}.response_buckets order by from_minutes"
BY_REP = """
select * from {marts}.sla_performance
where week_start is null and sla_policy = $policy and rep_id <> 'all' and response_bucket = 'all'
order by handoffs desc, rep_id
"""
BY_WEEK = """
select * from {marts}.sla_performance
where week_start is not null and sla_policy = $policy and rep_id = $rep
    and response_bucket = 'all'
order by week_start
"""
SHOWN_REPS = 40
DETAILS = ("handoffs:Q", "met:Q", "breached:Q", "open:Q")


def render() -> None:
    """Show the page."""
    parts.heading(TITLE, "What was handed over and waits, and what is a fast answer worth?")
    meaning = definition_of("sla_performance")
    columns = streamlit.columns(2)
    with columns[0]:
        policies = parts.read(POLICIES).values("found")
        policy = parts.choice(
            "SLA policy", "policy", policies, parts.ALL, meaning.of("sla_policy"), "sla_policy"
        )
    with columns[1]:
        reps = parts.read(REPS).values("found")
        rep = parts.choice("Rep", "rep", reps, parts.ALL, meaning.of("rep_id"), "rep_id")
    _waiting(policy, rep)
    _total(policy, rep)
    _speed(policy, rep)
    _by_rep(policy)
    _by_week(policy, rep)


def _waiting(policy: str, rep: str) -> None:
    """Hand-offs without an answer, the most urgent first."""
    parts.section("Waiting for an answer", "At risk first, then by when the answer is due.")
    numbers = parts.read(COUNTS, policy=policy, rep=rep).records[0]
    parts.numbers(
        "handoffs",
        [
            parts.Number(
                "sla_status",
                count(numbers[name]),
                note,
                title,
                parts.leads_link(handoffs=kind, policy=policy, rep=rep),
            )
            for name, note, title, kind in (
                ("at_risk", "due soon", "At risk", "at_risk"),
                ("waiting", "in time so far", "Open", "open"),
                ("overdue", "open, no answer yet", "Breached", "overdue"),
            )
        ],
    )
    found = parts.read(WAITING, policy=policy, rep=rep)
    if not found.rows:
        parts.nothing("Nothing waits for an answer.", "All hand-offs of this choice are answered.")
        return
    parts.listing(
        found,
        "handoffs",
        "waiting",
        complete=parts.complete(WAITING_FIELDS, policy=policy, rep=rep),
    )


def _total(policy: str, rep: str) -> None:
    """How well it went so far."""
    found = parts.read(TOTAL, policy=policy, rep=rep)
    parts.section("So far")
    if not found.rows:
        parts.nothing("No hand-off of this policy and rep.")
        return
    row = found.records[0]
    row["due"] = row["met"] + row["breached"]

    def link(kind: str) -> str:
        return parts.leads_link(handoffs=kind, policy=policy, rep=rep)

    parts.numbers(
        "sla_performance",
        [
            parts.Number("handoffs", count(row["handoffs"]), link=link("to_answer")),
            replace(parts.rate(row, "met", ("met", "due")), link=link("met")),
            parts.Number(
                "median_response_business_minutes",
                count(row["median_response_business_minutes"]),
            ),
            replace(parts.rate(row, "accepted", ("accepted", "handoffs")), link=link("accepted")),
            replace(
                parts.rate(row, "opportunity", ("opportunities", "handoffs")),
                link=link("opportunity"),
            ),
        ],
    )


def _speed(policy: str, rep: str) -> None:
    """The speed-to-lead curve."""
    parts.section("Speed to lead", "What becomes of hand-offs, by how fast the first answer came.")
    found = parts.read(SPEED, policy=policy, rep=rep)
    if not found.rows:
        parts.nothing("No hand-off of this policy and rep.")
        return
    frame = found.frame
    labels = _labels()
    long = pandas.concat(
        [
            pandas.DataFrame(
                {
                    "first_answer": [labels.get(name, name) for name in frame["response_bucket"]],
                    "kind": title,
                    "rate": frame[f"{name}_rate"],
                    "low": frame[f"{name}_low"],
                    "high": frame[f"{name}_high"],
                    "handoffs": frame["handoffs"],
                }
            )
            for name, title in (("accepted", "accepted"), ("opportunity", "became an opportunity"))
        ]
    )
    present = set(frame["response_bucket"])
    order = [label for name, label in labels.items() if name in present]
    parts.picture(
        charts.two_rates(long, "first_answer", order, "First answer"),
        found,
        "sla_performance",
        "speed_to_lead",
        alt="Rates of acceptance and of opportunities with intervals, by time to the first answer.",
        defines=("accepted_rate", "opportunity_rate", "response_bucket"),
    )


def _labels() -> dict[str, str]:
    """The classes of response time in words, the fastest first, no answer last."""
    found = parts.read(BUCKETS).values("response_bucket")
    told = {name: parts.told("response_bucket", name) for name in found}
    return told | {parts.NONE: "No answer"}


def _by_rep(policy: str) -> None:
    """Answers in time by rep."""
    parts.section("In time, by rep")
    found = parts.read(BY_REP, policy=policy)
    frame = found.frame.dropna(subset=["met_rate"])
    if len(frame) == 0:
        parts.nothing("No rep has an answer that was due.")
        return
    frame = frame.head(SHOWN_REPS)
    if len(found) > SHOWN_REPS:
        parts.note(f"The {SHOWN_REPS} reps with most hand-offs of {len(found)}; CSV: all.")
    parts.picture(
        charts.intervals(
            frame, "rep_id", "met_rate", DETAILS, parts.name_of("sla_performance", "met_rate")
        ),
        found,
        "sla_performance",
        "by_rep",
        alt="The share of hand-offs answered in time by each rep with its 95 % interval.",
        defines=("met_rate",),
        links=lambda row: parts.leads_link(handoffs="to_answer", policy=policy, rep=row["rep_id"]),
    )


def _by_week(policy: str, rep: str) -> None:
    """Answers in time by week."""
    parts.section("In time, by week")
    found = parts.read(BY_WEEK, policy=policy, rep=rep)
    parts.picture(
        parts.with_policy_versions(
            charts.trend(found.frame, "week_start", "met_rate", DETAILS), found, "week_start"
        ),
        found,
        "sla_performance",
        "by_week",
        alt="The share of hand-offs answered in time, week by week, with its 95 % interval.",
        defines=("met_rate", "week_start"),
    )
