"""Weeks, velocity, stages over time, engagement, ROI, attribution, target accounts: by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from python_checks.reference import compute
from python_checks.reference.attribution import shares
from python_checks.reference.funnel import (
    DIMENSIONS,
    EVERYTHING,
    Evidence,
    FunnelAccount,
    FunnelLead,
    benchmark_comparison,
    channel_conversion,
    funnel_conversion,
    funnel_weekly,
    wilson,
)
from python_checks.reference.periods import (
    day_of,
    days_between,
    midnight,
    month_end,
    month_of,
    months_between,
    week_of,
)
from python_checks.reference.policy import Policy
from python_checks.reference.raw import EVENTS
from python_checks.reference.stages_over_time import (
    Stay,
    duration_verdict,
    stage_durations,
    stage_flow,
)
from python_checks.reference.velocity import lead_velocity
from python_checks.tests.tables import POLICY
from python_checks.tests.unit.raw_rows import AS_OF, Rows, Run, computing, write_raw_rows

DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
ACME = {
    "account_id": "acme",
    "domain": "acme.com",
    "industry": "Software",
    "employee_count": "200",
    "status": "active",
    "is_target_account": "true",
}
LEAD = {
    "lead_id": "L1",
    "email": "l1@acme.com",
    "account_id": "acme",
    "lead_source": "Organic Search",
    "created_at": "2026-03-01 10:00:00",
}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Compute the tables from rows given by table; one account and one lead by default."""
    return computing(tmp_path, leads=[LEAD], accounts=[ACME])


@pytest.fixture
def run_in(tmp_path: Path) -> Run:
    """The same in a zone of reports."""

    def compute_in(zone: str | None, **tables: Rows) -> dict[str, Rows]:
        write_raw_rows(tmp_path, {"accounts": [ACME]} | tables)
        variables = None if zone is None else {"reporting_time_zone": zone}
        return compute(tmp_path, POLICY, AS_OF, variables)

    return compute_in


def funnel_lead(
    mql: datetime | None = None,
    sql: datetime | None = None,
    opportunity: datetime | None = None,
    customer: datetime | None = None,
    first_seen: datetime = datetime(2026, 1, 1),
    **members: str,
) -> FunnelLead:
    """A lead as the funnel counts it."""
    usual = {"channel": "inbound", "motion": "inbound", "company_segment": "unknown"}
    return FunnelLead(
        {"overall": "all"} | usual | members, first_seen, mql, None, sql, opportunity, customer
    )


def email(at: str, event_type: str, program: str = "marketing", **values: str) -> dict[str, str]:
    """An e-mail event of lead L1."""
    usual = {"email": "l1@acme.com", "campaign_id": "K1", "user_agent": "Mozilla/5.0"}
    return usual | {"occurred_at": at, "event_type": event_type, "program": program} | values


def download(at: str, campaign_id: str = "", **values: str) -> dict[str, str]:
    """A download, which is an engagement, of lead L1."""
    usual = {"lead_id": "L1", "activity_type": "content_download"}
    return usual | {"occurred_at": at, "campaign_id": campaign_id} | values


def deal(created_at: str, amount: str = "", closed_at: str = "", **values: str) -> dict[str, str]:
    """An opportunity of lead L1."""
    usual = {"lead_id": "L1", "is_won": ""}
    return usual | {"created_at": created_at, "amount": amount, "closed_at": closed_at} | values


def one(rows: Rows, **values: Any) -> dict[str, Any]:
    """The only row with these values."""
    found = [row for row in rows if all(row[name] == value for name, value in values.items())]
    assert len(found) == 1
    return found[0]


def column(rows: Rows, name: str, **values: Any) -> list[Any]:
    """One column of the rows with these values, in order."""
    return [row[name] for row in rows if all(row[key] == value for key, value in values.items())]


def decimals(*texts: str) -> list[Decimal]:
    """Numbers from text."""
    return [Decimal(text) for text in texts]


# Periods


def test_months_and_weeks_are_half_open():
    assert month_of(datetime(2026, 3, 1)) == month_of(date(2026, 3, 31)) == date(2026, 3, 1)
    assert month_of(datetime(2026, 4, 1) - MICROSECOND) == date(2026, 3, 1)
    assert week_of(datetime(2026, 3, 2)) == date(2026, 3, 2)
    assert week_of(datetime(2026, 3, 2) - MICROSECOND) == date(2026, 2, 23)
    assert week_of(datetime(2026, 1, 1)) == date(2025, 12, 29)


def test_months_run_over_the_turn_of_the_year():
    assert months_between(datetime(2025, 12, 31), datetime(2026, 2, 1)) == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]
    assert months_between(AS_OF, AS_OF) == [date(2026, 8, 1)]


def test_days_have_fractions():
    assert days_between(AS_OF, AS_OF + timedelta(hours=36)) == Decimal("1.5")
    assert days_between(AS_OF, AS_OF) == 0


# Cohorts


def test_cohorts_of_leads_and_of_mqls(policy):
    leads = [
        funnel_lead(datetime(2026, 3, 5), datetime(2026, 3, 6), customer=datetime(2026, 4, 1)),
        funnel_lead(first_seen=datetime(2026, 3, 31)),
        funnel_lead(sql=datetime(2026, 2, 1)),
        funnel_lead(datetime(2026, 3, 7)),
    ]
    every = [replace(lead, members=dict.fromkeys(DIMENSIONS, "all")) for lead in leads]
    rows = [
        row
        for row in funnel_conversion(every, policy, datetime(2026, 5, 2))
        if row["dimension"] == "overall"
    ]
    assert [(row["cohort_basis"], row["cohort_month"], row["leads"]) for row in rows] == [
        ("mql", None, 4),
        ("mql", date(2026, 3, 1), 2),
        ("lead", None, 4),
        ("lead", date(2026, 1, 1), 3),
        ("lead", date(2026, 3, 1), 1),
    ]
    of_january = rows[3]
    names = ("lead_to_mql_rate", "lead_to_sql_rate", "lead_to_customer_rate")
    thirds = [Decimal(2) / 3, Decimal(2) / 3, Decimal(1) / 3]
    assert [of_january[name] for name in names] == thirds
    counts = ("leads_to_mql", "leads_to_sql", "leads_to_customer")
    assert [of_january[name] for name in counts] == [2, 2, 1]
    assert (of_january["lead_to_sql_low"], of_january["lead_to_sql_high"]) == wilson(2, 3)
    # The month of the leads ended 91 days before.
    assert (of_january["is_mature"], rows[4]["is_mature"]) == (True, False)
    assert (rows[0]["lead_to_mql_rate"], rows[1]["lead_to_mql_rate"]) == (Decimal("0.5"), 1)
    (channel,) = channel_conversion(every)
    assert (channel["leads_to_customer"], channel["lead_to_customer_rate"]) == (1, Decimal("0.25"))


# Weeks


def test_week_of_the_funnel_ends_before_monday(policy):
    monday = datetime(2026, 3, 2)
    leads = [
        funnel_lead(monday, monday),
        funnel_lead(monday + 7 * DAY - MICROSECOND, monday),
        funnel_lead(monday + 7 * DAY),
        funnel_lead(),
    ]
    rows = funnel_weekly(leads, policy, monday + 14 * DAY - MICROSECOND)
    own = [row for row in rows if row["dimension"] == "overall"]
    assert [row["week_start"] for row in own] == [date(2026, 3, 2), date(2026, 3, 9)]
    first, second = own
    assert (first["mqls"], first["mqls_to_sql"], first["mql_to_sql_rate"]) == (2, 1, Decimal("0.5"))
    assert (first["mql_to_sql_low"], first["mql_to_sql_high"]) == wilson(1, 2)
    assert (second["mqls"], second["mqls_to_sql"], second["mql_to_sql_rate"]) == (1, 0, 0)
    assert len(funnel_weekly(leads, policy, monday + 14 * DAY)) == 3 * 3


def test_four_weeks_are_this_and_the_three_before(policy):
    monday = datetime(2026, 3, 2)
    leads = [funnel_lead(monday, monday), funnel_lead(monday + 7 * DAY)]
    rows = funnel_weekly(leads, policy, monday + 35 * DAY)
    own = [row for row in rows if row["dimension"] == "overall"]
    assert [row["mqls"] for row in own] == [1, 1, 0, 0, 0, 0]
    assert [row["four_week_mqls"] for row in own] == [1, 2, 2, 2, 1, 0]
    assert [row["four_week_mqls_to_sql"] for row in own] == [1, 1, 1, 1, 0, 0]
    half = Decimal("0.5")
    assert [row["four_week_rate"] for row in own] == [1, half, half, half, 0, None]
    assert (own[3]["four_week_low"], own[3]["four_week_high"]) == wilson(1, 2)
    assert (own[5]["four_week_low"], own[5]["four_week_high"]) == (None, None)
    assert (own[2]["mql_to_sql_rate"], own[2]["mql_to_sql_low"]) == (None, None)


def test_each_member_begins_with_its_own_first_mql(policy):
    leads = [
        funnel_lead(datetime(2026, 3, 2), channel="paid", company_segment="startup"),
        funnel_lead(datetime(2026, 3, 17), channel="events"),
        funnel_lead(channel="partner"),
    ]
    rows = funnel_weekly(leads, policy, datetime(2026, 3, 20))
    weeks = {member: column(rows, "week_start", member=member) for member in ("paid", "events")}
    assert [len(weeks["paid"]), len(weeks["events"])] == [3, 1]
    assert sorted({(row["dimension"], row["member"]) for row in rows}) == [
        ("channel", "events"),
        ("channel", "paid"),
        ("company_segment", "startup"),
        ("company_segment", "unknown"),
        ("overall", "all"),
    ]


def test_week_matures_with_its_end(policy):
    monday = datetime(2026, 3, 2)
    mature_at = monday + 7 * DAY + 90 * DAY
    for as_of, expected in ((mature_at, True), (mature_at - MICROSECOND, False)):
        rows = funnel_weekly([funnel_lead(monday)], policy, as_of)
        assert rows[0]["is_mature"] is expected


# Zones


def test_days_are_those_of_a_zone():
    midnight_in_berlin = datetime(2026, 3, 31, 22)
    assert month_of(midnight_in_berlin, "Europe/Berlin") == date(2026, 4, 1)
    assert month_of(midnight_in_berlin - MICROSECOND, "Europe/Berlin") == date(2026, 3, 1)
    assert month_of(midnight_in_berlin) == month_of(date(2026, 3, 1), "Asia/Tokyo")
    assert week_of(datetime(2026, 3, 1, 23), "Europe/Berlin") == date(2026, 3, 2)
    assert day_of(datetime(2026, 3, 1, 4, 59), "America/New_York") == date(2026, 2, 28)
    # Clocks change in between.
    assert midnight(date(2026, 3, 1), "Europe/Berlin") == datetime(2026, 2, 28, 23)
    assert month_end(date(2026, 3, 1), "Europe/Berlin") == midnight_in_berlin
    # A midnight that a change of clocks leaves out, and one that comes twice.
    assert midnight(date(2026, 3, 8), "America/Havana") == datetime(2026, 3, 8, 5)
    assert midnight(date(2026, 11, 1), "America/Havana") == datetime(2026, 11, 1, 4)
    zone = "Pacific/Auckland"
    last = datetime(2026, 3, 31, 11)
    assert months_between(last - MICROSECOND, last, zone) == [date(2026, 3, 1), date(2026, 4, 1)]


def test_reports_have_the_months_of_their_zone(run_in):
    """At ten in the evening of 31 March it is April in Berlin."""
    at = "2026-03-31 22:00:00"
    facts = {
        "leads": [LEAD | {"created_at": at}],
        "lead_status_changes": [
            {"lead_id": "L1", "status": status, "changed_at": at}
            for status in ("accepted", "rejected")
        ],
        "email_events": [email(at, "delivered")],
        "opportunities": [deal(at)],
        "campaign_costs": [{"campaign_id": "K1", "cost_date": "2026-03-31", "cost": "7"}],
    }
    for zone, month in ((None, date(2026, 3, 1)), ("Europe/Berlin", date(2026, 4, 1))):
        tables = run_in(zone, **facts)
        assert {row["month"] for row in tables["engagement_rate"]} == {month}
        assert min(row["month"] for row in tables["stage_flow"]) == month
        assert one(tables["stage_flow"], stage="lead", month=month)["entered"] == 1
        assert min(row["month"] for row in tables["lead_velocity"]) == month
        months = {row["cohort_month"] for row in tables["funnel_conversion"]}
        assert months == {None, month}
        handed_off = {row["handed_off_month"] for row in tables["rejections"]}
        assert handed_off == {None, month}
        total = one(tables["channel_roi"], dimension="overall", member="all", month=month)
        assert total["opportunities"] == 1
        # The day of a cost is one already.
        assert one(
            tables["channel_roi"], dimension="overall", member="all", month=date(2026, 3, 1)
        )["cost"] == Decimal(7)


# Velocity


def test_velocity_counts_every_month_of_every_motion():
    leads = [
        funnel_lead(first_seen=datetime(2025, 12, 31, 23, 59, 59)),
        funnel_lead(mql=datetime(2026, 2, 1), customer=datetime(2026, 3, 1) - MICROSECOND),
        funnel_lead(sql=datetime(2026, 2, 1) - MICROSECOND, motion="outbound"),
        funnel_lead(opportunity=datetime(2026, 3, 1), motion="outbound"),
        replace(funnel_lead(), pql_at=datetime(2026, 3, 1)),
    ]
    rows = lead_velocity(leads, datetime(2026, 3, 1))
    assert column(rows, "month", motion="outbound") == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
        date(2026, 3, 1),
    ]
    assert len(rows) == 12
    assert column(rows, "leads", motion="outbound") == [0, 2, 0, 0]
    assert column(rows, "pqls", motion="all") == [0, 0, 0, 1]
    assert column(rows, "mqls", motion="all") == [0, 0, 1, 0]
    assert column(rows, "mqls", motion="outbound") == [0, 0, 0, 0]
    assert column(rows, "sqls", motion="all") == [0, 1, 0, 0]
    assert column(rows, "opportunities", motion="outbound") == [0, 0, 0, 1]
    assert column(rows, "customers", motion="inbound") == [0, 0, 1, 0]


def test_growth_needs_something_to_grow_from():
    def mqls_in(month: int, count: int) -> list[FunnelLead]:
        return [funnel_lead(mql=datetime(2026, month, 10)) for _ in range(count)]

    leads = mqls_in(1, 2) + mqls_in(2, 3) + mqls_in(4, 1)
    rows = lead_velocity(leads, datetime(2026, 5, 1))
    half = Decimal("0.5")
    assert column(rows, "mqls_growth", motion="all") == [None, half, -1, None, -1]
    assert column(rows, "mqls_growth", motion="outbound") == [None] * 5
    assert column(rows, "sqls_growth", motion="all") == [None] * 5


def test_durations_belong_to_the_month_of_their_end():
    begin = datetime(2026, 1, 1)
    leads = [
        funnel_lead(begin + 31 * DAY, begin + 32 * DAY, begin + 32 * DAY, begin + 40 * DAY),
        funnel_lead(begin + 31 * DAY, begin + 31 * DAY, begin + 33 * DAY),
        funnel_lead(begin + 36 * DAY, begin + 35 * DAY, begin + 30 * DAY, begin + 34 * DAY),
    ]
    rows = lead_velocity(leads, datetime(2026, 2, 28))
    january, february = (one(rows, motion="all", month=date(2026, m, 1)) for m in (1, 2))
    assert february["median_days_first_seen_to_mql"] == 31
    assert february["p90_days_first_seen_to_mql"] == 35
    # One lead was accepted before it was an MQL, and had an opportunity before that.
    assert february["median_days_mql_to_sql"] == Decimal("0.5")
    assert february["p90_days_mql_to_sql"] == Decimal("0.9")
    assert february["median_days_sql_to_opportunity"] == 1
    assert january["opportunities"] == 1
    assert january["median_days_sql_to_opportunity"] is None
    assert february["median_days_sql_to_won"] == 8
    assert february["median_days_first_seen_to_won"] == 37
    assert february["p90_days_first_seen_to_won"] == Decimal("39.4")


def test_without_leads_there_is_no_velocity():
    assert lead_velocity([], AS_OF) == []


# Stages over time


def test_durations_by_channel_and_for_all(policy):
    begin = datetime(2026, 3, 1)
    stays = [
        Stay("mql", "paid", begin, begin + 90 * DAY),
        Stay("mql", "paid", begin, begin + 90 * DAY + MICROSECOND),
        Stay("mql", "events", begin, begin),
        Stay("mql", "events", begin, None),
        Stay("lead", "partner", begin, None),
    ]
    rows = stage_durations(stays, policy, AS_OF)
    assert {(row["stage"], row["channel"]) for row in rows} == {
        ("lead", "all"),
        ("lead", "partner"),
        ("mql", "all"),
        ("mql", "events"),
        ("mql", "paid"),
    }
    every = one(rows, stage="mql", channel="all")
    assert (every["completed_stays"], every["running_stays"]) == (3, 1)
    assert (every["median_days"], every["max_days"]) == (90, 90)
    assert (every["over_max_stays"], every["over_max_share"]) == (1, Decimal(1) / 3)
    events = one(rows, stage="mql", channel="events")
    assert (events["median_days"], events["over_max_share"]) == (0, 0)
    lead = one(rows, stage="lead", channel="all")
    assert (lead["completed_stays"], lead["median_days"], lead["p90_days"]) == (0, None, None)
    assert (lead["over_max_stays"], lead["over_max_share"]) == (None, None)
    assert lead["verdict"] == "insufficient_data"
    running = stage_durations([Stay("mql", "paid", begin, None)], policy, AS_OF)[0]
    assert (running["over_max_stays"], running["over_max_share"]) == (0, None)


@pytest.mark.parametrize(
    ("median_days", "stays", "stage", "verdict"),
    [
        ("1", 29, "mql", "insufficient_data"),
        ("29.999", 30, "mql", "faster"),
        ("30", 30, "mql", "typical"),
        ("90", 30, "mql", "typical"),
        ("90.001", 30, "mql", "slower"),
        ("1", 30, "sql_proposed", "no_typical"),
        ("1", 29, "sql_proposed", "insufficient_data"),
    ],
)
def test_duration_verdicts(policy, median_days, stays, stage, verdict):
    assert duration_verdict(Decimal(median_days), stays, policy.stages[stage], 30) == verdict


def test_one_typical_bound_is_none(policy):
    stage = replace(policy.stages["mql"], typical_days_high=None)
    assert duration_verdict(Decimal(1), 30, stage, 30) == "no_typical"


def test_flow_closes_as_the_next_month_opens(policy):
    march, april, may = (datetime(2026, month, 1) for month in (3, 4, 5))
    stays = [
        Stay("mql", "paid", march, None),
        Stay("mql", "paid", april - MICROSECOND, april),
        Stay("mql", "paid", april, april),
        Stay("mql", "paid", april, may - MICROSECOND),
        Stay("mql", "paid", may, None),
        Stay("nurture", "paid", march, april - MICROSECOND),
    ]
    rows = stage_flow(stays, policy, may)
    assert len(rows) == len(policy.stages) * 3
    flow = {
        name: column(rows, name, stage="mql")
        for name in ("opening", "entered", "exited", "closing")
    }
    assert flow == {
        "opening": [0, 2, 1],
        "entered": [2, 2, 1],
        "exited": [0, 3, 0],
        "closing": [2, 1, 2],
    }
    assert column(rows, "closing", stage="nurture") == [0, 0, 0]
    assert column(rows, "entered", stage="customer") == [0, 0, 0]
    assert stage_flow([], policy, may) == []


def test_stages_over_time_are_those_of_the_history(run):
    tables = run(opportunities=[deal("2026-03-01 10:00:00")])
    row = one(tables["stage_durations"], stage="lead", channel="inbound")
    assert (row["completed_stays"], row["median_days"]) == (1, 0)
    march = one(tables["stage_flow"], stage="lead", month=date(2026, 3, 1))
    assert (march["opening"], march["entered"], march["exited"], march["closing"]) == (0, 1, 1, 0)
    august = one(tables["stage_flow"], stage="opportunity", month=date(2026, 8, 1))
    assert (august["opening"], august["entered"], august["closing"]) == (1, 0, 1)


# Engagement


def test_engaged_are_those_who_got_mail_of_the_program_in_the_month(run):
    other = LEAD | {"lead_id": "L2", "email": "l2@acme.com"}
    to_l2 = {"email": " L2@Acme.com "}
    rows = run(
        leads=[LEAD, other],
        email_events=[
            email("2026-03-31 23:59:59.999999", "Delivered"),
            email("2026-03-31 23:59:59", "delivered", **to_l2),
            email("2026-03-31 12:00:00", "delivered", **to_l2),
            email("2026-03-01 00:00:00", "replied", **to_l2),
            email("2026-03-10 00:00:00", "replied", "cold_outbound"),
            email("2026-03-11 00:00:00", "opened"),
            email("2026-04-01 00:00:00", "clicked", campaign_id="K2"),
            email("2026-05-01 00:00:00", "delivered"),
            email("2026-05-01 00:00:00", "clicked", "cold_outbound", campaign_id="K2"),
            email("2026-08-01 00:00:00", "delivered", "cold_outbound", campaign_id="K2"),
            email("2026-08-01 00:00:00", "clicked", "cold_outbound"),
            email("2026-08-01 00:00:01", "delivered"),
        ],
    )["engagement_rate"]
    march, may, august = rows
    assert (march["month"], march["program"]) == (date(2026, 3, 1), "marketing")
    assert (march["leads_emailed"], march["leads_engaged"]) == (2, 1)
    assert march["engagement_rate"] == Decimal("0.5")
    assert (march["engagement_low"], march["engagement_high"]) == wilson(1, 2)
    assert (may["program"], may["leads_emailed"], may["leads_engaged"]) == ("marketing", 1, 0)
    assert (august["program"], august["engagement_rate"]) == ("cold_outbound", 1)


def test_machines_and_strangers_are_not_engaged(run):
    merged = LEAD | {"lead_id": "L2", "email": "l2@acme.com", "merged_into_lead_id": "L1"}
    rows = run(
        leads=[LEAD, merged],
        email_events=[
            email("2026-03-10 09:00:00", "delivered"),
            email("2026-03-10 09:00:04", "clicked"),
            email("2026-03-10 10:00:00", "clicked", user_agent="Googlebot/2.1"),
            email("2026-03-11 09:00:00", "delivered", email="l2@acme.com"),
            email("2026-03-11 10:00:00", "delivered", email="nobody@acme.com"),
            email("2026-04-11 10:00:00", "delivered", user_agent="Googlebot/2.1"),
        ],
    )["engagement_rate"]
    assert [(row["month"], row["leads_emailed"], row["leads_engaged"]) for row in rows] == [
        (date(2026, 3, 1), 1, 0)
    ]


# Return on investment


def test_cost_goes_to_the_channel_and_month_of_its_day(run):
    rows = run(
        campaigns=[
            {"campaign_id": "K1", "channel": "Inbound"},
            {"campaign_id": "K2", "channel": ""},
        ],
        campaign_costs=[
            {"campaign_id": "K1", "cost_date": "2026-02-28", "cost": "100"},
            {"campaign_id": "K1", "cost_date": "2026-03-01", "cost": "200.5"},
            {"campaign_id": "K1", "cost_date": "2026-08-01", "cost": "3"},
            {"campaign_id": "K1", "cost_date": "2026-08-02", "cost": "1000"},
            {"campaign_id": "K2", "cost_date": "2026-03-31", "cost": "40"},
            {"campaign_id": "K9", "cost_date": "2026-03-31", "cost": "50"},
            {"campaign_id": "K9", "cost_date": "2026-06-30", "cost": "0"},
        ],
    )["channel_roi"]
    costs = {
        (row["member"], row["month"]): row["cost"] for row in rows if row["dimension"] != "motion"
    }
    months = {m: date(2026, m, 1) for m in (2, 3, 8)}
    assert costs == {
        ("inbound", months[2]): 100,
        ("inbound", months[3]): Decimal("200.5"),
        ("inbound", months[8]): 3,
        ("inbound", None): Decimal("303.5"),
        ("unknown", months[3]): 90,
        ("unknown", None): 90,
        ("all", months[2]): 100,
        ("all", months[3]): Decimal("290.5"),
        ("all", months[8]): 3,
        ("all", None): Decimal("393.5"),
    }
    assert {row["member"] for row in rows if row["dimension"] == "motion"} == {"inbound"}
    march = one(rows, dimension="channel", member="inbound", month=months[3])
    assert (march["leads"], march["cost_per_lead"]) == (1, Decimal("200.5"))
    assert (march["mqls"], march["cost_per_mql"], march["cac"]) == (0, None, None)
    assert march["roi"] == -1


def test_revenue_counts_when_won_and_pipeline_when_created(run):
    rows = run(
        opportunities=[
            deal("2026-03-31 23:59:59", "900", "2026-04-01 00:00:00", is_won="true"),
            deal("2026-04-01 00:00:00", "70", "2026-08-01 00:00:01", is_won="true"),
            deal("2026-04-02 00:00:00", "500", "2026-05-01 00:00:00", is_won="false"),
            deal("2026-06-02 00:00:00", "", "2026-06-03 00:00:00", is_won="true"),
            deal("2026-08-01 00:00:01", "8000"),
        ],
        campaigns=[{"campaign_id": "K1", "channel": "inbound"}],
        campaign_costs=[{"campaign_id": "K1", "cost_date": "2026-04-30", "cost": "300"}],
    )["channel_roi"]
    months = set(column(rows, "month", dimension="channel", member="inbound"))
    assert months == {None, *(date(2026, month, 1) for month in (3, 4, 5, 6))}
    april = one(rows, dimension="channel", member="inbound", month=date(2026, 4, 1))
    assert (april["revenue_won"], april["pipeline_open"], april["customers"]) == (900, 70, 1)
    assert (april["opportunities"], april["cost_per_opportunity"]) == (2, 150)
    assert (april["cac"], april["roi"]) == (300, 2)
    assert (april["win_rate"], april["deals_lost"], april["deal_size"]) == (1, 0, 900)
    motion = one(rows, dimension="motion", member="inbound", month=date(2026, 4, 1))
    assert (motion["cac"], motion["deal_size"]) == (300, 900)
    may = one(rows, dimension="channel", member="inbound", month=date(2026, 5, 1))
    assert (may["win_rate"], may["deals_lost"], may["deal_size"]) == (0, 1, None)
    # Nobody knows what March cost.
    march = one(rows, dimension="overall", member="all", month=date(2026, 3, 1))
    assert (march["opportunities"], march["cost"], march["cost_per_opportunity"]) == (1, None, None)
    assert (march["leads"], march["cost_per_lead"], march["roi"]) == (1, None, None)
    june = one(rows, dimension="overall", member="all", month=date(2026, 6, 1))
    assert (june["opportunities"], june["customers"], june["revenue_won"]) == (1, 1, 0)
    # Of a deal without an amount nobody knows the size.
    assert june["deal_size"] is None


def test_cost_of_nothing_is_a_record(run):
    rows = run(
        campaigns=[{"campaign_id": "K1", "channel": "inbound"}],
        campaign_costs=[{"campaign_id": "K1", "cost_date": "2026-03-31", "cost": "0"}],
    )["channel_roi"]
    march = one(rows, dimension="channel", member="inbound", month=date(2026, 3, 1))
    assert (march["cost"], march["cost_per_lead"], march["roi"]) == (0, 0, None)


def test_channel_of_a_campaign_may_be_a_lead_source(run):
    campaigns = {
        "K1": ("Cold_Email", "outbound", "outbound"),
        "K2": ("outbound", "outbound", "outbound"),
        "K3": ("paid", "paid", "inbound"),
        "K4": ("LinkedIn Ads", "paid", "inbound"),
        "K5": ("skywriting", "unknown", "inbound"),
        "K6": ("", "unknown", "inbound"),
        "K7": ("Demo request", "inbound", "inbound"),
    }
    tables = run(
        leads=[
            LEAD | {"lead_id": name, "email": "", "lead_source": "", "campaign_id": name}
            for name in campaigns
        ],
        campaigns=[{"campaign_id": name, "channel": own[0]} for name, own in campaigns.items()],
        campaign_costs=[
            {"campaign_id": name, "cost_date": "2026-03-01", "cost": "1"} for name in campaigns
        ],
    )
    found = {row["lead_id"]: (row["channel"], row["motion"]) for row in tables["lead_stages"]}
    assert found == {name: own[1:] for name, own in campaigns.items()}
    assert one(tables["lead_stages"], lead_id="K7")["intent_class"] == "demo_request"
    costs = {
        (row["dimension"], row["member"]): (row["cost"], row["leads"])
        for row in tables["channel_roi"]
        if row["month"] is None
    }
    assert costs["channel", "outbound"] == costs["channel", "paid"] == (2, 2)
    assert (costs["motion", "inbound"], costs["overall", "all"]) == ((5, 5), (7, 7))
    unmapped = [row["value"] for row in tables["unmapped_values"] if row["source"] == "campaigns"]
    assert unmapped == ["skywriting"]


# Attribution


@pytest.mark.parametrize(
    ("model", "touches", "expected"),
    [
        ("first_touch", 3, ["1", "0", "0"]),
        ("last_touch", 3, ["0", "0", "1"]),
        ("linear", 2, ["0.5", "0.5"]),
        ("linear", 3, ["0.3333333333", "0.3333333333", "0.3333333334"]),
        ("linear", 7, ["0.1428571429"] * 6 + ["0.1428571426"]),
        ("position_based", 2, ["0.5", "0.5"]),
        ("position_based", 3, ["0.4", "0.2", "0.4"]),
        ("position_based", 4, ["0.4", "0.1", "0.1", "0.4"]),
        ("position_based", 5, ["0.4", *["0.0666666667"] * 3, "0.3999999999"]),
        ("position_based", 7, ["0.4", *["0.04"] * 5, "0.4"]),
        ("time_decay", 3, ["0.3333333333", "0.3333333333", "0.3333333334"]),
    ],
)
def test_shares_of_touches(model, touches, expected):
    found = shares(model, [Decimal(3)] * touches)
    assert found == decimals(*expected)
    assert sum(found) == 1


@pytest.mark.parametrize(
    "model", ["first_touch", "last_touch", "linear", "position_based", "time_decay"]
)
def test_shares_sum_to_exactly_one(model):
    assert shares(model, decimals("5")) == [1]
    for touches in (2, 3, 6, 7, 11, 13):
        days = [Decimal(100) / (touch + 1) for touch in range(touches)]
        assert sum(shares(model, days)) == 1


def test_touches_lose_half_in_a_week():
    assert shares("time_decay", decimals("14", "7", "0")) == decimals(
        "0.1428571429", "0.2857142857", "0.5714285714"
    )
    assert shares("time_decay", decimals("3.5", "0")) == decimals("0.4142135624", "0.5857864376")
    assert shares("time_decay", decimals("400", "0")) == [0, 1]
    assert shares("time_decay", decimals("90007", "90000")) == decimals(
        "0.3333333333", "0.6666666667"
    )


def test_unknown_model_is_an_error():
    with pytest.raises(ValueError, match="no attribution model 'u_shaped'"):
        shares("u_shaped", decimals("0"))


def test_touches_count_up_to_the_creation_of_the_opportunity(run):
    rows = run(
        leads=[LEAD | {"campaign_id": "K1"}],
        marketing_activities=[
            download("2026-03-08 10:00:00", "K2"),
            download("2026-03-09 10:00:00", "K8", activity_type="referral"),
            download("2026-03-09 10:00:00"),
            download("2026-03-15 10:00:00", "K1"),
            download("2026-03-15 10:00:00.000001", "K9"),
        ],
        email_events=[email("2026-03-10 10:00:00", "opened", campaign_id="K8")],
        opportunities=[deal("2026-03-15 10:00:00", "700")],
    )["attribution"]
    assert {row["campaign_id"] for row in rows} == {"K1", "K2"}
    shares_of_k2 = {
        model: one(rows, campaign_id="K2", attribution_model=model)["opportunities"]
        for model in ("first_touch", "last_touch", "linear", "position_based", "time_decay")
    }
    assert shares_of_k2 == {
        "first_touch": 0,
        "last_touch": 0,
        "linear": Decimal("0.3333333333"),
        "position_based": Decimal("0.2"),
        "time_decay": Decimal("0.2857142857"),
    }
    decayed = one(rows, campaign_id="K1", attribution_model="time_decay")
    assert decayed["opportunities"] == Decimal("0.7142857143")
    assert (decayed["pipeline_open"], decayed["revenue_won"], decayed["won"]) == (500, 0, 0)


def test_touches_of_one_instant_go_by_source_and_id(run):
    at = "2026-03-08 10:00:00"
    rows = run(
        marketing_activities=[download(at, "K3"), download(at, "K4") | {"asset": "other"}],
        email_events=[email(at, "clicked", campaign_id="K1")],
        web_events=[{"lead_id": "L1", "event_name": "page_view", "occurred_at": at}],
        leads=[LEAD | {"campaign_id": "K2", "created_at": at}],
        opportunities=[deal(at)],
    )["attribution"]
    # email_events, leads, marketing_activities
    assert column(rows, "campaign_id", attribution_model="first_touch", opportunities=1) == ["K1"]
    assert column(rows, "campaign_id", attribution_model="last_touch", opportunities=1) == ["K4"]
    by_position = column(rows, "opportunities", attribution_model="position_based")
    assert by_position == decimals("0.4", "0.1", "0.1", "0.4")


def test_opportunity_that_nothing_touched_is_of_no_campaign(run):
    rows = run(
        leads=[LEAD, LEAD | {"lead_id": "L0", "email": "", "merged_into_lead_id": "L1"}],
        marketing_activities=[download("2026-04-01 00:00:00", "K1")],
        opportunities=[
            deal("2026-03-15 00:00:00", "10", "2026-03-16 00:00:00", is_won="true", lead_id="L0"),
            deal("2026-03-15 00:00:00", "20", "2026-03-16 00:00:00", is_won="false"),
            deal("2026-03-15 00:00:00", "30", "2026-08-01 00:00:01", is_won="true"),
            deal("2026-03-15 00:00:00", "", "2026-03-16 00:00:00", is_won="true"),
            deal("2026-08-01 00:00:01", "40"),
            deal("2026-03-15 00:00:00", "50", lead_id="nobody"),
        ],
    )["attribution"]
    assert len(rows) == 5
    for row in rows:
        assert (row["campaign_id"], row["opportunities"], row["won"]) == ("none", 4, 2)
        assert (row["pipeline_open"], row["revenue_won"]) == (30, 10)


def test_money_is_rounded_after_the_sum(run):
    won = {"closed_at": "2026-03-16 00:00:00", "is_won": "true"}
    rows = run(
        marketing_activities=[
            download(f"2026-03-{day:02d} 10:00:00", f"K{day}") for day in (2, 3, 4)
        ],
        opportunities=[deal("2026-03-15 00:00:00", "0.01", **won) for _ in range(2)],
    )["attribution"]
    linear = column(rows, "revenue_won", attribution_model="linear")
    assert linear == decimals("0.0067", "0.0067", "0.0067")


# Target accounts


def test_target_accounts_from_engagement_to_won(run):
    def lead(name: str, created_at: str = "2026-03-01 10:00:00") -> dict[str, str]:
        return {
            "lead_id": name,
            "email": f"l@{name}.com",
            "account_id": name.rstrip("+"),
            "created_at": created_at,
        }

    def account(name: str, employees: str, is_target: str = "true") -> dict[str, str]:
        values = {"account_id": name, "domain": f"{name}.com", "employee_count": employees}
        return values | {"is_target_account": is_target}

    engaged_at, won = "2026-03-10 00:00:00", {"closed_at": AS_OF.isoformat(" "), "is_won": "true"}
    tables = run(
        accounts=[
            account("same_instant", "49"),
            account("before", "50"),
            account("other_lead", "500"),
            account("idle", "0"),
            account("no_number", ""),
            account("no_target", "100", "false"),
            account("unsure", "100", ""),
        ],
        leads=[
            *(lead(name) for name in ("same_instant", "before", "other_lead", "idle", "no_target")),
            lead("other_lead+"),
        ],
        marketing_activities=[
            *(
                download(engaged_at, lead_id=name)
                for name in ("same_instant", "before", "other_lead", "no_target")
            ),
            download("2026-03-05 00:00:00", lead_id="idle", activity_type="referral"),
            download("2026-08-01 00:00:01", lead_id="idle"),
        ],
        opportunities=[
            deal(engaged_at, lead_id="same_instant"),
            deal("2026-03-09 23:59:59", lead_id="before") | won,
            deal("2026-04-01 00:00:00", lead_id="other_lead+") | won,
            deal("2026-04-01 00:00:00", lead_id="idle"),
            deal("2026-04-01 00:00:00", lead_id="no_target"),
        ],
    )
    rows = tables["account_funnel"]
    counted = ("target_accounts", "engaged", "qualified", "in_sales", "to_pipeline", "won")

    def figures(segment: str, month: date | None = None) -> tuple[int | None, ...]:
        row = one(rows, company_segment=segment, cohort_month=month)
        return tuple(row[name] for name in counted)

    in_all = {row["company_segment"] for row in rows if row["cohort_month"] is None}
    assert in_all == {"all", "enterprise", "mid_market", "startup", "unknown"}
    assert figures("startup") == (1, 1, 1, 1, 1, 0)
    # A deal is more than an engagement, whichever was first.
    assert figures("mid_market") == (1, 1, 1, 1, 1, 1)
    assert figures("enterprise") == (1, 1, 1, 1, 1, 1)
    assert figures("unknown") == (2, 1, 1, 1, 1, 0)
    assert figures("all") == (5, 4, 4, 4, 4, 2)
    # A referral is meaningful; the deal came a month later.
    assert figures("all", date(2026, 3, 1)) == (None, 4, 4, 4, 4, 2)
    assert figures("startup", date(2026, 3, 1)) == (None, 1, 1, 1, 1, 0)
    every = one(rows, company_segment="all", cohort_month=None)
    assert every["engaged_rate"] == Decimal("0.8")
    assert (every["engaged_low"], every["engaged_high"]) == wilson(4, 5)
    assert (every["engaged_to_pipeline_low"], every["engaged_to_pipeline_high"]) == wilson(4, 4)
    assert every["pipeline_to_won_rate"] == Decimal("0.5")
    of_march = one(rows, company_segment="all", cohort_month=date(2026, 3, 1))
    assert of_march["engaged_rate"] is None


def test_without_target_accounts_there_is_no_funnel_of_them(run):
    tables = run(accounts=[ACME | {"is_target_account": "false"}])
    assert tables["account_funnel"] == []


def test_benchmark_of_target_accounts_is_over_a_mature_year(policy):
    until = AS_OF - 90 * DAY
    since = until - 365 * DAY

    def account(engaged_at: datetime | None, to_pipeline: bool) -> FunnelAccount:
        reached = {"engaged": engaged_at, "opportunity": engaged_at if to_pipeline else None}
        return FunnelAccount("startup", reached)

    accounts = [
        account(since, True),
        account(until - MICROSECOND, False),
        account(until, True),
        account(since - MICROSECOND, True),
        account(None, False),
    ]
    by_segment = {"benchmark_id": "of_startups", "dimension": "company_size", "member": "startup"}
    usual = next(row for row in policy.benchmarks if row["benchmark_id"] == "guide_abm")
    rules = replace(policy, benchmarks=[usual, usual | by_segment])
    overall, of_startups = benchmark_comparison([], rules, AS_OF, accounts=accounts)
    assert (overall["numerator"], overall["denominator"]) == (1, 2)
    assert overall["actual"] == Decimal("0.5")
    assert (overall["actual_low"], overall["actual_high"]) == wilson(1, 2)
    assert overall["verdict"] == "insufficient_data"
    assert (of_startups["denominator"], of_startups["actual"]) == (0, None)
    many = benchmark_comparison([], rules, AS_OF, accounts=[account(since, True)] * 30)
    assert many[0]["verdict"] == "clearly_above"


def compared(
    policy: Policy, went: int, of: int = 100, evidence: Evidence = EVERYTHING, **values: Any
) -> dict[str, Any]:
    """The guide's benchmark of MQLs to SQLs, where so many of so many went on."""
    mql, sql = AS_OF - 200 * DAY, AS_OF - 100 * DAY
    leads = [funnel_lead(mql=mql, sql=sql if number < went else None) for number in range(of)]
    (usual,) = (row for row in policy.benchmarks if row["benchmark_id"] == "guide_mql_to_sql")
    rules = replace(policy, benchmarks=[usual | values])
    (row,) = benchmark_comparison(leads, rules, AS_OF, evidence=evidence)
    return row


@pytest.mark.parametrize(
    ("went", "of", "verdict", "is_top_quartile", "advice"),
    [
        (0, 29, "insufficient_data", False, None),
        # The intervals end at 0.085, 0.162, 0.198, 0.162 and 0.125, or begin at 0.117, 0.175,
        # 0.219, 0.255 and 0.337.
        (3, 100, "clearly_below_warning", False, "Tighten the MQL criteria"),
        (9, 100, "probably_below_warning", False, None),
        (12, 100, "probably_below", False, None),
        (36, 300, "probably_below", False, None),
        (220, 2000, "clearly_below", False, None),
        (18, 100, "within", False, None),
        (25, 100, "probably_above", True, None),
        (30, 100, "clearly_above", True, None),
        (34, 100, "probably_above_warning", True, None),
        (43, 100, "clearly_above_warning", True, "MQLs may be defined too narrowly"),
    ],
)
def test_advice_is_for_what_the_document_warns_of(
    policy, went, of, verdict, is_top_quartile, advice
):
    row = compared(policy, went, of)
    assert (row["verdict"], row["is_top_quartile"]) == (verdict, is_top_quartile)
    assert row["advice"] == advice


def test_advice_comes_from_the_primary_source_alone(policy):
    assert compared(policy, 3, source="como")["verdict"] == "clearly_below_warning"
    assert compared(policy, 3, source="como")["advice"] is None
    mql = AS_OF - 200 * DAY
    rows = benchmark_comparison(
        [funnel_lead(mql=mql)] * 100, policy, AS_OF, primary_benchmark="Como"
    )
    advised = {row["benchmark_id"]: row["advice"] for row in rows if row["advice"] is not None}
    assert advised == {"como_mql_to_sql": "The scoring model is generating noise"}
    assert {row["source"] for row in rows if row["is_primary"]} == {"como"}
    assert compared(policy, 43, top_quartile=None)["is_top_quartile"] is False


@pytest.mark.parametrize(
    ("metric", "empty", "is_measurable"),
    [
        ("mql_to_sql_rate", (), True),
        # Accepted is what sales says, or what answers to questions say.
        ("mql_to_sql_rate", ("lead_status_changes",), True),
        ("mql_to_sql_rate", ("lead_status_changes", "qualification_answers"), False),
        ("mql_to_sql_rate", EVENTS, True),
        ("mql_to_won_rate", ("opportunities",), False),
        ("lead_to_won_rate", ("opportunities",), False),
        ("lead_to_won_rate", ("lead_status_changes", "qualification_answers"), True),
        ("opportunity_to_won_rate", ("opportunities",), False),
        ("pql_to_sql_rate", ("product_events",), False),
        ("pql_to_sql_rate", ("web_events",), True),
        ("median_days_mql_to_won", ("opportunities",), True),
        ("account_engaged_to_pipeline_rate", ("opportunities",), False),
        ("account_engaged_to_pipeline_rate", EVENTS, False),
        ("account_engaged_to_pipeline_rate", EVENTS[1:], True),
        ("rejection_rate", ("lead_status_changes",), False),
        ("rejection_rate", ("opportunities",), True),
        ("median_response_business_minutes", ("sales_activities",), True),
    ],
)
def test_what_comes_from_nowhere_cannot_be_measured(policy, metric, empty, is_measurable):
    evidence = Evidence(empty_sources=frozenset(empty))
    row = compared(policy, 20, metric=metric, evidence=evidence)
    assert (row["verdict"] != "not_measurable") is is_measurable
    assert is_measurable or row["is_top_quartile"] is False


def test_sql_by_answers_comes_from_them_alone(policy):
    by_answers = replace(policy, settings=policy.settings | {"sql_definition_rank": Decimal(4)})
    evidence = Evidence(empty_sources=frozenset({"qualification_answers"}))
    assert compared(by_answers, 20, evidence=evidence)["verdict"] == "not_measurable"
    by_score = replace(policy, settings=policy.settings | {"sql_definition_rank": Decimal(2)})
    assert compared(by_score, 20, evidence=evidence)["verdict"] != "not_measurable"


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("contacted", "not_measurable"),
        ("rejected", "insufficient_data"),
        ("recycled", "insufficient_data"),
        ("regressed", "insufficient_data"),
    ],
)
def test_rejections_are_measured_where_sales_ever_sent_a_lead_back(run, status, verdict):
    change = {"lead_id": "L1", "status": status, "changed_at": "2026-03-05 10:00:00"}
    tables = run(lead_status_changes=[change])
    of = one(tables["benchmark_comparison"], benchmark_id="guide_rejection")
    assert of["verdict"] == verdict
    won = one(tables["benchmark_comparison"], benchmark_id="guide_sql_to_won")
    assert won["verdict"] == "not_measurable"


def test_share_of_leads_that_are_won(policy):
    """Every lead counts from when it was first seen, whether it was an MQL or not."""
    seen, won = AS_OF - 200 * DAY, AS_OF - 100 * DAY
    leads = [
        funnel_lead(first_seen=seen, customer=won if number < 10 else None) for number in range(40)
    ]
    rules = [
        {"benchmark_id": "won", "source": "leadsuite", "metric": "lead_to_won_rate"}
        | {"dimension": "overall", "member": "all", "low": None, "high": "0.21"}
        | dict.fromkeys(("top_quartile", "bottom_quartile", "warning_below", "warning_above"))
        | {"unit": "ratio", "advice_below": None, "advice_above": None}
    ]
    (row,) = benchmark_comparison(leads, replace(policy, benchmarks=rules), AS_OF)
    assert (row["numerator"], row["denominator"], row["actual"]) == (10, 40, Decimal("0.25"))
    assert row["verdict"] == "probably_above"
