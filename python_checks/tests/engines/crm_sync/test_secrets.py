"""Credentials and addresses appear in no text and no file."""

from __future__ import annotations

import re
import traceback

import pytest

from lead_qualification.crm_sync.adapters import connected
from lead_qualification.crm_sync.credentials import redacted
from lead_qualification.crm_sync.errors import TemporaryError
from lead_qualification.crm_sync.sync_tables import LEADS
from lead_qualification.errors import ConfigurationError
from python_checks.tests.engines.crm_sync.conftest import MakeCommand
from python_checks.tests.engines.crm_sync.hubspot_stub import HubspotStub
from python_checks.tests.engines.crm_sync.salesforce_stub import SalesforceStub
from python_checks.tests.engines.crm_sync.sql_target import SqlTarget
from python_checks.tests.engines.crm_sync.sync_rows import Source, keyed, lead

SECRET = "sesame"
# Nothing listens on port 1.
AWAY = {
    "sql": {"CRM_SQL_DSN": f"postgresql://writer-{SECRET}:pw-{SECRET}@127.0.0.1:1/crm"},
    "hubspot": {
        "CRM_HUBSPOT_URL": "http://127.0.0.1:1",
        "CRM_HUBSPOT_ACCESS_TOKEN": f"pat-{SECRET}",
    },
    "salesforce": {
        "CRM_SALESFORCE_INSTANCE_URL": "https://127.0.0.1:1",
        "CRM_SALESFORCE_ACCESS_TOKEN": f"00D-{SECRET}",
    },
    "tryton": {
        "CRM_TRYTON_URL": f"http://user-{SECRET}:pw-{SECRET}@127.0.0.1:1/crm",
        "CRM_TRYTON_USER": f"user-{SECRET}",
        "CRM_TRYTON_PASSWORD": f"pw-{SECRET}",
    },
}
HIDDEN = (SECRET, "127.0.0.1")


def assert_clean(text: str) -> None:
    """Check that nothing of a credential or address is in a text."""
    assert not [secret for secret in HIDDEN if secret in text], text


@pytest.mark.parametrize("crm", AWAY)
def test_nothing_is_shown_when_no_crm_answers(
    crm: str, source: Source, command: MakeCommand
) -> None:
    source.put("leads", [lead(1)])
    sync = command(crm, AWAY[crm])
    finished = sync.run("--tries", "2")
    assert finished.code == 1
    assert_clean(finished.printed + sync.report.read_text())
    assert_clean(sync.checkpoint.read_bytes().decode(errors="replace"))


@pytest.mark.parametrize("crm", AWAY)
def test_nothing_is_shown_by_adapters_and_their_exceptions(
    crm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in AWAY[crm].items():
        monkeypatch.setenv(name, value)
    adapter = connected(crm, LEADS)
    assert_clean(repr(adapter) + str(adapter))
    for method in (adapter.identity, lambda: adapter.written_hashes(keyed("1"))):
        with pytest.raises((ConfigurationError, TemporaryError)) as caught:
            method()
        assert_clean("".join(traceback.format_exception(caught.value)) + repr(caught.value))


def test_nothing_is_shown_of_a_wrong_dsn(source: Source, command: MakeCommand) -> None:
    source.put("leads", [lead(1)])
    finished = command("sql", {"CRM_SQL_DSN": f"host=127.0.0.1 pasword={SECRET}"}).run()
    assert finished.code == 2
    assert_clean(finished.printed)


# Texts of which the driver, or the parser of addresses, takes a piece of the password for something
# else and quotes it.
TAKEN_APART = (
    "postgresql://user:part/of-password@host",
    "postgresql://user:part/of-password@127.0.0.1:1/crm",
    "postgresql://user:part@of@password@127.0.0.1:1/crm",
    "postgresql://user:part?of=password@127.0.0.1:1/crm",
    "postgresql://user:part#of-password@127.0.0.1:1/crm",
    "postgresql://user:part%of-password@127.0.0.1:1/crm",
    "postgresql://user:part:of:password@127.0.0.1:1/crm",
    "postgresql://user:[part]of-password@127.0.0.1:1/crm",
    "postgresql://user:part of-password@127.0.0.1:1/crm",
    "postgres://user:part%2Fof-password@127.0.0.1:1/crm",
    "host=127.0.0.1 port=part password=of-password",
    "host=127.0.0.1 port=1 password=part of-password",
    "host=127.0.0.1 port=1 password='part of-password",
    "host=part/of-password port=1 user=x password=password",
    "part of-password",
    "of-password=part",
)


@pytest.mark.parametrize("dsn", TAKEN_APART)
def test_no_piece_of_a_dsn_is_shown(dsn: str, source: Source, command: MakeCommand) -> None:
    source.put("leads", [lead(number) for number in range(3)])
    sync = command("sql", {"CRM_SQL_DSN": dsn})
    finished = sync.run("--tries", "1")
    assert finished.code in (1, 2)
    report = sync.report.read_text() if sync.report.exists() else ""
    assert finished.code == 2 or len(report.splitlines()) == 4
    for text in (
        finished.printed.replace("percent-encoded", "").replace("part of", "of"),
        report,
        sync.checkpoint.read_bytes().decode(errors="replace"),
    ):
        assert "of-password" not in text
        assert not re.search(r"\bpart\b", text), text


def test_a_dsn_that_cannot_be_read_says_how_to_write_it(
    source: Source, command: MakeCommand
) -> None:
    source.put("leads", [lead(1)])
    finished = command("sql", {"CRM_SQL_DSN": TAKEN_APART[0]}).run()
    assert finished.code == 2
    assert "CRM_SQL_DSN: the connection text cannot be read" in finished.printed
    assert "/ is %2F" in finished.printed


def test_nothing_is_shown_when_access_is_denied(
    source: Source, hubspot: HubspotStub, salesforce: SalesforceStub, command: MakeCommand
) -> None:
    source.put("leads", [lead(1)])
    denied = {
        "hubspot": {**hubspot.environment, "CRM_HUBSPOT_ACCESS_TOKEN": f"wrong-{SECRET}"},
        "salesforce": {**salesforce.environment, "CRM_SALESFORCE_ACCESS_TOKEN": f"bad-{SECRET}"},
    }
    for crm, environment in denied.items():
        finished = command(crm, environment).run()
        assert finished.code == 2
        assert f"check CRM_{crm.upper()}_" in finished.printed
        assert_clean(finished.printed)


def test_nothing_is_left_behind_by_a_run_with_failures(
    source: Source, sql_target: SqlTarget, command: MakeCommand
) -> None:
    source.put("leads", [lead(1), lead(2, lead_score=666)])
    sync = command("sql", sql_target.environment)
    finished = sync.run()
    assert finished.code == 1
    folder = sql_target.server["LEAD_PG_HOST"]
    for text in (
        finished.printed,
        sync.report.read_text(),
        sync.checkpoint.read_bytes().decode(errors="replace"),
    ):
        assert_clean(text)
        assert folder not in text


def test_a_text_that_holds_a_secret_is_redacted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_SQL_DSN", "postgresql://ada:pass@db.example.com/crm")
    monkeypatch.setenv("CRM_HUBSPOT_ACCESS_TOKEN", "pat-1")
    text = "ada, pass, db.example.com, pat-1, postgresql://ada:pass@db.example.com/crm; passage"
    assert redacted(text) == "***, ***, ***, ***, ***; passage"


def test_a_persons_address_in_the_words_of_a_crm_is_no_part_of_the_report(
    source: Source, hubspot: HubspotStub, command: MakeCommand
) -> None:
    source.put("leads", [lead(1)])
    (row,) = source.rows["leads"]
    hubspot.records = {row["lead_id"]: {}}
    hubspot.refused[row["lead_id"]] = "=cmd|' /C calc'!A0 duplicate of ann.lee@example.com"
    sync = command("hubspot", hubspot.environment)
    assert sync.run().code == 1
    assert "ann.lee" not in sync.report.read_text()
    assert f"{row['lead_id']},'=cmd" in sync.report.read_text()
