"""The public tables: which rows and columns follow from a lead's score and stages?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from python_checks.reference.attributes import custom_as_text
from python_checks.reference.funnel import UNKNOWN, FunnelLead
from python_checks.reference.identity import Lead
from python_checks.reference.lifecycle import Machine, Milestones, held_back_by
from python_checks.reference.policy import Policy, spaced
from python_checks.reference.reasons import top_contributions
from python_checks.reference.rules import Rules
from python_checks.reference.scoring import Interval, ScoreState, interval_at

SQL_COLUMN_OF_RANK = {2: "sql_proposed_at", 3: "sql_accepted_at", 4: "sql_qualified_at"}


@dataclass
class LeadResult:
    """All that was computed of one lead; scores by model, the primary model first."""

    lead: Lead
    scores: dict[str, list[Interval]]
    machine: Machine
    milestones: Milestones

    def state_at(self, model: str, at: datetime) -> ScoreState | None:
        """All values of the score in a model at a time; ``None`` where the model gives none."""
        interval = interval_at(self.scores.get(model, []), at)
        return None if interval is None else interval.state_at(at)


def score_history_rows(result: LeadResult, as_of: datetime) -> list[dict[str, Any]]:
    """lead_score_history of one lead."""
    rows = []
    for model_name, intervals in result.scores.items():
        for interval in intervals:
            state = interval.state
            rows.append(
                {
                    "lead_id": result.lead.lead_id,
                    "scoring_model": model_name,
                    "valid_from": interval.valid_from,
                    "valid_to": interval.valid_to,
                    "fit_points": state.fit_points,
                    "behaviour_points": state.behaviour_points,
                    "intent_points": state.intent_points,
                    "recency_multiplier": state.recency_multiplier,
                    "penalty_points": state.penalty_points,
                    "score": state.score,
                    "score_band": state.score_band,
                    "score_level": state.score_level,
                    "grade": state.grade,
                    "meaningful_signals": state.meaningful_signals,
                    "high_intent_signals": state.high_intent_signals,
                    "intent_signals": state.intent_signals,
                    "is_projected": interval.valid_from > as_of,
                }
            )
    return rows


def score_rows(result: LeadResult, policy: Policy, as_of: datetime) -> list[dict[str, Any]]:
    """lead_scores of one lead: the timeline of each model looked up at ``as_of``.

    Where the model ceases to score the lead, that is its next change, without a score.
    """
    engagements = [s.occurred_at for s in result.lead.signals if s.kind.is_engagement]
    rows = []
    for model_name, intervals in result.scores.items():
        current = interval_at(intervals, as_of)
        if current is None:
            continue
        following = next((i for i in intervals if i.valid_from == current.valid_to), None)
        state = current.state_at(as_of)
        profile = _profile_of(model_name, result.lead, as_of)
        advice = policy.advice_of(profile, state.grade, state.score_level)
        rows.append(
            {
                "lead_id": result.lead.lead_id,
                "scoring_model": model_name,
                "is_primary": model_name == result.lead.scoring_model,
                "as_of": as_of,
                "fit_points": state.fit_points,
                "behaviour_points": state.behaviour_points,
                "behaviour_points_uncapped": state.behaviour_points_uncapped,
                "intent_points": state.intent_points,
                "intent_points_uncapped": state.intent_points_uncapped,
                "recency_multiplier": state.recency_multiplier,
                "penalty_points": state.penalty_points,
                "score": state.score,
                "adjusted_score": _adjusted(state.score, model_name, result, policy, as_of),
                "score_band": state.score_band,
                "score_level": state.score_level,
                "grade": state.grade,
                "criteria_matched": state.criteria_matched,
                "criteria_unknown": state.criteria_unknown,
                "recommended_stage": advice["stage"],
                "recommended_action": advice["action"],
                "first_engagement_at": engagements[0] if engagements else None,
                "last_engagement_at": engagements[-1] if engagements else None,
                "days_since_engagement": (as_of - engagements[-1]).days if engagements else None,
                "next_change_at": current.valid_to,
                "next_score": following.state.score if following else None,
                "next_score_band": following.state.score_band if following else None,
                "top_contributions": top_contributions(result.lead, model_name, policy, as_of),
            }
        )
    return rows


def _profile_of(model_name: str, lead: Lead, as_of: datetime) -> str | None:
    """The profile of the pair that has a model at the clock; ``None`` of a model of no pair."""
    for pair in lead.assignment.at(as_of).both:
        if pair.scoring_model == model_name:
            return pair.profile
    return None


def _adjusted(
    score: Decimal, model_name: str, result: LeadResult, policy: Policy, as_of: datetime
) -> Decimal:
    """The displayed score: less while the cooldown of the latest regression runs."""
    until = result.machine.regression_cooldown_until
    if until is None or as_of >= until:
        return score
    adjusted = score + result.machine.regression_points
    return max(policy.scoring_models[model_name].min_score, adjusted)


def stage_history_rows(result: LeadResult, rules: Rules) -> list[dict[str, Any]]:
    """lead_stage_history of one lead."""
    history = result.machine.history
    rows = []
    for number, entry in enumerate(history, start=1):
        rows.append(
            {
                "lead_id": result.lead.lead_id,
                "stage_number": number,
                "stage": entry.stage,
                "owner": entry.owner,
                "entered_at": entry.entered_at,
                "exited_at": history[number].entered_at if number < len(history) else None,
                "entered_by": entry.entered_by,
                "reason_code": entry.reason_code,
                "is_regression": entry.is_regression,
                "cooldown_until": entry.cooldown_until,
                "policy_version": rules.version_at(entry.entered_at).number,
            }
        )
    return rows


def stage_row(result: LeadResult, rules: Rules, as_of: datetime) -> dict[str, Any]:
    """The row of one lead in lead_stages."""
    lead, machine, milestones = result.lead, result.machine, result.milestones
    policy = rules.at(as_of)
    stage = policy.stages[machine.stage]
    return {
        "lead_id": lead.lead_id,
        "account_id": lead.account_value("account_id"),
        "channel": lead.channel,
        "motion": lead.motion,
        "intent_class": lead.intent_class,
        "company_segment": lead.company_segment,
        "campaign_id": lead.record.get("campaign_id"),
        "scoring_model": lead.scoring_model,
        "profile": lead.profile,
        "first_seen_at": lead.first_seen_at,
        "stage": machine.stage,
        "funnel_stage": stage.funnel_stage,
        "stage_owner": machine.owner,
        "stage_entered_at": machine.entered_at,
        "days_in_stage": (as_of - machine.entered_at).days,
        "mql_at": milestones.mql_at,
        "pql_at": milestones.pql_at,
        "sql_proposed_at": milestones.sql_proposed_at,
        "sql_accepted_at": milestones.sql_accepted_at,
        "sql_qualified_at": milestones.sql_qualified_at,
        "sql_at": sql_at(milestones, policy),
        "opportunity_at": milestones.opportunity_at,
        "customer_at": milestones.customer_at,
        "regressions": machine.regressions,
        "cooldown_until": machine.cooldown_until,
        "entry_path": milestones.entry_path,
        "policy_version": rules.version_at(as_of).number,
        "held_back_by": held_back_by(lead, result.scores, machine, policy, as_of),
    }


def ignored_rows(result: LeadResult) -> list[dict[str, Any]]:
    """ignored_lifecycle_events of one lead: the events that moved nothing.

    Several that no record says, as at a boundary of the rules, are one.
    """
    rows = {}
    for ignored in result.machine.ignored:
        event = ignored.event
        row = {
            "lead_id": result.lead.lead_id,
            "occurred_at": event.at,
            "event": event.name,
            "source": event.source or None,
            "record_id": event.record_id or None,
            "stage": ignored.stage,
            "reason": ignored.reason,
        }
        rows.setdefault(tuple(row.values())[:5], row)
    return list(rows.values())


def sql_at(milestones: Milestones, policy: Policy) -> datetime | None:
    """The timestamp that rates take for SQL."""
    return getattr(milestones, SQL_COLUMN_OF_RANK[int(policy.settings["sql_definition_rank"])])


def funnel_lead(result: LeadResult, policy: Policy, as_of: datetime) -> FunnelLead:
    """A lead as the funnel counts it; a missing member is ``unknown``."""
    lead, milestones = result.lead, result.milestones
    members = {
        "overall": "all",
        "channel": lead.channel,
        "lead_source": spaced(lead.record.get("lead_source") or ""),
        "motion": lead.motion,
        "intent_class": lead.intent_class,
        "company_segment": lead.company_segment,
        "campaign": lead.record.get("campaign_id"),
        "country": lead.country,
        "industry": lead.firmographic("industry"),
        "grade": result.state_at(lead.scoring_model, as_of).grade,
        "profile": lead.profile,
    }
    for custom in policy.attributes:
        if custom.is_dimension:
            known = lead.attributes_at(as_of)[custom.attribute]
            members[custom.attribute] = custom_as_text(known)
    return FunnelLead(
        members={name: member or UNKNOWN for name, member in members.items()},
        first_seen_at=lead.first_seen_at,
        mql_at=milestones.mql_at,
        pql_at=milestones.pql_at,
        sql_at=sql_at(milestones, policy),
        opportunity_at=milestones.opportunity_at,
        customer_at=milestones.customer_at,
    )
