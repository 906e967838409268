"""Nothing that readers see is a bare code: pages, charts, lists, files and the summary."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from streamlit.testing.v1 import AppTest

from lead_qualification.labels import ANY, GENERAL, Labels, labels_of
from lead_qualification.summary import summary
from lead_qualification.warehouse import Warehouse
from python_checks.tests.browser.application import PAGES, Visit
from python_checks.tests.browser.test_reading import VIEWS, page

TOKEN = re.compile(
    r"(?<![\w/.@-])[a-z0-9]+(?:_[a-z0-9]+)+(?!\w|\.(?:csv|md|py|sql|yml)\b)", re.ASCII
)
"""A word with an underscore that is not part of the name of a file or an address."""
QUOTED = ("value", "worst_values", "raw_row", "leads_list")
"""The columns that quote raw data, in which words with underscores are not ours, or addresses."""
CELLS = """() => Array.from(document.querySelectorAll('canvas [role="gridcell"], canvas th'))
    .map(cell => cell.textContent.trim())"""
NAMES = """() => Array.from(
    document.querySelectorAll('[data-testid="stMain"] [aria-label], [data-testid="stMain"] [title]')
).map(part => part.getAttribute('aria-label') || part.getAttribute('title'))"""
CHOSEN = {
    "funnel": {"dimension": "company_segment", "member": "mid_market"},
    "lead": {"search": "L000569"},
    "account": {"id": "ACC-00131"},
    "leads": {"handoffs": "all", "channel": "paid"},
    "data": {"policy": "next_actions"},
}
"""What the addresses of some pages ask for."""
FILES = (
    ("", "change"),
    ("funnel", "funnel"),
    ("channels", "benchmarks"),
    ("channels", "channels"),
    ("handoffs", "waiting"),
    ("feedback", "queue"),
    ("feedback", "drivers"),
    ("score_health", "signals"),
    ("accounts", "accounts"),
    ("data", "health"),
    ("data?policy=next_actions", "policy"),
)
"""Pages and their files with the most codes."""


@pytest.fixture(scope="module")
def labels(demo: Warehouse) -> Labels:
    """The words for codes of the demo."""
    return labels_of(demo)


def codes_in(texts: Iterable[Any], labels: Labels) -> set[str]:
    """The words with underscores in texts, and texts that are a code with another label."""
    found = set()
    for text in filter(None, map(str, texts)):
        found.update(TOKEN.findall(text))
        if re.fullmatch(r"[a-z]+", text) and labels.is_known(text):
            found.add(text)
    return found


def rows_of_charts(shown: AppTest) -> Iterable[tuple[str, Any]]:
    """The columns of the rows that are drawn, with their texts."""
    for chart in shown.get("vega_lite_chart"):
        for dataset in chart.proto.datasets:
            frame = pyarrow.ipc.open_stream(dataset.data.data).read_pandas()
            for column in frame:
                if frame[column].dtype == object:
                    yield column, frame[column].dropna()


def words_of_charts(shown: AppTest) -> Iterable[str]:
    """Titles, tooltips, orders and legends of charts."""
    for chart in shown.get("vega_lite_chart"):
        for part in parts_of(json.loads(chart.proto.spec)):
            yield from (part[name] for name in ("title", "alt") if isinstance(part.get(name), str))
            for name in ("domain", "sort"):
                if isinstance(part.get(name), list):
                    yield from (value for value in part[name] if isinstance(value, str))
            tooltips = part.get("tooltip", [])
            for tooltip in tooltips if isinstance(tooltips, list) else [tooltips]:
                yield tooltip.get("title", tooltip.get("field", ""))


def parts_of(spec: Any) -> Iterable[dict[str, Any]]:
    """The objects of a chart's description."""
    if isinstance(spec, dict):
        yield spec
        for part in spec.values():
            yield from parts_of(part)
    elif isinstance(spec, list):
        for part in spec:
            yield from parts_of(part)


@pytest.mark.parametrize("view", VIEWS)
def test_a_page_says_no_code(
    monkeypatch: pytest.MonkeyPatch, demo: Warehouse, labels: Labels, view: str
) -> None:
    """Its texts, choices, charts, and lists with all their rows."""
    found = {}
    shown = page(monkeypatch, demo, view, **CHOSEN.get(view, {}))
    assert [error.message for error in shown.exception] == []
    texts = []
    for element in shown.main:
        if element.type not in ("selectbox", "text_input"):
            told = [getattr(element, name, "") for name in ("value", "label", "help")]
            texts += [text for text in told if isinstance(text, str)]
    found["texts"] = codes_in(texts, labels)
    for box in shown.selectbox:
        found[f"options of {box.label}"] = codes_in([*box.options, box.label, box.help], labels)
    for table in shown.dataframe:
        settings = json.loads(table.proto.columns)
        for column in table.value:
            if column not in QUOTED:
                found[f"list: {column}"] = codes_in(table.value[column], labels)
            heading = settings.get(column, {})
            told = [heading.get("label"), heading.get("help")]
            found[f"heading: {column}"] = codes_in(told, labels)
    for column, values in rows_of_charts(shown):
        if column not in QUOTED:
            found[f"chart: {column}"] = codes_in(values, labels)
    found["charts"] = codes_in(words_of_charts(shown), labels)
    assert {place: codes for place, codes in found.items() if codes} == {}


@pytest.mark.parametrize("path", [*PAGES, "lead?search=L000569"])
def test_a_reader_sees_no_code(visit: Visit, labels: Labels, path: str) -> None:
    visit.open(path)
    assert visit.failures() == []
    visit.page.wait_for_timeout(1000)
    seen = [*visit.page.evaluate(CELLS), *visit.page.evaluate(NAMES)]
    assert seen
    assert codes_in([visit.text()], labels) - quoted(visit) == set()
    assert codes_in(seen, labels) - quoted(visit) == set()


def quoted(visit: Visit) -> set[str]:
    """The names of icons, and what the page quotes: the policy's last change in its words."""
    texts = visit.page.locator('code, [data-testid="stIconMaterial"]').all_inner_texts()
    return set(TOKEN.findall("\n".join(texts)))


@pytest.mark.parametrize(("path", "name"), FILES)
def test_a_file_has_words(
    visit: Visit, labels: Labels, tmp_path: Path, path: str, name: str
) -> None:
    visit.open(path)
    headings, *rows = csv.reader(io.StringIO(visit.download(name, tmp_path)))
    assert rows
    assert codes_in(headings, labels) == set()
    assert len(set(headings)) == len(headings)
    positions = [n for n, heading in enumerate(headings) if heading not in ("Most often", "Value")]
    assert codes_in((row[n] for row in rows for n in positions), labels) == set()


def test_the_summary_has_words(demo: Warehouse, labels: Labels) -> None:
    text = summary(demo)
    cells = [cell for line in text.splitlines() for cell in re.split(r"\s{2,}", line.strip())]
    assert codes_in(cells, labels) == set()
    assert labels.of(GENERAL, "all") in cells
    assert labels.of(ANY, "sql_proposed") in cells
