"""Features: what is known of a lead at its evaluation point, as numbers?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from python_checks.reference.attributes import OF_THE_ACCOUNT_ALONE, TRACKED, custom_as_text
from python_checks.reference.evaluation import EvaluationPoint
from python_checks.reference.identity import Lead
from python_checks.reference.patterns import has_pattern, meaningful_in_days
from python_checks.reference.periods import days_between
from python_checks.reference.policy import Policy
from python_checks.reference.rules import Rules
from python_checks.reference.scoring import attributes_of, matches

MEANINGFUL_DAYS = (7, 30)
NAME_OF_COLUMN = {column: name for name, column in OF_THE_ACCOUNT_ALONE.items()}
"""By the column of accounts the attribute that rules know it as."""

ONE = Decimal(1)
PLACES_OF_A_VALUE = Decimal("1e-10")
Rows = list[dict[str, Any]]


def prediction_features(
    points: list[EvaluationPoint],
    rules: Rules,
    as_of: datetime,
    leads: Iterable[Lead],
    *,
    allow_undated_attributes: bool = False,
) -> Rows:
    """Lead and feature: a row for every feature that is not 0, at ten places.

    ``leads`` are all leads, whose histories say which attributes have one.
    """
    undated = undated_attributes(leads)
    rows = []
    for point in points:
        undated_features = undated_features_of(point, rules.current, undated)
        for feature, value in features_of(point, rules.at(point.evaluated_at)).items():
            is_dated = undated_features.isdisjoint({feature, feature.partition("=")[0]})
            rows.append(
                {
                    "lead_id": point.lead.lead_id,
                    "feature": feature,
                    "value": value.quantize(PLACES_OF_A_VALUE, ROUND_HALF_UP),
                    "is_dated": is_dated,
                    "is_usable": is_dated or allow_undated_attributes,
                    "as_of": as_of,
                }
            )
    return rows


def undated_attributes(leads: Iterable[Lead]) -> set[str]:
    """The attributes of records of which no change is known of any lead or its account."""
    changed = set()
    for lead in leads:
        for history in (lead.attributes.own, lead.attributes.account):
            changed |= set() if history is None else set(history.changes)
    names = {name for names in TRACKED.values() for name in names}
    return {NAME_OF_COLUMN.get(name, name) for name in names - changed}


def undated_features_of(point: EvaluationPoint, policy: Policy, undated: set[str]) -> set[str]:
    """The features that follow undated attributes; of what has values without a value."""
    found = set(undated)
    if "employee_count" in undated:
        found.add("company_segment")
    rules = policy.fit_rules.get(point.scoring_model, [])
    criteria = {rule.criterion for rule in rules if rule.attribute in undated}
    if any(rule.counts_for_grade and rule.criterion in criteria for rule in rules):
        found.add("grade")
    return found | {f"fit_matched={criterion}" for criterion in criteria}


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
