"""Evaluation points, calibration, lift, comparison, monitor and features: by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from python_checks.reference import compute
from python_checks.reference.calibration import (
    ScoreBin,
    largest_step,
    recommended_bin,
    score_bins,
    score_calibration,
    separates,
    threshold_recommendation,
    threshold_verdict,
    twice_the_gain,
)
from python_checks.reference.evaluation import EvaluationPoint
from python_checks.reference.feedback import ratio_interval
from python_checks.reference.funnel import wilson
from python_checks.reference.identity import Lead
from python_checks.reference.lift import (
    lift_columns,
    lift_of_higher_points,
    lift_verdict,
    pattern_lift,
    signal_lift,
    suggestion_of,
)
from python_checks.reference.measures import (
    Outcome,
    auc,
    auc_interval,
    bin_of,
    brier_score,
    means_z,
    proportions_z,
    stability_index,
    top_decile_lift,
    top_decile_rate,
)
from python_checks.reference.model_quality import (
    drift_verdict,
    model_comparison,
    model_monitor,
    score_distribution,
)
from python_checks.reference.patterns import has_pattern, meaningful_in_days, velocity_of
from python_checks.reference.policy import DerivedSignal, Policy
from python_checks.reference.prediction_features import features_of, undated_features_of
from python_checks.reference.sales_contacts import SalesContact
from python_checks.reference.scoring import ScoreState
from python_checks.reference.signals import Signal
from python_checks.tests.tables import POLICY
from python_checks.tests.unit.raw_rows import AS_OF, Rows, Run, computing, write_raw_rows

NOON = datetime(2026, 3, 10, 12)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)
NINE_PLACES = Decimal("1e-9")
ACME = {
    "account_id": "acme",
    "domain": "acme.com",
    "industry": "Software",
    "employee_count": "200",
    "status": "active",
}
LEAD = {
    "lead_id": "L1",
    "email": "l1@acme.com",
    "job_title": "VP Marketing",
    "account_id": "acme",
    "lead_source": "Organic Search",
    "created_at": "2026-03-01 12:00:00",
}


@pytest.fixture(scope="module")
def small(policy: Policy) -> Policy:
    """The rules of the project, content with samples of two."""
    return replace(policy, settings=policy.settings | {"minimum_sample": Decimal(2)})


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Compute the tables from rows given by table; one account and one lead by default."""
    return computing(tmp_path, leads=[LEAD], accounts=[ACME])


def status(at: datetime, status: str = "mql", **values: str) -> dict[str, str]:
    """A disposition of lead L1."""
    return {"lead_id": "L1", "status": status, "changed_at": at.isoformat(" ")} | values


def deal(at: datetime) -> dict[str, str]:
    """An open opportunity of lead L1."""
    return {"lead_id": "L1", "created_at": at.isoformat(" "), "amount": "1000"}


def visit(at: datetime, path: str = "/pricing") -> dict[str, str]:
    """A page view of lead L1."""
    return {
        "lead_id": "L1",
        "event_name": "page_view",
        "page_path": path,
        "occurred_at": at.isoformat(" "),
    }


def state(score: str, band: str = "cold", grade: str = "A") -> ScoreState:
    """A score of which only the sum, the band and the grade matter."""
    return ScoreState(
        fit_points=0,
        behaviour_points=0,
        behaviour_points_uncapped=0,
        intent_points=0,
        intent_points_uncapped=0,
        recency_multiplier=Decimal(1),
        penalty_points=Decimal(0),
        score=Decimal(score),
        score_band=band,
        score_level="low",
        grade=grade,
        meaningful_signals=0,
        high_intent_signals=0,
        intent_signals=0,
    )


def point(
    name: str,
    score: str,
    is_converted: bool = False,
    at: datetime = NOON,
    is_mature: bool = True,
    signals: Iterable[Signal] = (),
    model: str = "guide",
    **challengers: str,
) -> EvaluationPoint:
    """A lead at its evaluation point; challengers are further models with their scores."""
    lead = Lead({"lead_id": name}, None, "inbound", "inbound", "content", None, model, "standard")
    lead.first_seen_at = at
    lead.signals = list(signals)
    scores = {model: score} | challengers
    return EvaluationPoint(
        lead=lead,
        scoring_model=model,
        profile="standard",
        evaluated_at=at,
        evaluated_stage="mql",
        outcome_due_at=at + 90 * DAY,
        opportunity_at=at + DAY if is_converted else None,
        is_mature=is_mature,
        is_converted=is_converted,
        states={name: state(own) for name, own in scores.items()},
    )


def outcomes(**results: str) -> list[Outcome]:
    """Scores of converted leads and of others, as texts of numbers."""
    return [
        Outcome(Decimal(score), name == "converted")
        for name, scores in results.items()
        for score in scores.split()
    ]


def signals_at(policy: Policy, name: str, *times: datetime) -> list[Signal]:
    """A signal at some times."""
    return [
        Signal(policy.signals[name], at, "web_events", f"{number}", None, None)
        for number, at in enumerate(times)
    ]


def one(rows: Rows, **values: Any) -> dict[str, Any]:
    """The only row with these values."""
    found = [row for row in rows if all(row[name] == value for name, value in values.items())]
    assert len(found) == 1
    return found[0]


# Evaluation points


def test_point_is_the_first_stage_of_marketing_or_sales(run):
    row = run(lead_status_changes=[status(NOON)])["evaluation_points"]
    assert row == [
        {
            "lead_id": "L1",
            "scoring_model": "guide",
            "channel": "inbound",
            "evaluated_at": NOON,
            "evaluated_stage": "mql",
            "outcome_due_at": NOON + 90 * DAY,
            "opportunity_at": None,
            "is_mature": True,
            "is_converted": False,
            "as_of": AS_OF,
        }
    ]


@pytest.mark.parametrize(
    ("opportunity_at", "is_converted"),
    [(NOON + 90 * DAY, True), (NOON + 90 * DAY + MICROSECOND, False), (NOON + DAY, True)],
)
def test_outcome_window_includes_its_last_instant(run, opportunity_at, is_converted):
    tables = run(lead_status_changes=[status(NOON)], opportunities=[deal(opportunity_at)])
    row = one(tables["evaluation_points"])
    assert (row["opportunity_at"], row["is_converted"]) == (opportunity_at, is_converted)


@pytest.mark.parametrize("opportunities", [[], [deal(NOON + DAY)]])
def test_outcome_is_final_when_as_of_reaches_the_end_of_the_window(run, opportunities):
    facts = {"lead_status_changes": [status(NOON)], "opportunities": opportunities}
    is_converted = opportunities != []
    due_at = NOON + 90 * DAY
    early = one(run(due_at - MICROSECOND, **facts)["evaluation_points"])
    assert (early["is_mature"], early["is_converted"]) == (False, is_converted)
    tables = run(due_at, **facts)
    due = one(tables["evaluation_points"])
    assert (due["is_mature"], due["is_converted"]) == (True, is_converted)
    assert one(tables["score_calibration"])["converted"] == int(is_converted)


def test_outcome_that_is_not_final_counts_nowhere(run):
    facts = {"lead_status_changes": [status(NOON)], "opportunities": [deal(NOON + DAY)]}
    tables = run(NOON + 90 * DAY - MICROSECOND, **facts)
    for table in ("score_calibration", "threshold_recommendation", "signal_lift"):
        assert tables[table] == []
    assert tables["model_comparison"] == []
    month = one(tables["model_monitor"])
    assert (month["leads"], month["mature_leads"], month["converted"]) == (1, 0, 0)
    assert {row["leads_with"] + row["leads_without"] for row in tables["pattern_lift"]} == {0}
    assert tables["prediction_features"]


def test_opportunity_without_a_stage_before_leaves_nothing_to_predict(run):
    tables = run(opportunities=[deal(NOON)], lead_status_changes=[status(NOON + DAY)])
    assert tables["lead_stages"][0]["opportunity_at"] == NOON
    assert tables["evaluation_points"] == tables["prediction_features"] == []


def test_lead_that_nobody_took_up_has_no_point(run):
    assert run()["evaluation_points"] == []
    lost = run(lead_status_changes=[status(NOON, "disqualified", reason_code="competitor")])
    assert [row["stage"] for row in lost["lead_stage_history"]] == ["lead", "disqualified"]
    assert lost["evaluation_points"] == []


def test_disqualified_lead_is_judged_when_it_comes_back(run):
    tables = run(
        lead_status_changes=[
            status(NOON, "disqualified", reason_code="competitor"),
            status(NOON + DAY, "reopened"),
            status(NOON + 2 * DAY),
        ]
    )
    row = one(tables["evaluation_points"])
    assert (row["evaluated_at"], row["evaluated_stage"]) == (NOON + 2 * DAY, "mql")


def test_stage_of_sales_is_a_point_and_later_ones_are_not(run):
    call = {"lead_id": "L1", "activity_type": "call", "outcome": "connected"}
    tables = run(
        sales_activities=[call | {"occurred_at": NOON.isoformat(" ")}],
        lead_status_changes=[status(NOON + DAY, "accepted")],
    )
    row = one(tables["evaluation_points"])
    assert (row["evaluated_at"], row["evaluated_stage"]) == (NOON, "sql_working")


def test_score_at_the_point_counts_what_happens_at_that_instant(run):
    events = [visit(NOON), visit(NOON + MICROSECOND + DAY)]
    tables = run(web_events=events, lead_status_changes=[status(NOON)])
    before = [row for row in tables["lead_score_history"] if row["valid_from"] == NOON]
    calibration = one(tables["score_calibration"], scoring_model="guide")
    assert len(before) == 1
    assert calibration["bin_from"] <= before[0]["score"] < calibration["bin_to"]
    without = run(web_events=[visit(NOON + MICROSECOND)], lead_status_changes=[status(NOON)])
    assert one(without["score_calibration"])["bin_from"] < calibration["bin_from"]


def test_challenger_judges_the_leads_that_it_scores(run):
    mail = {"email": "l1@acme.com", "event_type": "clicked", "program": "cold_outbound"}
    tables = run(
        leads=[LEAD, LEAD | {"lead_id": "L2", "email": "l2@acme.com"}],
        email_events=[mail | {"occurred_at": (NOON - DAY).isoformat(" ")}],
        lead_status_changes=[status(NOON), status(NOON, lead_id="L2")],
    )
    comparison = [
        (row["champion"], row["scoring_model"], row["is_champion"], row["leads"])
        for row in tables["model_comparison"]
    ]
    assert comparison == [("guide", "guide", True, 2), ("guide", "cold_email", False, 1)]
    month = one(tables["model_monitor"], scoring_model="cold_email")
    assert (month["month"], month["leads"], month["mature_leads"]) == (date(2026, 3, 1), 1, 1)


def test_challenger_whose_first_signal_is_later_scores_the_point_too(run):
    mail = {"email": "l1@acme.com", "event_type": "clicked", "program": "cold_outbound"}
    tables = run(
        email_events=[mail | {"occurred_at": (NOON + DAY).isoformat(" ")}],
        lead_status_changes=[status(NOON)],
    )
    models = {row["scoring_model"]: row["leads"] for row in tables["threshold_recommendation"]}
    assert models == {"guide": 1, "cold_email": 1}
    clicks = one(tables["signal_lift"], scoring_model="cold_email", signal="cold_email_click")
    assert (clicks["leads_with"], clicks["leads_without"]) == (0, 1)


# Calibration and thresholds


@pytest.mark.parametrize(
    ("score", "bin_from"),
    [("0", 0), ("9.9999", 0), ("10", 10), ("-0.0001", -10), ("-10", -10), ("-10.5", -20)],
)
def test_lower_edge_belongs_to_its_bin(score, bin_from):
    assert bin_of(Decimal(score), Decimal(10)) == bin_from


def test_bins_accumulate_from_the_top_and_leave_out_empty_ones(policy):
    points = [
        point("a", "-3"),
        point("b", "5"),
        point("c", "9", is_converted=True),
        point("d", "40", is_converted=True),
        point("e", "40", is_mature=False),
    ]
    rows = score_calibration(points, policy, AS_OF)
    assert [tuple(row.values())[1:5] for row in rows] == [
        (-10, 0, 1, 0),
        (0, 10, 2, 1),
        (40, 50, 1, 1),
    ]
    cumulative = [(row["cumulative_leads"], row["cumulative_converted"]) for row in rows]
    assert cumulative == [(4, 2), (3, 2), (1, 1)]
    assert (rows[1]["conversion_low"], rows[1]["conversion_high"]) == wilson(1, 2)
    assert (rows[1]["cumulative_low"], rows[1]["cumulative_high"]) == wilson(2, 3)


def test_recommendation_is_the_lowest_bin_that_reaches_the_target_exactly():
    bins = score_bins(outcomes(other="0 10 10 20 30", converted="20 30"), Decimal(10))
    ratios = [(b.cumulative_converted, b.cumulative_leads) for b in bins]
    assert ratios == [(2, 7), (2, 6), (2, 4), (1, 2)]
    assert recommended_bin(bins, Decimal("0.5"), 2).bin_from == 20
    assert recommended_bin(bins, Decimal("0.51"), 2) is None
    assert recommended_bin(bins, Decimal("0.5"), 5) is None
    assert recommended_bin(bins, Decimal("0.25"), 7).bin_from == 0


def scores_of(**converted_of_leads: str) -> list[ScoreBin]:
    """Bins from 0, 10, 20 on, each with how many of how many leads converted."""
    found = []
    for number, text in enumerate(converted_of_leads.values()):
        converted, leads = map(int, text.split("/"))
        found += [Outcome(Decimal(10 * number), place < converted) for place in range(leads)]
    return score_bins(found, Decimal(10))


def test_step_is_the_edge_that_two_rates_explain_best():
    bins = scores_of(cold="0/30", warm="0/30", hot="15/30", very_hot="15/30")
    # At 20: 0 of 60 and 30 of 60; at 10: 0 of 30 and 30 of 90; at 30: 15 of 90 and 15 of 30.
    step, size = largest_step(bins, 30)
    assert (step.bin_from, size) == (20, Decimal("0.5"))
    assert largest_step(bins, 60)[0].bin_from == 20
    assert largest_step(bins, 61) == (None, None)
    assert largest_step(bins[:1], 1) == (None, None)
    assert largest_step([], 1) == (None, None)


def test_gain_in_log_likelihood():
    # 30 ln 0.5 against 15 ln 0.25 + 45 ln 0.75: 12.945693 more.
    assert twice_the_gain(0, 30, 15, 30) == Decimal("25.89138652")
    assert twice_the_gain(3, 30, 3, 30) == 0
    assert twice_the_gain(30, 30, 30, 30) == 0


@pytest.mark.parametrize(("hot", "is_step"), [("7/30", False), ("8/30", True)])
def test_step_is_certain_to_one_in_a_thousand(hot, is_step):
    # 7 of 30 against none of 30 gain 10.6313, 8 of 30 12.3.
    step, _ = largest_step(scores_of(cold="0/30", hot=hot), 30)
    assert (step is not None) is is_step


def test_step_leads_up():
    """Where leads convert less above an edge it is not a threshold, however certain that is."""
    assert largest_step(scores_of(cold="15/30", hot="0/30"), 30) == (None, None)
    step, size = largest_step(scores_of(cold="0/30", hot="15/30"), 30)
    assert (step.bin_from, size) == (10, Decimal("0.5"))


def test_score_that_does_not_vary_or_ranks_like_a_coin_does_not_separate():
    assert not separates(outcomes(converted="5 5", other="5 5 5"))
    assert not separates(outcomes(converted="10 20", other="10 20"))
    # 5 of 6 pairs: an area of 0.83, from 0.41 on.
    assert not separates(outcomes(converted="20 40", other="10 30 10"))
    assert separates(outcomes(converted="40 50", other="10 20"))
    assert separates(outcomes(converted="10 20", other="40 50"))
    # Where nobody converts nothing can say so.
    assert separates(outcomes(other="10 20"))


@pytest.mark.parametrize(
    ("leads", "current", "recommended", "separates", "verdict"),
    [
        (29, 31, 0, False, "insufficient_data"),
        (30, 31, 20, False, "no_separation"),
        (30, 31, None, False, "no_separation"),
        (30, 31, None, True, "unreachable"),
        (30, 31, 20, True, "lower"),
        (30, 30, 20, True, "lower"),
        (30, "29.5", 20, True, "keep"),
        (30, 20, 20, True, "keep"),
        (30, 20, 30, True, "raise"),
    ],
)
def test_threshold_verdict(leads, current, recommended, separates, verdict):
    bound = None if recommended is None else Decimal(recommended)
    found = threshold_verdict(leads, Decimal(current), bound, Decimal(10), 30, separates=separates)
    assert found == verdict


def test_threshold_says_how_many_leads_would_have_passed(small):
    points = [
        point("a", "30.9"),
        point("b", "31"),
        point("c", "52", is_converted=True),
        point("d", "55"),
        point("e", "99", is_mature=False),
    ]
    row = one(threshold_recommendation(points, small, AS_OF))
    assert (row["leads"], row["converted"], row["target_rate"]) == (4, 1, Decimal("0.25"))
    assert (row["current_threshold"], row["current_leads"], row["current_converted"]) == (31, 3, 1)
    assert (row["recommended_threshold"], row["recommended_leads"]) == (30, 4)
    assert row["recommended_rate"] == Decimal("0.25")
    assert (row["jump_threshold"], row["jump_size"], row["jump_low"]) == (None, None, None)
    assert (row["basis"], row["verdict"]) == ("opportunity", "no_separation")


def test_threshold_with_a_step(small):
    points = [point(f"a{n}", "5") for n in range(8)]
    points += [point(f"b{n}", "45", is_converted=True) for n in range(8)]
    row = one(threshold_recommendation(points, small, AS_OF))
    assert (row["jump_threshold"], row["jump_leads"], row["jump_converted"]) == (40, 8, 8)
    assert (row["jump_size"], row["jump_low"]) == (1, wilson(8, 8)[0])
    # Half of all is enough, so the threshold of 31 could be 0.
    assert (row["recommended_threshold"], row["verdict"]) == (0, "lower")


def test_threshold_by_what_was_won(small):
    won = [SalesContact(f"w{n}", NOON, {"guide": state("45")}, True) for n in range(2)]
    lost = [SalesContact(f"l{n}", NOON, {"guide": state("5")}, False) for n in range(3)]
    elsewhere = [SalesContact("x", NOON, {"no_longer_there": state("5")}, False)]
    rows = threshold_recommendation([point("a", "40")], small, AS_OF, [*won, *lost, *elsewhere])
    assert [(row["scoring_model"], row["basis"]) for row in rows] == [
        ("guide", "opportunity"),
        ("guide", "closed_won"),
    ]
    row = one(rows, basis="closed_won")
    assert (row["leads"], row["converted"], row["current_leads"]) == (5, 2, 2)
    assert (row["recommended_threshold"], row["verdict"]) == (0, "lower")
    assert (row["auc"], row["auc_low"], row["auc_high"]) == (1, 1, 1)
    assert one(rows, basis="opportunity")["auc"] is None


YEAR_AGO = AS_OF - 365 * DAY


@pytest.mark.parametrize(
    ("called_at", "closed_at", "is_won", "expected"),
    [
        (YEAR_AGO, None, "", None),
        (YEAR_AGO + MICROSECOND, None, "", False),
        # Without a deal it must be older than a cohort must be.
        (AS_OF - 90 * DAY - MICROSECOND, None, "", False),
        (AS_OF - 90 * DAY, None, "", None),
        (AS_OF - 30 * DAY, AS_OF - 10 * DAY, "true", True),
        (AS_OF - 30 * DAY, AS_OF - 10 * DAY, "false", False),
        (AS_OF - 30 * DAY, AS_OF + DAY, "true", None),
        # What was decided before the call says nothing of it.
        (AS_OF - 30 * DAY, AS_OF - 40 * DAY, "false", None),
        (AS_OF - 30 * DAY, AS_OF - 40 * DAY, "true", None),
    ],
)
def test_leads_whose_outcome_is_known(run, called_at, closed_at, is_won, expected):
    deals = []
    if closed_at is not None:
        closed = {"closed_at": closed_at.isoformat(" "), "is_won": is_won}
        deals = [deal(AS_OF - 50 * DAY) | closed]
    first_seen = min(called_at, AS_OF - 60 * DAY)
    call = {"lead_id": "L1", "activity_type": "call", "occurred_at": called_at.isoformat(" ")}
    later = call | {"occurred_at": (AS_OF - DAY).isoformat(" ")}
    machine = call | {
        "occurred_at": first_seen.isoformat(" "),
        "activity_type": "email",
        "is_automated": "true",
    }
    rows = run(
        leads=[LEAD | {"created_at": first_seen.isoformat(" ")}],
        sales_activities=[machine, later, call],
        opportunities=deals,
    )["threshold_recommendation"]
    found = [row for row in rows if row["basis"] == "closed_won"]
    if expected is None:
        assert found == []
    else:
        assert (one(found)["leads"], one(found)["converted"]) == (1, int(expected))


def test_score_is_that_of_the_first_contact(run):
    """A demo request makes 30 points, a title 15: above 31 together."""
    at = AS_OF - 100 * DAY
    call = {"lead_id": "L1", "activity_type": "call", "occurred_at": at.isoformat(" ")}

    def passing(asked_at: datetime) -> int:
        asked = {"activity_type": "demo_request", "occurred_at": asked_at.isoformat(" ")}
        rows = run(
            accounts=[], sales_activities=[call], marketing_activities=[asked | {"lead_id": "L1"}]
        )["threshold_recommendation"]
        return one(rows, scoring_model="guide", basis="closed_won")["current_leads"]

    assert (passing(at), passing(at + MICROSECOND)) == (1, 0)


def test_threshold_without_a_conversion_has_no_recommendation(small):
    row = one(threshold_recommendation([point("a", "1"), point("b", "40")], small, AS_OF))
    names = [name for name in row if name.startswith(("recommended_", "jump_"))]
    assert {row[name] for name in names} == {None}
    assert row["verdict"] == "unreachable"


# Ranking


@pytest.mark.parametrize(
    ("converted", "other", "area"),
    [
        ("3 4", "1 2", "1"),
        ("1 2", "3 4", "0"),
        ("5 5", "5 5 5", "0.5"),
        ("3", "3 1", "0.75"),
        ("-1 7", "-1 0 8", "0.25"),
    ],
)
def test_auc_counts_ties_half(converted, other, area):
    expected = Decimal(area)
    if (converted, other) == ("-1 7", "-1 0 8"):
        expected = Decimal("2.5") / 6
    assert auc(outcomes(converted=converted, other=other)) == expected


def test_auc_interval_of_the_published_example():
    # Hanley and McNeil 1982: an area of 0.893 over 51 abnormal and 58 normal images.
    low, high = auc_interval(Decimal("0.893"), 51, 58)
    assert abs((high - low) / 2 / Decimal("1.959964") - Decimal("0.032")) < Decimal("0.001")
    assert auc_interval(Decimal(1), 3, 4) == (1, 1)
    assert auc_interval(Decimal("0.9"), 2, 2)[1] > 1


def test_best_tenth_is_rounded_up_and_shares_the_tied_places():
    ten = outcomes(converted="9", other="9 1 1 1 1 1 1 1 1")
    assert top_decile_rate(ten) == Decimal("0.5")
    assert top_decile_lift(ten) == 5
    eleven = outcomes(converted="9 5", other="5 5 5 1 1 1 1 1 1")
    # Two places: the 9, and a quarter of each of the four that tie at 5.
    assert top_decile_rate(eleven) == Decimal("1.25") / 2


def test_brier_predicts_with_the_rate_of_the_bin():
    own = outcomes(converted="10 19.9 0", other="10 12 3")
    expected = (4 * Decimal("0.25") + 2 * Decimal("0.25")) / 6
    assert brier_score(own, Decimal(10)) == expected
    perfect = outcomes(converted="20", other="19")
    assert brier_score(perfect, Decimal(10)) == 0


@pytest.mark.parametrize("results", [{}, {"converted": "1 2"}, {"other": "1 2"}])
def test_nothing_can_be_ranked_where_all_end_alike(results):
    own = outcomes(**results)
    assert auc(own) is top_decile_rate(own) is top_decile_lift(own) is None
    assert brier_score(own, Decimal(10)) is None


def test_comparison_is_over_the_leads_that_both_models_score(policy):
    points = [
        point("a", "10", cold_email="30"),
        point("b", "20", is_converted=True, cold_email="20"),
        point("c", "30", is_converted=True, cold_email="10"),
        point("d", "99"),
        point("e", "5", is_converted=True, is_mature=False, cold_email="99"),
        point("f", "1", is_converted=True, model="cold_email"),
    ]
    rows = model_comparison(points, policy, AS_OF)
    champion = one(rows, champion="guide", scoring_model="guide")
    assert (champion["leads"], champion["converted"], champion["auc"]) == (4, 2, Decimal("0.5"))
    assert champion["auc_difference"] == 0
    challenger = one(rows, champion="guide", scoring_model="cold_email")
    assert (challenger["leads"], challenger["converted"], challenger["is_champion"]) == (
        3,
        2,
        False,
    )
    assert (challenger["auc"], challenger["champion_auc"]) == (0, 1)
    assert (challenger["auc_low"], challenger["auc_difference"]) == (0, -1)
    assert challenger["top_decile_lift"] == 0
    assert challenger["champion_top_decile_lift"] == Decimal("1.5")
    other = one(rows, champion="cold_email")
    assert (other["leads"], other["base_rate"], other["auc"], other["champion_auc"]) == (
        1,
        1,
        None,
        None,
    )


# Drift


def test_distribution_has_every_band_and_grade_of_each_month(policy):
    april = datetime(2026, 4, 1)
    points = [
        point("a", "10", at=april - MICROSECOND),
        point("b", "10", at=april),
        point("c", "10", at=april, is_mature=False),
    ]
    points[2].states["guide"] = state("80", "hot", "B")
    rows = score_distribution(points, policy, AS_OF)
    members = [(row["kind"], row["member"]) for row in rows if row["month"] == date(2026, 4, 1)]
    assert members == [
        *(("score_band", band) for band in ("cold", "warm", "hot", "very_hot")),
        *(("grade", grade) for grade in "ABCDF"),
    ]
    assert len(rows) == 18
    cold = one(rows, month=date(2026, 4, 1), member="cold")
    assert (cold["leads"], cold["month_leads"], cold["share_rate"]) == (1, 2, Decimal("0.5"))
    assert (cold["share_low"], cold["share_high"]) == wilson(1, 2)
    assert (cold["earlier_leads"], cold["earlier_month_leads"], cold["earlier_share_rate"]) == (
        1,
        1,
        1,
    )
    assert one(rows, month=date(2026, 4, 1), member="B")["leads"] == 1
    assert one(rows, month=date(2026, 3, 1), member="cold")["earlier_share_rate"] is None


def test_monitor_holds_each_month_against_all_before(small):
    def month(number: int) -> datetime:
        return datetime(2026, number, 15)

    points = [
        point("a", "10", at=month(1)),
        point("b", "20", at=month(1), is_converted=True),
        point("c", "30", at=month(2)),
        point("d", "50", at=month(4)),
        point("e", "60", at=month(4), is_converted=True),
        point("f", "70", at=month(4), is_mature=False),
    ]
    january, february, april = model_monitor(points, small, AS_OF)
    assert (january["earlier_leads"], january["earlier_mean_score"]) == (0, None)
    assert january["population_stability_index"] is january["earlier_rate"] is None
    assert january["score_verdict"] == january["rate_verdict"] == "insufficient_data"
    assert (january["mean_score"], january["auc"]) == (15, 1)
    assert (february["mean_score"], february["mean_score_z"], february["auc"]) == (30, None, None)
    assert (april["leads"], april["mature_leads"], april["converted"]) == (3, 2, 1)
    assert (april["mean_score"], april["earlier_mean_score"]) == (60, 20)
    # Both sides vary by 100 and have three leads: 40 by the root of 200 / 3.
    z = Decimal(40) / (Decimal(200) / 3).sqrt()
    assert abs(april["mean_score_z"] - z) < NINE_PLACES
    assert april["score_verdict"] == "higher"
    assert (april["earlier_mature_leads"], april["earlier_converted"]) == (3, 1)
    assert april["rate_z"] == proportions_z(1, 2, 1, 3)
    assert (april["rate_verdict"], april["population_stability_index"]) == ("stable", 0)


def test_monitor_compares_known_outcomes_only(small):
    january, february = datetime(2026, 1, 15), datetime(2026, 2, 15)
    points = [
        point("a", "10", at=january),
        point("b", "20", at=january, is_converted=True),
        point("c", "30", at=january, is_mature=False),
        point("d", "40", at=february, is_mature=False),
    ]
    month = one(model_monitor(points, small, AS_OF), month=date(2026, 2, 1))
    assert (month["earlier_leads"], month["earlier_mature_leads"]) == (3, 2)
    assert (month["earlier_rate"], month["rate_z"]) == (Decimal("0.5"), None)
    assert (month["mature_leads"], month["base_rate"], month["auc"]) == (0, None, None)


def test_means_need_two_values_that_vary():
    low, high = [Decimal(1), Decimal(1)], [Decimal(2), Decimal(2)]
    assert means_z(low, high) is means_z(low[:1], [*high, *low]) is None
    assert means_z([*low, *high], low) > 0
    tenth = [Decimal("0.1")] * 7
    assert means_z(tenth, tenth) is None


def test_stability_index_of_a_shift():
    assert stability_index([5, 5], [9, 9]) == pytest.approx(0, abs=1e-20)
    # Shares 0.7 and 0.3 against 0.1 and 0.9, with half a lead in each band.
    expected = Decimal("0.6") * Decimal(21).ln()
    assert abs(stability_index([3, 1], [0, 4]) - expected) < NINE_PLACES


@pytest.mark.parametrize(
    ("leads", "earlier", "z", "verdict"),
    [
        (30, 30, "3.29", "higher"),
        (30, 30, "-3.29", "lower"),
        (30, 30, "3.2899", "stable"),
        (29, 30, "9", "insufficient_data"),
        (30, 29, "9", "insufficient_data"),
        (30, 30, None, "insufficient_data"),
    ],
)
def test_drift_verdict(leads, earlier, z, verdict):
    assert drift_verdict(leads, earlier, None if z is None else Decimal(z), 30) == verdict


# Patterns


def derived_at(policy: Policy, at: datetime) -> list[Signal]:
    """A signal that is an e-mail open by name and derived by source."""
    return [replace(s, source="derived_signals") for s in signals_at(policy, "email_open", at)]


def with_derived(policy: Policy) -> Policy:
    """The policy with one row of derived_signals.csv."""
    row = DerivedSignal("email_open", "repeat", ["email_click"], 2, "event", 7 * DAY, None)
    return replace(policy, derived_signals=[row])


def test_a_derived_signal_is_a_pattern_from_its_instant_on(policy):
    opened, derived = signals_at(policy, "email_open", NOON), derived_at(policy, NOON)
    assert has_pattern("email_open", derived, NOON)
    assert not has_pattern("email_open", derived, NOON - MICROSECOND)
    assert not has_pattern("email_open", opened, NOON)
    assert not has_pattern("email_click", derived, NOON)


def test_velocity_looks_back_less_than_seven_days(policy):
    own = signals_at(policy, "pricing_page_visit", NOON - 7 * DAY)
    assert meaningful_in_days(own, NOON, 7) == 0
    assert velocity_of(own, NOON) == "velocity_0"
    assert velocity_of(own, NOON - MICROSECOND) == "velocity_1_to_2"
    assert velocity_of(signals_at(policy, "pricing_page_visit", NOON), NOON) == "velocity_1_to_2"
    assert velocity_of(signals_at(policy, "blog_view", NOON), NOON) == "velocity_0"
    later = signals_at(policy, "pricing_page_visit", NOON + MICROSECOND)
    assert velocity_of(later, NOON) == "velocity_0"


@pytest.mark.parametrize(
    ("number", "bucket"),
    [(2, "1_to_2"), (3, "3_to_5"), (5, "3_to_5"), (6, "6_or_more"), (60, "6_or_more")],
)
def test_velocity_buckets(policy, number, bucket):
    own = signals_at(policy, "pricing_page_visit", *[NOON] * number)
    assert velocity_of(own, NOON) == f"velocity_{bucket}"


# Lift


def test_lift_of_with_over_without():
    row = lift_columns(30, 60, 10, 40, 30)
    assert (row["with_rate"], row["without_rate"], row["lift"]) == (
        Decimal("0.5"),
        Decimal("0.25"),
        2,
    )
    assert (row["lift_low"], row["lift_high"]) == ratio_interval(30, 60, 10, 40)
    # 0.25 by the root of 0.4 * 0.6 * (1/60 + 1/40) = 0.01.
    assert abs(row["z_score"] - Decimal("2.5")) < NINE_PLACES
    assert row["verdict"] == "unclear"


def test_lift_without_a_conversion_on_one_side():
    none_with = lift_columns(0, 50, 25, 50, 30)
    assert (none_with["lift"], none_with["lift_low"], none_with["lift_high"]) == (0, None, None)
    assert none_with["verdict"] == "predicts_less"
    none_without = lift_columns(25, 50, 0, 50, 30)
    assert none_without["lift"] is none_without["lift_low"] is None
    assert none_without["verdict"] == "predicts_more"
    nobody = lift_columns(0, 0, 5, 50, 30)
    assert nobody["with_rate"] is nobody["lift"] is nobody["z_score"] is None
    for all_or_none in (0, 50):
        alike = lift_columns(all_or_none, 50, all_or_none, 50, 30)
        assert (alike["z_score"], alike["verdict"]) == (None, "insufficient_data")


@pytest.mark.parametrize(
    ("leads_with", "leads_without", "z", "verdict"),
    [
        (30, 30, "3.29", "predicts_more"),
        (30, 30, "-3.29", "predicts_less"),
        (30, 30, "-3.2899", "unclear"),
        (29, 30, "5", "insufficient_data"),
        (30, 29, "5", "insufficient_data"),
    ],
)
def test_lift_verdict(leads_with, leads_without, z, verdict):
    assert lift_verdict(leads_with, leads_without, Decimal(z), 30) == verdict


@pytest.mark.parametrize(
    ("points", "verdict", "rejection", "low", "high", "higher", "suggestion"),
    [
        (10, "insufficient_data", "drives_rejection", "9", "9", "1", "insufficient_data"),
        (10, "predicts_less", "drives_rejection", "0.1", "0.5", None, "remove"),
        (10, "predicts_more", "drives_rejection", "2", "3", "1", "lower"),
        (10, "unclear", "protects", "0.8", "1.1999", None, "lower"),
        (10, "unclear", None, "0.8", "1.2", None, "keep"),
        (10, "unclear", None, None, None, None, "keep"),
        (10, "unclear", None, "2", "3", "1", "keep"),
        (10, "predicts_more", None, "2", "3", "1.9", "raise"),
        (10, "predicts_more", None, "2", "3", "2", "keep"),
        (10, "predicts_more", None, "2", "3", None, "keep"),
        (10, "predicts_more", None, None, None, "1", "keep"),
        (0, "predicts_more", None, "1.1", "3", None, "raise"),
        (0, "predicts_more", "drives_rejection", "1.1", "3", None, "keep"),
        (0, "predicts_less", None, "0.1", "0.5", None, "lower"),
        (0, "unclear", "drives_rejection", "0.1", "0.5", None, "keep"),
        (-5, "predicts_more", "drives_rejection", "2", "3", None, "remove"),
        (-5, "predicts_less", None, "0.1", "0.5", None, "keep"),
        (-5, "unclear", "drives_rejection", "0.5", "1", None, "keep"),
        (-5, "insufficient_data", None, "2", "3", None, "insufficient_data"),
    ],
)
def test_suggestion(points, verdict, rejection, low, high, higher, suggestion):
    def number(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text)

    row = {
        "current_points": points,
        "verdict": verdict,
        "rejection_verdict": rejection,
        "lift_low": number(low),
        "lift_high": number(high),
    }
    assert suggestion_of(row, number(higher), Decimal("1.2")) == suggestion


def test_median_lift_of_signals_with_more_points():
    def row(points: int, lift: int | None, verdict: str = "unclear") -> dict[str, Any]:
        lift_value = None if lift is None else Decimal(lift)
        return {"current_points": points, "lift": lift_value, "verdict": verdict}

    rows = [
        row(5, 9),
        row(10, 2),
        row(20, 5),
        row(30, None),
        row(40, 99, "insufficient_data"),
    ]
    assert lift_of_higher_points(5, rows) == Decimal("3.5")
    assert lift_of_higher_points(4, rows) == 5
    assert lift_of_higher_points(20, rows) is None


def test_signal_counts_up_to_the_point_and_has_its_points(small):
    visits = signals_at(small, "pricing_page_visit", NOON)
    late = signals_at(small, "pricing_page_visit", NOON + MICROSECOND)
    points = [
        point("a", "1", is_converted=True, signals=visits),
        point("b", "1", is_converted=True, signals=visits * 2),
        point("c", "1", signals=late),
        point("d", "1", is_converted=True, signals=signals_at(small, "blog_view", NOON)),
        point("e", "1", is_mature=False, signals=signals_at(small, "video_watch", NOON)),
    ]
    drivers = [
        {"scoring_model": "guide", "item_kind": kind, "item": item, "verdict": verdict}
        for kind, item, verdict in (
            ("fit_criterion", "blog_view", "protects"),
            ("signal", "pricing_page_visit", "drives_rejection"),
        )
    ]
    rows = signal_lift(points, drivers, small, AS_OF)
    assert {row["signal"] for row in rows} == {*small.point_rules["guide"], "blog_view"}
    visited = one(rows, signal="pricing_page_visit")
    assert (visited["component"], visited["current_points"]) == ("behaviour", 15)
    assert (visited["leads_with"], visited["converted_with"]) == (2, 2)
    assert (visited["leads_without"], visited["converted_without"]) == (2, 1)
    assert (visited["lift"], visited["rejection_verdict"]) == (2, "drives_rejection")
    assert (visited["verdict"], visited["suggestion"]) == ("unclear", "lower")
    blog = one(rows, signal="blog_view")
    assert (blog["component"], blog["current_points"]) == (None, 0)
    assert blog["rejection_verdict"] is None
    never = one(rows, signal="demo_request")
    assert (never["leads_with"], never["suggestion"]) == (0, "insufficient_data")


def test_every_pattern_and_velocity_has_a_row(policy):
    visits = signals_at(policy, "pricing_page_visit", NOON, NOON, NOON)
    points = [
        point("a", "1", is_converted=True, signals=[*visits, *derived_at(policy, NOON)]),
        point("b", "1"),
        point("c", "1", is_mature=False),
    ]
    rows = pattern_lift(points, with_derived(policy), AS_OF)
    counts = {row["pattern"]: (row["leads_with"], row["converted_with"]) for row in rows}
    nobody = (0, 0)
    assert counts == {
        "email_open": (1, 1),
        "velocity_0": (1, 0),
        "velocity_1_to_2": nobody,
        "velocity_3_to_5": (1, 1),
        "velocity_6_or_more": nobody,
    }
    empty = one(pattern_lift([], policy, AS_OF), pattern="velocity_0")
    assert (empty["leads_with"], empty["leads_without"], empty["with_rate"]) == (0, 0, None)


# Features


def test_features_of_a_lead_at_its_point(run):
    rows = run(
        leads=[LEAD | {"job_title": ""}],
        accounts=[ACME | {"country": "us", "industry": "Retail", "status": "acquired"}],
        web_events=[
            visit(NOON - 7 * DAY, "/product"),
            visit(NOON - 12 * HOUR, "/product"),
            visit(NOON, "/blog/a"),
            visit(NOON + MICROSECOND),
        ],
        lead_status_changes=[status(NOON)],
    )["prediction_features"]
    assert {row["feature"]: row["value"] for row in rows} == {
        "channel=inbound": 1,
        "motion=inbound": 1,
        "intent_class=content": 1,
        "company_segment=mid_market": 1,
        "country=US": 1,
        "industry=Retail": 1,
        "email_domain_kind=corporate": 1,
        "grade=C": 1,
        "profile=standard": 1,
        "fit_matched=company_size": 1,
        "fit_matched=geography": 1,
        "count:product_page_visit": 2,
        "recency:product_page_visit": Decimal("0.6666666667"),
        "count:blog_view": 1,
        "recency:blog_view": 1,
        "meaningful_7_days": 1,
        "meaningful_30_days": 2,
        "days_since_first_seen": 9,
    }


def test_features_that_are_zero_or_unknown_have_no_row(policy):
    own = point("a", "1", signals=signals_at(policy, "blog_view", NOON - 30 * DAY))
    assert features_of(own, policy) == {
        "channel=inbound": 1,
        "motion=inbound": 1,
        "intent_class=content": 1,
        "company_segment=unknown": 1,
        "grade=A": 1,
        "profile=standard": 1,
        "count:blog_view": 1,
        "recency:blog_view": Decimal(1) / 31,
    }


def test_pattern_is_a_feature(policy):
    own = point("a", "1", signals=derived_at(policy, NOON))
    features = features_of(own, with_derived(policy))
    assert features["pattern:email_open"] == 1
    assert not any(name.startswith("pattern:velocity") for name in features)


def test_what_happens_after_the_point_changes_no_feature(run):
    before = {"web_events": [visit(NOON - DAY)], "lead_status_changes": [status(NOON)]}
    features = run(**before)["prediction_features"]
    after = run(
        web_events=[*before["web_events"], visit(NOON + MICROSECOND), visit(NOON + DAY)],
        lead_status_changes=[*before["lead_status_changes"], status(NOON + DAY, "accepted")],
        opportunities=[deal(NOON + 2 * DAY)],
    )
    assert one(after["evaluation_points"])["is_converted"]
    assert after["prediction_features"] == features


def test_feature_is_dated_where_changes_of_its_attribute_are_known(run):
    def change(record_id: str, attribute: str) -> dict[str, str]:
        values = {"object": "account", "old_value": "10", "new_value": "200"}
        at = {"change_id": f"{record_id} {attribute}", "changed_at": "2026-03-02 00:00:00"}
        return values | at | {"record_id": record_id, "attribute": attribute}

    def undated(*changes: dict[str, str]) -> set[str]:
        rows = run(
            leads=[LEAD, LEAD | {"lead_id": "L2", "email": "l2@beta.com", "account_id": "beta"}],
            accounts=[ACME, ACME | {"account_id": "beta", "domain": "beta.com", "country": "US"}],
            web_events=[visit(NOON - DAY)],
            lead_status_changes=[status(NOON)],
            attribute_changes=list(changes),
        )["prediction_features"]
        assert all(row["is_usable"] is row["is_dated"] for row in rows)
        return {row["feature"] for row in rows if not row["is_dated"]}

    nothing_known = {
        "company_segment=mid_market",
        "industry=Software",
        "grade=B",
        "fit_matched=company_size",
        "fit_matched=industry",
        "fit_matched=job_title",
    }
    assert undated() == nothing_known
    # One of another account will do.
    assert undated(change("beta", "employee_count")) == nothing_known - {
        "company_segment=mid_market",
        "fit_matched=company_size",
    }
    # An account without a lead tells nothing.
    assert undated(change("gamma", "employee_count")) == nothing_known


def test_grade_is_dated_with_all_that_it_looks_at(policy):
    own = point("a", "1")
    rules = policy.fit_rules["guide"]
    looked_at = {rule.attribute for rule in rules if rule.counts_for_grade}
    other = {rule.attribute for rule in rules} - looked_at
    assert undated_features_of(own, policy, set()) == set()
    for attribute in looked_at:
        assert "grade" in undated_features_of(own, policy, {attribute})
    found = undated_features_of(own, policy, other)
    assert found == other | {"fit_matched=competitor", "fit_matched=company_closed"}


def test_undated_attributes_may_be_allowed(tmp_path):
    tables = {"leads": [LEAD], "accounts": [ACME], "lead_status_changes": [status(NOON)]}
    write_raw_rows(tmp_path, tables)
    rows = compute(tmp_path, POLICY, AS_OF, {"allow_undated_attributes": True})
    found = {(row["is_dated"], row["is_usable"]) for row in rows["prediction_features"]}
    assert found == {(False, True), (True, True)}
