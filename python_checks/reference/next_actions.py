"""Next actions: what is to be done with every lead, by whom, until when, and why?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from python_checks.reference.feedback import waits_for_approach
from python_checks.reference.marts import LeadResult
from python_checks.reference.policy import MARKETING, NextAction, Policy
from python_checks.reference.raw import Record
from python_checks.reference.signals import Signal

OF_THE_MATRIX = "matrix"
"""The action of a rule that leaves it to the matrix."""
OPTED_OUT, BOUNCED, COOLDOWN = "opted_out", "bounced", "cooldown"
"""What holds an outreach back."""
NO_HANDOFF: Record = {}
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Situation:
    """A lead as it is at the clock.

    ``score`` is its row of lead_scores in the primary model, ``handoff`` its open hand-off,
    ``approaches`` are the times at which somebody called, met or wrote to it; ``framework_passed``
    says whether the framework that is recommended for it stands confirmed.
    """

    result: LeadResult
    score: Record
    handoff: Record
    approaches: list[datetime]
    framework_passed: bool
    policy: Policy
    as_of: datetime

    @property
    def cooldown_until(self) -> datetime | None:
        """When its latest cooldown ends or ended."""
        return self.result.machine.cooldown_until

    @property
    def is_in_cooldown(self) -> bool:
        """Whether marketing has it and must leave it alone."""
        is_cooling = self.cooldown_until is not None and self.as_of < self.cooldown_until
        return is_cooling and self.result.machine.owner == MARKETING

    @property
    def is_opted_out(self) -> bool:
        """Whether it does not want to hear from marketing."""
        return self.result.machine.is_opted_out

    @property
    def is_bounced(self) -> bool:
        """Whether its e-mail is known to be bad: by the CRM, or by a bounce that stands."""
        lead = self.result.lead
        return lead.record["email_status"] == BOUNCED or bounce_stands(lead.signals)

    @property
    def is_contactable(self) -> bool:
        """Whether it has an e-mail or a phone that is not known to be bad."""
        record = self.result.lead.record
        has_email = record["email"] is not None and not self.is_bounced
        phone_is_valid = record["phone_is_valid"]
        has_phone = record["phone"] is not None and phone_is_valid is not False
        return has_email or has_phone or phone_is_valid is True

    @property
    def has_open_opportunity(self) -> bool:
        """Whether a deal is open of which it is the lead or a contact."""
        return any(deal["closed_at"] is None for deal, _ in self.result.lead.deals)

    @property
    def re_engage_due(self) -> bool:
        """Whether its cooldown is over, and nobody has approached it since."""
        waits = waits_for_approach(self.result, self.approaches, self.policy)
        return waits and self.cooldown_until <= self.as_of

    @property
    def since(self) -> datetime:
        """Since when it is as it is: its stage, or the end of a cooldown in it."""
        entered_at, ended_at = self.result.machine.entered_at, self.cooldown_until
        if ended_at is not None and entered_at < ended_at <= self.as_of:
            return ended_at
        return entered_at

    @property
    def known(self) -> dict[str, set[str]]:
        """What the conditions ask, as it is compared; of what is unknown there is nothing."""
        machine, lead = self.result.machine, self.result.lead
        return {
            "stage": _said(machine.stage),
            "stage_owner": _said(machine.owner),
            "profile": _said(lead.profile),
            "grade": _said(self.score["grade"]),
            "score_level": _said(self.score["score_level"]),
            "is_in_cooldown": _said(self.is_in_cooldown),
            "is_consenting": _said(not self.is_opted_out),
            "is_contactable": _said(self.is_contactable),
            "sla_status": _said(self.handoff.get("sla_status")),
            "has_open_opportunity": _said(self.has_open_opportunity),
            "framework_passed": _said(self.framework_passed),
            "re_engage_due": _said(self.re_engage_due),
            "has_signal": {signal.kind.signal.lower() for signal in lead.signals},
        }


def _said(value: object) -> set[str]:
    return set() if value is None else {str(value).lower()}


def bounce_stands(signals: Iterable[Signal]) -> bool:
    """Whether an e-mail bounced, and no other e-mail signal of the person came after that."""
    emails = [signal for signal in signals if signal.source == "email_events"]
    bounces = [signal.occurred_at for signal in emails if signal.kind.role == "bounce"]
    others = [signal.occurred_at for signal in emails if signal.kind.role != "bounce"]
    return bool(bounces) and not any(at > max(bounces) for at in others)


def next_best_action(
    results: list[LeadResult],
    primary_scores: dict[str, Record],
    handoffs: Rows,
    approaches: dict[str, list[datetime]],
    frameworks: Rows,
    policy: Policy,
    as_of: datetime,
) -> Rows:
    """One row per lead, by the first rule that matches; none where the policy has no rules.

    ``frameworks`` are the rows of lead_qualification.
    """
    if not policy.next_actions:
        return []
    is_open = {row["lead_id"]: row for row in handoffs if row["is_open"]}
    passed = {row["lead_id"] for row in frameworks if row["is_recommended"] and row["passed"]}
    rows = []
    for result in results:
        lead_id = result.lead.lead_id
        handoff = is_open.get(lead_id, NO_HANDOFF)
        situation = Situation(
            result,
            primary_scores[lead_id],
            handoff,
            approaches[lead_id],
            lead_id in passed,
            policy,
            as_of,
        )
        rows.append(_row(situation, rule_of(situation.known, policy)))
    return rows


def rule_of(known: dict[str, set[str]], policy: Policy) -> NextAction:
    """The first rule of which every condition is met.

    Raises:
        ValueError: There is none.
    """
    for rule in policy.next_actions:
        if all(values & known[name] for name, values in rule.conditions.items()):
            return rule
    raise ValueError("next_actions.csv has no row without conditions")


def _row(situation: Situation, rule: NextAction) -> Record:
    score, handoff = situation.score, situation.handoff
    is_of_matrix = rule.action == OF_THE_MATRIX
    return {
        "lead_id": situation.result.lead.lead_id,
        "action": score["recommended_action"] if is_of_matrix else rule.action,
        "owner": rule.owner,
        "rep_id": handoff.get("assigned_rep_id") or handoff.get("recommended_rep_id"),
        "due_at": due_at(rule, situation),
        "reason": rule.description,
        "why": score["top_contributions"],
        "blocked_by": blocked_by(situation, rule) if rule.is_outreach else None,
        "since": situation.since,
        "rule_order": rule.rule_order,
        "is_of_matrix": is_of_matrix,
        "is_outreach": rule.is_outreach,
        "nurture_track": rule.nurture_track,
        "stage": situation.result.machine.stage,
        "stage_owner": situation.result.machine.owner,
        "is_in_cooldown": situation.is_in_cooldown,
        "re_engage_due": situation.re_engage_due,
        "has_open_opportunity": situation.has_open_opportunity,
        "as_of": situation.as_of,
    }


def due_at(rule: NextAction, situation: Situation) -> datetime | None:
    """The instant from which a rule counts, and its hours; ``None`` where there is none."""
    if rule.due_from is None:
        return None
    begins_at = {
        "since": situation.since,
        "sla_due_at": situation.handoff.get("sla_due_at"),
        "cooldown_until": situation.cooldown_until,
        "timer_due_at": situation.result.machine.timer_at(),
    }[rule.due_from]
    return None if begins_at is None else begins_at + timedelta(hours=rule.due_hours)


def blocked_by(situation: Situation, rule: NextAction) -> str | None:
    """The first thing that holds an outreach back; marketing writes, others may call."""
    is_by_marketing = rule.owner == MARKETING
    if situation.is_opted_out:
        return OPTED_OUT
    if not situation.is_contactable or (is_by_marketing and situation.is_bounced):
        return BOUNCED
    return COOLDOWN if is_by_marketing and situation.is_in_cooldown else None
