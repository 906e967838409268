"""What the page of leads makes of an address: conditions, months, and nothing that is unknown."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest

from lead_qualification.dashboard import parts
from lead_qualification.dashboard.views import leads
from lead_qualification.labels import Labels
from lead_qualification.warehouse import PROJECT

MACRO = PROJECT / "macros" / "funnel" / "funnel_counts.sql"


@pytest.fixture(autouse=True)
def no_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build without labels."""
    monkeypatch.setattr(parts, "labels", Labels)


def test_conditions_are_those_of_the_macro() -> None:
    text = MACRO.read_text(encoding="utf-8").partition("macro funnel_conditions")[2]
    pairs = re.findall(r"'(\w+)': '([^']+)'", text.partition("endmacro")[0])
    assert pairs
    assert {name: sql.replace("funnel.", "") for name, sql in leads.CONDITIONS.items()} == dict(
        pairs
    )


def test_dimensions_are_those_of_the_macro() -> None:
    text = MACRO.read_text(encoding="utf-8").partition("macro funnel_dimensions")[2]
    pairs = dict(re.findall(r"'(\w+)': '(\w+)'", text.partition("endmacro")[0]))
    assert pairs == leads.DIMENSIONS


def test_a_month_is_of_the_zone_of_the_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    assert leads.bounds("2026-12", "2026-12") == ("2026-12-01 00:00:00", "2027-01-01 00:00:00")
    monkeypatch.setattr(leads, "_zone", lambda: ZoneInfo("Europe/Berlin"))
    assert leads.bounds("2026-03", "2026-03") == ("2026-02-28 23:00:00", "2026-03-31 22:00:00")


@pytest.mark.parametrize(
    ("query", "first", "told"),
    [
        ({"month": "2026-02"}, "2026-02-01", "reached in 2026-02"),
        ({"month": "2026-02", "months": "3"}, "2025-12-01", "reached in 2025-12 to 2026-02"),
        ({"month": "2026-02", "months": "0"}, "2026-02-01", "reached in 2026-02"),
        ({"month": "2026-02", "months": "999"}, "2026-02-01", "reached in 2026-02"),
    ],
)
def test_months_before_belong_to_a_month(query: dict[str, str], first: str, told: str) -> None:
    asked = leads.asked_for({"step": "sqls", **query})
    assert asked.what[-1] == told
    assert asked.values == {"first": f"{first} 00:00:00", "after": "2026-03-01 00:00:00"}


@pytest.mark.parametrize(
    "query",
    [
        {"step": "no_step", "month": "2026-13", "basis": "x"},
        {"month": "0000-01"},
        {"handoffs": "1 = 1", "queue": "x", "work": "x", "ageing": "x"},
        {"dimension": "1; drop table x", "member": "x"},
        {"stage": "", "lead": "x"},
    ],
)
def test_what_does_not_exist_is_ignored(query: dict[str, str]) -> None:
    asked = leads.asked_for(query)
    assert (asked.what, asked.conditions, asked.values) == ([], [], {})


def test_values_are_bound() -> None:
    asked = leads.asked_for({"dimension": "channel", "member": "' or 1=1", "stage": "$x {marts}"})
    assert asked.values == {"member": "' or 1=1", "stage": "$x {marts}"}
    assert not any(value in asked.rows() for value in asked.values.values())


def test_an_address_leaves_out_what_is_all() -> None:
    assert parts.leads_link(step="mqls", month=parts.ALL_TIME, member=None) == "leads?step=mqls"
    assert parts.leads_link(handoffs="all", rep="all") == "leads?handoffs=all"
    assert parts.leads_link(member="a b&c=d/%") == "leads?member=a%20b%26c%3Dd%2F%25"
    assert parts.leads_link() == "leads"
