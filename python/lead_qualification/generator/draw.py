"""How are values drawn? Vectorised random choices, every one from a named stream."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zlib import crc32

import numpy as np

from .catalog import HOUR_WEIGHTS, OFFICE_CLOSES, OFFICE_OPENS, WEEKEND_STAYS

Ints = np.ndarray
Floats = np.ndarray
Bools = np.ndarray

DAY = 86_400
MISSING = np.iinfo(np.int64).min  # a time that is not there


def stream(seed: int, name: str) -> np.random.Generator:
    """A generator of its own for each question, so that one may change without the others."""
    return np.random.default_rng([seed, crc32(name.encode())])


def shares(weights: Mapping[str, float] | Sequence[float]) -> Floats:
    """Weights scaled to the sum 1."""
    values = np.asarray(list(weights.values() if isinstance(weights, Mapping) else weights), float)
    return values / values.sum()


def pick(rng: np.random.Generator, size: int, weights: Floats) -> Ints:
    """`size` positions of `weights`, each as likely as its weight."""
    edges = np.cumsum(np.asarray(weights, float))
    return np.searchsorted(edges, rng.random(size) * edges[-1], side="right").clip(
        max=len(edges) - 1
    )


def spread(rng: np.random.Generator, size: int, weights: Floats) -> Ints:
    """As `pick`, but every position occurs as often as its share says, up to one."""
    edges = np.cumsum(np.asarray(weights, float)) / np.sum(weights)
    points = (np.arange(size) + rng.random()) / max(size, 1)
    return rng.permutation(np.searchsorted(edges, points, side="right").clip(max=len(edges) - 1))


def chosen(rng: np.random.Generator, size: int, share: float) -> Bools:
    """A mask with about `size * share` hits, and at least one where there is room for it."""
    hits = np.zeros(size, bool)
    number = min(size, max(round(size * share), 1 if share * size > 0.25 else 0))
    hits[rng.permutation(size)[:number]] = True
    return hits


def hits(rng: np.random.Generator, chances: Floats, groups: Ints) -> Bools:
    """A mask in which each position hits with its chance, and every group about as expected.

    Systematic sampling: a small company shows its effect sizes as plainly as a large one.
    """
    order = np.lexsort((rng.random(len(chances)), groups))
    steps = np.floor(np.cumsum(chances[order]) + rng.random())
    mask = np.zeros(len(chances), bool)
    mask[order] = np.diff(steps, prepend=0.0) >= 1
    return mask


def even(rng: np.random.Generator, groups: Ints) -> Floats:
    """Uniform numbers between 0 and 1 that are evenly spread within every group."""
    order = np.lexsort((rng.random(len(groups)), groups))
    rank = counter_within(groups[order])
    size = np.bincount(groups, minlength=1)[groups[order]]
    numbers = np.empty(len(groups))
    numbers[order] = (rank + rng.random(len(groups))) / np.maximum(size, 1)
    return numbers


def odds(log_odds: Floats) -> Floats:
    """Probability of log-odds."""
    return 1.0 / (1.0 + np.exp(-log_odds))


def lognormal(rng: np.random.Generator, size: int, median: float | Floats, sigma: float) -> Floats:
    """Lognormal values around a median, in the unit of the median."""
    return median * np.exp(rng.normal(0.0, sigma, size))


def by_code(values: Mapping[str, float], names: Sequence[str]) -> Floats:
    """The values of a mapping in the order of `names`, to be indexed by code."""
    return np.array([values[name] for name in names], float)


def working_times(rng: np.random.Generator, moments: Ints, utc_hours: Ints) -> Ints:
    """Moments (UTC seconds) moved to the working days and desk hours of a time zone.

    The local day stays, unless it is a week-end that moves to a Friday or Monday; the hour is
    redrawn.
    """
    size = len(moments)
    day = (moments + utc_hours * 3600) // DAY
    weekday = (day + 3) % 7
    moves = (weekday >= 5) & (rng.random(size) >= WEEKEND_STAYS)
    day = day + np.where(moves, np.where(rng.random(size) < 0.5, 7 - weekday, 4 - weekday), 0)
    hour = pick(rng, size, shares(HOUR_WEIGHTS))
    return day * DAY + hour * 3600 + rng.integers(0, 3600, size) - utc_hours * 3600


def office_times(rng: np.random.Generator, moments: Ints, utc_hours: Ints) -> Ints:
    """Moments (UTC seconds) as they are inside office hours, else soon after the next opening."""
    local = moments + utc_hours * 3600
    day, second = local // DAY, local % DAY
    late = second >= OFFICE_CLOSES * 3600
    opens_on = day + late
    weekday = (opens_on + 3) % 7
    opens_on = opens_on + np.where(weekday >= 5, 7 - weekday, 0)
    closed = (opens_on != day) | (second < OFFICE_OPENS * 3600)
    soon = rng.exponential(5400, len(moments)).astype(np.int64)
    return np.where(closed, opens_on * DAY + OFFICE_OPENS * 3600 + soon - utc_hours * 3600, moments)


def offices_closed(moments: Ints, utc_hours: Ints) -> Bools:
    """Whether moments (UTC seconds) fall outside office hours."""
    local = moments + utc_hours * 3600
    second = local % DAY
    return (
        ((local // DAY + 3) % 7 >= 5)
        | (second < OFFICE_OPENS * 3600)
        | (second >= OFFICE_CLOSES * 3600)
    )


def counter_within(groups: Ints) -> Ints:
    """0, 1, 2, ... within each run of equal values."""
    size = len(groups)
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]]) if size else np.array([], int)
    return np.arange(size) - np.repeat(starts, np.diff(np.r_[starts, size]))


def running_sum(values: Floats, groups: Ints) -> Floats:
    """Cumulated values within each run of equal groups."""
    if not len(values):
        return values
    total = np.cumsum(values)
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    before = np.r_[0, total[starts[1:] - 1]]
    return total - np.repeat(before, np.diff(np.r_[starts, len(values)]))
