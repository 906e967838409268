"""Business time: how long is a calendar open between two times, and when is a target reached?

Slow on purpose: every duration walks over the local days. An opening or closing time that the
clock change skips or repeats is the later of the two times that it could mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from python_checks.reference.policy import Calendar, Policy

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
MICROSECOND = timedelta(microseconds=1)


def business_seconds(calendar: str, start: datetime, end: datetime, policy: Policy) -> Decimal:
    """The opening time of the calendar in [start, end) in seconds; 0 if the end is not later."""
    total = timedelta(0)
    for opens, closes in _openings(policy.calendars.get(calendar), start):
        if opens >= end:
            break
        total += max(timedelta(0), min(closes, end) - max(opens, start))
    return in_seconds(total)


def due_at(calendar: str, start: datetime, minutes: int, policy: Policy) -> datetime | None:
    """The earliest time at which so many minutes of opening time have gone by since the start.

    ``None`` for a calendar that never opens.
    """
    left = minutes * MINUTE
    if left <= timedelta(0):
        return start
    for opens, closes in _openings(policy.calendars.get(calendar), start):
        since = max(opens, start)
        if closes - since >= left:
            return since + left
        left -= max(timedelta(0), closes - since)
    return None


def in_seconds(duration: timedelta) -> Decimal:
    """A duration in seconds, exactly."""
    return Decimal(duration // MICROSECOND) / 1_000_000


def _openings(calendar: Calendar | None, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The opening intervals in UTC, day by day, from the local day before ``start`` on."""
    if calendar is None or not calendar.openings:
        return
    day = _local_date(start, calendar) - DAY
    while True:
        if day not in calendar.holidays:
            for opening in sorted(calendar.openings, key=lambda o: o.opens):
                if opening.weekday == day.isoweekday():
                    yield _utc(day, opening.opens, calendar), _utc(day, opening.closes, calendar)
        day += DAY


def _local_date(at: datetime, calendar: Calendar) -> date:
    """The date on the calendar's wall at a time in UTC."""
    return at.replace(tzinfo=UTC).astimezone(ZoneInfo(calendar.time_zone)).date()


def _utc(day: date, minutes: int, calendar: Calendar) -> datetime:
    """A local clock time, given in minutes after midnight (24:00 is the next day), in UTC."""
    days, minutes = divmod(minutes, 24 * 60)
    wall = datetime(day.year, day.month, day.day) + days * DAY + minutes * MINUTE
    local = wall.replace(tzinfo=ZoneInfo(calendar.time_zone))
    readings = (local.replace(fold=fold).astimezone(UTC).replace(tzinfo=None) for fold in (0, 1))
    return max(readings)
