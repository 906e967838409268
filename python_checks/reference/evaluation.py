"""Evaluation points: when is a lead judged, by which score, and what came of it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from python_checks.reference.identity import Lead
from python_checks.reference.lifecycle import StageEntry
from python_checks.reference.marts import LeadResult
from python_checks.reference.measures import Outcome
from python_checks.reference.policy import SALES, SDR, Policy
from python_checks.reference.rules import Rules
from python_checks.reference.scoring import ScoreState
from python_checks.reference.signals import Signal

MARKETING_ROLES = ("mql", "pql")
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class EvaluationPoint:
    """The instant at which a lead is judged; ``states`` are its scores then, by model.

    ``scoring_model`` and ``profile`` are those of the deciding pair of the transition.
    """

    lead: Lead
    scoring_model: str
    profile: str
    evaluated_at: datetime
    evaluated_stage: str
    outcome_due_at: datetime
    opportunity_at: datetime | None
    is_mature: bool
    is_converted: bool
    states: dict[str, ScoreState]

    @property
    def signals(self) -> list[Signal]:
        """The lead's signals up to that instant, in order."""
        return [s for s in self.lead.signals if s.occurred_at <= self.evaluated_at]

    def outcome_in(self, model: str) -> Outcome:
        """The score in a model, and what came of it."""
        return Outcome(self.states[model].score, self.is_converted)


def points_of(results: list[LeadResult], rules: Rules, as_of: datetime) -> list[EvaluationPoint]:
    """The evaluation points of all leads that have one."""
    points = (evaluation_point(result, rules, as_of) for result in results)
    return [point for point in points if point is not None]


def evaluation_point(result: LeadResult, rules: Rules, as_of: datetime) -> EvaluationPoint | None:
    """The first stage of mql, pql or sales; ``None`` without one or if it is the outcome itself.

    The outcome is an opportunity until the end of the window, that instant included. As long as
    there is none a lead is not converted; that this is final is known when as_of reaches the end.
    """
    policy = rules.at(as_of)
    entries = [entry for entry in result.machine.history if _is_judged(entry, policy)]
    if not entries or policy.stages[entries[0].stage].funnel_rank >= policy.rank_of("opportunity"):
        return None
    first = entries[0]
    window = timedelta(days=int(policy.settings["conversion_window_days"]))
    due_at = first.entered_at + window
    opportunity_at = result.milestones.opportunity_at
    scoring_model, profile = first.pair
    return EvaluationPoint(
        lead=result.lead,
        scoring_model=scoring_model,
        profile=profile,
        evaluated_at=first.entered_at,
        evaluated_stage=first.stage,
        outcome_due_at=due_at,
        opportunity_at=opportunity_at,
        is_mature=due_at <= as_of,
        is_converted=opportunity_at is not None and opportunity_at <= due_at,
        states=_states_at(result, first.entered_at),
    )


def _is_judged(entry: StageEntry, policy: Policy) -> bool:
    """Whether a stage says that somebody took the lead for a promising one."""
    stage = policy.stages[entry.stage]
    if stage.role == "disqualified":
        return False
    return stage.role in MARKETING_ROLES or entry.owner in (SDR, SALES)


def _states_at(result: LeadResult, at: datetime) -> dict[str, ScoreState]:
    """The score of every model whose timeline holds the instant."""
    states = {model: result.state_at(model, at) for model in result.scores}
    return {model: state for model, state in states.items() if state is not None}


def mature(points: list[EvaluationPoint]) -> list[EvaluationPoint]:
    """The points whose outcome is known."""
    return [point for point in points if point.is_mature]


def by_model(points: list[EvaluationPoint]) -> dict[str, list[EvaluationPoint]]:
    """The points that each model scores; a point is among those of several models."""
    found: dict[str, list[EvaluationPoint]] = {}
    for point in points:
        for model in point.states:
            found.setdefault(model, []).append(point)
    return found


def outcomes_in(points: list[EvaluationPoint], model: str) -> list[Outcome]:
    """Score in a model and outcome of each point."""
    return [point.outcome_in(model) for point in points]


def bin_points_of(policy: Policy) -> Decimal:
    """The width of a score bin."""
    return policy.settings["calibration_bin_points"]


def evaluation_rows(points: list[EvaluationPoint], as_of: datetime) -> Rows:
    """evaluation_points: one row per lead that was judged."""
    return [
        {
            "lead_id": point.lead.lead_id,
            "scoring_model": point.scoring_model,
            "channel": point.lead.channel,
            "evaluated_at": point.evaluated_at,
            "evaluated_stage": point.evaluated_stage,
            "outcome_due_at": point.outcome_due_at,
            "opportunity_at": point.opportunity_at,
            "is_mature": point.is_mature,
            "is_converted": point.is_converted,
            "as_of": as_of,
        }
        for point in points
    ]
