"""Next band: which single signal would make a lead warmer by a band?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from python_checks.reference.marts import LeadResult
from python_checks.reference.policy import PointRule, Policy
from python_checks.reference.scoring import ScoreState, score_with
from python_checks.reference.signals import Signal

EARNING = ("behaviour", "intent")
"""The components in which a signal may make a lead warmer."""

NO_RECORD = ""
"""Source and id of a signal that has not happened."""


def next_band(results: list[LeadResult], policy: Policy, as_of: datetime) -> list[dict[str, Any]]:
    """Lead with a score in its main model: the signal with the fewest points that is enough."""
    rows = []
    for result in results:
        model_name = result.lead.scoring_model
        now = result.state_at(model_name, as_of)
        if now is None:
            continue
        signal, after = _first_that_lifts(result, now, policy, as_of)
        rows.append(
            {
                "lead_id": result.lead.lead_id,
                "scoring_model": model_name,
                "score": now.score,
                "score_band": now.score_band,
                "signal": signal,
                "score_after": None if after is None else after.score,
                "band_after": None if after is None else after.score_band,
            }
        )
    return rows


def candidates(model_name: str, policy: Policy) -> list[PointRule]:
    """The engagement signals that earn points in a model, the fewest first, then by name."""
    rules = [
        rule
        for rule in policy.point_rules.get(model_name, {}).values()
        if policy.signals[rule.signal].is_engagement
        and rule.component in EARNING
        and rule.points > 0
    ]
    return sorted(rules, key=lambda rule: (rule.points, rule.signal))


def _first_that_lifts(
    result: LeadResult, now: ScoreState, policy: Policy, as_of: datetime
) -> tuple[str | None, ScoreState | None]:
    """The first candidate after which the lead is in a higher band, and the score then."""
    lead, model_name = result.lead, result.lead.scoring_model
    starts_at = {band.score_band: band.min_score for band in policy.score_bands[model_name]}
    for rule in candidates(model_name, policy):
        kind = policy.signals[rule.signal]
        signal = Signal(kind, as_of, NO_RECORD, NO_RECORD, session_id=None, asset=None)
        after = score_with(lead, model_name, policy, signal)
        if starts_at[after.score_band] > starts_at[now.score_band]:
            return rule.signal, after
    return None, None
