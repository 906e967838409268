"""What columns say in their meta of their values: dbt says what is broken, and in how many rows."""

from __future__ import annotations

import re

import duckdb
import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.dbt_process import Command, DbtProcess

BROKEN = {
    "lead_scores.as_of must not be null": "as_of = null",
    "lead_scores.fit_points must be 0 or more": "fit_points = -1",
    "lead_scores.penalty_points must be 0 or less": "penalty_points = 1",
    "lead_scores.behaviour_points_uncapped must be such that "
    "behaviour_points_uncapped >= behaviour_points": "behaviour_points_uncapped = null",
    "next_best_action.owner must be one of marketing, sdr, sales, nobody": "owner = 'Sales'",
    "next_best_action.rep_id must not be empty": "rep_id = ''",
    "lead_stages.stage must be in stages.csv (stage)": "stage = 'Mql'",
    "handoffs.trigger_event must be in lifecycle_events.csv (event) or first_seen": "trigger_event "
    "= 'none'",
    "evaluation_points.outcome_due_at must not be before evaluated_at": "outcome_due_at = "
    "evaluated_at - interval 1 day",
}
"""What dbt must say, and the change of the lead's rows that breaks it."""
SAID = re.compile(r"  (\w+\.\w+ must .+): not so in (\d+) rows?\n")


@pytest.fixture
def spoilt(demo_copy: Warehouse) -> tuple[Warehouse, dict[str, int]]:
    """The demo with broken values of one lead, and how many rows each break has."""
    rows = {}
    with duckdb.connect(demo_copy.environment["LEAD_DB_PATH"]) as connection:
        lead = connection.execute(
            "select min(lead_id) from main_marts.evaluation_points"
        ).fetchall()
        for said, change in BROKEN.items():
            table = said.partition(".")[0]
            rows[said] = connection.execute(
                f"update main_marts.{table} set {change} where lead_id = $lead",
                {"lead": lead[0][0]},
            ).fetchall()[0][0]
    return demo_copy, rows


def test_each_broken_check_is_said_with_its_rows(
    spoilt: tuple[Warehouse, dict[str, int]], dbt: DbtProcess
) -> None:
    build_of_it, rows = spoilt
    assert all(rows.values())
    checks = ("--select", "test_name:column_checks")
    ended = dbt.run(Command("test", "duckdb", build_of_it.environment, arguments=checks))
    assert not ended.is_success
    said = {what: int(count) for what, count in SAID.findall(ended.printed)}
    assert BROKEN.keys() <= said.keys()
    assert {what: said[what] for what in BROKEN} == rows
