"""Forecast: how many leads reach a step soon, and did earlier forecasts hold?

A month has 30 days here. Nothing is asked but the stage history and who has which channel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import product
from math import sqrt
from typing import Any

from python_checks.reference.marts import LeadResult, sql_at
from python_checks.reference.periods import UTC_ZONE, midnight, month_of
from python_checks.reference.policy import Policy

MONTH = timedelta(days=30)
MONTHS = (1, 2, 3)
STEPS = ("mql", "sql", "opportunity", "customer")
BACK_TESTS = 12
"""So many months are forecast in hindsight, and so many forecasts before it widen one."""

Z = 1.2815515655446004
"""Ten percent of a normal distribution lie beyond so many standard deviations."""

NO_PATH = "none"
NOTHING, ONE = Decimal(0), Decimal(1)
TEN_PLACES, TWO_PLACES = Decimal("1e-10"), Decimal("0.01")
Rows = list[dict[str, Any]]
Cell = tuple[str, ...]
"""Stage, entry path and channel, or the first one or two of them."""


@dataclass(frozen=True)
class Stay:
    """A row of lead_stage_history as forecasts see it.

    ``known_from`` is when the CRM had the lead, ``reached`` when the lead came to each step, and
    ``past`` since when it no longer waits for it.
    """

    stage: str
    entry_path: str
    channel: str
    entered_at: datetime
    exited_at: datetime | None
    known_from: datetime
    reached: dict[str, datetime | None]
    past: dict[str, datetime | None]

    @property
    def cell(self) -> Cell:
        """Whose rate it shares."""
        return (self.stage, self.entry_path, self.channel)

    def waits(self, step: str, at: datetime) -> bool:
        """Whether it is known and lasts at an instant, and the lead has yet to come to a step."""
        is_there = self.known_from <= at and _is_after(self.exited_at, at)
        return is_there and _is_after(self.past[step], at)

    def reaches(self, step: str, until: datetime) -> bool:
        """Whether the lead was at a step by an instant, in whichever stage."""
        return not _is_after(self.reached[step], until)


@dataclass(frozen=True)
class Forecast:
    """What is expected at an instant of the leads that wait for a step, and what they did."""

    at: datetime
    month: int
    step: str
    leads: int
    reached: int
    expected: Decimal
    variance: Decimal

    @property
    def until_at(self) -> datetime:
        """When it is decided."""
        return self.at + self.month * MONTH


OfInstant = dict[tuple[int, str], Forecast]
"""The forecasts of an instant by month and step."""


def forecast(forecasts: Sequence[OfInstant], as_of: datetime) -> Rows:
    """Month and step: how many of the leads of now will come there by then?"""
    now, *earlier = forecasts
    return [
        {**_figures(one, _decided_before(one, earlier)), "as_of": as_of} for one in now.values()
    ]


def forecast_back_test(
    forecasts: Sequence[OfInstant], as_of: datetime, zone: str = UTC_ZONE
) -> Rows:
    """The same from the beginning of each of the last months, beside what came of it."""
    _, *earlier = forecasts
    rows = []
    for number, of_instant in enumerate(earlier[:BACK_TESTS]):
        for one in of_instant.values():
            figures = _figures(one, _decided_before(one, earlier[number + 1 :]))
            reached = one.reached if one.until_at <= as_of else None
            rows.append(
                {
                    "forecast_on": month_of(one.at, zone),
                    **figures,
                    "reached": reached,
                    "error": None if reached is None else reached - figures["expected"],
                    "verdict": verdict_of(reached, figures),
                    "as_of": as_of,
                }
            )
    return rows


def verdict_of(reached: int | None, figures: dict[str, Any]) -> str:
    """Whether the interval that was published held what came of it."""
    if reached is None:
        return "not_decided"
    if reached < figures["expected_low"]:
        return "below"
    return "above" if reached > figures["expected_high"] else "held"


def forecasts_of(
    results: list[LeadResult], policy: Policy, as_of: datetime, zone: str = UTC_ZONE
) -> list[OfInstant]:
    """The forecasts of the clock, then of the months before it, latest first.

    The earliest is the first month at whose beginning a lead waits for any step.
    """
    stays = stays_of_results(results, policy)
    minimum_sample = int(policy.settings["minimum_sample"])
    instants = [as_of, *months_before(as_of, 2 * BACK_TESTS, zone)]
    found = [forecasts_at(at, stays, minimum_sample) for at in instants]
    while len(found) > 1 and not any(one.leads for one in found[-1].values()):
        found.pop()
    return found


def months_before(as_of: datetime, number: int, zone: str) -> list[datetime]:
    """The first instants of the months before that of the clock, latest first."""
    found: list[datetime] = []
    month: date = month_of(as_of, zone)
    while len(found) < number:
        month = (month - timedelta(days=1)).replace(day=1)
        found.append(midnight(month, zone))
    return found


def stays_of_results(results: list[LeadResult], policy: Policy) -> list[Stay]:
    """Every stay of every lead."""
    stays = []
    for result in results:
        lead, milestones, history = result.lead, result.milestones, result.machine.history
        reached = {
            "mql": milestones.mql_at,
            "sql": sql_at(milestones, policy),
            "opportunity": milestones.opportunity_at,
            "customer": milestones.customer_at,
        }
        # Who came to sales without being an MQL cannot become one any more.
        past = reached | {"mql": milestones.mql_at or milestones.sql_proposed_at}
        for number, entry in enumerate(history, start=1):
            entered_at, proposed_at = entry.entered_at, milestones.sql_proposed_at
            has_path = proposed_at is not None and proposed_at <= entered_at
            stays.append(
                Stay(
                    stage=entry.stage,
                    entry_path=milestones.entry_path if has_path else NO_PATH,
                    channel=lead.channel,
                    entered_at=entered_at,
                    exited_at=history[number].entered_at if number < len(history) else None,
                    known_from=max(entered_at, lead.created_at or entered_at),
                    reached=reached,
                    past=past,
                )
            )
    return stays


def forecasts_at(at: datetime, stays: Sequence[Stay], minimum_sample: int) -> OfInstant:
    """The forecasts of an instant, from what was known then, by month and step."""
    rates = _rates_at(at, stays, minimum_sample)
    found = {}
    for month, step in product(MONTHS, STEPS):
        until = at + month * MONTH
        waiting = [stay for stay in stays if stay.waits(step, at)]
        shares = [
            rates(stay.cell, (at - stay.entered_at) // MONTH, month, step) for stay in waiting
        ]
        found[month, step] = Forecast(
            at=at,
            month=month,
            step=step,
            leads=len(waiting),
            reached=sum(stay.reaches(step, until) for stay in waiting),
            expected=sum(shares, NOTHING),
            variance=sum((_rounded(p * (1 - p), TEN_PLACES) for p in shares), NOTHING),
        )
    return found


def _rates_at(
    at: datetime, stays: Sequence[Stay], minimum_sample: int
) -> Callable[[Cell, int, int, str], Decimal]:
    """What tells the rate of a cell for an age, a number of months and a step."""
    of_cell: dict[Cell, list[Stay]] = {}
    for stay in stays:
        for level in _levels(stay.cell):
            of_cell.setdefault(level, []).append(stay)

    @cache
    def sample(cell: Cell, age: int, month: int, step: str) -> tuple[int, int]:
        return counts_of(of_cell[cell], at, age, month, step)

    def rate(cell: Cell, age: int, month: int, step: str) -> Decimal:
        for level in _levels(cell):
            reached, counted = sample(level, age, month, step)
            if counted >= minimum_sample:
                break
        return NOTHING if counted == 0 else _rounded(Decimal(reached) / counted, TEN_PLACES)

    return rate


def _levels(cell: Cell) -> list[Cell]:
    """A cell, without its channel, and without its path, too."""
    return [cell, cell[:2], cell[:1]]


def counts_of(
    stays: Iterable[Stay], at: datetime, age: int, month: int, step: str
) -> tuple[int, int]:
    """Of the mature stays that still lasted at an age, how many reached a step, and all."""
    reached = counted = 0
    for stay in stays:
        began = stay.entered_at + age * MONTH
        until = began + month * MONTH
        if until <= at and stay.waits(step, began):
            counted += 1
            reached += stay.reaches(step, until)
    return reached, counted


def _decided_before(one: Forecast, earlier: Sequence[OfInstant]) -> list[Forecast]:
    """The forecasts of the months before, latest first, that had come out by then."""
    same = [of_instant[one.month, one.step] for of_instant in earlier[:BACK_TESTS]]
    return [other for other in same if other.until_at <= one.at]


def widening(decided: Iterable[Forecast]) -> Decimal:
    """By how much more than their variance forecasts were off; at least 1."""
    errors = variances = NOTHING
    for one in decided:
        errors += (one.reached - one.expected) ** 2
        variances += one.variance
    return max(ONE, errors / variances) if variances > 0 else ONE


def _figures(one: Forecast, decided: list[Forecast]) -> dict[str, Any]:
    """What a forecast says, widened by how it went before."""
    widened_by = widening(decided)
    half = _rounded(Decimal(Z * sqrt(one.variance * widened_by)), TEN_PLACES)
    return {
        "month": one.month,
        "step": one.step,
        "until_at": one.until_at,
        "leads": one.leads,
        "expected": _rounded(one.expected, TWO_PLACES),
        "expected_low": _rounded(max(NOTHING, one.expected - half), TWO_PLACES),
        "expected_high": _rounded(min(Decimal(one.leads), one.expected + half), TWO_PLACES),
        "variance": _rounded(one.variance, TWO_PLACES),
        "widened_by": _rounded(widened_by, TWO_PLACES),
        "back_tests": len(decided),
    }


def _rounded(number: Decimal, places: Decimal) -> Decimal:
    return number.quantize(places, ROUND_HALF_UP)


def _is_after(time: datetime | None, at: datetime) -> bool:
    """Whether something is yet to come at an instant, or never does."""
    return time is None or time > at
