"""Identity: which records are one person, and which account and channel is theirs?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from python_checks.reference.attributes import Attributes, RecordHistory, company_segment
from python_checks.reference.cells import clean_domain
from python_checks.reference.policy import Policy, spaced
from python_checks.reference.raw import Record

if TYPE_CHECKING:
    from python_checks.reference.assignment import Assignment

MAX_HOPS = 20
STUDENT_DOMAIN = re.compile(r"\.edu$|\.edu\.[a-z]{2}$|\.ac\.[a-z]{2}$")


@dataclass
class Lead:
    """A person: the surviving record, its account and channel, and all that happened to it.

    ``records`` are all living records of the person; ``opportunities`` the deals that count at
    this lead, ``deals`` all that are its own or of which it is a contact, each with the time
    since which its events are the lead's. ``automated_emails`` are the ids of sales e-mails that
    no person wrote. ``record`` and ``account`` say what holds at the clock, ``attributes`` what
    held when. ``assignment`` says by which pairs of model and profile it is judged when;
    ``scoring_model`` and ``profile`` are those of the main pair at the clock.
    ``scheduled_signals`` come after the clock if nothing else does: they count in scores alone.
    ``colleagues`` are the leads of its account, itself included.
    """

    record: Record
    account: Record | None
    channel: str
    motion: str
    intent_class: str
    email_domain_kind: str | None
    scoring_model: str = ""
    profile: str = ""
    first_seen_at: datetime = datetime.max
    records: list[Record] = field(default_factory=list)
    signals: list = field(default_factory=list)
    scheduled_signals: list = field(default_factory=list)
    status_changes: list[Record] = field(default_factory=list)
    sales_activities: list[Record] = field(default_factory=list)
    answers: list[Record] = field(default_factory=list)
    opportunities: list[Record] = field(default_factory=list)
    deals: list[tuple[Record, datetime]] = field(default_factory=list)
    automated_emails: set[str] = field(default_factory=set)
    attributes: Attributes | None = None
    assignment: Assignment | None = None
    colleagues: list[Lead] = field(default_factory=list)

    def attributes_at(self, at: datetime) -> Record:
        """What rules may ask of the lead and its account at a time."""
        if self.attributes is None:
            account = None if self.account is None else RecordHistory(self.account, set())
            self.attributes = Attributes(RecordHistory(self.record, set()), account, datetime.max)
        return self.attributes.at(at)

    @property
    def lead_id(self) -> str:
        """The id of the surviving record."""
        return self.record["lead_id"]

    @property
    def created_at(self) -> datetime | None:
        """When the CRM created the surviving record; ``None`` where that is unknown."""
        return self.record["created_at"]

    @property
    def country(self) -> str | None:
        """The lead's country, else the account's."""
        return self.record.get("country") or self.account_value("country")

    def account_value(self, column: str):
        """A value of the lead's account, ``None`` without an account."""
        return None if self.account is None else self.account.get(column)

    def firmographic(self, column: str):
        """Industry, employee_count or annual_revenue: the account's, else the lead's own."""
        value = self.account_value(column)
        return self.record.get(column) if value is None else value

    @property
    def company_segment(self) -> str:
        """The segment of the lead's company."""
        return company_segment(self.firmographic("employee_count"))


class Owner(NamedTuple):
    """To whom an identifier leads: to a lead, or to somebody who was erased.

    ``shared`` is the address of a shared mailbox by which the lead was found.
    """

    lead_id: str | None = None
    is_erased: bool = False
    shared: str | None = None


class Origin(NamedTuple):
    """Where a lead or a cost comes from."""

    channel: str
    motion: str
    intent_class: str


NOBODY = Owner()
ERASED = Owner(is_erased=True)


@dataclass
class Identity:
    """Who is who: leads by id, and the survivor of every record and address.

    ``erased_until`` says of the addresses of erased records until when they were theirs.
    ``leads_of_shared`` are all leads with the address of a shared mailbox.
    """

    leads: dict[str, Lead]
    survivor_of_record: dict[str, str]
    survivor_of_address: dict[str, str]
    account_of_domain: dict[str, str]
    erased: set[str] = field(default_factory=set)
    erased_until: dict[str, datetime] = field(default_factory=dict)
    leads_of_shared: dict[str, list[str]] = field(default_factory=dict)

    def by_lead_id(self, lead_id: str | None) -> Owner:
        """To whom the id of a record leads."""
        if lead_id in self.erased:
            return ERASED
        survivor = None if lead_id is None else self.survivor_of_record.get(lead_id)
        return NOBODY if survivor is None else Owner(survivor)

    def by_address(self, address: str | None, at: datetime | None) -> Owner:
        """To whom an address leads in a fact of some time; one of unknown time is the erased's."""
        if address is None:
            return NOBODY
        if address in self.erased_until and (at is None or at < self.erased_until[address]):
            return ERASED
        survivor = self.survivor_of_address.get(address)
        if survivor is None:
            return NOBODY
        return Owner(survivor, shared=address if address in self.leads_of_shared else None)


def identify_leads(tables: dict[str, list[Record]], policy: Policy, as_of: datetime) -> Identity:
    """Erase, apply the clock, follow merges and join duplicates, in this order."""
    records = {record["lead_id"]: record for record in tables["leads"]}
    erased = _erased(records)
    living = {
        lead_id: record
        for lead_id, record in records.items()
        if lead_id not in erased and is_there(record["created_at"], as_of)
    }
    root_of = {lead_id: _end_of_chain(lead_id, living) for lead_id in living}
    survivor_of_root = _survivors(living, set(root_of.values()), policy)
    survivor_of_record = {lead_id: survivor_of_root[root] for lead_id, root in root_of.items()}

    accounts = {record["account_id"]: record for record in tables["accounts"]}
    account_of_domain = _account_of_domain(accounts)
    campaigns = {record["campaign_id"]: record for record in tables["campaigns"]}
    leads = {
        lead_id: _lead(living[lead_id], accounts, account_of_domain, campaigns, policy)
        for lead_id in sorted(set(survivor_of_record.values()))
    }
    for lead_id, survivor in survivor_of_record.items():
        leads[survivor].records.append(living[lead_id])
    owner_of_address = _owner_of_address(living, survivor_of_record, policy)
    return Identity(
        leads=leads,
        survivor_of_record=survivor_of_record,
        survivor_of_address={
            address: survivor_of_record[owner["lead_id"]]
            for address, owner in owner_of_address.items()
        },
        account_of_domain=account_of_domain,
        erased=erased,
        erased_until={
            record["email"]: _created(owner_of_address.get(record["email"]))
            for lead_id, record in records.items()
            if lead_id in erased and record["email"] is not None
        },
        leads_of_shared=_leads_of_shared(living, survivor_of_record, policy),
    )


def is_there(created_at: datetime | None, as_of: datetime) -> bool:
    """Whether a record exists at the clock; one of unknown age does."""
    return created_at is None or created_at <= as_of


def _chain(lead_id: str, records: dict[str, Record]) -> list[str] | None:
    """The record and those it is merged into, one after the other; ``None`` for a loop.

    A pointer to a lead that does not exist is ignored.
    """
    chain = [lead_id]
    while True:
        target = records[chain[-1]].get("merged_into_lead_id")
        if target is None or target not in records:
            return chain
        if target in chain:
            return None
        chain.append(target)


def _erased(records: dict[str, Record]) -> set[str]:
    """The records whose chain ends in a deleted one; one in a loop is its own end."""
    erased = set()
    for lead_id in records:
        chain = _chain(lead_id, records)
        if chain is not None and len(chain) > MAX_HOPS + 1:
            raise ValueError(f"merge chain of more than {MAX_HOPS} hops: {' > '.join(chain)}")
        end = lead_id if chain is None else chain[-1]
        if records[end].get("is_deleted") is True:
            erased.add(lead_id)
    return erased


def _end_of_chain(lead_id: str, records: dict[str, Record]) -> str:
    """The record at the end of the merge chain; one in a loop stands on its own."""
    chain = _chain(lead_id, records)
    return lead_id if chain is None else chain[-1]


def _survivors(records: dict[str, Record], roots: set[str], policy: Policy) -> dict[str, str]:
    """Of the unmerged records with one address, the earliest created, then smallest id.

    An address of a shared mailbox makes nobody the same.
    """
    survivor_of_address: dict[str, str] = {}
    survivors = {}
    for root in sorted(roots, key=lambda lead_id: _age(records[lead_id])):
        address = records[root]["email"]
        if address is None or is_shared(address, policy):
            survivors[root] = root
        else:
            survivors[root] = survivor_of_address.setdefault(address, root)
    return survivors


def is_shared(address: str, policy: Policy) -> bool:
    """Whether several people read what comes to an address."""
    return address.partition("@")[0] in policy.shared_mailboxes


def _owner_of_address(
    records: dict[str, Record], survivor_of_record: dict[str, str], policy: Policy
) -> dict[str, Record]:
    """Of every address of a living record the one to whose survivor it leads.

    That of a shared mailbox is nobody's alone: the earliest created record has it.
    """
    claims: dict[str, list[Record]] = {}
    for record in records.values():
        if record["email"] is not None:
            claims.setdefault(record["email"], []).append(record)
    survivors = set(survivor_of_record.values())
    return {
        address: min(claimants, key=_age)
        if is_shared(address, policy)
        else min(claimants, key=lambda r: (r["lead_id"] not in survivors, _age(r)))
        for address, claimants in claims.items()
    }


def _leads_of_shared(
    records: dict[str, Record], survivor_of_record: dict[str, str], policy: Policy
) -> dict[str, list[str]]:
    """All leads with the address of a shared mailbox."""
    found: dict[str, set[str]] = {}
    for lead_id, record in records.items():
        if record["email"] is not None and is_shared(record["email"], policy):
            found.setdefault(record["email"], set()).add(survivor_of_record[lead_id])
    return {address: sorted(leads) for address, leads in found.items()}


def _created(record: Record | None) -> datetime:
    """When a record was created; the end of time without one, or where that is unknown."""
    return datetime.max if record is None else record["created_at"] or datetime.max


def _age(record: Record) -> tuple[datetime, str]:
    return (_created(record), record["lead_id"])


def domain_of(address: str | None) -> str | None:
    """The clean domain of an e-mail address."""
    if address is None or "@" not in address:
        return None
    return clean_domain(address.rsplit("@", 1)[1])


def domain_kind(domain: str | None, policy: Policy) -> str | None:
    """personal, student or corporate; ``None`` without a domain."""
    if domain is None:
        return None
    if domain in policy.email_domains:
        return policy.email_domains[domain]
    return "student" if STUDENT_DOMAIN.search(domain) else "corporate"


def _account_of_domain(accounts: dict[str, Record]) -> dict[str, str]:
    """The account on each domain; of several the smallest account_id."""
    found: dict[str, str] = {}
    for account_id in sorted(accounts):
        domain = accounts[account_id]["domain"]
        if domain is not None:
            found.setdefault(domain, account_id)
    return found


def _lead(
    record: Record,
    accounts: dict[str, Record],
    account_of_domain: dict[str, str],
    campaigns: dict[str, Record],
    policy: Policy,
) -> Lead:
    domain = domain_of(record.get("email"))
    kind = domain_kind(domain, policy)
    account_id = record.get("account_id")
    if account_id not in accounts:
        account_id = account_of_domain.get(domain) if kind == "corporate" else None
    channel, motion, intent_class = _channel(record, campaigns, policy)
    return Lead(
        record=record,
        account=accounts.get(account_id),
        channel=channel,
        motion=motion,
        intent_class=intent_class,
        email_domain_kind=kind,
    )


def _channel(record: Record, campaigns: dict[str, Record], policy: Policy) -> Origin:
    """Channel, motion and intent class by lead source, else campaign, else unknown."""
    row = policy.channels.get(spaced(record.get("lead_source") or ""))
    if row is not None:
        return Origin(row["channel"], row["motion"], row["intent_class"])
    return origin_of_campaign(campaigns.get(record.get("campaign_id"), {}), policy)


def origin_of_campaign(campaign: Record, policy: Policy) -> Origin:
    """Those of a campaign's channel: a lead source, else a channel itself, else unknown."""
    channel = campaign.get("channel")
    if channel is None:
        return Origin("unknown", "inbound", "content")
    row = policy.channels.get(spaced(channel))
    if row is not None:
        return Origin(row["channel"], row["motion"], row["intent_class"])
    motions = {
        row["motion"] for row in policy.channels.values() if row["channel"].lower() == channel
    }
    if not motions:
        return Origin("unknown", "inbound", "content")
    return Origin(channel, "outbound" if motions == {"outbound"} else "inbound", "content")
