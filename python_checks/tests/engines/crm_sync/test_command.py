"""The command: dry run, one run at a time, and what it says when it cannot work."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from lead_qualification.warehouse import PROJECT
from python_checks.processes import wait_until
from python_checks.tests.engines.crm_sync.command import PROCESSES
from python_checks.tests.engines.crm_sync.conftest import MakeCommand
from python_checks.tests.engines.crm_sync.hubspot_stub import HubspotStub
from python_checks.tests.engines.crm_sync.salesforce_stub import SalesforceStub
from python_checks.tests.engines.crm_sync.sql_target import SqlTarget
from python_checks.tests.engines.crm_sync.sync_rows import Source, lead

CRMS = ("sql", "hubspot", "salesforce", "tryton")


@pytest.mark.parametrize("crm", CRMS)
def test_a_dry_run_needs_no_credentials_and_leaves_no_file(
    crm: str, source: Source, command: MakeCommand
) -> None:
    source.put("leads", [lead(number) for number in range(8)])
    sync = command(crm, {})
    finished = sync.run("--dry-run")
    assert finished.code == 0
    assert "8 rows would be written" in finished.printed
    assert "lead_score (empty) -> -10" in finished.printed
    assert "and 3 more" in finished.printed
    assert not sync.checkpoint.exists()
    assert not sync.report.exists()


def test_a_dry_run_leaves_out_what_is_done(
    source: Source, sql_target: SqlTarget, command: MakeCommand
) -> None:
    source.put("leads", [lead(1), lead(2)])
    sync = command("sql", sql_target.environment)
    sync.run()
    source.put("leads", [lead(1), lead(2, lead_score=3), lead(3)])
    assert "2 rows would be written, 0 would be looked up" in sync.run("--dry-run").printed
    assert sql_target.written() == 2


def test_a_dry_run_tells_old_and_new_and_writes_them_to_a_file(
    source: Source, command: MakeCommand
) -> None:
    old = {"crm_lead_score": 12, "crm_score_reasons": "=1+1", "crm_nurture_track": "education"}
    new = {"lead_score": 15, "score_reasons": "=HYPERLINK(0)", "nurture_track": None}
    source.put("leads", [lead(1, **new, **old), lead(2)])
    with duckdb.connect(str(source.path)) as connection:
        connection.execute(
            "update main_marts.crm_lead_sync set changed_fields = "
            "'lead_score, nurture_track, score_reasons' where lead_score = 15"
        )
    sync = command("sql", {})
    file = sync.folder / "changes.csv"
    told = sync.run("--dry-run", "--changes", str(file)).printed
    assert "lead_score 12 -> 15; nurture_track education -> (empty)" in told
    counts = {line.split()[0]: line.split()[1:] for line in told.splitlines() if line.split()}
    assert counts["lead_score"] == ["1", "1", "0"]
    assert counts["nurture_track"] == ["0", "0", "1"]
    assert counts["lead_grade"] == ["0", "0", "0"]
    first, second = (row["lead_id"] for row in source.rows["leads"])
    assert file.read_text().splitlines() == [
        "key,object,field,old,new,change",
        f"{first},,lead_score,12,15,changed",
        f"{first},,nurture_track,education,,cleared",
        f"{first},,score_reasons,'=1+1,'=HYPERLINK(0),changed",
        f"{second},,lead_score,,-8,first",
    ]
    refused = sync.run("--changes", str(file))
    assert refused.code == 2
    assert "add --dry-run" in refused.printed


@pytest.mark.parametrize("crm", CRMS)
def test_a_missing_variable_is_named(crm: str, source: Source, command: MakeCommand) -> None:
    source.put("leads", [lead(1)])
    finished = command(crm, {}).run()
    assert finished.code == 2
    assert f"CRM_{crm.upper()}_" in finished.printed


def test_a_second_run_at_the_same_time_is_refused(
    source: Source, hubspot: HubspotStub, command: MakeCommand
) -> None:
    source.put("leads", [lead(1)])
    hubspot.records = {row["lead_id"]: {} for row in source.rows["leads"]}
    hubspot.goes_on.clear()
    sync = command("hubspot", hubspot.environment)
    first = sync.start()
    wait_until(lambda: any("update" in path for _, path in hubspot.requests))
    second = sync.run()
    assert second.code == 2
    assert "another run has the checkpoint" in second.printed
    hubspot.goes_on.set()
    first.join()
    assert first.exitcode == 0
    assert hubspot.written() == 1


def test_an_empty_sync_table_needs_nothing(source: Source, command: MakeCommand) -> None:
    source.put("leads", [])
    finished = command("sql", {}).run()
    assert finished.code == 0
    assert "nothing to write" in finished.printed


def test_a_missing_table_says_to_build(source: Source, command: MakeCommand) -> None:
    source.put("leads", [])
    finished = command("sql", {}).run("--table", "accounts")
    assert finished.code == 2
    assert "no table main_marts.crm_account_sync; run dbt build" in finished.printed


def test_a_missing_warehouse_says_to_build(command: MakeCommand) -> None:
    finished = command("sql", {}).run()
    assert finished.code == 2
    assert "run dbt build" in finished.printed


def hold(path: str, ready: str) -> None:
    """Keep a DuckDB file open for writing."""
    connection = duckdb.connect(path)
    Path(ready).touch()
    time.sleep(60)
    connection.close()


def test_an_open_warehouse_is_named(source: Source, command: MakeCommand) -> None:
    source.put("leads", [lead(1)])
    ready = source.path.with_suffix(".ready")
    holder = PROCESSES.Process(target=hold, args=(str(source.path), str(ready)), daemon=True)
    holder.start()
    wait_until(ready.exists)
    finished = command("sql", {}).run()
    holder.kill()
    holder.join()
    assert finished.code == 2
    assert "another process has the DuckDB file open" in finished.printed


def test_the_warehouse_can_be_postgres(
    source: Source, sql_target: SqlTarget, command: MakeCommand
) -> None:
    source.put("leads", [lead(number) for number in range(10)])
    with duckdb.connect(str(source.path), read_only=True) as connection:
        rows = connection.execute("select * from main_marts.crm_lead_sync").fetchall()
        columns = connection.execute("describe main_marts.crm_lead_sync").fetchall()
    definition = ", ".join(f"{name} {kind}" for name, kind, *_ in columns)
    sql_target.execute("drop schema if exists synced_marts cascade; create schema synced_marts")
    sql_target.execute(f"create table synced_marts.crm_lead_sync ({definition})")
    sql_target.execute(
        "create table synced_marts.crm_sync_ledger as select 'to_write' as outcome, 10 as leads"
    )
    with sql_target.connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(rows[0]))
        cursor.executemany(f"insert into synced_marts.crm_lead_sync values ({marks})", rows)
    environment = {**sql_target.environment, **sql_target.server, "LEAD_PG_SCHEMA": "synced"}
    finished = command("sql", environment).run("--target", "postgres")
    assert finished.code == 0, finished.printed
    assert sql_target.leads() == source.rows["leads"]


def test_a_checkpoint_of_another_account_or_table_is_refused(
    source: Source, hubspot: HubspotStub, command: MakeCommand, sql_target: SqlTarget
) -> None:
    source.put("leads", [lead(1)])
    sync = command("hubspot", hubspot.environment)
    sync.run()
    hubspot.portal = 1
    other_account = sync.run()
    assert other_account.code == 2
    assert "belongs to another hubspot account" in other_account.printed
    other_crm = command("sql", sql_target.environment).run()
    assert other_crm.code == 2
    assert "belongs to hubspot, leads; name another file" in other_crm.printed


def test_a_file_that_is_no_checkpoint_is_refused(
    source: Source, sql_target: SqlTarget, command: MakeCommand
) -> None:
    source.put("leads", [lead(1)])
    sync = command("sql", sql_target.environment)
    sync.checkpoint.write_text("notes " * 1000)
    finished = sync.run()
    assert finished.code == 2
    assert "is not a checkpoint" in finished.printed


def test_a_crm_without_the_hash_field_is_refused(
    source: Source,
    hubspot: HubspotStub,
    salesforce: SalesforceStub,
    sql_target: SqlTarget,
    command: MakeCommand,
) -> None:
    source.put("leads", [lead(1)])
    hubspot.properties = tuple(set(hubspot.properties) - {"lead_qualification_hash"})
    salesforce.fields = tuple(set(salesforce.fields) - {"Lead_Qualification_Hash__c"})
    sql_target.execute("alter table crm.crm_leads drop lead_qualification_hash")
    for name, crm, field in (
        ("hubspot", hubspot, "property lead_qualification_hash"),
        ("salesforce", salesforce, "field Lead_Qualification_Hash__c"),
        ("sql", sql_target, "column lead_qualification_hash"),
    ):
        finished = command(name, crm.environment).run()
        assert finished.code == 2
        assert f"no {field}" in finished.printed


def test_a_field_mapping_with_an_unknown_column_is_refused(
    source: Source, sql_target: SqlTarget, command: MakeCommand, tmp_path: Path
) -> None:
    source.put("leads", [lead(1)])
    fields = tmp_path / "fields.toml"
    fields.write_text('[sql.leads]\nscore = "lead_score"\n')
    environment = {**sql_target.environment, "CRM_SYNC_FIELDS": str(fields)}
    finished = command("sql", environment).run()
    assert finished.code == 2
    assert "[sql.leads] has score" in finished.printed


def test_as_a_user_calls_it(source: Source, sql_target: SqlTarget, tmp_path: Path) -> None:
    source.put("leads", [lead(1)])
    environment = {
        **os.environ,
        **source.environment,
        **sql_target.environment,
        "PYTHONPATH": str(PROJECT / "python"),
    }

    def call(*options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "lead_qualification", "sync", *options],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    assert "CRM_HUBSPOT_ACCESS_TOKEN" in call("--help").stdout
    assert call("--to", "nowhere").returncode == 2
    written = call("--to", "sql")
    assert written.returncode == 0
    assert written.stderr == ""
    assert written.stdout.startswith("leads to sql: 1 rows, 1 written")
    assert {path.name for path in (tmp_path / ".crm_sync").iterdir()} == {
        ".gitignore",
        "sql_leads.sqlite",
        "sql_leads_failures.csv",
    }
