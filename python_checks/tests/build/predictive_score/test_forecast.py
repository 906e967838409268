"""Predictions of a company: what they say, when there are none, and which model makes them."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from lead_qualification.prediction.features import Features, learnable
from lead_qualification.prediction.forecast import Forecast, forecast
from lead_qualification.prediction.source import Inputs
from lead_qualification.prediction.training import newest
from lead_qualification.warehouse import Warehouse

pytestmark = pytest.mark.nightly


def whole(found: Forecast, estimator: str) -> pd.Series:
    """The row of an estimator over all held-out leads."""
    rows = found.measures
    return rows[(rows["estimator"] == estimator) & rows["bin_from"].isna()].iloc[0]


def held_out(found: Forecast, inputs: Inputs) -> pd.DataFrame:
    """The predictions of held-out leads, with outcome and score of the rules."""
    rows = found.predictions.assign(outcome=inputs.outcomes, score=inputs.scores)
    return rows[inputs.is_mature & ~rows["is_in_training"].to_numpy()]


def turned_round(inputs: Inputs) -> Inputs:
    """The inputs with the outcomes of the older mature leads turned round: a bad training."""
    mature = np.flatnonzero(inputs.is_mature)
    older = mature[~newest(inputs.evaluated_at[mature])]
    outcomes = inputs.outcomes.copy()
    outcomes[older] = ~outcomes[older]
    return replace(inputs, outcomes=outcomes)


@pytest.fixture(scope="module")
def bad(small: Inputs) -> Forecast:
    """The first forecast after a bad training."""
    return forecast(turned_round(small), None)


def test_every_evaluation_point_has_a_prediction(first: Forecast, built: Warehouse) -> None:
    points = built.table("evaluation_points")
    assert sorted(first.predictions["lead_id"]) == sorted(points["lead_id"])
    assert first.predictions["probability"].between(0, 1, inclusive="neither").all()
    assert set(first.predictions["decile"]) == set(range(1, 11))


def test_the_highest_tenth_has_the_highest_probabilities(first: Forecast) -> None:
    lowest = first.predictions.groupby("decile")["probability"].min()
    highest = first.predictions.groupby("decile")["probability"].max()
    assert (lowest.to_numpy()[:-1] > highest.to_numpy()[1:]).all()


def test_leads_are_trained_on_once_their_outcome_is_known(first: Forecast, inputs: Inputs) -> None:
    rows = first.predictions
    assert first.model is not None
    in_training = rows["is_in_training"].to_numpy()
    assert in_training.sum() == first.model.n_train == rows["n_train"].iloc[0]
    assert inputs.is_mature[in_training].all()
    assert in_training.sum() == inputs.is_mature.sum() * 4 // 5
    assert rows["is_outcome_known"].to_numpy()[inputs.is_mature].all()


def test_measures_are_those_of_the_predictions(first: Forecast, inputs: Inputs) -> None:
    assert first.model is not None
    rows, row = held_out(first, inputs), whole(first, first.model.estimator)
    assert row["is_active"]
    assert row["leads"] == row["n_held_out"] == len(rows)
    assert row["auc"] == pytest.approx(roc_auc_score(rows["outcome"], rows["probability"]))
    assert row["brier_score"] == pytest.approx(
        brier_score_loss(rows["outcome"], rows["probability"])
    )
    assert row["log_loss"] == pytest.approx(log_loss(rows["outcome"], rows["probability"]))


def test_the_rules_are_measured_on_the_same_leads(first: Forecast, inputs: Inputs) -> None:
    rows, row = held_out(first, inputs), whole(first, "rule_score")
    assert row["leads"] == len(rows)
    assert row["auc"] == pytest.approx(roc_auc_score(rows["outcome"], rows["score"]))
    assert np.isfinite(row["log_loss"])
    assert not row["is_active"]


def test_bins_sum_to_the_whole(first: Forecast) -> None:
    for estimator in ("logistic_regression", "gradient_boosting", "rule_score"):
        bins = first.measures[
            (first.measures["estimator"] == estimator) & first.measures["bin_from"].notna()
        ]
        row = whole(first, estimator)
        assert bins["leads"].sum() == row["leads"]
        assert bins["converted"].sum() == row["converted"]
        inside = bins["mean_probability"] - bins["bin_from"]
        assert inside.between(0, 0.1).all()


def test_reasons_are_five_facts_about_the_lead(first: Forecast, built: Warehouse) -> None:
    features = built.table("prediction_features").set_index(["lead_id", "feature"])["value"]
    known = features.to_dict()
    counts = first.predictions["reasons"].map(lambda reasons: len(json.loads(reasons)))
    # Who has the typical value of every feature has no reason, and the one forecast of them all.
    assert first.predictions[counts == 0]["probability"].nunique() <= 1
    assert (counts >= 1).mean() > 0.9
    for row in first.predictions.itertuples():
        reasons = json.loads(row.reasons)
        assert len(reasons) <= 5
        sizes = [abs(one["log_odds"]) for one in reasons]
        assert sizes == sorted(sizes, reverse=True)
        for one in reasons:
            value = float(known.get((row.lead_id, one["feature"]), 0))
            assert one["value"] == pytest.approx(value, abs=1e-4)
            assert one["direction"] == ("up" if one["log_odds"] > 0 else "down")


def test_rare_features_are_not_learned_from(inputs: Inputs, first: Forecast) -> None:
    assert first.model is not None
    values = inputs.features.values.toarray()
    in_training = first.predictions["is_in_training"].to_numpy()
    counts = dict(zip(inputs.features.names, (values[in_training] != 0).sum(axis=0), strict=True))
    often = {name for name, count in counts.items() if count >= 10}
    assert set(first.model.names) == often - inputs.unusable
    assert min(counts.values()) < 10
    assert set(learnable(inputs.features, in_training)) == often


def test_a_feature_that_is_gone_counts_as_zero(inputs: Inputs, first: Forecast) -> None:
    assert first.model is not None
    gone = first.model.names[0]
    values = inputs.features.values.toarray()
    place = inputs.features.names.index(gone)
    without = Features(
        tuple(name for name in inputs.features.names if name != gone),
        type(inputs.features.values)(np.delete(values, place, axis=1)),
    )
    values[:, place] = 0
    as_zero = Features(inputs.features.names, type(inputs.features.values)(values))
    assert np.array_equal(first.model.probability(without), first.model.probability(as_zero))


def test_two_runs_are_identical(inputs: Inputs, first: Forecast) -> None:
    again = forecast(inputs, None)
    pd.testing.assert_frame_equal(again.predictions, first.predictions, check_exact=True)
    pd.testing.assert_frame_equal(again.measures, first.measures, check_exact=True)
    assert again.summary == first.summary


@pytest.mark.parametrize("of_kind", [True, False])
def test_fewer_outcomes_of_a_kind_than_shown_give_no_predictions(
    small: Inputs, of_kind: bool
) -> None:
    outcomes = np.full(len(small.outcomes), not of_kind)
    outcomes[np.flatnonzero(small.is_mature)[:99]] = of_kind
    found = forecast(replace(small, outcomes=outcomes), None)
    others = int(small.is_mature.sum()) - 99
    counts = f"99 converted and {others} not" if of_kind else f"{others} converted and 99 not"
    assert found.predictions.empty
    assert found.model is None
    (row,) = found.measures.to_dict("records")
    assert row["estimator"] == "none"
    assert row["reason"] == f"{counts}; each needs 100"


def test_as_many_outcomes_as_shown_are_enough(small: Inputs) -> None:
    outcomes = np.zeros(len(small.outcomes), dtype=bool)
    mature = np.flatnonzero(small.is_mature)
    outcomes[mature[np.linspace(0, len(mature) - 1, 100).astype(int)]] = True
    assert not forecast(replace(small, outcomes=outcomes), None).predictions.empty


def test_predictions_are_actionable_from_enough_outcomes(
    small: Inputs, small_first: Forecast
) -> None:
    assert small.settings.act_minimum == small.is_mature.sum()
    assert set(small_first.predictions["is_actionable"]) == {True}
    settings = replace(small.settings, act_minimum=small.settings.act_minimum + 1)
    found = forecast(replace(small, settings=settings), None)
    assert set(found.predictions["is_actionable"]) == {False}


def test_a_worse_model_does_not_replace_the_active_one(
    small: Inputs, small_first: Forecast
) -> None:
    found = forecast(turned_round(small), small_first.model)
    assert found.is_kept
    assert found.model is small_first.model
    assert found.predictions["probability"].equals(small_first.predictions["probability"])
    row = whole(found, "active_model")
    assert row["is_active"]
    assert row["reason"].startswith("kept: AUC 0.")
    assert row["auc"] == whole(small_first, small_first.model.estimator)["auc"]
    chosen = found.measures[found.measures["is_chosen"]]
    assert not chosen["is_active"].any()
    assert chosen["auc"].dropna().iloc[0] < 0.95 * row["auc"]


def test_a_better_model_replaces_the_active_one(
    small: Inputs, small_first: Forecast, bad: Forecast
) -> None:
    found = forecast(small, bad.model)
    assert not found.is_kept
    assert found.model is not None
    assert small_first.model is not None
    assert found.model.version == small_first.model.version
    assert found.predictions.equals(small_first.predictions)
    assert not whole(found, "active_model")["is_active"]
    assert whole(found, small_first.model.estimator)["reason"].startswith("replaced: AUC")


def test_the_same_training_data_make_the_same_model(small: Inputs, small_first: Forecast) -> None:
    """A run that learns nothing new compares nothing and says what the first one said."""
    again = forecast(small, small_first.model)
    pd.testing.assert_frame_equal(again.measures, small_first.measures, check_exact=True)
    pd.testing.assert_frame_equal(again.predictions, small_first.predictions, check_exact=True)


def test_versions_differ_where_the_data_do(small_first: Forecast, bad: Forecast) -> None:
    assert bad.model is not None
    assert small_first.model is not None
    assert bad.model.version != small_first.model.version
