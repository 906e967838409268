"""Reasons: which items weigh most in a lead's score?

The specification says "three leading contributions" and no more; the README shows the form
``meeting_booked +40; free_trial_signup +20``. Weight is the sum of an item's points that count.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from python_checks.reference.identity import Lead
from python_checks.reference.policy import Policy
from python_checks.reference.scoring import (
    attributes_of,
    contributions_of,
    curve_step,
    engagement_episodes,
    matches,
)

MOST = 3
INACTIVITY = "inactivity"
Points = Decimal | int


def top_contributions(lead: Lead, model_name: str, policy: Policy, at: datetime) -> str | None:
    """The three items with the most points, for or against; ``None`` without any.

    Equal ones by name. An item that counts more than once says how often: ``email_click +9 (3x)``.
    """
    engagements = [s.occurred_at for s in lead.signals if s.kind.is_engagement]
    inactivity = curve_step(at, engagements, policy.recency_curve[model_name]).penalty_points
    points: dict[str, list[Points]] = {}
    for item, worth in [
        *_signals(lead, model_name, engagements, policy, at),
        *_criteria(lead, model_name, policy, at),
        (INACTIVITY, inactivity),
    ]:
        if worth != 0:
            points.setdefault(item, []).append(worth)
    ordered = sorted(points.items(), key=lambda pair: (-abs(sum(pair[1])), pair[0]))
    return "; ".join(_shown(item, worths) for item, worths in ordered[:MOST]) or None


def _signals(
    lead: Lead, model_name: str, engagements: list[datetime], policy: Policy, at: datetime
) -> list[tuple[str, Points]]:
    """The contributions that count; while dormant only penalties do."""
    model = policy.scoring_models[model_name]
    episodes = engagement_episodes(engagements, model.dormancy_days)
    is_dormant = episodes is not None and not any(start <= at < end for start, end in episodes)
    return [
        (contribution.signal, contribution.points)
        for contribution in contributions_of(lead.signals, model, episodes, policy)
        if contribution.is_alive(at) and (contribution.component == "penalty" or not is_dormant)
    ]


def _criteria(
    lead: Lead, model_name: str, policy: Policy, at: datetime
) -> list[tuple[str, Points]]:
    """The points of the first matching rule of each fit criterion."""
    values = attributes_of(lead, at)
    points: dict[str, int] = {}
    for rule in policy.fit_rules.get(model_name, []):
        if matches(rule, values[rule.attribute]):
            points.setdefault(rule.criterion, rule.points)
    return list(points.items())


def _shown(item: str, worths: list[Points]) -> str:
    total = f"{Decimal(sum(worths)):+.4f}".rstrip("0").rstrip(".")
    return f"{item} {total}" + (f" ({len(worths)}x)" if len(worths) > 1 else "")
