"""Lift: do leads with a signal or a pattern convert more often than leads without it?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from python_checks.reference.evaluation import EvaluationPoint, by_model, mature
from python_checks.reference.feedback import ratio_interval
from python_checks.reference.measures import CLEARLY, proportions_z, rate_columns
from python_checks.reference.patterns import VELOCITIES, has_pattern, velocity_of
from python_checks.reference.policy import PointRule, Policy
from python_checks.reference.sla_reports import percentile

Rows = list[dict[str, Any]]


def signal_lift(
    points: list[EvaluationPoint], rejection_drivers: Rows, policy: Policy, as_of: datetime
) -> Rows:
    """Model and signal: does it tell who converts, and are its points right?

    Only models that score a point with a known outcome have rows.
    """
    rejection_verdicts = {
        (row["scoring_model"], row["item"]): row["verdict"]
        for row in rejection_drivers
        if row["item_kind"] == "signal"
    }
    rows = []
    for model, own in by_model(mature(points)).items():
        rules = policy.point_rules.get(model, {})
        model_rows = [
            {
                "scoring_model": model,
                "signal": signal,
                **_worth(rules.get(signal)),
                **_of_signal(signal, own, policy),
                "rejection_verdict": rejection_verdicts.get((model, signal)),
            }
            for signal in sorted({*rules, *_signals_of(own)})
        ]
        for row in model_rows:
            higher = lift_of_higher_points(row["current_points"], model_rows)
            rows.append(
                row
                | {
                    "lift_of_higher_points": higher,
                    "suggestion": suggestion_of(row, higher, policy.settings["negligible_lift"]),
                    "as_of": as_of,
                }
            )
    return rows


def _signals_of(points: list[EvaluationPoint]) -> set[str]:
    """The signals that some lead has at its evaluation point."""
    return {signal.kind.signal for point in points for signal in point.signals}


def _worth(rule: PointRule | None) -> dict[str, Any]:
    """What the model gives for the signal today."""
    if rule is None:
        return {"component": None, "current_points": 0}
    return {"component": rule.component, "current_points": rule.points}


def _of_signal(signal: str, points: list[EvaluationPoint], policy: Policy) -> dict[str, Any]:
    return compared(points, lambda p: any(s.kind.signal == signal for s in p.signals), policy)


def compared(
    points: list[EvaluationPoint], has_it: Callable[[EvaluationPoint], bool], policy: Policy
) -> dict[str, Any]:
    """The leads that have something against those that do not."""
    having = [point for point in points if has_it(point)]
    converted_with = sum(point.is_converted for point in having)
    return lift_columns(
        converted_with,
        len(having),
        sum(point.is_converted for point in points) - converted_with,
        len(points) - len(having),
        int(policy.settings["minimum_sample"]),
    )


def lift_columns(a: int, n: int, c: int, m: int, minimum_sample: int) -> dict[str, Any]:
    """``a`` of ``n`` leads with it and ``c`` of ``m`` leads without it convert."""
    with_columns, without_columns = rate_columns("with", a, n), rate_columns("without", c, m)
    lift = low = high = None
    if n > 0 and c > 0:
        lift = Decimal(a * m) / Decimal(n * c)
    if a > 0 and c > 0:
        low, high = ratio_interval(a, n, c, m)
    z_score = proportions_z(a, n, c, m)
    return {
        "leads_with": n,
        "converted_with": a,
        **with_columns,
        "leads_without": m,
        "converted_without": c,
        **without_columns,
        "lift": lift,
        "lift_low": low,
        "lift_high": high,
        "z_score": z_score,
        "verdict": lift_verdict(n, m, z_score, minimum_sample),
    }


def lift_verdict(
    leads_with: int, leads_without: int, z_score: Decimal | None, minimum_sample: int
) -> str:
    """Whether having it goes with more conversions, or with fewer."""
    if min(leads_with, leads_without) < minimum_sample or z_score is None:
        return "insufficient_data"
    if z_score >= CLEARLY:
        return "predicts_more"
    return "predicts_less" if z_score <= -CLEARLY else "unclear"


def lift_of_higher_points(points: int, rows: Rows) -> Decimal | None:
    """The median lift of the signals of the same model that have more points, where it is known."""
    lifts = [
        row["lift"]
        for row in rows
        if row["current_points"] > points
        and row["verdict"] != "insufficient_data"
        and row["lift"] is not None
    ]
    return percentile(lifts, Decimal("0.5"))


def suggestion_of(
    row: dict[str, Any], lift_of_higher: Decimal | None, negligible_lift: Decimal
) -> str:
    """What to do with the points of a signal."""
    verdict, points = row["verdict"], row["current_points"]
    drives_rejection = row["rejection_verdict"] == "drives_rejection"
    if verdict == "insufficient_data":
        return "insufficient_data"
    if points < 0:
        return "remove" if verdict == "predicts_more" else "keep"
    if points == 0:
        if verdict == "predicts_more":
            return "keep" if drives_rejection else "raise"
        return "lower" if verdict == "predicts_less" else "keep"
    if verdict == "predicts_less":
        return "remove"
    if drives_rejection:
        return "lower"
    if verdict == "unclear":
        is_negligible = row["lift_high"] is not None and row["lift_high"] < negligible_lift
        return "lower" if is_negligible else "keep"
    is_undervalued = (
        row["lift_low"] is not None
        and lift_of_higher is not None
        and row["lift_low"] > lift_of_higher
    )
    return "raise" if is_undervalued else "keep"


def pattern_lift(points: list[EvaluationPoint], policy: Policy, as_of: datetime) -> Rows:
    """Pattern, and bucket of the meaningful signals of a week: does it tell who converts?"""
    known = mature(points)
    rows = []
    for rule in policy.derived_signals:
        having = [p for p in known if has_pattern(rule.signal, p.signals, p.evaluated_at)]
        rows.append(_pattern_row(rule.signal, rule.kind, known, having, policy, as_of))
    for velocity in VELOCITIES:
        having = [p for p in known if velocity_of(p.signals, p.evaluated_at) == velocity]
        rows.append(_pattern_row(velocity, "velocity", known, having, policy, as_of))
    return rows


def _pattern_row(
    pattern: str,
    kind: str,
    points: list[EvaluationPoint],
    having: list[EvaluationPoint],
    policy: Policy,
    as_of: datetime,
) -> dict[str, Any]:
    """A row of pattern_lift; its description is a text and no figure, so it is not here."""
    ids = {point.lead.lead_id for point in having}
    return {
        "pattern": pattern,
        "kind": kind,
        **compared(points, lambda point: point.lead.lead_id in ids, policy),
        "as_of": as_of,
    }
