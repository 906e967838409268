"""The salesforce target, against a stub that checks the form of each request, and mockforce.

simple-mockforce knows logging in, single records, simple queries and the first Bulk API. It knows
neither describe nor collections, and refuses nothing; so it checks logging in and reading back.
"""

from __future__ import annotations

import csv

import pytest
from simple_mockforce import mock_salesforce
from simple_mockforce.virtual import virtual_salesforce

from lead_qualification.crm_sync.adapters.salesforce import SalesforceCrm
from lead_qualification.crm_sync.sync_tables import LEADS
from python_checks.tests.conftest import ALL_KILLS
from python_checks.tests.engines.crm_sync.command import Command, run_with_kills
from python_checks.tests.engines.crm_sync.conftest import MakeCommand
from python_checks.tests.engines.crm_sync.salesforce_stub import SalesforceStub
from python_checks.tests.engines.crm_sync.stub_server import Fault
from python_checks.tests.engines.crm_sync.sync_rows import (
    STRANGE_TEXT,
    Source,
    account,
    keyed,
    lead,
)

ROWS = 230
KILLS = 10 if ALL_KILLS else 3


@pytest.fixture
def sync(source: Source, salesforce: SalesforceStub, command: MakeCommand) -> Command:
    """The command, with leads that Salesforce has."""
    source.put("leads", [lead(number) for number in range(ROWS)])
    salesforce.records = {row["lead_id"]: {"Id": row["lead_id"]} for row in source.rows["leads"]}
    return command("salesforce", salesforce.environment)


def test_rows_arrive_with_their_types_and_a_second_run_writes_none(
    sync: Command, source: Source, salesforce: SalesforceStub
) -> None:
    first = sync.run()
    assert first.code == 0, first.printed
    first_lead = source.rows["leads"][1]
    assert salesforce.records[first_lead["lead_id"]] == {
        "Id": first_lead["lead_id"],
        "Lifecycle_Stage__c": "marketing_qualified",
        "Lead_Stage__c": "mql",
        "Lead_Score__c": -9,
        "Lead_Grade__c": "B",
        "Recommended_Action__c": "sales_outreach",
        "Action_Owner__c": "sales",
        "Action_Due_At__c": "2026-07-02T09:30:01.000Z",
        "Nurture_Track__c": "onboarding",
        "Re_Engage_On__c": "2026-08-02",
        "Sql_Handed_Off_At__c": "2026-06-30T23:59:01.000Z",
        "Recommended_Rep_Id__c": "R1",
        "Sla_Due_At__c": "2026-07-01T00:29:01.000Z",
        "Held_Back_By__c": "consent, email_not_bounced",
        "Handoff_Context__c": "Handed over by sql_gate; score 78",
        "Score_Reasons__c": STRANGE_TEXT,
        "Lead_Qualification_Hash__c": source.hashes("leads")[first_lead["lead_id"]],
    }
    assert salesforce.records[source.rows["leads"][0]["lead_id"]]["Re_Engage_On__c"] is None
    assert f"0 written, 0 had arrived before, {ROWS} done before" in sync.run().printed
    assert set(salesforce.writes.values()) == {1}


def test_a_converted_lead_is_written_as_a_contact(
    source: Source, salesforce: SalesforceStub, command: MakeCommand
) -> None:
    leads = [lead(number, lead_id=f"00Q{number:012d}AAA") for number in range(3)]
    contacts = [lead(number, lead_id=f"003{number:012d}AAA") for number in range(3, 7)]
    source.put("leads", [*contacts, *leads])
    salesforce.records = {row["lead_id"]: {"Id": row["lead_id"]} for row in source.rows["leads"]}
    sync = command("salesforce", salesforce.environment)
    assert "4 as contact, 3 as lead" in sync.run("--dry-run").printed
    assert sync.run().code == 0
    paths = [path.split("/v59.0/")[1] for _, path in salesforce.requests]
    assert {"sobjects/Lead/describe", "sobjects/Contact/describe"} <= set(paths)
    assert {
        key: record["Lead_Qualification_Hash__c"] for key, record in salesforce.records.items()
    } == source.hashes("leads")
    # A lost answer: the records are looked up, each in its own object.
    source.put("leads", [row | {"lead_score": 99} for row in source.rows["leads"]])
    salesforce.faults.append(Fault(does_write=True))
    finished = sync.run("--settle-seconds", "0")
    assert "7 rows, 7 written" in finished.printed
    assert set(salesforce.writes.values()) == {2}


def test_the_extract_says_the_object_where_the_key_does_not(
    source: Source, salesforce: SalesforceStub, command: MakeCommand
) -> None:
    kinds = {"a": "lead", "b": "contact", "c": None, "d": "prospect"}
    source.put(
        "leads",
        [
            lead(number, lead_id=key, crm_object=kind)
            for number, (key, kind) in enumerate(kinds.items())
        ],
    )
    salesforce.records = {key: {"External_Id__c": key} for key in kinds}
    sync = command("salesforce", salesforce.environment)
    fields = sync.folder / "fields.toml"
    fields.write_text(
        '[salesforce.leads]\nlead_id = "External_Id__c"\n'
        '[salesforce.contacts]\nnurture_track = ""\n'
    )
    sync.environment["CRM_SYNC_FIELDS"] = str(fields)
    finished = sync.run()
    assert finished.code == 0, finished.printed
    assert "left out: 1, crm_object is neither lead nor contact" in finished.printed
    paths = [
        path.split("/sobjects/")[1] for method, path in salesforce.requests if method == "PATCH"
    ]
    assert sorted(paths) == ["Contact/External_Id__c", "Lead/External_Id__c"]
    taken = {key: "Nurture_Track__c" in record for key, record in salesforce.records.items()}
    assert taken == {"a": True, "b": False, "c": True, "d": False}


def test_contact_needs_the_fields_only_if_a_contact_is_written(
    source: Source, salesforce: SalesforceStub, command: MakeCommand
) -> None:
    salesforce.contact_fields = ("Id",)
    for code, key in ((0, "00Q000000000001AAA"), (2, "003000000000001AAA")):
        source.put("leads", [lead(1, lead_id=key)])
        salesforce.records[key] = {"Id": key}
        finished = command("salesforce", salesforce.environment).run()
        assert finished.code == code
    assert "Salesforce's Contact has no field Lifecycle_Stage__c" in finished.printed


def test_accounts(source: Source, salesforce: SalesforceStub, command: MakeCommand) -> None:
    source.put("accounts", [account(1), account(2)])
    keys = [row["account_id"] for row in source.rows["accounts"]]
    salesforce.records = {key: {"Id": key} for key in keys}
    assert command("salesforce", salesforce.environment).run("--table", "accounts").code == 0
    assert [salesforce.records[key]["Is_In_Market__c"] for key in keys] == [False, True]


def test_killed_ten_times_every_row_is_written_once(
    sync: Command, source: Source, salesforce: SalesforceStub
) -> None:
    salesforce.slowness = 0.02
    run_with_kills(sync, salesforce.written, ROWS, KILLS, 4, "--batch-size", "10")
    hashes = {
        key: record["Lead_Qualification_Hash__c"] for key, record in salesforce.records.items()
    }
    assert hashes == source.hashes("leads")
    assert set(salesforce.writes.values()) == {1}


def test_a_refused_and_a_deleted_lead_stop_no_other(
    sync: Command, source: Source, salesforce: SalesforceStub
) -> None:
    refused, deleted = (row["lead_id"] for row in source.rows["leads"][5:7])
    salesforce.refused[refused] = "the stage may not go back"
    del salesforce.records[deleted]
    assert sync.run().code == 1
    with sync.report.open(newline="") as file:
        reasons = {row["key"]: row["reason"] for row in csv.DictReader(file)}
    assert reasons == {
        refused: "FIELD_CUSTOM_VALIDATION_EXCEPTION: the stage may not go back",
        deleted: "INVALID_CROSS_REFERENCE_KEY: invalid cross reference id",
    }
    assert salesforce.written() == ROWS - 2


def test_an_external_id_can_be_the_key(
    sync: Command, source: Source, salesforce: SalesforceStub
) -> None:
    fields = sync.folder / "fields.toml"
    fields.write_text('[salesforce.leads]\nlead_id = "External_Id__c"\n')
    sync.environment["CRM_SYNC_FIELDS"] = str(fields)
    assert sync.run().code == 0
    assert ("PATCH", "/services/data/v59.0/composite/sobjects/Lead/External_Id__c") in [
        (method, path) for method, path in salesforce.requests
    ]
    assert salesforce.written() == ROWS


def test_a_malformed_id_does_not_spoil_the_look_up_of_others(
    sync: Command, salesforce: SalesforceStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in salesforce.environment.items():
        monkeypatch.setenv(name, value)
    key = next(iter(salesforce.records))
    salesforce.records[key]["Lead_Qualification_Hash__c"] = "abc"
    assert SalesforceCrm(LEADS).written_hashes(keyed("?", key, "nobody")) == {key: "abc"}


def test_the_client_credentials_flow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_SALESFORCE_DOMAIN", "example.my")
    monkeypatch.setenv("CRM_SALESFORCE_CONSUMER_KEY", "key")
    monkeypatch.setenv("CRM_SALESFORCE_CONSUMER_SECRET", "secret")

    @mock_salesforce
    def look_up() -> tuple[str, dict[str, str]]:
        record = {"LastName": "Lovelace", "Lead_Qualification_Hash__c": "abc"}
        key = virtual_salesforce.create("Lead", record)
        return key, SalesforceCrm(LEADS).written_hashes(keyed(key))

    key, found = look_up()
    assert found == {key: "abc"}
