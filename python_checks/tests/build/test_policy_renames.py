"""Keys of the policy are only names: renamed in all policy tables, they change no row otherwise.

Contributions with equal points are listed by name: signals that earn points keep their place.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.compare import normal
from python_checks.tests.builds import Builds
from python_checks.tests.tables import public_tables, shown
from python_checks.worlds import WORLDS_AS_OF

pytestmark = pytest.mark.nightly

STAGES = {
    "lead": "newcomer",
    "nurture": "warm_up",
    "long_term_nurture": "hibernating",
    "mql": "promising",
    "pql": "tried_it",
    "sql_proposed": "offered",
    "sql_accepted": "taken_on",
    "sql_qualified": "vetted",
    "opportunity": "in_deal",
    "customer": "client",
    "disqualified": "ruled_out",
    "suppressed": "muted",
}
GRADES = {"B": "Bplus", "F": "Z"}
SIGNALS = {
    "spam_complaint": "abuse_report",
    "email_bounce": "email_bounced_back",
    "unsubscribe": "left_the_list",
    "resubscribe": "back_on_the_list",
    "demo_request": "demo_wanted",
}
REASONS = {
    "closed_lost": "lost_deal",
    "competitor": "rival",
    "out_of_business": "shut_down",
    "spam_complaint": "reported_as_abuse",
    "no_response": "silent",
}
CHANNELS = {"outbound": "cold_outreach"}
LEVELS = {"low": "cool"}

RENAMED_COLUMNS = (
    ("stage from_stage to_stage crm_lead_stage", STAGES),
    ("grade mql_min_grade min_grade crm_lead_grade", GRADES),
    ("signal from_signals then_signal cleared_by handoff_signals has_signal", SIGNALS),
    ("reason_code lost_reason", REASONS),
    ("channel", CHANNELS),
    ("score_level", LEVELS),
)
"""Columns of policy tables and raw tables that hold the keys, with a bar between several."""
REASONS_IN_CRM = "crm_score_reasons"
"""What an earlier sync wrote: signals with their points."""

NAMES = {
    new: old
    for names in (STAGES, GRADES, SIGNALS, REASONS, CHANNELS, LEVELS)
    for old, new in names.items()
}
WORDS = re.compile(rf"\b(?:{'|'.join(NAMES)})\b")
OLD_SIGNALS = re.compile(rf"\b(?:{'|'.join(SIGNALS)})\b")


def names_of(path: Path, row: dict[str, str], column: str) -> dict[str, str]:
    """What is renamed in a cell: channels among benchmarks, grades among requirements."""
    if path.stem == "handoff_requirements" and column == "min_value":
        return GRADES if row["check_name"] == "grade" else {}
    if path.stem == "benchmarks":
        is_channel = column == "member" and row["dimension"] == "channel"
        return CHANNELS if is_channel else {}
    return next((names for columns, names in RENAMED_COLUMNS if column in columns.split()), {})


def renamed(value: str, names: dict[str, str]) -> str:
    """A cell with the new names; raw tables write keys in any case."""
    return "|".join(names.get(word, names.get(word.lower(), word)) for word in value.split("|"))


def rename(folder: Path) -> None:
    """Rename the keys in every CSV of a folder."""
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            header, rows = list(reader.fieldnames or []), list(reader)
        for row in rows:
            for column, value in row.items():
                row[column] = renamed(value, names_of(path, row, column))
            if REASONS_IN_CRM in row:
                row[REASONS_IN_CRM] = OLD_SIGNALS.sub(
                    lambda found: SIGNALS[found[0]], row[REASONS_IN_CRM]
                )
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header)
            writer.writeheader()
            writer.writerows(rows)


def rename_policy(project: Path) -> None:
    """Rename the keys in the policy tables of a copy of the project."""
    rename(project / "seeds" / "policy")


@pytest.fixture(scope="module")
def renamed_future(
    worlds: Path,
    builds: Builds,
    worlds_future: Future[Warehouse],
    tmp_path_factory: pytest.TempPathFactory,
) -> Future[Warehouse]:
    """The worlds with other names, begun after the worlds with the delivered ones."""
    raw = tmp_path_factory.mktemp("renamed") / "raw"
    shutil.copytree(worlds, raw)
    rename(raw)
    return builds.submit(raw, WORLDS_AS_OF, edit=rename_policy)


def told(value: Any) -> str:
    """A value of either build as text, with the delivered names."""
    return WORDS.sub(lambda found: NAMES[found[0]], str(normal(value)))


def rows(warehouse: Warehouse, table: str) -> Counter[tuple[str, ...]]:
    """The rows of a table with the delivered names; a hash of names is left out."""
    frame = warehouse.table(table).drop(columns="row_hash", errors="ignore")
    return Counter(tuple(map(told, row)) for row in frame.itertuples(index=False))


def test_renamed_keys_change_names_only(
    worlds_build: Warehouse, renamed_future: Future[Warehouse]
) -> None:
    """Every public table has the same rows, but for the names."""
    renamed = renamed_future.result()
    tables = public_tables(worlds_build)
    assert public_tables(renamed) == tables
    complaints = []
    for table in tables:
        before, after = rows(worlds_build, table), rows(renamed, table)
        complaints += [f"{table} before: {row}" for row in (before - after)]
        complaints += [f"{table} after: {row}" for row in (after - before)]
    assert complaints == [], shown(complaints)


@pytest.mark.parametrize(
    ("table", "column", "name"),
    [
        ("lead_stages", "stage", "warm_up"),
        ("lead_stages", "stage", "muted"),
        ("lead_stage_history", "stage", "taken_on"),
        ("lead_stage_history", "reason_code", "lost_deal"),
        ("lead_stage_history", "reason_code", "reported_as_abuse"),
        ("lead_scores", "grade", "Z"),
        ("lead_scores", "score_level", "cool"),
        ("lead_stages", "channel", "cold_outreach"),
        ("signal_lift", "signal", "demo_wanted"),
    ],
)
def test_new_names_are_in_use(
    renamed_future: Future[Warehouse], table: str, column: str, name: str
) -> None:
    """The worlds have rows that the renaming is about."""
    found = renamed_future.result().table(table)[column]
    assert (found == name).any()
