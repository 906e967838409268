"""Measures the trainer on public data: contacts of a bank, and whether they led to a deposit.

Command: ``python -m python_checks.benchmarks.predictive_quality <folder of the file>``.
The data are the bank marketing contacts of Moro, Cortez and Rita (2014), 41,188 rows in order of
time over a financial crisis, so that the newest fifth differs from the older part: 6 % converted
before, 31 % then. A second table has the newest fifth drawn at random, as if nothing had changed.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from lead_qualification.prediction.measures import Measures, measures_of
from lead_qualification.prediction.training import SEED, newest, predict, train

FILE = "bank-additional-full.csv"
OUTCOME, LEAKING = "y", "duration"


def bank_contacts(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return features (rows, columns), one-hot where they are texts, and outcomes (rows,).

    The duration of the call is left out: it is known only when the outcome is.
    """
    rows = pd.read_csv(folder / FILE, sep=";")
    features = pd.get_dummies(rows.drop(columns=[OUTCOME, LEAKING]))
    return features.to_numpy(dtype=float), (rows[OUTCOME] == "yes").to_numpy()


def measured(features: np.ndarray, outcomes: np.ndarray, order: np.ndarray) -> dict[str, Measures]:
    """Train ours and two plain estimators on the older rows, and measure them on the newest.

    Args:
        features: Numbers (rows, features).
        outcomes: Booleans (rows,).
        order: What is newer has more (rows,).
    """
    trained = train(features, outcomes, order)
    is_held_out = newest(order)
    found = {f"ours: {trained.chosen.estimator}": trained.chosen.probability[is_held_out]}
    for name, model in plain_estimators().items():
        model.fit(features[~is_held_out], outcomes[~is_held_out])
        found[name] = predict(model, features[is_held_out])
    return {name: measures_of(outcomes[is_held_out], found[name]) for name in found}


def plain_estimators() -> dict[str, object]:
    """What anybody would try first: the defaults of scikit-learn."""
    return {
        "plain logistic regression": make_pipeline(
            StandardScaler(), LogisticRegression(max_iter=2000)
        ),
        "plain gradient boosting": HistGradientBoostingClassifier(random_state=SEED),
    }


def main() -> None:
    """Print a table for each split."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help=f"where {FILE} is")
    features, outcomes = bank_contacts(parser.parse_args().folder)
    drawn = np.random.default_rng(SEED).permutation(len(outcomes))
    for split, order in (("newest fifth", np.arange(len(outcomes))), ("drawn fifth", drawn)):
        print(f"{split:32} AUC    log loss  Brier   lift")
        for name, found in measured(features, outcomes, order).items():
            print(
                f"  {name:30} {found.auc:.4f} {found.log_loss:.4f}    "
                f"{found.brier_score:.4f}  {found.top_decile_lift:.2f}"
            )


if __name__ == "__main__":
    main()
