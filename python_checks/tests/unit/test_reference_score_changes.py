"""Why a score moved, and what would lift a lead into the next band: by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from python_checks.reference.next_band import candidates
from python_checks.reference.policy import PointRule, Policy
from python_checks.reference.score_changes import (
    NOTHING_COUNTED,
    Entry,
    Side,
    explained,
    plain,
    shown,
    signed,
)
from python_checks.reference.scoring import ScoreState
from python_checks.tests.unit.dated_rules import DatedRun, change
from python_checks.tests.unit.raw_rows import Rows

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
    "created_at": "2026-03-01 10:00:00",
}
"""The perfect fit of the specification's example: 40 points in the model guide."""

PRICING_AT = "2026-03-02 09:00:00"
NOON = datetime(2026, 3, 12, 12)


@pytest.fixture
def run(tmp_path: Path) -> DatedRun:
    """Compute the tables from rows given by table, and from rules that change."""
    return DatedRun(tmp_path, leads=[LEAD], accounts=[ACME])


def page(at: str, path: str = "/about", **values: str) -> dict[str, str]:
    """A page view of lead L1, by default a mere visit."""
    return {
        "lead_id": "L1",
        "event_name": "page_view",
        "page_path": path,
        "occurred_at": at,
    } | values


PRICING = page(PRICING_AT, "/pricing")


def email(at: str, event_type: str) -> dict[str, str]:
    """An e-mail event of lead L1."""
    return {
        "email": "l1@acme.com",
        "program": "marketing",
        "event_type": event_type,
        "occurred_at": at,
    }


def changes(tables: dict[str, Rows]) -> dict[datetime, dict[str, Any]]:
    """The changes of the one lead by their time."""
    return {row["valid_from"]: row for row in tables["score_changes_explained"]}


def texts(row: dict[str, Any]) -> tuple[str | None, ...]:
    """What a change says, without numbers of its own."""
    return tuple(row[name] for name in ("began", "ended", "decayed", "explanation"))


# Changes


def test_example_of_the_specification(run):
    found = changes(run(as_of=datetime(2026, 4, 1, 9), web_events=[PRICING]))
    assert list(found) == [
        # 2 March 09:00 is 30 days before the clock: no longer told.
        datetime(2026, 3, 9, 9),
        datetime(2026, 4, 1, 9),
    ]
    row = found[datetime(2026, 3, 9, 9)]
    assert (row["lead_id"], row["scoring_model"]) == ("L1", "guide")
    assert (row["score_from"], row["score_to"]) == (Decimal("82.5"), 66)
    assert row["change"] == Decimal("-16.5")
    assert texts(row) == (
        None,
        None,
        "recency multiplier 1.5 to 1.2",
        "82.5 to 66 (-16.5): recency multiplier 1.5 to 1.2 on 55 points = -16.5",
    )


def test_signal_adds_points_and_restarts_recency(run):
    found = changes(run(as_of=NOON, web_events=[PRICING, page("2026-03-10 09:00:00")]))
    assert texts(found[datetime(2026, 3, 2, 9)]) == (
        "pricing_page_visit +15; recency multiplier 0.5 to 1.5",
        None,
        None,
        "20 to 82.5 (+62.5): began pricing_page_visit +15; "
        "points +15 (behaviour +15) x 1.5 = +22.5; "
        "recency multiplier 0.5 to 1.5 on 40 points = +40",
    )
    assert found[datetime(2026, 3, 10, 9)]["explanation"] == (
        "66 to 85.5 (+19.5): began website_visit +2; points +2 (behaviour +2) x 1.5 = +3; "
        "recency multiplier 1.2 to 1.5 on 55 points = +16.5"
    )


def test_lead_falls_asleep(run):
    as_of = datetime(2026, 5, 31, 9)
    row = changes(run(as_of=as_of, web_events=[PRICING]))[as_of]
    assert texts(row) == (
        None,
        "pricing_page_visit +15",
        "recency multiplier 0.7 to 0.5",
        "38.5 to 20 (-18.5): ended pricing_page_visit +15; "
        "points -15 (behaviour -15) x 0.5 = -7.5; "
        "recency multiplier 0.7 to 0.5 on 55 points = -11",
    )


def test_first_step_is_no_change_and_a_later_one_not_yet(run):
    assert run(as_of=datetime(2026, 3, 2, 8))["score_changes_explained"] == []
    tables = run(as_of=datetime(2026, 3, 2, 9), web_events=[PRICING])
    assert list(changes(tables)) == [datetime(2026, 3, 2, 9)]
    later = run(as_of=NOON, web_events=[PRICING], variables={"explained_days": 3})
    assert list(changes(later)) == []
    sooner = run(as_of=NOON, web_events=[PRICING], variables={"explained_days": 4})
    assert list(changes(sooner)) == [datetime(2026, 3, 9, 9)]


def test_penalty_stops_at_the_minimum_score(run):
    found = changes(
        run(
            as_of=NOON,
            web_events=[PRICING],
            email_events=[
                email("2026-03-03 09:00:00", "bounced"),
                email("2026-03-04 09:00:00", "spam_complaint"),
            ],
        )
    )
    assert found[datetime(2026, 3, 3, 9)]["explanation"] == (
        "82.5 to 72.5 (-10): began email_bounce -10; penalties -10"
    )
    assert found[datetime(2026, 3, 4, 9)]["explanation"] == (
        "72.5 to 0 (-72.5): began spam_complaint -100; penalties -100; minimum score +27.5"
    )
    # 55 points lose a fifth of their worth, which the minimum hides.
    assert datetime(2026, 3, 9, 9) in found
    assert found[datetime(2026, 3, 9, 9)]["explanation"] == (
        "0 to 0 (0): recency multiplier 1.5 to 1.2 on 55 points = -16.5; minimum score +16.5"
    )


def test_cap_keeps_points_away(run):
    downloads = [
        {"lead_id": "L1", "activity_type": "webinar_attendance", "asset": f"W{number}"}
        | {"occurred_at": f"2026-03-02 0{number}:00:00"}
        for number in range(1, 6)
    ]
    found = changes(run(as_of=NOON, marketing_activities=downloads))
    assert found[datetime(2026, 3, 2, 4)]["explanation"] == (
        "105 to 120 (+15): began webinar_attendance +10; points +10 (behaviour +10) x 1.5 = +15"
    )
    assert found[datetime(2026, 3, 2, 5)]["explanation"] == (
        "120 to 120 (0): began webinar_attendance +10; behaviour cap -10"
    )


def test_attribute_changes_the_fit(run):
    found = changes(
        run(
            as_of=NOON,
            attribute_changes=[
                {"change_id": "C1", "object": "account", "record_id": "acme"}
                | {"attribute": "employee_count", "changed_at": "2026-03-05 00:00:00"}
                | {"old_value": "10", "new_value": "200"},
                {"change_id": "C2", "object": "account", "record_id": "acme"}
                | {"attribute": "is_competitor", "changed_at": "2026-03-06 00:00:00"}
                | {"old_value": "false", "new_value": "true"},
            ],
            accounts=[ACME | {"is_competitor": "true"}],
        )
    )
    assert found[datetime(2026, 3, 5)]["explanation"] == (
        "15 to 20 (+5): began company_size +10; points +10 (fit +10) x 0.5 = +5"
    )
    assert found[datetime(2026, 3, 6)]["explanation"] == (
        "20 to 5 (-15): began competitor -15; penalties -15"
    )


def test_edited_points_end_and_begin(run):
    edit = change("signal_points", {"points": "20"}, scoring_model="guide", signal="email_click")
    tables = run(
        ("2026-03-10", edit),
        as_of=NOON,
        email_events=[
            email("2026-03-09 09:00:00", "clicked"),
            email("2026-03-09 10:00:00", "clicked"),
        ],
    )
    assert texts(changes(tables)[datetime(2026, 3, 10)]) == (
        "email_click +40 (2x)",
        "email_click +6 (2x)",
        None,
        "69 to 120 (+51): began email_click +40 (2x); ended email_click +6 (2x); "
        "points +34 (behaviour +34) x 1.5 = +51",
    )


def state(score: str, **values: Any) -> ScoreState:
    """A score of which only what a test names differs from nothing."""
    nothing = ScoreState(
        fit_points=0,
        behaviour_points=0,
        behaviour_points_uncapped=0,
        intent_points=0,
        intent_points_uncapped=0,
        recency_multiplier=Decimal(1),
        penalty_points=Decimal(0),
        score=Decimal(score),
        score_band="",
        score_level="",
        grade="",
        meaningful_signals=0,
        high_intent_signals=0,
        intent_signals=0,
    )
    return replace(nothing, **values)


def entry(item: str, points: int, component: str = "behaviour", record_id: str = "1") -> Entry:
    """Points of a signal."""
    return Entry(component, item, "web_events", record_id, points)


def test_inactivity_counts_as_a_penalty():
    before = Side(state("30", behaviour_points=30), frozenset([entry("visit", 30)]), 0)
    after = Side(state("20", behaviour_points=30, penalty_points=Decimal(-10)), before.entries, -10)
    assert texts(explained(before, after)) == (
        None,
        None,
        "inactivity penalty 0 to -10",
        "30 to 20 (-10): inactivity penalty 0 to -10; penalties -10",
    )
    assert texts(explained(after, before))[::2] == ("inactivity penalty -10 to 0", None)


def test_caps_of_two_components():
    before = Side(
        state("50", fit_points=40, behaviour_points=10),
        frozenset([entry("role", 45, "fit"), entry("visit", 10)]),
        0,
    )
    after = Side(
        state("53", fit_points=38, behaviour_points=15),
        frozenset([entry("role", 38, "fit"), entry("visit", 10), entry("visit", 7, record_id="2")]),
        0,
    )
    assert explained(before, after)["explanation"] == (
        "50 to 53 (+3): began role +38; visit +7; ended role +45; fit cap +5; behaviour cap -2; "
        "points +3 (fit -2, behaviour +5) x 1 = +3"
    )


def test_change_of_counts_alone():
    side = Side(state("5.25"), frozenset(), 0)
    row = explained(side, side)
    assert row["change"] == 0
    assert texts(row) == (None, None, None, f"5.25 to 5.25 (0): {NOTHING_COUNTED}")


def test_order_and_numbers_of_entries():
    entries = [
        entry("b", -10, "penalty"),
        entry("c", 4),
        entry("c", 4, record_id="2"),
        entry("a", 10),
        entry("a", 3, "intent"),
    ]
    assert shown(entries) == ["a +10", "b -10", "c +8 (2x)", "a +3"]
    assert [plain(Decimal(n)) for n in ("66.0000", "0.1335", "-10", "100", "0")] == [
        "66",
        "0.1335",
        "-10",
        "100",
        "0",
    ]
    assert [signed(n) for n in (Decimal("0.5"), 0, -3)] == ["+0.5", "0", "-3"]


# Next band


def band_of(policy: Policy, score: str) -> str:
    """The band of a score in the model guide."""
    bands = policy.score_bands["guide"]
    return [band.score_band for band in bands if band.min_score <= Decimal(score)][-1]


def test_visit_restarts_recency(run, policy):
    (row,) = run(as_of=NOON, web_events=[PRICING])["next_band"]
    assert row == {
        "lead_id": "L1",
        "scoring_model": "guide",
        "score": 66,
        "score_band": band_of(policy, "66"),
        "signal": "website_visit",
        "score_after": Decimal("85.5"),
        "band_after": band_of(policy, "85.5"),
    }


def test_points_must_be_enough(run, policy):
    # 25 points of fit: (25 + 2) x 1.5 is above 31, where the next band begins.
    lead = LEAD | {"job_title": "Janitor"}
    (row,) = run(as_of=NOON, leads=[lead])["next_band"]
    assert (row["score"], row["signal"], row["score_after"]) == (
        Decimal("12.5"),
        "website_visit",
        Decimal("40.5"),
    )
    # Without any fit not even 20 points are enough.
    (row,) = run(as_of=NOON, leads=[lead | {"account_id": ""}], accounts=[])["next_band"]
    assert (row["score"], row["signal"], row["score_after"]) == (0, "demo_request", 45)
    assert row["band_after"] == band_of(policy, "45")


@pytest.mark.parametrize(
    ("as_of", "signal", "score_after"),
    [
        (datetime(2026, 3, 3, 8), "pricing_page_visit", "73.5"),
        # On the same day another page adds nothing.
        (datetime(2026, 3, 2, 12), "free_trial_signup", "85.5"),
    ],
)
def test_second_page_of_a_day_adds_nothing(run, as_of, signal, score_after):
    points = change(
        "signal_points", {"points": "12"}, scoring_model="guide", signal="pricing_page_visit"
    )
    tables = run(
        ("2026-01-01", points),
        as_of=as_of,
        web_events=[PRICING],
        leads=[LEAD | {"job_title": "Janitor"}],
    )
    (row,) = tables["next_band"]
    # (25 + 12) x 1.5 is below the band at 71, and with 10 more still is.
    assert (row["score"], row["signal"]) == (Decimal("55.5"), signal)
    assert row["score_after"] == Decimal(score_after)


def test_warmest_lead_has_no_next_band(run, policy):
    (row,) = run(
        as_of=datetime(2026, 3, 2, 12),
        marketing_activities=[
            {"lead_id": "L1", "activity_type": "meeting_booked", "occurred_at": PRICING_AT}
        ],
    )["next_band"]
    assert (row["score"], row["score_band"]) == (120, band_of(policy, "1000"))
    assert row["signal"] is row["score_after"] is row["band_after"] is None


def test_points_that_rest_count_again(run):
    intent = {
        "provider": "P",
        "account_domain": "acme.com",
        "signal_type": "topic_spike",
        "occurred_at": "2026-03-05 00:00:00",
    }
    (row,) = run(as_of=NOON, intent_signals=[intent])["next_band"]
    # 40 x 0.5; a visit makes it (40 + 2 + 10) x 1.5.
    assert (row["score"], row["signal"], row["score_after"]) == (20, "website_visit", 78)


def test_candidates_are_engagements_with_points(policy):
    rules = policy.point_rules["guide"]
    changed = rules | {
        "email_click": replace(rules["email_click"], points=0),
        "email_reply": replace(rules["email_reply"], component="penalty"),
        "blog_view": PointRule("guide", "blog_view", "intent", 2, "event", None, None),
    }
    found = candidates("guide", replace(policy, point_rules={"guide": changed}))
    names = [rule.signal for rule in found]
    assert names[:2] == ["blog_view", "website_visit"]
    assert {"email_click", "email_reply", "topic_spike", "email_bounce"}.isdisjoint(names)
    assert candidates("unknown", policy) == []
