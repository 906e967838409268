"""Small cases of who hands what over to whom, by the text: signals of signals, the CRM's part."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from python_checks.tests.unit.signal_rules import (
    HANDED_OVER,
    SignalRun,
    points,
    setting,
    signal,
    transition,
    trigger,
)

ACME = {
    "account_id": "acme",
    "domain": "acme.com",
    "industry": "Software",
    "employee_count": "200",
    "country": "US",
    "status": "active",
    "is_competitor": "false",
}
LEAD = {
    "lead_id": "L1",
    "email": "l1@acme.com",
    "job_title": "VP Marketing",
    "account_id": "acme",
    "lead_source": "Organic Search",
    "created_at": "2026-03-01 10:00:00",
}
OTHER = LEAD | {"lead_id": "L2", "email": "l2@acme.com"}
STUDENT = LEAD | {"job_title": "Student", "account_id": "", "email": "s@gmail.com"}


@pytest.fixture
def run(tmp_path: Path) -> SignalRun:
    """Compute the tables from rows given by table; one account and one lead by default."""
    return SignalRun(tmp_path, leads=[LEAD], accounts=[ACME])


def visit(at: str, path: str = "/pricing", **values: str) -> dict[str, str]:
    """A page view of lead L1."""
    row = {"lead_id": "L1", "event_name": "page_view", "page_path": path, "occurred_at": at}
    return row | values


def mail(at: str, event_type: str, **values: str) -> dict[str, str]:
    """A marketing e-mail event of lead L1."""
    row = {"email": "l1@acme.com", "program": "marketing", "event_type": event_type}
    return row | {"occurred_at": at} | values


def activity(at: str, activity_type: str, **values: str) -> dict[str, str]:
    """A marketing activity of lead L1."""
    return {"lead_id": "L1", "activity_type": activity_type, "occurred_at": at} | values


def status(at: str, name: str, **values: str) -> dict[str, str]:
    """A status change of lead L1."""
    return {"lead_id": "L1", "status": name, "changed_at": at} | values


def call(at: str, activity_type: str = "call", **values: str) -> dict[str, str]:
    """A sales activity of lead L1."""
    return {"lead_id": "L1", "activity_type": activity_type, "occurred_at": at} | values


def derived(kind: str, from_signals: str, **values: str) -> dict[str, list[dict[str, str]]]:
    """Policy rows that make the signal ``found`` of others: worth 7 points, no trigger."""
    row = {"signal": "found", "kind": kind, "from_signals": from_signals} | values
    return {
        "derived_signals": [row],
        "signals": [signal("found")],
        "signal_points": [points("found", 7)],
    }


def repeat(count: int, distinct_of: str, days: int, of: str = "email_open") -> dict:
    """A repeat of e-mail opens, which do not engage anybody and are worth nothing."""
    numbers = {"min_count": str(count), "within_days": str(days)}
    return derived("repeat", of, distinct_of=distinct_of, **numbers)


def found_at(run: SignalRun, rules: dict, **tables: list) -> list[datetime]:
    """When the signal ``found`` made an MQL of lead L1 or would have."""
    rules = rules | {"profile_triggers": [trigger("found", "mql_trigger")]}
    computed = run(rules, **tables)
    moved = [r for r in computed["lead_stage_history"] if r["entered_by"] == "mql_trigger"]
    in_vain = [r for r in computed["ignored_lifecycle_events"] if r["event"] == "mql_trigger"]
    return sorted([r["entered_at"] for r in moved] + [r["occurred_at"] for r in in_vain])


def april(day: int, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 4, day, hour, minute, second)


def opens(*times: str, **values: str) -> list[dict[str, str]]:
    return [mail(f"2026-04-{time}", "opened", **values) for time in times]


def test_repeat_fires_at_the_event_that_reaches_the_count(run):
    rules = repeat(3, "event", 30)
    emails = opens("01 09:00:00", "02 09:00:00", "03 09:00:00", "04 09:00:00")
    assert found_at(run, rules, email_events=emails) == [april(3)]


@pytest.mark.parametrize(
    ("last", "expected"), [("08 08:59:59", [april(8, 8, 59, 59)]), ("08 09:00:00", [])]
)
def test_window_of_a_repeat_is_open_at_its_beginning(run, last, expected):
    emails = opens("01 09:00:00", last)
    assert found_at(run, repeat(2, "event", 7), email_events=emails) == expected


def test_repeat_fires_again_after_the_count_fell(run):
    emails = opens("01 09:00:00", "02 09:00:00", "03 09:00:00", "20 09:00:00", "21 09:00:00")
    found = found_at(run, repeat(2, "event", 7), email_events=emails)
    assert found == [april(2), april(21)]


def test_what_is_over_at_the_instant_of_an_event_no_longer_counts(run):
    emails = opens("01 09:00:00", "02 09:00:00", "08 09:00:00")
    found = found_at(run, repeat(2, "event", 7), email_events=emails)
    assert found == [april(2), april(8)]


@pytest.mark.parametrize(
    ("campaigns", "count"),
    [(["K1", "K1"], 0), (["K1", "K2"], 1), (["K1", ""], 1), (["", ""], 1)],
)
def test_repeat_counts_campaigns_and_what_has_none_is_its_own(run, campaigns, count):
    emails = [
        mail(f"2026-04-0{day} 09:00:00", "opened", campaign_id=campaign)
        for day, campaign in enumerate(campaigns, start=1)
    ]
    assert len(found_at(run, repeat(2, "campaign", 30), email_events=emails)) == count


@pytest.mark.parametrize(
    ("times", "count"),
    [(("01 00:00:00", "01 23:59:59"), 0), (("01 23:59:59", "02 00:00:00"), 1)],
)
def test_repeat_counts_days_of_utc(run, times, count):
    emails = opens(*times)
    assert len(found_at(run, repeat(2, "day", 30), email_events=emails)) == count


def test_repeat_counts_sessions_of_any_of_its_signals_once(run):
    rules = repeat(2, "session", 14, "blog_view|website_visit")
    same = [
        visit("2026-04-01 09:00:00", "/blog/a", session_id="s1"),
        visit("2026-04-02 09:00:00", "/about", session_id="s1"),
    ]
    other = [same[0], same[1] | {"session_id": "s2"}]
    assert found_at(run, rules, web_events=same) == []
    assert found_at(run, rules, web_events=other) == [april(2)]


def test_repeat_has_the_asset_of_the_event_at_which_it_fires(run):
    rules = repeat(2, "asset", 30, "newsletter_signup")
    rules["signal_points"] = [points("found", 7, dedupe_by="asset")]
    tables = run(
        rules,
        marketing_activities=[
            activity("2026-04-01 09:00:00", "newsletter_signup", asset="a"),
            activity("2026-04-02 09:00:00", "newsletter_signup", asset="b"),
            activity("2026-06-01 09:00:00", "newsletter_signup", asset="c"),
            activity("2026-06-02 09:00:00", "newsletter_signup", asset="b"),
        ],
    )
    alive = [r for r in tables["lead_score_history"] if r["scoring_model"] == "guide"]
    assert next(r["behaviour_points"] for r in alive if r["valid_from"] >= april(2)) == 7
    assert max(r["behaviour_points"] for r in alive) == 7


def sequence(hours: int, of: str = "blog_view", then: str = "newsletter_signup") -> dict:
    return derived("sequence", of, then_signal=then, within_hours=str(hours))


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ("02 08:59:59", [april(2, 8, 59, 59)]),
        ("02 09:00:00", []),
        ("01 09:00:00", []),
    ],
)
def test_sequence_fires_at_what_follows_less_than_its_hours_later(run, then, expected):
    found = found_at(
        run,
        sequence(24),
        web_events=[visit("2026-04-01 09:00:00", "/blog/a")],
        marketing_activities=[activity(f"2026-04-{then}", "newsletter_signup")],
    )
    assert found == expected


def test_sequence_looks_at_the_latest_before_alone(run):
    found = found_at(
        run,
        sequence(240),
        web_events=[visit("2026-04-01 09:00:00", "/blog/a")],
        marketing_activities=[
            activity("2026-04-02 09:00:00", "newsletter_signup", asset="a"),
            activity("2026-04-03 09:00:00", "newsletter_signup", asset="b"),
        ],
    )
    assert found == [april(2)]


def test_of_a_sequence_what_happens_at_one_instant_does_not_come_before(run):
    found = found_at(
        run,
        sequence(240),
        web_events=[visit("2026-04-01 09:00:00", "/blog/a")],
        marketing_activities=[
            activity("2026-04-02 09:00:00", "newsletter_signup", asset="a"),
            activity("2026-04-02 09:00:00", "newsletter_signup", asset="b"),
        ],
    )
    assert found == [april(2), april(2)]


def silence(days: int, of: str = "competitor_comparison_visit") -> dict:
    return derived("silence", of, within_days=str(days))


@pytest.mark.parametrize(
    ("click", "expected"),
    [
        ("08 08:59:59", []),
        ("08 09:00:00", [april(8)]),
        ("01 09:00:00", [april(8)]),
    ],
)
def test_silence_is_broken_by_an_engagement_before_its_end(run, click, expected):
    found = found_at(
        run,
        silence(7),
        web_events=[visit("2026-04-01 09:00:00", "/compare/x")],
        email_events=[mail(f"2026-04-{click}", "clicked")],
    )
    assert found == expected


def test_what_is_no_engagement_does_not_break_a_silence(run):
    found = found_at(
        run,
        silence(7),
        web_events=[visit("2026-04-01 09:00:00", "/compare/x")],
        email_events=opens("03 09:00:00"),
    )
    assert found == [april(8)]


def test_every_signal_fires_its_own_silence(run):
    found = found_at(
        run, silence(7, "email_open"), email_events=opens("01 09:00:00", "02 09:00:00")
    )
    assert found == [april(8), april(9)]


def test_silence_beyond_the_clock_is_no_event_but_part_of_the_projected_score(run):
    rules = silence(7) | {"profile_triggers": [trigger("found", "mql_trigger")]}
    visits = [visit("2026-07-29 10:00:00", "/compare/x")]
    tables = run(rules, as_of=datetime(2026, 8, 1), web_events=visits)
    fires_at = datetime(2026, 8, 5, 10)
    rows = [r for r in tables["lead_score_history"] if r["scoring_model"] == "guide"]
    of_it = next(row for row in rows if row["valid_from"] == fires_at)
    assert of_it["is_projected"]
    assert of_it["behaviour_points"] == 7
    (score,) = [r for r in tables["lead_scores"] if r["scoring_model"] == "guide"]
    assert score["behaviour_points"] == 0
    assert score["next_change_at"] == fires_at
    assert not [r for r in tables["ignored_lifecycle_events"] if r["event"] == "mql_trigger"]
    assert tables["lead_stage_history"][-1]["entered_by"] != "mql_trigger"
    assert not [r for r in tables["prediction_features"] if r["feature"] == "count:found"]


def test_silence_that_ends_at_the_clock_is_an_event(run):
    rules = silence(7) | {"profile_triggers": [trigger("found", "mql_trigger")]}
    visits = [visit("2026-07-25 00:00:00", "/compare/x")]
    tables = run(rules, as_of=datetime(2026, 8, 1), leads=[STUDENT], web_events=visits)
    last = tables["lead_stage_history"][-1]
    assert (last["entered_by"], last["entered_at"]) == ("mql_trigger", datetime(2026, 8, 1))


def test_scheduled_silence_scores_in_no_further_model(run):
    rules = silence(7)
    rules["signal_points"] = [points("found", 7, scoring_model="leadsuite")]
    rules["scoring_models"] = []
    tables = run(rules, web_events=[visit("2026-07-29 10:00:00", "/blog/a")])
    assert {r["scoring_model"] for r in tables["lead_scores"]} == {"guide"}


def test_derived_signals_do_not_make_a_lead_older(run):
    rules = repeat(1, "event", 7, "topic_spike")
    tables = run(
        rules,
        intent_signals=[
            {
                "account_domain": "acme.com",
                "signal_type": "topic_spike",
                "occurred_at": "2026-02-01 09:00:00",
            }
        ],
    )
    assert tables["lead_stages"][0]["first_seen_at"] == datetime(2026, 3, 1, 10)


def test_unknown_kind_is_refused(run):
    with pytest.raises(ValueError, match=r"derived_signals.csv: found has the kind 'often'"):
        run(derived("often", "email_open"), email_events=opens("01 09:00:00"))


def mapped(**row: str) -> dict[str, list[dict[str, str]]]:
    """Policy rows by which some events are the signal ``found``, worth 7 points."""
    return {
        "signal_map": [{"rule_order": "0", "signal": "found"} | row],
        "signals": [signal("found", is_engagement="true")],
        "signal_points": [points("found", 7, valid_days="400")],
    }


def is_found(tables: dict) -> bool:
    """Whether lead L1 has the signal ``found``."""
    rows = tables["lead_score_history"]
    return any("found" in (row["top_contributions"] or "") for row in tables["lead_scores"]) or any(
        row["behaviour_points"] == 7 for row in rows
    )


@pytest.mark.parametrize(
    ("value", "expected"), [("45", True), ("44.99", False), ("", False), ("46", True)]
)
def test_value_must_reach_the_minimum(run, value, expected):
    rules = mapped(source="marketing_activities", event_name="social_follow", min_value="45")
    row = activity("2026-04-01 09:00:00", "social_follow", value=value)
    other = [activity("2026-04-01 09:00:00", "newsletter_signup")]
    assert is_found(run(rules, marketing_activities=[row, *other])) == expected


@pytest.mark.parametrize(
    ("asset", "expected"),
    [("Case-Study-2", True), ("case-study", False), ("a case-study-1", False), ("", False)],
)
def test_asset_is_compared_in_lower_case(run, asset, expected):
    rules = mapped(
        source="marketing_activities", event_name="social_follow", asset_pattern="case-study-_"
    )
    row = activity("2026-04-01 09:00:00", "social_follow", asset=asset)
    other = [activity("2026-04-01 09:00:00", "newsletter_signup")]
    assert is_found(run(rules, marketing_activities=[row, *other])) == expected


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://x.com/Talk/now?a=1#b", True),
        ("https://x.com/more/talk", False),
        ("https://talk.com", False),
        ("/talk", True),
        ("", False),
    ],
)
def test_link_pattern_is_about_the_path(run, link, expected):
    rules = mapped(
        source="email_events", program="marketing", event_name="opened", link_pattern="/talk%"
    )
    emails = [mail("2026-04-01 09:00:00", "opened", link_url=link)]
    other = [activity("2026-04-01 09:00:00", "newsletter_signup")]
    assert is_found(run(rules, email_events=emails, marketing_activities=other)) == expected


def test_measure_of_a_page_comes_after_its_path(run):
    rules = mapped(
        source="web_events", event_name="page_view", path_pattern="/blog%", min_value="30"
    )
    long, short = (visit("2026-04-01 09:00:00", "/blog/a", value=v) for v in ("30", "29"))
    assert is_found(run(rules, web_events=[long]))
    assert not is_found(run(rules, web_events=[short]))


PARTNER = mapped(source="intent_signals", event_name="partner") | {
    "signals": [signal("found", "second_party")]
}


def partner(email: str, domain: str = "acme.com", signal_type: str = "partner") -> dict[str, str]:
    row = {"account_domain": domain, "email": email, "signal_type": signal_type}
    return row | {"occurred_at": "2026-02-01 09:00:00"}


def leads_seen(tables: dict, month: int) -> set[str]:
    return {r["lead_id"] for r in tables["lead_stages"] if r["first_seen_at"].month == month}


def test_intent_with_an_address_belongs_to_that_person_alone(run):
    tables = run(PARTNER, leads=[LEAD, OTHER], intent_signals=[partner("L2@acme.com", "")])
    assert leads_seen(tables, month=2) == {"L2"}


def test_intent_without_an_address_belongs_to_every_lead_of_the_account(run):
    tables = run(PARTNER, leads=[LEAD, OTHER], intent_signals=[partner("n/a")])
    assert leads_seen(tables, month=2) == {"L1", "L2"}


def test_intent_of_an_unknown_address_belongs_to_nobody(run):
    tables = run(PARTNER, leads=[LEAD, OTHER], intent_signals=[partner("who@acme.com")])
    assert leads_seen(tables, month=2) == set()
    assert {"source": "intent_signals", "reason": "unresolved", "events": 1} in tables[
        "excluded_events"
    ]


def test_intent_of_a_person_is_not_that_of_the_account(run):
    one = partner("l2@acme.com", signal_type="topic_spike") | {"occurred_at": "2026-07-30"}
    of_a_person = run(leads=[LEAD, OTHER], intent_signals=[one])
    of_the_account = run(leads=[LEAD, OTHER], intent_signals=[one | {"email": ""}])
    points_of = [t["account_engagement"][0] for t in (of_a_person, of_the_account)]
    assert points_of[0]["third_party_intent_points"] == 0
    assert points_of[1]["third_party_intent_points"] > 0


def test_intent_of_an_erased_person_is_erased(run):
    gone = OTHER | {"is_deleted": "true"}
    tables = run(PARTNER, leads=[LEAD, gone], intent_signals=[partner("l2@acme.com")])
    assert {"source": "intent_signals", "reason": "erased", "events": 1} in tables[
        "excluded_events"
    ]


HANDING = {
    "lifecycle_events": [HANDED_OVER],
    "stage_transitions": [
        transition("lead", "handed_over", "sql_proposed"),
        transition("mql", "handed_over", "sql_proposed"),
    ],
}
BY_ASSIGNMENT = HANDING | {"lifecycle_settings": [setting("assignment_hands_over", "1")]}
MAY = "2026-05-01 09:00:00"


def stages_of(tables: dict) -> list[tuple[str, str]]:
    return [(row["stage"], row["entered_by"]) for row in tables["lead_stage_history"]]


def test_status_handed_over_is_a_hand_off(run):
    tables = run(HANDING, lead_status_changes=[status(MAY, "handed_over", reason_code="timing")])
    assert stages_of(tables)[:2] == [("lead", "first_seen"), ("sql_proposed", "handed_over")]
    assert tables["lead_stage_history"][1]["reason_code"] == "timing"
    (handoff,) = tables["handoffs"]
    assert handoff["trigger_event"] == "handed_over"
    assert handoff["trigger_signal"] is None


def test_status_handed_over_means_nothing_where_the_policy_has_no_such_event(run):
    tables = run(lead_status_changes=[status(MAY, "handed_over")])
    assert stages_of(tables) == [("lead", "first_seen")]
    assert tables["ignored_lifecycle_events"] == []


def test_assignment_hands_over_where_the_setting_says_so(run):
    activities = [call(MAY, "assigned")]
    assert stages_of(run(BY_ASSIGNMENT, sales_activities=activities))[1] == (
        "sql_proposed",
        "handed_over",
    )
    assert len(stages_of(run(HANDING, sales_activities=activities))) == 1


def test_only_the_first_assignment_hands_over(run):
    tables = run(
        BY_ASSIGNMENT,
        sales_activities=[call(MAY, "assigned"), call("2026-06-01 09:00:00", "assigned")],
        lead_status_changes=[status("2026-05-10 09:00:00", "regressed")],
    )
    assert [by for _, by in stages_of(tables)] == ["first_seen", "handed_over", "regressed"]
    events = [r["event"] for r in tables["ignored_lifecycle_events"]]
    assert "handed_over" not in events


@pytest.mark.parametrize(
    ("at", "count"),
    [("2026-04-30 09:00:00", 1), (MAY, 1), ("2026-05-01 09:00:01", 2)],
)
def test_assignment_after_a_hand_over_is_none(run, at, count):
    tables = run(
        BY_ASSIGNMENT,
        sales_activities=[call(MAY, "assigned")],
        lead_status_changes=[status(at, "handed_over")],
    )
    events = [by for _, by in stages_of(tables) if by == "handed_over"]
    events += [r for r in tables["ignored_lifecycle_events"] if r["event"] == "handed_over"]
    assert len(events) == count


REPS = [{"rep_id": rep, "territory": "AMER"} for rep in ("R1", "R2", "R3")]
ASSIGNMENT_OF_REPS = [
    ([call(MAY, "assigned", rep_id="R1")], [status(MAY, "contacted", rep_id="R2")], "R1"),
    ([call(MAY, rep_id="R3")], [status(MAY, "contacted", rep_id="R2")], "R2"),
    ([call(MAY, rep_id=""), call(MAY, rep_id="R3")], [], "R3"),
    ([call("2026-04-30 09:00:00", rep_id="R3")], [], "R2"),
]


@pytest.mark.parametrize(("activities", "changes", "rep"), ASSIGNMENT_OF_REPS)
def test_assigned_rep_falls_back_on_activities_and_the_owner(run, activities, changes, rep):
    tables = run(
        HANDING,
        leads=[LEAD | {"owner_id": "R2"}],
        sales_reps=REPS,
        sales_activities=activities,
        lead_status_changes=[status(MAY, "handed_over"), *changes],
    )
    assert tables["handoffs"][0]["assigned_rep_id"] == rep


def test_owner_counts_for_the_latest_hand_off_and_only_if_a_rep(run):
    changes = [
        status(MAY, "handed_over"),
        status("2026-05-02 09:00:00", "regressed"),
        status("2026-05-03 09:00:00", "handed_over"),
    ]
    owned = run(
        HANDING, leads=[LEAD | {"owner_id": "R2"}], sales_reps=REPS, lead_status_changes=changes
    )
    assert [row["assigned_rep_id"] for row in owned["handoffs"]] == [None, "R2"]
    queue = run(
        HANDING, leads=[LEAD | {"owner_id": "queue"}], sales_reps=REPS, lead_status_changes=changes
    )
    assert [row["assigned_rep_id"] for row in queue["handoffs"]] == [None, None]


def ignored(tables: dict) -> list[tuple[str, str, str]]:
    return [(r["event"], r["stage"], r["reason"]) for r in tables["ignored_lifecycle_events"]]


def test_event_without_a_transition_is_kept_with_its_stage(run):
    tables = run(lead_status_changes=[status(MAY, "regressed")])
    (row,) = tables["ignored_lifecycle_events"]
    assert row == {
        "lead_id": "L1",
        "occurred_at": datetime(2026, 5, 1, 9),
        "event": "regressed",
        "source": "lead_status_changes",
        "record_id": "lead_status_changes-00",
        "stage": "lead",
        "reason": "no_transition",
    }


def test_event_of_a_cooldown_is_kept(run):
    tables = run(
        lead_status_changes=[status(MAY, "mql"), status("2026-05-02 09:00:00", "rejected")],
        product_events=[
            {
                "email": "l1@acme.com",
                "event_name": "team_invite",
                "occurred_at": "2026-05-03 09:00:00",
            }
        ],
    )
    assert ("pql_milestone", "nurture", "cooldown") in ignored(tables)


def test_changes_of_level_and_what_moves_to_itself_are_no_ignored_events(run):
    rules = {"stage_transitions": [transition("nurture", "sales_rejected", "nurture")]}
    changes = [status(MAY, "mql"), status("2026-05-02 09:00:00", "rejected")]
    changes += [status("2026-05-03 09:00:00", "rejected", reason_code="no_response")]
    tables = run(rules, lead_status_changes=changes, web_events=[visit("2026-05-04 09:00:00")])
    assert ignored(tables) == []
    assert tables["lead_stages"][0]["cooldown_until"] == datetime(2026, 6, 2, 9)


def test_flag_that_moves_nothing_is_an_ignored_event(run):
    tables = run(
        sales_activities=[call(MAY, outcome="connected")],
        email_events=[mail("2026-05-02 09:00:00", "unsubscribed")],
    )
    assert ignored(tables) == [("opted_out", "sql_working", "no_transition")]


@pytest.mark.parametrize(
    ("reason", "expected", "days"),
    [
        ("No_Budget", "no_budget", 90),
        ("because", "closed_lost", 90),
        ("", "closed_lost", 90),
        ("no_response", "no_response", 30),
    ],
)
def test_lost_deal_has_its_own_reason_if_the_policy_knows_it(run, reason, expected, days):
    deal = {"lead_id": "L1", "created_at": MAY, "closed_at": "2026-05-10 09:00:00"}
    tables = run(opportunities=[deal | {"is_won": "false", "lost_reason": reason}])
    entry = tables["lead_stage_history"][-1]
    assert (entry["entered_by"], entry["reason_code"]) == ("opportunity_lost", expected)
    assert (entry["cooldown_until"] - entry["entered_at"]).days == days


TIMER = {"stage": "mql", "timer_event": "mql_expired", "reason_code": "mql_aged"}


@pytest.mark.parametrize(("profile", "day"), [("standard", 15), ("startup", 30), (None, 10)])
def test_timer_of_the_profile_goes_first(run, profile, day):
    rules = {"stage_timers": [TIMER | {"profile": profile or "", "after_days": str(day)}]}
    if profile == "startup":
        rules["stage_timers"].append(TIMER | {"profile": "standard", "after_days": "20"})
        day = 20
    if profile is None:
        rules["stage_timers"] = []
        day = 90
    tables = run(rules, lead_status_changes=[status(MAY, "mql")])
    entry = tables["lead_stage_history"][-1]
    assert entry["entered_by"] == "mql_expired"
    assert (entry["entered_at"] - datetime(2026, 5, 1, 9)).days == day


def test_stage_without_a_general_timer_may_have_one_of_a_profile(run):
    rules = {
        "stage_timers": [
            TIMER | {"profile": "standard", "stage": "lead", "after_days": "7"},
        ],
        "stage_transitions": [transition("lead", "mql_expired", "nurture")],
    }
    tables = run(rules)
    assert stages_of(tables)[1] == ("nurture", "mql_expired")
    assert tables["lead_stage_history"][1]["entered_at"] == datetime(2026, 3, 8, 10)
    assert Decimal(tables["lead_stages"][0]["days_in_stage"]) == 145
