"""Pages for all readers: what axe finds, on a desk and on a phone, by day and by night; Back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from python_checks.tests.browser.application import PAGES, Visit

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
WIDTHS = (1440, 390)
SCHEMES = ("light", "dark")
LEAD = "lead?search=L000569"
HEIGHT = 1000
SCREENS = 4
MILLISECONDS_TO_DRAW = 1500
OF_STREAMLIT: dict[str, str] = {}
"""Rules that Streamlit breaks in parts that nobody else can change, with the selector of the part
and why."""
AXE_RUN = """() => axe.run(document, {resultTypes: ['violations']}).then(
    found => found.violations.flatMap(rule => rule.nodes.map(
        node => [rule.id, node.target.join(' '), node.html, node.failureSummary])))"""
HEADINGS = """() => Array.from(document.querySelectorAll('h1, h2, h3, h4, h5, h6')).map(
    heading => [Number(heading.tagName[1]), heading.innerText.trim()])"""
CUT_HEADINGS = """() => Array.from(document.querySelectorAll('h1, h2, h3')).filter(
    heading => heading.scrollWidth > heading.clientWidth + 1).map(heading => heading.innerText)"""
HEIGHT_OF_PAGE = "() => document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight"
TOO_WIDE = """() => Array.from(document.querySelectorAll(
    '[data-testid=stMain] svg, [data-testid=stMain] canvas, [data-testid=stMetric]')).filter(
    part => part.getBoundingClientRect().width > innerWidth).length
    + (document.querySelector('[data-testid=stMain]').scrollWidth > innerWidth ? 1 : 0)"""
PLOTS = """() => Array.from(document.querySelectorAll(
    '[data-testid=stVegaLiteChart] .mark-group.role-frame > g > path.background')).map(
    part => Math.round(part.getBoundingClientRect().width))"""
NAMELESS_CHARTS = """() => Array.from(document.querySelectorAll(
    '[data-testid=stVegaLiteChart]')).filter(chart => !chart.querySelector('[aria-label]')
    && !chart.getAttribute('aria-label')).length"""
CONTRAST_OF_CHARTS = """() => {
    const light = text => {
        const parts = text.match(/[\\d.]+/g).slice(0, 3).map(Number)
            .map(part => text.startsWith('color(') ? part : part / 255)
            .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    };
    const ground = light(getComputedStyle(document.querySelector('.stApp')).backgroundColor);
    return Array.from(document.querySelectorAll('[data-testid=stVegaLiteChart] svg text'))
        .filter(text => text.textContent.trim()).map(text => {
            const shown = light(getComputedStyle(text).fill);
            const [high, low] = shown > ground ? [shown, ground] : [ground, shown];
            return [text.textContent, (high + 0.05) / (low + 0.05)];
        }).filter(([, contrast]) => contrast < 4.5);
}"""
PRINTED_FILTERS = """() => Array.from(document.querySelectorAll(
    '[data-testid=stSelectbox], [data-testid=stTextInput], [data-testid=stSidebar], '
    + '[data-testid=stDownloadButton]')).filter(part => part.offsetParent !== null).length"""


@pytest.fixture(params=[(width, scheme) for width in WIDTHS for scheme in SCHEMES], ids=str)
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A window of a width, of a reader who likes it light or dark."""
    width, scheme = request.param
    found = browser.new_context(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)
    yield found
    found.close()


def violations(page: Page) -> list[list[str]]:
    """What axe finds wrong on a page, but for what is Streamlit's."""
    page.evaluate(AXE.read_text("utf-8"))
    found: list[list[str]] = page.evaluate(AXE_RUN)
    return [broken for broken in found if broken[0] not in OF_STREAMLIT]


@pytest.mark.parametrize("path", [*PAGES, LEAD])
def test_axe_finds_nothing(demo_address: str, context: BrowserContext, path: str) -> None:
    visit = Visit(context.new_page(), demo_address)
    visit.open(path)
    visit.page.wait_for_timeout(MILLISECONDS_TO_DRAW)
    assert violations(visit.page) == []
    assert visit.page.evaluate(CUT_HEADINGS) == []
    assert visit.page.evaluate(TOO_WIDE) == 0
    assert visit.page.evaluate(CONTRAST_OF_CHARTS) == []
    assert visit.page.evaluate(NAMELESS_CHARTS) == 0
    assert all(width >= 120 for width in visit.page.evaluate(PLOTS))
    assert visit.elsewhere == []


@pytest.mark.parametrize("path", [*PAGES, LEAD])
def test_headings_titles_and_height(visit: Visit, path: str) -> None:
    visit.open(path)
    visit.page.wait_for_timeout(MILLISECONDS_TO_DRAW)
    levels = [level for level, _ in visit.page.evaluate(HEADINGS)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert visit.page.title() == f"{PAGES[path.partition('?')[0]]} | Lead qualification"
    assert visit.page.evaluate(HEIGHT_OF_PAGE) <= SCREENS * HEIGHT
    visit.page.emulate_media(media="print")
    assert visit.page.evaluate(PRINTED_FILTERS) == 0


def test_back_restores_filters_and_pages(visit: Visit) -> None:
    visit.open("")
    before = visit.numbers()
    visit.choose("Cut by", "channel")
    visit.choose("Member", "paid")
    chosen = visit.numbers()
    assert chosen != before
    visit.page.get_by_role("link", name="Worklist").click()
    visit.page.wait_for_url(re.compile("/worklist"))
    visit.page.get_by_role("heading", name="Worklist", level=1).wait_for()
    visit.wait()
    back(visit, lambda url: "member=paid" in url and "dimension=channel" in url)
    assert visit.title() == "Funnel"
    assert visit.numbers() == chosen
    back(visit, lambda url: "member" not in url and "dimension=channel" in url)
    assert chosen_in(visit, "Member") == "All"
    back(visit, lambda url: "dimension" not in url)
    assert visit.numbers() == before
    visit.page.go_forward()
    visit.page.wait_for_url(re.compile("dimension=channel"))
    visit.page.wait_for_timeout(500)
    visit.wait()
    assert chosen_in(visit, "Cut by") == "Channel"


def test_back_from_a_lead_restores_the_search(visit: Visit) -> None:
    visit.open("lead?search=L000569")
    visit.page.get_by_role("link", name="Accounts").click()
    visit.page.get_by_role("heading", name="Accounts", level=1).wait_for()
    visit.wait()
    back(visit, lambda url: "search=L000569" in url)
    visit.page.get_by_text("Score over time").wait_for()
    assert ", L000569" in visit.text()


def back(visit: Visit, is_there: Callable[[str], bool]) -> None:
    """Press Back and wait for an address and for its page."""
    visit.page.go_back()
    visit.page.wait_for_url(is_there)
    visit.page.wait_for_timeout(500)
    visit.wait()


def chosen_in(visit: Visit, title: str) -> Any:
    """What is chosen in a box."""
    return visit.page.get_by_role("combobox", name=title).input_value()
