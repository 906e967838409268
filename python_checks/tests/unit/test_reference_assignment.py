"""Which pairs of model and profile judge a lead, and what they decide, calculated by hand."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from python_checks.reference.assignment import is_met
from python_checks.tests.unit.dated_rules import change
from python_checks.tests.unit.motion_rules import (
    MotionRun,
    assigned,
    rows_of,
    write_policy,
)
from python_checks.tests.unit.test_reference_handoffs import only
from python_checks.tests.unit.test_reference_rules import (
    ACME,
    LEAD,
    activity,
    mail,
    stages,
    status,
    visit,
)

FIRST, SECOND_DAY, THIRD_DAY = "2026-03-01 10:00:00", "2026-03-02 09:00:00", "2026-03-03 09:00:00"
STANDARD = {"profile": "standard"}
COLD = LEAD | {"lead_source": "Cold Email"}
COLD_RULE = assigned("cold_email", "cold_outbound", 1, motion="outbound")
INTERESTED = {"track": "second", "motion": "outbound", "has_inbound_interest": "true"}
VALUES = {
    "motion": "inbound",
    "channel": "paid",
    "lead_source": "demo request",
    "company_segment": "startup",
    "is_target_account": "false",
    "industry": "financial services",
    "country": "us",
    "has_product_use": "false",
    "has_inbound_interest": "true",
}


@pytest.fixture
def run(tmp_path: Path) -> MotionRun:
    """Compute the tables by a policy with further rows; one account and one lead by default."""
    return MotionRun(tmp_path, leads=[LEAD], accounts=[ACME])


@pytest.fixture
def cold(run, tmp_path: Path):
    """The same for a cold lead that is also judged by guide and standard once it is interested."""
    second = assigned("guide", "standard", 1, **INTERESTED)

    def compute(*edits, policy=None, **tables):
        rules = {"model_assignment": [COLD_RULE, second]} | (policy or {})
        usual = {"leads": [COLD]} | tables
        return run(*edits, policy=rules, change=name_interest, **usual)

    return compute


def name_interest(folder: Path) -> None:
    """Views of the pricing page, trials and downloads are the lead's own interest."""
    names = ("pricing_page_visit", "free_trial_signup", "content_download", "demo_request")
    rows = rows_of(folder, "signals")
    for row in rows:
        row["is_inbound_interest"] = str(row["signal"] in names).lower()
    write_policy(folder, "signals", rows)


def cold_mail(at: str, event_type: str) -> dict[str, str]:
    """An event of a cold e-mail to lead L1."""
    return mail(at, event_type, program="cold_outbound")


def product(at: str, name: str = "content_created") -> dict[str, str]:
    """An event in the product."""
    return {"email": "l1@acme.com", "event_name": name, "occurred_at": at}


def judged(tables) -> list[tuple[str, str, str]]:
    """Each model that scores the lead, from when until when."""
    found: dict[str, list] = {}
    for row in tables["lead_score_history"]:
        found.setdefault(row["scoring_model"], []).append(row)
    return [
        (model, str(rows[0]["valid_from"]), str(rows[-1]["valid_to"]))
        for model, rows in sorted(found.items())
    ]


def pair_now(tables) -> tuple[str, str]:
    """Model and profile of the lead as reported."""
    (row,) = tables["lead_stages"]
    return row["scoring_model"], row["profile"]


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        ({}, True),
        ({"motion": "inbound"}, True),
        ({"motion": "outbound"}, False),
        ({"channel": "Events | PAID"}, True),
        ({"lead_source": "Demo_Request|Webinar"}, True),
        ({"lead_source": "demo"}, False),
        ({"company_segment": "startup|mid_market"}, True),
        ({"is_target_account": "false"}, True),
        ({"is_target_account": "true"}, False),
        ({"is_target_account": "true|false"}, True),
        ({"industry": "Retail|Financial Services"}, True),
        ({"industry": "Financial"}, False),
        ({"country": "CA|US"}, True),
        ({"has_product_use": "false"}, True),
        ({"has_product_use": "true"}, False),
        ({"has_inbound_interest": "true"}, True),
        # All of them must hold.
        ({"country": "US", "channel": "paid"}, True),
        ({"country": "US", "channel": "partner"}, False),
    ],
)
def test_conditions(conditions, holds):
    assert is_met(conditions, VALUES) is holds


@pytest.mark.parametrize("name", VALUES)
def test_unknown_value_meets_no_condition(name):
    row, values = {name: VALUES[name]}, VALUES | {name: None}
    assert is_met(row, VALUES)
    assert not is_met(row, values)
    assert not is_met({name: "unknown"}, values)


@pytest.mark.parametrize(
    ("conditions", "lead", "account"),
    [
        ({"lead_source": "organic-search"}, {}, {}),
        ({"channel": "inbound"}, {}, {}),
        ({"country": "de"}, {"country": "DE"}, {}),
        ({"country": "US"}, {"country": ""}, {}),
        ({"industry": "software"}, {"industry": "Mining"}, {}),
        ({"company_segment": "mid_market"}, {}, {}),
        ({"is_target_account": "true"}, {}, {"is_target_account": "yes"}),
    ],
)
def test_first_matching_rule_assigns(run, conditions, lead, account):
    rule = assigned("guide", "startup", 1, **conditions)
    later = assigned("cold_email", "cold_outbound", 2)
    rows = {"leads": [LEAD | lead], "accounts": [ACME | account]}
    tables = run(policy={"model_assignment": [later, rule]}, **rows)
    assert pair_now(tables) == ("guide", "startup")


@pytest.mark.parametrize(
    ("conditions", "account"),
    [
        ({"is_target_account": "false"}, {"is_target_account": ""}),
        ({"company_segment": "unknown"}, {"employee_count": ""}),
        ({"industry": "software"}, {"industry": ""}),
    ],
)
def test_unknown_attribute_goes_to_the_next_rule(run, conditions, account):
    rule = assigned("guide", "startup", 1, **conditions)
    tables = run(policy={"model_assignment": [rule]}, accounts=[ACME | account])
    assert pair_now(tables) == ("guide", "standard")


def test_use_of_the_product_counts_from_its_instant(run):
    rule = assigned("guide", "plg", 1, has_product_use="true")
    rules = {"model_assignment": [rule]}
    # The milestone itself is already one of plg: integration_configured is none of standard.
    tables = run(policy=rules, product_events=[product(SECOND_DAY, "integration_configured")])
    assert stages(tables)[-1] == ("pql", SECOND_DAY, "pql_milestone")
    assert pair_now(tables) == ("guide", "plg")
    assert pair_now(run(policy=rules)) == ("guide", "standard")


def test_pair_follows_an_attribute(run):
    rule = assigned("cold_email", "cold_outbound", 1, is_target_account="true")
    target = {
        "change_id": "C1",
        "object": "account",
        "record_id": "acme",
        "attribute": "is_target_account",
        "old_value": "false",
        "new_value": "true",
        "changed_at": SECOND_DAY,
    }
    account = ACME | {"is_target_account": "true"}
    tables = run(
        policy={"model_assignment": [rule]}, accounts=[account], attribute_changes=[target]
    )
    assert judged(tables) == [("cold_email", SECOND_DAY, "None"), ("guide", FIRST, SECOND_DAY)]
    assert pair_now(tables) == ("cold_email", "cold_outbound")
    assert [row["scoring_model"] for row in tables["lead_scores"]] == ["cold_email"]


def test_gate_of_the_new_pair_is_looked_at_as_the_pair_changes(run):
    # 82.5 points open the SQL gate of standard; plg has none, and none of the MQL gate moves it.
    rule = assigned("guide", "standard", 1, has_product_use="true")
    usual = assigned("guide", "plg", 2)
    tables = run(
        policy={"model_assignment": [rule, usual]},
        web_events=[visit(SECOND_DAY)],
        product_events=[product(THIRD_DAY)],
    )
    assert stages(tables) == [
        ("lead", FIRST, "first_seen"),
        ("mql", SECOND_DAY, "mql_gate"),
        ("sql_proposed", THIRD_DAY, "sql_gate"),
    ]


def test_framework_begins_to_count_as_the_pair_changes(run):
    rule = assigned("guide", "standard", 1, has_product_use="true")
    usual = assigned("guide", "acceptance_only", 2)
    criteria = ("challenges", "authority", "money", "prioritization")
    answers = [
        {
            "lead_id": "L1",
            "framework": "CHAMP",
            "criterion": criterion,
            "answer": "confirmed",
            "answered_at": SECOND_DAY,
        }
        for criterion in criteria
    ]
    rules = {"model_assignment": [rule, usual]}
    assert stages(run(policy=rules, qualification_answers=answers))[-1][0] == "lead"
    tables = run(policy=rules, qualification_answers=answers, product_events=[product(THIRD_DAY)])
    assert stages(tables)[-1] == ("sql_qualified", THIRD_DAY, "qualification_passed")


def test_owner_is_that_of_the_pair_at_the_entry(run):
    rule = assigned("guide", "plg", 1, has_product_use="true")
    tables = run(
        policy={
            "model_assignment": [rule],
            "stage_owners": [{"profile": "plg", "stage": "mql", "owner": "sales"}],
        },
        lead_status_changes=[status(SECOND_DAY, "mql")],
        product_events=[product(THIRD_DAY, "activation_milestone")],
    )
    assert pair_now(tables) == ("guide", "plg")
    assert [row["owner"] for row in tables["lead_stage_history"]] == ["marketing"] * 2
    assert tables["handoffs"] == []


def test_visits_of_a_cold_lead_count_on_the_second_track(cold):
    tables = cold(web_events=[visit(SECOND_DAY)])
    assert stages(tables)[-1] == ("sql_proposed", SECOND_DAY, "sql_gate")
    row = only(tables)
    # The deciding pair is that of the gate, while reports are by the main one.
    assert (row["scoring_model"], row["profile"]) == ("guide", "standard")
    assert row["score"] == Decimal("82.5")
    assert row["trigger_signal"] == "pricing_page_visit"
    assert pair_now(tables) == ("cold_email", "cold_outbound")
    primary = [row["scoring_model"] for row in tables["lead_scores"] if row["is_primary"]]
    assert primary == ["cold_email"]
    (point,) = tables["evaluation_points"]
    assert point["scoring_model"] == "guide"


def test_what_answers_us_opens_no_second_track(cold):
    tables = cold(marketing_activities=[activity(SECOND_DAY, "webinar_attendance")])
    # Of guide because the signal has points there, not because it is a model of the lead.
    assert judged(tables) == [("cold_email", FIRST, "None"), ("guide", FIRST, "None")]
    assert len(stages(tables)) == 1


def test_second_model_scores_while_its_rule_matches(cold):
    second = assigned("como", "como", 1, track="second", has_product_use="true")
    is_on = change("scoring_models", {"is_active": "true"}, scoring_model="como")
    tables = cold(
        ("2026-02-01", is_on),
        policy={"model_assignment": [COLD_RULE, second]},
        email_events=[cold_mail(SECOND_DAY, "clicked")],
        product_events=[product(THIRD_DAY, "trial_ended")],
    )
    assert judged(tables) == [("cold_email", FIRST, "None"), ("como", THIRD_DAY, "None")]


def test_main_decides_if_both_gates_are_open(cold):
    replies = [cold_mail(SECOND_DAY, kind) for kind in ("replied_interested", "meeting_booked")]
    tables = cold(
        (
            "2026-02-01",
            change("qualification_profiles", {"sql_min_score": "1"}, profile="standard"),
        ),
        policy={"stage_owners": []},
        email_events=replies,
        web_events=[visit(SECOND_DAY, "/blog/a")],
    )
    assert only(tables)["scoring_model"] == "cold_email"


def test_grade_f_blocks_its_own_pair_alone(cold):
    nobody = {"job_title": "Student", "country": "BR"}
    account = ACME | {"industry": "Mining", "employee_count": "5", "country": "BR"}
    rows = {"leads": [COLD | nobody], "accounts": [account]}
    blocked = cold(web_events=[visit(SECOND_DAY)], **rows)
    grades = {row["scoring_model"]: row["grade"] for row in blocked["lead_scores"]}
    assert grades["guide"] == "F"
    assert len(stages(blocked)) == 1
    tables = cold(
        web_events=[visit(SECOND_DAY)],
        email_events=[cold_mail(THIRD_DAY, "meeting_booked")],
        **rows,
    )
    assert stages(tables)[-1] == ("sql_proposed", THIRD_DAY, "high_intent_action")
    assert only(tables)["profile"] == "cold_outbound"


def test_trigger_of_the_second_profile_alone(cold):
    # A booked meeting is an action of both, a download an MQL trigger of startup alone.
    second = assigned("guide", "startup", 1, **INTERESTED)
    tables = cold(
        policy={"model_assignment": [COLD_RULE, second]},
        marketing_activities=[activity(SECOND_DAY, "content_download")],
    )
    assert stages(tables)[1] == ("mql", SECOND_DAY, "mql_trigger")
    (point,) = tables["evaluation_points"]
    assert point["scoring_model"] == "guide"


def test_trigger_of_both_profiles_is_one_event_of_the_main_one(cold):
    tables = cold(
        marketing_activities=[activity(SECOND_DAY)],
        web_events=[visit("2026-03-02 08:00:00", "/blog/a")],
    )
    assert stages(tables)[-1] == ("sql_proposed", SECOND_DAY, "high_intent_action")
    row = only(tables)
    assert (row["scoring_model"], row["trigger_signal"]) == ("cold_email", "demo_request")


def test_what_is_neither_gate_nor_trigger_is_the_main_pairs(cold):
    tables = cold(
        web_events=[visit(SECOND_DAY, "/blog/a")],
        marketing_activities=[activity("2026-03-02 07:00:00", "content_download")],
        lead_status_changes=[status("2026-03-01 11:00:00", "accepted")],
    )
    assert only(tables)["profile"] == "cold_outbound"


def test_frameworks_of_both_profiles_count(cold):
    criteria = ("goals", "plans", "challenges", "timeline")
    answers = [
        {
            "lead_id": "L1",
            "framework": "GPCT",
            "criterion": criterion,
            "answer": "confirmed",
            "answered_at": SECOND_DAY,
        }
        for criterion in criteria
    ]
    assert stages(cold(qualification_answers=answers))[-1][0] == "lead"
    cold_visit = visit(THIRD_DAY)
    tables = cold(
        ("2026-02-01", change("qualification_profiles", {"sql_by_score": "false"}, **STANDARD)),
        qualification_answers=answers,
        web_events=[cold_visit],
    )
    assert stages(tables)[-1] == ("sql_qualified", THIRD_DAY, "qualification_passed")


def test_matrix_advice_is_by_the_pair_of_the_model(cold):
    def cell(profile, action):
        return {
            "profile": profile,
            "grade": "A",
            "score_level": "low",
            "stage": "nurture",
            "opens_mql_gate": "false",
            "opens_sql_gate": "false",
            "action": action,
            "action_label": action,
        }

    cells = [cell("standard", "of_second"), cell("plg", "of_no_pair")]
    tables = cold(
        policy={"qualification_matrix": cells},
        web_events=[visit(SECOND_DAY)],
        as_of=datetime(2026, 7, 30),
    )
    (row,) = [row for row in tables["lead_scores"] if row["scoring_model"] == "guide"]
    assert (row["grade"], row["score_level"]) == ("A", "low")
    assert row["recommended_action"] == "of_second"
    none = cold(
        policy={"qualification_matrix": cells},
        marketing_activities=[activity(SECOND_DAY, "webinar_attendance")],
        as_of=datetime(2026, 7, 30),
    )
    (row,) = [row for row in none["lead_scores"] if row["scoring_model"] == "guide"]
    assert row["recommended_action"] not in ("of_second", "of_no_pair")


def test_accounts_are_scored_by_the_first_rule_that_takes_any_inbound_lead(run):
    rules = [
        assigned("cold_email", "cold_outbound", 1, country="US"),
        assigned("cold_email", "cold_outbound", 1, track="second"),
    ]
    tables = run(policy={"model_assignment": rules})
    (row,) = tables["account_engagement"]
    assert row["account_fit_points"] > 0


@pytest.mark.parametrize("track", ["", "second"])
def test_model_that_is_not_active_judges_nobody(run, track):
    rule = assigned("como", "como", 1, track=track)
    with pytest.raises(ValueError, match="como is not active"):
        run(policy={"model_assignment": [rule]})


def test_lead_that_no_rule_takes_is_an_error(run):
    def only_outbound(folder: Path) -> None:
        write_policy(folder, "model_assignment", [COLD_RULE])

    with pytest.raises(ValueError, match="no row for lead 'L1'"):
        run(change=only_outbound)
