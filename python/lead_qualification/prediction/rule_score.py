"""The score of the rules as a probability, to compare with."""

from __future__ import annotations

import numpy as np

from lead_qualification.prediction.measures import PLACES


def rule_probability(
    scores: np.ndarray, outcomes: np.ndarray, is_training: np.ndarray, bin_points: int
) -> np.ndarray:
    """Return what a score has meant so far: how many of its bin converted in the training part.

    Each bin has one lead more, which converted to the extent that all did; so no rate is 0 or 1.

    Args:
        scores: Points (leads,).
        outcomes: Booleans (leads,).
        is_training: Booleans (leads,); both outcomes are among them.
        bin_points: Width of a bin, in points.
    """
    bins = np.floor(scores / bin_points).astype(int)
    base_rate = outcomes[is_training].mean()
    found = np.full(len(scores), base_rate)
    for number in np.unique(bins):
        known = outcomes[is_training & (bins == number)]
        found[bins == number] = (known.sum() + base_rate) / (len(known) + 1)
    return np.round(found, PLACES)
