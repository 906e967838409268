"""The golden cases: dbt gives every expected row, on DuckDB and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import Future

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


ENGINES = ("duckdb", "postgres")


@pytest.fixture(scope="module")
def on_duckdb(builds: Builds) -> dict[str, Future[Warehouse]]:
    """The builds of the cases on DuckDB."""
    return {
        case: builds.submit(GOLDEN / case / "raw", as_of, edit=use_golden_policy)
        for case, as_of in GOLDEN_AS_OF.items()
    } | {
        expected: builds.submit(
            GOLDEN / "dated" / "raw", DATED_AS_OF, edit=use_dated_policy, variables=variables
        )
        for expected, variables in POLICIES.items()
    }


@pytest.fixture(scope="module")
def on_postgres(postgres_builds: PostgresBuilds) -> dict[str, Future[Warehouse]]:
    """The builds of the cases on PostgreSQL."""
    return {
        case: postgres_builds.submit(
            GOLDEN / case / "raw", f"golden_{case}", as_of, edit=use_golden_policy
        )
        for case, as_of in GOLDEN_AS_OF.items()
    } | {
        expected: postgres_builds.submit(
            GOLDEN / "dated" / "raw",
            f"golden_dated_{expected}",
            DATED_AS_OF,
            edit=use_dated_policy,
            variables=variables,
        )
        for expected, variables in POLICIES.items()
    }


@pytest.mark.usefixtures("builds")
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("case", GOLDEN_AS_OF)
@pytest.mark.parametrize("engine", ENGINES)
def test_table_equals_golden(
    request: pytest.FixtureRequest, engine: str, case: str, table: str
) -> None:
    """No row is missing or too many, no cell of the expected columns differs."""
    submitted = request.getfixturevalue(f"on_{engine}")
    check_golden(GOLDEN / case / "expected" / f"{table}.csv", submitted[case].result())


@pytest.mark.usefixtures("builds")
@pytest.mark.parametrize("table", DATED_TABLES)
@pytest.mark.parametrize("expected", POLICIES)
@pytest.mark.parametrize("engine", ENGINES)
def test_table_equals_dated_golden(
    request: pytest.FixtureRequest, engine: str, expected: str, table: str
) -> None:
    """The same with rules that have dates and attributes that have a history."""
    submitted = request.getfixturevalue(f"on_{engine}")
    check_golden(GOLDEN / "dated" / expected / f"{table}.csv", submitted[expected].result())
