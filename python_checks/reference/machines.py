"""Machines: which events and e-mails did no person cause?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from python_checks.reference.options import Options
from python_checks.reference.policy import Policy
from python_checks.reference.raw import Record

DELIVERED, CLICKED = "delivered", "clicked"
LOOKS = (CLICKED, "opened")
REPLIES = ("replied", "replied_interested")
Times = dict[object, list[datetime]]


def is_bot(event: Record, policy: Policy) -> bool:
    """Whether the user agent is that of a machine."""
    user_agent = (event["user_agent"] or "").lower()
    return any(pattern.is_in(user_agent) for pattern in policy.bot_patterns)


def machine_emails(events: list[Record], options: Options) -> tuple[set[str], set[str]]:
    """The ids of e-mail events of scanners, and of those that are automated.

    ``events`` are all that count, whatever their user agent.
    """
    deliveries = [event for event in events if event["event_type"] == DELIVERED]
    by_mailing = _times(deliveries, _mailing)
    by_address = _times(deliveries, lambda event: event["email"])
    scanners = _bursts(events, options)
    automata = set()
    for event in events:
        event_type, at, event_id = event["event_type"], event["occurred_at"], event["event_id"]
        if event_type in LOOKS and event["email"] is not None:
            earlier = by_mailing.get(_mailing(event), [])
            if is_soon_after(at, earlier, options.scanner_seconds):
                scanners.add(event_id)
        if event_type in REPLIES and event["email"] is not None:
            earlier = by_address.get(event["email"], [])
            if is_soon_after(at, earlier, options.human_reply_seconds):
                automata.add(event_id)
        if event["is_automated"] is True:
            automata.add(event_id)
    return scanners, automata


def is_soon_after(at: datetime, times: list[datetime], seconds: Decimal) -> bool:
    """Whether a time is at least 0 and less than so many seconds after one of others, in order."""
    position = bisect_right(times, at)
    return position > 0 and at - times[position - 1] < timedelta(seconds=float(seconds))


def _mailing(event: Record) -> tuple[str | None, str | None]:
    return (event["email"], event["campaign_id"])


def _times(events: Iterable[Record], key) -> Times:
    found: Times = {}
    for event in events:
        found.setdefault(key(event), []).append(event["occurred_at"])
    for times in found.values():
        times.sort()
    return found


def _bursts(events: list[Record], options: Options) -> set[str]:
    """The clicks that lie among so many of one address and campaign within so little time."""
    clicks: dict[tuple, list[Record]] = {}
    for event in events:
        if event["event_type"] == CLICKED and event["email"] is not None:
            clicks.setdefault(_mailing(event), []).append(event)
    limit = timedelta(seconds=float(options.burst_seconds))
    found = set()
    for own in clicks.values():
        own.sort(key=lambda event: event["occurred_at"])
        for first in range(len(own) - options.burst_clicks + 1):
            among = own[first : first + options.burst_clicks]
            if among[-1]["occurred_at"] - among[0]["occurred_at"] < limit:
                found.update(event["event_id"] for event in among)
    return found
