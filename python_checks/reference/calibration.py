"""Calibration: how often does a score convert, and where should the threshold be?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from python_checks.reference.evaluation import (
    EvaluationPoint,
    bin_points_of,
    by_model,
    mature,
    outcomes_in,
)
from python_checks.reference.measures import (
    HALF,
    Outcome,
    auc,
    auc_interval,
    bin_of,
    converted_of,
    rate_columns,
)
from python_checks.reference.policy import Policy
from python_checks.reference.sales_contacts import SalesContact

PLACES_OF_A_STEP = Decimal("1e-8")
CERTAIN_GAIN = Decimal("10.83")
"""Twice the gain in log-likelihood that chance brings once in a thousand times."""

OPPORTUNITY, CLOSED_WON = "opportunity", "closed_won"
"""What counts as a success."""
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
    points: list[EvaluationPoint],
    policy: Policy,
    as_of: datetime,
    contacts: Sequence[SalesContact] = (),
) -> Rows:
    """Model and basis: from which score on do enough leads convert, and is that the threshold?

    ``contacts`` are the leads that sales took up within a year and whose outcome is known.
    """
    outcomes: dict[tuple[str, str], list[Outcome]] = {}
    for model, own in by_model(mature(points)).items():
        outcomes[(model, OPPORTUNITY)] = outcomes_in(own, model)
    for contact in contacts:
        for model, state in contact.states.items():
            outcome = Outcome(state.score, contact.is_won)
            outcomes.setdefault((model, CLOSED_WON), []).append(outcome)
    rows = []
    for (model, basis), known in outcomes.items():
        current = current_threshold(model, policy)
        if current is not None:
            key = {"scoring_model": model, "basis": basis}
            rows.append(key | _threshold(known, current, policy) | {"as_of": as_of})
    return rows


def _threshold(outcomes: list[Outcome], current: Decimal, policy: Policy) -> dict[str, Any]:
    """What the outcomes say of one model's threshold."""
    bin_points = bin_points_of(policy)
    target_rate = policy.settings["threshold_target_rate"]
    minimum_sample = int(policy.settings["minimum_sample"])
    bins = score_bins(outcomes, bin_points)
    recommended = recommended_bin(bins, target_rate, minimum_sample)
    step, step_size = largest_step(bins, minimum_sample)
    passing = [outcome for outcome in outcomes if outcome.score >= current]
    return {
        "leads": len(outcomes),
        "converted": converted_of(outcomes),
        **rate_columns("base", converted_of(outcomes), len(outcomes)),
        "target_rate": target_rate,
        "current_threshold": current,
        "current_leads": len(passing),
        "current_converted": converted_of(passing),
        **rate_columns("current", converted_of(passing), len(passing)),
        **_from_bin_on("recommended", recommended),
        **_from_bin_on("jump", step),
        "jump_size": step_size,
        **_separation(outcomes),
        "verdict": threshold_verdict(
            len(outcomes),
            current,
            None if recommended is None else recommended.bin_from,
            bin_points,
            minimum_sample,
            separates=separates(outcomes),
        ),
    }


def _separation(outcomes: list[Outcome]) -> dict[str, Decimal | None]:
    """The AUC of the score with its interval; ``None`` where all end alike."""
    area = auc(outcomes)
    if area is None:
        return dict.fromkeys(("auc", "auc_low", "auc_high"))
    converted = converted_of(outcomes)
    low, high = auc_interval(area, converted, len(outcomes) - converted)
    return {"auc": area, "auc_low": low, "auc_high": high}


def separates(outcomes: list[Outcome]) -> bool:
    """Whether the score tells at all: it varies, and its AUC is not that of a coin.

    Where all end alike there is no AUC that could say so.
    """
    if len({outcome.score for outcome in outcomes}) < 2:
        return False
    found = _separation(outcomes)
    return found["auc"] is None or not found["auc_low"] <= HALF <= found["auc_high"]


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


def largest_step(
    bins: list[ScoreBin], minimum_sample: int
) -> tuple[ScoreBin | None, Decimal | None]:
    """The bin from which on leads most likely have a higher rate, and by how much it is higher.

    There are enough leads on either side, and the gain is one of 99.9 %; of equal gains the
    lowest counts.
    """
    best, best_gain, best_size = None, Decimal(0), None
    for score_bin in bins[1:]:
        above, converted_above = score_bin.cumulative_leads, score_bin.cumulative_converted
        below = bins[0].cumulative_leads - above
        converted_below = bins[0].cumulative_converted - converted_above
        if min(below, above) < minimum_sample:
            continue
        gain = twice_the_gain(converted_below, below, converted_above, above)
        size = Decimal(converted_above) / above - Decimal(converted_below) / below
        if size > 0 and gain >= CERTAIN_GAIN and gain > best_gain:
            best, best_gain = score_bin, gain
            best_size = size.quantize(PLACES_OF_A_STEP, ROUND_HALF_UP)
    return best, best_size


def twice_the_gain(a: int, n: int, c: int, m: int) -> Decimal:
    """Twice what two rates, a of n and c of m, gain in log-likelihood over one, rounded."""
    gain = log_likelihood(a, n) + log_likelihood(c, m) - log_likelihood(a + c, n + m)
    return (2 * gain).quantize(PLACES_OF_A_STEP, ROUND_HALF_UP)


def log_likelihood(converted: int, leads: int) -> Decimal:
    """That of the leads by their own rate."""
    parts = (converted, leads - converted)
    return sum((part * (Decimal(part) / leads).ln() for part in parts if part), Decimal(0))


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
    *,
    separates: bool,
) -> str:
    """The first verdict that holds."""
    if leads < minimum_sample:
        return "insufficient_data"
    if not separates:
        return "no_separation"
    if recommended is None:
        return "unreachable"
    if current >= recommended + bin_points:
        return "lower"
    return "raise" if current < recommended else "keep"
