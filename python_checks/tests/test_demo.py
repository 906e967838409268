"""The embedded demo: what a first build shows agrees with the reference and leaves nothing out."""

from __future__ import annotations

import shutil
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from python_checks.tests.builds import Builds
from python_checks.tests.tables import (
    KEYS,
    POLICY,
    all_differences,
    public_tables,
    reference_of,
    shown,
)
from python_checks.warehouse import PROJECT, Warehouse

DEMO_AS_OF = datetime(2026, 6, 30, 23, 59, 59)
DETOURS = {"long_term_nurture", "disqualified", "suppressed"}


@pytest.fixture(scope="module")
def demo(builds: Builds) -> Warehouse:
    """The demo, built without any setting."""
    return builds.build(None, None)


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
    """A first look never meets an empty table."""
    assert [table for table in public_tables(demo) if demo.table(table).empty] == []


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
