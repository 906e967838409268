"""The leads that a bar separates: the nearest above and below it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

BARS = ("mql_min_score", "sql_min_score")
"""Columns of qualification_profiles that a score is compared with."""
PROFILES = "qualification_profiles"


def nearest(
    leads: Sequence[dict[str, Any]], bar: Decimal, count: int = 5
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the leads at or just above a bar, and those just below it, nearest first.

    Args:
        leads: Rows with lead_id and score.
        bar: A lead that has it is above.
        count: How many of each.
    """
    ordered = sorted(leads, key=lambda lead: (abs(lead["score"] - bar), lead["lead_id"]))
    above = [lead for lead in ordered if lead["score"] >= bar]
    below = [lead for lead in ordered if lead["score"] < bar]
    return above[:count], below[:count]
