"""From raw rows to a real CRM and back: what the CRM took is a difference no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from python_checks.tests.build.test_sync_tables import ACCOUNTS, LEADS
from python_checks.tests.builds import Builds
from python_checks.tests.engines.crm_sync.command import Command
from python_checks.tests.engines.crm_sync.tryton_server import TrytonServer
from python_checks.worlds import WORLDS_AS_OF, generate_worlds

pytestmark = pytest.mark.nightly

WORLDS = 30


def test_what_tryton_took_is_no_difference_in_the_next_build(
    builds: Builds, tryton: TrytonServer, tmp_path: Path
) -> None:
    """Leads and accounts go to a running Tryton; its values come back as the next extract."""
    raw = tmp_path / "raw"
    generate_worlds(WORLDS, 7, raw)
    warehouse = builds.build(raw, WORLDS_AS_OF)
    tryton.add_leads(list(LEADS.values(warehouse)))
    tryton.add_parties(list(ACCOUNTS.values(warehouse)))
    for sync, model, tryton_key in (
        (LEADS, "sale.opportunity", "qualification_lead_id"),
        (ACCOUNTS, "party.party", "qualification_account_id"),
    ):
        wanted = sync.values(warehouse)
        assert len(wanted) > WORLDS
        folder = tmp_path / sync.raw_table
        folder.mkdir()
        command = Command("tryton", {**tryton.environment, **warehouse.environment}, folder)
        finished = command.run("--table", sync.raw_table)
        assert finished.code == 0, finished.printed
        records = tryton.records(model, tryton_key, "w", [tryton_key, *sync.columns])
        found = {
            record.pop(tryton_key): {
                name: "" if value is None else str(value) for name, value in record.items()
            }
            for record in records
        }
        assert found.keys() == wanted.keys()
        sync.write_back(raw, found)
    rebuilt = builds.build(raw, WORLDS_AS_OF)
    assert rebuilt.table("crm_lead_sync").to_dict("records") == []
    assert rebuilt.table("crm_account_sync").to_dict("records") == []
