"""Pages load for all readers: no codes; axe on a desk and a phone, by day and by night; Back."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, TimeoutError, expect

from lead_qualification.labels import Labels
from python_checks.tests.browser.application import MILLISECONDS_TO_LOAD, PAGES, Visit
from python_checks.tests.browser.test_codes import codes_seen

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
WIDTHS = (1440, 390)
SCHEMES = ("light", "dark")
DESK, PHONE = (1440, "light"), (390, "dark")
LEAD, ACCOUNT = "lead?search=L000569", "account?id=ACC-00131"
HEIGHT = 1000
SCREENS = 4
NARROWEST = 120
WIDTH_SETTLES = 5_000
"""Milliseconds until charts have the width of the window."""
ALWAYS = ("", LEAD)
"""Pages with all kinds of parts; the others are for make nightly."""
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
IS_DARK = """isDark => {
    const ground = getComputedStyle(document.querySelector('.stApp')).backgroundColor;
    const shades = ground.match(/[\\d.]+/g).slice(0, 3).map(Number);
    return isDark === (shades.reduce((sum, shade) => sum + shade, 0) < 384);
}"""
PRINTED_FILTERS = """() => Array.from(document.querySelectorAll(
    '[data-testid=stSelectbox], [data-testid=stTextInput], [data-testid=stSidebar], '
    + '[data-testid=stDownloadButton]')).filter(part => part.offsetParent !== null).length"""


def violations(page: Page) -> list[list[str]]:
    """What axe finds wrong on a page, but for what is Streamlit's."""
    page.evaluate(AXE.read_text("utf-8"))
    found: list[list[str]] = page.evaluate(AXE_RUN)
    return [broken for broken in found if broken[0] not in OF_STREAMLIT]


def faults(page: Page) -> dict[str, Any]:
    """What keeps somebody from reading a page, by what it is."""
    found = {
        "axe": violations(page),
        "cut headings": page.evaluate(CUT_HEADINGS),
        "too wide": page.evaluate(TOO_WIDE),
        "contrast of charts": page.evaluate(CONTRAST_OF_CHARTS),
        "charts without a name": page.evaluate(NAMELESS_CHARTS),
        "narrow charts": [width for width in page.evaluate(PLOTS) if width < NARROWEST],
    }
    return {what: one for what, one in found.items() if one}


def switch(visit: Visit, width: int, scheme: str) -> None:
    """Give the window a width and the reader's liking, and wait until the page follows."""
    visit.page.set_viewport_size({"width": width, "height": HEIGHT})
    visit.page.emulate_media(color_scheme=scheme)
    visit.page.wait_for_function(IS_DARK, arg=scheme == "dark")
    visit.wait()
    with suppress(TimeoutError):
        visit.page.wait_for_function(f"() => ({TOO_WIDE})() === 0", timeout=WIDTH_SETTLES)
    visit.draw()


@pytest.mark.parametrize(
    "path",
    [
        path if path in ALWAYS else pytest.param(path, marks=pytest.mark.nightly)
        for path in [*PAGES, LEAD, ACCOUNT]
    ],
)
def test_a_page_loads_and_is_for_all_readers(visit: Visit, labels: Labels, path: str) -> None:
    visit.open(path)
    visit.draw()
    assert visit.title() == PAGES[path.partition("?")[0]]
    assert visit.failures() == []
    assert visit.complaints == []
    assert "2026-06-30 23:59:59 UTC" in visit.text()
    assert codes_seen(visit, labels) == set()
    assert visit.page.title() == f"{PAGES[path.partition('?')[0]]} | Lead qualification"
    levels = [level for level, _ in visit.page.evaluate(HEADINGS)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert visit.page.evaluate(HEIGHT_OF_PAGE) <= SCREENS * HEIGHT
    found = {}
    for width, scheme in (DESK, PHONE):
        switch(visit, width, scheme)
        found[width, scheme] = faults(visit.page)
    assert {place: what for place, what in found.items() if what} == {}
    assert visit.elsewhere == []
    visit.page.emulate_media(media="print")
    assert visit.page.evaluate(PRINTED_FILTERS) == 0


@pytest.mark.nightly
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", [*PAGES, LEAD, ACCOUNT])
def test_a_page_is_for_all_readers_who_open_it(
    demo_address: str, browser: Browser, width: int, scheme: str, path: str
) -> None:
    """The page as it loads in each width and scheme, not as it follows a change of them."""
    size = {"width": width, "height": HEIGHT}
    with browser.new_context(viewport=size, color_scheme=scheme) as context:
        visit = Visit(context.new_page(), demo_address)
        visit.open(path)
        visit.draw()
        assert faults(visit.page) == {}


@pytest.mark.nightly
def test_back_restores_filters_and_pages(visit: Visit) -> None:
    visit.open("funnel")
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
    visit.page.get_by_role("heading", name="Funnel", level=1).wait_for()
    wait_for_choice(visit, "Member", "Paid")
    assert visit.numbers() == chosen
    back(visit, lambda url: "member" not in url and "dimension=channel" in url)
    wait_for_choice(visit, "Member", "All")
    back(visit, lambda url: "dimension" not in url)
    wait_for_choice(visit, "Cut by", "Everything")
    assert visit.numbers() == before
    visit.page.go_forward()
    visit.page.wait_for_url(re.compile("dimension=channel"))
    wait_for_choice(visit, "Cut by", "Channel")


@pytest.mark.nightly
def test_back_from_a_lead_restores_the_search(visit: Visit) -> None:
    visit.open("lead?search=L000569")
    visit.page.get_by_role("link", name="Accounts").click()
    visit.page.get_by_role("heading", name="Accounts", level=1).wait_for()
    visit.wait()
    back(visit, lambda url: "search=L000569" in url)
    visit.page.get_by_text("Score over time").wait_for()
    assert ", L000569" in visit.text()


def back(visit: Visit, is_there: Callable[[str], bool]) -> None:
    """Press Back and wait for an address."""
    visit.page.go_back()
    visit.page.wait_for_url(is_there)


def wait_for_choice(visit: Visit, title: str, option: str) -> None:
    """Wait until an option is chosen in a box, and until its page is complete."""
    box = visit.page.get_by_role("combobox", name=title)
    expect(box).to_have_value(option, timeout=MILLISECONDS_TO_LOAD)
    visit.wait()
