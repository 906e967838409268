"""The model that predicts until a better one comes: how it is kept, and when it is replaced.

It is a pickle, and loading a pickle runs code. So models are loaded from the command's own folder
only, and only where nobody else could have written the file.
"""

from __future__ import annotations

import os
import stat
import warnings
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import joblib
import numpy as np
import sklearn
from sklearn.calibration import CalibratedClassifierCV
from sklearn.exceptions import InconsistentVersionWarning

from lead_qualification.prediction.errors import UnusableModelError
from lead_qualification.prediction.features import Features, scaled
from lead_qualification.prediction.measures import auc_of
from lead_qualification.prediction.training import predict

FOLDER = Path(".predictive_score")
LEAST_SHARE = 0.95
FEWEST_OUTCOMES = 30


@dataclass(frozen=True)
class Model:
    """A trained model with all that is needed to predict and to explain.

    Attributes:
        estimator: Its kind.
        model: What predicts.
        names: Its features, in the order of its columns.
        typical: Median (names,) of each of them in the training part, as the model takes them.
        n_train: Leads that it was trained on.
        train_until: Latest evaluation point among them, UTC.
        trained_at: as_of of the build that it was trained on, UTC.
        window_days: Days within which a conversion counted.
        version: Hash of training data, parameters and scikit-learn version.
        reason: Why it predicts; None where there was nothing to compare it with.
    """

    estimator: str
    model: CalibratedClassifierCV
    names: tuple[str, ...]
    typical: np.ndarray
    n_train: int
    train_until: datetime
    trained_at: datetime
    window_days: int
    version: str
    reason: str | None = None

    def probability(self, features: Features) -> np.ndarray:
        """Return the probability (leads,) that leads convert."""
        return predict(self.model, scaled(features.columns(self.names)))


@dataclass(frozen=True)
class Comparison:
    """How a new model does against the active one, on leads that neither was trained on.

    Attributes:
        rows: Which leads (leads,) were compared.
        is_replaced: Whether the new one takes over.
        reason: Why, in words.
    """

    rows: np.ndarray
    is_replaced: bool
    reason: str


def compared(
    active: Model,
    active_probability: np.ndarray,
    new_estimator: str,
    new_probability: np.ndarray,
    outcomes: np.ndarray,
    evaluated_at: np.ndarray,
    is_held_out: np.ndarray,
) -> Comparison:
    """Compare by AUC, on held-out leads after the active model's training where there are enough.

    Args:
        active: The model that predicts so far.
        active_probability: Its predictions (leads,).
        new_estimator: Kind of the new model.
        new_probability: Its predictions (leads,).
        outcomes: Booleans (leads,).
        evaluated_at: Evaluation points (leads,).
        is_held_out: What the new model was not trained on (leads,).
    """
    later = is_held_out & (evaluated_at > np.datetime64(active.train_until))
    converted = int(outcomes[later].sum())
    is_enough = min(converted, int(later.sum()) - converted) >= FEWEST_OUTCOMES
    rows = later if is_enough else is_held_out
    old = auc_of(outcomes[rows], active_probability[rows])
    new = auc_of(outcomes[rows], new_probability[rows])
    if old is None or new is None:
        return Comparison(rows, False, "kept: the held-out leads all had the same outcome")
    figures = (
        f"AUC {new:.3f} of {new_estimator} against {old:.3f} of the active model "
        f"on the same {int(rows.sum())} leads"
    )
    if new >= LEAST_SHARE * old:
        return Comparison(rows, True, f"replaced: {figures}")
    return Comparison(rows, False, f"kept: {figures}, below {LEAST_SHARE:.0%} of it")


def save(path: Path, model: Model) -> None:
    """Write a model, so that a reader finds the old or the new one and nothing between."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        joblib.dump({"sklearn": sklearn.__version__, "model": model}, file)
    new.replace(path)


def load(path: Path) -> Model | None:
    """Return the model of a file, None where there is none.

    Raises:
        UnusableModelError: It is of another scikit-learn version, damaged, or another user can
            write it.
    """
    if not path.exists():
        return None
    _check_owner(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", InconsistentVersionWarning)
            stored = joblib.load(path)
        version, model = stored["sklearn"], stored["model"]
    except Exception as error:
        raise UnusableModelError(f"cannot be read ({type(error).__name__})") from None
    if version != sklearn.__version__:
        raise UnusableModelError(
            f"is of scikit-learn {version}, and this is {sklearn.__version__}"
        ) from None
    if not isinstance(model, Model):
        raise UnusableModelError("holds no model") from None
    return model


def _check_owner(path: Path) -> None:
    """Nobody else may have written what is about to be run."""
    for one in (path.parent, path):
        found = one.lstat()
        is_open = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH) or stat.S_ISLNK(found.st_mode)
        if is_open or found.st_uid != os.getuid():
            raise UnusableModelError(f"is not loaded: others can write {one}, or own it")
