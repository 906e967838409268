"""Features: what is known of a lead at its evaluation point, as numbers?"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from python_checks.reference.attributes import custom_as_text
from python_checks.reference.evaluation import EvaluationPoint
from python_checks.reference.patterns import has_pattern, meaningful_in_days
from python_checks.reference.periods import days_between
from python_checks.reference.policy import Policy
from python_checks.reference.rules import Rules
from python_checks.reference.scoring import attributes_of, matches

MEANINGFUL_DAYS = (7, 30)
ONE = Decimal(1)
PLACES_OF_A_VALUE = Decimal("1e-10")
Rows = list[dict[str, Any]]


def prediction_features(points: list[EvaluationPoint], rules: Rules, as_of: datetime) -> Rows:
    """Lead and feature: a row for every feature that is not 0, at ten places."""
    return [
        {
            "lead_id": point.lead.lead_id,
            "feature": feature,
            "value": value.quantize(PLACES_OF_A_VALUE, ROUND_HALF_UP),
            "as_of": as_of,
        }
        for point in points
        for feature, value in features_of(point, rules.at(point.evaluated_at)).items()
    ]


def features_of(point: EvaluationPoint, policy: Policy) -> dict[str, Decimal]:
    """All features of a lead that are not 0; ``policy`` holds the rules in force then."""
    names = [
        *_attribute_features(point, policy),
        *(f"fit_matched={name}" for name in matched_criteria(point, policy)),
        *_pattern_features(point, policy),
    ]
    features = dict.fromkeys(names, ONE) | _signal_features(point) | _time_features(point)
    return {feature: value for feature, value in features.items() if value != 0}


def _attribute_features(point: EvaluationPoint, policy: Policy) -> list[str]:
    """What the lead is, where it is known."""
    lead, known = point.lead, point.lead.attributes_at(point.evaluated_at)
    values = {
        "channel": lead.channel,
        "motion": lead.motion,
        "intent_class": lead.intent_class,
        "company_segment": known["company_segment"],
        "country": known["country"],
        "industry": known["industry"],
        "email_domain_kind": lead.email_domain_kind,
        "grade": point.states[point.scoring_model].grade,
        "profile": point.profile,
    }
    for custom in policy.attributes:
        if custom.is_feature:
            values[custom.attribute] = custom_as_text(known[custom.attribute])
    return [f"{attribute}={value}" for attribute, value in values.items() if value is not None]


def matched_criteria(point: EvaluationPoint, policy: Policy) -> set[str]:
    """The criteria of the primary model that count as matched for the grade."""
    values = attributes_of(point.lead, point.evaluated_at)
    return {
        rule.criterion
        for rule in policy.fit_rules.get(point.scoring_model, [])
        if rule.counts_for_grade and matches(rule, values[rule.attribute])
    }


def _pattern_features(point: EvaluationPoint, policy: Policy) -> list[str]:
    return [
        f"pattern:{rule.signal}"
        for rule in policy.derived_signals
        if has_pattern(rule.signal, point.signals, point.evaluated_at)
    ]


def _signal_features(point: EvaluationPoint) -> dict[str, Decimal]:
    """How many of each signal came, and how near the latest is: 1 now, 1/2 after a day."""
    counts = Counter(signal.kind.signal for signal in point.signals)
    latest = {signal.kind.signal: signal.occurred_at for signal in point.signals}
    features = {f"count:{name}": Decimal(count) for name, count in counts.items()}
    for name, occurred_at in latest.items():
        features[f"recency:{name}"] = ONE / (1 + days_between(occurred_at, point.evaluated_at))
    return features


def _time_features(point: EvaluationPoint) -> dict[str, Decimal]:
    """How much happened of late, and for how long the lead is known, in days with fractions."""
    at = point.evaluated_at
    features = {
        f"meaningful_{days}_days": Decimal(meaningful_in_days(point.signals, at, days))
        for days in MEANINGFUL_DAYS
    }
    return features | {"days_since_first_seen": days_between(point.lead.first_seen_at, at)}
