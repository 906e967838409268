"""What must hold before a hand-off: a gate shuts, a trigger waits, and each says why.

Inbound leads have the profile checklist. All of them fit perfectly unless the case says otherwise,
ask for a demo on 10 March 10:00 and were created on 1 March 10:00; the clock stands at 30 September
00:00.
"""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.building import add_policy_row, edit_policy
from python_checks.compare import normal
from python_checks.tests.build.scenarios import Scenario
from python_checks.tests.builds import Builds
from python_checks.worlds import WORLDS_AS_OF

pytestmark = pytest.mark.nightly

ASKED = "2026-03-10 10:00:00"
BOUNCED = "2026-03-09 10:00:00"
SCENARIO = Scenario()


def asks(lead: str, at: str = ASKED, **values: str) -> None:
    """A lead that asks for a demo."""
    SCENARIO.lead(lead, **values)
    SCENARIO.activity(lead, at, "demo_request")


asks("at_once")

asks("bounced")
SCENARIO.mail("bounced", BOUNCED, "bounced")
SCENARIO.mail("bounced", "2026-03-20 10:00:00", "clicked")

asks("bounced_again")
SCENARIO.mail("bounced_again", BOUNCED, "bounced")
SCENARIO.mail("bounced_again", "2026-03-20 10:00:00", "bounced")

asks("in_time")
SCENARIO.mail("in_time", BOUNCED, "bounced")
SCENARIO.mail("in_time", "2026-06-08 09:59:59", "clicked")

asks("too_late")
SCENARIO.mail("too_late", BOUNCED, "bounced")
SCENARIO.mail("too_late", "2026-06-08 10:00:00", "clicked")

asks("rests")
SCENARIO.mail("rests", BOUNCED, "bounced")
SCENARIO.status("rests", "2026-03-15 10:00:00", "rejected", "no_budget")
SCENARIO.mail("rests", "2026-03-20 10:00:00", "clicked")

asks("opted_out", "2026-09-20 10:00:00")
SCENARIO.mail("opted_out", "2026-03-05 10:00:00", "unsubscribed")

asks("opted_in")
SCENARIO.mail("opted_in", "2026-03-05 10:00:00", "unsubscribed")
SCENARIO.mail("opted_in", "2026-03-25 10:00:00", "resubscribed")

asks("wrong_title", "2026-09-20 10:00:00", job_title="Cook")
asks("wrong_all", "2026-09-20 10:00:00", job_title="Cook", account_id="small")
SCENARIO.mail("wrong_all", "2026-09-19 10:00:00", "bounced")
SCENARIO.account("small", employee_count="3", industry="Farming", country="US")

HANDED_OVER = {
    "at_once": ASKED,
    "bounced": "2026-03-20 10:00:00",
    "in_time": "2026-06-08 09:59:59",
    "opted_in": "2026-03-25 10:00:00",
    "wrong_title": "2026-09-20 10:00:00",
}
"""When each lead is handed over by its request; the others are not."""
NOT_MET = {
    "bounced_again": ASKED,
    "too_late": ASKED,
    "opted_out": "2026-09-20 10:00:00",
    "wrong_all": "2026-09-20 10:00:00",
}
"""Requests that never happened."""


def checklist(project: Path) -> None:
    """Give inbound leads the profile checklist."""
    inbound = {"track": "main", "motion": ""}
    edit_policy(project, "model_assignment", inbound, {"profile": "checklist"})


def budget_too(project: Path) -> None:
    """Ask of standard leads what their shipped profile does not."""
    for check_name, min_value in (("budget_confirmed", ""), ("buying_committee", "2")):
        row = {
            "profile": "standard",
            "check_name": check_name,
            "events": "sql_gate|high_intent_action",
        }
        add_policy_row(
            project, "handoff_requirements", row | {"min_value": min_value, "source": "project"}
        )


asks("colleague_1", account_id="pair")
asks("colleague_2", "2026-03-12 10:00:00", account_id="pair")
SCENARIO.account("pair")
asks("nobody", "2026-09-20 10:00:00", account_id="alone")
SCENARIO.account("alone")
asks("denied", "2026-09-20 10:00:00", account_id="broke")
asks("denied_too", "2026-09-20 11:00:00", account_id="broke")
SCENARIO.account("broke")
SCENARIO.answers("denied", "2026-09-01 10:00:00", "denied", "budget")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, builds: Builds) -> dict[str, Future[Warehouse]]:
    """The build with the profile checklist, and one with two more requirements of standard."""
    raw = SCENARIO.write(tmp_path_factory.mktemp("requirements") / "raw")
    return {
        "checklist": builds.submit(raw, WORLDS_AS_OF, edit=checklist),
        "standard": builds.submit(raw, WORLDS_AS_OF, edit=budget_too),
    }


def rows_of(warehouse: Warehouse, table: str) -> list[dict[str, Any]]:
    """The rows of a public table."""
    found = warehouse.table(table).to_dict("records")
    return [{name: normal(value) for name, value in row.items()} for row in found]


def by_request(warehouse: Warehouse) -> dict[str, Any]:
    """When each lead was handed over by its request for a demo."""
    return {
        row["lead_id"]: row["handed_off_at"]
        for row in rows_of(warehouse, "handoffs")
        if (row["trigger_event"], row["trigger_signal"]) == ("high_intent_action", "demo_request")
    }


def held_back(warehouse: Warehouse) -> dict[str, Any]:
    """The leads that are held back, and by what."""
    rows = rows_of(warehouse, "lead_stages")
    return {row["lead_id"]: row["held_back_by"] for row in rows if row["held_back_by"]}


def test_a_request_waits_for_what_is_required(built: dict[str, Future[Warehouse]]) -> None:
    """It happens once all holds, with its signal; not 90 days after it, nor in a cooldown."""
    found = by_request(built["checklist"].result())
    known = HANDED_OVER.keys() | NOT_MET.keys() | {"rests"}
    assert {lead: at for lead, at in found.items() if lead in known} == {
        lead: normal(at) for lead, at in HANDED_OVER.items()
    }


def test_a_request_that_did_not_happen_is_listed(built: dict[str, Future[Warehouse]]) -> None:
    """With reason requirement at its signal; one that a cooldown dropped when it would happen."""
    rows = [
        row
        for row in rows_of(built["checklist"].result(), "ignored_lifecycle_events")
        if row["event"] == "high_intent_action" and row["source"] == "marketing_activities"
    ]
    assert {
        row["lead_id"]: str(row["occurred_at"]) for row in rows if row["reason"] == "requirement"
    } == {lead: str(normal(at)) for lead, at in NOT_MET.items()}
    assert {
        row["lead_id"]: str(row["occurred_at"]) for row in rows if row["reason"] == "cooldown"
    } == {"rests": str(normal("2026-03-20 10:00:00"))}


def test_what_holds_a_lead_back_is_named(built: dict[str, Future[Warehouse]]) -> None:
    """The checks alone that fail now, in order of name, while the request is remembered."""
    found = held_back(built["checklist"].result())
    assert found["opted_out"] == "consent"
    assert found["wrong_all"] == "email_not_bounced, grade"
    assert not found.keys() & (HANDED_OVER.keys() | {"too_late", "bounced_again"})


def test_colleagues_and_budgets_count(built: dict[str, Future[Warehouse]]) -> None:
    """The second of an account hands over both; a denied budget only keeps its own lead."""
    warehouse = built["standard"].result()
    found = by_request(warehouse)
    both = normal("2026-03-12 10:00:00")
    assert (found["colleague_1"], found["colleague_2"]) == (both, both)
    assert found["denied_too"] == normal("2026-09-20 11:00:00")
    assert "denied" not in found
    assert "nobody" not in found
    assert held_back(warehouse) | {"denied": "budget_confirmed", "nobody": "buying_committee"} == (
        held_back(warehouse)
    )
