"""Attribution: which campaigns have a share in an opportunity?"""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from python_checks.reference.identity import Lead
from python_checks.reference.marts import LeadResult
from python_checks.reference.periods import days_between
from python_checks.reference.raw import Record
from python_checks.reference.signals import campaign_touches

MODELS = ("first_touch", "last_touch", "linear", "position_based", "time_decay")
NO_CAMPAIGN = "none"
HALF_LIFE_DAYS = 7
PLACES_OF_A_SHARE = 10
PLACES_OF_MONEY = Decimal("0.0001")
HALF = Decimal("0.5")
ONE = Decimal(1)
ZERO = Decimal(0)
Rows = list[dict[str, Any]]


def attribution_rows(results: list[LeadResult], as_of: datetime) -> Rows:
    """Campaign and model: every campaign that touched an opportunity has a row in each model.

    A share may be 0: that of a campaign that was never the first in the model first_touch.
    """
    cells: dict[tuple[str, str], dict[str, Decimal]] = {}
    for lead in (result.lead for result in results):
        for opportunity in lead.opportunities:
            for model in MODELS:
                for campaign, share in campaign_shares(lead, opportunity, model):
                    sums = cells.setdefault((campaign, model), _nothing())
                    _add(sums, share, opportunity)
    return [
        {
            "campaign_id": campaign,
            "attribution_model": model,
            "opportunities": sums["opportunities"],
            "won": sums["won"],
            "pipeline_open": sums["pipeline_open"].quantize(PLACES_OF_MONEY, ROUND_HALF_UP),
            "revenue_won": sums["revenue_won"].quantize(PLACES_OF_MONEY, ROUND_HALF_UP),
            "as_of": as_of,
        }
        for (campaign, model), sums in sorted(cells.items())
    ]


def _nothing() -> dict[str, Decimal]:
    return dict.fromkeys(("opportunities", "won", "pipeline_open", "revenue_won"), ZERO)


def _add(sums: dict[str, Decimal], share: Decimal, opportunity: Record) -> None:
    """Add a share of an opportunity: of a lost one no money."""
    amount = opportunity["amount"] or ZERO
    sums["opportunities"] += share
    if opportunity["closed_at"] is None:
        sums["pipeline_open"] += share * amount
    elif opportunity["is_won"] is True:
        sums["won"] += share
        sums["revenue_won"] += share * amount


def campaign_shares(lead: Lead, opportunity: Record, model: str) -> list[tuple[str, Decimal]]:
    """The campaign and share of each touch up to the creation of an opportunity, in order."""
    created_at = opportunity["created_at"]
    touches = campaign_touches(lead, created_at)
    if not touches:
        return [(NO_CAMPAIGN, ONE)]
    days = [days_between(touch.at, created_at) for touch in touches]
    campaigns = [touch.campaign_id for touch in touches]
    return list(zip(campaigns, shares(model, days), strict=True))


def shares(model: str, days: list[Decimal]) -> list[Decimal]:
    """What each touch gets, at ten places; together exactly 1.

    ``days`` are how long before the opportunity each touch was, the first touch first.
    """
    rounded = [_rounded(share) for share in exact_shares(model, days)]
    takes_the_rest = 0 if model == "first_touch" else len(days) - 1
    rounded[takes_the_rest] += ONE - sum(rounded)
    return rounded


def exact_shares(model: str, days: list[Decimal]) -> list[Decimal]:
    """What each touch gets before rounding.

    Raises:
        ValueError: There is no such model.
    """
    touches = len(days)
    if model == "first_touch":
        return [ONE] + [ZERO] * (touches - 1)
    if model == "last_touch":
        return [ZERO] * (touches - 1) + [ONE]
    if model == "linear":
        return [ONE / touches] * touches
    if model == "position_based":
        return _by_position(touches)
    if model == "time_decay":
        weights = [HALF ** (day / HALF_LIFE_DAYS) for day in days]
        return [weight / sum(weights) for weight in weights]
    raise ValueError(f"no attribution model {model!r}")


def _by_position(touches: int) -> list[Decimal]:
    """Two fifths to each end, the last fifth evenly to all between."""
    if touches <= 2:
        return [ONE / touches] * touches
    end, between = Decimal("0.4"), Decimal("0.2") / (touches - 2)
    return [end, *[between] * (touches - 2), end]


def _rounded(share: Decimal) -> Decimal:
    """Half up at ten places."""
    units = (share.scaleb(PLACES_OF_A_SHARE) + HALF).to_integral_value(ROUND_FLOOR)
    return units.scaleb(-PLACES_OF_A_SHARE)
