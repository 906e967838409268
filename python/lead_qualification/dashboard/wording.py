"""Names and numbers as a reader expects them."""

from __future__ import annotations

from typing import Any

from lead_qualification import labels, untrusted
from lead_qualification.dashboard.variables import CURRENCY
from lead_qualification.settings import setting

NOTHING = "–"  # noqa: RUF001 - a dash where there is no number
TIMES = "×"  # noqa: RUF001 - the sign of multiplication, no letter x


def label(name: str) -> str:
    """Return the name of a column or member as words: ``mql_to_sql_rate``: MQL to SQL rate."""
    return labels.words(name)


def count(value: Any) -> str:
    """Return a whole number with separators."""
    return NOTHING if value is None else f"{int(value):,}"


def percent(value: Any) -> str:
    """Return a rate 0-1 as percent with one place."""
    return NOTHING if value is None else f"{100 * float(value):.1f} %"


def interval(low: Any, high: Any) -> str:
    """Return a 95 % interval of a rate."""
    if low is None or high is None:
        return "no interval"
    return f"95 %: {100 * float(low):.0f} to {100 * float(high):.0f} %"


def decimal(value: Any, places: int = 2) -> str:
    """Return a number with some places."""
    return NOTHING if value is None else f"{float(value):,.{places}f}"


def with_currency(title: str) -> str:
    """Return the title of amounts with the currency, where the settings name one."""
    currency = _currency()
    return f"{title}, {currency}" if currency else title


def money(value: Any, places: int = 0) -> str:
    """Return an amount with its currency, where the settings name one."""
    currency = _currency()
    told = decimal(value, places)
    return told if value is None or not currency else f"{currency} {told}"


def _currency() -> str:
    """The currency of the settings; empty if they name none."""
    return untrusted.plain(setting(CURRENCY) or "")


def plain(value: Any) -> str:
    """Return any value as a line of text, and a dash for none."""
    if value is None:
        return NOTHING
    if hasattr(value, "hour"):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return untrusted.plain(value)
