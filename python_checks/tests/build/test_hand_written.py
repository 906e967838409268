"""The hand-written script of the benchmark does the same job, as far as it goes."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from lead_qualification.warehouse import PROJECT, Warehouse
from python_checks.benchmarks.hand_written import run_script

DEMO_AS_OF = "2026-06-30 23:59:59"
PREFIX = "demo_"
SAME = """
    select
        count(*) as leads,
        avg(if(hand_written.score = scores.score, 1, 0)) as share_of_scores,
        avg(if(hand_written.behaviour = scores.behaviour_points, 1, 0)) as share_of_behaviour
    from current_score as hand_written
    inner join built.main_marts.lead_scores as scores
        on hand_written.lead_id = scores.lead_id and scores.scoring_model = 'guide'
"""


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The raw tables of the demo as Parquet files."""
    folder = tmp_path_factory.mktemp("raw")
    with duckdb.connect() as connection:
        for path in (PROJECT / "seeds" / "demo").glob("*.csv"):
            written = folder / f"{path.stem.removeprefix(PREFIX)}.parquet"
            connection.execute(f"copy (from read_csv('{path}', all_varchar = true)) to '{written}'")
    return folder


def test_the_script_finds_most_of_our_scores(raw: Path, demo: Warehouse) -> None:
    with duckdb.connect() as connection:
        run_script(connection, raw, DEMO_AS_OF)
        connection.execute(f"attach '{demo.environment['LEAD_DB_PATH']}' as built (read_only)")
        for table in ("score_timeline", "current_score", "stage"):
            assert connection.execute(f"select count(*) from {table}").fetchall()[0][0] > 0
        leads, scores, behaviour = connection.execute(SAME).fetchall()[0]
    assert leads > 500
    assert scores > 0.7
    assert behaviour > 0.9
