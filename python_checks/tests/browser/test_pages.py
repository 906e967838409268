"""The pages on the demo: filters filter, files are the tables, what is hidden is hidden."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import duckdb
import pytest

from lead_qualification.labels import labels_of
from lead_qualification.tables import Table
from lead_qualification.warehouse import PROJECT, Warehouse
from python_checks.tests.browser.application import Visit, kept_files, page, said, served

HOSTILE = (
    "' or '1'='1",
    "x'; drop table main_marts.lead_stages; --",
    "%%%%",
    "____",
    "!!!!",
    "$lead {marts} %(x)s",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1)) **x** $$x$$",
    "\\x00\u202e\U0001f600",
)


def asked(warehouse: Warehouse, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """Rows of a query that is not the dashboard's."""
    with duckdb.connect(warehouse.environment["LEAD_DB_PATH"], read_only=True) as connection:
        return connection.execute(sql, values).fetchall()


def columns_of(warehouse: Warehouse, sql: str) -> tuple[str, ...]:
    """The columns of a query."""
    with duckdb.connect(warehouse.environment["LEAD_DB_PATH"], read_only=True) as connection:
        return tuple(column[0] for column in connection.execute(sql).description)


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "funnel?dimension=motion&member=outbound&period=2026-01",
            {
                "MQLs": "select count(*) from main_marts.lead_stages where motion = 'outbound' "
                "and date_trunc('month', mql_at) = date '2026-01-01'"
            },
        ),
        (
            "handoffs?policy=inbound_default",
            {
                "Hand-offs to answer": "select handoffs from main_marts.sla_performance "
                "where sla_policy = 'inbound_default' and week_start is null and rep_id = 'all' "
                "and response_bucket = 'all'",
                "Breached": "select count(*) from main_marts.handoffs where sla_policy = "
                "'inbound_default' and sla_status = 'breached' and is_open "
                "and first_response_at is null",
            },
        ),
        (
            "feedback?channel=inbound&track=long_term",
            {
                "Hand-offs decided": "select dispositions from main_marts.rejections "
                "where channel = 'inbound' and reason_code = 'all' and handed_off_month is null",
                "In the queue": "select count(*) from main_marts.re_engagement_queue "
                "where nurture_track = 'long_term'",
            },
        ),
        (
            "accounts?market=to+call",
            {
                "Accounts": "select count(*) from main_marts.account_engagement "
                "where outbound_trigger"
            },
        ),
        (
            "data?source=web_events",
            {
                "Problems": "select count(*) from main_marts.quarantined_records "
                "where source = 'web_events'"
            },
        ),
    ],
)
def test_filter_in_the_url_gives_the_numbers_of_an_independent_query(
    monkeypatch: pytest.MonkeyPatch, demo: Warehouse, path: str, expected: dict[str, str]
) -> None:
    view, _, query = path.partition("?")
    shown = page(monkeypatch, demo, view, **dict(parse_qsl(query)))
    found = {number.label: number.value for number in reversed(shown.metric)}
    for heading, sql in expected.items():
        assert found[heading] == f"{asked(demo, sql)[0][0]:,}"


def test_filter_by_keyboard_is_in_the_url_and_can_be_shared(
    visit: Visit, demo: Warehouse, open_tab: Callable[[str], Visit]
) -> None:
    visit.open("funnel")
    before = visit.numbers()
    visit.choose("Cut by", "channel")
    visit.choose("Member", "paid")
    assert "dimension=channel" in visit.page.url
    assert "member=paid" in visit.page.url
    leads = asked(demo, "select count(*) from main_marts.lead_stages where channel = 'paid'")
    assert visit.numbers()["Leads"] == str(leads[0][0]) != before["Leads"]
    other = open_tab(visit.address)
    other.open(visit.page.url.removeprefix(f"{visit.address}/"))
    assert other.numbers() == visit.numbers()


def test_immature_cohort_is_told_apart(monkeypatch: pytest.MonkeyPatch, demo: Warehouse) -> None:
    for period, told in (("2026-06", "not yet mature"), ("2025-06", "mature")):
        shown = said(page(monkeypatch, demo, "funnel", period=period))
        assert f"The cohort of {period} is {told}" in shown


@pytest.mark.parametrize(
    ("path", "name", "sql"),
    [
        (
            "channels",
            "channels",
            "select * from main_marts.channel_conversion order by leads desc, channel",
        ),
        (
            "feedback?track=re_engage",
            "queue",
            "select queue.*, actions.action, actions.due_at, actions.blocked_by "
            "from main_marts.re_engagement_queue as queue "
            "inner join main_marts.next_best_action as actions on queue.lead_id = actions.lead_id "
            "where queue.nurture_track = 're_engage' order by queue.cooldown_until, queue.lead_id",
        ),
    ],
)
def test_file_is_the_table(
    monkeypatch: pytest.MonkeyPatch, demo: Warehouse, path: str, name: str, sql: str
) -> None:
    view, _, query = path.partition("?")
    files = kept_files(monkeypatch)
    page(monkeypatch, demo, view, **dict(parse_qsl(query)))
    text = files[name]
    expected = labels_of(demo).table(Table(columns_of(demo, sql), tuple(asked(demo, sql)))).rows
    assert expected
    assert list(csv.reader(io.StringIO(text)))[1:] == [
        ["" if value is None else str(value) for value in row] for row in expected
    ]


def test_ledger_of_a_lead_sums_to_its_score(
    monkeypatch: pytest.MonkeyPatch, demo: Warehouse
) -> None:
    lead, score = asked(
        demo,
        "select lead_id, score from main_marts.lead_scores where scoring_model = 'guide' "
        "and behaviour_points_uncapped > behaviour_points and penalty_points < 0 and score > 0 "
        "order by lead_id limit 1",
    )[0]
    files = kept_files(monkeypatch)
    shown = page(monkeypatch, demo, "lead", search=lead, model="guide")
    numbers = {number.label: number.value for number in shown.metric}
    assert numbers["Score"] == f"{score:,.4f}"
    ledger = rows_of(files["ledger"])
    multiplier = Decimal(numbers["Recency multiplier"].split()[-1])
    with (PROJECT / "seeds/policy/scoring_models.csv").open(encoding="utf-8") as file:
        model = next(row for row in csv.DictReader(file) if row["scoring_model"] == "guide")
    capped = Decimal(0)
    for component in ("fit", "behaviour", "intent"):
        points = [
            Decimal(row["Points"]) for row in ledger if row["Component"] == component.capitalize()
        ]
        capped += min(sum(points, Decimal(0)), Decimal(model[f"{component}_cap"]))
    penalty = sum(Decimal(row["Points"]) for row in ledger if row["Component"] == "Penalty")
    assert penalty < 0
    assert max(Decimal(model["min_score"]), capped * multiplier + penalty) == score
    assert "Score over time" in said(shown)
    assert "Stages" in said(shown)


def test_lead_is_found_by_address_name_id_and_merged_id(
    monkeypatch: pytest.MonkeyPatch, demo: Warehouse
) -> None:
    lead, email, first, last = asked(
        demo,
        "select lead_id, email, first_name, last_name from main_intermediate.int_leads "
        "where email is not null and first_name is not null "
        "qualify count(*) over (partition by first_name, last_name) = 1 order by lead_id limit 1",
    )[0]
    merged, survivor = asked(
        demo,
        "select lead_id, merged_lead_id from main_intermediate.int_lead_merges "
        "where merged_lead_id <> lead_id order by 1 limit 1",
    )[0]
    for search in (email.upper(), f"{first} {last}".lower()):
        assert f", {lead}" in said(page(monkeypatch, demo, "lead", search=search))
    assert f", {survivor}" in said(page(monkeypatch, demo, "lead", search=merged))


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_search_finds_nothing(
    monkeypatch: pytest.MonkeyPatch, demo: Warehouse, words: str
) -> None:
    shown = page(monkeypatch, demo, "lead", search=words)
    assert [error.message for error in shown.exception] == []
    assert any("No lead has" in alert.value for alert in shown.info)


@pytest.mark.parametrize(
    ("view", "names"),
    [("funnel", ("dimension", "member", "period", "rate")), ("handoffs", ("policy", "rep"))],
)
def test_hostile_filter_is_as_none(
    monkeypatch: pytest.MonkeyPatch, demo: Warehouse, view: str, names: tuple[str, ...]
) -> None:
    plain = page(monkeypatch, demo, view)
    shown = page(monkeypatch, demo, view, **dict.fromkeys(names, HOSTILE[1]))
    assert [error.message for error in shown.exception] == []
    numbers = [[(one.label, one.value) for one in found.metric] for found in (plain, shown)]
    assert numbers[0] == numbers[1]


def test_contacts_are_hidden(monkeypatch: pytest.MonkeyPatch, demo: Warehouse) -> None:
    lead, *personal = asked(
        demo,
        "select lead_id, email, phone, first_name, last_name, job_title "
        "from main_intermediate.int_leads "
        "where email is not null and phone is not null and first_name is not null "
        "and job_title is not null order by lead_id limit 1",
    )[0]
    files = kept_files(monkeypatch)
    assert f", {lead}" in said(page(monkeypatch, demo, "lead", search=personal[0]))
    shown = said(page(monkeypatch, demo, "lead", search=lead))
    assert not [value for value in personal if value in shown]
    page(monkeypatch, demo, "data", source="leads")
    assert not [value for value in personal if value in "".join(files.values())]
    assert "Raw row" not in rows_of(files["records"])[0]


def test_password_then_contacts_if_the_settings_say_so(
    demo: Warehouse, open_tab: Callable[[str], Visit]
) -> None:
    lead, email, phone = asked(
        demo,
        "select lead_id, email, phone from main_intermediate.int_leads "
        "where email is not null and phone is not null order by lead_id limit 1",
    )[0]
    settings = {"LEAD_DASHBOARD_PASSWORD": "a good one", "LEAD_DASHBOARD_SHOW_CONTACTS": "1"}
    with served(demo, **settings) as (address, _):
        visit = open_tab(address)
        visit.open(f"lead?search={lead}")
        box = visit.page.get_by_label("Password", exact=True)
        box.fill("a bad one")
        box.press("Enter")
        visit.page.get_by_text("That is not the password").wait_for()
        assert email not in visit.text()
        box.fill("a good one")
        box.press("Enter")
        visit.page.get_by_text("Score over time").wait_for()
        visit.wait()
        assert email in visit.text()
        assert phone in visit.text()
