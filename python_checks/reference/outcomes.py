"""Outcomes: what became of every raw row, and to which leads does it belong?

The first outcome that holds is a row's, in the order of ``OUTCOMES``. ``raw`` has decided what a
row alone and the other rows of its key say; here follows what needs to know who is who.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from python_checks.reference.identity import NOBODY, Identity, Owner
from python_checks.reference.machines import is_bot, machine_emails
from python_checks.reference.options import Options
from python_checks.reference.policy import Policy
from python_checks.reference.raw import (
    ATTRIBUTE_CHANGES,
    EVENTS,
    Fault,
    Raw,
    RawRow,
    Record,
    is_tracked,
)
from python_checks.reference.signals import OPT_OUT_ROLES, event_kind

OUTCOMES = (
    "switched_off",
    "erased",
    "unusable",
    "superseded",
    "repeated",
    "conflicting",
    "after_as_of",
    "merged",
    "bot",
    "scanner",
    "automated",
    "unresolved",
    "not_tracked",
    "not_a_signal",
    "double_submit",
    "used",
)
USED = "used"
OF_NOBODY = ("accounts", "campaigns", "campaign_costs", "sales_reps")
OF_A_LEAD = ("sales_activities", "lead_status_changes", "qualification_answers")
Rows = list[dict[str, Any]]


def decide_outcomes(
    raw: Raw, identity: Identity, policy: Policy, options: Options, as_of: datetime
) -> None:
    """Give every row its outcome, and those that are facts their owners."""
    visitors = _visitors(raw, identity, policy, as_of)
    staying = _with_a_living_contact(raw, identity)
    for rows in raw.rows.values():
        for row in rows:
            if row.outcome != "switched_off" and row not in staying:
                _mark_erased(row, identity, visitors)
    for source in raw.rows:
        _mark(raw.kept(source), "after_as_of", lambda row: is_later(row, as_of))
    _open_what_closes_later(raw.kept("opportunities"), as_of)
    _mark(
        raw.kept("leads"),
        "merged",
        lambda row: row.record["lead_id"] not in identity.leads,
    )
    _drop_machines(raw, policy, options)
    _find_owners(raw, identity, visitors)
    _decide_changes(raw, identity, policy)
    for source in EVENTS:
        _mark(raw.kept(source), "not_a_signal", lambda row: event_kind(row, policy) is None)
    _drop_double_submits(raw.kept("marketing_activities"), policy, options)


def _mark(rows: Iterable[RawRow], outcome: str, holds: Callable[[RawRow], bool]) -> None:
    for row in rows:
        if row.outcome is None and holds(row):
            row.outcome = outcome


def is_later(row: RawRow, as_of: datetime) -> bool:
    """Whether it happened after the clock; a lead of unknown age did not.

    A change of an attribute counts for what it says of the time before it, whenever it was.
    """
    at = row.happened_at if row.source != ATTRIBUTE_CHANGES else None
    if isinstance(at, datetime):
        return at > as_of
    return isinstance(at, date) and at > as_of.date()


def _open_what_closes_later(rows: list[RawRow], as_of: datetime) -> None:
    """A deal that is closed after the clock is open."""
    for row in rows:
        closed_at = row.record["closed_at"]
        if closed_at is not None and closed_at > as_of:
            row.record["closed_at"] = row.record["is_won"] = None


def owner_of(row: RawRow, identity: Identity, visitors: dict[str, Owner] | None = None) -> Owner:
    """To whom the first identifier leads that leads to anybody, a lead or an erased one."""
    record = row.record
    if row.source == ATTRIBUTE_CHANGES:
        is_of_lead = record["object"] == "lead"
        return identity.by_lead_id(record["record_id"]) if is_of_lead else NOBODY
    found = identity.by_lead_id(record.get("lead_id"))
    is_record = row.source == "leads" and row.unusable is None
    if found == NOBODY and not is_record:
        found = identity.by_address(record.get("email"), row.happened_at)
    if found == NOBODY and record.get("anonymous_id") is not None:
        found = (visitors or {}).get(record["anonymous_id"], NOBODY)
    return found


def _visitors(raw: Raw, identity: Identity, policy: Policy, as_of: datetime) -> dict[str, Owner]:
    """Whose each anonymous_id is: of its earliest identify event that leads to somebody."""
    found: dict[str, Owner] = {}
    rows = [row for row in raw.kept("web_events") if not is_later(row, as_of)]
    for row in sorted(rows, key=lambda r: (r.record["occurred_at"], r.record["event_id"])):
        visitor = row.record["anonymous_id"]
        if row.record["event_name"] != "identify" or visitor is None or visitor in found:
            continue
        owner = owner_of(row, identity)
        if owner != NOBODY and not is_bot(row.record, policy):
            found[visitor] = owner
    return found


def _living_contacts(raw: Raw, identity: Identity) -> dict[str, list[Record]]:
    """The contacts of each deal that are leads still, each with its lead as ``survivor``."""
    found: dict[str, list[Record]] = {}
    for row in raw.kept("opportunity_contacts"):
        owner = identity.by_lead_id(row.record["lead_id"])
        if owner.lead_id is not None:
            contact = row.record | {"survivor": owner.lead_id}
            found.setdefault(row.record["opportunity_id"], []).append(contact)
    return found


def _with_a_living_contact(raw: Raw, identity: Identity) -> set[RawRow]:
    """The rows of deals that stay whoever is erased."""
    contacts = _living_contacts(raw, identity)
    return {row for row in raw.rows["opportunities"] if row.record["opportunity_id"] in contacts}


def _mark_erased(row: RawRow, identity: Identity, visitors: dict[str, Owner]) -> None:
    """Erase a row, usable or not, that is or belongs to an erased record."""
    if row.source not in OF_NOBODY and owner_of(row, identity, visitors).is_erased:
        row.outcome = "erased"


def _drop_machines(raw: Raw, policy: Policy, options: Options) -> None:
    """Events of bots, scanners and automata, but for opt-outs and complaints."""

    def is_protected(row: RawRow) -> bool:
        kind = event_kind(row, policy)
        return kind is not None and kind.role in OPT_OUT_ROLES

    scanners, automata = machine_emails([row.record for row in raw.kept("email_events")], options)
    for source in ("web_events", "email_events"):
        open_to_all = [row for row in raw.kept(source) if not is_protected(row)]
        _mark(open_to_all, "bot", lambda row: is_bot(row.record, policy))
        if source == "email_events":
            _mark(open_to_all, "scanner", lambda row: row.record["event_id"] in scanners)
            _mark(open_to_all, "automated", lambda row: row.record["event_id"] in automata)


def _find_owners(raw: Raw, identity: Identity, visitors: dict[str, Owner]) -> None:
    """The leads of every fact; a fact of nobody is unresolved."""
    leads_of_account: dict[str, list[str]] = {}
    for lead_id, lead in identity.leads.items():
        if lead.account is not None:
            leads_of_account.setdefault(lead.account["account_id"], []).append(lead_id)
    for source in (*EVENTS, *OF_A_LEAD):
        for row in raw.kept(source):
            if source == "intent_signals" and row.record["email"] is None:
                account = identity.account_of_domain.get(row.record["account_domain"])
                row.owners = list(leads_of_account.get(account, []))
            else:
                owner = owner_of(row, identity, visitors)
                row.owners = [] if owner.lead_id is None else [owner.lead_id]
                row.shared = owner.shared
        _mark(raw.kept(source), "unresolved", lambda row: not row.owners)
    _find_owners_of_deals(raw, identity)


def _decide_changes(raw: Raw, identity: Identity, policy: Policy) -> None:
    """Changes of records that are merged into another or not there, and of other attributes."""
    accounts = {row.record["account_id"] for row in raw.kept("accounts")}

    def is_merged(row: RawRow) -> bool:
        survivor = owner_of(row, identity).lead_id
        return survivor is not None and survivor != row.record["record_id"]

    def is_nowhere(row: RawRow) -> bool:
        known = identity.leads if row.record["object"] == "lead" else accounts
        return row.record["record_id"] not in known

    _mark(raw.kept(ATTRIBUTE_CHANGES), "merged", is_merged)
    _mark(raw.kept(ATTRIBUTE_CHANGES), "unresolved", is_nowhere)
    changes = raw.kept(ATTRIBUTE_CHANGES)
    _mark(changes, "not_tracked", lambda row: not is_tracked(row.record, policy))


def _find_owners_of_deals(raw: Raw, identity: Identity) -> None:
    """The lead at which a deal counts, then its further contacts in order of id.

    It counts at the lead of its row, else at the primary contact, else at the smallest one.
    """
    living_contacts = _living_contacts(raw, identity)
    for row in raw.kept("opportunities"):
        contacts = living_contacts.get(row.record["opportunity_id"], [])
        own = identity.by_lead_id(row.record["lead_id"]).lead_id
        primary = [c["survivor"] for c in contacts if c["is_primary"] is True]
        everybody = sorted({contact["survivor"] for contact in contacts})
        first = own or min(primary or everybody, default=None)
        if first is not None:
            row.owners = [first, *(lead_id for lead_id in everybody if lead_id != first)]
    _mark(raw.kept("opportunities"), "unresolved", lambda row: not row.owners)
    deals = {row.record["opportunity_id"] for row in raw.kept("opportunities")}
    _mark(
        raw.kept("opportunity_contacts"),
        "unresolved",
        lambda row: (
            row.record["opportunity_id"] not in deals
            or identity.by_lead_id(row.record["lead_id"]).lead_id is None
        ),
    )


def _drop_double_submits(rows: list[RawRow], policy: Policy, options: Options) -> None:
    """The same form of one lead sent again, within so many seconds of the time before."""
    seconds = timedelta(seconds=float(options.double_submit_seconds))
    latest: dict[tuple, datetime] = {}
    for row in sorted(rows, key=lambda r: (r.record["occurred_at"], r.record["activity_id"])):
        record, kind = row.record, event_kind(row, policy)
        form = (row.owners[0], record["activity_type"], record["asset"])
        at = record["occurred_at"]
        if form in latest and at - latest[form] < seconds and kind.role not in OPT_OUT_ROLES:
            row.outcome = "double_submit"
        latest[form] = at


def leave_out(raw: Raw, identity: Identity, lead_ids: set[str]) -> None:
    """Leads of unknown age without any fact: they are in no mart, and their rows unusable."""
    for row in raw.kept("leads"):
        if row.record["lead_id"] in lead_ids:
            row.outcome = "unusable"
            row.unusable = Fault("implausible created_at", ("created_at",))
            row.faults = [fault for fault in row.faults if fault != row.unusable]
    for source in EVENTS:
        for row in raw.rows[source]:
            if row.owners and lead_ids.issuperset(row.owners):
                row.outcome = "unresolved"
            row.owners = [owner for owner in row.owners if owner not in lead_ids]
    for row in raw.rows[ATTRIBUTE_CHANGES]:
        is_open = row.outcome in (None, "not_tracked") and row.record["object"] == "lead"
        if is_open and row.record["record_id"] in lead_ids:
            row.outcome = "unresolved"
    for lead_id in lead_ids:
        del identity.leads[lead_id]


def tables_at(raw: Raw) -> dict[str, list[Record]]:
    """What is there at the clock, by table: whoever it belongs to, and whatever it means."""
    there = (None, *OUTCOMES[OUTCOMES.index("merged") :])
    return {
        source: [row.record for row in rows if row.outcome in there]
        for source, rows in raw.rows.items()
    }


def finish(raw: Raw) -> None:
    """What nothing spoke against is used."""
    for source in raw.rows:
        _mark(raw.kept(source), USED, lambda row: True)


def raw_row_ledger(raw: Raw) -> Rows:
    """Source and outcome: how many raw rows had it."""
    rows = []
    for source in sorted(raw.rows):
        counts = Counter(row.outcome for row in raw.rows[source])
        rows += [
            {"source": source, "outcome": outcome, "rows": counts[outcome]}
            for outcome in OUTCOMES
            if counts[outcome] > 0
        ]
    return rows


def excluded_events(ledger: Rows) -> Rows:
    """The same without what is used."""
    return [
        {"source": row["source"], "reason": row["outcome"], "events": row["rows"]}
        for row in ledger
        if row["outcome"] != USED
    ]


def check_books(ledger: Rows, raw_rows: dict[str, int]) -> None:
    """The outcomes of every source add up to its raw rows.

    Raises:
        ValueError: They do not.
    """
    found: Counter[str] = Counter()
    for row in ledger:
        found[row["source"]] += row["rows"]
    for source, number in raw_rows.items():
        if found[source] != number:
            raise ValueError(f"{source}: {number} raw rows, but {found[source]} in the ledger")
