"""How do facts land: late, twice, and now and then broken?

The functions add columns to numeric facts: number (of the record id), received (UTC seconds)
and flaw (0 sound, else which of the table's flaws the row has).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import effects
from .clock import Clock


def landed(
    rng: np.random.Generator, facts: pd.DataFrame, flaws: int, clock: Clock, has_received: bool
) -> pd.DataFrame:
    """Facts with number, received and flaw, in the order of arrival.

    `flaws` is the number of ways in which a row of the table may be unusable. Repeated rows keep
    their number; unusable rows are further rows with numbers of their own, never instead of one.
    """
    rows = facts.sort_values("at", kind="stable").reset_index(drop=True)
    rows["number"] = np.arange(1, len(rows) + 1)
    rows["flaw"] = 0
    delay = rng.exponential(20, len(rows)) + 1
    late = rng.random(len(rows)) < effects.LATE_ROWS
    delay = np.where(late, rng.exponential(effects.LATE_MEAN_HOURS * 3600, len(rows)), delay)
    limit = np.maximum(rows["at"], clock.landed) if has_received else rows["at"]
    rows["received"] = np.minimum(rows["at"] + delay.astype(np.int64), limit)
    repeated = rows[rng.random(len(rows)) < effects.REPEATED_ROWS].copy()
    if has_received:
        repeated["received"] += rng.integers(1, 7200, len(repeated))
    broken = _broken(rng, rows, flaws)
    everything = pd.concat([rows, repeated, broken], ignore_index=True)
    return everything.sort_values(["received", "number"], kind="stable").reset_index(drop=True)


def _broken(rng: np.random.Generator, rows: pd.DataFrame, flaws: int) -> pd.DataFrame:
    wanted = round(len(rows) * effects.UNUSABLE_ROWS)
    if len(rows) > 50:
        wanted = max(wanted, 1)
    if not flaws:
        wanted = 0
    broken = rows.iloc[rng.integers(0, max(len(rows), 1), wanted)].copy()
    broken["number"] = len(rows) + 1 + np.arange(wanted)
    broken["flaw"] = 1 + np.arange(wanted) % max(flaws, 1)
    return broken
