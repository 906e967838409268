"""Accounts: which companies are engaged, by whom, and which show intent before anybody came?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from python_checks.reference.assignment import CONDITIONS, MAIN
from python_checks.reference.identity import Identity
from python_checks.reference.marts import LeadResult
from python_checks.reference.policy import Policy
from python_checks.reference.raw import Record
from python_checks.reference.scoring import capped, contributions_of, matches, words
from python_checks.reference.signals import Signal, signal_kind

ACCOUNT_ATTRIBUTES = {
    "industry": "industry",
    "employee_count": "employee_count",
    "country": "country",
    "is_competitor": "is_competitor",
    "account_status": "status",
}
"""The attributes of fit rules that an account has by itself, and its columns."""
INBOUND = "inbound"

Rows = list[dict[str, Any]]


def account_engagement(
    tables: dict[str, list[Record]],
    identity: Identity,
    results: list[LeadResult],
    policy: Policy,
    as_of: datetime,
    stage_of: dict[str, str],
) -> Rows:
    """One row per account; ``tables`` are those without what happens after ``as_of``.

    ``stage_of`` has the stages of accounts at the clock.
    """
    model = account_model(policy)
    since = as_of - timedelta(days=int(policy.settings["account_window_days"]))
    leads_of: dict[str, list[LeadResult]] = {}
    for result in results:
        if result.lead.account is not None:
            leads_of.setdefault(result.lead.account["account_id"], []).append(result)
    intent_of = third_party_signals(tables["intent_signals"], identity, policy)
    rows = []
    for account in tables["accounts"]:
        account_id = account["account_id"]
        leads = leads_of.get(account_id, [])
        intent = intent_points(intent_of.get(account_id, []), model, since, policy)
        engagements = [
            [s.occurred_at for s in result.lead.signals if s.kind.is_engagement] for result in leads
        ]
        engaged = sum(any(at > since for at in times) for times in engagements)
        fit = account_fit_points(account, model, policy)
        behaviour = top_behaviour_points(leads, model, as_of)
        breadth = breadth_points(engaged, policy)
        intent_cap = policy.scoring_models[model].intent_cap
        score = fit + behaviour + capped(intent, intent_cap) + breadth
        roles = sorted({role for result in leads if (role := _role_of(result, policy))})
        is_in_market = intent >= policy.settings["in_market_intent_points"]
        rows.append(
            {
                "account_id": account_id,
                "leads": len(leads),
                "engaged_leads_90d": engaged,
                "meaningful_signals_90d": sum(
                    signal.kind.is_meaningful and signal.occurred_at > since
                    for result in leads
                    for signal in result.lead.signals
                ),
                "buying_roles": ", ".join(roles) or None,
                "buying_roles_covered": len(roles),
                "account_fit_points": fit,
                "top_lead_behaviour_points": behaviour,
                "third_party_intent_points": intent,
                "breadth_points": breadth,
                "account_score": within(score, 0, int(policy.settings["account_score_cap"])),
                "account_stage": stage_of.get(account_id),
                "is_in_market": is_in_market,
                "outbound_trigger": is_in_market and engaged == 0,
                "last_engagement_at": max(
                    (at for times in engagements for at in times), default=None
                ),
                "as_of": as_of,
            }
        )
    return rows


def account_model(policy: Policy) -> str:
    """The scoring model of the first rule that takes any inbound lead."""
    for row in policy.model_assignment:
        others = [row.get(name) for name in CONDITIONS if name != "motion"]
        takes_inbound = row["motion"] is None or INBOUND in row["motion"].split("|")
        if (row.get("track") or MAIN) == MAIN and takes_inbound and not any(others):
            return row["scoring_model"]
    raise ValueError("model_assignment.csv has no row for motion 'inbound'")


def within(points: int, low: int, high: int) -> int:
    """The points, but no fewer than ``low`` and no more than ``high``."""
    return max(low, min(points, high))


def third_party_signals(
    events: list[Record], identity: Identity, policy: Policy
) -> dict[str, list[Signal]]:
    """Third-party intent by account, in order, also of accounts without leads.

    An event with an address is that of a person, not of the account.
    """
    found: dict[str, list[Signal]] = {}
    for event in events:
        if event["email"] is not None:
            continue
        account_id = identity.account_of_domain.get(event["account_domain"])
        kind = signal_kind("intent_signals", event["signal_type"], event, policy)
        if account_id is None or kind is None or kind.origin != "third_party":
            continue
        found.setdefault(account_id, []).append(
            Signal(
                kind=kind,
                occurred_at=event["occurred_at"],
                source="intent_signals",
                record_id=event["signal_id"],
                session_id=event.get("session_id"),
                asset=event.get("asset"),
            )
        )
    for signals in found.values():
        signals.sort(key=lambda signal: signal.order)
    return found


def intent_points(signals: list[Signal], model: str, since: datetime, policy: Policy) -> int:
    """Points of an account's intent later than ``since``, once per dedupe key of its history."""
    counted = contributions_of(signals, policy.scoring_models[model], None, policy)
    return sum(contribution.points for contribution in counted if contribution.start > since)


def account_fit_points(account: Record, model: str, policy: Policy) -> int:
    """Of each criterion about accounts the first matching rule, negative points too."""
    values = {name: account.get(column) for name, column in ACCOUNT_ATTRIBUTES.items()}
    values |= account.get("custom", {})
    points: dict[str, int] = {}
    for rule in policy.fit_rules.get(model, []):
        if matches(rule, values.get(rule.attribute)):
            points.setdefault(rule.criterion, rule.points)
    return sum(points.values())


def top_behaviour_points(leads: list[LeadResult], model: str, as_of: datetime) -> int:
    """The most behaviour points that a lead of the account has in the model; 0 without one."""
    found = [0]
    for result in leads:
        state = result.state_at(model, as_of)
        if state is not None:
            found.append(state.behaviour_points)
    return max(found)


def breadth_points(engaged_leads: int, policy: Policy) -> int:
    """Points for each engaged lead beyond the first, up to a cap."""
    each = int(policy.settings["account_breadth_points"])
    return within(each * (engaged_leads - 1), 0, int(policy.settings["account_breadth_cap"]))


def _role_of(result: LeadResult, policy: Policy) -> str | None:
    return buying_role(result.lead.record.get("job_title"), policy)


def buying_role(job_title: str | None, policy: Policy) -> str | None:
    """The role of the first phrase that the job title has as whole words."""
    text = f" {words(job_title or '')} "
    for phrase, role in policy.buying_roles:
        if f" {words(phrase)} " in text:
            return role
    return None
