"""Who becomes a customer, how fast, nurtured or not, and what becomes of e-mails: by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from python_checks.reference import compute
from python_checks.reference.customers import conversion_to_paid
from python_checks.reference.funnel import FunnelLead, wilson
from python_checks.tests.tables import POLICY
from python_checks.tests.unit.raw_rows import AS_OF, Rows, Run, computing, write_raw_rows

DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
MATURE_UNTIL = datetime(2026, 5, 3)
"""Ninety days before the clock."""
MATURE_SINCE = datetime(2025, 5, 3)
LEAD = {
    "lead_id": "L1",
    "email": "l1@acme.com",
    "lead_source": "Organic Search",
    "created_at": "2026-03-01 10:00:00",
}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Compute the tables from rows given by table; one lead by default."""
    return computing(tmp_path, leads=[LEAD])


def lead(number: int, created_at: datetime | str = LEAD["created_at"]) -> dict[str, str]:
    """A lead of that number."""
    name = f"L{number}"
    return LEAD | {
        "lead_id": name,
        "email": f"{name.lower()}@acme.com",
        "created_at": str(created_at),
    }


def status(lead_id: str, at: str, name: str) -> dict[str, str]:
    """A status change."""
    return {"lead_id": lead_id, "status": name, "changed_at": at}


def deal(lead_id: str, created_at: str, closed_at: str = "", **values: str) -> dict[str, str]:
    """An opportunity, won where it is closed."""
    closing = {"closed_at": closed_at, "is_won": "true" if closed_at else "", "amount": ""}
    return {"lead_id": lead_id, "created_at": created_at} | closing | values


def email(at: str, event_type: str, program: str = "marketing", **values: str) -> dict[str, str]:
    """An e-mail event of lead L1."""
    usual = {"email": "l1@acme.com", "user_agent": "Mozilla/5.0"}
    return usual | {"occurred_at": at, "event_type": event_type, "program": program} | values


def funnel_lead(
    first_seen: datetime,
    mql: datetime | None = None,
    sql: datetime | None = None,
    customer: datetime | None = None,
) -> FunnelLead:
    """A lead as the funnel counts it."""
    return FunnelLead({}, first_seen, mql, None, sql, None, customer)


def by(rows: Rows, column: str) -> dict[Any, dict[str, Any]]:
    """The rows by the value of a column."""
    return {row[column]: row for row in rows}


# Conversion to paid


def test_each_entry_counts_from_its_own_step_in_the_mature_year(policy):
    since = MATURE_SINCE
    rows = conversion_to_paid(
        [
            funnel_lead(since, since + 10 * DAY, since + 20 * DAY, since + 30 * DAY),
            funnel_lead(since + DAY, MATURE_UNTIL - MICROSECOND),
            # Seen too early; it was a customer before it was an MQL again.
            funnel_lead(since - MICROSECOND, since + 9 * DAY, None, since + 8 * DAY),
            # Seen too late.
            funnel_lead(MATURE_UNTIL, MATURE_UNTIL, MATURE_UNTIL, MATURE_UNTIL),
        ],
        policy,
        AS_OF,
    )
    assert [(row["entry"], row["leads"], row["customers"]) for row in rows] == [
        ("lead", 2, 1),
        ("mql", 3, 1),
        ("pql", 0, 0),
        ("sql", 1, 1),
    ]
    ratios = [row["ratio_to_mql"] for row in rows]
    assert ratios[2] is None
    assert [round(ratio, 9) for ratio in ratios if ratio is not None] == [Decimal("1.5"), 1, 3]
    of_mqls = rows[1]
    assert (of_mqls["paid_rate"], of_mqls["never_rate"]) == (Decimal(1) / 3, Decimal(2) / 3)
    assert (of_mqls["paid_low"], of_mqls["paid_high"]) == wilson(1, 3)
    assert (of_mqls["never_low"], of_mqls["never_high"]) == wilson(2, 3)
    of_pqls = rows[2]
    assert of_pqls["paid_rate"] is of_pqls["never_rate"] is of_pqls["paid_low"] is None


def test_who_becomes_a_customer_at_once_is_one(policy):
    rows = conversion_to_paid(
        [funnel_lead(MATURE_SINCE, customer=MATURE_SINCE), funnel_lead(MATURE_SINCE)],
        policy,
        AS_OF,
    )
    assert (rows[0]["customers"], rows[0]["paid_rate"]) == (1, Decimal("0.5"))


def test_nothing_is_as_often_as_mqls_of_which_none_paid(policy):
    rows = conversion_to_paid(
        [funnel_lead(MATURE_SINCE, MATURE_SINCE), funnel_lead(MATURE_SINCE, customer=AS_OF)],
        policy,
        AS_OF,
    )
    assert [row["paid_rate"] for row in rows] == [Decimal("0.5"), 0, None, None]
    assert {row["ratio_to_mql"] for row in rows} == {None}


# Sales cycle


def test_cycle_by_way_into_sales(run):
    rows = run(
        leads=[lead(1), lead(2), lead(3)],
        lead_status_changes=[
            status("L2", "2026-03-02 10:00:00", "mql"),
            status("L3", "2026-03-02 10:00:00", "mql"),
        ],
        opportunities=[
            deal("L1", "2026-03-05 10:00:00", "2026-03-11 10:00:00"),
            deal("L2", "2026-03-04 10:00:00", "2026-03-05 10:00:00"),
            deal("L3", "2026-03-04 10:00:00"),
        ],
    )["sales_cycle"]
    found = {
        row["entry_path"]: [
            row["customers"],
            row["median_days_first_seen_to_won"],
            row["p90_days_first_seen_to_won"],
            row["median_days_sql_to_won"],
            row["p90_days_sql_to_won"],
        ]
        for row in rows
    }
    assert found == {
        "all": [2, 7, Decimal("9.4"), Decimal("3.5"), Decimal("5.5")],
        "direct": [1, 10, 10, 6, 6],
        "via_mql": [1, 4, 4, 1, 1],
    }


def test_no_customer_no_cycle(run):
    assert run(opportunities=[deal("L1", "2026-03-05 10:00:00")])["sales_cycle"] == []


# Nurture


def test_nurtured_is_who_was_in_nurture_before_sales_came(run):
    rows = run(
        leads=[
            lead(1),
            lead(2),
            lead(3),
            lead(4, MATURE_UNTIL),
            lead(5, MATURE_UNTIL + MICROSECOND),
        ],
        lead_status_changes=[
            status("L1", "2026-03-02 10:00:00", "recycled"),
            # Sales had it first.
            status("L2", "2026-03-02 10:00:00", "accepted"),
            status("L2", "2026-03-03 10:00:00", "rejected"),
            status("L3", "2026-03-02 10:00:00", "recycled"),
        ],
        opportunities=[
            deal("L1", "2026-03-05", "2026-03-11 10:00:00", opportunity_id="O1", amount="500"),
            deal("L1", "2026-03-05", "2026-03-12 10:00:00", opportunity_id="O2"),
            deal("L1", "2026-03-05", "2026-03-12", opportunity_id="O3", amount="9", is_won="false"),
            deal("L3", "2026-06-01", "2026-07-01 10:00:00", opportunity_id="O4", amount="1000"),
            deal("L5", "2026-06-01", "2026-07-01", opportunity_id="O5", amount="7"),
        ],
        # A deal counts at its holder, but its contact became a customer, too.
        opportunity_contacts=[{"opportunity_id": "O1", "lead_id": "L2"}],
    )["nurture_comparison"]
    nurtured, others = (by(rows, "nurture")[name] for name in ("nurtured", "not_nurtured"))
    names = ("leads", "sqls", "opportunities", "customers")
    assert [nurtured[name] for name in names] == [2, 2, 2, 2]
    assert [others[name] for name in names] == [2, 1, 1, 1]
    assert (nurtured["deal_size"], others["deal_size"]) == (750, None)
    assert (others["lead_to_sql_rate"], others["lead_to_customer_rate"]) == (Decimal("0.5"),) * 2
    assert (others["lead_to_customer_low"], others["lead_to_customer_high"]) == wilson(1, 2)
    # 10 days and 122 days.
    assert nurtured["median_days_first_seen_to_won"] == 66
    assert others["median_days_first_seen_to_won"] == 10


def test_nurture_that_begins_at_the_clock_counts(run):
    at = str(AS_OF)
    rows = run(lead_status_changes=[status("L1", at, "recycled")])["nurture_comparison"]
    assert [(row["nurture"], row["leads"], row["sqls"]) for row in rows] == [("nurtured", 1, 0)]


# Delivery


def test_mail_arrives_bounces_and_annoys(run):
    rows = run(
        email_events=[
            email("2026-03-31 23:59:59", "Delivered"),
            email("2026-03-10 10:00:00", "delivered"),
            email("2026-03-10 11:00:00", "delivered", email="nobody@acme.com"),
            email("2026-03-12 10:00:00", "bounced"),
            email("2026-03-13 10:00:00", "spam_complaint"),
            email("2026-03-14 10:00:00", "opened"),
            email("2026-04-01 00:00:00", "bounced"),
            email("2026-08-01 00:00:01", "bounced"),
            email("2026-05-02 00:00:00", "spam_complaint", "cold_outbound"),
            email("2026-06-02 00:00:00", "opened", "cold_outbound"),
        ],
    )["email_delivery"]
    names = ("program", "month", "sent", "delivered", "bounced", "complaints")
    found = {tuple(row[name] for name in names) for row in rows}
    assert found == {
        ("marketing", date(2026, 3, 1), 4, 3, 1, 1),
        ("marketing", date(2026, 4, 1), 1, 0, 1, 0),
        ("marketing", None, 5, 3, 2, 1),
        ("cold_outbound", date(2026, 5, 1), 0, 0, 0, 1),
        ("cold_outbound", None, 0, 0, 0, 1),
    }
    assert len(rows) == len(found)
    of_month = {row["month"]: row for row in rows if row["month"] is not None}
    march, april, may = (of_month[date(2026, month, 1)] for month in (3, 4, 5))
    assert (march["delivery_rate"], march["bounce_rate"]) == (Decimal("0.75"), Decimal("0.25"))
    assert (march["delivery_low"], march["delivery_high"]) == wilson(3, 4)
    assert (march["bounce_low"], march["bounce_high"]) == wilson(1, 4)
    assert march["complaint_rate"] == Decimal(1) / 3
    assert (april["delivery_rate"], april["bounce_rate"], april["complaint_rate"]) == (0, 1, None)
    assert may["delivery_rate"] is may["bounce_low"] is may["complaint_rate"] is None


def test_mail_of_machines_and_of_erased_people_does_not_count(run):
    rows = run(
        leads=[LEAD, lead(2) | {"is_deleted": "true"}],
        email_events=[
            email("2026-03-10 10:00:00", "delivered"),
            email("2026-03-10 10:00:00", "delivered", email="l2@acme.com"),
            email("2026-03-11 10:00:00", "bounced", email="l2@acme.com"),
            email("2026-03-12 10:00:00", "delivered", user_agent="Googlebot/2.1"),
            email("2026-03-13 10:00:00", "bounced", is_automated="true"),
            # What protects people counts whoever sent it.
            email("2026-03-14 10:00:00", "spam_complaint", user_agent="Googlebot/2.1"),
        ],
    )["email_delivery"]
    assert {(row["sent"], row["delivered"], row["complaints"]) for row in rows} == {(1, 1, 1)}


def test_month_of_mail_is_that_of_the_reports(tmp_path):
    write_raw_rows(
        tmp_path, {"leads": [LEAD], "email_events": [email("2026-03-31 23:30:00", "delivered")]}
    )
    variables = {"reporting_time_zone": "Europe/Berlin"}
    rows = compute(tmp_path, POLICY, AS_OF, variables)["email_delivery"]
    assert {row["month"] for row in rows} == {date(2026, 4, 1), None}
