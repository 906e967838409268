"""Target accounts: how many of those that marketing wants engage, deal and buy?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from python_checks.reference.attributes import company_segment
from python_checks.reference.funnel import FunnelAccount, rate, wilson
from python_checks.reference.periods import UTC_ZONE, month_of
from python_checks.reference.raw import Record
from python_checks.reference.sla_reports import ALL

RATES = {
    "engaged": ("engaged", "target_accounts"),
    "engaged_to_pipeline": ("to_pipeline", "engaged"),
    "pipeline_to_won": ("won", "to_pipeline"),
}
LADDER = ("engaged", "qualified", "in_sales", "opportunity", "customer")
"""The stages of an account that somebody works for; one above another is further."""

COUNTS = {
    "engaged": "engaged",
    "qualified": "qualified",
    "in_sales": "in_sales",
    "to_pipeline": "opportunity",
    "won": "customer",
}
Rows = list[dict[str, Any]]


def target_accounts(accounts: list[Record], stages: Rows) -> list[FunnelAccount]:
    """The accounts that marketing wants, and when they first came to each stage or above it.

    Args:
        accounts: The accounts as they are.
        stages: The rows of ``account_stage_history``.
    """
    entered: dict[str, list[tuple[int, datetime]]] = {}
    for row in stages:
        if row["stage"] in LADDER:
            step = (LADDER.index(row["stage"]), row["entered_at"])
            entered.setdefault(row["account_id"], []).append(step)
    return [
        FunnelAccount(
            company_segment=company_segment(account["employee_count"]),
            reached={
                stage: min(
                    (at for rank, at in entered.get(account["account_id"], []) if rank >= lowest),
                    default=None,
                )
                for lowest, stage in enumerate(LADDER)
            },
        )
        for account in accounts
        if account["is_target_account"] is True
    ]


def account_funnel_rows(
    accounts: list[FunnelAccount], as_of: datetime, zone: str = UTC_ZONE
) -> Rows:
    """Company segments and all of them, in all and by the month of the first engagement."""
    groups: dict[tuple[str, date | None], list[FunnelAccount]] = {}
    for account in accounts:
        months: list[date | None] = [None]
        if account.first_engaged_at is not None:
            months.append(month_of(account.first_engaged_at, zone))
        for segment in (account.company_segment, ALL):
            for month in months:
                groups.setdefault((segment, month), []).append(account)
    rows = []
    for (segment, month), own in groups.items():
        counts = {
            name: sum(account.reached[stage] is not None for account in own)
            for name, stage in COUNTS.items()
        }
        wanted = {"target_accounts": len(own) if month is None else None}
        rows.append(
            {"company_segment": segment, "cohort_month": month}
            | wanted
            | counts
            | _rates(wanted | counts)
            | {"as_of": as_of}
        )
    return rows


def _rates(counts: dict[str, int | None]) -> dict[str, Any]:
    """Each rate with its interval; none of a count that nobody knows."""
    columns: dict[str, Any] = {}
    for name, (numerator, denominator) in RATES.items():
        some, of = counts[numerator] or 0, counts[denominator] or 0
        low, high = wilson(some, of)
        columns[f"{name}_rate"] = rate(some, of)
        columns[f"{name}_low"] = low
        columns[f"{name}_high"] = high
    return columns
