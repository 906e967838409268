"""Names and numbers as a reader expects them."""

from __future__ import annotations

from typing import Any

from lead_qualification import untrusted

CAPITALS = {
    "mql",
    "mqls",
    "sql",
    "sqls",
    "pql",
    "pqls",
    "sla",
    "crm",
    "icp",
    "roi",
    "cac",
    "id",
    "sdr",
}
SPECIAL = {
    "p90": "90th percentile of",
    "z": "z",
    "auc": "AUC",
    "mqls": "MQLs",
    "sqls": "SQLs",
    "pqls": "PQLs",
    "handoff": "hand-off",
    "handoffs": "hand-offs",
    "handed": "handed",
    "emails": "e-mails",
    "email": "e-mail",
}
NOTHING = "–"  # noqa: RUF001 - a dash where there is no number
TIMES = "×"  # noqa: RUF001 - the sign of multiplication, no letter x


def label(name: str) -> str:
    """Return the name of a column or member as words: ``mql_to_sql_rate``: MQL to SQL rate."""
    words = [SPECIAL.get(w, w.upper() if w in CAPITALS else w) for w in name.split("_")]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


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


def plain(value: Any) -> str:
    """Return any value as a line of text, and a dash for none."""
    if value is None:
        return NOTHING
    if hasattr(value, "hour"):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return untrusted.plain(value)
