"""Random worlds contain rows of every kind that the specification speaks of."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from python_checks.reference.attributes import TRACKED
from python_checks.reference.identity import identify_leads
from python_checks.reference.options import options_of
from python_checks.reference.outcomes import OUTCOMES, decide_outcomes, finish
from python_checks.reference.policy import load_policy, read_policy_tables
from python_checks.reference.raw import ATTRIBUTE_CHANGES, Raw, read_raw
from python_checks.reference.rules import DATED_TABLES, VALID_FROM, VALID_TO, load_rules
from python_checks.tests.tables import POLICY
from python_checks.world_policies import write_dated_policy
from python_checks.worlds import WORLDS_AS_OF, generate_worlds

pytestmark = pytest.mark.nightly

WORLDS, SEED = 120, 20260930
DATED_BY_MOTIONS = {"stage_owners", "handoff_requirements"}
"""The dated tables that only the policies of motions edit."""
NOT_EDITED = {"next_actions"}
"""The dated tables that no random policy edits: they decide about today alone."""
NEEDS_A_VAR = {"switched_off"}
FAULTS = {
    "ahead of received_at occurred_at",
    "implausible changed_at",
    "implausible created_at",
    "implausible occurred_at",
    "implausible opted_out_at",
    "late created_at",
    "missing closed_at",
    "planned closed_at",
    "several costs on one day",
    "missing attribute",
    "missing object",
    "missing record_id",
    "unknown country",
    "unknown new_value",
    "unknown object",
    "unknown old_value",
    "unreadable active_from",
    "unreadable amount",
    "unreadable email",
    "unreadable has_opted_out",
    "unreadable is_automated",
    "unreadable is_closed",
    "unreadable is_deleted",
    "unreadable is_won",
    "unreadable lead_id",
    "unreadable new_value",
    "unreadable old_value",
    "unreadable record_id",
}
OUTCOMES_OF_CHANGES = {
    "erased",
    "merged",
    "not_tracked",
    "repeated",
    "superseded",
    "unresolved",
    "unusable",
    "used",
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
    assert set(OUTCOMES) - outcomes == NEEDS_A_VAR


def test_every_fault_occurs(raw: Raw) -> None:
    faults = {
        fault.reason
        for rows in raw.rows.values()
        for row in rows
        for fault in [*row.faults, *([row.unusable] if row.unusable else [])]
    }
    assert faults >= FAULTS


def test_changes_of_attributes_have_every_outcome(raw: Raw) -> None:
    changes = raw.rows[ATTRIBUTE_CHANGES]
    assert {row.outcome for row in changes} >= OUTCOMES_OF_CHANGES
    used = [row.record for row in changes if row.outcome == "used"]
    assert {(row["object"], row["attribute"]) for row in used} == {
        (kind, name) for kind, names in TRACKED.items() for name in names
    }
    instants = Counter((r["record_id"], r["attribute"], r["changed_at"]) for r in used)
    assert sum(count > 1 for count in instants.values()) >= 10
    assert sum(row["changed_at"] > WORLDS_AS_OF for row in used) >= 10


def test_random_policies_have_one_to_five_versions(tmp_path: Path) -> None:
    found = set()
    for seed in range(12):
        folder = write_dated_policy(tmp_path / f"{seed}", POLICY, seed, WORLDS_AS_OF)
        found.add(len(load_rules(folder, WORLDS_AS_OF).versions))
    assert found == {1, 2, 3, 4, 5}


def test_every_dated_table_is_edited(tmp_path: Path) -> None:
    edited = set()
    for seed in range(8):
        folder = write_dated_policy(tmp_path / f"{seed}", POLICY, seed, WORLDS_AS_OF, versions=5)
        for name, rows in read_policy_tables(folder).items():
            if any(row.get(VALID_FROM) or row.get(VALID_TO) for row in rows):
                edited.add(name)
    assert edited == set(DATED_TABLES) - DATED_BY_MOTIONS - NOT_EDITED


def test_same_seed_gives_the_same_policy(tmp_path: Path) -> None:
    one, other = (
        write_dated_policy(tmp_path / name, POLICY, 3, WORLDS_AS_OF) for name in ("one", "other")
    )
    assert read_policy_tables(one) == read_policy_tables(other)


def test_history_leaves_the_other_tables_as_they_are(tmp_path: Path) -> None:
    generate_worlds(5, SEED, tmp_path / "with")
    generate_worlds(5, SEED, tmp_path / "without", has_history=False)
    for path in (tmp_path / "with").glob("*.csv"):
        same = path.read_bytes() == (tmp_path / "without" / path.name).read_bytes()
        assert same == (path.stem != ATTRIBUTE_CHANGES)


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
