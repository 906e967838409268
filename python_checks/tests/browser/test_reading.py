"""Reading without a browser: exact values, memory by build, states, hostile values."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from threading import Event, Thread

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from lead_qualification.dashboard.definitions import definition_of
from lead_qualification.dashboard.reading import Reader, fingerprint
from lead_qualification.dashboard.variables import SHOW_CONTACTS
from lead_qualification.dashboard.views import lead
from lead_qualification.dashboard.wording import NOTHING, label
from lead_qualification.errors import HeldError, WarehouseError
from lead_qualification.tables import Table
from lead_qualification.warehouse import (
    PROJECT,
    Warehouse,
    connect_postgres,
    duckdb_warehouse,
    postgres_warehouse,
)
from python_checks.building import build
from python_checks.tests.browser.application import page, said
from python_checks.tests.browser.test_pages import HOSTILE

VIEWS = (
    "home",
    "funnel",
    "channels",
    "worklist",
    "handoffs",
    "feedback",
    "score_health",
    "accounts",
    "account",
    "leads",
    "lead",
    "data",
)
MAIN_VIEWS = ("home", "funnel", "handoffs", "data")
VIEWS_BY_NIGHT = [
    pytest.param(view, marks=() if view in MAIN_VIEWS else pytest.mark.nightly) for view in VIEWS
]
"""Every page for ``make nightly``, those of most kinds of content for ``make test``."""
HOLD = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); input()"
PERSONAL = ("first_name", "last_name", "job_title", "email", "phone", "raw_row")
STAGES = "select count(*) as leads from {marts}.lead_stages"
SAMPLE = """
create table {schema}_marts.sample as
select * from (values
    (1, cast(0.1234567891 as decimal(18, 10)), true, date '2026-03-01',
        timestamp '2026-03-01 10:00:01', 'a, "b"'),
    (2, cast(-12345678.5 as decimal(18, 10)), false, null, null, null)
) as rows (number, amount, is_so, day_on, happened_at, words)
"""


@contextmanager
def held(warehouse: Warehouse) -> Iterator[None]:
    """Another process holds the DuckDB file for writing, as a build does."""
    command = [sys.executable, "-c", HOLD, warehouse.environment["LEAD_DB_PATH"]]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        yield
        process.communicate(b"\n")


@pytest.fixture(scope="module")
def personal_copy(demo: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The demo with personal data that says what it is."""
    path = tmp_path_factory.mktemp("personal") / "personal.duckdb"
    shutil.copy(demo.environment["LEAD_DB_PATH"], path)
    with duckdb.connect(str(path)) as connection:
        places = connection.execute(
            "select columns.table_schema, columns.table_name, columns.column_name "
            "from information_schema.columns inner join information_schema.tables "
            "using (table_schema, table_name) "
            "where tables.table_type = 'BASE TABLE' "
            "and columns.table_schema in ('main_marts', 'main_intermediate') "
            "and list_contains($personal, columns.column_name)",
            {"personal": list(PERSONAL)},
        ).fetchall()
        for schema, table, column in places:
            connection.execute(f"update {schema}.{table} set {column} = 'personal_{column}'")
    return duckdb_warehouse(path)


@pytest.mark.parametrize("view", VIEWS_BY_NIGHT)
def test_page_of_an_empty_warehouse_says_so(
    monkeypatch: pytest.MonkeyPatch, empty_warehouse: Warehouse, view: str
) -> None:
    shown = page(monkeypatch, empty_warehouse, view)
    assert [error.message for error in shown.exception] == []
    assert len(shown.info) > 0


def test_page_of_costs_that_brought_no_sql_says_so(
    monkeypatch: pytest.MonkeyPatch, demo_copy: Warehouse
) -> None:
    with duckdb.connect(demo_copy.environment["LEAD_DB_PATH"]) as connection:
        connection.execute("update main_marts.channel_roi set sqls = 0, cost_per_sql = null")
    shown = page(monkeypatch, demo_copy, "channels")
    assert [error.message for error in shown.exception] == []
    assert {metric.label: metric.value for metric in shown.metric}["Cost per SQL"] == NOTHING


@pytest.mark.parametrize("view", VIEWS_BY_NIGHT)
def test_every_number_of_a_page_has_a_definition(
    monkeypatch: pytest.MonkeyPatch, demo: Warehouse, view: str
) -> None:
    shown = page(monkeypatch, demo, view)
    assert [error.message for error in shown.exception] == []
    for metric in shown.metric:
        meaning, _, source = metric.help.partition(" From ")
        assert len(meaning) > 10, metric.label
        assert "as of 2026-06-30 23:59:59 UTC" in source


def test_missing_file_says_what_to_do(tmp_path: Path) -> None:
    reader = Reader(duckdb_warehouse(tmp_path / "none.duckdb"))
    with pytest.raises(WarehouseError, match=r"no DuckDB file none.duckdb.*dbt build"):
        reader.read(STAGES)


def test_file_that_is_no_database_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "text.duckdb"
    path.write_text("not a database at all, whatever its name says" * 100)
    with pytest.raises(WarehouseError, match=r"not a readable DuckDB file.*dbt build"):
        Reader(duckdb_warehouse(path)).read(STAGES)


def test_missing_table_is_named(demo_copy: Warehouse) -> None:
    with duckdb.connect(demo_copy.environment["LEAD_DB_PATH"]) as connection:
        connection.execute("drop table main_marts.lead_stages")
    with pytest.raises(WarehouseError, match=r"lead_stages.*dbt build"):
        Reader(demo_copy).read(STAGES)


def test_held_file_says_so_and_what_was_read_stays(demo_copy: Warehouse) -> None:
    reader = Reader(demo_copy)
    before = reader.read(STAGES)
    with held(demo_copy):
        assert reader.read(STAGES) == before
        Path(demo_copy.environment["LEAD_DB_PATH"]).touch()
        assert reader.read(STAGES) == before
        assert reader.is_behind
        with pytest.raises(HeldError, match=r"dbt build.*try again"):
            reader.read("select 1 as one")
    assert reader.read(STAGES) == before
    assert not reader.is_behind


def test_next_build_is_read_anew(demo_copy: Warehouse) -> None:
    reader = Reader(demo_copy)
    before = reader.read(STAGES).rows[0][0]
    with duckdb.connect(demo_copy.environment["LEAD_DB_PATH"]) as connection:
        connection.execute("delete from main_marts.lead_stages where channel = 'inbound'")
    assert reader.read(STAGES).rows[0][0] < before


@pytest.mark.nightly
def test_build_succeeds_while_pages_load(demo_copy: Warehouse) -> None:
    """Readers that remember nothing open the file five times a second while dbt builds into it."""
    over = Event()
    counted = {"read": 0, "held": 0}

    def read_on() -> None:
        while not over.is_set():
            try:
                Reader(demo_copy).read(STAGES)
                counted["read"] += 1
            except HeldError:
                counted["held"] += 1
            over.wait(0.2)

    thread = Thread(target=read_on)
    thread.start()
    try:
        build(
            demo_copy,
            command="run",
            arguments=("--select", "channel_conversion", "channel_roi", "stage_flow"),
        )
    finally:
        over.set()
        thread.join()
    assert counted["read"] > 0
    assert counted["held"] > 0
    assert Reader(demo_copy).read(STAGES).rows[0][0] > 0


def test_both_engines_give_the_same_table(postgres: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "sample.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema main_marts")
        connection.execute(SAMPLE.format(schema="main"))
    server = connect_postgres(postgres)
    with server, server.cursor() as cursor:
        cursor.execute("create schema dashboard_marts")
        cursor.execute(SAMPLE.format(schema="dashboard"))
    server.close()
    sql = "select * from {marts}.sample where words like '%b%' or $words = 'any' order by number"
    tables = [
        Reader(warehouse).read(sql, words="any")
        for warehouse in (duckdb_warehouse(path), postgres_warehouse(postgres, "dashboard"))
    ]
    assert tables[0] == tables[1]
    assert tables[0].csv() == tables[1].csv()
    assert fingerprint([("sample", tables[0])]) == fingerprint([("sample", tables[1])])


def test_next_build_on_postgres_is_read_anew(
    postgres: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lead_qualification.dashboard.reading.SECONDS_BETWEEN_LOOKS", 0.0)
    reader = Reader(postgres_warehouse(postgres, "again"))
    server = connect_postgres(postgres)
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute("create schema again_marts")
        for leads in (1, 2):
            cursor.execute("drop table if exists again_marts.lead_stages")
            cursor.execute(
                f"create table again_marts.lead_stages as select generate_series(1, {leads})"
            )
            assert reader.read(STAGES).rows == ((leads,),)
    server.close()


def test_values_are_exact_in_the_file() -> None:
    table = Table(
        ("a", "b", "c", "d"),
        (
            (Decimal("0.1234567891"), datetime(2026, 3, 1, 10, 0, 1), None, True),
            (Decimal("12345678901234.5678"), date(2026, 3, 1), 'x,"y"', False),
        ),
    )
    assert table.csv() == (
        "a,b,c,d\n0.1234567891,2026-03-01 10:00:01,,True\n"
        '12345678901234.5678,2026-03-01,"x,""y""",False\n'
    )


def test_fingerprint_is_that_of_the_rows_in_any_order() -> None:
    one = Table(("k", "v"), (("a", Decimal("1.50")), ("b", None)))
    same = Table(("v", "k"), ((None, "b"), (Decimal("1.5"), "a")))
    other = Table(("k", "v"), (("a", Decimal("1.51")), ("b", None)))
    assert fingerprint([("t", one)]) == fingerprint([("t", same)])
    assert fingerprint([("t", one)]) != fingerprint([("t", other)])
    assert fingerprint([("t", one)]) != fingerprint([("u", one)])


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_bound(demo_reader: Reader, words: str) -> None:
    assert demo_reader.read("select $words as words", words=words).rows == ((words,),)
    sql = lead.searching()
    assert demo_reader.read(sql, **lead.sought(words)).rows == ()


def test_hostile_words_are_bound_on_postgres(postgres: dict[str, str]) -> None:
    reader = Reader(postgres_warehouse(postgres, "public"))
    for words in HOSTILE:
        sql = "select cast($words as text) as words, '100%' as whole"
        assert reader.read(sql, words=words).rows == ((words, "100%"),)


def test_hostile_schema_is_refused() -> None:
    with pytest.raises(WarehouseError, match="LEAD_PG_SCHEMA"):
        Reader(postgres_warehouse({}, 'x"; drop schema y; --'))


@pytest.mark.parametrize("is_shown", [False, pytest.param(True, marks=pytest.mark.nightly)])
def test_personal_data_is_shown_only_where_the_setting_says_so(
    monkeypatch: pytest.MonkeyPatch, personal_copy: Warehouse, is_shown: bool
) -> None:
    monkeypatch.setenv(SHOW_CONTACTS, "1" if is_shown else "0")
    reader = Reader(personal_copy)
    (lead_id,) = reader.read("select min(lead_id) as id from {marts}.lead_stages").rows[0]
    texts = {}
    for view in VIEWS:
        shown = page(monkeypatch, personal_copy, view)
        assert [error.message for error in shown.exception] == []
        texts[view] = said(shown)
    shown = page(monkeypatch, personal_copy, "lead", search=str(lead_id))
    texts["one lead"] = said(shown)
    assert str(lead_id) in texts["one lead"]
    found = {
        column: {view for view, text in texts.items() if f"personal_{column}" in text}
        for column in PERSONAL
    }
    if is_shown:
        assert found["last_name"] == {"lead", "leads", "one lead", "worklist"}
        assert found["phone"] == {"one lead", "worklist"}
        assert found["raw_row"] == {"data"}
    else:
        assert found == {column: set() for column in PERSONAL}


def test_a_part_of_a_name_finds_nobody_where_names_are_hidden(
    monkeypatch: pytest.MonkeyPatch, personal_copy: Warehouse
) -> None:
    reader = Reader(personal_copy)

    def found(words: str) -> int:
        sql = lead.searching()
        return len(reader.read(sql, **lead.sought(words)))

    monkeypatch.delenv(SHOW_CONTACTS, raising=False)
    assert found("personal_first") == 0
    assert found("PERSONAL_FIRST_NAME Personal_Last_Name") > 0
    monkeypatch.setenv(SHOW_CONTACTS, "1")
    assert found("personal_first") > 0


def test_proxy_header_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEAD_DASHBOARD_PROXY_HEADER", "X-Forwarded-User")
    app = PROJECT / "python" / "lead_qualification" / "dashboard" / "app.py"
    shown = AppTest.from_file(str(app), default_timeout=60).run()
    assert "X-Forwarded-User" in shown.error[0].value
    assert len(shown.title) == 0


def test_definitions_are_those_of_the_project() -> None:
    assert "the share that became an SQL" in definition_of("channel_conversion").of(
        "mql_to_sql_rate"
    )
    assert definition_of("benchmarks").description
    assert definition_of("no_such_table").of("column") == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mql_to_sql_rate", "MQL to SQL rate"),
        ("handoff_number", "Hand-off number"),
        ("recommended_rep_id", "Recommended rep ID"),
    ],
)
def test_names_are_words(name: str, words: str) -> None:
    assert label(name) == words
