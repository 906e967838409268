"""Why a lead got its probability: what each feature changes, whatever the model is."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.calibration import CalibratedClassifierCV

from lead_qualification.prediction.training import predict

SHOWN = 5
PLACES = 4
LEADS_AT_ONCE = 5_000


def reasons_of(
    model: CalibratedClassifierCV,
    matrix: csr_matrix,
    values: csr_matrix,
    names: Sequence[str],
    typical: np.ndarray,
) -> list[str]:
    """Return the leading reasons of each lead as a JSON array.

    Args:
        model: What predicts.
        matrix: Features (leads, names) as the model takes them.
        values: The same (leads, names) as people read them.
        names: Names of the features.
        typical: A usual value (names,) of each feature, as the model takes them.

    Returns:
        Per lead up to SHOWN objects {"feature", "value", "direction", "log_odds"}: what the
        log-odds would lose if the feature had its typical value, largest first, equal ones by
        name. Features that change nothing are left out.
    """
    found = []
    for start in range(0, matrix.shape[0], LEADS_AT_ONCE):
        part = slice(start, start + LEADS_AT_ONCE)
        changes = effects(model, matrix[part].toarray(), typical)
        shown = values[part].toarray()
        found += [_as_json(names, *pair) for pair in zip(shown, changes, strict=True)]
    return found


def effects(model: CalibratedClassifierCV, matrix: np.ndarray, typical: np.ndarray) -> np.ndarray:
    """Return how the log-odds (leads, names) change from the typical value to the lead's own."""
    own = _log_odds(model, matrix)
    found = np.zeros(matrix.shape)
    for number, usual in enumerate(typical):
        others = np.flatnonzero(matrix[:, number] != usual)
        if len(others) == 0:
            continue
        changed = matrix[others]
        changed[:, number] = usual
        found[others, number] = own[others] - _log_odds(model, changed)
    return np.round(found, PLACES)


def _log_odds(model: CalibratedClassifierCV, matrix: np.ndarray) -> np.ndarray:
    """Log-odds (leads,) of the predicted probability, natural."""
    probability = predict(model, matrix)
    return np.log(probability / (1 - probability))


def _as_json(names: Sequence[str], values: np.ndarray, changes: np.ndarray) -> str:
    """The reasons of one lead."""
    leading = np.argsort(-np.abs(changes), kind="stable")[:SHOWN]
    return json.dumps(
        [
            {
                "feature": names[number],
                "value": round(float(values[number]), PLACES),
                "direction": "up" if changes[number] > 0 else "down",
                "log_odds": float(changes[number]),
            }
            for number in leading
            if changes[number] != 0
        ],
        ensure_ascii=False,
    )
