"""Hand-offs, their checks and business time in small cases, calculated by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from python_checks.reference.business_time import business_seconds, due_at
from python_checks.reference.handoffs import routing_rule_of, sla_policy_of
from python_checks.reference.policy import Calendar, Opening
from python_checks.tests.unit.raw_rows import Rows, Run, computing
from python_checks.tests.unit.test_reference_rules import (
    ACME,
    LEAD,
    activity,
    mail,
    stages,
    status,
    visit,
)

HOUR = timedelta(hours=1)
DEMO_AT = "2026-03-02 09:00:00"
REPS = [
    {"rep_id": "R2", "territory": "AMER", "is_active": "true"},
    {"rep_id": "R1", "territory": "AMER", "is_active": "no"},
    {"rep_id": "R10", "territory": "AMER", "is_active": "yes"},
    {"rep_id": "R3", "territory": "AMER", "is_active": ""},
    {"rep_id": "E1", "territory": "EMEA", "is_active": "true"},
]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Compute the tables from rows given by table; one account, one lead and five reps."""
    return computing(tmp_path, leads=[LEAD], accounts=[ACME], sales_reps=REPS)


def at(text: str) -> datetime:
    """A time."""
    return datetime.fromisoformat(text)


def sold(when: str, kind: str = "call", outcome: str = "no_answer", **values: str) -> dict:
    """A sales activity with lead L1."""
    return {
        "lead_id": "L1",
        "activity_type": kind,
        "outcome": outcome,
        "occurred_at": when,
    } | values


def only(tables: dict[str, Rows]) -> dict[str, Any]:
    """The one hand-off."""
    (row,) = tables["handoffs"]
    return row


def checks(tables: dict[str, Rows], number: int = 1) -> dict[str, str]:
    """The results of the checks of one hand-off by name."""
    return {
        row["check_name"]: row["result"]
        for row in tables["handoff_checklist"]
        if row["handoff_number"] == number
    }


@pytest.mark.parametrize(
    ("calendar", "start", "end", "hours"),
    [
        # In one day: open from 13:00 to 21:00 UTC in New York's summer.
        ("americas", "2026-03-10 14:00", "2026-03-10 15:30", "1.5"),
        ("americas", "2026-03-10 12:59", "2026-03-10 22:00", "8"),
        ("americas", "2026-03-10 21:00", "2026-03-11 13:00", "0"),
        ("americas", "2026-03-10 15:00", "2026-03-10 14:00", "0"),
        # Over night, a week-end, Thanksgiving.
        ("americas", "2026-03-10 20:00", "2026-03-11 14:00", "2"),
        ("americas", "2026-03-13 20:30", "2026-03-16 13:30", "1"),
        ("americas", "2026-11-25 21:00", "2026-11-27 15:00", "2"),
        # Over the clock changes of 8 March, 1 November and 29 March.
        ("americas", "2026-03-06 21:00", "2026-03-09 14:00", "2"),
        ("americas", "2026-10-30 20:00", "2026-11-02 15:00", "2"),
        ("europe", "2026-03-27 14:00", "2026-03-30 08:00", "3"),
        # Sydney over Easter and its clock change; its Tuesday begins on Monday in UTC.
        ("asia_pacific", "2026-04-02 05:00", "2026-04-07 00:00", "2"),
        ("asia_pacific", "2026-04-06 22:59", "2026-04-06 23:30", "0.5"),
        ("default", "2026-01-01 09:00", "2026-01-02 10:00", "1"),
        ("no such calendar", "2026-01-01 09:00", "2026-01-02 10:00", "0"),
    ],
)
def test_business_time_counts_opening_hours_only(policy, calendar, start, end, hours):
    found = business_seconds(calendar, at(start), at(end), policy)
    assert found == Decimal(hours) * 3600


def test_business_time_is_exact_to_the_microsecond(policy):
    start, end = at("2026-03-10 12:00:00"), at("2026-03-10 13:00:00.000003")
    assert business_seconds("americas", start, end, policy) == Decimal("0.000003")


@pytest.mark.parametrize(
    ("day", "openings", "hours"),
    [
        ("2026-03-08", [(0, 24)], "23"),
        ("2026-11-01", [(0, 24)], "25"),
        ("2026-03-08", [(1, 3)], "1"),
        # 01:00 comes twice: the second one counts.
        ("2026-11-01", [(1, 3)], "2"),
        # 02:30 does not come: it is read as 02:30 in summer time, an hour before 03:30.
        ("2026-03-08", [(2.5, 4)], "0.5"),
        ("2026-03-10", [(9, 12), (13, 17)], "7"),
        ("2026-03-10", [(13, 17), (9, 12)], "7"),
    ],
)
def test_opening_hours_with_a_clock_change_inside(policy, day, openings, hours):
    weekdays = range(1, 8)
    always = [Opening(d, int(o * 60), int(c * 60)) for d in weekdays for o, c in openings]
    calendar = Calendar("America/New_York", always, set())
    edited = replace(policy, calendars={"odd": calendar})
    start = at(f"{day} 04:00") if day > "2026-03-08" else at(f"{day} 05:00")
    local_day_ends = {"2026-03-08": 23, "2026-11-01": 25}.get(day, 24) * HOUR
    assert business_seconds("odd", start, start + local_day_ends, edited) == Decimal(hours) * 3600


@pytest.mark.parametrize(
    ("calendar", "start", "minutes", "due"),
    [
        ("americas", "2026-03-10 20:00", 120, "2026-03-11 14:00"),
        # Reached as the day ends, not as the next begins.
        ("americas", "2026-03-10 19:00", 120, "2026-03-10 21:00"),
        ("americas", "2026-03-10 19:00:00.000001", 120, "2026-03-11 13:00:00.000001"),
        ("americas", "2026-03-10 10:00", 120, "2026-03-10 15:00"),
        ("americas", "2026-03-10 21:00", 120, "2026-03-11 15:00"),
        ("americas", "2026-03-13 20:30", 120, "2026-03-16 14:30"),
        ("americas", "2026-03-06 21:00", 120, "2026-03-09 14:00"),
        ("americas", "2026-10-30 20:00", 120, "2026-11-02 15:00"),
        ("americas", "2026-03-10 15:00", 480, "2026-03-11 15:00"),
        ("americas", "2026-11-25 21:00", 480, "2026-11-27 21:00"),
        ("europe", "2026-03-27 14:00", 180, "2026-03-30 08:00"),
        ("asia_pacific", "2026-04-02 05:00", 120, "2026-04-07 00:00"),
        ("americas", "2026-03-14 12:00", 0, "2026-03-14 12:00"),
    ],
)
def test_target_in_business_time(policy, calendar, start, minutes, due):
    assert due_at(calendar, at(start), minutes, policy) == at(due)
    assert business_seconds(calendar, at(start), at(due), policy) == minutes * 60


def test_calendar_that_never_opens_has_no_target(policy):
    assert due_at("no such calendar", at("2026-03-10 20:00"), 120, policy) is None


@pytest.mark.parametrize(
    ("country", "segment", "territory"),
    [
        ("us", "enterprise", "AMER-ENT"),
        ("CA", "mid_market", "AMER"),
        ("de", "enterprise", "EMEA"),
        ("SG", "unknown", "APAC"),
        ("ZZ", "enterprise", "AMER"),
        (None, "startup", "AMER"),
    ],
)
def test_first_matching_rule_routes(policy, country, segment, territory):
    assert routing_rule_of(country, segment, policy).territory == territory


def test_no_rule_no_territory(policy):
    edited = replace(policy, routing_rules=policy.routing_rules[:4])
    assert routing_rule_of("ZZ", "enterprise", edited) is None


@pytest.mark.parametrize(
    ("signal", "name"),
    [
        ("demo_request", "demo_and_pricing"),
        ("cold_email_meeting_booked", "reply_with_intent"),
        # The default has rule_order 3, but the lists are asked first.
        ("content_download", "content_driven"),
        ("pricing_page_visit", "demo_and_pricing"),
        ("referral", "inbound_default"),
        (None, "inbound_default"),
    ],
)
def test_policy_by_trigger_signal(policy, signal, name):
    assert sla_policy_of(signal, "standard", "sales", policy).sla_policy == name


def test_handoff_begins_in_marketing_and_ends_in_marketing_or_disqualified(run):
    tables = run(
        marketing_activities=[activity(DEMO_AT), activity("2026-06-20 09:00:00")],
        sales_activities=[sold("2026-03-02 10:00:00", outcome="connected")],
        lead_status_changes=[
            status("2026-03-03 09:00:00", "rejected", "bad_data"),
            status("2026-06-21 09:00:00", "disqualified", "competitor"),
        ],
        opportunities=[{"lead_id": "L1", "created_at": "2026-06-22 09:00:00"}],
    )
    assert [stage for stage, _, _ in stages(tables)] == [
        "lead",
        "sql_proposed",
        "sql_working",
        "nurture",
        "sql_proposed",
        "disqualified",
        "opportunity",
    ]
    found = [
        (r["handoff_number"], r["from_stage"], r["to_stage"], str(r["ended_at"]), r["end_event"])
        for r in tables["handoffs"]
    ]
    assert found == [
        (1, "lead", "sql_proposed", "2026-03-03 09:00:00", "sales_rejected"),
        (2, "nurture", "sql_proposed", "2026-06-21 09:00:00", "disqualified"),
    ]


def test_disqualified_at_once_is_no_handoff(run):
    tables = run(lead_status_changes=[status("2026-03-03 09:00:00", "disqualified")])
    assert stages(tables)[-1][0] == "disqualified"
    assert tables["handoffs"] == []


def test_suppressed_lead_is_handed_over_by_a_request(run):
    tables = run(
        email_events=[mail("2026-03-01 12:00:00", "unsubscribed")],
        marketing_activities=[activity(DEMO_AT)],
    )
    row = only(tables)
    assert (row["from_stage"], row["to_stage"]) == ("suppressed", "sql_proposed")
    assert (row["is_open"], row["ended_at"], row["end_event"]) == (
        False,
        at("2026-05-01 09:00"),
        "sql_unworked",
    )


def test_trigger_is_the_first_listed_signal_of_the_instant(run):
    row = only(
        run(
            web_events=[visit(DEMO_AT)],
            marketing_activities=[
                activity("2026-03-02 08:59:59", "content_download"),
                activity(DEMO_AT, "webinar_attendance"),
                activity(DEMO_AT, "pricing_request"),
                activity(DEMO_AT, "demo_request"),
            ],
        )
    )
    assert (row["trigger_event"], row["trigger_signal"]) == (
        "high_intent_action",
        "pricing_request",
    )


def test_source_goes_before_id_in_the_order_of_triggers(run):
    row = only(
        run(
            marketing_activities=[activity(DEMO_AT) | {"activity_id": "A"}],
            email_events=[
                mail(DEMO_AT, "replied_interested", program="cold_outbound", event_id="Z")
            ],
        )
    )
    assert row["trigger_signal"] == "cold_email_reply_buying_intent"
    assert row["sla_policy"] == "reply_with_intent"


def test_gate_is_triggered_by_the_first_signal_that_means_something(run):
    row = only(
        run(
            email_events=[mail(DEMO_AT, "opened")],
            web_events=[visit(DEMO_AT, "/"), visit(DEMO_AT)],
        )
    )
    # An open has no points above 0 and is not an engagement; 40 fit + 17, x1.5.
    assert (row["trigger_event"], row["trigger_signal"]) == ("sql_gate", "website_visit")
    assert row["score"] == Decimal("85.5")


def test_gate_at_the_end_of_a_cooldown_has_no_signal(run):
    tables = run(
        marketing_activities=[activity(DEMO_AT)],
        lead_status_changes=[status("2026-03-03 09:00:00", "rejected", "bad_data")],
        web_events=[visit("2026-04-20 09:00:00")],
    )
    row = tables["handoffs"][1]
    assert (row["trigger_event"], str(row["handed_off_at"])) == ("sql_gate", "2026-05-02 09:00:00")
    assert (row["trigger_signal"], row["sla_policy"]) == (None, "inbound_default")


def test_person_is_no_signal(run):
    row = only(
        run(
            lead_status_changes=[status(DEMO_AT, "accepted")],
            web_events=[visit(DEMO_AT)],
        )
    )
    assert (row["trigger_event"], row["trigger_signal"]) == ("sales_accepted", None)


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ("2026-03-02 09:00:00", "met"),
        ("2026-03-02 09:29:59.999999", "met"),
        ("2026-03-02 09:30:00", "breached"),
    ],
)
def test_response_before_the_limit_is_in_time(run, response, expected):
    row = only(run(marketing_activities=[activity(DEMO_AT)], sales_activities=[sold(response)]))
    assert row["sla_due_at"] == at("2026-03-02 09:30:00")
    assert (row["first_response_at"], row["sla_status"]) == (at(response), expected)


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2026-03-02 09:00:00", "open"),
        ("2026-03-02 09:22:29", "open"),
        ("2026-03-02 09:22:30", "at_risk"),
        ("2026-03-02 09:29:59", "at_risk"),
        ("2026-03-02 09:30:00", "breached"),
    ],
)
def test_unanswered_request_as_time_goes_by(run, as_of, expected):
    row = only(run(at(as_of), marketing_activities=[activity(DEMO_AT)]))
    assert (row["first_response_at"], row["response_minutes"]) == (None, None)
    assert row["sla_status"] == expected


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        # Accepted at 16:00 in New York: an hour that day, the second from 9:00 the next.
        ("2026-03-11 13:29:59", "open"),
        ("2026-03-11 13:30:00", "at_risk"),
        ("2026-03-11 13:59:59", "at_risk"),
        ("2026-03-11 14:00:00", "breached"),
    ],
)
def test_unanswered_handoff_in_business_time(run, as_of, expected):
    changes = [status("2026-03-10 20:00:00", "accepted")]
    row = only(run(at(as_of), lead_status_changes=changes))
    assert (row["calendar"], row["sla_clock"]) == ("americas", "business")
    assert row["sla_due_at"] == at("2026-03-11 14:00:00")
    assert row["sla_status"] == expected


@pytest.mark.parametrize(
    ("ended", "calls", "expected"),
    [
        ("2026-03-02 09:29:59", [], None),
        ("2026-03-02 09:30:00", [], "breached"),
        # The call of the very instant belongs to it, a later one does not.
        ("2026-03-02 09:20:00", ["2026-03-02 09:20:00"], "met"),
        ("2026-03-02 09:20:00", ["2026-03-02 09:20:01"], None),
    ],
)
def test_handoff_that_ended_early(run, ended, calls, expected):
    row = only(
        run(
            marketing_activities=[activity(DEMO_AT)],
            lead_status_changes=[status(ended, "rejected", "bad_data")],
            sales_activities=[sold(call) for call in calls],
        )
    )
    assert row["sla_status"] == expected


def test_assignment_is_no_response_and_earlier_calls_are_none(run):
    row = only(
        run(
            at("2026-03-02 09:10:00"),
            marketing_activities=[activity(DEMO_AT)],
            sales_activities=[
                sold("2026-03-01 11:00:00"),
                sold(DEMO_AT, "assigned", ""),
            ],
        )
    )
    assert (row["sales_touches"], row["attempts"], row["first_response_at"]) == (1, 0, None)


def test_call_of_the_instant_is_a_response_but_no_earlier_touch(run):
    row = only(run(marketing_activities=[activity(DEMO_AT)], sales_activities=[sold(DEMO_AT)]))
    assert (row["sales_touches"], row["attempts"]) == (0, 1)
    assert (row["response_minutes"], row["sla_status"]) == (0, "met")


def test_minutes_to_the_response_in_both_clocks(run):
    row = only(
        run(
            lead_status_changes=[status("2026-03-10 20:00:00", "accepted")],
            sales_activities=[sold("2026-03-11 13:30:02")],
        )
    )
    # 17 h 30 min 2 s; open for an hour and 30 min 2 s of them.
    assert row["response_minutes"] == Decimal("1050.0333")
    assert row["response_business_minutes"] == Decimal("90.0333")


def test_clock_does_not_start_before_the_record_is_there(run):
    row = only(
        run(
            leads=[LEAD | {"created_at": "2026-03-02 12:00:00"}],
            marketing_activities=[activity(DEMO_AT)],
            sales_activities=[sold("2026-03-02 10:00:00")],
        )
    )
    assert row["sla_starts_at"] == at("2026-03-02 12:00:00")
    assert row["sla_due_at"] == at("2026-03-02 12:30:00")
    assert (row["response_minutes"], row["response_business_minutes"]) == (0, 0)
    assert row["sla_status"] == "met"


def test_territory_decides_the_calendar(run):
    row = only(
        run(
            leads=[LEAD | {"country": "DE"}],
            lead_status_changes=[status("2026-03-10 15:00:00", "accepted")],
        )
    )
    # An hour until 17:00 in Berlin, the second from 9:00.
    assert (row["territory"], row["calendar"]) == ("EMEA", "europe")
    assert row["sla_due_at"] == at("2026-03-11 09:00:00")


def test_round_robin_over_active_reps_of_the_territory(run):
    def lead(number: int, **values: str) -> dict[str, str]:
        return LEAD | {"lead_id": f"L{number}", "email": f"l{number}@acme.com"} | values

    def demo(number: int, when: str) -> dict[str, str]:
        return activity(when) | {"lead_id": f"L{number}"}

    tables = run(
        leads=[lead(1), lead(2), lead(3), lead(4, country="DE"), lead(5, country="JP"), lead(6)],
        marketing_activities=[
            demo(3, DEMO_AT),
            demo(4, DEMO_AT),
            demo(5, DEMO_AT),
            demo(2, "2026-03-02 10:00:00"),
            demo(1, "2026-03-02 10:00:00"),
            demo(6, "2026-03-02 11:00:00"),
        ],
    )
    found = {row["lead_id"]: row["recommended_rep_id"] for row in tables["handoffs"]}
    # AMER: R10, R2, R3 bytewise, R1 being inactive; L1 goes before L2; then R10 again.
    assert found == {"L3": "R10", "L1": "R2", "L2": "R3", "L6": "R10", "L4": "E1", "L5": None}


@pytest.mark.parametrize(
    ("activities", "changes", "rep_id", "is_right"),
    [
        ([], [], None, None),
        # The first assignment that names a rep; an inactive rep is of the territory, too.
        ([("09:00:00", ""), ("09:05:00", "R1"), ("09:06:00", "E1")], [], "R1", True),
        ([("08:59:59", "R2")], [("contacted", "10:00:00", "E1")], "E1", False),
        (
            [],
            [
                ("mql", "09:30:00", "R2"),
                ("contacted", "09:40:00", ""),
                ("contacted", "11:00:00", "R9"),
            ],
            "R9",
            False,
        ),
        ([("12:00:00", "R2")], [("contacted", "10:00:00", "E1")], "R2", True),
        # The change that ends it belongs to it, one later does not.
        ([("18:00:00", "R2")], [("rejected", "18:00:00", "E1")], "R2", True),
        ([("18:00:01", "R2")], [("rejected", "18:00:00", "E1")], "E1", False),
    ],
)
def test_assigned_rep(run, activities, changes, rep_id, is_right):
    row = only(
        run(
            marketing_activities=[activity(DEMO_AT)],
            sales_activities=[
                sold(f"2026-03-02 {when}", "assigned", "", rep_id=rep) for when, rep in activities
            ],
            lead_status_changes=[
                status(f"2026-03-02 {when}", name) | {"rep_id": rep} for name, when, rep in changes
            ],
        )
    )
    assert (row["assigned_rep_id"], row["is_routed_correctly"]) == (rep_id, is_right)


@pytest.mark.parametrize(
    ("last", "outcome", "as_of", "attempts", "expected"),
    [
        ("2026-03-12 08:59:59", "no_answer", "2026-03-13", 5, True),
        ("2026-03-12 09:00:00", "no_answer", "2026-03-13", 4, False),
        ("2026-03-12 09:00:00", "no_answer", "2026-03-12 08:59:59", 4, None),
        ("2026-03-12 10:00:00", "no_answer", "2026-03-12 09:00:00", 4, False),
        ("2026-03-12 08:59:59", "held", "2026-03-13", 5, True),
        ("2026-03-12 09:00:00", "held", "2026-03-13", 4, False),
    ],
)
def test_five_attempts_in_ten_days(run, last, outcome, as_of, attempts, expected):
    days = [f"2026-03-0{day} 09:00:00" for day in (3, 4, 5, 6)]
    calls = [sold(day) for day in days] + [sold(last, "meeting", outcome)]
    row = only(run(at(as_of), marketing_activities=[activity(DEMO_AT)], sales_activities=calls))
    assert (row["attempts"], row["attempts_met"]) == (attempts, expected)
    assert (row["connected_at"] is not None) == (outcome == "held")


def test_one_connection_in_the_window_is_enough(run):
    calls = [sold("2026-03-12 08:59:59", "email", "replied")]
    row = only(run(marketing_activities=[activity(DEMO_AT)], sales_activities=calls))
    assert (row["attempts"], row["attempts_met"]) == (1, True)
    assert row["connected_at"] == at("2026-03-12 08:59:59")


def test_handoff_that_ended_without_attempts_has_failed_them(run):
    row = only(
        run(
            at("2026-03-03"),
            marketing_activities=[activity(DEMO_AT)],
            lead_status_changes=[status("2026-03-02 10:00:00", "rejected")],
        )
    )
    assert (row["attempts"], row["attempts_met"]) == (0, False)


@pytest.mark.parametrize(
    ("changed", "as_of", "expected"),
    [
        ("2026-03-04 08:59:59.999", "2026-03-10", True),
        ("2026-03-04 09:00:00", "2026-03-10", False),
        (None, "2026-03-04 08:59:59", None),
        (None, "2026-03-04 09:00:00", False),
    ],
)
def test_status_within_forty_eight_hours(run, changed, as_of, expected):
    changes = [status("2026-03-02 10:00:00", "mql")]
    changes += [status(changed, "contacted")] if changed else []
    row = only(
        run(at(as_of), marketing_activities=[activity(DEMO_AT)], lead_status_changes=changes)
    )
    assert row["first_status_at"] == (at(changed) if changed else None)
    assert row["status_updated_in_time"] is expected


@pytest.mark.parametrize(
    ("changes", "calls", "expected"),
    [
        ([], [], ("none", None, None)),
        ([("contacted", "2026-03-03")], ["2026-03-03"], ("regressed", "2026-03-17", "no_response")),
        ([("rejected", "2026-03-03")], [], ("rejected", "2026-03-03", "timing")),
        ([("recycled", "2026-03-03")], [], ("recycled", "2026-03-03", "timing")),
        ([("regressed", "2026-03-03")], [], ("regressed", "2026-03-03", "timing")),
        ([("disqualified", "2026-03-03")], [], ("disqualified", "2026-03-03", "timing")),
        ([("accepted", "2026-03-03")], [], ("accepted", "2026-03-03", "timing")),
        # Acceptance goes before whatever ends it.
        (
            [("accepted", "2026-03-03"), ("rejected", "2026-03-04")],
            [],
            ("accepted", "2026-03-03", "timing"),
        ),
        # Of one instant: accepted (rank 6) comes before rejected (16), after disqualified (1).
        (
            [("rejected", "2026-03-03"), ("accepted", "2026-03-03")],
            [],
            ("accepted", "2026-03-03", "timing"),
        ),
        (
            [("accepted", "2026-03-03"), ("disqualified", "2026-03-03")],
            [],
            ("disqualified", "2026-03-03", "timing"),
        ),
    ],
)
def test_disposition(run, changes, calls, expected):
    row = only(
        run(
            marketing_activities=[activity(DEMO_AT)],
            lead_status_changes=[
                status(f"{day} 00:00:00", name, "timing") for name, day in changes
            ],
            sales_activities=[sold(f"{day} 00:00:00") for day in calls],
        )
    )
    disposition, day, reason = expected
    assert row["disposition"] == disposition
    assert row["disposed_at"] == (at(day) if day else None)
    assert row["reason_code"] == reason


def test_unworked_handoff_ends_without_a_disposition(run):
    row = only(run(marketing_activities=[activity(DEMO_AT)]))
    assert (row["end_event"], row["disposition"]) == ("sql_unworked", "none")
    assert (row["reason_code"], row["disposed_at"], row["sla_status"]) == (None, None, "breached")


def test_rejected_lead_that_opted_out_is_rejected(run):
    tables = run(
        marketing_activities=[activity(DEMO_AT)],
        email_events=[mail("2026-03-02 10:00:00", "unsubscribed")],
        lead_status_changes=[status("2026-03-03 09:00:00", "rejected", "no_need")],
    )
    assert stages(tables)[-1][0] == "suppressed"
    assert only(tables)["disposition"] == "rejected"


def test_complaint_disqualifies(run):
    row = only(
        run(
            marketing_activities=[activity(DEMO_AT)],
            email_events=[mail("2026-03-02 10:00:00", "spam_complaint")],
        )
    )
    assert (row["disposition"], row["reason_code"]) == ("disqualified", "spam_complaint")


def test_second_regression_ends_in_long_term_nurture_as_regressed(run):
    tables = run(
        lead_status_changes=[
            status("2026-03-03 09:00:00", "accepted"),
            status("2026-03-10 09:00:00", "regressed", "not_ready"),
        ],
        marketing_activities=[activity("2026-03-20 09:00:00")],
        sales_activities=[sold("2026-03-20 10:00:00")],
    )
    assert stages(tables)[-1][0] == "long_term_nurture"
    assert [r["disposition"] for r in tables["handoffs"]] == ["accepted", "regressed"]


def test_rep_of_the_disposition(run):
    def change(change_id: str, name: str, rep_id: str) -> dict[str, str]:
        row = status("2026-03-03 09:00:00", name, "no_need")
        return row | {"change_id": change_id, "rep_id": rep_id}

    row = only(
        run(
            marketing_activities=[activity(DEMO_AT)],
            sales_activities=[sold("2026-03-02 09:01:00", "assigned", "", rep_id="R1")],
            lead_status_changes=[
                change("C0", "contacted", "R0"),
                change("C1", "rejected", ""),
                change("C2", "rejected", "R2"),
                change("C3", "rejected", "R3"),
            ],
        )
    )
    assert (row["disposition"], row["assigned_rep_id"], row["rep_id"]) == ("rejected", "R1", "R2")


def test_rep_of_an_acceptance_by_a_deal_is_the_assigned_one(run):
    row = only(
        run(
            marketing_activities=[activity(DEMO_AT)],
            sales_activities=[sold("2026-03-02 09:01:00", "assigned", "", rep_id="R1")],
            opportunities=[{"lead_id": "L1", "created_at": "2026-03-03 09:00:00"}],
        )
    )
    assert (row["disposition"], row["rep_id"]) == ("accepted", "R1")
    assert row["opportunity_at"] == row["disposed_at"] == at("2026-03-03 09:00:00")
    assert (row["customer_at"], row["amount"]) == (None, None)


def test_amount_of_deals_created_in_the_handoff_both_ends_included(run):
    def deal(created: str, amount: str) -> dict[str, str]:
        return {"lead_id": "L1", "created_at": created, "amount": amount}

    tables = run(
        marketing_activities=[activity(DEMO_AT)],
        lead_status_changes=[status("2026-03-03 09:00:00", "disqualified")],
        opportunities=[
            deal("2026-03-03 09:00:00", "700.50"),
            deal("2026-03-03 09:00:00", ""),
            deal("2026-03-03 09:00:01", "1000"),
        ],
    )
    row = only(tables)
    assert (row["disposition"], row["amount"]) == ("disqualified", Decimal("700.50"))
    # The deal follows the end, so it is not an opportunity of this hand-off.
    assert (row["opportunity_at"], stages(tables)[-1][0]) == (None, "opportunity")


def test_deal_that_begins_the_handoff_belongs_to_it(run):
    row = only(
        run(
            opportunities=[
                {
                    "lead_id": "L1",
                    "created_at": "2026-03-03 09:00:00",
                    "closed_at": "2026-04-03 09:00:00",
                    "is_won": "true",
                    "amount": "10",
                }
            ]
        )
    )
    assert (row["to_stage"], row["disposition"]) == ("opportunity", "accepted")
    assert row["opportunity_at"] == at("2026-03-03 09:00:00")
    assert (row["customer_at"], row["amount"]) == (at("2026-04-03 09:00:00"), 10)


def test_context_is_what_was_known_just_then(run):
    later = "2026-03-02 09:00:01"
    row = only(
        run(
            leads=[LEAD | {"campaign_id": "K9", "job_title": ""}],
            web_events=[
                visit("2026-03-01 12:00:00", "/blog/a"),
                visit(DEMO_AT, "/about"),
                visit(later),
            ],
            email_events=[
                mail("2026-02-01 09:00:00", "opened", campaign_id="K7"),
                mail("2026-03-01 11:00:00.900", "clicked", campaign_id="K1"),
                mail(DEMO_AT, "clicked", campaign_id="K2"),
                mail(later, "clicked", campaign_id="K3"),
            ],
            marketing_activities=[
                activity("2026-03-01 13:00:00", "content_download") | {"campaign_id": "K4"},
                activity(DEMO_AT),
            ],
            qualification_answers=[
                {"lead_id": "L1", "framework": f, "criterion": c, "answer": a, "answered_at": t}
                for f, c, a, t in [
                    ("meddic", "Champion", "confirmed", "2026-03-01 11:00:00"),
                    ("MEDDIC", "metrics", "unknown", "2026-03-01 12:00:00"),
                    ("bant", "need", "confirmed", DEMO_AT),
                    ("bant", "need", "denied", DEMO_AT),
                    ("bant", "budget", "confirmed", later),
                    ("spin", "situation", "confirmed", "2026-03-01 12:00:00"),
                ]
            ],
        )
    )
    # The lead record's own campaign (1 March 10:00) is the first: an open is not a touch.
    assert (row["first_campaign_id"], row["latest_campaign_id"]) == ("K9", "K2")
    assert (row["emails_opened"], row["links_clicked"]) == (1, 2)
    assert (row["pages_visited"], row["content_downloaded"]) == (2, 1)
    assert row["last_engagement_at"] == at(DEMO_AT)
    assert row["latest_signals"] == (
        '[{"signal": "website_visit", "occurred_at": "2026-03-02 09:00:00"}, '
        '{"signal": "demo_request", "occurred_at": "2026-03-02 09:00:00"}, '
        '{"signal": "email_click", "occurred_at": "2026-03-02 09:00:00"}, '
        '{"signal": "two_campaign_clicks", "occurred_at": "2026-03-02 09:00:00"}, '
        '{"signal": "demo_after_blog", "occurred_at": "2026-03-02 09:00:00"}, '
        '{"signal": "content_download", "occurred_at": "2026-03-01 13:00:00"}, '
        '{"signal": "blog_view", "occurred_at": "2026-03-01 12:00:00"}, '
        '{"signal": "email_click", "occurred_at": "2026-03-01 11:00:00"}, '
        '{"signal": "email_open", "occurred_at": "2026-02-01 09:00:00"}]'
    )
    assert row["framework_answers"] == (
        '[{"framework": "BANT", "criterion": "need", "answer": "denied"}, '
        '{"framework": "MEDDIC", "criterion": "metrics", "answer": "unknown"}, '
        '{"framework": "MEDDIC", "criterion": "champion", "answer": "confirmed"}]'
    )
    assert (row["channel"], row["company_segment"], row["employee_count"]) == (
        "inbound",
        "mid_market",
        200,
    )
    # 25 fit, behaviour 3 + 3 + 2 + 5 + 30 capped at 40, x1.5 in the first week.
    assert (row["fit_points"], row["behaviour_points"]) == (25, 40)
    assert (row["recency_multiplier"], row["score"]) == (Decimal("1.5"), Decimal("97.5"))
    assert (row["high_intent_signals"], row["grade"], row["score_band"]) == (1, "B", "hot")


def test_ten_latest_signals_and_none(run):
    visits = [visit(f"2026-03-01 {hour:02d}:00:00", "/blog/a") for hour in range(11, 23)]
    row = only(run(web_events=visits, lead_status_changes=[status(DEMO_AT, "accepted")]))
    latest = json.loads(row["latest_signals"])
    assert [signal["occurred_at"][11:13] for signal in latest] == [
        f"{hour}" for hour in range(22, 12, -1)
    ]
    row = only(run(web_events=[], lead_status_changes=[status(DEMO_AT, "accepted")]))
    assert (row["latest_signals"], row["framework_answers"]) == ("[]", "[]")
    assert (row["first_campaign_id"], row["last_engagement_at"]) == (None, None)


GOOD_LEAD = LEAD | {"email_status": "verified", "phone_is_valid": "true"}
ALL_PASSED = {
    "score_threshold": "passed",
    "grade": "passed",
    "high_intent": "passed",
    "email_verified": "passed",
    "consent": "passed",
    "recently_engaged": "passed",
    "company_allowed": "passed",
    "context_complete": "passed",
    "routed_by_rules": "passed",
    "response_commitment": "passed",
}


@pytest.mark.parametrize(
    ("lead", "account", "mails", "expected"),
    [
        ({}, {}, [], {}),
        ({"email_status": ""}, {}, [], {"email_verified": "unknown"}),
        ({"email_status": "catch_all"}, {}, [], {"email_verified": "unknown"}),
        ({"email_status": "Unverified"}, {}, [], {"email_verified": "failed"}),
        ({"email_status": "bounced"}, {}, [], {"email_verified": "failed"}),
        ({}, {}, [("bounced", DEMO_AT)], {"email_verified": "failed"}),
        ({}, {}, [("bounced", "2026-03-02 09:00:01")], {}),
        # 70 x 1.5 - 50 is below 71.
        (
            {},
            {},
            [("unsubscribed", DEMO_AT)],
            {"consent": "failed", "score_threshold": "failed"},
        ),
        ({}, {}, [("unsubscribed", "2026-03-02 09:00:01")], {}),
        # Of one instant, the opt-in comes last.
        (
            {},
            {},
            [("unsubscribed", DEMO_AT), ("resubscribed", DEMO_AT)],
            {"score_threshold": "failed"},
        ),
        ({}, {}, [("unsubscribed", "2026-03-01 11:00:00"), ("resubscribed", DEMO_AT)], {}),
        ({}, {"is_competitor": ""}, [], {"company_allowed": "unknown"}),
        ({}, {"industry": ""}, [], {"context_complete": "failed"}),
        # Known, though no fit: (30 + 30) x 1.5, and three criteria make a B.
        ({}, {"employee_count": "0"}, [], {}),
        ({"country": "BR"}, {"employee_count": "0"}, [], {"grade": "failed"}),
        ({}, {"employee_count": ""}, [], {"context_complete": "failed"}),
        ({"lead_source": "Carrier Pigeon"}, {}, [], {"context_complete": "failed"}),
    ],
)
def test_checks_of_a_handoff(run, lead, account, mails, expected):
    tables = run(
        leads=[GOOD_LEAD | lead],
        accounts=[ACME | account],
        marketing_activities=[activity(DEMO_AT)],
        email_events=[mail(when, kind) for kind, when in mails],
        sales_activities=[sold("2026-03-02 09:05:00", "assigned", "", rep_id="R2")],
    )
    assert checks(tables) == ALL_PASSED | expected
    counts = [only(tables)[f"checks_{result}"] for result in ("passed", "failed", "unknown")]
    found = list(checks(tables).values())
    assert counts == [found.count(result) for result in ("passed", "failed", "unknown")]


def test_checks_are_numbered_in_order(run):
    tables = run(marketing_activities=[activity(DEMO_AT)])
    numbered = [(row["check_number"], row["check_name"]) for row in tables["handoff_checklist"]]
    assert numbered == list(enumerate(ALL_PASSED, start=1))


@pytest.mark.parametrize(
    ("visited", "expected"),
    [
        (None, "failed"),
        ("2026-03-10 09:00:00", "failed"),
        ("2026-03-10 09:00:01", "passed"),
        ("2026-04-09 09:00:00", "passed"),
    ],
)
def test_recent_engagement_is_less_than_thirty_days_old(run, visited, expected):
    tables = run(
        leads=[LEAD | {"country": "BR"}],
        accounts=[],
        web_events=[visit(visited, "/blog/a")] if visited else [],
        lead_status_changes=[status("2026-04-09 09:00:00", "accepted")],
    )
    found = checks(tables)
    assert found["recently_engaged"] == expected
    assert (found["score_threshold"], found["high_intent"]) == ("failed", "failed")
    # Without an account nothing is known of the company, and its context is not complete.
    assert (found["company_allowed"], found["context_complete"]) == ("unknown", "failed")
    assert (found["routed_by_rules"], found["grade"]) == ("unknown", "failed")


@pytest.mark.parametrize(
    ("accepted", "score", "expected"),
    [("2026-03-01 13:30:00", 68, "failed"), ("2026-03-01 20:00:00", 71, "passed")],
)
def test_score_threshold_is_inclusive(run, accepted, score, expected):
    tables = run(
        email_events=[
            mail("2026-03-01 11:00:00", "bounced"),
            mail("2026-03-01 12:00:00", "replied"),
        ],
        web_events=[visit("2026-03-01 13:00:00", "/"), visit("2026-03-01 14:00:00", "/")],
        lead_status_changes=[status(accepted, "accepted")],
    )
    # (40 + 10 + 2) x 1.5 - 10, and the second visit opens the gate at (40 + 14) x 1.5 - 10.
    assert only(tables)["score"] == score
    assert checks(tables)["score_threshold"] == expected


@pytest.mark.parametrize("account", [{"is_competitor": "true"}, {"status": "closed"}])
def test_company_that_may_not_be_sold_to(run, account):
    tables = run(
        accounts=[ACME | account],
        lead_status_changes=[status("2026-03-01 12:00:00", "reopened")],
        marketing_activities=[activity(DEMO_AT)],
    )
    assert stages(tables)[-2][0] == "sql_proposed"
    assert checks(tables)["company_allowed"] == "failed"


def test_complaint_is_not_made_good_by_an_opt_in(run):
    tables = run(
        email_events=[
            mail("2026-03-01 11:00:00", "spam_complaint"),
            mail("2026-03-01 12:00:00", "resubscribed"),
        ],
        lead_status_changes=[status("2026-03-01 13:00:00", "reopened")],
        marketing_activities=[activity(DEMO_AT)],
    )
    assert checks(tables)["consent"] == "failed"


MQL_AS_OF = datetime(2026, 5, 1)
MARKED = [status("2026-03-01 12:00:00", "mql")]
GOOD_MQL = {
    "icp_alignment": "passed",
    "depth": "passed",
    "recency": "passed",
    "threshold": "passed",
    "contactability": "passed",
}


def quality(tables: dict[str, Rows]) -> dict[str, str]:
    """The results of the checks of the one lead in stage mql by name."""
    return {row["check_name"]: row["result"] for row in tables["mql_quality"]}


@pytest.mark.parametrize(
    ("lead", "mails", "expected"),
    [
        ({}, [], "passed"),
        ({"email_status": ""}, [], "unknown"),
        ({"phone_is_valid": ""}, [], "unknown"),
        ({"phone_is_valid": "no"}, [], "failed"),
        ({"phone_is_valid": "no", "email_status": ""}, [], "failed"),
        ({"email_status": "unverified", "phone_is_valid": ""}, [], "failed"),
        ({}, [("bounced", "2026-05-01 00:00:00")], "failed"),
        ({}, [("bounced", "2026-05-01 00:00:01")], "passed"),
        ({}, [("unsubscribed", "2026-02-01"), ("resubscribed", "2026-02-02")], "passed"),
    ],
)
def test_contactability_of_an_mql(run, lead, mails, expected):
    tables = run(
        MQL_AS_OF,
        leads=[GOOD_LEAD | lead],
        lead_status_changes=MARKED,
        web_events=[
            visit("2026-03-02 00:00:01", "/product"),
            visit("2026-03-02 00:00:01", "/features"),
        ],
        email_events=[
            mail(when if " " in when else f"{when} 00:00:00", kind) for kind, when in mails
        ],
    )
    assert quality(tables)["contactability"] == expected


@pytest.mark.parametrize(
    ("visited", "recency"),
    [("2026-03-02 00:00:00", "failed"), ("2026-03-02 00:00:01", "passed")],
)
def test_mql_engaged_less_than_sixty_days_ago(run, visited, recency):
    visits = [visit(visited, "/product"), visit(visited, "/features")]
    tables = run(MQL_AS_OF, leads=[GOOD_LEAD], lead_status_changes=MARKED, web_events=visits)
    # 40 fit x1.0 until 60 days of silence, then x0.7: 28, which is below 31.
    assert quality(tables) == GOOD_MQL | {
        "recency": recency,
        "threshold": recency,
    }


def test_mql_of_one_meaningful_signal_has_no_depth(run):
    visits = [visit("2026-04-01 09:00:00", "/product"), visit("2026-04-01 09:00:00", "/blog/a")]
    tables = run(MQL_AS_OF, leads=[GOOD_LEAD], lead_status_changes=MARKED, web_events=visits)
    assert quality(tables) == GOOD_MQL | {"depth": "failed"}


def test_mql_that_never_engaged(run):
    lead = GOOD_LEAD | {"job_title": "Student"}
    tables = run(MQL_AS_OF, leads=[lead], accounts=[], lead_status_changes=MARKED)
    assert quality(tables) == {
        "icp_alignment": "failed",
        "depth": "failed",
        "recency": "failed",
        "threshold": "failed",
        "contactability": "passed",
    }


def test_mql_quality_is_of_leads_in_that_stage_only(run):
    tables = run(MQL_AS_OF, leads=[GOOD_LEAD], marketing_activities=[activity(DEMO_AT)])
    assert tables["mql_quality"] == []
