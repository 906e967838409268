"""Cases from public reports of bugs and public files, each with its right outcome, in one build.

A case stands for a folder of the shared cases, with rows of its own. What other tests look at:

| case | test |
|---|---|
| C01 to C44, G3 to G39, E, E0, R1 | here, by its name |
| CSV_append | here; test_raw_files.py, "a second header with more columns" |
| attack/hash_min, hash_rows | here; test_raw_files.py, "rows that begin with a number sign" |
| attack/placeholder_email | here |

The clock stands at 30 September 00:00; a lead that is not told otherwise was created on 1 March
10:00, fits perfectly (40 points) and came inbound. Nothing here asks the reference, but for E.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.building import BuildError
from python_checks.compare import normal
from python_checks.tests.build.scenarios import VARIABLES_OF_CASES, Scenario
from python_checks.tests.builds import ENGINES, Builds, built_on
from python_checks.tests.tables import all_differences, reference_of, shown, tables_of_schema
from python_checks.worlds import COLUMNS, WORLDS_AS_OF

SCENARIO = Scenario()
LATE = "2026-09-25 09:00:00"
"""A time after which the multiplier at the clock is still 1.5."""
SECRET = "qzsecret"
"""What every cell of an erased person of C39 contains."""
OLD = "e_old"
"""The lead of 1900."""


@dataclass
class Outcome:
    """The tables of a build, read when a case asks for them."""

    built: Warehouse
    read: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def rows(self, table: str, **match: object) -> list[dict[str, Any]]:
        """The rows of a public table that match."""
        if table not in self.read:
            self.read[table] = [
                {name: normal(value) for name, value in row.items()}
                for row in self.built.table(table).to_dict("records")
            ]
        return [
            row
            for row in self.read[table]
            if all(row[name] == normal(value) for name, value in match.items())
        ]

    def stage(self, lead_id: str) -> str | None:
        """The stage of a lead; none: it is not there."""
        found = self.rows("lead_stages", lead_id=lead_id)
        return found[0]["stage"] if found else None

    def lead(self, lead_id: str) -> dict[str, Any]:
        """The row of a lead in lead_stages."""
        (row,) = self.rows("lead_stages", lead_id=lead_id)
        return row

    def score(self, lead_id: str) -> dict[str, Any]:
        """The row of a lead's primary model in lead_scores."""
        (row,) = self.rows("lead_scores", lead_id=lead_id, is_primary=True)
        return row

    def moves(self, lead_id: str) -> set[str]:
        """The events that moved a lead."""
        return {row["entered_by"] for row in self.rows("lead_stage_history", lead_id=lead_id)}

    def faults(self, source: str, record_id: str) -> list[str]:
        """What quarantined_records says of a row."""
        rows = self.rows("quarantined_records", source=source)
        return sorted(row["reason"] for row in rows if row["record_id"] == record_id)

    def unmapped(self, source: str, column: str) -> dict[str, int]:
        """The unmapped values of a column with how many rows have them."""
        rows = self.rows("unmapped_values", source=source, column=column)
        return {row["value"]: int(row["rows"]) for row in rows}

    def ledger(self, source: str, outcome: str) -> int:
        """How many rows of a source have an outcome."""
        return int(
            sum(row["rows"] for row in self.rows("raw_row_ledger", source=source, outcome=outcome))
        )

    def affected(self, check: str, source: str) -> int:
        """How many rows of a source a check of data_health found."""
        rows = self.rows("data_health", check=check, source=source)
        return int(sum(row["affected"] for row in rows))

    def cost(self, month: str) -> Any:
        """The cost of paid campaigns in a month."""
        rows = self.rows("channel_roi", member="paid", month=f"{month}-01")
        return rows[0]["cost"] if rows else None

    def revenue(self, channel: str) -> Any:
        """What the leads of a channel brought."""
        (row,) = [r for r in self.rows("channel_roi", member=channel) if r["month"] is None]
        return row["revenue_won"]


Check = Callable[[Outcome], None]
CASES: dict[str, Check] = {}


def case(name: str) -> Callable[[Check], Check]:
    """Declare what the case of a name must have become."""

    def declare(check: Check) -> Check:
        CASES[name] = check
        return check

    return declare


# C01 and attack/placeholder_email: addresses that stand for nothing.
for number, email in enumerate(("n/a", "n/a", "N/A", "null", "NULL", "noemail"), 1):
    SCENARIO.lead(f"c01_{number}", email=email)
SCENARIO.activity("c01_2", "2026-03-10 09:00:00", "demo_request")
SCENARIO.status("c01_3", "2026-03-12 09:00:00", "disqualified", "competitor")


@case("C01")
def _(outcome: Outcome) -> None:
    stages = {number: outcome.stage(f"c01_{number}") for number in range(1, 7)}
    assert None not in stages.values()
    assert [number for number, stage in stages.items() if stage == "disqualified"] == [3]
    asked = [n for n in stages if "high_intent_action" in outcome.moves(f"c01_{n}")]
    assert asked == [2]


CASES["attack/placeholder_email"] = CASES["C01"]

# C03: a deleted record that was merged, with everything of the person.
SCENARIO.lead("c03_stays")
SCENARIO.lead(
    "c03_gone", merged_into_lead_id="c03_stays", is_deleted="true", created_at="2026-02-20 10:00:00"
)
SCENARIO.activity("c03_gone", "2026-03-02 09:00:00", "demo_request")
SCENARIO.sales("c03_gone", "2026-03-02 09:10:00", "call", "connected")
SCENARIO.deal("c03_gone", "2026-03-05 09:00:00")
SCENARIO.mail("c03_gone", "2026-03-20 09:00:00", "unsubscribed")


@case("C03")
def _(outcome: Outcome) -> None:
    moves = {"high_intent_action", "sales_connected", "opportunity_created"}
    assert moves <= outcome.moves("c03_stays")
    assert outcome.score("c03_stays")["penalty_points"] == -50
    assert outcome.stage("c03_gone") is None


# C05: deals that were entered when they were won, or after it. Channel: events.
for lead_id in ("c05_day", "c05_late"):
    SCENARIO.lead(lead_id, lead_source="Webinar")
SCENARIO.deal("c05_day", "2026-03-10 10:00:00", "2026-03-10", "true")
SCENARIO.deal("c05_late", "2026-03-12 16:00:00", "2026-03-11 12:00:00", "true")


@case("C05")
def _(outcome: Outcome) -> None:
    assert outcome.lead("c05_day")["customer_at"] == normal("2026-03-10 23:59:59")
    assert outcome.lead("c05_late")["customer_at"] == normal("2026-03-11 12:00:00")
    assert outcome.lead("c05_late")["opportunity_at"] == normal("2026-03-11 12:00:00")
    assert outcome.revenue("events") == 2000


# C06: plans to close, one of them passed.
for lead_id, planned in (("c06_passed", "2026-06-30"), ("c06_ahead", "2026-12-31")):
    SCENARIO.lead(lead_id)
    SCENARIO.add(
        "opportunities",
        opportunity_id=f"deal_{lead_id}",
        lead_id=lead_id,
        created_at="2026-03-10 10:00:00",
        closed_at=planned,
    )


@case("C06")
def _(outcome: Outcome) -> None:
    for lead_id in ("c06_passed", "c06_ahead"):
        assert outcome.stage(lead_id) == "opportunity"
        assert outcome.faults("opportunities", f"deal_{lead_id}") == ["planned closed_at"]


# C09: scanners that follow every link, the one to unsubscribe too.
for lead_id in ("c09_clicks", "c09_unsubscribes"):
    SCENARIO.lead(lead_id)
    SCENARIO.mail(lead_id, LATE, "delivered", campaign_id="K9")
for _link in range(6):
    SCENARIO.mail("c09_clicks", "2026-09-25 09:00:08", "clicked", campaign_id="K9")
for event_type in ("clicked", "unsubscribed"):
    SCENARIO.mail("c09_unsubscribes", "2026-09-25 09:00:01", event_type, campaign_id="K9")


@case("C09")
def _(outcome: Outcome) -> None:
    assert outcome.score("c09_clicks")["behaviour_points"] == 0
    assert outcome.ledger("email_events", "scanner") == 6 + 1
    assert outcome.stage("c09_unsubscribes") == "suppressed"
    assert outcome.affected("opt_out_like_scanner", "email_events") == 1


# C11, G9, G31: costs of one campaign, each in a month of its own.
SCENARIO.add("campaigns", campaign_id="ads", channel="paid")
for day, cost in (
    *(("2025-02-01", "300"), ("2025-02-01", "200"), ("2025-02-02", "100")),
    *(("2025-03-01", "500"), ("2025-03-31", "-120")),
    *(("2025-04-01", "100"), ("2026-10-01", "70")),
):
    SCENARIO.add("campaign_costs", campaign_id="ads", cost_date=day, cost=cost)


@case("C11")
def _(outcome: Outcome) -> None:
    assert outcome.cost("2025-02") == 600


@case("G9")
def _(outcome: Outcome) -> None:
    assert outcome.cost("2025-03") == 380


@case("G31")
def _(outcome: Outcome) -> None:
    assert outcome.cost("2025-04") == 100
    assert not outcome.cost("2026-10")
    assert outcome.ledger("campaign_costs", "after_as_of") == 1


# C12: a won deal with a row for each of two contacts. Channel: referrals.
for lead_id in ("c12_a", "c12_b", "c12_c", "c12_d"):
    SCENARIO.lead(lead_id, lead_source="Referral")
WON = {"created_at": "2026-03-10 10:00:00", "closed_at": "2026-04-10 10:00:00", "is_won": "true"}
for lead_id in ("c12_a", "c12_b"):
    SCENARIO.add(
        "opportunities", opportunity_id="c12_two_rows", lead_id=lead_id, amount="500", **WON
    )
SCENARIO.add("opportunities", opportunity_id="c12_contacts", lead_id="c12_c", amount="700", **WON)
SCENARIO.add("opportunity_contacts", opportunity_id="c12_contacts", lead_id="c12_d")


@case("C12")
def _(outcome: Outcome) -> None:
    assert outcome.revenue("referrals") == 500 + 700
    stages = sorted(str(outcome.stage(lead_id)) for lead_id in ("c12_a", "c12_b"))
    assert stages == ["customer", "lead"]
    assert outcome.affected("conflicting_rows", "opportunities") == 1
    assert outcome.stage("c12_c") == outcome.stage("c12_d") == "customer"


# C14: countries by name.
TERRITORIES = {"Germany": "EMEA", "United States": "AMER", "de": "EMEA", "UK": "EMEA"}
for number, country in enumerate(TERRITORIES):
    SCENARIO.lead(
        f"c14_{number}", email=f"c14_{number}@c14-{number}.com", account_id="", country=country
    )
    SCENARIO.activity(f"c14_{number}", "2026-03-02 15:00:00", "demo_request")
for rep_id, territory in (("rep_us", "AMER"), ("rep_eu", "EMEA")):
    SCENARIO.add("sales_reps", rep_id=rep_id, territory=territory, is_active="true")


@case("C14")
def _(outcome: Outcome) -> None:
    reps = {"AMER": "rep_us", "EMEA": "rep_eu"}
    for number, territory in enumerate(TERRITORIES.values()):
        (row,) = outcome.rows("handoffs", lead_id=f"c14_{number}")
        assert (row["territory"], row["recommended_rep_id"]) == (territory, reps[territory])
    assert outcome.unmapped("leads", "country") == {}


# C15: the domain of an account as a link.
SCENARIO.account("c15", domain="https://www.c15-gross.com/de/")
SCENARIO.lead("c15", email="jo@c15-gross.com", account_id="")
SCENARIO.visit("c15", LATE)
SCENARIO.intent("c15-gross.com", LATE, "topic_spike")


@case("C15")
def _(outcome: Outcome) -> None:
    assert outcome.lead("c15")["account_id"] == "c15"
    assert outcome.score("c15")["score"] == (40 + 15 + 10) * 1.5


# C19: a form that is sent twice.
SCENARIO.lead("c19")
for second in ("00", "02"):
    SCENARIO.activity("c19", f"2026-09-25 09:00:{second}", "demo_request")


@case("C19")
def _(outcome: Outcome) -> None:
    assert outcome.score("c19")["score"] == (40 + 30) * 1.5
    assert len(outcome.rows("handoffs", lead_id="c19")) == 1
    assert outcome.ledger("marketing_activities", "double_submit") == 1


# C20: three meetings are booked, nobody comes.
SCENARIO.lead("c20")
for day in (18, 19, 20):
    SCENARIO.activity("c20", f"2026-09-{day} 15:00:00", "meeting_booked")
SCENARIO.sales("c20", "2026-09-22 15:00:00", "meeting", "no_show")


@case("C20")
def _(outcome: Outcome) -> None:
    assert outcome.score("c20")["behaviour_points"] == 40
    assert len(outcome.rows("handoffs", lead_id="c20")) == 1
    assert outcome.stage("c20") == "sql_contacted"


# C22: a deal that was lost and is open again.
SCENARIO.lead("c22")
for closed_at, is_won, updated_at in (
    ("2026-04-10 10:00:00", "false", "2026-04-10 10:00:00"),
    ("", "", "2026-04-20 10:00:00"),
):
    SCENARIO.add(
        "opportunities",
        opportunity_id="c22",
        lead_id="c22",
        created_at="2026-03-10 10:00:00",
        closed_at=closed_at,
        is_won=is_won,
        updated_at=updated_at,
    )


@case("C22")
def _(outcome: Outcome) -> None:
    assert outcome.stage("c22") == "opportunity"
    assert "opportunity_lost" not in outcome.moves("c22")
    assert outcome.ledger("opportunities", "superseded") == 1


# C25: opt-outs in words of other tools.
for lead_id in ("c25_a", "c25_b", "c25_c"):
    SCENARIO.lead(lead_id)
SCENARIO.mail(
    "c25_a", "2026-03-05 10:00:00", "unsubscribed", program="newsletter", event_id="c25_a"
)
SCENARIO.mail("c25_b", "2026-03-05 10:00:00", "Unsubscribe")
SCENARIO.mail("c25_c", "2026-03-05 10:00:00", "spamreport")


@case("C25")
def _(outcome: Outcome) -> None:
    assert outcome.faults("email_events", "c25_a") == ["unknown program"]
    assert outcome.unmapped("email_events", "program") == {"newsletter": 1}
    assert outcome.unmapped("email_events", "event_type") == {"unsubscribe": 1, "spamreport": 1}


# C30: a customer who asks again.
SCENARIO.lead("c30")
SCENARIO.status("c30", "2026-03-02 10:00:00", "mql")
SCENARIO.status("c30", "2026-03-03 10:00:00", "accepted")
SCENARIO.deal("c30", "2026-03-10 10:00:00", "2026-04-10 10:00:00", "true")
SCENARIO.status("c30", "2026-07-01 10:00:00", "mql")
SCENARIO.activity("c30", "2026-07-02 10:00:00", "demo_request")
SCENARIO.status("c30", "2026-07-03 10:00:00", "recycled", "timing")


@case("C30")
def _(outcome: Outcome) -> None:
    assert outcome.stage("c30") == "customer"
    assert outcome.lead("c30")["mql_at"] == normal("2026-03-02 10:00:00")


# C31: flags as spreadsheets write them.
SCENARIO.lead("c31_y", is_deleted="Y")
SCENARIO.lead("c31_one", is_deleted="1.0")
for lead_id in ("c31_y", "c31_one"):
    SCENARIO.visit(lead_id, LATE)
for lead_id, is_won in (("c31_won_y", "Y"), ("c31_won_one", "1.0")):
    SCENARIO.lead(lead_id)
    SCENARIO.deal(lead_id, "2026-03-10 10:00:00", "2026-04-10 10:00:00", is_won)


@case("C31")
def _(outcome: Outcome) -> None:
    for lead_id in ("c31_y", "c31_one"):
        assert outcome.stage(lead_id) is None
        assert outcome.rows("crm_lead_sync", lead_id=lead_id) == []
    assert outcome.stage("c31_won_y") == outcome.stage("c31_won_one") == "customer"


# C33: a number as key, with a decimal in a reference.
SCENARIO.lead("4711", email="c33@acme.com")
SCENARIO.visit("4711.0", LATE, email="c33@acme.com")


@case("C33")
def _(outcome: Outcome) -> None:
    assert outcome.rows("lead_scores", lead_id=4711, is_primary=True)[0]["score"] == 82.5


# C38: lead sources that HubSpot and Salesforce begin with.
SOURCES = (
    *("ORGANIC_SOCIAL", "PAID_SEARCH", "EMAIL_MARKETING", "REFERRALS", "OTHER_CAMPAIGNS"),
    *("DIRECT_TRAFFIC", "OFFLINE", "PAID_SOCIAL", "Web", "Phone Inquiry", "Partner Referral"),
    *("Purchased List", "Employee Referral", "Trade Show", "Other"),
)
for number, source in enumerate(SOURCES):
    SCENARIO.lead(f"c38_{number}", lead_source=source)


@case("C38")
def _(outcome: Outcome) -> None:
    unknown = [
        source
        for number, source in enumerate(SOURCES)
        if outcome.lead(f"c38_{number}")["channel"] == "unknown"
    ]
    assert unknown == ["OFFLINE", "Other"]


# C39: erased people with faults.
SCENARIO.lead(
    f"{SECRET}_a",
    email=f"{SECRET}@acme.com",
    last_name=SECRET,
    email_status="invalid",
    is_deleted="true",
)
SCENARIO.lead(f"{SECRET}_b", last_name=SECRET, is_deleted="true", updated_at="yesterday")
SCENARIO.mail("c39", "not a time", "opened", email=f"{SECRET}@acme.com")


@case("C39")
def _(outcome: Outcome) -> None:
    found = []
    for table in tables_of_schema(outcome.built, outcome.built.marts):
        for row in outcome.rows(table):
            found += [table for value in row.values() if SECRET in str(value).lower()]
    assert found == []
    assert outcome.ledger("leads", "erased") >= 2
    assert outcome.ledger("email_events", "erased") == 1


# C42, E and E0: leads of another century. E has one without any other fact.
SCENARIO.lead("c42", created_at="1970-01-01 00:00:00")
SCENARIO.status("c42", "2026-03-02 10:00:00", "mql")
SCENARIO.lead(OLD, created_at="1900-01-01")


@case("C42")
def _(outcome: Outcome) -> None:
    assert outcome.faults("leads", "c42") == ["implausible created_at"]
    assert outcome.lead("c42")["first_seen_at"] == normal("2026-03-02 10:00:00")
    assert min(row["month"] for row in outcome.rows("stage_flow")) >= normal("2026-01-01")


@case("E")
def _(outcome: Outcome) -> None:
    assert outcome.stage(OLD) is None
    assert outcome.faults("leads", OLD) == ["implausible created_at"]
    assert outcome.ledger("leads", "unusable") == 1
    assert min(row["month"] for row in outcome.rows("lead_velocity")) >= normal("2026-01-01")


# C44: job titles that say nothing, or something in other letters.
TITLES = ("Select", "NULL", "Маркетинг", "Micrócmo", "Directeur développement, Région Crö")
for number, title in enumerate(TITLES):
    SCENARIO.lead(f"c44_{number}", job_title=title)


@case("C44")
def _(outcome: Outcome) -> None:
    scores = [outcome.score(f"c44_{number}") for number in range(len(TITLES))]
    assert [score["criteria_unknown"] for score in scores] == [1, 1, 0, 0, 0]
    assert [score["fit_points"] for score in scores] == [25] * len(TITLES)


# G18: pages by their address.
PAGES = (
    {"page_path": "", "page_url": "https://www.example.com/pricing?utm_source=y#plans"},
    {"page_path": "https://www.example.com/pricing", "page_url": ""},
    {"page_path": "/en-us/pricing", "page_url": ""},
    {"page_path": "/EN/Pricing/", "page_url": ""},
)
for number, page in enumerate(PAGES):
    SCENARIO.lead(f"g18_{number}")
    SCENARIO.visit(f"g18_{number}", LATE, **page)


@case("G18")
def _(outcome: Outcome) -> None:
    scores = [outcome.score(f"g18_{number}")["score"] for number in range(len(PAGES))]
    assert scores == [82.5] * len(PAGES)


# G3: a mailbox of two people.
SCENARIO.lead("g3_a", email="info@g3.com")
SCENARIO.lead("g3_b", email="INFO@g3.com", created_at="2026-03-02 10:00:00")
SCENARIO.activity("g3_a", "2026-03-03 15:00:00", "demo_request")
SCENARIO.status("g3_a", "2026-04-05 09:00:00", "disqualified", "wrong_title")
SCENARIO.activity("g3_b", "2026-05-04 15:00:00", "demo_request")


@case("G3")
def _(outcome: Outcome) -> None:
    assert outcome.stage("g3_a") == "disqualified"
    assert "high_intent_action" in outcome.moves("g3_b")


# G34 to G36 and G38: deleted and restored, deleted without a time, an event twice, out of office.
SCENARIO.lead("g34", is_deleted="true", updated_at="2026-04-01 00:00:00")
SCENARIO.lead("g34", is_deleted="false", updated_at="2026-05-01 00:00:00")
for is_deleted in ("false", "true"):
    SCENARIO.lead("g35", is_deleted=is_deleted, updated_at="")
SCENARIO.visit("g35", LATE)
SCENARIO.lead("g36")
for _copy in range(2):
    SCENARIO.mail("g36", LATE, "clicked", event_id="g36")
SCENARIO.lead("g38")
SCENARIO.mail("g38", LATE, "delivered")
SCENARIO.mail("g38", "2026-09-25 09:00:02", "replied")


@case("G34")
def _(outcome: Outcome) -> None:
    assert outcome.stage("g34") == "lead"


@case("G35")
def _(outcome: Outcome) -> None:
    assert outcome.stage("g35") is None


@case("G36")
def _(outcome: Outcome) -> None:
    assert outcome.score("g36")["behaviour_points"] == 3
    assert outcome.ledger("email_events", "repeated") == 1


@case("G38")
def _(outcome: Outcome) -> None:
    assert outcome.score("g38")["last_engagement_at"] is None
    assert outcome.ledger("email_events", "automated") == 1


# G39: accepted and rejected on one day.
SCENARIO.lead("g39")
SCENARIO.status("g39", "2026-09-20", "accepted")
SCENARIO.status("g39", "2026-09-20", "rejected", "no_need")


@case("G39")
def _(outcome: Outcome) -> None:
    last = max(
        outcome.rows("lead_stage_history", lead_id="g39"), key=lambda stay: stay["stage_number"]
    )
    assert (last["stage"], last["entered_by"]) == ("nurture", "sales_rejected")
    assert last["reason_code"] == "no_need"


# R1: deals of Salesforce, whose close date has no time. Channel: partner.
R1 = (
    *(("2026-04-19 19:51:13", "2026-04-19", "true", "true", "2412000"),),
    *(("2026-04-18 21:21:17", "2026-04-18", "true", "true", ""),),
    *(("2026-04-10 17:03:22", "2026-04-18", "true", "true", ""),),
    *(("2026-04-19 20:22:58", "2026-04-07", "true", "true", "31"),),
    *(("2026-05-14 19:12:53", "2026-05-21", "true", "false", "200000"),),
    *(("2026-05-13 18:00:11", "2026-05-13", "true", "false", ""),),
    *(("2026-05-18 17:56:05", "2026-05-17", "true", "false", "1"),),
    *(("2026-05-18 17:56:05", "2026-05-19", "false", "false", "210000"),),
)
for number, (created_at, closed_at, is_closed, is_won, amount) in enumerate(R1):
    SCENARIO.lead(f"r1_{number}", lead_source="Partner")
    SCENARIO.add(
        "opportunities",
        opportunity_id=f"006q00000{number}HddohAAB",
        lead_id=f"r1_{number}",
        created_at=created_at,
        closed_at=closed_at,
        is_closed=is_closed,
        is_won=is_won,
        amount=amount,
    )


@case("R1")
def _(outcome: Outcome) -> None:
    stages = [outcome.stage(f"r1_{number}") for number in range(len(R1))]
    assert stages == ["customer"] * 4 + ["nurture"] * 3 + ["opportunity"]
    assert outcome.revenue("partner") == 2412031
    assert outcome.faults("opportunities", "006q000003HddohAAB") == ["late created_at"]


# attack/hash_min and attack/hash_rows: rows that begin with a number sign.
SCENARIO.lead("hash_company", company_name="#9 Bakery")
SCENARIO.lead("#2001", email="hash@acme.com")


@case("attack/hash_min")
def _(outcome: Outcome) -> None:
    assert outcome.stage("hash_company") == "lead"


@case("attack/hash_rows")
def _(outcome: Outcome) -> None:
    assert outcome.stage("#2001") == "lead"


def company_first(raw: Path) -> Path:
    """Let the name of the company be the first column of the leads."""
    path = raw / "leads.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        columns = sorted(COLUMNS["leads"], key=lambda name: name != "company_name")
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return raw


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rows of all cases."""
    return company_first(SCENARIO.write(tmp_path_factory.mktemp("reported")))


@pytest.fixture(scope="module", params=ENGINES)
def outcome(request: pytest.FixtureRequest, raw: Path, builds: Builds) -> Outcome:
    """All cases, built once on each engine."""
    built = built_on(request, builds, raw, "reported", WORLDS_AS_OF, variables=VARIABLES_OF_CASES)
    return Outcome(built)


@pytest.mark.parametrize("name", CASES)
def test_case_has_its_right_outcome(outcome: Outcome, name: str) -> None:
    """What the case must have become."""
    CASES[name](outcome)


def test_reports_are_the_same_without_the_lead_of_1900(
    outcome: Outcome, raw: Path, tmp_path: Path
) -> None:
    """E and E0: but for the ledger and the quarantine no table knows whether it was there."""
    for path in raw.iterdir():
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if OLD not in line]
        (tmp_path / path.name).write_text("".join(kept), encoding="utf-8")
    without = reference_of(tmp_path, WORLDS_AS_OF, **VARIABLES_OF_CASES)
    found = all_differences(without, outcome.built)
    # Which of two conflicting rows of a deal stays is not said.
    lines = [line for own in found.values() for line in own if "lead_id=c12_" not in line]
    assert {line.partition(":")[0] for line in lines} == {
        *("raw_row_ledger", "excluded_events", "quarantined_records"),
    }, shown(lines)


def test_two_exports_in_one_file_stop_the_build(tmp_path: Path, builds: Builds) -> None:
    """CSV_append: February has a column more than January."""
    january = ["lead_id,email,created_at", *(f"jan{n},jan{n}@x.org,2026-01-05" for n in range(5))]
    february = ["lead_id,email,created_at,country"]
    february += [f"feb{n},feb{n}@x.org,2026-02-05,US" for n in range(5)]
    (tmp_path / "leads.csv").write_text("\n".join([*january, *february, ""]), encoding="utf-8")
    arguments = ("--select", "time_spine")
    error = builds.submit(tmp_path, WORLDS_AS_OF, arguments=arguments).exception()
    assert isinstance(error, BuildError)
    assert "leads.csv, line 7: a second header" in str(error)
    assert "export all rows as one file" in str(error)
