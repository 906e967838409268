"""Random worlds with signals exercise every rule that world_signals writes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from python_checks.reference import compute
from python_checks.reference.policy import read_columns, read_policy_tables, read_rows
from python_checks.reference.requirements import CHECKS
from python_checks.tests.tables import POLICY, Rows
from python_checks.world_policies import write_rows
from python_checks.world_signals import (
    PARTNER_INTENT,
    write_dated_signal_policy,
    write_signal_policy,
)
from python_checks.worlds import WORLDS_AS_OF, generate_worlds

pytestmark = pytest.mark.nightly

COUNT = 40
SEEDS = (1, 2, 3)
Found = list[tuple[Path, dict[str, Rows]]]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """By seed the policy and the public tables of worlds with signals."""
    folder = tmp_path_factory.mktemp("signals")
    results = []
    for seed in SEEDS:
        raw = folder / f"raw{seed}"
        generate_worlds(COUNT, seed, raw, has_signals=True)
        policy = write_signal_policy(folder / f"policy{seed}", POLICY, seed)
        results.append((policy, compute(raw, policy, WORLDS_AS_OF)))
    return results


def rows_of(found: Found, table: str) -> Rows:
    return [row for _, tables in found for row in tables[table]]


def features_of(found: Found) -> Counter[str]:
    return Counter(row["feature"] for row in rows_of(found, "prediction_features"))


@pytest.mark.parametrize("kind", ["repeat", "sequence", "silence"])
def test_every_kind_of_derived_signal_occurs(found: Found, kind: str) -> None:
    features = features_of(found)
    assert sum(n for name, n in features.items() if name.startswith(f"count:w_{kind}")) >= 3


def test_silences_are_scheduled(tmp_path: Path) -> None:
    generate_worlds(COUNT, 1, tmp_path / "raw", has_signals=True)
    policy = write_signal_policy(tmp_path / "policy", POLICY, 1)
    path = policy / "derived_signals.csv"
    rules = read_rows(path)

    def projected(rows: Rows) -> set[tuple]:
        write_rows(path, read_columns(path), rows)
        tables = compute(tmp_path / "raw", policy, WORLDS_AS_OF)
        found = [row for row in tables["lead_score_history"] if row["is_projected"]]
        return {tuple(row.values()) for row in found}

    audible = [rule for rule in rules if rule["kind"] != "silence"]
    assert len(projected(rules) - projected(audible)) >= 3


def test_signals_of_assets_links_and_measures_occur(found: Found) -> None:
    features = features_of(found)
    assert sum(name.startswith("count:w_mapped") for name in features) >= 3
    assert features["count:w_partner_intent"] >= 1


def test_partner_intent_is_of_people_of_accounts_and_of_nobody(tmp_path: Path) -> None:
    generate_worlds(COUNT, 1, tmp_path, has_signals=True)
    rows = [
        r for r in read_rows(tmp_path / "intent_signals.csv") if r["signal_type"] == PARTNER_INTENT
    ]
    assert any(row["email"] for row in rows)
    assert any(row["email"] is None for row in rows)


def test_the_crm_hands_over_by_status_and_by_assignment(found: Found) -> None:
    entries = [r for r in rows_of(found, "lead_stage_history") if r["entered_by"] == "handed_over"]
    assert len(entries) >= 10
    sources = {
        r["source"]
        for r in rows_of(found, "ignored_lifecycle_events")
        if r["event"] == "handed_over"
    }
    assert "lead_status_changes" in sources


def test_events_move_nothing_for_every_reason(found: Found) -> None:
    reasons = Counter(row["reason"] for row in rows_of(found, "ignored_lifecycle_events"))
    assert min(reasons[reason] for reason in ("no_transition", "cooldown")) >= 5


def test_deals_are_lost_for_reasons_of_their_own(found: Found) -> None:
    reasons = {
        row["reason_code"]
        for row in rows_of(found, "lead_stage_history")
        if row["entered_by"] == "opportunity_lost"
    }
    assert "closed_lost" in reasons
    assert len(reasons) >= 3


def test_timers_of_profiles_run(found: Found) -> None:
    for policy, _ in found:
        timers = read_policy_tables(policy)["stage_timers"]
        assert any(row["profile"] for row in timers)
    days = {
        (row["due_at"] - row["stage_entered_at"]).days
        for row in rows_of(found, "stage_ageing")
        if row["due_at"] is not None
    }
    assert days & {5, 21, 40}


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """The same of policies with requirements, some of which begin and end."""
    folder = tmp_path_factory.mktemp("requirements")
    results = []
    for seed in (*SEEDS, 4):
        raw, policy = folder / f"raw{seed}", folder / f"policy{seed}"
        generate_worlds(COUNT, seed, raw, has_signals=True)
        if seed % 2:
            write_signal_policy(policy, POLICY, seed, has_requirements=True)
        else:
            write_dated_signal_policy(policy, POLICY, seed, WORLDS_AS_OF)
        results.append((policy, compute(raw, policy, WORLDS_AS_OF)))
    return results


def test_triggers_are_held_and_happen_later(held: Found) -> None:
    ignored = rows_of(held, "ignored_lifecycle_events")
    assert sum(row["reason"] == "requirement" for row in ignored) >= 30
    later = [
        row
        for row in rows_of(held, "handoffs")
        if row["trigger_event"] == "high_intent_action"
        and row["trigger_signal"] not in str(row["latest_signals"].split("}")[0])
    ]
    assert later


def test_leads_are_held_back_by_different_checks(held: Found) -> None:
    names = {
        name
        for row in rows_of(held, "lead_stages")
        for name in (row["held_back_by"] or "").split(", ")
    }
    assert len(names - {""}) >= 4


def test_every_check_is_asked_by_some_policy(tmp_path: Path) -> None:
    names = set()
    for seed in range(8):
        write_signal_policy(tmp_path / f"{seed}", POLICY, seed, has_requirements=True)
        rows = read_policy_tables(tmp_path / f"{seed}")["handoff_requirements"]
        names |= {row["check_name"] for row in rows}
    assert names == set(CHECKS)


def test_requirements_and_grades_of_triggers_begin_and_end(tmp_path: Path) -> None:
    edited = set()
    for seed in range(6):
        policy = write_dated_signal_policy(tmp_path / f"{seed}", POLICY, seed, WORLDS_AS_OF)
        tables = read_policy_tables(policy)
        for name in ("handoff_requirements", "profile_triggers", "lifecycle_settings"):
            if any(row["valid_from"] or row["valid_to"] for row in tables[name]):
                edited.add(name)
    assert edited == {"handoff_requirements", "profile_triggers", "lifecycle_settings"}


def test_worlds_without_signals_stay_as_they_are(tmp_path: Path) -> None:
    generate_worlds(3, 1, tmp_path / "without")
    generate_worlds(3, 1, tmp_path / "with", has_signals=True)
    without, with_signals = (
        read_rows(tmp_path / name / "leads.csv") for name in ("without", "with")
    )
    key = [row["lead_id"] or "" for row in without]
    assert sorted(key) == sorted(row["lead_id"] or "" for row in with_signals)
    assert not any(row["lost_reason"] for row in read_rows(tmp_path / "without/opportunities.csv"))


def test_same_seed_gives_the_same_signals(tmp_path: Path) -> None:
    for name in ("one", "other"):
        generate_worlds(3, 5, tmp_path / name, has_signals=True)
        write_signal_policy(tmp_path / f"{name}_policy", POLICY, 5)
    for folder in ("one", "one_policy"):
        for path in (tmp_path / folder).glob("*.csv"):
            other = tmp_path / folder.replace("one", "other") / path.name
            assert path.read_bytes() == other.read_bytes()
