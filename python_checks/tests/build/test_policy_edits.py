"""Editing a CSV of the policy changes exactly the outcome that it should, with no SQL touched.

A small scenario is built with the policy as it stands and with one edit each. The leads whose rows
differ are the ones that the edit is about. Its clock stands at 30 September 00:00.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.building import add_policy_row, edit_policy
from python_checks.compare import compare_tables, normal
from python_checks.tests.build.scenarios import Scenario
from python_checks.tests.builds import Builds
from python_checks.tests.tables import KEYS, POLICY, all_differences, reference_of, shown
from python_checks.worlds import WORLDS_AS_OF, generate_worlds

pytestmark = pytest.mark.nightly

LEAD_TABLES = ("lead_score_history", "lead_scores", "lead_stage_history", "lead_stages")
UP_TO_CHANNELS = (
    "--select",
    *("+lead_score_history", "+lead_scores", "+lead_stages", "+channel_conversion"),
)
MODELS = ("leadsuite", "como", "ooligo")
WORLDS_IN_ALL_MODELS = 60
SMALL_SAMPLES = {
    "minimum_sample": "3",
    "conversion_window_days": "45",
    "calibration_bin_points": "7",
    "threshold_target_rate": "0.17",
    "negligible_lift": "2.5",
}


def scenario() -> Scenario:
    """Four leads, one for each edit, and one that no edit is about."""
    told = Scenario()
    told.lead("visitor")
    told.visit("visitor", "2026-09-28 09:00:00")
    told.lead("reader")
    told.activity("reader", "2026-09-28 09:00:00", "content_download")
    told.lead("called")
    told.activity("called", "2026-09-10 09:00:00", "demo_request")
    told.sales("called", "2026-09-20 09:00:00", "call", "no_answer")
    told.lead("listener", lead_source="Carrier Pigeon")
    told.lead("bystander")
    told.mail("bystander", "2026-09-28 09:00:00", "unsubscribed")
    return told


def more_points(project: Path) -> None:
    """A pricing page is worth 20 points, not 15."""
    match = {"scoring_model": "guide", "signal": "pricing_page_visit"}
    edit_policy(project, "signal_points", match, {"points": "20"})


def higher_threshold(project: Path) -> None:
    """An MQL of the profile standard needs 68 points, not 31."""
    edit_policy(project, "qualification_profiles", {"profile": "standard"}, {"mql_min_score": "68"})


def shorter_timer(project: Path) -> None:
    """A contacted lead has 7 days to answer, not 14."""
    edit_policy(project, "stage_timers", {"stage": "sql_contacted"}, {"after_days": "7"})


def new_channel(project: Path) -> None:
    """Carrier pigeons are a channel of their own."""
    row = {"lead_source": "Carrier Pigeon", "channel": "audio", "motion": "inbound"}
    add_policy_row(project, "channels", row | {"intent_class": "content"})


EDITS = (more_points, higher_threshold, shorter_timer, new_channel)


def all_models(project: Path) -> None:
    """Every scoring model is active, and inbound leads are qualified by leadsuite's."""
    for name in MODELS:
        edit_policy(project, "scoring_models", {"scoring_model": name}, {"is_active": "true"})
    change = {"scoring_model": "leadsuite", "profile": "leadsuite"}
    edit_policy(project, "model_assignment", {"track": "main", "motion": ""}, change)


def many_verdicts(project: Path) -> None:
    """Every model is active, and small samples are enough for a verdict."""
    all_models(project)
    for setting, value in SMALL_SAMPLES.items():
        edit_policy(project, "lifecycle_settings", {"setting": setting}, {"value": value})
    edit_policy(project, "stages", {"stage": "mql"}, {"max_days": "10"})


@pytest.fixture(scope="module")
def submitted(
    tmp_path_factory: pytest.TempPathFactory, builds: Builds
) -> dict[str, Future[Warehouse]]:
    """The builds of the scenario: with the policy as it stands, and with each edit."""
    raw = scenario().write(tmp_path_factory.mktemp("policy_scenario"))

    def submit(edit: Callable[[Path], None] | None) -> Future[Warehouse]:
        return builds.submit(raw, WORLDS_AS_OF, edit=edit, arguments=UP_TO_CHANNELS)

    return {"none": submit(None)} | {edit.__name__: submit(edit) for edit in EDITS}


def leads_that_differ(before: Warehouse, after: Warehouse, table: str) -> set[str]:
    """The leads of which a table says something else after an edit."""
    old, new = before.table(table), after.table(table)
    return {
        lead_id
        for lead_id in set(old["lead_id"]) | set(new["lead_id"])
        if compare_tables(
            old[old["lead_id"] == lead_id], new[new["lead_id"] == lead_id], KEYS[table]
        )
    }


def row_of(warehouse: Warehouse, table: str, lead_id: str) -> dict[str, object]:
    """The last row of a lead in a table."""
    rows = warehouse.table(table).sort_values(KEYS[table])
    found = rows[rows["lead_id"] == lead_id].to_dict("records")[-1]
    return {name: normal(value) for name, value in found.items()}


@pytest.mark.parametrize(
    ("edit", "lead_id", "tables"),
    [
        ("more_points", "visitor", {"lead_score_history", "lead_scores"}),
        ("higher_threshold", "reader", {"lead_stage_history", "lead_stages"}),
        ("shorter_timer", "called", {"lead_scores", "lead_stage_history", "lead_stages"}),
        ("new_channel", "listener", {"lead_stages"}),
    ],
)
def test_edit_changes_one_lead(
    submitted: dict[str, Future[Warehouse]], edit: str, lead_id: str, tables: set[str]
) -> None:
    """The edit shows in the tables that it is about, there for its lead, and nowhere else."""
    before, after = submitted["none"].result(), submitted[edit].result()
    changed = {table: leads_that_differ(before, after, table) for table in LEAD_TABLES}
    assert changed == {table: {lead_id} if table in tables else set() for table in LEAD_TABLES}


def test_more_points(submitted: dict[str, Future[Warehouse]]) -> None:
    """(40 + 15) x 1.5 becomes (40 + 20) x 1.5."""
    scores = [
        row_of(submitted[edit].result(), "lead_scores", "visitor")["score"]
        for edit in ("none", "more_points")
    ]
    assert scores == [82.5, 90]


def test_higher_threshold(submitted: dict[str, Future[Warehouse]]) -> None:
    """(40 + 5) x 1.5 = 67.5 is an MQL at 31, not at 68."""
    stages = [
        row_of(submitted[edit].result(), "lead_stages", "reader")["stage"]
        for edit in ("none", "higher_threshold")
    ]
    assert stages == ["mql", "lead"]


def test_shorter_timer(submitted: dict[str, Future[Warehouse]]) -> None:
    """The call of 20 September has no answer by the 27th; the displayed score falls by 25."""
    before, after = submitted["none"].result(), submitted["shorter_timer"].result()
    assert row_of(before, "lead_stages", "called")["stage"] == "sql_contacted"
    entry = row_of(after, "lead_stage_history", "called")
    assert (entry["stage"], entry["entered_by"], entry["entered_at"], entry["cooldown_until"]) == (
        "mql",
        "sql_no_response",
        datetime(2026, 9, 27, 9),
        datetime(2026, 10, 27, 9),
    )
    score = row_of(after, "lead_scores", "called")
    assert (score["score"], score["adjusted_score"]) == (84, 59)


def test_new_channel(submitted: dict[str, Future[Warehouse]]) -> None:
    """A source that no row knew had the channel unknown; now the funnel shows its own."""
    channels = [
        dict(submitted[edit].result().table("channel_conversion")[["channel", "leads"]].values)
        for edit in ("none", "new_channel")
    ]
    assert channels == [{"inbound": 4, "unknown": 1}, {"inbound": 4, "audio": 1}]


def test_models_that_are_switched_on_score(
    tmp_path_factory: pytest.TempPathFactory, builds: Builds
) -> None:
    """All five score, another one is the primary, and every table agrees with the reference."""
    raw = tmp_path_factory.mktemp("worlds_in_all_models")
    generate_worlds(WORLDS_IN_ALL_MODELS, 5, raw)
    built = builds.submit(raw, WORLDS_AS_OF, edit=many_verdicts)
    project = tmp_path_factory.mktemp("edited_policy")
    policy = shutil.copytree(POLICY, project / "seeds" / "policy")
    many_verdicts(project)
    reference = reference_of(raw, WORLDS_AS_OF, policy)
    assert {row["scoring_model"] for row in reference["lead_stages"]} == {"leadsuite", "cold_email"}
    found = {row["scoring_model"] for row in reference["lead_scores"]}
    assert found == {"guide", "cold_email", *MODELS}
    lines = [line for one in all_differences(reference, built.result()).values() for line in one]
    assert not lines, shown(lines)
    assert any(row["over_max_stays"] for row in reference["stage_durations"])
