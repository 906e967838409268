"""Measures of prediction: how well does a score rank leads, and do two groups differ?"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import NamedTuple

from python_checks.reference.funnel import Z, rate, wilson

CLEARLY = Decimal("3.29")
"""From this z score on a difference is one: 99.9 %, as many are looked at at once."""
HALF = Decimal("0.5")
ONE = Decimal(1)
ZERO = Decimal(0)


class Outcome(NamedTuple):
    """The score of a lead at its evaluation point, and whether it became an opportunity."""

    score: Decimal
    is_converted: bool


def converted_of(outcomes: Sequence[Outcome]) -> int:
    """How many became an opportunity."""
    return sum(outcome.is_converted for outcome in outcomes)


def has_both(outcomes: Sequence[Outcome]) -> bool:
    """Whether some became an opportunity and some did not; else nothing can be ranked."""
    return 0 < converted_of(outcomes) < len(outcomes)


def rate_columns(name: str, numerator: int, denominator: int) -> dict[str, Decimal | None]:
    """A rate with its Wilson interval, as three columns."""
    low, high = wilson(numerator, denominator)
    return {f"{name}_rate": rate(numerator, denominator), f"{name}_low": low, f"{name}_high": high}


def bin_of(score: Decimal, bin_points: Decimal) -> Decimal:
    """The lower edge of the bin of a score; an edge belongs to the bin above it."""
    return (score / bin_points).to_integral_value(ROUND_FLOOR) * bin_points


def auc(outcomes: Sequence[Outcome]) -> Decimal | None:
    """How often a converted lead scores higher than another one, ties half.

    ``None`` where there is nothing to rank.
    """
    if not has_both(outcomes):
        return None
    positives = [outcome.score for outcome in outcomes if outcome.is_converted]
    negatives = sorted(outcome.score for outcome in outcomes if not outcome.is_converted)
    pairs = len(positives) * len(negatives)
    below = sum(bisect_left(negatives, score) for score in positives)
    not_above = sum(bisect_right(negatives, score) for score in positives)
    return Decimal(below + not_above) / (2 * pairs)


def auc_interval(area: Decimal, positives: int, negatives: int) -> tuple[Decimal, Decimal]:
    """The 95 % interval of an AUC by Hanley and McNeil; it may reach beyond 0 and 1."""
    both_positive = area / (2 - area)
    both_negative = 2 * area**2 / (1 + area)
    variance = (
        area * (1 - area)
        + (positives - 1) * (both_positive - area**2)
        + (negatives - 1) * (both_negative - area**2)
    ) / (positives * negatives)
    margin = Z * variance.sqrt()
    return area - margin, area + margin


def top_decile_rate(outcomes: Sequence[Outcome]) -> Decimal | None:
    """The conversion rate of the tenth with the highest scores, rounded up to whole leads.

    Of the leads tied at the cut each counts with the same fraction. ``None`` where there is
    nothing to rank.
    """
    if not has_both(outcomes):
        return None
    size = -(-len(outcomes) // 10)
    cut = sorted((outcome.score for outcome in outcomes), reverse=True)[size - 1]
    above = [outcome for outcome in outcomes if outcome.score > cut]
    tied = [outcome for outcome in outcomes if outcome.score == cut]
    fraction = Decimal(size - len(above)) / len(tied)
    return (converted_of(above) + fraction * converted_of(tied)) / size


def top_decile_lift(outcomes: Sequence[Outcome]) -> Decimal | None:
    """The conversion rate of the best tenth by that of all; ``None`` as the rate is."""
    best = top_decile_rate(outcomes)
    return None if best is None else best * len(outcomes) / converted_of(outcomes)


def brier_score(outcomes: Sequence[Outcome], bin_points: Decimal) -> Decimal | None:
    """The mean squared error where each lead is predicted with the rate of its own bin.

    ``None`` where there is nothing to rank.
    """
    if not has_both(outcomes):
        return None
    bins: dict[Decimal, list[Outcome]] = {}
    for outcome in outcomes:
        bins.setdefault(bin_of(outcome.score, bin_points), []).append(outcome)
    error = ZERO
    for own in bins.values():
        predicted = Decimal(converted_of(own)) / len(own)
        error += sum((predicted - int(outcome.is_converted)) ** 2 for outcome in own)
    return error / len(outcomes)


def proportions_z(a: int, n: int, c: int, m: int) -> Decimal | None:
    """By how many standard errors a/n is above c/m, the variance pooled.

    ``None`` where one group is empty or all leads of both have the same outcome.
    """
    if n == 0 or m == 0 or a + c in (0, n + m):
        return None
    pooled = Decimal(a + c) / (n + m)
    error = (pooled * (1 - pooled) * (ONE / n + ONE / m)).sqrt()
    return (Decimal(a) / n - Decimal(c) / m) / error


def mean(values: Sequence[Decimal]) -> Decimal | None:
    """The mean; ``None`` of nothing."""
    return None if not values else _decimal(_exact_mean(values))


def means_z(values: Sequence[Decimal], earlier: Sequence[Decimal]) -> Decimal | None:
    """By how many standard errors the mean of values is above the mean of earlier ones.

    ``None`` where one side has fewer than two values, or neither varies.
    """
    if len(values) < 2 or len(earlier) < 2:
        return None
    squared_error = sum(_variance(side) / len(side) for side in (values, earlier))
    if squared_error == 0:
        return None
    difference = _exact_mean(values) - _exact_mean(earlier)
    return _decimal(difference) / _decimal(squared_error).sqrt()


def _exact_mean(values: Sequence[Decimal]) -> Fraction:
    return sum(map(Fraction, values), Fraction(0)) / len(values)


def _variance(values: Sequence[Decimal]) -> Fraction:
    """The sample variance."""
    centre = _exact_mean(values)
    return sum((Fraction(value) - centre) ** 2 for value in values) / (len(values) - 1)


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


def stability_index(leads: Sequence[int], earlier: Sequence[int]) -> Decimal:
    """The population stability index between two counts of the same bands, in their order.

    Half a lead is added to each band, so that an empty one has a logarithm.
    """
    index = ZERO
    for now, before in zip(_shares(leads), _shares(earlier), strict=True):
        index += (now - before) * (now / before).ln()
    return index


def _shares(leads: Sequence[int]) -> list[Decimal]:
    total = sum(leads) + HALF * len(leads)
    return [(count + HALF) / total for count in leads]
