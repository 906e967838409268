"""From figure to leads: each list has as many rows as its figure says, and each lead a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.tests.browser.application import Visit, served
from python_checks.tests.browser.test_pages import HOSTILE, asked, rows_of

FIGURES = """() => Array.from(document.querySelectorAll('a'))
    .filter(link => link.innerText.trim() === 'Show leads')
    .filter(link => link.closest('[data-testid="stColumn"]'))
    .map(link => {
        const column = link.closest('[data-testid="stColumn"]');
        return [
            column.querySelector('[data-testid="stMetricLabel"]').innerText.trim(),
            column.querySelector('[data-testid="stMetricValue"]').innerText.trim(),
            column.innerText,
            link.getAttribute('href'),
        ];
    })"""
OF = re.compile(r"([\d,]+) of [\d,]+")
PAGES_WITH_FIGURES = {
    "": 16,
    "?dimension=channel&member=paid": 16,
    "?dimension=motion&member=outbound&period=2026-01": 10,
    "?dimension=country&member=unknown&period=2026-02": 0,
    "handoffs": 7,
    "handoffs?policy=inbound_default&rep=REP-003": 3,
    "feedback": 4,
    "feedback?channel=inbound&period=2026-01&track=re_engage": 2,
    "worklist": 3,
    "worklist?rep=REP-003": 3,
}
"""Pages, and the least number of figures of theirs that lead to a list."""


def figures(visit: Visit) -> list[tuple[str, int, str]]:
    """The figures of a page that lead to a list: heading, how many leads, address."""
    found = []
    for heading, value, text, address in visit.page.evaluate(FIGURES):
        counted = OF.search(text)
        is_count = value.replace(",", "").isdigit()
        shown = value if is_count or counted is None else counted.group(1)
        found.append((heading, int(shown.replace(",", "")), address))
    return found


def rows_said(visit: Visit) -> int:
    """How many rows a list says that it has."""
    return int(visit.numbers()["In this list"].replace(",", ""))


@pytest.mark.parametrize(("path", "least"), PAGES_WITH_FIGURES.items())
def test_the_list_of_a_figure_has_as_many_rows(visit: Visit, path: str, least: int) -> None:
    visit.open(path)
    linked = figures(visit)
    assert len(linked) >= least
    told = {}
    for heading, expected, address in linked:
        visit.open(address.lstrip("/"))
        assert visit.failures() == []
        told[heading, address] = (expected, rows_said(visit))
    assert {key: pair for key, pair in told.items() if pair[0] != pair[1]} == {}


def test_the_file_of_a_list_has_all_its_leads(
    visit: Visit, demo: Warehouse, tmp_path: Path
) -> None:
    visit.open("leads?step=mqls&month=2026-01&dimension=motion&member=outbound")
    expected = asked(
        demo,
        "select lead_id from main_marts.lead_stages where motion = 'outbound' "
        "and date_trunc('month', mql_at) = date '2026-01-01'",
    )
    found = rows_of(visit.download("leads", tmp_path))
    assert expected
    assert {row["Lead ID"] for row in found} == {lead for (lead,) in expected}
    assert len(found) == rows_said(visit)


def test_a_link_is_followed_and_back_returns(visit: Visit) -> None:
    visit.open("handoffs?policy=inbound_default")
    before = visit.numbers()
    visit.page.get_by_role("link", name="Show leads").first.click()
    visit.page.get_by_role("heading", level=1, name="Leads").wait_for()
    visit.wait()
    assert "handoffs=at_risk" in visit.page.url
    assert "policy=inbound_default" in visit.page.url
    assert str(rows_said(visit)) == before["At risk"]
    visit.page.go_back()
    visit.page.get_by_role("heading", level=1, name="Hand-offs and SLA").wait_for()
    visit.wait()
    assert visit.numbers() == before


def test_an_account_has_a_page_with_its_leads(visit: Visit, demo: Warehouse) -> None:
    account, leads = asked(
        demo,
        "select account_id, leads from main_marts.account_engagement "
        "order by leads desc, account_id limit 1",
    )[0]
    visit.open(f"account?id={quote(account)}")
    assert visit.failures() == []
    assert visit.complaints == []
    ((_, shown, address),) = figures(visit)
    visit.open(address.lstrip("/"))
    assert rows_said(visit) == shown == leads


def test_leads_are_found_by_company_account_and_rep(visit: Visit, demo: Warehouse) -> None:
    lead, account, name = asked(
        demo,
        "select lead_stages.lead_id, account_id, accounts.name from main_marts.lead_stages "
        "inner join main_marts.account_engagement as accounts using (account_id) "
        "where accounts.leads = 1 order by lead_id limit 1",
    )[0]
    for search in (account, name.upper()):
        visit.open(f"lead?search={quote(search)}")
        assert f", {lead}" in visit.text()
    visit.open("lead?search=REP-003")
    assert "leads that fit" in visit.text().lower()


@pytest.mark.parametrize("words", [HOSTILE[1], HOSTILE[6], HOSTILE[7]])
def test_hostile_filters_are_text(visit: Visit, words: str) -> None:
    said = quote(words)
    for path in (
        f"leads?dimension=channel&member={said}&stage={said}&account={said}",
        f"leads?step={said}&month={said}&basis={said}&handoffs={said}",
        f"account?id={said}",
    ):
        visit.open(path)
        assert visit.failures() == []
        assert visit.complaints == []
        assert visit.elsewhere == []


def test_a_lead_leads_to_the_crm_where_it_is_known(
    demo: Warehouse, open_tab: Callable[[str], Visit]
) -> None:
    lead, account = asked(
        demo,
        "select lead_id, account_id from main_marts.lead_stages where account_id is not null "
        "order by lead_id limit 1",
    )[0]
    settings = {
        "LEAD_DASHBOARD_CRM_URL": "https://crm.example/leads/{lead_id}",
        "LEAD_DASHBOARD_CRM_ACCOUNT_URL": "https://crm.example/accounts/{account_id}",
    }
    with served(demo, **settings) as (address, _):
        visit = open_tab(address)
        for path, expected in (
            (f"lead?search={quote(lead)}", f"https://crm.example/leads/{quote(lead, safe='')}"),
            (
                f"account?id={quote(account)}",
                f"https://crm.example/accounts/{quote(account, safe='')}",
            ),
        ):
            visit.open(path)
            link = visit.page.get_by_role("link", name="Open in the CRM")
            assert link.get_attribute("href") == expected
            assert visit.elsewhere == []
