"""A build with an earlier clock gives what was true then, and a second build changes nothing.

The worlds are built as of T2 (their own clock) and as of T1, two months before. What T1 knows is
not in every respect a part of what T2 knows: "a lead created later is not there", and a visitor
who is identified later is nobody yet. A record that was created between T1 and T2 can be the
survivor or a link of a merge, and its addresses and ids can claim events of before T1; a later
identify claims earlier visits. So histories are compared in worlds without leads created, and
without identify events, after T1. That nothing else leaks from the future is shown in all worlds:
without the raw facts after T1, a build as of T1 gives the very same tables.
"""

from __future__ import annotations

import csv
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.compare import compare_tables
from python_checks.reference.raw import LONG_ID, RawRow
from python_checks.tests.builds import Builds
from python_checks.tests.conftest import ENOUGH_WORLDS, WORLDS_COUNT
from python_checks.tests.settled import settled_worlds
from python_checks.tests.tables import (
    KEYS,
    Rows,
    all_differences,
    hashed_values,
    public_tables,
    raw_rows,
    reference_of,
    shown,
    tables_that_differ,
)

pytestmark = pytest.mark.nightly

T1 = datetime(2026, 8, 1)
FEWEST_LEADS = 50
TIMES = {
    "leads": "created_at",
    "web_events": "occurred_at",
    "email_events": "occurred_at",
    "marketing_activities": "occurred_at",
    "product_events": "occurred_at",
    "intent_signals": "occurred_at",
    "sales_activities": "occurred_at",
    "lead_status_changes": "changed_at",
    "qualification_answers": "answered_at",
    "opportunities": "created_at",
}
INTERVALS = {
    "lead_score_history": ("valid_from", "valid_to"),
    "lead_stage_history": ("entered_at", "exited_at"),
}
TABLES = [*KEYS, "lead_score_contributions"]
BOOKS = ("raw_row_ledger", "excluded_events")
"""The tables that count what is in the files, whatever it says."""

RawRows = list[dict[str, str]]


@pytest.fixture(scope="module")
def submitted(
    worlds: Path, cut_worlds: Path, builds: Builds, worlds_future: Future[Warehouse]
) -> dict[str, Future[Warehouse]]:
    """The worlds as of T1, with all the facts and with those that happened up to then."""
    return {
        "all facts": builds.submit(worlds, T1),
        "facts until then": builds.submit(cut_worlds, T1),
    }


@pytest.fixture(scope="module")
def then(submitted: dict[str, Future[Warehouse]]) -> Warehouse:
    """The worlds as of T1."""
    return submitted["all facts"].result()


@pytest.fixture(scope="module")
def settled(worlds: Path) -> set[str]:
    """The prefixes of the worlds of which nothing after T1 changes what is known of T1."""
    return settled_worlds(worlds, T1)


def as_known_then(warehouse: Warehouse, table: str, worlds: set[str]) -> pd.DataFrame:
    """The rows that began up to T1; what ended after T1 has not ended yet."""
    begins, ends = INTERVALS[table]
    rows = warehouse.table(table)
    rows = rows[(rows[begins] <= T1) & rows["lead_id"].str[:5].isin(worlds)].copy()
    rows.loc[rows[ends] > T1, ends] = pd.NaT
    return rows.drop(columns="is_projected", errors="ignore")


def first_scored(rows: pd.DataFrame) -> pd.Series:
    """When each model first scores each lead, by lead and model."""
    return rows.groupby(["lead_id", "scoring_model"])["valid_from"].min()


@pytest.mark.parametrize("table", INTERVALS)
def test_history_up_to_then_is_the_same(
    then: Warehouse, worlds_build: Warehouse, settled: set[str], table: str
) -> None:
    """What T2 says of the time before T1 is what T1 said."""
    at_t1 = as_known_then(then, table, settled)
    at_t2 = as_known_then(worlds_build, table, settled)
    if table == "lead_score_history":
        # A model scores a lead that has signals with points, of whatever time, else while it is of
        # a pair of the lead: later signals add models, and the time before the pair.
        first = first_scored(at_t1)
        is_earlier = first_scored(at_t2).reindex(first.index) < first
        assert is_earlier.mean() < 0.1
        same = is_earlier[~is_earlier].index.to_frame(index=False)
        at_t1, at_t2 = at_t1.merge(same), at_t2.merge(same)
    assert at_t1["lead_id"].nunique() >= FEWEST_LEADS or WORLDS_COUNT < ENOUGH_WORLDS
    lines = compare_tables(at_t2, at_t1, KEYS[table])
    assert not lines, shown(lines)


def test_earlier_clock_agrees_with_the_reference(worlds: Path, then: Warehouse) -> None:
    """Every table as of T1, with all the worlds."""
    reference: dict[str, Rows] = reference_of(worlds, T1)
    lines = [line for one in all_differences(reference, then).values() for line in one]
    assert not lines, shown(lines)


@pytest.mark.parametrize("table", ["crm_lead_sync", "crm_account_sync"])
def test_row_hash_depends_on_the_values_only(
    then: Warehouse, worlds_build: Warehouse, table: str
) -> None:
    """What was to be written then, and is to be written two months later, has the same hash."""
    at_t1, at_t2 = (hashed_values(warehouse, table) for warehouse in (then, worlds_build))
    shared = at_t1.keys() & at_t2.keys()
    alike = {key for key in shared if at_t1[key][0] == at_t2[key][0]}
    assert 0 < len(alike) < len(shared)
    assert {key for key in shared if at_t1[key][1] == at_t2[key][1]} == alike


def cut(raw: Path, out: Path) -> int:
    """Write a raw folder without what happened after T1; return how many rows went.

    Of the rows with one key the latest counts, so the key goes if that one happened after T1. A
    deal that closes later is written as open. A lead stays if another record is merged into it,
    or if it may be erased: erasure comes before the clock, so a later record can still erase an
    earlier one. So does one with a long id, which decides what a short one means.
    """
    kept = raw_rows(raw, T1)
    out.mkdir()
    gone = 0
    for path in sorted(raw.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            columns, rows = list(reader.fieldnames or []), list(reader)
        if path.stem in TIMES:
            before = len(rows)
            rows = _without_later(path.stem, columns[0], rows, kept.kept(path.stem))
            gone += before - len(rows)
        with (out / path.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return gone


def _without_later(table: str, key: str, rows: RawRows, kept: list[RawRow]) -> RawRows:
    later = {
        row.cells[key] for row in kept if (at := row.record[TIMES[table]]) is not None and at > T1
    }
    if table == "leads":
        records = [row.record for row in kept]
        later -= {record["merged_into_lead_id"] for record in records}
        later -= {record["lead_id"] for record in records if record["is_deleted"] is True}
        later -= {r["lead_id"] for r in records if r["merged_into_lead_id"] is not None}
        later = {lead_id for lead_id in later if len(lead_id) < LONG_ID}
    rows = [row for row in rows if row[key].strip() not in later]
    if table != "opportunities":
        return rows
    closing = {
        row.cells[key]: row.cells | {"closed_at": "", "is_won": "", "is_closed": ""}
        for row in kept
        if row.record["closed_at"] is not None and row.record["closed_at"] > T1
    }
    opened = [cells for record_id, cells in closing.items() if record_id not in later]
    return [row for row in rows if row[key].strip() not in closing] + opened


@pytest.fixture(scope="module")
def cut_worlds(worlds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The worlds without what happened after T1."""
    folder = tmp_path_factory.mktemp("cut") / "raw"
    assert cut(worlds, folder) > 0
    return folder


def test_nothing_leaks_from_the_future(
    then: Warehouse, submitted: dict[str, Future[Warehouse]]
) -> None:
    """As of T1 it makes no difference whether later facts are in the files."""
    without_future = submitted["facts until then"].result()
    tables = [table for table in TABLES if table not in BOOKS]
    assert tables_that_differ(then, without_future, tables) == []


def test_second_build_changes_nothing(worlds: Path, then: Warehouse, builds: Builds) -> None:
    """A build over the tables of the same build leaves every public table as it was."""
    again = builds.build(worlds, T1, onto=then)
    assert set(public_tables(again)) >= set(TABLES)
    assert public_tables(again) == public_tables(then)
    assert tables_that_differ(then, again, public_tables(then)) == []
