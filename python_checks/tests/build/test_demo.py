"""The embedded demo: what a first build shows agrees with the reference and leaves nothing out."""

from __future__ import annotations

import shutil
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from lead_qualification.warehouse import PROJECT, Warehouse
from python_checks.tests.tables import (
    KEYS,
    POLICY,
    WRITTEN_BY_COMMAND,
    all_differences,
    public_tables,
    reference_of,
    shown,
)

DEMO_AS_OF = datetime(2026, 6, 30, 23, 59, 59)
DETOURS = {"long_term_nurture", "disqualified", "suppressed"}


@pytest.fixture(scope="module")
def differences(demo: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Where the tables of the demo differ from the reference."""
    raw = tmp_path_factory.mktemp("demo")
    for path in (PROJECT / "seeds" / "demo").glob("demo_*.csv"):
        shutil.copy(path, raw / path.name.removeprefix("demo_"))
    return all_differences(reference_of(raw, DEMO_AS_OF), demo)


@pytest.fixture(scope="module")
def history(demo: Warehouse) -> pd.DataFrame:
    """The stage history of all leads, in order."""
    return demo.table("lead_stage_history").sort_values(["lead_id", "stage_number"])


def policy(table: str) -> pd.DataFrame:
    """A policy table as text."""
    return pd.read_csv(Path(POLICY) / f"{table}.csv", dtype=str, keep_default_na=False)


@pytest.mark.parametrize("table", [*KEYS, "quarantined_records"])
def test_demo_agrees_with_the_reference(differences: dict[str, list[str]], table: str) -> None:
    """No row is missing or too many, no value differs."""
    assert not differences[table], shown(differences[table])


def test_clock_of_the_demo_is_its_last_day(demo: Warehouse) -> None:
    """Without the var as_of the demo does not depend on the day of the build."""
    assert set(demo.table("lead_scores")["as_of"]) == {pd.Timestamp(DEMO_AS_OF)}


def test_every_public_table_has_rows(demo: Warehouse) -> None:
    """A first look never meets an empty table, except for what the predictive score writes."""
    empty = [table for table in public_tables(demo) if demo.table(table).empty]
    assert empty == list(WRITTEN_BY_COMMAND)


def test_every_stage_is_held(demo: Warehouse) -> None:
    """Some lead rests in each stage of the policy."""
    assert set(demo.table("lead_stages")["stage"]) == set(policy("stages")["stage"])


def test_every_grade_is_given(demo: Warehouse) -> None:
    """From A to F."""
    assert set(demo.table("lead_scores")["grade"]) == set(policy("grade_scale")["grade"])


def test_every_channel_occurs(demo: Warehouse) -> None:
    """Those of the policy, and leads of no known channel."""
    channels = set(demo.table("channel_conversion")["channel"])
    assert channels == set(policy("channels")["channel"]) | {"unknown"}


def test_every_reason_occurs(history: pd.DataFrame) -> None:
    """People and timers give each reason of the policy."""
    assert set(policy("disposition_reasons")["reason_code"]) <= set(history["reason_code"])


def test_every_timer_fires(history: pd.DataFrame) -> None:
    """In each stage that has one, some lead stays too long."""
    fired = {
        (before.stage, after.entered_by)
        for before, after in pairwise(history.itertuples())
        if before.lead_id == after.lead_id
    }
    timers = policy("stage_timers")
    assert set(zip(timers["stage"], timers["timer_event"], strict=True)) <= fired


def test_every_detour_is_taken(history: pd.DataFrame) -> None:
    """Regressions, opt-outs and disqualifications lead elsewhere than the transition says."""
    transitions = policy("stage_transitions")
    to_stage = {(row.from_stage, row.event): row.to_stage for row in transitions.itertuples()}
    entered = {
        after.stage
        for before, after in pairwise(history.itertuples())
        if before.lead_id == after.lead_id
        and to_stage[before.stage, after.entered_by] != after.stage
    }
    assert entered == DETOURS


@pytest.mark.parametrize(
    ("table", "column", "values"),
    [
        (
            "handoffs",
            "disposition",
            {"accepted", "rejected", "recycled", "regressed", "disqualified", "none"},
        ),
        ("handoffs", "sla_status", {"met", "breached", "open", "at_risk"}),
        ("handoffs", "is_begun_by_sales", {True, False}),
        ("handoffs", "is_routed_correctly", {True, False}),
        ("handoffs", "attempts_met", {True, False}),
        ("handoffs", "status_updated_in_time", {True, False}),
        (
            "sla_performance",
            "response_bucket",
            {
                "under_5_minutes",
                "5_to_30_minutes",
                "30_to_60_minutes",
                "1_to_2_hours",
                "2_to_24_hours",
                "over_24_hours",
                "none",
            },
        ),
        ("re_engagement_queue", "is_cooldown_over", {True, False}),
        ("regressions", "is_cooling_down", {True, False}),
        ("stage_ageing", "ageing", {"early", "typical", "over_typical"}),
        (
            "account_engagement",
            "account_stage",
            {"target", "engaged", "qualified", "in_sales", "opportunity", "customer", "lapsed"},
        ),
        ("account_engagement", "outbound_trigger", {True, False}),
        ("crm_lead_sync", "is_first_sync", {True, False}),
    ],
)
def test_every_value_occurs(
    demo: Warehouse, table: str, column: str, values: set[str | bool]
) -> None:
    """The demo shows each branch of the hand-off, of the feedback and of the accounts."""
    assert values - set(demo.table(table)[column].dropna()) == set()


@pytest.mark.parametrize(
    ("table", "never_unknown", "never_failed"),
    [
        (
            "handoff_checklist",
            {"score_threshold", "grade", "high_intent", "consent", "recently_engaged"}
            | {"context_complete", "response_commitment"},
            # The policy of the project promises a time for every hand-off, and disqualifies the
            # leads of competitors and closed companies on sight (handed over only if reopened).
            {"response_commitment", "company_allowed"},
        ),
        ("mql_quality", {"icp_alignment", "depth", "recency", "threshold"}, set()),
    ],
)
def test_every_check_has_every_result(
    demo: Warehouse, table: str, never_unknown: set[str], never_failed: set[str]
) -> None:
    """Each check is passed and failed, and unknown where it can be."""
    rows = demo.table(table)
    checks = set(rows["check_name"])
    possible = {(check, "passed") for check in checks}
    possible |= {(check, "failed") for check in checks - never_failed}
    possible |= {(check, "unknown") for check in checks - never_unknown}
    assert possible - set(zip(rows["check_name"], rows["result"], strict=True)) == set()


@pytest.mark.parametrize(
    ("column", "table", "named"),
    [
        ("territory", "routing_rules", "territory"),
        ("calendar", "routing_rules", "calendar"),
        ("sla_policy", "sla_policies", "sla_policy"),
    ],
)
def test_every_route_and_deadline_is_used(
    demo: Warehouse, column: str, table: str, named: str
) -> None:
    """Each territory, calendar and response policy of the profiles in use has a hand-off."""
    rules = policy(table)
    if "profile" in rules:
        in_use = {"", *policy("model_assignment")["profile"]}
        rules = rules[rules["profile"].fillna("").isin(in_use)]
    assert set(demo.table("handoffs")[column]) == set(rules[named])


def test_every_framework_is_answered(demo: Warehouse) -> None:
    """Some hand-off carries answers to each framework, and some lead passes it."""
    frameworks = set(policy("frameworks")["framework"])
    answers = " ".join(demo.table("handoffs")["framework_answers"])
    assert {name for name in frameworks if f'"framework": "{name}"' in answers} == frameworks
    qualification = demo.table("lead_qualification")
    assert set(qualification[qualification["passed"]]["framework"]) == frameworks
    assert set(qualification["recommended_framework"]) == frameworks


def test_every_kind_of_reason_is_given(demo: Warehouse) -> None:
    """Hand-offs, regressions and the queue name reasons of each kind."""
    reasons = policy("disposition_reasons")
    kind_of = dict(zip(reasons["reason_code"], reasons["kind"], strict=True))
    given = pd.concat(
        demo.table(table)["reason_code"].dropna()
        for table in ("handoffs", "regressions", "re_engagement_queue")
    )
    assert {kind_of[reason] for reason in given} == set(reasons["kind"])
    assert demo.table("re_engagement_queue")["reason_code"].notna().all()
