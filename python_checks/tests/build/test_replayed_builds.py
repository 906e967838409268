"""A replayed build gives the tables of a build: for other rows, another clock, other points."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from lead_qualification.sql_text import sql_literal
from lead_qualification.warehouse import Warehouse
from python_checks.dbt_process import DbtProcess
from python_checks.tests.builds import Builds, demo_made_before
from python_checks.tests.tables import GOLDEN, GOLDEN_AS_OF

pytestmark = pytest.mark.nightly

RECORDED, REPLAYED = GOLDEN / "tour" / "raw", GOLDEN / "mixed" / "raw"
AS_OF = GOLDEN_AS_OF["mixed"]
CHANGING = ("int_run_scope", "int_finished_run")
"""Tables that name the run."""


def one_point_more(project: Path) -> None:
    """Give the first signal of the policy a point more."""
    path = project / "seeds" / "policy" / "signal_points.csv"
    header, first, *others = path.read_text("utf-8").splitlines()
    cells = dict(zip(header.split(","), first.split(","), strict=True))
    cells["points"] = str(int(cells["points"]) + 1)
    path.write_text("\n".join([header, ",".join(cells.values()), *others]) + "\n", "utf-8")


def tables_that_differ(one: Warehouse, other: Warehouse) -> list[str]:
    """The tables of two builds whose rows are not the same."""
    with duckdb.connect() as connection:
        for name, warehouse in (("one", one), ("other", other)):
            path = sql_literal(warehouse.environment["LEAD_DB_PATH"])
            connection.execute(f"attach {path} as {name} (read_only)")
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() "
            "where database_name = 'one' and schema_name <> 'main_policy'"
        ).fetchall()
        assert len(tables) > 200
        return [
            table
            for (table,) in tables
            if not table.endswith(CHANGING)
            and connection.execute(
                f"select count(*) from ((from one.{table} except all from other.{table}) "
                f"union all (from other.{table} except all from one.{table}))"
            ).fetchone()
            != (0,)
        ]


@pytest.mark.parametrize(
    ("as_of", "edit"),
    [(AS_OF, None), (AS_OF - timedelta(days=40), None), (AS_OF, one_point_more)],
    ids=["rows", "clock", "points"],
)
def test_a_replay_gives_the_tables_of_a_build(
    tmp_path_factory: pytest.TempPathFactory, builds: Builds, as_of: datetime, edit: object
) -> None:
    dbt = DbtProcess()
    replaying = Builds(tmp_path_factory.mktemp("replaying"), dbt, demo_made_before())
    replaying.build(RECORDED, AS_OF)
    replayed = replaying.build(REPLAYED, as_of, edit=edit)
    assert replaying.replayed == 1
    alone = Builds(tmp_path_factory.mktemp("alone"), DbtProcess(), demo_made_before())
    built = alone.build(REPLAYED, as_of, edit=edit)
    assert alone.replayed == 0
    for used in (replaying, alone):
        used.close()
        used.dbt.close()
    assert tables_that_differ(replayed, built) == []
