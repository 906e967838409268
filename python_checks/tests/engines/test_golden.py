"""The golden cases: dbt gives every expected row, on DuckDB and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.tests.builds import Builds, PostgresBuilds
from python_checks.tests.tables import (
    DATED_AS_OF,
    GOLDEN,
    GOLDEN_AS_OF,
    check_golden,
    use_dated_policy,
    use_golden_policy,
)

TABLES = [
    "lead_score_history",
    "lead_scores",
    "lead_stage_history",
    "lead_stages",
    "channel_conversion",
]
DATED_TABLES = [*TABLES, "handoffs", "lead_attribute_history", "policy_versions"]
POLICIES: dict[str, dict[str, object]] = {
    "expected": {},
    "expected_latest": {"policy_in_force": "latest"},
}
"""The vars for each set of expected tables of the case dated."""
Built = Callable[[str], Warehouse]


def cases(names: Iterable[str], for_nightly: set[tuple[str, str]]) -> list[Any]:
    """Each case on both engines; some are for make nightly."""
    return [
        pytest.param(*pair, marks=pytest.mark.nightly if pair in for_nightly else ())
        for pair in product(("duckdb", "postgres"), names)
    ]


@pytest.fixture(scope="module")
def on_duckdb(builds: Builds) -> Built:
    """The build of a case on DuckDB."""

    def build(name: str) -> Warehouse:
        raw, as_of, edit, variables = order(name)
        return builds.build(raw, as_of, edit=edit, variables=variables)

    return cache(build)


@pytest.fixture(scope="module")
def on_postgres(postgres_builds: PostgresBuilds) -> Built:
    """The build of a case on PostgreSQL."""

    def build(name: str) -> Warehouse:
        raw, as_of, edit, variables = order(name)
        return postgres_builds.submit(raw, f"golden_{name}", as_of, edit, variables).result()

    return cache(build)


def order(name: str) -> tuple[Path, datetime, Callable[[Path], None], dict[str, object]]:
    """What to build of a case, or of the case dated for a set of expected tables."""
    if name in POLICIES:
        return GOLDEN / "dated" / "raw", DATED_AS_OF, use_dated_policy, POLICIES[name]
    return GOLDEN / name / "raw", GOLDEN_AS_OF[name], use_golden_policy, {}


@pytest.mark.usefixtures("builds")
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    ("engine", "case"),
    cases(GOLDEN_AS_OF, for_nightly={("postgres", "mixed"), ("postgres", "intake")}),
)
def test_table_equals_golden(
    request: pytest.FixtureRequest, engine: str, case: str, table: str
) -> None:
    """No row is missing or too many, no cell of the expected columns differs."""
    built: Built = request.getfixturevalue(f"on_{engine}")
    check_golden(GOLDEN / case / "expected" / f"{table}.csv", built(case))


@pytest.mark.usefixtures("builds")
@pytest.mark.parametrize("table", DATED_TABLES)
@pytest.mark.parametrize(
    ("engine", "expected"),
    cases(POLICIES, for_nightly={("duckdb", "expected_latest"), *product(["postgres"], POLICIES)}),
)
def test_table_equals_dated_golden(
    request: pytest.FixtureRequest, engine: str, expected: str, table: str
) -> None:
    """The same with rules that have dates and attributes that have a history."""
    built: Built = request.getfixturevalue(f"on_{engine}")
    check_golden(GOLDEN / "dated" / expected / f"{table}.csv", built(expected))
