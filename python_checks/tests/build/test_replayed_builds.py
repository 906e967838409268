"""A replayed build gives the tables of a build: for other rows, another clock, other points."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.dbt_process import DbtProcess
from python_checks.tests.build.test_incremental import raise_points
from python_checks.tests.builds import Builds, demo_made_before
from python_checks.tests.tables import (
    GOLDEN,
    GOLDEN_AS_OF,
    tables_of_schema,
    tables_that_differ,
)

pytestmark = pytest.mark.nightly

RECORDED, REPLAYED = GOLDEN / "tour" / "raw", GOLDEN / "mixed" / "raw"
AS_OF = GOLDEN_AS_OF["mixed"]
CHANGING = ("int_run_scope", "int_finished_run")
"""Tables that name the run."""
SCHEMAS = ("main_demo", "main_staging", "main_intermediate", "main_marts", "main_predictive")


def all_that_differ(one: Warehouse, other: Warehouse) -> list[str]:
    """The tables and views of two builds whose rows are not the same."""
    names = {
        schema: [name for name in tables_of_schema(one, schema) if name not in CHANGING]
        for schema in SCHEMAS
    }
    assert sum(map(len, names.values())) > 200
    return [
        table
        for schema, tables in names.items()
        for table in tables_that_differ(one, other, tables, schema)
    ]


@pytest.mark.parametrize(
    ("as_of", "edit"),
    [(AS_OF, None), (AS_OF - timedelta(days=40), None), (AS_OF, raise_points)],
    ids=["rows", "clock", "points"],
)
def test_a_replay_gives_the_tables_of_a_build(
    tmp_path_factory: pytest.TempPathFactory, builds: Builds, as_of: datetime, edit: object
) -> None:
    dbt = DbtProcess(tmp_path_factory.mktemp("recordings"))
    replaying = Builds(tmp_path_factory.mktemp("replaying"), dbt, demo_made_before())
    replaying.build(RECORDED, AS_OF)
    replayed = replaying.build(REPLAYED, as_of, edit=edit)
    assert replaying.replayed == 1
    dbt = DbtProcess(tmp_path_factory.mktemp("recordings"))
    alone = Builds(tmp_path_factory.mktemp("alone"), dbt, demo_made_before())
    built = alone.build(REPLAYED, as_of, edit=edit)
    assert alone.replayed == 0
    for used in (replaying, alone):
        used.close()
        used.dbt.close()
    assert all_that_differ(replayed, built) == []
