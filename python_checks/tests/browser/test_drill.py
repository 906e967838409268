"""From figure to leads: each list has as many rows as its figure says, and each lead a page."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl, quote

import pytest

from lead_qualification.dashboard import parts
from lead_qualification.dashboard.reading import Reader
from lead_qualification.dashboard.views import leads
from lead_qualification.warehouse import Warehouse
from python_checks.tests.browser.application import Visit, page, said
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
    "": 4,
    "?month=2026-03&months=3": 4,
    "funnel": 16,
    "funnel?dimension=channel&member=paid": 16,
    "funnel?dimension=motion&member=outbound&period=2026-01": 10,
    "funnel?dimension=country&member=unknown&period=2026-02": 0,
    "handoffs": 7,
    "handoffs?policy=inbound_default&rep=REP-003": 7,
    "feedback": 6,
    "feedback?channel=inbound&period=2026-01&track=re_engage": 6,
    "worklist": 3,
    "worklist?rep=REP-003": 3,
}
"""Pages, and the least number of figures of theirs that lead to a list."""
ALWAYS = ("", "handoffs", "feedback", "worklist")
"""Pages whose figures make test follows; the others are for make nightly."""
ROWS_WITH_LISTS = {
    ("home", "month=2026-05"): "sqls",
    ("home", "month=2026-03&months=3"): "sqls",
    ("funnel", "dimension=channel"): "mqls_to_sql",
    ("funnel", "dimension=grade&period=2026-01&rate=lead_to_mql"): "leads_to_mql",
    ("channels", ""): "leads",
    ("handoffs", ""): "handoffs",
    ("handoffs", "policy=inbound_default"): "handoffs",
    ("feedback", ""): "rejected",
    ("feedback", "channel=inbound&period=2026-01"): "rejected",
    ("accounts", ""): "leads",
}
"""Pages with lists whose rows lead to lists, and the column that says how many leads."""
ROWS_ALWAYS = (("home", "month=2026-05"), ("funnel", "dimension=channel"))
"""Those whose rows make test follows; the others are for make nightly."""


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
    heading = visit.page.get_by_role("heading", level=2).first.inner_text()
    return int(heading.partition(" ")[0].replace(",", ""))


def rows_listed(monkeypatch: pytest.MonkeyPatch, reader: Reader, address: str) -> int:
    """How many rows the list of an address has."""
    monkeypatch.setattr(parts, "reader", lambda: reader)
    asked = leads.asked_for(dict(parse_qsl(address.partition("?")[2])))
    return len(reader.read(asked.rows(), **asked.values))


@pytest.mark.parametrize(
    ("path", "least"),
    [
        pytest.param(path, least, marks=() if path in ALWAYS else pytest.mark.nightly)
        for path, least in PAGES_WITH_FIGURES.items()
    ],
)
def test_the_list_of_a_figure_has_as_many_rows(
    visit: Visit, demo_reader: Reader, monkeypatch: pytest.MonkeyPatch, path: str, least: int
) -> None:
    visit.open(path)
    linked = figures(visit)
    assert len(linked) >= least
    assert {
        (heading, address): (expected, listed)
        for heading, expected, address in linked
        if (listed := rows_listed(monkeypatch, demo_reader, address)) != expected
    } == {}


@pytest.mark.nightly
@pytest.mark.parametrize("path", PAGES_WITH_FIGURES)
def test_the_page_of_a_list_says_as_many_rows(visit: Visit, path: str) -> None:
    visit.open(path)
    told = {}
    for heading, expected, address in figures(visit):
        visit.open(address.lstrip("/"))
        assert visit.failures() == []
        told[heading, address] = (expected, rows_said(visit))
    assert {key: pair for key, pair in told.items() if pair[0] != pair[1]} == {}


@pytest.mark.parametrize(
    ("place", "counted"),
    [
        pytest.param(place, counted, marks=() if place in ROWS_ALWAYS else pytest.mark.nightly)
        for place, counted in ROWS_WITH_LISTS.items()
    ],
)
def test_the_list_of_a_row_has_as_many_rows(
    monkeypatch: pytest.MonkeyPatch,
    demo: Warehouse,
    demo_reader: Reader,
    place: tuple[str, str],
    counted: str,
) -> None:
    view, query = place
    shown = page(monkeypatch, demo, view, **dict(parse_qsl(query)))
    assert [error.message for error in shown.exception] == []
    rows = [
        (row["leads_list"], row[counted])
        for table in shown.dataframe
        if "leads_list" in table.value and counted in table.value
        for row in table.value.to_dict("records")
        if row["leads_list"]
    ]
    assert rows
    assert {
        address: (expected, listed)
        for address, expected in rows
        if (listed := rows_listed(monkeypatch, demo_reader, address)) != expected
    } == {}


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
    assert {row["Lead"] for row in found} == {lead for (lead,) in expected}
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


def test_leads_are_found_by_company_account_and_rep(
    monkeypatch: pytest.MonkeyPatch, demo: Warehouse
) -> None:
    lead, account, name = asked(
        demo,
        "select lead_stages.lead_id, account_id, accounts.name from main_marts.lead_stages "
        "inner join main_marts.account_engagement as accounts using (account_id) "
        "where accounts.leads = 1 order by lead_id limit 1",
    )[0]
    for search in (account, name.upper()):
        assert f", {lead}" in said(page(monkeypatch, demo, "lead", search=search))
    assert "leads that fit" in said(page(monkeypatch, demo, "lead", search="REP-003"))


def filters_of(words: str) -> list[str]:
    """Addresses that ask for what does not exist."""
    asked_for = quote(words)
    return [
        f"leads?dimension=channel&member={asked_for}&stage={asked_for}&account={asked_for}",
        f"leads?step={asked_for}&month={asked_for}&basis={asked_for}&handoffs={asked_for}",
        f"account?id={asked_for}",
    ]


def test_hostile_filters_are_text(visit: Visit) -> None:
    for path in filters_of(" ".join(HOSTILE[6:8])):
        visit.open(path)
        assert visit.failures() == []
        assert visit.complaints == []
        assert visit.elsewhere == []


@pytest.mark.nightly
@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_filters_find_nothing(
    monkeypatch: pytest.MonkeyPatch, demo: Warehouse, words: str
) -> None:
    for address in filters_of(words):
        view, _, query = address.partition("?")
        shown = page(monkeypatch, demo, view, **dict(parse_qsl(query)))
        assert [error.message for error in shown.exception] == []


def test_a_lead_leads_to_the_crm_where_it_is_known(
    monkeypatch: pytest.MonkeyPatch, demo: Warehouse
) -> None:
    lead, account = asked(
        demo,
        "select lead_id, account_id from main_marts.lead_stages where account_id is not null "
        "order by lead_id limit 1",
    )[0]
    links = []
    for crm in ("https://crm.example", "javascript:"):
        monkeypatch.setenv("LEAD_DASHBOARD_CRM_URL", crm + "/leads/{lead_id}")
        monkeypatch.setenv("LEAD_DASHBOARD_CRM_ACCOUNT_URL", crm + "/accounts/{account_id}")
        for view, query in (("lead", {"search": lead}), ("account", {"id": account})):
            shown = page(monkeypatch, demo, view, **query)
            links += [link.proto.url for link in shown.get("link_button")]
    assert links == [
        f"https://crm.example/leads/{quote(lead, safe='')}",
        f"https://crm.example/accounts/{quote(account, safe='')}",
    ]
