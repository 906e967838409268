"""The sync tables hold what the CRM does not have yet, and nothing else.

The worlds as they were built once are the CRM's source: what their sync tables say is written into
the crm_ columns of the raw files, as the sync does, and some cells are then changed by hand.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.reference.crm_sync import ACCOUNT_COLUMNS, LEAD_COLUMNS
from python_checks.tests.builds import Builds
from python_checks.worlds import WORLDS_AS_OF

UP_TO_SYNC = ("--select", "+crm_lead_sync", "+crm_account_sync")
VANISHED_OF_EACH = 5
BY_HAND = {
    "lead_score": "-99",
    "re_engage_on": "2020-02-29",
    **dict.fromkeys(("sql_handed_off_at", "sla_due_at", "action_due_at"), "2020-02-29 10:00:00.5"),
    "account_score": "999",
}
"""Values that no lead or account has; elsewhere a text will do, and a boolean is turned round."""

RawRow = dict[str, str]
Cells = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Sync:
    """A sync table, the raw table to which its values go, and the columns there."""

    table: str
    raw_table: str
    key: str
    columns: dict[str, str]

    def values(self, warehouse: Warehouse) -> Cells:
        """The values of each row as text, null as empty."""
        rows = warehouse.read(f"select columns(*)::varchar from main_marts.{self.table}")
        return {
            row[self.key]: {name: row[name] or "" for name in self.columns}
            for row in rows.astype(object).where(rows.notna(), None).to_dict("records")
        }

    def changes(self, warehouse: Warehouse) -> dict[str, tuple[str, bool]]:
        """What each row says of its difference: the fields, and whether the CRM has none yet."""
        rows = warehouse.table(self.table)
        found = zip(rows["changed_fields"], rows["is_first_sync"], strict=True)
        return dict(zip(rows[self.key], found, strict=True))

    def write_back(self, raw: Path, values: Cells) -> None:
        """Write values of rows, or some of them, into the raw table."""

        def told(row: RawRow) -> RawRow:
            own = values.get(row[self.key].strip(), {})
            return row | {self.columns[name]: value for name, value in own.items()}

        edit_rows(raw / f"{self.raw_table}.csv", told)


LEADS = Sync("crm_lead_sync", "leads", "lead_id", LEAD_COLUMNS)
ACCOUNTS = Sync("crm_account_sync", "accounts", "account_id", ACCOUNT_COLUMNS)


def edit_rows(path: Path, change: Callable[[RawRow], RawRow]) -> None:
    """Rewrite a raw file, row by row."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [change(row) for row in csv.DictReader(file)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def by_hand(values: Cells) -> dict[str, tuple[str, str]]:
    """Of each field two rows: (field, another value). One loses its value, one gets another.

    Fields that few rows have come first; one that none has is not lost.
    """
    changed: dict[str, tuple[str, str]] = {}
    names = next(iter(values.values()))
    for name in sorted(names, key=lambda name: sum(bool(own[name]) for own in values.values())):
        full = [key for key, own in values.items() if own[name] and key not in changed]
        if full:
            changed[full[0]] = (name, "")
        other = next(key for key in values if key not in changed)
        flipped = "false" if values[other][name] == "true" else "true"
        text = flipped if name == "is_in_market" else "by hand"
        changed[other] = (name, BY_HAND.get(name, text))
    return changed


def linked_leads(raw: Path) -> set[str]:
    """The leads that say that they are merged; in a loop they are not."""
    with (raw / "leads.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {row["lead_id"].strip() for row in rows if row["merged_into_lead_id"].strip()}


@dataclass(frozen=True)
class Case:
    """Edited raw files.

    Attributes:
        build: Their build.
        expected: By sync table and key, the one field that was changed by hand.
        vanished: Leads that were deleted or merged.
    """

    build: Future[Warehouse]
    expected: dict[str, dict[str, str]] = field(default_factory=dict)
    vanished: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def synced(
    worlds: Path,
    worlds_build: Warehouse,
    builds: Builds,
    tmp_path_factory: pytest.TempPathFactory,
) -> Case:
    """The CRM has all values, but some were changed by hand."""
    raw = shutil.copytree(worlds, tmp_path_factory.mktemp("synced") / "raw")
    expected = {}
    for sync in (LEADS, ACCOUNTS):
        values = sync.values(worlds_build)
        sync.write_back(raw, values)
        changed = by_hand(values)
        sync.write_back(raw, {key: dict([cell]) for key, cell in changed.items()})
        expected[sync.table] = {key: name for key, (name, _) in changed.items()}
    return Case(builds.submit(raw, WORLDS_AS_OF), expected)


@pytest.fixture(scope="module")
def without_columns(
    worlds: Path,
    worlds_build: Warehouse,
    builds: Builds,
    tmp_path_factory: pytest.TempPathFactory,
) -> Case:
    """The raw tables have no crm_ column; some leads were deleted or merged meanwhile."""
    raw = shutil.copytree(worlds, tmp_path_factory.mktemp("without_columns") / "raw")
    leads = sorted(LEADS.values(worlds_build))
    deleted, merged = leads[:VANISHED_OF_EACH], leads[-VANISHED_OF_EACH:]
    survivor = next(lead_id for lead_id in leads if lead_id not in {*deleted, *linked_leads(raw)})

    def vanish(row: RawRow) -> RawRow:
        lead_id = row["lead_id"].strip()
        gone = {"is_deleted": "true"} if lead_id in deleted else {}
        away = {"merged_into_lead_id": survivor} if lead_id in merged else {}
        return row | gone | away

    def unsynced(row: RawRow) -> RawRow:
        return {name: value for name, value in row.items() if not name.startswith("crm_")}

    edit_rows(raw / "leads.csv", lambda row: unsynced(vanish(row)))
    edit_rows(raw / "accounts.csv", unsynced)
    built = builds.submit(raw, WORLDS_AS_OF, arguments=UP_TO_SYNC)
    return Case(built, vanished={*deleted, *merged})


@pytest.mark.parametrize("sync", [LEADS, ACCOUNTS], ids=lambda sync: sync.table)
def test_only_what_was_changed_by_hand_is_written_again(synced: Case, sync: Sync) -> None:
    """What the CRM has already gives no row; a changed cell is one, and names just its field."""
    expected = {key: (name, False) for key, name in synced.expected[sync.table].items()}
    assert set(synced.expected[sync.table].values()) == set(sync.columns)
    assert sync.changes(synced.build.result()) == expected


@pytest.mark.nightly
@pytest.mark.parametrize("sync", [LEADS, ACCOUNTS], ids=lambda sync: sync.table)
def test_everything_is_written_where_nothing_can_be_compared(
    without_columns: Case, sync: Sync
) -> None:
    """Without a crm_ column every lead and account is a row, with all its fields."""
    built = without_columns.build.result()
    everything = built.table({"lead_id": "lead_stages"}.get(sync.key, "account_engagement"))
    changes = sync.changes(built)
    assert set(changes) == set(everything[sync.key])
    assert set(changes.values()) == {("all", True)}


@pytest.mark.nightly
def test_deleted_and_merged_leads_are_not_written(
    without_columns: Case, worlds_build: Warehouse
) -> None:
    """A lead that was written before gives no row once it is deleted or merged."""
    before = set(LEADS.values(worlds_build))
    after = set(LEADS.values(without_columns.build.result()))
    assert without_columns.vanished <= before
    assert not without_columns.vanished & after
