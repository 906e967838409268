"""Calibration: how often does a score convert, and where should the threshold be?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from python_checks.reference.evaluation import (
    EvaluationPoint,
    bin_points_of,
    by_model,
    mature,
    outcomes_in,
)
from python_checks.reference.measures import Outcome, bin_of, converted_of, rate_columns
from python_checks.reference.policy import Policy

PLACES_OF_A_JUMP = Decimal("1e-8")
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class ScoreBin:
    """The leads of a bin, and those of this bin and all higher ones together."""

    bin_from: Decimal
    leads: int
    converted: int
    cumulative_leads: int
    cumulative_converted: int

    @property
    def conversion_rate(self) -> Decimal:
        """The conversion rate of the bin alone."""
        return Decimal(self.converted) / self.leads


def score_bins(outcomes: list[Outcome], bin_points: Decimal) -> list[ScoreBin]:
    """The bins that hold a lead, the lowest first."""
    bins = []
    for bin_from in sorted({bin_of(outcome.score, bin_points) for outcome in outcomes}):
        own = [outcome for outcome in outcomes if bin_of(outcome.score, bin_points) == bin_from]
        reaching = [outcome for outcome in outcomes if outcome.score >= bin_from]
        bins.append(
            ScoreBin(bin_from, len(own), converted_of(own), len(reaching), converted_of(reaching))
        )
    return bins


def score_calibration(points: list[EvaluationPoint], policy: Policy, as_of: datetime) -> Rows:
    """Model and bin: how often did leads with such a score convert?"""
    bin_points = bin_points_of(policy)
    rows = []
    for model, own in by_model(mature(points)).items():
        for score_bin in score_bins(outcomes_in(own, model), bin_points):
            rows.append(
                {
                    "scoring_model": model,
                    "bin_from": score_bin.bin_from,
                    "bin_to": score_bin.bin_from + bin_points,
                    "leads": score_bin.leads,
                    "converted": score_bin.converted,
                    **rate_columns("conversion", score_bin.converted, score_bin.leads),
                    "cumulative_leads": score_bin.cumulative_leads,
                    "cumulative_converted": score_bin.cumulative_converted,
                    **rate_columns(
                        "cumulative", score_bin.cumulative_converted, score_bin.cumulative_leads
                    ),
                    "as_of": as_of,
                }
            )
    return rows


def threshold_recommendation(
    points: list[EvaluationPoint], policy: Policy, as_of: datetime
) -> Rows:
    """Model: from which score on do enough leads convert, and is that the present threshold?"""
    bin_points = bin_points_of(policy)
    target_rate = policy.settings["threshold_target_rate"]
    minimum_sample = int(policy.settings["minimum_sample"])
    rows = []
    for model, own in by_model(mature(points)).items():
        outcomes = outcomes_in(own, model)
        bins = score_bins(outcomes, bin_points)
        current = current_threshold(model, policy)
        if current is None:
            continue
        recommended = recommended_bin(bins, target_rate, minimum_sample)
        jump, jump_size = largest_jump(bins, minimum_sample)
        passing = [outcome for outcome in outcomes if outcome.score >= current]
        rows.append(
            {
                "scoring_model": model,
                "leads": len(outcomes),
                "converted": converted_of(outcomes),
                **rate_columns("base", converted_of(outcomes), len(outcomes)),
                "target_rate": target_rate,
                "current_threshold": current,
                "current_leads": len(passing),
                "current_converted": converted_of(passing),
                **rate_columns("current", converted_of(passing), len(passing)),
                **_from_bin_on("recommended", recommended),
                **_from_bin_on("jump", jump),
                "jump_size": jump_size,
                "verdict": threshold_verdict(
                    len(outcomes),
                    current,
                    None if recommended is None else recommended.bin_from,
                    bin_points,
                    minimum_sample,
                ),
                "as_of": as_of,
            }
        )
    return rows


def current_threshold(model: str, policy: Policy) -> Decimal | None:
    """The lowest score of a model that qualifies; ``None`` of a model that is no longer there."""
    bands = policy.score_bands.get(model, [])
    return min((band.min_score for band in bands if band.is_qualifying), default=None)


def recommended_bin(
    bins: list[ScoreBin], target_rate: Decimal, minimum_sample: int
) -> ScoreBin | None:
    """The lowest bin from which on enough leads convert, among enough leads."""
    for score_bin in bins:
        is_enough = score_bin.cumulative_leads >= minimum_sample
        if is_enough and score_bin.cumulative_converted >= target_rate * score_bin.cumulative_leads:
            return score_bin
    return None


def largest_jump(
    bins: list[ScoreBin], minimum_sample: int
) -> tuple[ScoreBin | None, Decimal | None]:
    """The bin that converts most above its neighbour below, and by how much.

    Only bins with enough leads are neighbours; of equal jumps the lowest counts.
    """
    large = [score_bin for score_bin in bins if score_bin.leads >= minimum_sample]
    best, best_size = None, None
    for below, score_bin in pairwise(large):
        difference = score_bin.conversion_rate - below.conversion_rate
        size = difference.quantize(PLACES_OF_A_JUMP, ROUND_HALF_UP)
        if size > (best_size or 0):
            best, best_size = score_bin, size
    return best, best_size


def _from_bin_on(name: str, score_bin: ScoreBin | None) -> dict[str, Any]:
    """A bin as a threshold, and the leads that would have passed it."""
    if score_bin is None:
        nothing = ("threshold", "leads", "converted", "rate", "low", "high")
        return {f"{name}_{column}": None for column in nothing}
    leads, converted = score_bin.cumulative_leads, score_bin.cumulative_converted
    return {
        f"{name}_threshold": score_bin.bin_from,
        f"{name}_leads": leads,
        f"{name}_converted": converted,
        **rate_columns(name, converted, leads),
    }


def threshold_verdict(
    leads: int,
    current: Decimal,
    recommended: Decimal | None,
    bin_points: Decimal,
    minimum_sample: int,
) -> str:
    """The first verdict that holds."""
    if leads < minimum_sample:
        return "insufficient_data"
    if recommended is None:
        return "unreachable"
    if current >= recommended + bin_points:
        return "lower"
    return "raise" if current < recommended else "keep"
