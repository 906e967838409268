"""Small cases, calculated by hand from the specification."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from python_checks.compare import compare_tables
from python_checks.reference import compute
from python_checks.reference.cells import parse_boolean, parse_timestamp
from python_checks.reference.funnel import Figure, verdict_of, wilson
from python_checks.reference.identity import domain_of
from python_checks.reference.policy import FitRule
from python_checks.reference.scoring import matches
from python_checks.tests.tables import POLICY
from python_checks.tests.unit.raw_rows import Run, computing
from python_checks.worlds import WORLDS_AS_OF, generate_worlds

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


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Compute the tables from rows given by table; one account and one lead by default."""
    return computing(tmp_path, leads=[LEAD], accounts=[ACME])


def visit(at: str, path: str = "/pricing", **values: str) -> dict[str, str]:
    """A page view of lead L1."""
    return {
        "lead_id": "L1",
        "anonymous_id": "",
        "email": "",
        "event_name": "page_view",
        "page_path": path,
        "occurred_at": at,
    } | values


def mail(at: str, event_type: str, **values: str) -> dict[str, str]:
    """A marketing e-mail event of lead L1."""
    return {
        "email": "l1@acme.com",
        "campaign_id": "K1",
        "program": "marketing",
        "event_type": event_type,
        "occurred_at": at,
    } | values


def activity(at: str, kind: str = "demo_request") -> dict[str, str]:
    """A marketing activity of lead L1."""
    return {"lead_id": "L1", "activity_type": kind, "occurred_at": at}


def status(at: str, name: str, reason: str = "") -> dict[str, str]:
    """A status change of lead L1."""
    return {"lead_id": "L1", "status": name, "reason_code": reason, "changed_at": at}


def scores(tables) -> list[tuple[str, str]]:
    """The guide timeline of lead L1 as (from, score)."""
    return [
        (str(row["valid_from"]), str(row["score"].normalize()))
        for row in tables["lead_score_history"]
        if row["lead_id"] == "L1" and row["scoring_model"] == "guide"
    ]


def stages(tables, lead_id: str = "L1") -> list[tuple[str, str, str]]:
    """The stage history of a lead as (stage, entered_at, entered_by)."""
    return [
        (row["stage"], str(row["entered_at"]), row["entered_by"])
        for row in tables["lead_stage_history"]
        if row["lead_id"] == lead_id
    ]


def test_worked_example_has_six_steps(run):
    tables = run(web_events=[visit("2026-03-02 09:00:00")])
    assert [(since, Decimal(score)) for since, score in scores(tables)] == [
        ("2026-03-01 10:00:00", Decimal(20)),
        ("2026-03-02 09:00:00", Decimal("82.5")),
        ("2026-03-09 09:00:00", Decimal(66)),
        ("2026-04-01 09:00:00", Decimal(55)),
        ("2026-05-01 09:00:00", Decimal("38.5")),
        ("2026-05-31 09:00:00", Decimal(20)),
    ]
    second = tables["lead_score_history"][1]
    assert (second["score_band"], second["grade"]) == ("hot", "A")


def test_bounce_is_taken_off_after_the_multiplier_and_stays(run):
    tables = run(
        web_events=[visit("2026-03-02 09:00:00")],
        email_events=[mail("2026-03-03 09:00:00", "bounced")],
    )
    found = dict(scores(tables))
    assert found["2026-03-03 09:00:00"] == "72.5"
    assert Decimal(found["2026-05-31 09:00:00"]) == 10
    assert tables["lead_scores"][0]["recommended_action"] == "standard_nurture"


@pytest.mark.parametrize(
    ("second", "behaviour"), [("2026-05-31 08:59:59", 20), ("2026-05-31 09:00:00", 5)]
)
def test_ninety_days_of_silence_end_the_episode(run, second, behaviour):
    download = activity(second, "content_download")
    tables = run(web_events=[visit("2026-03-02 09:00:00")], marketing_activities=[download])
    at_download = [r for r in tables["lead_score_history"] if str(r["valid_from"]) == second]
    assert at_download[0]["behaviour_points"] == behaviour


def test_uncapped_sum_stays_visible_and_scheduled_decay_is_projected(run):
    tables = run(
        as_of=datetime(2026, 3, 2, 9),
        marketing_activities=[
            activity("2026-03-02 09:00:00", "demo_request"),
            activity("2026-03-02 09:00:00", "meeting_booked"),
        ],
    )
    row = tables["lead_scores"][0]
    assert (row["behaviour_points"], row["behaviour_points_uncapped"]) == (40, 70)
    assert row["score"] == Decimal("120.0")
    assert (str(row["next_change_at"]), row["next_score"]) == ("2026-03-09 09:00:00", 96)
    assert [r["is_projected"] for r in tables["lead_score_history"]][:3] == [False, False, True]


def test_unsubscribe_is_cleared_by_a_later_resubscribe(run):
    tables = run(
        web_events=[visit("2026-03-02 09:00:00")],
        email_events=[
            mail("2026-03-03 09:00:00", "unsubscribed"),
            mail("2026-03-03 09:00:00", "resubscribed"),
            mail("2026-03-04 09:00:00", "resubscribed"),
        ],
    )
    assert scores(tables)[1:4] == [
        ("2026-03-02 09:00:00", "82.5"),
        ("2026-03-03 09:00:00", "32.5"),
        ("2026-03-04 09:00:00", "82.5"),
    ]


def test_scanner_clicks_are_those_within_five_seconds(run):
    clicks = ["09:00:00", "09:00:04.999", "09:00:05", "08:59:59"]
    tables = run(
        email_events=[mail("2026-03-03 09:00:00", "delivered", user_agent="Mimecast")]
        + [mail(f"2026-03-03 {click}", "clicked", user_agent="Mozilla") for click in clicks]
    )
    excluded = {(r["source"], r["reason"]): r["events"] for r in tables["excluded_events"]}
    assert excluded[("email_events", "scanner")] == 2
    assert tables["lead_scores"][0]["behaviour_points_uncapped"] == 0
    points = [row["behaviour_points"] for row in tables["lead_score_history"]]
    assert max(points) == 6


def test_visitor_belongs_to_the_earliest_identify_that_resolves(run):
    other = LEAD | {"lead_id": "L2", "email": "l2@acme.com"}
    cookie = {"anonymous_id": "v", "lead_id": ""}
    tables = run(
        leads=[LEAD, other],
        web_events=[
            visit("2026-02-01 00:00:00", **cookie),
            visit("2026-03-02 00:00:00", **cookie | {"lead_id": "no"}, event_name="identify"),
            visit("2026-03-03 00:00:00", **cookie, event_name="identify", email="L2@acme.com "),
            visit("2026-03-04 00:00:00", **cookie | {"lead_id": "L1"}, event_name="identify"),
        ],
    )
    first_seen = {row["lead_id"]: str(row["first_seen_at"]) for row in tables["lead_stages"]}
    assert first_seen == {"L1": "2026-03-01 10:00:00", "L2": "2026-02-01 00:00:00"}


def test_chains_loops_and_erasure(run):
    def record(lead_id: str, target: str = "", deleted: str = "false") -> dict[str, str]:
        return LEAD | {
            "lead_id": lead_id,
            "email": f"{lead_id}@acme.com",
            "merged_into_lead_id": target,
            "is_deleted": deleted,
        }

    tables = run(
        leads=[
            record("A", "B"),
            record("B", "C", deleted="T"),
            record("C", "D"),
            record("D", "missing"),
            record("X", "Y"),
            record("Y", "X", deleted="1"),
            record("Z", "Z"),
            record("E") | {"email": " e@ACME.com"},
            record("F") | {"email": "E@acme.com", "created_at": "2026-02-01 00:00:00"},
        ]
    )
    assert [row["lead_id"] for row in tables["lead_stages"]] == ["D", "F", "X", "Z"]


def test_regressions_end_in_long_term_nurture_and_adjust_the_score(run):
    tables = run(
        web_events=[visit("2026-07-25 09:00:00")],
        lead_status_changes=[
            status("2026-03-03 09:00:00", "accepted"),
            status("2026-03-10 09:00:00", "regressed", "not_ready"),
            status("2026-07-20 09:00:00", "accepted"),
            status("2026-07-28 09:00:00", "regressed", "no_such_reason"),
        ],
    )
    assert [stage for stage, _, _ in stages(tables)] == [
        "lead",
        "sql_accepted",
        "mql",
        "nurture",
        "sql_accepted",
        "long_term_nurture",
    ]
    last = tables["lead_stage_history"][-1]
    assert str(last["cooldown_until"]) == "2026-09-26 09:00:00"
    row = tables["lead_scores"][0]
    assert (row["score"], row["adjusted_score"]) == (Decimal("82.5"), Decimal("57.5"))


def test_gate_opens_after_a_cooldown_only_with_new_engagement(run):
    silent = run(
        marketing_activities=[activity("2026-03-02 09:00:00")],
        lead_status_changes=[status("2026-03-03 09:00:00", "rejected", "bad_data")],
    )
    assert stages(silent)[-1] == ("nurture", "2026-03-03 09:00:00", "sales_rejected")
    engaged = run(
        marketing_activities=[activity("2026-03-02 09:00:00")],
        lead_status_changes=[status("2026-03-03 09:00:00", "rejected", "bad_data")],
        web_events=[visit("2026-04-20 09:00:00")],
    )
    assert ("sql_proposed", "2026-05-02 09:00:00", "sql_gate") in stages(engaged)


def test_event_goes_before_the_timer_of_the_same_instant(run):
    tables = run(
        marketing_activities=[activity("2026-03-02 09:00:00")],
        sales_activities=[
            {"lead_id": "L1", "activity_type": kind, "outcome": outcome, "occurred_at": at}
            for kind, outcome, at in [
                ("call", "no_answer", "2026-03-02 10:00:00"),
                ("Call", "Connected", "2026-03-16 10:00:00"),
            ]
        ],
    )
    assert stages(tables)[1:4] == [
        ("sql_proposed", "2026-03-02 09:00:00", "high_intent_action"),
        ("sql_contacted", "2026-03-02 10:00:00", "sales_contacted"),
        ("sql_working", "2026-03-16 10:00:00", "sales_connected"),
    ]


def test_opted_out_lead_goes_to_suppressed_when_sales_returns_it(run):
    tables = run(
        marketing_activities=[activity("2026-03-02 09:00:00")],
        email_events=[mail("2026-03-04 09:00:00", "unsubscribed")],
        lead_status_changes=[status("2026-03-05 09:00:00", "rejected", "no_need")],
    )
    assert [stage for stage, _, _ in stages(tables)] == ["lead", "sql_proposed", "suppressed"]


def test_disqualified_during_a_deal_is_applied_when_it_is_lost(run):
    deal = {
        "lead_id": "L1",
        "created_at": "2026-03-05 09:00:00",
        "closed_at": "2026-04-05 09:00:00",
        "is_closed": "yes",
        "is_won": "",
    }
    tables = run(
        opportunities=[deal, deal | {"closed_at": "2026-04-01 09:00:00", "is_won": "no"}],
        lead_status_changes=[status("2026-03-10 09:00:00", "disqualified")],
    )
    assert stages(tables)[1:] == [
        ("opportunity", "2026-03-05 09:00:00", "opportunity_created"),
        ("disqualified", "2026-04-05 09:00:00", "opportunity_lost"),
    ]


def test_withdrawn_framework_does_not_qualify_on_acceptance(run):
    def answers(day: int, answer: str, *criteria: str) -> list[dict[str, str]]:
        return [
            {
                "lead_id": "L1",
                "framework": "bant",
                "criterion": criterion,
                "answer": answer,
                "answered_at": f"2026-03-{day:02d} 09:00:00",
            }
            for criterion in criteria
        ]

    everything = ("budget", "authority", "need", "timeline")
    accepted = status("2026-03-20 09:00:00", "accepted")
    long_term = [
        status("2026-02-01 09:00:00", "accepted"),
        status("2026-02-02 09:00:00", "regressed"),
        status("2026-02-03 09:00:00", "accepted"),
        status("2026-02-04 09:00:00", "regressed"),
        accepted,
    ]
    kept = run(
        lead_status_changes=long_term, qualification_answers=answers(5, "Confirmed", *everything)
    )
    assert [by for _, at, by in stages(kept) if at == "2026-03-20 09:00:00"] == [
        "sales_accepted",
        "qualification_passed",
    ]
    withdrawn = run(
        lead_status_changes=long_term,
        qualification_answers=answers(5, "confirmed", *everything) + answers(6, "denied", "need"),
    )
    assert [by for _, at, by in stages(withdrawn) if at == "2026-03-20 09:00:00"] == [
        "sales_accepted"
    ]


def test_unusable_rows_are_quarantined_before_duplicates_are_decided(run):
    good = {"change_id": "C1", **status("2026-03-03 09:00:00", "accepted")}
    newer_but_bad = good | {"status": "promoted", "changed_at": "2026-03-09 09:00:00"}
    tables = run(
        lead_status_changes=[good, newer_but_bad, good | {"change_id": "", "status": "mql"}],
        leads=[LEAD | {"email_status": "catch_all"}],
    )
    assert stages(tables)[1][0] == "sql_accepted"
    assert sorted((r["source"], r["reason"]) for r in tables["quarantined_records"]) == [
        ("lead_status_changes", "missing change_id"),
        ("lead_status_changes", "unknown status"),
        ("leads", "unknown email_status"),
    ]


def test_facts_at_as_of_exist_and_later_ones_do_not(run):
    tables = run(web_events=[visit("2026-08-01 00:00:00"), visit("2026-08-01 00:00:01", "/demo")])
    assert tables["lead_scores"][0]["score"] == Decimal("82.5")
    assert tables["lead_scores"][0]["days_since_engagement"] == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01 10:00:00", "2026-03-01 10:00:00"),
        ("2026-03-01T10:00:00Z", "2026-03-01 10:00:00"),
        ("2026-03-03T01:30:00+02:00", "2026-03-02 23:30:00"),
        ("2026-03-03T23:30:00-05:00", "2026-03-04 04:30:00"),
        ("2026-03-01 10:00:00.999", "2026-03-01 10:00:00.999000"),
        ("2026-13-01 10:00:00", "None"),
        ("yesterday", "None"),
    ],
)
def test_timestamps_become_utc(text, expected):
    assert str(parse_timestamp(text)) == expected


def test_booleans_in_any_case():
    assert [parse_boolean(text) for text in ("TRUE", "t", "1", "Yes")] == [True] * 4
    assert [parse_boolean(text) for text in ("False", "F", "0", "no")] == [False] * 4
    assert parse_boolean(None) is None


@pytest.mark.parametrize(
    ("job_title", "expected"),
    [
        ("VP, Marketing", True),
        ("growth-hacker", True),
        ("Sales-Operations Lead", True),
        ("Salesoperations Lead", False),
        ("Cmosaic Designer", False),
        ("CMO", True),
        (None, False),
    ],
)
def test_has_word_matches_whole_words(job_title, expected):
    phrases = ["marketing", "growth", "sales operations", "cmo"]
    rule = FitRule("job_title", 1, "job_title", "has_word", phrases, 15, True)
    assert matches(rule, job_title) is expected


def test_domains_are_compared_without_www():
    assert domain_of(" A@WWW.Acme.com ") == "acme.com"
    assert domain_of("nobody") is None


def test_wilson_interval():
    low, high = wilson(20, 100)
    assert (round(low, 4), round(high, 4)) == (Decimal("0.1334"), Decimal("0.2888"))
    assert wilson(0, 0) == (None, None)


@pytest.mark.parametrize(
    ("low", "actual", "high", "denominator", "expected"),
    [
        ("0.01", "0.05", "0.09", 29, "insufficient_data"),
        (None, None, None, 30, "insufficient_data"),
        ("0.01", "0.05", "0.09", 30, "clearly_below_warning"),
        ("0.01", "0.05", "0.10", 30, "probably_below_warning"),
        ("0.05", "0.10", "0.12", 30, "clearly_below"),
        ("0.05", "0.10", "0.13", 30, "probably_below"),
        ("0.10", "0.13", "0.16", 30, "within"),
        ("0.16", "0.20", "0.24", 30, "within"),
        ("0.20", "0.21", "0.30", 30, "probably_above"),
        ("0.21", "0.30", "0.40", 30, "clearly_above"),
        ("0.30", "0.31", "0.40", 30, "probably_above_warning"),
        ("0.31", "0.35", "0.40", 30, "clearly_above_warning"),
        (None, "0.05", None, 30, "probably_below_warning"),
        (None, "0.12", None, 30, "probably_below"),
        (None, "0.25", None, 30, "probably_above"),
        (None, "0.35", None, 30, "probably_above_warning"),
    ],
)
def test_verdict_is_the_first_that_holds(low, actual, high, denominator, expected):
    row = {"warning_below": "0.10", "warning_above": "0.30", "low": "0.13", "high": "0.20"}
    numbers = [None if text is None else Decimal(text) for text in (actual, low, high)]
    assert verdict_of(row, Figure(0, denominator, *numbers), 30) == expected


def test_bound_that_is_not_there_is_never_passed():
    row = dict.fromkeys(("warning_below", "warning_above", "low", "high"))
    figure = Figure(30, 30, Decimal(1), Decimal(1), Decimal(1))
    assert verdict_of(row, figure, 30) == "within"
    assert verdict_of(row | {"high": "0.9"}, figure, 30) == "clearly_above"


def test_compare_tables_names_every_difference():
    expected = [
        {"id": "a", "n": "1.0000", "at": "2026-03-01 10:00:00", "flag": "true", "text": ""},
        {"id": "b", "n": "2", "at": "", "flag": "false", "text": "x"},
        {"id": "d", "n": "2", "at": "", "flag": "false", "text": "x"},
    ]
    actual = pd.DataFrame(
        {
            "id": ["a", "b", "c"],
            "n": [1.00004, 2.0001, 3.0],
            "at": [pd.Timestamp("2026-03-01 10:00:00"), pd.NaT, pd.NaT],
            "flag": [1, False, True],
            "text": [None, "y", "z"],
        }
    )
    assert compare_tables(expected, actual, ["id"]) == [
        "row missing: id=d",
        "row extra: id=c",
        "id=b: n expected 2, is 2.0001",
        "id=b: text expected x, is y",
    ]


def test_worlds_are_repeatable_and_keep_the_invariants(tmp_path):
    generate_worlds(40, 7, tmp_path / "first")
    generate_worlds(40, 7, tmp_path / "second")
    for path in (tmp_path / "first").iterdir():
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes()
    tables = compute(tmp_path / "first", POLICY, WORLDS_AS_OF)
    timers = {"mql": 90, "pql": 45, "sql_proposed": 60, "sql_contacted": 14, "sql_accepted": 60}
    for row in tables["lead_stage_history"]:
        until = row["exited_at"] or WORLDS_AS_OF
        assert row["entered_at"] <= until
        if row["stage"] in timers:
            assert until - row["entered_at"] <= timedelta(days=timers[row["stage"]])
    for row in tables["funnel_conversion"]:
        assert row["sqls"] == row["mqls_to_sql"] + row["direct_sqls"]
    leads = {row["lead_id"] for row in tables["lead_stages"]}
    last = [r["lead_id"] for r in tables["lead_score_history"] if r["valid_to"] is None]
    assert set(last) == leads
