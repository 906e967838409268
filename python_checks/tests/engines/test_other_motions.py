"""Scenarios of profiles whose SQLs are handed over, from first click to win and back.

Marketing owns a lead until a gate, a trigger or an answer makes an SQL of it. A lead's profile
follows from its account or its source; by each profile one lead comes, is sent back, rejected or
lost, comes again and buys. A perfect lead has 40 fit points in guide, a title that is not a buyer's
costs 15, a wrong or unknown company size or industry 10. All accounts are in the calendar of New
York, where 15:00 UTC is 11:00 in March after the clocks changed, and in summer.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.building import add_policy_row
from python_checks.tests.build.scenarios import Scenario
from python_checks.tests.builds import ENGINES, Builds, built_on
from python_checks.tests.engines.motions import AS_OF, assign, differing, differing_stays

FIRST_CLICK = "2026-03-02 09:00:00"
RULES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("guide", "abm", {"is_target_account": "true"}),
    ("cold_email", "cold_outbound", {"motion": "outbound"}),
    ("b2c", "b2c", {"lead_source": "Online Store"}),
    ("guide", "startup", {"company_segment": "startup"}),
    ("guide", "enterprise", {"company_segment": "enterprise"}),
    ("guide", "mid_market", {"company_segment": "mid_market", "industry": "Financial Services"}),
    ("guide", "b2b_software", {"industry": "Software", "country": "CA"}),
    ("guide", "ecommerce", {"industry": "Retail"}),
    ("guide", "healthcare", {"industry": "Healthcare"}),
    ("guide", "checklist", {"industry": "Insurance"}),
    ("guide", "standard", {}),
    (
        "guide",
        "standard",
        {"track": "second", "motion": "outbound", "has_inbound_interest": "true"},
    ),
)
"""Model and profile by what is asked of a lead; the first rule that holds counts."""


PAYMENT = {
    "attributes": {
        "attribute": "payment_works",
        "object": "lead",
        "type": "boolean",
        "is_dimension": "false",
        "is_feature": "false",
    },
    "fit_rules": {
        "scoring_model": "b2c",
        "criterion": "payment",
        "rule_order": "1",
        "attribute": "payment_works",
        "match_type": "is_true",
        "points": "0",
        "counts_for_grade": "true",
    },
    "handoff_requirements": {
        "profile": "b2c",
        "check_name": "grade",
        "events": "high_intent_action",
        "min_value": "C",
    },
}
"""Rows of docs/policy.md with which a checkout hands over only people who can pay."""


def edit(project: Path) -> None:
    """Give each kind of lead its pair, and ask of consumers whether they can pay."""
    for table, row in PAYMENT.items():
        add_policy_row(project, table, row)
    assign(
        project,
        (
            conditions | {"scoring_model": model, "profile": profile}
            for model, profile, conditions in RULES
        ),
    )


def standard(told: Scenario) -> None:
    """The blog makes an MQL of a perfect lead, the prices an SQL; 90 days later a demo request."""
    told.lead("standard")
    told.visit("standard", FIRST_CLICK, "/blog/first")
    told.visit("standard", "2026-03-10 15:00:00", "/pricing")
    told.sales("standard", "2026-03-10 15:20:00", "call", "connected")
    told.status("standard", "2026-03-12 10:00:00", "rejected", "no_budget")
    told.activity("standard", "2026-06-15 15:00:00", "demo_request")
    told.sales("standard", "2026-06-15 15:10:00", "call", "connected")
    told.status("standard", "2026-06-17 10:00:00", "accepted")
    told.deal("standard", "2026-06-20 10:00:00", "2026-07-20 10:00:00", "true")


def startup(told: Scenario) -> None:
    """A raised hand is the MQL, an ask or a meeting the SQL; the first time nobody answers."""
    told.account("garage", employee_count="20")
    told.lead("startup", account_id="garage", job_title="Engineer")
    told.visit("startup", FIRST_CLICK, "/blog/first")
    told.activity("startup", "2026-03-05 10:00:00", "newsletter_signup")
    told.activity("startup", "2026-03-10 15:00:00", "demo_request")
    told.sales("startup", "2026-03-10 15:04:00", "call", "no_answer")
    told.activity("startup", "2026-05-05 15:00:00", "meeting_attended")
    told.sales("startup", "2026-05-05 16:30:00", "call", "connected")
    told.status("startup", "2026-05-06 10:00:00", "accepted")
    told.deal("startup", "2026-05-10 10:00:00", "2026-06-10 10:00:00", "true")


def mid_market(told: Scenario) -> None:
    """Two meaningful signals make the MQL, 70 points the SQL; recycled, it asks for the price."""
    told.account("bank", industry="Financial Services")
    told.lead("mid_market", account_id="bank")
    told.visit("mid_market", FIRST_CLICK, "/blog/first")
    told.activity("mid_market", "2026-03-05 10:00:00", "content_download", asset="A1")
    told.visit("mid_market", "2026-03-06 10:00:00", "/product/tour")
    told.activity("mid_market", "2026-03-10 15:00:00", "webinar_attendance", asset="W1")
    told.sales("mid_market", "2026-03-11 14:00:00", "email", "no_answer")
    told.status("mid_market", "2026-03-12 10:00:00", "recycled", "timing")
    told.activity("mid_market", "2026-06-01 15:00:00", "pricing_request")
    told.sales("mid_market", "2026-06-01 16:00:00", "call", "connected")
    told.answers(
        "mid_market", "2026-06-02 10:00:00", "confirmed", "budget", "authority", "need", "timeline"
    )
    told.deal("mid_market", "2026-06-10 10:00:00", "2026-07-10 10:00:00", "true")


def enterprise(told: Scenario) -> None:
    """A demo request makes an MQL; a meeting hands over, later two people and the framework."""
    told.account("group", employee_count="600")
    told.lead("enterprise", account_id="group")
    told.lead("enterprise_colleague", account_id="group")
    told.visit("enterprise", FIRST_CLICK, "/blog/first")
    told.activity("enterprise", "2026-03-04 10:00:00", "content_download", asset="A1")
    told.visit("enterprise", "2026-03-05 10:00:00", "/compare/us")
    told.activity("enterprise", "2026-03-10 15:00:00", "demo_request")
    told.visit("enterprise_colleague", "2026-03-16 10:00:00", "/blog/first")
    told.activity("enterprise", "2026-03-17 15:00:00", "meeting_attended")
    told.sales("enterprise", "2026-03-17 16:00:00", "call", "connected")
    goals = ("goals", "plans", "challenges", "timeline")
    told.answers("enterprise", "2026-03-19 10:00:00", "confirmed", *goals, framework="GPCT")
    told.deal("enterprise", "2026-04-01 10:00:00", "2026-05-01 10:00:00", "false")
    told.activity("enterprise", "2026-08-04 15:00:00", "demo_request")
    told.visit("enterprise_colleague", "2026-08-05 15:00:00", "/blog/second")
    told.sales("enterprise", "2026-08-05 16:00:00", "call", "connected")
    told.status("enterprise", "2026-08-06 10:00:00", "accepted")
    told.deal("enterprise", "2026-08-10 10:00:00", "2026-09-10 10:00:00", "true")

    told.account("holding", employee_count="700")
    told.lead("enterprise_alone", account_id="holding")
    told.activity("enterprise_alone", "2026-09-21 10:00:00", "content_download", asset="A1")
    told.visit("enterprise_alone", "2026-09-22 10:00:00", "/compare/us")
    told.activity("enterprise_alone", "2026-09-23 15:00:00", "demo_request")


def abm(told: Scenario) -> None:
    """The account goes from target to customer, and lapses once while sales rests."""
    told.account("prospect", is_target_account="true")
    told.lead("abm", account_id="prospect")
    told.lead("abm_colleague", account_id="prospect")
    told.visit("abm", FIRST_CLICK, "/blog/first")
    told.activity("abm", "2026-03-05 10:00:00", "webinar_attendance", asset="W1")
    told.activity("abm_colleague", "2026-03-09 10:00:00", "content_download", asset="A1")
    told.activity("abm", "2026-03-10 15:00:00", "meeting_booked")
    told.sales("abm", "2026-03-10 15:20:00", "call", "connected")
    told.status("abm", "2026-03-12 10:00:00", "rejected", "no_need")
    told.intent("prospect.com", "2026-06-20 10:00:00", "topic_spike")
    told.activity("abm", "2026-07-07 15:00:00", "content_download", asset="A2")
    told.activity("abm", "2026-07-09 15:00:00", "meeting_booked")
    told.sales("abm", "2026-07-09 15:10:00", "call", "connected")
    told.status("abm", "2026-07-14 10:00:00", "accepted")
    told.deal("abm", "2026-07-20 10:00:00", "2026-08-20 10:00:00", "true")


def cold_outbound(told: Scenario) -> None:
    """Answers to cold e-mails hand it over; rejected, it comes to the prices by itself."""
    told.lead("cold_outbound", lead_source="Cold Email")
    for at, event_type in (
        (FIRST_CLICK, "clicked"),
        ("2026-03-05 10:00:00", "replied"),
        ("2026-03-10 15:00:00", "replied_interested"),
    ):
        told.mail("cold_outbound", at, event_type, program="cold_outbound")
    told.sales("cold_outbound", "2026-03-10 16:30:00", "call", "no_answer")
    told.status("cold_outbound", "2026-03-12 10:00:00", "rejected", "wrong_title")
    told.visit("cold_outbound", "2026-06-15 15:00:00", "/pricing")
    told.sales("cold_outbound", "2026-06-15 15:10:00", "call", "connected")
    told.status("cold_outbound", "2026-06-17 10:00:00", "accepted")
    told.deal("cold_outbound", "2026-06-20 10:00:00", "2026-07-20 10:00:00", "true")


def b2b_software(told: Scenario) -> None:
    """A webinar makes the MQL and a demo request the SQL, before the lost deal and after it."""
    told.account("maple", country="CA", employee_count="")
    told.lead("b2b_software", account_id="maple", job_title="Engineer")
    told.visit("b2b_software", FIRST_CLICK, "/blog/first")
    told.activity("b2b_software", "2026-03-05 10:00:00", "webinar_attendance", asset="W1")
    told.activity("b2b_software", "2026-03-10 15:00:00", "demo_request")
    told.sales("b2b_software", "2026-03-10 15:29:00", "call", "no_answer")
    told.sales("b2b_software", "2026-03-11 10:00:00", "call", "connected")
    told.status("b2b_software", "2026-03-12 10:00:00", "accepted")
    told.deal("b2b_software", "2026-03-20 10:00:00", "2026-04-20 10:00:00", "false")
    told.activity("b2b_software", "2026-08-03 15:00:00", "webinar_attendance", asset="W2")
    told.activity("b2b_software", "2026-08-04 15:00:00", "demo_request")
    told.sales("b2b_software", "2026-08-04 15:20:00", "call", "connected")
    told.deal("b2b_software", "2026-08-10 10:00:00", "2026-09-10 10:00:00", "true")


def ecommerce(told: Scenario) -> None:
    """A wish list ages in 14 days; a cart in the cooldown moves nothing, a checkout later does."""
    told.account("boutique", industry="Retail")
    told.lead("ecommerce", account_id="boutique", job_title="Engineer")
    told.visit("ecommerce", FIRST_CLICK, "/blog/first")
    told.visit("ecommerce", "2026-03-05 10:00:00", "", event_name="wishlist_added")
    told.visit("ecommerce", "2026-03-25 10:00:00", "", event_name="cart_added")
    told.visit("ecommerce", "2026-06-01 15:00:00", "", event_name="checkout_started")
    told.sales("ecommerce", "2026-06-01 16:00:00", "call", "connected")
    told.status("ecommerce", "2026-06-02 10:00:00", "rejected", "no_budget")
    told.visit("ecommerce", "2026-09-01 15:00:00", "", event_name="checkout_started")
    told.sales("ecommerce", "2026-09-01 15:30:00", "call", "connected")
    told.deal("ecommerce", "2026-09-02 10:00:00", "2026-09-03 10:00:00", "true")


def healthcare(told: Scenario) -> None:
    """A wellness guide makes the MQL, a consultation the SQL; sales never tries the first time."""
    told.account("clinic", industry="Healthcare", employee_count="")
    told.lead("healthcare", account_id="clinic", job_title="Nurse")
    told.visit("healthcare", FIRST_CLICK, "/blog/first")
    guide = "wellness-guide"
    told.activity("healthcare", "2026-03-05 10:00:00", "content_download", asset=guide)
    told.activity("healthcare", "2026-03-10 15:00:00", "consultation_request")
    told.activity("healthcare", "2026-06-15 15:00:00", "consultation_request")
    told.sales("healthcare", "2026-06-15 15:40:00", "call", "connected")
    told.answers(
        "healthcare", "2026-06-16 10:00:00", "confirmed", "budget", "authority", "need", "timeline"
    )
    told.deal("healthcare", "2026-06-20 10:00:00", "2026-07-20 10:00:00", "true")


def checklist(told: Scenario) -> None:
    """82.5 points are not enough without an ask, an ask not without an address that works."""
    told.account("insurer", industry="Insurance")
    told.lead("checklist", account_id="insurer")
    told.visit("checklist", FIRST_CLICK, "/blog/first")
    told.visit("checklist", "2026-03-05 10:00:00", "/pricing")
    told.activity("checklist", "2026-03-06 15:00:00", "webinar_attendance", asset="W1")
    told.mail("checklist", "2026-03-09 10:00:00", "bounced")
    told.activity("checklist", "2026-03-10 15:00:00", "demo_request")
    told.mail("checklist", "2026-03-12 15:00:00", "clicked")
    told.sales("checklist", "2026-03-12 15:20:00", "call", "connected")
    told.status("checklist", "2026-03-17 15:00:00", "rejected", "bad_data")
    told.activity("checklist", "2026-06-15 15:00:00", "demo_request")
    told.sales("checklist", "2026-06-15 15:10:00", "call", "connected")
    told.status("checklist", "2026-06-17 10:00:00", "accepted")
    told.deal("checklist", "2026-06-20 10:00:00", "2026-07-20 10:00:00", "true")

    told.lead("checklist_cook", account_id="insurer", job_title="Cook")
    told.mail("checklist_cook", "2026-09-21 10:00:00", "bounced")
    told.activity("checklist_cook", "2026-09-22 15:00:00", "demo_request")
    told.lead("checklist_silent", account_id="insurer")
    told.mail("checklist_silent", "2026-08-19 10:00:00", "bounced")
    told.activity("checklist_silent", "2026-08-20 15:00:00", "demo_request")


def b2c(told: Scenario) -> None:
    """A cart left behind makes an MQL, later three product pages; a checkout hands over."""
    for lead_id, payment_works in (("b2c", "true"), ("b2c_unpaid", "false")):
        consumer = {"account_id": "", "job_title": "", "country": "US"}
        email = f"{lead_id}@gmail.com"
        told.lead(lead_id, lead_source="Online Store", email=email, **consumer)
        told.add(
            "attribute_changes",
            object="lead",
            record_id=lead_id,
            attribute="payment_works",
            old_value="",
            new_value=payment_works,
            changed_at="2026-03-01 10:00:00",
        )
    told.visit("b2c", FIRST_CLICK, "/product/shoes")
    told.visit("b2c", "2026-03-03 10:00:00", "/product/shoes")
    told.visit("b2c", "2026-03-05 10:00:00", "", event_name="cart_abandoned")
    for day in (8, 9, 10):
        told.visit("b2c", f"2026-06-{day:02} 10:00:00", "/product/boots")
    told.visit("b2c", "2026-06-10 15:00:00", "", event_name="checkout_started")
    told.sales("b2c", "2026-06-10 15:30:00", "call", "connected")
    told.status("b2c", "2026-06-11 10:00:00", "rejected", "no_budget")
    told.visit("b2c", "2026-09-10 15:00:00", "", event_name="checkout_started")
    told.sales("b2c", "2026-09-10 16:00:00", "call", "connected")
    told.deal("b2c", "2026-09-11 10:00:00", "2026-09-12 10:00:00", "true")
    told.visit("b2c_unpaid", "2026-09-20 15:00:00", "", event_name="checkout_started")


MOTIONS = (
    *(standard, startup, mid_market, enterprise, abm, cold_outbound),
    *(b2b_software, ecommerce, healthcare, checklist, b2c),
)


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The raw folder of all motions."""
    told = Scenario()
    for motion in MOTIONS:
        motion(told)
    return told.write(tmp_path_factory.mktemp("scenario") / "raw")


@pytest.fixture(scope="module", params=ENGINES)
def built(request: pytest.FixtureRequest, builds: Builds, raw: Path) -> Warehouse:
    """The motions, built on each engine."""
    return built_on(request, builds, raw, "other_motions", AS_OF, edit)


PROFILES = """
    lead_id,scoring_model,profile
    standard,guide,standard
    startup,guide,startup
    mid_market,guide,mid_market
    enterprise,guide,enterprise
    enterprise_colleague,guide,enterprise
    enterprise_alone,guide,enterprise
    abm,guide,abm
    abm_colleague,guide,abm
    cold_outbound,cold_email,cold_outbound
    b2b_software,guide,b2b_software
    ecommerce,guide,ecommerce
    healthcare,guide,healthcare
    checklist,guide,checklist
    checklist_cook,guide,checklist
    checklist_silent,guide,checklist
    b2c,b2c,b2c
    b2c_unpaid,b2c,b2c
"""
STAY = "stage,owner,entered_at,entered_by,reason_code"
STAYS = {
    "standard": """
        lead,marketing,2026-03-01T10:00,first_seen,
        mql,marketing,2026-03-02T09:00,mql_gate,
        sql_proposed,sales,2026-03-10T15:00,sql_gate,
        sql_working,sales,2026-03-10T15:20,sales_connected,
        nurture,marketing,2026-03-12T10:00,sales_rejected,no_budget
        sql_proposed,sales,2026-06-15T15:00,high_intent_action,
        sql_working,sales,2026-06-15T15:10,sales_connected,
        sql_accepted,sales,2026-06-17T10:00,sales_accepted,
        opportunity,sales,2026-06-20T10:00,opportunity_created,
        customer,sales,2026-07-20T10:00,opportunity_won,
    """,
    "startup": """
        lead,marketing,2026-03-01T10:00,first_seen,
        mql,marketing,2026-03-05T10:00,mql_trigger,
        sql_proposed,sales,2026-03-10T15:00,high_intent_action,
        sql_contacted,sales,2026-03-10T15:04,sales_contacted,
        mql,marketing,2026-03-24T15:04,sql_no_response,no_response
        sql_proposed,sales,2026-05-05T15:00,high_intent_action,
        sql_working,sales,2026-05-05T16:30,sales_connected,
        sql_accepted,sales,2026-05-06T10:00,sales_accepted,
        opportunity,sales,2026-05-10T10:00,opportunity_created,
        customer,sales,2026-06-10T10:00,opportunity_won,
    """,
    "mid_market": """
        lead,marketing,2026-03-01T10:00,first_seen,
        mql,marketing,2026-03-06T10:00,mql_gate,
        sql_proposed,sales,2026-03-10T15:00,sql_gate,
        sql_contacted,sales,2026-03-11T14:00,sales_contacted,
        nurture,marketing,2026-03-12T10:00,recycled,timing
        sql_proposed,sales,2026-06-01T15:00,high_intent_action,
        sql_working,sales,2026-06-01T16:00,sales_connected,
        sql_qualified,sales,2026-06-02T10:00,qualification_passed,
        opportunity,sales,2026-06-10T10:00,opportunity_created,
        customer,sales,2026-07-10T10:00,opportunity_won,
    """,
    "enterprise": """
        lead,marketing,2026-03-01T10:00,first_seen,
        mql,marketing,2026-03-05T10:00,mql_gate,
        sql_proposed,sales,2026-03-17T15:00,high_intent_action,
        sql_working,sales,2026-03-17T16:00,sales_connected,
        sql_qualified,sales,2026-03-19T10:00,qualification_passed,
        opportunity,sales,2026-04-01T10:00,opportunity_created,
        nurture,marketing,2026-05-01T10:00,opportunity_lost,closed_lost
        mql,marketing,2026-08-04T15:00,mql_trigger,
        sql_proposed,sales,2026-08-05T15:00,sql_gate,
        sql_working,sales,2026-08-05T16:00,sales_connected,
        sql_accepted,sales,2026-08-06T10:00,sales_accepted,
        sql_qualified,sales,2026-08-06T10:00,qualification_passed,
        opportunity,sales,2026-08-10T10:00,opportunity_created,
        customer,sales,2026-09-10T10:00,opportunity_won,
    """,
    "enterprise_alone": """
        lead,marketing,2026-03-01T10:00,first_seen,
        mql,marketing,2026-09-22T10:00,mql_gate,
    """,
    "abm": """
        lead,marketing,2026-03-01T10:00,first_seen,
        mql,marketing,2026-03-05T10:00,mql_trigger,
        sql_proposed,sales,2026-03-10T15:00,high_intent_action,
        sql_working,sales,2026-03-10T15:20,sales_connected,
        nurture,marketing,2026-03-12T10:00,sales_rejected,no_need
        mql,marketing,2026-07-07T15:00,mql_trigger,
        sql_proposed,sales,2026-07-09T15:00,high_intent_action,
        sql_working,sales,2026-07-09T15:10,sales_connected,
        sql_accepted,sales,2026-07-14T10:00,sales_accepted,
        opportunity,sales,2026-07-20T10:00,opportunity_created,
        customer,sales,2026-08-20T10:00,opportunity_won,
    """,
    "abm_colleague": """
        lead,marketing,2026-03-01T10:00,first_seen,
        mql,marketing,2026-03-09T10:00,mql_trigger,
        nurture,marketing,2026-06-07T10:00,mql_expired,mql_aged
    """,
    "cold_outbound": """
        lead,marketing,2026-03-01T10:00,first_seen,
        mql,marketing,2026-03-05T10:00,mql_trigger,
        sql_proposed,sales,2026-03-10T15:00,high_intent_action,
        sql_contacted,sales,2026-03-10T16:30,sales_contacted,
        nurture,marketing,2026-03-12T10:00,sales_rejected,wrong_title
        sql_proposed,sales,2026-06-15T15:00,sql_gate,
        sql_working,sales,2026-06-15T15:10,sales_connected,
        sql_accepted,sales,2026-06-17T10:00,sales_accepted,
        opportunity,sales,2026-06-20T10:00,opportunity_created,
        customer,sales,2026-07-20T10:00,opportunity_won,
    """,
    "b2b_software": """
        lead,marketing,2026-03-01T10:00,first_seen,
        mql,marketing,2026-03-05T10:00,mql_trigger,
        sql_proposed,sales,2026-03-10T15:00,high_intent_action,
        sql_contacted,sales,2026-03-10T15:29,sales_contacted,
        sql_working,sales,2026-03-11T10:00,sales_connected,
        sql_accepted,sales,2026-03-12T10:00,sales_accepted,
        opportunity,sales,2026-03-20T10:00,opportunity_created,
        nurture,marketing,2026-04-20T10:00,opportunity_lost,closed_lost
        mql,marketing,2026-08-03T15:00,mql_trigger,
        sql_proposed,sales,2026-08-04T15:00,high_intent_action,
        sql_working,sales,2026-08-04T15:20,sales_connected,
        opportunity,sales,2026-08-10T10:00,opportunity_created,
        customer,sales,2026-09-10T10:00,opportunity_won,
    """,
    "ecommerce": """
        lead,marketing,2026-03-01T10:00,first_seen,
        mql,marketing,2026-03-05T10:00,mql_trigger,
        nurture,marketing,2026-03-19T10:00,mql_expired,mql_aged
        sql_proposed,sales,2026-06-01T15:00,high_intent_action,
        sql_working,sales,2026-06-01T16:00,sales_connected,
        nurture,marketing,2026-06-02T10:00,sales_rejected,no_budget
        sql_proposed,sales,2026-09-01T15:00,high_intent_action,
        sql_working,sales,2026-09-01T15:30,sales_connected,
        opportunity,sales,2026-09-02T10:00,opportunity_created,
        customer,sales,2026-09-03T10:00,opportunity_won,
    """,
    "healthcare": """
        lead,marketing,2026-03-01T10:00,first_seen,
        mql,marketing,2026-03-05T10:00,mql_trigger,
        sql_proposed,sales,2026-03-10T15:00,high_intent_action,
        nurture,marketing,2026-05-09T15:00,sql_unworked,unworked
        sql_proposed,sales,2026-06-15T15:00,high_intent_action,
        sql_working,sales,2026-06-15T15:40,sales_connected,
        sql_qualified,sales,2026-06-16T10:00,qualification_passed,
        opportunity,sales,2026-06-20T10:00,opportunity_created,
        customer,sales,2026-07-20T10:00,opportunity_won,
    """,
    "checklist": """
        lead,marketing,2026-03-01T10:00,first_seen,
        mql,marketing,2026-03-02T09:00,mql_gate,
        sql_proposed,sales,2026-03-12T15:00,high_intent_action,
        sql_working,sales,2026-03-12T15:20,sales_connected,
        nurture,marketing,2026-03-17T15:00,sales_rejected,bad_data
        sql_proposed,sales,2026-06-15T15:00,high_intent_action,
        sql_working,sales,2026-06-15T15:10,sales_connected,
        sql_accepted,sales,2026-06-17T10:00,sales_accepted,
        opportunity,sales,2026-06-20T10:00,opportunity_created,
        customer,sales,2026-07-20T10:00,opportunity_won,
    """,
    "checklist_cook": """
        lead,marketing,2026-03-01T10:00,first_seen,
        mql,marketing,2026-09-22T15:00,mql_gate,
    """,
    "checklist_silent": """
        lead,marketing,2026-03-01T10:00,first_seen,
        mql,marketing,2026-08-20T15:00,mql_gate,
    """,
    "b2c": """
        lead,marketing,2026-03-01T10:00,first_seen,
        mql,marketing,2026-03-05T10:00,mql_trigger,
        nurture,marketing,2026-03-19T10:00,mql_expired,mql_aged
        mql,marketing,2026-06-10T10:00,mql_gate,
        sql_proposed,sales,2026-06-10T15:00,high_intent_action,
        sql_working,sales,2026-06-10T15:30,sales_connected,
        nurture,marketing,2026-06-11T10:00,sales_rejected,no_budget
        sql_proposed,sales,2026-09-10T15:00,high_intent_action,
        sql_working,sales,2026-09-10T16:00,sales_connected,
        opportunity,sales,2026-09-11T10:00,opportunity_created,
        customer,sales,2026-09-12T10:00,opportunity_won,
    """,
    "b2c_unpaid": """
        lead,marketing,2026-03-01T10:00,first_seen,
        mql,marketing,2026-09-20T15:00,mql_gate,
    """,
}
"""The stays of each lead in order; the columns are those of STAY."""


def test_each_lead_has_the_profile_of_its_account_or_source(built: Warehouse) -> None:
    """Only leads of a target account have abm; the one at acme, as perfect, has standard."""
    assert not differing(built, "lead_stages", PROFILES)


@pytest.mark.parametrize("lead_id", STAYS)
def test_stays_and_their_owners(built: Warehouse, lead_id: str) -> None:
    """Marketing owns all stays before an SQL, and what comes back; sales the others."""
    stays = [line.strip() for line in STAYS[lead_id].strip().splitlines()]
    assert not differing_stays(built, lead_id, STAY, stays)


HELD_BACK = """
    lead_id,held_back_by
    enterprise_alone,"buying_committee, framework_confirmed"
    checklist_cook,"email_not_bounced, grade"
    checklist_silent,"email_not_bounced, recently_engaged"
    b2c_unpaid,grade
    standard,
    startup,
    mid_market,
    enterprise,
    enterprise_colleague,
    abm,
    abm_colleague,
    cold_outbound,
    b2b_software,
    ecommerce,
    healthcare,
    checklist,
    b2c,
"""


def test_what_alone_holds_a_lead_back(built: Warehouse) -> None:
    """One person of an enterprise; requests that an address, a title or a payment stops."""
    assert not differing(built, "lead_stages", HELD_BACK)


HANDED_OVER = """
    lead_id,handoff_number,from_owner,to_owner,from_stage,trigger_event,trigger_signal,profile
    standard,1,marketing,sales,mql,sql_gate,pricing_page_visit,standard
    standard,2,marketing,sales,nurture,high_intent_action,demo_request,standard
    startup,1,marketing,sales,mql,high_intent_action,demo_request,startup
    startup,2,marketing,sales,mql,high_intent_action,meeting_attended,startup
    mid_market,1,marketing,sales,mql,sql_gate,webinar_attendance,mid_market
    mid_market,2,marketing,sales,nurture,high_intent_action,pricing_request,mid_market
    enterprise,1,marketing,sales,mql,high_intent_action,meeting_attended,enterprise
    enterprise,2,marketing,sales,mql,sql_gate,,enterprise
    abm,1,marketing,sales,mql,high_intent_action,meeting_booked,abm
    abm,2,marketing,sales,mql,high_intent_action,meeting_booked,abm
    cold_outbound,1,marketing,sales,mql,high_intent_action,cold_email_reply_buying_intent,cold_outbound
    cold_outbound,2,marketing,sales,nurture,sql_gate,pricing_page_visit,standard
    b2b_software,1,marketing,sales,mql,high_intent_action,demo_request,b2b_software
    b2b_software,2,marketing,sales,mql,high_intent_action,demo_request,b2b_software
    ecommerce,1,marketing,sales,nurture,high_intent_action,checkout_started,ecommerce
    ecommerce,2,marketing,sales,nurture,high_intent_action,checkout_started,ecommerce
    healthcare,1,marketing,sales,mql,high_intent_action,consultation_request,healthcare
    healthcare,2,marketing,sales,nurture,high_intent_action,consultation_request,healthcare
    checklist,1,marketing,sales,mql,high_intent_action,demo_request,checklist
    checklist,2,marketing,sales,nurture,high_intent_action,demo_request,checklist
    b2c,1,marketing,sales,mql,high_intent_action,checkout_started,b2c
    b2c,2,marketing,sales,nurture,high_intent_action,checkout_started,b2c
"""
CLOCKS = """
    lead_id,handoff_number,sla_policy,sla_clock,sla_due_at,response_minutes,sla_status
    standard,1,demo_and_pricing,elapsed,2026-03-10T15:30,20,met
    standard,2,demo_and_pricing,elapsed,2026-06-15T15:30,10,met
    startup,1,startup_demo,elapsed,2026-03-10T15:05,4,met
    startup,2,inbound_default,business,2026-05-05T17:00,90,met
    mid_market,1,content_driven,business,2026-03-11T15:00,1380,met
    mid_market,2,demo_and_pricing,elapsed,2026-06-01T15:30,60,breached
    enterprise,1,inbound_default,business,2026-03-17T17:00,60,met
    enterprise,2,inbound_default,business,2026-08-05T17:00,60,met
    abm,1,demo_and_pricing,elapsed,2026-03-10T15:30,20,met
    abm,2,demo_and_pricing,elapsed,2026-07-09T15:30,10,met
    cold_outbound,1,reply_with_intent,elapsed,2026-03-10T16:00,90,breached
    cold_outbound,2,demo_and_pricing,elapsed,2026-06-15T15:30,10,met
    b2b_software,1,demo_and_pricing,elapsed,2026-03-10T15:30,29,met
    b2b_software,2,demo_and_pricing,elapsed,2026-08-04T15:30,20,met
    ecommerce,1,inbound_default,business,2026-06-01T17:00,60,met
    ecommerce,2,inbound_default,business,2026-09-01T17:00,30,met
    healthcare,1,reply_with_intent,elapsed,2026-03-10T16:00,,breached
    healthcare,2,reply_with_intent,elapsed,2026-06-15T16:00,40,met
    checklist,1,demo_and_pricing,elapsed,2026-03-12T15:30,20,met
    checklist,2,demo_and_pricing,elapsed,2026-06-15T15:30,10,met
    b2c,1,inbound_default,business,2026-06-10T17:00,30,met
    b2c,2,inbound_default,business,2026-09-10T17:00,60,met
"""
OUTCOMES = """
    lead_id,handoff_number,ended_at,disposition,reason_code,opportunity_at,customer_at
    standard,1,2026-03-12T10:00,rejected,no_budget,,
    standard,2,,accepted,,2026-06-20T10:00,2026-07-20T10:00
    startup,1,2026-03-24T15:04,regressed,no_response,,
    startup,2,,accepted,,2026-05-10T10:00,2026-06-10T10:00
    mid_market,1,2026-03-12T10:00,recycled,timing,,
    mid_market,2,,accepted,,2026-06-10T10:00,2026-07-10T10:00
    enterprise,1,2026-05-01T10:00,accepted,,2026-04-01T10:00,
    enterprise,2,,accepted,,2026-08-10T10:00,2026-09-10T10:00
    abm,1,2026-03-12T10:00,rejected,no_need,,
    abm,2,,accepted,,2026-07-20T10:00,2026-08-20T10:00
    cold_outbound,1,2026-03-12T10:00,rejected,wrong_title,,
    cold_outbound,2,,accepted,,2026-06-20T10:00,2026-07-20T10:00
    b2b_software,1,2026-04-20T10:00,accepted,,2026-03-20T10:00,
    b2b_software,2,,accepted,,2026-08-10T10:00,2026-09-10T10:00
    ecommerce,1,2026-06-02T10:00,rejected,no_budget,,
    ecommerce,2,,accepted,,2026-09-02T10:00,2026-09-03T10:00
    healthcare,1,2026-05-09T15:00,none,,,
    healthcare,2,,accepted,,2026-06-20T10:00,2026-07-20T10:00
    checklist,1,2026-03-17T15:00,rejected,bad_data,,
    checklist,2,,accepted,,2026-06-20T10:00,2026-07-20T10:00
    b2c,1,2026-06-11T10:00,rejected,no_budget,,
    b2c,2,,accepted,,2026-09-11T10:00,2026-09-12T10:00
"""


def test_who_hands_over_to_whom(built: Warehouse) -> None:
    """A colleague's visit opens the gate of enterprise, so there is no signal of its own.

    Of the cold lead that came by itself the second pair's gate decides.
    """
    assert not differing(built, "handoffs", HANDED_OVER)


def test_clocks_run_by_signal_and_profile(built: Warehouse) -> None:
    """A demo request of a startup is answered within 5 minutes, of anybody else within 30."""
    assert not differing(built, "handoffs", CLOCKS)


def test_what_becomes_of_a_handoff(built: Warehouse) -> None:
    """Nobody decided on what sales never tried; no answer is a regression; a loss was accepted."""
    assert not differing(built, "handoffs", OUTCOMES)


REJECTIONS = """
    channel,reason_code,dispositions,rejected
    all,all,21,6
    all,bad_data,21,1
    all,no_budget,21,3
    all,no_need,21,1
    all,wrong_title,21,1
    inbound,all,19,5
    inbound,bad_data,19,1
    inbound,no_budget,19,3
    inbound,no_need,19,1
    outbound,all,2,1
    outbound,wrong_title,2,1
"""
PERFORMANCE = """
    sla_policy,handoffs,met,breached
    all,22,19,3
    content_driven,1,1,0
    demo_and_pricing,10,9,1
    inbound_default,7,7,0
    reply_with_intent,3,1,2
    startup_demo,1,1,0
"""
FUNNEL = """
    member,leads,mqls,mqls_to_sql,direct_sqls,opportunities,customers
    standard,1,1,1,0,1,1
    startup,1,1,1,0,1,1
    mid_market,1,1,1,0,1,1
    enterprise,3,2,1,0,1,1
    abm,2,2,1,0,1,1
    cold_outbound,1,1,1,0,1,1
    b2b_software,1,1,1,0,1,1
    ecommerce,1,1,1,0,1,1
    healthcare,1,1,1,0,1,1
    checklist,3,3,1,0,1,1
    b2c,2,2,1,0,1,1
"""
ACCOUNT_STAGES = """
    stage,entered_at,exited_at
    target,,2026-03-05T10:00
    engaged,2026-03-05T10:00,2026-03-09T10:00
    qualified,2026-03-09T10:00,2026-03-10T15:00
    in_sales,2026-03-10T15:00,2026-03-12T10:00
    qualified,2026-03-12T10:00,2026-06-07T10:00
    engaged,2026-06-07T10:00,2026-06-08T15:00
    lapsed,2026-06-08T15:00,2026-07-07T15:00
    qualified,2026-07-07T15:00,2026-07-09T15:00
    in_sales,2026-07-09T15:00,2026-07-20T10:00
    opportunity,2026-07-20T10:00,2026-08-20T10:00
    customer,2026-08-20T10:00,
"""
CART = """
    occurred_at,event,stage
    2026-03-25T10:00,mql_trigger,nurture
"""


def test_reports_count_every_motion(built: Warehouse) -> None:
    """Rejections by channel and reason, answers by policy, conversion by profile."""
    assert not differing(built, "rejections", REJECTIONS, handed_off_month=None)
    totals = {"week_start": None, "rep_id": "all", "response_bucket": "all"}
    assert not differing(built, "sla_performance", PERFORMANCE, **totals)
    of_all_time = {"cohort_basis": "mql", "dimension": "profile", "cohort_month": None}
    assert not differing(built, "funnel_conversion", FUNNEL, **of_all_time)


def test_a_target_account_has_stages_of_its_own(built: Warehouse) -> None:
    """Two people qualify it in spring; in July one person does, with research by others."""
    assert not differing(built, "account_stage_history", ACCOUNT_STAGES, account_id="prospect")


def test_a_cart_in_the_cooldown_moves_nothing(built: Warehouse) -> None:
    """It is told with the reason."""
    ignored = {"lead_id": "ecommerce", "reason": "cooldown"}
    assert not differing(built, "ignored_lifecycle_events", CART, **ignored)
