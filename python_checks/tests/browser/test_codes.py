"""Nothing that readers see is a bare code: pages, charts, lists, files and the summary."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from typing import Any

import pyarrow
import pytest
from streamlit.testing.v1 import AppTest

from lead_qualification.labels import ANY, GENERAL, Labels
from lead_qualification.summary import summary
from lead_qualification.warehouse import Warehouse
from python_checks.tests.browser.application import Visit, kept_files, page
from python_checks.tests.browser.test_reading import VIEWS_BY_NIGHT

TOKEN = re.compile(
    r"(?<![\w/.@-])[a-z0-9]+(?:_[a-z0-9]+)+(?!\w|\.(?:csv|md|py|sql|yml)\b)", re.ASCII
)
"""A word with an underscore that is not part of the name of a file or an address."""
ADDRESS = re.compile(r"\]\([^)]*\)")
"""What a link leads to."""
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
OF_DATA = ("Most often", "Value", "Raw row")
"""The headings of files that quote raw data."""


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


@pytest.mark.parametrize("view", VIEWS_BY_NIGHT)
def test_a_page_says_no_code(
    monkeypatch: pytest.MonkeyPatch, demo: Warehouse, labels: Labels, view: str
) -> None:
    """Its texts, choices, charts, lists with all their rows, and files."""
    found: dict[str, set[str]] = {}
    files = kept_files(monkeypatch)
    shown = page(monkeypatch, demo, view, **CHOSEN.get(view, {}))
    assert [error.message for error in shown.exception] == []
    texts = []
    for element in shown.main:
        if element.type not in ("selectbox", "text_input"):
            told = [getattr(element, name, "") for name in ("value", "label", "help")]
            texts += [ADDRESS.sub("]", text) for text in told if isinstance(text, str)]
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
    for name, text in files.items():
        found[f"file: {name}"] = codes_in_file(text, labels)
    assert len(files) == len(shown.get("download_button"))
    assert {place: codes for place, codes in found.items() if codes} == {}


def codes_seen(visit: Visit, labels: Labels) -> set[str]:
    """The codes that a reader of an open page sees or hears."""
    seen = [*visit.page.evaluate(CELLS), *visit.page.evaluate(NAMES)]
    assert seen
    return codes_in([visit.text(), *seen], labels) - quoted(visit)


def quoted(visit: Visit) -> set[str]:
    """The names of icons, and what the page quotes: the policy's last change in its words."""
    texts = visit.page.locator('code, [data-testid="stIconMaterial"]').all_inner_texts()
    return set(TOKEN.findall("\n".join(texts)))


def codes_in_file(text: str, labels: Labels) -> set[str]:
    """The codes in a CSV file, whose headings are told apart."""
    headings, *rows = csv.reader(io.StringIO(text))
    assert rows
    assert len(set(headings)) == len(headings)
    positions = [n for n, heading in enumerate(headings) if heading not in OF_DATA]
    return codes_in([*headings, *(row[n] for row in rows for n in positions)], labels)


def test_the_summary_has_words(demo: Warehouse, labels: Labels) -> None:
    text = summary(demo)
    cells = [cell for line in text.splitlines() for cell in re.split(r"\s{2,}", line.strip())]
    assert codes_in(cells, labels) == set()
    assert labels.of(GENERAL, "all") in cells
    assert labels.of(ANY, "sql_proposed") in cells
