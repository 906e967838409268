"""Qualification: how far is each framework of questions answered, and which one fits the deal?"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from python_checks.reference.identity import Lead
from python_checks.reference.marts import LeadResult
from python_checks.reference.policy import Policy
from python_checks.reference.raw import Record

Rows = list[dict[str, Any]]


def lead_qualification(
    results: list[LeadResult],
    handoffs: Rows,
    policy: Policy,
    as_of: datetime,
    expected_amount: Decimal,
) -> Rows:
    """Every framework for the leads with a hand-off or with an answer to one of its questions.

    ``expected_amount`` stands in for the amount of a lead without an opportunity that has one.
    """
    handed_off = {row["lead_id"] for row in handoffs}
    rows = []
    for result in results:
        lead = result.lead
        answers = {name: answers_to(name, lead, policy) for name in policy.frameworks}
        if lead.lead_id not in handed_off and not any(answers.values()):
            continue
        amount = deal_amount(lead, expected_amount)
        is_target = lead.account_value("is_target_account") is True
        recommended = recommended_framework(amount, is_target, policy)
        for framework, own in answers.items():
            rows.append(
                {
                    "lead_id": lead.lead_id,
                    "framework": framework,
                    **progress(policy.frameworks[framework], own),
                    "deal_amount": amount,
                    "is_target_account": is_target,
                    "recommended_framework": recommended,
                    "is_recommended": recommended is not None
                    and recommended.lower() == framework.lower(),
                    "as_of": as_of,
                }
            )
    return rows


def answers_to(framework: str, lead: Lead, policy: Policy) -> list[Record]:
    """The lead's answers to the criteria of a framework, by time and then id."""
    criteria = {criterion.lower() for criterion in policy.frameworks[framework]}
    own = [
        answer
        for answer in lead.answers
        if answer["framework"] == framework.lower() and answer["criterion"] in criteria
    ]
    return sorted(own, key=lambda answer: (answer["answered_at"], answer["answer_id"]))


def progress(criteria: list[str], answers: list[Record]) -> dict[str, Any]:
    """What the latest answers (in order) say; answers of one instant apply together."""
    latest: dict[str, str] = {}
    first_passed_at = None
    for at, together in groupby(answers, key=lambda answer: answer["answered_at"]):
        latest |= {answer["criterion"]: answer["answer"] for answer in together}
        if first_passed_at is None and not _not_confirmed(criteria, latest):
            first_passed_at = at
    missing = _not_confirmed(criteria, latest)
    confirmed = len(criteria) - len(missing)
    denied = sum(latest.get(criterion.lower()) == "denied" for criterion in criteria)
    return {
        "criteria": len(criteria),
        "confirmed": confirmed,
        "denied": denied,
        "unknown": len(criteria) - confirmed - denied,
        "passed": not missing,
        "first_passed_at": first_passed_at,
        "missing": ", ".join(missing) or None,
        "last_answered_at": answers[-1]["answered_at"] if answers else None,
    }


def _not_confirmed(criteria: list[str], latest: dict[str, str]) -> list[str]:
    return [criterion for criterion in criteria if latest.get(criterion.lower()) != "confirmed"]


def deal_amount(lead: Lead, expected_amount: Decimal) -> Decimal:
    """The amount of the lead's latest opportunity, if it has one, else what is expected."""
    if not lead.opportunities:
        return expected_amount
    latest = max(lead.opportunities, key=lambda o: (o["created_at"], o["opportunity_id"]))
    return expected_amount if latest["amount"] is None else latest["amount"]


def recommended_framework(amount: Decimal, is_target: bool, policy: Policy) -> str | None:
    """The framework of the first rule whose range holds the amount; ``None`` without one."""
    for choice in policy.framework_selection:
        if choice.min_amount is not None and amount < choice.min_amount:
            continue
        if choice.max_amount is not None and amount >= choice.max_amount:
            continue
        if choice.target_account_only and not is_target:
            continue
        return choice.framework
    return None
