"""Checks: is a hand-off, or a lead in stage mql, as good as the agreement says?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from python_checks.reference.attributes import bar_of
from python_checks.reference.marts import LeadResult
from python_checks.reference.policy import Policy
from python_checks.reference.rules import Rules
from python_checks.reference.signals import Signal, stands_opted_out

PASSED = "passed"
FAILED = "failed"
UNKNOWN = "unknown"
BAD_EMAIL_STATUSES = {"bounced", "unverified"}

Check = tuple[int, str, str]


def handoff_checklist_rows(
    results: list[LeadResult], handoffs: list[dict[str, Any]], rules: Rules
) -> list[dict[str, Any]]:
    """The table handoff_checklist, without its detail."""
    by_lead = {result.lead.lead_id: result for result in results}
    return [
        {
            "lead_id": handoff["lead_id"],
            "handoff_number": handoff["handoff_number"],
            "check_number": number,
            "check_name": name,
            "result": result,
            "as_of": handoff["as_of"],
        }
        for handoff in handoffs
        for number, name, result in handoff_checks(
            by_lead[handoff["lead_id"]], handoff, rules.at(handoff["handed_off_at"])
        )
    ]


def handoff_checks(result: LeadResult, handoff: dict[str, Any], policy: Policy) -> list[Check]:
    """The ten checks of one hand-off, by the rules in force when it began."""
    lead, at = result.lead, handoff["handed_off_at"]
    before = [signal for signal in lead.signals if signal.occurred_at <= at]
    within = timedelta(days=int(policy.settings["handoff_engaged_days"]))
    engaged_at = handoff["last_engagement_at"]
    is_complete = (
        bool(before)
        and lead.channel != UNKNOWN
        and handoff["industry"] is not None
        and handoff["employee_count"] is not None
    )
    outcomes = {
        "score_threshold": _reaches_the_bar(handoff, policy),
        "grade": _passed(policy.is_good(handoff["grade"])),
        "high_intent": _passed(handoff["high_intent_signals"] > 0),
        "email_verified": _email_verified(result, before),
        "consent": _passed(not stands_opted_out(before, policy) and not _has_complained(before)),
        "recently_engaged": _passed(engaged_at is not None and at - engaged_at < within),
        "company_allowed": _company_allowed(result, handoff),
        "context_complete": _passed(is_complete),
        "routed_by_rules": _known(handoff["is_routed_correctly"]),
        "response_commitment": _passed(handoff["sla_due_at"] is not None),
    }
    return _numbered(outcomes)


def mql_quality_rows(
    results: list[LeadResult], policy: Policy, as_of: datetime
) -> list[dict[str, Any]]:
    """The table mql_quality, without its detail."""
    return [
        {
            "lead_id": result.lead.lead_id,
            "check_number": number,
            "check_name": name,
            "result": outcome,
            "as_of": as_of,
        }
        for result in results
        if policy.stages[result.machine.stage].role == "mql"
        for number, name, outcome in mql_checks(result, policy, as_of)
    ]


def mql_checks(result: LeadResult, policy: Policy, as_of: datetime) -> list[Check]:
    """The five checks of one lead in stage mql."""
    lead, settings = result.lead, policy.settings
    state = result.state_at(lead.scoring_model, as_of)
    within = timedelta(days=int(settings["mql_engaged_days"]))
    engagements = [signal.occurred_at for signal in lead.signals if signal.kind.is_engagement]
    is_recent = bool(engagements) and as_of - engagements[-1] < within
    minimum = policy.profiles[lead.profile].mql_min_score
    outcomes = {
        "icp_alignment": _passed(policy.is_good(state.grade)),
        "depth": _passed(state.meaningful_signals >= settings["mql_meaningful_signals"]),
        "recency": _passed(is_recent),
        "threshold": _passed(state.score >= minimum),
        "contactability": _contactability(result, policy),
    }
    return _numbered(outcomes)


def _reaches_the_bar(handoff: dict[str, Any], policy: Policy) -> str:
    """Whether the score reaches the bar of the stage entered; unknown where it has none."""
    stage, profile = policy.stages[handoff["to_stage"]], policy.profiles[handoff["profile"]]
    if stage.role == "mql":
        return _passed(handoff["score"] >= profile.mql_min_score)
    if stage.funnel_rank >= policy.rank_of("proposed"):
        return _passed(handoff["score"] >= profile.sql_min_score)
    return UNKNOWN


def _has_complained(signals: list[Signal]) -> bool:
    return any(signal.kind.role == "complaint" for signal in signals)


def _has_bounced(result: LeadResult, signals: list[Signal]) -> bool:
    """Whether the address is known as bad, by the CRM or by a bounce."""
    return result.lead.record["email_status"] in BAD_EMAIL_STATUSES or any(
        signal.kind.role == "bounce" for signal in signals
    )


def _email_verified(result: LeadResult, before: list[Signal]) -> str:
    if _has_bounced(result, before):
        return FAILED
    return UNKNOWN if result.lead.record["email_status"] is None else PASSED


def _company_allowed(result: LeadResult, handoff: dict[str, Any]) -> str:
    known = result.lead.attributes_at(handoff["handed_off_at"])
    if bar_of(known) is not None:
        return FAILED
    entry = next(
        entry
        for entry in result.machine.history
        if entry.entered_at == handoff["handed_off_at"] and entry.stage == handoff["to_stage"]
    )
    if entry.is_disqualified:
        return FAILED
    return UNKNOWN if known["is_competitor"] is None else PASSED


def _contactability(result: LeadResult, policy: Policy) -> str:
    lead = result.lead
    phone_is_valid = lead.record["phone_is_valid"]
    if (
        _has_bounced(result, lead.signals)
        or phone_is_valid is False
        or stands_opted_out(lead.signals, policy)
        or _has_complained(lead.signals)
    ):
        return FAILED
    is_known = lead.record["email_status"] is not None and phone_is_valid is not None
    return PASSED if is_known else UNKNOWN


def _passed(holds: bool) -> str:
    return PASSED if holds else FAILED


def _known(holds: bool | None) -> str:
    return UNKNOWN if holds is None else _passed(holds)


def _numbered(outcomes: dict[str, str]) -> list[Check]:
    return [(number, name, result) for number, (name, result) in enumerate(outcomes.items(), 1)]
