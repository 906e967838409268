"""Customers: which leads become one, how fast, and does nurturing them help?"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from python_checks.reference.funnel import FunnelLead, rate, wilson
from python_checks.reference.marts import LeadResult, sql_at
from python_checks.reference.periods import days_between
from python_checks.reference.policy import Policy
from python_checks.reference.sla_reports import ALL, percentile

ENTRIES = {"lead": "first_seen_at", "mql": "mql_at", "pql": "pql_at", "sql": "sql_at"}
"""The steps from which one counts, and by which timestamp."""

NURTURE_ROLES = {"nurture", "long_term_nurture"}
NURTURED, NOT_NURTURED = "nurtured", "not_nurtured"
YEAR = timedelta(days=365)
HALF, NINE_TENTHS = Decimal("0.5"), Decimal("0.9")
Rows = list[dict[str, Any]]


def conversion_to_paid(leads: list[FunnelLead], policy: Policy, as_of: datetime) -> Rows:
    """Each entry: how many leads that came to it in the mature year became customers since?"""
    until = as_of - _maturity(policy)
    counts = {}
    for entry, step in ENTRIES.items():
        cohort = [lead for lead in leads if _is_within(getattr(lead, step), until - YEAR, until)]
        won = [lead for lead in cohort if _is_won_since(lead, getattr(lead, step))]
        counts[entry] = (len(won), len(cohort))
    of_mqls = rate(*counts["mql"])
    rows = []
    for entry, (won, reached) in counts.items():
        paid_rate = rate(won, reached)
        paid_low, paid_high = wilson(won, reached)
        never_low, never_high = wilson(reached - won, reached)
        rows.append(
            {
                "entry": entry,
                "leads": reached,
                "customers": won,
                "paid_rate": paid_rate,
                "paid_low": paid_low,
                "paid_high": paid_high,
                "never_rate": rate(reached - won, reached),
                "never_low": never_low,
                "never_high": never_high,
                "ratio_to_mql": paid_rate / of_mqls if paid_rate is not None and of_mqls else None,
                "as_of": as_of,
            }
        )
    return rows


def _maturity(policy: Policy) -> timedelta:
    return timedelta(days=int(policy.settings["cohort_maturity_days"]))


def _is_within(at: datetime | None, since: datetime, until: datetime) -> bool:
    return at is not None and since <= at < until


def _is_won_since(lead: FunnelLead, at: datetime) -> bool:
    return lead.customer_at is not None and lead.customer_at >= at


def sales_cycle(results: list[LeadResult], policy: Policy, as_of: datetime) -> Rows:
    """Entry path with a customer, and all of them: how many days did customers take?"""
    customers: dict[str, list[LeadResult]] = {}
    for result in results:
        if result.milestones.customer_at is not None:
            for path in (ALL, result.milestones.entry_path):
                customers.setdefault(path, []).append(result)
    rows = []
    for path, own in customers.items():
        since_first_seen = [_days_to_won(result.lead.first_seen_at, result) for result in own]
        sqls = [(sql_at(result.milestones, policy), result) for result in own]
        since_sql = [_days_to_won(at, result) for at, result in sqls if _is_before_won(at, result)]
        rows.append(
            {
                "entry_path": path,
                "customers": len(own),
                "median_days_first_seen_to_won": percentile(since_first_seen, HALF),
                "p90_days_first_seen_to_won": percentile(since_first_seen, NINE_TENTHS),
                "median_days_sql_to_won": percentile(since_sql, HALF),
                "p90_days_sql_to_won": percentile(since_sql, NINE_TENTHS),
                "as_of": as_of,
            }
        )
    return rows


def _is_before_won(at: datetime | None, customer: LeadResult) -> bool:
    return at is not None and at <= customer.milestones.customer_at


def _days_to_won(at: datetime, customer: LeadResult) -> Decimal:
    return days_between(at, customer.milestones.customer_at)


def nurture_comparison(results: list[LeadResult], policy: Policy, as_of: datetime) -> Rows:
    """Leads that were nurtured before they came to sales beside the others, of mature age."""
    until = as_of - _maturity(policy)
    groups: dict[str, list[LeadResult]] = {}
    for result in results:
        if result.lead.first_seen_at <= until:
            group = NURTURED if is_nurtured(result, policy) else NOT_NURTURED
            groups.setdefault(group, []).append(result)
    return [
        {"nurture": group, **_conversion(own, policy), "as_of": as_of}
        for group, own in groups.items()
    ]


def is_nurtured(result: LeadResult, policy: Policy) -> bool:
    """Whether a lead came into nurture before it came to sales, if ever it came there."""
    proposed_at = result.milestones.sql_proposed_at
    return any(
        policy.stages[entry.stage].role in NURTURE_ROLES
        and (proposed_at is None or entry.entered_at < proposed_at)
        for entry in result.machine.history
    )


def _conversion(results: list[LeadResult], policy: Policy) -> dict[str, Any]:
    """How far a group came, and what it bought."""
    sqls = sum(sql_at(result.milestones, policy) is not None for result in results)
    opportunities = sum(result.milestones.opportunity_at is not None for result in results)
    customers = [result for result in results if result.milestones.customer_at is not None]
    sql_low, sql_high = wilson(sqls, len(results))
    customer_low, customer_high = wilson(len(customers), len(results))
    days = [_days_to_won(customer.lead.first_seen_at, customer) for customer in customers]
    amounts = [
        deal["amount"]
        for result in results
        for deal in result.lead.opportunities
        if deal["is_won"] is True and deal["amount"] is not None
    ]
    return {
        "leads": len(results),
        "sqls": sqls,
        "opportunities": opportunities,
        "customers": len(customers),
        "lead_to_sql_rate": rate(sqls, len(results)),
        "lead_to_sql_low": sql_low,
        "lead_to_sql_high": sql_high,
        "lead_to_customer_rate": rate(len(customers), len(results)),
        "lead_to_customer_low": customer_low,
        "lead_to_customer_high": customer_high,
        "median_days_first_seen_to_won": percentile(days, HALF),
        "deal_size": sum(amounts) / len(amounts) if amounts else None,
    }
