"""The forecast: sums on the demo, back-tests against builds of their time, how often it holds."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import date, datetime
from pathlib import Path

import pytest

from lead_qualification.exit_codes import OK
from lead_qualification.generate import generate
from lead_qualification.summary import summary
from lead_qualification.warehouse import Warehouse
from python_checks.tests.builds import Builds

MONTH_START = datetime(2026, 4, 1)
ONLY_FORECAST = ("--select", "+forecast", "+forecast_back_test")
FORECAST = (
    "month, step, until_at, leads, expected, expected_low, expected_high, variance, widened_by, "
    "back_tests"
)
WAITING = """
select 'mql' as step, count(*) as leads from {marts}.lead_stages
where mql_at is null and sql_proposed_at is null
union all
select 'sql', count(*) from {marts}.lead_stages where sql_at is null
union all
select 'opportunity', count(*) from {marts}.lead_stages where opportunity_at is null
union all
select 'customer', count(*) from {marts}.lead_stages where customer_at is null
"""
REACHED = """
select back_test.forecast_on
from {marts}.forecast_back_test as back_test
where
    back_test.step = 'sql'
    and back_test.reached > (
        select count(*) from {marts}.lead_stages
        where sql_at > back_test.forecast_on and sql_at <= back_test.until_at
    )
"""
SEEDS = (1, 2)
LOWEST, HIGHEST = 0.60, 0.95
"""Between which an interval of 80 % is to hold."""


@pytest.fixture(scope="module")
def then(builds: Builds) -> Future[Warehouse]:
    """The demo as of the beginning of a month."""
    return builds.submit(None, MONTH_START, arguments=ONLY_FORECAST)


def rows_of(warehouse: Warehouse, sql: str) -> list[tuple]:
    """What a query gives, with {marts} for the schema of the public tables."""
    return list(warehouse.read(sql.format(marts=warehouse.marts)).itertuples(index=False))


def test_who_waits_is_not_yet_at_the_step(demo: Warehouse) -> None:
    wanted = dict(rows_of(demo, WAITING))
    found = rows_of(demo, "select step, month, leads from {marts}.forecast")
    assert {(step, month) for step, month, _ in found} == {
        (step, month) for step in wanted for month in (1, 2, 3)
    }
    assert all(leads == wanted[step] for step, _, leads in found)


@pytest.mark.parametrize("table", ["forecast", "forecast_back_test"])
def test_a_forecast_lies_in_its_interval(demo: Warehouse, table: str) -> None:
    outside = rows_of(
        demo,
        f"select * from {{marts}}.{table} where not (0 <= expected_low "
        "and expected_low <= expected and expected <= expected_high and expected_high <= leads)",
    )
    assert outside == []


def test_more_leads_get_there_in_more_time(demo: Warehouse) -> None:
    found = rows_of(demo, "select step, expected from {marts}.forecast order by step, month")
    for step in {row[0] for row in found}:
        expected = [row[1] for row in found if row[0] == step]
        assert expected == sorted(expected)
    assert sum(row[1] for row in found) > 0


def test_back_tests_are_of_the_last_whole_months(demo: Warehouse) -> None:
    months = rows_of(demo, "select distinct forecast_on from {marts}.forecast_back_test order by 1")
    found = [month.date() if isinstance(month, datetime) else month for (month,) in months]
    assert len(found) == 12
    assert found[-1] == date(2026, 5, 1)


def test_no_more_leads_reached_a_step_than_the_funnel_has(demo: Warehouse) -> None:
    assert rows_of(demo, REACHED) == []


@pytest.mark.nightly
def test_a_back_test_is_the_forecast_of_a_build_of_its_time(
    demo: Warehouse, then: Future[Warehouse]
) -> None:
    """No further build is needed: the history says the same."""
    wanted = rows_of(then.result(), f"select {FORECAST} from {{marts}}.forecast order by 1, 2")
    found = rows_of(
        demo,
        f"select {FORECAST} from {{marts}}.forecast_back_test "
        f"where forecast_on = date '{MONTH_START:%Y-%m-%d}' order by 1, 2",
    )
    assert len(wanted) == 12
    assert found == wanted


def test_the_summary_says_what_is_forecast(demo: Warehouse) -> None:
    text = summary(demo)
    ((decided,),) = rows_of(
        demo, "select count(*) from {marts}.forecast_back_test where verdict <> 'not_decided'"
    )
    assert f"of {decided} back-tests" in text
    assert "90 days" in text


@pytest.mark.nightly
@pytest.mark.parametrize("seed", SEEDS)
def test_the_interval_holds_as_often_as_it_says(tmp_path: Path, builds: Builds, seed: int) -> None:
    """Over twelve months of a company with two and a half years of history."""
    clock = "2026-06-30 23:59:59"
    assert generate(out=tmp_path / "raw", leads=6000, seed=seed, months=30, as_of=clock) == OK
    built = builds.build(tmp_path / "raw", datetime.fromisoformat(clock), arguments=ONLY_FORECAST)
    verdicts = [
        verdict
        for (verdict,) in rows_of(built, "select verdict from {marts}.forecast_back_test")
        if verdict != "not_decided"
    ]
    assert len(verdicts) > 120
    assert LOWEST <= verdicts.count("held") / len(verdicts) <= HIGHEST
