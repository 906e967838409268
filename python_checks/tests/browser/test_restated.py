"""The dashboard beside a restated build, and its marks where the policy changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime

import altair
import duckdb
import pandas
import pytest
from streamlit.testing.v1 import AppTest

from lead_qualification.dashboard import charts, parts
from lead_qualification.dashboard.variables import RESTATED
from lead_qualification.tables import Table
from lead_qualification.warehouse import Warehouse

PAGE = """
from lead_qualification.dashboard import parts
from lead_qualification.dashboard.views import funnel
parts.choose_rules()
funnel.render()
"""
FIRST, LAST = datetime(2026, 1, 1), datetime(2026, 6, 1)


@pytest.fixture
def funnel(
    demo: Warehouse, demo_copy: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AppTest]:
    """The page Funnel on the demo, beside a build in which other leads are MQLs."""
    restated = demo_copy.environment["LEAD_DB_PATH"]
    with duckdb.connect(restated) as connection:
        connection.execute("update main_marts.funnel_conversion set mqls = 4242")
    for name in [name for name in os.environ if name.startswith("LEAD_")]:
        monkeypatch.delenv(name)
    for name, value in demo.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv(RESTATED, restated)
    parts._reader.clear()
    yield AppTest.from_string(PAGE, default_timeout=120).run()
    parts._reader.clear()


def test_a_switch_shows_what_todays_rules_would_have_made_of_the_past(funnel: AppTest) -> None:
    """And back again; the page says which of both it shows."""
    assert "4,242" not in [number.value for number in funnel.metric]
    assert "Restated" not in funnel.caption[0].value
    funnel.sidebar.selectbox(key="rules").set_value(parts.TODAYS_RULES).run()
    assert "4,242" in [number.value for number in funnel.metric]
    assert "**Restated with the rules of today.**" in funnel.caption[0].value
    funnel.sidebar.selectbox(key="rules").set_value(parts.RULES_OF_THEIR_TIME).run()
    assert "4,242" not in [number.value for number in funnel.metric]


def test_without_a_restated_build_there_is_no_switch(
    funnel: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(RESTATED)
    assert "rules" not in [box.key for box in funnel.run().sidebar.selectbox]


def test_a_change_of_the_policy_is_marked_where_the_axis_has_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From just after the first point up to the last; other versions would stretch the axis."""
    asked: list[dict[str, object]] = []
    versions = Table(
        ("policy_version", "valid_from", "changes"), ((2, datetime(2026, 3, 1), "points 15 → 20"),)
    )

    def read(_: str, **parameters: object) -> Table:
        asked.append(parameters)
        return versions

    monkeypatch.setattr(parts, "read", read)
    table = Table(("month", "mean_score"), ((FIRST, 10.0), (LAST, 12.0)))
    chart = charts.lines(table.frame, "month", "mean_score", "Mean score")
    marked = parts.with_policy_versions(chart, table, "month")
    assert asked == [{"first": FIRST, "last": LAST}]
    assert len(marked.layer) == len(chart.layer) + 1
    mark = marked.layer[-1]
    assert isinstance(mark.data, pandas.DataFrame)
    assert list(mark.data["valid_from"]) == [datetime(2026, 3, 1)]
    assert isinstance(marked, altair.LayerChart)
    nobody = Table(("month", "mean_score"), ())
    assert parts.with_policy_versions(chart, nobody, "month") is chart
