"""The trainer: two estimators, calibrated, chosen by how they do on the newest fifth.

It knows nothing of leads and takes any matrix. What is held out is the newest part, as in use: a
model always predicts what comes after the data that it was trained on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, issparse
from sklearn.base import BaseEstimator
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from threadpoolctl import threadpool_limits

from lead_qualification.prediction.errors import NotEnoughOutcomesError
from lead_qualification.prediction.measures import PLACES

Matrix = np.ndarray | csr_matrix

HELD_OUT_SHARE = 0.2
FOLDS = 5
INNER_FOLDS = 3
SEED = 20260630
LOGISTIC_REGRESSION, GRADIENT_BOOSTING = "logistic_regression", "gradient_boosting"
PARAMETERS: dict[str, dict[str, Any]] = {
    # How much to shrink is found by folds within the training part: few outcomes need much.
    LOGISTIC_REGRESSION: {"C": [0.001, 0.01, 0.1]},
    GRADIENT_BOOSTING: {
        "learning_rate": 0.05,
        "max_iter": 100,
        "max_leaf_nodes": 8,
        "l2_regularization": 1.0,
        "early_stopping": False,
        "random_state": SEED,
    },
}
LEAST, MOST = 1e-6, 1 - 1e-6
"""No probability is so sure that its log-odds or its log loss would be infinite."""
ROWS_AT_ONCE = 20_000


@dataclass(frozen=True)
class Candidate:
    """A trained, calibrated estimator.

    Attributes:
        estimator: A name of PARAMETERS.
        model: What predicts.
        probability: Its predictions (rows,) for all rows, also those that it was trained on.
        held_out_log_loss: Log loss on the held-out rows, natural.
    """

    estimator: str
    model: CalibratedClassifierCV
    probability: np.ndarray
    held_out_log_loss: float


@dataclass(frozen=True)
class Trained:
    """The result of a training.

    Attributes:
        candidates: One per estimator.
        chosen: The one with the lower held-out log loss.
        is_held_out: Which rows (rows,) were held out; the others were trained on.
    """

    candidates: tuple[Candidate, ...]
    chosen: Candidate
    is_held_out: np.ndarray


def train(features: Matrix, outcomes: np.ndarray, order: np.ndarray) -> Trained:
    """Train both estimators on the older rows and choose on the newest.

    Args:
        features: Numbers (rows, features), dense or sparse.
        outcomes: Booleans (rows,).
        order: What is newer has more (rows,): times or numbers. Rows with equal values are all
            held out or all trained on.

    Raises:
        NotEnoughOutcomesError: The part to train on has fewer than FOLDS rows of an outcome.
    """
    outcomes = np.asarray(outcomes, dtype=bool)
    is_held_out = newest(order)
    # Folds depend on the order of rows, so it is made the same whatever it was.
    training = np.argsort(order, kind="stable")[: int((~is_held_out).sum())]
    _check_outcomes(outcomes[training])
    candidates = tuple(
        _candidate(estimator, features, outcomes, training, is_held_out) for estimator in PARAMETERS
    )
    chosen = min(candidates, key=lambda candidate: candidate.held_out_log_loss)
    return Trained(candidates, chosen, is_held_out)


def newest(order: np.ndarray) -> np.ndarray:
    """Return which rows (rows,) belong to the newest HELD_OUT_SHARE, at least; ties together."""
    order = np.asarray(order)
    if len(order) == 0:
        return np.zeros(0, dtype=bool)
    first = np.sort(order)[min(int(len(order) * (1 - HELD_OUT_SHARE)), len(order) - 1)]
    return order >= first


def predict(model: CalibratedClassifierCV, features: Matrix) -> np.ndarray:
    """Return the probability (rows,) of the outcome, with the places that are stored."""
    # Sums of several threads come in any order, so that the last bits would differ.
    with threadpool_limits(limits=1):
        parts = [
            model.predict_proba(features[start : start + ROWS_AT_ONCE])[:, 1]
            for start in range(0, features.shape[0], ROWS_AT_ONCE)
        ]
    probability = np.concatenate(parts) if parts else np.zeros(0)
    return np.round(np.clip(probability, LEAST, MOST), PLACES)


def dense(matrix: Matrix) -> np.ndarray:
    """Return a matrix without gaps; gradient boosting takes no other."""
    return matrix.toarray() if issparse(matrix) else matrix


def _candidate(
    estimator: str,
    features: Matrix,
    outcomes: np.ndarray,
    training: np.ndarray,
    is_held_out: np.ndarray,
) -> Candidate:
    """Train and calibrate an estimator on the rows of training."""
    model = CalibratedClassifierCV(
        _untrained(estimator, issparse(features)),
        method="sigmoid",
        cv=_folds(FOLDS),
        ensemble=False,
    )
    with threadpool_limits(limits=1):
        model.fit(features[training], outcomes[training])
    probability = predict(model, features)
    loss = log_loss(outcomes[is_held_out], probability[is_held_out], labels=[False, True])
    return Candidate(estimator, model, probability, float(loss))


def _untrained(estimator: str, is_sparse: bool) -> BaseEstimator:
    """The estimator with what must be done to its features before."""
    parameters = PARAMETERS[estimator]
    if estimator == LOGISTIC_REGRESSION:
        # Taking the mean away would fill every gap of a sparse matrix.
        return make_pipeline(
            StandardScaler(with_mean=not is_sparse),
            GridSearchCV(
                LogisticRegression(max_iter=2000),
                parameters,
                scoring="neg_log_loss",
                cv=_folds(INNER_FOLDS),
            ),
        )
    return make_pipeline(
        FunctionTransformer(dense, accept_sparse=True),
        HistGradientBoostingClassifier(**parameters),
    )


def _folds(number: int) -> StratifiedKFold:
    """Drawn folds, always the same.

    They are not cut by time: calibration shall correct the shape of the probabilities, and folds
    of other times measure drift too, which can turn a ranking upside down.
    """
    return StratifiedKFold(number, shuffle=True, random_state=SEED)


def _check_outcomes(outcomes: np.ndarray) -> None:
    """Calibration needs each outcome in each fold."""
    converted = int(outcomes.sum())
    if min(converted, len(outcomes) - converted) < FOLDS:
        raise NotEnoughOutcomesError(
            f"{converted} of the {len(outcomes)} older leads converted; "
            f"training needs {FOLDS} that did and {FOLDS} that did not"
        )
