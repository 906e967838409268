"""The hubspot target, against a stub that checks the form of each request."""

from __future__ import annotations

import csv

import pytest

from python_checks.processes import wait_until
from python_checks.tests.conftest import ALL_KILLS
from python_checks.tests.engines.crm_sync.command import Command, run_with_kills
from python_checks.tests.engines.crm_sync.conftest import MakeCommand
from python_checks.tests.engines.crm_sync.hubspot_stub import HubspotStub
from python_checks.tests.engines.crm_sync.stub_server import Fault
from python_checks.tests.engines.crm_sync.sync_rows import STRANGE_TEXT, Source, account, lead

ROWS = 230
KILLS = 10 if ALL_KILLS else 3


@pytest.fixture
def sync(source: Source, hubspot: HubspotStub, command: MakeCommand) -> Command:
    """The command, with leads that HubSpot has."""
    source.put("leads", [lead(number) for number in range(ROWS)])
    hubspot.records = {row["lead_id"]: {} for row in source.rows["leads"]}
    return command("hubspot", hubspot.environment)


def reasons(sync: Command) -> dict[str, str]:
    """Key to reason of the failed rows."""
    with sync.report.open(newline="") as file:
        return {row["key"]: row["reason"] for row in csv.DictReader(file)}


def test_rows_arrive_as_texts_in_batches_and_a_second_run_writes_none(
    sync: Command, source: Source, hubspot: HubspotStub
) -> None:
    first = sync.run()
    assert first.code == 0, first.printed
    assert hubspot.requests.count(("POST", "/crm/v3/objects/contacts/batch/update")) == 3
    first_lead = source.rows["leads"][1]
    assert hubspot.records[first_lead["lead_id"]] == {
        "lifecycle_stage": "marketing_qualified",
        "lead_stage": "mql",
        "lead_score": "-9",
        "lead_grade": "B",
        "recommended_action": "sales_outreach",
        "action_owner": "sales",
        "action_due_at": "2026-07-02T09:30:01.000Z",
        "nurture_track": "onboarding",
        "re_engage_on": "2026-08-02",
        "sql_handed_off_at": "2026-06-30T23:59:01.000Z",
        "recommended_rep_id": "R1",
        "sla_due_at": "2026-07-01T00:29:01.000Z",
        "held_back_by": "consent, email_not_bounced",
        "handoff_context": "Handed over by sql_gate; score 78",
        "score_reasons": STRANGE_TEXT,
        "lead_qualification_hash": source.hashes("leads")[first_lead["lead_id"]],
    }
    assert hubspot.records[source.rows["leads"][0]["lead_id"]]["re_engage_on"] == ""
    assert f"0 written, 0 had arrived before, {ROWS} done before" in sync.run().printed
    assert set(hubspot.writes.values()) == {1}


def test_accounts_are_companies(source: Source, hubspot: HubspotStub, command: MakeCommand) -> None:
    source.put("accounts", [account(1), account(2)])
    hubspot.records = {row["account_id"]: {} for row in source.rows["accounts"]}
    assert command("hubspot", hubspot.environment).run("--table", "accounts").code == 0
    assert ("POST", "/crm/v3/objects/companies/batch/update") in hubspot.requests
    flags = [record["is_in_market"] for record in hubspot.records.values()]
    assert flags == ["false", "true"]


def test_killed_ten_times_every_row_is_written_once(
    sync: Command, source: Source, hubspot: HubspotStub
) -> None:
    hubspot.slowness = 0.02
    run_with_kills(sync, hubspot.written, ROWS, KILLS, 3, "--batch-size", "10")
    hashes = {key: record["lead_qualification_hash"] for key, record in hubspot.records.items()}
    assert hashes == source.hashes("leads")
    assert set(hubspot.writes.values()) == {1}


def test_a_request_that_is_under_way_when_its_sender_is_killed_is_waited_for(
    sync: Command, source: Source, hubspot: HubspotStub
) -> None:
    source.put("leads", source.rows["leads"][:10])
    hubspot.slowness = 0.5
    process = sync.start()
    wait_until(lambda: any("update" in path for _, path in hubspot.requests))
    process.kill()
    process.join()
    finished = sync.run("--settle-seconds", "1.5")
    assert "0 written, 10 had arrived before" in finished.printed
    assert hubspot.written() == 10


@pytest.mark.parametrize("refuses_whole_batches", [False, True])
def test_a_refused_and_a_deleted_lead_stop_no_other(
    refuses_whole_batches: bool, sync: Command, source: Source, hubspot: HubspotStub
) -> None:
    hubspot.refuses_whole_batches = refuses_whole_batches
    refused, deleted = (row["lead_id"] for row in source.rows["leads"][5:7])
    hubspot.refused[refused] = "stage was not one of the allowed options"
    del hubspot.records[deleted]
    assert sync.run().code == 1
    found = reasons(sync)
    assert found.keys() == {refused, deleted}
    assert "not one of the allowed options" in found[refused]
    assert "deleted" in found[deleted]
    assert hubspot.written() == ROWS - 2
    hubspot.refused.clear()
    hubspot.records[deleted] = {}
    assert f"2 written, 0 had arrived before, {ROWS - 2} done before" in sync.run().printed
    assert set(hubspot.writes.values()) == {1}


def test_another_property_can_be_the_key(
    sync: Command, source: Source, hubspot: HubspotStub
) -> None:
    hubspot.records = {
        str(number): {"external_id": row["lead_id"]}
        for number, row in enumerate(source.rows["leads"])
    }
    fields = sync.folder / "fields.toml"
    fields.write_text('[hubspot.leads]\nlead_id = "external_id"\nnurture_track = ""\n')
    sync.environment["CRM_SYNC_FIELDS"] = str(fields)
    missing = source.rows["leads"][3]["lead_id"]
    del hubspot.records["3"]
    assert sync.run().code == 1
    assert reasons(sync).keys() == {missing}
    assert hubspot.written() == ROWS - 1
    assert "nurture_track" not in hubspot.records["1"]


STAGE_MAP = """
[hubspot.lifecyclestage]
lead = "lead"
mql = "marketingqualifiedlead"
sql = "salesqualifiedlead"
"""


@pytest.fixture
def staged(source: Source, hubspot: HubspotStub, command: MakeCommand) -> Command:
    """The command, which moves HubSpot's own lifecycle stage too, and five leads."""
    stages = ("mql", "mql", "sql", "lead", "closed")
    source.put(
        "leads",
        [lead(number, lifecycle_stage=stage) for number, stage in enumerate(stages, start=1)],
    )
    before = ("customer", "subscriber", "", "salesqualifiedlead", "customer")
    hubspot.records = {
        row["lead_id"]: {"lifecyclestage": stage}
        for row, stage in zip(source.rows["leads"], before, strict=True)
    }
    sync = command("hubspot", hubspot.environment)
    fields = sync.folder / "fields.toml"
    fields.write_text(STAGE_MAP)
    sync.environment["CRM_SYNC_FIELDS"] = str(fields)
    return sync


def own_stages(hubspot: HubspotStub) -> list[str]:
    """HubSpot's own stage of each record."""
    return [record["lifecyclestage"] for record in hubspot.records.values()]


def test_a_lifecycle_stage_that_would_go_back_is_cleared_first(
    staged: Command, hubspot: HubspotStub
) -> None:
    finished = staged.run()
    assert finished.code == 0, finished.printed
    assert own_stages(hubspot) == [
        "marketingqualifiedlead",
        "marketingqualifiedlead",
        "salesqualifiedlead",
        "lead",
        "customer",
    ]
    updates = [path for _, path in hubspot.requests if path.endswith("/update")]
    assert len(updates) == 2
    assert set(hubspot.writes.values()) == {1}


def test_killed_between_clearing_and_writing_a_stage_is_not_lost(
    staged: Command, hubspot: HubspotStub
) -> None:
    hubspot.faults.extend([Fault(does_write=True), Fault(status=500)])
    finished = staged.run("--tries", "1", "--settle-seconds", "0")
    assert finished.code == 1
    assert own_stages(hubspot)[0] == ""
    assert staged.run("--settle-seconds", "0").code == 0
    assert own_stages(hubspot)[0] == "marketingqualifiedlead"


def test_a_stage_that_hubspot_does_not_keep_is_a_failure(
    staged: Command, source: Source, hubspot: HubspotStub
) -> None:
    stuck = source.rows["leads"][0]["lead_id"]
    hubspot.stuck = frozenset({stuck})
    assert staged.run().code == 1
    assert reasons(staged) == {
        stuck: "HubSpot keeps another lifecyclestage than the one that was sent"
    }
    hubspot.stuck = frozenset()
    assert "1 written, 0 had arrived before, 4 done before" in staged.run().printed
    assert own_stages(hubspot)[0] == "marketingqualifiedlead"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[hubspot.leads]\nlifecycle_stage = "lifecyclestage"', "is HubSpot's own, with values"),
        ('[hubspot.lifecyclestage]\nmql = "MQL"', "lifecyclestage has no option MQL"),
    ],
)
def test_a_stage_that_hubspot_cannot_take_is_refused_before_anything_is_sent(
    text: str, told: str, staged: Command, hubspot: HubspotStub
) -> None:
    (staged.folder / "fields.toml").write_text(text)
    finished = staged.run()
    assert finished.code == 2
    assert told in finished.printed
    assert hubspot.written() == 0


def test_people_who_are_no_record_of_hubspot_are_left_out_and_counted(
    source: Source, hubspot: HubspotStub, command: MakeCommand
) -> None:
    source.elsewhere = 7
    source.put("leads", [lead(1), lead(2, lead_id="emea-17")])
    hubspot.records = {source.rows["leads"][0]["lead_id"]: {}}
    sync = command("hubspot", hubspot.environment)
    for finished in (sync.run("--dry-run"), sync.run()):
        assert finished.code == 0, finished.printed
        assert "left out: 1, lead_id is not an id of hubspot" in finished.printed
        assert "left out: 7, known to another connector, not to the CRM" in finished.printed
    assert hubspot.written() == 1
    source.put("leads", [lead(2, lead_id="emea-17")])
    refused = sync.run()
    assert refused.code == 2
    assert "none of 1 rows is a record of hubspot" in refused.printed
