"""The first page: its figures are those of independent queries, and the change adds up."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lead_qualification.dashboard.actions import LEADS, MONEY, Action, ranked
from lead_qualification.warehouse import Warehouse
from python_checks.tests.browser.application import Visit, page
from python_checks.tests.browser.test_pages import asked

LAST, BEFORE = "2026-05", "2026-04"
REACHED = (
    "select count(*) from main_marts.lead_stages where strftime({step}, '%Y-%m') between ? and ?"
)
PIPELINE = (
    "select sum(amount) from main_intermediate.int_opportunities "
    "where is_holder and strftime(created_at, '%Y-%m') between ? and ?"
)


def reached(demo: Warehouse, step: str, first: str, last: str) -> int:
    """How many leads reached a step in months."""
    return asked(demo, REACHED.replace("{step}", step), first, last)[0][0]


def number(text: str) -> Decimal:
    """A number of the page; no change is 0."""
    return Decimal(text.replace(",", "").replace("no change", "0"))


def shown(
    monkeypatch: pytest.MonkeyPatch, warehouse: Warehouse, **query: str
) -> tuple[AppTest, dict[str, str]]:
    """The page without a browser, and its numbers by heading."""
    found = page(monkeypatch, warehouse, "home", **query)
    assert [error.message for error in found.exception] == []
    return found, {one.label: one.value for one in found.metric}


def test_the_last_whole_month_against_its_targets(visit: Visit, demo: Warehouse) -> None:
    visit.open("")
    found = visit.numbers()
    mqls = reached(demo, "mql_at", LAST, LAST)
    assert found["MQLs"] == str(mqls)
    assert found["SQLs"] == str(reached(demo, "sql_at", LAST, LAST))
    assert found["Pipeline"] == f"{int(asked(demo, PIPELINE, LAST, LAST)[0][0]):,}"
    target = asked(
        demo,
        "select target_mqls from main_marts.marketing_sla where target_month = ?",
        date(2026, 5, 1),
    )[0][0]
    assert f"{100 * mqls / target:.1f} % of the promised {target}." in visit.text()
    before = reached(demo, "mql_at", BEFORE, BEFORE)
    assert f"Before, {BEFORE}: {before}; {mqls - before:+d}" in visit.text()


@pytest.mark.parametrize("explain", ["sqls", "deals_won"])
@pytest.mark.parametrize(
    ("month", "months"),
    [
        (LAST, "1"),
        pytest.param("2026-03", "3", marks=pytest.mark.nightly),
        pytest.param("2026-06", "2", marks=pytest.mark.nightly),
    ],
)
def test_the_change_adds_up(
    monkeypatch: pytest.MonkeyPatch, demo: Warehouse, explain: str, month: str, months: str
) -> None:
    _, found = shown(monkeypatch, demo, month=month, months=months, explain=explain)
    change = next(value for label, value in found.items() if label.startswith("Change of"))
    parts = [number(found[f"By {name}"]) for name in ("volume", "mix", "rate")]
    assert sum(parts) == number(change)
    if explain == "sqls":
        spans = {
            (LAST, "1"): (BEFORE, BEFORE, LAST, LAST),
            ("2026-03", "3"): ("2025-10", "2025-12", "2026-01", "2026-03"),
            ("2026-06", "2"): ("2026-03", "2026-04", "2026-05", "2026-06"),
        }
        first_before, last_before, first, last = spans[month, months]
        assert number(change) == (
            reached(demo, "sql_at", first, last)
            - reached(demo, "sql_at", first_before, last_before)
        )
        assert number(found["MQLs"]) == reached(demo, "mql_at", first, last)


def test_the_parts_of_each_channel_add_up_to_its_change(
    visit: Visit, demo: Warehouse, tmp_path: Path
) -> None:
    visit.open(f"?month={LAST}")
    rows = list(csv.DictReader(io.StringIO(visit.download("change", tmp_path))))
    assert rows
    for row in rows:
        parts = (Decimal(row[f"By {name}"]) for name in ("volume", "mix", "rate"))
        assert sum(parts) == Decimal(row["Change"])
        assert Decimal(row["Change"]) == Decimal(row["SQLs"]) - Decimal(row["SQLs before"])
    first = max(rows, key=lambda row: -Decimal(row["Change"]))
    assert f"{first['Channel']} contributed most" in visit.text()
    assert sum(Decimal(row["SQLs"]) for row in rows) == reached(demo, "sql_at", LAST, LAST)


def test_actions_have_their_numbers_and_lead_to_their_pages(visit: Visit, demo: Warehouse) -> None:
    late = asked(
        demo,
        "select count(distinct lead_id), sum(case when customer_at is null then amount end) "
        "from main_marts.handoffs "
        "where sla_status = 'breached' and is_open and first_response_at is null",
    )[0]
    due = asked(demo, "select count(*) from main_marts.re_engagement_queue where is_cooldown_over")[
        0
    ][0]
    visit.open("")
    text = visit.text()
    assert text.index("Leads to approach again") < text.index("Late hand-offs")
    assert f"Leads\n{due}" in text.replace("\n\n", "\n")
    visit.open("?by=money")
    text = visit.text()
    assert f"{int(late[1]):,}" in text
    assert f"{late[0]} leads" in text
    visit.page.get_by_test_id("stMain").get_by_role("link", name="Hand-offs and SLA").first.click()
    visit.page.get_by_role("heading", name="Hand-offs and SLA").wait_for()
    visit.wait()
    assert visit.numbers()["Breached"] == str(late[0])


def test_actions_are_ranked_by_leads_or_money() -> None:
    def one(title: str, leads: int | None, money: int | None) -> Action:
        amount = None if money is None else Decimal(money)
        return Action(title, leads, amount, "", "handoffs", "Hand-offs", "handoffs")

    found = [one("few", 2, 900), one("none", 0, None), one("many", 9, None), one("money", None, 5)]
    assert [action.title for action in ranked(found, LEADS)] == ["many", "few", "money"]
    assert [action.title for action in ranked(found, MONEY)] == ["few", "money", "many"]


def test_no_period_before_is_said(monkeypatch: pytest.MonkeyPatch, demo: Warehouse) -> None:
    found, numbers = shown(monkeypatch, demo, month=LAST, months="12")
    assert "By volume" not in numbers
    assert any("no period of this length before" in one.value for one in found.info)


def test_without_rows_the_page_says_so(
    monkeypatch: pytest.MonkeyPatch, empty_warehouse: Warehouse
) -> None:
    found, _ = shown(monkeypatch, empty_warehouse)
    assert any("No month is over yet" in one.value for one in found.info)
    assert any("Nothing is late" in one.value for one in found.info)
