"""The figures of the reference agree with well-known libraries, on seeded random data."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, ttest_ind
from sklearn.metrics import brier_score_loss, roc_auc_score
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportions_ztest,
)

from python_checks.reference.attribution import MODELS, exact_shares, shares
from python_checks.reference.feedback import ratio_interval
from python_checks.reference.funnel import (
    DIMENSIONS,
    FunnelLead,
    Z,
    channel_conversion,
    funnel_conversion,
    funnel_weekly,
    wilson,
)
from python_checks.reference.measures import (
    Outcome,
    auc,
    auc_interval,
    brier_score,
    mean,
    means_z,
    proportions_z,
    stability_index,
    top_decile_lift,
    top_decile_rate,
)
from python_checks.reference.policy import load_policy
from python_checks.reference.sla_reports import percentile
from python_checks.tests.tables import POLICY

SEED = 20260701
AS_OF = datetime(2026, 8, 1)
CASES = 300
ALPHA_OF_Z = 2 * norm.sf(float(Z))
"""The error probability whose normal quantile is the rounded Z of the specification."""
EXACTLY = {"rel": 1e-10, "abs": 1e-12}
"""As far as double precision goes."""
AS_Z_IS_ROUNDED = {"rel": 1e-6, "abs": 1e-6}
"""Z = 1.959964 lies within 2e-8 of the 97.5 % quantile: bounds differ by less than that, but a
lower bound that is nearly 0 by a little more of itself."""


def groups() -> Iterator[tuple[int, int, int, int]]:
    """Random a of n and c of m, small and large groups; a and c may be 0 or all."""
    numbers = random.Random(SEED)
    for _ in range(CASES):
        n, m = (numbers.choice([3, 10, 50, 400, 20_000]) for _ in range(2))
        yield numbers.randint(0, n), n, numbers.randint(0, m), m


def populations() -> Iterator[list[Outcome]]:
    """Random scored leads with many ties and negative scores, of both outcomes."""
    numbers = random.Random(SEED)
    for _ in range(CASES):
        size = numbers.randint(2, 150)
        spread = numbers.choice([2, 10, 120])
        slope = numbers.choice([0, 1, 3])
        scores = [numbers.randint(-spread // 2, spread) for _ in range(size)]
        own = [
            Outcome(Decimal(score) / 2, numbers.random() < 0.3 + slope * 0.2 * score / spread)
            for score in scores
        ]
        own[0] = own[0]._replace(is_converted=True)
        own[1] = own[1]._replace(is_converted=False)
        yield own


def samples() -> Iterator[list[Decimal]]:
    """Random samples of decimals, some of equal values only."""
    numbers = random.Random(SEED)
    for _ in range(CASES):
        digits = numbers.choice([0, 2, 6])
        spread = numbers.choice([0, 5, 1000])
        size = numbers.randint(1, 60)
        yield [Decimal(str(round(numbers.uniform(-spread, spread), digits))) for _ in range(size)]


def as_frame(outcomes: list[Outcome]) -> pd.DataFrame:
    """Scores and outcomes as numbers."""
    return pd.DataFrame(
        {
            "score": [float(outcome.score) for outcome in outcomes],
            "converted": [int(outcome.is_converted) for outcome in outcomes],
        }
    )


def floats(values: list[Decimal]) -> list[float]:
    """Decimals as floats."""
    return [float(value) for value in values]


# Rates and intervals


def test_rounded_z_is_the_quantile_of_95_percent():
    assert float(Z) == pytest.approx(norm.ppf(0.975), abs=2e-8)


def test_wilson_interval_is_that_of_statsmodels():
    for a, n, _, _ in groups():
        found = floats(wilson(a, n))
        with_same_z = proportion_confint(a, n, alpha=ALPHA_OF_Z, method="wilson")
        assert found == pytest.approx(with_same_z, **EXACTLY)
        usual = proportion_confint(a, n, alpha=0.05, method="wilson")
        assert found == pytest.approx(usual, **AS_Z_IS_ROUNDED)


def test_interval_of_a_ratio_is_that_of_katz():
    compared = 0
    for a, n, c, m in groups():
        if a == 0 or c == 0:
            continue
        wanted = confint_proportions_2indep(
            a, n, c, m, method="log", compare="ratio", alpha=ALPHA_OF_Z
        )
        # Where all of both convert its variance is 0, or a rounding error of that size.
        assert floats(ratio_interval(a, n, c, m)) == pytest.approx(wanted, rel=1e-7)
        compared += 1
    assert compared > CASES / 2


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_z_of_two_proportions_is_that_of_statsmodels():
    compared = 0
    for a, n, c, m in groups():
        found = proportions_z(a, n, c, m)
        wanted, _ = proportions_ztest([a, c], [n, m])
        if found is None:
            assert not np.isfinite(wanted)
            continue
        assert float(found) == pytest.approx(wanted, **EXACTLY)
        compared += 1
    assert compared > CASES / 2


# Ranking


def test_auc_is_that_of_scikit_learn():
    for own in populations():
        frame = as_frame(own)
        assert float(auc(own)) == pytest.approx(
            roc_auc_score(frame["converted"], frame["score"]), **EXACTLY
        )


def test_auc_interval_holds_the_truth_in_about_95_of_100_samples():
    # Normal scores one deviation apart: the true area is that of a normal by its root of two.
    numbers = np.random.default_rng(SEED)
    truth = norm.cdf(1 / np.sqrt(2))
    inside = 0
    for _ in range(CASES):
        scores = np.concatenate([numbers.normal(1, 1, 40), numbers.normal(0, 1, 60)])
        own = [Outcome(Decimal(str(s)), number < 40) for number, s in enumerate(scores)]
        low, high = auc_interval(auc(own), 40, 60)
        inside += low <= truth <= high
    assert 0.91 < inside / CASES < 0.99


@pytest.mark.parametrize("bin_points", [5, 10, 25])
def test_brier_score_is_that_of_scikit_learn(bin_points):
    for own in populations():
        frame = as_frame(own)
        bins = np.floor(frame["score"] / bin_points)
        predicted = frame["converted"].groupby(bins).transform("mean")
        assert float(brier_score(own, Decimal(bin_points))) == pytest.approx(
            brier_score_loss(frame["converted"], predicted), **EXACTLY
        )


def test_best_tenth_is_the_mean_over_all_ways_to_break_ties():
    for own in populations():
        frame = as_frame(own)
        size = int(np.ceil(len(frame) / 10))
        # The mean conversion of its score is what a lead is worth in a random order of ties.
        worth = frame.groupby("score")["converted"].transform("mean")
        best = worth[frame["score"].sort_values(ascending=False, kind="stable").index][:size]
        assert float(top_decile_rate(own)) == pytest.approx(best.mean(), **EXACTLY)
        lift = best.mean() / frame["converted"].mean()
        assert float(top_decile_lift(own)) == pytest.approx(lift, **EXACTLY)


# Drift


def test_mean_is_that_of_numpy():
    for values in samples():
        assert float(mean(values)) == pytest.approx(np.mean(floats(values)), rel=1e-9, abs=1e-9)


def test_z_of_two_means_is_the_statistic_of_welch():
    drawn = list(samples())
    compared = 0
    for values, earlier in zip(drawn[::2], drawn[1::2], strict=True):
        found = means_z(values, earlier)
        if found is None:
            is_constant = len(set(values)) == len(set(earlier)) == 1
            assert is_constant or min(len(values), len(earlier)) < 2
            continue
        wanted = ttest_ind(floats(values), floats(earlier), equal_var=False).statistic
        assert float(found) == pytest.approx(wanted, rel=1e-9, abs=1e-9)
        compared += 1
    assert compared > CASES / 4


def test_stability_index_is_the_sum_of_both_relative_entropies():
    numbers = np.random.default_rng(SEED)
    for _ in range(CASES):
        now, before = numbers.integers(0, 80, size=(2, numbers.integers(2, 7)))
        p, q = ((side + 0.5) / (side + 0.5).sum() for side in (now, before))
        wanted = np.sum(p * np.log(p / q)) + np.sum(q * np.log(q / p))
        assert float(stability_index(now.tolist(), before.tolist())) == pytest.approx(
            wanted, **EXACTLY
        )


# Percentiles


@pytest.mark.parametrize("share", ["0", "0.1", "0.25", "0.5", "0.9", "1"])
def test_percentile_is_the_interpolated_one_of_pandas_and_numpy(share):
    for values in samples():
        found = float(percentile(values, Decimal(share)))
        assert found == pytest.approx(np.quantile(floats(values), float(share)), **EXACTLY)
        assert found == pytest.approx(pd.Series(floats(values)).quantile(float(share)), **EXACTLY)


def test_median_is_that_of_pandas():
    for values in samples():
        assert float(percentile(values, Decimal("0.5"))) == pytest.approx(
            pd.Series(floats(values)).median(), **EXACTLY
        )


# Attribution


def pandas_shares(model: str, days: pd.Series) -> pd.Series:
    """The weight of each touch by the sum of the weights, without rounding."""
    place = pd.Series(range(len(days)))
    last = len(days) - 1
    weights = {
        "first_touch": (place == 0) * 1.0,
        "last_touch": (place == last) * 1.0,
        "linear": place * 0 + 1.0,
        "position_based": place.isin([0, last]) * 0.4
        + ~place.isin([0, last]) * (0.2 / max(last - 1, 1)),
        "time_decay": np.exp2((days.min() - days) / 7),
    }[model]
    return weights / weights.sum()


@pytest.mark.parametrize("model", MODELS)
def test_attribution_shares_are_those_of_pandas(model):
    numbers = random.Random(SEED)
    for _ in range(CASES):
        touches = numbers.randint(1, 25)
        days = sorted(
            (Decimal(numbers.randint(0, 90_000_000)) / 1_000_000 for _ in range(touches)),
            reverse=True,
        )
        wanted = pandas_shares(model, pd.Series(floats(days))).to_numpy()
        assert floats(exact_shares(model, days)) == pytest.approx(wanted, **EXACTLY)
        rounded = shares(model, days)
        # Each is rounded by half a unit of the tenth place; one touch takes the remainder.
        assert floats(rounded) == pytest.approx(wanted, rel=0, abs=1e-10 * (touches + 1))
        assert sum(rounded) == 1


# Conversion

STEPS = ("mql_at", "sql_at", "opportunity_at", "customer_at")
WAYS = {
    "mql_to_sql": ("mql_at", "sql_at"),
    "mql_to_won": ("mql_at", "customer_at"),
    "sql_to_opportunity": ("sql_at", "opportunity_at"),
    "sql_to_won": ("sql_at", "customer_at"),
    "opportunity_to_won": ("opportunity_at", "customer_at"),
    "pql_to_sql": ("pql_at", "sql_at"),
    "pql_to_won": ("pql_at", "customer_at"),
}
CHANNELS = ("inbound", "outbound", "events", "partner")


@pytest.fixture(scope="module")
def leads() -> list[FunnelLead]:
    """Leads that take random steps, some skipped and some out of order."""
    numbers = random.Random(SEED)
    found = []
    for _ in range(500):
        first_seen_at = datetime(2026, 1, 1) + timedelta(hours=numbers.randint(0, 180 * 24))
        steps = {
            step: first_seen_at + timedelta(hours=numbers.randint(0, 200))
            if numbers.random() < 0.6
            else None
            for step in (*STEPS, "pql_at")
        }
        members = dict.fromkeys(DIMENSIONS, "all") | {"channel": numbers.choice(CHANNELS)}
        found.append(FunnelLead(members=members, first_seen_at=first_seen_at, **steps))
    return found


@pytest.fixture(scope="module")
def frame(leads: list[FunnelLead]) -> pd.DataFrame:
    """The same leads as a table."""
    columns = ("first_seen_at", "pql_at", *STEPS)
    rows = [{name: getattr(lead, name) for name in columns} | lead.members for lead in leads]
    return pd.DataFrame(rows).astype(dict.fromkeys(columns, "datetime64[us]"))


def assert_rates(row: dict[str, Any], own: pd.DataFrame) -> None:
    """The rates of a row are those of pandas, their intervals those of statsmodels."""
    for name, (start, end) in WAYS.items():
        started = own[own[start].notna()]
        if started.empty:
            assert row[f"{name}_rate"] is row[f"{name}_low"] is row[f"{name}_high"] is None
            continue
        came = started[end] >= started[start]
        assert float(row[f"{name}_rate"]) == pytest.approx(came.mean(), **EXACTLY)
        bounds = [float(row[f"{name}_low"]), float(row[f"{name}_high"])]
        wanted = proportion_confint(came.sum(), len(came), alpha=ALPHA_OF_Z, method="wilson")
        assert bounds == pytest.approx(wanted, **EXACTLY)


def test_rates_of_channels_are_those_of_pandas(leads, frame):
    rows = {row["channel"]: row for row in channel_conversion(leads)}
    assert rows.keys() == set(CHANNELS)
    for channel, own in frame.groupby("channel"):
        assert rows[channel]["leads"] == len(own)
        assert (rows[channel]["mqls"], rows[channel]["customers"]) == (
            own["mql_at"].count(),
            own["customer_at"].count(),
        )
        assert_rates(rows[channel], own)


@pytest.mark.parametrize(("basis", "step"), [("mql", "mql_at"), ("lead", "first_seen_at")])
def test_rates_of_cohorts_are_those_of_pandas(leads, frame, basis, step):
    rows = [
        row
        for row in funnel_conversion(leads, load_policy(POLICY), AS_OF)
        if (row["dimension"], row["cohort_basis"]) == ("channel", basis)
        and row["cohort_month"] is not None
    ]
    by_cohort = {(row["member"], pd.Timestamp(row["cohort_month"])): row for row in rows}
    months = frame[step].dt.to_period("M").dt.start_time
    cohorts = dict(list(frame.groupby(["channel", months])))
    assert by_cohort.keys() == cohorts.keys()
    for cohort, own in cohorts.items():
        assert by_cohort[cohort]["leads"] == len(own)
        share = own["sql_at"].count() / len(own)
        assert float(by_cohort[cohort]["lead_to_sql_rate"]) == pytest.approx(share, **EXACTLY)
        assert_rates(by_cohort[cohort], own)


def test_rates_of_weeks_and_four_weeks_are_those_of_pandas(leads, frame):
    rows = pd.DataFrame(
        row
        for row in funnel_weekly(leads, load_policy(POLICY), AS_OF)
        if row["dimension"] == "overall"
    ).set_index("week_start")
    mqls = frame.dropna(subset="mql_at")
    weeks = mqls["mql_at"].dt.to_period("W-SUN").dt.start_time.dt.date
    came = (mqls["sql_at"] >= mqls["mql_at"]).groupby(weeks).agg(["sum", "count"])
    came = came.reindex(rows.index, fill_value=0)
    assert rows["mqls"].tolist() == came["count"].tolist()
    assert rows["mqls_to_sql"].tolist() == came["sum"].tolist()
    of_four = came.rolling(4, min_periods=1).sum()
    wanted = of_four["sum"] / of_four["count"]
    has_rate = rows["four_week_rate"].notna()
    assert has_rate.tolist() == wanted.notna().tolist()
    assert floats(rows["four_week_rate"][has_rate]) == pytest.approx(
        wanted[has_rate].to_numpy(), **EXACTLY
    )
