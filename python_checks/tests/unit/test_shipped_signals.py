"""What the signals that the documents name do under the policy as shipped.

Each lead is of a perfect fit (grade A) or of one criterion alone (D), and does one thing.
"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from python_checks.building import edit_policy
from python_checks.reference import compute
from python_checks.tests.build.scenarios import Scenario
from python_checks.tests.tables import POLICY

AT = "2026-03-10 10:00:00"
EARLIER = ("2026-03-02 10:00:00", "2026-03-06 10:00:00")
AS_OF = datetime(2026, 3, 12)
FITS = {
    "a": {},
    "d": {"account_id": "misfit", "job_title": "Cook"},
}
ACTIVITIES = (
    *("referral", "webinar_question", "implementation_question", "stakeholder_involved"),
    *("rfp_received", "newsletter_signup", "social_follow", "event_attendance", "form_submit"),
    *("webinar_registration", "webinar_attendance", "free_trial_signup"),
)
PAGES = {"collateral": "/roi-calculator", "product": "/product/tour", "other_page": "/careers"}
MOVED = {
    "a_referral": "mql mql_trigger",
    "d_referral": "mql mql_trigger",
    "a_webinar_question": "mql mql_trigger",
    "d_webinar_question": "mql mql_trigger",
    "a_implementation_question": "sql_proposed high_intent_action",
    "d_implementation_question": "sql_proposed high_intent_action",
    "a_stakeholder_involved": "sql_proposed high_intent_action",
    "d_stakeholder_involved": "sql_proposed high_intent_action",
    "a_rfp_received": "sql_proposed high_intent_action",
    "d_rfp_received": "sql_proposed high_intent_action",
    "a_newsletter_signup": "mql mql_gate",
    "a_social_follow": "mql mql_gate",
    "a_event_attendance": "mql mql_gate",
    "a_form_submit": "mql mql_gate",
    "a_webinar_registration": "mql mql_gate",
    "a_webinar_attendance": "sql_proposed sql_gate",
    "a_webinar_in_full": "sql_proposed sql_gate",
    "a_free_trial_signup": "sql_proposed sql_gate",
    "a_collateral": "mql mql_trigger",
    "d_collateral": "mql mql_trigger",
    "a_product": "mql mql_gate",
    "a_other_page": "mql mql_gate",
    "d_pricing_three_times": "mql mql_trigger",
    "a_pricing_three_times": "sql_proposed sql_gate",
    "a_clicks_of_two_campaigns": "mql mql_gate",
    "a_talk_with_sales": "mql mql_trigger",
    "d_talk_with_sales": "mql mql_trigger",
    "a_answered_call": "sql_working sales_connected",
    "d_answered_call": "sql_working sales_connected",
    "a_unsubscribed": "suppressed opted_out",
    "d_unsubscribed": "suppressed opted_out",
}
"""The last stage of each lead that moves, and what led there; the others stay raw leads."""


def scenario() -> Scenario:
    """One lead for each signal and fit."""
    told = Scenario()
    told.account("misfit", employee_count="3", country="BR")
    for grade, fit in FITS.items():
        for activity in ACTIVITIES:
            told.lead(f"{grade}_{activity}", **fit)
            told.activity(f"{grade}_{activity}", AT, activity)
        told.lead(f"{grade}_webinar_in_full", **fit)
        told.activity(f"{grade}_webinar_in_full", AT, "webinar_attendance", value="45")
        for name, path in PAGES.items():
            told.lead(f"{grade}_{name}", **fit)
            told.visit(f"{grade}_{name}", AT, path)
        told.lead(f"{grade}_pricing_three_times", **fit)
        for number, at in enumerate((*EARLIER, AT)):
            told.visit(f"{grade}_pricing_three_times", at, session_id=f"{grade}{number}")
        told.lead(f"{grade}_clicks_of_two_campaigns", **fit)
        for campaign, at in zip(("K1", "K2"), EARLIER, strict=True):
            told.mail(f"{grade}_clicks_of_two_campaigns", at, "clicked", campaign_id=campaign)
        told.lead(f"{grade}_opens", **fit)
        for at in (*EARLIER, AT):
            told.mail(f"{grade}_opens", at, "opened")
        told.lead(f"{grade}_talk_with_sales", **fit)
        link = "https://example.com/contact-sales"
        told.mail(f"{grade}_talk_with_sales", AT, "clicked", link_url=link)
        told.lead(f"{grade}_answered_call", **fit)
        told.sales(f"{grade}_answered_call", AT, "call", "connected")
        told.lead(f"{grade}_unsubscribed", **fit)
        told.mail(f"{grade}_unsubscribed", AT, "unsubscribed")
    return told


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The last stage of each lead and what led there."""
    raw = scenario().write(tmp_path_factory.mktemp("shipped_signals") / "raw")
    history = compute(raw, POLICY, AS_OF)["lead_stage_history"]
    return {
        row["lead_id"]: f"{row['stage']} {row['entered_by']}"
        for row in sorted(history, key=lambda row: row["stage_number"])
    }


@pytest.mark.parametrize("lead_id", sorted({row["lead_id"] for row in scenario().tables["leads"]}))
def test_signal_moves_a_lead(moved: dict[str, str], lead_id: str) -> None:
    """Triggers move a lead of any fit, gates one whose fit and score suffice."""
    assert moved[lead_id] == MOVED.get(lead_id, "lead first_seen")


ASKS = {
    "leadsuite": {
        "demo_request": "mql mql_trigger",
        "pricing_request": "mql mql_trigger",
        "meeting_booked": "mql mql_trigger",
        "rfp_received": "mql mql_trigger",
    },
    "acceptance_only": {
        "demo_request": "mql mql_trigger",
        "proposal_request": "mql mql_trigger",
        "rfp_received": "mql mql_trigger",
    },
    "abm": {
        "demo_request": "sql_proposed high_intent_action",
        "pricing_request": "sql_proposed high_intent_action",
        "stakeholder_involved": "sql_proposed high_intent_action",
    },
    "enterprise": {
        "demo_request": "mql mql_trigger",
        "pricing_request": "mql mql_trigger",
        "stakeholder_involved": "sql_proposed high_intent_action",
        "implementation_question": "sql_proposed high_intent_action",
    },
    "mid_market": {
        "demo_request": "sql_proposed high_intent_action",
        "implementation_question": "sql_proposed high_intent_action",
    },
    "startup": {
        "form_submit": "mql mql_trigger",
        "cold_email_reply_buying_intent": "mql mql_trigger",
        "cold_email_meeting_booked": "mql mql_trigger",
        "implementation_question": "sql_proposed high_intent_action",
    },
}
"""What an ask leads to, by profile, for a lead of grade D."""

REPLIES = {
    "cold_email_reply_buying_intent": "replied_interested",
    "cold_email_meeting_booked": "meeting_booked",
}


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lead of grade D for each ask."""
    told = Scenario()
    told.account("misfit", employee_count="3", country="BR")
    for signal in sorted({signal for asks in ASKS.values() for signal in asks}):
        told.lead(signal, **FITS["d"])
        if signal.startswith("cold_email"):
            told.mail(signal, AT, REPLIES[signal], program="cold_outbound")
        else:
            told.activity(signal, AT, signal)
    return told.write(tmp_path_factory.mktemp("asked") / "raw")


@pytest.mark.parametrize("profile", ASKS)
def test_ask_moves_a_lead_of_each_profile(asked: Path, tmp_path: Path, profile: str) -> None:
    """Whatever its score, as the documents say of those who ask."""
    policy = tmp_path / "seeds" / "policy"
    shutil.copytree(POLICY, policy)
    edit_policy(tmp_path, "model_assignment", {"track": "main"}, {"profile": profile})
    history = compute(asked, policy, AS_OF)["lead_stage_history"]
    last = {
        row["lead_id"]: f"{row['stage']} {row['entered_by']}"
        for row in sorted(history, key=lambda row: row["stage_number"])
    }
    assert {signal: last[signal] for signal in ASKS[profile]} == ASKS[profile]
