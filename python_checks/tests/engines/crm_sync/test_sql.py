"""The sql target, in a real PostgreSQL server."""

from __future__ import annotations

import csv
import time
from datetime import timedelta

from python_checks.tests.conftest import ALL_KILLS
from python_checks.tests.engines.crm_sync.command import run_with_kills
from python_checks.tests.engines.crm_sync.conftest import MakeCommand
from python_checks.tests.engines.crm_sync.sql_target import SqlTarget
from python_checks.tests.engines.crm_sync.sync_rows import COMPUTED_AT, Source, account, lead

ROWS = 300
KILLS = 10 if ALL_KILLS else 3


def test_all_rows_arrive_with_their_types_and_a_second_run_writes_none(
    source: Source, sql_target: SqlTarget, command: MakeCommand
) -> None:
    source.put("leads", [lead(number) for number in range(ROWS)])
    sync = command("sql", sql_target.environment)
    first = sync.run()
    assert first.code == 0, first.printed
    assert sql_target.leads() == source.rows["leads"]
    second = sync.run()
    assert second.code == 0
    assert f"0 written, 0 had arrived before, {ROWS} done before, 0 failed" in second.printed
    assert sql_target.writes() == sorted(source.hashes("leads").items())


def test_accounts(source: Source, sql_target: SqlTarget, command: MakeCommand) -> None:
    source.put("accounts", [account(1), account(2)])
    assert command("sql", sql_target.environment).run("--table", "accounts").code == 0
    assert sql_target.query("select * from crm.crm_accounts order by 1") == [
        (*row.values(), source.hashes("accounts")[row["account_id"]])
        for row in source.rows["accounts"]
    ]


def test_killed_ten_times_every_row_is_written_once(
    source: Source, sql_target: SqlTarget, command: MakeCommand
) -> None:
    source.put("leads", [lead(number) for number in range(ROWS)])
    sql_target.execute("update crm.slowness set seconds = 0.002")
    sync = command("sql", sql_target.environment)
    run_with_kills(sync, sql_target.written, ROWS, KILLS, 1, "--batch-size", "10")
    assert sql_target.leads() == source.rows["leads"]
    assert sql_target.writes() == sorted(source.hashes("leads").items())


def test_times_are_utc_and_keys_may_be_numbers(
    source: Source, sql_target: SqlTarget, command: MakeCommand
) -> None:
    sql_target.execute(
        "alter table crm.crm_leads alter sql_handed_off_at type timestamptz, "
        "alter lead_id type bigint using lead_id::bigint"
    )
    source.put("leads", [lead(1), lead(2)])
    sync = command("sql", {**sql_target.environment, "PGTZ": "Asia/Tokyo"})
    sync.run()
    assert sql_target.query(
        "select lead_id, sql_handed_off_at at time zone 'UTC' from crm.crm_leads order by 1"
    ) == [(number, source.rows["leads"][number - 1]["sql_handed_off_at"]) for number in (1, 2)]


def test_a_connection_that_ends_is_replaced(
    source: Source, sql_target: SqlTarget, command: MakeCommand
) -> None:
    source.put("leads", [lead(number) for number in range(100)])
    sql_target.execute("update crm.slowness set seconds = 0.002")
    process = command("sql", sql_target.environment).start("--batch-size", "10")
    while sql_target.written() < 20:
        time.sleep(0.001)
    sql_target.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'crm_writer'"
    )
    process.join()
    assert process.exitcode == 0
    assert sql_target.writes() == sorted(source.hashes("leads").items())


def test_a_changed_row_is_written_again_and_no_other(
    source: Source, sql_target: SqlTarget, command: MakeCommand
) -> None:
    source.put("leads", [lead(number) for number in range(10)])
    sync = command("sql", sql_target.environment)
    sync.run()
    source.put("leads", [lead(number) for number in range(9)] + [lead(9, lead_score=99)])
    again = sync.run()
    assert "1 written, 0 had arrived before, 9 done before" in again.printed
    assert sql_target.leads() == source.rows["leads"]
    assert sql_target.written() == 11


def test_what_a_later_build_finds_missing_is_written_again(
    source: Source, sql_target: SqlTarget, command: MakeCommand
) -> None:
    """A person changed a value in the CRM: the desired values, and their hash, are as before."""
    leads = [lead(number) for number in range(10)]
    source.put("leads", leads)
    sync = command("sql", sql_target.environment)
    sync.run()
    changed = leads[3]["lead_id"]
    sql_target.execute(f"update crm.crm_leads set lead_stage = 'won' where lead_id = '{changed}'")
    source.put("leads", [leads[3]])
    assert "0 written, 0 had arrived before, 1 done before" in sync.run().printed
    source.put("leads", [leads[3]], computed_at=COMPUTED_AT + timedelta(days=1))
    assert "1 written, 0 had arrived before, 0 done before" in sync.run().printed
    assert sql_target.leads() == leads


def test_without_its_checkpoint_it_writes_only_what_differs(
    source: Source, sql_target: SqlTarget, command: MakeCommand
) -> None:
    source.put("leads", [lead(number) for number in range(10)])
    sync = command("sql", sql_target.environment)
    sync.run()
    sync.checkpoint.unlink()
    assert sync.run().code == 0
    assert sql_target.written() == 10
    changed = source.rows["leads"][3]["lead_id"]
    sql_target.execute(f"update crm.crm_leads set lead_stage = 'won' where lead_id = '{changed}'")
    sync.checkpoint.unlink()
    assert sync.run().code == 0
    assert sql_target.written() == 10 + 2
    assert sql_target.leads() == source.rows["leads"]


def test_a_row_that_a_trigger_leaves_out_does_not_count_as_written(
    source: Source, sql_target: SqlTarget, command: MakeCommand
) -> None:
    source.put("leads", [lead(number) for number in range(10)])
    left_out = source.rows["leads"][3]["lead_id"]
    sql_target.execute(
        "create function crm.leave_out() returns trigger language plpgsql as $$ begin "
        f"if new.lead_id = '{left_out}' then return null; end if; return new; end $$; "
        "create trigger leave_out before insert or update on crm.crm_leads "
        "for each row execute function crm.leave_out()"
    )
    sync = command("sql", sql_target.environment)
    finished = sync.run()
    assert finished.code == 1
    assert "9 written" in finished.printed
    with sync.report.open(newline="") as file:
        (failure,) = csv.DictReader(file)
    assert failure["key"] == left_out
    assert "trigger" in failure["what_to_do"]
    sql_target.execute("drop trigger leave_out on crm.crm_leads")
    assert "1 written, 0 had arrived before, 9 done before" in sync.run().printed
    assert sql_target.leads() == source.rows["leads"]


def test_a_refused_row_stops_no_other_and_is_written_once_it_is_fixed(
    source: Source, sql_target: SqlTarget, command: MakeCommand
) -> None:
    rows = [lead(number) for number in range(50)]
    source.put("leads", [*rows[:20], lead(20, lead_score=666), *rows[21:]])
    sync = command("sql", sql_target.environment)
    assert sync.run().code == 1
    assert sql_target.leads() == rows[:20] + rows[21:]
    with sync.report.open(newline="") as file:
        (failure,) = csv.DictReader(file)
    assert failure["key"] == rows[20]["lead_id"]
    assert "violates check constraint" in failure["reason"]
    assert failure["what_to_do"]
    source.put("leads", rows)
    again = sync.run()
    assert again.code == 0
    assert "1 written, 0 had arrived before, 49 done before" in again.printed
    assert sync.report.read_text() == "key,reason,what_to_do\n"
    assert sql_target.writes() == sorted(source.hashes("leads").items())
