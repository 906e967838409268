"""Every analysis runs without vars, with the columns that it says.

The figures of the what-if analyses are those of real rebuilds.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path

import pandas
import pytest
from statsmodels.stats.proportion import proportion_confint

from lead_qualification.warehouse import PROJECT, Warehouse
from lead_qualification.yaml_text import from_yaml
from python_checks.dbt_process import Command, DbtProcess
from python_checks.tests.build.edited_demo import edited_demo, more_points, other_profile
from python_checks.tests.builds import Builds
from python_checks.tests.tables import POLICY

FOLDER = PROJECT / "analyses"
ANALYSES = sorted(path.stem for path in FOLDER.glob("*.sql"))
OTHER_VARS = {
    "what_if_step": 25,
    "what_if_model": "guide",
    "what_if_signal": "email_bounce",
    "what_if_points": -30,
    "what_if_profile": "no_such_profile",
}
Z_ERROR = 1e-6


@pytest.fixture(scope="module")
def demos(builds: Builds) -> dict[str, Future[Warehouse]]:
    """The demo with the edits of the policy that the defaults ask about."""
    edits = (more_points, other_profile)
    return {edit.__name__: edited_demo(builds, edit) for edit in edits}


@pytest.fixture(scope="module")
def by_default(demo: Warehouse, dbt: DbtProcess) -> dict[str, str]:
    """The SQL of each analysis without vars."""
    return compiled(demo, dbt, {})


@pytest.fixture(scope="module")
def by_other_vars(demo: Warehouse, dbt: DbtProcess) -> dict[str, str]:
    """The SQL of each analysis with other vars."""
    return compiled(demo, dbt, OTHER_VARS)


def compiled(warehouse: Warehouse, dbt: DbtProcess, variables: dict[str, object]) -> dict[str, str]:
    """The SQL of each analysis, compiled by dbt."""
    folder = Path(f"{warehouse.environment['LEAD_DB_PATH']}.target")
    ended = dbt.run(
        Command(
            name="compile",
            target="duckdb",
            environment=dict(warehouse.environment),
            variables=variables,
            arguments=("--select", "path:analyses"),
            folder=str(folder),
        )
    )
    assert ended.is_success, ended.printed
    paths = (folder / "compiled" / "lead_qualification" / "analyses").glob("*.sql")
    return {path.stem: path.read_text(encoding="utf-8") for path in paths}


def policy(table: str) -> pandas.DataFrame:
    """A policy table."""
    return pandas.read_csv(POLICY / f"{table}.csv")


def primary_histories(warehouse: Warehouse) -> pandas.DataFrame:
    """Rows of the score history that are not projections, of primary models, with the stages."""
    history = warehouse.table("lead_score_history")
    stages = warehouse.table("lead_stages")[["lead_id", "scoring_model", "opportunity_at", "as_of"]]
    return history[~history["is_projected"]].merge(stages, on=["lead_id", "scoring_model"])


@pytest.mark.parametrize("analysis", ANALYSES)
def test_runs_without_vars(analysis: str, by_default: dict[str, str], demo: Warehouse) -> None:
    """It has rows, and the documented columns in their order."""
    documented = from_yaml((FOLDER / "analyses.yml").read_text(encoding="utf-8"))["analyses"]
    (columns,) = (entry["columns"] for entry in documented if entry["name"] == analysis)
    rows = demo.read(by_default[analysis])
    assert not rows.empty
    assert list(rows.columns) == [column["name"] for column in columns]


@pytest.mark.parametrize("analysis", ANALYSES)
def test_begins_with_its_question_and_how_to_ask_it(analysis: str) -> None:
    lines = (FOLDER / f"{analysis}.sql").read_text(encoding="utf-8").splitlines()
    head = [line for line in lines if line.startswith("--")]
    assert head[0].endswith("?")
    assert any("dbt show" in line and f"--select {analysis}" in line for line in head)


@pytest.mark.nightly
def test_what_if_points_is_what_a_rebuild_says(
    demos: dict[str, Future[Warehouse]], by_default: dict[str, str], demo: Warehouse
) -> None:
    """Bands and scores of the model are those of a build with the edited row."""
    columns = ["lead_id", "is_primary", "score", "score_band"]
    then, now = (
        warehouse.table("lead_scores").query("scoring_model == 'guide'")[columns]
        for warehouse in (demos["more_points"].result(), demo)
    )
    pairs = now.merge(then, on=["lead_id", "is_primary"], suffixes=("", "_then"))
    pairs["change"] = pairs["score_then"] - pairs["score"]
    expected = {
        bands: (
            len(rows),
            int(rows["is_primary"].sum()),
            int((rows["change"] != 0).sum()),
            pytest.approx(rows["change"].mean(), abs=0.0001),
        )
        for bands, rows in pairs.groupby(["score_band", "score_band_then"])
    }
    assert any(now_band != then_band for now_band, then_band in expected)
    rows = demo.read(by_default["what_if_points"]).set_index(["score_band", "score_band_then"])
    figures = ["leads", "leads_of_primary", "scores_changed", "mean_change"]
    assert {bands: tuple(row) for bands, row in rows[figures].iterrows()} == expected


def test_what_if_points_of_a_penalty(by_other_vars: dict[str, str], demo: Warehouse) -> None:
    """Every bounce takes 20 points more, after the multiplier, down to the lowest score."""
    was = policy("signal_points").set_index(["scoring_model", "signal"])["points"]
    more = OTHER_VARS["what_if_points"] - was["guide", "email_bounce"]
    scores = demo.table("lead_scores").query("scoring_model == 'guide'").set_index("lead_id")
    ledger = demo.table("lead_score_contributions").query(
        "scoring_model == 'guide' and item == 'email_bounce'"
    )
    bounces = ledger.groupby("lead_id").size().reindex(scores.index, fill_value=0)
    points = scores["fit_points"] + scores["behaviour_points"] + scores["intent_points"]
    then = points * scores["recency_multiplier"] + scores["penalty_points"] + more * bounces
    bands = policy("score_bands").query("scoring_model == 'guide'").sort_values("min_score")
    expected = Counter(
        (band, bands[bands["min_score"] <= score]["score_band"].iloc[-1])
        for band, score in zip(scores["score_band"], then.clip(lower=0).round(4), strict=True)
    )
    rows = demo.read(by_other_vars["what_if_points"])
    found = rows.set_index(["score_band", "score_band_then"])
    assert found["leads"].to_dict() == dict(expected)
    assert found["scores_changed"].sum() == int(
        (then.clip(lower=0).round(4) != scores["score"]).sum()
    )
    assert found["scores_changed"].sum() > 0


@pytest.mark.parametrize("asked", ["by_default", "by_other_vars"])
def test_what_if_threshold_is_what_the_history_says(
    asked: str, request: pytest.FixtureRequest, demo: Warehouse
) -> None:
    """The first crossing of each lead, and what came of it in time, counted lead by lead."""
    sql = request.getfixturevalue(asked)["what_if_threshold"]
    histories = primary_histories(demo)
    window = timedelta(
        days=int(
            policy("lifecycle_settings").set_index("setting")["value"]["conversion_window_days"]
        )
    )
    rows = demo.read(sql)
    assert rows["mature_leads"].max() > 0
    assert rows["leads_with_opportunity_before"].max() > 0
    for row in rows.itertuples():
        reached = histories[
            (histories["scoring_model"] == row.scoring_model)
            & (histories["score"] >= row.threshold)
        ]
        first = reached.sort_values("valid_from").groupby("lead_id").first()
        before = first["opportunity_at"] < first["valid_from"]
        due = first["valid_from"] + window
        mature = (due <= first["as_of"]) & ~before
        converted = mature & (first["opportunity_at"] <= due)
        assert (
            row.leads,
            row.leads_with_opportunity_before,
            row.mature_leads,
            row.converted,
        ) == (len(first), before.sum(), mature.sum(), converted.sum())
        if row.mature_leads:
            bounds = proportion_confint(row.converted, row.mature_leads, method="wilson")
            assert row.conversion_rate == pytest.approx(row.converted / row.mature_leads, abs=1e-9)
            assert (row.conversion_low, row.conversion_high) == pytest.approx(bounds, abs=Z_ERROR)


@pytest.mark.parametrize(("asked", "step"), [("by_default", 10), ("by_other_vars", 25)])
def test_what_if_threshold_has_the_steps_and_the_current_one(
    asked: str, step: int, request: pytest.FixtureRequest, demo: Warehouse
) -> None:
    """Steps up to the highest score that a lead of the model ever had."""
    rows = demo.read(request.getfixturevalue(asked)["what_if_threshold"])
    highest = primary_histories(demo).groupby("scoring_model")["score"].max()
    bands = policy("score_bands").query("score_level != 'low'")
    current = bands.groupby("scoring_model")["min_score"].min()
    for model, found in rows.groupby("scoring_model"):
        steps = set(range(step, int(highest[model]) + 1, step))
        assert set(found["threshold"].astype(int)) == steps | {current[model]}
        assert found[found["is_current"]]["threshold"].tolist() == [current[model]]
    assert set(rows["scoring_model"]) == {"guide", "cold_email"}


@pytest.mark.nightly
def test_what_if_profile_is_what_a_rebuild_says(
    demos: dict[str, Future[Warehouse]], by_default: dict[str, str], demo: Warehouse
) -> None:
    """The gates of the main pair that its score opens, before and after the edit of the rules."""
    rows = demo.read(by_default["what_if_profile"]).set_index("motion")
    for warehouse, suffix in ((demo, "open"), (demos["other_profile"].result(), "then")):
        open_gates = warehouse.read(
            "select motion, count(*) as leads, count(*) filter (is_mql_gate_open) as mql_gate, "
            "count(*) filter (is_sql_gate_open or is_sql_gate_held_back) as sql_gate "
            "from main_marts.lead_stages as leads "
            "left join main_intermediate.int_gate_levels as levels "
            "on leads.lead_id = levels.lead_id and levels.track = 'main' "
            "and levels.valid_from <= leads.as_of and levels.valid_to > leads.as_of group by motion"
        ).set_index("motion")
        assert rows["leads"].to_dict() == open_gates["leads"].to_dict()
        for gate in ("mql_gate", "sql_gate"):
            assert rows[f"{gate}_{suffix}"].to_dict() == open_gates[gate].to_dict()
    assert (rows["mql_gate_then"] < rows["mql_gate_open"]).all()


def test_what_if_profile_of_none_that_exists(
    by_other_vars: dict[str, str], demo: Warehouse
) -> None:
    """No rows, rather than gates that are all closed."""
    assert demo.read(by_other_vars["what_if_profile"]).empty
