"""What the reference makes of rows as they really come, by hand from the specification."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from python_checks.reference import compute
from python_checks.reference.outcomes import OUTCOMES, check_books
from python_checks.tests.tables import POLICY
from python_checks.tests.unit.raw_rows import AS_OF, Rows, write_raw_rows

LEAD = {
    "lead_id": "L1",
    "email": "l1@acme.com",
    "job_title": "VP Marketing",
    "lead_source": "Organic Search",
    "created_at": "2026-03-01 10:00:00",
    "updated_at": "2026-03-01 10:00:00",
}
OTHER = LEAD | {"lead_id": "L2", "email": "l2@acme.com"}
DEAL = {
    "opportunity_id": "O1",
    "lead_id": "L1",
    "amount": "1000",
    "created_at": "2026-04-01 09:00:00",
    "closed_at": "2026-05-01 09:00:00",
    "updated_at": "2026-05-02 09:00:00",
}


@pytest.fixture
def run(tmp_path: Path):
    """Compute the tables from rows given by table; one lead by default."""

    def compute_rows(as_of: datetime = AS_OF, variables: dict | None = None, **tables: Rows):
        write_raw_rows(tmp_path, {"leads": [LEAD]} | tables)
        return compute(tmp_path, POLICY, as_of, variables)

    return compute_rows


def mail(at: str, event_type: str, **values: str) -> dict[str, str]:
    """A marketing e-mail event of lead L1."""
    return {
        "email": "l1@acme.com",
        "campaign_id": "K1",
        "program": "marketing",
        "event_type": event_type,
        "occurred_at": at,
    } | values


def form(at: str, kind: str = "demo_request", **values: str) -> dict[str, str]:
    """A marketing activity of lead L1."""
    return {"lead_id": "L1", "activity_type": kind, "occurred_at": at} | values


def visit(at: str, **values: str) -> dict[str, str]:
    """A page view of lead L1."""
    return {
        "lead_id": "L1",
        "event_name": "page_view",
        "page_path": "/pricing",
        "occurred_at": at,
    } | values


def books(tables, source: str) -> dict[str, int]:
    """How many rows of a source had which outcome."""
    return {r["outcome"]: r["rows"] for r in tables["raw_row_ledger"] if r["source"] == source}


def reasons(tables) -> list[tuple[str, str, bool]]:
    """Record, reason, and whether the row was lost, of what is in the quarantine."""
    rows = tables["quarantined_records"]
    return [(row["record_id"], row["reason"], row["is_row_unusable"]) for row in rows]


def history(tables, lead_id: str = "L1") -> list[tuple[str, str]]:
    """The stages of a lead and when it came to them."""
    return [
        (row["stage"], f"{row['entered_at']:%m-%d %H:%M:%S}")
        for row in tables["lead_stage_history"]
        if row["lead_id"] == lead_id
    ]


def lead_of(tables, lead_id: str = "L1"):
    """The row of a lead in lead_stages."""
    return next((row for row in tables["lead_stages"] if row["lead_id"] == lead_id), None)


def total_roi(tables) -> dict:
    """The row of channel_roi over all channels and months."""
    total = ("overall", "all", None)
    (row,) = (
        r for r in tables["channel_roi"] if (r["dimension"], r["member"], r["month"]) == total
    )
    return row


@pytest.mark.parametrize(
    ("deal", "stage", "at"),
    [
        ({"is_won": "y"}, "customer", "05-01 09:00:00"),
        ({"is_won": "off"}, "nurture", "05-01 09:00:00"),
        ({"is_won": ""}, "opportunity", "04-01 09:00:00"),
        ({"is_closed": "1.0", "is_won": ""}, "nurture", "05-01 09:00:00"),
        ({"is_closed": "on", "is_won": "t", "closed_at": ""}, "customer", "05-02 09:00:00"),
        ({"is_closed": "no", "is_won": "true"}, "opportunity", "04-01 09:00:00"),
        ({"is_won": "true", "closed_at": ""}, "opportunity", "04-01 09:00:00"),
        ({"is_won": "true", "closed_at": "2026-08-01 00:00:01"}, "opportunity", "04-01 09:00:00"),
        ({"is_won": "true", "closed_at": "2026-04-01"}, "customer", "04-01 23:59:59"),
        ({"is_won": "true", "closed_at": "2026-03-20"}, "customer", "03-20 23:59:59"),
    ],
)
def test_is_closed_decides_whether_a_deal_is(run, deal, stage, at):
    tables = run(opportunities=[DEAL | deal])
    assert history(tables)[-1] == (stage, at)


def test_faults_of_deals_are_recorded(run):
    tables = run(
        opportunities=[
            DEAL | {"opportunity_id": "plan", "is_won": ""},
            DEAL | {"opportunity_id": "late", "is_won": "true", "closed_at": "2026-03-20"},
            DEAL | {"opportunity_id": "never", "is_closed": "t", "closed_at": "", "updated_at": ""},
            DEAL | {"opportunity_id": "odd", "is_won": "perhaps"},
        ]
    )
    assert reasons(tables) == [
        ("plan", "planned closed_at", False),
        ("late", "late created_at", False),
        ("never", "missing closed_at", True),
        ("odd", "unreadable is_won", True),
    ]
    assert books(tables, "opportunities") == {"unusable": 2, "used": 2}


@pytest.mark.parametrize(
    ("updated_at", "is_there"),
    [
        ("2026-03-01 10:00:01", False),
        ("2026-03-01 10:00:00", True),
        ("2026-02-01 00:00:00", True),
        ("", True),
    ],
)
def test_unreadable_flag_hides_older_rows_of_its_key(run, updated_at, is_there):
    unreadable = LEAD | {"is_deleted": "maybe", "updated_at": updated_at}
    tables = run(leads=[LEAD | {"is_deleted": "false"}, unreadable])
    assert (lead_of(tables) is not None) is is_there
    outcome = "used" if is_there else "superseded"
    assert books(tables, "leads") == {"unusable": 1, outcome: 1}


def test_deleted_of_rows_that_tie_is_deleted(run):
    tables = run(leads=[LEAD | {"is_deleted": "1.0"}, LEAD | {"is_deleted": "off"}])
    assert tables["lead_stages"] == []
    assert books(tables, "leads") == {"erased": 2}


def test_contacts_get_the_events_since_they_are_there_and_money_counts_once(run):
    late = OTHER | {"lead_id": "L3", "email": "l3@acme.com", "created_at": "2026-04-15 00:00:00"}
    too_late = OTHER | {"lead_id": "L4", "email": "", "created_at": "2026-05-01 09:00:01"}
    tables = run(
        leads=[LEAD, OTHER, late, too_late],
        web_events=[visit("2026-04-10 00:00:00", lead_id="L4", page_path="/")],
        opportunities=[DEAL | {"is_won": "true"}],
        opportunity_contacts=[
            {"opportunity_id": "O1", "lead_id": lead_id} for lead_id in ("L1", "L2", "L3", "L4")
        ],
    )
    assert history(tables, "L2")[1:] == [
        ("opportunity", "04-01 09:00:00"),
        ("customer", "05-01 09:00:00"),
    ]
    assert history(tables, "L3") == [("lead", "04-15 00:00:00"), ("customer", "05-01 09:00:00")]
    assert history(tables, "L4") == [("lead", "04-10 00:00:00")]
    roi = total_roi(tables)
    assert (roi["revenue_won"], roi["opportunities"], roi["customers"]) == (1000, 1, 1)
    assert sum(row["customer_at"] is not None for row in tables["lead_stages"]) == 3
    shares = [r["won"] for r in tables["attribution"] if r["attribution_model"] == "linear"]
    assert shares == [1]


@pytest.mark.parametrize(
    ("contacts", "owner"),
    [
        ([("L3", ""), ("L2", "")], "L2"),
        ([("L3", "y"), ("L2", "")], "L3"),
        ([("M3", "y"), ("L2", "")], "L3"),
        ([("gone", "y"), ("L3", "")], "L3"),
    ],
)
def test_deal_of_nobody_counts_at_its_primary_or_smallest_contact(run, contacts, owner):
    third = LEAD | {"lead_id": "L3", "email": "l3@acme.com", "campaign_id": "K3"}
    gone = LEAD | {"lead_id": "gone", "email": "", "is_deleted": "true"}
    merged = LEAD | {"lead_id": "M3", "email": "", "merged_into_lead_id": "L3"}
    tables = run(
        leads=[OTHER | {"campaign_id": "K2"}, third, gone, merged],
        opportunities=[DEAL | {"lead_id": "gone", "is_won": "true"}],
        opportunity_contacts=[
            {"opportunity_id": "O1", "lead_id": lead_id, "is_primary": is_primary}
            for lead_id, is_primary in contacts
        ],
    )
    campaign = {"L2": "K2", "L3": "K3"}[owner]
    assert {r["campaign_id"] for r in tables["attribution"]} == {campaign}
    assert books(tables, "opportunities") == {"used": 1}


def test_deal_of_an_erased_lead_without_a_living_contact_is_erased(run):
    tables = run(
        leads=[LEAD | {"is_deleted": "true"}, OTHER],
        opportunities=[DEAL | {"is_won": "true"}],
        opportunity_contacts=[{"opportunity_id": "O1", "lead_id": "L1"}],
    )
    assert books(tables, "opportunities") == {"erased": 1}
    assert books(tables, "opportunity_contacts") == {"erased": 1}


@pytest.mark.parametrize(
    ("values", "at"),
    [
        ({"opted_out_at": "2026-05-01 00:00:00"}, "05-01 00:00:00"),
        ({"opted_out_at": ""}, "03-01 10:00:00"),
        ({"opted_out_at": "", "updated_at": "2026-09-01 00:00:00"}, "08-01 00:00:00"),
        ({"opted_out_at": "1970-01-01", "updated_at": "?"}, "03-01 10:00:00"),
        ({"opted_out_at": "2026-08-01 00:00:01"}, None),
    ],
)
def test_opt_out_flag_is_an_unsubscribe_at_the_best_time_known(run, values, at):
    tables = run(leads=[LEAD | {"has_opted_out": "Y"} | values])
    assert history(tables)[1:] == ([] if at is None else [("suppressed", at)])


def test_of_several_flagged_records_the_latest_counts(run):
    flagged = LEAD | {"has_opted_out": "on", "opted_out_at": "2026-04-01 00:00:00"}
    merged = flagged | {
        "lead_id": "M",
        "merged_into_lead_id": "L1",
        "opted_out_at": "2026-05-01 00:00:00",
        "is_deleted": "true",
    }
    assert history(run(leads=[flagged, merged]))[1:] == [("suppressed", "05-01 00:00:00")]


@pytest.mark.parametrize(
    ("events", "suppressed_at"),
    [
        (["unsubscribed 04-01", "resubscribed 05-01"], ["04-01 09:00:00"]),
        (["resubscribed 04-14"], ["04-14 12:00:00"]),
        (["resubscribed 04-15"], []),
        (["resubscribed 04-14", "unsubscribed 04-20"], ["04-20 09:00:00"]),
    ],
)
def test_opt_out_flag_adds_nothing_to_a_later_word_of_the_person(run, events, suppressed_at):
    flagged = LEAD | {"has_opted_out": "true", "opted_out_at": "2026-04-14 12:00:00"}
    tables = run(
        leads=[flagged],
        email_events=[mail(f"2026-{e.split()[1]} 09:00:00", e.split()[0]) for e in events],
    )
    assert [at for stage, at in history(tables) if stage == "suppressed"] == suppressed_at


def test_opt_out_flag_counts_unless_the_person_came_back_later(run):
    """A resubscription of the very instant is not later, so it clears no points either."""
    flagged = LEAD | {"has_opted_out": "true", "opted_out_at": "2026-04-14 12:00:00"}
    for at, penalty in (("12:00:00", -50), ("12:00:01", 0)):
        back = mail(f"2026-04-14 {at}", "resubscribed")
        tables = run(as_of=datetime(2026, 4, 15), leads=[flagged], email_events=[back])
        assert tables["lead_scores"][0]["penalty_points"] == penalty


def test_shared_mailbox_is_nobody_alone_and_its_opt_out_is_everybodys(run):
    shared = [
        LEAD | {"email": "Info@acme.com"},
        OTHER | {"email": "info@acme.com", "created_at": "2026-03-02 10:00:00"},
    ]
    tables = run(
        leads=shared,
        email_events=[
            mail("2026-03-10 09:00:00", "clicked", email="info@acme.com"),
            mail("2026-03-11 09:00:00", "unsubscribed", email="info@acme.com"),
        ],
    )
    assert [stage for stage, _ in history(tables, "L1")][-1] == "suppressed"
    assert history(tables, "L2")[-1] == ("suppressed", "03-11 09:00:00")
    engaged = [r["lead_id"] for r in tables["lead_scores"] if r["first_engagement_at"] is not None]
    assert set(engaged) == {"L1"}


@pytest.mark.parametrize(
    ("created_at", "outcomes"),
    [
        ("2026-03-10 09:00:00", {"erased": 1, "used": 1}),
        ("2026-03-10 09:00:01", {"erased": 2}),
        ("1970-01-01", {"erased": 2}),
    ],
)
def test_address_of_an_erased_and_a_living_record(run, created_at, outcomes):
    """Facts before the living one's creation are the erased one's; of unknown age all are."""
    tables = run(
        leads=[
            LEAD | {"is_deleted": "true"},
            LEAD | {"lead_id": "L2", "created_at": created_at},
        ],
        email_events=[
            mail("2026-03-09 09:00:00", "clicked"),
            mail("2026-03-10 09:00:00", "clicked", campaign_id="K2"),
        ],
    )
    assert books(tables, "email_events") == outcomes


def test_visits_of_a_cookie_that_an_erased_person_identified_are_erased(run):
    cookie = {"lead_id": "", "anonymous_id": "v"}
    tables = run(
        leads=[LEAD | {"is_deleted": "true"}, OTHER],
        web_events=[
            visit("2026-03-09 09:00:00", **cookie),
            visit("2026-03-10 09:00:00", event_name="identify", anonymous_id="v"),
            visit("2026-03-11 09:00:00", event_name="identify", anonymous_id="v", lead_id="L2"),
            visit("2026-03-12 09:00:00", lead_id="L1", email="l2@acme.com"),
            visit("2026-03-12 09:00:00", lead_id="nobody", email="l2@acme.com"),
        ],
    )
    assert books(tables, "web_events") == {"erased": 3, "not_a_signal": 1, "used": 1}


def test_record_merged_into_one_that_comes_later_stands_on_its_own(run):
    """Erasure comes before the clock: a merged record is not erased at any time."""
    merged = LEAD | {"lead_id": "M", "is_deleted": "true", "merged_into_lead_id": "later"}
    later = LEAD | {"lead_id": "later", "email": "", "created_at": "2026-07-01 00:00:00"}
    now, before = (run(as_of, leads=[merged, later]) for as_of in (AS_OF, datetime(2026, 6, 1)))
    assert books(now, "leads") == {"merged": 1, "used": 1}
    assert books(before, "leads") == {"after_as_of": 1, "used": 1}
    assert lead_of(before, "M") is not None


def test_deleted_record_whose_target_does_not_exist_is_erased(run):
    lost = LEAD | {"is_deleted": "true", "merged_into_lead_id": "nobody"}
    assert books(run(leads=[lost]), "leads") == {"erased": 1}


@pytest.mark.parametrize(
    ("seconds", "scanned"), [((8, 9, 10, 11, 17.999), 5), ((8, 9, 10, 11, 18), 0)]
)
def test_burst_of_clicks_is_a_scanner(run, seconds, scanned):
    clicks = [mail(f"2026-03-10 09:00:{second:06.3f}", "clicked") for second in seconds]
    elsewhere = [mail("2026-03-10 09:00:09", "clicked", campaign_id="")]
    tables = run(email_events=clicks + elsewhere)
    assert books(tables, "email_events").get("scanner", 0) == scanned
    assert sum(books(tables, "email_events").values()) == 6


def test_replies_right_after_any_delivery_are_automated(run):
    tables = run(
        email_events=[
            mail("2026-03-10 09:00:00", "delivered", user_agent="Mimecast"),
            *(
                mail(f"2026-03-10 09:00:{second}", "replied", campaign_id="K2")
                for second in ("00", "29.999", "30")
            ),
            mail("2026-03-11 09:00:00", "opened", is_automated="1.0"),
            mail("2026-03-11 09:00:00", "opened", is_automated="perhaps"),
        ]
    )
    assert books(tables, "email_events") == {"bot": 1, "automated": 3, "used": 2}


def test_opt_outs_are_never_dropped(run):
    by_machine = {"user_agent": "Barracuda", "is_automated": "true"}
    tables = run(
        email_events=[
            mail("2026-03-10 09:00:00", "delivered"),
            mail("2026-03-10 09:00:01", "unsubscribed", **by_machine),
            mail("2026-03-10 09:00:01", "clicked", **by_machine),
        ]
    )
    assert books(tables, "email_events") == {"bot": 1, "not_a_signal": 1, "used": 1}
    assert history(tables)[-1] == ("suppressed", "03-10 09:00:01")


def test_the_same_form_within_a_minute_of_the_one_before_is_one(run):
    tables = run(
        leads=[LEAD, OTHER],
        marketing_activities=[
            form("2026-03-10 09:00:00", asset="n/a"),
            form("2026-03-10 09:00:59"),
            form("2026-03-10 09:01:58", lead_id="", email="<L1@acme.com>"),
            form("2026-03-10 09:02:58"),
            form("2026-03-10 09:03:00", asset="a"),
            form("2026-03-10 09:03:00", lead_id="L2"),
            form("2026-03-10 09:03:01", kind="mystery"),
            form("2026-03-10 09:03:02", kind="mystery"),
        ],
    )
    assert books(tables, "marketing_activities") == {
        "not_a_signal": 2,
        "double_submit": 2,
        "used": 4,
    }


@pytest.mark.parametrize(
    ("email", "stage"),
    [
        ({"occurred_at": "2026-03-10 09:00:29"}, "sql_proposed"),
        ({"occurred_at": "2026-03-10 09:00:30"}, "sql_contacted"),
        ({"occurred_at": "2026-03-11 09:00:00", "is_automated": "y"}, "sql_proposed"),
        ({"occurred_at": "2026-03-10 09:00:29", "outcome": "connected"}, "sql_proposed"),
        ({"occurred_at": "2026-03-10 09:00:29", "outcome": "replied"}, "sql_working"),
        ({"occurred_at": "2026-03-10 09:00:29", "activity_type": "call"}, "sql_contacted"),
    ],
)
def test_sales_email_of_a_machine_is_no_contact_but_its_answer_is(run, email, stage):
    tables = run(
        as_of=datetime(2026, 3, 20),
        marketing_activities=[form("2026-03-10 09:00:00")],
        sales_activities=[{"lead_id": "L1", "activity_type": "Email", "outcome": ""} | email],
    )
    assert history(tables)[-1][0] == stage
    (handoff,) = tables["handoffs"]
    is_person = stage == "sql_contacted"
    assert (handoff["first_response_at"] is not None) is is_person
    assert handoff["attempts"] == int(is_person)
    assert (handoff["connected_at"] is not None) is (stage == "sql_working")
    assert books(tables, "sales_activities") == {"used": 1}


def test_costs_of_one_day_add_up_and_credits_count(run):
    def cost(day: str, amount: str, received_at: str = "") -> dict[str, str]:
        return {
            "campaign_id": "K1",
            "cost_date": f"2026-03-{day}",
            "cost": amount,
            "received_at": received_at,
        }

    tables = run(
        campaign_costs=[
            cost("01", "300"),
            cost("01", "300.00"),
            cost("01", "-120"),
            cost("02", "1000", "2026-03-03 00:00:00"),
            cost("02", "10", "2026-03-04 00:00:00"),
            cost("02", "$5", "2026-03-04T00:00:00Z"),
            cost("02", "7000"),
            cost("03", "much"),
        ]
    )
    assert total_roi(tables)["cost"] == Decimal(195)
    assert books(tables, "campaign_costs") == {
        "unusable": 1,
        "superseded": 2,
        "repeated": 1,
        "used": 4,
    }
    assert [reason for _, reason, _ in reasons(tables)].count("several costs on one day") == 4


def test_equal_costs_of_different_items_are_different_costs(run):
    """Two ads that cost the same; the second comes twice."""
    cost = {"campaign_id": "K1", "cost_date": "2026-03-01", "cost": "0.01"}
    items = ("ad 1", "ad 2", "ad 2", "")
    tables = run(campaign_costs=[cost | {"cost_item": item} for item in items])
    assert total_roi(tables)["cost"] == Decimal("0.03")
    assert books(tables, "campaign_costs") == {"repeated": 1, "used": 3}


def test_reference_of_15_characters_means_the_one_key_that_begins_with_it(run):
    def lead(lead_id: str) -> dict[str, str]:
        return LEAD | {"lead_id": lead_id, "email": f"{lead_id}@acme.com"}

    leads = ["00Q000000Ab1CdEAAV", "00Q000000aB1cDeAAQ", "00Q000000XXXXXXAA1", "00Q000000XXXXXXAA2"]
    tables = run(
        leads=[lead(lead_id) for lead_id in leads],
        lead_status_changes=[
            {"lead_id": lead_id[:15], "status": "accepted", "changed_at": "2026-03-03 09:00:00"}
            for lead_id in leads[1:]
        ],
    )
    accepted = [row["lead_id"] for row in tables["lead_stages"] if row["sql_accepted_at"]]
    assert accepted == ["00Q000000aB1cDeAAQ"]
    assert books(tables, "lead_status_changes") == {"unresolved": 2, "used": 1}


def test_lead_of_unknown_age_is_seen_first_with_its_first_fact(run):
    old = LEAD | {"created_at": "1970-01-01 00:00:00", "campaign_id": "K1"}
    alone = old | {"lead_id": "L2", "email": "l2@acme.com"}
    tables = run(
        leads=[old, alone],
        email_events=[
            mail("2026-03-02 09:00:00", "delivered", email="l2@acme.com"),
            mail("2026-03-02 10:00:00", "clicked"),
        ],
    )
    assert [row["lead_id"] for row in tables["lead_stages"]] == ["L1"]
    assert str(lead_of(tables)["first_seen_at"]) == "2026-03-02 10:00:00"
    assert books(tables, "leads") == {"unusable": 1, "used": 1}
    assert books(tables, "email_events") == {"unresolved": 1, "used": 1}
    assert reasons(tables) == [
        ("L1", "implausible created_at", False),
        ("L2", "implausible created_at", True),
    ]


@pytest.mark.parametrize(
    ("occurred_at", "outcome", "engaged_at"),
    [
        ("2026-03-03 09:00:00", "used", "2026-03-03 09:00:00"),
        ("2026-03-03 09:00:01", "used", "2026-03-02 09:00:00"),
        ("2999-01-01 00:00:00", "used", "2026-03-02 09:00:00"),
        ("1999-12-31 23:59:59", "unusable", None),
        ("2000-01-01", "used", "2000-01-01 00:00:00"),
    ],
)
def test_events_happen_at_plausible_times(run, occurred_at, outcome, engaged_at):
    tables = run(web_events=[visit(occurred_at, received_at="2026-03-02 09:00:00")])
    assert books(tables, "web_events") == {outcome: 1}
    last = tables["lead_scores"][0]["last_engagement_at"]
    assert (None if last is None else str(last)) == engaged_at


@pytest.mark.parametrize(
    ("page", "signal"),
    [
        ({"page_path": "", "page_url": "https://x.com/en-us/Pricing?a=/demo#top"}, "pricing"),
        ({"page_path": "/en/pricing"}, "pricing"),
        ({"page_path": "https://x.com/Pricing?a=1"}, "pricing"),
        ({"page_path": "/vs/pricing"}, "competitor_comparison"),
        ({"page_path": "/enx/pricing"}, "website"),
        ({"page_path": "/en"}, "website"),
        ({"page_path": "", "page_url": ""}, "website"),
    ],
)
def test_paths_are_those_of_the_url_and_without_a_locale(run, page, signal):
    tables = run(
        as_of=datetime(2026, 3, 10),
        web_events=[visit("2026-03-02 09:00:00") | page],
    )
    reasons_of_score = tables["lead_scores"][0]["top_contributions"]
    assert f"{signal}_" in reasons_of_score or signal == "website"
    assert ("pricing_page" in reasons_of_score) is (signal == "pricing")


def test_own_firmographics_count_where_the_account_has_none(run):
    own = {
        "industry": "Software",
        "employee_count": "1,000",
        "annual_revenue": "$5",
        "country": "UK",
    }
    account = {"account_id": "A", "domain": "acme.com", "industry": "Mining", "country": "DE"}
    tables = run(leads=[LEAD | own], accounts=[account])
    assert lead_of(tables)["company_segment"] == "enterprise"
    members = {
        row["dimension"]: row["member"]
        for row in tables["funnel_conversion"]
        if row["cohort_month"] is None
    }
    assert (members["industry"], members["country"]) == ("Mining", "GB")


@pytest.mark.parametrize(
    ("others", "survivor"),
    [
        ([], "001AbCdEfGhIjKlAAA"),
        ([{"lead_id": "001aBcDeFgHiJkLAAB"}], "001AbCdEfGhIjKlAAA"),
        ([{"lead_id": "001AbCdEfGhIjKlAAB"}], "short"),
        ([{"lead_id": "001AbCdEfGhIjKlAAB", "has_opted_out": "perhaps"}], "short"),
        ([{"lead_id": "001AbCdEfGhIjKl", "created_at": ""}], "short"),
    ],
)
def test_short_id_that_may_be_that_of_another_row_names_nobody(run, others, survivor):
    """Not even if that row is unusable."""
    own = {"lead_id": "short", "email": "short@acme.com", "merged_into_lead_id": "001AbCdEfGhIjKl"}
    leads = [LEAD | own, LEAD | {"lead_id": "001AbCdEfGhIjKlAAA"}]
    leads += [LEAD | {"email": "other@acme.com"} | other for other in others]
    tables = run(leads=leads, web_events=[visit("2026-03-02 00:00:00", lead_id="short")])
    scored = [r["lead_id"] for r in tables["lead_score_history"] if r["behaviour_points"]]
    assert set(scored) == {survivor}


def test_of_rows_as_late_as_each_other_the_one_that_says_more_counts(run):
    """Columns decide in the order of the contract: the smaller value first, an empty one last."""
    fuller = LEAD | {"job_title": "VP Marketing", "employee_count": "10", "industry": "Mining"}
    less = fuller | {"employee_count": "", "annual_revenue": "5"}
    larger = fuller | {"employee_count": "9", "annual_revenue": "5"}
    for rows in ([less, fuller], [fuller, less]):
        assert kept_employees(run(leads=rows)) == "10"
    for rows in ([larger, fuller], [fuller, larger]):
        assert kept_employees(run(leads=rows)) == "9"


def kept_employees(tables) -> str:
    """The number of employees of lead L1."""
    rows = tables["lead_attribute_history"]
    return next(row["value"] for row in rows if row["attribute"] == "employee_count")


def test_every_row_has_one_outcome_and_the_books_balance(run):
    tables = run(
        variables={"has_product_events": False},
        leads=[LEAD, LEAD, LEAD | {"updated_at": "2026-02-01 00:00:00"}, LEAD | {"phone": "1"}],
        product_events=[{"email": "l1@acme.com", "event_name": "x", "occurred_at": "?"}],
        web_events=[
            visit("2026-09-01 00:00:00"),
            visit("2026-03-02 00:00:00", user_agent="Googlebot"),
            visit("2026-03-02 00:00:00", lead_id="nobody"),
            visit("2026-03-02 00:00:00", event_name="identify"),
            visit("2026-03-02 00:00:00", event_id=""),
        ],
    )
    assert books(tables, "product_events") == {"switched_off": 1}
    leads = books(tables, "leads")
    assert leads.pop("superseded") == 1
    assert sum(leads.values()) == 3
    assert leads["used"] == 1
    assert leads["conflicting"] in (1, 2)
    assert books(tables, "web_events") == {
        "unusable": 1,
        "after_as_of": 1,
        "bot": 1,
        "unresolved": 1,
        "not_a_signal": 1,
    }
    assert {row["outcome"] for row in tables["raw_row_ledger"]} <= set(OUTCOMES)
    excluded = {(r["source"], r["reason"]): r["events"] for r in tables["excluded_events"]}
    assert excluded[("web_events", "bot")] == 1
    assert ("leads", "used") not in excluded


def test_books_that_do_not_balance_are_an_error():
    ledger = [{"source": "leads", "outcome": "used", "rows": 2}]
    check_books(ledger, {"leads": 2})
    with pytest.raises(ValueError, match="leads: 3 raw rows, but 2 in the ledger"):
        check_books(ledger, {"leads": 3})


def test_quarantine_holds_key_times_and_faults_and_nothing_personal(run):
    lead = LEAD | {"email": "nobody", "country": "Atlantis", "employee_count": "many"}
    kept = run(leads=[lead])["quarantined_records"]
    assert [row["reason"] for row in kept] == [
        "unreadable email",
        "unreadable employee_count",
        "unknown country",
    ]
    assert kept[0]["offending_columns"] == "email, employee_count, country"
    shown = {name: value for name, value in json.loads(kept[0]["raw_row"]).items() if value}
    assert shown == {
        "lead_id": "L1",
        "employee_count": "many",
        "country": "Atlantis",
        "created_at": "2026-03-01 10:00:00",
        "updated_at": "2026-03-01 10:00:00",
    }
    whole = run(variables={"quarantine_whole_rows": True}, leads=[lead])["quarantined_records"]
    assert json.loads(whole[0]["raw_row"])["email"] == "nobody"


def test_quarantine_forgets_the_erased(run):
    bad = {"occurred_at": "never"}
    tables = run(
        leads=[
            LEAD | {"is_deleted": "y", "email_status": "risky"},
            LEAD | {"created_at": "", "job_title": "CEO"},
            OTHER | {"email_status": "risky"},
        ],
        email_events=[mail("", "clicked") | bad, mail("", "clicked", email="l2@acme.com") | bad],
        web_events=[visit("never"), visit("never", lead_id="nobody", email="l1@acme.com")],
    )
    assert [record_id for record_id, _, _ in reasons(tables)] == ["L2", "email_events-01"]
    assert books(tables, "web_events") == {"erased": 2}
    assert books(tables, "leads") == {"erased": 2, "used": 1}


def test_lead_that_is_not_there_yet_is_known_by_its_own_id(run):
    later = OTHER | {"email": "l1@acme.com", "created_at": "2026-09-01", "email_status": "risky"}
    tables = run(leads=[LEAD | {"is_deleted": "y"}, later])
    assert [record_id for record_id, _, _ in reasons(tables)] == ["L2"]
    assert books(tables, "leads") == {"erased": 1, "after_as_of": 1}


def test_values_that_no_vocabulary_knows_are_listed(run):
    found = run(
        leads=[
            LEAD
            | {"lead_source": "Carrier Pigeon", "country": "Atlantis", "email_status": "risky"},
            OTHER | {"lead_source": "organic-search", "country": "Germany"},
            OTHER | {"lead_id": "L3", "email": "", "is_deleted": "y", "lead_source": "Radio"},
        ],
        email_events=[
            mail("2026-03-09 09:00:00", "delivered"),
            mail("2026-03-10 09:00:00", "Forwarded"),
            mail("2026-03-11 09:00:00", "Forwarded", event_id=""),
            mail("2026-09-01 09:00:00", "Forwarded"),
        ],
        lead_status_changes=[
            {"lead_id": "L1", "status": "promoted", "changed_at": "2026-03-02 09:00:00"},
            {
                "lead_id": "L1",
                "status": "rejected",
                "reason_code": "nonsense",
                "changed_at": "2026-03-03 09:00:00",
            },
        ],
    )["unmapped_values"]
    assert [(row["column"], row["value"], row["rows"]) for row in found] == [
        ("event_type", "Forwarded", 2),
        ("reason_code", "nonsense", 1),
        ("status", "promoted", 1),
        ("country", "Atlantis", 1),
        ("email_status", "risky", 1),
        ("lead_source", "Carrier Pigeon", 1),
    ]
    forwarded = found[0]
    assert str(forwarded["first_seen_at"]) == "2026-03-10 09:00:00"
    assert str(forwarded["last_seen_at"]) == "2026-03-11 09:00:00"


def test_quarantine_forgets_the_erased_whose_deal_stays(run):
    tables = run(
        leads=[LEAD | {"is_deleted": "true"}, OTHER],
        opportunities=[DEAL | {"is_won": ""}],
        opportunity_contacts=[{"opportunity_id": "O1", "lead_id": "L2"}],
    )
    assert books(tables, "opportunities") == {"used": 1}
    assert reasons(tables) == []
