"""Engagement: how many of the leads that got e-mails in a month reacted to one?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from python_checks.reference.funnel import rate, wilson
from python_checks.reference.periods import UTC_ZONE, month_of
from python_checks.reference.policy import Policy
from python_checks.reference.raw import Record
from python_checks.reference.signals import signal_kind

Rows = list[dict[str, Any]]


def engagement_rate(
    emails: list[tuple[str, Record]], policy: Policy, as_of: datetime, zone: str = UTC_ZONE
) -> Rows:
    """Month and program with a delivery; ``emails`` are e-mail events of people, each by its lead.

    Only a lead with a delivery of the program in the very month can be engaged.
    """
    emailed: dict[tuple[date, str], set[str]] = {}
    engaged: dict[tuple[date, str], set[str]] = {}
    for lead_id, event in emails:
        cell = (month_of(event["occurred_at"], zone), event["program"])
        kind = signal_kind("email_events", event["event_type"], event, policy)
        if event["event_type"] == "delivered":
            emailed.setdefault(cell, set()).add(lead_id)
        if kind is not None and kind.is_engagement:
            engaged.setdefault(cell, set()).add(lead_id)
    rows = []
    for (month, program), leads in sorted(emailed.items()):
        reacted = len(leads & engaged.get((month, program), set()))
        low, high = wilson(reacted, len(leads))
        rows.append(
            {
                "month": month,
                "program": program,
                "leads_emailed": len(leads),
                "leads_engaged": reacted,
                "engagement_rate": rate(reacted, len(leads)),
                "engagement_low": low,
                "engagement_high": high,
                "as_of": as_of,
            }
        )
    return rows
