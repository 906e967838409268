"""What a hand-off says of the time before it is what was known at that very instant.

Every world is moved in time, so that one of its hand-offs happens exactly at T. A build as of T
and one as of two months later then know the same of all hand-offs up to T, the recommended reps
included: only worlds and hand-offs are taken in which nobody is created or identified afterwards,
for "a lead created later is not there" (see test_point_in_time), and no rep leaves.
"""

from __future__ import annotations

import csv
from concurrent.futures import Future
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pandas as pd
import pytest

from lead_qualification.raw_contract import raw_tables
from lead_qualification.warehouse import Warehouse
from python_checks.compare import compare_tables
from python_checks.reference.cells import parse_timestamp
from python_checks.tests.builds import Builds
from python_checks.tests.conftest import ENOUGH_WORLDS, WORLDS_COUNT
from python_checks.tests.settled import (
    clicked_soon_after,
    keep_reps,
    settled_since,
    with_moving_flags,
)
from python_checks.tests.tables import KEYS, Rows, raw_records, shown
from python_checks.worlds import COLUMNS, SHARED_ROWS, WORLDS_AS_OF

pytestmark = pytest.mark.nightly

T = datetime(2026, 8, 1)
FEWEST_HANDOFFS_AT_T = 70
ENDS_OF_DAYS = {
    name: {column.name for column in table.columns if column.date_alone == "last_second"}
    for name, table in raw_tables().items()
}
"""The columns, by table, in which a date alone is the end of its day."""
UP_TO_CHECKLIST = ("--select", "+handoffs", "+handoff_checklist")
KNOWN_LATER = [
    *("ended_at", "end_event", "is_open", "as_of"),
    *("assigned_rep_id", "is_routed_correctly", "rep_id"),
    *("first_response_at", "response_minutes", "response_business_minutes", "sla_status"),
    *("attempts", "connected_at", "attempts_met", "first_status_at", "status_updated_in_time"),
    *("disposition", "disposed_at", "reason_code", "opportunity_at", "customer_at", "amount"),
    *("checks_passed", "checks_failed", "checks_unknown"),
]
"""What becomes of a hand-off. The other columns are what was known of the lead at its instant."""
CHECKED_LATER = "routed_by_rules"
"""The check that asks who got the lead."""


def moves_to_t(raw: Path, handoffs: Rows) -> dict[str, timedelta]:
    """How far to move each world so that one of its hand-offs happens at T, others before it."""
    tables, rng = raw_records(raw, WORLDS_AS_OF), Random(T.year)
    since, moving = settled_since(tables), with_moving_flags(tables)
    instants: dict[str, list[datetime]] = {}
    for row in handoffs:
        world, at = row["lead_id"][:5], row["handed_off_at"]
        is_settled = at >= since[world] and world not in moving
        if is_settled and not clicked_soon_after(tables, at, world):
            instants.setdefault(world, []).append(at)
    return {world: T - rng.choice(times) for world, times in sorted(instants.items())}


def move(raw: Path, out: Path, moves: dict[str, timedelta]) -> None:
    """Write a raw folder with some of the worlds only, each moved in time."""
    out.mkdir()
    for table, columns in COLUMNS.items():
        with (raw / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if table not in SHARED_ROWS:
            rows = [row for row in rows if row[columns[0]][:5] in moves]
        for row in rows if table not in SHARED_ROWS else []:
            for column in (name for name in columns if name.endswith("_at")):
                is_last = column in ENDS_OF_DAYS[table]
                time = parse_timestamp(row[column].strip() or None, at_end_of_day=is_last)
                if time is not None:
                    row[column] = str(time + moves[row[columns[0]][:5]])
        with (out / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


@pytest.fixture(scope="module")
def submitted(
    worlds: Path,
    worlds_reference: dict[str, Rows],
    builds: Builds,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Future[Warehouse]]:
    """The moved worlds as of T and as of later."""
    raw = tmp_path_factory.mktemp("moved") / "raw"
    move(worlds, raw, moves_to_t(worlds, worlds_reference["handoffs"]))
    keep_reps(raw)
    return {
        "then": builds.submit(raw, T, arguments=UP_TO_CHECKLIST),
        "later": builds.submit(raw, WORLDS_AS_OF, arguments=UP_TO_CHECKLIST),
    }


def up_to_t(submitted: dict[str, Future[Warehouse]], when: str) -> pd.DataFrame:
    """The hand-offs up to T, T included, as they are known then or later."""
    handoffs = submitted[when].result().table("handoffs")
    return handoffs[handoffs["handed_off_at"] <= T]


def test_context_is_what_was_known_then(submitted: dict[str, Future[Warehouse]]) -> None:
    """Score, signals, campaigns, answers, territory, recommended rep and due time stay."""
    then, later = up_to_t(submitted, "then"), up_to_t(submitted, "later")
    known = [column for column in then.columns if column not in KNOWN_LATER]
    lines = compare_tables(later, then, KEYS["handoffs"], known)
    assert not lines, shown(lines)


@pytest.mark.skipif(WORLDS_COUNT < ENOUGH_WORLDS, reason="few worlds have few hand-offs")
def test_many_handoffs_happen_just_then(submitted: dict[str, Future[Warehouse]]) -> None:
    """Many hand-offs happen at T itself, and to some of them something happens later."""
    then, later = up_to_t(submitted, "then"), up_to_t(submitted, "later")
    assert (then["handed_off_at"] == T).sum() >= FEWEST_HANDOFFS_AT_T
    assert then["is_open"].sum() > later["is_open"].sum() + FEWEST_HANDOFFS_AT_T // 2


def test_checks_are_what_was_known_then(submitted: dict[str, Future[Warehouse]]) -> None:
    """Consent, e-mail, engagement and the other checks are of the instant of the hand-off."""
    columns = [*KEYS["handoff_checklist"], "check_name", "result", "detail"]
    results = [
        submitted[when]
        .result()
        .table("handoff_checklist")
        .merge(up_to_t(submitted, when)[KEYS["handoffs"]])
        .query("check_name != @CHECKED_LATER")
        for when in ("later", "then")
    ]
    lines = compare_tables(*results, KEYS["handoff_checklist"], columns)
    assert not lines, shown(lines)
