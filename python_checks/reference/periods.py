"""Periods: in which month and week is a time, and how many days lie between two?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from python_checks.reference.business_time import in_seconds

SECONDS_OF_A_DAY = 86400


def month_of(day: date) -> date:
    """The first day of the month of a day or a time."""
    return date(day.year, day.month, 1)


def week_of(at: datetime) -> date:
    """The Monday of the week of a time."""
    return at.date() - timedelta(days=at.weekday())


def midnight(day: date) -> datetime:
    """The first instant of a day."""
    return datetime(day.year, day.month, day.day)


def month_end(month: date) -> datetime:
    """The first instant after a month."""
    later = month.replace(day=28) + timedelta(days=4)
    return datetime(later.year, later.month, 1)


def months_between(first: date, last: date) -> list[date]:
    """Every month from the month of one day to the month of another, both included."""
    months = [month_of(first)]
    while months[-1] < month_of(last):
        months.append(month_end(months[-1]).date())
    return months


def days_between(start: datetime, end: datetime) -> Decimal:
    """The days that elapse from one time to another, with fractions."""
    return in_seconds(end - start) / SECONDS_OF_A_DAY
