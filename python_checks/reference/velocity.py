"""Velocity: how many leads take each step in a month, and how long did they take?"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from python_checks.reference.funnel import FunnelLead, rate
from python_checks.reference.periods import UTC_ZONE, days_between, month_of, months_between
from python_checks.reference.sla_reports import ALL, percentile

MOTIONS = ("inbound", "outbound")
STEPS = {
    "leads": "first_seen_at",
    "mqls": "mql_at",
    "pqls": "pql_at",
    "sqls": "sql_at",
    "opportunities": "opportunity_at",
    "customers": "customer_at",
}
GROWING = ("mqls", "sqls", "opportunities")
WAYS = {
    "first_seen_to_mql": ("first_seen_at", "mql_at"),
    "mql_to_sql": ("mql_at", "sql_at"),
    "sql_to_opportunity": ("sql_at", "opportunity_at"),
    "sql_to_won": ("sql_at", "customer_at"),
    "pql_to_won": ("pql_at", "customer_at"),
    "first_seen_to_won": ("first_seen_at", "customer_at"),
}
"""From where to where; a way belongs to the month of its end."""

Rows = list[dict[str, Any]]


def lead_velocity(leads: list[FunnelLead], as_of: datetime, zone: str = UTC_ZONE) -> Rows:
    """Every month since the first lead, for each motion and for all leads."""
    if not leads:
        return []
    months = months_between(min(lead.first_seen_at for lead in leads), as_of, zone)
    rows = []
    for motion in (*MOTIONS, ALL):
        own = [lead for lead in leads if motion in (ALL, lead.members["motion"])]
        previous = None
        for month in months:
            counts = steps_in(month, own, zone)
            rows.append(
                {
                    "month": month,
                    "motion": motion,
                    **counts,
                    **growth(counts, previous),
                    **_durations(month, own, zone),
                    "as_of": as_of,
                }
            )
            previous = counts
    return rows


def steps_in(month: date, leads: list[FunnelLead], zone: str) -> dict[str, int]:
    """How many leads took each step in a month."""
    return {
        name: sum(_is_in(month, getattr(lead, at), zone) for lead in leads)
        for name, at in STEPS.items()
    }


def growth(counts: dict[str, int], previous: dict[str, int] | None) -> dict[str, Decimal | None]:
    """By how much more or less than the month before; ``None`` without one, or after nothing."""
    return {
        f"{name}_growth": None
        if previous is None
        else rate(counts[name] - previous[name], previous[name])
        for name in GROWING
    }


def _durations(month: date, leads: list[FunnelLead], zone: str) -> dict[str, Decimal | None]:
    """Median and 90th percentile of the days of every way that ends in a month."""
    columns = {}
    for way, (start, end) in WAYS.items():
        spans = [
            (getattr(lead, start), getattr(lead, end))
            for lead in leads
            if _is_in(month, getattr(lead, end), zone) and getattr(lead, start) is not None
        ]
        days = [days_between(begun, ended) for begun, ended in spans if begun <= ended]
        columns[f"median_days_{way}"] = percentile(days, Decimal("0.5"))
        columns[f"p90_days_{way}"] = percentile(days, Decimal("0.9"))
    return columns


def _is_in(month: date, at: datetime | None, zone: str) -> bool:
    return at is not None and month_of(at, zone) == month
