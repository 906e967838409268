"""Builds that remember: attributes and hand-offs, day after day, as ``dbt build`` takes snapshots.

On the first day the snapshots begin. By the second one a title and a company size have changed, a
lead was erased, one was handed over, and a demo request of the week before has arrived late. A
third build has a clock between the two, so it has nothing to add.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from lead_qualification.warehouse import Warehouse, duckdb_warehouse
from python_checks.building import build
from python_checks.compare import normal
from python_checks.tests.build.scenarios import PERFECT_ACCOUNT, Scenario

pytestmark = pytest.mark.nightly

ADOPTED = datetime(2026, 6, 1, 6)
BETWEEN = datetime(2026, 6, 1, 18)
NEXT = datetime(2026, 6, 2, 6)
BEFORE = datetime(2026, 5, 20, 9)
LATE = datetime(2026, 5, 25, 9)
OVERNIGHT = datetime(2026, 6, 1, 20)
VARIABLES = {"attribute_history": "snapshot", "handoff_publications": True}
SELECTION = (
    *("--select", "+sla_performance", "+lead_attribute_history"),
    *("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
)
SNAPSHOTS = ("lead_attributes", "account_attributes", "handoff_publications")
LEADS = ("before", "late", "overnight", "promoted")

Row = tuple[object, ...]


@dataclass
class Remembering:
    """A file that one build after another adds to.

    Attributes:
        folder: Where it is, and the raw data.
        warehouse: The file.
        seen: What the snapshots held after each clock, by name.
    """

    folder: Path
    warehouse: Warehouse
    seen: dict[datetime, dict[str, list[Row]]]

    def build(self, scenario: Scenario, as_of: datetime) -> None:
        """Build, and keep what the snapshots hold then."""
        raw = scenario.write(self.folder / f"{as_of:%d_%H}")
        build(self.warehouse, raw=raw, as_of=as_of, variables=dict(VARIABLES), arguments=SELECTION)
        self.seen[as_of] = {
            name: self.rows(f"select * from main_history.{name}") for name in SNAPSHOTS
        }

    def rows(self, sql: str) -> list[Row]:
        """The rows of a query in an order of their own."""
        frame = self.warehouse.read(sql)
        rows = [tuple(map(normal, row)) for row in frame.itertuples(index=False)]
        return sorted(rows, key=repr)


def facts(as_of: datetime) -> Scenario:
    """What is known at a clock."""
    scenario = Scenario()
    for lead_id in LEADS:
        scenario.lead(lead_id)
    scenario.activity("before", str(BEFORE), "demo_request")
    if as_of == ADOPTED:
        scenario.lead("erased")
        scenario.activity("erased", str(BEFORE), "demo_request")
        return scenario
    scenario.lead("erased", is_deleted="true", updated_at="2026-06-01 07:00:00")
    scenario.activity("overnight", str(OVERNIGHT), "demo_request")
    scenario.sales("overnight", "2026-06-02 05:00:00", "call", "no_answer")
    scenario.activity("late", str(LATE), "demo_request")
    (promoted,) = [row for row in scenario.tables["leads"] if row["lead_id"] == "promoted"]
    promoted["job_title"] = "Chief of Staff"
    scenario.tables["accounts"] = [PERFECT_ACCOUNT | {"employee_count": "900"}]
    return scenario


@pytest.fixture(scope="module")
def remembering(tmp_path_factory: pytest.TempPathFactory) -> Remembering:
    """The file after the two days."""
    folder = tmp_path_factory.mktemp("snapshots")
    found = Remembering(folder, duckdb_warehouse(folder / "leads.duckdb"), {})
    for as_of in (ADOPTED, NEXT):
        found.build(facts(as_of), as_of)
    return found


def test_a_change_is_remembered_at_the_build_that_notices_it(remembering: Remembering) -> None:
    """The snapshots hold both values, and the rules saw the first one until that build."""
    assert remembering.rows(
        "select job_title, dbt_valid_from, dbt_valid_to from main_history.lead_attributes "
        "where lead_id = 'promoted'"
    ) == as_rows(("Chief of Staff", NEXT, None), ("VP Marketing", ADOPTED, NEXT))
    assert remembering.rows(
        "select employee_count, dbt_valid_from, dbt_valid_to from main_history.account_attributes"
    ) == as_rows((200, ADOPTED, NEXT), (900, NEXT, None))
    history = (
        "select value, valid_to from main_marts.lead_attribute_history "
        "where lead_id = 'promoted' and attribute = '{}'"
    )
    assert remembering.rows(history.format("job_title")) == as_rows(
        ("Chief of Staff", None), ("VP Marketing", NEXT)
    )
    assert remembering.rows(history.format("employee_count")) == as_rows(
        ("200", NEXT), ("900", None)
    )


def test_a_hand_off_is_published_by_the_build_that_first_shows_it(
    remembering: Remembering,
) -> None:
    """Nobody knows when those were told that were there on the first day; later ones stay."""
    published = "select lead_id, handed_off_at, first_published_at from main_history."
    assert [row[:3] for row in remembering.seen[ADOPTED]["handoff_publications"]] == as_rows(
        ("before", BEFORE, None), ("erased", BEFORE, None)
    )
    assert remembering.rows(f"{published}handoff_publications") == as_rows(
        ("before", BEFORE, None), ("late", LATE, NEXT), ("overnight", OVERNIGHT, NEXT)
    )


def test_what_arrives_late_breaches_no_deadline_of_the_second_clocks(
    remembering: Remembering,
) -> None:
    """By the facts all three were due; sales could know of one, and answered another in time."""
    figures = "met, breached, open, published_met, published_breached, published_open"
    assert remembering.rows(
        f"select {figures} from main_marts.sla_performance where week_start is null "
        "and sla_policy = 'all' and rep_id = 'all' and response_bucket = 'all'"
    ) == as_rows((0, 3, 0, 1, 1, 1))


def test_nothing_of_an_erased_lead_stays(remembering: Remembering) -> None:
    """Its rows were there on the first day."""
    for name in ("lead_attributes", "handoff_publications"):
        assert "erased" in {row[0] for row in remembering.seen[ADOPTED][name]}
        assert "erased" not in {row[0] for row in remembering.seen[NEXT][name]}


def test_a_build_of_an_earlier_day_takes_none(remembering: Remembering) -> None:
    """Though it shows a hand-off and a title that no build has shown before."""
    scenario = facts(BETWEEN)
    scenario.lead("early", job_title="Chief Executive Officer")
    scenario.activity("early", "2026-06-01 08:00:00", "demo_request")
    scenario.tables["accounts"][0]["employee_count"] = "1000"
    remembering.build(scenario, BETWEEN)
    shown = remembering.rows("select lead_id from main_marts.handoffs where lead_id = 'early'")
    assert shown == as_rows(("early",))
    assert remembering.seen[BETWEEN] == remembering.seen[NEXT]


def as_rows(*rows: Row) -> list[Row]:
    """Expected rows as ``Remembering.rows`` has them."""
    return sorted((tuple(map(normal, row)) for row in rows), key=repr)
