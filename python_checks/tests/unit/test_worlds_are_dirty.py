"""Random worlds contain rows of every kind that the specification speaks of."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from python_checks.reference.identity import identify_leads
from python_checks.reference.options import options_of
from python_checks.reference.outcomes import OUTCOMES, decide_outcomes, finish
from python_checks.reference.policy import load_policy
from python_checks.reference.raw import Raw, read_raw
from python_checks.tests.tables import POLICY
from python_checks.worlds import WORLDS_AS_OF, generate_worlds

WORLDS, SEED = 120, 20260930
NEEDS_ANOTHER_TABLE_OR_VAR = {"switched_off", "not_tracked"}
FAULTS = {
    "ahead of received_at occurred_at",
    "implausible created_at",
    "implausible occurred_at",
    "implausible opted_out_at",
    "late created_at",
    "missing closed_at",
    "planned closed_at",
    "several costs on one day",
    "unknown country",
    "unreadable amount",
    "unreadable email",
    "unreadable has_opted_out",
    "unreadable is_automated",
    "unreadable is_closed",
    "unreadable is_deleted",
    "unreadable is_won",
    "unreadable lead_id",
}


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Raw:
    """The rows of random worlds, each with its outcome."""
    folder: Path = tmp_path_factory.mktemp("worlds")
    generate_worlds(WORLDS, SEED, folder)
    policy, options = load_policy(POLICY), options_of(None)
    found = read_raw(folder, policy, options, WORLDS_AS_OF)
    identity = identify_leads(found.tables, policy, WORLDS_AS_OF)
    decide_outcomes(found, identity, policy, options, WORLDS_AS_OF)
    finish(found)
    return found


def test_every_outcome_occurs(raw: Raw) -> None:
    outcomes = {row.outcome for rows in raw.rows.values() for row in rows}
    assert set(OUTCOMES) - outcomes == NEEDS_ANOTHER_TABLE_OR_VAR


def test_every_fault_occurs(raw: Raw) -> None:
    faults = {
        fault.reason
        for rows in raw.rows.values()
        for row in rows
        for fault in [*row.faults, *([row.unusable] if row.unusable else [])]
    }
    assert faults >= FAULTS


def test_people_are_found_by_short_ids_and_shared_mailboxes(raw: Raw) -> None:
    by_short_id = [
        row
        for row in raw.rows["sales_activities"]
        if row.outcome == "used" and row.record["lead_id"] != row.cells["lead_id"]
    ]
    by_shared_mailbox = [row for row in raw.rows["email_events"] if row.shared]
    several_owners = [row for row in raw.rows["opportunities"] if len(row.owners) > 1]
    assert min(len(by_short_id), len(by_shared_mailbox), len(several_owners)) >= 10


def test_most_rows_are_still_of_use(raw: Raw) -> None:
    outcomes = Counter(row.outcome for rows in raw.rows.values() for row in rows)
    assert outcomes["used"] > outcomes.total() / 3
    assert outcomes["unusable"] < outcomes.total() / 20
