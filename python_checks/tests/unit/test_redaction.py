"""Credentials and connection texts: no message has a piece of one."""

from __future__ import annotations

import os

import psycopg2
import pytest

from lead_qualification.cli import main
from lead_qualification.errors import WarehouseError
from lead_qualification.redaction import REFUSALS, redacted, why_not_connected
from lead_qualification.warehouse import connect_postgres

SECRET = "Sesame-7"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the caller's environment variables out of the tests."""
    for name in list(os.environ):
        if name.startswith(("CRM_", "LEAD_", "PG")):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("at postgresql://ann:a/b@c@host/db now", "at postgresql://***@host/db now"),
        ("at https://host/path?x=1", "at https://host/path?x=1"),
        ("s3a://KEY:SE/CRET@bucket/raw", "s3a://***@bucket/raw"),
        ("host=h password=abc user=u", "host=h password=*** user=u"),
        ("password = 'a b\\'c' user=u", "password=*** user=u"),
        ("md:leads?motherduck_token=eyJ0.x-y&z=1", "md:leads?motherduck_token=***&z=1"),
        ("password authentication failed", "password authentication failed"),
        ("set LEAD_PG_PASSWORD", "set LEAD_PG_PASSWORD"),
    ],
)
def test_connection_texts_of_any_origin_are_hidden(text: str, shown: str) -> None:
    assert redacted(text) == shown


@pytest.mark.parametrize(
    "name",
    [
        *("LEAD_PG_PASSWORD", "LEAD_SNOWFLAKE_PASSWORD", "LEAD_BIGQUERY_TOKEN", "PGPASSWORD"),
        *("LEAD_DASHBOARD_PASSWORD", "DBT_ENV_SECRET_PG", "CRM_HUBSPOT_ACCESS_TOKEN"),
        *("CRM_SALESFORCE_CONSUMER_SECRET", "CRM_TRYTON_PASSWORD"),
    ],
)
def test_the_values_of_secret_variables_are_hidden(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, SECRET)
    assert redacted(f'invalid value "{SECRET}", {SECRET}; not {SECRET}x') == (
        f'invalid value "***", ***; not {SECRET}x'
    )


def test_settings_that_are_no_secret_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEAD_DB_PATH", "/data/leads.duckdb")
    monkeypatch.setenv("CRM_SYNC_FIELDS", "fields.toml")
    text = "/data/leads.duckdb: not a readable DuckDB file; fields.toml cannot be read"
    assert redacted(text) == text


@pytest.mark.parametrize(
    "environment",
    [
        {"LEAD_PG_PORT": SECRET},
        {"LEAD_PG_HOST": f"postgresql://ann:{SECRET}@db.invalid/x"},
        {"LEAD_PG_HOST": f"/{SECRET}"},
        {"LEAD_PG_DATABASE": f"postgresql://ann:{SECRET}/x@127.0.0.1:1/db"},
        {"LEAD_PG_DATABASE": f"password={SECRET} port={SECRET}"},
        {"LEAD_PG_DATABASE": f"dbname=x {SECRET}"},
    ],
)
def test_nothing_of_the_warehouse_s_connection_is_shown(environment: dict[str, str]) -> None:
    usual = {"LEAD_PG_HOST": "127.0.0.1", "LEAD_PG_PORT": "1"}
    with pytest.raises(WarehouseError) as caught:
        connect_postgres({**usual, **environment})
    assert SECRET not in str(caught.value)
    assert "set LEAD_PG_HOST" in caught.value.remedy


def test_the_command_says_it_without_the_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LEAD_PG_HOST", "127.0.0.1")
    monkeypatch.setenv("LEAD_PG_PORT", f"{SECRET}@1")
    monkeypatch.setenv("LEAD_PG_PASSWORD", SECRET)
    assert main(["summary", "--target", "postgres"]) == 2
    printed = capsys.readouterr()
    assert "the connection text cannot be read" in printed.err
    assert SECRET not in printed.out + printed.err


@pytest.mark.parametrize(
    ("told", "what", "is_lasting"),
    [
        ('FATAL:  password authentication failed for user "ann"', "refuses user or password", True),
        ("fe_sendauth: no password supplied", "asks for a password", True),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1"', "admits no such connection", True),
        ('FATAL:  role "ann" does not exist', "no such user", True),
        ('FATAL:  database "crm" does not exist', "no such database", True),
        ('invalid integer value "part" for connection option "port"', "cannot be read", True),
        ('invalid percent-encoded token: "a%zz"', "cannot be read", True),
        ('could not translate host name "h" to address: Name', "no server has this", False),
        ('connection to server at "h" (1.2.3.4), port 1 failed: Connection refused', "refused", 0),
        ("timeout expired", "does not answer in time", False),
        ("server closed the connection unexpectedly\n\tThis probably", "ended the", False),
        ("FATAL:  the database system is starting up", "starting or stopping", False),
        ("something that nobody has seen before: part", "no connection (OperationalError)", False),
    ],
)
def test_why_there_is_no_connection_is_said_in_our_words(
    told: str, what: str, is_lasting: bool
) -> None:
    refusal = why_not_connected(psycopg2.OperationalError(told))
    assert what in refusal.what
    assert refusal.is_lasting == bool(is_lasting)
    assert refusal.remedy


def test_our_words_quote_nothing() -> None:
    for refusal in REFUSALS.values():
        assert '"' not in refusal.what + refusal.remedy
