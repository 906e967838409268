"""Signals: which events count, whose are they, and what do they mean?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from python_checks.reference.derived import DERIVED, derived_signals
from python_checks.reference.identity import Identity, Lead
from python_checks.reference.machines import is_soon_after
from python_checks.reference.options import Options
from python_checks.reference.policy import Policy, Row, SignalKind
from python_checks.reference.raw import Raw, RawRow, Record

OPT_OUT_ROLES = {"opt_out", "complaint"}
HOST = re.compile(r"^([a-z][a-z0-9+.-]*:)?//[^/]*|^[^/]+", re.IGNORECASE)
LOCALE = re.compile(r"^/[a-z]{2}(-[a-z]{2})?(?=/|$)")
EVENT_SOURCES = {
    "web_events": ("event_id", "event_name"),
    "email_events": ("event_id", "event_type"),
    "marketing_activities": ("activity_id", "activity_type"),
    "product_events": ("event_id", "event_name"),
    "intent_signals": ("signal_id", "signal_type"),
}
FACTS_OF_LEADS = {
    "lead_status_changes": "status_changes",
    "sales_activities": "sales_activities",
    "qualification_answers": "answers",
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
    if own is not None and lead.created_at is not None:
        touches.append(Touch(lead.created_at, "leads", lead.lead_id, own))
    known = [touch for touch in touches if touch.at <= until]
    return sorted(known, key=lambda touch: (touch.at, touch.source, touch.record_id))


def attach_facts(raw: Raw, identity: Identity, policy: Policy) -> None:
    """Give every lead its signals, statuses, activities, answers and deals."""
    for source, (key, _) in EVENT_SOURCES.items():
        for row in raw.kept(source):
            kind = event_kind(row, policy)
            for lead_id in _owners_of_signal(row, kind, identity):
                identity.leads[lead_id].signals.append(_signal(row.record, kind, source, key))
    for source, attribute in FACTS_OF_LEADS.items():
        for row in raw.kept(source):
            getattr(identity.leads[row.owners[0]], attribute).append(row.record)
    for row in raw.kept("opportunities"):
        own = identity.by_lead_id(row.record["lead_id"]).lead_id
        identity.leads[row.owners[0]].opportunities.append(row.record)
        for lead_id in row.owners:
            lead = identity.leads[lead_id]
            since = datetime.min if lead_id == own else lead.created_at or datetime.min
            lead.deals.append((row.record, since))


def complete_leads(
    identity: Identity, policy: Policy, options: Options, as_of: datetime
) -> set[str]:
    """What follows from the facts of a lead; returns the leads of unknown age that have none."""
    nowhere = set()
    for lead in identity.leads.values():
        opt_out = opt_out_of_record(lead, policy, options, as_of)
        if opt_out is not None:
            lead.signals.append(opt_out)
        lead.signals.sort(key=lambda signal: signal.order)
        derived = derived_signals(lead.signals, policy)
        lead.signals += [signal for signal in derived if signal.occurred_at <= as_of]
        lead.signals.sort(key=lambda signal: signal.order)
        later = [signal for signal in derived if signal.occurred_at > as_of]
        lead.scheduled_signals = sorted(later, key=lambda signal: signal.order)
        times = [signal.occurred_at for signal in lead.signals]
        lead.automated_emails = {
            activity["activity_id"]
            for activity in lead.sales_activities
            if activity["activity_type"] == "email"
            and (
                activity["is_automated"] is True
                or is_soon_after(activity["occurred_at"], times, options.human_reply_seconds)
            )
        }
        first_seen_at = _first_seen_at(lead)
        if first_seen_at is None:
            nowhere.add(lead.lead_id)
        else:
            lead.first_seen_at = first_seen_at
    return nowhere


def _owners_of_signal(row: RawRow, kind: SignalKind, identity: Identity) -> list[str]:
    """The leads of an event; an opt-out of a shared mailbox is that of every lead with it."""
    if row.shared is not None and kind.role in OPT_OUT_ROLES:
        return sorted({*row.owners, *identity.leads_of_shared[row.shared]})
    return row.owners


def _signal(record: Record, kind: SignalKind, source: str, key: str) -> Signal:
    return Signal(
        kind=kind,
        occurred_at=record["occurred_at"],
        source=source,
        record_id=record[key],
        session_id=record.get("session_id"),
        asset=record.get("asset"),
        campaign_id=record.get("campaign_id"),
    )


def opt_out_of_record(
    lead: Lead, policy: Policy, options: Options, as_of: datetime
) -> Signal | None:
    """The unsubscribe that a flag of the lead's records stands for; ``None`` without one.

    It adds nothing where an opt-out stands anyway, or where the lead came back later.
    """
    flagged = [
        at
        for record in lead.records
        if record["has_opted_out"] is True
        and (at := _opted_out_at(record, options, as_of)) <= as_of
    ]
    if not flagged or stands_opted_out(lead.signals, policy):
        return None
    at = max(flagged)
    if any(s.kind.role == "opt_in" and s.occurred_at > at for s in lead.signals):
        return None
    return Signal(policy.signals["unsubscribe"], at, "leads", lead.lead_id, None, None)


def _opted_out_at(record: Record, options: Options, as_of: datetime) -> datetime:
    """When a record opted out: by its own time, its last change, or its creation."""
    if record["opted_out_at"] is not None:
        return record["opted_out_at"]
    updated_at = record["updated_at"]
    if updated_at is not None and updated_at >= options.earliest_plausible:
        return min(updated_at, as_of)
    return record["created_at"] or as_of


def stands_opted_out(signals: list[Signal], policy: Policy) -> bool:
    """Whether the latest of the opt-outs and opt-ins, as the machine orders them, is an opt-out."""
    marks = []
    for signal in signals:
        is_opt_out = signal.kind.role in OPT_OUT_ROLES
        if is_opt_out or signal.kind.role == "opt_in":
            event = policy.lifecycle_events["opted_out" if is_opt_out else "opted_in"]
            at, source, record_id = signal.order
            marks.append((at, event.event_rank, source, record_id, is_opt_out))
    return bool(marks) and max(marks)[-1]


def emails_of_leads(raw: Raw) -> list[tuple[str, Record]]:
    """The e-mail events of people that belong to a lead, each with the lead's id."""
    return [
        (row.owners[0], row.record)
        for row in raw.rows["email_events"]
        if row.owners and row.outcome in ("used", "not_a_signal")
    ]


def emails_by_people(raw: Raw) -> list[Record]:
    """The e-mail events that are neither erased nor made by a machine, also those of nobody."""
    return [
        row.record
        for row in raw.rows["email_events"]
        if row.outcome in ("used", "not_a_signal", "unresolved")
    ]


def event_kind(row: RawRow, policy: Policy) -> SignalKind | None:
    """The signal that an event is, if it is one."""
    name = EVENT_SOURCES[row.source][1]
    return signal_kind(row.source, row.record[name], row.record, policy)


def signal_kind(
    source: str, event_name: str | None, event: Record, policy: Policy
) -> SignalKind | None:
    """The signal that the first matching row of signal_map.csv makes of the event.

    Where that row asks for no path, the path is tried once more without its locale.
    """
    path = path_of(event)
    rule = _first_rule(source, event_name, event, path, policy)
    if rule is not None and rule["path_pattern"] is None and path is not None:
        without_locale = LOCALE.sub("", path) or "/"
        if without_locale != path:
            rule = _first_rule(source, event_name, event, without_locale, policy)
    return None if rule is None else policy.signals[rule["signal"]]


def _first_rule(
    source: str, event_name: str | None, event: Record, path: str | None, policy: Policy
) -> Row | None:
    for rule in policy.signal_map.get(source, []):
        if rule["event_name"].lower() != event_name:
            continue
        if rule["program"] is not None and rule["program"].lower() != event.get("program"):
            continue
        if not _fits(path, rule["path_pattern"]):
            continue
        if not _fits(event.get("asset"), rule.get("asset_pattern")):
            continue
        if not _fits(path_of_url(event.get("link_url")), rule.get("link_pattern")):
            continue
        if not _reaches(event.get("value"), rule.get("min_value")):
            continue
        return rule
    return None


def _fits(text: str | None, pattern: str | None) -> bool:
    """Whether a text is like a pattern; every text is like none."""
    return pattern is None or _like(text, pattern)


def _reaches(value: Decimal | None, minimum: str | None) -> bool:
    """Whether a value is as large as it must be; one that is unknown reaches no minimum."""
    return minimum is None or (value is not None and value >= Decimal(minimum))


def path_of(event: Record) -> str | None:
    """The path of a page in lower case: as given, else that of the URL, be it in its place."""
    path, url = event.get("page_path"), event.get("page_url")
    if path is not None and path.lower().startswith(("http://", "https://")):
        path, url = None, path
    if path is None:
        return path_of_url(url)
    return path.lower()


def path_of_url(url: str | None) -> str | None:
    """The path of a URL in lower case, without query and fragment."""
    if url is None:
        return None
    address = re.split(r"[?#]", url, maxsplit=1)[0]
    return (HOST.sub("", address) or "/").lower()


def _like(text: str | None, pattern: str) -> bool:
    """SQL LIKE on the lower-cased text: ``%`` any run, ``_`` any one character."""
    if text is None:
        return False
    expression = "".join(
        ".*" if char == "%" else "." if char == "_" else re.escape(char) for char in pattern
    )
    return re.fullmatch(expression, text.lower(), re.DOTALL) is not None


def _first_seen_at(lead: Lead) -> datetime | None:
    """The earliest of the record's creation and all but third-party and derived signals.

    ``None`` where all of that is unknown. A deal of which the lead is a contact counts from the
    record's creation on, which makes a difference only where that is unknown.
    """
    times = [
        signal.occurred_at
        for signal in lead.signals
        if signal.kind.origin != "third_party" and signal.source != DERIVED
    ]
    times += [record["changed_at"] for record in lead.status_changes]
    times += [record["occurred_at"] for record in lead.sales_activities]
    times += [record["answered_at"] for record in lead.answers]
    times += [deal["created_at"] for deal, since in lead.deals if deal["created_at"] >= since]
    if lead.created_at is not None:
        times.append(lead.created_at)
    return min(times, default=None)
