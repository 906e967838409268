"""Feedback: what does sales send back, why, and when does marketing take it up again?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

from python_checks.reference.funnel import UNKNOWN, Z, rate, wilson
from python_checks.reference.marts import LeadResult
from python_checks.reference.periods import UTC_ZONE, day_of, month_of
from python_checks.reference.policy import Policy, Stage
from python_checks.reference.raw import Record
from python_checks.reference.rules import Rules
from python_checks.reference.scoring import (
    attributes_of,
    contributions_of,
    engagement_episodes,
    matches,
)

ALL = "all"
QUEUE_ROLES = {"nurture", "mql", "long_term_nurture"}
APPROACHES = {"call", "email", "meeting"}
Rows = list[dict[str, Any]]
Item = tuple[str, str]


def rejections(handoffs: Rows, policy: Policy, as_of: datetime, zone: str = UTC_ZONE) -> Rows:
    """Month, channel and reason, each with its total: how much of what was decided came back."""
    decided: dict[tuple[date | None, str], Rows] = {}
    for row in handoffs:
        if row["disposition"] != "none":
            month = month_of(row["handed_off_at"], zone)
            for cell in product((month, None), (row["channel"], ALL)):
                decided.setdefault(cell, []).append(row)
    rows = []
    for (month, channel), own in decided.items():
        rejected = [row for row in own if row["disposition"] == "rejected"]
        reasons = sorted({_reason(row) for row in rejected})
        for reason in [ALL, *reasons]:
            count = sum(reason in (ALL, _reason(row)) for row in rejected)
            low, high = wilson(count, len(own))
            rows.append(
                {
                    "handed_off_month": month,
                    "channel": channel,
                    "reason_code": reason,
                    "dispositions": len(own),
                    "rejected": count,
                    "rejection_rate": rate(count, len(own)),
                    "rejection_low": low,
                    "rejection_high": high,
                    "verdict": rejection_verdict(count, len(own), policy)
                    if reason == ALL
                    else None,
                    "as_of": as_of,
                }
            )
    return rows


def _reason(handoff: dict[str, Any]) -> str:
    return handoff["reason_code"] or UNKNOWN


def rejection_verdict(rejected: int, dispositions: int, policy: Policy) -> str:
    """Whether a share of rejections is small enough, or the scoring needs a look."""
    if dispositions < policy.settings["minimum_sample"]:
        return "insufficient_data"
    share = Decimal(rejected) / Decimal(dispositions)
    if share > policy.settings["rejection_recalibrate_rate"]:
        return "recalibrate"
    return "watch" if share >= policy.settings["rejection_watch_rate"] else "healthy"


def rejection_drivers(
    results: list[LeadResult], handoffs: Rows, rules: Rules, as_of: datetime
) -> Rows:
    """Primary model and item: is it more often among what sales rejects or what it accepts?"""
    result_of = {result.lead.lead_id: result for result in results}
    minimum_sample = int(rules.at(as_of).settings["minimum_sample"])
    by_model: dict[str, dict[str, list[set[Item]]]] = {}
    for row in handoffs:
        if row["disposition"] in ("rejected", "accepted"):
            model_name = row["scoring_model"]
            sides = by_model.setdefault(model_name, {"rejected": [], "accepted": []})
            at = row["handed_off_at"]
            items = items_at(result_of[row["lead_id"]], model_name, at, rules.at(at))
            sides[row["disposition"]].append(items)
    rows = []
    for model, sides in by_model.items():
        rejected, accepted = sides["rejected"], sides["accepted"]
        for item in sorted(set().union(*rejected, *accepted)):
            rows.append(
                {
                    "scoring_model": model,
                    "item_kind": item[0],
                    "item": item[1],
                    "rejected_handoffs": len(rejected),
                    "accepted_handoffs": len(accepted),
                    **comparison(
                        sum(item in items for items in rejected),
                        len(rejected),
                        sum(item in items for items in accepted),
                        len(accepted),
                        minimum_sample,
                    ),
                    "as_of": as_of,
                }
            )
    return rows


def items_at(result: LeadResult, model_name: str, at: datetime, policy: Policy) -> set[Item]:
    """What speaks for or against a lead in a model at one time: (kind, name).

    ``policy`` holds the rules in force then.
    A signal with a contribution alive then; a criterion with points, or matched for the grade.
    """
    lead = result.lead
    model = policy.scoring_models[model_name]
    engagements = [s.occurred_at for s in lead.signals if s.kind.is_engagement]
    episodes = engagement_episodes(engagements, model.dormancy_days)
    contributions = contributions_of(lead.signals, model, episodes, policy)
    items = {("signal", c.signal) for c in contributions if c.is_alive(at)}
    values = attributes_of(lead, at)
    decided = set()
    for rule in policy.fit_rules.get(model_name, []):
        if not matches(rule, values[rule.attribute]):
            continue
        is_first = rule.criterion not in decided
        decided.add(rule.criterion)
        if (is_first and rule.points != 0) or rule.counts_for_grade:
            items.add(("fit_criterion", rule.criterion))
    return items


def comparison(a: int, n: int, c: int, m: int, minimum_sample: int) -> dict[str, Any]:
    """``a`` of ``n`` rejected and ``c`` of ``m`` accepted hand-offs have an item."""
    rejected_share, accepted_share = rate(a, n), rate(c, m)
    ratio = low = high = None
    if rejected_share is not None and accepted_share:
        ratio = rejected_share / accepted_share
    if a > 0 and c > 0:
        low, high = ratio_interval(a, n, c, m)
    if min(n, m) < minimum_sample:
        verdict = "insufficient_data"
    elif low is not None and low > 1:
        verdict = "drives_rejection"
    elif high is not None and high < 1:
        verdict = "protects"
    else:
        verdict = "unclear"
    return {
        "rejected_with_item": a,
        "accepted_with_item": c,
        "rejected_share": rejected_share,
        "accepted_share": accepted_share,
        "ratio": ratio,
        "ratio_low": low,
        "ratio_high": high,
        "verdict": verdict,
    }


def ratio_interval(a: int, n: int, c: int, m: int) -> tuple[Decimal, Decimal]:
    """The 95 % interval of the ratio of a/n to c/m, by the logarithm; a and c are not 0."""
    ratio = Decimal(a * m) / Decimal(n * c)
    one = Decimal(1)
    margin = Z * (one / a - one / n + one / c - one / m).sqrt()
    return (ratio.ln() - margin).exp(), (ratio.ln() + margin).exp()


def regressions(results: list[LeadResult], as_of: datetime) -> Rows:
    """Every regression that was taken, also one that ended where the lead was."""
    rows = []
    for result in results:
        for number, taken in enumerate(result.machine.regressions_taken, start=1):
            until = taken.cooldown_until
            rows.append(
                {
                    "lead_id": result.lead.lead_id,
                    "regression_number": number,
                    "regressed_at": taken.at,
                    "from_stage": taken.from_stage,
                    "to_stage": taken.to_stage,
                    "event": taken.event,
                    "reason_code": taken.reason_code,
                    "points": taken.points,
                    "cooldown_until": until,
                    "nurture_track": taken.nurture_track,
                    "regressions": taken.count,
                    "is_cooling_down": until is not None and until > as_of,
                    "as_of": as_of,
                }
            )
    return rows


def approaches_of(
    results: list[LeadResult], emails: list[tuple[str, Record]]
) -> dict[str, list[datetime]]:
    """When each lead was called, met or written to, by whomever; ``emails`` are as delivered."""
    found: dict[str, list[datetime]] = {
        result.lead.lead_id: [
            activity["occurred_at"]
            for activity in result.lead.sales_activities
            if activity["activity_type"] in APPROACHES
        ]
        for result in results
    }
    for lead_id, event in emails:
        if event["event_type"] == "delivered":
            found[lead_id].append(event["occurred_at"])
    return found


def waits_for_approach(result: LeadResult, approaches: list[datetime], policy: Policy) -> bool:
    """Whether a lead of marketing had a cooldown and nobody approached it after that.

    A lead that came into another stage since the cooldown was set waits no longer.
    """
    machine = result.machine
    ends = machine.cooldown_until
    return (
        policy.stages[machine.stage].role in QUEUE_ROLES
        and ends is not None
        and machine.entered_at <= machine.cooldown_set_at
        and not any(at > ends for at in approaches)
    )


def re_engagement_queue(
    results: list[LeadResult],
    primary_scores: dict[str, dict[str, Any]],
    policy: Policy,
    as_of: datetime,
    approaches: dict[str, list[datetime]],
    zone: str = UTC_ZONE,
) -> Rows:
    """The leads of marketing whose cooldown ends soon, or ended and nobody approached them.

    ``primary_scores`` holds the row of lead_scores of each lead's primary model. What is overdue
    goes first.
    """
    until = as_of + timedelta(days=int(policy.settings["re_engage_days_ahead"]))
    rows = []
    for result in results:
        lead, machine = result.lead, result.machine
        ends = machine.cooldown_until
        waits = waits_for_approach(result, approaches[lead.lead_id], policy)
        if not waits or ends >= until or machine.is_opted_out:
            continue
        score = primary_scores[lead.lead_id]
        rows.append(
            {
                "lead_id": lead.lead_id,
                "stage": machine.stage,
                "channel": lead.channel,
                "reason_code": machine.cooldown_reason,
                "nurture_track": machine.cooldown_track,
                "cooldown_until": ends,
                "re_engage_on": day_of(ends, zone),
                "days_until": (day_of(ends, zone) - day_of(as_of, zone)).days,
                "is_cooldown_over": ends <= as_of,
                "adjusted_score": score["adjusted_score"],
                "grade": score["grade"],
                "top_contributions": score["top_contributions"],
                "last_engagement_at": score["last_engagement_at"],
                "as_of": as_of,
            }
        )
    return sorted(rows, key=lambda row: (row["cooldown_until"], row["lead_id"]))


def stage_ageing(results: Iterable[LeadResult], policy: Policy, as_of: datetime) -> Rows:
    """How long every lead is in its stage, and what the timer will do when."""
    rows = []
    for result in results:
        machine = result.machine
        stage = policy.stages[machine.stage]
        days = (as_of - machine.entered_at).days
        due_at = machine.timer_at()
        timer = None if due_at is None else machine.timer
        rows.append(
            {
                "lead_id": result.lead.lead_id,
                "stage": machine.stage,
                "funnel_stage": stage.funnel_stage,
                "stage_owner": machine.owner,
                "stage_entered_at": machine.entered_at,
                "days_in_stage": days,
                "typical_days_low": stage.typical_days_low,
                "typical_days_high": stage.typical_days_high,
                "max_days": stage.max_days,
                "timer_event": None if timer is None else timer.timer_event,
                "due_at": due_at,
                "days_left": None if due_at is None else (due_at - as_of).days,
                "ageing": ageing_of(days, stage),
                "as_of": as_of,
            }
        )
    return rows


def ageing_of(days: int, stage: Stage) -> str | None:
    """Whether a stay is short, typical or long; ``None`` for a stage without typical days."""
    if stage.typical_days_low is None or stage.typical_days_high is None:
        return None
    if days < stage.typical_days_low:
        return "early"
    return "typical" if days <= stage.typical_days_high else "over_typical"
