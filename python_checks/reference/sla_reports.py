"""Agreements: does marketing deliver what was agreed, and does sales answer in time?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

from python_checks.reference.funnel import rate, wilson
from python_checks.reference.lifecycle import Milestones
from python_checks.reference.marts import sql_at
from python_checks.reference.periods import UTC_ZONE, midnight, month_end, month_of, week_of
from python_checks.reference.policy import MqlTarget, Policy
from python_checks.reference.raw import Record

ALL = "all"
UNASSIGNED = "unassigned"
FOUR_PLACES = Decimal("0.0001")
UNITS = ("response_minutes", "response_business_minutes")
MINUTES = tuple(f"{figure}_{unit}" for unit in UNITS for figure in ("median", "p90"))
"""The columns that say how long answers took."""

Rows = list[dict[str, Any]]


def marketing_sla(
    milestones: Iterable[Milestones],
    policy: Policy,
    as_of: datetime,
    deals: Iterable[Record] = (),
    zone: str = UTC_ZONE,
) -> Rows:
    """Months with a target or an MQL: what came, and how many MQLs became opportunities.

    ``deals`` are all opportunities, each once.
    """
    cohorts: dict[date, list[Milestones]] = {month: [] for month in policy.mql_targets}
    sqls: Counter[date] = Counter()
    for lead in milestones:
        if lead.mql_at is not None:
            cohorts.setdefault(month_of(lead.mql_at, zone), []).append(lead)
        accepted_at = sql_at(lead, policy)
        if accepted_at is not None:
            sqls[month_of(accepted_at, zone)] += 1
    pipeline: dict[date, Decimal] = {}
    for deal in deals:
        month = month_of(deal["created_at"], zone)
        pipeline[month] = pipeline.get(month, Decimal(0)) + (deal["amount"] or 0)
    maturity = timedelta(days=int(policy.settings["cohort_maturity_days"]))
    rows = []
    for month, cohort in sorted(cohorts.items()):
        target = policy.mql_targets.get(month)
        mqls = len(cohort)
        won = sum(m.opportunity_at is not None and m.opportunity_at >= m.mql_at for m in cohort)
        low, high = wilson(won, mqls)
        is_mature = month_end(month, zone) + maturity <= as_of
        created = pipeline.get(month, Decimal(0))
        rows.append(
            {
                "target_month": month,
                "target_mqls": target.target_mqls if target else None,
                "mqls": mqls,
                "delivered_share": rate(mqls, target.target_mqls) if target else None,
                "min_mql_to_opportunity_rate": target.min_mql_to_opportunity_rate
                if target
                else None,
                "mqls_to_opportunity": won,
                "mql_to_opportunity_rate": rate(won, mqls),
                "mql_to_opportunity_low": low,
                "mql_to_opportunity_high": high,
                "is_mature": is_mature,
                "verdict": target_verdict(month, target, mqls, won, is_mature, policy, as_of, zone),
                "sql_target": target.sql_target if target else None,
                "sqls": sqls[month],
                "sql_verdict": volume_verdict(
                    month, target.sql_target if target else None, sqls[month], as_of, zone
                ),
                "pipeline_target": target.pipeline_target if target else None,
                "pipeline": created,
                "pipeline_verdict": volume_verdict(
                    month, target.pipeline_target if target else None, created, as_of, zone
                ),
                "as_of": as_of,
            }
        )
    return rows


def volume_verdict(
    month: date,
    target: Decimal | int | None,
    delivered: Decimal | int,
    as_of: datetime,
    zone: str = UTC_ZONE,
) -> str:
    """Whether a month brought as much as was agreed."""
    if target is None:
        return "no_target"
    running = _before_its_end(month, as_of, zone)
    if running is not None:
        return running
    return "met" if delivered >= target else "volume_missed"


def _before_its_end(month: date, as_of: datetime, zone: str) -> str | None:
    """What is said of a month that has not ended; ``None`` of one that has."""
    if midnight(month, zone) > as_of:
        return "not_started"
    return "in_progress" if month_end(month, zone) > as_of else None


def target_verdict(
    month: date,
    target: MqlTarget | None,
    mqls: int,
    to_opportunity: int,
    is_mature: bool,
    policy: Policy,
    as_of: datetime,
    zone: str = UTC_ZONE,
) -> str:
    """The first verdict that holds; MQLs of which none is worth anything are too bad anyway."""
    if target is None:
        return "no_target"
    running = _before_its_end(month, as_of, zone)
    if running is not None:
        return running
    is_enough = mqls >= policy.settings["minimum_sample"]
    share = rate(to_opportunity, mqls)
    is_too_low = share is not None and share < target.min_mql_to_opportunity_rate
    if is_mature and is_enough and (is_too_low or to_opportunity == 0):
        return "quality_missed"
    if mqls < target.target_mqls:
        return "volume_missed"
    if not is_mature:
        return "immature"
    return "met" if is_enough else "insufficient_data"


def sla_performance(handoffs: Rows, policy: Policy, as_of: datetime, zone: str = UTC_ZONE) -> Rows:
    """Week, policy, rep and response time, each with its total: how sales answers.

    Hand-offs that sales began itself have nothing to answer.
    """
    cells: dict[tuple[date | None, str, str, str], Rows] = {}
    for row in handoffs:
        if row["is_begun_by_sales"]:
            continue
        members = (
            (week_of(row["handed_off_at"], zone), None),
            (row["sla_policy"], ALL),
            (row["assigned_rep_id"] or UNASSIGNED, ALL),
            (bucket_of(row["response_minutes"], policy), ALL),
        )
        for cell in product(*members):
            cells.setdefault(cell, []).append(row)
    return [
        {
            "week_start": week,
            "sla_policy": sla_policy,
            "rep_id": rep_id,
            "response_bucket": bucket,
            **_figures(own),
            "as_of": as_of,
        }
        for (week, sla_policy, rep_id, bucket), own in cells.items()
    ]


def bucket_of(response_minutes: Decimal | None, policy: Policy) -> str:
    """The bucket of a response time in minutes; ``none`` without a response."""
    if response_minutes is None:
        return "none"
    return [bucket for start, bucket in policy.response_buckets if start <= response_minutes][-1]


def _figures(handoffs: Rows) -> dict[str, Any]:
    """The figures of one cell."""
    statuses = [row["sla_status"] for row in handoffs]
    met, breached = statuses.count("met"), statuses.count("breached")
    met_low, met_high = wilson(met, met + breached)
    columns: dict[str, Any] = {
        "handoffs": len(handoffs),
        "responded": sum(row["first_response_at"] is not None for row in handoffs),
        "met": met,
        "breached": breached,
        "open": statuses.count("open") + statuses.count("at_risk"),
        "met_rate": rate(met, met + breached),
        "met_low": met_low,
        "met_high": met_high,
    }
    for unit in UNITS:
        minutes = [row[unit] for row in handoffs if row[unit] is not None]
        columns[f"median_{unit}"] = percentile(minutes, Decimal("0.5"))
        columns[f"p90_{unit}"] = percentile(minutes, Decimal("0.9"))
    # The reference knows no earlier build, and so no hand-off that was told late.
    told = ("met", "breached", "open", "met_rate", "met_low", "met_high", *MINUTES)
    columns |= {f"published_{name}": columns[name] for name in told}
    columns["accepted"] = sum(row["disposition"] == "accepted" for row in handoffs)
    columns["opportunities"] = sum(row["opportunity_at"] is not None for row in handoffs)
    columns["customers"] = sum(row["customer_at"] is not None for row in handoffs)
    for name, numerator in (("accepted", "accepted"), ("opportunity", "opportunities")):
        low, high = wilson(columns[numerator], len(handoffs))
        columns[f"{name}_rate"] = rate(columns[numerator], len(handoffs))
        columns[f"{name}_low"] = low
        columns[f"{name}_high"] = high
    return columns


def percentile(values: list[Decimal], share: Decimal) -> Decimal | None:
    """The value below which a share lies, interpolated; ``None`` of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    value = ordered[below] + (ordered[above] - ordered[below]) * (place - below)
    return Decimal(value)
