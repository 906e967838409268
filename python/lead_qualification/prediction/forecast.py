"""A run: train, compare with the active model, predict, measure; without reading or writing."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pandas as pd
import sklearn
from scipy.sparse import csr_matrix

from lead_qualification.prediction.active_model import Comparison, Model, compared
from lead_qualification.prediction.errors import NotEnoughOutcomesError
from lead_qualification.prediction.features import Features, learnable, medians, scaled
from lead_qualification.prediction.leaks import leaks_of
from lead_qualification.prediction.measures import bins_of, deciles_of, measures_of, share_of
from lead_qualification.prediction.reasons import reasons_of
from lead_qualification.prediction.rule_score import rule_probability
from lead_qualification.prediction.source import Inputs
from lead_qualification.prediction.training import PARAMETERS, Trained, newest, train

RULE_SCORE, ACTIVE_MODEL, NO_ESTIMATOR = "rule_score", "active_model", "none"
PREDICTION_COLUMNS = (
    "lead_id",
    "evaluated_at",
    "probability",
    "decile",
    "reasons",
    "is_outcome_known",
    "is_in_training",
    "is_actionable",
    "model_version",
    "trained_at",
    "n_train",
    "as_of",
)
MEASURE_COLUMNS = (
    "estimator",
    "bin_from",
    "leads",
    "converted",
    "mean_probability",
    "conversion_rate",
    "conversion_low",
    "conversion_high",
    "auc",
    "brier_score",
    "log_loss",
    "top_decile_lift",
    "is_chosen",
    "is_active",
    "reason",
    "leaks",
    "n_train",
    "n_held_out",
    "train_until",
    "model_version",
    "trained_at",
    "as_of",
)
Row = dict[str, object]


@dataclass(frozen=True)
class Forecast:
    """The result of a run.

    Attributes:
        predictions: Rows with PREDICTION_COLUMNS; none where there are too few outcomes.
        measures: Rows with MEASURE_COLUMNS.
        model: The model that predicts; None where there are too few outcomes.
        is_kept: Whether that is the model that was active before.
        summary: What happened, in a line.
    """

    predictions: pd.DataFrame
    measures: pd.DataFrame
    model: Model | None
    is_kept: bool
    summary: str


@dataclass(frozen=True)
class Measured:
    """An estimator in the table of measures.

    Attributes:
        estimator: Its name there.
        probability: Its predictions (leads,) for the mature leads.
        ranked_by: What ranks the leads (leads,).
        rows: The leads (leads,) that it is measured on.
        model: The trained model; None for the score of the rules.
        is_chosen: Whether it is the better candidate.
        is_active: Whether it predicts.
        reason: Why it predicts or does not; None where there is nothing to say.
        leaks: Features that it did not learn from, or learned from though undated; None if none.
    """

    estimator: str
    probability: np.ndarray
    ranked_by: np.ndarray
    rows: np.ndarray
    model: Model | None
    is_chosen: bool
    is_active: bool
    reason: str | None
    leaks: str | None = None


def forecast(inputs: Inputs, active: Model | None) -> Forecast:
    """Predict for every evaluation point.

    Args:
        inputs: What dbt built.
        active: The model that predicts so far, if any.
    """
    mature = np.flatnonzero(inputs.is_mature)
    outcomes = inputs.outcomes[mature]
    try:
        _check_outcomes(outcomes, inputs.settings.show_minimum)
        return _trained_forecast(inputs, active, mature, outcomes)
    except NotEnoughOutcomesError as error:
        return _no_forecast(inputs, outcomes, str(error))


def _trained_forecast(
    inputs: Inputs, active: Model | None, mature: np.ndarray, outcomes: np.ndarray
) -> Forecast:
    """Train on the older mature leads, and let the better of new and active model predict."""
    features = Features(inputs.features.names, inputs.features.values[mature])
    evaluated_at = inputs.evaluated_at[mature]
    is_training = ~newest(evaluated_at)
    names = learnable(features, is_training)
    leaks = leaks_of(features, names, outcomes, is_training, inputs.undated, inputs.unusable)
    names = tuple(name for name in names if name not in leaks.left_out)
    if not names:
        raise NotEnoughOutcomesError(f"no feature is left to learn from: {leaks.text}")
    matrix = scaled(features.columns(names))
    trained = train(matrix, outcomes, evaluated_at)
    models = _models(inputs, trained, matrix, names, outcomes, evaluated_at)
    new = models[trained.chosen.estimator]

    comparison, active_probability = None, None
    if active is not None and (leaked := leaks.left_out.intersection(active.names)):
        reason = f"replaced: the active model learned from what leaks: {', '.join(sorted(leaked))}"
        active, new = None, replace(new, reason=reason)
    if active is not None and active.version == new.version:
        new = replace(new, reason=active.reason)
    elif active is not None:
        active_probability = active.probability(features)
        comparison = compared(
            active,
            active_probability,
            new.estimator,
            trained.chosen.probability,
            outcomes,
            evaluated_at,
            trained.is_held_out,
        )
        new = replace(new, reason=comparison.reason)
    is_kept = comparison is not None and not comparison.is_replaced
    used = active if is_kept and active is not None else new

    measured = [
        Measured(
            estimator=candidate.estimator,
            probability=candidate.probability,
            ranked_by=candidate.probability,
            rows=trained.is_held_out,
            model=models[candidate.estimator],
            is_chosen=candidate is trained.chosen,
            is_active=candidate is trained.chosen and not is_kept,
            reason=new.reason if candidate is trained.chosen else None,
            leaks=leaks.text,
        )
        for candidate in trained.candidates
    ]
    measured.append(_rule_score(inputs, mature, outcomes, trained.is_held_out))
    if active is not None and comparison is not None and active_probability is not None:
        measured.append(_measured_active(active, active_probability, comparison))
    rows = [row for one in measured for row in _measure_rows(one, outcomes, inputs.as_of)]
    return Forecast(
        predictions=_predictions(inputs, used, len(mature)),
        measures=pd.DataFrame(rows, columns=list(MEASURE_COLUMNS)),
        model=used,
        is_kept=is_kept,
        summary=_summary(inputs, used, rows, comparison, leaks.text),
    )


def _check_outcomes(outcomes: np.ndarray, least: int) -> None:
    """Too few outcomes of a kind teach nothing."""
    converted = int(outcomes.sum())
    others = len(outcomes) - converted
    if min(converted, others) < least:
        raise NotEnoughOutcomesError(f"{converted} converted and {others} not; each needs {least}")


def _no_forecast(inputs: Inputs, outcomes: np.ndarray, reason: str) -> Forecast:
    """No predictions, and a row that says why."""
    share = share_of(outcomes)
    row: Row = {
        "estimator": NO_ESTIMATOR,
        "leads": share.leads,
        "converted": share.converted,
        "conversion_rate": share.rate,
        "conversion_low": share.low,
        "conversion_high": share.high,
        "is_chosen": False,
        "is_active": False,
        "reason": reason,
        "as_of": inputs.as_of,
    }
    rows = [] if inputs.as_of is None else [row]
    return Forecast(
        predictions=pd.DataFrame(columns=list(PREDICTION_COLUMNS)),
        measures=pd.DataFrame(rows, columns=list(MEASURE_COLUMNS)),
        model=None,
        is_kept=False,
        summary=f"no predictions: {reason}",
    )


def _models(
    inputs: Inputs,
    trained: Trained,
    matrix: csr_matrix,
    names: tuple[str, ...],
    outcomes: np.ndarray,
    evaluated_at: np.ndarray,
) -> dict[str, Model]:
    """The candidates with what they need to be kept."""
    is_training = ~trained.is_held_out
    training = matrix[np.flatnonzero(is_training)]
    data = _hash(
        json.dumps(names).encode(),
        *(part.tobytes() for part in (training.indptr, training.indices, training.data)),
        outcomes[is_training].tobytes(),
        evaluated_at[is_training].tobytes(),
        sklearn.__version__.encode(),
    )
    assert inputs.as_of is not None
    return {
        candidate.estimator: Model(
            estimator=candidate.estimator,
            model=candidate.model,
            names=names,
            typical=medians(training),
            n_train=int(is_training.sum()),
            train_until=evaluated_at[is_training].max().item(),
            trained_at=inputs.as_of,
            window_days=inputs.settings.window_days,
            version=_hash(
                data.encode(),
                candidate.estimator.encode(),
                json.dumps(PARAMETERS[candidate.estimator], sort_keys=True).encode(),
            ),
        )
        for candidate in trained.candidates
    }


def _hash(*parts: bytes) -> str:
    """A short name for data."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()[:16]


def _rule_score(
    inputs: Inputs, mature: np.ndarray, outcomes: np.ndarray, is_held_out: np.ndarray
) -> Measured:
    """The score of the rules, on the same leads."""
    scores = inputs.scores[mature]
    return Measured(
        estimator=RULE_SCORE,
        probability=rule_probability(scores, outcomes, ~is_held_out, inputs.settings.bin_points),
        ranked_by=scores,
        rows=is_held_out,
        model=None,
        is_chosen=False,
        is_active=False,
        reason=None,
    )


def _measured_active(active: Model, probability: np.ndarray, comparison: Comparison) -> Measured:
    """The model that was active before, on the leads that it was compared on."""
    return Measured(
        estimator=ACTIVE_MODEL,
        probability=probability,
        ranked_by=probability,
        rows=comparison.rows,
        model=active,
        is_chosen=False,
        is_active=not comparison.is_replaced,
        reason=comparison.reason,
    )


def _measure_rows(one: Measured, outcomes: np.ndarray, as_of: datetime | None) -> list[Row]:
    """The rows of an estimator: all leads, then each bin of probability."""
    held_out, probability = outcomes[one.rows], one.probability[one.rows]
    whole = measures_of(held_out, probability, one.ranked_by[one.rows])
    model = one.model
    common: Row = {
        "estimator": one.estimator,
        "is_chosen": one.is_chosen,
        "is_active": one.is_active,
        "n_train": model and model.n_train,
        "n_held_out": len(held_out),
        "train_until": model and model.train_until,
        "model_version": model and model.version,
        "trained_at": model and model.trained_at,
        "as_of": as_of,
    }
    figures: Row = {
        "auc": whole.auc,
        "brier_score": whole.brier_score,
        "log_loss": whole.log_loss,
        "top_decile_lift": whole.top_decile_lift,
        "reason": one.reason,
        "leaks": one.leaks,
    }
    parts = [(None, whole.share, whole.mean_probability, figures)] + [
        (part.bin_from, part.share, part.mean_probability, {})
        for part in bins_of(held_out, probability)
    ]
    return [
        {
            **common,
            **more,
            "bin_from": bin_from,
            "leads": share.leads,
            "converted": share.converted,
            "mean_probability": mean_probability,
            "conversion_rate": share.rate,
            "conversion_low": share.low,
            "conversion_high": share.high,
        }
        for bin_from, share, mean_probability, more in parts
    ]


def _predictions(inputs: Inputs, model: Model, n_mature: int) -> pd.DataFrame:
    """What the model says of every lead; nothing may act on it if it learned from undated ones."""
    learned_undated = not inputs.undated.isdisjoint(model.names)
    probability = model.probability(inputs.features)
    values = inputs.features.columns(model.names)
    found = pd.DataFrame(
        {
            "lead_id": inputs.lead_ids,
            "evaluated_at": inputs.evaluated_at,
            "probability": probability,
            "decile": deciles_of(probability),
            "reasons": reasons_of(model.model, scaled(values), values, model.names, model.typical),
            "is_outcome_known": inputs.is_outcome_known,
            "is_in_training": inputs.evaluated_at <= np.datetime64(model.train_until),
        }
    )
    return found.assign(
        is_actionable=n_mature >= inputs.settings.act_minimum and not learned_undated,
        model_version=model.version,
        trained_at=model.trained_at,
        n_train=model.n_train,
        as_of=inputs.as_of,
    )[list(PREDICTION_COLUMNS)]


def _summary(
    inputs: Inputs,
    model: Model,
    rows: list[Row],
    comparison: Comparison | None,
    leaks: str | None,
) -> str:
    """What a person wants to know first."""
    aucs = ", ".join(
        f"{row['estimator']} " + ("none" if row["auc"] is None else f"{row['auc']:.3f}")
        for row in rows
        if row["bin_from"] is None
    )
    lines = [
        f"predictions: {len(inputs.lead_ids)} leads by {model.estimator} {model.version}, "
        f"trained on {model.n_train} leads up to {model.train_until:%Y-%m-%d}",
        f"held-out AUC: {aucs}",
    ]
    if comparison is not None:
        lines.append(f"active model {comparison.reason}")
    if leaks is not None:
        lines.append(f"leaks: {leaks}")
    return "\n".join(lines)
