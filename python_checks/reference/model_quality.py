"""Model quality: which model ranks best, and does it still see the leads that it used to?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from python_checks.reference.evaluation import (
    EvaluationPoint,
    bin_points_of,
    by_model,
    mature,
    outcomes_in,
)
from python_checks.reference.funnel import rate
from python_checks.reference.measures import (
    CLEARLY,
    Outcome,
    auc,
    auc_interval,
    brier_score,
    converted_of,
    mean,
    means_z,
    proportions_z,
    rate_columns,
    stability_index,
    top_decile_lift,
    top_decile_rate,
)
from python_checks.reference.periods import UTC_ZONE, month_of
from python_checks.reference.policy import Policy

Rows = list[dict[str, Any]]
Points = list[EvaluationPoint]
Member = tuple[str, str]


def model_comparison(points: Points, policy: Policy, as_of: datetime) -> Rows:
    """Champion and model: which of the two ranks the champion's leads better?"""
    bin_points = bin_points_of(policy)
    by_champion: dict[str, Points] = {}
    for point in mature(points):
        by_champion.setdefault(point.scoring_model, []).append(point)
    rows = []
    for champion, judged in by_champion.items():
        for model, own in by_model(judged).items():
            outcomes = outcomes_in(own, model)
            by_the_champion = ranking(outcomes_in(own, champion), bin_points)
            figures = ranking(outcomes, bin_points)
            low, high = _interval(figures["auc"], outcomes)
            rows.append(
                {
                    "champion": champion,
                    "scoring_model": model,
                    "is_champion": model == champion,
                    "leads": len(outcomes),
                    "converted": converted_of(outcomes),
                    **rate_columns("base", converted_of(outcomes), len(outcomes)),
                    **figures,
                    "auc_low": low,
                    "auc_high": high,
                    "champion_auc": by_the_champion["auc"],
                    "champion_top_decile_lift": by_the_champion["top_decile_lift"],
                    "champion_brier_score": by_the_champion["brier_score"],
                    "auc_difference": _difference(figures["auc"], by_the_champion["auc"]),
                    "as_of": as_of,
                }
            )
    return rows


def ranking(outcomes: list[Outcome], bin_points: Decimal) -> dict[str, Decimal | None]:
    """How well the scores tell who converts; nothing where all have the same outcome."""
    return {
        "auc": auc(outcomes),
        "top_decile_rate": top_decile_rate(outcomes),
        "top_decile_lift": top_decile_lift(outcomes),
        "brier_score": brier_score(outcomes, bin_points),
    }


def _interval(
    area: Decimal | None, outcomes: list[Outcome]
) -> tuple[Decimal | None, Decimal | None]:
    if area is None:
        return None, None
    converted = converted_of(outcomes)
    return auc_interval(area, converted, len(outcomes) - converted)


def _difference(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one - other


def months_of(points: Points, zone: str) -> Iterator[tuple[date, Points, Points]]:
    """Each month with a point, its points, and those of all earlier months together."""
    for month in sorted({month_of(point.evaluated_at, zone) for point in points}):
        own = [point for point in points if month_of(point.evaluated_at, zone) == month]
        earlier = [point for point in points if month_of(point.evaluated_at, zone) < month]
        yield month, own, earlier


def score_distribution(
    points: Points, policy: Policy, as_of: datetime, zone: str = UTC_ZONE
) -> Rows:
    """Model, month and band or grade: how are the leads spread, and how were they before?"""
    rows = []
    for model, of_model in by_model(points).items():
        for month, own, earlier in months_of(of_model, zone):
            for kind, member in _members(model, policy):
                leads = leads_with(kind, member, own, model)
                earlier_leads = leads_with(kind, member, earlier, model)
                rows.append(
                    {
                        "scoring_model": model,
                        "month": month,
                        "kind": kind,
                        "member": member,
                        "leads": leads,
                        "month_leads": len(own),
                        **rate_columns("share", leads, len(own)),
                        "earlier_leads": earlier_leads,
                        "earlier_month_leads": len(earlier),
                        "earlier_share_rate": rate(earlier_leads, len(earlier)),
                        "as_of": as_of,
                    }
                )
    return rows


def _members(model: str, policy: Policy) -> list[Member]:
    """Every band of the model and every grade, each with its kind."""
    bands = [("score_band", name) for name in _bands_of(model, policy)]
    return bands + [("grade", row["grade"]) for row in policy.grade_scale]


def _bands_of(model: str, policy: Policy) -> list[str]:
    return [band.score_band for band in policy.score_bands.get(model, [])]


def leads_with(kind: str, member: str, points: Points, model: str) -> int:
    """How many leads a model puts into a band or a grade at their evaluation points."""
    return sum(getattr(point.states[model], kind) == member for point in points)


def model_monitor(points: Points, policy: Policy, as_of: datetime, zone: str = UTC_ZONE) -> Rows:
    """Model and month: does the score still rank, and do leads and outcomes stay the same?"""
    bin_points = bin_points_of(policy)
    minimum_sample = int(policy.settings["minimum_sample"])
    rows = []
    for model, of_model in by_model(points).items():
        for month, own, earlier in months_of(of_model, zone):
            known = outcomes_in(mature(own), model)
            earlier_known = outcomes_in(mature(earlier), model)
            rows.append(
                {
                    "scoring_model": model,
                    "month": month,
                    "leads": len(own),
                    "mature_leads": len(known),
                    "converted": converted_of(known),
                    **rate_columns("base", converted_of(known), len(known)),
                    **ranking(known, bin_points),
                    **_drift_of_scores(model, own, earlier, minimum_sample),
                    **drift_of_rates(known, earlier_known, minimum_sample),
                    "population_stability_index": _stability(model, own, earlier, policy),
                    "as_of": as_of,
                }
            )
    return rows


def _drift_of_scores(
    model: str, own: Points, earlier: Points, minimum_sample: int
) -> dict[str, Any]:
    """The mean score of a month against that of all months before."""
    scores = [point.states[model].score for point in own]
    earlier_scores = [point.states[model].score for point in earlier]
    z = means_z(scores, earlier_scores)
    return {
        "mean_score": mean(scores),
        "earlier_leads": len(earlier),
        "earlier_mean_score": mean(earlier_scores),
        "mean_score_z": z,
        "score_verdict": drift_verdict(len(own), len(earlier), z, minimum_sample),
    }


def drift_of_rates(
    known: list[Outcome], earlier: list[Outcome], minimum_sample: int
) -> dict[str, Any]:
    """The conversion rate of a month against that of all months before."""
    converted, earlier_converted = converted_of(known), converted_of(earlier)
    z = proportions_z(converted, len(known), earlier_converted, len(earlier))
    return {
        "earlier_mature_leads": len(earlier),
        "earlier_converted": earlier_converted,
        "earlier_rate": rate(earlier_converted, len(earlier)),
        "rate_z": z,
        "rate_verdict": drift_verdict(len(known), len(earlier), z, minimum_sample),
    }


def drift_verdict(leads: int, earlier: int, z: Decimal | None, minimum_sample: int) -> str:
    """Whether a month is clearly above or below the months before."""
    if min(leads, earlier) < minimum_sample or z is None:
        return "insufficient_data"
    if z >= CLEARLY:
        return "higher"
    return "lower" if z <= -CLEARLY else "stable"


def _stability(model: str, own: Points, earlier: Points, policy: Policy) -> Decimal | None:
    """How far the spread over the bands has moved; ``None`` in the first month or without bands."""
    bands = _bands_of(model, policy)
    if not earlier or not bands:
        return None
    now, before = (
        [leads_with("score_band", band, side, model) for band in bands] for side in (own, earlier)
    )
    return stability_index(now, before)
