"""Small cases of what must hold before a gate is open or a trigger happens, by the text."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from python_checks.tests.unit.signal_rules import SignalRun, setting, signal, trigger

ACME = {
    "account_id": "acme",
    "domain": "acme.com",
    "industry": "Mining",
    "employee_count": "5",
    "country": "BR",
    "status": "active",
    "is_competitor": "false",
}
"""A company that fits so little that no score makes an SQL of its leads."""
GOOD_ACME = ACME | {"industry": "Software", "employee_count": "200", "country": "US"}
LEAD = {
    "lead_id": "L1",
    "email": "l1@acme.com",
    "job_title": "",
    "account_id": "acme",
    "lead_source": "Organic Search",
    "created_at": "2026-03-01 10:00:00",
}
GOOD_LEAD = LEAD | {"job_title": "VP Marketing"}
OTHER = LEAD | {"lead_id": "L2", "email": "l2@acme.com"}
EARLY = datetime(2026, 5, 20)
"""A clock before any timer of a hand-off of these tests."""


@pytest.fixture
def run(tmp_path: Path) -> SignalRun:
    """Compute the tables from rows given by table; one account and one lead by default."""
    return SignalRun(tmp_path, leads=[LEAD], accounts=[ACME])


def requirement(check: str, events: str, value: str = "", profile: str = "") -> dict[str, str]:
    """A row of handoff_requirements.csv."""
    row = {"profile": profile, "check_name": check, "events": events, "min_value": value}
    return row | {"source": "project"}


def before_asks(check: str, value: str = "") -> dict:
    """Policy rows: the check must hold before a high-intent action."""
    return {"handoff_requirements": [requirement(check, "high_intent_action", value)]}


def demo(at: str, **values: str) -> dict[str, str]:
    """A demo request of lead L1."""
    return {"lead_id": "L1", "activity_type": "demo_request", "occurred_at": at} | values


def mail(at: str, event_type: str, email: str = "l1@acme.com") -> dict[str, str]:
    """A marketing e-mail event."""
    row = {"email": email, "program": "marketing", "event_type": event_type}
    return row | {"occurred_at": at}


def status(at: str, name: str, **values: str) -> dict[str, str]:
    """A status change of lead L1."""
    return {"lead_id": "L1", "status": name, "changed_at": at} | values


def answers(at: str, answer: str = "confirmed", framework: str = "BANT") -> list[dict[str, str]]:
    """All criteria of BANT, answered at once."""
    return [
        {
            "lead_id": "L1",
            "framework": framework,
            "criterion": criterion,
            "answer": answer,
            "answered_at": at,
        }
        for criterion in ("budget", "authority", "need", "timeline")
    ]


def handed_over_at(tables: dict) -> list[datetime]:
    return [row["handed_off_at"] for row in tables["handoffs"]]


def held(tables: dict) -> list[tuple[datetime, str, str]]:
    return [
        (row["occurred_at"], row["event"], row["stage"])
        for row in tables["ignored_lifecycle_events"]
        if row["reason"] == "requirement"
    ]


APRIL_2 = datetime(2026, 4, 2, 9)
BOUNCED = [mail("2026-04-01 09:00:00", "bounced")]
ASKED = [demo("2026-04-02 09:00:00")]


def test_trigger_waits_until_all_holds_and_keeps_its_signal(run):
    emails = [*BOUNCED, mail("2026-04-05 09:00:00", "opened")]
    tables = run(before_asks("email_not_bounced"), marketing_activities=ASKED, email_events=emails)
    (handoff,) = tables["handoffs"]
    assert handoff["handed_off_at"] == datetime(2026, 4, 5, 9)
    assert handoff["trigger_event"] == "high_intent_action"
    assert handoff["trigger_signal"] == "demo_request"
    assert held(tables) == []


def test_trigger_that_never_happens_is_an_ignored_event(run):
    rules = before_asks("email_not_bounced")
    tables = run(rules, EARLY, marketing_activities=ASKED, email_events=BOUNCED)
    assert handed_over_at(tables) == []
    assert held(tables) == [(APRIL_2, "high_intent_action", "lead")]
    assert tables["lead_stages"][0]["held_back_by"] == "email_not_bounced"


@pytest.mark.parametrize(
    ("days", "seconds", "is_handed_over"), [(90, -1, True), (90, 0, False), (10, 0, True)]
)
def test_trigger_is_remembered_for_less_than_its_days(run, days, seconds, is_handed_over):
    at = APRIL_2 + timedelta(days=days, seconds=seconds)
    tables = run(
        before_asks("email_not_bounced"),
        marketing_activities=ASKED,
        email_events=[*BOUNCED, mail(f"{at}", "opened")],
    )
    assert handed_over_at(tables) == ([at] if is_handed_over else [])


def test_how_long_is_a_setting(run):
    rules = before_asks("email_not_bounced")
    rules["lifecycle_settings"] = [setting("remembered_trigger_days", "2")]
    emails = [*BOUNCED, mail("2026-04-04 09:00:00", "opened")]
    tables = run(rules, EARLY, marketing_activities=ASKED, email_events=emails)
    assert handed_over_at(tables) == []
    assert tables["lead_stages"][0]["held_back_by"] is None


def test_remembered_trigger_is_dropped_in_a_cooldown(run):
    changes = [status("2026-04-01 10:00:00", "mql"), status("2026-04-01 11:00:00", "rejected")]
    tables = run(
        before_asks("email_not_bounced"),
        lead_status_changes=changes,
        marketing_activities=ASKED,
        email_events=[*BOUNCED, mail("2026-04-05 09:00:00", "opened")],
    )
    assert handed_over_at(tables) == []
    (row,) = tables["ignored_lifecycle_events"]
    assert (row["occurred_at"], row["reason"]) == (datetime(2026, 4, 5, 9), "cooldown")
    assert row["record_id"] == "marketing_activities-00"


@pytest.mark.parametrize(
    ("emails", "expected"),
    [
        ([], True),
        (["bounced"], False),
        (["bounced", "clicked"], True),
        (["clicked", "bounced"], False),
        (["bounced", "unsubscribed"], True),
    ],
)
def test_bounce_counts_until_another_email_signal(run, emails, expected):
    rows = [mail(f"2026-04-01 {hour:02}:00:00", kind) for hour, kind in enumerate(emails)]
    rules = before_asks("email_not_bounced")
    tables = run(rules, EARLY, marketing_activities=ASKED, email_events=rows)
    assert (APRIL_2 in handed_over_at(tables)) == expected


@pytest.mark.parametrize(
    ("email_status", "expected"),
    [("verified", True), ("", True), ("unverified", False), ("bounced", False)],
)
def test_what_is_unknown_of_an_address_holds(run, email_status, expected):
    leads = [LEAD | {"email_status": email_status}]
    tables = run(before_asks("email_verified"), EARLY, leads=leads, marketing_activities=ASKED)
    assert bool(handed_over_at(tables)) == expected


def test_consent_is_asked_at_the_instant(run):
    opted_out = [mail("2026-04-01 09:00:00", "unsubscribed")]
    back = [*opted_out, mail("2026-04-04 09:00:00", "resubscribed")]
    rules = before_asks("consent")
    never = run(rules, EARLY, marketing_activities=ASKED, email_events=opted_out)
    later = run(rules, EARLY, marketing_activities=ASKED, email_events=back)
    assert handed_over_at(never) == []
    assert handed_over_at(later) == [datetime(2026, 4, 4, 9)]


@pytest.mark.parametrize(("value", "expected"), [("D", True), ("B", False)])
def test_grade_must_be_good_enough(run, value, expected):
    tables = run(before_asks("grade", value), EARLY, marketing_activities=ASKED)
    assert bool(handed_over_at(tables)) == expected


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("2", False)])
def test_high_intent_counts_the_signals_of_the_episode(run, value, expected):
    rules = before_asks("high_intent", value)
    tables = run(rules, EARLY, marketing_activities=ASKED)
    assert bool(handed_over_at(tables)) == expected


@pytest.mark.parametrize(("seconds", "expected"), [(-1, True), (0, False)])
def test_engagement_must_be_less_than_its_days_old(run, seconds, expected):
    at = datetime(2026, 4, 9, 9) + timedelta(seconds=seconds)
    rules = {
        "handoff_requirements": [requirement("recently_engaged", "mql_trigger", "7")],
        "profile_triggers": [trigger("referral", "mql_trigger")],
    }
    referral = demo(f"{at}", activity_type="referral")
    clicks = [mail("2026-04-02 09:00:00", "clicked")]
    tables = run(rules, EARLY, marketing_activities=[referral], email_events=clicks)
    assert (tables["lead_stages"][0]["mql_at"] == at) == expected


def test_never_engaged_is_not_recently_engaged(run):
    rules = {
        "handoff_requirements": [requirement("recently_engaged", "mql_trigger", "7")],
        "profile_triggers": [trigger("referral", "mql_trigger")],
    }
    referral = demo("2026-04-02 09:00:00", activity_type="referral")
    tables = run(rules, EARLY, marketing_activities=[referral])
    assert held(tables) == [(APRIL_2, "mql_trigger", "lead")]


def test_trigger_of_a_disqualified_lead_happens_as_it_is_reopened_and_goes_first(run):
    changes = [
        status("2026-04-01 09:00:00", "disqualified"),
        status("2026-04-03 09:00:00", "reopened"),
    ]
    tables = run(
        before_asks("company_allowed"),
        EARLY,
        marketing_activities=ASKED,
        lead_status_changes=changes,
    )
    assert handed_over_at(tables) == []
    row = next(r for r in tables["ignored_lifecycle_events"] if r["event"] == "high_intent_action")
    assert row["occurred_at"] == datetime(2026, 4, 3, 9)
    assert (row["stage"], row["reason"]) == ("disqualified", "no_transition")


def test_disqualified_lead_has_no_open_gate_until_it_is_reopened(run):
    rules = {"handoff_requirements": [requirement("company_allowed", "sql_gate")]}
    tables = run(
        rules,
        datetime(2026, 4, 4),
        leads=[GOOD_LEAD],
        accounts=[GOOD_ACME],
        marketing_activities=[demo("2026-04-02 09:00:00", activity_type="free_trial_signup")],
        lead_status_changes=[
            status("2026-04-01 09:00:00", "disqualified"),
            status("2026-04-03 09:00:00", "reopened"),
        ],
    )
    assert [row["entered_by"] for row in tables["lead_stage_history"]][1:] == [
        "disqualified",
        "reopened",
        "sql_gate",
    ]


def test_competitor_is_not_allowed(run):
    rules = {"handoff_requirements": [requirement("company_allowed", "pql_milestone")]}
    product = [
        {"email": "l1@acme.com", "event_name": "team_invite", "occurred_at": "2026-04-02 09:00:00"}
    ]
    competitor = [ACME | {"is_competitor": "true"}]
    tables = run(rules, EARLY, accounts=competitor, product_events=product)
    assert held(tables) == [(APRIL_2, "pql_milestone", "disqualified")]


@pytest.mark.parametrize(
    ("days", "seconds", "is_enough"), [(90, -1, True), (90, 0, False), (1, 0, True)]
)
def test_committee_are_the_people_who_engaged_within_the_window(run, days, seconds, is_enough):
    at = datetime(2026, 6, 29, 9) - timedelta(days=days, seconds=seconds)
    tables = run(
        before_asks("buying_committee", "2"),
        leads=[LEAD, OTHER],
        marketing_activities=[demo("2026-06-29 09:00:00")],
        email_events=[mail(f"{at}", "clicked", "l2@acme.com")],
    )
    mine = [row for row in tables["handoffs"] if row["lead_id"] == "L1"]
    assert bool(mine) == is_enough


def test_committee_may_gather_after_the_request(run):
    tables = run(
        before_asks("buying_committee", "2"),
        EARLY,
        leads=[LEAD, OTHER],
        marketing_activities=ASKED,
        email_events=[mail("2026-04-09 09:00:00", "clicked", "l2@acme.com")],
    )
    mine = [row for row in tables["handoffs"] if row["lead_id"] == "L1"]
    assert [row["handed_off_at"] for row in mine] == [datetime(2026, 4, 9, 9)]


def test_lead_without_an_account_is_alone(run):
    rules = before_asks("buying_committee", "2")
    leads = [
        LEAD | {"email": f"{n}@gmail.com", "lead_id": n, "account_id": ""} for n in ("L1", "L2")
    ]
    asked = [*ASKED, demo("2026-04-02 09:00:00", lead_id="L2")]
    assert handed_over_at(run(rules, EARLY, leads=leads, marketing_activities=asked)) == []


def test_framework_opens_the_gate_as_it_is_confirmed(run):
    rules = {"handoff_requirements": [requirement("framework_confirmed", "sql_gate")]}
    good = {"leads": [GOOD_LEAD], "accounts": [GOOD_ACME]}
    shown = [demo("2026-04-01 09:00:00", activity_type="free_trial_signup")]
    tables = run(rules, datetime(2026, 4, 4), **good, marketing_activities=shown)
    (lead,) = tables["lead_stages"]
    assert (lead["stage"], lead["held_back_by"]) == ("mql", "framework_confirmed")
    tables = run(
        rules,
        EARLY,
        **good,
        marketing_activities=shown,
        qualification_answers=answers("2026-04-05 09:00:00"),
    )
    assert tables["lead_stage_history"][-1]["entered_at"] == datetime(2026, 4, 5, 9)
    assert tables["lead_stages"][0]["held_back_by"] is None


@pytest.mark.parametrize(
    ("latest", "expected"),
    [("confirmed", True), ("unknown", True), (None, True), ("denied", False)],
)
def test_budget_is_what_the_latest_answer_says(run, latest, expected):
    rules = before_asks("budget_confirmed")
    rules["frameworks"] = [
        {
            "framework": "Own",
            "criterion": "budget",
            "position": "1",
            "question": "Money?",
            "is_budget": "true",
        }
    ]
    row = answers("2026-04-01 09:00:00", "denied", "own")[0]
    told = [] if latest is None else [row, row | {"answer": latest, "answered_at": "2026-04-02"}]
    tables = run(rules, EARLY, marketing_activities=ASKED, qualification_answers=told)
    assert bool(handed_over_at(tables)) == expected


@pytest.mark.parametrize(("value", "expected"), [("20", True), ("200", False), ("", False)])
def test_score_threshold_is_the_row_s_else_the_bar_of_the_profile(run, value, expected):
    rules = before_asks("score_threshold", value)
    tables = run(rules, EARLY, marketing_activities=ASKED)
    assert bool(handed_over_at(tables)) == expected


def test_row_of_the_profile_goes_before_the_general_one(run):
    strict = requirement("high_intent", "high_intent_action", "5")
    mild = requirement("high_intent", "high_intent_action", "1", "standard")
    elsewhere = requirement("high_intent", "mql_gate", "1", "standard")
    other = requirement("high_intent", "high_intent_action", "1", "startup")
    for rows, expected in (
        ([strict], False),
        ([strict, mild], True),
        ([strict, elsewhere], True),
        ([strict, other], False),
    ):
        rules = {"handoff_requirements": rows}
        tables = run(rules, EARLY, marketing_activities=ASKED)
        assert bool(handed_over_at(tables)) == expected


def test_requirement_is_asked_before_its_events_alone(run):
    rules = {"handoff_requirements": [requirement("high_intent", "sql_gate|mql_gate", "5")]}
    tables = run(rules, EARLY, marketing_activities=ASKED)
    assert handed_over_at(tables) == [APRIL_2]


def test_all_that_apply_must_hold(run):
    rules = {
        "handoff_requirements": [
            requirement("email_not_bounced", "high_intent_action"),
            requirement("high_intent", "high_intent_action", "2"),
        ]
    }
    emails = [*BOUNCED, mail("2026-04-05 09:00:00", "opened")]
    asked = [*ASKED, demo("2026-04-07 09:00:00", activity_type="implementation_question")]
    tables = run(rules, EARLY, marketing_activities=asked, email_events=emails)
    assert handed_over_at(tables) == [datetime(2026, 4, 7, 9)]
    waiting = run(rules, EARLY, marketing_activities=ASKED, email_events=BOUNCED)
    assert waiting["lead_stages"][0]["held_back_by"] == "email_not_bounced, high_intent"


def test_grade_of_a_trigger_is_looked_at_once(run):
    rules = {
        "signals": [signal("noticed")],
        "signal_map": [
            {
                "source": "marketing_activities",
                "rule_order": "0",
                "event_name": "newsletter_signup",
                "signal": "noticed",
            }
        ],
        "profile_triggers": [trigger("noticed", "high_intent_action", min_grade="A")],
    }
    asked = [demo("2026-04-02 09:00:00", activity_type="newsletter_signup")]
    best = {"leads": [GOOD_LEAD], "accounts": [GOOD_ACME]}
    good = run(rules, EARLY, **best, marketing_activities=asked)
    better = [
        {
            "change_id": "c1",
            "object": "lead",
            "record_id": "L1",
            "attribute": "job_title",
            "old_value": "Student",
            "new_value": "VP Marketing",
            "changed_at": "2026-04-03 09:00:00",
        }
    ]
    late = run(rules, EARLY, **best, marketing_activities=asked, attribute_changes=better)
    assert handed_over_at(good) == [APRIL_2]
    assert handed_over_at(late) == []
    assert late["ignored_lifecycle_events"] == []


def test_sales_is_not_held_back(run):
    rules = before_asks("email_not_bounced")
    tables = run(
        rules,
        EARLY,
        marketing_activities=ASKED,
        email_events=BOUNCED,
        lead_status_changes=[status("2026-04-01 08:00:00", "accepted")],
    )
    assert tables["lead_stages"][0]["held_back_by"] is None


def test_unknown_check_is_refused(run):
    with pytest.raises(ValueError, match=r"handoff_requirements.csv: unknown check 'luck'"):
        run(before_asks("luck"), EARLY, marketing_activities=ASKED)
