"""Companies of every motion, generated small and built: who hands what to whom, up to the win.

The policy is the shipped one, with the assignment that ``leadq generate --policy`` writes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import duckdb
import pytest

from lead_qualification.generate import Company, assign
from lead_qualification.generator import BUSINESSES
from lead_qualification.generator.catalog import PARTNER_LIST, SHOP_EVENTS
from lead_qualification.generator.sales import HANDED_OVER
from lead_qualification.settings import DUCKDB_FILE
from lead_qualification.warehouse import PROJECT, Warehouse
from python_checks.tests.build.companies import LEADS, Built

pytestmark = pytest.mark.nightly


def asked(built: Built, name: str, sql: str) -> list[tuple]:
    """What a query gives on the build of a company; its marts need no schema."""
    path = built[name].result().environment[DUCKDB_FILE]
    with duckdb.connect(path, read_only=True) as connection:
        connection.execute("use main_marts")
        return connection.execute(sql).fetchall()


def counted(built: Built, name: str, column: str, table: str) -> Counter:
    """How many rows of a table each value has, several columns with commas between them."""
    sql = f"select {column}, count(*) from {table} group by all"
    return Counter(
        {row[0] if len(row) == 2 else row[:-1]: row[-1] for row in asked(built, name, sql)}
    )


def test_every_company_can_be_asked_for() -> None:
    assert get_args(Company) == tuple(BUSINESSES)
    assert {"software", *LEADS} == set(BUSINESSES)


def test_the_motion_of_the_demo_is_the_shipped_one(tmp_path: Path) -> None:
    """The company software is assigned as the policy ships it."""
    folder = tmp_path / "seeds" / "policy"
    folder.mkdir(parents=True)
    shipped = {
        name: (PROJECT / "seeds" / "policy" / name).read_bytes()
        for name in ("model_assignment.csv", "scoring_models.csv")
    }
    for name, content in shipped.items():
        (folder / name).write_bytes(content)
    assign(tmp_path, BUSINESSES["consumer"].assignment)
    assert (folder / "model_assignment.csv").read_bytes() != shipped["model_assignment.csv"]
    (folder / "scoring_models.csv").write_bytes(shipped["scoring_models.csv"])
    assign(tmp_path, BUSINESSES["software"].assignment)
    assert {name: (folder / name).read_bytes() for name in shipped} == shipped


@pytest.mark.parametrize("name", ["ecommerce", "consumer", "healthcare"])
def test_all_leads_have_the_pair_of_the_motion(built: Built, name: str) -> None:
    (rule,) = BUSINESSES[name].assignment
    pairs = counted(built, name, "scoring_model, profile", "lead_stages")
    assert set(pairs) == {(rule["scoring_model"], rule["profile"])}
    assert sum(pairs.values()) > 0.9 * LEADS[name]


@pytest.mark.parametrize("name", LEADS)
def test_what_is_generated_is_understood(built: Built, name: str) -> None:
    """Few rows are unusable, and what leads do to buy is a signal."""
    ((rows,),) = asked(built, name, "select sum(rows) from raw_row_ledger")
    ((unusable,),) = asked(built, name, "select count(*) from quarantined_records")
    assert unusable < 0.01 * rows
    words = {"consultation_request", PARTNER_LIST, HANDED_OVER, *SHOP_EVENTS}
    assert not words & set(counted(built, name, "value", "unmapped_values"))


@pytest.mark.parametrize("name", LEADS)
def test_leads_become_customers(built: Built, name: str) -> None:
    """From marketing to sales, accepted, to deals with values that are won or lost."""
    stages = counted(built, name, "stage", "lead_stage_history")
    for stage in (
        "mql",
        "sql_proposed",
        "sql_contacted",
        "sql_accepted",
        "opportunity",
        "customer",
    ):
        assert stages[stage] >= 2, stage
    lost = counted(
        built, name, "reason_code", "lead_stage_history where entered_by = 'opportunity_lost'"
    )
    assert lost
    begun = counted(built, name, "is_begun_by_sales", "handoffs")
    assert begun[False] > begun[True]


@pytest.mark.parametrize("name", ["ecommerce", "consumer"])
def test_carts_make_mqls_and_checkouts_hand_over(built: Built, name: str) -> None:
    triggers = counted(built, name, "trigger_event, trigger_signal", "handoffs")
    assert triggers["high_intent_action", "checkout_started"] >= 10
    entries = counted(built, name, "entered_by", "lead_stage_history where stage = 'mql'")
    assert entries["mql_trigger"] >= 10
    assert counted(built, name, "stage", "lead_stage_history where entered_by = 'mql_expired'")


def test_consumers_are_no_companies(built: Built) -> None:
    """No account, no framework, and no score that hands over."""
    assert not asked(built, "consumer", "from account_engagement")
    passed = "lead_stage_history where entered_by = 'qualification_passed'"
    assert not counted(built, "consumer", "lead_id", passed)
    assert not counted(built, "consumer", "lead_id", "handoffs where trigger_event = 'sql_gate'")


def test_guides_make_mqls_and_consultations_hand_over(built: Built) -> None:
    triggers = counted(built, "healthcare", "trigger_event, trigger_signal", "handoffs")
    assert triggers["high_intent_action", "consultation_request"] >= 10
    entries = counted(built, "healthcare", "entered_by", "lead_stage_history where stage = 'mql'")
    assert entries["mql_trigger"] >= 5
    clocks = counted(
        built,
        "healthcare",
        "sla_policy",
        "handoffs where trigger_signal = 'consultation_request'",
    )
    assert set(clocks) == {"reply_with_intent"}


def test_several_motions_run_side_by_side(built: Built) -> None:
    """Who tries the product, who is of a target account, whom we approached, and everybody else."""
    profiles = counted(built, "product_led", "profile", "lead_stages")
    assert set(profiles) == {"plg", "abm", "cold_outbound", "standard"}
    assert min(profiles.values()) >= 5
    stages = counted(built, "product_led", "stage", "account_stage_history")
    for stage in ("target", "engaged", "qualified", "in_sales", "opportunity"):
        assert stages[stage], stage


def test_sales_development_owns_what_the_product_qualified(built: Built) -> None:
    """PQLs go to sales development, and from there to sales."""
    owners = counted(built, "product_led", "owner, stage", "lead_stage_history where owner = 'sdr'")
    assert set(owners) == {("sdr", "pql")}
    steps = counted(built, "product_led", "from_owner, to_owner", "handoffs")
    for step in (("marketing", "sdr"), ("sdr", "sales"), ("marketing", "sales")):
        assert steps[step] >= 5, step
    (won,) = asked(
        built,
        "product_led",
        "select sum(pqls_to_customer) from funnel_conversion "
        "where dimension = 'profile' and member = 'plg' and cohort_month is null",
    )
    assert won[0] >= 1


@pytest.fixture(scope="module")
def counts(demo: Warehouse) -> Callable[[str], int]:
    """The number of rows of the demo's tables."""

    def count(rows: str) -> int:
        return int(demo.read(f"select count(*) as n from {rows}")["n"].iloc[0])

    return count


@pytest.mark.parametrize(
    "rows",
    [
        "main_marts.lead_stage_history where stage = 'pql'",
        "main_marts.account_stage_history where stage = 'customer'",
        "main_marts.handoffs where trigger_event = 'handed_over'",
        "main_marts.handoffs where motion = 'outbound' and profile = 'cold_outbound'",
        "main_marts.handoffs where motion = 'outbound' and profile = 'standard'",
        "main_intermediate.int_lead_signals where signal = 'partner_event_attendance'",
        "main_marts.lead_stage_history where reason_code = 'no_budget'"
        " and entered_by = 'opportunity_lost'",
        "main_marts.lead_stage_history where reason_code = 'closed_lost'",
    ],
)
def test_the_demo_shows_what_its_policy_can(counts: Callable[[str], int], rows: str) -> None:
    """Product, target accounts, cold leads judged twice, and all that the CRM records."""
    assert counts(rows) >= 1
