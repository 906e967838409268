"""A small raw folder with people who asked to be forgotten, and a search for what is known of them.

Everything that a table says of such a person contains the person's mark: name, address, phone
number, ids of their records and events, what a rep wrote down. So one search finds any of it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from lead_qualification.warehouse import Warehouse
from python_checks.worlds import COLUMNS

AS_OF = datetime(2026, 9, 30)
CREATED = "2026-03-01 10:00:00"
UPDATED = "2026-09-20 10:00:00"
ERASED_AT = "2026-09-28 10:00:00"
LATER = "2026-09-25 10:00:00"
"""When somebody comes who has an address in common with a person who is erased later."""

CROWD = 80
"""People without any problem; so few rows of a source are unusable that the build goes on."""

SHARED_ADDRESS = "desk@acme.example"
SHARED_MAILBOX = "info@acme.example"
UNREADABLE_ADDRESS = "keptbroken(at)acme.example"
"""Of two who stay: a fault may be counted, what is personal in it is not shown."""

RELATIONS = """
select table_schema, table_name from information_schema.tables order by table_schema, table_name
"""


@dataclass
class People:
    """Raw rows of people, some of whom are erased.

    Attributes:
        is_erased: Whether they have been erased already; otherwise they are still there.
        marks: What everything of an erased person contains.
        tables: The rows by raw table.
    """

    is_erased: bool
    marks: list[str] = field(default_factory=list)
    tables: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    @property
    def identifiers(self) -> list[str]:
        """What is personal of the erased people, in lower case, and the ids of their records."""
        texts = (
            *("lead-{}", "{}@acme.example", "first{}", "last{}", "chief {} officer"),
            *("+49 30 {}", "crm.example/{}", "anonymous-{}", "who={}", "?m={}", "?q={}"),
            *("mozilla/5.0 {}", "{} says yes", "call {}"),
        )
        return [text.format(mark) for mark in self.marks for text in texts]

    def add(self, table: str, **values: str) -> None:
        """Append a row."""
        self.tables.setdefault(table, []).append(values)

    def lead(self, mark: str, **values: str) -> str:
        """Append a record of a lead that has all that a record may have; return its id."""
        lead_id = f"lead-{mark}"
        usual = {
            "lead_id": lead_id,
            "email": f"{mark}@acme.example",
            "first_name": f"First{mark}",
            "last_name": f"Last{mark}",
            "job_title": f"Chief {mark} officer",
            "phone": f"+49 30 {mark}",
            "account_id": "acme",
            "company_name": "Acme",
            "employee_count": "200",
            "lead_source": "Organic Search",
            "crm_url": f"https://crm.example/{mark}",
            "is_deleted": "",
            "merged_into_lead_id": "",
            "created_at": CREATED,
            "updated_at": UPDATED,
        }
        self.add("leads", **(usual | values))
        return lead_id

    def erased(self, mark: str, deleted: str = "true", **values: str) -> str:
        """Append a record that is deleted, once they are erased, and its facts; return its id."""
        self.marks.append(mark)
        gone = {"is_deleted": deleted, "updated_at": ERASED_AT} if self.is_erased else {}
        lead_id = self.lead(mark, **(values | gone))
        self.facts(mark, lead_id, values.get("email", f"{mark}@acme.example"))
        return lead_id

    def facts(self, mark: str, lead_id: str, email: str) -> None:
        """Append what a person does: a row or two in every table, by each identifier."""
        day = "2026-09-1"
        at = [f"{day}{number} 09:00:00" for number in range(10)]
        anonymous = f"anonymous-{mark}"
        page = {
            "event_name": "page_view",
            "page_path": "/pricing",
            "page_url": f"https://acme.example/pricing?who={mark}",
            "user_agent": f"Mozilla/5.0 {mark}",
        }
        identify = {"event_id": f"web-{mark}-0", "event_name": "identify", "email": email}
        self.add("web_events", anonymous_id=anonymous, occurred_at=at[0], **identify)
        for number, known in enumerate(
            [{"anonymous_id": anonymous}, {"lead_id": lead_id}, {"email": email}], start=1
        ):
            event = {"event_id": f"web-{mark}-{number}", "occurred_at": at[number]}
            self.add("web_events", **page, **known, **event)
        for number, kind in enumerate(("delivered", "clicked", "replied")):
            self.add(
                "email_events",
                event_id=f"email-{mark}-{number}",
                email=email,
                campaign_id="K1",
                program="marketing",
                event_type=kind,
                link_url=f"https://acme.example/?m={mark}",
                occurred_at=f"{day}4 1{number}:00:00",
            )
        for number, known in enumerate([{"lead_id": lead_id}, {"email": email}]):
            self.add(
                "marketing_activities",
                activity_id=f"activity-{mark}-{number}",
                activity_type="demo_request",
                asset=f"Paper for {mark}",
                campaign_id="K1",
                occurred_at=at[5 + number],
                **known,
            )
        self.add(
            "product_events",
            event_id=f"product-{mark}",
            email=email,
            event_name="activation_milestone",
            occurred_at=at[7],
        )
        self.add(
            "intent_signals",
            signal_id=f"intent-{len(self.tables.get('intent_signals', []))}",
            account_domain="acme.example",
            email=email,
            signal_type="review_site_visit",
            topic="analytics",
            occurred_at=at[7],
        )
        self.add(
            "sales_activities",
            activity_id=f"sales-{mark}",
            lead_id=lead_id,
            rep_id="R1",
            activity_type="call",
            outcome="connected",
            occurred_at=at[8],
        )
        self.add(
            "lead_status_changes",
            change_id=f"change-{mark}",
            lead_id=lead_id,
            status="accepted",
            rep_id="R1",
            changed_at=at[8],
        )
        self.add(
            "qualification_answers",
            answer_id=f"answer-{mark}",
            lead_id=lead_id,
            framework="BANT",
            criterion="budget",
            answer="confirmed",
            detail=f"{mark} says yes",
            answered_at=at[8],
        )
        self.add(
            "opportunities",
            opportunity_id=f"deal-{mark}",
            lead_id=lead_id,
            account_id="acme",
            name=f"Deal with {mark}",
            amount="1000",
            created_at=at[9],
        )
        self.add(
            "opportunity_contacts",
            opportunity_id=f"deal-{mark}",
            lead_id=lead_id,
            role=f"Sponsor {mark}",
            is_primary="true",
        )

    def unusable_facts(self, mark: str, lead_id: str, email: str) -> None:
        """Append rows of a person that cannot be used, and so go to the quarantine."""
        for number, known in enumerate([{"lead_id": lead_id}, {"email": email}]):
            self.add(
                "web_events",
                event_id=f"web-{mark}-bad-{number}",
                event_name="page_view",
                page_url=f"https://acme.example/?q={mark}",
                occurred_at="soon",
                **known,
            )
            self.add(
                "marketing_activities",
                activity_id=f"activity-{mark}-bad-{number}",
                activity_type="",
                occurred_at="2026-04-10",
                **known,
            )
        event = {"email": email, "event_type": "opened", "occurred_at": "2026-04-10"}
        self.add("email_events", event_id=f"email-{mark}-bad", program="unheard-of", **event)
        signed = {"email": email, "event_name": "activation_milestone"}
        self.add("product_events", event_id=f"product-{mark}-bad", occurred_at="", **signed)
        call = {"activity_id": f"sales-{mark}-bad", "activity_type": "visit"}
        self.add("sales_activities", lead_id=lead_id, occurred_at="2026-04-10", **call)
        change = {"change_id": f"change-{mark}-bad", "status": "asked"}
        self.add("lead_status_changes", lead_id=lead_id, changed_at="2026-04-10", **change)
        answer = {"framework": "BANT", "criterion": "need", "detail": f"call {mark}"}
        self.add(
            "qualification_answers",
            answer_id=f"answer-{mark}-bad",
            lead_id=lead_id,
            answer="maybe",
            answered_at="2026-04-10",
            **answer,
        )
        deal = {"opportunity_id": f"deal-{mark}-bad", "name": f"Deal {mark}", "amount": "-5"}
        self.add("opportunities", lead_id=lead_id, created_at="2026-04-10", **deal)


def people(*, is_erased: bool) -> People:
    """Return the people, before or after some of them were erased.

    Erased are: people whose record is deleted, in each spelling; chains of merged records that end
    in a deleted one; one of whom several rows cannot be used; one of whose newest records only one
    is deleted; one who has an address in common with somebody who stays, and one whose address is
    that of a whole office.
    """
    found = People(is_erased)
    found.add("accounts", account_id="acme", name="Acme", domain="acme.example", status="active")
    found.add("campaigns", campaign_id="K1", name="Spring", channel="inbound")
    found.add("sales_reps", rep_id="R1", name="Rep One", territory="dach", is_active="true")
    for number in range(CROWD):
        lead_id = found.lead(f"crowd{number:03d}")
        found.facts(f"crowd{number:03d}", lead_id, f"crowd{number:03d}@acme.example")

    for number, spelling in enumerate(("true", "Y", "1", "1.0", "on")):
        found.erased(f"qzdeleted{number}", spelling)

    found.erased("qzchainc")
    for mark, end in (("qzchainb", "lead-qzchainc"), ("qzchaina", "lead-qzchainb")):
        found.marks.append(mark)
        pointer = {"merged_into_lead_id": end} if is_erased else {}
        lead_id = found.lead(mark, **pointer)
        found.facts(mark, lead_id, f"{mark}@acme.example")

    lead_id = found.erased("qzunusable", employee_count="many", country="Nowhereland")
    found.unusable_facts("qzunusable", lead_id, "qzunusable@acme.example")
    found.lead("qzunusable", created_at="some day", updated_at="2026-04-01 10:00:00")

    lead_id = found.erased("qztie")
    found.lead("qztie", updated_at=ERASED_AT if is_erased else UPDATED, last_name="Lastqztie2")

    found.erased("qzshared", email=SHARED_ADDRESS)
    found.lead("keptshared", email=SHARED_ADDRESS, created_at=LATER)
    found.erased("qzoffice", email=SHARED_MAILBOX)
    found.lead("keptoffice", email=SHARED_MAILBOX, created_at=LATER)
    for number in range(2):
        found.lead(f"keptbroken{number}", email=UNREADABLE_ADDRESS)
    return found


def write(found: People, folder: Path) -> Path:
    """Write the raw folder, each table with all its columns, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in found.tables.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[table], restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def places_in_tables(
    warehouse: Warehouse, texts: Iterable[str], schemas: Iterable[str] | None = None
) -> dict[str, list[str]]:
    """Return the relations that have a text in any column of any row, with the texts.

    Args:
        warehouse: A build; its schemas are told as main_marts and so on.
        texts: What to look for, in lower case.
        schemas: Where to look; none: in every schema but those that show the raw files.
    """
    found: dict[str, list[str]] = {}
    with warehouse.connection() as connection:
        for schema, name in connection.table(RELATIONS).rows:
            told = f"main{schema.removeprefix(warehouse.schema)}"
            if not schema.startswith(warehouse.schema) or (schemas and told not in schemas):
                continue
            sql = f'select lower(cast(to_json(found) as text)) from "{schema}"."{name}" as found'
            rows = connection.table(sql).rows
            hit = texts_in("\n".join(row for (row,) in rows), texts)
            if hit:
                found[f"{told}.{name}"] = hit
    return found


def places_in_texts(said: Mapping[str, str], texts: Iterable[str]) -> dict[str, list[str]]:
    """Return what says a text, by its name, with the texts."""
    hits = {name: texts_in(text.lower(), texts) for name, text in said.items()}
    return {name: hit for name, hit in hits.items() if hit}


def texts_in(said: str, texts: Iterable[str]) -> list[str]:
    """Return the texts that something in lower case has."""
    return [text for text in texts if text in said]
