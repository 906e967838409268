"""Rules that begin and end, at their boundaries, calculated by hand from the specification."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from python_checks.reference.policy import read_policy_tables
from python_checks.reference.rules import rules_of
from python_checks.tests.tables import POLICY
from python_checks.tests.unit.dated_rules import DatedRun, begin, change, end
from python_checks.tests.unit.test_reference_rules import (
    ACME,
    LEAD,
    activity,
    stages,
    status,
    visit,
)

MAY = "2026-05-01"
LAST_SECOND_OF_APRIL = "2026-04-30 23:59:59"
FIRST_OF_MAY = "2026-05-01 00:00:00"
STANDARD = {"profile": "standard"}
BANT = ("budget", "authority", "need", "timeline")


@pytest.fixture
def run(tmp_path: Path) -> DatedRun:
    """Compute the tables from rules that change; one account and one lead by default."""
    return DatedRun(tmp_path, leads=[LEAD], accounts=[ACME])


def scores(tables, model="guide"):
    """The timeline of lead L1 in a model as (from, score)."""
    return [
        (str(row["valid_from"]), row["score"])
        for row in tables["lead_score_history"]
        if row["scoring_model"] == model
    ]


def bant(at):
    """Every criterion of BANT confirmed at one time."""
    return [
        {
            "lead_id": "L1",
            "framework": "BANT",
            "criterion": criterion,
            "answer": "confirmed",
            "answered_at": at,
        }
        for criterion in BANT
    ]


def unsubscribed(at):
    """An unsubscribe of lead L1."""
    return {
        "email": "l1@acme.com",
        "campaign_id": "K1",
        "program": "marketing",
        "event_type": "unsubscribed",
        "occurred_at": at,
    }


def test_without_dates_there_is_one_version(run):
    (version,) = run()["policy_versions"]
    assert (version["policy_version"], version["valid_from"], version["valid_to"]) == (
        1,
        None,
        None,
    )
    assert version["is_current"]


def test_boundaries_of_all_rows_make_the_versions(run):
    tables = run(
        ("2026-04-01", change("stage_timers", {"after_days": "30"}, profile=None, stage="mql")),
        ("2026-09-01", end("signal_points", scoring_model="como", signal="pricing_page_visit")),
        as_of=datetime(2026, 4, 1),
    )
    found = [(v["policy_version"], str(v["valid_from"])) for v in tables["policy_versions"]]
    assert found == [(1, "None"), (2, "2026-04-01 00:00:00"), (3, "2026-09-01 00:00:00")]
    assert [v["is_current"] for v in tables["policy_versions"]] == [False, True, False]
    assert tables["lead_stages"][0]["policy_version"] == 2


def test_versions_count_the_leads_that_came_in_their_time(run):
    marked = [status(FIRST_OF_MAY, "mql")]
    tables = run((MAY, end("stage_timers", stage="pql")), lead_status_changes=marked)
    assert [(v["mqls"], v["sql_proposed"]) for v in tables["policy_versions"]] == [(0, 0), (1, 0)]


@pytest.mark.parametrize(
    "bound", ["2026-07-01", "2026-07-01 00:00:00", "2026-07-01T02:00:00+02:00", "2026-07-01T00:00Z"]
)
def test_bound_is_read_as_a_date_or_a_time(bound):
    tables = read_policy_tables(POLICY)
    tables["stage_timers"][0]["valid_to"] = bound
    assert rules_of(tables, datetime(2026, 8, 1)).boundaries == [datetime(2026, 7, 1)]


def test_bound_that_is_no_time_is_refused():
    tables = read_policy_tables(POLICY)
    tables["stage_timers"][0]["valid_to"] = "1st of July"
    with pytest.raises(ValueError, match=r"stage_timers.csv: valid_to is not a date"):
        rules_of(tables, datetime(2026, 8, 1))


def test_policy_in_force_is_dated_or_latest():
    with pytest.raises(ValueError, match="policy_in_force"):
        rules_of(read_policy_tables(POLICY), datetime(2026, 8, 1), "newest")


def test_latest_takes_the_rows_of_the_clock_for_all_time(run):
    edits = [
        (MAY, change("stage_timers", {"after_days": "30"}, profile=None, stage="mql")),
        ("2026-08-01", change("stage_timers", {"after_days": "10"}, profile=None, stage="mql")),
    ]
    marked = [status("2026-04-01 09:00:00", "mql")]
    tables = run(*edits, lead_status_changes=marked, variables={"policy_in_force": "latest"})
    assert [v["policy_version"] for v in tables["policy_versions"]] == [1]
    assert tables["policy_versions"][0]["valid_to"] is None
    assert stages(tables)[-1] == ("nurture", "2026-04-11 09:00:00", "mql_expired")
    assert {row["policy_version"] for row in tables["lead_stage_history"]} == {1}


def test_contributions_are_those_of_the_rules_in_force(run):
    tables = run(
        (
            "2026-04-01",
            change(
                "signal_points", {"points": "12"}, scoring_model="guide", signal="content_download"
            ),
        ),
        marketing_activities=[activity("2026-03-10 09:00:00", "content_download")],
    )
    assert scores(tables)[1:5] == [
        ("2026-03-10 09:00:00", Decimal("67.5")),
        ("2026-03-17 09:00:00", Decimal(54)),
        ("2026-04-01 00:00:00", Decimal("62.4")),
        ("2026-04-09 09:00:00", Decimal(52)),
    ]


def test_points_that_end_leave_what_the_signal_is(run):
    tables = run(
        ("2026-04-01", end("signal_points", scoring_model="guide", signal="webinar_attendance")),
        marketing_activities=[activity("2026-03-20 09:00:00", "webinar_attendance")],
    )
    row = next(r for r in tables["lead_score_history"] if str(r["valid_from"])[:10] == "2026-04-01")
    assert (row["behaviour_points"], row["meaningful_signals"]) == (0, 1)


def test_equal_neighbours_are_one_row_across_a_boundary(run):
    tables = run((MAY, change("stage_timers", {"after_days": "30"}, profile=None, stage="mql")))
    assert scores(tables) == [("2026-03-01 10:00:00", Decimal(20))]


def test_band_changes_where_the_score_does_not(run):
    tables = run(
        (MAY, change("score_bands", {"min_score": "20"}, scoring_model="guide", score_band="warm"))
    )
    assert [(r["score_band"], str(r["valid_from"])) for r in tables["lead_score_history"]] == [
        ("cold", "2026-03-01 10:00:00"),
        ("warm", FIRST_OF_MAY),
    ]


def test_boundary_after_the_clock_is_scheduled(run):
    tables = run(
        (
            "2026-09-01",
            change(
                "signal_points",
                {"points": "20"},
                scoring_model="guide",
                signal="pricing_page_visit",
            ),
        ),
        web_events=[visit("2026-07-20 09:00:00")],
    )
    row = next(r for r in tables["lead_score_history"] if str(r["valid_from"])[:10] == "2026-09-01")
    assert (row["score"], row["is_projected"]) == (Decimal(60), True)


@pytest.fixture
def switched(run):
    """Compute with the model leadsuite switched on for the month of May."""
    name = {"scoring_model": "leadsuite"}

    def compute(as_of):
        return run(
            (MAY, change("scoring_models", {"is_active": "true"}, **name)),
            ("2026-06-01", change("scoring_models", {"is_active": "false"}, **name)),
            as_of=as_of,
            web_events=[visit("2026-04-20 09:00:00")],
        )

    return compute


def test_pair_begins_and_ends_at_boundaries(switched):
    tables = switched(datetime(2026, 8, 1))
    rows = [r for r in tables["lead_score_history"] if r["scoring_model"] == "leadsuite"]
    assert str(rows[0]["valid_from"]) == FIRST_OF_MAY
    assert str(rows[-1]["valid_to"]) == "2026-06-01 00:00:00"
    assert {row["scoring_model"] for row in tables["lead_scores"]} == {"guide"}


def test_next_change_of_a_pair_that_ends_has_no_score(switched):
    tables = switched(datetime(2026, 5, 25))
    row = next(r for r in tables["lead_scores"] if r["scoring_model"] == "leadsuite")
    assert str(row["next_change_at"]) == "2026-06-01 00:00:00"
    assert (row["next_score"], row["next_score_band"]) == (None, None)


def test_pair_that_begins_after_the_clock_has_no_score_yet(switched):
    tables = switched(datetime(2026, 4, 30))
    assert {row["scoring_model"] for row in tables["lead_scores"]} == {"guide"}
    assert any(r["scoring_model"] == "leadsuite" for r in tables["lead_score_history"])


def test_gate_opens_at_the_boundary(run):
    poor = LEAD | {"job_title": "Analyst", "country": "BR"}
    tables = run(
        (MAY, change("score_bands", {"min_score": "25"}, scoring_model="guide", score_band="warm")),
        (MAY, change("qualification_profiles", {"mql_min_score": "25"}, **STANDARD)),
        leads=[poor],
        web_events=[visit("2026-04-28 09:00:00", "/blog/a")],
    )
    assert stages(tables)[1] == ("mql", FIRST_OF_MAY, "mql_gate")
    assert [r["policy_version"] for r in tables["lead_stage_history"]][:2] == [1, 2]


@pytest.mark.parametrize(
    ("at", "stage"), [(LAST_SECOND_OF_APRIL, "mql"), (FIRST_OF_MAY, "nurture")]
)
def test_gate_closes_at_the_boundary(run, at, stage):
    """Who opts in again comes to nurture, and goes on where the gate is open then."""
    tables = run(
        (MAY, change("qualification_profiles", {"mql_min_score": "70"}, **STANDARD)),
        as_of=datetime(2026, 5, 2),
        marketing_activities=[activity("2026-04-20 09:00:00", "content_download")],
        email_events=[
            unsubscribed("2026-04-01 09:00:00"),
            unsubscribed(at) | {"event_type": "resubscribed"},
        ],
    )
    assert tables["lead_stages"][0]["stage"] == stage


def test_model_of_which_every_row_is_dated_comes_and_goes(run):
    """Nothing of it is left at the clock but the scores of its time."""
    copied = ("scoring_models", "signal_points", "recency_curve", "score_bands")

    def begins(edits):
        for table in copied:
            for row in edits.open_rows(table, lambda r: r["scoring_model"] == "como"):
                edits.begin(table, row | {"scoring_model": "new", "is_active": "true"})

    def ends(edits):
        for table in copied:
            for row in edits.open_rows(table, lambda r: r["scoring_model"] == "new"):
                edits.end(table, row)

    tables = run(
        ("2026-04-01", begins),
        (MAY, ends),
        as_of=datetime(2026, 12, 1),
        web_events=[visit("2026-04-20 09:00:00")],
    )
    rows = [row for row in tables["lead_score_history"] if row["scoring_model"] == "new"]
    assert str(rows[0]["valid_from"]) == "2026-04-01 00:00:00"
    assert str(rows[-1]["valid_to"]) == FIRST_OF_MAY
    assert {row["scoring_model"] for row in tables["score_calibration"]} == {"guide", "new"}
    assert {row["scoring_model"] for row in tables["threshold_recommendation"]} == {"guide"}


def test_transition_that_begins_is_looked_at_at_its_boundary(run):
    gate = {"from_stage": "lead", "event": "mql_gate"}
    tables = run(
        ("2026-02-01", end("stage_transitions", **gate)),
        (MAY, begin("stage_transitions", to_stage="mql", is_regression="false", **gate)),
        marketing_activities=[activity("2026-04-20 09:00:00", "content_download")],
    )
    assert stages(tables)[1] == ("mql", FIRST_OF_MAY, "mql_gate")


@pytest.mark.parametrize(
    ("at", "entered_by"), [(LAST_SECOND_OF_APRIL, "high_intent_action"), (FIRST_OF_MAY, "sql_gate")]
)
def test_transition_ends_before_its_boundary(run, at, entered_by):
    action = end("stage_transitions", from_stage="lead", event="high_intent_action")
    tables = run((MAY, action), marketing_activities=[activity(at)])
    assert stages(tables)[1] == ("sql_proposed", at, entered_by)


@pytest.mark.parametrize(
    ("at", "until"),
    [(LAST_SECOND_OF_APRIL, "2026-07-29 23:59:59"), (FIRST_OF_MAY, "2026-05-31 00:00:00")],
)
def test_timer_is_the_one_of_the_entry(run, at, until):
    tables = run(
        (MAY, change("stage_timers", {"after_days": "30"}, profile=None, stage="mql")),
        lead_status_changes=[status(at, "mql")],
    )
    assert stages(tables)[2] == ("nurture", until, "mql_expired")


@pytest.mark.parametrize(("at", "has_timer"), [(LAST_SECOND_OF_APRIL, True), (FIRST_OF_MAY, False)])
def test_timer_that_ends_stays_with_who_has_it(run, at, has_timer):
    tables = run(
        (MAY, end("stage_timers", profile=None, stage="mql")),
        as_of=datetime(2026, 5, 10),
        lead_status_changes=[status(at, "mql")],
    )
    (row,) = tables["stage_ageing"]
    assert row["timer_event"] == ("mql_expired" if has_timer else None)
    expected = datetime.fromisoformat(at) + timedelta(days=90) if has_timer else None
    assert row["due_at"] == expected


@pytest.mark.parametrize(("at", "has_timer"), [(LAST_SECOND_OF_APRIL, False), (FIRST_OF_MAY, True)])
def test_timer_that_begins_is_for_who_comes_later(run, at, has_timer):
    timer = {"stage": "nurture", "timer_event": "mql_expired", "after_days": "20"}
    tables = run(
        (MAY, begin("stage_timers", **timer)),
        as_of=datetime(2026, 5, 10),
        lead_status_changes=[status("2026-04-10 09:00:00", "mql"), status(at, "rejected")],
    )
    assert (tables["stage_ageing"][0]["due_at"] is not None) == has_timer


def test_where_a_timer_leads_is_of_the_instant_at_which_it_fires(run):
    expired = {"from_stage": "mql", "event": "mql_expired"}
    tables = run(
        (MAY, change("stage_transitions", {"to_stage": "long_term_nurture"}, **expired)),
        lead_status_changes=[status("2026-03-02 09:00:00", "mql")],
    )
    assert stages(tables)[2] == ("long_term_nurture", "2026-05-31 09:00:00", "mql_expired")


@pytest.mark.parametrize(("at", "days"), [(LAST_SECOND_OF_APRIL, 90), (FIRST_OF_MAY, 30)])
def test_cooldown_is_of_the_instant_that_sets_it(run, at, days):
    reason = {"reason_code": "no_budget"}
    edited = {"re_engage_days": "30", "nurture_track": "education"}
    tables = run(
        (MAY, change("disposition_reasons", edited, **reason)),
        as_of=datetime(2026, 5, 25),
        marketing_activities=[activity("2026-04-10 09:00:00")],
        lead_status_changes=[status(at, "rejected", "no_budget")],
    )
    assert tables["lead_stages"][0]["cooldown_until"] == datetime.fromisoformat(at) + timedelta(
        days=days
    )
    if days == 30:
        assert tables["re_engagement_queue"][0]["nurture_track"] == "education"


@pytest.mark.parametrize(
    ("at", "stage"), [(LAST_SECOND_OF_APRIL, "mql"), (FIRST_OF_MAY, "long_term_nurture")]
)
def test_most_regressions_are_of_their_instant(run, at, stage):
    tables = run(
        (MAY, change("lifecycle_settings", {"value": "1"}, setting="max_regressions")),
        marketing_activities=[activity("2026-04-10 09:00:00")],
        lead_status_changes=[status(at, "regressed", "not_ready")],
    )
    assert stages(tables)[2] == (stage, at, "regressed")


@pytest.mark.parametrize(("at", "points"), [(LAST_SECOND_OF_APRIL, -25), (FIRST_OF_MAY, -40)])
def test_points_off_are_of_the_regression(run, at, points):
    tables = run(
        (MAY, change("lifecycle_settings", {"value": "-40"}, setting="regression_penalty_points")),
        as_of=datetime(2026, 5, 5),
        marketing_activities=[activity("2026-04-10 09:00:00")],
        lead_status_changes=[status(at, "regressed", "not_ready")],
    )
    (row,) = tables["lead_scores"]
    assert row["adjusted_score"] - row["score"] == points
    assert tables["regressions"][0]["points"] == points


def test_framework_that_begins_to_count_qualifies_at_the_boundary(run):
    names = "qualifying_frameworks"
    tables = run(
        ("2026-01-01", change("qualification_profiles", {names: "CHAMP"}, **STANDARD)),
        ("2026-06-01", change("qualification_profiles", {names: "CHAMP|BANT"}, **STANDARD)),
        qualification_answers=bant("2026-04-10 09:00:00"),
        lead_status_changes=[status("2026-04-20 09:00:00", "accepted")],
    )
    assert stages(tables)[1:3] == [
        ("sql_accepted", "2026-04-20 09:00:00", "sales_accepted"),
        ("sql_qualified", "2026-06-01 00:00:00", "qualification_passed"),
    ]


@pytest.mark.parametrize(
    ("at", "stage"), [(LAST_SECOND_OF_APRIL, "sql_qualified"), (FIRST_OF_MAY, "sql_accepted")]
)
def test_framework_that_ceases_to_count_no_longer_stands(run, at, stage):
    only_champ = {"qualifying_frameworks": "CHAMP"}
    tables = run(
        (MAY, change("qualification_profiles", only_champ, **STANDARD)),
        as_of=datetime(2026, 5, 10),
        email_events=[unsubscribed("2026-04-01 09:00:00")],
        qualification_answers=bant("2026-04-10 09:00:00"),
        lead_status_changes=[status(at, "accepted")],
    )
    assert tables["lead_stages"][0]["stage"] == stage


@pytest.mark.parametrize(
    ("at", "sla_policy", "minutes", "territory", "version"),
    [
        (LAST_SECOND_OF_APRIL, "demo_and_pricing", 30, "AMER", 1),
        (FIRST_OF_MAY, "fast", 15, "WEST", 2),
    ],
)
def test_sla_and_routing_are_of_the_handoff(run, at, sla_policy, minutes, territory, version):
    fast = {"sla_policy": "fast", "response_target_minutes": "15"}
    tables = run(
        (MAY, change("sla_policies", fast, sla_policy="demo_and_pricing")),
        (MAY, change("routing_rules", {"territory": "WEST"}, rule_order="2")),
        marketing_activities=[activity(at)],
    )
    (row,) = tables["handoffs"]
    found = (row["sla_policy"], row["territory"], row["policy_version"])
    assert found == (sla_policy, territory, version)
    assert row["sla_due_at"] - row["handed_off_at"] == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("at", "result"), [(LAST_SECOND_OF_APRIL, "passed"), (FIRST_OF_MAY, "failed")]
)
def test_checklist_is_of_the_handoff(run, at, result):
    high = {"sql_min_score": "200"}
    tables = run(
        (MAY, change("qualification_profiles", high, **STANDARD)),
        marketing_activities=[activity(at)],
    )
    (row,) = [r for r in tables["handoff_checklist"] if r["check_name"] == "score_threshold"]
    assert row["result"] == result


@pytest.mark.parametrize(
    ("at", "entered_by"), [(LAST_SECOND_OF_APRIL, "mql_gate"), (FIRST_OF_MAY, "mql_trigger")]
)
def test_trigger_is_of_its_instant(run, at, entered_by):
    trigger = {"profile": "standard", "event": "mql_trigger", "signal": "newsletter_signup"}
    tables = run(
        (MAY, begin("profile_triggers", **trigger)),
        marketing_activities=[activity(at, "newsletter_signup")],
    )
    assert stages(tables)[1] == ("mql", at, entered_by)


@pytest.mark.parametrize(
    ("at", "model", "profile"),
    [(LAST_SECOND_OF_APRIL, "cold_email", "cold_outbound"), (FIRST_OF_MAY, "guide", "standard")],
)
def test_primary_model_and_profile_are_of_the_handoff(run, at, model, profile):
    cold = LEAD | {"lead_source": "Cold Email"}
    new = {"scoring_model": "guide", "profile": "standard"}
    tables = run(
        (MAY, change("model_assignment", new, track="main", motion="outbound")),
        leads=[cold],
        marketing_activities=[activity(at)],
    )
    (handoff,) = tables["handoffs"]
    assert (handoff["scoring_model"], handoff["profile"]) == (model, profile)
    (lead,) = tables["lead_stages"]
    assert (lead["scoring_model"], lead["profile"]) == ("guide", "standard")
    (point,) = tables["evaluation_points"]
    assert point["scoring_model"] == model


def test_setting_of_reports_is_that_of_the_clock(run):
    rank = change("lifecycle_settings", {"value": "2"}, setting="sql_definition_rank")
    requested = [activity("2026-04-10 09:00:00")]
    before = run(("2026-09-01", rank), marketing_activities=requested)
    after = run((MAY, rank), marketing_activities=requested)
    assert before["lead_stages"][0]["sql_at"] is None
    assert str(after["lead_stages"][0]["sql_at"]) == "2026-04-10 09:00:00"


def test_open_gates_are_followed_until_none_leads_on(run):
    to_pql = {"from_stage": "lead", "event": "mql_gate"}
    tables = run(
        ("2026-02-01", end("stage_transitions", from_stage="lead", event="sql_gate")),
        ("2026-02-01", change("stage_transitions", {"to_stage": "pql"}, **to_pql)),
        web_events=[visit("2026-04-10 09:00:00")],
    )
    assert stages(tables)[1:3] == [
        ("pql", "2026-04-10 09:00:00", "mql_gate"),
        ("sql_proposed", "2026-04-10 09:00:00", "sql_gate"),
    ]
