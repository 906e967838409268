"""Raw rows of one customer after the other: a correct life, of which copies are then spoilt.

Every life has its own lead, account, domain and campaign, so that hundreds share a build and none
touches another. What the public tables say of a life can be compared with what they say of one
that nothing was done to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lead_qualification.warehouse import Warehouse
from python_checks.compare import normal
from python_checks.worlds import COLUMNS

Row = dict[str, str]
REP = "rep-1"

TABLES_OF_A_LIFE = {
    "lead_stages": ("lead_id", "lead_id"),
    "lead_scores": ("lead_id", "scoring_model"),
    "lead_score_history": ("lead_id", "valid_from"),
    "lead_stage_history": ("lead_id", "stage_number"),
    "handoffs": ("lead_id", "handoff_number"),
    "lead_qualification": ("lead_id", "framework"),
    "attribution": ("campaign_id", "attribution_model"),
    "account_engagement": ("account_id", "account_id"),
}
"""Public tables that say something of a life: the column that names it, and an order."""
OF_ONE_MODEL = {
    "lead_scores": "where is_primary",
    "lead_score_history": "where scoring_model = 'guide'",
}


def untouched_life(name: str) -> dict[str, list[Row]]:
    """The correct rows of a life: a visitor who became a customer, in every table."""
    email, deal, campaign, account = f"{name}@{name}.com", f"o-{name}", f"k-{name}", f"a-{name}"
    received = {"received_at": "2026-03-06 00:00:00"}
    person = {"lead_id": name}
    return {
        "leads": [
            {
                **person,
                "email": email,
                "first_name": "Jo",
                "last_name": "Doe",
                "job_title": "VP Marketing",
                "phone": "+1-555-0100",
                "phone_is_valid": "true",
                "email_status": "verified",
                "account_id": account,
                "company_name": "Acme",
                "industry": "Software",
                "employee_count": "200",
                "annual_revenue": "5000000",
                "country": "US",
                "lead_source": "Organic Search",
                "campaign_id": campaign,
                "owner_id": REP,
                "has_opted_out": "false",
                "is_deleted": "false",
                "created_at": "2026-03-01 10:00:00",
                "updated_at": "2026-03-01 10:00:00",
            }
        ],
        "accounts": [
            {
                "account_id": account,
                "name": "Acme",
                "domain": f"{name}.com",
                "industry": "Software",
                "employee_count": "200",
                "annual_revenue": "5000000",
                "country": "US",
                "status": "active",
                "is_competitor": "false",
                "is_target_account": "true",
                "updated_at": "2026-02-01 00:00:00",
            }
        ],
        "web_events": [
            {
                "event_id": f"w1-{name}",
                "anonymous_id": f"v-{name}",
                **person,
                "event_name": "identify",
                "occurred_at": "2026-03-02 08:00:00",
                **received,
            },
            {
                "event_id": f"w2-{name}",
                "anonymous_id": f"v-{name}",
                "session_id": "s1",
                "event_name": "page_view",
                "page_url": "https://www.example.com/pricing?utm=x#top",
                "user_agent": "Mozilla/5.0",
                "occurred_at": "2026-03-02 08:05:00",
                **received,
            },
            {
                "event_id": f"w3-{name}",
                **person,
                "session_id": "s1",
                "event_name": "page_view",
                "page_path": "/product/tour",
                "user_agent": "Mozilla/5.0",
                "occurred_at": "2026-03-02 08:10:00",
                **received,
            },
        ],
        "email_events": [
            {
                "event_id": f"e1-{name}",
                "email": email,
                "campaign_id": campaign,
                "program": "marketing",
                "event_type": "delivered",
                "occurred_at": "2026-03-03 09:00:00",
                **received,
            },
            {
                "event_id": f"e2-{name}",
                "email": email,
                "campaign_id": campaign,
                "program": "marketing",
                "event_type": "clicked",
                "user_agent": "Mozilla/5.0",
                "is_automated": "false",
                "occurred_at": "2026-03-03 09:10:00",
                **received,
            },
        ],
        "marketing_activities": [
            {
                "activity_id": f"m1-{name}",
                **person,
                "activity_type": "content_download",
                "asset": "Guide",
                "campaign_id": campaign,
                "occurred_at": "2026-03-04 09:00:00",
                **received,
            },
            {
                "activity_id": f"m2-{name}",
                **person,
                "activity_type": "demo_request",
                "campaign_id": campaign,
                "occurred_at": "2026-03-05 15:00:00",
                **received,
            },
        ],
        "product_events": [
            {
                "event_id": f"p1-{name}",
                "email": email,
                "account_id": account,
                "event_name": "team_invite",
                "occurred_at": "2026-03-05 17:00:00",
                **received,
            }
        ],
        "intent_signals": [
            {
                "signal_id": f"i1-{name}",
                "provider": "bombora",
                "account_domain": f"{name}.com",
                "signal_type": "topic_spike",
                "topic": "crm",
                "occurred_at": "2026-03-05 18:00:00",
                **received,
            }
        ],
        "sales_activities": [
            {
                "activity_id": f"s1-{name}",
                **person,
                "rep_id": REP,
                "activity_type": "assigned",
                "occurred_at": "2026-03-05 15:30:00",
            },
            {
                "activity_id": f"s2-{name}",
                **person,
                "rep_id": REP,
                "activity_type": "call",
                "outcome": "connected",
                "is_automated": "false",
                "occurred_at": "2026-03-05 16:10:00",
            },
        ],
        "lead_status_changes": [
            {
                "change_id": f"c1-{name}",
                **person,
                "status": "accepted",
                "rep_id": REP,
                "changed_at": "2026-03-06 10:00:00",
            }
        ],
        "qualification_answers": [
            {
                "answer_id": f"q{number}-{name}",
                **person,
                "framework": "BANT",
                "criterion": criterion,
                "answer": "confirmed",
                "answered_at": "2026-03-07 10:00:00",
            }
            for number, criterion in enumerate(("budget", "authority", "need", "timeline"), 1)
        ],
        "opportunities": [
            {
                "opportunity_id": deal,
                **person,
                "account_id": account,
                "name": "Deal",
                "amount": "20000",
                "created_at": "2026-03-10 10:00:00",
                "closed_at": "2026-04-10 12:00:00",
                "is_closed": "true",
                "is_won": "true",
                "updated_at": "2026-04-10 12:00:00",
            }
        ],
        "opportunity_contacts": [
            {"opportunity_id": deal, **person, "role": "Decision Maker", "is_primary": "true"}
        ],
        "campaigns": [
            {
                "campaign_id": campaign,
                "name": "Spring",
                "channel": "paid",
                "starts_on": "2026-01-01",
                "ends_on": "2026-12-31",
            }
        ],
        "campaign_costs": [{"campaign_id": campaign, "cost_date": "2026-03-01", "cost": "1000"}],
    }


SHARED_ROWS = {
    "sales_reps": [
        {"rep_id": REP, "name": "Rep", "territory": "AMER", "is_active": "true"},
        {"rep_id": "rep-2", "name": "Rep", "territory": "EMEA", "is_active": "true"},
        {"rep_id": "rep-3", "name": "Rep", "territory": "AMER-ENT", "is_active": "true"},
        {"rep_id": "rep-4", "name": "Rep", "territory": "APAC", "is_active": "true"},
    ]
}
"""Rows that all lives share: one rep for each territory."""

LEDGER_OF_A_LIFE = {
    ("leads", "used"): 1,
    ("accounts", "used"): 1,
    ("web_events", "not_a_signal"): 1,
    ("web_events", "used"): 2,
    ("email_events", "not_a_signal"): 1,
    ("email_events", "used"): 1,
    ("marketing_activities", "used"): 2,
    ("product_events", "used"): 1,
    ("intent_signals", "used"): 1,
    ("sales_activities", "used"): 2,
    ("lead_status_changes", "used"): 1,
    ("qualification_answers", "used"): 4,
    ("opportunities", "used"): 1,
    ("opportunity_contacts", "used"): 1,
    ("campaigns", "used"): 1,
    ("campaign_costs", "used"): 1,
}
"""What becomes of the rows of a life that nothing was done to."""

PERSONAL_TABLES = (
    *("leads", "web_events", "email_events", "marketing_activities", "product_events"),
    *("sales_activities", "lead_status_changes", "qualification_answers", "opportunities"),
    "opportunity_contacts",
)
"""The tables whose rows of a life are those of its person."""


@dataclass
class Life:
    """A life that may be changed.

    Attributes:
        name: Part of every id of it.
        lead_id: The record that the public tables have.
        rows: Its rows by table.
    """

    name: str
    lead_id: str = ""
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with the correct rows."""
        self.lead_id = self.lead_id or self.name
        self.rows = untouched_life(self.name)

    def set(self, table: str, number: int = 0, **cells: str) -> None:
        """Change cells of a row; # stands for the name of the life.

        Raises:
            KeyError: The raw contract has no such column.
        """
        for column, value in cells.items():
            if column not in COLUMNS[table]:
                raise KeyError(f"{table} has no column {column}")
            self.rows[table][number][column] = value.replace("#", self.name)

    def copy(self, table: str, number: int = 0, **cells: str) -> None:
        """Append a copy of a row, with other cells."""
        self.rows[table].append(dict(self.rows[table][number]))
        self.set(table, len(self.rows[table]) - 1, **cells)

    def drop(self, table: str, number: int = 0) -> None:
        """Leave out a row."""
        del self.rows[table][number]

    def rename_lead(self, lead_id: str) -> None:
        """Give the lead another id in all rows."""
        for rows in self.rows.values():
            for row in rows:
                if row.get("lead_id") == self.lead_id:
                    row["lead_id"] = lead_id
        self.lead_id = lead_id


@dataclass(frozen=True)
class Lived:
    """What the public tables of a build say of lives."""

    tables: dict[str, list[dict[str, Any]]]

    @classmethod
    def read(cls, warehouse: Warehouse) -> Lived:
        """Read the tables of a build that say something of a life."""
        tables = {}
        for table, (_, order) in TABLES_OF_A_LIFE.items():
            of_one_model = OF_ONE_MODEL.get(table, "")
            rows = warehouse.read(
                f"select * from {warehouse.marts}.{table} {of_one_model} order by {order}"
            )
            tables[table] = rows.to_dict("records")
        return cls(tables)

    def outcome(self, life: Life) -> dict[str, list[Any]]:
        """By table and column the values of a life's rows; its name is # in them."""
        found: dict[str, list[Any]] = {}
        keys = {"lead_id": life.lead_id, "campaign_id": f"k-{life.name}"}
        keys["account_id"] = f"a-{life.name}"
        for table, (column, _) in TABLES_OF_A_LIFE.items():
            for row in self.tables[table]:
                if row[column] == keys[column]:
                    for name, value in row.items():
                        values = found.setdefault(f"{table}.{name}", [])
                        values.append(anonymous(value, life))
        for name in ("meaningful_signals", "high_intent_signals", "intent_points"):
            values = found.get(f"lead_score_history.{name}")
            if values:
                found[f"highest.{name}"] = [max(values)]
        return found


def anonymous(value: Any, life: Life) -> Any:
    """A cell as it is compared, with # in place of the name of the life."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, str | list | dict):
        value = str(value).replace(life.lead_id, "#").replace(life.name, "#")
    return normal(value)
