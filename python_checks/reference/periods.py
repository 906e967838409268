"""Periods: in which month and week is a time, and how many days lie between two?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from python_checks.reference.business_time import in_seconds

SECONDS_OF_A_DAY = 86400
UTC_ZONE = "UTC"
"""The zone of reports where nobody says another one."""


def day_of(at: date, zone: str = UTC_ZONE) -> date:
    """The day of a time as a zone has it; a day is its own."""
    if not isinstance(at, datetime):
        return at
    return at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()


def month_of(at: date, zone: str = UTC_ZONE) -> date:
    """The first day of the month of a day or a time."""
    return day_of(at, zone).replace(day=1)


def week_of(at: date, zone: str = UTC_ZONE) -> date:
    """The Monday of the week of a day or a time."""
    day = day_of(at, zone)
    return day - timedelta(days=day.weekday())


def midnight(day: date, zone: str = UTC_ZONE) -> datetime:
    """The first instant of a day."""
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC).replace(tzinfo=None)


def next_month(month: date) -> date:
    """The first day of the month after one."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def month_end(month: date, zone: str = UTC_ZONE) -> datetime:
    """The first instant after a month."""
    return midnight(next_month(month), zone)


def months_between(first: date, last: date, zone: str = UTC_ZONE) -> list[date]:
    """Every month from the month of one day or time to that of another, both included."""
    months = [month_of(first, zone)]
    while months[-1] < month_of(last, zone):
        months.append(next_month(months[-1]))
    return months


def days_between(start: datetime, end: datetime) -> Decimal:
    """The days that elapse from one time to another, with fractions."""
    return in_seconds(end - start) / SECONDS_OF_A_DAY
