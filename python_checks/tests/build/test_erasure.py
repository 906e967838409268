"""Erased people are nowhere: not in a table, a page, a report, a summary or a log.

The builds drop what only a build reads (keep_intermediate: false) and keep whole rows in the
quarantine, so that every relation that remains is one that somebody may read, with all it may hold.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import duckdb
import pytest

from lead_qualification.cli import main
from lead_qualification.dashboard import parts
from lead_qualification.dashboard.reading import Reader
from lead_qualification.dashboard.views import lead
from lead_qualification.tables import Table
from lead_qualification.warehouse import Warehouse, duckdb_warehouse
from python_checks.tests.build.erased_people import (
    AS_OF,
    UNREADABLE_ADDRESS,
    People,
    people,
    places_in_tables,
    places_in_texts,
    write,
)
from python_checks.tests.builds import Builds, PostgresBuilds, build_in_postgres
from python_checks.tests.engines.crm_sync.hubspot_stub import HubspotStub
from python_checks.tests.pages import opened

VARIABLES = {
    "keep_intermediate": False,
    "quarantine_whole_rows": True,
    "quarantine_stop_rate": 1,
}
LOGGED = ("--log-level-file", "debug")
READ = ("main_marts", "main_policy", "main_predictive")
WORKING = {
    "main_intermediate.int_leads_this_run": "ids of the leads that the last run recomputed or "
    "removed, so that the next one knows whether it ended; the next run replaces it"
}
VIEWS = (
    *("funnel", "channels", "handoffs", "feedback", "score_health", "accounts", "lead", "data"),
)


@dataclass(frozen=True)
class Erasure:
    """What was built, before and after people were erased.

    Attributes:
        alive: The people before, built from nothing.
        on_top: The people after, built on top of the build before.
        people: The people after.
        raw: The raw folder of the people after.
    """

    alive: Warehouse
    on_top: Warehouse
    people: People
    raw: Path

    @property
    def marks(self) -> list[str]:
        """What everything of an erased person contains."""
        return self.people.marks


@pytest.fixture(scope="module")
def erasure(builds: Builds, tmp_path_factory: pytest.TempPathFactory) -> Erasure:
    """The builds."""
    folder = tmp_path_factory.mktemp("erasure")
    before, after = people(is_erased=False), people(is_erased=True)

    raw = write(after, folder / "after")
    alive = build_logged(builds, write(before, folder / "before"))
    return Erasure(alive, build_logged(builds, raw, onto=alive), after, raw)


def build_logged(builds: Builds, raw: Path, **options: object) -> Warehouse:
    """Build a raw folder; dbt writes everything into its log."""
    return builds.build(raw, AS_OF, variables=VARIABLES, arguments=LOGGED, **options)


@pytest.fixture(scope="module")
def fresh(builds: Builds, erasure: Erasure) -> Warehouse:
    """The people after, built from nothing."""
    return build_logged(builds, erasure.raw)


@pytest.fixture
def log(builds: Builds, erasure: Erasure) -> str:
    """What dbt wrote into its log of all builds so far."""
    assert erasure.on_top
    return "".join(  # dbt begins a new file at 10 MB; the oldest has the highest number
        path.read_text(encoding="utf-8", errors="replace")
        for path in sorted((builds.folder / "dbt").glob("dbt.log*"), reverse=True)
    )


@pytest.fixture(scope="module")
def on_postgres(
    postgres_builds: PostgresBuilds, tmp_path_factory: pytest.TempPathFactory
) -> Warehouse:
    """The people after, built on PostgreSQL on top of the build before."""
    folder = tmp_path_factory.mktemp("erasure_on_postgres")
    for is_erased in (False, True):
        raw = write(people(is_erased=is_erased), folder / f"erased_{is_erased}")
        warehouse = postgres_builds.pool.submit(
            build_in_postgres,
            *(postgres_builds.server, postgres_builds.dbt, "erasure", raw, AS_OF, folder / "dbt"),
            variables=VARIABLES,
        ).result()
        found = places_in_tables(warehouse, ["qzdeleted0"], ["main_marts"])
        assert bool(found) != is_erased
    return warehouse


@pytest.fixture(
    params=[
        "on_top",
        *(pytest.param(name, marks=pytest.mark.nightly) for name in ("fresh", "on_postgres")),
    ]
)
def built(request: pytest.FixtureRequest, erasure: Erasure) -> Warehouse:
    """A build after people were erased."""
    return erasure.on_top if request.param == "on_top" else request.getfixturevalue(request.param)


def test_the_people_were_there_before(erasure: Erasure) -> None:
    """The search finds them where they may be."""
    found = places_in_tables(erasure.alive, erasure.marks)
    assert set(found["main_marts.lead_stages"]) == set(erasure.marks)
    assert set(found["main_marts.lead_score_contributions"]) == set(erasure.marks)
    assert "qzunusable" in found["main_marts.quarantined_records"]


def test_the_build_on_top_removes_what_was_there(log: str) -> None:
    """It goes on from the tables that had the people, and does not make them from nothing."""
    recomputed = re.findall(r"leads recomputed(?:: (.*))?", log)
    assert recomputed[0].startswith("no earlier run")
    assert recomputed[1] == ""


def test_no_mart_has_anything_of_an_erased_person(built: Warehouse, erasure: Erasure) -> None:
    assert places_in_tables(built, erasure.marks, READ) == {}


def test_no_relation_names_an_erased_person(built: Warehouse, erasure: Erasure) -> None:
    found = places_in_tables(built, erasure.people.identifiers)
    assert {name: texts for name, texts in found.items() if name not in WORKING} == {}


def test_those_who_stay_are_all_there(built: Warehouse) -> None:
    found = set(built.table("lead_stages")["lead_id"])
    assert {"lead-keptshared", "lead-keptoffice", "lead-crowd000"} <= found


def test_no_page_reads_anything_of_an_erased_person(
    erasure: Erasure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEAD_DASHBOARD_SHOW_CONTACTS", "1")
    reader = Reader(erasure.on_top)
    answers: dict[str, str] = {}

    def read(sql: str, **parameters: object) -> Table:
        table = Reader.read(reader, sql, **parameters)
        answers[f"{sql} {parameters}"] = table.csv()
        return table

    monkeypatch.setattr(reader, "read", read)
    monkeypatch.setattr(parts, "reader", lambda: reader)
    for view in VIEWS:
        assert [error.message for error in opened(view).exception] == [], view
    assert len(answers) > len(VIEWS)
    assert places_in_texts(answers, erasure.marks) == {}
    for mark in erasure.marks:
        for words in (f"lead-{mark}", f"{mark}@acme.example", f"first{mark} last{mark}", mark):
            sql = lead.searching()
            assert reader.read(sql, **lead.sought(words)).rows == ()


@pytest.mark.nightly
def test_summary_and_answers_have_nothing_of_an_erased_person(
    erasure: Erasure, run: Callable[..., str]
) -> None:
    questions = ("leads_to_call_today", "stuck_leads")
    texts = {"summary": run("summary")} | {name: run("ask", name) for name in questions}
    assert all(texts.values())
    assert places_in_texts(texts, erasure.marks) == {}


def test_the_sync_writes_and_reports_nothing_of_an_erased_person(
    erasure: Erasure, run: Callable[..., str], tmp_path: Path
) -> None:
    report, checkpoint = tmp_path / "failures.csv", tmp_path / "checkpoint.sqlite"
    fields = tmp_path / "fields.toml"
    fields.write_text('[hubspot.leads]\nlead_id = "external_id"\n', encoding="utf-8")
    os.environ["CRM_SYNC_FIELDS"] = str(fields)
    files = ("--report", str(report), "--checkpoint", str(checkpoint))
    texts = {"dry run": run("sync", "--to", "hubspot", "--dry-run", *files)}
    with HubspotStub() as stub:
        stub.records = {mark: {"external_id": f"lead-{mark}"} for mark in erasure.marks}
        quick = ("--tries", "1", "--settle-seconds", "0")
        os.environ.update(stub.environment)
        texts["run"] = run("sync", "--to", "hubspot", *files, *quick)
    assert report.read_text(encoding="utf-8").count("\n") > 1
    texts["report"] = report.read_text(encoding="utf-8")
    texts["checkpoint"] = checkpoint.read_bytes().decode(errors="replace")
    assert places_in_texts(texts, erasure.marks) == {}
    assert stub.written() == 0


def test_no_log_has_anything_of_an_erased_person(erasure: Erasure, log: str) -> None:
    assert "create" in log
    assert places_in_texts({"dbt.log": log}, erasure.marks) == {}


def test_a_personal_value_at_fault_is_only_in_the_quarantine(built: Warehouse, log: str) -> None:
    """The var asks for whole rows there; figures and messages name the fault alone."""
    found = places_in_tables(built, [UNREADABLE_ADDRESS], READ)
    assert set(found) == {"main_marts.quarantined_records"}
    assert "leads.email: no address, " in log
    assert UNREADABLE_ADDRESS not in log


@pytest.mark.parametrize(
    ("relation", "leak"),
    [
        (
            "main_marts.lead_scores",
            "update main_marts.lead_scores set top_contributions = 'call +49 30 QZTIE' "
            "where lead_id = 'lead-crowd001'",
        ),
        (
            "main_marts.quarantined_records",
            "insert into main_marts.quarantined_records (source, record_id) "
            "values ('leads', 'lead-qzdeleted0')",
        ),
        (
            "main_intermediate.leaking",
            "create table main_intermediate.leaking as select ['a', 'x@qzoffice.example'] as kept",
        ),
    ],
)
def test_a_planted_leak_is_found(
    erasure: Erasure, tmp_path: Path, relation: str, leak: str
) -> None:
    """The search can find what it looks for, in any column of any relation."""
    path = tmp_path / "leaking.duckdb"
    shutil.copy(erasure.on_top.environment["LEAD_DB_PATH"], path)
    before = places_in_tables(duckdb_warehouse(path), erasure.marks)
    with duckdb.connect(str(path)) as connection:
        (kind,) = connection.execute(
            "select table_type from information_schema.tables "
            "where table_schema || '.' || table_name = $relation",
            {"relation": relation},
        ).fetchone() or ("",)
        if kind == "VIEW":
            connection.execute(f"create table kept as from {relation}")
            connection.execute(f"drop view {relation}")
            connection.execute(f"create table {relation} as from kept")
            connection.execute("drop table kept")
        connection.execute(leak)
    after = places_in_tables(duckdb_warehouse(path), erasure.marks)
    assert after.get(relation) != before.get(relation)
    assert relation in after


@pytest.fixture
def run(erasure: Erasure, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Runs a command of leadq on the build on top, and returns all that it says."""
    for name in list(os.environ):
        if name.startswith(("LEAD_", "CRM_")):
            monkeypatch.delenv(name)
    for name, value in erasure.on_top.environment.items():
        monkeypatch.setenv(name, value)
    for name in ("CRM_HUBSPOT_URL", "CRM_SYNC_FIELDS"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("CRM_HUBSPOT_ACCESS_TOKEN", "")

    def run_command(*words: str) -> str:
        printed = StringIO()
        with redirect_stdout(printed), redirect_stderr(printed):
            main(list(words))
        return printed.getvalue()

    return run_command
