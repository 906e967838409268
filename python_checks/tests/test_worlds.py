"""Random worlds, as nasty as the raw contract allows: dbt and the reference agree on every row.

The worlds are repeatable. ``LEAD_WORLDS_SEED`` and ``LEAD_WORLDS_COUNT`` ask for others.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from python_checks.tests.conftest import PostgresBuild
from python_checks.tests.support import (
    KEYS,
    Builds,
    Rows,
    all_differences,
    reference_of,
    shown,
)
from python_checks.worlds import WORLDS_AS_OF, generate_worlds

SEED = int(os.environ.get("LEAD_WORLDS_SEED", "20260930"))
COUNT = int(os.environ.get("LEAD_WORLDS_COUNT", "240"))
COUNT_IN_POSTGRES = min(COUNT, 60)
TABLES = [*KEYS, "quarantined_records"]


@dataclass(frozen=True)
class Compared:
    """The reference's tables of some worlds, and how a build differs from them."""

    reference: dict[str, Rows]
    differences: dict[str, list[str]]


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A raw folder with all the worlds."""
    folder = tmp_path_factory.mktemp("worlds")
    generate_worlds(COUNT, SEED, folder)
    return folder


@pytest.fixture(scope="module")
def in_duckdb(worlds: Path, builds: Builds) -> Compared:
    """All the worlds, built on DuckDB."""
    reference = reference_of(worlds, WORLDS_AS_OF)
    return Compared(reference, all_differences(reference, builds.build(worlds, WORLDS_AS_OF)))


@pytest.fixture(scope="module")
def in_postgres(
    tmp_path_factory: pytest.TempPathFactory, build_postgres: PostgresBuild
) -> Compared:
    """The first of the worlds, built on PostgreSQL."""
    folder = tmp_path_factory.mktemp("first_worlds")
    generate_worlds(COUNT_IN_POSTGRES, SEED, folder)
    reference = reference_of(folder, WORLDS_AS_OF)
    warehouse = build_postgres(folder, "worlds", WORLDS_AS_OF)
    return Compared(reference, all_differences(reference, warehouse))


@pytest.mark.parametrize("table", TABLES)
def test_duckdb_agrees_with_the_reference(in_duckdb: Compared, table: str) -> None:
    """No row is missing or too many, no value differs."""
    lines = in_duckdb.differences[table]
    assert not lines, shown(lines)


@pytest.mark.parametrize("table", TABLES)
def test_postgres_agrees_with_the_reference(in_postgres: Compared, table: str) -> None:
    """The other engine gives the same rows."""
    lines = in_postgres.differences[table]
    assert not lines, shown(lines)


@pytest.mark.parametrize("table", TABLES)
def test_worlds_fill_the_table(in_duckdb: Compared, table: str) -> None:
    """An agreement on nothing would prove nothing."""
    assert in_duckdb.reference[table]


@pytest.mark.skipif(COUNT < 200, reason="few worlds need not show everything")
def test_worlds_come_to_every_stage(in_duckdb: Compared) -> None:
    """All stages, both detours, cooldowns and regressions occur, so they are compared."""
    history = in_duckdb.reference["lead_stage_history"]
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
    assert any(row["valid_to"] is None for row in in_duckdb.reference["lead_score_history"])
