"""Return on investment: what does a channel cost, and what does it bring?"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from python_checks.reference.funnel import FunnelLead, rate, wilson
from python_checks.reference.identity import origin_of_campaign
from python_checks.reference.marts import LeadResult
from python_checks.reference.periods import UTC_ZONE, month_of
from python_checks.reference.policy import Policy
from python_checks.reference.raw import Record
from python_checks.reference.sla_reports import ALL

STEPS = {"leads": "first_seen_at", "mqls": "mql_at", "sqls": "sql_at"}
"""What counts people, and by which timestamp."""

COUNTS = (*STEPS, "opportunities", "customers", "deals_lost")
COST_PER = {
    "cost_per_lead": "leads",
    "cost_per_mql": "mqls",
    "cost_per_sql": "sqls",
    "cost_per_opportunity": "opportunities",
    "cac": "customers",
}
PRICED = "priced_deals"
"""How many deals were won whose amount is known."""
MONEY = ("cost", "revenue_won", "pipeline_open")
Rows = list[dict[str, Any]]
Cell = tuple[str, str, date | None]
"""Dimension, member and month."""

Fact = tuple[str, str, date, str, Decimal | int]
"""Channel, motion, day, column, and how much it adds there."""


def channel_roi(
    results: list[LeadResult],
    funnel: list[FunnelLead],
    tables: dict[str, list[Record]],
    policy: Policy,
    as_of: datetime,
    zone: str = UTC_ZONE,
) -> Rows:
    """Channel, motion or all, and month in which anything is not 0; months with their total.

    ``tables`` are those without what happens after ``as_of``. Costs without a record are unknown.
    """
    costs = _costs(tables, policy)
    facts = costs + _steps(funnel) + _deals(results)
    cells: dict[Cell, dict[str, Decimal | int]] = {}
    for channel, motion, day, column, value in facts:
        if value == 0:
            continue
        for cell in _cells(channel, motion, month_of(day, zone)):
            sums = cells.setdefault(
                cell, dict.fromkeys(MONEY, Decimal(0)) | dict.fromkeys((*COUNTS, PRICED), 0)
            )
            sums[column] += value
    with_record = {
        cell
        for channel, motion, day, _, _ in costs
        for cell in _cells(channel, motion, month_of(day, zone))
    }
    return [
        {
            "dimension": cell[0],
            "member": cell[1],
            "month": cell[2],
            **_figures(sums, sums["cost"] if cell in with_record else None),
            "as_of": as_of,
        }
        for cell, sums in cells.items()
    ]


def _cells(channel: str, motion: str, month: date) -> list[Cell]:
    members = (("overall", ALL), ("channel", channel), ("motion", motion))
    return [(*member, at) for member in members for at in (month, None)]


def _figures(sums: dict[str, Decimal | int], cost: Decimal | None) -> dict[str, Any]:
    """What a cell says; ``cost`` is ``None`` where nobody knows it."""
    won, decided = int(sums["customers"]), int(sums["customers"] + sums["deals_lost"])
    low, high = wilson(won, decided)
    return {
        "cost": cost,
        **{name: sums[name] for name in COUNTS},
        "revenue_won": sums["revenue_won"],
        "pipeline_open": sums["pipeline_open"],
        "win_rate": rate(won, decided),
        "win_low": low,
        "win_high": high,
        "deal_size": quotient(Decimal(sums["revenue_won"]), sums[PRICED]),
        **{name: quotient(cost, sums[count]) for name, count in COST_PER.items()},
        "roi": None if cost is None else quotient(sums["revenue_won"] - cost, cost),
    }


def quotient(money: Decimal | None, by: Decimal | int) -> Decimal | None:
    """An amount of money by a number; ``None`` where that is 0 or the amount unknown."""
    return None if money is None or by == 0 else money / Decimal(by)


def _costs(tables: dict[str, list[Record]], policy: Policy) -> list[Fact]:
    """What campaigns cost; one of a campaign that nobody knows is of no known channel."""
    campaigns = {row["campaign_id"]: row for row in tables["campaigns"]}
    facts: list[Fact] = []
    for row in tables["campaign_costs"]:
        origin = origin_of_campaign(campaigns.get(row["campaign_id"], {}), policy)
        facts.append((origin.channel, origin.motion, row["cost_date"], "cost", row["cost"]))
    return facts


def _steps(funnel: list[FunnelLead]) -> list[Fact]:
    """The leads, and every step that one took up to sales."""
    return [
        (lead.members["channel"], lead.members["motion"], getattr(lead, at), name, 1)
        for lead in funnel
        for name, at in STEPS.items()
        if getattr(lead, at) is not None
    ]


def _deals(results: list[LeadResult]) -> list[Fact]:
    """Every deal once: when it came up and was won, and its amount then.

    The amount of one that is open counts when it came up.
    """
    facts: list[Fact] = []
    for lead in (result.lead for result in results):
        origin = (lead.channel, lead.motion)
        for deal in lead.opportunities:
            amount = deal["amount"] or Decimal(0)
            facts.append((*origin, deal["created_at"], "opportunities", 1))
            if deal["closed_at"] is None:
                facts.append((*origin, deal["created_at"], "pipeline_open", amount))
            elif deal["is_won"] is True:
                facts.append((*origin, deal["closed_at"], "customers", 1))
                facts.append((*origin, deal["closed_at"], "revenue_won", amount))
                facts.append((*origin, deal["closed_at"], PRICED, int(deal["amount"] is not None)))
            else:
                facts.append((*origin, deal["closed_at"], "deals_lost", 1))
    return facts
