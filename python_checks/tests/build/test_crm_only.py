"""A CRM and nothing else: statuses and calls, as an insurer's log of leads has them; no web event.

120 generated leads. Two of three were handed over by a status, most of them called after it, some
before it too, without an answer; the others were assigned, called or left alone. The clock stands
at 30 September 00:00.
"""

from __future__ import annotations

import random
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.building import edit_policy
from python_checks.compare import normal
from python_checks.tests.build.scenarios import Scenario
from python_checks.tests.builds import Builds
from python_checks.worlds import WORLDS_AS_OF

pytestmark = pytest.mark.nightly

LEADS = 120
BEGIN = datetime(2026, 4, 1, 9)


@dataclass
class Expected:
    """What was generated.

    Attributes:
        handed_over: When the CRM handed each lead over, by its status.
        assigned: When each lead was first assigned, where no status handed it over.
        first_calls: The first call of each lead from its hand-over on.
        early_calls: Calls without an answer to leads that were not handed over yet.
        reps: Who must be the rep of the hand-off.
    """

    handed_over: dict[str, datetime] = field(default_factory=dict)
    assigned: dict[str, datetime] = field(default_factory=dict)
    first_calls: dict[str, datetime] = field(default_factory=dict)
    early_calls: set[tuple[str, datetime]] = field(default_factory=set)
    reps: dict[str, str] = field(default_factory=dict)


def generate() -> tuple[Scenario, Expected]:
    """Return raw rows with what must become of them."""
    rng = random.Random(20)
    scenario, expected = Scenario(), Expected()
    for rep in ("R1", "R2", "R3", "R4", "R9"):
        scenario.add("sales_reps", rep_id=rep, name=rep, is_active="true")
    for number in range(LEADS):
        lead = f"crm_{number:03}"
        created = BEGIN + timedelta(hours=rng.randrange(2000))
        scenario.lead(lead, created_at=str(created), updated_at=str(created), owner_id="R9")
        at = created + timedelta(hours=1 + rng.randrange(100))
        if number % 3 < 2:
            _handed_over(scenario, expected, lead, at, rng)
        else:
            _not_handed_over(scenario, expected, lead, at, number)
    return scenario, expected


def _call(scenario: Scenario, lead: str, at: datetime, outcome: str, rep: str) -> None:
    """A call of a rep."""
    scenario.add(
        "sales_activities",
        lead_id=lead,
        activity_type="call",
        outcome=outcome,
        occurred_at=str(at),
        rep_id=rep,
    )


def _handed_over(
    scenario: Scenario, expected: Expected, lead: str, at: datetime, rng: random.Random
) -> None:
    """A lead that the CRM hands over; some were called before, most are called after it."""
    expected.handed_over[lead] = at
    scenario.status(lead, str(at), "handed_over")
    if rng.random() < 0.3:
        early = at - timedelta(minutes=30)
        expected.early_calls.add((lead, early))
        _call(scenario, lead, early, "no_answer", "R1")
    expected.reps[lead] = "R9"
    if rng.random() < 0.8:
        called = at + timedelta(minutes=rng.randrange(600))
        expected.first_calls[lead] = called
        expected.reps[lead] = "R2"
        _call(scenario, lead, called, rng.choice(["no_answer", "connected"]), "R2")
        _call(scenario, lead, called + timedelta(days=1), "connected", "R3")


def _not_handed_over(
    scenario: Scenario, expected: Expected, lead: str, at: datetime, number: int
) -> None:
    """A lead that sales called by itself, or that was only assigned, or that was rejected."""
    if number % 9 == 2:
        _call(scenario, lead, at, "connected", "R4")
    elif number % 9 == 5:
        expected.assigned[lead] = at
        scenario.sales(lead, str(at), "assigned")
        scenario.sales(lead, str(at + timedelta(hours=2)), "assigned")
    else:
        scenario.status(lead, str(at), "rejected", "no_budget")


SCENARIO, EXPECTED = generate()


def assignments_hand_over(project: Path) -> None:
    """Let the first assignment of a lead hand it over."""
    edit_policy(project, "lifecycle_settings", {"setting": "assignment_hands_over"}, {"value": "1"})


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, builds: Builds) -> dict[str, Future[Warehouse]]:
    """The build by the shipped policy, and one in which assignments hand over."""
    raw = SCENARIO.write(tmp_path_factory.mktemp("crm_only") / "raw")
    return {
        "statuses": builds.submit(raw, WORLDS_AS_OF),
        "assignments": builds.submit(raw, WORLDS_AS_OF, edit=assignments_hand_over),
    }


def rows_of(warehouse: Warehouse, table: str) -> list[dict[str, Any]]:
    """The rows of a public table."""
    found = warehouse.table(table).to_dict("records")
    return [{name: normal(value) for name, value in row.items()} for row in found]


def handoffs_by_crm(warehouse: Warehouse) -> dict[str, dict[str, Any]]:
    """The hand-offs that a status or an assignment of the CRM made, by lead."""
    rows = rows_of(warehouse, "handoffs")
    return {row["lead_id"]: row for row in rows if row["trigger_event"] == "handed_over"}


@pytest.mark.parametrize("build", ["statuses", "assignments"])
def test_the_crm_hands_over(built: dict[str, Future[Warehouse]], build: str) -> None:
    """Each status is a hand-off of that instant; an assignment only by the setting."""
    expected = EXPECTED.handed_over | (EXPECTED.assigned if build == "assignments" else {})
    found = handoffs_by_crm(built[build].result())
    assert {lead: row["handed_off_at"] for lead, row in found.items()} == {
        lead: normal(at) for lead, at in expected.items()
    }


def test_nothing_that_the_crm_handed_over_is_begun_by_sales(
    built: dict[str, Future[Warehouse]],
) -> None:
    """Only a call that was answered before anybody handed over begins a hand-off of sales."""
    rows = rows_of(built["statuses"].result(), "handoffs")
    begun = {row["lead_id"] for row in rows if row["is_begun_by_sales"]}
    assert begun
    assert not begun & EXPECTED.handed_over.keys()


def test_first_responses_are_counted(built: dict[str, Future[Warehouse]]) -> None:
    """The first call from the hand-over on answers it; a call before it does not."""
    warehouse = built["statuses"].result()
    found = handoffs_by_crm(warehouse)
    assert {
        lead: row["first_response_at"]
        for lead, row in found.items()
        if row["first_response_at"] is not None
    } == {lead: normal(at) for lead, at in EXPECTED.first_calls.items()}
    assert max(int(row["handoffs"]) for row in rows_of(warehouse, "sla_performance")) == len(
        EXPECTED.handed_over
    )


def test_the_rep_is_who_called_first_or_owns_the_record(
    built: dict[str, Future[Warehouse]],
) -> None:
    """Nobody is assigned by an activity or a status, so the first call says it, else the record."""
    found = handoffs_by_crm(built["statuses"].result())
    assert {lead: row["assigned_rep_id"] for lead, row in found.items()} == EXPECTED.reps


def test_what_moved_nothing_is_listed(built: dict[str, Future[Warehouse]]) -> None:
    """Calls without an answer before the hand-over; a rejected lead goes to nurture."""
    warehouse = built["statuses"].result()
    ignored = rows_of(warehouse, "ignored_lifecycle_events")
    assert {
        (row["lead_id"], row["occurred_at"])
        for row in ignored
        if row["stage"] == "lead" and row["event"] == "sales_contacted"
    } == {(lead, normal(at)) for lead, at in EXPECTED.early_calls}
    assert {row["reason"] for row in ignored} == {"no_transition"}
    assert not [row for row in ignored if row["source"] == "lead_status_changes"]
    (health,) = [
        row for row in rows_of(warehouse, "data_health") if row["check"] == "ignored_status"
    ]
    assert (int(health["affected"]), int(health["rows"])) == (
        0,
        len(SCENARIO.tables["lead_status_changes"]),
    )
