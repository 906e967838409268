"""Return on investment: what does a channel cost, and what does it bring?"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import product
from typing import Any

from python_checks.reference.funnel import UNKNOWN, FunnelLead
from python_checks.reference.marts import LeadResult
from python_checks.reference.periods import month_of
from python_checks.reference.raw import Record
from python_checks.reference.sla_reports import ALL

COUNTS = {
    "leads": "first_seen_at",
    "mqls": "mql_at",
    "sqls": "sql_at",
    "opportunities": "opportunity_at",
    "customers": "customer_at",
}
COST_PER = {
    "cost_per_lead": "leads",
    "cost_per_mql": "mqls",
    "cost_per_sql": "sqls",
    "cost_per_opportunity": "opportunities",
    "cac": "customers",
}
MONEY = ("cost", "revenue_won", "pipeline_open")
Rows = list[dict[str, Any]]
Fact = tuple[str, date, str, Decimal | int]
"""Channel, day, column, and how much it adds there."""


def channel_roi(
    results: list[LeadResult],
    funnel: list[FunnelLead],
    tables: dict[str, list[Record]],
    as_of: datetime,
) -> Rows:
    """Channel and month in which anything is not 0, each with its total.

    ``tables`` are those without what happens after ``as_of``.
    """
    facts = _costs(tables) + _steps(funnel) + _deals(results)
    cells: dict[tuple[str, date | None], dict[str, Decimal | int]] = {}
    for channel, day, column, value in facts:
        if value == 0:
            continue
        for cell in product((channel, ALL), (month_of(day), None)):
            sums = cells.setdefault(
                cell, dict.fromkeys(MONEY, Decimal(0)) | dict.fromkeys(COUNTS, 0)
            )
            sums[column] += value
    return [
        {
            "channel": channel,
            "month": month,
            "cost": sums["cost"],
            **{name: sums[name] for name in COUNTS},
            "revenue_won": sums["revenue_won"],
            "pipeline_open": sums["pipeline_open"],
            **{name: quotient(sums["cost"], sums[count]) for name, count in COST_PER.items()},
            "roi": quotient(sums["revenue_won"] - sums["cost"], sums["cost"]),
            "as_of": as_of,
        }
        for (channel, month), sums in cells.items()
    ]


def quotient(money: Decimal, by: Decimal | int) -> Decimal | None:
    """An amount of money by a number; ``None`` where that is 0."""
    return None if by == 0 else money / Decimal(by)


def _costs(tables: dict[str, list[Record]]) -> list[Fact]:
    """What campaigns cost."""
    channel_of = {row["campaign_id"]: row.get("channel") for row in tables["campaigns"]}
    facts: list[Fact] = []
    for row in tables["campaign_costs"]:
        channel = channel_of.get(row["campaign_id"]) or UNKNOWN
        facts.append((channel, row["cost_date"], "cost", row["cost"]))
    return facts


def _steps(funnel: list[FunnelLead]) -> list[Fact]:
    """The leads, and every step that one took."""
    return [
        (lead.members["channel"], getattr(lead, at), name, 1)
        for lead in funnel
        for name, at in COUNTS.items()
        if getattr(lead, at) is not None
    ]


def _deals(results: list[LeadResult]) -> list[Fact]:
    """The amounts won when they were, and those that are open when they came up."""
    facts: list[Fact] = []
    for lead in (result.lead for result in results):
        for deal in lead.opportunities:
            amount = deal["amount"] or Decimal(0)
            if deal["closed_at"] is None:
                facts.append((lead.channel, deal["created_at"], "pipeline_open", amount))
            elif deal["is_won"] is True:
                facts.append((lead.channel, deal["closed_at"], "revenue_won", amount))
    return facts
