"""Hostile names in a browser: they are seen as texts, and no other host is asked for anything."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.tests.browser.application import PAGES, Visit, served
from python_checks.tests.browser.hostile import Elsewhere, hostile_build, without_defences

pytestmark = pytest.mark.nightly

LINKED = """host => Array.from(document.querySelectorAll('*'))
    .filter(one => String(one.src || one.href || '').startsWith('http://' + host))
    .map(one => one.outerHTML)"""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    """The host that nobody may ask."""
    with Elsewhere().listening() as found:
        yield found


@pytest.fixture(scope="module")
def hostile(
    demo: Warehouse, elsewhere: Elsewhere, tmp_path_factory: pytest.TempPathFactory
) -> Warehouse:
    """A build with hostile texts."""
    return hostile_build(demo, tmp_path_factory.mktemp("hostile"), elsewhere)


@pytest.fixture(scope="module")
def address(hostile: Warehouse, browser: object) -> Iterator[str]:
    """Address of the dashboard on it; names are shown, so that they can do harm."""
    with served(hostile, LEAD_DASHBOARD_SHOW_CONTACTS="1") as (found, _):
        yield found


def paths(hostile: Warehouse, elsewhere: Elsewhere) -> list[str]:
    """Every page, with a hostile text as a filter, and so in a heading, where it has one."""
    with duckdb.connect(hostile.environment["LEAD_DB_PATH"], read_only=True) as connection:
        lead, rep, account = connection.execute(
            "select lead_id, assigned_rep_id, account_id from main_marts.handoffs "
            "where assigned_rep_id is not null and account_id is not null "
            "order by lead_id limit 1"
        ).fetchall()[0]
    channel = quote(elsewhere.text("inbound"))
    assert quote(elsewhere.host) in channel
    chosen = {
        "funnel": [f"dimension=channel&member={channel}"],
        "channels": [f"channel={channel}"],
        "feedback": [f"channel={channel}"],
        "handoffs": [f"rep={quote(rep)}"],
        "account": ["", f"id={quote(account)}"],
        "leads": [f"handoffs=all&channel={channel}"],
        "lead": [
            f"search={quote(lead)}",
            "search=markdown.png",
            f"search={quote('<img src=http://' + elsewhere.host)}",
        ],
        "data": ["policy=stages"],
    }
    return [f"{path}?{query}" for path in PAGES for query in chosen.get(path, [""])]


def look_at(visit: Visit, path: str) -> str:
    """Open a page and everything on it that is closed; return what it says."""
    visit.open(path)
    for closed in visit.page.locator("details > summary").all():
        closed.click()
    visit.wait()
    visit.draw()
    return visit.text()


def test_no_text_of_the_data_acts(
    hostile: Warehouse,
    elsewhere: Elsewhere,
    address: str,
    open_tab: Callable[[str], Visit],
) -> None:
    elsewhere.requests.clear()
    visit = open_tab(address)
    for path in paths(hostile, elsewhere):
        look_at(visit, path)
        assert visit.title(), path
        assert visit.failures() == [], path
        assert visit.complaints == [], path
        assert visit.elsewhere == [], path
        assert visit.page.evaluate(LINKED, elsewhere.host) == [], path
    assert elsewhere.requests == []


def test_a_reader_sees_the_text_as_it_is(
    elsewhere: Elsewhere, address: str, open_tab: Callable[[str], Visit]
) -> None:
    visit = open_tab(address)
    shown = look_at(visit, f"channels?channel={quote(elsewhere.text('inbound'))}")
    heading = f"Cost per SQL by month: {elsewhere.text('inbound')}"
    assert heading in shown.replace("\u2060", "")


def test_files_have_no_formula(
    address: str, open_tab: Callable[[str], Visit], tmp_path: Path
) -> None:
    visit = open_tab(address)
    visit.open("channels")
    rows = list(csv.DictReader(io.StringIO(visit.download("channels", tmp_path))))
    assert rows
    assert all(row["Channel"].startswith(("'=1+1 ", "Unknown")) for row in rows)
    assert any(row["Leads"].isdecimal() for row in rows)


def test_the_policy_of_the_browser_holds_where_the_text_is_not_escaped(
    hostile: Warehouse, elsewhere: Elsewhere, open_tab: Callable[[str], Visit], tmp_path: Path
) -> None:
    elsewhere.requests.clear()
    with served(hostile, **without_defences(tmp_path, "text")) as (address, _):
        visit = open_tab(address)
        look_at(visit, f"channels?channel={quote(elsewhere.text('inbound'))}")
    assert any("Content Security Policy" in complaint for complaint in visit.complaints)
    assert elsewhere.requests == []


def test_without_its_defences_the_dashboard_asks_the_other_host(
    hostile: Warehouse, elsewhere: Elsewhere, open_tab: Callable[[str], Visit], tmp_path: Path
) -> None:
    """The tests above can fail: a browser does ask, if it may."""
    elsewhere.requests.clear()
    with served(hostile, **without_defences(tmp_path, "text", "headers")) as (address, _):
        visit = open_tab(address)
        look_at(visit, f"channels?channel={quote(elsewhere.text('inbound'))}")
    assert "/markdown.png" in elsewhere.requests
    assert visit.elsewhere != []


def test_every_answer_has_the_policy(address: str, open_tab: Callable[[str], Visit]) -> None:
    visit = open_tab(address)
    for path in ("", "_stcore/health", "static/none.js"):
        answer = visit.page.request.get(f"{address}/{path}")
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-eval" not in policy
        assert "http" not in policy
        assert answer.headers["referrer-policy"] == "same-origin"
