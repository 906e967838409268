"""The tables of model quality find effects that were planted, and nothing where none were.

Three companies of the generator, the same except for what is planted (see `generator.planted`):
with effects on the chance of an opportunity, with drifts, and with none. What was planted is a
ratio of chances, so an interval of a lift says whether it was found.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from lead_qualification.generator import Planted, effects, generate
from lead_qualification.generator.planted import (
    CHANNEL,
    EFFECTS,
    FIRST_STEP,
    NULL_SIGNAL,
    SIGNAL,
    THEN_STEP,
)
from lead_qualification.generator.writing import write
from lead_qualification.warehouse import Warehouse
from python_checks.building import add_policy_row, drop_policy_rows, edit_policy
from python_checks.tests.builds import Builds

pytestmark = pytest.mark.nightly

LEADS, SEED, MONTHS = 5000, 1, 24
AS_OF = datetime(2026, 6, 30, 23, 59, 59)
PLANTED = {
    "effects": ("signal", "sequence", "channel", "fit"),
    "drift": ("rate_drift", "score_drift"),
    "none": (),
}
TABLES = (
    "signal_lift",
    "pattern_lift",
    "model_monitor",
    "model_comparison",
    "score_calibration",
    "prediction_features",
)
SEQUENCE, REVERSED = "planted_sequence", "planted_reverse"
ENOUGH = 30  # minimum_sample of lifecycle_settings.csv
FEWEST_CONVERTED = 500
SILENT = {"unclear", "insufficient_data"}
STEADY = {"stable", "insufficient_data"}
NORMAL_95 = 1.959964


def edit_planted(project: Path) -> None:
    """Let marketing alone say who is an MQL, and make both orders of the steps derived signals."""
    for event in ("mql_trigger", "high_intent_action"):
        drop_policy_rows(project, "profile_triggers", {"event": event})
    shut = {"opens_mql_gate": "false", "opens_sql_gate": "false"}
    edit_policy(project, "qualification_matrix", {"profile": ""}, shut)
    for pattern, first, then in (
        (SEQUENCE, FIRST_STEP, THEN_STEP),
        (REVERSED, THEN_STEP, FIRST_STEP),
    ):
        row = {"signal": pattern, "kind": "sequence", "from_signals": first}
        row |= {"then_signal": then, "within_hours": "24", "description": "Planted"}
        add_policy_row(project, "derived_signals", row)
        kind = {"signal": pattern, "origin": "first_party", "is_engagement": "false"}
        kind |= {"is_meaningful": "false", "is_high_intent": "false"}
        add_policy_row(project, "signals", kind)


@pytest.fixture(scope="module")
def submitted(
    tmp_path_factory: pytest.TempPathFactory, builds: Builds
) -> dict[str, Future[Warehouse]]:
    """The builds of the companies, by what is planted."""

    def submit(names: Iterable[str]) -> Future[Warehouse]:
        raw = tmp_path_factory.mktemp("planted")
        tables = generate(LEADS, SEED, AS_OF, MONTHS, planted=Planted.of(names))
        for name, table in tables.items():
            write(table, raw / f"{name}.csv")
        selection = ("--select", *(f"+{table}" for table in TABLES))
        return builds.submit(raw, AS_OF, edit=edit_planted, arguments=selection)

    return {world: submit(names) for world, names in PLANTED.items()}


def table_of(submitted: dict[str, Future[Warehouse]], world: str, table: str) -> pd.DataFrame:
    """A public table of a company."""
    return submitted[world].result().table(table)


def lift_row(submitted: dict[str, Future[Warehouse]], world: str, name: str) -> pd.Series:
    """The row of a signal (of the guide's model) or of a pattern, by its name."""
    if name in (SEQUENCE, REVERSED):
        return table_of(submitted, world, "pattern_lift").set_index("pattern").loc[name]
    rows = table_of(submitted, world, "signal_lift")
    return rows[rows["scoring_model"] == "guide"].set_index("signal").loc[name]


def mature_points(submitted: dict[str, Future[Warehouse]], world: str) -> pd.DataFrame:
    """The evaluation points whose outcome is known, by lead_id."""
    points = table_of(submitted, world, "evaluation_points").set_index("lead_id")
    return points[points["is_mature"]]


def ratio_interval(with_it: pd.Series, without: pd.Series) -> tuple[float, float]:
    """Katz's 95 % interval of the ratio of two rates, from their outcomes (booleans)."""
    a, b, n, m = with_it.sum(), without.sum(), len(with_it), len(without)
    width = NORMAL_95 * math.sqrt(1 / a - 1 / n + 1 / b - 1 / m)
    ratio = (a / n) / (b / m)
    return ratio * math.exp(-width), ratio * math.exp(width)


def months_of(
    submitted: dict[str, Future[Warehouse]], world: str, verdict: str, since: int
) -> tuple[list[str], list[str]]:
    """The verdicts of the guide's months that have one: before a drift, and since it.

    since: how many months before that of as_of the drift begins.
    """
    rows = table_of(submitted, world, "model_monitor").sort_values("month")
    rows = rows[(rows["scoring_model"] == "guide") & (rows[verdict] != "insufficient_data")]
    begins = (pd.Timestamp(AS_OF).to_period("M") - since).start_time
    is_late = pd.to_datetime(rows["month"]) >= begins
    return list(rows.loc[~is_late, verdict]), list(rows.loc[is_late, verdict])


def test_there_are_enough_outcomes(submitted: dict[str, Future[Warehouse]]) -> None:
    """A prediction on so many may act, and every planted thing has leads with and without it."""
    assert mature_points(submitted, "effects")["is_converted"].sum() >= FEWEST_CONVERTED
    for name in (SIGNAL, NULL_SIGNAL, FIRST_STEP, THEN_STEP, SEQUENCE, REVERSED):
        row = lift_row(submitted, "effects", name)
        assert min(row["leads_with"], row["leads_without"]) >= ENOUGH, name


@pytest.mark.parametrize(
    ("name", "planted"),
    [(SIGNAL, effects.PLANTED_SIGNAL), (SEQUENCE, effects.PLANTED_SEQUENCE)],
)
def test_planted_lift_is_found(
    submitted: dict[str, Future[Warehouse]], name: str, planted: float
) -> None:
    """The interval of the lift holds what was planted, and the verdict is certain."""
    row = lift_row(submitted, "effects", name)
    assert row["verdict"] == "predicts_more"
    assert 1 < row["lift_low"] < planted < row["lift_high"]


def test_signal_that_predicts_should_get_points(submitted: dict[str, Future[Warehouse]]) -> None:
    """The guide gives the planted signal no points; the table says to raise them."""
    row = lift_row(submitted, "effects", SIGNAL)
    assert (row["current_points"], row["suggestion"]) == (0, "raise")


def test_random_signal_beside_effects_is_silent(submitted: dict[str, Future[Warehouse]]) -> None:
    """A signal given at random predicts nothing, whatever else does."""
    row = lift_row(submitted, "effects", NULL_SIGNAL)
    assert (row["verdict"], row["suggestion"]) == ("unclear", "keep")
    assert row["lift_low"] < 1 < row["lift_high"]


def test_other_order_is_silent(submitted: dict[str, Future[Warehouse]]) -> None:
    """The two steps the other way round predict nothing, though the sequence does."""
    assert lift_row(submitted, "effects", REVERSED)["verdict"] == "unclear"


@pytest.mark.parametrize(
    "feature", [f"count:{FIRST_STEP}", f"count:{THEN_STEP}", f"pattern:{REVERSED}"]
)
def test_parts_of_the_sequence_do_nothing(
    submitted: dict[str, Future[Warehouse]], feature: str
) -> None:
    """Leads with a step, or both reversed, but not the sequence convert as those with neither."""
    points = mature_points(submitted, "effects")
    features = table_of(submitted, "effects", "prediction_features")

    def having(*names: str) -> pd.Series:
        found = features.loc[features["feature"].isin(names), "lead_id"]
        return points.index.isin(found)

    part = having(feature) & ~having(f"pattern:{SEQUENCE}")
    neither = ~having(f"count:{FIRST_STEP}", f"count:{THEN_STEP}")
    assert part.sum() >= ENOUGH
    converted = points["is_converted"]
    low, high = ratio_interval(converted[part], converted[neither])
    assert low < 1 < high


def test_planted_channel_converts_twice_as_well(submitted: dict[str, Future[Warehouse]]) -> None:
    """The interval of its ratio to all others holds 2, and not 1; without an effect it holds 1."""
    found = {}
    for world in ("effects", "none"):
        points = mature_points(submitted, world)
        is_planted = points["channel"] == CHANNEL
        found[world] = ratio_interval(
            points.loc[is_planted, "is_converted"], points.loc[~is_planted, "is_converted"]
        )
    assert 1 < found["effects"][0] < effects.PLANTED_CHANNEL < found["effects"][1]
    assert found["none"][0] < 1 < found["none"][1]


def test_rate_rises_with_a_score_that_predicts(submitted: dict[str, Future[Warehouse]]) -> None:
    """With an effect of the fit, of which the score is made, higher bins convert better."""
    bins = table_of(submitted, "effects", "score_calibration")
    bins = bins[(bins["scoring_model"] == "guide") & (bins["leads"] >= ENOUGH)]
    ranks = bins[["bin_from", "conversion_rate"]].rank()
    assert ranks["bin_from"].corr(ranks["conversion_rate"]) > 0.5


@pytest.mark.parametrize(("world", "predicts"), [("effects", True), ("none", False)])
def test_auc_tells_a_score_that_predicts(
    submitted: dict[str, Future[Warehouse]], world: str, predicts: bool
) -> None:
    """The interval of the AUC is above a half where the score predicts, and holds it elsewhere."""
    rows = table_of(submitted, world, "model_comparison")
    (row,) = rows[rows["is_champion"] & (rows["champion"] == "guide")].to_dict("records")
    assert row["auc_high"] > 0.5
    assert (row["auc_low"] > 0.5) == predicts


@pytest.mark.parametrize(
    ("verdict", "since"),
    [
        ("score_verdict", effects.SCORE_DRIFT_MONTHS),
        ("rate_verdict", effects.RATE_DRIFT_MONTHS),
    ],
)
def test_drift_is_flagged_from_its_first_month(
    submitted: dict[str, Future[Warehouse]], verdict: str, since: int
) -> None:
    """The first month of the drift is higher, and most after it; none before it is anything.

    A month is judged against all before it, so that months of the drift make later ones less odd.
    """
    before, after = months_of(submitted, "drift", verdict, since)
    assert set(before) == {"stable"}
    assert after[0] == "higher"
    assert set(after) <= {"higher", "stable"}
    assert after.count("higher") > len(after) / 2


@pytest.mark.parametrize("world", ["effects", "none"])
@pytest.mark.parametrize("verdict", ["score_verdict", "rate_verdict"])
def test_no_drift_is_flagged_where_there_is_none(
    submitted: dict[str, Future[Warehouse]], world: str, verdict: str
) -> None:
    """No month of any model differs from those before it."""
    found = set(table_of(submitted, world, "model_monitor")[verdict])
    assert "stable" in found
    assert found <= STEADY


@pytest.mark.parametrize("table", ["signal_lift", "pattern_lift"])
def test_nothing_predicts_where_nothing_is_planted(
    submitted: dict[str, Future[Warehouse]], table: str
) -> None:
    """No signal and no pattern, of dozens that are looked at."""
    found = set(table_of(submitted, "none", table)["verdict"])
    assert "unclear" in found
    assert found <= SILENT


def test_effects_on_chances_change_only_the_deals() -> None:
    """People, events and sales work are those of a company in which nothing is planted."""
    names = set(EFFECTS) - {"score_drift"}
    none, some = (generate(200, 3, AS_OF, 6, planted=Planted.of(known)) for known in ((), names))
    for tables in (none, some):
        del tables["leads"]["crm_lifecycle_stage"]  # the CRM shows there who has a deal
    moved = {name for name in none if not none[name].equals(some[name])}
    assert moved == {"opportunities", "opportunity_contacts"}


def test_unknown_effect_is_named() -> None:
    """A wrong name is an error that says which there are."""
    with pytest.raises(LookupError, match=r"no such effect: luck; choose of signal, "):
        Planted.of(["luck"])
