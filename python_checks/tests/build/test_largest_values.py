"""The largest numbers that staging accepts, added up: every build ends, and with exact sums."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.tests.build.scenarios import VARIABLES_OF_CASES, Scenario
from python_checks.tests.builds import ENGINES, Builds, built_on
from python_checks.worlds import WORLDS_AS_OF

LARGEST = "999999999999999.99"
SMALLEST = "0.01"
ROWS = 30


def scenario() -> Scenario:
    """Two leads: the largest deals, costs and company there can be; the smallest cost."""
    told = Scenario()
    told.account("giant", employee_count="999999999", annual_revenue=LARGEST)
    told.add("campaigns", campaign_id="K1", name="Giant", channel="paid")
    told.lead("giant", account_id="giant", campaign_id="K1", lead_source="Paid Search")
    for number in range(ROWS):
        at = f"2026-03-{number % 28 + 1:02} 1{number // 28}:00:00"
        told.activity("giant", at, "demo_request", value=LARGEST, campaign_id="K1")
        told.add(
            "opportunities",
            lead_id="giant",
            amount=LARGEST,
            created_at="2026-04-01 10:00:00",
            closed_at="2026-04-02 10:00:00" if number % 2 else "",
            is_won="true" if number % 2 else "",
        )
        # Different costs of one day add up.
        cost = Decimal(LARGEST) - Decimal(number)
        told.add("campaign_costs", campaign_id="K1", cost_date="2026-03-01", cost=str(cost))
    told.add("campaign_costs", campaign_id="K1", cost_date="2026-03-02", cost=f"-{LARGEST}")
    told.add("campaigns", campaign_id="K2", name="Dwarf", channel="events")
    told.add("campaign_costs", campaign_id="K2", cost_date="2026-03-01", cost="0.0051")
    told.lead("dwarf", campaign_id="K2", lead_source="Trade Show")
    told.add(
        "opportunities",
        lead_id="dwarf",
        amount=LARGEST,
        created_at="2026-04-01 10:00:00",
        closed_at="2026-04-02 10:00:00",
        is_won="true",
    )
    return told


COST = ROWS * Decimal(LARGEST) - sum(range(ROWS)) - Decimal(LARGEST) + Decimal(SMALLEST)
DEALS_WON = ROWS // 2 + 1
REVENUE = DEALS_WON * Decimal(LARGEST)


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The raw files."""
    return scenario().write(tmp_path_factory.mktemp("largest"))


@pytest.fixture(scope="module", params=ENGINES)
def built(request: pytest.FixtureRequest, raw: Path, builds: Builds) -> Warehouse:
    """The build on each engine."""
    return built_on(request, builds, raw, "largest", WORLDS_AS_OF, variables=VARIABLES_OF_CASES)


def test_sums_are_exact(built: Warehouse) -> None:
    """Costs and revenue of the channel, to the cent."""
    roi = built.read(
        "select cac, roi, cast(cost as text) as cost, cast(revenue_won as text) as revenue_won "
        f"from {built.marts}.channel_roi where member = 'all' and month is null"
    ).to_dict("records")[0]
    assert Decimal(roi["cost"]) == COST
    assert Decimal(roi["revenue_won"]) == REVENUE
    assert float(roi["cac"]) == pytest.approx(float(COST) / DEALS_WON)
    assert float(roi["roi"]) == pytest.approx(float((REVENUE - COST) / COST))


def test_ratio_of_the_largest_by_the_smallest_fits(built: Warehouse) -> None:
    """The return on a cost of a cent; a cost of half a cent is one."""
    roi = built.read(
        "select cac, roi, cast(cost as text) as cost "
        f"from {built.marts}.channel_roi where member = 'events' and month is null"
    ).to_dict("records")[0]
    assert Decimal(roi["cost"]) == Decimal(SMALLEST)
    assert float(roi["cac"]) == float(SMALLEST)
    assert float(roi["roi"]) == pytest.approx(float(Decimal(LARGEST) / Decimal(SMALLEST)))


def test_amounts_of_one_hand_off_add_up(built: Warehouse) -> None:
    """The deals that one hand-off led to."""
    found = built.read(f"select cast(max(amount) as text) as amount from {built.marts}.handoffs")
    assert Decimal(found["amount"][0]) == ROWS * Decimal(LARGEST)
