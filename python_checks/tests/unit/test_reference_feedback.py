"""Feedback, agreements, accounts and the CRM: small cases, calculated by hand."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from python_checks.reference import compute
from python_checks.reference.accounts import breadth_points, buying_role
from python_checks.reference.crm_sync import (
    as_text,
    change_of,
    known_to_crm,
    rounded_half_up,
    row_hash,
)
from python_checks.reference.feedback import (
    ageing_of,
    comparison,
    ratio_interval,
    rejection_verdict,
    rejections,
)
from python_checks.reference.funnel import FunnelLead, benchmark_comparison
from python_checks.reference.lifecycle import Milestones
from python_checks.reference.policy import MqlTarget, policy_of, read_policy_tables
from python_checks.reference.qualification import recommended_framework
from python_checks.reference.rules import load_rules
from python_checks.reference.sla_reports import (
    bucket_of,
    marketing_sla,
    percentile,
    sla_performance,
    target_verdict,
    volume_verdict,
)
from python_checks.tests.tables import POLICY
from python_checks.tests.unit.raw_rows import write_raw_rows

AS_OF = datetime(2026, 8, 1)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
NINE_PLACES = Decimal("1e-9")
ACME = {
    "account_id": "acme",
    "domain": "acme.com",
    "industry": "Software",
    "employee_count": "200",
    "country": "US",
    "status": "active",
    "is_competitor": "false",
    "is_target_account": "false",
}
LEAD = {
    "lead_id": "L1",
    "email": "l1@acme.com",
    "job_title": "VP Marketing",
    "account_id": "acme",
    "lead_source": "Organic Search",
    "created_at": "2026-03-01 10:00:00",
}
CRM_OF_LEAD = (
    "crm_lifecycle_stage",
    "crm_lead_stage",
    "crm_lead_score",
    "crm_lead_grade",
    "crm_recommended_action",
    "crm_nurture_track",
    "crm_re_engage_on",
    "crm_sql_handed_off_at",
    "crm_recommended_rep_id",
    "crm_score_reasons",
)


@pytest.fixture
def run(tmp_path):
    """Compute the tables from rows given by table; one account and one lead by default.

    ``rules`` holds lines to add to policy tables.
    """

    def compute_rows(
        as_of: datetime = AS_OF,
        rules: dict[str, str] | None = None,
        variables: dict[str, Any] | None = None,
        **tables: list[dict[str, str]],
    ) -> dict[str, list[dict[str, Any]]]:
        raw, policy = tmp_path / "raw", tmp_path / "policy"
        shutil.rmtree(raw, ignore_errors=True)
        raw.mkdir()
        write_raw_rows(raw, {"leads": [LEAD], "accounts": [ACME]} | tables)
        shutil.copytree(POLICY, policy, dirs_exist_ok=True)
        (policy / "next_actions.csv").unlink(missing_ok=True)
        for name, line in (rules or {}).items():
            with (policy / f"{name}.csv").open("a") as file:
                file.write(f"{line}\n")
        return compute(raw, policy, as_of, variables)

    return compute_rows


def activity(at: str, kind: str = "demo_request", lead_id: str = "L1") -> dict[str, str]:
    """A marketing activity."""
    return {"lead_id": lead_id, "activity_type": kind, "occurred_at": at}


def status(at: str, name: str, reason: str = "") -> dict[str, str]:
    """A status change of lead L1."""
    return {"lead_id": "L1", "status": name, "reason_code": reason, "changed_at": at}


def answer(at: str, criterion: str, said: str = "confirmed", **values: str) -> dict[str, str]:
    """An answer of lead L1 about BANT."""
    return {
        "lead_id": "L1",
        "framework": "bant",
        "criterion": criterion,
        "answer": said,
        "answered_at": at,
    } | values


def intent(at: str, kind: str = "topic_spike", domain: str = "acme.com") -> dict[str, str]:
    """A third-party intent signal."""
    return {"account_domain": domain, "signal_type": kind, "occurred_at": at}


def deal(closed_at: str = "", is_won: str = "", **values: str) -> dict[str, str]:
    """An opportunity of lead L1."""
    created = {"lead_id": "L1", "created_at": "2026-07-01 00:00:00"}
    return created | {"closed_at": closed_at, "is_won": is_won} | values


def handoff(**values: Any) -> dict[str, Any]:
    """A hand-off, as far as the reports ask for it."""
    return {
        "lead_id": "L1",
        "handoff_number": 1,
        "handed_off_at": datetime(2026, 3, 4, 9),
        "is_begun_by_sales": False,
        "channel": "inbound",
        "sla_policy": "demo_and_pricing",
        "assigned_rep_id": None,
        "first_response_at": None,
        "response_minutes": None,
        "response_business_minutes": None,
        "sla_status": "open",
        "disposition": "none",
        "reason_code": None,
        "opportunity_at": None,
        "customer_at": None,
    } | values


def answered(minutes: str, **values: Any) -> dict[str, Any]:
    """A hand-off with a response after some minutes."""
    return handoff(
        first_response_at=datetime(2026, 3, 4, 9),
        response_minutes=Decimal(minutes),
        response_business_minutes=Decimal(minutes) / 2,
        **values,
    )


def one(rows: list[dict[str, Any]], **values: Any) -> dict[str, Any]:
    """The only row with these values."""
    found = [row for row in rows if all(row[name] == value for name, value in values.items())]
    assert len(found) == 1
    return found[0]


def are_close(found: Decimal | None, expected: str) -> bool:
    """Whether a rate or bound agrees to nine places."""
    return found is not None and abs(found - Decimal(expected)) < NINE_PLACES


# Qualification


def test_answers_of_one_instant_apply_together_and_the_last_id_wins(run):
    tables = run(
        qualification_answers=[
            answer("2026-03-05 09:00:00", "budget", answer_id="A1"),
            answer("2026-03-05 09:00:00", "Authority", answer_id="A2"),
            answer("2026-03-05 09:00:00", "need", answer_id="A3"),
            answer("2026-03-05 09:00:00", "timeline", answer_id="A9"),
            answer("2026-03-05 09:00:00", "timeline", "denied", answer_id="B1"),
            answer("2026-03-06 09:00:00", "timeline", answer_id="A4"),
            answer("2026-03-07 09:00:00", "need", "denied", answer_id="A5"),
            answer("2026-03-08 09:00:00", "need", answer_id="A7"),
            answer("2026-03-09 09:00:00", "budget", "unknown", answer_id="A6"),
            answer("2026-03-10 09:00:00", "need", "denied", answer_id="C1"),
            answer("2026-03-11 09:00:00", "colour", answer_id="A0"),
            answer("2026-08-01 00:00:01", "need", answer_id="A8"),
        ]
    )
    row = one(tables["lead_qualification"], framework="BANT")
    assert (row["criteria"], row["confirmed"], row["denied"], row["unknown"]) == (4, 2, 1, 1)
    assert (row["passed"], row["missing"]) == (False, "budget, need")
    assert str(row["first_passed_at"]) == "2026-03-06 09:00:00"
    assert str(row["last_answered_at"]) == "2026-03-10 09:00:00"
    empty = one(tables["lead_qualification"], framework="MEDDIC")
    assert (empty["unknown"], empty["last_answered_at"], empty["first_passed_at"]) == (
        6,
        None,
        None,
    )
    assert len(tables["lead_qualification"]) == 4


def test_only_leads_with_a_handoff_or_an_answer_that_counts_are_qualified(run):
    assert not run(
        qualification_answers=[
            answer("2026-03-05 09:00:00", "situation", framework="SPIN"),
            answer("2026-03-05 09:00:00", "colour"),
        ]
    )["lead_qualification"]
    tables = run(marketing_activities=[activity("2026-03-02 09:00:00")])
    assert [row["framework"] for row in tables["lead_qualification"]] == [
        "BANT",
        "MEDDIC",
        "CHAMP",
        "GPCT",
    ]


@pytest.mark.parametrize(
    ("amount", "is_target", "framework"),
    [
        ("0", False, "BANT"),
        ("9999.9999", False, "BANT"),
        ("10000", False, "CHAMP"),
        ("24999.99", True, "CHAMP"),
        ("25000", True, "GPCT"),
        ("25000", False, "CHAMP"),
        ("50000", False, "MEDDIC"),
    ],
)
def test_framework_by_amount(policy, amount, is_target, framework):
    assert recommended_framework(Decimal(amount), is_target, policy) == framework


def test_no_framework_where_no_rule_fits(policy):
    some = replace(policy, framework_selection=policy.framework_selection[:2])
    assert recommended_framework(Decimal(49999), True, some) == "GPCT"
    assert recommended_framework(Decimal(49999), False, some) is None
    small = replace(policy, framework_selection=policy.framework_selection[2:])
    assert recommended_framework(Decimal("49999.9999"), False, small) == "CHAMP"
    assert recommended_framework(Decimal(50000), False, small) is None


def test_target_accounts_have_their_framework(run):
    tables = run(
        accounts=[ACME | {"is_target_account": "Yes"}],
        opportunities=[deal(amount="25000")],
    )
    row = one(tables["lead_qualification"], framework="GPCT")
    assert (row["is_target_account"], row["is_recommended"]) == (True, True)
    other = run(accounts=[ACME | {"is_target_account": ""}], opportunities=[deal(amount="25000")])
    row = one(other["lead_qualification"], framework="GPCT")
    assert (row["is_target_account"], row["recommended_framework"]) == (False, "CHAMP")


@pytest.mark.parametrize(("last_amount", "expected"), [("60000", "60000"), ("", "700.5")])
def test_deal_amount_is_that_of_the_latest_opportunity(run, last_amount, expected):
    on_march_5 = deal(created_at="2026-03-05 09:00:00")
    tables = run(
        variables={"expected_amount": "700.5"},
        opportunities=[
            on_march_5
            | {"opportunity_id": "O3", "created_at": "2026-03-04 09:00:00", "amount": "1"},
            on_march_5 | {"opportunity_id": "O2", "amount": last_amount},
            on_march_5 | {"opportunity_id": "O10", "amount": "2"},
            on_march_5
            | {"opportunity_id": "O4", "created_at": "2026-08-02 00:00:00", "amount": "3"},
        ],
    )
    rows = tables["lead_qualification"]
    assert {row["deal_amount"] for row in rows} == {Decimal(expected)}
    assert sum(row["is_recommended"] for row in rows) == 1


# Rejections and what drives them


@pytest.mark.parametrize(
    ("rejected", "dispositions", "verdict"),
    [
        (29, 29, "insufficient_data"),
        (5, 30, "healthy"),
        (6, 30, "watch"),
        (9, 30, "watch"),
        (10, 30, "recalibrate"),
    ],
)
def test_rejection_verdicts(policy, rejected, dispositions, verdict):
    assert rejection_verdict(rejected, dispositions, policy) == verdict


def test_rejections_by_month_channel_and_reason_with_totals(policy):
    rows = rejections(
        [
            handoff(disposition="rejected", reason_code="no_budget"),
            handoff(disposition="accepted", handed_off_at=datetime(2026, 3, 31, 23, 59, 59)),
            handoff(disposition="regressed", channel="paid"),
            handoff(disposition="rejected", handed_off_at=datetime(2026, 4, 1)),
            handoff(disposition="none", channel="events"),
        ],
        policy,
        AS_OF,
    )
    cells = {
        (str(row["handed_off_month"]), row["channel"], row["reason_code"]): (
            row["rejected"],
            row["dispositions"],
        )
        for row in rows
    }
    assert cells == {
        ("2026-03-01", "inbound", "all"): (1, 2),
        ("2026-03-01", "inbound", "no_budget"): (1, 2),
        ("2026-03-01", "paid", "all"): (0, 1),
        ("2026-03-01", "all", "all"): (1, 3),
        ("2026-03-01", "all", "no_budget"): (1, 3),
        ("2026-04-01", "inbound", "all"): (1, 1),
        ("2026-04-01", "inbound", "unknown"): (1, 1),
        ("2026-04-01", "all", "all"): (1, 1),
        ("2026-04-01", "all", "unknown"): (1, 1),
        ("None", "inbound", "all"): (2, 3),
        ("None", "inbound", "no_budget"): (1, 3),
        ("None", "inbound", "unknown"): (1, 3),
        ("None", "paid", "all"): (0, 1),
        ("None", "all", "all"): (2, 4),
        ("None", "all", "no_budget"): (1, 4),
        ("None", "all", "unknown"): (1, 4),
    }
    # 1 of 4: centre 0.25 + z2/8, margin z * sqrt(0.1875/4 + z2/64), both over 1 + z2/4.
    row = one(rows, handed_off_month=None, channel="all", reason_code="unknown")
    assert row["rejection_rate"] == Decimal("0.25")
    assert are_close(row["rejection_low"], "0.04558726029536886")
    assert are_close(row["rejection_high"], "0.6993581599030917")
    assert row["verdict"] is None


def test_interval_of_a_ratio():
    # 6 of 8 against 2 of 8: ratio 3, exp(ln 3 -/+ 1.959964 * sqrt(1/6 - 1/8 + 1/2 - 1/8)).
    low, high = ratio_interval(6, 8, 2, 8)
    assert are_close(low, "0.8465897711886553")
    assert are_close(high, "10.630886772189017")


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ((30, 40, 10, 40), "drives_rejection"),
        ((10, 40, 30, 40), "protects"),
        ((20, 40, 16, 40), "unclear"),
        ((29, 29, 1, 40), "insufficient_data"),
        ((30, 40, 1, 29), "insufficient_data"),
        ((30, 30, 0, 30), "unclear"),
        ((0, 30, 30, 30), "unclear"),
    ],
)
def test_verdicts_on_drivers(counts, verdict):
    assert comparison(*counts, minimum_sample=30)["verdict"] == verdict


def test_ratio_without_one_side():
    never_accepted = comparison(3, 4, 0, 5, 30)
    assert (never_accepted["ratio"], never_accepted["ratio_low"]) == (None, None)
    never_rejected = comparison(0, 4, 5, 5, 30)
    assert (never_rejected["ratio"], never_rejected["ratio_high"]) == (0, None)
    none_accepted = comparison(3, 4, 0, 0, 30)
    assert (none_accepted["accepted_share"], none_accepted["ratio"]) == (None, None)


def test_drivers_are_what_is_alive_at_the_handoff(run):
    tables = run(
        leads=[LEAD, LEAD | {"lead_id": "L2", "email": "l2@acme.com", "job_title": "Chef"}],
        web_events=[
            {
                "lead_id": "L2",
                "event_name": "page_view",
                "page_path": "/blog",
                "occurred_at": "2026-03-01 11:00:00",
            }
        ],
        marketing_activities=[
            activity("2026-03-02 09:00:00"),
            activity("2026-03-02 09:00:01", "content_download"),
            activity("2026-06-01 00:00:00", lead_id="L2"),
        ],
        intent_signals=[intent("2026-03-03 00:00:00", "job_posting")],
        lead_status_changes=[
            status("2026-03-05 09:00:00", "rejected", "no_need"),
            status("2026-06-02 09:00:00", "accepted") | {"lead_id": "L2"},
        ],
    )
    found = {
        (row["item_kind"], row["item"]): (row["rejected_with_item"], row["accepted_with_item"])
        for row in tables["rejection_drivers"]
    }
    # The download came later, the blog view went with its episode, the job posting expires at
    # the very instant at which L2 is handed over.
    assert found == {
        ("fit_criterion", "industry"): (1, 1),
        ("fit_criterion", "company_size"): (1, 1),
        ("fit_criterion", "geography"): (1, 1),
        ("fit_criterion", "job_title"): (1, 0),
        ("signal", "demo_request"): (1, 1),
    }
    row = one(tables["rejection_drivers"], item="demo_request")
    assert (row["rejected_handoffs"], row["accepted_handoffs"], row["ratio"]) == (1, 1, 1)


def test_criterion_without_points_counts_if_it_matches_for_the_grade(run):
    tables = run(
        rules={"fit_rules": "cold_email,known,1,industry,is_known,,0,false,Nothing"},
        leads=[LEAD | {"lead_source": "Cold Email"}],
        lead_status_changes=[status("2026-03-05 09:00:00", "accepted")],
    )
    rows = tables["rejection_drivers"]
    assert {row["scoring_model"] for row in rows} == {"cold_email"}
    assert {row["item"] for row in rows} == {"industry", "company_size", "job_title", "geography"}


# Regressions, queue and ageing


def test_regressions_number_and_count_apart(run):
    tables = run(
        as_of=datetime(2026, 9, 18, 9),
        lead_status_changes=[
            status("2026-03-03 09:00:00", "accepted"),
            status("2026-03-10 09:00:00", "regressed", "Not_Ready"),
            status("2026-06-01 09:00:00", "reopened"),
            status("2026-06-02 09:00:00", "accepted"),
            status("2026-06-03 09:00:00", "regressed", "no_such_reason"),
            status("2026-07-19 09:00:00", "accepted"),
            status("2026-07-20 09:00:00", "regressed", "competitor"),
        ],
    )
    rows = tables["regressions"]
    assert [(r["regression_number"], r["regressions"], r["to_stage"]) for r in rows] == [
        (1, 1, "mql"),
        (2, 1, "mql"),
        (3, 2, "long_term_nurture"),
    ]
    assert [(r["reason_code"], r["nurture_track"]) for r in rows] == [
        ("not_ready", "stay_in_touch"),
        ("no_such_reason", None),
        ("competitor", "none"),
    ]
    # Without days of its own the last reason cools down 60 days: until the very clock.
    assert [str(r["cooldown_until"]) for r in rows][2] == "2026-09-18 09:00:00"
    assert [r["is_cooling_down"] for r in rows] == [False, False, False]
    assert {r["points"] for r in rows} == {-25}


def test_regression_that_moves_nothing_counts(run):
    tables = run(
        rules={"stage_transitions": "mql,regressed,mql,true"},
        lead_status_changes=[
            status("2026-07-10 09:00:00", "mql"),
            status("2026-07-20 09:00:00", "regressed", "no_response"),
        ],
    )
    row = one(tables["regressions"])
    assert (row["from_stage"], row["to_stage"], row["event"]) == ("mql", "mql", "regressed")
    assert (row["regressed_at"], row["is_cooling_down"]) == (datetime(2026, 7, 20, 9), True)
    assert len(tables["lead_stage_history"]) == 2
    queued = one(tables["re_engagement_queue"])
    assert (queued["reason_code"], queued["stage"]) == ("no_response", "mql")


@pytest.mark.parametrize(
    ("moved", "days_until", "is_over"),
    [
        (-30 * DAY, None, None),
        (-30 * DAY + SECOND, 30, False),
        (-10 * SECOND, 0, False),
        (-10 * 3600 * SECOND, 1, False),
        (timedelta(0), 0, True),
        (7 * DAY, -7, True),
        (60 * DAY, -60, True),
    ],
)
def test_queue_window(run, moved, days_until, is_over):
    until = datetime(2026, 5, 2, 9)
    tables = run(
        as_of=until + moved,
        lead_status_changes=[
            status("2026-03-02 09:00:00", "accepted"),
            status("2026-03-03 09:00:00", "rejected", "bad_data"),
        ],
    )
    if days_until is None:
        assert not tables["re_engagement_queue"]
        return
    row = one(tables["re_engagement_queue"])
    assert (row["stage"], row["nurture_track"]) == ("nurture", "data_repair")
    assert (row["cooldown_until"], row["re_engage_on"]) == (until, date(2026, 5, 2))
    assert (row["days_until"], row["is_cooldown_over"]) == (days_until, is_over)
    assert row["top_contributions"] == "job_title +15; company_size +10; industry +10"


def test_queue_holds_only_leads_of_marketing(run):
    tables = run(
        as_of=datetime(2026, 5, 2, 9),
        lead_status_changes=[
            status("2026-03-02 09:00:00", "accepted"),
            status("2026-03-03 09:00:00", "rejected", "bad_data"),
            status("2026-05-01 09:00:00", "accepted"),
        ],
    )
    assert one(tables["lead_stages"])["cooldown_until"] == datetime(2026, 5, 2, 9)
    assert not tables["re_engagement_queue"]


@pytest.mark.parametrize(
    ("stage", "days", "ageing"),
    [
        ("mql", 29, "early"),
        ("mql", 30, "typical"),
        ("mql", 90, "typical"),
        ("sql_accepted", 13, "early"),
        ("sql_accepted", 45, "typical"),
        ("sql_accepted", 46, "over_typical"),
        ("sql_working", 46, None),
    ],
)
def test_ageing(policy, stage, days, ageing):
    assert ageing_of(days, policy.stages[stage]) == ageing


@pytest.mark.parametrize(
    ("as_of", "days_in_stage", "days_left"),
    [
        ("2026-04-11 09:00:00", 10, 80),
        ("2026-04-11 09:00:01", 10, 79),
        ("2026-06-30 08:59:59", 89, 0),
    ],
)
def test_days_to_the_timer(run, as_of, days_in_stage, days_left):
    tables = run(
        as_of=datetime.fromisoformat(as_of),
        lead_status_changes=[status("2026-04-01 09:00:00", "mql")],
    )
    row = one(tables["stage_ageing"])
    assert (row["stage"], row["timer_event"], row["max_days"]) == ("mql", "mql_expired", 90)
    assert row["due_at"] == datetime(2026, 6, 30, 9)
    assert (row["days_in_stage"], row["days_left"]) == (days_in_stage, days_left)


def test_timer_that_led_nowhere_is_not_due(run):
    timer = {"stage_timers": ",lead,mql_expired,30,mql_aged,project"}
    before = one(run(as_of=datetime(2026, 3, 31, 9), rules=timer)["stage_ageing"])
    assert (before["timer_event"], before["days_left"]) == ("mql_expired", 0)
    after = one(run(as_of=datetime(2026, 3, 31, 10), rules=timer)["stage_ageing"])
    assert (after["timer_event"], after["due_at"], after["days_left"]) == (None, None, None)
    assert after["stage"] == "lead"


# Agreements


@pytest.mark.parametrize(
    ("as_of", "mqls", "to_opportunity", "verdict"),
    [
        ("2026-02-28 23:59:59", 50, 50, "not_started"),
        ("2026-03-01 00:00:00", 50, 50, "in_progress"),
        ("2026-03-31 23:59:59", 50, 50, "in_progress"),
        ("2026-04-01 00:00:00", 39, 39, "volume_missed"),
        ("2026-04-01 00:00:00", 40, 40, "immature"),
        ("2026-07-01 00:00:00", 40, 1, "quality_missed"),
        ("2026-07-01 00:00:00", 40, 2, "met"),
        # Quality is said before volume.
        ("2026-07-01 00:00:00", 39, 1, "quality_missed"),
        ("2026-07-01 00:00:00", 39, 2, "volume_missed"),
        ("2026-07-01 00:00:00", 29, 0, "volume_missed"),
    ],
)
def test_verdicts_on_targets(policy, as_of, mqls, to_opportunity, verdict):
    clock = datetime.fromisoformat(as_of)
    is_mature = datetime(2026, 4, 1) + 90 * DAY <= clock
    target = MqlTarget(40, Decimal("0.05"))
    month = date(2026, 3, 1)
    assert target_verdict(month, target, mqls, to_opportunity, is_mature, policy, clock) == verdict


def test_small_cohorts_say_nothing_about_quality(policy):
    target = MqlTarget(10, Decimal("0.05"))
    month = date(2026, 3, 1)
    assert target_verdict(month, target, 29, 0, True, policy, AS_OF) == "insufficient_data"
    assert target_verdict(month, target, 30, 0, True, policy, AS_OF) == "quality_missed"
    assert target_verdict(month, None, 29, 0, True, policy, AS_OF) == "no_target"


def test_enough_mqls_of_which_none_becomes_an_opportunity_are_not_fine(policy):
    """Whatever rate was agreed, if any."""
    target = MqlTarget(10, Decimal(0))
    month = date(2026, 3, 1)
    assert target_verdict(month, target, 30, 0, True, policy, AS_OF) == "quality_missed"
    assert target_verdict(month, target, 30, 1, True, policy, AS_OF) == "met"
    assert target_verdict(month, target, 30, 0, False, policy, AS_OF) == "immature"


@pytest.mark.parametrize(
    ("as_of", "target", "delivered", "verdict"),
    [
        ("2026-04-01 00:00:00", None, 5, "no_target"),
        ("2026-02-28 23:59:59", 5, 5, "not_started"),
        ("2026-03-01 00:00:00", 5, 5, "in_progress"),
        ("2026-03-31 23:59:59", 5, 5, "in_progress"),
        ("2026-04-01 00:00:00", 5, 5, "met"),
        ("2026-04-01 00:00:00", 5, 4, "volume_missed"),
        ("2026-04-01 00:00:00", 0, 0, "met"),
        ("2026-04-01 00:00:00", Decimal("4.50"), Decimal("4.49"), "volume_missed"),
    ],
)
def test_verdicts_on_sqls_and_pipeline(as_of, target, delivered, verdict):
    clock = datetime.fromisoformat(as_of)
    assert volume_verdict(date(2026, 3, 1), target, delivered, clock) == verdict


def test_month_of_a_target_is_that_of_the_zone():
    """In Berlin March ends at ten in the evening."""
    month, zone = date(2026, 3, 1), "Europe/Berlin"
    assert volume_verdict(month, 1, 1, datetime(2026, 3, 31, 22), zone) == "met"
    assert volume_verdict(month, 1, 1, datetime(2026, 3, 31, 21, 59), zone) == "in_progress"
    assert volume_verdict(month, 1, 1, datetime(2026, 2, 28, 23), zone) == "in_progress"
    assert volume_verdict(month, 1, 1, datetime(2026, 2, 28, 22, 59), zone) == "not_started"


def test_sqls_and_pipeline_of_a_month(policy):
    def accepted(at: str) -> Milestones:
        return Milestones(None, None, None, datetime.fromisoformat(at), None, None, None)

    def created(at: str, amount: str | None) -> dict[str, Any]:
        known = None if amount is None else Decimal(amount)
        return {"created_at": datetime.fromisoformat(at), "amount": known}

    targets = {date(2026, 3, 1): MqlTarget(8, Decimal("0.05"), 3, Decimal(1000))}
    rules = replace(policy, mql_targets=targets)
    people = [
        accepted("2026-03-01 00:00:00"),
        accepted("2026-03-31 22:30:00"),
        accepted("2026-04-01 00:00:00"),
    ]
    deals = [
        created("2026-03-02 00:00:00", "900"),
        created("2026-03-03 00:00:00", None),
        created("2026-03-31 23:00:00", "150"),
        created("2026-04-01 00:00:00", "7000"),
    ]
    row = one(marketing_sla(people, rules, AS_OF, deals))
    assert (row["sql_target"], row["sqls"], row["sql_verdict"]) == (3, 2, "volume_missed")
    assert (row["pipeline_target"], row["pipeline"]) == (1000, 1050)
    assert (row["pipeline_verdict"], row["verdict"]) == ("met", "volume_missed")
    row = one(marketing_sla(people, rules, AS_OF, deals, "Europe/Berlin"))
    assert (row["sqls"], row["pipeline"], row["pipeline_verdict"]) == (1, 900, "volume_missed")
    none = replace(policy, mql_targets={date(2026, 3, 1): MqlTarget(8, Decimal("0.05"))})
    row = one(marketing_sla([], none, AS_OF))
    assert (row["sql_target"], row["sqls"], row["sql_verdict"]) == (None, 0, "no_target")
    assert (row["pipeline_target"], row["pipeline_verdict"]) == (None, "no_target")


def test_targets_are_read_from_the_policy(tmp_path):
    (tmp_path / "mql_targets.csv").write_text(
        "target_month,target_mqls,min_mql_to_opportunity_rate,sql_target,pipeline_target\n"
        "2026-03-01,50,0.05,12,90000.50\n2026-04-01,50,0.05,,\n"
    )
    tables = read_policy_tables(POLICY) | read_policy_tables(tmp_path)
    targets = list(policy_of(tables).mql_targets.values())
    assert targets == [
        MqlTarget(50, Decimal("0.05"), 12, Decimal("90000.50")),
        MqlTarget(50, Decimal("0.05")),
    ]


def test_weeks_of_responses_are_those_of_the_zone(policy):
    handed_off = [handoff(handed_off_at=datetime(2026, 3, 1, 23, 30))]
    for zone, week in (("UTC", date(2026, 2, 23)), ("Europe/Berlin", date(2026, 3, 2))):
        weeks = {row["week_start"] for row in sla_performance(handed_off, policy, AS_OF, zone)}
        assert weeks == {None, week}


def test_targets_and_months_with_mqls(policy):
    def lead(mql_at: str, opportunity_at: str | None = None) -> Milestones:
        opportunity = None if opportunity_at is None else datetime.fromisoformat(opportunity_at)
        mql = datetime.fromisoformat(mql_at)
        return Milestones(mql, None, None, None, None, opportunity, None)

    targets = {date(2026, 3, 1): MqlTarget(8, Decimal("0.05")), date(2026, 4, 1): MqlTarget(0, 0)}
    rows = marketing_sla(
        [
            lead("2026-03-01 00:00:00", "2026-03-01 00:00:00"),
            lead("2026-03-31 23:59:59", "2026-03-31 23:59:58"),
            lead("2026-02-28 23:59:59"),
            Milestones(None, None, None, None, None, datetime(2026, 3, 5), None),
        ],
        replace(policy, mql_targets=targets),
        datetime(2026, 6, 30),
    )
    assert [str(row["target_month"]) for row in rows] == ["2026-02-01", "2026-03-01", "2026-04-01"]
    february, march, april = rows
    assert (february["target_mqls"], february["delivered_share"]) == (None, None)
    assert (february["verdict"], february["mqls"]) == ("no_target", 1)
    assert (march["mqls"], march["mqls_to_opportunity"]) == (2, 1)
    assert (march["delivered_share"], march["mql_to_opportunity_rate"]) == (
        Decimal("0.25"),
        Decimal("0.5"),
    )
    assert march["is_mature"] is True
    assert (april["delivered_share"], april["mql_to_opportunity_rate"]) == (None, None)
    assert (april["mql_to_opportunity_low"], april["is_mature"]) == (None, False)


@pytest.mark.parametrize(
    ("minutes", "bucket"),
    [
        ("0", "under_5_minutes"),
        ("4.9999", "under_5_minutes"),
        ("5", "5_to_30_minutes"),
        ("30", "30_to_60_minutes"),
        ("60", "1_to_2_hours"),
        ("120", "2_to_24_hours"),
        ("1439.9999", "2_to_24_hours"),
        ("1440", "over_24_hours"),
    ],
)
def test_response_buckets(policy, minutes, bucket):
    assert bucket_of(Decimal(minutes), policy) == bucket


def test_percentiles_are_interpolated():
    values = [Decimal(value) for value in ("40", "10", "20", "30")]
    assert percentile(values, Decimal("0.5")) == 25
    assert percentile(values, Decimal("0.9")) == 37
    assert percentile(values[:1], Decimal("0.9")) == 40
    assert percentile([Decimal(1), Decimal("1.0001")], Decimal("0.5")) == Decimal("1.00005")
    assert percentile([], Decimal("0.5")) is None


def test_cube_of_responses_has_every_total(policy):
    rows = sla_performance(
        [
            answered("3", sla_status="met", disposition="accepted", opportunity_at=AS_OF),
            answered("4", sla_status="met", assigned_rep_id="R1"),
            answered("90", sla_status="breached", assigned_rep_id="R1"),
            handoff(sla_status="at_risk", handed_off_at=datetime(2026, 3, 9)),
            handoff(sla_status=None, handed_off_at=datetime(2026, 3, 8, 23, 59, 59)),
            answered("0", sla_status="met", assigned_rep_id="R2", is_begun_by_sales=True),
        ],
        policy,
        AS_OF,
    )
    # Members: weeks of 2 and 9 March; one policy; R1 and unassigned; under 5, 1 to 2 h, none.
    # Week of 2 March: (unassigned, under 5), (unassigned, none), (R1, under 5), (R1, 1 to 2 h):
    # 4 cells + 2 totals of reps + 3 of buckets + 1 = 10. Week of 9 March: 1 + 1 + 1 + 1 = 4.
    # All weeks: 4 + 2 + 3 + 1 = 10. Everything once more for the total of the policy.
    assert len(rows) == 2 * (10 + 4 + 10)
    everything = one(rows, week_start=None, sla_policy="all", rep_id="all", response_bucket="all")
    assert (everything["handoffs"], everything["responded"], everything["open"]) == (5, 3, 1)
    assert (everything["met"], everything["breached"]) == (2, 1)
    assert are_close(everything["met_rate"], "0.6666666666666667")
    assert everything["median_response_minutes"] == 4
    assert everything["p90_response_minutes"] == Decimal("72.8")
    assert everything["median_response_business_minutes"] == 2
    told = [name for name in everything if name.startswith("published_")]
    assert len(told) == 10
    assert all(everything[name] == everything[name.removeprefix("published_")] for name in told)
    assert (everything["accepted"], everything["opportunities"]) == (1, 1)
    assert (everything["accepted_rate"], everything["customers"]) == (Decimal("0.2"), 0)
    silent = one(
        rows,
        week_start=date(2026, 3, 9),
        sla_policy="demo_and_pricing",
        rep_id="unassigned",
        response_bucket="none",
    )
    assert (silent["handoffs"], silent["met_rate"], silent["met_low"]) == (1, None, None)
    assert (silent["median_response_minutes"], silent["accepted_rate"]) == (None, 0)
    assert sum(r["handoffs"] for r in rows) == 5 * 2**4


def test_benchmarks_of_handoffs(policy):
    def lead(motion: str) -> FunnelLead:
        return FunnelLead({"overall": "all", "motion": motion}, AS_OF, None, None, None, None, None)

    until = AS_OF - 90 * DAY
    rejected = {"disposition": "rejected"}
    handoffs = [
        (lead("inbound"), answered("10", handed_off_at=until - SECOND, **rejected)),
        (lead("inbound"), answered("30", handed_off_at=until - 365 * DAY, disposition="accepted")),
        (lead("outbound"), handoff(handed_off_at=until - DAY)),
        (lead("inbound"), answered("50", handed_off_at=until, **rejected)),
        (lead("inbound"), answered("70", handed_off_at=until - 365 * DAY - SECOND, **rejected)),
        (lead("outbound"), answered("90", handed_off_at=until - DAY, disposition="recycled")),
        (
            lead("inbound"),
            answered(
                "0", handed_off_at=until - DAY, disposition="accepted", is_begun_by_sales=True
            ),
        ),
    ]
    some = replace(
        policy,
        settings=policy.settings | {"minimum_sample": Decimal(2)},
        benchmarks=[
            row | {"dimension": dimension, "member": member}
            for row in policy.benchmarks
            if row["benchmark_id"] in ("guide_rejection", "leadsuite_response")
            for dimension, member in (("overall", "all"), ("motion", "inbound"))
        ],
    )
    rows = benchmark_comparison([], some, AS_OF, handoffs)
    assert [(r["numerator"], r["denominator"], r["verdict"]) for r in rows] == [
        (1, 4, "within"),
        (1, 3, "probably_above_warning"),
        (3, 3, "within"),
        (2, 2, "within"),
    ]
    assert [r["actual"] for r in rows][2:] == [Decimal(15), Decimal(10)]
    assert [(r["actual_low"] is None, r["actual_high"] is None) for r in rows] == [
        (False, False),
        (False, False),
        (True, True),
        (True, True),
    ]
    # 1 of 4 by Wilson, as above. Sales' own beginnings count here, but have no response time.
    assert are_close(rows[0]["actual_low"], "0.04558726029536886")
    assert are_close(rows[0]["actual_high"], "0.6993581599030917")


# Accounts


@pytest.mark.parametrize(
    ("at", "points", "is_in_market"),
    [("2026-05-03 00:00:00", 0, False), ("2026-05-03 00:00:01", 10, True)],
)
def test_in_market_at_exactly_the_threshold_and_less_than_ninety_days(
    run, at, points, is_in_market
):
    row = one(run(leads=[], intent_signals=[intent(at)])["account_engagement"])
    assert (row["third_party_intent_points"], row["is_in_market"]) == (points, is_in_market)
    assert (row["outbound_trigger"], row["leads"]) == (is_in_market, 0)
    # Industry 10, size 10 and country 5 are the account's own.
    assert (row["account_fit_points"], row["account_score"]) == (25, 25 + points)


def test_third_party_intent_counts_once_per_day_and_account(run):
    tables = run(
        leads=[LEAD, LEAD | {"lead_id": "L2", "email": "l2@acme.com"}],
        intent_signals=[
            intent("2026-07-20 10:00:00", "review_site_visit"),
            intent("2026-07-20 23:59:59", "review_site_visit", "WWW.acme.com"),
            intent("2026-05-02 23:59:59", "job_posting"),
            intent("2026-05-03 23:59:59", "research_spike"),
            intent("2026-05-03 00:00:00", "research_spike"),
            intent("2026-07-21 10:00:00", "rumour"),
            intent("2026-07-21 10:00:00", domain="elsewhere.com"),
            intent("2026-08-01 00:00:01", "competitor_research"),
        ],
    )
    row = one(tables["account_engagement"])
    # The spike of 3 May that counts is the one at midnight, just 90 days ago.
    assert (row["third_party_intent_points"], row["is_in_market"]) == (5, False)
    assert (row["engaged_leads_90d"], row["account_score"]) == (0, 30)
    assert (row["account_stage"], row["last_engagement_at"]) == (None, None)


def test_behaviour_at_the_clock_counts(run):
    row = one(run(marketing_activities=[activity("2026-08-01 00:00:00")])["account_engagement"])
    assert (row["top_lead_behaviour_points"], row["account_score"]) == (30, 55)


def test_intent_is_capped_in_the_score_only(run):
    kinds = ["topic_spike", "competitor_research"]
    tables = run(intent_signals=[intent("2026-07-20 10:00:00", kind) for kind in kinds])
    row = one(tables["account_engagement"])
    assert (row["third_party_intent_points"], row["account_score"]) == (25, 45)


def test_engagement_of_an_account(run):
    tables = run(
        leads=[
            LEAD,
            LEAD | {"lead_id": "L2", "email": "l2@acme.com", "job_title": "Head of Growth"},
            LEAD | {"lead_id": "L3", "email": "l3@acme.com", "job_title": "Cmosaic Designer"},
            LEAD | {"lead_id": "L4", "email": "l4@acme.com", "lead_source": "Cold Email"},
        ],
        accounts=[ACME | {"is_target_account": "true", "is_competitor": ""}],
        marketing_activities=[
            activity("2026-05-03 00:00:00", "content_download"),
            activity("2026-05-03 00:00:01", "content_download", "L2"),
            activity("2026-07-31 00:00:00", "newsletter_signup", "L3"),
            activity("2026-05-04 00:00:00", "webinar_attendance", "L4"),
            activity("2026-07-31 00:00:00", "referral", "L4"),
        ],
    )
    row = one(tables["account_engagement"])
    assert (row["leads"], row["engaged_leads_90d"]) == (4, 3)
    assert row["meaningful_signals_90d"] == 3
    assert (row["buying_roles"], row["buying_roles_covered"]) == ("champion, economic_buyer", 2)
    # L4's primary model is another one, but the account's model scores it too.
    assert (row["top_lead_behaviour_points"], row["breadth_points"]) == (10, 10)
    assert (row["account_fit_points"], row["account_score"]) == (25, 45)
    # L1 ceased to be an MQL at the very clock, L2 is one for another second.
    assert (row["account_stage"], row["outbound_trigger"]) == ("qualified", False)
    assert row["last_engagement_at"] == datetime(2026, 7, 31)


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("VP, Marketing", "economic_buyer"),
        ("Vice-President", "economic_buyer"),
        ("Chief of Staff to the Director", "economic_buyer"),
        ("Director of Product Managers", "champion"),
        ("Team Lead (Legal)", "influencer"),
        ("Leading Engineer", "user"),
        ("Vpn Specialists", None),
        ("Bookkeeper", None),
        (None, None),
    ],
)
def test_buying_roles_are_whole_words_and_the_first_rule_wins(policy, title, role):
    assert buying_role(title, policy) == role


@pytest.mark.parametrize(("engaged", "points"), [(0, 0), (1, 0), (2, 5), (5, 20), (6, 20)])
def test_breadth(policy, engaged, points):
    assert breadth_points(engaged, policy) == points


def test_account_score_is_not_negative(run):
    tables = run(accounts=[ACME | {"industry": "", "status": "CLOSED", "is_competitor": "yes"}])
    row = one(tables["account_engagement"])
    assert (row["account_fit_points"], row["account_score"]) == (10 + 5 - 15 - 50, 0)


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        ({}, "target"),
        ({"marketing_activities": [activity("2026-07-01 00:00:00", "form_submit")]}, "engaged"),
        ({"lead_status_changes": [status("2026-07-01 00:00:00", "mql")]}, "target"),
        ({"lead_status_changes": [status("2026-07-01 00:00:00", "accepted")]}, "in_sales"),
        ({"opportunities": [deal("2026-07-31 00:00:00", "false")]}, "lapsed"),
        ({"opportunities": [deal("2026-08-01 00:00:01", "true")]}, "opportunity"),
        ({"opportunities": [deal("2026-08-01 00:00:00", "true")]}, "customer"),
    ],
)
def test_account_stages(run, facts, stage):
    tables = run(
        leads=[LEAD | {"job_title": "Chef"}],
        accounts=[ACME | {"industry": "Mining", "is_target_account": "t"}],
        **facts,
    )
    assert one(tables["account_engagement"])["account_stage"] == stage


def test_account_that_nobody_wants_has_no_stage(run):
    assert one(run(leads=[])["account_engagement"])["account_stage"] is None


# CRM


@pytest.mark.parametrize(
    ("score", "rounded"),
    [("82.5", 83), ("82.4999", 82), ("-2.5", -2), ("-2.5001", -3), ("-0.5", 0), ("0", 0)],
)
def test_scores_are_rounded_half_up(score, rounded):
    assert rounded_half_up(Decimal(score)) == rounded


def test_texts_of_the_hash():
    values = [None, True, False, 7, "a b", date(2026, 3, 1), datetime(2026, 3, 1, 10)]
    assert [as_text(value) for value in values] == [
        "",
        "true",
        "false",
        "7",
        "a b",
        "2026-03-01",
        "2026-03-01 10:00:00",
    ]
    assert as_text(datetime(2026, 3, 1, 10, 0, 0, 120000)) == "2026-03-01 10:00:00.12"
    assert row_hash(["L1", None, 3]) == hashlib.md5(b"L1||3").hexdigest()


def test_differences_are_null_safe():
    columns = {"a": "crm_a", "b": "crm_b", "c": "crm_c"}
    record = {"crm_a": "x", "crm_b": None, "crm_c": Decimal(5)}

    def change(a: Any, b: Any, c: Any, arriving: set[str]) -> dict[str, Any] | None:
        return change_of({"a": a, "b": b, "c": c}, record, columns, arriving)

    every = set(columns.values())
    assert change("x", None, 5, every) is None
    assert change("x", "y", 5, every) == {"changed_fields": "b", "is_first_sync": False}
    assert change(None, None, 6, every) == {"changed_fields": "a, c", "is_first_sync": False}
    assert change("z", "y", 5, {"crm_b"}) == {"changed_fields": "b", "is_first_sync": True}
    assert change("z", None, 5, {"crm_b"}) is None
    assert change("x", None, 5, {"other"}) == {"changed_fields": "all", "is_first_sync": True}


def test_a_placeholder_in_the_crm_is_nothing_unless_it_is_what_should_be_there() -> None:
    columns = {"track": "crm_track", "grade": "crm_grade", "score": "crm_score"}
    record = {"crm_track": "none", "crm_grade": "N/A", "crm_score": Decimal(0)}
    policy = load_rules(POLICY, AS_OF).current

    def known(track: str | None, grade: str | None) -> dict[str, Any]:
        return known_to_crm({"track": track, "grade": grade, "score": 0}, record, columns, policy)

    assert known("none", "A") == {"crm_track": "none", "crm_grade": None, "crm_score": 0}
    assert known(None, "N/A") == {"crm_track": None, "crm_grade": "N/A", "crm_score": 0}


def test_every_lead_and_account_is_a_row_where_the_crm_says_nothing(run):
    tables = run(
        leads=[LEAD, LEAD | {"lead_id": "L0", "email": "", "merged_into_lead_id": "L1"}],
        marketing_activities=[activity("2026-07-25 09:00:00.5")],
        sales_reps=[{"rep_id": "R1", "territory": "AMER", "is_active": ""}],
    )
    row = one(tables["crm_lead_sync"])
    assert (row["lead_id"], row["changed_fields"], row["is_first_sync"]) == ("L1", "all", True)
    assert (row["lifecycle_stage"], row["lead_stage"]) == ("sql", "sql_proposed")
    assert (row["lead_score"], row["lead_grade"]) == (105, "A")
    assert (row["nurture_track"], row["re_engage_on"]) == (None, None)
    assert row["recommended_rep_id"] == "R1"
    assert row["score_reasons"] == "demo_request +30; job_title +15; company_size +10"
    text = (
        "L1|sql|sql_proposed|105|A|immediate_sales_outreach|||||2026-07-25 09:00:00|R1|"
        "2026-07-25 09:30:00||Handed over by high_intent_action (demo_request); "
        "score 105, very_hot, grade A; channel inbound; industry Software; employees 200; "
        "pages visited 0, links clicked 0, content downloaded 0, sales touches 0|"
        "demo_request +30; job_title +15; company_size +10"
    )
    assert row["row_hash"] == hashlib.md5(text.encode()).hexdigest()
    account = one(tables["crm_account_sync"])
    assert (account["account_score"], account["account_stage"]) == (55, "in_sales")
    assert account["row_hash"] == hashlib.md5(b"acme|55|in_sales|false").hexdigest()
    assert (account["changed_fields"], account["computed_at"]) == ("all", AS_OF)


def test_second_sync_has_no_rows(run):
    facts = {
        "marketing_activities": [activity("2026-07-20 09:00:00")],
        "lead_status_changes": [status("2026-07-21 09:00:00", "rejected", "bad_data")],
        "intent_signals": [intent("2026-07-25 09:00:00")],
    }
    first = run(leads=[LEAD | dict.fromkeys(CRM_OF_LEAD, "")], **facts)
    row = one(first["crm_lead_sync"])
    assert row["is_first_sync"] is True
    assert row["changed_fields"] == (
        "lifecycle_stage, lead_stage, lead_score, lead_grade, recommended_action, "
        "nurture_track, re_engage_on, sql_handed_off_at, score_reasons"
    )
    assert (row["nurture_track"], row["re_engage_on"]) == ("data_repair", date(2026, 9, 19))
    taken = {column: as_text(row[column.removeprefix("crm_")]) for column in CRM_OF_LEAD}
    account = one(first["crm_account_sync"])
    known = {f"crm_{name}": as_text(account[name]) for name in list(account)[1:4]}
    second = run(leads=[LEAD | taken], accounts=[ACME | known], **facts)
    assert (second["crm_lead_sync"], second["crm_account_sync"]) == ([], [])
    spoilt = taken | {"crm_lead_score": "many", "crm_recommended_rep_id": "R9"}
    third = run(
        leads=[LEAD | spoilt], accounts=[ACME | known | {"crm_is_in_market": "maybe"}], **facts
    )
    row = one(third["crm_lead_sync"])
    assert (row["changed_fields"], row["is_first_sync"]) == (
        "lead_score, recommended_rep_id",
        False,
    )
    assert one(third["crm_account_sync"])["changed_fields"] == "is_in_market"


def test_closed_leads_are_synced_without_an_action(run):
    tables = run(
        leads=[LEAD | {"crm_lifecycle_stage": "closed", "crm_recommended_action": "call"}],
        lead_status_changes=[status("2026-07-21 09:00:00", "disqualified", "competitor")],
    )
    row = one(tables["crm_lead_sync"])
    assert (row["lead_stage"], row["recommended_action"]) == ("disqualified", None)
    assert row["changed_fields"] == "recommended_action"


def test_recommended_rep_goes_with_the_handoff_its_date_stays(run):
    tables = run(
        marketing_activities=[activity("2026-07-20 09:00:00")],
        lead_status_changes=[status("2026-07-21 09:00:00", "recycled", "timing")],
        sales_reps=[{"rep_id": "R1", "territory": "AMER", "is_active": "true"}],
    )
    row = one(tables["crm_lead_sync"])
    assert (str(row["sql_handed_off_at"]), row["recommended_rep_id"]) == (
        "2026-07-20 09:00:00",
        None,
    )


# Reasons


def test_top_contributions_join_what_repeats(run):
    tables = run(
        accounts=[ACME | {"industry": "Mining"}],
        email_events=[
            {
                "email": "l1@acme.com",
                "program": "marketing",
                "event_type": kind,
                "occurred_at": f"2026-07-2{day} 09:00:00",
            }
            for day, kind in enumerate(["clicked", "clicked", "clicked", "clicked", "unsubscribed"])
        ],
    )
    row = one(tables["lead_scores"])
    assert row["top_contributions"] == "unsubscribe -50; job_title +15; email_click +12 (4x)"


@pytest.mark.parametrize(
    ("as_of", "reasons"),
    [
        ("2026-03-02 08:59:59", "job_title +15"),
        ("2026-03-02 09:00:00", "demo_request +30; job_title +15; topic_spike +10"),
        ("2026-05-31 08:59:59", "demo_request +30; job_title +15; topic_spike +10"),
        ("2026-05-31 09:00:00", "job_title +15"),
    ],
)
def test_top_contributions_of_a_dormant_lead_hold_no_intent(run, as_of, reasons):
    tables = run(
        as_of=datetime.fromisoformat(as_of),
        accounts=[{"account_id": "acme", "domain": "acme.com"}],
        marketing_activities=[activity("2026-03-02 09:00:00")],
        intent_signals=[intent("2026-03-01 00:00:00"), intent("2026-05-30 00:00:00")],
    )
    assert one(tables["lead_scores"])["top_contributions"] == reasons
