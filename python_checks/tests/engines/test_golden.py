"""The golden cases: dbt gives every expected row, on DuckDB and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import Future

import pandas as pd
import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.compare import compare_tables
from python_checks.tests.builds import Builds, PostgresBuilds
from python_checks.tests.tables import GOLDEN, GOLDEN_AS_OF, KEYS, shown, use_golden_lists

TABLES = [
    "lead_score_history",
    "lead_scores",
    "lead_stage_history",
    "lead_stages",
    "channel_conversion",
]


ENGINES = ("duckdb", "postgres")


@pytest.fixture(scope="module")
def on_duckdb(builds: Builds) -> dict[str, Future[Warehouse]]:
    """The builds of the cases on DuckDB."""
    return {
        case: builds.submit(GOLDEN / case / "raw", as_of, edit=use_golden_lists)
        for case, as_of in GOLDEN_AS_OF.items()
    }


@pytest.fixture(scope="module")
def on_postgres(postgres_builds: PostgresBuilds) -> dict[str, Future[Warehouse]]:
    """The builds of the cases on PostgreSQL."""
    return {
        case: postgres_builds.submit(
            GOLDEN / case / "raw", f"golden_{case}", as_of, edit=use_golden_lists
        )
        for case, as_of in GOLDEN_AS_OF.items()
    }


@pytest.mark.usefixtures("builds")
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("case", GOLDEN_AS_OF)
@pytest.mark.parametrize("engine", ENGINES)
def test_table_equals_golden(
    request: pytest.FixtureRequest, engine: str, case: str, table: str
) -> None:
    """No row is missing or too many, no cell of the expected columns differs."""
    path = GOLDEN / case / "expected" / f"{table}.csv"
    expected = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert len(expected) > 0
    submitted = request.getfixturevalue(f"on_{engine}")
    actual = submitted[case].result().table(table)
    lines = compare_tables(expected, actual, KEYS[table])
    assert not lines, shown(lines)
