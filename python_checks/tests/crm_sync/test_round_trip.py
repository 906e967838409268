"""From raw rows to a real CRM and back: what the CRM took is a difference no more."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from python_checks.tests.builds import Builds
from python_checks.tests.crm_sync.command import Command
from python_checks.tests.crm_sync.tryton_server import TrytonServer
from python_checks.worlds import WORLDS_AS_OF, generate_worlds

WORLDS = 30
LEAD_FIELDS = {
    "crm_lifecycle_stage": "lifecycle_stage",
    "crm_lead_stage": "lead_stage",
    "crm_lead_score": "lead_score",
    "crm_lead_grade": "lead_grade",
    "crm_recommended_action": "recommended_action",
    "crm_nurture_track": "nurture_track",
    "crm_re_engage_on": "re_engage_on",
    "crm_sql_handed_off_at": "sql_handed_off_at",
    "crm_recommended_rep_id": "recommended_rep_id",
    "crm_score_reasons": "score_reasons",
}
ACCOUNT_FIELDS = {
    "crm_account_score": "account_score",
    "crm_account_stage": "account_stage",
    "crm_is_in_market": "is_in_market",
}


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Raw rows whose CRM fields are empty."""
    folder = tmp_path_factory.mktemp("round_trip")
    generate_worlds(WORLDS, 7, folder)
    for table, key, fields in (
        ("leads", "lead_id", LEAD_FIELDS),
        ("accounts", "account_id", ACCOUNT_FIELDS),
    ):
        fill(folder, table, key, fields, {})
    return folder


def fill(
    folder: Path, table: str, key: str, fields: dict[str, str], found: dict[str, dict[str, Any]]
) -> None:
    """Put what a CRM has into the crm_ columns of a raw table; nothing where it has nothing."""
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        record = found.get(row[key].strip(), {})
        for column, field in fields.items():
            value = record.get(field)
            row[column] = "" if value is None else str(value)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_what_tryton_took_is_no_difference_in_the_next_build(
    raw: Path, builds: Builds, tryton: TrytonServer, tmp_path: Path
) -> None:
    """Leads and accounts go to a running Tryton; its values come back as the next extract."""
    warehouse = builds.build(raw, WORLDS_AS_OF)
    leads, accounts = warehouse.table("crm_lead_sync"), warehouse.table("crm_account_sync")
    assert len(leads) > WORLDS
    assert len(accounts) > WORLDS
    tryton.add_leads(list(leads["lead_id"]))
    tryton.add_parties(list(accounts["account_id"]))
    for table in ("leads", "accounts"):
        folder = tmp_path / table
        folder.mkdir()
        sync = Command("tryton", {**tryton.environment, **warehouse.environment}, folder)
        finished = sync.run("--table", table)
        assert finished.code == 0, finished.printed
    for table, key, fields, model, tryton_key in (
        ("leads", "lead_id", LEAD_FIELDS, "sale.opportunity", "qualification_lead_id"),
        ("accounts", "account_id", ACCOUNT_FIELDS, "party.party", "qualification_account_id"),
    ):
        records = tryton.records(model, tryton_key, "w", [tryton_key, *fields.values()])
        fill(raw, table, key, fields, {record[tryton_key]: record for record in records})
    rebuilt = builds.build(raw, WORLDS_AS_OF)
    assert rebuilt.table("crm_lead_sync").to_dict("records") == []
    assert rebuilt.table("crm_account_sync").to_dict("records") == []
