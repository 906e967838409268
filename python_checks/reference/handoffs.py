"""Hand-offs: when did a lead change hands, what was known, and what did the new owner do?"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from python_checks.reference.business_time import business_seconds, due_at, in_seconds
from python_checks.reference.checks import FAILED, PASSED, UNKNOWN, handoff_checks
from python_checks.reference.lifecycle import StageEntry, is_connection
from python_checks.reference.marts import LeadResult
from python_checks.reference.policy import (
    MARKETING,
    SALES,
    SDR,
    Policy,
    RoutingRule,
    SlaPolicy,
)
from python_checks.reference.raw import Record
from python_checks.reference.reps import GivenLead, recommended_reps
from python_checks.reference.rules import Rules
from python_checks.reference.scoring import ScoreState
from python_checks.reference.signals import Signal, campaign_touches

PLACES = Decimal("0.0001")
GATES = {"sql_gate", "mql_gate"}
TOUCHES = {"call", "email", "meeting"}
RANK_OF_OWNER = {MARKETING: 1, SDR: 2, SALES: 3}
"""Who hands over to whom; nobody is below all of them."""
LATEST_SIGNALS = 10


@dataclass
class Handoff:
    """A hand-off of one lead: the entries while the new owner has it, and the one that ends it.

    ``policy`` holds the rules in force when it began. ``follows_another`` says that one to sales
    development ended in it, ``leads_to_another`` that it is the one that so ended.
    """

    result: LeadResult
    number: int
    from_stage: str | None
    from_owner: str
    entries: list[StageEntry]
    ending: StageEntry | None
    as_of: datetime
    policy: Policy
    is_latest: bool = True
    follows_another: bool = False
    leads_to_another: bool = False
    row: dict[str, Any] = field(default_factory=dict)

    @property
    def lead_id(self) -> str:
        """The id of its lead."""
        return self.result.lead.lead_id

    @property
    def begins_at(self) -> datetime:
        """When the lead changed hands."""
        return self.entries[0].entered_at

    @property
    def to_owner(self) -> str:
        """Who got the lead."""
        return self.entries[0].owner

    @property
    def ends_at(self) -> datetime | None:
        """When it ended; ``None`` while it runs."""
        return None if self.ending is None else self.ending.entered_at

    def covers(self, at: datetime) -> bool:
        """Whether a fact of that time belongs to it: both ends do.

        Where another ended in this one, what happened at that instant is the other's.
        """
        if self.follows_another and at == self.begins_at:
            return False
        return self.begins_at <= at and (self.ends_at is None or at <= self.ends_at)

    @property
    def state(self) -> ScoreState:
        """The score in its model as it stood when the lead changed hands."""
        return self.result.state_at(self.assignment[0], self.begins_at)

    @property
    def assignment(self) -> tuple[str, str]:
        """The scoring model and the profile of the deciding pair."""
        return self.entries[0].pair

    @property
    def attributes(self) -> Record:
        """What the lead and its account were when the lead changed hands."""
        return self.result.lead.attributes_at(self.begins_at)

    @property
    def signals_before(self) -> list[Signal]:
        """The lead's signals up to and including the hand-off, in order."""
        return [s for s in self.result.lead.signals if s.occurred_at <= self.begins_at]

    @property
    def activities(self) -> list[Record]:
        """Its sales activities, in order."""
        own = [a for a in self.result.lead.sales_activities if self.covers(a["occurred_at"])]
        return sorted(own, key=lambda a: (a["occurred_at"], a["activity_id"]))

    @property
    def touches(self) -> list[Record]:
        """Its calls, meetings and e-mails that a person wrote, in order."""
        automated = self.result.lead.automated_emails
        return [
            activity
            for activity in self.activities
            if activity["activity_type"] in TOUCHES and activity["activity_id"] not in automated
        ]

    @property
    def connections(self) -> list[datetime]:
        """When somebody answered, in order; a reply to an automated e-mail is an answer."""
        automated = self.result.lead.automated_emails
        return [
            activity["occurred_at"]
            for activity in self.activities
            if activity["activity_type"] in TOUCHES
            and is_connection(activity, is_automated=activity["activity_id"] in automated)
        ]

    @property
    def status_changes(self) -> list[Record]:
        """Its status changes, except for marketing's own mark, in order."""
        own = [c for c in self.result.lead.status_changes if self.covers(c["changed_at"])]
        by_sales = [change for change in own if change["status"] != "mql"]
        return sorted(by_sales, key=lambda c: (c["changed_at"], c["change_id"]))


def handoff_rows(
    results: list[LeadResult],
    tables: dict[str, list[Record]],
    rules: Rules,
    as_of: datetime,
) -> list[dict[str, Any]]:
    """The table handoffs, by lead and number."""
    handoffs = [h for result in results for h in handoffs_of(result, rules, as_of)]
    reps = tables["sales_reps"]
    policy = rules.at(as_of)
    for handoff in handoffs:
        handoff.row |= _what(handoff, policy)
        handoff.row |= _context(handoff, policy)
        handoff.row |= _territory(handoff)
    _recommend_reps(handoffs, reps, as_of)
    for handoff in handoffs:
        handoff.row |= _assignment(handoff, reps)
        handoff.row |= _response(handoff, policy)
        handoff.row |= _effort(handoff)
        handoff.row |= _outcome(handoff, policy)
        handoff.row |= _checks(handoff)
        handoff.row["policy_version"] = rules.version_at(handoff.begins_at).number
        handoff.row["as_of"] = as_of
    return [handoff.row for handoff in handoffs]


def handoffs_of(result: LeadResult, rules: Rules, as_of: datetime) -> list[Handoff]:
    """The hand-offs of one lead: each entry of an owner of a higher rank than the one before.

    A first stay of sales or sales development is one too, as if marketing had had the lead.
    """
    handoffs: list[Handoff] = []
    running: Handoff | None = None
    previous: StageEntry | None = None
    for entry in result.machine.history:
        from_owner = MARKETING if previous is None else previous.owner
        if _is_raised(from_owner, entry.owner):
            from_stage = None if previous is None else previous.stage
            begun = Handoff(
                result=result,
                number=0,
                from_stage=from_stage,
                from_owner=from_owner,
                entries=[entry],
                ending=None,
                as_of=as_of,
                policy=rules.at(entry.entered_at),
            )
            if running is not None:
                _end_in_another(running, begun, handoffs)
            handoffs.append(begun)
            running = begun
        elif running is not None and _rank(entry.owner) < _rank(running.to_owner):
            running.ending = entry
            running = None
        elif running is not None:
            running.entries.append(entry)
        previous = entry
    for number, handoff in enumerate(handoffs, start=1):
        handoff.number = number
        handoff.is_latest = number == len(handoffs)
    return handoffs


def _rank(owner: str) -> int:
    """How far down an owner takes a lead; nobody takes it nowhere."""
    return RANK_OF_OWNER.get(owner, 0)


def _is_raised(from_owner: str, to_owner: str) -> bool:
    """Whether a lead goes from marketing or sales development to an owner of higher rank."""
    return from_owner in (MARKETING, SDR) and _rank(to_owner) > _rank(from_owner)


def _end_in_another(running: Handoff, begun: Handoff, handoffs: list[Handoff]) -> None:
    """End one in the next; one from marketing that ends where it began is none."""
    if running.from_owner == MARKETING and running.begins_at == begun.begins_at:
        handoffs.remove(running)
        begun.from_owner = MARKETING
        return
    running.ending = begun.entries[0]
    running.leads_to_another = begun.follows_another = True


def _what(handoff: Handoff, policy: Policy) -> dict[str, Any]:
    """Which hand-off it is, what began and what ended it."""
    first, ending = handoff.entries[0], handoff.ending
    lead = handoff.result.lead
    return {
        "lead_id": lead.lead_id,
        "handoff_number": handoff.number,
        "account_id": lead.account_value("account_id"),
        "handed_off_at": first.entered_at,
        "from_stage": handoff.from_stage,
        "to_stage": first.stage,
        "trigger_event": first.entered_by,
        "trigger_signal": _trigger_signal(handoff),
        "from_owner": handoff.from_owner,
        "to_owner": handoff.to_owner,
        "is_begun_by_sales": first.entered_by in policy.lifecycle_events
        and policy.lifecycle_events[first.entered_by].begun_by_sales,
        "ended_at": handoff.ends_at,
        "end_event": None if ending is None else ending.entered_by,
        "is_open": ending is None,
    }


def _trigger_signal(handoff: Handoff) -> str | None:
    """The signal that the event came from, or the first of the very instant of a gate."""
    lead, event = handoff.result.lead, handoff.entries[0].entered_by
    if handoff.entries[0].signal is not None:
        return handoff.entries[0].signal
    if event not in GATES:
        return None
    points = handoff.policy.point_rules.get(handoff.assignment[0], {})
    for signal in sorted(lead.signals, key=lambda s: s.order):
        kind = signal.kind
        if signal.occurred_at != handoff.begins_at:
            continue
        has_points = kind.signal in points and points[kind.signal].points > 0
        if has_points or kind.is_engagement or kind.is_meaningful or kind.is_high_intent:
            return kind.signal
    return None


def _context(handoff: Handoff, policy: Policy) -> dict[str, Any]:
    """What was known when the lead changed hands."""
    lead, at, state = handoff.result.lead, handoff.begins_at, handoff.state
    (scoring_model, profile), known = handoff.assignment, handoff.attributes
    before = handoff.signals_before
    campaigns = [touch.campaign_id for touch in campaign_touches(lead, at)]
    engagements = [signal.occurred_at for signal in before if signal.kind.is_engagement]

    def touched(kind: str) -> int:
        return sum(signal.kind.touch_kind == kind for signal in before)

    return {
        "scoring_model": scoring_model,
        "profile": profile,
        "score": state.score,
        "fit_points": state.fit_points,
        "behaviour_points": state.behaviour_points,
        "intent_points": state.intent_points,
        "recency_multiplier": state.recency_multiplier,
        "penalty_points": state.penalty_points,
        "score_band": state.score_band,
        "score_level": state.score_level,
        "grade": state.grade,
        "meaningful_signals": state.meaningful_signals,
        "high_intent_signals": state.high_intent_signals,
        "intent_signals": state.intent_signals,
        "first_campaign_id": campaigns[0] if campaigns else None,
        "latest_campaign_id": campaigns[-1] if campaigns else None,
        "channel": lead.channel,
        "motion": lead.motion,
        "company_segment": known["company_segment"],
        "industry": known["industry"],
        "employee_count": known["employee_count"],
        "annual_revenue": known["annual_revenue"],
        "emails_opened": touched("email_open"),
        "links_clicked": touched("email_click"),
        "pages_visited": touched("page_visit"),
        "content_downloaded": touched("content_download"),
        "sales_touches": sum(
            activity["activity_type"] in TOUCHES
            and activity["occurred_at"] < at
            and activity["activity_id"] not in lead.automated_emails
            for activity in lead.sales_activities
        ),
        "last_engagement_at": max(engagements, default=None),
        "latest_signals": _latest_signals(before),
        "framework_answers": _framework_answers(handoff, policy),
    }


def _latest_signals(before: list[Signal]) -> str:
    """The ten latest signals as JSON, the newest first."""
    newest = sorted(before, key=lambda signal: signal.order, reverse=True)[:LATEST_SIGNALS]
    return json.dumps(
        [
            {"signal": signal.kind.signal, "occurred_at": f"{signal.occurred_at:%Y-%m-%d %H:%M:%S}"}
            for signal in newest
        ],
        ensure_ascii=False,
    )


def _framework_answers(handoff: Handoff, policy: Policy) -> str:
    """The latest answer to each criterion as JSON, by framework and position."""
    known = [a for a in handoff.result.lead.answers if a["answered_at"] <= handoff.begins_at]
    latest = {
        (answer["framework"], answer["criterion"]): answer["answer"]
        for answer in sorted(known, key=lambda a: (a["answered_at"], a["answer_id"]))
    }
    return json.dumps(
        [
            {
                "framework": framework,
                "criterion": criterion,
                "answer": latest[(framework.lower(), criterion.lower())],
            }
            for framework in sorted(policy.frameworks)
            for criterion in policy.frameworks[framework]
            if (framework.lower(), criterion.lower()) in latest
        ],
        ensure_ascii=False,
    )


def _territory(handoff: Handoff) -> dict[str, Any]:
    """Where the first matching routing rule sends the lead."""
    known = handoff.attributes
    rule = routing_rule_of(known["country"], known["company_segment"], handoff.policy)
    return {
        "territory": None if rule is None else rule.territory,
        "calendar": None if rule is None else rule.calendar,
    }


def routing_rule_of(country: str | None, segment: str, policy: Policy) -> RoutingRule | None:
    """The first rule whose lists are empty or have the country and the segment."""
    for rule in policy.routing_rules:
        fits_country = not rule.countries or (country or "").lower() in rule.countries
        fits_segment = not rule.company_segments or segment.lower() in rule.company_segments
        if fits_country and fits_segment:
            return rule
    return None


def _recommend_reps(handoffs: list[Handoff], reps: list[Record], as_of: datetime) -> None:
    """Whose turn each hand-off is, or who has it since that one left."""
    in_order = sorted(handoffs, key=lambda h: (h.begins_at, h.lead_id, h.number))
    given = [
        GivenLead(h.lead_id, (h.row["territory"] or "").lower(), h.begins_at, h.ends_at)
        for h in in_order
    ]
    recommended = recommended_reps(given, reps, as_of)
    for handoff, rep_id in zip(in_order, recommended, strict=True):
        handoff.row["recommended_rep_id"] = rep_id


def _is_of(rep: Record, territory: str) -> bool:
    return (rep["territory"] or "").lower() == territory.lower()


def _assignment(handoff: Handoff, reps: list[Record]) -> dict[str, Any]:
    """Who got the lead in fact, and whether that rep works the territory."""
    assigned = [
        activity["rep_id"]
        for activity in handoff.activities
        if activity["activity_type"] == "assigned" and activity.get("rep_id") is not None
    ]
    changed = [c["rep_id"] for c in handoff.status_changes if c.get("rep_id") is not None]
    others = [a["rep_id"] for a in handoff.activities if a.get("rep_id") is not None]
    rep_id = next(iter(assigned + changed + others + _owner(handoff, reps)), None)
    territory = handoff.row["territory"]
    is_of_territory = any(
        rep["rep_id"] == rep_id and territory is not None and _is_of(rep, territory) for rep in reps
    )
    return {
        "assigned_rep_id": rep_id,
        "is_routed_correctly": None if rep_id is None else is_of_territory,
    }


def _owner(handoff: Handoff, reps: list[Record]) -> list[str]:
    """The CRM's owner of the record where that is a sales rep, for the lead's latest hand-off."""
    owner_id = handoff.result.lead.record["owner_id"]
    is_rep = any(rep["rep_id"] == owner_id for rep in reps)
    return [owner_id] if handoff.is_latest and is_rep else []


def sla_policy_of(
    trigger_signal: str | None, profile: str, to_owner: str, policy: Policy
) -> SlaPolicy | None:
    """Of the matching policies one that names the signal, then the profile, then the owner."""
    matching = [
        candidate
        for candidate in policy.sla_policies
        if (not candidate.handoff_signals or trigger_signal in candidate.handoff_signals)
        and candidate.profile in (None, profile)
        and candidate.to_owner in (None, to_owner)
    ]
    return min(
        matching,
        key=lambda c: (not c.handoff_signals, c.profile is None, c.to_owner is None),
        default=None,
    )


def _sla_of(handoff: Handoff) -> SlaPolicy:
    """The policy of a hand-off."""
    return sla_policy_of(
        handoff.row["trigger_signal"], handoff.row["profile"], handoff.to_owner, handoff.policy
    )


def _response(handoff: Handoff, policy: Policy) -> dict[str, Any]:
    """How soon the new owner had to respond, and did."""
    sla = _sla_of(handoff)
    calendar = handoff.row["calendar"]
    starts_at = max(handoff.begins_at, handoff.result.lead.created_at or handoff.begins_at)
    target = sla.response_target_minutes
    if sla.clock == "business":
        due = due_at(calendar, starts_at, target, policy)
    else:
        due = starts_at + timedelta(minutes=target)
    first = handoff.touches[0]["occurred_at"] if handoff.touches else None
    elapsed = business = None
    if first is not None:
        elapsed = _in_minutes(in_seconds(max(first - starts_at, timedelta(0))))
        if calendar in policy.calendars:
            business = _in_minutes(business_seconds(calendar, starts_at, first, policy))
    return {
        "sla_policy": sla.sla_policy,
        "sla_clock": sla.clock,
        "sla_starts_at": starts_at,
        "sla_due_at": due,
        "first_response_at": first,
        "response_minutes": elapsed,
        "response_business_minutes": business,
        "sla_status": _sla_status(handoff, sla, starts_at, due, first, policy),
    }


def _sla_status(
    handoff: Handoff,
    sla: SlaPolicy,
    starts_at: datetime,
    due: datetime | None,
    first: datetime | None,
    policy: Policy,
) -> str | None:
    """Whether the response came in time; a response that is never due is always in time."""
    last_moment = datetime.max if due is None else due
    if first is not None:
        return "met" if first < last_moment else "breached"
    if min(handoff.ends_at or datetime.max, handoff.as_of) >= last_moment:
        return "breached"
    if handoff.ending is not None:
        return None
    if sla.clock == "business":
        used = business_seconds(handoff.row["calendar"], starts_at, handoff.as_of, policy)
    else:
        used = in_seconds(handoff.as_of - starts_at)
    share = policy.settings["sla_at_risk_share"]
    return "at_risk" if used >= share * sla.response_target_minutes * 60 else "open"


def _in_minutes(seconds: Decimal) -> Decimal:
    return (seconds / 60).quantize(PLACES, ROUND_HALF_UP)


def _effort(handoff: Handoff) -> dict[str, Any]:
    """Whether the new owner tried often enough, and told the CRM in time."""
    sla = _sla_of(handoff)
    starts_at, as_of, is_open = handoff.row["sla_starts_at"], handoff.as_of, handoff.ending is None
    window_ends = starts_at + timedelta(days=sla.attempts_window_days)
    attempts = sum(touch["occurred_at"] < window_ends for touch in handoff.touches)
    connected_at = next(iter(handoff.connections), None)
    has_tried = attempts >= sla.min_attempts or (
        connected_at is not None and connected_at < window_ends
    )
    limit = starts_at + timedelta(hours=sla.status_update_hours)
    changes = handoff.status_changes
    first_status_at = changes[0]["changed_at"] if changes else None
    is_updated = first_status_at is not None and first_status_at < limit
    may_still_update = first_status_at is None and is_open and as_of < limit
    return {
        "attempts": attempts,
        "connected_at": connected_at,
        "attempts_met": None if not has_tried and is_open and as_of < window_ends else has_tried,
        "first_status_at": first_status_at,
        "status_updated_in_time": None if may_still_update else is_updated,
    }


def _outcome(handoff: Handoff, policy: Policy) -> dict[str, Any]:
    """What came of it."""
    lead = handoff.result.lead
    disposition, entry = _disposition(handoff, policy)
    disposed_at = None if entry is None else entry.entered_at
    by_rep = [
        change["rep_id"]
        for change in handoff.status_changes
        if change["changed_at"] == disposed_at
        and change["status"] == disposition
        and change.get("rep_id") is not None
    ]
    amounts = [
        Decimal(opportunity["amount"])
        for opportunity in lead.opportunities
        if handoff.covers(opportunity["created_at"]) and opportunity["amount"] is not None
    ]
    opportunity = _first_as_far_as(handoff, "opportunity", policy)
    customer = _first_as_far_as(handoff, "customer", policy)
    return {
        "disposition": disposition,
        "disposed_at": disposed_at,
        "reason_code": None if entry is None else entry.reason_code,
        "rep_id": by_rep[0] if by_rep else handoff.row["assigned_rep_id"],
        "opportunity_at": None if opportunity is None else opportunity.entered_at,
        "customer_at": None if customer is None else customer.entered_at,
        "amount": sum(amounts) if amounts else None,
    }


def _disposition(handoff: Handoff, policy: Policy) -> tuple[str, StageEntry | None]:
    """The new owner's verdict and the entry that says it: acceptance first, else how it ended.

    To hand the lead on is to accept it.
    """
    acceptance, ending = _first_as_far_as(handoff, "accepted", policy), handoff.ending
    if acceptance is not None:
        return "accepted", acceptance
    if ending is None:
        return "none", None
    if handoff.leads_to_another:
        return "accepted", ending
    event = policy.lifecycle_events.get(ending.entered_by)
    if event is not None and event.disposition is not None:
        return event.disposition, ending
    if ending.is_regression:
        return "regressed", ending
    if policy.stages[ending.stage].role == "disqualified":
        return "disqualified", ending
    return "none", None


def _first_as_far_as(handoff: Handoff, role: str, policy: Policy) -> StageEntry | None:
    """Its first entry into a stage as far down the funnel as that with a role."""
    for entry in handoff.entries:
        if policy.stages[entry.stage].funnel_rank >= policy.rank_of(role):
            return entry
    return None


def _checks(handoff: Handoff) -> dict[str, Any]:
    """How many checks it passes."""
    found = [result for _, _, result in handoff_checks(handoff.result, handoff.row, handoff.policy)]
    return {
        "checks_passed": found.count(PASSED),
        "checks_failed": found.count(FAILED),
        "checks_unknown": found.count(UNKNOWN),
    }
