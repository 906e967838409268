"""The trainer and the measures on made-up numbers, against scikit-learn and statsmodels."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.metrics import brier_score_loss, roc_auc_score
from statsmodels.stats.proportion import proportion_confint

from lead_qualification.prediction.errors import NotEnoughOutcomesError
from lead_qualification.prediction.features import medians
from lead_qualification.prediction.measures import (
    bins_of,
    deciles_of,
    measures_of,
    share_of,
    top_decile_lift,
)
from lead_qualification.prediction.reasons import effects, reasons_of
from lead_qualification.prediction.rule_score import rule_probability
from lead_qualification.prediction.training import PARAMETERS, Trained, newest, train

ROWS = 1200
NAMES = ("noise_a", "noise_b", "strong", "weak_against")


@pytest.fixture(scope="module")
def planted() -> tuple[np.ndarray, np.ndarray]:
    """Counts (rows, features) and outcomes (rows,): one feature is for them, one against."""
    draw = np.random.default_rng(7)
    features = draw.poisson(1.0, (ROWS, len(NAMES))).astype(float)
    log_odds = -2.5 + 1.8 * features[:, 2] - 0.7 * features[:, 3]
    return features, draw.random(ROWS) < 1 / (1 + np.exp(-log_odds))


@pytest.fixture(scope="module")
def trained(planted: tuple[np.ndarray, np.ndarray]) -> Trained:
    """The trainer's answer, from a sparse matrix."""
    features, outcomes = planted
    return train(csr_matrix(features), outcomes, np.arange(ROWS))


def test_the_newest_fifth_is_held_out() -> None:
    assert newest(np.arange(10)).tolist() == [False] * 8 + [True] * 2
    assert newest(np.array([3, 1, 2, 5, 4])).tolist() == [False, False, False, True, False]


def test_rows_of_one_instant_are_on_one_side() -> None:
    assert newest(np.array([1, 2, 3, 4, 5, 6, 7, 8, 8, 8])).tolist() == [False] * 7 + [True] * 3
    assert newest(np.array([1, 2, 3, 4, 5, 6, 8, 8, 9, 9])).tolist() == [False] * 8 + [True] * 2


def test_probabilities_are_calibrated(
    trained: Trained, planted: tuple[np.ndarray, np.ndarray]
) -> None:
    held_out = planted[1][trained.is_held_out]
    for candidate in trained.candidates:
        probability = candidate.probability[trained.is_held_out]
        spread = np.sqrt((probability * (1 - probability)).sum())
        assert abs(probability.sum() - held_out.sum()) < 4 * spread
        assert roc_auc_score(held_out, probability) > 0.75


def test_the_lower_held_out_log_loss_is_chosen(trained: Trained) -> None:
    losses = {one.estimator: one.held_out_log_loss for one in trained.candidates}
    assert set(losses) == set(PARAMETERS)
    assert trained.chosen.held_out_log_loss == min(losses.values())


def test_dense_and_sparse_numbers_give_the_same(
    trained: Trained, planted: tuple[np.ndarray, np.ndarray]
) -> None:
    features, outcomes = planted
    dense = train(features, outcomes, np.arange(ROWS))
    for one, other in zip(dense.candidates, trained.candidates, strict=True):
        assert np.allclose(one.probability, other.probability, atol=1e-3)


def test_too_few_outcomes_of_a_kind_are_refused() -> None:
    outcomes = np.arange(100) >= 97
    with pytest.raises(NotEnoughOutcomesError, match="0 of the 80 older leads converted"):
        train(np.ones((100, 1)), outcomes, np.arange(100))


@pytest.mark.parametrize("estimator", PARAMETERS)
def test_the_planted_feature_is_the_first_reason(
    trained: Trained, planted: tuple[np.ndarray, np.ndarray], estimator: str
) -> None:
    model = next(one.model for one in trained.candidates if one.estimator == estimator)
    sparse = csr_matrix(planted[0])
    typical = medians(sparse)
    assert typical.tolist() == np.median(planted[0], axis=0).tolist()
    found = [json.loads(text) for text in reasons_of(model, sparse, sparse, NAMES, typical)]
    many = [reasons[0] for reasons, row in zip(found, planted[0], strict=True) if row[2] >= 4]
    assert len(many) > 10
    assert {(one["feature"], one["direction"]) for one in many} == {("strong", "up")}
    against = [
        one
        for reasons, row in zip(found, planted[0], strict=True)
        for one in reasons
        if one["feature"] == "weak_against" and row[3] >= 3
    ]
    assert {one["direction"] for one in against} == {"down"}
    assert all(one["value"] >= 3 for one in against)


def test_a_typical_lead_has_no_reasons(
    trained: Trained, planted: tuple[np.ndarray, np.ndarray]
) -> None:
    typical = medians(csr_matrix(planted[0]))
    row = csr_matrix(typical)
    assert reasons_of(trained.chosen.model, row, row, NAMES, typical) == ["[]"]


def test_log_odds_of_a_logistic_regression_add_up(
    trained: Trained, planted: tuple[np.ndarray, np.ndarray]
) -> None:
    """Its features do not interact, so what each changes sums to the whole difference."""
    model = next(one for one in trained.candidates if one.estimator == "logistic_regression")
    typical = medians(csr_matrix(planted[0]))
    changes = effects(model.model, planted[0], typical).sum(axis=1)
    both = np.vstack([planted[0], typical])
    probability = model.model.predict_proba(both)[:, 1]
    log_odds = np.log(probability / (1 - probability))
    assert np.allclose(changes, log_odds[:-1] - log_odds[-1], atol=1e-3)


@pytest.mark.parametrize(("converted", "leads"), [(0, 9), (1, 9), (43, 555), (9, 9)])
def test_wilson_interval_is_that_of_statsmodels(converted: int, leads: int) -> None:
    share = share_of(np.arange(leads) < converted)
    expected = proportion_confint(converted, leads, method="wilson")
    assert (share.low, share.high) == pytest.approx(expected, abs=1e-6)


def test_measures_by_hand() -> None:
    outcomes = np.array([True, False, True, False])
    found = measures_of(outcomes, np.array([0.9, 0.1, 0.4, 0.4]))
    assert found.auc == pytest.approx(3.5 / 4)
    assert found.brier_score == pytest.approx((0.01 + 0.01 + 0.36 + 0.16) / 4)
    assert found.log_loss == pytest.approx(-np.log([0.9, 0.9, 0.4, 0.6]).mean())
    assert found.top_decile_lift == pytest.approx(2)
    assert brier_score_loss(outcomes, [0.9, 0.1, 0.4, 0.4]) == pytest.approx(found.brier_score)


def test_where_all_converted_there_is_no_ranking() -> None:
    found = measures_of(np.array([True, True]), np.array([0.5, 0.6]))
    assert found.auc is None
    assert found.top_decile_lift is None


def test_leads_tied_at_the_end_of_the_tenth_count_in_part() -> None:
    ranked_by = np.array([9, 5, 5, 5, *range(16)], dtype=float)
    outcomes = np.array([True, True, False, False, *[False] * 16])
    ranked_by[4:] -= 20
    # Two leads: the first, and one of the three tied ones, a third of which converted.
    assert top_decile_lift(outcomes, ranked_by) == pytest.approx((1 + 1 / 3) / 2 / (2 / 20))


def test_bins_are_tenths() -> None:
    probability = np.array([0.05, 0.1, 0.3, 0.7, 0.999999, 0.6999999999])
    found = bins_of(probability > 0.5, probability)
    assert [(one.bin_from, one.share.leads) for one in found] == [
        (0.0, 1),
        (0.1, 1),
        (0.3, 1),
        (0.6, 1),
        (0.7, 1),
        (0.9, 1),
    ]


def test_equal_probabilities_share_a_decile() -> None:
    probability = np.array([0.9, 0.9, 0.9, 0.5, 0.5, 0.4, 0.3, 0.2, 0.1, 0.1])
    assert deciles_of(probability).tolist() == [1, 1, 1, 4, 4, 6, 7, 8, 9, 9]


def test_a_bin_of_the_rules_is_never_sure() -> None:
    scores = np.array([5, 5, 15, 15, 25.0, 15])
    outcomes = np.array([False, False, True, True, True, False])
    is_training = np.array([True, True, True, True, False, False])
    found = rule_probability(scores, outcomes, is_training, 10)
    assert found == pytest.approx([0.5 / 3, 0.5 / 3, 2.5 / 3, 2.5 / 3, 0.5, 2.5 / 3])
