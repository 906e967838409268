"""Fuzz cases, as bad as the raw contract allows: dbt and the reference agree on every row."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.dbt_process import DbtProcess
from python_checks.tests.builds import Builds, PostgresBuilds
from python_checks.tests.conftest import ENOUGH_WORLDS, WORLDS_COUNT, WORLDS_SEED
from python_checks.tests.invariants import check_actions
from python_checks.tests.tables import (
    KEYS,
    POLICY,
    Rows,
    all_differences,
    hashed_values,
    reference_of,
    shown,
)
from python_checks.world_motions import PARTS, write_motion_policy
from python_checks.world_policies import write_dated_policy
from python_checks.world_signals import write_dated_signal_policy, write_signal_policy
from python_checks.worlds import WORLDS_AS_OF, generate_worlds

COUNT_IN_POSTGRES = min(WORLDS_COUNT, 60)
TABLES = [*KEYS, "quarantined_records"]
DATED_POLICIES = [
    (2, "dated"),
    (3, "dated"),
    (5, "dated"),
    (7, "dated"),
    (9, "dated"),
    (11, "dated"),
    (12, "dated"),
    (7, "latest"),
    (11, "latest"),
]
"""Seeds of random policies, of three to five versions, and which of their rules count."""

SIGNALS, REQUIREMENTS, DATED = "signals", "requirements", "dated"
SIGNAL_POLICIES = [
    (1, REQUIREMENTS),
    (1, SIGNALS),
    (2, SIGNALS),
    (2, REQUIREMENTS),
    (3, REQUIREMENTS),
    (4, DATED),
    (5, DATED),
    (6, DATED),
]
"""Seeds of random policies with signals of signals and hand-overs, and what else they have."""
MOTION_POLICIES = [
    (2, PARTS),
    (3, PARTS),
    (6, PARTS),
    (8, PARTS),
    (9, PARTS),
    (10, PARTS),
    (11, ("owners", "clocks")),
    (12, ("assignment", "matrix")),
]
"""Seeds of random policies of motions, and which of their rules they have."""

Differences = dict[str, list[str]]


@pytest.fixture(scope="module")
def in_duckdb(worlds_reference: dict[str, Rows], worlds_build: Warehouse) -> Differences:
    """Where the worlds as built on DuckDB differ from the reference."""
    return all_differences(worlds_reference, worlds_build)


@pytest.fixture(scope="module")
def first_worlds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A raw folder with fewer worlds."""
    folder = tmp_path_factory.mktemp("first_worlds")
    generate_worlds(COUNT_IN_POSTGRES, WORLDS_SEED, folder)
    return folder


@pytest.fixture(scope="module")
def duckdb_build(first_worlds: Path, builds: Builds) -> Warehouse:
    """The fewer worlds, built on DuckDB."""
    return builds.build(first_worlds, WORLDS_AS_OF)


@pytest.fixture(scope="module")
def postgres_build(first_worlds: Path, postgres_builds: PostgresBuilds) -> Warehouse:
    """The fewer worlds, built on PostgreSQL."""
    return postgres_builds.submit(first_worlds, "worlds", WORLDS_AS_OF).result()


@pytest.fixture(scope="module")
def in_postgres(first_worlds: Path, postgres_build: Warehouse) -> Differences:
    """Where the fewer worlds as built on PostgreSQL differ from the reference."""
    return all_differences(reference_of(first_worlds, WORLDS_AS_OF), postgres_build)


@pytest.mark.parametrize("table", TABLES)
def test_duckdb_agrees_with_the_reference(in_duckdb: Differences, table: str) -> None:
    """No row is missing or too many, no value differs."""
    lines = in_duckdb[table]
    assert not lines, shown(lines)


@pytest.mark.nightly
@pytest.mark.parametrize("table", TABLES)
def test_postgres_agrees_with_the_reference(in_postgres: Differences, table: str) -> None:
    """The other engine gives the same rows."""
    lines = in_postgres[table]
    assert not lines, shown(lines)


@pytest.mark.nightly
def test_every_lead_has_one_action_that_may_be(
    worlds: Path, worlds_build: Warehouse, dbt: DbtProcess, tmp_path: Path
) -> None:
    """The invariants of next_best_action hold on every row, however bad the raw rows are."""
    leads = worlds_build.table("lead_stages")["lead_id"]
    assert sorted(worlds_build.table("next_best_action")["lead_id"]) == sorted(leads)
    check_actions(dbt, worlds_build, worlds, WORLDS_AS_OF, tmp_path)


@pytest.mark.nightly
@pytest.mark.parametrize(("seed", "policy_in_force"), DATED_POLICIES)
def test_dated_policies_agree_with_the_reference(
    worlds: Path, builds: Builds, tmp_path: Path, seed: int, policy_in_force: str
) -> None:
    """Nor with rules that begin and end while attributes change."""
    policy = write_dated_policy(tmp_path / "policy", POLICY, seed, WORLDS_AS_OF)
    submitted = builds.submit(
        worlds,
        WORLDS_AS_OF,
        edit=lambda project: shutil.copytree(
            policy, project / "seeds" / "policy", dirs_exist_ok=True
        ),
        variables={"policy_in_force": policy_in_force},
    )
    reference = reference_of(worlds, WORLDS_AS_OF, policy, policy_in_force=policy_in_force)
    assert (len(reference["policy_versions"]) > 1) == (policy_in_force == "dated")
    found = all_differences(reference, submitted.result())
    lines = [line for lines in found.values() for line in lines]
    assert not lines, shown(lines)


@pytest.mark.nightly
@pytest.mark.parametrize(("seed", "what"), SIGNAL_POLICIES)
def test_signals_agree_with_the_reference(
    builds: Builds, tmp_path: Path, seed: int, what: str
) -> None:
    """Nor with signals of signals, hand-overs and requirements."""
    raw = tmp_path / "raw"
    generate_worlds(WORLDS_COUNT, seed, raw, has_signals=True)
    policy = tmp_path / "policy"
    if what == DATED:
        write_dated_signal_policy(policy, POLICY, seed, WORLDS_AS_OF)
    else:
        write_signal_policy(policy, POLICY, seed, has_requirements=what == REQUIREMENTS)
    submitted = builds.submit(
        raw,
        WORLDS_AS_OF,
        edit=lambda project: shutil.copytree(
            policy, project / "seeds" / "policy", dirs_exist_ok=True
        ),
    )
    found = all_differences(reference_of(raw, WORLDS_AS_OF, policy), submitted.result())
    lines = [line for lines in found.values() for line in lines]
    assert not lines, shown(lines)


@pytest.mark.nightly
@pytest.mark.parametrize(("seed", "parts"), MOTION_POLICIES)
def test_motions_agree_with_the_reference(
    worlds: Path, builds: Builds, tmp_path: Path, seed: int, parts: tuple[str, ...]
) -> None:
    """Nor with owners, clocks and pairs of each profile, on two tracks."""
    policy = write_motion_policy(tmp_path / "policy", POLICY, seed, WORLDS_AS_OF, parts=parts)
    submitted = builds.submit(
        worlds,
        WORLDS_AS_OF,
        edit=lambda project: shutil.copytree(
            policy, project / "seeds" / "policy", dirs_exist_ok=True
        ),
    )
    found = all_differences(reference_of(worlds, WORLDS_AS_OF, policy), submitted.result())
    lines = [line for lines in found.values() for line in lines]
    assert not lines, shown(lines)


@pytest.mark.nightly
@pytest.mark.parametrize("table", ["crm_lead_sync", "crm_account_sync"])
def test_row_hash_is_the_same_on_both_engines(
    duckdb_build: Warehouse, postgres_build: Warehouse, table: str
) -> None:
    """Rows with the same values have the same hash, others have not."""
    in_duckdb, in_postgres = (hashed_values(w, table) for w in (duckdb_build, postgres_build))
    assert in_duckdb == in_postgres
    found = list(in_duckdb.values())
    assert len({row_hash for _, row_hash in found}) == len({str(row) for row, _ in found}) > 1


@pytest.mark.parametrize("table", TABLES)
def test_worlds_fill_the_table(worlds_reference: dict[str, Rows], table: str) -> None:
    """An agreement on nothing would prove nothing."""
    assert worlds_reference[table]


@pytest.mark.nightly
@pytest.mark.skipif(WORLDS_COUNT < ENOUGH_WORLDS, reason="few worlds need not show everything")
def test_worlds_come_to_every_stage(worlds_reference: dict[str, Rows]) -> None:
    """All stages, both detours, cooldowns and regressions occur, so they are compared."""
    history = worlds_reference["lead_stage_history"]
    assert {row["stage"] for row in history} == {
        "lead",
        "nurture",
        "long_term_nurture",
        "mql",
        "pql",
        "sql_proposed",
        "sql_contacted",
        "sql_working",
        "sql_accepted",
        "sql_qualified",
        "opportunity",
        "customer",
        "disqualified",
        "suppressed",
    }
    assert any(row["is_regression"] for row in history)
    assert any(row["cooldown_until"] is not None for row in history)
    assert any(row["valid_to"] is None for row in worlds_reference["lead_score_history"])
