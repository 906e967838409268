"""What is to be done with a lead, by whom, until when, and what holds it back: by hand."""

from __future__ import annotations

import csv
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from python_checks.reference import compute
from python_checks.reference.crm_sync import to_the_second
from python_checks.reference.feedback import QUEUE_ROLES
from python_checks.reference.policy import CONDITIONS_OF_ACTIONS, Policy
from python_checks.reference.rules import DATED_TABLES
from python_checks.tests.tables import POLICY
from python_checks.tests.unit.raw_rows import Rows, Run, write_raw_rows

RULES = Path(__file__).with_name("next_actions.csv")
AS_OF = datetime(2026, 8, 1)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
SEEN = "2026-03-01 10:00:00"
COOLED = datetime(2026, 5, 2, 9)
"""When the cooldown of a lead that was rejected for bad data ends."""
ACME = {
    "account_id": "acme",
    "domain": "acme.com",
    "industry": "Software",
    "employee_count": "200",
    "country": "US",
}
LEAD = {
    "lead_id": "L1",
    "email": "l1@acme.com",
    "job_title": "VP Marketing",
    "account_id": "acme",
    "lead_source": "Organic Search",
    "created_at": SEEN,
}
COLUMNS = ["lead_id", "action", "owner", "rep_id", "due_at", "reason", "why", "blocked_by", "since"]
UNMOVED = {"blocked_by": None, "rep_id": None}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Compute the tables from rows given by table; one account and one lead by default."""

    def compute_rows(as_of: datetime = AS_OF, **tables: Rows) -> dict[str, Rows]:
        raw, policy = tmp_path / "raw", tmp_path / "policy"
        shutil.rmtree(raw, ignore_errors=True)
        raw.mkdir()
        write_raw_rows(raw, {"leads": [LEAD], "accounts": [ACME]} | tables)
        shutil.copytree(POLICY, policy, dirs_exist_ok=True)
        shutil.copy(RULES, policy)
        return compute(raw, policy, as_of)

    return compute_rows


def activity(at: str, kind: str = "demo_request") -> dict[str, str]:
    """A marketing activity of lead L1."""
    return {"lead_id": "L1", "activity_type": kind, "occurred_at": at}


def status(at: str, name: str, reason: str = "") -> dict[str, str]:
    """A status change of lead L1."""
    return {"lead_id": "L1", "status": name, "reason_code": reason, "changed_at": at}


def call(at: datetime, kind: str = "call", **values: str) -> dict[str, str]:
    """What sales did with lead L1."""
    return {"lead_id": "L1", "activity_type": kind, "occurred_at": at.isoformat(" ")} | values


def email(at: datetime | str, event_type: str = "delivered") -> dict[str, str]:
    """An e-mail event of lead L1."""
    common = {"email": "l1@acme.com", "program": "marketing", "event_type": event_type}
    return common | {"occurred_at": str(at)}


def deal(created_at: str, closed_at: str = "", is_won: str = "", **values: str) -> dict[str, str]:
    """An opportunity of lead L1."""
    closing = {"closed_at": closed_at, "is_won": is_won}
    return {"lead_id": "L1", "created_at": created_at} | closing | values


REJECTED = [
    status("2026-03-02 09:00:00", "accepted"),
    status("2026-03-03 09:00:00", "rejected", "bad_data"),
]


def one(rows: Rows, **values: Any) -> dict[str, Any]:
    """The only row with these values."""
    found = [row for row in rows if all(row[name] == value for name, value in values.items())]
    assert len(found) == 1
    return found[0]


def next_of(tables: dict[str, Rows], **values: Any) -> dict[str, Any]:
    """What is to be done with a lead, without who it is and why."""
    row = one(tables["next_best_action"], **values)
    return {name: row[name] for name in COLUMNS if name not in ("lead_id", "why")}


def test_rules_are_dated_and_have_every_condition(policy):
    assert "next_actions" in DATED_TABLES
    with RULES.open(newline="") as file:
        columns = next(csv.reader(file))
    assert {*CONDITIONS_OF_ACTIONS, "valid_from", "valid_to"} <= set(columns)


def test_without_rules_there_is_nothing_to_do(tmp_path):
    raw, policy = tmp_path / "raw", tmp_path / "policy"
    raw.mkdir()
    write_raw_rows(raw, {"leads": [LEAD]})
    shutil.copytree(POLICY, policy)
    (policy / "next_actions.csv").unlink(missing_ok=True)
    tables = compute(raw, policy, AS_OF)
    assert tables["next_best_action"] == []
    row = one(tables["crm_lead_sync"])
    assert row["recommended_action"] == one(tables["lead_scores"])["recommended_action"]
    assert (row["action_owner"], row["action_due_at"]) == (None, None)


def test_last_rule_leaves_it_to_the_matrix(run):
    tables = run()
    score = one(tables["lead_scores"])
    row = one(tables["next_best_action"])
    assert list(row)[: len(COLUMNS)] == COLUMNS
    assert next_of(tables) == UNMOVED | {
        "action": score["recommended_action"],
        "owner": "marketing",
        "due_at": datetime(2026, 3, 2, 10),
        "reason": "100",
        "since": datetime(2026, 3, 1, 10),
    }
    assert row["why"] == score["top_contributions"]
    assert (row["stage"], row["stage_owner"], row["is_of_matrix"]) == ("lead", "marketing", True)
    assert row["is_outreach"]
    known = ("is_in_cooldown", "re_engage_due", "has_open_opportunity")
    assert not any(row[name] for name in known)


@pytest.mark.parametrize(
    ("as_of", "sla_status"),
    [("2026-07-25 09:10:00", "open"), ("2026-07-25 09:25:00", "at_risk"), (AS_OF, "breached")],
)
def test_open_handoff_is_answered_first(run, as_of, sla_status):
    tables = run(
        as_of=datetime.fromisoformat(str(as_of)),
        marketing_activities=[activity("2026-07-25 09:00:00")],
        sales_reps=[{"rep_id": "R1", "territory": "AMER", "is_active": "true"}],
    )
    assert one(tables["handoffs"])["sla_status"] == sla_status
    assert next_of(tables) == UNMOVED | {
        "action": "respond",
        "owner": "sales",
        "rep_id": "R1",
        "due_at": datetime(2026, 7, 25, 9, 30),
        "reason": "30",
        "since": datetime(2026, 7, 25, 9),
    }


def test_rep_is_who_got_the_lead_and_of_an_open_handoff_alone(run):
    facts = {
        "marketing_activities": [activity("2026-07-25 09:00:00")],
        "sales_reps": [{"rep_id": "R1", "territory": "AMER", "is_active": "true"}],
        "sales_activities": [call(datetime(2026, 7, 25, 9, 1), "assigned", rep_id="R7")],
    }
    assert next_of(run(**facts))["rep_id"] == "R7"
    met = next_of(run(**facts | {"sales_activities": [call(datetime(2026, 7, 25, 9, 5))]}))
    # What was answered in time is no longer asked for: the matrix has the last word.
    assert (met["reason"], met["rep_id"]) == ("95", "R1")
    ended = run(**facts, lead_status_changes=[status("2026-07-25 10:00:00", "recycled", "timing")])
    assert (next_of(ended)["reason"], next_of(ended)["rep_id"]) == ("60", None)


def test_deals_that_are_open_and_won(run):
    opened = next_of(run(opportunities=[deal("2026-07-01 00:00:00")]))
    assert (opened["action"], opened["owner"]) == ("work_the_deal", "sales")
    assert opened["due_at"] == datetime(2026, 7, 3)
    later = next_of(run(opportunities=[deal("2026-07-01 00:00:00", "2026-08-02", "true")]))
    assert later["action"] == "work_the_deal"
    won = run(opportunities=[deal("2026-07-01 00:00:00", "2026-07-10 00:00:00", "true")])
    assert (next_of(won)["action"], next_of(won)["due_at"]) == ("look_after", None)
    # A colleague of an open deal.
    other = LEAD | {"lead_id": "L2", "email": "l2@acme.com"}
    tables = run(
        leads=[LEAD, other],
        opportunities=[deal("2026-07-01 00:00:00", opportunity_id="O1")],
        opportunity_contacts=[{"opportunity_id": "O1", "lead_id": "L2"}],
    )
    assert [row["reason"] for row in tables["next_best_action"]] == ["25", "25"]


def test_framework_that_is_recommended(run):
    def answers(framework: str, *criteria: str) -> Rows:
        return [
            {
                "lead_id": "L1",
                "framework": framework,
                "criterion": criterion,
                "answer": "confirmed",
                "answered_at": "2026-07-20 10:00:00",
            }
            for criterion in criteria
        ]

    champ = answers("champ", "challenges", "authority", "money", "prioritization")
    assert next_of(run(qualification_answers=champ))["action"] == "open_a_deal"
    assert next_of(run(qualification_answers=champ[1:]))["action"] != "open_a_deal"
    denied = champ[0] | {"answer": "denied", "answered_at": "2026-07-21 10:00:00"}
    assert next_of(run(qualification_answers=[*champ, denied]))["action"] != "open_a_deal"
    # Another one than that for a deal of this size.
    bant = answers("bant", "budget", "authority", "need", "timeline")
    assert next_of(run(qualification_answers=bant))["action"] != "open_a_deal"


@pytest.mark.parametrize(
    ("as_of", "action", "since"),
    [
        (COOLED - SECOND, "wait", "2026-03-03 09:00:00"),
        (COOLED, "re_engage", str(COOLED)),
        (COOLED + 60 * DAY, "re_engage", str(COOLED)),
    ],
)
def test_cooldown_is_waited_for_and_then_the_lead_approached(run, as_of, action, since):
    tables = run(as_of=as_of, lead_status_changes=REJECTED)
    hours = 72 if action == "re_engage" else 0
    found = next_of(tables)
    assert (found["action"], found["since"]) == (action, datetime.fromisoformat(since))
    assert found["due_at"] == COOLED + timedelta(hours=hours)
    assert found["blocked_by"] is None
    synced = one(tables["crm_lead_sync"])
    assert synced["recommended_action"] == action
    assert (synced["action_owner"], synced["action_due_at"]) == ("marketing", found["due_at"])
    assert synced["nurture_track"] == "data_repair"


@pytest.mark.parametrize(
    ("facts", "is_due"),
    [
        ({}, True),
        ({"sales_activities": [call(COOLED)]}, True),
        ({"sales_activities": [call(COOLED + SECOND, "assigned")]}, True),
        ({"sales_activities": [call(COOLED + 31 * DAY)]}, True),
        ({"sales_activities": [call(COOLED + SECOND)]}, False),
        ({"sales_activities": [call(COOLED + DAY, "meeting", outcome="no_show")]}, False),
        ({"sales_activities": [call(COOLED + DAY, "email", is_automated="true")]}, False),
        ({"email_events": [email(COOLED)]}, True),
        ({"email_events": [email(COOLED + SECOND)]}, False),
        ({"email_events": [email(COOLED + SECOND, "opened")]}, True),
        ({"lead_status_changes": [*REJECTED, status(str(COOLED + DAY), "mql")]}, False),
        # While the cooldown ran, in the days in which the queue has the lead and before them.
        ({"lead_status_changes": [*REJECTED, status(str(COOLED - DAY), "mql")]}, False),
        ({"lead_status_changes": [*REJECTED, status(str(COOLED - 40 * DAY), "mql")]}, False),
        # Marketing's gate opens as the cooldown ends, for the lead engaged in it.
        ({"marketing_activities": [activity("2026-05-01 09:00:00", "webinar_attendance")]}, False),
    ],
)
def test_due_until_somebody_approached_the_lead(run, facts, is_due):
    tables = run(as_of=COOLED + 30 * DAY, **{"lead_status_changes": REJECTED} | facts)
    assert one(tables["lead_stages"])["cooldown_until"] == COOLED
    queued = [row["lead_id"] for row in tables["re_engagement_queue"]]
    assert queued == (["L1"] if is_due else [])
    assert (next_of(tables)["reason"] == "70") is is_due


def test_lead_that_opts_out_leaves_the_queue(run):
    tables = run(lead_status_changes=REJECTED, email_events=[email("2026-06-01", "unsubscribed")])
    assert tables["re_engagement_queue"] == []
    assert (next_of(tables)["action"], next_of(tables)["owner"]) == ("respect_opt_out", "nobody")
    synced = one(tables["crm_lead_sync"])
    assert (synced["recommended_action"], synced["action_owner"]) == (None, None)


def test_overdue_goes_first(run):
    def rejected(lead_id: str, at: str) -> Rows:
        return [
            change | {"lead_id": lead_id, "changed_at": f"{at} 0{hour}:00:00"}
            for hour, change in enumerate(REJECTED)
        ]

    days = {"L1": "2026-06-20", "L2": "2026-03-20", "L3": "2026-07-02", "L4": "2026-07-10"}
    tables = run(
        leads=[
            LEAD | {"lead_id": name, "email": f"{name}@acme.com", "created_at": SEEN}
            for name in days
        ],
        lead_status_changes=[row for name, at in days.items() for row in rejected(name, at)],
    )
    queue = [(row["lead_id"], row["is_cooldown_over"]) for row in tables["re_engagement_queue"]]
    # Sixty days each: of L3 they end in 30 days and an hour, of L4 later.
    assert queue == [("L2", True), ("L1", False)]


@pytest.mark.parametrize(
    ("lead", "events", "reason", "blocked_by"),
    [
        ({}, [], "100", None),
        ({"email_status": "unverified"}, [], "100", None),
        ({"email_status": "bounced"}, [], "85", "bounced"),
        ({"email_status": "bounced", "phone": "123"}, [], "100", "bounced"),
        ({"email_status": "bounced", "phone_is_valid": "true"}, [], "100", "bounced"),
        (
            {"email_status": "bounced", "phone": "123", "phone_is_valid": "false"},
            [],
            "85",
            "bounced",
        ),
        ({"email": "", "phone": ""}, [], "85", "bounced"),
        ({"email": "", "phone": "123"}, [], "100", None),
        ({}, [email("2026-06-01", "bounced")], "85", "bounced"),
        # Whoever opens an e-mail has an address.
        ({}, [email("2026-06-01", "bounced"), email("2026-06-02", "clicked")], "100", None),
        ({}, [email("2026-06-01", "bounced"), email("2026-06-01", "clicked")], "85", "bounced"),
    ],
)
def test_addresses_that_are_known_to_be_bad(run, lead, events, reason, blocked_by):
    tables = run(leads=[LEAD | lead], email_events=events)
    found = next_of(tables)
    assert (found["reason"], found["blocked_by"]) == (reason, blocked_by)


def test_opt_out_is_named_before_a_bounce_and_holds_back_outreach_alone(run):
    out, bounced = email("2026-06-01", "unsubscribed"), email("2026-06-02", "bounced")
    asked = activity("2026-07-25 09:00:00")
    tables = run(email_events=[out, bounced], marketing_activities=[asked])
    assert (next_of(tables)["action"], next_of(tables)["blocked_by"]) == ("respond", "opted_out")
    suppressed = next_of(run(email_events=[out, bounced]))
    assert (suppressed["action"], suppressed["blocked_by"]) == ("respect_opt_out", None)
    back = email("2026-06-03", "resubscribed")
    again = run(email_events=[out, bounced, back])
    assert next_of(again)["blocked_by"] != "opted_out"


def test_cooldown_holds_back_an_outreach_of_marketing(run, tmp_path):
    """Without the rule that waits, the one for the address is the first to match."""
    usual = {"lead_status_changes": REJECTED, "as_of": COOLED - SECOND}
    assert next_of(run(**usual))["blocked_by"] is None
    assert next_of(run(**usual))["reason"] == "60"
    text = RULES.read_text().replace("60,,,,,,true,,", "60,customer,,,,,true,,")
    text = text.replace("85,,,,,,,,false,", "85,,,,,,,,,")
    raw, policy = tmp_path / "raw", tmp_path / "policy"
    (policy / "next_actions.csv").write_text(text)
    found = next_of(compute(raw, policy, COOLED - SECOND))
    assert (found["reason"], found["blocked_by"]) == ("85", "cooldown")
    assert next_of(compute(raw, policy, COOLED))["blocked_by"] is None


def test_signal_profile_stage_and_dates_of_a_rule(run):
    facts = {
        "lead_status_changes": [status("2026-06-01 10:00:00", "mql")],
        "web_events": [
            {"lead_id": "L1", "event_name": "chat_started", "occurred_at": "2026-06-05 10:00:00"}
        ],
    }
    found = next_of(run(as_of=datetime(2026, 6, 30, 23, 59, 59), **facts))
    # The timer of an MQL ends after 90 days.
    assert (found["reason"], found["due_at"]) == ("90", datetime(2026, 8, 29, 10))
    assert next_of(run(as_of=datetime(2026, 7, 1), **facts))["reason"] == "100"
    assert next_of(run(as_of=datetime(2026, 6, 5, 9), **facts))["reason"] == "100"
    nothing = facts | {"web_events": []}
    assert next_of(run(as_of=datetime(2026, 6, 30), **nothing))["reason"] == "100"


def test_due_at_an_instant_that_is_not_there(run):
    lead = LEAD | {"job_title": "", "account_id": "", "email": "x@gmail.com"}
    tables = run(leads=[lead | {"phone": "123"}], accounts=[])
    score = one(tables["lead_scores"])
    assert score["grade"] == "D"
    found = next_of(tables)
    assert (found["reason"], found["action"]) == ("96", score["recommended_action"])
    assert (found["owner"], found["due_at"]) == ("nobody", None)


def test_disqualified_lead_is_nobodys(run):
    tables = run(lead_status_changes=[status("2026-07-21 09:00:00", "disqualified", "competitor")])
    found = next_of(tables)
    assert (found["action"], found["owner"], found["blocked_by"]) == ("leave_alone", "nobody", None)
    assert found["due_at"] == found["since"] == datetime(2026, 7, 21, 9)


# The CRM


def test_leads_that_are_not_of_the_crm_are_left_out(run):
    other = LEAD | {"lead_id": "L2", "email": "l2@acme.com"}
    tables = run(leads=[LEAD | {"crm_object": "Contact"}, other | {"crm_object": ""}])
    assert [row["lead_id"] for row in tables["crm_lead_sync"]] == ["L1"]
    assert {row["outcome"]: row["leads"] for row in tables["crm_sync_ledger"]} == {
        "to_write": 1,
        "not_in_crm": 1,
    }
    assert len(run(leads=[LEAD, other])["crm_lead_sync"]) == 2
    assert len(tables["next_best_action"]) == 2


def test_crm_is_told_when_and_what_of_an_open_handoff(run):
    facts = {"marketing_activities": [activity("2026-07-25 09:00:00.5")]}
    row = one(run(**facts)["crm_lead_sync"])
    assert (row["sla_due_at"], row["action_due_at"]) == (datetime(2026, 7, 25, 9, 30),) * 2
    assert (row["recommended_action"], row["action_owner"]) == ("respond", "sales")
    assert row["handoff_context"].startswith(
        "Handed over by high_intent_action (demo_request); score 105, very_hot, grade A; "
    )
    ended = status("2026-07-26 09:00:00", "recycled", "timing")
    row = one(run(**facts, lead_status_changes=[ended])["crm_lead_sync"])
    assert (row["sla_due_at"], row["handoff_context"]) == (None, None)
    assert row["sql_handed_off_at"] == datetime(2026, 7, 25, 9)
    assert to_the_second(None) is None


def test_what_waits_for_re_engagement_is_of_marketing(policy: Policy):
    waiting = [stage for stage in policy.stages.values() if stage.role in QUEUE_ROLES]
    assert {stage.stage for stage in waiting} == {"nurture", "mql", "long_term_nurture"}
