"""Scenarios of profiles whose MQLs or PQLs are handed over, from first click to win and back.

A lead's profile follows from the industry of its account. All accounts are in the calendar of New
York, where 15:00 UTC is 11:00 in March after the clocks changed, and in June.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.tests.build.scenarios import Scenario
from python_checks.tests.builds import ENGINES, Builds, built_on
from python_checks.tests.engines.motions import AS_OF, assign, differing, differing_stays

pytestmark = pytest.mark.nightly

FIRST_CLICK = "2026-03-02 09:00:00"
TUESDAY = "2026-03-10 15:00:00"
THURSDAY = "2026-03-12 10:00:00"
NEXT_TUESDAY = "2026-03-17 15:00:00"
FIRST_OF_JUNE = "2026-06-01 15:00:00"
IN_SEPTEMBER = "2026-09-22 15:00:00"
PAIRS = {
    "Software": ("ooligo", "acceptance_only"),
    "Financial Services": ("como", "como"),
    "Healthcare": ("leadsuite", "leadsuite"),
    "": ("guide", "plg"),
}
"""Model and profile by industry; the last is for any other."""


def assign_by_industry(project: Path) -> None:
    """Give each industry a pair."""
    assign(
        project,
        (
            {"industry": industry, "scoring_model": model, "profile": profile}
            for industry, (model, profile) in PAIRS.items()
        ),
    )


def scenario() -> Scenario:
    """Six leads first read the blog, or the prices; two sign up to the product late."""
    told = Scenario()
    told.account("bank", industry="Financial Services")
    told.account("clinic", industry="Healthcare")
    told.account("studio", industry="Media")
    for lead_id, account_id in {
        "accepted": "acme",
        "rejected": "acme",
        "como": "bank",
        "leadsuite": "clinic",
        "plg": "studio",
        "plg_rejected": "studio",
    }.items():
        told.lead(lead_id, account_id=account_id)
        path = "/pricing" if lead_id == "leadsuite" else "/blog/first"
        told.visit(lead_id, FIRST_CLICK, path)

    told.activity("accepted", TUESDAY, "webinar_attendance", asset="live-demo")
    told.sales("accepted", "2026-03-10 16:00:00", "call", "no_answer")
    told.status("accepted", THURSDAY, "accepted")
    told.deal("accepted", "2026-03-20 10:00:00", "2026-04-15 10:00:00", "true")

    told.activity("rejected", TUESDAY, "demo_request")
    told.sales("rejected", "2026-03-10 15:40:00", "email", "no_answer")
    told.status("rejected", THURSDAY, "rejected", "wrong_title")
    told.activity("rejected", FIRST_OF_JUNE, "demo_request")

    told.visit("como", TUESDAY, "/pricing")
    told.sales("como", "2026-03-10 15:10:00", "call", "connected")
    told.status("como", NEXT_TUESDAY, "regressed", "not_ready")
    told.status("como", FIRST_OF_JUNE, "accepted")
    told.deal("como", "2026-06-10 10:00:00", "2026-07-10 10:00:00", "true")

    told.visit("leadsuite", TUESDAY, "/demo")
    told.sales("leadsuite", "2026-03-10 15:30:00", "call", "no_answer")
    told.answers("leadsuite", THURSDAY, "confirmed", "budget", "authority", "need", "timeline")
    told.deal("leadsuite", "2026-03-20 10:00:00", "2026-04-20 10:00:00", "false")
    told.deal("leadsuite", FIRST_OF_JUNE, "2026-07-01 10:00:00", "true")

    told.product("plg", TUESDAY, "team_invite")
    told.sales("plg", "2026-03-10 16:00:00", "call", "no_answer")
    told.activity("plg", NEXT_TUESDAY, "demo_request")
    told.sales("plg", NEXT_TUESDAY, "call", "connected")
    told.sales("plg", "2026-03-17 15:20:00", "call", "connected")
    told.status("plg", "2026-03-20 10:00:00", "accepted")
    told.deal("plg", "2026-04-01 10:00:00", "2026-05-01 10:00:00", "true")

    told.product("plg_rejected", TUESDAY, "team_invite")
    told.status("plg_rejected", THURSDAY, "rejected", "no_need")

    for lead_id in ("plg_signed_up", "plg_active"):
        told.lead(lead_id, account_id="studio")
        told.activity(lead_id, IN_SEPTEMBER, "free_trial_signup")
    told.product("plg_active", "2026-09-25 15:00:00", "activation_milestone")
    return told


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The raw folder of the scenario."""
    return scenario().write(tmp_path_factory.mktemp("scenario") / "raw")


@pytest.fixture(scope="module", params=ENGINES)
def built(request: pytest.FixtureRequest, builds: Builds, raw: Path) -> Warehouse:
    """The scenario, built on each engine."""
    return built_on(request, builds, raw, "owned_motions", AS_OF, assign_by_industry)


OWNED = {
    "accepted": """
        lead-marketing mql-sales sql_accepted-sales opportunity-sales customer-sales""",
    "rejected": """
        lead-marketing mql-sales nurture-marketing mql-sales nurture-marketing""",
    "como": """
        lead-marketing mql-sales sql_working-sales mql-marketing sql_accepted-sales
        opportunity-sales customer-sales""",
    "leadsuite": """
        lead-marketing mql-sales sql_qualified-sales opportunity-sales nurture-marketing
        opportunity-sales customer-sales""",
    "plg": """
        lead-marketing mql-marketing pql-sdr sql_proposed-sales sql_working-sales
        sql_accepted-sales opportunity-sales customer-sales""",
    "plg_rejected": """
        lead-marketing mql-marketing pql-sdr nurture-marketing""",
    "plg_signed_up": "lead-marketing mql-marketing",
    "plg_active": "lead-marketing mql-marketing",
}
"""The stages of each lead with their owners, in order."""


@pytest.mark.parametrize("lead_id", OWNED)
def test_each_stay_has_the_owner_of_its_profile(built: Warehouse, lead_id: str) -> None:
    """What a regression sends back is marketing's; the current stay's owner is the lead's."""
    stays = OWNED[lead_id].replace("-", ",").split()
    assert not differing_stays(built, lead_id, "stage,owner", stays)


HANDED_OVER = """
    lead_id,handoff_number,from_owner,to_owner,from_stage,to_stage,trigger_event,trigger_signal
    accepted,1,marketing,sales,lead,mql,mql_trigger,product_webinar_attendance
    rejected,1,marketing,sales,lead,mql,mql_trigger,demo_request
    rejected,2,marketing,sales,nurture,mql,mql_trigger,demo_request
    como,1,marketing,sales,lead,mql,mql_gate,pricing_page_visit
    como,2,marketing,sales,mql,sql_accepted,sales_accepted,
    leadsuite,1,marketing,sales,lead,mql,mql_gate,demo_page_visit
    leadsuite,2,marketing,sales,nurture,opportunity,opportunity_created,
    plg,1,marketing,sdr,mql,pql,pql_milestone,team_invite
    plg,2,sdr,sales,pql,sql_proposed,high_intent_action,demo_request
    plg_rejected,1,marketing,sdr,mql,pql,pql_milestone,team_invite
"""
OUTCOMES = """
    lead_id,handoff_number,ended_at,disposition,reason_code,opportunity_at,customer_at
    accepted,1,,accepted,,2026-03-20T10:00:00,2026-04-15T10:00:00
    rejected,1,2026-03-12T10:00:00,rejected,wrong_title,,
    rejected,2,2026-08-30T15:00:00,none,,,
    como,1,2026-03-17T15:00:00,regressed,not_ready,,
    como,2,,accepted,,2026-06-10T10:00:00,2026-07-10T10:00:00
    leadsuite,1,2026-04-20T10:00:00,accepted,,2026-03-20T10:00:00,
    leadsuite,2,,accepted,,2026-06-01T15:00:00,2026-07-01T10:00:00
    plg,1,2026-03-17T15:00:00,accepted,,,
    plg,2,,accepted,,2026-04-01T10:00:00,2026-05-01T10:00:00
    plg_rejected,1,2026-03-12T10:00:00,rejected,no_need,,
"""
CLOCKS = """
    lead_id,handoff_number,sla_policy,sla_due_at,first_response_at,response_minutes,sla_status
    accepted,1,content_driven,2026-03-11T15:00:00,2026-03-10T16:00:00,60,met
    rejected,1,demo_and_pricing,2026-03-10T15:30:00,2026-03-10T15:40:00,40,breached
    rejected,2,demo_and_pricing,2026-06-01T15:30:00,,,breached
    como,1,demo_and_pricing,2026-03-10T15:30:00,2026-03-10T15:10:00,10,met
    leadsuite,1,demo_and_pricing,2026-03-10T15:30:00,2026-03-10T15:30:00,30,breached
    plg,1,inbound_default,2026-03-10T17:00:00,2026-03-10T16:00:00,60,met
    plg,2,demo_and_pricing,2026-03-17T15:30:00,2026-03-17T15:20:00,20,met
    plg_rejected,1,inbound_default,2026-03-10T17:00:00,,,breached
"""
PERFORMANCE = """
    sla_policy,handoffs,met,breached
    all,8,4,4
    content_driven,1,1,0
    demo_and_pricing,5,2,3
    inbound_default,2,1,1
"""
FIRST_CHECKS = """
    lead_id,handoff_number,result
    accepted,1,passed
    rejected,1,passed
    rejected,2,passed
    como,1,passed
    como,2,failed
    leadsuite,1,passed
    leadsuite,2,failed
    plg,1,unknown
    plg,2,passed
    plg_rejected,1,unknown
"""
REJECTIONS = """
    reason_code,dispositions,rejected
    all,9,2
    no_need,9,1
    wrong_title,9,1
"""
SYNCED = """
    lead_id,sql_handed_off_at
    accepted,2026-03-10T15:00:00
    rejected,2026-06-01T15:00:00
    como,2026-06-01T15:00:00
    leadsuite,2026-06-01T15:00:00
    plg,2026-03-17T15:00:00
    plg_rejected,2026-03-10T15:00:00
    plg_signed_up,
    plg_active,
"""
NURTURED = """
    lead_id,nurture_track
    accepted,
    rejected,long_term
    como,
    leadsuite,
    plg,
    plg_rejected,education
    plg_signed_up,product_onboarding
    plg_active,in_app_upgrade
"""
EVALUATED = """
    lead_id,evaluated_stage
    accepted,mql
    rejected,mql
    como,mql
    leadsuite,mql
    plg,mql
    plg_rejected,mql
    plg_signed_up,mql
    plg_active,mql
"""


def test_who_hands_over_to_whom_and_what_becomes_of_it(built: Warehouse) -> None:
    """Sales development's hand-off ends in that to sales, which accepts it."""
    assert not differing(built, "handoffs", HANDED_OVER)
    assert not differing(built, "handoffs", OUTCOMES)


def test_each_clock_is_that_of_the_signal(built: Warehouse) -> None:
    """The call at the very instant of the second hand-off of plg answers nothing there."""
    assert not differing(built, "handoffs", CLOCKS, is_begun_by_sales=False)
    totals = {"week_start": None, "rep_id": "all", "response_bucket": "all"}
    assert not differing(built, "sla_performance", PERFORMANCE, **totals)


def test_the_first_check_takes_the_bar_of_the_stage_entered(built: Warehouse) -> None:
    """That of an MQL, that of an SQL, or none for a PQL."""
    assert not differing(built, "handoff_checklist", FIRST_CHECKS, check_number=1)


def test_reports_and_syncs_know_the_handoffs_of_mqls_and_pqls(built: Warehouse) -> None:
    """Rejections count them, the CRM gets the latest, and they are judged at their first stage."""
    totals = {"handed_off_month": None, "channel": "all"}
    assert not differing(built, "rejections", REJECTIONS, **totals)
    assert not differing(built, "crm_lead_sync", SYNCED)
    assert not differing(built, "evaluation_points", EVALUATED)


def test_product_led_leads_are_nurtured_by_what_they_have_done(built: Warehouse) -> None:
    """Onboarding until the product is in use, then the upgrade; what sales sent back by reason."""
    assert not differing(built, "crm_lead_sync", NURTURED)
