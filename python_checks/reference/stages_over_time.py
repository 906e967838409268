"""Stages over time: how long do leads stay in a stage, and how many come and go?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import product
from typing import Any

from python_checks.reference.funnel import rate
from python_checks.reference.marts import LeadResult, stage_history_rows
from python_checks.reference.periods import (
    UTC_ZONE,
    days_between,
    midnight,
    month_end,
    months_between,
)
from python_checks.reference.policy import Policy, Stage
from python_checks.reference.rules import Rules
from python_checks.reference.sla_reports import ALL, percentile

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Stay:
    """The time that a lead of a channel spent in a stage; without an end it is still there."""

    stage: str
    channel: str
    entered_at: datetime
    exited_at: datetime | None


def stays_of(results: list[LeadResult], rules: Rules) -> list[Stay]:
    """Every row of lead_stage_history as a stay."""
    return [
        Stay(row["stage"], result.lead.channel, row["entered_at"], row["exited_at"])
        for result in results
        for row in stage_history_rows(result, rules)
    ]


def stage_durations(stays: list[Stay], policy: Policy, as_of: datetime) -> Rows:
    """Stage and channel, with the total of all channels: how long do leads stay?"""
    cells: dict[tuple[str, str], list[Stay]] = {}
    for stay in stays:
        for cell in product([stay.stage], (stay.channel, ALL)):
            cells.setdefault(cell, []).append(stay)
    minimum_sample = int(policy.settings["minimum_sample"])
    rows = []
    for (stage_name, channel), own in sorted(cells.items()):
        stage = policy.stages[stage_name]
        days = [
            days_between(stay.entered_at, stay.exited_at)
            for stay in own
            if stay.exited_at is not None
        ]
        median_days = percentile(days, Decimal("0.5"))
        over_max = None if stage.max_days is None else sum(d > stage.max_days for d in days)
        rows.append(
            {
                "stage": stage_name,
                "channel": channel,
                "completed_stays": len(days),
                "running_stays": len(own) - len(days),
                "median_days": median_days,
                "p90_days": percentile(days, Decimal("0.9")),
                "over_max_stays": over_max,
                "over_max_share": None if over_max is None else rate(over_max, len(days)),
                "max_days": stage.max_days,
                "typical_days_low": stage.typical_days_low,
                "typical_days_high": stage.typical_days_high,
                "verdict": duration_verdict(median_days, len(days), stage, minimum_sample),
                "as_of": as_of,
            }
        )
    return rows


def duration_verdict(
    median_days: Decimal | None, completed_stays: int, stage: Stage, minimum_sample: int
) -> str:
    """The first verdict that holds."""
    if median_days is None or completed_stays < minimum_sample:
        return "insufficient_data"
    if stage.typical_days_low is None or stage.typical_days_high is None:
        return "no_typical"
    if median_days < stage.typical_days_low:
        return "faster"
    return "slower" if median_days > stage.typical_days_high else "typical"


def stage_flow(stays: list[Stay], policy: Policy, as_of: datetime, zone: str = UTC_ZONE) -> Rows:
    """Every stage and month since the first stay: how many were there, came and went?"""
    if not stays:
        return []
    months = months_between(min(stay.entered_at for stay in stays), as_of, zone)
    rows = []
    for stage, month in product(policy.stages, months):
        begin, end = midnight(month, zone), month_end(month, zone)
        own = [stay for stay in stays if stay.stage == stage]
        opening = sum(
            stay.entered_at < begin and (stay.exited_at is None or stay.exited_at >= begin)
            for stay in own
        )
        entered = sum(begin <= stay.entered_at < end for stay in own)
        exited = sum(stay.exited_at is not None and begin <= stay.exited_at < end for stay in own)
        rows.append(
            {
                "stage": stage,
                "month": month,
                "opening": opening,
                "entered": entered,
                "exited": exited,
                "closing": opening + entered - exited,
                "as_of": as_of,
            }
        )
    return rows
