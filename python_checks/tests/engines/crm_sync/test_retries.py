"""Calls that go wrong: repeated, given up, finished by a later run."""

from __future__ import annotations

import csv

import pytest

from lead_qualification.crm_sync.errors import TemporaryError
from lead_qualification.crm_sync.retries import Patience
from python_checks.tests.engines.crm_sync.conftest import MakeCommand
from python_checks.tests.engines.crm_sync.hubspot_stub import HubspotStub
from python_checks.tests.engines.crm_sync.stub_server import Fault, Stub
from python_checks.tests.engines.crm_sync.sync_rows import Source, lead

ROWS = 30
FAULTS = {
    "too_many": Fault(429, retry_after="0"),
    "error": Fault(500),
    "error_after_write": Fault(500, does_write=True),
    "unavailable": Fault(503),
    "reset": Fault(),
    "reset_after_write": Fault(does_write=True),
}


@pytest.fixture(params=["hubspot", "salesforce"])
def crm(request: pytest.FixtureRequest, source: Source) -> tuple[str, Stub]:
    """A stub with the leads of the source, and its name."""
    stub: Stub = request.getfixturevalue(request.param)
    source.put("leads", [lead(number) for number in range(ROWS)])
    stub.records = {row["lead_id"]: {"Id": row["lead_id"]} for row in source.rows["leads"]}
    return request.param, stub


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_call_that_goes_wrong_is_repeated_and_writes_once(
    fault: Fault, crm: tuple[str, Stub], command: MakeCommand
) -> None:
    name, stub = crm
    stub.faults.append(fault)
    sync = command(name, stub.environment)
    finished = sync.run("--batch-size", "15", "--settle-seconds", "0")
    assert finished.code == 0, finished.printed
    assert not stub.faults
    assert stub.written() == ROWS
    assert set(stub.writes.values()) == {1}


def test_it_gives_up_and_a_later_run_finishes_the_rest(
    crm: tuple[str, Stub], command: MakeCommand
) -> None:
    name, stub = crm
    stub.faults.extend([Fault(500), Fault(503), Fault(500), Fault(500), Fault(500)])
    sync = command(name, stub.environment)
    options = ("--batch-size", "10", "--tries", "3", "--settle-seconds", "0")
    assert sync.run(*options).code == 1
    with sync.report.open(newline="") as file:
        failures = list(csv.DictReader(file))
    assert len(failures) == ROWS
    assert "answers 500" in failures[0]["reason"]
    assert "run the same command again" in failures[0]["what_to_do"]
    assert sync.run(*options).code == 0
    assert set(stub.writes.values()) == {1}
    assert stub.written() == ROWS


def test_a_crm_that_asks_for_a_long_wait_is_not_called_again(
    source: Source, hubspot: HubspotStub, command: MakeCommand
) -> None:
    source.put("leads", [lead(1)])
    hubspot.records = {row["lead_id"]: {} for row in source.rows["leads"]}
    hubspot.faults.append(Fault(429, retry_after="86400"))
    assert command("hubspot", hubspot.environment).run().code == 1
    assert hubspot.written() == 0


def test_a_server_that_is_away_fails_the_rows(source: Source, command: MakeCommand) -> None:
    source.put("leads", [lead(1), lead(2)])
    dsn = "host=127.0.0.1 port=1 user=crm password=sesame"
    sync = command("sql", {"CRM_SQL_DSN": dsn})
    finished = sync.run("--tries", "2")
    assert finished.code == 1
    assert "Connection refused" in sync.report.read_text()


def waits_after(patience: Patience, error: TemporaryError) -> list[float]:
    """What it waits when a call always ends with that error."""
    waits: list[float] = []
    retrying = patience.retrying()
    retrying.sleep = waits.append

    def call() -> None:
        raise error

    with pytest.raises(TemporaryError):
        retrying(call)
    return waits


def test_it_waits_as_long_as_the_crm_asks() -> None:
    error = TemporaryError("slow down", may_have_arrived=False, retry_after=7)
    assert waits_after(Patience(3, 60, 0), error) == [7, 7]


def test_it_waits_until_a_lost_call_has_settled() -> None:
    error = TemporaryError("reset", may_have_arrived=True)
    assert min(waits_after(Patience(4, 1, 30), error)) == 30


def test_the_back_off_grows_and_is_random() -> None:
    error = TemporaryError("try later", may_have_arrived=False)
    waits = waits_after(Patience(200, 60, 0), error)
    assert len(set(waits)) == 199
    assert all(wait <= 2**number for number, wait in enumerate(waits))
    assert 30 < max(waits) <= 60
