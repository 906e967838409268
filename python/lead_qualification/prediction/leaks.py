"""Features that know too much: what no model may learn from, and how it is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from lead_qualification.prediction.features import Features
from lead_qualification.prediction.measures import auc_of

HIGHEST_AUC, LOWEST_AUC = 0.9, 0.1
"""A feature that alone ranks the training part better than this, either way, tells the outcome."""


@dataclass(frozen=True)
class Leaks:
    """Features that leak, or may.

    Attributes:
        telling: AUC, by name, of those that alone tell the outcomes of the training part apart.
        unusable: Names of those that are left out as undated.
        kept: Names of those that are undated and learned from.
    """

    telling: dict[str, float]
    unusable: frozenset[str]
    kept: frozenset[str]

    @property
    def left_out(self) -> frozenset[str]:
        """Names of all that no model learns from."""
        return self.unusable | self.telling.keys()

    @property
    def text(self) -> str | None:
        """What prediction_quality says, by name; None where nothing leaks."""
        told = {name: f"AUC {auc:.3f}, left out" for name, auc in self.telling.items()}
        told |= {_without_value(name): "undated, kept" for name in self.kept}
        told |= {_without_value(name): "undated, left out" for name in self.unusable}
        return "; ".join(f"{name}: {why}" for name, why in sorted(told.items())) or None


def leaks_of(
    features: Features,
    names: Iterable[str],
    outcomes: np.ndarray,
    is_training: np.ndarray,
    undated: frozenset[str],
    unusable: frozenset[str],
) -> Leaks:
    """Return which features leak.

    Args:
        features: What is known of leads.
        names: The features that could be learned from.
        outcomes: Booleans (leads,).
        is_training: Which leads (leads,) are trained on.
        undated: Names of features of attributes without a history.
        unusable: Those of them that may not be learned from.
    """
    candidates = [name for name in names if name not in unusable]
    aucs = single_aucs(features, candidates, outcomes, is_training)
    telling = {name: auc for name, auc in aucs.items() if auc > HIGHEST_AUC or auc < LOWEST_AUC}
    return Leaks(
        telling=telling,
        unusable=frozenset(names) & unusable,
        kept=(frozenset(candidates) & undated) - telling.keys(),
    )


def single_aucs(
    features: Features, names: Iterable[str], outcomes: np.ndarray, is_training: np.ndarray
) -> dict[str, float]:
    """Return the AUC of each feature alone on the training part, ties half; of none if all agree.

    Values are above 0 or absent, so the leads without one are tied below all others.
    """
    place = {name: number for number, name in enumerate(features.names)}
    rows = np.flatnonzero(is_training)
    values = features.values[rows].tocsc()
    known_outcomes = outcomes[rows]
    converted = int(known_outcomes.sum())
    others = len(rows) - converted
    if min(converted, others) == 0:
        return {}
    found = {}
    for name in names:
        column = values[:, [place[name]]]
        present = known_outcomes[column.indices]
        converted_with = int(present.sum())
        others_with = len(present) - converted_with
        among = auc_of(present, column.data) or 0.0
        above = converted_with * (others - others_with)
        tied = (converted - converted_with) * (others - others_with)
        pairs = among * converted_with * others_with + above + tied / 2
        found[name] = pairs / (converted * others)
    return found


def _without_value(name: str) -> str:
    """A feature without the value of its attribute; that of a criterion of fit is its own."""
    return name if name.startswith("fit_matched=") else name.split("=")[0]
