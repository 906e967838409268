"""What the demo says to do with its leads agrees with where they are."""

from __future__ import annotations

import pytest

from lead_qualification.warehouse import Warehouse


def actions_of(demo: Warehouse, condition: str) -> list[tuple[str, str]]:
    """The owner and action of the leads that meet a condition, each once."""
    found = demo.read(
        "select distinct actions.owner, actions.action from main_marts.next_best_action as actions "
        "inner join main_marts.lead_stages as leads on actions.lead_id = leads.lead_id "
        f"where {condition} order by 1, 2"
    )
    return list(found.itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("leads.stage = 'customer'", [("sales", "look_after_customer")]),
        ("actions.has_open_opportunity", [("sales", "work_opportunity")]),
        (
            "actions.is_in_cooldown and leads.stage <> 'suppressed' and not has_open_opportunity",
            [("marketing", "wait_for_cooldown")],
        ),
        ("leads.stage in ('suppressed', 'disqualified')", [("nobody", "no_action")]),
        (
            "actions.re_engage_due and leads.stage_owner = 'marketing' and "
            "not has_open_opportunity",
            [("marketing", "re_engage")],
        ),
    ],
)
def test_stage_and_cooldown_go_before_the_matrix(
    demo: Warehouse, condition: str, expected: list[tuple[str, str]]
) -> None:
    """The matrix alone would call a resting lead and nurture a customer."""
    assert actions_of(demo, condition) == expected


def test_every_lead_has_one_action_and_the_crm_gets_it(demo: Warehouse) -> None:
    """The CRM is told the action, its owner and its due time; a closed lead has none there."""
    told = demo.read(
        "select synced.recommended_action, synced.action_owner, synced.action_due_at, "
        "actions.action, actions.owner, date_trunc('second', actions.due_at) as due_at "
        "from main_marts.crm_lead_sync as synced "
        "inner join main_marts.next_best_action as actions on synced.lead_id = actions.lead_id "
        "where synced.recommended_action is not null"
    )
    assert len(told) > 0
    for column, of_action in (
        ("recommended_action", "action"),
        ("action_owner", "owner"),
        ("action_due_at", "due_at"),
    ):
        assert told[column].equals(told[of_action].rename(column))
    leads = demo.read("select count(*) as leads from main_marts.lead_stages")["leads"].iloc[0]
    assert len(demo.table("next_best_action")) == leads


def test_the_hand_off_of_an_open_lead_reaches_the_crm(demo: Warehouse) -> None:
    """The answer time and the context of the open hand-off are among the fields."""
    handed_over = demo.read(
        "select synced.sla_due_at is not null as has_due, "
        "synced.handoff_context is not null as has_context, handoffs.is_open "
        "from main_marts.crm_lead_sync as synced inner join main_marts.handoffs as handoffs "
        "on synced.lead_id = handoffs.lead_id "
        "qualify row_number() over "
        "(partition by handoffs.lead_id order by handoffs.handoff_number desc) = 1"
    )
    assert handed_over["is_open"].any()
    assert handed_over["has_due"].equals(handed_over["is_open"].rename("has_due"))
    assert handed_over["has_context"].equals(handed_over["is_open"].rename("has_context"))
