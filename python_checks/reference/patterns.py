"""Patterns: which derived signals does a lead have, and how fast do its signals come?"""

from __future__ import annotations

from datetime import datetime, timedelta

from python_checks.reference.derived import DERIVED
from python_checks.reference.signals import Signal

VELOCITY_DAYS = 7
VELOCITIES = ("velocity_0", "velocity_1_to_2", "velocity_3_to_5", "velocity_6_or_more")


def has_pattern(name: str, signals: list[Signal], at: datetime) -> bool:
    """Whether a lead has a derived signal of a name at a time, that instant included."""
    return any(
        signal.source == DERIVED and signal.kind.signal == name and signal.occurred_at <= at
        for signal in signals
    )


def meaningful_in_days(signals: list[Signal], at: datetime, days: int) -> int:
    """How many meaningful signals came in so many days up to a time, without the first instant."""
    since = at - timedelta(days=days)
    return sum(s.kind.is_meaningful for s in signals if since < s.occurred_at <= at)


def velocity_of(signals: list[Signal], at: datetime) -> str:
    """The bucket of the number of meaningful signals in the week up to a time."""
    number = meaningful_in_days(signals, at, VELOCITY_DAYS)
    if number == 0:
        return "velocity_0"
    if number <= 2:
        return "velocity_1_to_2"
    return "velocity_3_to_5" if number <= 5 else "velocity_6_or_more"
