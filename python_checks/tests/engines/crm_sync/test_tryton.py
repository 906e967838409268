"""The tryton target, in a real Tryton server of its own process."""

from __future__ import annotations

import csv
import xmlrpc.client
from itertools import count

import pytest

from python_checks.tests.engines.crm_sync.command import Finished, run_with_kills
from python_checks.tests.engines.crm_sync.conftest import MakeCommand
from python_checks.tests.engines.crm_sync.stub_server import Fault
from python_checks.tests.engines.crm_sync.sync_rows import LEAD_COLUMNS, Source, account, lead
from python_checks.tests.engines.crm_sync.tryton_proxy import TrytonProxy
from python_checks.tests.engines.crm_sync.tryton_server import DATABASE, PASSWORD, TrytonServer

pytestmark = pytest.mark.nightly

ROWS = 300
PREFIXES = (f"T{number:03d}-" for number in count())
FORBIDDEN_SCORE = 666


def put_leads(source: Source, tryton: TrytonServer, rows: int, known: int | None = None) -> str:
    """Make leads in the warehouse and in Tryton; return what their keys begin with."""
    prefix = next(PREFIXES)
    leads = [lead(number, lead_id=f"{prefix}{number:04d}") for number in range(rows)]
    source.put("leads", leads)
    tryton.add_leads([row["lead_id"] for row in leads[:known]])
    return prefix


def leads_in(tryton: TrytonServer, prefix: str) -> list[dict[str, object]]:
    """The leads of Tryton as in the warehouse."""
    names = ["qualification_lead_id", *list(LEAD_COLUMNS)[1:]]
    found = tryton.records("sale.opportunity", "qualification_lead_id", prefix, names)
    return [{"lead_id": row.pop("qualification_lead_id"), **row} for row in found]


def test_all_rows_arrive_with_their_types_and_a_second_run_writes_none(
    source: Source, tryton: TrytonServer, command: MakeCommand
) -> None:
    prefix = put_leads(source, tryton, 40)
    sync = command("tryton", tryton.environment)
    first = sync.run()
    assert first.code == 0, first.printed
    assert leads_in(tryton, prefix) == source.rows["leads"]
    assert "0 written, 0 had arrived before, 40 done before" in sync.run().printed
    assert tryton.writes(prefix) == sorted(source.hashes("leads").items())


def test_accounts(source: Source, tryton: TrytonServer, command: MakeCommand) -> None:
    prefix = next(PREFIXES)
    source.put("accounts", [account(number, account_id=f"{prefix}{number}") for number in range(4)])
    tryton.add_parties([row["account_id"] for row in source.rows["accounts"]])
    finished = command("tryton", tryton.environment).run("--table", "accounts")
    assert finished.code == 0, finished.printed
    names = ["qualification_account_id", "account_score", "account_stage", "is_in_market"]
    found = tryton.records("party.party", "qualification_account_id", prefix, names)
    assert [list(row.values()) for row in found] == [
        list(row.values()) for row in source.rows["accounts"]
    ]


def test_killed_ten_times_every_row_is_written_once(
    source: Source, tryton: TrytonServer, command: MakeCommand
) -> None:
    prefix = put_leads(source, tryton, ROWS)
    sync = command("tryton", tryton.environment)
    run_with_kills(sync, lambda: len(tryton.writes(prefix)), ROWS, 10, 2, "--batch-size", "10")
    assert leads_in(tryton, prefix) == source.rows["leads"]
    assert tryton.writes(prefix) == sorted(source.hashes("leads").items())


def test_a_lead_that_tryton_refuses_or_lost_stops_no_other(
    source: Source, tryton: TrytonServer, command: MakeCommand
) -> None:
    prefix = put_leads(source, tryton, 20, known=19)
    rows = source.rows["leads"]
    source.put("leads", [*rows[:7], {**rows[7], "lead_score": FORBIDDEN_SCORE}, *rows[8:]])
    rule = forbid_score(tryton)
    sync = command("tryton", tryton.environment)
    try:
        assert sync.run().code == 1
    finally:
        tryton.call("ir.rule.group", "delete", [rule])
    with sync.report.open(newline="") as file:
        reasons = {row["key"]: row["reason"] for row in csv.DictReader(file)}
    assert reasons.keys() == {rows[7]["lead_id"], rows[19]["lead_id"]}
    assert "not allowed to" in reasons[rows[7]["lead_id"]]
    assert reasons[rows[19]["lead_id"]] == "Tryton has no such record"
    source.put("leads", rows)
    tryton.add_leads([rows[19]["lead_id"]])
    again = sync.run()
    assert "2 written, 0 had arrived before, 18 done before" in again.printed
    assert leads_in(tryton, prefix) == rows


def test_without_its_checkpoint_it_writes_only_what_differs(
    source: Source, tryton: TrytonServer, command: MakeCommand
) -> None:
    prefix = put_leads(source, tryton, 10)
    sync = command("tryton", tryton.environment)
    sync.run()
    (record,) = tryton.records("sale.opportunity", "qualification_lead_id", f"{prefix}0003", ["id"])
    tryton.call("sale.opportunity", "write", [record["id"]], {"lead_stage": "won"})
    sync.checkpoint.unlink()
    assert sync.run().code == 0
    assert leads_in(tryton, prefix) == source.rows["leads"]
    assert len(tryton.writes(prefix)) == 10 + 2


@pytest.mark.parametrize(
    "fault",
    [Fault(429), Fault(500), Fault(503), Fault(), Fault(does_write=True)],
    ids=["too_many", "error", "unavailable", "reset", "reset_after_write"],
)
def test_a_call_that_goes_wrong_is_repeated_and_writes_once(
    fault: Fault, source: Source, tryton: TrytonServer, command: MakeCommand
) -> None:
    prefix = put_leads(source, tryton, 20)
    with TrytonProxy(tryton.port) as proxy:
        proxy.faults.extend([fault, fault])
        environment = {**tryton.environment, "CRM_TRYTON_URL": proxy.url(DATABASE)}
        finished = command("tryton", environment).run("--batch-size", "10")
    assert finished.code == 0, finished.printed
    assert tryton.writes(prefix) == sorted(source.hashes("leads").items())


def test_a_colleagues_change_between_reading_and_writing_is_noticed(
    source: Source, tryton: TrytonServer, command: MakeCommand
) -> None:
    prefix = put_leads(source, tryton, 1)

    class Colleague(TrytonProxy):
        def forward(self, path: str, headers: object, body: bytes) -> tuple[int, str, bytes]:
            if self.writes == 1 and b"model.sale.opportunity.write" in body:
                (record,) = tryton.records(
                    "sale.opportunity", "qualification_lead_id", prefix, ["id"]
                )
                tryton.call("sale.opportunity", "write", [record["id"]], {"description": "call"})
            return super().forward(path, headers, body)

    with Colleague(tryton.port) as proxy:
        environment = {**tryton.environment, "CRM_TRYTON_URL": proxy.url(DATABASE)}
        assert command("tryton", environment).run().code == 0
    assert proxy.writes == 2
    assert tryton.writes(prefix) == sorted(source.hashes("leads").items())


def test_a_write_that_changes_nothing_does_not_count_as_written(
    source: Source, tryton: TrytonServer, command: MakeCommand
) -> None:
    prefix = put_leads(source, tryton, 3)

    class Swallower(TrytonProxy):
        def forward(self, path: str, headers: object, body: bytes) -> tuple[int, str, bytes]:
            if b"model.sale.opportunity.write" in body:
                answer = xmlrpc.client.dumps((None,), methodresponse=True, allow_none=True)
                return 200, "text/xml", answer.encode()
            return super().forward(path, headers, body)

    sync = command("tryton", tryton.environment)
    with Swallower(tryton.port) as proxy:
        sync.environment["CRM_TRYTON_URL"] = proxy.url(DATABASE)
        finished = sync.run()
    assert finished.code == 1
    assert "0 written, 0 had arrived before, 0 done before, 3 failed" in finished.printed
    assert tryton.writes(prefix) == []


def test_a_wrong_password_is_named_but_not_shown(
    source: Source, tryton: TrytonServer, command: MakeCommand
) -> None:
    put_leads(source, tryton, 1)
    environment = {**tryton.environment, "CRM_TRYTON_PASSWORD": f"wrong-{PASSWORD}"}
    finished: Finished = command("tryton", environment).run()
    assert finished.code == 2
    assert "CRM_TRYTON_PASSWORD" in finished.printed
    assert PASSWORD not in finished.printed


def forbid_score(tryton: TrytonServer) -> int:
    """Let a rule of Tryton forbid one score; return the rule."""
    domain = f'["OR", ["lead_score", "=", null], ["lead_score", "!=", {FORBIDDEN_SCORE}]]'
    group = {
        "name": "No such score",
        "model": "sale.opportunity",
        "global_p": True,
        "rules": [("create", [{"domain": domain}])],
    }
    return tryton.call("ir.rule.group", "create", [group])[0]
