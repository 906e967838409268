"""Attributes as they were, calculated by hand from the specification."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from python_checks.reference import compute
from python_checks.tests.tables import POLICY
from python_checks.tests.unit.raw_rows import AS_OF, Rows, write_raw_rows
from python_checks.tests.unit.test_reference_rules import (
    ACME,
    LEAD,
    activity,
    stages,
    status,
    visit,
)

NOON = "2026-05-10 12:00:00"
FIRST_SEEN = "2026-03-01 10:00:00"
POOR = LEAD | {"job_title": "Engineer", "country": "BR"}
FAR = ACME | {"industry": "Mining", "employee_count": "5000", "country": "BR"}
NINE = [
    "account_status",
    "annual_revenue",
    "company_segment",
    "country",
    "employee_count",
    "industry",
    "is_competitor",
    "is_target_account",
    "job_title",
]


class Run:
    """Computes the public tables from rows by raw table, a lead and its account by default."""

    def __init__(self, folder: Path) -> None:
        """Write to a folder."""
        self.folder = folder
        self.number = 0

    def __call__(self, as_of: datetime = AS_OF, variables=None, **tables: Rows) -> dict[str, Rows]:
        """The public tables."""
        self.number += 1
        raw = self.folder / str(self.number)
        raw.mkdir()
        write_raw_rows(raw, {"leads": [LEAD], "accounts": [ACME]} | tables)
        return compute(raw, POLICY, as_of, variables)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Compute the tables from rows given by table."""
    return Run(tmp_path)


def of_lead(attribute: str, old: str, new: str, at: str = NOON, **values: str) -> dict[str, str]:
    """A change of an attribute of lead L1."""
    return {
        "change_id": f"H-{attribute}-{at}",
        "object": "lead",
        "record_id": "L1",
        "attribute": attribute,
        "old_value": old,
        "new_value": new,
        "changed_at": at,
        "received_at": at,
    } | values


def of_account(attribute: str, old: str, new: str, at: str = NOON, **values: str) -> dict[str, str]:
    """A change of an attribute of the account acme."""
    return of_lead(attribute, old, new, at) | {"object": "account", "record_id": "acme"} | values


def values_of(tables, attribute: str, lead_id: str = "L1") -> list[tuple[str, str | None]]:
    """What lead_attribute_history says of one attribute as (from, value)."""
    return [
        (str(row["valid_from"]), row["value"])
        for row in tables["lead_attribute_history"]
        if row["lead_id"] == lead_id and row["attribute"] == attribute
    ]


def fits(tables) -> list[tuple[str, int, str]]:
    """The guide timeline as (from, fit points, grade)."""
    return [
        (str(row["valid_from"]), row["fit_points"], row["grade"])
        for row in tables["lead_score_history"]
        if row["scoring_model"] == "guide"
    ]


def outcomes(tables) -> dict[str, int]:
    """How many changes had each outcome."""
    return {
        row["outcome"]: row["rows"]
        for row in tables["raw_row_ledger"]
        if row["source"] == "attribute_changes"
    }


def faults(tables) -> set[tuple[str, bool]]:
    """Why changes are in quarantine, and whether the row is lost."""
    return {
        (row["reason"], row["is_row_unusable"])
        for row in tables["quarantined_records"]
        if row["source"] == "attribute_changes"
    }


def test_without_history_every_attribute_has_one_row(run):
    tables = run(accounts=[ACME | {"annual_revenue": "5000000"}])
    rows = tables["lead_attribute_history"]
    assert sorted(row["attribute"] for row in rows) == NINE
    assert {(str(row["valid_from"]), row["valid_to"]) for row in rows} == {(FIRST_SEEN, None)}
    shown = {row["attribute"]: row["value"] for row in rows}
    assert shown["annual_revenue"] == "5000000.00"
    assert (shown["employee_count"], shown["is_competitor"]) == ("200", "false")
    assert (shown["is_target_account"], shown["company_segment"]) == (None, "mid_market")


def test_value_before_at_and_after_a_change(run):
    """The record's own value holds from the last change on, whatever that said."""
    changes = [
        of_lead("job_title", "Analyst", "Engineer", "2026-04-01 09:00:00"),
        of_lead("job_title", "ignored", "Student"),
    ]
    tables = run(attribute_changes=changes)
    assert values_of(tables, "job_title") == [
        (FIRST_SEEN, "Analyst"),
        ("2026-04-01 09:00:00", "Engineer"),
        (NOON, "VP Marketing"),
    ]


def test_change_of_an_attribute_is_a_change_of_the_score(run):
    tables = run(attribute_changes=[of_lead("job_title", "Analyst", "VP Marketing")])
    assert fits(tables) == [(FIRST_SEEN, 25, "B"), (NOON, 40, "A")]


def test_change_before_first_sight_shows_nothing_of_the_time_before(run):
    early = of_lead("job_title", "Analyst", "VP Marketing", FIRST_SEEN)
    tables = run(attribute_changes=[early])
    assert values_of(tables, "job_title") == [(FIRST_SEEN, "VP Marketing")]
    assert fits(tables) == [(FIRST_SEEN, 40, "A")]


def test_of_several_changes_at_one_instant_the_first_says_what_was_and_the_last_what_is(run):
    changes = [
        of_lead("country", "BR", "FR", change_id="H2"),
        of_lead("country", "", "BR", change_id="H10"),
        of_lead("country", "DE", "CA", "2026-06-01 09:00:00"),
    ]
    tables = run(
        attribute_changes=changes,
        accounts=[ACME | {"country": "GB"}],
        leads=[LEAD | {"country": "CA"}],
    )
    assert values_of(tables, "country") == [
        (FIRST_SEEN, "GB"),
        (NOON, "FR"),
        ("2026-06-01 09:00:00", "CA"),
    ]


def test_without_a_column_the_last_new_value_holds(run):
    without = {name: value for name, value in LEAD.items() if name != "job_title"}
    tables = run(leads=[without], attribute_changes=[of_lead("job_title", "Analyst", "CMO")])
    assert values_of(tables, "job_title") == [(FIRST_SEEN, "Analyst"), (NOON, "CMO")]
    empty = run(
        leads=[LEAD | {"job_title": ""}], attribute_changes=[of_lead("job_title", "Analyst", "CMO")]
    )
    assert values_of(empty, "job_title")[-1] == (NOON, None)


def test_without_old_value_the_time_before_is_unknown(run):
    change = of_account("industry", "Retail", "Software")
    del change["old_value"]
    tables = run(attribute_changes=[change])
    assert values_of(tables, "industry") == [(FIRST_SEEN, None), (NOON, "Software")]


def test_change_after_the_clock_tells_of_the_time_before(run):
    later = of_account("industry", "Mining", "Software", "2026-08-10 09:00:00")
    tables = run(attribute_changes=[later])
    assert values_of(tables, "industry") == [(FIRST_SEEN, "Mining")]
    assert fits(tables) == [(FIRST_SEEN, 30, "B")]
    assert outcomes(tables) == {"used": 1}
    assert tables["funnel_conversion"]
    assert any(
        row["dimension"] == "industry" and row["member"] == "Mining"
        for row in tables["funnel_conversion"]
    )


def test_change_at_the_clock_has_happened(run):
    tables = run(attribute_changes=[of_account("industry", "Mining", "", f"{AS_OF}")])
    assert values_of(tables, "industry") == [(FIRST_SEEN, "Mining"), (f"{AS_OF}", "Software")]


def test_values_are_read_as_the_column_of_the_record_is(run):
    changes = [
        of_account("employee_count", "1,500", "200"),
        of_account("country", "Deutschland", "US"),
        of_account("is_competitor", "0", "no"),
        of_account("annual_revenue", "EUR 1 000.5", ""),
        of_account("status", "CLOSED", "active"),
        of_lead("industry", "n/a", "Software"),
    ]
    tables = run(
        attribute_changes=changes, leads=[LEAD | {"country": ""}], as_of=datetime(2026, 5, 1)
    )
    first = {row["attribute"]: row["value"] for row in tables["lead_attribute_history"]}
    assert (first["employee_count"], first["company_segment"]) == ("1500", "enterprise")
    assert (first["country"], first["is_competitor"]) == ("DE", "false")
    assert (first["annual_revenue"], first["account_status"]) == ("1000.50", "closed")
    assert not faults(tables)


def test_value_that_cannot_be_read_is_unknown_and_recorded(run):
    changes = [
        of_account("employee_count", "many", "200"),
        of_account("country", "Atlantis", "US"),
        of_account("status", "active", "pending"),
    ]
    tables = run(attribute_changes=changes)
    assert faults(tables) == {
        ("unreadable old_value", False),
        ("unknown old_value", False),
        ("unknown new_value", False),
    }
    assert values_of(tables, "employee_count") == [(FIRST_SEEN, None), (NOON, "200")]
    assert values_of(tables, "company_segment") == [(FIRST_SEEN, "unknown"), (NOON, "mid_market")]


def test_firmographics_are_the_accounts_at_the_time_else_the_leads(run):
    tables = run(
        leads=[LEAD | {"employee_count": "30"}],
        accounts=[ACME | {"employee_count": "600"}],
        attribute_changes=[
            of_account("employee_count", "", "600"),
            of_lead("employee_count", "70", "30", "2026-04-01 09:00:00"),
            of_lead("employee_count", "30", "30", "2026-06-01 09:00:00"),
        ],
    )
    assert values_of(tables, "employee_count") == [
        (FIRST_SEEN, "70"),
        ("2026-04-01 09:00:00", "30"),
        (NOON, "600"),
    ]
    assert [value for _, value in values_of(tables, "company_segment")] == [
        "mid_market",
        "startup",
        "enterprise",
    ]
    assert tables["lead_stages"][0]["company_segment"] == "enterprise"


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        ({"change_id": ""}, "unusable"),
        ({"object": "contact"}, "unusable"),
        ({"object": ""}, "unusable"),
        ({"record_id": ""}, "unusable"),
        ({"record_id": "null"}, "unusable"),
        ({"attribute": ""}, "unusable"),
        ({"changed_at": ""}, "unusable"),
        ({"changed_at": "soon"}, "unusable"),
        ({"attribute": "phone"}, "not_tracked"),
        ({"attribute": "status"}, "not_tracked"),
        ({"record_id": "nobody", "attribute": "phone"}, "unresolved"),
        ({"record_id": "acme"}, "unresolved"),
        ({"record_id": "L2"}, "merged"),
        ({"record_id": "L2", "attribute": "phone"}, "merged"),
        ({"record_id": "L3"}, "erased"),
        ({"record_id": "L3", "changed_at": "soon"}, "erased"),
        ({"record_id": "L4"}, "unresolved"),
        ({"object": "account", "record_id": "nobody", "attribute": "industry"}, "unresolved"),
        ({"object": " LEAD ", "attribute": "Job_Title", "record_id": "L1.0"}, "used"),
    ],
)
def test_every_change_has_its_outcome(run, values, outcome):
    leads = [
        LEAD,
        LEAD | {"lead_id": "L2", "email": "l2@acme.com", "merged_into_lead_id": "L1"},
        LEAD | {"lead_id": "L3", "email": "l3@acme.com", "is_deleted": "true"},
        LEAD | {"lead_id": "L4", "email": "l4@acme.com", "created_at": "2026-09-01 00:00:00"},
    ]
    tables = run(leads=leads, attribute_changes=[of_lead("job_title", "Analyst", "CMO") | values])
    assert outcomes(tables) == {outcome: 1}
    is_used = outcome == "used"
    assert (len(values_of(tables, "job_title")) == 2) == is_used
    assert (any(lost for _, lost in faults(tables))) == (outcome == "unusable")


def test_of_one_key_the_row_that_came_last_counts(run):
    tables = run(
        attribute_changes=[
            of_lead("job_title", "Analyst", "CMO", received_at="2026-05-12 00:00:00"),
            of_lead("job_title", "Student", "CMO", received_at="2026-05-11 00:00:00"),
            of_lead("job_title", "Engineer", "CMO", received_at="soon"),
        ]
    )
    assert values_of(tables, "job_title")[0][1] == "Analyst"
    assert outcomes(tables) == {"superseded": 2, "used": 1}


def test_short_id_names_the_record_of_its_object(run):
    long_id = "001000000AbCdEfAAA"
    leads = [LEAD | {"account_id": long_id}]
    change = of_account("industry", "Mining", "Software", record_id=long_id[:15])
    tables = run(leads=leads, accounts=[ACME | {"account_id": long_id}], attribute_changes=[change])
    assert values_of(tables, "industry")[0][1] == "Mining"


def test_switched_off_and_none_leave_the_record_alone(run):
    change = of_lead("job_title", "Analyst", "CMO")
    for variables in ({"has_attribute_changes": False}, {"attribute_history": "none"}):
        tables = run(attribute_changes=[change], variables=variables)
        assert values_of(tables, "job_title") == [(FIRST_SEEN, "VP Marketing")]
        assert outcomes(tables) == {"switched_off": 1}


def test_erased_leads_changes_are_in_no_quarantine(run):
    gone = LEAD | {"lead_id": "L3", "email": "l3@acme.com", "is_deleted": "true"}
    change = of_lead("country", "Atlantis", "US", record_id="L3")
    assert not faults(run(leads=[LEAD, gone], attribute_changes=[change]))


@pytest.mark.parametrize(
    ("changes", "accounts", "reason"),
    [
        ([of_account("is_competitor", "false", "true")], {"is_competitor": "true"}, "competitor"),
        ([of_account("status", "active", "closed")], {"status": "closed"}, "out_of_business"),
    ],
)
def test_bar_disqualifies_at_its_instant(run, changes, accounts, reason):
    tables = run(
        accounts=[ACME | accounts],
        attribute_changes=changes,
        marketing_activities=[activity("2026-04-20 09:00:00")],
    )
    assert stages(tables)[1:] == [
        ("sql_proposed", "2026-04-20 09:00:00", "high_intent_action"),
        ("disqualified", NOON, "disqualified"),
    ]
    assert tables["lead_stage_history"][-1]["reason_code"] == reason
    (check,) = [r for r in tables["handoff_checklist"] if r["check_name"] == "company_allowed"]
    assert check["result"] == "passed"


def test_bar_that_falls_away_clears_nothing(run):
    tables = run(attribute_changes=[of_account("is_competitor", "true", "false")])
    assert stages(tables)[1:] == [("disqualified", FIRST_SEEN, "disqualified")]


def test_another_bar_disqualifies_again(run):
    tables = run(
        accounts=[ACME | {"status": "closed"}],
        attribute_changes=[
            of_account("is_competitor", "true", "false", "2026-05-20 09:00:00"),
            of_account("status", "active", "closed"),
        ],
        lead_status_changes=[
            status("2026-04-01 09:00:00", "reopened"),
            status("2026-05-15 09:00:00", "mql"),
        ],
    )
    assert [(s, at) for s, at, _ in stages(tables)] == [
        ("lead", FIRST_SEEN),
        ("disqualified", FIRST_SEEN),
        ("nurture", "2026-04-01 09:00:00"),
        ("mql", "2026-05-15 09:00:00"),
        ("disqualified", "2026-05-20 09:00:00"),
    ]
    assert tables["lead_stage_history"][-1]["reason_code"] == "out_of_business"


@pytest.mark.parametrize(("at", "count"), [("2026-05-10 11:59:59", 1), ("2026-05-10 12:00:00", 2)])
def test_blocked_while_the_grade_is_f(run, at, count):
    tables = run(
        leads=[POOR | {"job_title": "CMO"}],
        accounts=[FAR],
        attribute_changes=[of_lead("job_title", "Engineer", "CMO")],
        as_of=datetime.fromisoformat(at),
        marketing_activities=[activity(at)],
    )
    assert len(tables["lead_stage_history"]) == count


def test_gate_opens_with_the_attribute(run):
    tables = run(
        leads=[POOR | {"job_title": "CMO"}],
        accounts=[ACME | {"industry": "Mining"}],
        attribute_changes=[of_lead("job_title", "Engineer", "CMO")],
        web_events=[visit("2026-05-09 09:00:00", "/blog/a")],
    )
    assert stages(tables)[1] == ("mql", NOON, "mql_gate")


def test_handoff_keeps_what_was_known(run):
    grown = of_account("employee_count", "120", "600")
    moved = of_lead("country", "DE", "US")
    tables = run(
        leads=[LEAD | {"country": "US"}],
        accounts=[ACME | {"employee_count": "600"}],
        attribute_changes=[grown, moved, of_account("industry", "", "Software")],
        marketing_activities=[activity("2026-04-20 09:00:00")],
    )
    (row,) = tables["handoffs"]
    assert (row["employee_count"], row["company_segment"]) == (Decimal(120), "mid_market")
    assert (row["industry"], row["territory"], row["grade"]) == (None, "EMEA", "B")
    (check,) = [r for r in tables["handoff_checklist"] if r["check_name"] == "context_complete"]
    assert check["result"] == "failed"
    assert tables["lead_stages"][0]["company_segment"] == "enterprise"


def test_evaluation_and_rejections_look_at_the_attributes_of_their_instant(run):
    tables = run(
        attribute_changes=[of_account("industry", "Mining", "Software")],
        marketing_activities=[activity("2026-04-20 09:00:00")],
        lead_status_changes=[status("2026-04-21 09:00:00", "rejected", "wrong_icp")],
    )
    features = {row["feature"] for row in tables["prediction_features"]}
    assert "industry=Mining" in features
    assert "fit_matched=industry" not in features
    drivers = {row["item"] for row in tables["rejection_drivers"] if row["item_kind"] != "signal"}
    assert "industry" not in drivers
    assert "job_title" in drivers


def test_account_is_described_as_it_is(run):
    later = "2026-08-10 09:00:00"
    tables = run(
        accounts=[ACME | {"is_target_account": "true"}],
        attribute_changes=[
            of_account("is_target_account", "false", "true", later),
            of_account("industry", "Mining", "Software", later),
        ],
    )
    assert tables["account_funnel"] == []
    assert tables["account_engagement"][0]["account_fit_points"] == 15
