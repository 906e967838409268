"""How good probabilities are: AUC, Brier score, log loss, lift and calibration bins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

Z = 1.959964
BINS = 10
PLACES = 10
"""Probabilities are rounded as they are stored, so that every measure can be checked there."""


@dataclass(frozen=True)
class Share:
    """A share of leads that converted, with its 95 % interval (Wilson); None without leads.

    Attributes:
        leads: Count.
        converted: Count.
        rate: converted / leads.
        low: Lower end of the interval.
        high: Upper end of the interval.
    """

    leads: int
    converted: int
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Measures:
    """Measures over leads.

    Attributes:
        share: Leads and how many converted.
        mean_probability: Mean of the predicted probability.
        auc: Chance that a converted lead ranks above another one, ties half; None where all or
            none converted.
        brier_score: Mean squared error of the probability.
        log_loss: Mean negative log-likelihood, natural.
        top_decile_lift: Rate of the highest tenth / rate of all; None like auc.
    """

    share: Share
    mean_probability: float
    auc: float | None
    brier_score: float
    log_loss: float
    top_decile_lift: float | None


@dataclass(frozen=True)
class Bin:
    """Leads whose predicted probability lies in [bin_from, bin_from + 0.1)."""

    bin_from: float
    share: Share
    mean_probability: float


def share_of(outcomes: np.ndarray) -> Share:
    """Return the share of true values with its Wilson interval.

    Args:
        outcomes: Booleans (leads,).
    """
    leads, converted = len(outcomes), int(np.sum(outcomes))
    if leads == 0:
        return Share(0, 0, None, None, None)
    rate = converted / leads
    middle = rate + Z**2 / (2 * leads)
    reach = Z * np.sqrt(rate * (1 - rate) / leads + Z**2 / (4 * leads**2))
    below = 1 + Z**2 / leads
    low, high = (middle - reach) / below, (middle + reach) / below
    return Share(leads, converted, rate, max(0.0, float(low)), min(1.0, float(high)))


def auc_of(outcomes: np.ndarray, ranked_by: np.ndarray) -> float | None:
    """Return the AUC of a ranking, ties half; None where all or none converted."""
    if len(np.unique(outcomes)) < 2:
        return None
    return float(roc_auc_score(outcomes, ranked_by))


def top_decile_lift(outcomes: np.ndarray, ranked_by: np.ndarray) -> float | None:
    """Return the rate of the highest tenth over the rate of all.

    The tenth is rounded up; of the leads tied at its end each counts with the same fraction.
    """
    if len(np.unique(outcomes)) < 2:
        return None
    size = -(-len(outcomes) // 10)
    cut = np.sort(ranked_by)[-size]
    above, tied = ranked_by > cut, ranked_by == cut
    fraction = (size - above.sum()) / tied.sum()
    converted = outcomes[above].sum() + fraction * outcomes[tied].sum()
    return float(converted / size / outcomes.mean())


def measures_of(
    outcomes: np.ndarray, probability: np.ndarray, ranked_by: np.ndarray | None = None
) -> Measures:
    """Measure probabilities against outcomes.

    Args:
        outcomes: Booleans (leads,), at least one.
        probability: Predicted probability (leads,), above 0 and below 1.
        ranked_by: What ranks the leads (leads,); none: the probability.
    """
    order = probability if ranked_by is None else ranked_by
    return Measures(
        share=share_of(outcomes),
        mean_probability=float(probability.mean()),
        auc=auc_of(outcomes, order),
        brier_score=float(brier_score_loss(outcomes, probability)),
        log_loss=float(log_loss(outcomes, probability, labels=[False, True])),
        top_decile_lift=top_decile_lift(outcomes, order),
    )


def bins_of(outcomes: np.ndarray, probability: np.ndarray) -> list[Bin]:
    """Return the tenths of predicted probability that have leads; 1 belongs to the last one."""
    tenths = np.minimum(np.floor(np.round(probability * BINS, PLACES - 1)), BINS - 1)
    return [
        Bin(
            bin_from=float(tenth) / BINS,
            share=share_of(outcomes[tenths == tenth]),
            mean_probability=float(probability[tenths == tenth].mean()),
        )
        for tenth in np.unique(tenths)
    ]


def deciles_of(probability: np.ndarray) -> np.ndarray:
    """Return the decile (leads,) of each lead, 1 the highest; leads with equal ones share it.

    It is 1 + the tenths of all leads that have a higher probability, in whole tenths.
    """
    ascending = np.sort(probability)
    higher = len(probability) - np.searchsorted(ascending, probability, side="right")
    return 1 + higher * 10 // max(len(probability), 1)
