"""Target accounts: how many of those that marketing wants engage, deal and buy?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from python_checks.reference.attributes import company_segment
from python_checks.reference.funnel import FunnelAccount, rate, wilson
from python_checks.reference.marts import LeadResult
from python_checks.reference.raw import Record
from python_checks.reference.sla_reports import ALL

RATES = {
    "engaged": ("engaged", "target_accounts"),
    "engaged_to_pipeline": ("to_pipeline", "engaged"),
    "pipeline_to_won": ("won", "to_pipeline"),
}
Rows = list[dict[str, Any]]


def target_accounts(accounts: list[Record], results: list[LeadResult]) -> list[FunnelAccount]:
    """The accounts that marketing wants, and how far they came."""
    leads_of: dict[str, list[LeadResult]] = {}
    for result in results:
        if result.lead.account is not None:
            leads_of.setdefault(result.lead.account["account_id"], []).append(result)
    return [
        _target_account(account, leads_of.get(account["account_id"], []))
        for account in accounts
        if account["is_target_account"] is True
    ]


def _target_account(account: Record, leads: list[LeadResult]) -> FunnelAccount:
    """An account is engaged once a lead of it is; what came before has nothing to do with it."""
    first_engaged_at = min(
        (s.occurred_at for r in leads for s in r.lead.signals if s.kind.is_engagement),
        default=None,
    )

    def came_to(step: str) -> bool:
        times = [getattr(result.milestones, step) for result in leads]
        return first_engaged_at is not None and any(
            at is not None and at >= first_engaged_at for at in times
        )

    to_pipeline = came_to("opportunity_at")
    return FunnelAccount(
        company_segment=company_segment(account["employee_count"]),
        first_engaged_at=first_engaged_at,
        to_pipeline=to_pipeline,
        won=to_pipeline and came_to("customer_at"),
    )


def account_funnel_rows(accounts: list[FunnelAccount], as_of: datetime) -> Rows:
    """Company segments with a target account, and all of them together."""
    segments: dict[str, list[FunnelAccount]] = {}
    for account in accounts:
        for segment in (account.company_segment, ALL):
            segments.setdefault(segment, []).append(account)
    rows = []
    for segment, own in sorted(segments.items()):
        counts = {
            "target_accounts": len(own),
            "engaged": sum(account.first_engaged_at is not None for account in own),
            "to_pipeline": sum(account.to_pipeline for account in own),
            "won": sum(account.won for account in own),
        }
        rows.append({"company_segment": segment, **counts, **_rates(counts), "as_of": as_of})
    return rows


def _rates(counts: dict[str, int]) -> dict[str, Any]:
    """Each rate with its interval."""
    columns: dict[str, Any] = {}
    for name, (numerator, denominator) in RATES.items():
        some, of = counts[numerator], counts[denominator]
        low, high = wilson(some, of)
        columns[f"{name}_rate"] = rate(some, of)
        columns[f"{name}_low"] = low
        columns[f"{name}_high"] = high
    return columns
