"""Attributes that no record has a column for, calculated by hand from the specification."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from python_checks.reference import compute
from python_checks.tests.tables import POLICY
from python_checks.tests.unit.raw_rows import AS_OF, Rows, write_raw_rows
from python_checks.tests.unit.test_reference_attributes import (
    FIRST_SEEN,
    NINE,
    NOON,
    faults,
    fits,
    of_account,
    of_lead,
    outcomes,
    values_of,
)
from python_checks.tests.unit.test_reference_rules import ACME, LEAD, status

LISTED = (
    ("human_grade", "lead", "text"),
    ("seats", "account", "integer"),
    ("is_reseller", "account", "boolean"),
)
RULES = (
    ("human_grade", "human_grade", "in", "good|Very good", "7", "false"),
    ("seats", "seats", "between", "10|50", "4", "false"),
    ("reseller", "is_reseller", "is_true", "", "-9", "false"),
)
"""Criterion, attribute, match type, values, points and whether it counts for the grade."""


def append(path: Path, rows: Rows) -> None:
    """Append rows to a policy table, or write a new one."""
    old = []
    if path.exists():
        with path.open(newline="", encoding="utf-8") as file:
            old = list(csv.DictReader(file))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list((old + rows)[0]), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(old + rows)


class Run:
    """Computes the public tables from changes of attributes of one lead and its account."""

    def __init__(self, folder: Path) -> None:
        """Write to a folder a policy with custom attributes, and rules that ask for them."""
        self.folder = folder
        self.number = 0
        self.policy = folder / "policy"
        shutil.copytree(POLICY, self.policy)
        (self.policy / "attributes.csv").unlink(missing_ok=True)
        columns = ("attribute", "object", "type")
        flags = {"is_dimension": "true", "is_feature": "true", "description": "A test"}
        append(
            self.policy / "attributes.csv",
            [dict(zip(columns, row, strict=True)) | flags for row in LISTED],
        )
        self.ask(*RULES)

    def ask(self, *rules: tuple[str, ...]) -> None:
        """Add fit rules of the guide."""
        columns = (
            "criterion",
            "attribute",
            "match_type",
            "match_values",
            "points",
            "counts_for_grade",
        )
        rows = [
            {"scoring_model": "guide", "rule_order": "9", **dict(zip(columns, rule, strict=True))}
            for rule in rules
        ]
        append(self.policy / "fit_rules.csv", rows)

    def __call__(self, *changes: dict[str, str], **tables: Rows) -> dict[str, Rows]:
        """The public tables."""
        self.number += 1
        raw = self.folder / f"raw{self.number}"
        raw.mkdir()
        poor = LEAD | {"job_title": "Engineer"}
        usual = {"leads": [poor], "accounts": [ACME], "attribute_changes": list(changes)}
        write_raw_rows(raw, usual | tables)
        return compute(raw, self.policy, AS_OF)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Compute the tables from changes."""
    return Run(tmp_path)


def test_without_changes_it_is_unknown(run):
    assert fits(run()) == [(FIRST_SEEN, 25, "B")]


def test_value_before_at_and_after_a_change(run):
    """The last new value holds on, for there is no column that says otherwise."""
    tables = run(
        of_lead("human_grade", "poor", "GOOD", "2026-04-01 09:00:00"),
        of_lead("Human_Grade", "ignored", "bad"),
        of_lead("human_grade", "", "very good", "2026-06-01 09:00:00"),
    )
    assert fits(tables) == [
        (FIRST_SEEN, 25, "B"),
        ("2026-04-01 09:00:00", 32, "B"),
        (NOON, 25, "B"),
        ("2026-06-01 09:00:00", 32, "B"),
    ]
    assert outcomes(tables) == {"used": 3}


def test_of_several_changes_at_one_instant_the_first_says_what_was_and_the_last_what_is(run):
    tables = run(
        of_lead("human_grade", "bad", "good", change_id="H2"),
        of_lead("human_grade", "good", "bad", change_id="H10"),
    )
    assert fits(tables) == [(FIRST_SEEN, 32, "B"), (NOON, 32, "B")][:1]


def test_values_have_the_type_that_is_listed(run):
    tables = run(of_account("seats", "1,000", "50.0"), of_account("is_reseller", "maybe", "Y"))
    rows = [r for r in tables["lead_score_history"] if r["scoring_model"] == "guide"]
    assert [(r["fit_points"], r["penalty_points"]) for r in rows] == [(25, 0), (29, -9)]
    assert faults(tables) == {("unreadable old_value", False)}


def test_change_after_the_clock_tells_of_the_time_before_and_does_not_come(run):
    tables = run(of_lead("human_grade", "good", "bad", "2026-08-10 09:00:00"))
    assert fits(tables) == [(FIRST_SEEN, 32, "B")]


def test_grade_counts_a_criterion_about_it(run):
    run.ask(("plan", "human_grade", "in", "good", "0", "true"))
    assert fits(run(of_lead("human_grade", "bad", "good"))) == [
        (FIRST_SEEN, 25, "B"),
        (NOON, 32, "A"),
    ]


def test_what_is_not_listed_is_not_tracked(run):
    tables = run(
        of_lead("seats", "1", "20"),
        of_account("human_grade", "bad", "good"),
        of_lead("phone", "1", "2"),
    )
    assert outcomes(tables) == {"not_tracked": 3}
    assert fits(tables) == [(FIRST_SEEN, 25, "B")]


def test_lead_attribute_history_has_them_beside_the_nine(run):
    tables = run(of_lead("human_grade", "bad", "Good"))
    assert values_of(tables, "human_grade") == [(FIRST_SEEN, "bad"), (NOON, "Good")]
    assert values_of(tables, "seats") == [(FIRST_SEEN, None)]
    assert {row["attribute"] for row in tables["lead_attribute_history"]} == {
        *NINE,
        *(name for name, _, _ in LISTED),
    }


def test_funnel_is_cut_by_the_value_at_the_clock(run):
    tables = run(
        of_lead("human_grade", "bad", "Good"),
        of_account("seats", "", "1,000.0"),
        of_account("is_reseller", "no", "yes", "2026-08-10 09:00:00"),
    )
    members = {row["dimension"]: row["member"] for row in tables["funnel_conversion"]}
    assert (members["human_grade"], members["seats"]) == ("Good", "1000")
    assert members["is_reseller"] == "false"
    assert {r["member"] for r in run()["funnel_conversion"] if r["dimension"] == "seats"} == {
        "unknown"
    }


def test_feature_is_the_value_at_the_evaluation_point(run):
    tables = run(
        of_lead("human_grade", "bad", "good"),
        lead_status_changes=[status("2026-04-01 09:00:00", "mql")],
    )
    features = {row["feature"] for row in tables["prediction_features"]}
    assert "human_grade=bad" in features
    assert not any(feature.startswith(("seats=", "is_reseller=")) for feature in features)


def test_fit_of_an_account_counts_rules_about_its_own_attributes_alone(run):
    without, with_changes = (
        tables["account_engagement"][0]["account_fit_points"]
        for tables in (
            run(),
            run(
                of_account("seats", "1", "20"),
                of_account("is_reseller", "false", "true", "2026-08-10 09:00:00"),
                of_lead("human_grade", "good", "good"),
            ),
        )
    )
    assert with_changes - without == 4
