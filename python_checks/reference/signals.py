"""Signals: which events count, whose are they, and what do they mean?"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from python_checks.reference.identity import Identity, Lead, normal_domain, normal_email
from python_checks.reference.policy import Policy, SignalKind
from python_checks.reference.raw import Record

DEFAULT_SCANNER_SECONDS = 5
EVENT_SOURCES = {
    "web_events": ("event_id", "event_name"),
    "email_events": ("event_id", "event_type"),
    "marketing_activities": ("activity_id", "activity_type"),
    "product_events": ("event_id", "event_name"),
    "intent_signals": ("signal_id", "signal_type"),
}


@dataclass(frozen=True)
class Signal:
    """One signal of one lead."""

    kind: SignalKind
    occurred_at: datetime
    source: str
    record_id: str
    session_id: str | None
    asset: str | None
    campaign_id: str | None = None

    @property
    def order(self) -> tuple[datetime, str, str]:
        """Time, then the source's name and the record's id."""
        return (self.occurred_at, self.source, self.record_id)


@dataclass(frozen=True)
class Touch:
    """A time at which a campaign reached a lead, and the record that says so."""

    at: datetime
    source: str
    record_id: str
    campaign_id: str


def campaign_touches(lead: Lead, until: datetime) -> list[Touch]:
    """The lead record's own campaign and each engagement with one, up to a time, in order."""
    touches = [
        Touch(signal.occurred_at, signal.source, signal.record_id, signal.campaign_id)
        for signal in lead.signals
        if signal.kind.is_engagement and signal.campaign_id is not None
    ]
    own = lead.record.get("campaign_id")
    if own is not None:
        touches.append(Touch(lead.record["created_at"], "leads", lead.lead_id, own))
    known = [touch for touch in touches if touch.at <= until]
    return sorted(known, key=lambda touch: (touch.at, touch.source, touch.record_id))


def apply_clock(tables: dict[str, list[Record]], as_of: datetime) -> dict[str, list[Record]]:
    """The tables without what happens after ``as_of``; leads are left to ``identify_leads``."""
    times = {
        "lead_status_changes": "changed_at",
        "qualification_answers": "answered_at",
        "sales_activities": "occurred_at",
        "opportunities": "created_at",
    } | dict.fromkeys(EVENT_SOURCES, "occurred_at")
    kept = dict(tables)
    for name, time in times.items():
        kept[name] = [record for record in tables[name] if record[time] <= as_of]
    kept["opportunities"] = [_open_if_closed_later(r, as_of) for r in kept["opportunities"]]
    return kept


def _open_if_closed_later(opportunity: Record, as_of: datetime) -> Record:
    if opportunity["closed_at"] is not None and opportunity["closed_at"] > as_of:
        return opportunity | {"closed_at": None, "is_won": None}
    return opportunity


def attach_facts(
    tables: dict[str, list[Record]], identity: Identity, policy: Policy, scanner_seconds: Decimal
) -> Counter:
    """Give every lead its signals, statuses, activities, answers and opportunities.

    Returns how many records were left out, by (source, reason).
    """
    excluded: Counter = Counter()
    tables = _without_machines(tables, policy, scanner_seconds, excluded)
    _attach_signals(tables, identity, policy, excluded)
    for source in (
        "lead_status_changes",
        "sales_activities",
        "qualification_answers",
        "opportunities",
    ):
        for record in tables[source]:
            survivor = identity.survivor_of_record.get(record["lead_id"])
            if survivor is None:
                excluded[(source, "unresolved")] += 1
                continue
            lead = identity.leads[survivor]
            {
                "lead_status_changes": lead.status_changes,
                "sales_activities": lead.sales_activities,
                "qualification_answers": lead.answers,
                "opportunities": lead.opportunities,
            }[source].append(record)
    for lead in identity.leads.values():
        lead.signals.sort(key=lambda signal: signal.order)
        lead.first_seen_at = _first_seen_at(lead)
    return excluded


def emails_of_leads(
    tables: dict[str, list[Record]], identity: Identity, policy: Policy, scanner_seconds: Decimal
) -> list[tuple[str, Record]]:
    """The e-mail events of people that resolve to a lead, each with the lead's id."""
    people = _without_machines(tables, policy, scanner_seconds, Counter())
    owners = ((_owner("email_events", e, identity, {}), e) for e in people["email_events"])
    return [(lead_id, event) for lead_id, event in owners if lead_id is not None]


def _without_machines(
    tables: dict[str, list[Record]], policy: Policy, scanner_seconds: Decimal, excluded: Counter
) -> dict[str, list[Record]]:
    """The tables without events of bots and scanners."""
    deliveries = _deliveries(tables["email_events"])
    kept = dict(tables)
    for source in ("web_events", "email_events"):
        kept[source] = []
        for event in tables[source]:
            if _is_bot(event, policy):
                excluded[(source, "bot")] += 1
            elif source == "email_events" and _is_scanner(event, deliveries, scanner_seconds):
                excluded[(source, "scanner")] += 1
            else:
                kept[source].append(event)
    return kept


def _is_bot(event: Record, policy: Policy) -> bool:
    user_agent = (event.get("user_agent") or "").lower()
    return any(pattern in user_agent for pattern in policy.bot_patterns)


def _deliveries(email_events: list[Record]) -> dict[tuple, list[datetime]]:
    """The times of deliveries by address and campaign, whatever their user agent."""
    times: dict[tuple, list[datetime]] = {}
    for event in email_events:
        if event["event_type"] == "delivered":
            times.setdefault(_mailing(event), []).append(event["occurred_at"])
    for mailing in times.values():
        mailing.sort()
    return times


def _mailing(event: Record) -> tuple[str | None, str | None]:
    return (normal_email(event.get("email")), event.get("campaign_id"))


def _is_scanner(event: Record, deliveries: dict[tuple, list[datetime]], seconds: Decimal) -> bool:
    """An open or click at least 0 and less than ``seconds`` after a delivery."""
    if event["event_type"] not in ("opened", "clicked"):
        return False
    earlier = deliveries.get(_mailing(event), [])
    position = bisect_right(earlier, event["occurred_at"])
    if position == 0 or event.get("email") is None:
        return False
    return event["occurred_at"] - earlier[position - 1] < timedelta(seconds=float(seconds))


def _attach_signals(
    tables: dict[str, list[Record]], identity: Identity, policy: Policy, excluded: Counter
) -> None:
    lead_of_visitor = _lead_of_visitor(tables["web_events"], identity)
    leads_of_account: dict[str, list[str]] = {}
    for lead_id, lead in identity.leads.items():
        if lead.account is not None:
            leads_of_account.setdefault(lead.account["account_id"], []).append(lead_id)
    for source, (key, name) in EVENT_SOURCES.items():
        for event in tables[source]:
            if source == "intent_signals":
                account_id = identity.account_of_domain.get(
                    normal_domain(event.get("account_domain"))
                )
                owners = leads_of_account.get(account_id, [])
            else:
                owner = _owner(source, event, identity, lead_of_visitor)
                owners = [] if owner is None else [owner]
            if not owners:
                excluded[(source, "unresolved")] += 1
                continue
            kind = signal_kind(source, event[name], event, policy)
            if kind is None:
                excluded[(source, "not_a_signal")] += 1
                continue
            signal = Signal(
                kind=kind,
                occurred_at=event["occurred_at"],
                source=source,
                record_id=event[key],
                session_id=event.get("session_id"),
                asset=event.get("asset"),
                campaign_id=event.get("campaign_id"),
            )
            for lead_id in owners:
                identity.leads[lead_id].signals.append(signal)


def _lead_of_visitor(web_events: list[Record], identity: Identity) -> dict[str, str]:
    """The lead of each anonymous_id: of its earliest identify event that resolves to one."""
    found: dict[str, str] = {}
    for event in sorted(web_events, key=lambda e: (e["occurred_at"], e["event_id"])):
        visitor = event.get("anonymous_id")
        if event["event_name"] != "identify" or visitor is None or visitor in found:
            continue
        lead_id = _owner("web_events", event, identity, {})
        if lead_id is not None:
            found[visitor] = lead_id
    return found


def _owner(
    source: str, event: Record, identity: Identity, lead_of_visitor: dict[str, str]
) -> str | None:
    """The lead of an event: its first identifier decides alone."""
    carries_lead_id = source in ("web_events", "marketing_activities")
    if carries_lead_id and event.get("lead_id") is not None:
        return identity.survivor_of_record.get(event["lead_id"])
    if event.get("email") is not None:
        return identity.survivor_of_address.get(normal_email(event["email"]))
    return lead_of_visitor.get(event.get("anonymous_id"))


def signal_kind(
    source: str, event_name: str | None, event: Record, policy: Policy
) -> SignalKind | None:
    """The signal that the first matching row of signal_map.csv makes of the event."""
    for rule in policy.signal_map.get(source, []):
        if rule["event_name"] != event_name:
            continue
        if rule["program"] is not None and rule["program"] != event.get("program"):
            continue
        if rule["path_pattern"] is not None and not _like(
            event.get("page_path"), rule["path_pattern"]
        ):
            continue
        return policy.signals[rule["signal"]]
    return None


def _like(path: str | None, pattern: str) -> bool:
    """SQL LIKE on the lower-cased path: ``%`` any run, ``_`` any one character."""
    if path is None:
        return False
    expression = "".join(
        ".*" if char == "%" else "." if char == "_" else re.escape(char) for char in pattern
    )
    return re.fullmatch(expression, path.lower(), re.DOTALL) is not None


def _first_seen_at(lead) -> datetime:
    """The earliest of the record's creation and everything else but third-party signals."""
    times = [lead.record["created_at"]]
    times += [s.occurred_at for s in lead.signals if s.kind.origin != "third_party"]
    times += [record["changed_at"] for record in lead.status_changes]
    times += [record["occurred_at"] for record in lead.sales_activities]
    times += [record["answered_at"] for record in lead.answers]
    times += [record["created_at"] for record in lead.opportunities]
    return min(times)
