"""What a policy diff says of the public tables that people look at."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas
import pytest

from lead_qualification.policy_diff.builds import build_of
from lead_qualification.policy_diff.subjects import (
    LONGEST,
    SUBJECTS,
    Subject,
    changes_of_subject,
    subject_changes,
)
from python_checks.tests.properties import described

HANDOFFS = Subject("Hand-offs", "handoffs", ("lead_id", "number"), ("at", "owner"))


def handoffs(*rows: tuple[str | None, ...]) -> pandas.DataFrame:
    """Rows of hand-offs as texts."""
    return pandas.DataFrame(rows, columns=["lead_id", "number", "at", "owner"])


def test_rows_are_matched_by_key_and_differ_by_column() -> None:
    before = handoffs(("A", "1", "1 May", None), ("B", "1", "2 May", "x"), ("C", "1", "3 May", "y"))
    after = handoffs(("B", "1", "2 May", None), ("A", "1", "4 May", "z"), ("A", "2", "5 May", "z"))
    found = changes_of_subject(HANDOFFS, before, after, 1)
    assert (found.rows, found.changed, found.gone, found.came) == (2, 2, 1, 1)
    assert (found.gone_examples, found.came_examples) == (("C 1",), ("A 2",))
    owner, at = found.columns
    assert (owner.column, owner.rows, at.column, at.rows) == ("owner", 2, "at", 1)
    (example,) = owner.examples
    assert (example.key, example.before, example.after) == ("A 1", "(none)", "z")


def test_the_same_rows_in_another_order_are_the_same() -> None:
    before = handoffs(("A", "1", "1 May", None), ("B", "1", "2 May", "x"))
    found = changes_of_subject(HANDOFFS, before, before[::-1], 3)
    assert (found.changed, found.gone, found.came, found.columns) == (0, 0, 0, ())


def test_builds_without_rows_are_compared_and_long_cells_are_cut() -> None:
    assert changes_of_subject(HANDOFFS, handoffs(), handoffs(), 3).rows == 0
    one, other = handoffs(("A", "1", "x " * 99, "y")), handoffs(("A", "1", "z " * 99, "y"))
    (change,) = changes_of_subject(HANDOFFS, one, other, 1).columns
    assert len(change.examples[0].before) <= LONGEST


def test_a_table_that_a_build_lacks_is_named(tmp_path: Path) -> None:
    for name in ("before", "after"):
        with duckdb.connect(str(tmp_path / f"{name}.duckdb")) as connection:
            connection.execute("create schema main_marts")
            if name == "before":
                connection.execute("create table main_marts.handoffs (lead_id text)")
    before, after = (
        build_of(str(tmp_path / f"{name}.duckdb"), "duckdb") for name in ("before", "after")
    )
    found = {one.subject: one.missing_in for one in subject_changes(before, after, 1)}
    assert found["Hand-offs"] == ("after",)
    assert found["Next actions"] == ("before", "after")


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.name)
def test_columns_are_those_of_the_public_table(subject: Subject) -> None:
    table = dict(described("models/marts"))[subject.table]
    columns = {column["name"] for column in table["columns"]}
    assert {*subject.key, *subject.columns} <= columns
