"""Sales contacts: whom did sales take up within a year, with which score, and was it won?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from python_checks.reference.identity import Lead
from python_checks.reference.marts import LeadResult
from python_checks.reference.policy import Policy
from python_checks.reference.scoring import ScoreState

TOUCHES = ("call", "email", "meeting")
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class SalesContact:
    """The first time that sales spoke or wrote to a lead, its scores then, and the outcome."""

    lead_id: str
    contacted_at: datetime
    states: dict[str, ScoreState]
    is_won: bool


def sales_contacts(
    results: list[LeadResult], policy: Policy, as_of: datetime
) -> list[SalesContact]:
    """The leads that sales first took up less than a year ago, and of which the end is known.

    It is known where the deal is decided, or that first time is longer ago than a cohort must be.
    """
    maturity = timedelta(days=int(policy.settings["cohort_maturity_days"]))
    found = []
    for result in results:
        at = first_contact(result.lead)
        won_at = result.milestones.customer_at
        if at is None or as_of - at >= YEAR or (won_at is not None and won_at < at):
            continue
        if won_at is None and not is_lost(result.lead, at) and as_of - at <= maturity:
            continue
        states = {model: result.state_at(model, at) for model in result.scores}
        scored = {model: state for model, state in states.items() if state is not None}
        found.append(SalesContact(result.lead.lead_id, at, scored, won_at is not None))
    return found


def first_contact(lead: Lead) -> datetime | None:
    """The first call, meeting or e-mail that a person of sales made or wrote."""
    times = [
        activity["occurred_at"]
        for activity in lead.sales_activities
        if activity["activity_type"] in TOUCHES
        and activity["activity_id"] not in lead.automated_emails
    ]
    return min(times, default=None)


def is_lost(lead: Lead, since: datetime) -> bool:
    """Whether a deal was lost with the lead in it from some time on, and none is open."""
    closings = [(deal["closed_at"], joined_at) for deal, joined_at in lead.deals]
    return all(closed_at is not None for closed_at, _ in closings) and any(
        closed_at >= max(since, joined_at or since) for closed_at, joined_at in closings
    )
