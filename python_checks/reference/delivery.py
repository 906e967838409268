"""Delivery: how many e-mails arrive, and does anybody complain of them?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from python_checks.reference.funnel import rate, wilson
from python_checks.reference.periods import UTC_ZONE, month_of
from python_checks.reference.policy import Policy
from python_checks.reference.raw import Record
from python_checks.reference.signals import signal_kind

DELIVERED, BOUNCED, COMPLAINTS = "delivered", "bounced", "complaints"
COUNT_OF_ROLE = {"bounce": BOUNCED, "complaint": COMPLAINTS}
"""What an e-mail signal of a role is counted as."""

Rows = list[dict[str, Any]]


def email_delivery(
    emails: list[Record], policy: Policy, as_of: datetime, zone: str = UTC_ZONE
) -> Rows:
    """Program and month with anything to count; a null month stands for all.

    ``emails`` are e-mail events, whether or not anybody knows to whom they went. One
    that was sent either arrived or bounced; a complaint is of one that arrived.
    """
    cells: dict[tuple[str, date | None], dict[str, int]] = {}
    for event in emails:
        counted_as = _counted_as(event, policy)
        if counted_as is None:
            continue
        for month in (month_of(event["occurred_at"], zone), None):
            counts = cells.setdefault(
                (event["program"], month), dict.fromkeys((DELIVERED, BOUNCED, COMPLAINTS), 0)
            )
            counts[counted_as] += 1
    return [
        {"program": program, "month": month, **_figures(counts), "as_of": as_of}
        for (program, month), counts in cells.items()
    ]


def _counted_as(event: Record, policy: Policy) -> str | None:
    """Which count an event adds to; ``None`` for what says nothing of delivery."""
    if event["event_type"] == DELIVERED:
        return DELIVERED
    kind = signal_kind("email_events", event["event_type"], event, policy)
    return None if kind is None else COUNT_OF_ROLE.get(kind.role)


def _figures(counts: dict[str, int]) -> dict[str, Any]:
    delivered, bounced = counts[DELIVERED], counts[BOUNCED]
    sent = delivered + bounced
    delivery_low, delivery_high = wilson(delivered, sent)
    bounce_low, bounce_high = wilson(bounced, sent)
    return {
        "sent": sent,
        **counts,
        "delivery_rate": rate(delivered, sent),
        "delivery_low": delivery_low,
        "delivery_high": delivery_high,
        "bounce_rate": rate(bounced, sent),
        "bounce_low": bounce_low,
        "bounce_high": bounce_high,
        "complaint_rate": rate(counts[COMPLAINTS], delivered),
    }
