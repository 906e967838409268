"""Owners, hand-offs between them, and clocks by profile, calculated by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from python_checks.reference.handoffs import sla_policy_of
from python_checks.reference.policy import Policy
from python_checks.tests.unit.dated_rules import begin, change
from python_checks.tests.unit.motion_rules import MotionRun
from python_checks.tests.unit.test_reference_handoffs import at, checks, only, sold
from python_checks.tests.unit.test_reference_rules import (
    ACME,
    LEAD,
    activity,
    stages,
    status,
    visit,
)

MARKED, LATER = "2026-03-02 09:00:00", "2026-03-04 09:00:00"


@pytest.fixture
def run(tmp_path: Path) -> MotionRun:
    """Compute the tables by a policy with further rows; one account and one lead by default."""
    return MotionRun(tmp_path, leads=[LEAD], accounts=[ACME])


def owner(stage: str, name: str, profile: str = "standard") -> dict[str, str]:
    """A row of stage_owners.csv."""
    return {"profile": profile, "stage": stage, "owner": name}


def owners(tables) -> list[tuple[str, str]]:
    """The stays of lead L1 as (stage, owner)."""
    return [(row["stage"], row["owner"]) for row in tables["lead_stage_history"]]


def between(tables) -> list[tuple]:
    """The hand-offs as (from owner, to owner, from, until, disposition)."""
    return [
        (
            row["from_owner"],
            row["to_owner"],
            str(row["handed_off_at"]),
            str(row["ended_at"]),
            row["disposition"],
        )
        for row in tables["handoffs"]
    ]


def test_usual_owners(run):
    tables = run(lead_status_changes=[status(MARKED, "mql"), status(LATER, "accepted")])
    assert owners(tables) == [
        ("lead", "marketing"),
        ("mql", "marketing"),
        ("sql_accepted", "sales"),
    ]
    assert between(tables) == [("marketing", "sales", LATER, "None", "accepted")]


def test_row_of_the_profile_goes_first(run):
    policy = {"stage_owners": [owner("mql", "sales"), owner("mql", "sdr", "plg")]}
    tables = run(policy=policy, lead_status_changes=[status(MARKED, "mql")])
    assert owners(tables)[-1] == ("mql", "sales")
    assert tables["lead_stages"][0]["stage_owner"] == "sales"
    assert tables["stage_ageing"][0]["stage_owner"] == "sales"
    assert between(tables) == [("marketing", "sales", MARKED, "None", "none")]


def test_mql_of_sales_has_a_clock_and_a_rejection(run):
    tables = run(
        policy={"stage_owners": [owner("mql", "sales")]},
        lead_status_changes=[
            status(MARKED, "mql"),
            status("2026-03-03 09:00:00", "rejected", "no_budget"),
        ],
        sales_activities=[sold("2026-03-02 10:30:00")],
    )
    row = only(tables)
    assert (row["from_stage"], row["to_stage"]) == ("lead", "mql")
    assert (row["sla_policy"], row["response_minutes"]) == ("inbound_default", 90)
    assert (row["disposition"], row["reason_code"]) == ("rejected", "no_budget")
    assert str(row["first_status_at"]) == "2026-03-03 09:00:00"


@pytest.mark.parametrize(
    ("mql_bar", "result"), [("20", "passed"), ("20.0001", "failed"), ("100", "failed")]
)
def test_check_of_an_mql_takes_its_bar(run, mql_bar, result):
    tables = run(
        ("2026-02-01", change("qualification_profiles", {"mql_min_score": mql_bar}, **STANDARD)),
        policy={"stage_owners": [owner("mql", "sales")]},
        lead_status_changes=[status(MARKED, "mql")],
    )
    assert only(tables)["score"] == Decimal(20)
    assert checks(tables)["score_threshold"] == result


STANDARD = {"profile": "standard"}


def test_pql_has_no_bar(run):
    product_event = {"email": "l1@acme.com", "event_name": "team_invite", "occurred_at": MARKED}
    tables = run(policy={"stage_owners": [owner("pql", "sdr")]}, product_events=[product_event])
    assert only(tables)["to_stage"] == "pql"
    assert checks(tables)["score_threshold"] == "unknown"


def test_hand_off_to_sales_development_ends_in_the_one_to_sales(run):
    tables = run(
        policy={"stage_owners": [owner("mql", "sdr")]},
        lead_status_changes=[status(MARKED, "mql")],
        marketing_activities=[activity(LATER)],
        sales_activities=[sold(MARKED), sold(LATER), sold("2026-03-04 11:00:00")],
        opportunities=[
            {
                "lead_id": "L1",
                "amount": "500",
                "created_at": LATER,
                "opportunity_id": "O1",
                "closed_at": "",
                "is_won": "",
            }
        ],
    )
    assert between(tables)[0] == ("marketing", "sdr", MARKED, LATER, "accepted")
    first, second = tables["handoffs"]
    assert (second["from_owner"], second["to_owner"]) == ("sdr", "sales")
    assert (second["handoff_number"], second["from_stage"]) == (2, "mql")
    assert str(first["disposed_at"]) == LATER
    # What happens at the very instant is the first one's.
    assert (first["attempts"], second["attempts"]) == (2, 1)
    assert (first["amount"], second["amount"]) == (500, None)
    assert str(second["first_response_at"]) == "2026-03-04 11:00:00"


def test_one_that_ends_where_it_begins_is_none(run):
    tables = run(
        policy={"stage_owners": [owner("mql", "sdr")]},
        lead_status_changes=[status(MARKED, "mql")],
        sales_activities=[sold(MARKED, outcome="connected")],
    )
    assert owners(tables)[1:] == [("mql", "sdr"), ("sql_working", "sales")]
    (row,) = tables["handoffs"]
    assert (row["handoff_number"], row["from_owner"], row["to_owner"]) == (1, "marketing", "sales")
    # No earlier one has what happens at its beginning.
    assert (row["attempts"], str(row["connected_at"])) == (1, MARKED)


def test_first_stay_may_be_a_hand_off(run):
    tables = run(policy={"stage_owners": [owner("lead", "sdr")]})
    row = only(tables)
    assert (row["from_owner"], row["to_owner"]) == ("marketing", "sdr")
    assert (row["from_stage"], row["to_stage"], row["trigger_event"]) == (
        None,
        "lead",
        "first_seen",
    )
    assert str(row["handed_off_at"]) == LEAD["created_at"]
    assert row["is_begun_by_sales"] is False


def test_regression_gives_the_lead_back_whatever_the_table_says(run):
    tables = run(
        policy={"stage_owners": [owner("mql", "sales")]},
        lead_status_changes=[
            status(MARKED, "mql"),
            status("2026-03-03 09:00:00", "accepted"),
            status(LATER, "regressed"),
        ],
    )
    assert owners(tables)[1:] == [
        ("mql", "sales"),
        ("sql_accepted", "sales"),
        ("mql", "marketing"),
    ]
    assert between(tables) == [("marketing", "sales", MARKED, LATER, "accepted")]


def test_lead_of_nobody_ends_a_hand_off_and_begins_none(run):
    deal = {"lead_id": "L1", "created_at": "2026-03-06 09:00:00", "opportunity_id": "O1"}
    tables = run(
        lead_status_changes=[status(MARKED, "accepted"), status(LATER, "disqualified")],
        opportunities=[deal | {"closed_at": "", "is_won": "", "amount": ""}],
    )
    assert owners(tables)[1:] == [
        ("sql_accepted", "sales"),
        ("disqualified", "nobody"),
        ("opportunity", "sales"),
    ]
    assert [(row[0], row[3]) for row in between(tables)] == [("marketing", LATER)]


def test_owner_of_lower_rank_ends_a_hand_off_and_begins_none(run):
    tables = run(
        policy={"stage_owners": [owner("sql_accepted", "sdr")]},
        marketing_activities=[activity(MARKED)],
        lead_status_changes=[status(LATER, "accepted")],
    )
    assert owners(tables)[1:] == [("sql_proposed", "sales"), ("sql_accepted", "sdr")]
    assert between(tables) == [("marketing", "sales", MARKED, LATER, "none")]


def test_sales_development_may_hand_over_what_it_got_from_nobody(run):
    deal = {"lead_id": "L1", "created_at": LATER, "opportunity_id": "O1", "amount": ""}
    tables = run(
        policy={"stage_owners": [owner("opportunity", "sdr")]},
        lead_status_changes=[status(MARKED, "disqualified")],
        opportunities=[deal | {"closed_at": "2026-03-06 09:00:00", "is_won": "true"}],
    )
    assert owners(tables)[1:] == [
        ("disqualified", "nobody"),
        ("opportunity", "sdr"),
        ("customer", "sales"),
    ]
    assert [row[:2] for row in between(tables)] == [("sdr", "sales")]


@pytest.mark.parametrize(
    ("boundary", "stage_owner"), [(MARKED, "sales"), ("2026-03-02 09:00:01", "marketing")]
)
def test_owner_is_that_of_the_entry(run, boundary, stage_owner):
    row = owner("mql", "sales") | {"source": "project"}
    tables = run(
        (boundary, begin("stage_owners", **row)), lead_status_changes=[status(MARKED, "mql")]
    )
    assert owners(tables) == [("lead", "marketing"), ("mql", stage_owner)]
    assert len(tables["handoffs"]) == (stage_owner == "sales")


def test_lead_that_sales_development_has_is_judged(run):
    tables = run(policy={"stage_owners": [owner("lead", "sdr")]})
    (point,) = tables["evaluation_points"]
    assert (point["evaluated_stage"], str(point["evaluated_at"])) == ("lead", LEAD["created_at"])


@pytest.fixture
def promises(policy: Policy) -> Policy:
    """A policy with promises for a profile, an owner, both, and signals of theirs."""
    usual = next(sla for sla in policy.sla_policies if not sla.handoff_signals)

    def promise(name, profile=None, to_owner=None, signals=()):
        return replace(
            usual,
            sla_policy=name,
            profile=profile,
            to_owner=to_owner,
            handoff_signals=list(signals),
        )

    return replace(
        policy,
        sla_policies=[
            promise("any"),
            promise("sdr", to_owner="sdr"),
            promise("plg", profile="plg"),
            promise("plg sdr", profile="plg", to_owner="sdr"),
            promise("plg sdr again", profile="plg", to_owner="sdr"),
            promise("demo", signals=["demo_request"]),
            promise("demo of abm", profile="abm", signals=["demo_request", "rfp_received"]),
            promise("trial for sales", to_owner="sales", signals=["free_trial_signup"]),
        ],
    )


@pytest.mark.parametrize(
    ("signal", "profile", "to_owner", "name"),
    [
        (None, "standard", "sales", "any"),
        (None, "standard", "sdr", "sdr"),
        (None, "plg", "sales", "plg"),
        # The first of equals by rule_order.
        (None, "plg", "sdr", "plg sdr"),
        # A signal goes before profile and owner, whichever they are.
        ("demo_request", "plg", "sdr", "demo"),
        ("demo_request", "abm", "sales", "demo of abm"),
        ("rfp_received", "abm", "sales", "demo of abm"),
        # A row of another profile or owner does not match at all.
        ("rfp_received", "plg", "sales", "plg"),
        ("free_trial_signup", "plg", "sdr", "plg sdr"),
        ("free_trial_signup", "plg", "sales", "trial for sales"),
    ],
)
def test_promise_by_signal_then_profile_then_owner(promises, signal, profile, to_owner, name):
    assert sla_policy_of(signal, profile, to_owner, promises).sla_policy == name


def test_promise_to_sales_development(run):
    usual = {"handoff_signals": None, "clock": "elapsed", "status_update_hours": "48"}
    tries = {"min_attempts": "1", "attempts_window_days": "2"}
    promise = {"rule_order": "9", "sla_policy": "sdr_fast", "response_target_minutes": "5"}
    tables = run(
        policy={
            "stage_owners": [owner("mql", "sdr")],
            "sla_policies": [{**usual, **tries, **promise, "to_owner": "sdr"}],
        },
        lead_status_changes=[status(MARKED, "mql"), status(LATER, "accepted")],
    )
    first, second = tables["handoffs"]
    assert (first["sla_policy"], second["sla_policy"]) == ("sdr_fast", "inbound_default")
    assert first["sla_due_at"] == at("2026-03-02 09:05:00")


def test_matrix_of_the_profile_goes_first(run):
    cell = {
        "profile": "standard",
        "grade": "A",
        "score_level": "high",
        "stage": "nurture",
        "opens_mql_gate": "false",
        "opens_sql_gate": "false",
        "action": "low_priority_nurture",
        "action_label": "Wait",
    }
    visits = [visit(MARKED)]
    assert stages(run(web_events=visits))[-1][0] == "sql_proposed"
    other = run(policy={"qualification_matrix": [cell | {"profile": "plg"}]}, web_events=visits)
    assert stages(other)[-1][0] == "sql_proposed"
    tables = run(policy={"qualification_matrix": [cell]}, web_events=visits)
    assert stages(tables) == [("lead", LEAD["created_at"], "first_seen")]
    (row,) = [row for row in tables["lead_scores"] if row["is_primary"]]
    assert (row["score_level"], row["recommended_stage"]) == ("high", "nurture")
    assert row["recommended_action"] == "low_priority_nurture"
