"""Features that tell the outcome, or what became known later, are left out and named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csc_matrix, hstack
from sklearn.metrics import roc_auc_score

from lead_qualification.prediction.features import Features
from lead_qualification.prediction.forecast import Forecast, forecast
from lead_qualification.prediction.leaks import leaks_of, single_aucs
from lead_qualification.prediction.source import Inputs
from lead_qualification.prediction.training import newest

pytestmark = pytest.mark.nightly

LEAK = "count:contract_sent"
CANDIDATES = ["gradient_boosting", "logistic_regression"]


def with_feature(inputs: Inputs, name: str, values: np.ndarray) -> Inputs:
    """The inputs with one more feature, (leads,)."""
    more = hstack([inputs.features.values, csc_matrix(values[:, None])], format="csc")
    return replace(inputs, features=Features((*inputs.features.names, name), more))


def told(found: Forecast) -> dict[str, str | None]:
    """What the rows over all leads say of leaks, by estimator."""
    rows = found.measures[found.measures["bin_from"].isna()]
    words = rows["leaks"].astype(object).where(rows["leaks"].notna(), None)
    return dict(zip(rows["estimator"], words, strict=True))


@pytest.fixture(scope="module")
def leaking(small: Inputs) -> Inputs:
    """A feature that nearly only those have who converted, and a few of the others."""
    values = small.outcomes.astype(float)
    values[:5] = 1
    return with_feature(small, LEAK, values)


def test_a_planted_leak_is_left_out_and_named(leaking: Inputs, small_first: Forecast) -> None:
    found = forecast(leaking, None)
    assert found.model is not None
    assert LEAK not in found.model.names
    assert found.predictions["probability"].equals(small_first.predictions["probability"])
    words = told(found)
    for estimator in CANDIDATES:
        assert str(words[estimator]).startswith(f"{LEAK}: AUC 0.9")
        assert str(words[estimator]).endswith(", left out")
    assert words["rule_score"] is None
    assert found.measures[found.measures["bin_from"].notna()]["leaks"].isna().all()
    assert f"leaks: {LEAK}: AUC" in found.summary
    assert set(found.predictions["is_actionable"]) == {True}


def test_a_leak_against_the_outcome_is_one_too(small: Inputs) -> None:
    found = forecast(with_feature(small, LEAK, (~small.outcomes).astype(float)), None)
    assert told(found)["gradient_boosting"] == f"{LEAK}: AUC 0.000, left out"


def test_without_leaks_nothing_is_said(small_first: Forecast) -> None:
    assert set(told(small_first).values()) == {None}
    assert "leaks" not in small_first.summary


def test_only_the_training_part_is_looked_at(small: Inputs) -> None:
    mature = np.flatnonzero(small.is_mature)
    held_out = mature[newest(small.evaluated_at[mature])]
    values = np.zeros(len(small.outcomes))
    values[:50] = 1
    values[held_out] = small.outcomes[held_out]
    found = forecast(with_feature(small, LEAK, values), None)
    assert set(told(found).values()) == {None}


def test_bounds_are_strict() -> None:
    """Exactly 0.9 and 0.1 stay: 9 of 10 pairs are in order."""
    outcomes = np.array([True] * 10 + [False] * 10)
    values = np.array([1.0] * 8 + [0.0] * 2 + [0.0] * 10)
    features = Features(("up", "down"), csc_matrix(np.column_stack([values, 1 - values])))
    everybody = np.ones(20, dtype=bool)
    nothing: frozenset[str] = frozenset()
    found = leaks_of(features, features.names, outcomes, everybody, nothing, nothing)
    assert single_aucs(features, features.names, outcomes, everybody) == {"up": 0.9, "down": 0.1}
    assert found.left_out == nothing
    assert found.text is None


def test_the_auc_of_one_feature_is_that_of_its_values(small: Inputs) -> None:
    is_training = np.arange(len(small.outcomes)) < 400
    values = small.features.values.toarray()[:400]
    found = single_aucs(small.features, small.features.names, small.outcomes, is_training)
    for number, name in enumerate(small.features.names):
        assert found[name] == pytest.approx(roc_auc_score(small.outcomes[:400], values[:, number]))


def test_undated_features_are_left_out_and_named(small: Inputs) -> None:
    draw = np.random.default_rng(7)
    has = draw.integers(0, 2, len(small.outcomes)).astype(float)
    names = frozenset({"country=FR", "country=DE"})
    inputs = with_feature(with_feature(small, "country=FR", has), "country=DE", 1 - has)
    found = forecast(replace(inputs, undated=names, unusable=names), None)
    assert found.model is not None
    assert not names.intersection(found.model.names)
    assert told(found)["gradient_boosting"] == "country: undated, left out"
    assert set(found.predictions["is_actionable"]) == {True}
    kept = forecast(replace(inputs, undated=names), None)
    assert kept.model is not None
    assert names <= set(kept.model.names)
    assert told(kept)["gradient_boosting"] == "country: undated, kept"
    assert set(kept.predictions["is_actionable"]) == {False}


def test_a_model_that_learned_from_a_leak_is_replaced(small: Inputs, small_first: Forecast) -> None:
    assert small_first.model is not None
    known = "count:for"
    found = forecast(
        replace(small, undated=frozenset({known}), unusable=frozenset({known})), small_first.model
    )
    assert not found.is_kept
    assert "active_model" not in told(found)
    chosen = found.measures[found.measures["is_active"]]["reason"].dropna().tolist()
    assert chosen == [f"replaced: the active model learned from what leaks: {known}"]


def test_with_nothing_left_there_are_no_predictions(small: Inputs) -> None:
    names = frozenset(small.features.names)
    found = forecast(replace(small, undated=names, unusable=names), None)
    assert found.predictions.empty
    (row,) = found.measures.to_dict("records")
    assert str(row["reason"]).startswith("no feature is left to learn from: count:against: undated")


def test_the_company_has_no_history_of_attributes(inputs: Inputs, first: Forecast) -> None:
    """Nobody recorded changes of industries or countries, so nothing of them is learned."""
    assert first.model is not None
    assert "country: undated, left out" in str(told(first)["gradient_boosting"])
    assert not [name for name in first.model.names if name.startswith(("country=", "grade="))]
    assert [name for name in first.model.names if name.startswith("channel=")]
