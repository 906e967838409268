"""What next_band promises comes true: the signal happens, and the rebuilt score is that score."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pandas as pd
import pytest

from lead_qualification.warehouse import PROJECT, Warehouse
from python_checks.tests.build.test_demo import DEMO_AS_OF
from python_checks.tests.builds import Builds

PATHS = {
    "website_visit": "/",
    "pricing_page_visit": "/pricing",
    "competitor_comparison_visit": "/compare/other",
}
"""A page whose view is the signal and nothing else, by signal."""
EACH = 8
"""So many leads of each signal, or as many as there are."""


@pytest.fixture(scope="module")
def promised(demo: Warehouse) -> pd.DataFrame:
    """Some rows of next_band, of leads whose model no first visit changes, by lead."""
    rows = demo.table("next_band")
    rows = rows[rows["signal"].isin(list(PATHS)) & (rows["scoring_model"] == "guide")]
    return rows.sort_values("lead_id").groupby("signal").head(EACH).set_index("lead_id")


@pytest.fixture(scope="module")
def come_true(
    promised: pd.DataFrame, builds: Builds, tmp_path_factory: pytest.TempPathFactory
) -> pd.DataFrame:
    """The main scores of these leads, by lead, after each has had its signal."""
    raw = tmp_path_factory.mktemp("next_band")
    for path in (PROJECT / "seeds" / "demo").glob("demo_*.csv"):
        shutil.copy(path, raw / path.name.removeprefix("demo_"))
    add_visits(raw / "web_events.csv", promised["signal"].to_dict())
    built = builds.build(raw, DEMO_AS_OF, arguments=("--select", "+lead_scores"))
    scores = built.table("lead_scores")
    return scores[scores["is_primary"]].set_index("lead_id").loc[promised.index]


def add_visits(path: Path, signals: dict[str, str]) -> None:
    """Append a page view at the clock of the demo for each lead."""
    with path.open(encoding="utf-8", newline="") as lines:
        columns = next(csv.reader(lines))
    with path.open("a", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, columns, restval="", lineterminator="\n")
        for lead_id, signal in signals.items():
            writer.writerow(
                {
                    "event_id": f"added-{lead_id}",
                    "lead_id": lead_id,
                    "event_name": "page_view",
                    "page_path": PATHS[signal],
                    "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/138.0",
                    "occurred_at": str(DEMO_AS_OF),
                    "received_at": str(DEMO_AS_OF),
                }
            )


@pytest.mark.nightly
def test_leads_of_each_signal_are_looked_at(promised: pd.DataFrame) -> None:
    """Also dormant ones, which the signal awakes, and such that are awake."""
    assert set(promised["signal"]) == set(PATHS)
    assert (promised["score"] > promised["score_after"] / 2).any()
    assert (promised["score"] < promised["score_after"] / 2).any()


@pytest.mark.nightly
@pytest.mark.parametrize(("after", "now"), [("score_after", "score"), ("band_after", "score_band")])
def test_the_rebuilt_score_is_the_promised_one(
    promised: pd.DataFrame, come_true: pd.DataFrame, after: str, now: str
) -> None:
    """To the digit, and in the band that was named."""
    assert come_true[now].to_dict() == promised[after].to_dict()


def test_every_lead_with_a_score_has_a_row(demo: Warehouse) -> None:
    """Also those that no signal lifts, and each signal leads to a higher score."""
    rows, scores = demo.table("next_band"), demo.table("lead_scores")
    assert sorted(rows["lead_id"]) == sorted(scores.loc[scores["is_primary"], "lead_id"])
    assert rows["signal"].isna().any()
    lifted = rows[rows["signal"].notna()]
    assert (lifted["score_after"] > lifted["score"]).all()
