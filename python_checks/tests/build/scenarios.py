"""Raw data written by hand: a few rows at a time; what a case leaves open has a default."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from python_checks.worlds import COLUMNS

VARIABLES_OF_CASES = {"quarantine_stop_rate": 1}
"""The vars of builds of cases: where most rows are wrong, the build goes on."""
PERFECT_ACCOUNT = {
    "account_id": "acme",
    "name": "Acme",
    "domain": "acme.com",
    "industry": "Software",
    "employee_count": "200",
    "country": "US",
    "status": "active",
    "is_competitor": "false",
    "is_target_account": "false",
}
"""An account that, with a title in marketing, makes grade A and 40 fit points."""


class Scenario:
    """Raw rows of some leads. Ids of events are counted, so later rows have larger ids.

    The account acme is there from the start. A lead is at acme, created on 1 March 10:00, with a
    perfect fit and an inbound source, unless it is told otherwise.
    """

    def __init__(self) -> None:
        """Begin with one account and no lead."""
        self.tables: dict[str, list[dict[str, str]]] = {table: [] for table in COLUMNS}
        self.add("accounts", **PERFECT_ACCOUNT)

    def add(self, table: str, **values: str) -> None:
        """Append a row; an id that is not given is counted.

        Raises:
            KeyError: The raw contract has no such table or column.
        """
        columns = COLUMNS[table]
        for name in values:
            if name not in columns:
                raise KeyError(f"{table} has no column {name}")
        key = {columns[0]: f"{table}-{len(self.tables[table]):04}"}
        self.tables[table].append(key | values)

    def account(self, account_id: str, **values: str) -> None:
        """An account as perfect as acme, on a domain of its own."""
        own = {"account_id": account_id, "name": account_id, "domain": f"{account_id}.com"}
        self.add("accounts", **(PERFECT_ACCOUNT | own | values))

    def lead(self, lead_id: str, **values: str) -> None:
        """A lead record; its address is <lead_id>@acme.com."""
        usual = {
            "email": f"{lead_id}@acme.com",
            "job_title": "VP Marketing",
            "account_id": "acme",
            "lead_source": "Organic Search",
            "created_at": "2026-03-01 10:00:00",
            "updated_at": "2026-03-01 10:00:00",
        }
        self.add("leads", lead_id=lead_id, **(usual | values))

    def visit(self, lead_id: str, at: str, path: str = "/pricing", **values: str) -> None:
        """A page view, known by its lead_id, which may be empty."""
        usual = {"event_name": "page_view", "page_path": path, "received_at": at}
        self.add("web_events", **({"lead_id": lead_id, "occurred_at": at} | usual | values))

    def mail(self, lead_id: str, at: str, event_type: str, **values: str) -> None:
        """An event of a marketing e-mail to <lead_id>@acme.com."""
        usual = {"program": "marketing", "campaign_id": "K1", "received_at": at}
        event = {"email": f"{lead_id}@acme.com", "event_type": event_type, "occurred_at": at}
        self.add("email_events", **(event | usual | values))

    def activity(self, lead_id: str, at: str, activity_type: str, **values: str) -> None:
        """A marketing activity, known by its lead_id."""
        row = {"lead_id": lead_id, "occurred_at": at, "activity_type": activity_type}
        self.add("marketing_activities", **(row | {"received_at": at} | values))

    def product(self, lead_id: str, at: str, event_name: str) -> None:
        """A product event of <lead_id>@acme.com."""
        email = f"{lead_id}@acme.com"
        self.add("product_events", email=email, event_name=event_name, occurred_at=at)

    def intent(self, domain: str, at: str, signal_type: str) -> None:
        """Third-party intent of an account's domain."""
        row = {"account_domain": domain, "signal_type": signal_type, "occurred_at": at}
        self.add("intent_signals", **row)

    def sales(self, lead_id: str, at: str, activity_type: str, outcome: str = "") -> None:
        """What a rep did."""
        row = {"lead_id": lead_id, "activity_type": activity_type, "outcome": outcome}
        self.add("sales_activities", occurred_at=at, **row)

    def status(self, lead_id: str, at: str, status: str, reason_code: str = "") -> None:
        """A disposition in the CRM."""
        row = {"lead_id": lead_id, "status": status, "reason_code": reason_code}
        self.add("lead_status_changes", changed_at=at, **row)

    def answers(
        self, lead_id: str, at: str, answer: str, *criteria: str, framework: str = "BANT"
    ) -> None:
        """Answers to criteria of a framework."""
        for criterion in criteria:
            row = {"lead_id": lead_id, "framework": framework, "criterion": criterion}
            self.add("qualification_answers", answer=answer, answered_at=at, **row)

    def deal(self, lead_id: str, created_at: str, closed_at: str = "", is_won: str = "") -> None:
        """An opportunity; open without closed_at."""
        row = {"lead_id": lead_id, "created_at": created_at, "amount": "1000"}
        self.add("opportunities", closed_at=closed_at, is_won=is_won, **row)

    def write(self, folder: Path, leave_out: Iterable[str] = ()) -> Path:
        """Write the raw CSVs, tables without rows with their header only; return the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for table, columns in COLUMNS.items():
            if table in leave_out:
                continue
            with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(self.tables[table])
        return folder
