"""Identity: which records are one person, and which account and channel is theirs?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from python_checks.reference.policy import Policy, spaced
from python_checks.reference.raw import Record

MAX_HOPS = 20
STUDENT_DOMAIN = re.compile(r"\.edu$|\.edu\.[a-z]{2}$|\.ac\.[a-z]{2}$")


@dataclass
class Lead:
    """A person: the surviving record, its account and channel, and all that happened to it."""

    record: Record
    account: Record | None
    channel: str
    motion: str
    intent_class: str
    email_domain_kind: str | None
    scoring_model: str
    profile: str
    first_seen_at: datetime = datetime.max
    signals: list = field(default_factory=list)
    status_changes: list[Record] = field(default_factory=list)
    sales_activities: list[Record] = field(default_factory=list)
    answers: list[Record] = field(default_factory=list)
    opportunities: list[Record] = field(default_factory=list)

    @property
    def lead_id(self) -> str:
        """The id of the surviving record."""
        return self.record["lead_id"]

    @property
    def country(self) -> str | None:
        """The lead's country, else the account's."""
        return self.record.get("country") or self.account_value("country")

    def account_value(self, column: str):
        """A value of the lead's account, ``None`` without an account."""
        return None if self.account is None else self.account.get(column)

    @property
    def company_segment(self) -> str:
        """The segment of the lead's account."""
        return company_segment(self.account_value("employee_count"))


def company_segment(employees: Decimal | None) -> str:
    """Startup 1-49, mid_market 50-499, enterprise 500 and more employees, else unknown."""
    if employees is None or employees < 1:
        return "unknown"
    if employees < 50:
        return "startup"
    return "mid_market" if employees < 500 else "enterprise"


@dataclass
class Identity:
    """Who is who: leads by id, and the survivor of every record and address."""

    leads: dict[str, Lead]
    survivor_of_record: dict[str, str]
    survivor_of_address: dict[str, str]
    account_of_domain: dict[str, str]


def identify_leads(tables: dict[str, list[Record]], policy: Policy, as_of: datetime) -> Identity:
    """Erase, apply the clock, follow merges and join duplicates, in this order."""
    records = {record["lead_id"]: record for record in tables["leads"]}
    erased = _erased(records)
    records = {
        lead_id: record
        for lead_id, record in records.items()
        if lead_id not in erased and record["created_at"] <= as_of
    }
    root_of = {lead_id: _end_of_chain(lead_id, records) for lead_id in records}
    survivor_of_root = _survivors(records, set(root_of.values()))
    survivor_of_record = {lead_id: survivor_of_root[root] for lead_id, root in root_of.items()}

    accounts = {record["account_id"]: record for record in tables["accounts"]}
    account_of_domain = _account_of_domain(accounts)
    campaigns = {record["campaign_id"]: record for record in tables["campaigns"]}
    leads = {
        lead_id: _lead(records[lead_id], accounts, account_of_domain, campaigns, policy)
        for lead_id in sorted(set(survivor_of_record.values()))
    }
    return Identity(
        leads=leads,
        survivor_of_record=survivor_of_record,
        survivor_of_address=_address_book(records, survivor_of_record),
        account_of_domain=account_of_domain,
    )


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
    """The records that are deleted or whose chain passes through a deleted record."""
    erased = set()
    for lead_id, record in records.items():
        chain = _chain(lead_id, records)
        if chain is None:
            chain = [lead_id]
        elif len(chain) > MAX_HOPS + 1:
            raise ValueError(f"merge chain of more than {MAX_HOPS} hops: {' > '.join(chain)}")
        if any(records[step].get("is_deleted") is True for step in chain):
            erased.add(record["lead_id"])
    return erased


def _end_of_chain(lead_id: str, records: dict[str, Record]) -> str:
    """The record at the end of the merge chain; one in a loop stands on its own."""
    chain = _chain(lead_id, records)
    return lead_id if chain is None else chain[-1]


def _survivors(records: dict[str, Record], roots: set[str]) -> dict[str, str]:
    """Of the unmerged records with one address, the earliest created, then smallest id."""
    survivor_of_address: dict[str, str] = {}
    for root in sorted(roots, key=lambda lead_id: _age(records[lead_id])):
        address = normal_email(records[root].get("email"))
        if address is not None:
            survivor_of_address.setdefault(address, root)
    return {
        root: survivor_of_address.get(normal_email(records[root].get("email")), root)
        for root in roots
    }


def _address_book(records: dict[str, Record], survivor_of_record: dict[str, str]) -> dict[str, str]:
    """Every address of a surviving or merged record and the survivor to whom it leads."""
    claims: dict[str, list[Record]] = {}
    for record in records.values():
        address = normal_email(record.get("email"))
        if address is not None:
            claims.setdefault(address, []).append(record)
    survivors = set(survivor_of_record.values())
    book = {}
    for address, claimants in claims.items():
        best = min(claimants, key=lambda r: (r["lead_id"] not in survivors, _age(r)))
        book[address] = survivor_of_record[best["lead_id"]]
    return book


def _age(record: Record) -> tuple[datetime, str]:
    return (record["created_at"], record["lead_id"])


def normal_email(email: str | None) -> str | None:
    """An e-mail address as it is compared: trimmed and lower case."""
    return None if email is None else email.strip().lower() or None


def normal_domain(domain: str | None) -> str | None:
    """A domain as it is compared: lower case, trimmed, without a leading ``www.``."""
    if domain is None:
        return None
    return domain.strip().lower().removeprefix("www.") or None


def domain_of(email: str | None) -> str | None:
    """The normal domain of an e-mail address."""
    address = normal_email(email)
    if address is None or "@" not in address:
        return None
    return normal_domain(address.rsplit("@", 1)[1])


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
        domain = normal_domain(accounts[account_id].get("domain"))
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
    scoring_model, profile = _assignment(motion, policy)
    return Lead(
        record=record,
        account=accounts.get(account_id),
        channel=channel,
        motion=motion,
        intent_class=intent_class,
        email_domain_kind=kind,
        scoring_model=scoring_model,
        profile=profile,
    )


def _channel(record: Record, campaigns: dict[str, Record], policy: Policy) -> tuple[str, str, str]:
    """Channel, motion and intent class by lead source, else campaign, else unknown."""
    row = policy.channels.get(spaced(record.get("lead_source") or ""))
    if row is not None:
        return row["channel"], row["motion"], row["intent_class"]
    channel = campaigns.get(record.get("campaign_id"), {}).get("channel")
    if channel is not None:
        motions = {row["motion"] for row in policy.channels.values() if row["channel"] == channel}
        return channel, "outbound" if motions == {"outbound"} else "inbound", "content"
    return "unknown", "inbound", "content"


def _assignment(motion: str, policy: Policy) -> tuple[str, str]:
    """The primary scoring model and the profile of a motion: the first matching rule."""
    for row in policy.model_assignment:
        if row["motion"] is None or row["motion"] == motion:
            if not policy.scoring_models[row["scoring_model"]].is_active:
                raise ValueError(f"primary scoring model {row['scoring_model']} is not active")
            return row["scoring_model"], row["profile"]
    raise ValueError(f"model_assignment.csv has no row for motion {motion!r}")
