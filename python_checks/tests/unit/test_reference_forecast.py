"""How many leads reach a step soon, and whether earlier forecasts held: by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from python_checks.reference.forecast import (
    MONTHS,
    STEPS,
    Forecast,
    OfInstant,
    Stay,
    counts_of,
    forecast,
    forecast_back_test,
    forecasts_at,
    months_before,
    verdict_of,
    widening,
)
from python_checks.tests.unit.raw_rows import AS_OF, Run, computing

DAY = timedelta(days=1)
MONTH = timedelta(days=30)
MICROSECOND = timedelta(microseconds=1)
NEVER: dict[str, datetime | None] = dict.fromkeys(STEPS)
LEAD = {
    "lead_id": "L1",
    "email": "l1@acme.com",
    "lead_source": "Organic Search",
    "created_at": "2026-03-01 10:00:00",
}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Compute the tables from rows given by table; one lead by default."""
    return computing(tmp_path, leads=[LEAD])


def stay(
    entered_at: datetime,
    sql: datetime | None = None,
    exited_at: datetime | None = None,
    **values: Any,
) -> Stay:
    """A stay of a lead that never comes to another step than SQL."""
    reached = NEVER | {"sql": sql}
    usual = {"stage": "mql", "entry_path": "none", "channel": "inbound", "known_from": entered_at}
    return Stay(
        **usual | values,
        entered_at=entered_at,
        exited_at=exited_at,
        reached=reached,
        past=reached,
    )


def of_months(**values: Any) -> OfInstant:
    """The forecasts of an instant, of which those of one month and step say something."""
    nothing = {"leads": 0, "reached": 0, "expected": Decimal(0), "variance": Decimal(0)}
    at = values.pop("at")
    return {
        (month, step): Forecast(
            at=at,
            month=month,
            step=step,
            **nothing | (values if (month, step) == (1, "sql") else {}),
        )
        for month in MONTHS
        for step in STEPS
    }


# Rates


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        # At the age of one month, within one more: 60 days since the stay began are up.
        (stay(AS_OF - 2 * MONTH), (0, 1)),
        (stay(AS_OF - 2 * MONTH + MICROSECOND), (0, 0)),
        (stay(AS_OF - 3 * MONTH, known_from=AS_OF - 2 * MONTH), (0, 1)),
        (stay(AS_OF - 3 * MONTH, known_from=AS_OF - 2 * MONTH + MICROSECOND), (0, 0)),
        # It must still last at that age, and the lead not yet be at the step.
        (stay(AS_OF - 3 * MONTH, exited_at=AS_OF - 2 * MONTH), (0, 0)),
        (stay(AS_OF - 3 * MONTH, exited_at=AS_OF - 2 * MONTH + MICROSECOND), (0, 1)),
        (stay(AS_OF - 3 * MONTH, AS_OF - 2 * MONTH), (0, 0)),
        (stay(AS_OF - 3 * MONTH, AS_OF - 2 * MONTH + MICROSECOND), (1, 1)),
        # Whether the stay was over by then makes no difference.
        (stay(AS_OF - 3 * MONTH, AS_OF - MONTH, AS_OF - 40 * DAY), (1, 1)),
        (stay(AS_OF - 3 * MONTH, AS_OF - MONTH + MICROSECOND), (0, 1)),
    ],
)
def test_mature_stays_that_still_lasted(sample, expected):
    assert counts_of([sample], AS_OF, 1, 1, "sql") == expected


def test_share_of_the_same_age_is_what_is_expected():
    old = AS_OF - 6 * MONTH
    stays = [
        stay(old, old + DAY, old + DAY),
        stay(old, old + 31 * DAY, old + 31 * DAY),
        stay(old, None, old + 40 * DAY),
        stay(old, None, old + 29 * DAY),
        # Three who wait, two of them for less than a month.
        stay(AS_OF - MONTH + MICROSECOND),
        stay(AS_OF),
        stay(AS_OF - MONTH),
        # Who just left, is just there, or comes later does not.
        stay(AS_OF - DAY, None, AS_OF),
        stay(AS_OF - DAY, AS_OF),
        stay(AS_OF - DAY, known_from=AS_OF + MICROSECOND),
    ]
    found = forecasts_at(AS_OF, stays, minimum_sample=2)[1, "sql"]
    # At age 0 one of five, for the one of a month ago is mature by now; at age 1 one of two.
    assert found == Forecast(
        at=AS_OF,
        month=1,
        step="sql",
        leads=3,
        reached=0,
        expected=2 * Decimal("0.2") + Decimal("0.5"),
        variance=2 * Decimal("0.16") + Decimal("0.25"),
    )
    in_two = forecasts_at(AS_OF, stays, minimum_sample=2)[2, "sql"]
    # Two of four, then one of two.
    assert (in_two.leads, in_two.expected) == (3, Decimal("1.5"))


def test_few_stays_borrow_from_other_channels_and_paths():
    old = AS_OF - 6 * MONTH
    won, lost = old + DAY, None
    others = [
        stay(old, won),
        stay(old, lost, channel="paid"),
        stay(old, lost, channel="events"),
        stay(old, lost, channel="events", entry_path="direct"),
        stay(old, lost, stage="nurture"),
        stay(old, lost, stage="nurture"),
    ]
    ended = [replace(one, exited_at=old + 2 * DAY) for one in others]

    def expected(minimum_sample: int, **values: str) -> Decimal:
        waiting = stay(AS_OF, **values)
        return forecasts_at(AS_OF, [*ended, waiting], minimum_sample)[1, "sql"].expected

    third = Decimal("0.3333333333")
    assert expected(1) == 1
    assert expected(2) == third
    assert expected(3) == third
    assert expected(4) == Decimal("0.25")
    assert expected(100) == Decimal("0.25")
    assert expected(1, channel="paid") == 0
    assert expected(1, channel="partner") == third
    assert expected(1, entry_path="via_mql") == Decimal("0.25")
    # Without any stay nothing is expected.
    assert expected(1, stage="pql") == 0


# Intervals


def test_interval_is_widened_by_what_forecasts_missed():
    decided = of_months(at=AS_OF - 3 * MONTH, reached=3, expected=Decimal(1), variance=Decimal(1))
    same = of_months(at=AS_OF - MONTH, reached=0, expected=Decimal(1), variance=Decimal(1))
    later = of_months(at=AS_OF - MONTH + MICROSECOND, reached=99, variance=Decimal(1))
    now = of_months(at=AS_OF, leads=9, expected=Decimal("4.125"), variance=Decimal("1.6"))
    row = forecast([now, later, same, decided], AS_OF)[1]
    # (2 x 2 + 1 x 1) / 2 = 2.5, and 1.28155 x the root of 1.6 x 2.5 is 2.5631.
    assert row == {
        "month": 1,
        "step": "sql",
        "until_at": AS_OF + MONTH,
        "leads": 9,
        "expected": Decimal("4.13"),
        "expected_low": Decimal("1.56"),
        "expected_high": Decimal("6.69"),
        "variance": Decimal("1.60"),
        "widened_by": Decimal("2.50"),
        "back_tests": 2,
        "as_of": AS_OF,
    }


def test_interval_is_one_of_leads():
    values = {"leads": 1, "expected": Decimal("0.5"), "variance": Decimal("0.25")}
    rows = forecast([of_months(at=AS_OF, **values)], AS_OF)
    assert [(row["month"], row["step"]) for row in rows[:5]] == [
        (1, "mql"),
        (1, "sql"),
        (1, "opportunity"),
        (1, "customer"),
        (2, "mql"),
    ]
    assert len(rows) == 12
    assert (rows[1]["expected_low"], rows[1]["expected_high"]) == (0, 1)
    assert (rows[1]["widened_by"], rows[1]["back_tests"]) == (1, 0)
    assert (rows[0]["expected"], rows[0]["expected_high"]) == (0, 0)


def test_nothing_is_narrowed():
    def one(reached: int, variance: str) -> Forecast:
        values = {"reached": reached, "expected": Decimal(1), "variance": Decimal(variance)}
        return of_months(at=AS_OF, **values)[1, "sql"]

    assert widening([]) == 1
    assert widening([one(1, "0.5")]) == 1
    assert widening([one(3, "0")]) == 1
    assert widening([one(3, "2"), one(3, "0")]) == 4


def test_only_a_year_of_back_tests_widens():
    earlier = [
        of_months(at=AS_OF - number * MONTH, reached=2, variance=Decimal(4))
        for number in range(1, 14)
    ]
    far = of_months(at=AS_OF - 13 * MONTH, reached=2000, variance=Decimal(4))
    row = forecast([of_months(at=AS_OF), *earlier[:12], far], AS_OF)[1]
    assert (row["back_tests"], row["widened_by"]) == (12, 1)


# Back-tests


def test_back_test_is_decided_when_its_months_are_over():
    begin = datetime(2026, 7, 1)
    forecasts = [
        of_months(at=datetime(2026, 7, 31)),
        of_months(at=begin, leads=9, reached=5, expected=Decimal("2.004"), variance=Decimal(1)),
        of_months(at=datetime(2026, 6, 1), leads=9, reached=1, expected=Decimal(1)),
    ]
    rows = forecast_back_test(forecasts, begin + MONTH)
    row = rows[1]
    assert (row["forecast_on"], row["month"], row["step"]) == (date(2026, 7, 1), 1, "sql")
    assert (row["leads"], row["back_tests"]) == (9, 1)
    assert (row["expected"], row["expected_high"]) == (2, Decimal("3.29"))
    assert (row["reached"], row["error"], row["verdict"]) == (5, 3, "above")
    assert (rows[5]["month"], rows[5]["verdict"], rows[5]["reached"]) == (2, "not_decided", None)
    assert rows[5]["error"] is None
    assert [rows[13]["forecast_on"], rows[13]["error"], rows[13]["verdict"]] == [
        date(2026, 6, 1),
        0,
        "held",
    ]
    sooner = forecast_back_test(forecasts, begin + MONTH - MICROSECOND)[1]
    assert (sooner["reached"], sooner["verdict"]) == (None, "not_decided")


@pytest.mark.parametrize(
    ("reached", "verdict"),
    [(None, "not_decided"), (1, "below"), (2, "held"), (3, "held"), (4, "above")],
)
def test_bounds_are_held(reached, verdict):
    figures = {"expected_low": Decimal("1.01"), "expected_high": Decimal("3.00")}
    assert verdict_of(reached, figures) == verdict


def test_a_year_is_shown_and_one_more_widens():
    months = months_before(AS_OF, 24, "UTC")
    forecasts = [
        of_months(at=at, leads=1, reached=1, expected=Decimal(0), variance=Decimal("0.5"))
        for at in (AS_OF, *months)
    ]
    rows = [
        row
        for row in forecast_back_test(forecasts, AS_OF)
        if (row["month"], row["step"]) == (1, "sql")
    ]
    assert [row["forecast_on"] for row in rows] == [at.date() for at in months[:12]]
    # What was forecast for February is not decided on 1 March: it has 28 days.
    assert [row["back_tests"] for row in rows] == [12, 12, 12, 12, 11, *[12] * 7]
    assert {row["widened_by"] for row in rows} == {2}


def test_months_begin_where_the_reports_are():
    assert months_before(datetime(2026, 8, 1), 2, "UTC") == [
        datetime(2026, 7, 1),
        datetime(2026, 6, 1),
    ]
    before = datetime(2026, 8, 1) - MICROSECOND
    assert months_before(before, 1, "UTC") == [datetime(2026, 6, 1)]
    assert months_before(before, 2, "Europe/Berlin") == [
        datetime(2026, 6, 30, 22),
        datetime(2026, 5, 31, 22),
    ]
    assert months_before(datetime(2026, 1, 15), 1, "UTC") == [datetime(2025, 12, 1)]


# From raw rows


def row_of(rows: list[dict[str, Any]], month: int, step: str) -> dict[str, Any]:
    """The forecast of a month and step."""
    (row,) = [row for row in rows if (row["month"], row["step"]) == (month, step)]
    return row


def test_history_of_real_leads(run):
    old = [
        LEAD
        | {"lead_id": f"L{number}", "email": f"l{number}@acme.com"}
        | {"created_at": "2026-01-01 00:00:00"}
        for number in range(1, 5)
    ]
    new = LEAD | {"lead_id": "N", "email": "n@acme.com", "created_at": "2026-07-20 00:00:00"}
    tables = run(
        leads=[*old, new],
        lead_status_changes=[
            {"lead_id": "L1", "status": "mql", "changed_at": "2026-01-05 00:00:00"},
            # Without having been an MQL it waits for that no more.
            {"lead_id": "L2", "status": "accepted", "changed_at": "2026-01-05 00:00:00"},
        ],
    )
    rows = tables["forecast"]
    mql, sql = (row_of(rows, 1, step) for step in ("mql", "sql"))
    assert mql["leads"] == 3
    assert (sql["leads"], row_of(rows, 1, "customer")["leads"]) == (4, 5)
    # The new one is as old as four were, of whom one became MQL, and one SQL, in a month; whoever
    # is older is as one of whom nothing more came.
    assert (mql["expected"], sql["expected"]) == (Decimal("0.25"), Decimal("0.25"))
    assert (mql["variance"], mql["back_tests"]) == (Decimal("0.19"), 7)
    back_test = tables["forecast_back_test"]
    assert {row["forecast_on"] for row in back_test} == {
        date(2026, month, 1) for month in range(1, 8)
    }
    january = [row for row in back_test if row["forecast_on"] == date(2026, 1, 1)]
    first = row_of(january, 1, "mql")
    assert (first["leads"], first["expected"], first["reached"]) == (4, 0, 1)
    assert (first["error"], first["verdict"]) == (1, "above")


def test_lead_is_known_once_it_is_on_record(run):
    visits = [
        {"lead_id": "L1", "event_name": "page_view", "page_path": "/about"}
        | {"occurred_at": "2026-03-01 00:00:00"}
    ]
    lead = LEAD | {"created_at": "2026-06-15 00:00:00"}
    tables = run(leads=[lead], web_events=visits)
    assert {row["forecast_on"] for row in tables["forecast_back_test"]} == {date(2026, 7, 1)}
    # A record whose time is not to be believed was always there.
    tables = run(leads=[lead | {"created_at": "1970-01-01"}], web_events=visits)
    assert len(tables["forecast_back_test"]) == 5 * 12
